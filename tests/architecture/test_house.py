"""The house stands as architecture.md of the design says: rooms, one clock, floors of versions, nothing unfinished."""

import ast
import json
import re
import tomllib
from importlib import metadata

import pytest
from packaging.version import Version

from tests.architecture.tree import ROOMS, ROOT, files, name, python_of_rooms, tree

FLOORS = {
    "Django": "5.2.19",
    "weasyprint": "70.0",
    "pillow": "12.3",
    "pypdf": "7.1",
    "celery": "5.7",
    "redis": "8",
    "django-allauth": "65.21.1",
    "cryptography": "46",
}
CLOCKS = {"now", "utcnow", "today", "localtime", "localdate", "time", "time_ns"}
CLOCK_MODULES = {"datetime", "date", "timezone", "time", "dt"}


@pytest.mark.parametrize("room", ROOMS)
def test_the_room_exists_and_is_a_django_app(settings, room):
    assert (ROOT / room / "apps.py").exists()
    assert any(app.startswith(f"{room}.apps.") for app in settings.INSTALLED_APPS)


def test_nothing_is_called_core_common_utils_or_helpers():
    banned = {"core", "common", "utils", "helpers", "util", "misc"}
    assert [name(path) for path in python_of_rooms() if path.stem in banned or banned & set(path.parts)] == []


def test_the_import_law_names_the_rooms_in_order():
    law = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert tuple(law["contracts"][0]["layers"]) == ROOMS
    assert law["contracts"][1]["containers"] == list(ROOMS)


def test_time_is_read_from_the_one_clock():
    readers = []
    for path in python_of_rooms():
        if name(path) == "records/clock.py":
            continue
        for node in ast.walk(tree(path)):
            call = node.func if isinstance(node, ast.Call) else None
            converts = isinstance(node, ast.Call) and bool(node.args) and getattr(call, "attr", "").startswith("local")
            if isinstance(call, ast.Attribute) and call.attr in CLOCKS and not converts:
                owner = call.value.attr if isinstance(call.value, ast.Attribute) else getattr(call.value, "id", "")
                if owner in CLOCK_MODULES:
                    readers.append(f"{name(path)}:{node.lineno} {owner}.{call.attr}()")
            if isinstance(node, ast.ImportFrom) and node.module == "django.utils.timezone":
                readers += [f"{name(path)}:{node.lineno} {alias.name}" for alias in node.names if alias.name in CLOCKS]
    assert readers == []


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_no_package_is_below_its_floor(package, floor):
    assert Version(metadata.version(package)) >= Version(floor)
    locked = re.search(rf"(?im)^{re.escape(package)}==([\d.]+)", (ROOT / "requirements.lock").read_text())
    assert locked is not None
    assert Version(locked[1]) >= Version(floor)


def test_weasyprint_is_pinned_because_one_of_its_functions_is_wrapped():
    text = (ROOT / "pyproject.toml").read_text()
    assert '"weasyprint==' in text


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock", "requirements-dev.lock"])
def test_the_lock_holds_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert not re.search(r"^--", text, re.MULTILINE)
    assert len(re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)) <= text.count("--hash=sha256:")


def test_every_dependency_says_why_it_is_here():
    lines = (ROOT / "pyproject.toml").read_text().splitlines()
    listed = [line for line in lines if re.match(r'  "[\w.\[\]-]+[=<>]', line)]
    assert listed
    assert [line for line in listed if not re.search(r"#\s+\w+ ?\w+", line)] == []


WORDS_OF_MACHINES = re.compile(
    "|".join(
        [
            r"py" + r"pi\.org",
            "files.python" + "hosted",
            "registry.npm" + "js",
            r"deb\.deb" + r"ian\.org",
            "/wo" + "rk/",
            "/opt/" + "wheels",
            "/opt/" + "pypi",
            "/tmp/" + "brief",
            "/home/" + r"\w",
            "/ro" + "ot/",
        ]
    )
)


def test_no_file_names_a_registry_or_a_path_of_one_machine():
    found = []
    for path in files():
        if path.suffix in {".woff2", ".woff", ".ttf", ".png", ".ico", ".mo", ".pdf", ".jpg", ".webp", ".gz"}:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if WORDS_OF_MACHINES.search(line):
                found.append(f"{name(path)}:{number}")
    assert found == []


UNFINISHED = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "X" + "XX", "lorem " + "ipsum"]))


def test_nothing_is_left_unfinished():
    found = []
    for path in files(".py", ".html", ".sh", ".css", ".js", ".toml", ".yml"):
        if "vendor" in path.parts or (path.suffix == ".css" and ".min." in path.name):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if UNFINISHED.search(line) and "XXXXXX" not in line:
                found.append(f"{name(path)}:{number}")
    assert found == []


def test_no_test_is_skipped_or_expected_to_fail():
    pattern = re.compile(r"pytest\.(mark\.)?(skip|xfail|importorskip)|unittest\.skip|pytestmark = pytest\.mark\.skip")
    found = [
        name(path)
        for path in files(".py", under="tests")
        if path.name != "test_house.py" and pattern.search(path.read_text())
    ]
    assert found == []


def test_the_readme_says_where_things_are_and_how_to_run_them():
    text = (ROOT / "README.md").read_text()
    assert re.search(r"^#+ Where things are", text, re.MULTILINE)
    for word in (*(f"{room}/" for room in ROOMS), "make run", "make test", "make check"):
        assert word in text


def test_vendored_scripts_and_styles_keep_their_licence():
    vendored = [path for path in files(".js", ".css", under="static") if ".min." in path.name]
    assert [name(path) for path in vendored if "license" not in path.read_text(errors="replace")[:2000].lower()] == []


def test_json_files_are_json():
    for path in files(".json", ".topojson"):
        json.loads(path.read_text())
