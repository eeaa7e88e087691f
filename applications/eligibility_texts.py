"""The rules in words: the question, the reason of each colour, and what would change it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Words:
    """`title` names the rule; `green`, `yellow`, `red` are its reasons; `change` says what would change the answer."""

    title: Any
    green: Any
    yellow: Any
    red: Any
    change: Any


WORDS: dict[str, Words] = {
    "udyam": Words(
        _("Udyam registration"),
        _("The enterprise is registered on Udyam."),
        _("You are not sure about the Udyam registration. The DIC will look at the certificate."),
        _("Only enterprises with a Udyam registration can apply."),
        _("Register on the Udyam portal of the Government of India; it is free. Then come back."),
    ),
    "kerala": Words(
        _("Unit in Kerala"),
        _("The unit works in Kerala."),
        _("It is not clear whether the unit works in Kerala. The DIC will check the place."),
        _("Only units in Kerala can apply."),
        _("A plant in Kerala under the same Udyam number can apply."),
    ),
    "sector": Words(
        _("Sector"),
        _("The sector is open in this round."),
        _("The sector is not clear. The DIC will look at the NIC codes on the certificate."),
        _("This round is open to manufacturing and services, not to trade alone."),
        _("If the unit also makes goods or gives services, choose that as its sector."),
    ),
    "years": Words(
        _("Years in operation"),
        _("The unit had been in operation for the years the round asks for on the cut-off date."),
        _("The date on which operations began is not known. The DIC will look at the papers."),
        _("The unit had not been in operation for three full years on the cut-off date of this round."),
        _(
            "The cut-off date moves with each round: apply in a round whose cut-off lies three full years after you began."
        ),
    ),
    "history": Words(
        _("Operating history"),
        _("There were sales in each of the last three financial years."),
        _("There were sales in some of the last three financial years. The DIC will ask about the gap."),
        _("A start-up without sales has no operating history, which the scheme asks for."),
        _("Apply when the unit has financial years with sales to show."),
    ),
    "loans": Words(
        _("Loans"),
        _("No loan is overdue."),
        _(
            "A loan is overdue, or its state is not known. This does not end your application; an officer will ask about it."
        ),
        _("Enterprises in insolvency, or declared wilful defaulters, cannot apply."),
        _("When the bank has withdrawn the declaration or the proceedings are closed, you can apply."),
    ),
    "subsidy": Words(
        _("Other capital subsidy"),
        _("No other capital subsidy was drawn for the same assets."),
        _("Other capital subsidy may count against this one. An officer will look at which assets it was for."),
        "",
        _("Keep the sanction letters ready; assets not yet subsidised can still count."),
    ),
    "plan": Words(
        _("Growth plan"),
        _("The enterprise plans to grow its turnover."),
        _("There is no plan to grow yet. The application asks for one; the DIC can help you to make it."),
        "",
        _("Write down what you would expand, what it costs and where the money comes from."),
    ),
}


def reason(key: str, colour: str) -> Any:
    """The sentence of one rule's colour."""
    return getattr(WORDS[key], colour)
