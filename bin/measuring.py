"""Readers that ask a portal for pages and say how long it took. Standard library only; bin/measure and bin/bench-pages use it."""

import http.client
import statistics
import time
from collections.abc import Callable
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

PASSWORD = "mission-1000-demo"  # noqa: S105 -- printed in the README, refused in production


class Fields(HTMLParser):
    """The fields of every form of a page, as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = [{}]
        self._area = self._select = ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "form":
            self.forms.append({})
        elif tag == "textarea":
            self._area = name
            self.forms[-1][name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in given:
            self.forms[-1][self._select] = given.get("value", "")
        elif tag == "input" and name and (kind not in {"radio", "checkbox"} or "checked" in given):
            self.forms[-1][name] = given.get("value", "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = ""

    def handle_data(self, data):
        if self._area:
            self.forms[-1][self._area] += data

    def with_field(self, name: str) -> dict[str, str]:
        """The form that holds this field."""
        return next(form for form in self.forms if name in form)


class Reader:
    """Somebody with cookies and one connection that is kept open."""

    def __init__(self, base: str, email: str = "", code: Callable[[str], str] | None = None) -> None:
        parts = urlsplit(base)
        self.base = base
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.page = self.where = ""
        if email:
            self.send("/accounts/login/", {"login": email, "password": PASSWORD})
            if code and any("code" in form for form in Fields(self.page).forms):
                self.send(self.where, {"code": code(email)})

    def ask(self, path: str, body: str | None = None) -> tuple[float, int]:
        """Seconds until the whole answer is here, and its status."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Referer": self.base + path}
        if self.connection.sock is None:
            self.connection.connect()
        began = time.perf_counter()
        try:
            self.connection.request("GET" if body is None else "POST", path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError):  # kept open for a few seconds only
            self.connection.close()
            return self.ask(path, body)
        content = answer.read()
        took = time.perf_counter() - began
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        self.page, self.where = content.decode(errors="replace"), path
        if answer.status in {301, 302}:
            self.where = answer.headers["Location"]
        return took, answer.status

    def get(self, path: str) -> float:
        """Seconds of a page. Raises RuntimeError where it is not there for this reader."""
        took, status = self.ask(path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status} {self.where}")
        return took

    def post(self, path: str, fields: dict[str, str]) -> float:
        """Seconds until what was sent is kept: such a form answers with the way to the next page."""
        took, status = self.ask(path, urlencode(fields))
        if status != 302:
            raise RuntimeError(f"POST {path} answered {status}")
        return took

    def send(self, path: str, fields: dict[str, str]) -> None:
        """Open a page, fill its form in, send it, and follow."""
        self.get(path)
        first = next(iter(fields))
        self.ask(path, urlencode(Fields(self.page).with_field(first) | fields))
        while self.where != path and (path := self.where):
            self.ask(path)


def interleaved(asked: dict[str, Callable[[], float]], rounds: int, warm: int = 3) -> dict[str, list[float]]:
    """Seconds of each, asked in turn, so that a busy moment falls on all alike; the first `warm` rounds do not count."""
    times: dict[str, list[float]] = {name: [] for name in asked}
    for _round in range(rounds + warm):
        for name, ask in asked.items():
            times[name].append(ask())
    return {name: seconds[warm:] for name, seconds in times.items()}


def median(seconds: list[float]) -> float:
    return statistics.median(seconds)
