"""Ask the round's rules, and keep what was asked and answered."""

from typing import Any

from django.utils.translation import gettext as _

from applications import eligibility
from applications.eligibility import Colour, Inputs, Outcome, Policy
from applications.eligibility_texts import WORDS
from applications.models import Application, EligibilityResult, Round
from records import audit
from records.acts import act, system
from records.clock import now
from records.verdicts import Refused


def policy_of(round: Round) -> Policy:  # noqa: A002 -- the field's word
    """What the round asks."""
    return Policy(round.cut_off, round.years_required, tuple(round.activities))


@act
def check(round: Round, inputs: Inputs) -> Outcome:  # noqa: A002 -- the field's word
    """Answer the public check and keep it with the round: no name, no number, nobody's address.

    The trail names nobody either, also where somebody is signed in: it leads to the answers.
    """
    outcome = eligibility.answer(round.rules_version, inputs, policy_of(round))
    row = _keep(round, inputs, outcome, None)
    audit.record("eligibility.check", f"round:{round.number}", by=system("public check"), data={"result": row.pk})
    return outcome


def inputs_of(file: Application) -> Inputs:
    """What the application itself says."""
    profile, bank = file.profile, file.bank
    loans = "defaulter" if bank.in_insolvency else bank.loan_status
    return Inputs(
        udyam=bool(profile.udyam_number),
        in_kerala=True,
        sector=profile.sector,
        began_on=profile.began_on,
        sales_in_years=sum(1 for year in file.financial_years.all() if year.turnover > 0),
        loans=loans,
        other_subsidy=bank.other_subsidy,
        planned=bool(file.growth.plan),
    )


def judge_at_submit(file: Application, *, by: Any) -> Outcome:
    """Ask again at submit with what was stated. Red refuses with its rule and what would change it; yellow passes, flagged."""
    inputs = inputs_of(file)
    outcome = eligibility.answer(file.round.rules_version, inputs, policy_of(file.round))
    if outcome.colour is Colour.RED:
        words = WORDS[outcome.reds()[0]]
        raise Refused(_("%(reason)s %(change)s") % {"reason": words.red, "change": words.change})
    _keep(file.round, inputs, outcome, file)
    return outcome


def _keep(round: Round, inputs: Inputs, outcome: Outcome, file: Application | None) -> EligibilityResult:  # noqa: A002 -- the field's word
    return EligibilityResult.objects.create(
        round=round,
        application=file,
        version=outcome.version,
        inputs=inputs.as_json(),
        outcome=outcome.colour.value,
        reasons=[{"rule": key, "outcome": colour.value} for key, colour in outcome.rules],
        at=now(),
    )
