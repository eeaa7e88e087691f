"""Beside a portal, one process with its settings and its database: what is not a test's subject is done here, not through pages.

    python -m tests.e2e.backroom      reads lines like ["desk_rows.make", [], {}], does it, answers each with a line

Django is started once; `manage.py shell` for each step took a second of work every time.
"""

import json
import sys
import traceback
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any

import django


def do(act: str, words: list[Any], named: dict[str, Any]) -> dict[str, Any]:
    """Call a function of this folder; what it returned, or what went wrong."""
    from django.db import close_old_connections  # noqa: PLC0415 -- after the settings are there

    room, _, name = act.rpartition(".")
    try:
        close_old_connections()
        return {"said": getattr(import_module(f"tests.e2e.{room}"), name)(*words, **named)}
    except Exception:  # noqa: BLE001 -- it is the test that falls, with all of it
        return {"fault": traceback.format_exc()}


def main() -> None:
    """Answer until nobody asks any more. What acts print goes to the log."""
    answers = sys.stdout
    with redirect_stdout(sys.stderr):
        django.setup()
        for line in sys.stdin:
            print(json.dumps(do(*json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
