"""The release of a meeting: looked at, previewed, done in one act by a convenor without a conflict, then watched."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import Permission
from applications.models import Application, EnterpriseMember
from evaluation.actions import decisions, meetings, releases
from evaluation.models import CommitteeRecusal, Release
from evaluation.states import DecisionReason, Outcome
from records import jobs
from records.audit import events_about
from records.models import Job, JobState, Message, Paper
from records.verdicts import Refused
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_letters import decided, letter_of, three, work

SignIn = Callable[[Any], Any]
ROWS = [("81.00", "recommended"), ("66.00", "reserve"), ("44.00", "below")]


PREPARE = {"prepare": "1"}


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def counted(page: str) -> dict[str, str]:
    """What the button of a release sends: the decisions the page has counted."""
    found = re.search(r'name="release" value="([0-9a-f]{64})"', page)
    assert found is not None
    return {"release": found[1]}


def test_the_page_says_what_would_be_released_and_the_act_releases_it(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = decided(sitting, *ROWS)
    late = sitting.file("70.00", "reserve")
    item = meetings.put_on_agenda(meeting, late, by=sitting.convenor)
    address = f"/committee/{meeting.number}/release/"
    client = sign_in(sitting.convenor)
    page = text_of(client.get(address))
    assert f'href="/committee/{meeting.number}/{late.reference}/">{late.reference}</a>' in page
    assert f"Not decided yet: {late.reference}." in page
    numbers = r'data-label="(Selected|On the reserve list|Not selected)">(\d+)</td>'
    assert [number for _word, number in re.findall(numbers, page)[:3]] == ["1", "1", "1"]
    answer = client.post(address, PREPARE)
    assert (answer.status_code, f"Not decided yet: {late.reference}." in text_of(answer)) == (409, True)
    decisions.decide(
        item, Outcome.SELECTED, DecisionReason.MERIT, "The only exporter of its taluk.", by=sitting.convenor
    )
    page = text_of(client.get(address))
    assert "On the reserve list → <strong>Selected</strong>" in page
    assert "The only exporter of its taluk." in page
    assert client.post(address, PREPARE).status_code == 302
    page = text_of(client.get(address))
    assert "You prepared this release" in page
    client = sign_in(sitting.convenor2)
    page = text_of(client.get(address))
    for number, words in ((2, "Selected"), (1, "On the reserve list"), (1, "Not selected")):
        assert f"{words}: <strong>{number}</strong>" in page
    assert client.post(address, counted(page)).status_code == 302
    page = text_of(client.get(address))
    assert "0 of 4 letters made" in page
    assert "The administrator starts one with make run" in page
    assert 'hx-get="/committee/SLAC-3-01/release/letters/"' in page
    assert client.post(address, PREPARE).status_code == 409
    assert client.post(address, {"release": ""}).status_code == 409
    assert Release.objects.count() == 1


def test_whoever_gave_no_fresh_second_factor_is_asked_first(sitting: Sitting, client: Any) -> None:
    meeting = decided(sitting, *ROWS)
    client.force_login(sitting.convenor)
    answer = client.post(f"/committee/{meeting.number}/release/", PREPARE)
    assert (answer.status_code, "reauthenticate" in answer.url or "2fa" in answer.url) == (302, True)
    assert not Release.objects.exists()


def test_a_convenor_with_a_conflict_neither_releases_nor_reads_that_letter(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = decided(sitting, *ROWS)
    file = Application.objects.order_by("pk")[0]
    CommitteeRecusal.objects.create(
        application=file, member=sitting.convenor, reason="A cousin.", recorded_by=sitting.convenor
    )
    client = sign_in(sitting.convenor)
    page = text_of(client.get(f"/committee/{meeting.number}/release/"))
    assert file.enterprise.name_en not in page
    assert "another convenor releases it" in page
    assert re.search(r'Ernakulam</th><td class="m-n" data-label="Selected">0</td>', page)
    answer = client.post(f"/committee/{meeting.number}/release/", PREPARE)
    assert (answer.status_code, file.enterprise.name_en in text_of(answer)) == (409, False)
    assert client.get(f"/committee/{meeting.number}/letters/{file.reference}/").status_code == 404
    own = Application.objects.order_by("pk")[1]
    EnterpriseMember.objects.create(enterprise=own.enterprise, user=sitting.convenor2)
    with pytest.raises(Refused, match="another convenor releases it"):
        releases.prepare_release(meeting, by=sitting.convenor2)
    assert (Release.objects.count(), Job.objects.filter(name="evaluation.letters").count()) == (0, 0)


def test_one_prepares_and_another_releases(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = decided(sitting, *ROWS)
    address, first, second = f"/committee/{meeting.number}/release/", sitting.convenor, sitting.convenor2
    with pytest.raises(Refused, match="not prepared yet"):
        releases.release(meeting, by=second)
    assert "not prepared yet" in text_of(sign_in(second).post(address, {"release": ""}))
    assert sign_in(second).post(address, {}).status_code == 400
    releases.prepare_release(meeting, by=first)
    with pytest.raises(Refused, match="You prepared this release"):
        releases.release(meeting, by=first)
    button = counted(text_of(sign_in(second).get(address)))
    assert sign_in(first).post(address, button).status_code == 409
    assert Release.objects.count() == 0
    releases.prepare_release(meeting, by=second)  # the other way round
    made = releases.release(meeting, by=first)
    assert (made.prepared_by, made.released_by) == (second, first)
    told = [event.data for event in events_about(meeting) if event.verb == "meeting.release"]
    assert [(one["selected"], one["reserve"], one["not_selected"]) for one in told] == [(1, 1, 1)]


def test_what_was_prepared_or_counted_is_what_goes_out(sitting: Sitting, sign_in: SignIn) -> None:
    """A decision taken anew after the preparation, or after the page was opened: nothing goes out until it is looked at."""
    meeting = decided(sitting, *ROWS)
    file = Application.objects.order_by("pk")[0]
    address, client = f"/committee/{meeting.number}/release/", sign_in(sitting.convenor2)
    releases.prepare_release(meeting, by=sitting.convenor)
    before = counted(text_of(client.get(address)))
    decisions.reopen(sitting.item(file), "A loan came to light.", by=sitting.convenor)
    words = "The loan is not repaid."
    decisions.decide(sitting.item(file), Outcome.NOT_SELECTED, DecisionReason.FINDING, words, by=sitting.convenor)
    assert "prepared anew" in text_of(client.get(address))
    assert client.post(address, before).status_code == 409
    with pytest.raises(Refused, match="prepared anew"):
        releases.release(meeting, by=sitting.convenor2)
    releases.prepare_release(meeting, by=sitting.convenor)
    answer = client.post(address, before)
    assert (answer.status_code, "look at the numbers again" in text_of(answer)) == (409, True)
    assert client.post(address, counted(text_of(client.get(address)))).status_code == 302


def test_the_database_keeps_the_one_who_prepared_from_releasing(sitting: Sitting) -> None:
    made = sitting.release(decided(sitting, ROWS[0]))
    with pytest.raises(IntegrityError):
        Release.objects.filter(pk=made.pk).update(released_by=made.prepared_by)


def test_letters_are_previewed_in_both_languages_without_number_or_code(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = decided(sitting, *ROWS)
    sitting.world.owner.language = "ml"
    sitting.world.owner.save()
    files = list(Application.objects.order_by("pk"))
    client = sign_in(sitting.convenor)
    address = f"/committee/{meeting.number}/letters/{files[2].reference}/"
    first = text_of(client.get(address))
    assert '<html lang="ml">' in first
    english = text_of(client.get(f"{address}?language=en"))
    for said in (
        "Preview, not released",
        "44.00 of 100",
        "Pass mark: 60",
        "within 30 days of the release",
        "Not selected",
    ):
        assert said in english
    assert all(sign not in first + english for sign in ("<svg", "SHA-256 ", "LT-3", 'href="tokens.css"'))
    reserve = text_of(client.get(f"/committee/{meeting.number}/letters/{files[1].reference}/?language=en"))
    assert "the place is given at the release" in reserve
    assert client.get(f"/committee/{meeting.number}/letters/M1K-3-EKM-99999/").status_code == 404
    assert not Paper.objects.exists()


def test_what_failed_is_shown_and_tried_again(sitting: Sitting, sign_in: SignIn) -> None:
    jobs.say_alive("test")
    release = three(sitting)
    work()
    first, second, third = [letter_of(row.application) for row in release.decisions.order_by("pk")]
    ready = {"state": JobState.READY, "pdf": "a.pdf", "ready_at": release.released_at}
    Paper.objects.filter(pk__in=[first.pk, third.pk]).update(**ready)
    Paper.objects.filter(pk=second.pk).update(state=JobState.FAILED, error="The PDF libraries are missing.")
    Job.objects.filter(subject=f"paper:{second.pk}").update(state=JobState.FAILED, finished_at=release.released_at)
    mail = Message.objects.filter(kind="application.decided").latest("pk")
    Message.objects.filter(pk=mail.pk).update(state=JobState.FAILED, error="Refused.")
    Job.objects.filter(subject=f"message:{mail.pk}").update(state=JobState.FAILED, finished_at=release.released_at)
    client, part = sign_in(sitting.convenor), f"/committee/{release.meeting.number}/release/letters/"
    page = text_of(client.get(part))
    for said in ("2 of 3 letters made", "1 PDF has failed.", "1 e-mail could not be sent.", "Try again"):
        assert said in page
    assert "hx-get" not in page
    assert client.post(part).status_code == 302
    again = Job.objects.filter(subject=f"paper:{second.pk}", state=JobState.QUEUED).get()
    assert again.priority == 9
    assert Job.objects.filter(subject=f"message:{mail.pk}", state=JobState.QUEUED).count() == 1
    assert "hx-get" in text_of(client.get(part))
    assert Paper.objects.filter(kind="evaluation.letter").count() == 3


def test_a_release_and_its_page_ask_as_much_for_each_file(sitting: Sitting, sign_in: SignIn) -> None:
    client, asked, shown, wrote, prepared = sign_in(sitting.convenor), [], [], [], []
    assert sitting.convenor2.has(Permission.RELEASE)  # the posts are read once a person, and not counted here
    for number in (1, 2, 4):
        meeting = decided(sitting, *[("81.00", "recommended")] * number)
        with CaptureQueriesContext(connection) as page:
            client.get(f"/committee/{meeting.number}/release/")
        with CaptureQueriesContext(connection) as preparing:
            releases.prepare_release(meeting, by=sitting.convenor)
        prepared.append(len(preparing))
        with CaptureQueriesContext(connection) as act:
            releases.release(meeting, by=sitting.convenor2)
        with CaptureQueriesContext(connection) as letters:
            work()
        shown.append(len(page))
        wrote.append(len(letters))
        asked.append(len(act))
    assert shown[0] == shown[1] == shown[2]
    assert prepared[0] == prepared[1] == prepared[2]
    for counts in (asked, wrote):
        assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])


def test_nobody_else_releases(sitting: Sitting, sign_in: SignIn) -> None:
    meeting = decided(sitting, ROWS[0])
    for reader, status in ((sitting.member, 403), (sitting.world.directorate, 403), (sitting.world.gm, 404)):
        client = sign_in(reader)
        assert client.post(f"/committee/{meeting.number}/release/", PREPARE).status_code == status
    with pytest.raises(Refused, match="Only the convenor"):
        releases.prepare_release(meeting, by=sitting.member)
    releases.prepare_release(meeting, by=sitting.convenor)
    with pytest.raises(Refused, match="Only the convenor"):
        releases.release(meeting, by=sitting.member)


def test_a_file_that_came_from_another_district_counts_where_it_was_shortlisted(
    sitting: Sitting, sign_in: SignIn
) -> None:
    """Its number names the district it was begun in; rank, reserve list and office are those of the other one."""
    meeting = decided(sitting, ("81.00", "recommended"), ("70.00", "reserve"), ("66.00", "reserve"))
    came = Application.objects.order_by("pk")[1]
    Application.objects.filter(pk=came.pk).update(district=sitting.world.other_dic.district)
    address, client = f"/committee/{meeting.number}/release/", sign_in(sitting.convenor)
    assert "Thrissur" not in text_of(client.get(address))
    made = sitting.release(meeting)
    assert list(made.decisions.order_by("rank").values_list("place", flat=True)) == [None, 1, 2]
