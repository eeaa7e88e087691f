"""Workers, presses and forks killed at random moments: each paper comes once, whole, and within two minutes of the last kill
that hit it.
"""

import hashlib
import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.drills.size import FULL, size, write_figures
from tests.records.presses import children, is_press, offspring, soon
from tests.records.shapes import Shape, on_servers, small_shape

KILLS = size(1, 50)
PAPERS = size(2, 200)
ROWS = size(150, 400)  # of the full drill: more than a second of printing
LONGEST = 3.0  # seconds from one kill to the next, at most
INSIDE = ("press", "fork") if FULL else ("press",)  # what is killed in a worker's life before the worker itself
WITHIN = timedelta(seconds=120)
PATIENCE = size(240, 3 * 3600)
SEED = 1000
LEFT = "SELECT count(*) FROM records_paper WHERE state <> 'ready'"
RUNNING = "SELECT id, attempts FROM records_job WHERE name = 'records.render' AND state = 'running'"
MOST = 3  # kills a paper takes: it is tried four times


@dataclass
class Drill:
    """A portal whose worker is killed again and again; which jobs were hit, and when the last time."""

    shape: Shape
    data: Path
    log: Path
    embedded: bool
    hit: dict[int, datetime] = field(default_factory=dict)
    kills: int = 0
    struck: Counter[str] = field(default_factory=Counter)
    in_the_middle: int = 0

    def worker(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        if self.embedded:
            return self.shape.running(
                "-c", "import tests.records.outside, mission1000.wsgi, time; time.sleep(100_000)", log=self.log
            )
        return self.shape.celery(self.log, "-c", "1")

    def beat(self) -> AbstractContextManager[object]:
        """What sends the sweep in the full drill; in a small one it is called by hand."""
        if self.embedded or not FULL:
            return nullcontext()
        return self.shape.running("-m", "celery", "-A", "mission1000", "beat", log=self.log.with_name("beat.log"))

    def sweep(self) -> None:
        if not self.embedded and not FULL:
            self.shape.outside("sweep")

    def under_way(self, before: set[tuple[int, int]], *, worn: bool = False) -> set[tuple[int, int]]:
        """Which try of which paper the worker is at; with `worn` only one that nothing may happen to any more."""
        return {try_ for try_ in self.shape.ask(RUNNING) if try_ not in before and (not worn or try_[1] > MOST)}

    def until(self, happened: Callable[[], bool]) -> None:
        until = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < until, self.log.read_text()
            time.sleep(0.05)

    def printing(self, worker: int) -> tuple[int, int]:
        """The press of a worker and its fork, as soon as something is printed."""
        found: list[tuple[int, int]] = []

        def look() -> bool:
            found.extend((press, fork) for press in offspring(worker) if is_press(press) for fork in children(press))
            return bool(found)

        self.until(look)
        return found[-1]

    def kill_press(self, worker: int) -> None:
        os.kill(self.printing(worker)[0], signal.SIGKILL)

    def kill_fork(self, worker: int) -> None:
        """Only one whose paper has a try left: it is stopped while we look, so that it stays the same one."""
        while True:
            fork = self.printing(worker)[1]
            with suppress(ProcessLookupError):  # the paper was done this moment
                os.kill(fork, signal.SIGSTOP)
                if not self.under_way(set(), worn=True):
                    os.kill(fork, signal.SIGKILL)
                    return
                os.kill(fork, signal.SIGCONT)
                self.until(lambda: not self.under_way(set(), worn=True))

    def strike(self, rng: Random, worker: int, what: str) -> None:
        """Kill what a worker prints with, some time after a paper was begun."""
        time.sleep(rng.uniform(0, LONGEST if FULL else 0))
        {"press": self.kill_press, "fork": self.kill_fork}[what](worker)
        self.struck[what] += 1
        moment = datetime.now().astimezone()
        self.hit |= {key: moment for key, _attempt in self.shape.ask(RUNNING)}

    def kill(self, rng: Random) -> None:
        """Start a worker, let it begin a paper, kill what it prints with, then the worker with all its children."""
        before = set(self.shape.ask(RUNNING))
        with self.worker() as worker:
            self.sweep()
            self.until(lambda: bool(self.under_way(before)))
            for what in INSIDE:
                self.strike(rng, worker.pid, what)
            time.sleep(rng.uniform(0, LONGEST if FULL else 0.3))
            self.until(lambda: bool(self.under_way(before)))
            self.until(lambda: not self.under_way(before, worn=True))
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        self.kills += 1
        moment = datetime.now().astimezone()
        found = self.under_way(before)
        self.in_the_middle += bool(found)
        self.hit |= {key: moment for key, _attempt in found}

    def presses_left(self) -> list[int]:
        """Presses whose worker is gone."""
        left = [
            int(path.parent.name) for path in Path("/proc").glob("[0-9]*/cmdline") if is_press(int(path.parent.name))
        ]
        return [pid for pid in left if str(self.data.parent) in Path(f"/proc/{pid}/cmdline").read_text()]

    def let_time_pass(self) -> None:
        """The small drill does not wait for the minute after which a silent job counts as lost."""
        if FULL:
            return
        earlier = (
            "strftime('%Y-%m-%d %H:%M:%S', heartbeat_at, '-61 seconds')"
            if self.embedded
            else "heartbeat_at - interval '61 seconds'"
        )
        self.shape.ask(f"UPDATE records_job SET heartbeat_at = {earlier} WHERE state = 'running'")

    def finish(self) -> None:
        """A worker that nobody kills does what is left."""
        self.let_time_pass()
        with self.worker():
            self.sweep()
            self.shape.wait(LEFT, [(0,)], PATIENCE, self.log)

    def slowest(self) -> timedelta:
        """The longest time from the last kill that hit a paper to the paper."""
        rows = self.shape.ask("SELECT id, finished_at FROM records_job WHERE name = 'records.render'")
        return max((moment_of(done) - self.hit[key] for key, done in rows if key in self.hit), default=timedelta(0))

    def each_is_whole_and_there_once(self) -> None:
        rows = self.shape.ask("SELECT pdf, pdf_sha256 FROM records_paper WHERE state = 'ready'")
        assert (len(rows), len(dict(rows))) == (PAPERS, PAPERS)
        jobs = "SELECT DISTINCT state FROM records_job WHERE name = 'records.render'"
        assert self.shape.ask(jobs) == [("ready",)]
        files = list((self.data / "papers").glob("*.pdf"))
        assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files} == dict(rows)
        assert [file.name for file in files if not file.read_bytes().rstrip().endswith(b"%%EOF")] == []
        for file in files[: size(1, 20)]:
            assert subprocess.run(["qpdf", "--check", file], capture_output=True).returncode == 0


