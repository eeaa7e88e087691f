"""Documents: told apart by content, refused with a sentence, cleaned, kept once, replaced and never lost."""

import hashlib
import io
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from applications import actions, demo
from applications.models import Application, DocumentKind, DocumentVersion
from applications.states import State
from evaluation.actions import take_up
from records import files
from records.models import AuditEvent, Message, StoredFile
from records.verdicts import Refused
from tests.applications.conftest import SignIn, World


def pdf(change: Any = None, pages: int = 1) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    for _page in range(pages):
        writer.add_blank_page(300, 300)
    if change:
        change(writer)
    writer.write(out)
    return out.getvalue()


def with_script(writer: PdfWriter) -> None:
    script = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(script)


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40)) -> bytes:
    """A picture with a place and a camera in it, lying on its side."""
    image, out = Image.new("RGB", size, "teal"), io.BytesIO()
    exif = image.getexif()
    exif[0x010F], exif[0x0112] = "CAMERA-OF-SOMEBODY", 6
    exif.get_ifd(0x8825)[2] = (9.0, 58.0, 0.0)
    image.save(out, kind, exif=exif)
    return out.getvalue()


def upload(content: bytes, name: str = "a.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def send(client: Client, file: Application, content: bytes, kind: str = "udyam", name: str = "a.pdf"):
    return client.post(f"/applications/{file.reference}/documents/", {"kind": kind, "file": upload(content, name)})


def fetch(client: Client, file: Application, version: DocumentVersion) -> tuple[Any, bytes]:
    """The answer, and the file it carries; read to its end, it closes itself."""
    answer = client.get(f"/applications/{file.reference}/documents/{version.pk}/")
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


def kept() -> tuple[int, int, int]:
    """Rows of versions, of files, and files on the disk."""
    folder = Path(settings.MEDIA_ROOT)
    there = {file.path for file in StoredFile.objects.all() if (folder / file.path).exists()}
    return DocumentVersion.objects.count(), StoredFile.objects.count(), len(there)


REFUSED = [
    (b"", "This file is empty. Choose the file again."),
    (b"just words", "This kind of file is not accepted. Send a PDF, a JPEG or a PNG."),
    (b"<html><script>alert(1)</script></html>%PDF-1.7\n" + b"x" * 50, "This kind of file is not accepted."),
    (b"PK\x03\x04" + b"\0" * 200, "This kind of file is not accepted."),
    (b"GIF89a" + b"\0" * 200, "This kind of file is not accepted."),
    (b"%PDF-1.7\n" + b"nothing of a PDF " * 20, "This PDF cannot be read. Save it anew and send it again."),
    (
        pdf(lambda w: w.encrypt("secret", algorithm="AES-256")),
        "This PDF has a password. Save it without one and send it again.",
    ),
    (pdf(with_script), "This PDF holds a program or another file."),
    (pdf(lambda w: w.add_attachment("a.exe", b"MZ")), "This PDF holds a program or another file."),
    (pdf(pages=201), "This PDF has too many pages. The limit is 200 pages."),
    (b"\xff\xd8\xff\xe0" + b"\0" * 300, "This picture cannot be read. Save it anew and send it again."),
    (b"%PDF-1.7\n" + b"0" * (10 * 1024 * 1024), "The file is too large. The limit is 10 MB."),
]


@pytest.mark.parametrize(("content", "sentence"), REFUSED, ids=[words for _content, words in REFUSED])
def test_what_is_no_paper_is_refused_with_its_sentence(world: World, mine: Client, content, sentence) -> None:
    file = world.draft()
    answer = send(mine, file, content)
    page = unescape(answer.content.decode())
    assert answer.status_code == 400
    assert sentence in page
    assert 'href="#udyam-file"' in page
    assert kept() == (0, 0, 0)


def test_no_file_at_all(world: World, mine: Client) -> None:
    file = world.draft()
    for data in ({"kind": "udyam"}, {"kind": "udyam", "file": "a text, not a file"}):
        answer = mine.post(f"/applications/{file.reference}/documents/", data)
        assert answer.status_code == 400
        assert "Choose a file to send." in answer.content.decode()


@pytest.mark.parametrize("kind", ["", "nothing", "\x00", "udyam'--", "9" * 5000])
def test_a_kind_that_is_not_there(world: World, mine: Client, kind: str) -> None:
    assert send(mine, world.draft(), pdf(), kind).status_code == 404


def test_a_kind_that_is_not_asked_for(world: World, mine: Client) -> None:
    answer = send(mine, world.draft(), pdf(), "other")
    assert answer.status_code == 400
    assert "This document is not asked for now." in answer.content.decode()
    assert kept() == (0, 0, 0)


def test_a_document_is_kept_with_its_hash_and_comes_back_as_an_attachment(world: World, mine: Client) -> None:
    file = world.draft()
    content = pdf()
    answer = send(mine, file, content, name="../../Deed <1> രേഖ.pdf")
    assert answer.status_code == 302
    version = DocumentVersion.objects.get()
    assert (version.number, version.state, version.sent_by) == (1, "received", world.owner)
    assert version.file.sha256 == hashlib.sha256(content).hexdigest()
    assert not set("/\\<>\"'") & set(version.file.name)
    got, body = fetch(mine, file, version)
    assert body == content
    assert got["X-Content-Type-Options"] == "nosniff"
    assert got["Content-Disposition"].startswith("attachment;")
    page = mine.get(f"/applications/{file.reference}/documents/").content.decode()
    assert "Not virus-scanned." in page


def test_the_same_file_twice_is_kept_once(world: World, mine: Client, django_capture_on_commit_callbacks) -> None:
    file = world.draft()
    with django_capture_on_commit_callbacks(execute=True):
        for _turn in range(3):
            assert send(mine, file, pdf()).status_code == 302
    assert kept() == (1, 1, 1)
    send(mine, file, pdf(pages=2))
    versions = DocumentVersion.objects.order_by("number").values_list("number", "state", "file__pages")
    assert list(versions) == [(1, "replaced", 1), (2, "received", 2)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_is_turned_upright_and_sheds_place_and_camera(world: World, mine: Client, kind: str) -> None:
    file = world.draft()
    sent = picture(kind)
    assert b"CAMERA-OF-SOMEBODY" in sent
    assert send(mine, file, sent, name="photo.JPG").status_code == 302
    version = DocumentVersion.objects.get()
    stored = (Path(settings.MEDIA_ROOT) / version.file.path).read_bytes()
    assert b"CAMERA-OF-SOMEBODY" not in stored
    with Image.open(io.BytesIO(stored)) as again:
        assert (again.size, dict(again.getexif()), again.format) == ((40, 60), {}, kind)
    assert version.file.name == ("photo.jpg" if kind == "JPEG" else "photo.png")


def test_a_name_that_lies_about_the_kind_is_set_right(world: World, mine: Client) -> None:
    send(mine, world.draft(), pdf(), name="photo.png.exe")
    assert DocumentVersion.objects.get().file.name == "photo.png.pdf"


def test_after_the_submit_only_a_rejected_document_is_sent_again(world: World, mine: Client) -> None:
    file = world.submitted()
    refused = send(mine, file, pdf())
    assert refused.status_code == 400
    assert "Only a rejected document can be replaced now" in refused.content.decode()
    take_up(file, by=world.officer)
    for key, accept in (("udyam", False), ("growth", True)):
        version = DocumentVersion.objects.get(slot__application=file, slot__kind__key=key)
        actions.judge_document(version, accept=accept, reason="" if accept else "unreadable", by=world.officer)
    assert send(mine, file, pdf(), "growth").status_code == 400
    page = mine.get(f"/applications/{file.reference}/documents/").content.decode()
    assert page.count('type="file"') == 1
    assert "Cannot be read" in page
    assert send(mine, file, pdf(), "udyam").status_code == 302
    states = DocumentVersion.objects.filter(slot__kind__key="udyam").order_by("number").values_list("state", "reason")
    assert list(states) == [("rejected", "unreadable"), ("received", "")]


def test_a_rejection_needs_its_reason_and_another_reason_its_words(world: World) -> None:
    file = world.submitted()
    take_up(file, by=world.officer)
    version = DocumentVersion.objects.filter(slot__application=file)[0]
    for reason, note, sentence in (
        ("", "", "Choose the reason"),
        ("because", "", "Choose the reason"),
        ("other", " ", "Say in words"),
    ):
        with pytest.raises(Refused, match=sentence):
            actions.judge_document(version, accept=False, reason=reason, note=note, by=world.officer)
    with pytest.raises(Refused, match="Your post does not allow this step"):
        actions.judge_document(version, accept=True, by=world.stranger)
    assert DocumentVersion.objects.exclude(state="received").count() == 0


def test_an_officer_opening_a_financial_paper_leaves_a_line_and_the_owner_does_not(
    world: World, mine: Client, sign_in: SignIn
) -> None:
    file = world.submitted()
    money, plain = (
        DocumentVersion.objects.get(slot__application=file, slot__kind__key=key) for key in ("financials", "growth")
    )
    officer = sign_in(world.officer)
    for client in (mine, officer):
        for version in (money, plain):
            assert fetch(client, file, version)[0].status_code == 200
    lines = AuditEvent.objects.filter(verb="file.open").values_list("actor", "subject")
    assert list(lines) == [(f"user:{world.officer.pk}", file.trail_key)]


@pytest.mark.parametrize("state", ["awaiting_scan", "infected"])
def test_what_is_not_scanned_clean_is_not_there_for_an_officer(world: World, sign_in: SignIn, state: str) -> None:
    file = world.submitted()
    version = DocumentVersion.objects.filter(slot__application=file)[0]
    DocumentVersion.objects.filter(pk=version.pk).update(state=state)
    assert fetch(sign_in(world.officer), file, version)[0].status_code == 404
    assert fetch(sign_in(world.owner), file, version)[0].status_code == 200


def test_the_demonstrations_papers_are_accepted_and_all_different(world: World) -> None:
    told = [demo.paper(f"Paper {number} (with) \\ signs and മലയാളം") for number in range(3)]
    stored = [files.receive(upload(content), by=world.owner) for content in told]
    assert len({file.sha256 for file in stored}) == 3
    assert DocumentKind.objects.filter(key__in=world.round.required_documents).count() == 6
    assert State.DRAFT.turn == "still"


def test_a_rejected_document_accepted_after_all_is_told(world: World) -> None:
    file = world.submitted()
    take_up(file, by=world.officer)
    version = DocumentVersion.objects.get(slot__application=file, slot__kind__key="udyam")
    actions.judge_document(version, accept=False, reason="unreadable", by=world.officer)
    actions.judge_document(version, accept=True, by=world.officer)
    told = Message.objects.filter(kind__startswith="document.").order_by("pk")
    assert [mail.kind for mail in told] == ["document.rejected", "document.accepted"]
    assert "You need not send it again." in told[1].body
    assert "Demonstration, not an official site" in told[1].body


def test_a_second_click_changes_nothing_and_another_reason_does(world: World) -> None:
    file = world.submitted()
    take_up(file, by=world.officer)
    version = DocumentVersion.objects.get(slot__application=file, slot__kind__key="udyam")
    for reason in ("unreadable", "unreadable", "unsigned"):
        actions.judge_document(version, accept=False, reason=reason, by=world.officer)
    version.refresh_from_db()
    assert version.reason == "unsigned"
    assert Message.objects.filter(kind="document.rejected").count() == 2
    assert AuditEvent.objects.filter(verb="document.reject").count() == 2
