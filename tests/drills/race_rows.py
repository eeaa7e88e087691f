"""Files for many races, made in bulk: rows written directly where a real act would only cost time before the race."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from applications import demo
from applications.actions import save_sections
from applications.models import Application, DocumentSlot, DocumentVersion, EnterpriseMember
from evaluation import actions
from evaluation.models import Assessment, Criterion, Mark, RoundRules, Shortlist
from evaluation.states import AssessmentState
from records.acts import act
from records.clock import now
from records.models import StoredFile
from tests.applications.conftest import World as Applying
from tests.evaluation.conftest import World
from tests.evaluation.sitting import Sitting, approved_packet

BATCH = 25  # made in one act: the trail is chained once for them all


def batches(count: int) -> Iterator[int]:
    """How many to make in each act."""
    for begun in range(0, count, BATCH):
        yield min(BATCH, count - begun)


@act
def drafts(world: Applying, count: int) -> list[Application]:
    """Files in which nothing is missing, of enterprises for which two people may act; their documents are one file."""
    paper = StoredFile.objects.create(
        name="paper.pdf", size=1200, content_type="application/pdf", sha256="0" * 64, path="none", by=world.owner
    )
    made = []
    for _number in range(count):
        file = world.draft()
        EnterpriseMember.objects.create(enterprise=file.enterprise, user=world.rival)
        told = {key: world.told(file, key) for key in demo.KEYS if key != "documents"}
        save_sections(file, told, by=world.owner)
        slots = DocumentSlot.objects.filter(application=file)
        DocumentVersion.objects.bulk_create(
            DocumentVersion(slot=slot, number=1, file=paper, sent_by=world.owner) for slot in slots
        )
        made.append(file)
    return made


def _named(world: World, file: Application, **columns: Any) -> list[Assessment]:
    """The file's two evaluators, named and accepted."""
    rubric = RoundRules.objects.get(round=world.round).rubric
    return Assessment.objects.bulk_create(
        Assessment(
            application=file,
            evaluator=evaluator,
            rubric=rubric,
            number=number,
            assigned_by=world.manager,
            accepted_at=now(),
            **{"state": AssessmentState.ACCEPTED, **columns},
        )
        for number, evaluator in enumerate((world.evaluator, world.officer2), 1)
    )


def to_be_locked(world: World) -> Assessment:
    """The first evaluator's place in a file of its own."""
    return _named(world, world.file("appraisal"))[0]


def appraised(world: World) -> Application:
    """A file with four of five everywhere from both."""
    file = world.file("appraised")
    total = Fraction(80)
    locked = _named(world, file, state=AssessmentState.LOCKED, locked_at=now(), total=80, total_exact=str(total))
    criteria = Criterion.objects.filter(rubric=locked[0].rubric)
    Mark.objects.bulk_create(
        Mark(assessment=one, criterion=criterion, mark=4, justification="Seen on the papers.")
        for one in locked
        for criterion in criteria
    )
    return file


@act
def checked_packet(world: World) -> Shortlist:
    """A packet of one file, waiting for its approval. An office has one at a time: approve it before the next."""
    appraised(world)
    packet = actions.make_packet(world.dic, world.round, by=world.manager)
    packet = actions.freeze(packet, by=world.manager)
    return actions.check(packet, by=world.officer)


@act
def on_the_agenda(sitting: Sitting, count: int, serial: int) -> list[Application]:
    """Files of a shortlist of their own before a meeting in session."""
    if serial > 1:
        sitting.packet = approved_packet(sitting.world, serial)
    files = [sitting.file() for _number in range(count)]
    sitting.in_session(*files)
    return files
