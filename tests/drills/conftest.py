"""What only some runs can show is left out of the others, and pytest says how many."""

import os

import pytest

from tests.conftest import on_postgres

LEFT_OUT = {
    "disk": lambda: os.getuid() != 0,  # only root mounts a small file system
    "small_database": on_postgres,  # PostgreSQL has no bound to its size; tests/records reads its code
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    out = {name for name, when in LEFT_OUT.items() if when()}
    left = [item for item in items if out & set(getattr(item, "fixturenames", ()))]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]
