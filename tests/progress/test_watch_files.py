"""The files behind a figure: listed, ordered, taken away; drafts are counted and never named."""

import io
import time
import zipfile

from applications.models import Application, Enterprise
from records.clock import now
from tests.evaluation.conftest import World
from tests.progress.conftest import Client, text_of


def rows_of(answer: object) -> list[str]:
    """The lines of a CSV without its head."""
    return b"".join(answer.streaming_content).decode().splitlines()[1:]  # type: ignore[attr-defined]


def test_the_list_is_ordered_paged_and_taken_away_whole(world: World, sign_in: Client) -> None:
    files = [world.file("scrutiny", office=world.other_dic if number % 2 else world.dic) for number in range(27)]
    Enterprise.objects.filter(pk=files[0].enterprise_id).update(name_en="=1+1")
    client = sign_in(world.directorate)
    query = "stage=scrutiny&sort=-reference"
    first, second = (text_of(client.get(f"/watch/files/?{query}&page={page}")) for page in (1, 2))
    assert "27 files" in first
    assert (first.count('<span class="m-sub m-ref">'), second.count('<span class="m-sub m-ref">')) == (25, 2)
    assert f'href="/desk/{files[-1].reference}/"' in first
    assert f'href="/desk/{files[0].reference}/"' in second
    assert 'aria-sort="descending"' not in first  # no column is the number's
    lines = rows_of(client.get(f"/watch/files/export.csv?{query}"))
    assert [line.split(",")[0] for line in lines] == [file.reference for file in reversed(files)]
    assert ",'=1+1," in lines[-1]
    assert "DIC officer, DIC Ernakulam" in lines[0]
    here = f"/watch/files/export.xlsx?{query}&district=EKM"
    sheet = zipfile.ZipFile(io.BytesIO(client.get(here).content)).read("xl/worksheets/sheet1.xml").decode()
    assert (sheet.count("<row "), sheet.count("<f>")) == (1 + 14, 0)
    for order in (
        "days",
        "-days",
        "enterprise",
        "-enterprise",
        "district",
        "-district",
        "state",
        "-state",
        "reference",
    ):
        assert client.get(f"/watch/files/?sort={order}").status_code == 200
    assert client.get(f"/desk/{files[0].reference}/").status_code == 200


def test_drafts_are_counted_by_district_and_never_named(world: World, sign_in: Client) -> None:
    drafts = [world.file("draft"), world.file("draft", office=world.other_dic), world.file("draft")]
    Application.objects.filter(pk=drafts[2].pk).update(state="lapsed", ended_at=now())
    client = sign_in(world.auditor)
    page = text_of(client.get("/watch/files/?stage=draft"))
    assert "2 drafts, counted and not named" in page
    assert "<span>Ernakulam</span><strong>1</strong>" in page
    assert "1 draft, counted and not named" in text_of(client.get("/watch/files/?stage=closed"))
    everything = [page, text_of(client.get("/watch/files/")), *rows_of(client.get("/watch/files/export.csv"))]
    for file in drafts:
        assert not any(file.reference in text or file.enterprise.name_en in text for text in everything)


def test_an_empty_list_says_what_to_do(world: World, sign_in: Client) -> None:
    page = text_of(sign_in(world.directorate).get("/watch/files/?stage=selected&district=EKM"))
    assert "No file matches" in page
    assert 'href="/watch/files/?round=3">Show all files of the round</a>' in page
    assert 'href="/watch/?round=3">Back to the watch</a>' in page
    assert "Remove<" in page


def test_files_are_taken_away_with_a_fresh_second_factor_and_by_nobody_else(world: World, sign_in: Client) -> None:
    client = sign_in(world.directorate)
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time() - 16 * 60}]
    session.save()
    asked = client.get("/watch/files/export.csv?stage=open")
    assert asked.status_code == 302
    assert asked.url == "/accounts/2fa/reauthenticate/?next=%2Fwatch%2Ffiles%2Fexport.csv%3Fstage%3Dopen"
    assert client.get("/watch/table.csv").status_code == 200  # figures, no names
    refused = sign_in(world.gm).get("/watch/files/export.csv")
    assert refused.status_code == 403
    assert "The watch over all districts is for the Directorate and the auditor." in text_of(refused)


def test_the_tables_are_taken_away_with_the_state_last(world: World, sign_in: Client) -> None:
    world.file("scrutiny")
    client = sign_in(world.directorate)
    text = b"".join(client.get("/watch/table.csv").streaming_content).decode().lstrip("\ufeff")
    head, *lines = [line.split(",") for line in text.splitlines()]
    assert len(head) == len(set(head))
    assert lines[-1][0] == "Kerala"
    for column in range(1, len(head)):
        if head[column] not in {"Of the target", "Target"}:
            assert sum(int(line[column]) for line in lines[:-1]) == int(lines[-1][column]), head[column]
