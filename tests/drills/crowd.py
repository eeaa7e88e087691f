"""A crowd at the last hour, in a process of its own: `python -m tests.drills.crowd PLAN ANSWERS`.

Each person signs in, sends the last paper, reads what will be handed in, hands it in and looks at the receipt, over
connections as the proxy in front makes them: kept open and used again by whoever comes next, with the person's own
address in X-Forwarded-For. They come when they come, `together` at each full second; at most `at_once` are inside, the others wait before the door.
"""

import hashlib
import http.client
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
PATIENCE = 120  # seconds for one answer
KEPT = 60  # seconds a connection that nobody uses is kept; shorter than gunicorn keeps it
BOUNDARY = "----one-paper-of-many"


@dataclass(frozen=True)
class Plan:
    """`host` is the site's name, `port` the portal's on loopback; after `seconds` nobody comes in any more."""

    host: str
    port: int
    people: list[dict[str, str]]
    paper: str  # a PDF, with dots where each person's own line goes
    together: int
    at_once: int
    seconds: float


@dataclass
class Answers:
    """What was answered. One line a request: person, step, status (0: connection lost on purpose), seconds."""

    requests: list[tuple[int, str, int, float]] = field(default_factory=list)
    people: list[dict[str, Any]] = field(default_factory=list)
    trivial: dict[str, list[float]] = field(default_factory=lambda: {"/healthz": [], "/districts/": []})


class Connections:
    """Open connections to the portal that nobody uses at the moment, as the proxy keeps them (docs/nginx.conf)."""

    def __init__(self) -> None:
        self._open: list[tuple[float, http.client.HTTPConnection]] = []

    def take(self, port: int) -> http.client.HTTPConnection:
        """One that is open, or a new one."""
        while self._open:
            since, link = self._open.pop()  # the last one given back; pop is one step for all threads
            if time.monotonic() - since < KEPT:
                return link
            link.close()
        return http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def give_back(self, link: http.client.HTTPConnection) -> None:
        self._open.append((time.monotonic(), link))


CONNECTIONS = Connections()


class Surprise(Exception):
    """An answer that is not the one a person expects there."""


class Person:
    """One browser."""

    def __init__(self, plan: Plan, number: int, answers: Answers) -> None:
        self.plan, self.number, self.answers = plan, number, answers
        self.told = plan.people[number]
        self.own = f"/applications/{self.told['reference']}/"
        self.cookies: dict[str, str] = {}
        self.token = ""
        # One in four comes through one large office's address, the others have each their own.
        self.address = "10.255.0.1" if number % 4 == 0 else f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"

    def _send(self, method: str, path: str, body: bytes | None, kind: str) -> http.client.HTTPConnection:
        link = CONNECTIONS.take(self.plan.port)
        site = f"https://{self.plan.host}"
        headers = {
            "Host": self.plan.host,
            "X-Forwarded-For": self.address,
            "X-Forwarded-Proto": "https",
            "Referer": site + path,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        }
        if body is not None:
            headers |= {"Content-Type": kind, "Origin": site}
        link.request(method, path, body=body, headers=headers)
        return link

    def ask(self, step: str, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        """Status, where it leads, and the page."""
        began = time.perf_counter()
        link = self._send(method, path, body, kind)
        answer = link.getresponse()
        page = answer.read()
        if answer.will_close:
            link.close()
        else:
            CONNECTIONS.give_back(link)
        self.answers.requests.append((self.number, step, answer.status, time.perf_counter() - began))
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = header.split(";", 1)[0].partition("=")
            self.cookies[name.strip()] = value.strip()
        return answer.status, answer.headers.get("Location", ""), page.decode()

    def read(self, step: str, path: str) -> str:
        """A page, which must be there."""
        status, leads, page = self.ask(step, "GET", path)
        if status != 200:
            raise Surprise(f"{step}: {status} {leads}")
        if found := TOKEN.search(page):
            self.token = found[1]
        return page

    def post(self, step: str, path: str, body: bytes, kind: str, leads_to: str) -> None:
        """Send a form, which must lead on to where it leads when all is well."""
        status, leads, page = self.ask(step, "POST", path, body, kind)
        if (status, leads) != (302, leads_to):
            said = re.search(r'role="alert".*?</div>', page, re.DOTALL)
            raise Surprise(f"{step}: {status} {leads} {said[0][:300] if said else ''}")

    def lose(self, step: str, path: str, body: bytes, kind: str) -> None:
        """Send a form, and lose the connection before anything comes back."""
        link = self._send("POST", path, body, kind)
        if link.sock is not None:
            link.sock.shutdown(socket.SHUT_RDWR)
        link.close()
        self.answers.requests.append((self.number, f"{step}, lost", 0, 0.0))

    def form(self, **fields: str) -> bytes:
        return urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()

    def sends(self, step: str, path: str, make: Callable[[], tuple[bytes, str]], leads_to: str, mishap: str) -> None:
        """A form, once; twice at the same time; or again because the connection was lost."""
        body, kind = make()
        if mishap == "lost":
            self.lose(step, path, body, kind)
            if step == "sign in":
                self.read("sign-in page", path)
                body, kind = make()
        if mishap != "twice":
            self.post(step, path, body, kind, leads_to)
            return
        failed: list[str] = []

        def press() -> None:
            try:
                self.post(f"{step}, pressed twice", path, body, kind, leads_to)
            except Exception as error:  # noqa: BLE001 -- said by the person, whatever it was
                failed.append(repr(error))

        presses = [threading.Thread(target=press) for _press in range(2)]
        for one in presses:
            one.start()
        for one in presses:
            one.join()
        if failed:
            raise Surprise("; ".join(failed))

    def content(self) -> bytes:
        """This person's paper; no two are alike."""
        line = f"Paper of {self.told['reference']}"
        dots = "." * 64
        return self.plan.paper.encode("latin-1").replace(dots.encode(), line.ljust(64).encode())

    def upload(self) -> tuple[bytes, str]:
        fields = {"csrfmiddlewaretoken": self.token, "kind": self.told["kind"]}
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in fields.items()
        ]
        head = 'Content-Disposition: form-data; name="file"; filename="paper.pdf"\r\nContent-Type: application/pdf'
        parts += [f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(), self.content(), f"\r\n--{BOUNDARY}--\r\n".encode()]
        return b"".join(parts), f"multipart/form-data; boundary={BOUNDARY}"

    def walk(self) -> str:
        """The whole way; the number of the receipt."""
        sign_in = f"/accounts/login/?{urlencode({'next': self.own})}"
        self.read("sign-in page", sign_in)

        def password() -> tuple[bytes, str]:
            told = {"login": self.told["email"], "password": self.told["password"], "next": self.own}
            return self.form(**told), "application/x-www-form-urlencoded"

        self.sends("sign in", sign_in, password, self.own, mishap_of(self.number, "sign in"))
        self.read("own file", self.own)
        self.read("documents", f"{self.own}documents/")
        papers = f"{self.own}documents/"
        self.sends("upload", papers, self.upload, papers, mishap_of(self.number, "upload"))
        self.read("documents", papers)
        self.read("check answers", f"{self.own}submit/")
        plain = "application/x-www-form-urlencoded"
        receipt = f"{self.own}receipt/"
        self.sends(
            "submit", f"{self.own}submit/", lambda: (self.form(), plain), receipt, mishap_of(self.number, "submit")
        )
        page = self.read("receipt", receipt)
        found = re.search(rf"R-\d+-{self.told['reference'].split('-', 2)[2]}-[A-Z2-9]{{6}}", page)
        if found is None:
            raise Surprise("receipt: no number on the page")
        return found[0]


