"""The press: one warmed process for each that prints, a fork for each paper, and what is left when one of them dies."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from records import pdf, press
from tests.architecture.tree import ROOT
from tests.records.presses import alive, children, facts, files_of, fork_of, is_press, own_press, soon
from tests.records.test_pdf import page, squeezed, text_of

pytestmark = pytest.mark.prints
LONG = page("<p>word</p>" * 40_000)


@pytest.fixture
def own_one():
    """A press of this test's own: it may do with it what it likes."""
    press.end()
    yield
    press.end()


class Long(threading.Thread):
    """A long paper that another thread waits for."""

    def __init__(self, seconds: float = 60) -> None:
        super().__init__()
        self.seconds = seconds
        self.ended: press.Printed | None = None

    def run(self) -> None:
        self.ended = press.printed(LONG.encode(), ROOT, self.seconds, None)

    def stopped_fork(self) -> int:
        """Started, and its fork stopped in the middle."""
        pdf.render(page("<p>x</p>"))
        self.start()
        fork = fork_of(own_press())
        soon(lambda: "Max core file size 0 0 bytes" in facts(fork))  # the last of its bounds: now it prints
        os.kill(fork, signal.SIGSTOP)
        return fork


def test_papers_are_printed_by_forks_of_one_process():
    pdf.render(page("<p>one</p>"))
    first = own_press()
    assert "two" in text_of(pdf.render(page("<p>two</p>")))
    assert (own_press(), children(first)) == (first, [])


def test_several_threads_print_at_once(own_one):
    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda word: text_of(pdf.render(page(f"<p>word{word}</p>"))), range(8)))
    assert [f"word{number}" in text for number, text in enumerate(made)] == [True] * 8
    assert len([pid for pid in children(os.getpid()) if is_press(pid)]) == 1


def test_it_holds_nothing_of_its_owner_but_a_socket(own_one, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "CANARY-IN-THE-SURROUNDINGS")
    with socket.create_server(("127.0.0.1", 0)):  # as a connection to the database would be
        pdf.render(page("<p>x</p>"))
    pid = own_press()
    environment = Path(f"/proc/{pid}/environ").read_bytes()
    names = {line.partition(b"=")[0].decode() for line in environment.split(b"\0") if line}
    assert names <= {*press.KEPT, "FONTCONFIG_FILE", "TMPDIR", "PYTHONDONTWRITEBYTECODE", "LC_ALL"}
    assert b"CANARY" not in environment
    others = {file for file in files_of(pid) if not file.startswith("socket:")}
    # Its owner's, and two ends of its own by which it hears of a fork's end; the paper's is closed this moment.
    soon(lambda: sum(file.startswith("socket:") for file in files_of(pid)) == 3)
    assert all(file == "/dev/null" or Path(file).name.startswith(press.FOLDER) for file in others)
    assert b"django" not in Path(f"/proc/{pid}/maps").read_bytes()


def test_a_fork_is_bounded_and_has_a_group_and_files_of_its_own(own_one):
    paper = Long()
    fork = paper.stopped_fork()
    bounds = list(facts(fork))
    names = sorted(int(file.name) for file in Path(f"/proc/{fork}/fd").iterdir())
    kinds = {str(Path(f"/proc/{fork}/fd/{number}").readlink()).partition(" ")[0] for number in names}
    group, nice = os.getpgid(fork), os.getpriority(os.PRIO_PROCESS, fork)
    os.killpg(group, signal.SIGKILL)
    paper.join()
    assert group == fork
    assert nice == os.getpriority(os.PRIO_PROCESS, 0) + 10
    wanted = {f"Max address space {2**30} {2**30} bytes", "Max cpu time 90 90 seconds", "Max core file size 0 0 bytes"}
    assert wanted <= set(bounds)
    assert (names, kinds) == ([0, 1, 2], {"/memfd:paper-page", "/memfd:paper-pdf", "/memfd:paper-said"})


def test_a_killed_fork_harms_no_other_paper(own_one):
    paper = Long()
    fork = paper.stopped_fork()
    assert "beside it" in text_of(pdf.render(page("<p>beside it</p>")))
    os.killpg(fork, signal.SIGKILL)
    paper.join()
    assert paper.ended == press.Printed(-signal.SIGKILL, "", b"")
    assert "after it" in text_of(pdf.render(page("<p>after it</p>")))


def test_a_hanging_fork_is_ended_and_harms_no_other_paper(own_one):
    paper = Long(seconds=3)
    fork = paper.stopped_fork()
    pid = own_press()
    assert "beside it" in text_of(pdf.render(page("<p>beside it</p>")))
    paper.join()
    assert paper.ended == press.Printed(-signal.SIGKILL, None, b"")
    soon(lambda: not alive(fork))
    assert own_press() == pid


