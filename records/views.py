"""Pages anybody may need of what was written: verify a paper, fetch one, ask whether the portal works."""

from typing import Any

from celery import current_app
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from records import jobs, limits, papers, scanner
from records.backup import places
from records.models import Job, JobState, Paper


@login_not_required
@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a paper's number; a number typed leads to its own address."""
    number = request.GET.get("number", "").strip().upper().replace(" ", "")
    if number and len(number) <= 60 and "/" not in number:
        return redirect("verify_number", number=number)
    error = _("Type the number printed at the top right of the paper.") if "number" in request.GET else ""
    return render(request, "records/verify.html", {"error": error, "number": number}, status=400 if error else 200)


@login_not_required
@require_safe
def verify_number(request: HttpRequest, number: str) -> HttpResponse:
    """What kind of paper, from which office, when, and its hash. Never what stands on it."""
    if not limits.hit(f"verify:{request.META.get('REMOTE_ADDR', '')}", limit=60, seconds=600):
        return render(
            request,
            "records/verify.html",
            {"number": number, "error": _("Too many numbers were tried from here. Try again in ten minutes.")},
            status=429,
        )
    paper = papers.public_facts(number)
    if paper is None:
        error = _(
            "No paper with this number was issued. Compare it with the number printed at the top right of the paper."
        )
        return render(request, "records/verify.html", {"number": number, "error": error}, status=404)
    context = {"paper": paper, "kind": papers.kind_title(paper), "overtaken": papers.overtaken(paper)}
    return render(request, "records/verify_number.html", context)


def _to_be_seen(request: HttpRequest, number: str) -> Paper:
    found = papers.by_number(number)
    if found is None or not papers.may_see(request.user, found):
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: HttpRequest, number: str) -> HttpResponseBase:
    """The PDF once it is there; before that, how far it is, or why it failed and a way to try again."""
    found = _to_be_seen(request, number)
    if request.method == "POST":
        papers.ask_for(found, by=request.user)
        return redirect("paper", number=number)
    if found.state == JobState.READY and papers.path_of(found).exists():
        answer = FileResponse(
            papers.path_of(found).open("rb"), filename=f"{found.number}.pdf", content_type="application/pdf"
        )
        answer["Cache-Control"] = "private, no-store"
        return answer
    job = Job.objects.filter(subject=f"paper:{found.pk}").order_by("-pk").first()
    if found.state == JobState.READY or job is None:
        papers.ask_again(found, by=request.user)
        found.refresh_from_db()
    return render(request, "records/paper.html", {"paper": found, "job": job, "worker_alive": jobs.worker_alive()})


@require_safe
def paper_state(request: HttpRequest, number: str) -> HttpResponse:
    """The piece of a page that says how far a paper is, asked for again while it waits."""
    found = _to_be_seen(request, number)
    context = {"paper": found, "worker_alive": jobs.worker_alive()}
    return render(request, "components/paper_job.html", context)


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Database, broker, worker, and the scanner where there is one, each in a word.

    503 where pages could not be served or a restore has not ended: without the others pages go on.
    """
    facts: dict[str, Any] = {"database": "ok", "broker": "embedded", "worker": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        facts["worker"] = "ok" if jobs.worker_alive() else "no heartbeat"
    except Error:
        facts["database"], facts["worker"] = "away", "unknown"
    if settings.REDIS_URL:
        facts["broker"] = _broker()
    if settings.SCANNER != "off":
        facts["scanner"] = "ok" if scanner.answers() else "away"
    if places.mark().exists():
        facts["restore"] = "unfinished"
    return JsonResponse(facts, status=200 if facts["database"] == "ok" and "restore" not in facts else 503)


def _broker() -> str:
    try:
        with current_app.connection_for_write(
            transport_options={"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
        ) as link:
            link.ensure_connection(max_retries=0, timeout=1)
    except Exception:  # noqa: BLE001 -- any failure of the broker's client means the same
        return "away"
    return "ok"
