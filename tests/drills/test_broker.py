"""Redis stopped before, frozen and killed during, and lost after a rush of submits: pages answer, and all work is done once."""

import hashlib
import http.client
import json
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests import static_files
from tests.drills.broker import Broker, cookie_token
from tests.drills.size import FULL, size, write_figures
from tests.records.conftest import free_port
from tests.records.shapes import ASKED, Shape, on_servers

SUBMITS = size(6, 500)
SECONDS = 1.0  # the longest a page may take while the broker is away; asserted in the full drill only
PATIENCE = size(120, 3 * 3600)  # until everything is printed
WORKERS = ("-c", "2") if FULL else ("--pool", "solo")


class Site:
    """A portal served by gunicorn; how long each answer took, by what the broker was doing."""

    def __init__(self, shape: Shape, port: int) -> None:
        self.shape, self.port, self.phase = shape, port, "up"
        self.took: dict[str, list[float]] = defaultdict(list)

    def ask(self, method: str, path: str, session: str = "", **form: str) -> tuple[int, str, str]:
        token = cookie_token()
        headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "Connection": "close"}
        body = urlencode({"csrfmiddlewaretoken": token, **form}) if method == "POST" else None
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        link.request(method, path, body=body, headers=headers)
        answer = link.getresponse()
        page = answer.read().decode()
        self.took[self.phase].append(time.perf_counter() - began)
        link.close()
        return answer.status, answer.headers.get("Location", ""), page

    def submit(self, person: dict[str, str]) -> None:
        """Hand in, and look at the receipt with the number of its paper."""
        own = f"/applications/{person['reference']}/"
        assert self.ask("POST", f"{own}submit/", person["session"])[:2] == (302, f"{own}receipt/")
        status, _leads, page = self.ask("GET", f"{own}receipt/", person["session"])
        assert (status, person["reference"] in page) == (200, True)

    def broker_said(self) -> str:
        """What the portal itself says of its broker."""
        return str(json.loads(self.ask("GET", "/readyz")[2])["broker"])


@contextmanager
def served(shape: Shape, log: Path) -> Iterator[Site]:
    port = free_port()
    words = ("-m", "gunicorn", "mission1000.wsgi", "-b", f"127.0.0.1:{port}")
    with shape.running(*words, log=log) as web:
        site = Site(shape, port)
        until = time.monotonic() + 120
        while "Listening at" not in log.read_text():
            assert web.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        for _turn in range(8):  # each process reads its templates once; that is not what is measured
            site.ask("GET", "/healthz")
            site.ask("GET", "/scheme/")
        site.took.clear()
        yield site


def rush(site: Site, broker: Broker, people: list[dict[str, str]]) -> None:
    """A third while it is stopped, a third while it is killed in the middle, a third while it is frozen; then all is lost."""
    third, half = len(people) // 3, len(people) // 2
    site.phase = "stopped"
    for person in people[:third]:
        site.submit(person)
    assert site.broker_said() == "away"
    broker.start()
    site.phase = "up"
    for number, person in enumerate(people[third : 2 * third], third):
        if number == half:
            broker.kill()
            site.phase = "killed"
        site.submit(person)
    broker.start()
    broker.freeze()
    site.phase = "frozen"
    for person in people[2 * third :]:
        site.submit(person)
    broker.kill()


def work(shape: Shape, broker: Broker, log: Path) -> tuple[float, float]:
    """Redis comes back empty, workers and beat run; in the middle of it Redis is lost once more. When all is done.

    Seconds from Redis' coming back to the first paper and to the last.
    """
    broker.start()
    began = time.monotonic()
    left = f"SELECT count(*) > 0 FROM records_job {ASKED} AND state <> 'ready'"
    with (
        shape.running("-m", "celery", "-A", "mission1000", "beat", log=log.with_name("beat.log")),
        shape.celery(log, *WORKERS),
    ):
        if not FULL:  # beat does so within fifteen seconds
            shape.wait("SELECT count(*) > 0 FROM records_workerbeat", [(True,)], 120, log)
            shape.outside("sweep")
        shape.wait("SELECT count(*) > 0 FROM records_paper WHERE state = 'ready'", [(True,)], PATIENCE, log)
        first = time.monotonic() - began
        broker.kill()
        broker.start()
        shape.wait(left, [(False,)], PATIENCE, log)
    return first, time.monotonic() - began