def mishap_of(number: int, step: str) -> str:
    """What goes wrong for a person at a step: each tenth presses twice, each twentieth loses a connection."""
    place = number % 20
    if step == "submit":
        return "twice" if place % 10 == 3 else "lost" if place == 7 else ""
    return "lost" if (step, place) in {("upload", 1), ("sign in", 5)} else ""


def come(plan: Plan, numbers: Iterator[int], start: float, answers: Answers) -> None:
    """One place inside: whoever comes next takes it, goes the whole way and leaves it."""
    for number in numbers:
        due = start + number // plan.together
        time.sleep(max(0.0, due - time.monotonic()))
        inside = time.monotonic()
        if inside - start > plan.seconds:
            return
        person, said, receipt = Person(plan, number, answers), "", ""
        try:
            receipt = person.walk()
        except Exception as error:  # noqa: BLE001 -- whatever a person ran into is looked at by the test
            said = repr(error)
        answers.people.append(
            {
                "number": number,
                "waited": inside - due,
                "inside": time.monotonic() - inside,
                "receipt": receipt,
                "said": said,
                "sha256": hashlib.sha256(person.content()).hexdigest(),
            }
        )


def ask_trivial_pages(plan: Plan, answers: Answers, over: threading.Event) -> None:
    """Ask two pages that cost next to nothing, one after the other, as long as the crowd is there."""
    nobody = Person(plan, 0, Answers())
    while not over.wait(0.5):
        for path, times in answers.trivial.items():
            began = time.perf_counter()
            nobody.read("trivial", path)
            times.append(time.perf_counter() - began)


class Door:
    """Hands out the people's numbers in the order they come, to several threads."""

    def __init__(self, many: int) -> None:
        self.numbers, self.lock = iter(range(many)), threading.Lock()

    def __iter__(self) -> "Door":
        return self

    def __next__(self) -> int:
        with self.lock:
            return next(self.numbers)


def main(plan_file: str, answers_file: str) -> None:
    plan, answers, over = Plan(**json.loads(Path(plan_file).read_text())), Answers(), threading.Event()
    beside = threading.Thread(target=ask_trivial_pages, args=(plan, answers, over))
    beside.start()
    door, start = Door(len(plan.people)), time.monotonic()
    places = [threading.Thread(target=come, args=(plan, door, start, answers)) for _place in range(plan.at_once)]
    for place in places:
        place.start()
    for place in places:
        place.join()
    took = time.monotonic() - start
    over.set()
    beside.join()
    Path(answers_file).write_text(json.dumps({**vars(answers), "took": took}))


if __name__ == "__main__":
    main(*sys.argv[1:])