def test_a_press_that_hangs_is_ended_and_the_next_paper_gets_another(own_one, monkeypatch):
    pdf.render(page("<p>x</p>"))
    pid = own_press()
    os.kill(pid, signal.SIGSTOP)
    monkeypatch.setattr(pdf, "SECONDS", 0.1)
    monkeypatch.setattr(press, "GRACE", 0.1)
    with pytest.raises(pdf.PdfUnavailable, match="it took longer"):
        pdf.render(page("<p>x</p>"))
    monkeypatch.undo()
    assert "after it" in text_of(pdf.render(page("<p>after it</p>")))
    assert own_press() != pid


def test_a_killed_press_is_replaced_and_its_paper_made(own_one):
    pdf.render(page("<p>x</p>"))
    pid = own_press()
    os.kill(pid, signal.SIGKILL)
    assert "after it" in text_of(pdf.render(page("<p>after it</p>")))
    assert own_press() != pid


def test_a_press_killed_in_the_middle_of_a_paper_is_replaced_and_the_paper_made(own_one):
    made: list[bytes] = []
    pdf.render(page("<p>x</p>"))
    thread = threading.Thread(target=lambda: made.append(pdf.render(page("<p>word</p>" * 3000))))
    thread.start()
    fork = fork_of(own_press())
    os.kill(own_press(), signal.SIGKILL)
    thread.join()
    assert made[0].startswith(b"%PDF-")
    assert not alive(fork)


def test_it_is_renewed_after_so_many_papers(own_one, monkeypatch):
    monkeypatch.setattr(press, "PAPERS", 2)
    seen = []
    for _turn in range(3):
        pdf.render(page("<p>x</p>"))
        seen.append(own_press())
    assert seen[0] == seen[1] != seen[2]
    soon(lambda: not alive(seen[0]))


def test_it_is_renewed_when_a_style_changes(own_one, settings, tmp_path):
    (tmp_path / "static").mkdir()
    (tmp_path / "records").symlink_to(ROOT / "records")
    shutil.copytree(ROOT / "static" / "print", tmp_path / "static" / "print")
    settings.BASE_DIR = tmp_path
    before = text_of(pdf.render(page("<p>one</p>")))
    style = tmp_path / "static" / "print" / "print.css"
    style.write_text(style.read_text() + 'p::before { content: "renewed" }')
    after = text_of(pdf.render(page("<p>one</p>")))
    assert ("renewed" in before, "renewed" in squeezed(after)) == (False, True)


def owner(tmp_path: Path, then: str) -> tuple[subprocess.Popen[str], int]:
    """A process that prints, and its press; what it does then."""
    words = (
        "import os, sys, time; from pathlib import Path; from records import press; house = Path(sys.argv[1]);"
        "print_ = lambda: press.printed(b'<!doctype html><html lang=en><title>T</title><p>x', house, 60, None);"
        "print(print_().code, press._presses[0].process.pid, flush=True);"
    )
    process = subprocess.Popen([sys.executable, "-c", words + then, ROOT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    code, pid = process.stdout.readline().split()
    assert code == "0"
    return process, int(pid)


def test_it_ends_with_its_owner(tmp_path):
    process, pid = owner(tmp_path, "pass")
    process.communicate()
    assert not alive(pid)


def test_it_ends_with_an_owner_that_was_killed_also_where_a_child_of_the_owner_lives_on(tmp_path):
    process, pid = owner(tmp_path, "child = os.fork(); print(child, flush=True); time.sleep(1000)")
    child = int(next(line for line in process.stdout if line.strip() != "0"))
    os.kill(process.pid, signal.SIGKILL)
    try:
        soon(lambda: not alive(pid))
    finally:
        os.kill(child, signal.SIGKILL)
    process.communicate()


def test_a_child_of_the_owner_has_a_press_of_its_own(tmp_path):
    then = (
        "child = os.fork();"
        "done = print_();"
        "mine = press._presses[0].process.pid;"
        "child and os.waitpid(child, 0);"
        "print('parent' if child else 'child', done.code, mine, flush=True)"
    )
    process, pid = owner(tmp_path, then)
    said = dict(line.split(" ", 1) for line in process.communicate()[0].splitlines())
    assert said["parent"] == f"0 {pid}"
    code, other = said["child"].split()
    assert (code, int(other) != pid) == ("0", True)
    soon(lambda: not alive(int(other)))


def test_a_folder_in_use_is_left_alone_however_old(own_one):
    pdf.render(page("<p>x</p>"))
    folder = Path(f"/proc/{own_press()}/fd/3").readlink()
    earlier = time.time() - 10_000
    os.utime(folder, (earlier, earlier))
    left = folder.with_name(f"{press.FOLDER}left")
    left.mkdir(exist_ok=True)
    os.utime(left, (earlier, earlier))
    mine = folder.with_name(f"{press.FOLDER}mine")
    mine.mkdir(exist_ok=True)
    press.clear_what_was_left(mine)
    mine.rmdir()
    assert (folder.exists(), left.exists()) == (True, False)
    press.end()
    assert not folder.exists()
