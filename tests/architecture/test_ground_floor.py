"""The ground floor is a closed list of modules, and knows nothing of what the portal is about."""

import re

from tests.architecture.tree import ROOT, files, name

CLOSED = {
    # every room writes on it (architecture.md of the design)
    "clock", "verdicts", "acts", "jobs", "audit", "files", "papers", "outbox", "sealed", "sheets", "formats", "limits", "views",
    # what Django asks for
    "__init__", "apps", "models", "urls", "tasks",
    # more than the first list has: docs/adr/0006
    "embedded", "mailfiles", "pdf", "pdf_child", "widgets",
    # the warmed process behind the door to WeasyPrint: docs/adr/0015
    "press", "pdf_press", "pdf_quick",
    # images of papers, pictures drawn anew: docs/adr/0010
    "pages", "drawing", "lighter", "faces", "pictures",
    # what in a PDF could act: docs/adr/0006
    "active",
    # tables that only grow: docs/adr/0011
    "appendonly",
    # a full disk, a database that is away, the scanner, what was lost: docs/adr/0014
    "faults", "scanner", "sweeping",
}  # fmt: skip
NOUNS = re.compile(r"(?i)(?<![a-z])(applicant|enterprise|scorecard|district|udyam|dic|slac)s?(?![a-z])")


def test_the_list_is_closed():
    assert {path.stem for path in (ROOT / "records").glob("*.py")} == CLOSED
    packages = {path.parent.name for path in (ROOT / "records").glob("*/__init__.py")}
    assert packages == {"backup", "management", "migrations", "templatetags"}  # backup: docs/adr/0013
    text = (ROOT / "docs" / "adr" / "0006-what-the-ground-floor-holds.md").read_text()
    assert [
        module
        for module in ("active", "embedded", "mailfiles", "pdf", "pdf_child", "widgets")
        if f"`{module}`" not in text
    ] == []


def test_tags_and_commands_of_the_ground_floor_are_a_closed_list_too():
    def modules(folder: str) -> set[str]:
        return {path.stem for path in (ROOT / "records" / folder).glob("*.py")} - {"__init__"}

    assert modules("templatetags") == {"components", "formats"}
    assert modules("management/commands") == {"backup", "restore", "sweep", "verify_audit"}


def test_no_noun_of_the_business_occurs_in_it():
    found = [
        f"{name(path)}:{number}"
        for path in [*files(".py", under="records"), *files(".html", under="templates/records")]
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if NOUNS.search(line)
    ]
    assert found == []


def test_people_are_known_by_the_setting_only():
    found = [
        f"{name(path)}:{number}"
        for path in files(".py", under="records")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\baccounts\b", line)
    ]
    assert found == []
