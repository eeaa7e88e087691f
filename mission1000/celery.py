"""The Celery application. It carries job numbers and nothing else; the row in the database is the truth.

Queues and limits are in the settings under CELERY_. No result is kept: a job's outcome is in its own row.
"""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission1000.settings")

app = Celery("mission1000")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["records"])
# Celery remembers the current app per thread. Without a default, a request served on another thread than the one
# that imported this module would publish to an app of Celery's own, on a broker that is not there.
app.set_default()


@signals.setup_logging.connect
def _keep_our_logging(**_kwargs: Any) -> None:
    """Celery sets up no logging of its own where this signal has a receiver; Django's LOGGING stays."""


@signals.worker_ready.connect
def _say_so(**_kwargs: Any) -> None:
    """A worker that is up says so at once; afterwards the sweep, sent by beat, says it again and again."""
    from django.db import connection  # noqa: PLC0415 -- Django is not set up when this module is read

    from records import jobs  # noqa: PLC0415 -- Django is not set up when this module is read

    jobs.say_alive("celery")
    connection.close()  # the processes this one forks later must not share it
