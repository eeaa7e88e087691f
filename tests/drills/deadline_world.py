"""What stands before a deadline: applicants and their drafts, in bulk. Another process of the portal:

`python -m tests.drills.deadline_world prepare MANY READY` makes drafts that lack one paper, then some
that lack nothing, and prints who the first are; `… hand_in FIRST LAST` hands those in, and prints how long it took.

A few files are made by the real acts; all others are copies, with people, numbers and sealed columns of their own.
"""

import json
import sys
import time
from random import Random
from string import ascii_uppercase
from typing import Any

import django

django.setup()

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import translation

from accounts.models import User
from applications import actions, demo, queries
from applications.identifiers import check_character
from applications.models import (
    Application,
    Bank,
    Consent,
    Declaration,
    DocumentSlot,
    DocumentVersion,
    Enterprise,
    EnterpriseMember,
    Profile,
    ReferenceCounter,
    Revision,
)
from districts.models import District
from records.clock import now

PASSWORD = "the-last-day-of-the-round"
PATTERNS = 14  # files made by the real acts, one a district; fewer where there are fewer people
AT_ONCE = 500
SECTIONS = (Profile, Bank, Declaration, Revision, Consent)
ROWS = ("owners", "activities", "plants", "financial_years", "employment_years", "growth", "growth_years")


def copy_of(row: Any, **changes: Any) -> Any:
    """The same row once more, not yet saved; sealed columns are opened, to be sealed anew."""
    left = {"id", "seal_id", *(name.removesuffix("_id") for name in changes)}
    kept = {field.attname: getattr(row, field.attname) for field in row._meta.fields if field.name not in left}
    return type(row)(**{**kept, **changes})


def letters(number: int, count: int) -> str:
    """A number as so many letters."""
    found = ""
    for _place in range(count):
        number, rest = divmod(number, 26)
        found += ascii_uppercase[rest]
    return found


class Pattern:
    """One whole file with everything in it, read once."""

    def __init__(self, file: Application) -> None:
        self.file = file
        self.round = file.round
        self.owner = file.filed_by
        self.rows: list[Any] = []
        for model in SECTIONS:
            self.rows += model._default_manager.filter(application=file)
        for name in ROWS:
            related: Any = Application._meta.get_field(name).related_model
            self.rows += related.objects.filter(application=file)
        self.slots = list(DocumentSlot.objects.filter(application=file).order_by("pk"))
        self.versions = {row.slot_id: row for row in DocumentVersion.objects.filter(slot__application=file)}

    def copies(self, file: Application, number: int, by: User) -> list[Any]:
        """The rows of every section, of another file."""
        return [self._copy(row, file, number, by) for row in self.rows]

    def _copy(self, row: Any, file: Application, number: int, by: User) -> Any:
        changes: dict[str, Any] = {"application_id": file.pk}
        if isinstance(row, Profile):
            letter = letters(number, 5)
            pan = f"{letter[:3]}{row.pan[3]}{letter[3]}0000{letter[4]}"
            gstin = f"32{pan}1Z"
            changes |= {"pan": pan, "gstin": gstin + check_character(gstin), "email": by.email}
            changes |= {"udyam_number": file.enterprise.udyam_number, "mobile": f"9{number:09d}"}
        elif isinstance(row, Bank):
            changes["account_number"] = f"{number:013d}"
        elif hasattr(row, "by_id"):
            changes["by_id"] = by.pk
        return copy_of(row, **changes)


def patterns(many: int) -> list[Pattern]:
    """Whole files in different districts, by the real acts. They stay drafts and take no part."""
    call = queries.open_round()
    assert call is not None
    rng, found = Random(29), []
    districts = list(District.objects.order_by("order"))
    for number in range(many):
        person = User.objects.create(
            email=f"pattern{number}@applicants.example",
            full_name="Asha Nair",
            language="ml" if number % 3 == 0 else "en",
        )
        file = demo.complete(call, districts[number % len(districts)], rng, by=person)
        assert queries.missing_to_submit(file) == []
        found.append(Pattern(file))
    return found


def people(numbers: range, all_patterns: list[Pattern], secret: str) -> list[User]:
    """Their accounts, confirmed."""
    made = [
        User(
            email=f"person{number}@applicants.example",
            full_name=f"Person {number}",
            language=all_patterns[number % len(all_patterns)].owner.language,
            password=secret,
        )
        for number in numbers
    ]
    User.objects.bulk_create(made)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in made
    )
    return made


