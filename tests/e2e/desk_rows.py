"""Files of two quiet districts of a demonstration, each at the point a page of the desk is for."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db import transaction

from accounts.models import User
from applications import actions as applications
from applications.models import Application, Clarification, DocumentKind, DocumentVersion, Profile, Round
from districts.models import District, Office, Taluk
from evaluation import actions
from evaluation.actions.ineligible import confirm, propose
from records.clock import today
from records.models import StoredFile
from tests.e2e import committee_rows
from tests.evaluation import conftest
from tests.evaluation.conftest import World

PEOPLE = {"officer": "officer", "officer2": "officer2", "evaluator": "taluk", "manager": "manager", "gm": "gm"}


def world(code: str, other: str) -> World:
    """One district of the demonstration with its own people; the enterprises are one invented person's."""
    call = Round.objects.get(number=3)
    people = {name: User.objects.get(email=f"{post}.{code.lower()}@demo.test") for name, post in PEOPLE.items()}
    owner, _made = User.objects.get_or_create(
        email=f"rows.{code.lower()}@demo.test", defaults={"full_name": "Asha Rows"}
    )
    district = District.objects.get(code=code)
    kinds = list(DocumentKind.objects.filter(key__in=call.required_documents))
    dic, other_dic = (Office.objects.get(code=f"DIC-{one}") for one in (code, other))
    taluk = Taluk.objects.filter(district=district)[0]
    return World(call, dic, other_dic, taluk, people | {"owner": owner}, district, kinds)


def asked(here: World, **changes: Any) -> Application:
    """With the applicant: a question that opens a field and names a document."""
    file = here.file("scrutiny")
    kinds = DocumentKind.objects.filter(key="financials")
    question = "Which products are sold abroad? Send the statements with their schedules."
    applications.ask(file, question, fields=["enterprise.main_products"], kinds=kinds, by=here.officer)
    Clarification.objects.filter(application=file).update(**changes)
    return file


def contested(here: World) -> Application:
    """Held: its number stands in another file too."""
    file, other = here.verified(here.file("scrutiny")), here.file("submitted")
    Profile.objects.filter(application=file).update(udyam_number=other.udyam_number)
    Application.objects.filter(pk=file.pk).update(udyam_number=other.udyam_number, contested=True)
    return file


def proposed(here: World) -> Application:
    """Proposed to be found ineligible."""
    file = here.file("scrutiny")
    propose(file, "place_of_unit", "The unit lies in Coimbatore.", by=here.officer)
    return file


def apart(here: World) -> Application:
    """Two totals that do not settle it."""
    file = here.in_appraisal()
    first, second = here.named(file, here.evaluator, here.manager)
    here.lock(first, 5, 5, 5, 5, 5)
    here.lock(second, 1, 2, 1, 2, 1)
    return file


def _files(here: World, there: World) -> dict[str, Application]:
    """A file for each page and form that is visited."""
    return {
        "scrutiny": here.verified(here.file("scrutiny")),
        "asked": asked(here),
        "late": asked(here, reminders=2, due_on=today() - timedelta(days=1)),
        "contested": contested(here),
        "proposed": proposed(here),
        "ineligible": confirm(proposed(here), "The unit lies in Coimbatore.", by=here.gm),
        "unnamed": here.in_appraisal(),
        "named": here.in_appraisal(),
        "apart": apart(here),
        "appraised": here.appraised(),
        "frozen_file": there.appraised(),
    }


def _rows() -> dict[str, Any]:
    here, there = world("KTM", "WYD"), world("WYD", "KTM")
    made = _files(here, there)
    here.named(made["named"])
    committee = committee_rows.make(world("PTA", "WYD"))
    # The papers are those of the demonstration, so that they can be read.
    real = StoredFile.objects.exclude(path="none").filter(content_type="application/pdf").latest("pk")
    StoredFile.objects.filter(path="none").update(path=real.path, size=real.size, sha256=real.sha256, pages=real.pages)
    paper = DocumentVersion.objects.filter(slot__application=made["scrutiny"]).order_by("pk")[0]
    draft = actions.make_packet(here.dic, here.round, by=here.manager)
    frozen = actions.freeze(actions.make_packet(there.dic, there.round, by=there.manager), by=there.manager)
    people = {
        **{name: here.people[name] for name in ("officer", "manager", "gm", "owner")},
        "evaluator": here.evaluator,
        "other_manager": there.manager,
        **{name: User.objects.get(email=email) for name, email in committee.pop("people").items()},
    }
    return {
        **committee,
        **{name: file.reference for name, file in made.items()},
        "paper": paper.pk,
        "desk": f"{here.dic.code}.{here.officer.pk}",
        "draft": draft.number,
        "frozen": frozen.number,
        "people": {name: user.email for name, user in people.items()},
    }


def make() -> dict[str, Any]:
    """Make the rows; what the tests need of them."""
    conftest._numbers = count(
        9001
    )  # above the demonstration's own; it is also how many minutes after the tenth day before a file was sent
    with transaction.atomic():
        return _rows()
