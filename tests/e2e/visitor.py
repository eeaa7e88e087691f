"""A person at a browser: with a mouse, with the keyboard alone, or without scripts."""

from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from tests.e2e.portal import PATIENCE, Portal

PASSWORD = "mission-1000-demo"
MOST_TABS = 250


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
    def cookies(self) -> dict[str, str]:
        """What this window's browser keeps of the portal, by name."""
        return {cookie["name"]: cookie["value"] for cookie in self.page.context.cookies()}

    @property
    def text(self) -> str:
        return self.page.inner_text("main")

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.portal.base)


class Profiles:
    """Browsers' profiles, lent to one person at a time: a new one would load and read every script and style anew.

    Who gets one finds no cookie and no window of anybody else in it.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._free: dict[bool, list[BrowserContext]] = {True: [], False: []}
        self._stopped: list[BrowserContext] = []

    def lend(self, *, javascript: bool) -> BrowserContext:
        """A profile with scripts, or without."""
        if self._free[javascript]:
            return self._free[javascript].pop()
        context = self._browser.new_context(java_script_enabled=javascript)
        context.set_default_timeout(PATIENCE * 1000)
        return context

    def take_back(self, context: BrowserContext, *, javascript: bool) -> None:
        """Close its windows, forget its cookies. One whose clock was stopped stays so: nobody else gets it."""
        if context in self._stopped:
            context.close()
            return
        for page in context.pages:
            page.close()
        context.clear_cookies()
        self._free[javascript].append(context)

    def stop_the_clock(self, context: BrowserContext) -> None:
        """Let the clock of a profile stand still but for the test that moves it."""
        self._stopped.append(context)
        context.clock.install(time=0)
        context.clock.pause_at(1000)  # ahead of whatever the two calls took


class Visitors:
    """Opens windows, one for each person."""

    def __init__(self, portal: Portal, profiles: Profiles) -> None:
        self.portal = portal
        self.profiles = profiles
        self._lent: list[tuple[BrowserContext, bool]] = []
        self._people: list[Visitor] = []

    def known(self, email: str, language: str = "en", *, factor_age: int = 0, **hands: Any) -> Visitor:
        """A window of somebody who is signed in already, with a second factor of so many seconds ago.

        How people sign in is shown where it is the subject: `Visitor.sign_in`.
        """
        return self.new(cookies=self.portal.cookies_of(email, language, factor_age), **hands)

    def new(
        self,
        language: str = "en",
        *,
        javascript: bool = True,
        width: int = 1280,
        keyboard: bool = False,
        cookies: dict[str, str] | None = None,
    ) -> Visitor:
        """A window of its own, of somebody who chose this language."""
        context = self.profiles.lend(javascript=javascript)
        self._lent.append((context, javascript))
        self.portal.let_in(context, {"django_language": language} | (cookies or {}))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        visitor = Visitor(self.portal, page, keyboard=keyboard)
        self._people.append(visitor)
        return visitor

    def close(self) -> None:
        """Close every window; what a browser complained about (scripts, the content policy) fails the test."""
        complaints = [said for person in self._people for said in person.complaints if "status of 4" not in said]
        for context, javascript in self._lent:
            self.profiles.take_back(context, javascript=javascript)
        assert complaints == [], complaints
