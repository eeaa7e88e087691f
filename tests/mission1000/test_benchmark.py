"""`manage.py benchmark` and the page that others are measured against: many rows in bulk, which the real pages show."""

from collections import Counter

import pytest
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client, override_settings
from django.urls import resolve

from accounts.models import User
from applications.models import Application, Profile
from evaluation import scoring
from evaluation.models import Assessment, RoundRules, Shortlist
from evaluation.scoring import Marked
from mission1000 import urls
from mission1000.benchmark.names import EARLIER, OPEN
from mission1000.benchmark.urls import urlpatterns as only_measured
from records import audit, papers
from records.models import AuditEvent, Paper
from tests.mission1000.conftest import run, signed_in

FILES, PATTERNS = 60, 20
ROUNDS = (OPEN, EARLIER)
urlpatterns = [*urls.urlpatterns, *only_measured]  # the portal's addresses as they are with the setting


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """A small one, made once for this module."""
    resolve("/")  # the addresses are read now, as they are without the setting
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(BENCHMARK=True):
            words = run("benchmark", files=FILES, patterns=PATTERNS, seed=5)
        yield words
        transaction.set_rollback(True)


def copied() -> list[Application]:
    return list(Application.objects.filter(round__number__in=ROUNDS).select_related("round", "enterprise", "filed_by"))


def test_every_pattern_is_there_as_often_as_asked_and_in_rounds_of_its_own(filled, db):
    patterns = Application.objects.exclude(round__number__in=ROUNDS)
    states = Counter(patterns.values_list("state", flat=True))
    assert states.total() == PATTERNS
    assert Counter(file.state for file in copied()) == Counter({state: 3 * count for state, count in states.items()})
    assert {file.reference.split("-")[1] for file in copied()} <= {str(number) for number in ROUNDS}
    assert len({file.filed_by_id for file in copied()}) == len(copied())


def test_the_trail_is_whole_and_tells_of_every_copy(filled, db):
    # An anchor is written at the commit, and here is none.
    wrong = [problem for problem in audit.verify() if "anchor" not in problem.what]
    assert wrong == []
    for file in copied():
        moves = file.transitions.count()
        assert AuditEvent.objects.filter(subject=file.trail_key).count() >= moves, file.reference


def test_sealed_values_open_and_are_each_files_own(filled, db):
    profiles = Profile.objects.filter(application__round__number__in=ROUNDS).exclude(pan_key="")
    assert len({profile.pan for profile in profiles}) == len(profiles) > 0
    assert all(profile.pan in profile.gstin for profile in profiles if profile.gstin)


def test_totals_are_those_of_the_marks_and_settle_their_file(filled, db):
    rules = {rules.round_id: rules for rules in RoundRules.objects.all()}
    found: dict[Application, list] = {}
    locked = Assessment.objects.filter(application__round__number__in=ROUNDS, state="locked")
    for row in locked.select_related("application").prefetch_related("marks__criterion"):
        lines = [
            Marked(m.criterion.key, m.criterion.weight, m.criterion.max_mark, m.mark, not m.not_applicable)
            for m in row.marks.all()
        ]
        assert scoring.exact_total(lines) == row.exact
        found.setdefault(row.application, []).append(row.exact)
    settled = [file for file in found if file.state == "appraised"]
    assert len({tuple(found[file]) for file in settled}) > 3
    for file in settled:
        asked = rules[file.round_id]
        assert scoring.spread(found[file], asked.spread_limit, asked.pass_mark) == scoring.Spread.SETTLED


def test_frozen_records_of_copies_carry_their_own_hash(filled, db):
    packets = Shortlist.objects.filter(round__number__in=ROUNDS, state="approved")
    copies = [*packets, *Paper.objects.filter(number__regex=rf"^R-({OPEN}|{EARLIER})-")]
    assert packets
    for one in copies:
        assert papers.sha256_of(one.snapshot) == one.sha256
    assert all(f"-{packet.round.number}-" in packet.snapshot["rows"][0]["reference"] for packet in packets)


def test_the_real_pages_show_a_copy(filled, db):
    file = next(file for file in copied() if file.state == "appraised")
    code = file.office.code.removeprefix("DIC-").lower()
    card = Assessment.objects.filter(application=file).first()
    paper = Paper.objects.get(subject=file.trail_key)
    for email, paths in (
        (f"officer.{code}@demo.test", ["/desk/?tab=all", f"/desk/{file.reference}/", "/healthz/reference"]),
        (card.evaluator.email, [f"/desk/{file.reference}/scorecard/"]),
        (file.filed_by.email, ["/my/", f"/applications/{file.reference}/", f"/applications/{file.reference}/financials/"]),
        ("directorate@demo.test", ["/watch/", "/watch/files/", "/reports/", f"/verify/{paper.number}/"]),
    ):  # fmt: skip
        reader = signed_in(email)
        for path in paths:
            answer = reader.get(path)
            assert answer.status_code == (404 if "reference" in path else 200), path


@pytest.mark.urls(__name__)
def test_the_page_to_measure_against_asks_one_query_for_its_rows(filled, db, django_assert_num_queries):
    reader = Client()
    reader.force_login(User.objects.get(email="officer.ekm@demo.test"))
    reader.get("/healthz/reference")
    with django_assert_num_queries(4) as asked:  # session, person, postings, rows
        answer = reader.get("/healthz/reference")
    assert answer.content.count(b"<tr>") == min(50, Application.objects.count())
    assert sum("applications_application" in query["sql"] for query in asked) == 1


@pytest.mark.urls(__name__)
def test_a_visitor_is_not_shown_it(db, client, settings):
    settings.LOGIN_URL = "/accounts/login/"
    assert client.get("/healthz/reference").status_code == 302


def test_it_is_refused_in_production_without_its_setting_and_where_files_are(filled, db):
    for kept, why in (
        ({"BENCHMARK": True, "PRODUCTION": True}, "refused"),
        ({"BENCHMARK": False}, "refused"),
        ({"BENCHMARK": True}, "There are files here"),
    ):
        with override_settings(**kept), pytest.raises(CommandError, match=why):
            run("benchmark", files=FILES)


def test_the_database_counts_on_behind_the_copies(filled, db):
    with transaction.atomic():
        made = User.objects.create(email="after@test.example", full_name="After")
        assert made.pk > User.objects.filter(email__endswith="benchmark.test").order_by("pk").last().pk