def each_once(shape: Shape, data: Path, people: list[dict[str, str]]) -> None:
    """Every file handed in, its receipt once and whole, its mail once; no job is left, failed or was done twice."""
    count = len(people)
    assert shape.ask("SELECT count(*) FROM applications_application WHERE state = 'submitted'") == [(count,)]
    kinds = shape.ask(f"SELECT name, state, attempts, count(*) FROM records_job {ASKED} GROUP BY 1, 2, 3 ORDER BY 1")
    assert [row for row in kinds if row[0] in {"records.mail", "records.render"}] == [
        ("records.mail", "ready", 1, count),
        ("records.render", "ready", 1, count),
    ]
    assert {row[1:3] for row in kinds} == {("ready", 1)}
    papers = shape.ask("SELECT subject, pdf, pdf_sha256 FROM records_paper WHERE state = 'ready'")
    assert sorted(subject for subject, _pdf, _hash in papers) == sorted(
        f"application:{person['reference']}" for person in people
    )
    assert {(file.name, sum_of(file)) for file in (data / "papers").iterdir()} == {row[1:] for row in papers}
    mails = [re.search(rb"Message-ID: (\S+)", file.read_bytes())[1] for file in (data / "mail").iterdir()]
    assert (len(mails), len(set(mails))) == (count, count)


def sum_of(file: Path) -> str:
    content = file.read_bytes()
    assert content.rstrip().endswith(b"%%EOF"), file.name
    return hashlib.sha256(content).hexdigest()


def figures(site: Site, took: tuple[float, float]) -> list[str]:
    def row(phase: str, words: str) -> str:
        seconds = sorted(site.took[phase])
        return f"| {words} | {len(seconds)} | {seconds[len(seconds) // 2]:.2f} s | {seconds[-1]:.2f} s |"

    return [
        f"{SUBMITS} submits, each with the page of its receipt, through gunicorn with two processes:",
        "",
        "| Redis | answers | median | slowest |",
        "|---|---|---|---|",
        row("up", "answers"),
        row("stopped", "is stopped"),
        row("killed", "was killed in the middle"),
        row("frozen", "takes connections and never answers"),
        "",
        f"Afterwards Redis came back empty and was killed once more while two workers printed: the first paper was there "
        f"after {took[0]:.0f} s, the last after {took[1] / 60:.0f} min; every receipt and every mail once, each job in one "
        "try.",
    ]


@pytest.mark.drill
@pytest.mark.prints
@pytest.mark.postgres
def test_without_redis_pages_answer_and_all_work_is_done_once_afterwards(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    broker = Broker(tmp_path)
    try:
        with on_servers(data, broker.url) as shape:
            static_files.lay_in(data)
            people: list[dict[str, Any]] = json.loads(shape.said("-m", "tests.drills.owners", str(SUBMITS)))
            with served(shape, tmp_path / "web.log") as site:
                rush(site, broker, people)
                lost = shape.ask("SELECT count(*) FROM records_job WHERE name = 'records.render' AND state = 'queued'")
                assert lost == [(SUBMITS,)]
                took = work(shape, broker, tmp_path / "worker.log")
                assert site.broker_said() == "ok"
            each_once(shape, data, people)
    finally:
        broker.kill()
    slowest = {phase: max(seconds) for phase, seconds in site.took.items() if phase != "up"}
    assert set(slowest) == {"stopped", "killed", "frozen"}
    assert not FULL or max(slowest.values()) < SECONDS, slowest
    write_figures("broker", figures(site, took))
