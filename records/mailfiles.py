"""Mail into files, for a machine without a mail server."""

import uuid
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from records.clock import ist, now
from records.pdf import write_whole


class EmlBackend(BaseEmailBackend):
    """Writes each mail to DATA_DIR/mail/ as an .eml file any mail program opens."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            name = f"{ist(now()):%Y%m%d-%H%M%S-%f}-{uuid.uuid4().hex[:6]}.eml"
            write_whole(Path(settings.DATA_DIR) / "mail" / name, mail.message().as_bytes())
        return len(email_messages)
