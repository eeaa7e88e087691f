"""What the tests run in. A pytest plugin of its own because it must act before the settings are read.

Every run has its own data folder. DATABASE_URL and REDIS_URL of the shell are refused, never used: tests empty what
they are given. TEST_DATABASE_URL and TEST_REDIS_URL name servers on purpose (`bin/services run …` makes throw-away ones).
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

NOT_FOR_TESTS = (
    "PRODUCTION",
    "EMBED",
    "BENCHMARK",
    "SITE_OWNER",
    "SITE_URL",
    "EMAIL_URL",
    "TRUSTED_PROXY",
    "ALLOWED_HOSTS",
)


def _prepare() -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        if os.environ.get(name) and os.environ.get(name) != os.environ.get(f"TEST_{name}"):
            raise SystemExit(
                f"Tests empty the database and the cache they are given. Unset {name}, or call it TEST_{name}."
            )
        os.environ.pop(name, None)
        if os.environ.get(f"TEST_{name}"):
            os.environ[name] = os.environ[f"TEST_{name}"]
    for name in NOT_FOR_TESTS:
        os.environ.pop(name, None)
    folder = _own_folder("mission1000-tests-")
    (folder / "static").mkdir()
    # The folders of tests too: of runs beside each other that clear up one, each may fall over what another took away.
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_own_folder("mission1000-pytest-")))
    os.environ |= {"DATA_DIR": str(folder), "HOST": "127.0.0.1", "PORT": "8000", "LOG_LEVEL": "WARNING"}


def _own_folder(prefix: str) -> Path:
    """A new folder that goes with this run."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


_prepare()
