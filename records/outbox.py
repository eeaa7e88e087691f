"""Mail as rows first: written in the act, sent by a worker afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, Max, Min
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from records import audit, jobs
from records.clock import now
from records.models import Job, JobState, Message


def send(
    to: Any, *, kind: str, template: str, context: dict[str, Any], subject: Any = "", language: str = ""
) -> Message:
    """Write a mail in the reader's language: the first line of `templates/emails/<template>.txt` is its title."""
    address = to if isinstance(to, str) else to.email
    speak = language or getattr(to, "language", "en")
    site = {"site_url": settings.SITE_URL.rstrip("/"), "site_owner": settings.SITE_OWNER}
    with translation.override(speak):
        text = render_to_string(f"emails/{template}.txt", {**context, **site})
    title, _line, body = text.strip().partition("\n")
    return send_text(
        to if not isinstance(to, str) else None,
        address,
        kind=kind,
        title=title,
        body=body.strip() + "\n",
        subject=subject,
        language=speak,
    )


def send_text(
    user: Any,
    address: str,
    *,
    kind: str,
    title: str,
    body: str,
    subject: Any = "",
    language: str = "en",
    priority: int = 2,
) -> Message:
    """Write a mail whose text is made already. `priority` 0: somebody sits before a page that asks for its code."""
    message = Message.objects.create(
        to_user=user,
        address=address,
        kind=kind,
        subject=audit.subject_key(subject),
        language=language,
        title=" ".join(title.split())[:200],  # one line, whatever stood in it: it becomes a header
        body=body,
        at=now(),
    )
    jobs.enqueue("records.mail", f"message:{message.pk}", payload={"message": message.pk}, priority=priority)
    return message


def _not_sent(job: Job, reason: str) -> None:
    Message.objects.filter(pk=job.payload["message"]).exclude(state=JobState.READY).update(
        state=JobState.FAILED, error=reason
    )


def _sent_again(job: Job) -> None:
    Message.objects.filter(pk=job.payload["message"], state=JobState.FAILED).update(state=JobState.QUEUED, error="")


@jobs.handler(
    "records.mail",
    title=_("Sending an e-mail"),
    queue="mail",
    attempts=12,
    failed=_not_sent,
    again=_sent_again,
)
def deliver(job: Job) -> None:
    """Hand one mail to the mail server; harmless when it is sent already."""
    message = Message.objects.get(pk=job.payload["message"])
    if message.state == JobState.READY:
        return
    mail = EmailMessage(message.title, message.body, settings.DEFAULT_FROM_EMAIL, [message.address])
    mail.extra_headers["Message-ID"] = f"<message-{message.pk}@mission1000.portal>"
    mail.send()
    Message.objects.filter(pk=message.pk).update(state=JobState.READY, sent_at=now(), error="")


LATE = timedelta(minutes=2)


@dataclass(frozen=True)
class Late:
    """Mails that should have gone out by now."""

    number: int
    since: datetime | None  # when the oldest of them was written
    stuck: bool  # nothing has gone out since the newest of them was written: it is the server, not one address


def late() -> Late:
    """Mails that wait longer than a mail should: the mail server does not take them, or no worker runs."""
    waiting = Job.objects.filter(state=JobState.QUEUED, name="records.mail", created_at__lt=now() - LATE)
    waiting = waiting.exclude(priority__gte=jobs.IN_BULK)  # those of a release take their time
    found = waiting.aggregate(number=Count("pk"), since=Min("created_at"), newest=Max("created_at"))
    newest = found.pop("newest")
    stuck = newest is not None and not Message.objects.filter(sent_at__gt=newest).exists()
    return Late(**found, stuck=stuck)
