"""Ask the applicant; answer; remind; close what nobody answered; mark an answer as read."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from applications import clarifications, notices, queries, rules
from applications.actions.moves import take, take_with_number
from applications.actions.sections import Stale, read_plain, write_section
from applications.actions.traits import note_traits
from applications.models import (
    Application,
    AskedBy,
    Clarification,
    ClarificationItem,
    DocumentKind,
    DocumentSlot,
    DocumentVersion,
    Profile,
    Revision,
)
from applications.sections import Openable, left_alone, openable
from applications.sections.openable import YEARS
from applications.states import State
from applications.steps import STEPS, Step
from records import audit, jobs
from records.acts import act, lock_one
from records.clock import now
from records.verdicts import Refused

WHO_IT_IS = frozenset({"enterprise.udyam_number", "enterprise.pan"})  # a change may contest another file


@act
def ask(
    file: Application,
    question: str,
    *,
    fields: Iterable[str] = (),
    kinds: Iterable[DocumentKind] = (),
    due_on: date | None = None,
    by: Any,
    asked_for: AskedBy = AskedBy.DIC,
    step: Step = STEPS["ask"],
) -> Clarification:
    """Ask for fields (keys of `sections.openable`) and documents by a day; only those open, and the clock stops.

    Another room's board asks through `asked_for` and its own `step`. Without `due_on` the round's days count.
    """
    held = lock_one(Application, file.pk)
    verdict = rules.may(by, step, held)
    if not verdict:
        raise Refused(verdict.reason)
    names, papers, due = sorted(set(fields)), list(kinds), due_on or clarifications.default_due(held)
    _check(held, question, names, papers, due)
    asked_in, number = held.state, held.clarifications.count() + 1
    facts = {"number": number, "fields": names, "kinds": [kind.key for kind in papers], "due_on": due.isoformat()}
    held = take(held, step, by=by, data=facts)
    row = Clarification.objects.create(
        application=held,
        number=number,
        asked_for=asked_for,
        question=question.strip(),
        state_asked=asked_in,
        asked_by=by,
        asked_at=held.since,
        due_on=due,
    )
    _open(row, names, papers)
    notices.asked(held, row)
    return row


def _check(file: Application, question: str, names: list[str], papers: list[DocumentKind], due: date) -> None:
    if not question.strip():
        raise Refused(_("Write the question."), "question")
    if not names and not papers:
        raise Refused(_("Choose at least one field or document that opens for the answer."), "fields")
    if set(names) - {one.key for one in openable(file)}:
        raise Refused(_("This field cannot be opened."), "fields")
    if sentence := left_alone(file, names):
        raise Refused(sentence, "fields")
    verdict = clarifications.due_verdict(file, due)
    if not verdict:
        raise Refused(verdict.reason, "due_on")


def _open(question: Clarification, names: list[str], papers: list[DocumentKind]) -> None:
    """Keep what stands in each thing asked for now; a kind of document never asked before gets its place."""
    file = question.application
    for kind in papers:
        DocumentSlot.objects.get_or_create(application=file, kind=kind)
    by_key = {one.key: one for one in openable(file)}
    rows = [
        ClarificationItem(clarification=question, field=key, before=value)
        for key, value in _values(file, [by_key[name] for name in names]).items()
    ]
    sent = _newest_sent(file, papers)
    rows += [ClarificationItem(clarification=question, kind=kind, before=sent.get(kind.pk)) for kind in papers]
    ClarificationItem.objects.bulk_create(rows)


def _values(file: Application, asked: Collection[Openable]) -> dict[str, Any]:
    """What stands in the fields, by key, in the words of a revision: sealed values masked, a list as its rows."""
    sections = {key: read_plain(file, key) for key in {one.section for one in asked}}
    found = {}
    for one in asked:
        row = sections[one.section]
        if one.year:
            rows = row[YEARS[one.section][0]]
            row = next((year for year in rows if year["year"] == one.year), {})
        found[one.key] = row.get(one.name, "")
    return found


def _newest_sent(file: Application, kinds: Iterable[DocumentKind]) -> dict[int, dict[str, Any]]:
    """Number and name of the version that counts, by key of the kind."""
    versions = DocumentVersion.objects.filter(slot__application=file, slot__kind__in=list(kinds)).order_by("number")
    return {
        version.slot.kind_id: {"version": version.number, "name": version.file.name}
        for version in versions.select_related("slot", "file")
    }


@act
def save_answer_fields(
    file: Application, values: Mapping[str, Any], *, by: Any, version: int | None = None, text: str = ""
) -> list[Revision]:
    """Change opened fields, by key; one revision a section. The answer's text is kept with the question until it is sent.

    `version` is the newest revision the page was made from (its key; 0 for none); a later one raises Stale, None saves anyway.
    Raises Refused for a field the question did not open.
    """
    held = lock_one(Application, file.pk)
    verdict = rules.may_answer(by, held)
    if not verdict:
        raise Refused(verdict.reason)
    question = clarifications.open_question(held)
    if question is None or set(values) - {item.field for item in question.items.all() if item.field}:
        raise Refused(_("Only what you were asked for can be changed now, on the page of the question."))
    asked = [one for one in openable(held) if one.key in values]
    newest = queries.newest_revision(held, clarifications.sections_opened(question))
    made = []
    for section in dict.fromkeys(one.section for one in asked):
        data = _data(held, [one for one in asked if one.section == section], values)
        made.append(write_section(held, section, data, by=by, version=None, scope=held.office.code))
    kept = [revision for revision in made if revision is not None]
    if kept and version is not None and newest is not None and newest.pk != version:
        raise Stale(newest)
    Clarification.objects.filter(pk=question.pk).update(answer=text.strip())
    return kept


def _data(file: Application, asked: list[Openable], values: Mapping[str, Any]) -> dict[str, Any]:
    """Opened fields of one section as `write_section` wants them: figures of a year stand in the rows of all years."""
    data: dict[str, Any] = {one.name: values[one.key] for one in asked if not one.year}
    of_years = [one for one in asked if one.year]
    if of_years:
        rows, model, names = YEARS[of_years[0].section]
        data[rows] = list(model.objects.filter(application=file).order_by("year").values("year", *names))
        for one in of_years:
            next(row for row in data[rows] if row["year"] == one.year)[one.name] = values[one.key]
    return data


@act
def answer(file: Application, text: str, *, by: Any) -> Clarification:
    """Send the answer: the file goes back to the state it left and its clock goes on. Sending it again is harmless.

    Keeps what stands in each opened field now. Where the Udyam number or the PAN changed, the file is contested anew.
    """
    held = lock_one(Application, file.pk)
    question = clarifications.open_question(held)
    sent = held.clarifications.filter(answered_at__isnull=False).order_by("number").last()
    if question is None and sent is not None and rules.is_member(by, held):
        return sent
    verdict = rules.may(by, STEPS["answer"], held)
    if not verdict or question is None:
        raise Refused(verdict.reason)
    if not text.strip():
        raise Refused(_("Write a short answer."), "answer")
    changed = _keep_after(held, question)
    changes = _identity(held) if WHO_IT_IS & set(changed) else {}
    facts = {"number": question.number, "changed": changed}
    held = take_with_number(held, STEPS["answer"], changes, by=by, data=facts)
    question.answer, question.answered_by, question.answered_at = text.strip(), by, held.since
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    note_traits(held)
    if held.state == State.APPRAISAL:  # the evaluations may be settled, and waited for the document that came
        jobs.enqueue("evaluation.appraise", held, payload={"application": held.pk}, priority=1)
    return question


def _keep_after(file: Application, question: Clarification) -> list[str]:
    """Keep what the applicant left in each thing that was open; the keys of the fields that changed."""
    items = list(question.items.all())
    by_key = {one.key: one for one in openable(file)}
    values = _values(file, [by_key[item.field] for item in items if item.field in by_key])
    sent = _newest_sent(file, [item.kind for item in items if item.kind])
    for item in items:
        item.after = sent.get(item.kind_id) if item.kind_id else values.get(item.field, "")
    ClarificationItem.objects.bulk_update(items, ["after"])
    return [item.field for item in items if item.field and item.before != item.after]


def _identity(file: Application) -> dict[str, Any]:
    profile = Profile.objects.get(application=file)
    others = queries.others_with_the_same_number(file)
    return {"udyam_number": profile.udyam_number, "contested": others.exists()}


@act
def take_back(file: Application, step: Step, *, by: Any, note: str) -> Application:
    """Close the open question of another room's board without an answer, through its own `step`; the enterprise is told.

    What the applicant changed meanwhile stands, and is kept with the question as an answer would keep it.
    """
    held = lock_one(Application, file.pk)
    question = clarifications.open_question(held)
    if question is None:
        raise Refused(_("No question is open."))
    changed = _keep_after(held, question)
    changes = _identity(held) if WHO_IT_IS & set(changed) else {}
    question.closed_by, question.closed_at, question.closed_note = by, now(), note.strip()
    question.save(update_fields=["closed_by", "closed_at", "closed_note"])
    facts = {"number": question.number, "changed": changed}
    held = take_with_number(held, step, changes, by=by, data=facts, note=note)
    note_traits(held)
    notices.taken_back(held, question)
    return held


@act
def close_unanswered(file: Application, *, by: Any, note: str) -> Application:
    """Close a file whose question nobody answered, with the reason; the enterprise is told, and may apply again."""
    held = take(file, STEPS["close_unanswered"], by=by, note=note)
    for question in Clarification.objects.open().filter(application=held):
        question.closed_by, question.closed_at, question.closed_note = by, held.since, note.strip()
        question.save(update_fields=["closed_by", "closed_at", "closed_note"])
        notices.closed_unanswered(held, question)
    return held


@act
def mark_read(question: Clarification, *, by: Any) -> Clarification:
    """Say that the office has read an answer. The first reader stays; reading it again is harmless."""
    file = lock_one(Application, question.application_id)
    held = lock_one(Clarification, question.pk)
    verdict = rules.may_read_answer(by, file)
    if not verdict:
        raise Refused(verdict.reason)
    if held.answered_at is None:
        raise Refused(_("This question is not answered."))
    if held.asked_for != AskedBy.DIC:
        raise Refused(_("The Committee asked this, and reads the answer itself."))
    if held.read_at is None:
        held.read_by, held.read_at = by, now()
        held.save(update_fields=["read_by", "read_at"])
        audit.record("clarification.read", file, by=by, scope=file.office.code, data={"number": held.number})
    return held


@act
def remind(question: Clarification, *, by: Any) -> bool:
    """Send the reminder that is due today, if one is. Whether one was sent."""
    file = lock_one(Application, question.application_id)
    held = lock_one(Clarification, question.pk)
    if not clarifications.reminder_due(held):
        return False
    held.reminders, held.reminded_at = held.reminders + 1, now()
    held.save(update_fields=["reminders", "reminded_at"])
    notices.reminded(file, held)
    data = {"number": held.number, "reminder": held.reminders}
    audit.record("clarification.remind", file, by=by, scope=file.office.code, data=data)
    return True