def begun(number: int, pattern: Pattern, by: User, last: dict[int, int]) -> tuple[Enterprise, Application]:
    """An enterprise and its application, not yet saved. `last`: the last number given in each district."""
    district = pattern.file.district
    unit = copy_of(
        pattern.file.enterprise, udyam_number=f"UDYAM-KL-{district.udyam_code}-{number:07d}", made_by_id=by.pk
    )
    last[district.pk] += 1
    reference = f"M1K-{pattern.round.number}-{district.code}-{last[district.pk]:05d}"
    return unit, copy_of(pattern.file, reference=reference, filed_by_id=by.pk, begun_at=now(), since=now())


def prepare(many: int, ready: int) -> list[dict[str, str]]:
    """Drafts, a person each: `many` that lack a paper, then `ready` that lack nothing. Who the first are."""
    every = patterns(min(PATTERNS, many))
    secret = make_password(PASSWORD)
    last = dict(ReferenceCounter.objects.values_list("district_id", "last"))
    found: list[dict[str, str]] = []
    for first in range(0, many + ready, AT_ONCE):
        found += some(range(first, min(first + AT_ONCE, many + ready)), many, every, secret, last)
    for district, number in last.items():
        ReferenceCounter.objects.filter(district=district).update(last=number)
    return found[:many]


def some(numbers: range, lacking: int, every: list[Pattern], secret: str, last: dict[int, int]) -> list[dict[str, str]]:
    """The drafts of these numbers; those below `lacking` lack a paper."""
    owners = people(numbers, every, secret)
    both = [begun(n, every[n % len(every)], by, last) for n, by in zip(numbers, owners, strict=True)]
    Enterprise.objects.bulk_create(unit for unit, _file in both)
    for unit, file in both:
        file.enterprise = unit
    files = Application.objects.bulk_create(file for _unit, file in both)
    EnterpriseMember.objects.bulk_create(
        EnterpriseMember(enterprise=unit, user_id=unit.made_by_id) for unit, _file in both
    )
    fill(numbers, files, owners, every)
    kinds = documents(numbers, files, owners, every, lacking)
    return [
        {"email": by.email, "password": PASSWORD, "reference": file.reference, "kind": kind}
        for by, file, kind in zip(owners, files, kinds, strict=True)
    ]


def fill(numbers: range, files: list[Application], owners: list[User], every: list[Pattern]) -> None:
    """All sections of all files."""
    by_model: dict[Any, list[Any]] = {}
    for number, file, by in zip(numbers, files, owners, strict=True):
        for row in every[number % len(every)].copies(file, number, by):
            by_model.setdefault(type(row), []).append(row)
    for model, rows in by_model.items():
        model._default_manager.bulk_create(rows)


def documents(
    numbers: range, files: list[Application], owners: list[User], every: list[Pattern], lacking: int
) -> list[str]:
    """The papers, all but the last of each file whose number is below `lacking`; the key of the last kind of each."""
    slots, versions, kinds = [], [], []
    for number, file, by in zip(numbers, files, owners, strict=True):
        pattern = every[number % len(every)]
        pairs = [(copy_of(slot, application_id=file.pk), pattern.versions[slot.pk]) for slot in pattern.slots]
        slots += [slot for slot, _version in pairs]
        versions += [(slot, version, by) for slot, version in (pairs[:-1] if number < lacking else pairs)]
        kinds.append(pattern.slots[-1].kind.key)
    DocumentSlot.objects.bulk_create(slots)
    DocumentVersion.objects.bulk_create(
        copy_of(version, slot_id=slot.pk, sent_by_id=by.pk) for slot, version, by in versions
    )
    return kinds


def hand_in(first: int, last: int) -> list[float]:
    """Hand the drafts of these people in, one after another; seconds it took, and seconds of this process's CPU."""
    emails = [f"person{number}@applicants.example" for number in range(first, last)]
    drafts = list(Application.objects.filter(filed_by__email__in=emails).select_related("filed_by"))
    began, worked = time.perf_counter(), time.process_time()
    for file in drafts:
        with translation.override(file.filed_by.language):
            actions.submit(file, by=file.filed_by)
    return [time.perf_counter() - began, time.process_time() - worked]


if __name__ == "__main__":
    verbs = {"prepare": prepare, "hand_in": hand_in}
    print(json.dumps(verbs[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))))
