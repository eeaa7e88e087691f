"""Scrutiny: take a file up, verify its figures, judge its documents, end the scrutiny."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications import actions as applications
from applications.models import Application, DocumentVersion
from applications.states import State
from evaluation import figures, rules
from evaluation.models import VerifiedFigure
from evaluation.queries import newest_verified, post_labels, value_of
from evaluation.steps import STEPS
from records import audit
from records.acts import act, lock_one
from records.clock import ist, now
from records.verdicts import Refused


@act
def take_up(file: Application, *, by: Any) -> Application:
    """Submitted → under scrutiny, held by whoever takes it up. The second of two officers is told who was first."""
    held = lock_one(Application, file.pk)
    if held.state != State.SUBMITTED and held.officer_id and held.taken_up_at:
        who = post_labels([held.officer_id]).get(held.officer_id) or str(held.officer)
        raise Refused(
            _("%(who)s took this file up on %(when)s.")
            % {"who": who, "when": ist(held.taken_up_at).strftime("%d-%m-%Y, %H:%M")}
        )
    return applications.take(file, STEPS["take_up"], by=by, changes={"officer": by, "taken_up_at": now()})


@act
def pass_scrutiny(file: Application, *, by: Any) -> Application:
    """Under scrutiny → field visit and appraisal. Refused while a figure or a document is left."""
    return applications.take(file, STEPS["pass_scrutiny"], by=by)


@act
def verify_figure(file: Application, key: str, value: figures.Value, source: str, *, by: Any) -> VerifiedFigure:
    """Write what an officer found beside what the enterprise claims. The same finding twice is kept once."""
    held = lock_one(Application, file.pk)
    verdict = rules.may_verify(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    if key not in {figure.key for figure in figures.asked(held.round.financial_years)}:
        raise Refused(_("This figure is not asked for in the round."))
    if not source.strip():
        raise Refused(_("Say where the figure comes from, for example “Profit and loss, page 3”."), field="source")
    newest = newest_verified(held)
    others = {name: value_of(row) for name, row in newest.items()}
    if sentence := figures.contradiction({**others, key: value}, held.round.financial_years):
        raise Refused(sentence, field="value")
    before = newest.get(key)
    number, text = (value, "") if isinstance(value, Decimal) else (None, value)
    if before and (before.value, before.text, before.source, before.by_id) == (number, text, source.strip(), by.pk):
        return before
    row = VerifiedFigure.objects.create(
        application=held, key=key, value=number, text=text, source=source.strip(), by=by, at=now()
    )
    audit.record("application.figure", held, by=by, note=_label(held, key), scope=held.office.code, data={"key": key})
    return row


def _label(file: Application, key: str) -> str:
    return next(figure.label for figure in figures.asked(file.round.financial_years) if figure.key == key)


@act
def judge_document(
    version: DocumentVersion, *, accept: bool, by: Any, reason: str = "", note: str = ""
) -> DocumentVersion:
    """Accept or reject the version that counts; a rejection carries its coded reason."""
    return applications.judge_document(version, accept=accept, reason=reason, note=note, by=by)
