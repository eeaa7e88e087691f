"""No mail: the act is accepted, the mail waits, and the pages on which it matters stay truthful."""

from datetime import timedelta
from html import unescape

import pytest
from aiosmtpd.controller import Controller
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from accounts.models import User
from records import jobs, outbox
from records.clock import moved_to, now
from records.models import Job, Message
from tests.records.conftest import free_port

pytestmark = [pytest.mark.drill, pytest.mark.django_db]
LATE = "Mails go out late at the moment."


class Takes:
    async def handle_DATA(self, _server, _session, _envelope) -> str:
        return "250 OK"


@pytest.fixture
def port(settings) -> int:
    """A portal that sends to a port on which nobody listens."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return settings.EMAIL_PORT


def work(minutes: float) -> None:
    with moved_to(now() + timedelta(minutes=minutes)):
        for job in list(jobs.due().filter(name="records.mail")):
            jobs.run(job.pk)


def reset(client: Client, minutes: int = 0) -> str:
    with moved_to(now() + timedelta(minutes=minutes)):
        answer = client.post("/accounts/password/reset/", {"email": "asha@test.example"}, follow=True)
        return unescape(answer.content.decode())


def keeper(minutes: int) -> str:
    """What whoever keeps the portal running reads."""
    with moved_to(now() + timedelta(minutes=minutes)), translation.override("en"):
        return unescape(render_to_string("components/mails_late.html", {"late": outbox.late(), "keeper": True}))


def test_with_the_mail_server_away_a_reset_is_accepted_and_says_that_its_mail_is_late(port):
    User.objects.create(email="asha@test.example", full_name="Asha")
    client = Client()
    assert LATE not in reset(client)
    work(0)
    job = Job.objects.get(name="records.mail")
    assert (job.state, job.error != "", Message.objects.get().state) == ("queued", True, "queued")
    assert LATE in reset(client, minutes=6)
    assert "1 mail waits" in keeper(3)
    assert "The mail server does not take them, or no worker runs." in keeper(3)
    controller = Controller(Takes(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        work(20)
    finally:
        controller.stop()
    assert set(Message.objects.values_list("state", flat=True)) == {"ready"}
    assert (LATE in reset(client, minutes=30), keeper(30).strip()) == (False, "")


def test_one_address_that_takes_no_mail_is_no_mail_server_that_is_away(port):
    bad = outbox.send_text(None, "gone@test.example", kind="t", title="Title", body="Body")
    well = outbox.send_text(None, "asha@test.example", kind="t", title="Title", body="Body")
    work(0)
    Job.objects.filter(subject=f"message:{well.pk}").update(state="ready", finished_at=now())
    Message.objects.filter(pk=well.pk).update(state="ready", sent_at=now() + timedelta(minutes=1))
    assert "Other mails go out: these are tried again." in keeper(3)
    with moved_to(now() + timedelta(minutes=3)):
        assert not outbox.late().stuck
    assert bad.state == "queued"


def test_after_the_last_try_a_mail_is_given_up_with_its_reason_and_waits_for_a_person(port):
    message = outbox.send_text(None, "asha@test.example", kind="t", title="Title", body="Body")
    for hour in range(13):
        work(60 * hour)
    message.refresh_from_db()
    job = Job.objects.get()
    assert (message.state, message.error != "", job.state, job.attempts) == ("failed", True, "failed", 12)
