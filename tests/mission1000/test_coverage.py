"""bin/coverage judges each room by itself and tells what no test reaches."""

import json
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader

import pytest

from tests.architecture.tree import ROOT

ROOMS = ("applications", "evaluation", "accounts", "records")


def measured(branches: int, lines: int, **more) -> dict:
    """A file with a hundred of each, so many taken."""
    summary = {"covered_branches": branches, "num_branches": 100, "covered_lines": lines, "num_statements": 100}
    return {"summary": summary, "missing_lines": [], "missing_branches": [], "excluded_lines": [], **more}


@pytest.fixture
def judge(tmp_path):
    """The code it ends with and what it prints, for these files beside rooms that are taken whole."""

    def run(**files) -> tuple[int, list[str]]:
        found = {f"{room}/models.py": measured(100, 100) for room in ROOMS}
        found |= {name.replace("__", "/") + ".py": file for name, file in files.items()}
        facts = tmp_path / "facts.json"
        facts.write_text(json.dumps({"files": found}))
        words = [sys.executable, "bin/coverage", "report", facts]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
        return done.returncode, done.stdout.splitlines()

    return run


def test_rooms_at_the_bound_pass(judge):
    code, said = judge(records__models=measured(95, 95))
    assert (code, said[-1]) == (0, "ok      records: 95.0 % of the branches, 95.0 % of the lines")
    assert [line.split()[:2] for line in said] == [["ok", f"{room}:"] for room in ROOMS]


@pytest.mark.parametrize(("branches", "lines"), [(94, 100), (100, 94)])
def test_one_room_below_fails_whatever_the_sum_is(judge, branches, lines):
    code, said = judge(accounts__models=measured(branches, lines))
    assert code == 1
    assert [line.split()[:2] for line in said if line.startswith("FAILED")] == [["FAILED", "accounts:"]]


def test_a_room_of_which_nothing_was_measured_fails(tmp_path):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"files": {f"{room}/models.py": measured(100, 100) for room in ROOMS[:3]}}))
    words = [sys.executable, "bin/coverage", "report", facts]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.splitlines()[-1].split()[:2]) == (1, ["FAILED", "records:"])


def test_a_file_below_is_listed_with_what_is_not_reached(judge):
    low = measured(90, 97, missing_lines=[12, 13], missing_branches=[[11, 12], [30, 33], [13, 15], [41, -40]])
    code, said = judge(records__files=low)
    assert code == 0
    assert said[-1].strip() == (
        "records/files.py: 90.0 % of the branches, 97.0 % of the lines: 12, 13, 30 → 33, 41 → out"
    )


def test_what_it_does_not_know_is_answered_with_how_it_is_asked():
    done = subprocess.run([sys.executable, "bin/coverage", "records"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert "bin/coverage report FACTS.json" in done.stderr


@pytest.fixture
def command(tmp_path, monkeypatch):
    """The command as a module, its page elsewhere."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("coverage_command", str(ROOT / "bin" / "coverage"))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    monkeypatch.setattr(module, "PAGE", tmp_path / "coverage.md")
    return module


@pytest.mark.parametrize(("ran", "code"), [(300, 0), (299, 1)])
def test_fewer_than_three_hundred_tests_fail(command, capsys, ran, code):
    facts = {"files": {f"{room}/models.py": measured(100, 100) for room in ROOMS}}
    assert command.report(facts, ran) == code
    assert f"{ran} tests" in capsys.readouterr().out


def test_the_page_says_what_was_left_out_and_what_is_not_reached(command):
    files = {f"{room}/apps.py": measured(100, 99) for room in ROOMS}
    files["records/jobs.py"] = measured(98, 100, excluded_lines=[1], missing_lines=[7])
    command.report({"files": files}, 1234)
    text = command.PAGE.read_text()
    first = (ROOT / "records" / "jobs.py").read_text().splitlines()[0]
    assert "1,234 tests ran." in text
    assert "| records | 200 | 99.0 % | 200 | 99.5 % |" in text
    assert f"## Left out of the count\n\n- `records/jobs.py` 1: `{first}`\n" in text
    assert text.endswith("- `records/jobs.py`: 7\n")
