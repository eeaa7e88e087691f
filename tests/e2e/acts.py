"""What the back room of a portal does for every test: prepare it, let somebody in, wait for the worker."""

import time
from pathlib import Path
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db.models import Q
from django.test import Client

from accounts.models import User
from records.clock import now
from records.jobs import IN_BULK
from records.models import Job, JobState
from tests.evaluation.conftest import signed_in

POLL = 0.05  # seconds


def prepare(applications: int, static: str, *, has_tables: bool) -> None:
    """Tables, reference data, static files and the demonstration.

    Static files are collected once a run, into `static`, and not compressed, which is most of that work: how heavy they
    are is asked in tests/mission1000/test_weight.py, and `make run` does all of it in tests/mission1000/test_bin.py.
    """
    if not has_tables:
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
    call_command("load_reference")
    Path(settings.STATIC_ROOT).symlink_to(static)
    if not any(Path(static).iterdir()):
        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
        call_command("collectstatic", interactive=False, verbosity=0)
    call_command("demo", applications=applications)


def enter(email: str, language: str = "en", factor_age: int = 0) -> str:
    """The key of a session of this person, begun now, with a second factor of so many seconds ago; they read `language`."""
    person = User.objects.get(email=email)
    if person.language != language:
        person.language = language
        person.save(update_fields=["language"])
    begun = signed_in(Client(), person).session
    begun["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time() - factor_age}]
    begun.save()
    return str(begun.session_key)


def forget_that_it_was_used(email: str, code: str) -> None:
    """Let a code of the second factor count once more: the portal remembers it, and so does the library."""
    factor = Authenticator.objects.get(user__email=email, type=Authenticator.Type.TOTP)
    cache.delete_many([f"second-factor.used:{factor.user_id}:{code}", TOTP(factor)._get_used_cache_key(code)])


def full_name(email: str) -> str:
    """What people read of a person."""
    return User.objects.get(email=email).full_name


def wait_for_the_worker(seconds: float, *, in_bulk: bool) -> list[Any]:
    """Wait until the portal's own worker has done all that is due, also what is tried again; what it has not done by then.

    `in_bulk`: also what nobody waits for, such as the letters of a release.
    """
    until = time.monotonic() + seconds
    waiting = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
    if not in_bulk:
        waiting = waiting.filter(priority__lt=IN_BULK)
    while time.monotonic() < until:
        if not waiting.filter(Q(not_before__lte=now()) | Q(attempts__gt=0)).exists():
            return []
        time.sleep(POLL)
    return list(waiting.values_list("name", "state", "attempts", "error"))
