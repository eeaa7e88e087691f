"""The note sheet of a file: read from the first note to the last, added to, never changed."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.roles import Permission
from applications.models import Application
from evaluation.actions.notes import log_call, write_note
from evaluation.forms.notes import CallForm, NoteForm
from evaluation.models import OfficeNote
from evaluation.queries.notes import notes_of
from evaluation.rules.notes import may_read_notes, may_write_note
from evaluation.views.access import file_or_404, need, need_permission, person, wrong
from records.clock import now
from records.verdicts import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, reference: str) -> HttpResponse:
    """Read the sheet; add a note, or a call."""
    file = file_or_404(request, reference)
    need(may_read_notes(person(request), file))
    is_call = request.POST.get("kind") == "call"
    note_form = NoteForm(request.POST if request.method == "POST" and not is_call else None)
    call_form = CallForm(request.POST if is_call else None, prefix="call")
    if request.method != "POST":
        return _page(request, file, note_form, call_form)
    why = _("Only officers, managers and the General Manager of this office write on its note sheets.")
    need_permission(person(request), Permission.WRITE_NOTE, file.office, why)
    form: Any = call_form if is_call else note_form
    if not form.is_valid():
        return _page(request, file, note_form, call_form, status=wrong(form))
    try:
        made = _write(file, form, by=person(request))
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.reason)
        return _page(request, file, note_form, call_form, status=409)
    messages.success(request, _("Kept as note %(number)s.") % {"number": made.number})
    return redirect(f"{reverse('desk_notes', args=[reference])}#note-{made.number}")


def _write(file: Application, form: NoteForm | CallForm, *, by: Any) -> OfficeNote:
    typed = form.cleaned_data
    if isinstance(form, CallForm):
        return log_call(file, typed["text"], spoke_to=typed["spoke_to"], called_at=form.called_at, by=by)
    return write_note(file, typed["text"], by=by)


def _page(
    request: HttpRequest, file: Application, note_form: NoteForm, call_form: CallForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "file": file,
        "notes": notes_of(file),
        "note_form": note_form,
        "call_form": call_form,
        "may_write": may_write_note(person(request), file),
        "read_at": now(),
        "has_a_desk": person(request).has(Permission.SEE_DESK),
    }
    return render(request, "evaluation/notes.html", context, status=status)
