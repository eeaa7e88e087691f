"""The last hour of a round: everybody comes at once, and nothing is lost, nothing doubled, nothing breaks."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from statistics import median, quantiles
from typing import Any

import pytest
from django.db import connection, connections
from pypdf import PdfReader

from tests.architecture.tree import ROOT
from tests.drills.crowd import mishap_of
from tests.drills.production import HOST, Production, production, served
from tests.drills.size import size, write_figures

pytestmark = [pytest.mark.drill, pytest.mark.postgres, pytest.mark.prints]

MANY = int(os.environ.get("DRILL_PEOPLE", "0")) or size(8, 10_000)  # fewer, where there are no hours for it
READY = size(4, 1_000)  # drafts that lack nothing, handed in by two processes without the pages around it
TOGETHER = 20  # arrivals in each second
AT_ONCE = size(8, 64)
WHOLE_RECEIPTS = min(MANY, size(2, 200))  # PDFs waited for; the others' jobs are all there, each once
WORLD = ("-m", "tests.drills.deadline_world")
PATIENCE = 1_200 + 2 * MANY  # seconds after which nobody comes in any more: one every two seconds is the least


def blank_paper() -> str:
    """A PDF of one page with a line of dots."""
    from applications.demo import _blank  # noqa: PLC0415 -- after Django is set up

    return _blank().decode("latin-1")


def let_them_come(portal: Production, people: list[dict[str, str]]) -> dict[str, Any]:
    """Send the crowd from a process of its own; what was answered."""
    plan, answers = portal.data / "plan.json", portal.data / "answers.json"
    plan.write_text(
        json.dumps(
            {
                "host": HOST,
                "port": portal.port,
                "people": people,
                "paper": blank_paper(),
                "together": TOGETHER,
                "at_once": AT_ONCE,
                "seconds": PATIENCE,
            }
        )
    )
    words = [sys.executable, "-m", "tests.drills.crowd", str(plan), str(answers)]
    done = subprocess.run(words, cwd=ROOT, timeout=PATIENCE + 600, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(answers.read_text())
    return found


def drain(portal: Production) -> float:
    """Every mail out, and so many receipts whole; the seconds it took."""
    began = time.monotonic()
    unsent = "SELECT count(*) = 0 FROM records_message WHERE state <> 'ready'"
    portal.wait("mails", unsent, 300 + MANY / 5)
    ready = f"SELECT count(*) >= {WHOLE_RECEIPTS} FROM records_paper WHERE state = 'ready'"
    portal.wait("receipts", ready, 300 + WHOLE_RECEIPTS * 3)
    return time.monotonic() - began


def counted(portal: Production) -> dict[str, int]:
    """What must be there once for each submission."""
    asked = {
        "sent": "SELECT count(*) FROM applications_application WHERE state = 'submitted' AND submitted_at IS NOT NULL",
        "transitions": "SELECT count(*) FROM applications_transition WHERE move = 'submit'",
        "files moved": "SELECT count(DISTINCT application_id) FROM applications_transition",
        "receipts": "SELECT count(*) FROM records_paper WHERE kind = 'application.receipt'",
        "receipts' files": "SELECT count(DISTINCT subject) FROM records_paper",
        "receipts' jobs": "SELECT count(*) FROM records_job WHERE name = 'records.render'",
        "receipts' jobs, different": "SELECT count(DISTINCT subject) FROM records_job WHERE name = 'records.render'",
        "mails": "SELECT count(*) FROM records_message WHERE kind = 'application.received'",
        "mails' people": "SELECT count(DISTINCT address) FROM records_message",
        "mails' jobs": "SELECT count(*) FROM records_job WHERE name = 'records.mail'",
        "checks": "SELECT count(*) FROM applications_eligibilityresult",
        "traits": "SELECT count(*) FROM applications_traits",
        "trail: submit": "SELECT count(*) FROM records_auditevent WHERE verb = 'application.submit'",
        "trail: receipt": "SELECT count(*) FROM records_auditevent WHERE verb = 'paper.issue'",
    }
    return {what: portal.number(sql) for what, sql in asked.items()}


def uploads(portal: Production, people: list[dict[str, str]]) -> dict[str, list[tuple[str, str]]]:
    """What was kept under the last paper's kind, by the application's number: hash and where it lies."""
    rows = portal.ask(
        "SELECT a.reference, k.key, f.sha256, f.path FROM applications_documentversion v"
        " JOIN applications_documentslot s ON s.id = v.slot_id JOIN applications_documentkind k ON k.id = s.kind_id"
        " JOIN applications_application a ON a.id = s.application_id JOIN records_storedfile f ON f.id = v.file_id"
    )
    wanted = {(person["reference"], person["kind"]) for person in people}
    found: dict[str, list[tuple[str, str]]] = {}
    for reference, kind, sha256, path in rows:
        if (reference, kind) in wanted:
            found.setdefault(reference, []).append((sha256, path))
    return found


def check_uploads(portal: Production, people: list[dict[str, str]], sent: dict[str, str]) -> None:
    """Each paper is kept once, whole, with the hash of what was sent; and the folder holds nothing beside."""
    kept = uploads(portal, people)
    assert {reference: [sha256 for sha256, _path in rows] for reference, rows in kept.items()} == {
        reference: [sha256] for reference, sha256 in sent.items()
    }
    folder = portal.data / "files"
    for rows in kept.values():
        ((sha256, path),) = rows
        assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == sha256
    lying = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert lying == {path for (path,) in portal.ask("SELECT path FROM records_storedfile")}


def check_receipts(portal: Production, shown: dict[str, str]) -> int:
    """Each person was shown the one receipt of the file; those that are made are whole. How many are."""
    papers = portal.ask("SELECT subject, number, state, pdf, pdf_sha256 FROM records_paper")
    numbers = {subject.removeprefix("application:"): number for subject, number, *_rest in papers}
    assert {reference: numbers[reference] for reference in shown} == shown
    assert {state for _subject, _number, state, *_rest in papers} <= {"queued", "running", "ready"}
    made = [(portal.data / "papers" / pdf, sha256) for _s, _n, state, pdf, sha256 in papers if state == "ready"]
    assert len(made) >= WHOLE_RECEIPTS
    for pdf, sha256 in made:
        assert hashlib.sha256(pdf.read_bytes()).hexdigest() == sha256
    assert len(PdfReader(made[0][0]).pages) > 0
    return len(made)


def check_answers(answers: dict[str, Any]) -> Counter[int]:
    """Nobody ran into anything: every answer was the page asked for, or the way on. How many of each status."""
    troubles = {person["number"]: person["said"] for person in answers["people"] if person["said"]}
    assert troubles == {}
    assert sorted(person["number"] for person in answers["people"]) == list(range(MANY))
    statuses = Counter(status for _number, _step, status, _seconds in answers["requests"])
    assert set(statuses) <= {0, 200, 302}  # 0: the connection was lost on purpose
    return statuses


Prepared = tuple[Production, list[dict[str, str]]]


@pytest.fixture(scope="module")
def prepared(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prepared]:
    """A portal before its last hour, nothing of it running yet, and who will come."""
    connections.close_all()  # a database somebody is connected to cannot be copied
    with production(tmp_path_factory.mktemp("deadline"), like=connection.settings_dict["NAME"]) as portal:
        people = json.loads(portal.said(*WORLD, "prepare", str(MANY), str(READY)))
        yield portal, people


def test_nothing_is_lost_or_doubled_in_the_last_hour(prepared: Prepared) -> None:
    portal, people = prepared
    before, lines_before = counted(portal), portal.number("SELECT count(*) FROM records_auditevent")
    with served(portal):
        answers = let_them_come(portal, people) | {"web": portal.worked("web")}
        drained = drain(portal)
    statuses = check_answers(answers)
    assert {what: number - before[what] for what, number in counted(portal).items()} == dict.fromkeys(before, MANY)
    told = {person["number"]: person for person in answers["people"]}
    check_uploads(portal, people, {p["reference"]: told[n]["sha256"] for n, p in enumerate(people)})
    whole = check_receipts(portal, {p["reference"]: told[n]["receipt"] for n, p in enumerate(people)})
    check_mails(portal)
    check_trail(portal, lines_before)
    write_figures("deadline", figures(portal, answers, statuses, whole, drained))


def test_two_processes_hand_in_side_by_side(prepared: Prepared) -> None:
    """The act alone, rows to mail, committed; the head of the trail is what both want."""
    portal, _people = prepared
    before, middle = counted(portal), MANY + READY // 2
    halves = [
        portal.start(*WORLD, "hand_in", str(first), str(last))
        for first, last in ((MANY, middle), (middle, MANY + READY))
    ]
    both = [json.loads(half.communicate(timeout=PATIENCE)[0]) for half in halves]
    assert [half.returncode for half in halves] == [0, 0]
    assert {what: number - before[what] for what, number in counted(portal).items()} == dict.fromkeys(before, READY)
    portal.said("manage.py", "verify_audit")
    took, worked = max(seconds for seconds, _worked in both), sum(worked for _seconds, worked in both)
    write_figures(
        "act",
        [
            f"{READY:,} files handed in by two processes side by side on PostgreSQL, without a page:"
            f" {READY / took:.0f} a second, {worked / READY * 1000:.0f} ms of CPU each. {conditions()}"
        ],
    )


def check_mails(portal: Production) -> None:
    """Each mail reached the mail server, once, at the first try."""
    taken = portal.mailbox.taken
    assert len(taken) == len(set(taken)) == portal.number("SELECT count(*) FROM records_message WHERE state = 'ready'")
    assert portal.number("SELECT count(*) FROM records_job WHERE name = 'records.mail' AND attempts <> 1") == 0


def check_trail(portal: Production, before: int) -> None:
    """Whole by its own command, without a gap, and with one line for everything that was done."""
    portal.said("manage.py", "verify_audit", seconds=600)
    lines = dict(portal.ask(f"SELECT verb, count(*) FROM records_auditevent WHERE sequence > {before} GROUP BY verb"))
    again = sum(mishap_of(number, "sign in") == "lost" for number in range(MANY))
    signed_in = lines.pop("person.sign_in")
    assert MANY <= signed_in <= MANY + again  # a sign-in whose answer was lost may have counted
    assert lines == dict.fromkeys(("document.send", "application.submit", "paper.issue"), MANY)
    assert portal.number("SELECT max(sequence) - count(*) FROM records_auditevent") == 0


# ---- Figures ----------------------------------------------------------------------------------------------


def row(what: str, seconds: list[float], trivial: float) -> str:
    """A line of the table: median, 95th and 99th of a hundred, longest; in ms, and as multiples of `trivial`."""
    cuts = [median(seconds), *(quantiles(seconds, n=100)[place] for place in (94, 98)), max(seconds)]
    return (
        f"| {what} | {len(seconds)} | " + " | ".join(f"{cut * 1000:.0f} ({cut / trivial:.1f})" for cut in cuts) + " |"
    )


def inside_the_portal(portal: Production) -> dict[str, list[float]]:
    """Seconds each answer took in the portal alone, without the queue before it, by method and route."""
    found: dict[str, list[float]] = {}
    for line in (portal.data / "web.log").read_text().splitlines():
        if '"answered"' in line:
            told = json.loads(line)
            found.setdefault(f"{told['method']} {told['route']}", []).append(told["ms"] / 1000)
    return found


STEPS = {
    "sign in": ("sign-in", "POST account_login"),
    "upload": ("sending the last paper", "POST application_documents"),
    "check answers": ("the page before the button", "GET application_submit"),
    "submit": ("handing in", "POST application_submit"),
    "receipt": ("the receipt's page", "GET application_receipt"),
}


def conditions() -> str:
    """On what it was measured."""
    return (
        f"Load average over the last five minutes: {os.getloadavg()[1]:.1f}, on {os.cpu_count()} cores shared by the"
        " portal, the crowd, PostgreSQL (not synced to disk), Redis and whatever else ran."
    )


TABLE = ("", "| step | times | median | 95 % | 99 % | longest |", "|---|---|---|---|---|---|")


def tables(portal: Production, answers: dict[str, Any]) -> list[str]:
    """How long each step took, as people wait for it and inside the portal alone."""
    outside, inside = median(answers["trivial"]["/districts/"]), inside_the_portal(portal)
    alone = median(inside["GET districts"])
    times: dict[str, list[float]] = {step: [] for step in STEPS}
    for _number, what, status, seconds in answers["requests"]:
        step = what.split(",")[0]
        if step in times and status:
            times[step].append(seconds)
    return [
        "",
        "Milliseconds as the person waits for them, the queue before the portal included; in brackets as a multiple of"
        f" the median of the trivial page `/districts/` in the same run ({outside * 1000:.0f} ms).",
        *TABLE,
        *(row(STEPS[step][0], seconds, outside) for step, seconds in times.items()),
        "",
        f"The same inside the portal, by its own log, without the queue; `/districts/` {alone * 1000:.0f} ms.",
        *TABLE,
        *(row(name, inside[route], alone) for name, route in STEPS.values()),
    ]


def figures(
    portal: Production, answers: dict[str, Any], statuses: Counter[int], whole: int, drained: float
) -> list[str]:
    """What docs/benchmarks.md says of the run."""
    took, asked = answers["took"], len(answers["requests"])
    waited, way = ([person[name] for person in answers["people"]] for name in ("waited", "inside"))
    whole_way = [a + b for a, b in zip(waited, way, strict=True)]
    twice = sum(mishap_of(number, "submit") == "twice" for number in range(MANY))
    said = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items()) if status)
    return [
        f"{MANY:,} people, {TOGETHER} in each second until all had come, at most {AT_ONCE} inside at a time; each signs"
        f" in, sends the last paper, hands in and opens the receipt, in {asked / MANY:.1f} requests. {twice} pressed the"
        f" button twice at once; {statuses[0]} lost a connection after sending, and sent again.",
        "",
        f"- All were through in {took / 60:.1f} minutes: {MANY / took:.1f} submissions and {asked / took:.0f} requests"
        f" a second. {answers['web'] / MANY:.2f} seconds of CPU in the web processes for each person. {conditions()}",
        f"- Answers: {said}. None of 400 or above.",
        f"- {MANY:,} files, transitions, receipts, render jobs, mails and trail lines each; every upload kept once with"
        " the hash of what was sent; the trail whole.",
        f"- All mails were out, and {whole:,} receipts printed, {drained:.0f} seconds after the last person; the other"
        " receipts' jobs were in the queue, each once.",
        f"- From coming to the receipt: median {median(whole_way):.0f} s, longest {max(whole_way):.0f} s; of it before"
        f" the door: median {median(waited):.0f} s. Inside: median {median(way):.1f} s.",
        *tables(portal, answers),
    ]
