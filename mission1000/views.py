"""Pages about the portal itself: questions, privacy, accessibility, the map of the site, the demonstration."""

import ipaddress
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.demo import PASSWORD
from applications import notice
from districts.models import District
from evaluation.rules.visits import MOST_PHOTOGRAPHS
from mission1000.broken import page_before
from mission1000.demonstration import people
from mission1000.questions import QUESTIONS
from records.files import LIMIT_MB
from records.models import Message

MAILS_A_PAGE = 20


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be read at all. Django's own page would read the form again, and break again."""
    return HttpResponseBadRequest(render_to_string("400.html"))


@login_not_required
@require_safe
def too_large(request: HttpRequest) -> HttpResponse:
    """What the proxy shows in place of its own page where more was sent than it passes on, in both languages."""
    first = get_language() or settings.LANGUAGE_CODE
    second = next(code for code, _name in settings.LANGUAGES if code != first)
    most = {"document": LIMIT_MB, "photographs": MOST_PHOTOGRAPHS, "back": page_before(request)}
    with override(second):
        other = render_to_string("mission1000/parts/too_large.html", {**most, "head": "h2"})
    context = {**most, "head": "h1", "other": other, "other_language": second}
    return render(request, "mission1000/too_large.html", context, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


@login_not_required
@require_safe
def faq(request: HttpRequest) -> HttpResponse:
    """Questions people ask before and after they apply, with their answers."""
    return render(request, "mission1000/faq.html", {"questions": QUESTIONS})


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """The notice an applicant agrees to, item by item, with its version."""
    return render(request, "mission1000/privacy.html", {"items": notice.ITEMS, "version": notice.VERSION})


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What was done so that everybody can use the portal, what is not yet, and whom to tell."""
    return render(request, "mission1000/accessibility.html")


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that needs no sign-in."""
    return render(request, "mission1000/sitemap.html", {"districts": District.objects.all()})


def _asked_from_here(request: HttpRequest) -> bool:
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


@login_not_required
@require_safe
@never_cache
def demo(request: HttpRequest) -> HttpResponse:
    """Accounts of the demonstration with their codes of this half minute, and the mails sent so far."""
    if not (settings.DEMO_ALLOWED and _asked_from_here(request)):
        raise Http404
    mails: Any = Paginator(Message.objects.order_by("-at", "-pk"), MAILS_A_PAGE)
    first, others, owners = people.grouped(people.accounts())
    context = {
        "first": first,
        "others": others,
        "owners": owners,
        "password": PASSWORD,
        "page": mails.get_page(request.GET.get("page")),
    }
    return render(request, "mission1000/demo.html", context)
