"""The Committee's home, a meeting's page, a file of its agenda: who reads what of it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.models import DocumentVersion
from evaluation.actions import decisions, meetings
from evaluation.queries.agenda import papers_of
from evaluation.states import DecisionReason, Outcome, Recommendation
from evaluation.trail.meetings import MEETING
from records import papers
from records.models import AuditEvent
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, sit
from tests.evaluation.test_trail_table import every_verb


@pytest.fixture
def sitting(world: World) -> Sitting:
    return sit(world)


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:2000]
    return " ".join(answer.content.decode().split())


def test_the_home_says_what_comes_next(sitting: Sitting, sign_in: Any) -> None:
    page = text_of(sign_in(sitting.member).get("/committee/"))
    assert "No meeting is planned" in page
    assert "Shortlists that wait" not in page
    first, below = sitting.file(), sitting.file("44.00", Recommendation.BELOW)
    page = text_of(sign_in(sitting.convenor).get("/committee/"))
    assert "SL-3-EKM-01" in page
    assert "2 files of 2" in page
    meeting = sitting.meeting(first, below)
    page = text_of(sign_in(sitting.member).get("/committee/"))
    assert meeting.number in page
    assert "In 3 days." in page
    assert sign_in(sitting.member).get("/home/").headers["Location"] == "/committee/"
    assert "None. A shortlist comes here" in text_of(sign_in(sitting.convenor).get("/committee/"))


def test_a_recused_reader_finds_the_number_and_nothing_else(sitting: Sitting, sign_in: Any) -> None:
    first, second = sitting.file("81.00"), sitting.file("77.00")
    meeting = sitting.in_session(first, second)
    decisions.decide(sitting.item(second), Outcome.SELECTED, DecisionReason.WITHIN_TARGET, by=sitting.convenor)
    decisions.recuse(sitting.item(first), sitting.member, "My brother's firm.", by=sitting.member)
    client, name = sign_in(sitting.member), first.enterprise.name_en
    for address in ("/committee/", f"/committee/{meeting.number}/", f"/committee/{meeting.number}/{first.reference}/"):
        page = text_of(client.get(address))
        assert name not in page
        assert "81.00" not in page
        assert "recused" in page
    assert 'count">0<' in text_of(client.get(f"/committee/{meeting.number}/?show=undecided"))
    table = b"".join(client.get(f"/committee/{meeting.number}/agenda.csv").streaming_content).decode()
    assert table.splitlines()[-1] == f",{first.reference},recused"
    assert name not in table
    page = text_of(client.get(f"/committee/{meeting.number}/trail/"))
    assert f"{second.reference} decided: Selected" in page
    assert first.reference not in page
    page = text_of(sign_in(sitting.member2).get(f"/committee/{meeting.number}/trail/"))
    assert f"Member1 recused from {first.reference}: My brother" in page
    page = text_of(sign_in(sitting.member2).get(f"/committee/{meeting.number}/{first.reference}/"))
    assert name in page
    assert "Evaluator 1" in page


def test_the_agenda_takes_the_same_queries_for_1_and_3_files(sitting: Sitting, sign_in: Any) -> None:
    client = sign_in(sitting.convenor)
    counts = []
    for files in (1, 3):
        meeting = sitting.meeting(*(sitting.file() for _ in range(files)))
        with CaptureQueriesContext(connection) as made:
            page = text_of(client.get(f"/committee/{meeting.number}/"))
        assert f"{files} file" in page
        counts.append(len(made))
    assert counts[0] == counts[1]


def test_a_member_reads_the_papers_and_the_trail_says_so(sitting: Sitting, sign_in: Any) -> None:
    file = sitting.file()
    meeting = sitting.in_session(file)
    version = DocumentVersion.objects.get(slot__application=file, slot__kind__key="financials")
    DocumentVersion.objects.filter(pk=version.pk).update(state="received")
    client, at = sign_in(sitting.member), f"/committee/{meeting.number}/{file.reference}/"
    address = f"{at}documents/{version.pk}/read/"
    assert f'href="{address}"' in text_of(client.get(at))
    assert "As the enterprise stated it" in text_of(client.get(address))
    opened = AuditEvent.objects.filter(verb="file.open", subject=file.trail_key)
    assert [event.actor for event in opened] == [f"user:{sitting.member.pk}"]
    assert client.get(f"/desk/{file.reference}/").status_code == 404
    decisions.recuse(sitting.item(file), sitting.member, "My brother's firm.", by=sitting.member)
    for tail in ("read/", "pages/1/", ""):
        assert file.enterprise.name_en not in text_of(client.get(f"{at}documents/{version.pk}/{tail}"), 403)


def test_the_address_narrows_and_orders_the_agenda(sitting: Sitting, sign_in: Any) -> None:
    first, second, below = (
        sitting.file("81.00"),
        sitting.file("66.00", Recommendation.RESERVE),
        sitting.file("44.00", Recommendation.BELOW),
    )
    meeting = sitting.in_session(first, second, below)
    decisions.decide(sitting.item(second), Outcome.SELECTED, DecisionReason.MERIT, "It exports.", by=sitting.convenor)
    client, at = sign_in(sitting.world.auditor), f"/committee/{meeting.number}/"

    def found(query: str) -> list[str]:
        lines = b"".join(client.get(f"{at}agenda.csv?{query}").streaming_content).decode().splitlines()
        return [line.split(",")[1] for line in lines[1:]]

    assert found("sort=total") == [below.reference, second.reference, first.reference]
    assert found("show=out_of_rank") == [second.reference]
    assert found("show=annexure") == [below.reference]
    assert found("show=undecided&sort=-position") == [below.reference, first.reference]
    assert found("district=TSR&show=x") == [first.reference, second.reference, below.reference]
    page = text_of(client.get(f"{at}?district=TSR&show=x&sort=pk"))
    assert "so it was left out: Show, District, Order." in page
    assert "not released" in page
    assert client.get(f"{at}agenda.xlsx").status_code == 200
    assert text_of(client.get("/committee/SLAC-9-99/"), 404)
    assert text_of(client.get(f"{at}M1K-3-EKM-99999/"), 404)
    assert "Put files on the agenda" not in page


def test_every_act_in_a_meeting_has_its_sentence() -> None:
    assert {verb for verb in every_verb() if verb.startswith("meeting.")} == {
        verb for verb in MEETING if verb.startswith("meeting.")
    }


def test_the_agenda_is_a_paper_for_who_reads_all_of_it(sitting: Sitting, sign_in: Any) -> None:
    first, second = sitting.file(), sitting.file("44.00", Recommendation.BELOW)
    meeting = sitting.meeting(first)
    at = f"/committee/{meeting.number}/"
    client = sign_in(sitting.convenor)
    assert "being made" in text_of(client.post(f"{at}paper/", follow=True))
    meetings.put_on_agenda(meeting, second, by=sitting.convenor)
    client.post(f"{at}paper/")
    newest, oldest = papers_of(meeting)
    assert oldest.superseded_by == newest
    page = papers.html_of(newest)
    assert "Annexure: not shortlisted" in page
    assert second.enterprise.name_en in page
    assert newest.number in text_of(sign_in(sitting.member).get(at))
    decisions.recuse(sitting.item(second), sitting.member, "My brother's firm.", by=sitting.member)
    assert newest.number not in text_of(sign_in(sitting.member).get(at))
    assert sign_in(sitting.member).get(newest.get_absolute_url()).status_code == 404
    assert newest.number in text_of(sign_in(sitting.world.auditor).get(f"{at}trail/"))
