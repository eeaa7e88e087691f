"""What the pages of this room share: fetch from what a person may see, and turn a verdict into an answer."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.models import User
from applications.models import Application
from evaluation.models import AgendaItem, Assessment, Meeting, Shortlist
from evaluation.queries import files_for
from records.verdicts import Verdict


def person(request: HttpRequest) -> User:
    """Whoever signed in; the pages of this room are all behind the sign-in."""
    return request.user  # type: ignore[return-value]


def posted(request: HttpRequest) -> Any:
    """What was sent, also where it is empty; None on a GET, so that a form is shown without errors."""
    return request.POST if request.method == "POST" else None


def wrong(form: BaseForm) -> int:
    """The status of a page with a form: 400 where something typed was wrong, so that nothing was changed."""
    return 400 if form.is_bound and form.errors else 200


def file_address(file: Application) -> str:
    """Where the file's page is."""
    return f"/desk/{file.reference}/"


def way_back(request: HttpRequest, file: Application) -> str:
    """Where a figure was taken up: the paper that was being read (?document=KEY&page=N), or the file's page."""
    paper, page = request.GET.get("document", ""), request.GET.get("page", "1")
    if not all(word.isascii() and word.isdecimal() and len(word) < 10 for word in (paper, page)):
        return file_address(file)
    return f"{reverse('desk_document_read', args=[file.reference, int(paper)])}?page={int(page)}"


def file_or_404(request: HttpRequest, reference: str, *beside: str) -> Application:
    """A file this person may open, with the rows of its sections named `beside`; not theirs is not there."""
    found = files_for(person(request), reference).with_file().select_related(*beside).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def assessment_or_404(request: HttpRequest, file: Application) -> Assessment:
    """The person's own evaluation of a file: theirs alone, whatever their post."""
    found = Assessment.objects.of(person(request)).filter(application=file).select_related("rubric").first()
    if found is None:
        raise Http404
    found.application = file
    return found


def packet_or_404(request: HttpRequest, number: str) -> Shortlist:
    """A packet this person may read."""
    packets = Shortlist.objects.visible_to(person(request))
    found = packets.filter(number=number).select_related("office__district", "round", "paper").first()
    if found is None:
        raise Http404
    return found


def meeting_or_404(request: HttpRequest, number: str) -> Meeting:
    """A meeting of the Committee this person may read."""
    found = Meeting.objects.visible_to(person(request)).filter(number=number).select_related("round").first()
    if found is None:
        raise Http404
    return found


def item_or_404(request: HttpRequest, number: str, reference: str) -> AgendaItem:
    """The file's place on the agenda of a meeting this person may read; one that was put off or returned only where no other is."""
    meeting = meeting_or_404(request, number)
    items = meeting.items.filter(application__reference=reference).select_related(
        "application__enterprise",
        "application__office__district",
        "application__district",
        "application__taluk",
        "application__round",
        "application__profile",
        "row__shortlist__paper",
    )
    found = items.order_by(F("ended_at").desc(nulls_first=True), "-pk").first()
    if found is None:
        raise Http404
    found.meeting = meeting
    return found


def need(verdict: Verdict) -> None:
    """May not is a 403 with its reason."""
    if not verdict:
        raise PermissionDenied(str(verdict.reason))


def need_permission(user: Any, permission: Any, office: Any, reason: str) -> None:
    """A post that never may, whatever the state: 403 with its reason."""
    if not user.has(permission, office):
        raise PermissionDenied(reason)
