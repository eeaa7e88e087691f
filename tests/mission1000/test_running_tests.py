"""`bin/test` itself: what a part cost is counted whole, names lead to files, and a failure says how to repeat it."""

import json
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest

from tests import conftest
from tests.architecture.tree import ROOT

COMMAND = ROOT / "bin" / "test"
BURN = "import time\nwhile time.process_time() < {}: pass"


@pytest.fixture(scope="module")
def bin_test():
    loader = SourceFileLoader("bin_test", str(COMMAND))
    module = module_from_spec(spec_from_loader("bin_test", loader))
    sys.modules["bin_test"] = module  # its dataclasses look for their module
    loader.exec_module(module)
    yield module
    del sys.modules["bin_test"]


def test_what_an_orphan_costs_is_counted_with_its_part(tmp_path: Path):
    """A server that was started in the background, and stopped: its CPU belongs to the part that started it."""
    cost = tmp_path / "cost"
    burn = f'{sys.executable} -S -c "{BURN.format(0.2)}"'
    done = subprocess.run([COMMAND, "--measure", cost, "sh", "-c", f"({burn} &) ; exit 3"], check=False)
    assert done.returncode == 3
    assert json.loads(cost.read_text()) >= 0.2


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("evaluation", "tests/evaluation"),
        ("evaluation/test_scoring.py", "tests/evaluation/test_scoring.py"),
        ("tests/evaluation/test_scoring.py::test_one", "tests/evaluation/test_scoring.py::test_one"),
    ],
)
def test_a_room_and_a_file_are_named_with_or_without_their_folder(bin_test, name, path):
    assert bin_test.path_of(name) == path


def test_options_of_pytest_stand_after_two_dashes(bin_test):
    assert bin_test.split(["districts", "--", "-x"]) == (["districts"], ["-x"])
    assert bin_test.split(["districts"]) == (["districts"], [])


def test_the_two_cores_take_every_part_once(bin_test):
    taken = []
    bin_test.side_by_side([1, 2, 3], taken.append)
    assert sorted(taken) == [1, 2, 3]


def test_a_failure_prints_the_command_that_repeats_it(bin_test):
    said: list[str] = []
    report = SimpleNamespace(nodeid="tests/evaluation/test_scoring.py::test_one[a b]")
    reporter = SimpleNamespace(
        getreports=lambda kind: [report] if kind == "failed" else [], section=said.append, line=said.append
    )
    config = SimpleNamespace(
        option=SimpleNamespace(randomly_seed=77), invocation_params=SimpleNamespace(args=("-q", "tests/evaluation"))
    )
    conftest.pytest_terminal_summary(reporter, config)
    on = "postgres" if conftest.on_postgres() else "sqlite"
    assert said[1] == f"make test T='tests/evaluation/test_scoring.py::test_one[a b]' ON={on} SEED=77"


def test_property_tests_draw_fresh_examples_also_in_ci(pytestconfig):
    """Hypothesis by itself draws the same ones at every run where CI is set."""
    assert not hypothesis.settings.default.derandomize
    assert hypothesis.settings.default.print_blob
    assert hypothesis.core.global_force_seed == conftest.seed_of(pytestconfig)
