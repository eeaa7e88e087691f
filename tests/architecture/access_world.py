"""What the access matrix walks through: one of every role in Ernakulam, files and papers there and in Thrissur, and their addresses."""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from accounts.roles import STAFF_ROLES, Role
from applications import actions as applications
from applications import documents
from applications.clarifications import default_due
from applications.models import Application, Clarification, DocumentVersion, Profile
from districts.models import District, Office, Taluk
from evaluation import actions
from evaluation.actions.ineligible import confirm, propose
from evaluation.actions.returns import return_file
from evaluation.models import Meeting, Shortlist, Visit, VisitPhoto
from progress.actions import make_report
from progress.models import ReportRun
from progress.queries import this_month
from records import papers
from records.acts import act
from records.clock import now, today
from records.models import Job, PageImage, Paper, StoredFile
from tests.accounts.conftest import give_factor
from tests.architecture import access_committee as committee
from tests.evaluation.conftest import World, build_world, person, signed_in

_server = Client().handler
READERS = ("visitor", *(str(role) for role in Role))


@dataclass
class Place:
    """One district's things: files in each state that matters, a packet, its papers."""

    world: World
    draft: Application
    sent: Application
    scrutiny: Application
    appraisal: Application
    packet: Shortlist
    receipt: Paper
    report: Paper
    appraised: Application
    fresh: Application  # its evaluators are still to be named
    meeting: Meeting = field(init=False)  # planned, with one file of an approved shortlist; not `beside`
    tabled: Application = field(init=False)  # … that file
    waiting: Application = field(init=False)  # another of the same shortlist, on no agenda

    def version(self, file: Application) -> int:
        return DocumentVersion.objects.filter(slot__application=file).order_by("pk").first().pk


@dataclass
class Access:
    """The three places and who reads."""

    here: Place  # Ernakulam, the applicant's own enterprise
    beside: Place  # Ernakulam, another enterprise
    there: Place  # Thrissur, another enterprise
    people: dict[str, User]
    cookies: dict[str, dict[str, str]]

    def copy(self) -> "Access":
        """The same for one row, which may put other files into the places."""
        return replace(self, here=copy(self.here), beside=copy(self.beside), there=copy(self.there))

    def client(self, reader: str) -> Client:
        """A browser of this reader, as it was after signing in."""
        client = Client()
        client.handler = _server  # its middleware is loaded once, not for each of some thousand cells
        for name, value in self.cookies.get(reader, {}).items():
            client.cookies[name] = value
        return client


