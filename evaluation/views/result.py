"""The outcome as its enterprise reads it: after the release all of it, before it nothing."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Application
from evaluation import letters
from evaluation.queries.releases import released_decision
from records import jobs


@require_safe
def result(request: HttpRequest, reference: str) -> HttpResponse:
    """Outcome, marks by criterion, reasons, letter and what can be done next; never who gave the marks."""
    reader: Any = request.user
    files = Application.objects.visible_to(reader).filter(enterprise__members__user=reader)
    file = get_object_or_404(files.with_file(), reference=reference)
    decision = released_decision(file)
    if decision is None:
        return render(request, "evaluation/result_none.html", {"file": file})
    context = {"file": file, **letters.context(letters.snapshot_of(decision)), "paper": decision.letter}
    return render(request, "evaluation/result.html", {**context, "worker_alive": jobs.worker_alive()})
