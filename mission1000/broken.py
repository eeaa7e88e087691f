"""The answer where a page broke: the disk is full, the database is away, or the fault is ours. None of it asks the database."""

import logging
import sys
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from records import acts
from records.faults import Fault, fault_of

SENDS = {"POST", "PUT", "PATCH", "DELETE"}
ANSWERS = {  # status, and after how many seconds to ask again
    Fault.DISK_FULL: (HTTPStatus.INSUFFICIENT_STORAGE, 300),
    Fault.DATABASE_AWAY: (HTTPStatus.SERVICE_UNAVAILABLE, 30),
}
SECRET = ("password", "code", "otp")  # never written into a page
LIBRARY = ("/accounts/", "/admin/")  # what these save is no act of ours: whether it was kept is not known
MOST_FIELDS = 1000
NOTHING_TYPED: dict[str, Any] = {"typed": [], "files": [], "token": "", "repeat": False}
log = logging.getLogger(__name__)


def broken(request: HttpRequest) -> HttpResponse:
    """Django calls it in the middle of the error. Nothing it shows comes from the database, the session or a person's row."""
    fault = fault_of(sys.exc_info()[1] or RuntimeError())
    if fault is None:
        return HttpResponse(render_to_string("500.html"), status=500)
    log.error("machine_fault kind=%s error=%s", fault.value, type(sys.exc_info()[1]).__name__)
    status, again = ANSWERS[fault]
    _give_back_room(request)
    sent = request.method in SENDS
    context = {
        "full": fault is Fault.DISK_FULL,
        "sent": sent,
        "maybe": sent and (acts.may_be_kept() or request.path.startswith(LIBRARY)),
        "again": request.get_full_path(),
        "back": page_before(request) if sent else request.get_full_path(),
        **(_typed(request) if sent else NOTHING_TYPED),
    }
    answer = HttpResponse(_in_both_languages(context), status=status)
    answer["Retry-After"] = str(again)
    answer["Cache-Control"] = "no-store"
    return answer


def _give_back_room(request: HttpRequest) -> None:
    """Close what of an upload was already written: it lies on the disk as long as it is open."""
    for handler in request.upload_handlers:
        begun = getattr(handler, "file", None)
        with suppress(OSError):
            if begun:
                begun.close()


def page_before(request: HttpRequest) -> str:
    """The page with the form; an address that only takes forms cannot be opened by a link."""
    page = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if ours else "/"


def _in_both_languages(context: dict[str, Any]) -> str:
    """The reader's language first: the one of a person's account cannot be asked for now."""
    first = translation.get_language() or settings.LANGUAGE_CODE
    second = next(code for code, _name in settings.LANGUAGES if code != first)
    with translation.override(second):
        other = render_to_string("mission1000/parts/broken.html", {**context, "head": "h2"})
    with translation.override(first):
        return render_to_string(
            "mission1000/broken.html", {**context, "head": "h1", "other": other, "other_language": second}
        )


def _typed(request: HttpRequest) -> dict[str, Any]:
    """What was typed, to be sent once more with one press; nothing where it holds a secret or came from another site."""
    if not _from_our_page(request):
        return NOTHING_TYPED
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
    if len(fields) > MOST_FIELDS or any(word in name.lower() for name, _value in fields for word in SECRET):
        return NOTHING_TYPED
    return {"typed": fields, "files": list(request.FILES), "token": get_token(request), "repeat": True}


def _from_our_page(request: HttpRequest) -> bool:
    """Whether the form's token is right. A form that broke on the way in, or of another site, is not repeated."""
    guard = CsrfViewMiddleware(lambda _request: HttpResponse())
    try:
        guard.process_request(request)
        return guard.process_view(request, broken, (), {}) is None
    except Exception as error:  # noqa: BLE001 -- a body that cannot be read, on a disk that is full
        log.info("not_repeated error=%s", type(error).__name__)
        return False
