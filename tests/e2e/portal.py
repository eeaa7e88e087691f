"""A running portal as its tests see it: its address, its mails, its people's codes, and the room behind it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import BrowserContext

from accounts.demo import seed_of

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds until what does not come fails its test: other work on the machine makes it late, not wrong
WORK = 240  # seconds: papers are made after what people wait for, by a niced child, while other tests have both cores


class BackRoom:
    """The process of tests/e2e/backroom.py."""

    def __init__(self, env: dict[str, str], log: Path) -> None:
        self._log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.backroom"],
                cwd=ROOT,
                env={**env, "DJANGO_SETTINGS_MODULE": "mission1000.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=out,
                text=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def do(self, act: str, *words: Any, **named: Any) -> Any:
        """What a function of tests/e2e returns there: its name with its module's."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([act, words, named]) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, self._log.read_text()
        answer = json.loads(line)
        assert "fault" not in answer, answer["fault"]
        return answer["said"]


class Portal:
    """Addresses and people of one running portal."""

    def __init__(self, base: str, data: Path, room: BackRoom) -> None:
        self.base = base
        self.data = data
        self.ask = room.do

    def cookies_of(self, email: str, language: str = "en", factor_age: int = 0) -> dict[str, str]:
        """What a browser keeps of somebody who is signed in, with a second factor of so many seconds ago."""
        return {"sessionid": self.ask("acts.enter", email, language, factor_age)}

    def let_in(self, context: BrowserContext, cookies: dict[str, str]) -> None:
        """Give a browser these cookies, as if the portal had set them."""
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self.base, "httpOnly": True, "sameSite": "Lax"}
                for name, value in cookies.items()
            ]
        )

    def wait_for_the_worker(self, *, in_bulk: bool = False) -> None:
        """Until the worker has done what is due: what people wait for, or all of it (`in_bulk`).

        To read a page again and again would cost the work that it waits for.
        """
        left = self.ask("acts.wait_for_the_worker", WORK, in_bulk=in_bulk)
        assert left == []

    def code(self, email: str) -> str:
        """This half minute's second-factor code, good once more: no test waits for the next half minute.

        That a code counts once is shown in tests/accounts/test_second_factor.py.
        """
        _before, current, _after = yield_hotp_counters_from_time()
        code = str(format_hotp_value(hotp_value(seed_of(email), current)))
        self.ask("acts.forget_that_it_was_used", email, code)
        return code

    def mails(self) -> list[str]:
        """The text of every mail sent so far, oldest first, when all that are due are sent."""
        self.wait_for_the_worker(in_bulk=True)
        files = sorted((self.data / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime)
        return [file.read_text() for file in files]
