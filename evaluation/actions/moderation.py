"""Settle two totals by a recorded decision of the General Manager, in place of a third evaluation."""

from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from applications.models import Application
from evaluation.models import Moderation
from evaluation.queries import live_assessments, post_labels
from evaluation.queries.settling import bounds, moderate_verdict
from records import audit, jobs
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused


@act
def moderate(file: Application, total: Decimal, reason: str, *, by: Any) -> Moderation:
    """Write the official total of a file, out of 100 and between its two locked totals. Then the appraisal closes."""
    held = lock_one(Application, file.pk)
    live = live_assessments(held)
    verdict = moderate_verdict(by, held, live)
    if not verdict:
        raise Refused(verdict.reason)
    lowest, highest = bounds(live)
    if not lowest <= total <= highest or total != round(total, 2):
        raise Refused(
            _("The moderated total lies between %(lowest)s and %(highest)s, with two places at most.")
            % {"lowest": lowest, "highest": highest},
            field="total",
        )
    if not reason.strip():
        raise Refused(_("Say why this is the total: it is printed with the shortlist."), field="reason")
    with translation.override("en"):  # as it goes on paper
        post = post_labels([by.pk]).get(by.pk, "")
    moderation = Moderation.objects.create(
        application=held, total=round(total, 2), reason=reason.strip(), by=by, post=post[:200], at=now()
    )
    audit.record("application.moderate", held, by=by, scope=held.office.code, data={"moderation": moderation.pk})
    jobs.enqueue("evaluation.appraise", held, payload={"application": held.pk}, priority=1)
    return moderation
