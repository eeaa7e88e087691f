"""What the access matrix walks through: one of every role in Ernakulam, files and papers there and in Thrissur, and their addresses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
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
from applications import documents
from applications.models import Application, DocumentVersion
from districts.models import District, Office, Taluk
from evaluation import actions
from evaluation.models import Shortlist
from progress.actions import make_report
from progress.queries import this_month
from records import papers
from records.acts import act
from records.models import Paper, StoredFile
from tests.accounts.conftest import give_factor
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
    fresh: Application  # its evaluators are still to be named

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
        return replace(self, here=replace(self.here), beside=replace(self.beside), there=replace(self.there))

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
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    (Path(settings.MEDIA_ROOT) / "matrix.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    StoredFile.objects.update(path="matrix.pdf")
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
    return Place(
        world=world,
        draft=world.file("draft"),
        sent=sent,
        scrutiny=world.verified(world.file("scrutiny")),
        appraisal=appraisal,
        packet=packet,
        receipt=_receipt(sent, by=world.owner),
        report=make_report(appraised.district, this_month(), by=world.gm),
        fresh=world.in_appraisal(),
    )


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


BEFORE: dict[str, Callable[[Access], None]] = {
    "shortlist_check": freeze,
    "shortlist_approve": check,
    "scorecard_accept": name_evaluators,
    "scorecard_step_back": name_evaluators,
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


# Addresses with something of a place in them; every other one is its pattern, or is written in FIXED.
OF_A_PLACE: dict[str, Maker] = {
    "application": _file("draft", APPLICATION),
    "application_documents": _file("draft", APPLICATION, "documents/"),
    "application_document": _document("draft", APPLICATION),
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
    "desk_document_accept": _document("scrutiny", DESK, "accept/"),
    "desk_document_reject": _document("scrutiny", DESK, "reject/"),
    "desk_evaluators": _file("fresh", DESK, "evaluators/"),
    "desk_file named": _file("appraisal", DESK),
    "desk_document named": _document("appraisal", DESK),
    "scorecard": _file("appraisal", DESK, "scorecard/"),
    "scorecard_accept": _file("appraisal", DESK, "scorecard/accept/"),
    "scorecard_step_back": _file("appraisal", DESK, "scorecard/step-back/"),
    "shortlist": _packet(),
    "shortlist_freeze": _packet("freeze/"),
    "shortlist_check": _packet("check/"),
    "shortlist_approve": _packet("approve/"),
    "shortlist_marks": _packet("marks.csv"),
    "paper": lambda place: f"/papers/{place.receipt.number}/",
    "paper_state": lambda place: f"/papers/{place.receipt.number}/state/",
    "report": lambda place: f"/reports/{place.report.number}/",
    "district_progress": lambda place: f"/districts/{place.world.district.code}/progress/",
    "district": lambda place: f"/districts/{place.world.district.code}/",
    "verify_number": lambda place: f"/verify/{place.receipt.number}/",
    "staff_person": lambda place: f"/staff/{place.world.officer.pk}/",
    "staff_relieve": lambda place: f"/staff/posting/{place.world.officer.postings.get().pk}/relieve/",
}
FIXED = {
    "account_reset_password_from_key": "/accounts/password/reset/key/1-set-password/",
    "reports_table": "/reports/table.csv",
    "admin:view_on_site": "/admin/r/1/1/",
    "admin:app_list": "/admin/districts/",
    "admin:districts_district_history": "/admin/districts/district/{district}/history/",
    "admin:districts_district_delete": "/admin/districts/district/{district}/delete/",
    "admin:districts_district_change": "/admin/districts/district/{district}/change/",
    "admin:": "/admin/nothing/here/",
}


def posted(access: Access, name: str, whose: str) -> dict[str, Any]:
    """What a cell sends, where a page needs more than the press of a button to do its act."""
    place: Place = getattr(access, "here" if whose in {"", "named"} else whose)
    district = place.world.district.code
    return {
        "application_new": {"enterprise": str(place.draft.enterprise_id)},
        "application_documents": {"kind": "udyam"},
        "shortlist_make": {"office": f"DIC-{district}", "round": "3"},
        "reports": {"district": district, "month": this_month(), "language": "en"},
        "desk_evaluators": {"evaluators": [place.world.evaluator.pk, place.world.officer2.pk]},
        "desk_document_reject": {"reason": "unreadable", "note": "Page 2"},
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
