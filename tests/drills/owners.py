"""Applicants with a whole draft each, signed in: `python -m tests.drills.owners COUNT` prints reference and session."""

import json
import sys

import django

django.setup()

from django.test import Client

from records.acts import act
from tests.applications.conftest import World, applicant, build_world

AT_ONCE = 25


@act
def some(world: World, first: int, last: int) -> list[dict[str, str]]:
    """The drafts of the people numbered so, made in one act, so that the trail is chained once."""
    made = []
    for number in range(first, last):
        person = applicant(f"owner-{number}")
        client = Client()
        client.force_login(person)
        file = world.complete(person, f"UDYAM-KL-02-{1_000_000 + number:07d}")
        made.append({"reference": file.reference, "session": client.cookies["sessionid"].value})
    return made


if __name__ == "__main__":
    count = int(sys.argv[1])
    world = build_world()
    print(json.dumps([row for at in range(0, count, AT_ONCE) for row in some(world, at, min(at + AT_ONCE, count))]))
