"""A meeting of the Committee and what it is about. Files and the approved shortlist are written directly; the acts under test are real."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from accounts.roles import Role
from applications.models import Application
from applications.states import State
from districts.models import Office
from evaluation.actions import meetings, releases
from evaluation.models import AgendaItem, Meeting, Release, Shortlist, ShortlistRow
from evaluation.states import Recommendation
from records.clock import now
from tests.evaluation.conftest import CRITERIA, World, person

LISTED = {Recommendation.RECOMMENDED, Recommendation.RESERVE}


@dataclass
class Sitting:
    """The Committee's people beside a world, and one approved shortlist of its district."""

    world: World
    convenor: User
    convenor2: User
    member: User
    member2: User
    packet: Shortlist

    def file(self, total: str = "72.50", recommendation: str = Recommendation.RECOMMENDED) -> Application:
        """One more file of the approved shortlist; each has the next rank."""
        listed = recommendation in LISTED
        state = State.SHORTLISTED if listed else State.NOT_SHORTLISTED
        file = self.world.file(state)
        position = self.packet.rows.count() + 1
        ShortlistRow.objects.create(
            shortlist=self.packet,
            application=file,
            position=position,
            rank=position,
            total=Decimal(total),
            recommendation=recommendation,
            reserve_number=position if recommendation == Recommendation.RESERVE else None,
            reason="The district's reason." if recommendation == Recommendation.PASSED_OVER else "",
        )
        self._freeze(file, total, recommendation, position)
        return file

    def _freeze(self, file: Application, total: str, recommendation: str, position: int) -> None:
        """The row as a freeze would have written it, as far as the Committee's pages and letters read it."""
        marks = {key: 4 for key in CRITERIA if key != "exports"} | {"exports": None}
        card = {"exact": total, "total": total, "marks": marks, "not_applicable": ["exports"]}
        snapshot: dict[str, Any] = dict(self.packet.snapshot or {})
        row = {
            "reference": file.reference,
            "name_en": file.enterprise.name_en,
            "name_ml": file.enterprise.name_ml,
            "taluk_en": file.taluk.name_en,
            "taluk_ml": file.taluk.name_ml,
            "activity": "Spice oils",
            "turnover": "61800000",
            "jobs": "44",
            "position": position,
            "rank": position,
            "total": total,
            "recommendation": str(recommendation),
            "reserve_number": None,
            "out_of_rank": False,
            "before": None,
            "reason": "",
            "moderation": None,
            "evaluations": [{"evaluator": number, **card} for number in (1, 2)],
        }
        self.packet.snapshot = {**snapshot, "rows": [*snapshot["rows"], row]}
        self.packet.save(update_fields=["snapshot"])

    def meeting(self, *files: Application) -> Meeting:
        """A meeting planned in three days with these files on its agenda."""
        return self._planned(*files, day=now() + timedelta(days=3))

    def _planned(self, *files: Application, day: datetime) -> Meeting:
        held = meetings.call_meeting(self.world.round, day, "Directorate, Vikas Bhavan", by=self.convenor)
        for file in files:
            meetings.put_on_agenda(held, file, by=self.convenor)
        return held

    def in_session(self, *files: Application) -> Meeting:
        """One of today, opened with both members present."""
        return meetings.open_session(
            self._planned(*files, day=now()), [self.member, self.member2], chair=self.member, by=self.convenor
        )

    def release(self, meeting: Meeting, by: User | None = None) -> Release:
        """Prepared by one convenor, released by the other, or by a third."""
        releases.prepare_release(meeting, by=self.convenor)
        return releases.release(meeting, by=by or self.convenor2)

    def third(self) -> User:
        """One more convenor, where the other is recused."""
        return person("convenor3", Role.CONVENOR, Office.objects.get(code="DIRECTORATE"))

    def item(self, file: Application) -> AgendaItem:
        """The file's place on the agenda, read anew."""
        return AgendaItem.objects.live().select_related("meeting", "application").get(application=file)


def sit(world: World) -> Sitting:
    """The Committee's people and an approved shortlist without rows so far."""
    directorate, _ = Office.objects.get_or_create(
        code="DIRECTORATE", defaults={"kind": "directorate", "name_en": "Directorate", "name_ml": "ഡയറക്ടറേറ്റ്"}
    )
    people = {
        name: person(name, role, directorate)
        for name, role in {
            "convenor1": Role.CONVENOR,
            "convenor2": Role.CONVENOR,
            "member1": Role.MEMBER,
            "member2": Role.MEMBER,
        }.items()
    }
    return Sitting(
        world, people["convenor1"], people["convenor2"], people["member1"], people["member2"], approved_packet(world)
    )


def approved_packet(world: World, serial: int = 1) -> Shortlist:
    """An approved shortlist of the district, without rows so far."""
    number = f"SL-3-{world.district.code}-{serial:02}"
    return Shortlist.objects.create(
        number=number,
        round=world.round,
        office=world.dic,
        serial=serial,
        state="approved",
        made_by=world.manager,
        frozen_at=now(),
        frozen_by=world.manager,
        frozen_post=f"Manager, {world.dic}",
        snapshot=_empty(world, number),
        sha256="0" * 64,
        checked_at=now(),
        checked_by=world.officer,
        checked_post=f"Officer, {world.dic}",
        approved_at=now(),
        approved_by=world.gm,
        approved_post=f"General Manager, {world.dic}",
    )


def _empty(world: World, number: str) -> dict[str, Any]:
    return {
        "shortlist": number,
        "round": 3,
        "year": "2025-26",
        "district": {"code": world.district.code, "en": world.district.name_en, "ml": world.district.name_ml},
        "office": {"code": world.dic.code, "en": world.dic.name_en, "ml": world.dic.name_ml},
        "rubric": 1,
        "confirmed": False,
        "pass_mark": "60",
        "target": 8,
        "reserve": 1,
        "tie_chain": ["growth", "employment", "submitted_at"],
        "criteria": [
            {"key": key, "en": key.title(), "ml": key, "weight": weight, "max": 5}
            for key, weight in zip(CRITERIA, (25, 20, 20, 15, 10, 10), strict=True)
        ],
        "rows": [],
    }
