"""People's pages: the administrator's, one's own, and the language switch."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import get_totp_secret
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.i18n import set_language as django_set_language

from accounts import actions, work
from accounts.filters import PeopleFilter
from accounts.forms import PersonForm, PostingForm, RelieveForm
from accounts.models import Posting, User
from accounts.roles import Permission
from accounts.sessions import ask_factor_again, factor_is_fresh
from records import jobs
from records.verdicts import Refused

View = Callable[..., HttpResponse]


def _administrator(request: HttpRequest) -> Any:
    user: Any = request.user
    if not user.has(Permission.MANAGE_PEOPLE):
        raise PermissionDenied(_("This page is for administrators."))
    return user


def _operator(request: HttpRequest) -> Any:
    user: Any = request.user
    if not user.has(Permission.MANAGE_WORK):
        raise PermissionDenied(_("This page is for administrators."))
    return user


def _posted(request: HttpRequest) -> Any:
    """What was sent, also where it is empty; None on a GET, so that a form is shown without errors."""
    return request.POST if request.method == "POST" else None


def fresh_factor_to_post(view: View) -> View:
    """Ask for the second factor anew before a post goes through: see accounts/sessions.py."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and not factor_is_fresh(request):
            _administrator(request)
            return ask_factor_again(request)
        return view(request, *args, **kwargs)

    return guarded


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """The language in the cookie, and with the person where one is signed in."""
    user: Any = request.user
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise BadRequest
    if user.is_authenticated:
        actions.choose_language(user, language, by=user)
    return django_set_language(request)


@require_POST
def account_stay(request: HttpRequest) -> HttpResponse:
    """Keep the session: asking is use enough (accounts/middleware.py notes it)."""
    return HttpResponse(status=204)


@require_safe
def account_self(request: HttpRequest) -> HttpResponse:
    """One's own name, posts, language and the ways to change password and second factor."""
    return render(request, "accounts/self.html", {"person": request.user})


@require_safe
@never_cache
def totp_qr(request: HttpRequest) -> HttpResponse:
    """The seed under activation as a QR code, at an address of its own: the page's policy refuses data: pictures."""
    secret = get_totp_secret(regenerate=False)
    code = segno.make(get_adapter().build_totp_url(request.user, secret), error="m")
    picture = BytesIO()
    code.save(picture, kind="svg", scale=5, border=4, light="white", xmldecl=False, nl=False)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and the posts they hold."""
    _administrator(request)
    posts = Posting.objects.live().select_related("office")
    people = User.objects.prefetch_related(Prefetch("postings", queryset=posts, to_attr="live_posts"))
    found = PeopleFilter(request.GET, queryset=people)
    page = Paginator(found.qs if found.is_valid() else people.none(), 50).get_page(request.GET.get("page"))
    context = {"form": found.form, "page": page}
    return render(request, "accounts/staff.html", context, status=200 if found.is_valid() else 400)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_factor_to_post
def staff_add(request: HttpRequest) -> HttpResponse:
    """Add a person."""
    by = _administrator(request)
    form = PersonForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(by=by, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
        else:
            messages.success(
                request, _("Added. Now give this person a post; they set a password with “Forgot password”.")
            )
            return redirect("staff_person", pk=person.pk)
    return render(request, "accounts/staff_add.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_factor_to_post
def staff_person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: posts held and ended, a new post."""
    by = _administrator(request)
    person = get_object_or_404(User, pk=pk)
    form = PostingForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.post(person, by=by, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
        else:
            messages.success(request, _("Posted."))
            return redirect("staff_person", pk=pk)
    posts = person.postings.select_related("office", "made_by")
    context = {"person": person, "form": form, "posts": posts}
    return render(request, "accounts/staff_person.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_factor_to_post
def staff_relieve(request: HttpRequest, pk: int) -> HttpResponse:
    """Relieve somebody of a post, with the reason."""
    by = _administrator(request)
    posting = get_object_or_404(Posting.objects.select_related("user", "office"), pk=pk)
    form = RelieveForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.relieve(posting, by=by, note=form.cleaned_data["note"])
        except Refused as refusal:
            form.add_error(refusal.field or None, refusal.reason)
        else:
            messages.success(request, _("Relieved. Every session of this person has ended."))
            return redirect("staff_person", pk=posting.user_id)
    return render(
        request, "accounts/staff_relieve.html", {"posting": posting, "form": form}, status=400 if form.errors else 200
    )


@require_safe
def staff_jobs(request: HttpRequest) -> HttpResponse:
    """Work that stopped, by kind, with its reason; what waits, and whether a worker lives."""
    _operator(request)
    page = Paginator(jobs.stopped(), 50).get_page(request.GET.get("page"))
    kinds = work.by_kind(page.object_list, work.numbers())
    return render(request, "accounts/staff_jobs.html", {"page": page, "kinds": kinds, "waiting": work.waiting()})


@require_POST
def staff_jobs_retry(request: HttpRequest) -> HttpResponse:
    """Have one piece of work done again (`job`), or all of a kind that stopped (`kind`)."""
    by = _operator(request)
    kind = request.POST.get("kind", "")
    queued = jobs.retry_all(kind, by=by) if kind in work.numbers() else _retry_one(request, by)
    if queued:
        words = ngettext(
            "%(count)d piece of work is queued again.", "%(count)d pieces of work are queued again.", queued
        )
        messages.success(request, words % {"count": queued})
    else:
        messages.info(request, _("Nothing of it is stopped any more, or something else does the same already."))
    return redirect("staff_jobs")


def _retry_one(request: HttpRequest, by: Any) -> int:
    """How many jobs were queued: one, or none where it is no longer stopped or its room refuses."""
    key = request.POST.get("job", "")
    job = jobs.stopped().filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
    if job is None:
        return 0
    try:
        jobs.retry(job, by=by)
    except Refused:
        return 0
    return 1
