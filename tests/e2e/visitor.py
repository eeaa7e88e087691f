"""A person at a browser: with a mouse, with the keyboard alone, or without scripts."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from accounts.demo import seed_of

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "mission-1000-demo"
MOST_TABS = 250
PATIENCE = 60  # seconds until what does not come fails its test: other work on the machine makes it late, not wrong
RESTED = 5 * 60  # seconds after which somebody signs in anew: a quarter of an hour ends a session of staff


class Portal:
    """Addresses, commands and people of one running portal."""

    def __init__(self, base: str, env: dict[str, str]) -> None:
        self.base = base
        self.env = env
        self.data = Path(env["DATA_DIR"])
        self.sessions: dict[str, tuple[float, Any]] = {}  # of people who signed in before: when last used, cookies
        self._used: set[str] = set()

    def manage(self, *words: str, seconds: int = 900) -> str:
        """Run a management command against this portal's database; what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def code(self, email: str) -> str:
        """A second-factor code that was not used yet: this half minute's, or the one after or before, which count too."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            before, current, after = yield_hotp_counters_from_time()
            for counter in (current, after, before):
                code = str(format_hotp_value(hotp_value(seed_of(email), counter)))
                if f"{email} {code}" not in self._used:
                    self._used.add(f"{email} {code}")
                    return code
            time.sleep(1)
        raise AssertionError("no fresh code")

    def mails(self) -> list[str]:
        """The text of every mail sent so far, oldest first."""
        files = sorted((self.data / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime)
        return [file.read_text() for file in files]


class Visitor:
    """One browser window: a person with their own cookies. With `keyboard` nothing is ever clicked."""

    def __init__(self, portal: Portal, page: Page, *, keyboard: bool = False) -> None:
        self.portal = portal
        self.page = page
        self.keyboard = keyboard
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, said: ConsoleMessage) -> None:
        """What the browser complains of, and about which address."""
        if said.type == "error":
            self.complaints.append(f"{said.text} ({said.location.get('url')})")

    def go(self, address: str) -> Self:
        """Type an address."""
        answer = self.page.goto(self.portal.base + address)
        assert answer is not None
        assert answer.status < 500, (address, answer.status)
        return self

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector).first

    def reach(self, selector: str) -> Locator:
        """Come to a control: by Tab alone with the keyboard."""
        target = self.find(selector)
        assert target.count(), f"{selector} is not on {self.page.url}:\n{self.text}"
        if not self.keyboard:
            target.focus()
            return target
        wanted = target.element_handle()
        for _turn in range(MOST_TABS):
            if self.page.evaluate("wanted => document.activeElement === wanted", wanted):
                return target
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} cannot be reached by Tab on {self.page.url}")

    def write(self, name: str, text: str) -> None:
        """Type into a field, over what stands in it."""
        field = self.reach(f"main [name='{name}']")
        if not self.keyboard:
            field.fill(text)
            return
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str) -> None:
        """Choose in a list, a row of radios, or tick a box."""
        field = self.find(f"main [name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            self.reach(f"main [name='{name}']").select_option(value)
        elif self.keyboard:
            self._by_arrows(name, value)
        else:
            self.find(f"main [name='{name}'][value='{value}']").check()

    def _by_arrows(self, name: str, value: str) -> None:
        boxes = self.page.locator(f"main [name='{name}']")
        values = [box.get_attribute("value") for box in boxes.all()]
        if boxes.first.get_attribute("type") == "checkbox":
            self.reach(f"main [name='{name}'][value='{value}']")
            self.page.keyboard.press("Space")
            return
        start = max(boxes.evaluate_all("all => all.findIndex(box => box.checked)"), 0)
        self.reach(f"main [name='{name}'][value='{values[start]}']")  # Tab comes to the one that is chosen
        self.page.keyboard.press("Space")
        steps = values.index(value) - start
        for _turn in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")

    def press(self, selector: str = "main form button.btn-primary") -> None:
        """Press a button, or follow a link, and wait for the page that follows."""
        button = self.reach(selector)
        with self.page.expect_navigation():
            if self.keyboard:
                self.page.keyboard.press("Enter")
            else:
                button.click()

    def unfold(self, selector: str) -> None:
        """Open a fold by its summary, where it is closed."""
        if self.find(selector).evaluate("summary => summary.parentElement.open"):
            return
        summary = self.reach(selector)
        if self.keyboard:
            self.page.keyboard.press("Enter")
        else:
            summary.click()

    def press_words(self, words: str) -> None:
        """Press the button or link that says this."""
        self.press(f"main :is(button, a):has-text({words!r})")

    def send(self, kind: str, file: Path) -> None:
        """Send a document of one kind; the file itself is chosen in a window that is not the page's."""
        self.find(f"#{kind}-file").set_input_files(str(file))
        self.press(f"#{kind} form button")

    def read(self, language: str) -> Self:
        """Read on in this language. It stays with the person, also for the tests that come after."""
        if self.page.get_attribute("html", "lang") != language:
            self.press("form[data-language] button")
        assert self.page.get_attribute("html", "lang") == language
        return self

    def sign_in(self, email: str, password: str = PASSWORD) -> Self:
        """Password, and the second factor where the post asks for one."""
        self.go("/accounts/login/")
        self.write("login", email)
        self.write("password", password)
        self.press()
        if "/2fa/" in self.page.url:
            self.write("code", self.portal.code(email))
            self.press()
        return self

    @property
    def text(self) -> str:
        return self.page.inner_text("main")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.portal.base)


class Visitors:
    """Opens windows, one for each person."""

    def __init__(self, portal: Portal, browser: Browser) -> None:
        self._portal = portal
        self._browser = browser
        self._contexts: list[BrowserContext] = []
        self._people: list[Visitor] = []

    def known(self, email: str, **hands: Any) -> Visitor:
        """A window of somebody who is signed in already; the first time they sign in, which takes a code of its own.

        So they do after a rest, in which the session may have ended.
        """
        used, cookies = self._portal.sessions.get(email, (0.0, None))
        if cookies is None or time.monotonic() - used > RESTED:
            cookies = self.new().sign_in(email).page.context.storage_state()
        self._portal.sessions[email] = time.monotonic(), cookies
        return self.new(cookies=cookies, **hands)

    def new(
        self, *, javascript: bool = True, width: int = 1280, keyboard: bool = False, cookies: Any = None
    ) -> Visitor:
        """A window of its own."""
        context = self._browser.new_context(
            java_script_enabled=javascript, viewport={"width": width, "height": 900}, storage_state=cookies
        )
        context.set_default_timeout(PATIENCE * 1000)
        self._contexts.append(context)
        visitor = Visitor(self._portal, context.new_page(), keyboard=keyboard)
        self._people.append(visitor)
        return visitor

    def close(self) -> None:
        """Close every window; what a browser complained about (scripts, the content policy) fails the test."""
        complaints = [said for person in self._people for said in person.complaints if "status of 4" not in said]
        for context in self._contexts:
            context.close()
        assert complaints == [], complaints
