"""A field visit: recorded whole or not at all, its photographs without place and time, read by whoever opens the file."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from accounts.roles import Role
from applications.models import Application, EnterpriseMember
from applications.states import State
from evaluation.actions.visits import Seen, record_visit
from evaluation.models import VerifiedFigure, Visit, VisitPhoto
from evaluation.queries import verified_values
from evaluation.rules.visits import MOST_PHOTOGRAPHS, may_visit
from records.clock import today
from records.models import AuditEvent, Job, PageImage, StoredFile
from records.verdicts import Refused
from tests.evaluation.conftest import World
from tests.evaluation.test_matrix import HERE, THERE, file_in, holder
from tests.evaluation.test_pages import desk, text_of
from tests.records import hostile
from tests.records.hostile import upload
from tests.records.test_pictures import KOCHI, photo

Client = Callable[[User], Any]


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def told(**changes: Any) -> dict[str, Any]:
    """What a browser posts."""
    return {
        "visited_on": f"{today():%d-%m-%Y}",
        "people_met": "Asha Nair, owner; Biju, accountant",
        "findings": "Twelve machines at work.\nRegisters up to date.",
        **changes,
    }


def post(client: Any, file: Application, *photos: Any, **changes: Any) -> Any:
    data = told(**changes)
    return client.post(desk(file, "visits/new/"), {**data, "photographs": list(photos)} if photos else data)


def gate(name: str = "gate.jpg") -> Any:
    return upload(photo(taken="2026:10:12 09:41:30", gps=KOCHI), name)


# ---- Recording ------------------------------------------------------------------------------------------------
def test_a_visit_is_recorded_and_read_on_the_file(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.officer)
    assert client.get(desk(file, "visits/new/")).status_code == 200
    answer = post(client, file, gate(), upload(hostile.picture("PNG"), "hall.png"))
    assert (answer.status_code, answer["Location"]) == (302, desk(file) + "#visits")
    visit = Visit.objects.get()
    assert (visit.number, visit.by, visit.post) == (1, world.officer, "DIC officer, DIC Ernakulam")
    page = text_of(client.get(desk(file)))
    for words in (
        "Asha Nair, owner; Biju, accountant", "Twelve machines at work.<br>Registers up to date.",
        "Taken 12-10-2026, 09:41", "Latitude 9.97639, longitude 76.27972", "No time in the picture",
        "No place in the picture", "DIC officer, DIC Ernakulam, recorded", "Field visit recorded",
        f'alt="Photograph 1 of visit 1 of {today():%d-%m-%Y}"',
    ):  # fmt: skip
        assert words in page, words
    assert "openstreetmap" not in page
    assert "google" not in page
    event = AuditEvent.objects.get(verb="application.visit")
    assert (event.scope, event.data["photographs"]) == ("DIC-EKM", 2)
    assert "Asha" not in str(event.data) + event.note


def test_place_and_time_are_data_and_the_picture_has_neither(world: World, own_files: Path) -> None:
    record_visit(world.file("scrutiny"), Seen(today(), "Owner", "At work."), [gate()], by=world.officer)
    kept = VisitPhoto.objects.select_related("file").get()
    assert kept.taken_at == datetime(2026, 10, 12, 4, 11, 30, tzinfo=UTC)
    assert (kept.latitude, kept.longitude) == (Decimal("9.976389"), Decimal("76.279722"))
    content = (own_files / kept.file.path).read_bytes()
    with Image.open(io.BytesIO(content)) as picture:
        assert (dict(picture.getexif()), picture.info.get("xmp")) == ({}, None)
    assert b"2026:10:12" not in content


def test_figures_of_the_visit_are_verified_with_it(world: World, sign_in: Client) -> None:
    file = world.verified(world.file("scrutiny"))
    changes = {"figure-jobs": "12", "figure-women": "9", "figure-began_on": "14-06-2016", "figure-overdue": "no"}
    answer = post(sign_in(world.officer), file, visited_on=f"{today():%d/%m/%Y}", **changes)
    assert answer.status_code == 302
    rows = VerifiedFigure.objects.filter(visit=Visit.objects.get())
    assert {row.source for row in rows} == {f"Field visit, {today():%d-%m-%Y}"}
    assert {row.key for row in rows} == {"jobs", "women", "began_on", "overdue"}
    values = verified_values(file)
    assert (values["jobs"], values["women"], values["overdue"]) == (Decimal(12), Decimal(9), "no")
    page = text_of(sign_in(world.officer).get(desk(file)))
    assert "<dt>Persons employed</dt><dd>12</dd>" in page


def test_a_contradiction_keeps_nothing_of_the_visit(world: World, sign_in: Client) -> None:
    file = world.verified(world.file("scrutiny"))
    figures = VerifiedFigure.objects.count()
    answer = post(sign_in(world.officer), file, gate(), **{"figure-jobs": "12", "figure-women": "13"})
    page = text_of(answer)
    assert answer.status_code == 400
    assert "Women employed (13) cannot be more than persons employed (12)." in page
    assert 'value="12"' in page
    assert '<details class="m-fold" id="figures" open>' in page
    assert (Visit.objects.count(), VerifiedFigure.objects.count()) == (0, figures)
    assert not StoredFile.objects.filter(content_type="image/jpeg").exists()


def test_a_second_click_records_nothing_and_a_correction_is_another_visit(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.officer)
    for _click in range(2):
        assert post(client, file, gate(), **{"figure-jobs": "12"}).status_code == 302
    assert (Visit.objects.count(), VerifiedFigure.objects.count(), VisitPhoto.objects.count()) == (1, 1, 1)
    post(client, file, gate(), **{"figure-jobs": "13"})
    post(client, file, findings="One machine stands still.")
    assert list(Visit.objects.values_list("number", flat=True)) == [1, 2, 3]
    assert text_of(client.get(desk(file))).index("One machine stands still.") > 0


def test_every_photograph_is_drawn_small_for_the_page(world: World) -> None:
    record_visit(world.file("scrutiny"), Seen(today(), "Owner", "At work."), [gate(), gate("b.jpg")], by=world.officer)
    assert Job.objects.filter(name="records.pages").count() == 2


def test_the_database_itself_keeps_a_visit_as_it_was_written(world: World) -> None:
    record_visit(world.file("scrutiny"), Seen(today(), "Owner", "At work."), [gate()], by=world.officer)
    for rows, change in ((Visit.objects, {"findings": "Another"}), (VisitPhoto.objects, {"latitude": None})):
        for verb in (
            lambda rows=rows, change=change: rows.update(**change),
            lambda rows=rows: rows.all()._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                verb()


# ---- What is refused ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"visited_on": ""}, "Enter the date of the visit as DD-MM-YYYY."),
        ({"visited_on": "31-02-2026"}, "Enter the date of the visit as DD-MM-YYYY."),
        ({"visited_on": "01-01-2090"}, "The date cannot be in the future."),
        ({"visited_on": "01-01-2020"}, "the visit cannot have been before."),
        ({"people_met": " "}, "Write whom you met."),
        ({"findings": ""}, "Write what you found."),
        ({"findings": "<b>bold</b>"}, "The signs &lt; and &gt; cannot be used here."),
        ({"figure-jobs": "many"}, "digits only"),
        ({"figure-turnover-2025-26": "-5"}, "This amount cannot be less than 0."),
    ],
)
def test_wrong_input_keeps_what_was_typed(
    world: World, sign_in: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = post(sign_in(world.officer), world.file("scrutiny"), gate(), **changes)
    page = text_of(answer)
    assert answer.status_code == 400
    assert sentence in page
    assert "Choose the photographs again" in page
    kept = {**told(), **changes}
    assert changes.keys() & {"people_met"} or kept["people_met"] in page
    assert changes.keys() & {"findings"} or "Twelve machines at work." in page
    assert not Visit.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (hostile.pdf(), "This kind of file is not accepted. Send a JPEG or a PNG."),
        (b"<svg onload=alert(1)>", "This kind of file is not accepted. Send a JPEG or a PNG."),
        (hostile.picture()[:400], "This picture cannot be read. Save it anew and send it again."),
        (hostile.huge_png(), "This picture is too large. Send one of at most 40 megapixels."),
    ],
)
def test_a_hostile_picture_is_named_and_nothing_is_kept(
    world: World, sign_in: Client, content: bytes, sentence: str
) -> None:
    answer = post(sign_in(world.officer), world.file("scrutiny"), gate(), upload(content, "b.jpg"))
    assert answer.status_code == 400
    assert f"Photograph 2 (b.jpg): {sentence}" in text_of(answer)
    assert not Visit.objects.exists()
    assert not StoredFile.objects.filter(content_type="image/jpeg").exists()


def test_photographs_are_counted(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    many = [upload(hostile.picture(size=(9, number + 1)), f"{number}.jpg") for number in range(MOST_PHOTOGRAPHS + 1)]
    answer = post(sign_in(world.officer), file, *many)
    assert "Send at most 10 photographs." in text_of(answer)
    with pytest.raises(Refused, match="at most 10"):
        record_visit(file, Seen(today(), "Owner", "At work."), many, by=world.officer)
    for picture in many:
        picture.seek(0)
    record_visit(file, Seen(today(), "Owner", "At work."), many[1:], by=world.officer)
    assert VisitPhoto.objects.count() == MOST_PHOTOGRAPHS


def test_every_cell_of_recording() -> None:
    for state, role, office in product(State.values, Role.values, (HERE, THERE)):
        expected = (
            state in {State.SCRUTINY, State.APPRAISAL} and role in {Role.OFFICER, Role.MANAGER} and office is HERE
        )
        verdict = may_visit(holder(role, office), file_in(state))
        assert bool(verdict) == expected, (state, role, office.code)
        assert verdict or str(verdict.reason)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("submitted", "Take the file up first."), ("clarification", "The file is: With applicant.")],
)
def test_another_state_says_why_and_keeps_what_was_typed(
    world: World, sign_in: Client, state: str, sentence: str
) -> None:
    answer = post(sign_in(world.officer), world.file(state))
    assert answer.status_code == 409
    assert sentence in text_of(answer)
    assert "Twelve machines at work." in text_of(answer)


def test_whoever_acts_for_the_enterprise_records_none(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.officer)
    answer = post(sign_in(world.officer), file)
    assert answer.status_code == 409
    assert "You act for this enterprise" in text_of(answer)
    assert "visits/new/" not in text_of(sign_in(world.officer).get(desk(file)))
    with pytest.raises(Refused, match="You act for this enterprise"):
        record_visit(file, Seen(today(), "Owner", "At work."), by=world.officer)


def test_the_day_lies_between_submission_and_today(world: World) -> None:
    file = world.file("scrutiny")
    first = file.submitted_at
    assert first
    for day in (first.date() - timedelta(days=2), today() + timedelta(days=1), date(1990, 1, 1)):
        with pytest.raises(Refused) as refused:
            record_visit(file, Seen(day, "Owner", "At work."), by=world.officer)
        assert refused.value.field == "visited_on"


# ---- Reading --------------------------------------------------------------------------------------------------
def shown(file: Application, world: World) -> str:
    record_visit(file, Seen(today(), "Owner", "At work."), [gate()], by=world.officer)
    return desk(file, f"visits/1/photos/{VisitPhoto.objects.get().pk}/")


def test_a_photograph_is_looked_at_in_place_and_kept_by_nobody(world: World, sign_in: Client, own_files: Path) -> None:
    address = shown(world.file("scrutiny"), world)
    client = sign_in(world.officer)
    answer = client.get(address)
    content = answer.getvalue()
    assert content == (own_files / VisitPhoto.objects.get().file.path).read_bytes()
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["Content-Type"] == "image/jpeg"
    stored = VisitPhoto.objects.get().file
    (own_files / "small.webp").write_bytes(b"RIFF\0\0\0\0WEBP")
    PageImage.objects.create(file=stored, number=1, path="small.webp", size=12, width=9, height=9)
    small, whole = client.get(address), client.get(address + "?whole")
    assert [one.getvalue()[:4] for one in (small, whole)] == [b"RIFF", content[:4]]
    assert (small["Content-Type"], whole["Content-Type"]) == ("image/webp", "image/jpeg")
    for one in (answer, small, whole):
        assert (one["X-Content-Type-Options"], one["Cache-Control"]) == ("nosniff", "private, no-store")


def test_another_files_photograph_is_not_there(world: World, sign_in: Client) -> None:
    address = shown(world.file("scrutiny"), world)
    pk = VisitPhoto.objects.get().pk
    client = sign_in(world.officer)
    assert client.get(desk(world.file("scrutiny"), f"visits/1/photos/{pk}/")).status_code == 404
    assert client.get(re.sub(r"visits/1/", "visits/2/", address)).status_code == 404
    for who in ("stranger", "owner", "evaluator"):
        assert sign_in(world.people[who]).get(address).status_code == 404


def test_an_evaluator_of_a_taluk_sees_the_visit_of_the_file_they_score(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    world.named(file)
    address = shown(file, world)
    client = sign_in(world.evaluator)
    page = text_of(client.get(desk(file)))
    assert "At work." in page
    assert address in page
    assert "visits/new/" not in page
    assert client.get(address).getvalue().startswith(b"\xff\xd8")
    assert client.get(desk(file, "visits/new/")).status_code == 403


def test_during_the_appraisal_a_missing_visit_is_said_and_blocks_nothing(world: World, sign_in: Client) -> None:
    file = world.in_appraisal()
    client = sign_in(world.officer)
    page = text_of(client.get(desk(file)))
    next_panel = page[page.index('id="next"') :]
    assert "No visit is recorded yet." in next_panel
    assert f'href="{desk(file, "visits/new/")}"' in next_panel
    for one in world.named(file):
        world.lock(one, 4, 3, 4, 3, 5)
    post(client, file)
    page = text_of(client.get(desk(file)))
    assert "No visit is recorded yet." not in page


def test_the_visits_take_the_same_queries_for_1_and_3(world: World, sign_in: Client) -> None:
    file = world.file("scrutiny")
    client = sign_in(world.officer)
    counts = []
    for number in range(3):
        seen = Seen(today(), "Owner", f"Visit {number}.", {"jobs": Decimal(12 + number)})
        record_visit(file, seen, [gate(), gate("b.jpg")], by=world.officer)
        client.get(desk(file))
        with CaptureQueriesContext(connection) as made:
            client.get(desk(file))
        counts.append(len(made))
    assert counts[0] == counts[2]
