"""How this room's papers are printed and who may read them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.models import Application
from records import papers
from records.models import Paper


def _context(snapshot: dict[str, Any]) -> dict[str, Any]:
    return {"receipt": snapshot}


def _may_see(user: Any, paper: Paper) -> bool:
    reference = paper.subject.partition(":")[2]
    return Application.objects.visible_to(user).filter(reference=reference).exists()


papers.register(
    "application.receipt",
    template="documents/receipt.html",
    context=_context,
    may_see=_may_see,
    title=_("Acknowledgement of application"),
)
