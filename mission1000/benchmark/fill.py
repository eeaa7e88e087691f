"""Fills an empty portal for measuring: patterns through the real acts, then their copies in bulk."""

from collections.abc import Callable

from django.db import models

from accounts.models import User
from applications.models import Application, ReferenceCounter, Round
from evaluation.models import Assessment, Mark, RoundRules
from mission1000.benchmark import copies, names, patterns, trail
from mission1000.benchmark.changes import Changes
from mission1000.benchmark.marks import Marker
from mission1000.benchmark.names import Names
from mission1000.benchmark.tables import COPIED, FURTHER, OF_A_FILE, OWN, Patterns
from mission1000.demonstration import files as demonstration
from support.models import RoundCaps

Say = Callable[[str], None]
SHIFTED_BY = 10_000  # keys of two generations lie a multiple of this apart
MARKED = {Assessment, Mark}


def fill(call: Round, wanted: int, made_of: int, seed: int, say: Say) -> int:
    """`made_of` patterns and at least `wanted` copies of them, whole generations; how many copies."""
    demonstration.make(call, 0, seed)  # its people: posts begin before the first act
    say(f"{made_of} files go through the real acts")
    files = patterns.make(call, made_of, seed)
    count = -(-wanted // len(files))
    if count > names.MOST:
        raise ValueError(f"at most {names.MOST * len(files)} files")
    found = _patterns(call, files)
    called, generations = Names(call.number), range(1, count + 1)
    _copy_rows(found, called, generations, seed, say)
    say(f"{trail.copy(found, called, generations)} lines of the trail")
    copies.settle([*COPIED, ReferenceCounter])
    return count * len(files)


def _copy_rows(found: Patterns, called: Names, generations: range, seed: int, say: Say) -> None:
    changes = Changes(found, called, seed)
    for model in OWN:
        if model not in MARKED:
            made = copies.row_by_row(found, model, generations, changes.of(model))
            say(f"{made} rows of {model._meta.db_table}")
    say(f"{Marker(found, seed).copy(generations)} marks")
    for model in (*OF_A_FILE, *(model for model, _over in FURTHER)):
        made = copies.by_the_database(found, model, len(generations))
        say(f"{made} rows of {model._meta.db_table}")
    for counter in ReferenceCounter.objects.filter(round__in=list(found.rounds)):
        last = counter.last + len(generations) * 100
        ReferenceCounter.objects.create(
            round_id=found.rounds[counter.round_id], district_id=counter.district_id, last=last
        )


def _patterns(call: Round, files: list[int]) -> Patterns:
    owners = User.objects.filter(pk__in=Application.objects.filter(pk__in=files).values("filed_by"))
    rounds = {call.pk: _round(call, names.OPEN)}
    earlier = Round.objects.filter(number=call.number - 1).first()
    if earlier is not None:
        rounds[earlier.pk] = _round(earlier, names.EARLIER)
    found = Patterns(files, frozenset(owners.values_list("pk", flat=True)), rounds, 0)
    most = max((found.rows(model).aggregate(most=models.Max("pk"))["most"] or 0) for model in COPIED)
    stride = -(-(most + 1) // SHIFTED_BY) * SHIFTED_BY
    return Patterns(files, found.owners, rounds, stride)


def _round(pattern: Round, number: int) -> int:
    """A round of the same dates and rules under the benchmark's number; its key."""
    made = Round.objects.get(pk=pattern.pk)
    made.pk, made.number = None, number
    made.save(force_insert=True)
    for model in (RoundRules, RoundCaps):
        row = model._default_manager.filter(round=pattern).first()
        if row is not None:
            row.pk, row.round = None, made
            row.save(force_insert=True)
    return made.pk
