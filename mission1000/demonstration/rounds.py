"""The round before the open one: closed, with rules of its own and small targets, so that its reserve lists are short."""

from datetime import timedelta
from typing import Any

from applications.models import Round
from districts.models import District
from evaluation.models import RoundRules
from mission1000.demonstration import plan
from records.clock import ist, now
from support import reference as support

TARGET, TARGET_SHOWN = 2, 3  # of a district, and of the one whose people stand for those of all
SAME = (
    "cut_off", "years_required", "activities", "rules_version", "financial_years", "required_documents", "take_up_days",
    "scrutiny_days", "appraisal_days", "shortlist_days", "answer_days",
)  # fmt: skip


def earlier_than(call: Round) -> Round:
    """The earlier round; made where it is missing."""
    opened = ist(now() - timedelta(days=plan.DAYS)).replace(hour=10, minute=0, second=0, microsecond=0)
    same: dict[str, Any] = {name: getattr(call, name) for name in SAME}
    closed = (opened + timedelta(days=plan.DAYS - plan.CLOSED)).replace(hour=17)
    made, _new = Round.objects.get_or_create(
        number=call.number - 1, defaults={"opens_at": opened, "closes_at": closed, **same}
    )
    if not RoundRules.objects.filter(round=made).exists():
        rules = RoundRules.objects.get(round=call)
        rules.pk, rules.round = None, made
        rules.targets = dict.fromkeys(District.objects.values_list("code", flat=True), TARGET)
        rules.targets[plan.APPROVED[0]] = TARGET_SHOWN
        rules.save(force_insert=True)
    support.load()
    return made
