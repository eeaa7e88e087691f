"""The letters of a release, printed by two workers: how many a minute; and a person's own paper before all that are queued."""

import os
import time
from pathlib import Path

import pytest

from tests.drills.size import FULL, size, write_figures
from tests.records.shapes import Shape, on_servers

LETTERS = size(6, 1_000)
OWN = size(1, 10)
WITHIN = 3.0  # seconds from asking to the paper, behind the full queue
PATIENCE = size(120, 3600)
BULK = "FROM records_job WHERE name = 'records.render' AND priority = 9"
READY = f"SELECT count(*) >= {{}} {BULK} AND state = 'ready'"
LASTED = "SELECT extract(epoch FROM finished_at - created_at)::float FROM records_job WHERE id = {}"
MEANWHILE = f"SELECT count(*) {BULK} AND started_at > (SELECT created_at FROM records_job WHERE id = {{0}}) "
MEANWHILE += "AND started_at < (SELECT started_at FROM records_job WHERE id = {0})"
A_MINUTE = f"SELECT 60 * count(*) / extract(epoch FROM max(finished_at) - min(started_at))::float {BULK}"


def own_paper(shape: Shape, number: int, log: Path) -> int:
    """A paper somebody waits for: its job, once it is made."""
    job = shape.outside("own", str(number))
    shape.wait(f"SELECT state FROM records_job WHERE id = {job}", [("ready",)], PATIENCE, log)
    return job


@pytest.mark.drill
@pytest.mark.prints
@pytest.mark.postgres
def test_letters_in_bulk_come_fast_and_a_persons_own_paper_before_them(tmp_path: Path) -> None:
    data, log = tmp_path / "data", tmp_path / "worker.log"
    data.mkdir()
    with on_servers(data, TMPDIR=str(tmp_path)) as shape:
        assert shape.outside("letters", str(LETTERS)) == LETTERS
        with shape.celery(log, "--concurrency", "2"):
            shape.outside("sweep")
            shape.wait(READY.format(2), [(True,)], PATIENCE, log)
            own = [own_paper(shape, LETTERS + number, log) for number in range(OWN)]
            queued = shape.ask(f"SELECT count(*) {BULK} AND state = 'queued'")[0][0]
            until = time.monotonic() + PATIENCE
            while not shape.ask(READY.format(LETTERS))[0][0]:
                assert time.monotonic() < until
                shape.outside("sweep")  # as beat does
                time.sleep(size(1, 15))
        passed = [shape.ask(MEANWHILE.format(job))[0][0] for job in own]
        waited = [shape.ask(LASTED.format(job))[0][0] for job in own]
        ((a_minute,),) = shape.ask(A_MINUTE)
    assert max(passed) <= 2  # no more than the workers had taken up already
    assert not FULL or max(waited) <= WITHIN
    assert len(list((data / "papers").glob("*.pdf"))) == LETTERS + OWN
    write_figures(
        "letters",
        [
            f"{LETTERS:,} letters, two workers on {os.cpu_count()} cores with PostgreSQL and Redis beside them: {a_minute:.0f} a minute; load average "
            f"{os.getloadavg()[1]:.1f}. {OWN} papers that a person asked for meanwhile, with up to {queued + OWN} queued before them, were "
            f"there after at most {max(waited):.1f} s (bound {WITHIN:.0f} s).",
        ],
    )