def moment_of(value: datetime | str) -> datetime:
    """A moment as a database gives it: SQLite's is text, in UTC."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value).replace(tzinfo=UTC)


def run(drill: Drill) -> None:
    """Many papers are asked for; the worker is killed at moments of one and the same row of random numbers."""
    rng = Random(SEED)
    assert drill.shape.outside("several", str(PAPERS), str(ROWS)) == PAPERS
    with drill.beat():
        for _turn in range(KILLS):
            drill.kill(rng)
        drill.finish()
    drill.each_is_whole_and_there_once()
    assert drill.in_the_middle > 0
    assert drill.struck == dict.fromkeys(INSIDE, KILLS)
    soon(lambda: drill.presses_left() == [])


def figures(drill: Drill, what: str) -> list[str]:
    slowest = drill.slowest().total_seconds()
    return [
        f"{what} killed {drill.kills} times while it made {PAPERS} papers, {drill.in_the_middle} times "
        f"in the middle of one, its press {drill.struck['press']} times and the fork that printed {drill.struck['fork']} "
        f"times besides: each paper once and whole, the slowest {slowest:.0f} s after the last kill that hit it "
        f"(bound {WITHIN.seconds} s; a job counts as lost when it was silent for 60 s).",
    ]


@pytest.mark.drill
@pytest.mark.prints
@pytest.mark.postgres
def test_a_killed_celery_worker_leaves_each_paper_once_and_whole(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with on_servers(data, TMPDIR=str(tmp_path)) as shape:
        drill = Drill(shape, data, tmp_path / "worker.log", embedded=False)
        run(drill)
        assert not FULL or drill.slowest() < WITHIN
        write_figures("kills", figures(drill, "A Celery worker and its children"))


@pytest.mark.drill
@pytest.mark.prints
@pytest.mark.browser  # a live portal: once is enough
def test_a_killed_portal_with_its_worker_inside_leaves_each_paper_once_and_whole(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    drill = Drill(small_shape(data, TMPDIR=str(tmp_path)), data, tmp_path / "web.log", embedded=True)
    run(drill)
    assert not FULL or drill.slowest() < WITHIN
    write_figures("kills-inside", figures(drill, "A portal with its worker inside"))
