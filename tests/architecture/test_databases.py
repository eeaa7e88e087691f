"""What might differ between the two databases is shown on both (tests/databases.py)."""

import re

import pytest

from tests.architecture.tree import ROOMS, ROOT
from tests.databases import ALSO, BOTH, DIFFERS, ONCE

# Where a database could matter: its own SQL, its vendor, locks, triggers, text search, casts, windows, empty values in an
# order, and its errors by name.
MATTERS = re.compile(
    r"\.vendor\b|\.cursor\(|RawSQL|\.raw\(|select_for_update|Func\(|as_sqlite|skip_locked|(ignore|update)_conflicts"
    r"|__i?(contains|startswith|exact|regex)=|__icontains\b|nulls_(first|last)|Window\(|Cast\(|Trunc\w*\(|Extract\w*\("
    r"|\b(Integrity|Operational|Interface)Error\b"
)


def modules_where_a_database_matters() -> set[str]:
    return {
        str(path.relative_to(ROOT).with_suffix(""))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
        if "migrations" not in path.parts and MATTERS.search(path.read_text())
    }


def test_every_module_in_which_a_database_matters_names_its_tests():
    assert modules_where_a_database_matters() == set(DIFFERS)


@pytest.mark.parametrize("name", sorted(BOTH | set(ONCE)))
def test_a_named_file_of_tests_exists(name):
    assert (ROOT / name).is_file()


@pytest.mark.parametrize(("module", "names"), DIFFERS.items())
def test_the_tests_of_a_module_are_of_its_room_or_above(module, names):
    """A test named for a module can reach it: imports point down, so a test of a lower room cannot show it."""
    order = list(ROOMS)
    for name in names:
        room = name.split("/")[1]
        assert room not in order or order.index(room) <= order.index(module.split("/")[0]), (module, name)


def test_nothing_is_both_run_twice_and_only_once():
    assert not BOTH & set(ONCE)
    assert not {name for names in DIFFERS.values() for name in names} & set(ALSO)


def test_the_markers_follow_the_table(request):
    for item in request.session.items:
        file = item.nodeid.partition("::")[0]
        assert bool(item.get_closest_marker("both_databases")) == (file in BOTH)
        assert bool(item.get_closest_marker("quicker_database")) == (file in ONCE)
