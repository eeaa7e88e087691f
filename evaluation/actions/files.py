"""Scrutiny: take a file up, verify its figures, judge its documents, end the scrutiny."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications import actions as applications
from applications.models import Application, DocumentVersion
from applications.states import State
from evaluation import figures
from evaluation.models import VerifiedFigure, Visit
from evaluation.queries import newest_verified, post_labels, value_of
from evaluation.queries.conflicts import conflict_verdict, verify_verdict
from evaluation.steps import STEPS
from records import audit, jobs
from records.acts import act, lock_one
from records.clock import ist, now
from records.verdicts import Refused


@act
def take_up(file: Application, *, by: Any) -> Application:
    """Submitted → under scrutiny, held by whoever takes it up. The second of two officers is told who was first."""
    held = _free(file, by)
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
    return applications.take(_free(file, by), STEPS["pass_scrutiny"], by=by)


def _free(file: Application, by: Any) -> Application:
    """The file, locked, for who did not step back from it: one that was reinstated or handed on may have evaluators."""
    held: Application = lock_one(Application, file.pk)
    verdict = conflict_verdict(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    return held


@act
def verify_figure(file: Application, key: str, value: figures.Value, source: str, *, by: Any) -> VerifiedFigure:
    """Write what an officer found beside what the enterprise claims. The same finding twice is kept once."""
    return verify_figures(file, {key: value}, {key: source}, by=by)[0]


@act
def verify_figures(
    file: Application, found: Mapping[str, figures.Value], sources: Mapping[str, str], *, by: Any
) -> list[VerifiedFigure]:
    """The same with several figures, each from its source: all of them are written, or none."""
    held = lock_one(Application, file.pk)
    verdict = verify_verdict(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    return write_figures(held, found, sources, by=by)


def write_figures(
    held: Application,
    found: Mapping[str, figures.Value],
    sources: Mapping[str, str],
    *,
    by: Any,
    visit: Visit | None = None,
) -> list[VerifiedFigure]:
    """Inside an act that locked the file and asked who may: the figures found, all of them or none.

    What contradicts is looked for in all of them together with those verified before. Raises Refused.
    """
    labels = {figure.key: figure.label for figure in figures.asked(held.round.financial_years)}
    if set(found) - set(labels):
        raise Refused(_("This figure is not asked for in the round."))
    if not all(sources[key].strip() for key in found):
        raise Refused(_("Say where the figure comes from, for example “Profit and loss, page 3”."), field="source")
    newest = newest_verified(held)
    others = {name: value_of(row) for name, row in newest.items()}
    if sentence := figures.contradiction({**others, **found}, held.round.financial_years):
        raise Refused(sentence, field="value")
    rows, new = [], []
    for key, value in found.items():
        before, source = newest.get(key), sources[key].strip()
        number, text = (value, "") if isinstance(value, Decimal) else (None, value)
        told = (number, text, source, by.pk)
        if visit is None and before and (before.value, before.text, before.source, before.by_id) == told:
            rows.append(before)
            continue
        facts = {"value": number, "text": text, "source": source, "visit": visit, "by": by, "at": now()}
        new.append(VerifiedFigure(application=held, key=key, **facts))
        rows.append(new[-1])
        audit.record("application.figure", held, by=by, note=labels[key], scope=held.office.code, data={"key": key})
    VerifiedFigure.objects.bulk_create(new)
    return rows


@act
def judge_document(
    version: DocumentVersion, *, accept: bool, by: Any, reason: str = "", note: str = ""
) -> DocumentVersion:
    """Accept or reject the version that counts; a rejection carries its coded reason. Not by who stepped back.

    During the appraisal it may be what the closing waited for.
    """
    return _judge([version], accept=accept, by=by, reason=reason, note=note)[0]


@act
def accept_documents(versions: Sequence[DocumentVersion], *, by: Any) -> list[DocumentVersion]:
    """Accept several documents of one file: all of them or none."""
    return _judge(versions, accept=True, by=by) if versions else []


def _judge(
    versions: Sequence[DocumentVersion], *, accept: bool, by: Any, reason: str = "", note: str = ""
) -> list[DocumentVersion]:
    verdict = conflict_verdict(by, versions[0].slot.application)
    if not verdict:
        raise Refused(verdict.reason)
    judged = applications.judge_documents(versions, accept=accept, reason=reason, note=note, by=by)
    file = judged[0].slot.application
    if accept and file.state == State.APPRAISAL:
        jobs.enqueue("evaluation.appraise", file, payload={"application": file.pk}, priority=1)
    return judged
