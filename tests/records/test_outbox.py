"""Mail: a row in the act, sent by a worker to a real SMTP server, once, in the reader's language."""

import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.utils import translation

from accounts.models import User
from records import jobs, outbox
from records.acts import act
from records.clock import moved_to, now
from records.models import Job, JobState, Message
from records.verdicts import Refused
from tests.records.conftest import HERE, free_port


class Server:
    """Keeps what it is sent; refuses as often as `refusals` says."""

    def __init__(self) -> None:
        self.refusals = 0
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refusals:
            self.refusals -= 1
            return "451 Try again later"
        self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"


@pytest.fixture
def server(settings) -> Iterator[Server]:
    """An SMTP server on loopback, and a portal that sends to it."""
    handler = Server()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], HERE / "templates"]}]
    yield handler
    controller.stop()


def send(to: Any, **context: Any) -> Message:
    return outbox.send(
        to, kind="tests.hello", template="hello", context={"name": "Asha & Co", **context}, subject="note:1"
    )


def work(hours: float = 0) -> None:
    with moved_to(now() + timedelta(hours=hours)):
        for job in list(jobs.due()):
            jobs.run(job.pk)


@pytest.mark.django_db(transaction=True)
def test_a_mail_is_written_in_the_act_and_goes_back_with_it(server, person):
    @act
    def write() -> None:
        send(person)
        raise Refused("No.")

    with pytest.raises(Refused):
        write()
    work()
    assert (Message.objects.count(), Job.objects.count(), server.mails) == (0, 0, [])


def test_a_mail_is_sent_by_the_worker_and_once(server, person):
    message = send(person)
    assert (message.state, server.mails) == ("queued", [])
    work()
    outbox.deliver(Job.objects.get())
    (mail,) = server.mails
    assert (mail["To"], mail["Subject"]) == ("asha@test.example", "Hello Asha & Co")
    assert mail["Message-ID"] == f"<message-{message.pk}@mission1000.portal>"
    assert mail.get_content().replace("\r\n", "\n") == "A number for Asha & Co: http://localhost:8000/x/\n"
    message.refresh_from_db()
    assert (message.state, message.to_user, message.kind, message.subject) == ("ready", person, "tests.hello", "note:1")
    assert message.sent_at is not None


def test_a_mail_is_in_the_language_of_its_reader_whatever_the_writer_reads(server, db):
    reader = User.objects.create(email="ml@test.example", full_name="Malayali", language="ml")
    with translation.override("en"):
        send(reader)
    with translation.override("ml"):
        send("plain@test.example")
        send("asked@test.example", name="Asha")
        outbox.send("asked@test.example", kind="t", template="hello", context={"name": "A"}, language="ml")
    work()
    by_address = [(mail["To"], mail["Subject"]) for mail in server.mails]
    assert by_address == [
        ("ml@test.example", "നമസ്കാരം Asha & Co"),
        ("plain@test.example", "Hello Asha & Co"),
        ("asked@test.example", "Hello Asha"),
        ("asked@test.example", "നമസ്കാരം A"),
    ]


def test_a_provider_that_refuses_is_tried_again_and_the_mail_comes_once(server, person):
    server.refusals = 3
    message = send(person)
    for hours in range(6):
        work(hours)
    assert len(server.mails) == 1
    assert Job.objects.get().attempts == 4
    message.refresh_from_db()
    assert message.state == JobState.READY


@pytest.mark.django_db
def test_a_mail_no_provider_takes_is_kept_with_its_reason_and_sent_on_request(server, person):
    server.refusals = 12
    message = send(person)
    for hours in range(14):
        work(hours)
    message.refresh_from_db()
    assert (message.state, server.mails) == ("failed", [])
    assert "Try again later" in message.error
    jobs.retry(Job.objects.get(), by=person)
    work(15)
    message.refresh_from_db()
    assert (message.state, message.error, len(server.mails)) == ("ready", "", 1)


def test_no_server_at_all_is_only_a_wait(settings, server, person, closed_port):
    settings.EMAIL_PORT, port = closed_port, settings.EMAIL_PORT
    send(person)
    work()
    assert (Job.objects.get().state, server.mails) == ("queued", [])
    settings.EMAIL_PORT = port
    work(1)
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    "typed", ["Asha\nBcc: all@evil.example", "Asha\r\nBcc: all@evil.example", "Asha\rX: 1", "A\u2028B"]
)
def test_a_title_cannot_bring_headers_of_its_own(server, person, typed):
    message = outbox.send_text(person, person.email, kind="t", title=typed, body="Text\n")
    assert len(message.title.splitlines()) == 1
    work()
    (mail,) = server.mails
    assert mail["Subject"] == " ".join(typed.split())
    assert (mail["Bcc"], mail["X"], mail["To"]) == (None, None, "asha@test.example")


def test_a_long_title_is_cut(db, person):
    assert len(outbox.send_text(person, person.email, kind="t", title="x" * 300, body="").title) == 200


def test_without_a_mail_server_a_mail_is_a_file(settings, db, person, data_dir):
    settings.EMAIL_BACKEND = "records.mailfiles.EmlBackend"
    outbox.send_text(person, person.email, kind="t", title="ശ്രീ", body="From here\n")
    work()
    (file,) = (data_dir / "mail").iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert (file.suffix, mail["Subject"], mail.get_content()) == (".eml", "ശ്രീ", "From here\n")
    assert transaction.get_connection().in_atomic_block
