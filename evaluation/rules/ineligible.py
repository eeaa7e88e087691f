"""What makes a file ineligible, who proposes it, who answers. An officer proposes with rule and reason, the General Manager answers."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from applications import eligibility
from applications.eligibility_texts import WORDS, Words
from applications.rules import OWN_CASE, is_member, may
from evaluation.steps import STEPS
from records.verdicts import ALLOWED, Verdict, refuse

# What only an office finds, with the certificate and the papers before it. To be confirmed by the Department.
OFFICE_RULES: dict[str, Words] = {
    "false_statement": Words(
        title=gettext_lazy("False statement"),
        green="",
        yellow="",
        red=gettext_lazy("A statement in the application, or a paper sent with it, is not true."),
        change=gettext_lazy(
            "If the statement was a mistake, show the General Manager what is right, with the paper that proves it."
        ),
    ),
    "place_of_unit": Words(
        title=gettext_lazy("Place of the unit"),
        green="",
        yellow="",
        red=gettext_lazy("The unit this application is about does not work in Kerala."),
        change=gettext_lazy("A plant in Kerala under the same Udyam number can apply."),
    ),
    "number_of_another": Words(
        title=gettext_lazy("Number of another enterprise"),
        green="",
        yellow="",
        red=gettext_lazy("The Udyam number or PAN in this application belongs to another enterprise."),
        change=gettext_lazy("Apply with the number on your own certificate."),
    ),
    "not_on_the_certificate": Words(
        title=gettext_lazy("Name on the certificate"),
        green="",
        yellow="",
        red=gettext_lazy("The enterprise in this application is not the one on the Udyam certificate."),
        change=gettext_lazy(
            "Bring the certificate up to date on the Udyam portal, or apply as the enterprise it names."
        ),
    ),
    "not_found": Words(
        title=gettext_lazy("Unit not found"),
        green="",
        yellow="",
        red=gettext_lazy("No working unit was found at the address in the application."),
        change=gettext_lazy("Tell the DIC where the unit works, with a paper that shows the address."),
    ),
}


def rules_for(version: str) -> dict[str, Words]:
    """Every rule a file of a round can be found ineligible by: those of its eligibility check, then the office's."""
    asked = {key: WORDS[key] for key, _rule in eligibility.VERSIONS[version] if WORDS[key].red}
    return {**asked, **OFFICE_RULES}


def words_of(rule: str) -> Words:
    """A rule in words, also one of an older round. Raises KeyError for none."""
    return OFFICE_RULES.get(rule) or WORDS[rule]


def may_propose(user: Any, file: Any, *, waiting: bool) -> Verdict:
    """Propose: an officer or manager of the file's office, until the file is appraised; one proposal at a time."""
    if not user.has(Permission.SCRUTINISE, file.office):
        return refuse(
            _("Only an officer or manager of %(office)s proposes to find its files ineligible.")
            % {"office": file.office.name}
        )
    if is_member(user, file):
        return refuse(OWN_CASE)
    if file.state not in STEPS["find_ineligible"].sources:
        return refuse(_("This cannot be done now. The file is: %(state)s.") % {"state": file.current.label})
    if waiting:
        return refuse(_("A proposal to find this file ineligible waits for the General Manager already."))
    return ALLOWED


def may_answer(user: Any, file: Any, proposal: Any) -> Verdict:
    """Answer a proposal: the General Manager of the office, who is not its proposer. `proposal`: the one that waits, or None."""
    if not user.has(Permission.FIND_INELIGIBLE, file.office):
        return refuse(
            _("Only the General Manager of %(office)s answers these proposals.") % {"office": file.office.name}
        )
    if is_member(user, file):
        return refuse(OWN_CASE)
    if proposal is None:
        return refuse(_("No proposal waits for an answer: another person was faster, or none was made."))
    if proposal.proposed_by_id == user.pk:
        return refuse(_("You proposed this: another person answers it."))
    return ALLOWED


def may_confirm(user: Any, file: Any, proposal: Any) -> Verdict:
    """Confirm a proposal: who may answer it, while the file is not appraised."""
    verdict = may_answer(user, file, proposal)
    return may(user, STEPS["find_ineligible"], file) if verdict else verdict
