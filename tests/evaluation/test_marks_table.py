"""The table of marks beside a shortlist: from the file alone every total is made again, to the last decimal."""

import csv
import io
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from applications.models import Application
from evaluation import actions
from evaluation.actions.moderation import moderate
from evaluation.actions.picks import pick
from evaluation.actions.returns import return_file
from evaluation.markstable import marks_table
from evaluation.models import Assessment, Shortlist
from tests.evaluation.conftest import SYSTEM, World

CRITERION = re.compile(r".+ \(weight (\d+), highest mark (\d+)\)")
HIGH, LOW = (5, 5, 5, 5, 5), (2, 3, 2, 3, 2)


def third(world: World) -> Application:
    """Two far apart, settled by a third evaluator."""
    file = world.in_appraisal(exports=5_000_000)
    for one, marks in zip(world.named(file), ((5, 5, 5, 5, 4, 5), (3, 3, 3, 4, 3, 3)), strict=True):
        world.lock(one, *marks)
    one = actions.assign(file, world.manager, by=world.gm)
    world.lock(actions.accept_assessment(one, by=world.manager), 4, 4, 3, 4, 5, 4)
    assert actions.appraise(file, by=SYSTEM)
    return file


def moderated(world: World) -> Application:
    """Two far apart, settled by the General Manager."""
    file = world.in_appraisal()
    for one, marks in zip(world.named(file), (HIGH, LOW), strict=True):
        world.lock(one, *marks)
    moderate(file, Decimal("71.35"), "=The first read the plan with its quotations.", by=world.gm)
    assert actions.appraise(file, by=SYSTEM)
    return file


@pytest.fixture
def packet(world: World) -> Shortlist:
    """Files with a criterion left out, a third evaluator, a moderation, a choice beside the rank, a return."""
    plain, returned = world.appraised(4, 3, 4, 3, 5), world.appraised(3, 4, 3, 4, 4)
    third(world)
    moderated(world)
    made = actions.make_packet(world.dic, world.round, by=world.manager2)
    pick(made, plain, "passed_over", "=Sold since.", by=world.manager2)
    made = actions.freeze(made, by=world.manager2)
    return_file(returned, "Look again.", by=world.gm)
    return made


def table_of(client: Any, packet: Shortlist) -> list[dict[str, str]]:
    answer = client.get(f"{packet.get_absolute_url()}marks.csv")
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def made_again(line: dict[str, str]) -> Fraction:
    """One exact total, from the marks and the headings alone."""
    points, applies = Fraction(0), 0
    for heading, cell in line.items():
        found = CRITERION.fullmatch(heading)
        if found and cell != "n/a":
            weight, most = int(found[1]), int(found[2])
            points += Fraction(int(cell) * weight, most)
            applies += weight
    assert (str(points), str(applies)) == (line["Points"], line["Weight that applies"])
    return points * 100 / applies


def two_places(value: Fraction) -> str:
    """Half up, by whole numbers: no float, no library of ours."""
    hundredths = (value * 200 + 1).__floor__() // 2
    return f"{hundredths // 100}.{hundredths % 100:02}"


def test_every_total_is_made_again_from_the_file_alone(world: World, packet: Shortlist, sign_in: Any) -> None:
    lines = table_of(sign_in(world.directorate), packet)
    files: dict[str, list[dict[str, str]]] = {}
    for line in lines:
        files.setdefault(line["Application number"], []).append(line)
    assert sorted(len(evaluations) for evaluations in files.values()) == [2, 2, 2, 3]
    for evaluations in files.values():
        exact = [made_again(line) for line in evaluations]
        mean = sum(exact, Fraction(0)) / len(exact)
        for line, total in zip(evaluations, exact, strict=True):
            assert (line["Exact total"], line["Total"]) == (str(total), two_places(total))
            assert line["Exact mean of the file"] == str(mean)
            official = line["Moderated total"] or two_places(mean)
            assert line["Official total of the file"] == official
    kept = {row.application.reference: f"{row.total:.2f}" for row in packet.rows.select_related("application")}
    assert {reference: rows[0]["Official total of the file"] for reference, rows in files.items()} == kept
    assert Assessment.objects.count() == len(lines)


def test_words_beside_the_marks_and_no_live_formula(world: World, packet: Shortlist, sign_in: Any) -> None:
    lines = table_of(sign_in(world.gm), packet)
    assert {line["Moderated total"] for line in lines} == {"", "71.35"}
    assert {line["Moderated, because"] for line in lines} == {"", "'=The first read the plan with its quotations."}
    assert {line["Reason"] for line in lines} == {"", "Passed over. =Sold since."}
    assert {line["Recommendation"] for line in lines} == {"Recommended", "Passed over, with a reason"}
    assert sum(1 for line in lines if line["Returned on"]) == 2
    assert sum(1 for line in lines if "Returned to the appraisal on" in line["Changed after the freeze"]) == 2
    for line in lines:
        for cell in line.values():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell


def test_the_headings_are_in_the_readers_language(world: World, packet: Shortlist) -> None:
    english, _lines = marks_table(packet)
    with translation.override("ml"):
        malayalam, lines = marks_table(packet)
    assert len(english) == len(malayalam) == len(lines[0])
    assert malayalam[0] == "റാങ്ക്"
    assert "ഇതുവരെയുള്ള വളർച്ച" in malayalam[4]


def test_the_table_takes_the_same_queries_for_1_and_3_files(world: World, django_assert_max_num_queries: Any) -> None:
    counts = []
    for files in (1, 2):
        for _file in range(files):
            world.appraised()
        made = actions.freeze(actions.make_packet(world.dic, world.round, by=world.manager), by=world.manager)
        made.refresh_from_db()
        with django_assert_max_num_queries(15) as seen:
            marks_table(made)
        counts.append(len(seen))
        Shortlist.objects.filter(pk=made.pk).update(
            state="superseded", ended_at=made.frozen_at, ended_by=world.manager, ended_reason="Again."
        )
    assert counts[0] == counts[1]
