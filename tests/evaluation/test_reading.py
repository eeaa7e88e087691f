"""A paper read on the desk: its pages in place, what they prove beside them, judged there, accounted for when financial."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from applications.models import Application, DocumentVersion
from applications.reference import KINDS
from applications.sections import BY_KEY
from applications.states import DocumentState
from evaluation import actions, figures, reading
from evaluation.models import VerifiedFigure
from records import jobs
from records.clock import moved_to, now
from records.models import AuditEvent, Job, PageImage
from tests.evaluation.conftest import YEARS, World
from tests.evaluation.test_pages import desk, text_of
from tests.records import hostile

Client = Callable[[User], Any]


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def version_of(file: Application, kind: str = "financials") -> DocumentVersion:
    return DocumentVersion.objects.select_related("file", "slot__kind").get(
        slot__application=file, slot__kind__key=kind
    )


def paged(version: DocumentVersion, pages: int, folder: Path) -> DocumentVersion:
    """The document with this many pages, all drawn."""
    version.file.pages = pages
    version.file.save()
    out = io.BytesIO()
    Image.new("RGB", (99, 140), "white").save(out, "WEBP")
    for number in range(1, pages + 1):
        path = folder / f"{version.file.key}-{number}.webp"
        path.write_bytes(out.getvalue())
        facts = {"path": path.name, "size": path.stat().st_size, "width": 99, "height": 140}
        PageImage.objects.create(file=version.file, number=number, **facts)
    return version


def at(version: DocumentVersion, rest: str = "read/") -> str:
    return desk(version.slot.application, f"documents/{version.pk}/{rest}")


def opened(version: DocumentVersion) -> int:
    return AuditEvent.objects.filter(verb="file.open", note=f"file:{version.file_id}").count()


# ---- The page -------------------------------------------------------------------------------------------------
def test_a_page_stands_beside_what_it_proves(world: World, sign_in: Client, own_files: Path) -> None:
    version = paged(version_of(world.file("scrutiny")), 9, own_files)
    page = text_of(sign_in(world.officer).get(at(version, "read/?page=3")))
    assert f'<img src="{at(version, "pages/3/")}" width="99" height="140" alt="Page 3 of 9 of financials">' in page
    for number in (1, 2, 4, 5, 9):
        assert f'href="?page={number}#paper"' in page
    assert 'href="?page=6#paper"' not in page
    for stated in ("₹6,18,00,000", "Turnover 2025-26", "Export sales 2025-26", "Net profit 2025-26", "Audited"):
        assert stated in page
    assert "Persons employed" not in page
    assert f'href="{at(version, "")}"' in page  # the original


@pytest.mark.parametrize(("number", "rel"), [(1, {"next"}), (2, {"prev", "next"}), (3, {"prev"})])
def test_the_ends_lead_nowhere(world: World, sign_in: Client, own_files: Path, number: int, rel: set[str]) -> None:
    version = paged(version_of(world.file("scrutiny"), "udyam"), 3, own_files)
    page = text_of(sign_in(world.officer).get(at(version, f"read/?page={number}")))
    assert {word for word in ("prev", "next") if f'rel="{word}"' in page} == rel


@pytest.mark.parametrize("page", ["0", "4", "-1", "x", "", "²", "1e0", "9" * 400])
def test_a_page_the_paper_does_not_have_is_not_there(world: World, sign_in: Client, own_files: Path, page: str) -> None:
    version = paged(version_of(world.file("scrutiny")), 3, own_files)
    client = sign_in(world.officer)
    assert client.get(at(version), {"page": page}).status_code == 404
    assert client.get(at(version, "pages/4/")).status_code == 404
    assert client.get(at(version, "pages/0/")).status_code == 404


@pytest.mark.parametrize(
    ("number", "of_all", "named"),
    [(1, 1, [1]), (2, 3, [1, 2, 3]), (1, 9, [1, 2, 3, 0, 9]), (5, 9, [1, 0, 3, 4, 5, 6, 7, 0, 9]), (9, 9, [1, 0, 7, 8, 9])],
)  # fmt: skip
def test_of_many_pages_the_near_ones_are_named(number: int, of_all: int, named: list[int]) -> None:
    assert reading.numbers(number, of_all) == named


def test_each_kind_proves_sections_and_figures_that_exist() -> None:
    keys = {figure.key.partition(":")[0] for figure in figures.asked(YEARS)}
    proved = [one for _sections, named in reading.PROVES.values() for one in named]
    assert set(reading.PROVES) == {key for key, *_rest in KINDS} - {"other"}
    assert {section for sections, _figures in reading.PROVES.values() for section in sections} <= set(BY_KEY)
    assert set(proved) == keys
    assert len(proved) == len(set(proved))


def test_a_paper_of_another_kind_may_prove_anything(world: World, sign_in: Client, monkeypatch) -> None:
    monkeypatch.setattr(reading, "PROVES", {})
    version = version_of(world.file("scrutiny"))
    page = text_of(sign_in(world.officer).get(at(version)))
    assert "Persons employed" in page
    assert page.count('<details class="m-fold"><summary>') == len(BY_KEY) - 1


def test_an_image_is_looked_at_in_place_and_kept_by_nobody(world: World, sign_in: Client, own_files: Path) -> None:
    version = paged(version_of(world.file("scrutiny")), 1, own_files)
    answer = sign_in(world.officer).get(at(version, "pages/1/"))
    assert answer.content[8:12] == b"WEBP"
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in answer.headers.get("Content-Disposition", "")


# ---- While it is made -----------------------------------------------------------------------------------------
def test_the_first_opening_asks_for_the_pages_and_htmx_for_the_page_alone(
    world: World, sign_in: Client, own_files: Path
) -> None:
    version = version_of(world.file("scrutiny"))
    client = sign_in(world.officer)
    page = text_of(client.get(at(version)))
    job = Job.objects.get(name="records.pages")
    assert (job.priority, job.payload) == (1, {"file": version.file_id, "first": 1})
    assert "The pages wait for the worker (queued)" in page
    assert f'hx-get="{at(version)}?page=1"' in page
    assert f'<noscript><p><a href="{at(version)}?page=1">' in page
    assert "htmx-2.min.js" in page
    jobs.claim(job.pk)
    part = client.get(at(version, "read/?page=1"), headers={"HX-Request": "true"})
    assert text_of(part).startswith('<div class="m-job" role="status" hx-get=')
    assert "being drawn (running)" in text_of(part)
    assert "HX-Request" in part.headers["Vary"]
    paged(version, 1, own_files)
    part = text_of(client.get(at(version, "read/?page=1"), headers={"HX-Request": "true"}))
    assert part.startswith('<figure class="m-figure m-sheet"><img src=')
    assert (Job.objects.count(), opened(version)) == (1, 1)


def test_what_failed_says_why_and_a_person_tries_again(world: World, sign_in: Client) -> None:
    version = version_of(world.file("scrutiny"), "udyam")
    client = sign_in(world.officer)
    client.get(at(version))
    jobs.run(Job.objects.get().pk)  # its file lies nowhere
    page = text_of(client.get(at(version)))
    assert "This page has failed." in page
    assert "no longer where files are kept" in page
    assert "hx-get" not in page
    assert client.post(at(version, "read/?page=1")).headers["Location"] == at(version, "read/?page=1")
    job = Job.objects.get()
    assert (job.state, AuditEvent.objects.get(verb="job.retry").subject) == ("queued", f"job:{job.pk}")
    assert "queued" in text_of(client.get(at(version, "read/?page=1")))


@pytest.mark.prints
def test_a_real_paper_comes_to_the_desk_as_an_image(world: World, sign_in: Client, own_files: Path) -> None:
    version = version_of(world.file("scrutiny"))
    version.file.path, version.file.pages = "paper.pdf", 2
    version.file.save()
    (own_files / "paper.pdf").write_bytes(hostile.pdf(2))
    client = sign_in(world.officer)
    client.get(at(version))
    jobs.run(Job.objects.get().pk)
    assert "Page 2 of 2 of financials" in text_of(client.get(at(version, "read/?page=2")))
    assert client.get(at(version, "pages/2/")).status_code == 200


# ---- Whose it is ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["stranger", "other_gm", "owner", "evaluator", "administrator"])
def test_not_yours_is_not_there(world: World, sign_in: Client, own_files: Path, who: str) -> None:
    version = paged(version_of(world.file("scrutiny")), 1, own_files)
    client = sign_in(world.people[who])
    assert [client.get(at(version, rest)).status_code for rest in ("read/", "pages/1/", "")] == [404] * 3
    assert client.post(at(version)).status_code == 404
    assert (opened(version), Job.objects.count()) == (0, 0)


def test_a_document_of_another_file_is_not_there(world: World, sign_in: Client, own_files: Path) -> None:
    version, other = paged(version_of(world.file("scrutiny")), 1, own_files), world.file("scrutiny")
    client = sign_in(world.officer)
    for rest in ("read/", "pages/1/"):
        assert client.get(desk(other, f"documents/{version.pk}/{rest}")).status_code == 404


@pytest.mark.parametrize("state", [DocumentState.AWAITING_SCAN, DocumentState.INFECTED])
def test_what_is_not_clean_is_not_there(world: World, sign_in: Client, own_files: Path, state: str) -> None:
    version = paged(version_of(world.file("scrutiny")), 1, own_files)
    DocumentVersion.objects.filter(pk=version.pk).update(state=state)
    client = sign_in(world.officer)
    assert [client.get(at(version, rest)).status_code for rest in ("read/", "pages/1/", "")] == [404] * 3
    assert client.post(at(version)).status_code == 404
    for page in (desk(version.slot.application), at(version_of(version.slot.application, "udyam"))):
        assert at(version) not in text_of(client.get(page))


def test_the_panel_leads_to_the_page_not_to_a_download(world: World, sign_in: Client) -> None:
    version = version_of(world.file("scrutiny"))
    page = text_of(sign_in(world.officer).get(desk(version.slot.application)))
    assert f'href="{at(version)}"' in page
    assert f'href="{at(version, "")}"' not in page


# ---- The trail ------------------------------------------------------------------------------------------------
def test_an_opening_of_a_financial_paper_is_one_line(world: World, sign_in: Client, own_files: Path) -> None:
    version = paged(version_of(world.file("scrutiny")), 3, own_files)
    client = sign_in(world.officer)
    for rest in ("read/", "pages/1/", "read/?page=2", "pages/2/", "read/?page=1", "pages/1/"):
        assert client.get(at(version, rest)).status_code == 200
    line = AuditEvent.objects.get(verb="file.open")
    assert (line.actor, line.subject) == (f"user:{world.officer.pk}", version.slot.application.trail_key)
    assert (line.note, line.scope) == (f"file:{version.file_id}", "DIC-EKM")
    client.get(at(version))
    assert opened(version) == 2
    sign_in(world.officer2).get(at(version, "read/?page=3"))
    assert opened(version) == 3
    assert "Financial paper opened" in text_of(client.get(desk(version.slot.application)))


@pytest.mark.parametrize("rest", ["pages/1/", "read/?page=1"])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_there_is_no_way_past_the_trail(
    world: World, sign_in: Client, own_files: Path, rest: str, headers: dict[str, str]
) -> None:
    version = paged(version_of(world.file("scrutiny")), 1, own_files)
    client = sign_in(world.officer)
    for _turn in range(2):
        client.get(at(version, rest), headers=headers)
        assert opened(version) == 1
    with moved_to(now() + timedelta(days=1)):
        sign_in(world.officer).get(at(version, rest), headers=headers)
    assert opened(version) == 2


def test_other_papers_leave_no_line(world: World, sign_in: Client, own_files: Path) -> None:
    version = paged(version_of(world.file("scrutiny"), "udyam"), 1, own_files)
    before = AuditEvent.objects.count()
    client = sign_in(world.officer)
    for rest in ("read/", "pages/1/", "read/?page=1"):
        assert client.get(at(version, rest)).status_code == 200
    assert AuditEvent.objects.count() == before


# ---- Judged where it is read ----------------------------------------------------------------------------------
def test_after_judging_comes_the_next_that_waits(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    udyam, profile, financials = (version_of(file, kind) for kind in ("udyam", "profile", "financials"))
    client = sign_in(world.officer)
    answer = client.post(at(profile, "accept/?page=1"))
    assert answer.headers["Location"] == at(financials)
    assert "Accepted: profile." in text_of(client.get(at(financials)))
    answer = client.post(at(financials, "reject/?page=1"), {"reason": "unreadable", "note": "Page 2"})
    assert answer.headers["Location"] == at(udyam)
    page = text_of(client.post(at(udyam, "accept/?page=1"), follow=True))
    assert "Every document of this file that was sent has been judged." in page
    assert "Accepted: udyam." in page
    states = {one.slot.kind.key: one.state for one in DocumentVersion.objects.filter(slot__application=file)}
    assert states == {"udyam": "accepted", "profile": "accepted", "financials": "rejected"}


def test_judged_on_the_files_page_one_stays_there(world: World, sign_in: Client) -> None:
    version = version_of(world.file("scrutiny"))
    client, home = sign_in(world.officer), desk(version.slot.application, "#documents")
    assert client.post(at(version, "accept/")).headers["Location"] == home
    answer = client.post(at(version, "reject/"), {"reason": "unreadable", "note": ""})
    assert answer.headers["Location"] == home
    assert client.get(at(version, "reject/")).status_code == 200


def test_a_rejection_without_its_reason_keeps_paper_and_words(world: World, sign_in: Client, own_files: Path) -> None:
    version = paged(version_of(world.file("scrutiny")), 2, own_files)
    answer = sign_in(world.officer).post(at(version, "reject/?page=2"), {"note": "The seal is missing."})
    page = text_of(answer)
    assert answer.status_code == 400
    assert "Choose why the document is rejected." in page
    assert '<details class="m-fold" id="reject" open>' in page
    assert "The seal is missing.</textarea>" in page
    assert "Page 2 of 2 of financials" in page


@pytest.mark.parametrize(("verb", "data"), [("accept", {}), ("reject", {"reason": "unreadable", "note": "Kept words"})])
def test_too_late_says_so_beside_the_paper(world: World, sign_in: Client, verb: str, data: dict[str, str]) -> None:
    file = world.file("scrutiny")
    version = version_of(file)
    client = sign_in(world.officer)
    Application.objects.filter(pk=file.pk).update(state="withdrawn", ended_at=now())
    answer = client.post(at(version, f"{verb}/?page=1"), data)
    page = text_of(answer)
    assert (answer.status_code, "<h1>financials</h1>" in page) == (409, True)
    assert "Documents are judged" in page
    version.refresh_from_db()
    assert version.state == "received"


def test_an_older_version_is_read_and_no_longer_judged(world: World, sign_in: Client, own_files: Path) -> None:
    old = paged(version_of(world.file("scrutiny")), 1, own_files)
    DocumentVersion.objects.filter(pk=old.pk).update(state=DocumentState.REPLACED)
    newer = DocumentVersion.objects.create(slot=old.slot, number=2, file=old.file, sent_by=world.owner)
    page = text_of(sign_in(world.officer).get(at(old)))
    assert f'<a href="{at(newer)}">Read the newer one</a>' in page
    assert "Version 1 of 2" in page
    assert "Only the newest version is accepted or rejected." in page
    assert "/accept/" not in page


@pytest.mark.parametrize("who", ["gm", "directorate", "auditor"])
def test_who_reads_without_judging_is_told_why(world: World, sign_in: Client, who: str) -> None:
    page = text_of(sign_in(world.people[who]).get(at(version_of(world.file("scrutiny")))))
    assert "Only an officer of DIC Ernakulam can do this." in page
    assert "/accept/" not in page
    assert "/figures/" not in page


def test_what_was_judged_says_by_which_post_and_why(world: World, sign_in: Client) -> None:
    version = version_of(world.file("scrutiny"))
    client = sign_in(world.officer)
    actions.judge_document(version, accept=False, reason="unsigned", note="Sign page 4", by=world.officer)
    page = text_of(client.get(at(version)))
    assert "Signature or seal is missing: Sign page 4" in page
    assert "DIC Ernakulam" in page[page.index("Rejected ") :]
    assert 'id="reject"' not in page
    actions.judge_document(version, accept=True, by=world.officer)
    page = text_of(client.get(at(version)))
    assert "/accept/" not in page
    assert 'id="reject"' in page


# ---- Figures --------------------------------------------------------------------------------------------------
def test_a_figure_is_verified_from_the_paper_and_back(world: World, sign_in: Client, own_files: Path) -> None:
    version = paged(version_of(world.file("scrutiny")), 3, own_files)
    client = sign_in(world.officer)
    link = desk(version.slot.application, f"figures/turnover:2025-26/?document={version.pk}&page=2")
    assert link.replace("&", "&amp;") in text_of(client.get(at(version, "read/?page=2")))
    back = at(version, "read/?page=2")
    assert f'<a href="{back}">Back</a>' in text_of(client.get(link))
    answer = client.post(link, {"value": "6,00,00,000", "source": "Balance sheet, page 2"})
    assert answer.headers["Location"] == f"{back}#figures"
    assert VerifiedFigure.objects.get().value == 60_000_000
    page = text_of(client.get(back))
    assert "<strong>₹6,00,00,000</strong>" in page
    assert "− ₹18,00,000 (2.9 %)" in page


@pytest.mark.parametrize("query", ["document=//evil.example", "document=1&page=x", "document=²", "page=2", "document="])
def test_a_way_back_leads_to_a_paper_or_to_the_file(world: World, sign_in: Client, query: str) -> None:
    file = world.file("scrutiny")
    answer = sign_in(world.officer).post(desk(file, f"figures/jobs/?{query}"), {"value": "44", "source": "Register"})
    assert answer.headers["Location"] == desk(file, "#figures")


# ---- What it costs --------------------------------------------------------------------------------------------
def test_more_pages_cost_no_more_queries(world: World, sign_in: Client, own_files: Path) -> None:
    counts = []
    for pages in (1, 3):
        version = paged(version_of(world.file("scrutiny")), pages, own_files)
        client = sign_in(world.officer)
        client.get(at(version))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(at(version, "read/?page=1"))
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 24
