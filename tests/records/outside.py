"""Another process of the portal, for the tests of workers: `python -m tests.records.outside mail|long|pages|sweep`,
`several COUNT ROWS` for papers of so many rows, `letters COUNT` for letters in bulk, `own NUMBER` for one a person waits for, `begin MOMENT` for
a first draft.

A worker that is started with `--include tests.records.outside` knows how to print the long paper.
"""

import sys
from dataclasses import dataclass
from typing import ClassVar

import django

django.setup()

from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from mission1000.benchmark import paperwork
from records import files, jobs, outbox, pages, papers
from records.acts import act, system
from tests.records import hostile


@dataclass(frozen=True)
class LongNote(papers.Document):
    """A paper that takes some seconds to print."""

    kind: ClassVar[str] = "tests.long"
    number_prefix: ClassVar[str] = "LONG-1"  # type: ignore[misc]
    title_en: ClassVar[str] = "A long note"  # type: ignore[misc]
    title_ml: ClassVar[str] = "നീണ്ട കുറിപ്പ്"  # type: ignore[misc]
    reference: str = "NOTE"
    received: str = "24-11-2026"
    rows: int = 700


papers.register(
    "tests.long",
    template="documents/receipt.html",
    context=lambda snapshot: {
        "receipt": snapshot
        | {"round": "1", "enterprise_en": "Some", "enterprise_ml": "", "content_hash": "0", "sections": [
            {"title": "Rows", "pairs": [(f"Row {n}", "ശ്രീ") for n in range(snapshot["rows"])], "tables": []}
        ]}
    },
    may_see=lambda _user, _paper: False,
    title=_("Note"),
)  # fmt: skip


@act
def mail() -> int:
    outbox.send_text(None, "asha@test.example", kind="t", title="Title", body="Body\n", subject="note:1")
    return jobs.Job.objects.latest("pk").pk


@act
def long() -> int:
    papers.issue(LongNote(), subject="note:1", by=system("tester"))
    return jobs.Job.objects.latest("pk").pk


@act
def several() -> int:
    count, rows = int(sys.argv[2]), int(sys.argv[3])
    for number in range(count):
        papers.issue(LongNote(rows=rows), subject=f"note:{number}", by=system("tester"))
    return count


@act
def letters() -> int:
    """The letters of a release, as it queues them; every other one in Malayalam."""
    count = int(sys.argv[2])
    for number in range(count):
        letter = paperwork.letter("ml" if number % 2 else "en", number)
        papers.issue(letter, subject=f"note:{number}", by=system("tester"), priority=jobs.IN_BULK)
    return count


@act
def own() -> int:
    papers.issue(paperwork.letter(number=int(sys.argv[2])), subject="note:own", by=system("tester"))
    return jobs.Job.objects.latest("pk").pk


def begin() -> int:
    """A draft begun at a moment, so that there is something to report of the months since."""
    from tests.evaluation.conftest import build_world  # noqa: PLC0415 -- as above
    from tests.progress.conftest import moved  # noqa: PLC0415 -- only this verb needs the world

    return int(moved(build_world().file("draft"), sys.argv[2]).pk)


def scan() -> int:
    """A file of sixty pages whose images somebody waits for."""
    by = get_user_model().objects.create(email="asha@test.example")
    pages.ask_for(files.receive(hostile.upload(hostile.pdf(60)), by=by))
    return jobs.Job.objects.latest("pk").pk


if __name__ == "__main__":
    verbs = {
        "mail": mail,
        "long": long,
        "several": several,
        "letters": letters,
        "own": own,
        "pages": scan,
        "sweep": jobs.sweep,
        "begin": begin,
    }
    print(verbs[sys.argv[1]]())