def build() -> Access:
    """Everything, in an empty database; inside a transaction that is rolled back afterwards."""
    here = build_world()
    StoredFile.objects.update(path="matrix.pdf")
    there = _thrissur(here)
    neighbour = User.objects.create(email="neighbour@test.example", full_name="Neighbour")
    beside = World(
        here.round, here.dic, here.other_dic, here.taluk, here.people | {"owner": neighbour}, here.district, here._kinds
    )
    people = _people(here)
    places = [_place(world) for world in (here, beside, there)]
    for place in (places[0], places[2]):
        committee.call_a_meeting(place, people)
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    (Path(settings.MEDIA_ROOT) / "matrix.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    StoredFile.objects.update(path="matrix.pdf")
    (Path(settings.MEDIA_ROOT) / "matrix.webp").write_bytes(b"RIFF\0\0\0\0WEBP")
    PageImage.objects.bulk_create(
        PageImage(file=file, number=1, path="matrix.webp", size=12, width=9, height=9)
        for file in StoredFile.objects.all()
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in User.objects.all()
    )
    User.objects.update(password=make_password("green-river-boat"))
    for role in STAFF_ROLES:
        give_factor(people[str(role)])
    cookies = {}
    for name, user in people.items():
        client = signed_in(Client(), User.objects.get(pk=user.pk))
        cookies[name] = {key: morsel.value for key, morsel in client.cookies.items()}
    return Access(*places, people, cookies)


def _people(here: World) -> dict[str, User]:
    directorate = Office.objects.create(code="DIRECTORATE", kind="directorate", name_en="Directorate")
    people = dict(here.people) | {"applicant": here.owner}
    for role in (Role.FACILITATOR, Role.AGENCY):
        people[role] = person(str(role), role, None)
    for role in (Role.CONVENOR, Role.MEMBER):
        people[role] = person(str(role), role, directorate)
    people["handholder"] = person("handholder", Role.HANDHOLDER, here.dic)
    return {str(role): people[str(role)] for role in Role}


def _thrissur(here: World) -> World:
    district = District.objects.get(code="TSR")
    dic, taluk_office = Office.objects.get(code="DIC-TSR"), Office.objects.get(code="TIO-TSR-1")
    posts = {
        "officer": (Role.OFFICER, dic),
        "officer2": (Role.OFFICER, dic),
        "evaluator": (Role.EVALUATOR, taluk_office),
        "manager": (Role.MANAGER, dic),
        "gm": (Role.GM, dic),
    }
    people = {name: person(f"thrissur-{name}", role, office) for name, (role, office) in posts.items()}
    people["owner"] = User.objects.create(email="thrissur@test.example", full_name="Thrissur owner")
    return World(here.round, dic, here.dic, Taluk.objects.get(district=district), people, district, here._kinds)


def _place(world: World) -> Place:
    appraised = world.appraised()
    packet = Shortlist.objects.filter(office=world.dic).first() or actions.make_packet(
        world.dic, world.round, by=world.manager
    )
    appraisal = world.in_appraisal()
    world.named(appraisal)
    sent = world.file("submitted")
    scrutiny = world.verified(world.file("scrutiny"))
    for visited in (scrutiny, appraisal):
        _visit(visited, by=world.officer)
    return Place(
        world=world,
        draft=world.file("draft"),
        sent=sent,
        scrutiny=scrutiny,
        appraisal=appraisal,
        packet=packet,
        receipt=_receipt(sent, by=world.owner),
        appraised=appraised,
        report=make_report(appraised.district, this_month(), by=world.gm),
        fresh=world.in_appraisal(),
    )


def _visit(file: Application, *, by: User) -> None:
    visit = Visit.objects.create(
        application=file, number=1, visited_on=today(), people_met="The owner", findings="At work.", by=by
    )
    VisitPhoto.objects.create(visit=visit, file=DocumentVersion.objects.filter(slot__application=file)[0].file)


@act
def _receipt(file: Application, *, by: User) -> Paper:
    return papers.issue(documents.receipt(file, "en", []), subject=file, by=by)


def freeze(access: Access) -> None:
    for place in (access.here, access.there):
        place.packet = actions.freeze(place.packet, by=place.world.manager)


def check(access: Access) -> None:
    freeze(access)
    for place in (access.here, access.there):
        place.packet = actions.check(place.packet, by=place.world.officer)


def name_evaluators(access: Access) -> None:
    """Fresh evaluations, not accepted so far: what accept and step back are for."""
    for place in (access.here, access.there):
        place.appraisal = place.world.in_appraisal()
        actions.assign_all(place.appraisal, [place.world.evaluator, place.world.officer2], by=place.world.manager)


def come_back(access: Access) -> None:
    """A file returned to the appraisal, nothing of it unlocked: all that is left is to close it again."""
    Job.objects.filter(name="evaluation.appraise").delete()
    for place in (access.here, access.there):
        return_file(place.appraised, "Look at the plan again.", by=place.world.gm)


def propose_ineligible(access: Access) -> None:
    for place in (access.here, access.there):
        propose(place.scrutiny, "place_of_unit", "The unit lies in Coimbatore.", by=place.world.officer2)


def find_ineligible(access: Access) -> None:
    propose_ineligible(access)
    for place in (access.here, access.there):
        confirm(place.scrutiny, "The unit lies in Coimbatore.", by=place.world.gm)


def lock_apart(access: Access) -> None:
    """Two totals that do not settle the file: what a moderation is for."""
    for place in (access.here, access.there):
        first, second = place.appraisal.assessments.order_by("number")
        place.world.lock(first, 5, 5, 5, 5, 5)
        place.world.lock(second, 4, 4, 4, 3, 4)


def ask(access: Access) -> None:
    """A question with the applicant of each file under scrutiny."""
    for place in (access.here, access.beside, access.there):
        applications.ask(place.scrutiny, "Which?", fields=["enterprise.main_products"], by=place.world.officer)


def ask_and_answer(access: Access) -> None:
    """The same, answered; the sections of these files are too thin for the act itself."""
    ask(access)
    for place in (access.here, access.there):
        Clarification.objects.filter(application=place.scrutiny).update(
            answered_at=now(), answered_by=place.world.owner
        )
        Application.objects.filter(pk=place.scrutiny.pk).update(state="scrutiny", returns_to="")


def ask_in_vain(access: Access) -> None:
    """The same, reminded of twice and past its day."""
    ask(access)
    Clarification.objects.update(reminders=2, due_on=today() - timedelta(days=1))


def contest_numbers(access: Access) -> None:
    """Hold the file in scrutiny: its number stands in the file that was only sent, too."""
    for place in (access.here, access.there):
        number = place.sent.udyam_number
        Profile.objects.filter(application=place.scrutiny).update(udyam_number=number)
        Application.objects.filter(pk=place.scrutiny.pk).update(udyam_number=number, contested=True)


def fail_a_run(_access: Access) -> None:
    """The reports of all districts, stopped in the middle."""
    ReportRun.objects.create(month="2026-05", total=28, state="failed", error="The worker stopped.", ended_at=now())


BEFORE: dict[str, Callable[[Access], None]] = {
    **committee.BEFORE,
    "desk_contest": contest_numbers,
    "desk_contest_certificate": contest_numbers,
    "application_answer": ask,
    "desk_question_read": ask_and_answer,
    "desk_close_unanswered": ask_in_vain,
    "shortlist_check": freeze,
    "shortlist_approve": check,
    "shortlist_supersede": freeze,
    "desk_close_appraisal": come_back,
    "desk_moderate": lock_apart,
    "scorecard_accept": name_evaluators,
    "desk_ineligible_answer": propose_ineligible,
    "desk_reinstate": find_ineligible,
    "scorecard_step_back": name_evaluators,
    "reports_run_one": fail_a_run,
}


def routes() -> Iterator[tuple[str, str]]:
    """Every address of the URLconf, ours and the libraries': its name, its pattern."""
    yield from _walk(get_resolver(), "", "")


def _walk(resolver: URLResolver, space: str, before: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        where = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield f"{space}{entry.name or ''}", where
        else:
            yield from _walk(entry, space + (f"{entry.namespace}:" if entry.namespace else ""), where)


TABLES = tuple(
    model._meta.db_table
    for model in apps.get_models(include_auto_created=True)
    if model._meta.app_label not in {"sessions", "contenttypes", "auth", "admin"}
)


def rows() -> dict[str, int]:
    """How many rows each table holds, the trail among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT COUNT(*) FROM {table})" for table in TABLES))
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


Maker = Callable[[Place], str]
DESK, APPLICATION, PACKET = "/desk/{0}/", "/applications/{0}/", "/desk/shortlists/{0}/"


def _file(state: str, template: str, tail: str = "") -> Maker:
    return lambda place: template.format(getattr(place, state).reference) + tail


def _packet(tail: str = "") -> Maker:
    return lambda place: PACKET.format(place.packet.number) + tail


def _document(state: str, template: str, tail: str = "") -> Maker:
    def made(place: Place) -> str:
        file = getattr(place, state)
        return f"{template.format(file.reference)}documents/{place.version(file)}/{tail}"

    return made


def _photo(state: str) -> Maker:
    """The photograph of the visit that was recorded on a file."""

    def made(place: Place) -> str:
        photo = VisitPhoto.objects.get(visit__application=getattr(place, state))
        return f"{DESK.format(getattr(place, state).reference)}visits/1/photos/{photo.pk}/"

    return made


def _meeting(tail: str = "") -> Maker:
    return lambda place: f"/committee/{place.meeting.number}/{tail}"


def _tabled(tail: str = "") -> Maker:
    """The file on the agenda of the meeting."""
    return lambda place: f"/committee/{place.meeting.number}/{place.tabled.reference}/{tail}"


def _tabled_document(tail: str = "") -> Maker:
    return lambda place: _tabled(f"documents/{place.version(place.tabled)}/{tail}")(place)


# Addresses with something of a place in them; every other one is its pattern, or is written in FIXED.
OF_A_PLACE: dict[str, Maker] = {
    "application": _file("draft", APPLICATION),
    "application_documents": _file("draft", APPLICATION, "documents/"),
    "application_document": _document("draft", APPLICATION),
    "application_answer": _file("scrutiny", APPLICATION, "answer/"),
    "application_submit": _file("draft", APPLICATION, "submit/"),
    "application_receipt": _file("sent", APPLICATION, "receipt/"),
    "application_recall": _file("sent", APPLICATION, "recall/"),
    "application_withdraw": _file("sent", APPLICATION, "withdraw/"),
    "application_section": _file("draft", APPLICATION, "bank/"),
    "desk_file": _file("scrutiny", DESK),
    "desk_take_up": _file("sent", DESK, "take-up/"),
    "desk_pass_scrutiny": _file("scrutiny", DESK, "end-scrutiny/"),
    "desk_figure": _file("scrutiny", DESK, "figures/jobs/"),
    "desk_document": _document("scrutiny", DESK),
    "desk_document_read": _document("scrutiny", DESK, "read/"),
    "desk_document_page": _document("scrutiny", DESK, "pages/1/"),
    "desk_document_accept": _document("scrutiny", DESK, "accept/"),
    "desk_document_reject": _document("scrutiny", DESK, "reject/"),
    "desk_contest": _file("scrutiny", DESK, "contest/"),
    "desk_contest_certificate": lambda place: f"/desk/{place.scrutiny.reference}/contest/{place.sent.pk}/certificate/",
    "desk_visit_new": _file("scrutiny", DESK, "visits/new/"),
    "desk_visit_photo": _photo("scrutiny"),
    "desk_return": _file("appraised", DESK, "return/"),
    "desk_close_appraisal": _file("appraised", DESK, "close-appraisal/"),
    "desk_evaluators": _file("fresh", DESK, "evaluators/"),
    "assessment_unlock": _file("appraised", DESK, "evaluations/1/unlock/"),
    "assessment_replace": _file("appraisal", DESK, "evaluations/1/replace/"),
    "desk_moderate": _file("appraisal", DESK, "moderate/"),
    "desk_transfer": _file("scrutiny", DESK, "transfer/"),
    "desk_ineligible": _file("scrutiny", DESK, "ineligible/"),
    "desk_ineligible_answer": _file("scrutiny", DESK, "ineligible/answer/"),
    "desk_reinstate": _file("scrutiny", DESK, "reinstate/"),
    "desk_ask": _file("scrutiny", DESK, "ask/"),
    "desk_ask named": _file("appraisal", DESK, "ask/"),
    "desk_question_read": _file("scrutiny", DESK, "questions/1/read/"),
    "desk_close_unanswered": _file("scrutiny", DESK, "close-unanswered/"),
    "desk_notes": _file("scrutiny", DESK, "notes/"),
    "desk_trail": _file("scrutiny", DESK, "trail/"),
    "desk_trail named": _file("appraisal", DESK, "trail/"),
    "desk_trail_csv": _file("scrutiny", DESK, "trail.csv"),
    "application_trail": _file("draft", APPLICATION, "trail/"),
    "application_result": _file("draft", APPLICATION, "result/"),
    "desk_notes named": _file("appraisal", DESK, "notes/"),
    "desk_file named": _file("appraisal", DESK),
    "desk_visit_new named": _file("appraisal", DESK, "visits/new/"),
    "desk_visit_photo named": _photo("appraisal"),
    "desk_document named": _document("appraisal", DESK),
    "desk_document_read named": _document("appraisal", DESK, "read/"),
    "desk_document_page named": _document("appraisal", DESK, "pages/1/"),
    "scorecard": _file("appraisal", DESK, "scorecard/"),
    "scorecard_accept": _file("appraisal", DESK, "scorecard/accept/"),
    "scorecard_step_back": _file("appraisal", DESK, "scorecard/step-back/"),
    "shortlist": _packet(),
    "shortlist_freeze": _packet("freeze/"),
    "shortlist_check": _packet("check/"),
    "shortlist_approve": _packet("approve/"),
    "shortlist_supersede": _packet("supersede/"),
    "shortlist_pick": lambda place: f"{PACKET.format(place.packet.number)}picks/{place.appraised.reference}/",
    "shortlist_marks": _packet("marks.csv"),
    "meeting": _meeting(),
    "agenda_table": _meeting("agenda.csv"),
    "agenda_item": _tabled(),
    "agenda_document": _tabled_document(),
    "agenda_document_read": _tabled_document("read/"),
    "agenda_document_page": _tabled_document("pages/1/"),
    "meeting_release": _meeting("release/"),
    "meeting_letters": _meeting("release/letters/"),
    "meeting_letter": lambda place: f"/committee/{place.meeting.number}/letters/{place.tabled.reference}/",
    "meeting_edit": _meeting("edit/"),
    "meeting_trail": _meeting("trail/"),
    "agenda_paper": _meeting("paper/"),
    "agenda_fill": _meeting("agenda/"),
    "meeting_open": _meeting("open/"),
    "meeting_attendance": _meeting("attendance/"),
    "agenda_details": _tabled("details/"),
    "agenda_end_details": _tabled("details/end/"),
    "agenda_put_off": _tabled("put-off/"),
    "agenda_send_back": _tabled("return/"),
    "committee_recuse": _tabled("recuse/"),
    "committee_vote": _tabled("vote/"),
    "committee_decide": _tabled("decide/"),
    "committee_reopen": _tabled("reopen/"),
    "committee_decide_many": _meeting("decide/"),
    "paper": lambda place: f"/papers/{place.receipt.number}/",
    "paper_state": lambda place: f"/papers/{place.receipt.number}/state/",
    "report": lambda place: f"/reports/{place.report.number}/",
    "reports_run_one": lambda _place: f"/reports/run/{getattr(ReportRun.objects.first(), 'pk', 1)}/",
    "district_narrative": lambda place: f"/districts/{place.world.district.code}/progress/narrative/",
    "district_progress": lambda place: f"/districts/{place.world.district.code}/progress/",
    "district": lambda place: f"/districts/{place.world.district.code}/",
    "verify_number": lambda place: f"/verify/{place.receipt.number}/",
    "staff_person": lambda place: f"/staff/{place.world.officer.pk}/",
    "staff_relieve": lambda place: f"/staff/posting/{place.world.officer.postings.get().pk}/relieve/",
}
FIXED = {
    "account_reset_password_from_key": "/accounts/password/reset/key/1-set-password/",
    "reports_table": "/reports/table.csv",
    "desk_export": "/desk/export.csv",
    "watch_table": "/watch/table.csv",
    "watch_files_export": "/watch/files/export.csv",
    "admin:view_on_site": "/admin/r/1/1/",
    "admin:app_list": "/admin/districts/",
    "admin:districts_district_history": "/admin/districts/district/{district}/history/",
    "admin:districts_district_delete": "/admin/districts/district/{district}/delete/",
    "admin:districts_district_change": "/admin/districts/district/{district}/change/",
    "admin:": "/admin/nothing/here/",
}


def _casework(place: Place, district: str) -> dict[str, dict[str, Any]]:
    """What hands a file or a desk on, ends a file or takes it back."""
    return {
        "desk_transfer": {"office": place.world.other_dic.pk, "reason": "The unit lies there."},
        "desk_hand_over": {
            "desk": f"DIC-{district}.{place.world.officer.pk}",
            "to": place.world.officer2.pk,
            "reason": "Transferred",
        },
        "desk_ineligible": {"rule": "place_of_unit", "reason": "The unit lies in Coimbatore."},
        "desk_ineligible_answer": {"reason": "The unit lies in Coimbatore.", "go": "confirm"},
        "desk_reinstate": {"officer": place.world.officer.pk, "reason": "The lease was shown."},
    }


def _scrutiny(place: Place) -> dict[str, dict[str, Any]]:
    return {
        "desk_notes": {"kind": "note", "text": "Spoke with the bank."},
        "desk_contest": {"other": str(place.sent.pk), "outcome": "this", "reason": "It names this enterprise."},
        "desk_visit_new": {"visited_on": f"{today():%d-%m-%Y}", "people_met": "The owner", "findings": "At work."},
        "desk_document_reject": {"reason": "unreadable", "note": "Page 2"},
    }


def _reports(district: str) -> dict[str, dict[str, Any]]:
    """What makes reports, and what is written for them."""
    return {
        "reports": {"district": district, "month": this_month(), "language": "en"},
        "reports_run": {"month": this_month()},
        "district_narrative": {"text": "Three visits.", "seen": "0"},
    }


def posted(access: Access, name: str, whose: str) -> dict[str, Any]:
    """What a cell sends, where a page needs more than the press of a button to do its act."""
    place: Place = getattr(access, "here" if whose in {"", "named"} else whose)
    district = place.world.district.code
    due = f"{default_due(place.scrutiny):%d-%m-%Y}"
    return {
        "application_new": {"enterprise": str(place.draft.enterprise_id)},
        "application_documents": {"kind": "udyam"},
        "application_answer": {"go": "save", "version": "0", "main_products": "Oils"},
        "desk_ask": {"question": "Why?", "fields_opened": ["enterprise.main_products"], "due_on": due},
        "desk_close_unanswered": {"note": "No answer"},
        "shortlist_make": {"office": f"DIC-{district}", "round": "3"},
        **_reports(district),
        "desk_bulk": {"act": "take_up", "file": [place.sent.reference]},
        **_casework(place, district),
        **_scrutiny(place),
        **committee.posted(access, place, name),
        "desk_evaluators": {"evaluators": [place.world.evaluator.pk, place.world.officer2.pk]},
        "evaluators_balanced": {"file": [place.fresh.reference]},
        "assessment_unlock": {"reason": "The wrong year was read."},
        "assessment_replace": {"reason": "On leave."},
        "desk_moderate": {"total": "80", "reason": "The second read an older sheet."},
        "shortlist_pick": {"recommendation": "passed_over", "reason": "It was sold."},
        "shortlist_supersede": {"reason": "A file changed."},
        "desk_return": {"reason": "Look at the plan again."},
        "staff_add": {"full_name": "Biju", "email": "biju@test.example", "language": "en"},
        "staff_person": {"role": "facilitator", "starts": "01-04-2026"},
        "staff_relieve": {"note": "Transferred"},
        "set_language": {"language": "ml"},
        "check": {"activity": "manufacturing"},
    }.get(name, {})


def address(access: Access, name: str, whose: str) -> str:
    """Where a cell knocks."""
    if whose == "named":  # a file in Ernakulam with the evaluator and a second officer named
        return OF_A_PLACE[f"{name} named"](access.here)
    if name in OF_A_PLACE:
        return OF_A_PLACE[name](getattr(access, whose or "here"))
    if name in FIXED:
        return FIXED[name].format(district=access.here.world.district.pk)
    return "/" + next(pattern for found, pattern in routes() if found == name)
