"""Rows nobody changes while the demonstration is made, read once: rounds, offices, districts, taluks, people."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models.signals import post_init, post_save

from accounts.models import User
from applications.models import Application, Round
from districts.models import District, Office, Taluk


@contextmanager
def read_once() -> Iterator[None]:
    """Give every file that is read its round, office, district, taluk and people: each act reads its file anew, and them
    with it.
    """
    people = User.objects.in_bulk()
    kept: dict[str, dict[int, Any]] = {
        "officer": people,
        "filed_by": people,
        "round": Round.objects.in_bulk(),
        "office": Office.objects.select_related("district").in_bulk(),
        "district": District.objects.in_bulk(),
        "taluk": Taluk.objects.in_bulk(),
    }

    def know(instance: User, **_signal: Any) -> None:
        people[instance.pk] = instance

    def give(instance: Application, **_signal: Any) -> None:
        for name, rows in kept.items():
            row = rows.get(instance.__dict__.get(f"{name}_id") or 0)
            if row is not None:
                instance._state.fields_cache[name] = row

    post_init.connect(give, sender=Application, weak=False)
    post_save.connect(know, sender=User, weak=False)
    try:
        yield
    finally:
        post_init.disconnect(give, sender=Application)
        post_save.disconnect(know, sender=User)
