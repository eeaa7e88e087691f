"""A contested number at the desk: both files side by side, the certificate of the other, whose it is, and what is held."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from applications.actions import contests as rows
from applications.actions.contests import look_again
from applications.models import Application, DocumentSlot, DocumentVersion, EnterpriseMember, Profile, Settlement
from evaluation import actions
from evaluation.actions.contests import settle
from evaluation.actions.ineligible import confirm, propose, reinstate
from evaluation.models import Ineligibility
from evaluation.rules.ineligible import OFFICE_RULES
from records import jobs
from records.models import AuditEvent, Job, StoredFile
from records.verdicts import Refused
from tests.evaluation.conftest import SYSTEM, World, build_world
from tests.evaluation.test_pages import desk, text_of
from tests.racing import race

Client = Callable[[User], Any]
WHY = "The certificate of the other names another firm."


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "paper.pdf").write_bytes(b"%PDF-1.7\n%%EOF\n")
    return tmp_path


def contest(
    world: World, state: str = "scrutiny", other: str = "submitted", *, pan: str = "", away: bool = False
) -> tuple[Application, Application]:
    """A held file of Ernakulam, and the earlier one with the same Udyam number, or only the same PAN."""
    first = world.file(other, office=world.other_dic if away else None)
    second = world.file(state)
    StoredFile.objects.update(path="paper.pdf")
    if pan:
        for file in (first, second):
            profile = file.profile
            profile.pan = pan
            profile.save()
    else:
        Profile.objects.filter(application=second).update(udyam_number=first.udyam_number)
    number = second.udyam_number if pan else first.udyam_number
    Application.objects.filter(pk=second.pk).update(contested=True, udyam_number=number)
    return again(first), again(second)


def again(file: Application) -> Application:
    return Application.objects.with_file().get(pk=file.pk)


def told(against: Application, **changes: Any) -> dict[str, Any]:
    return {"other": against.pk, "outcome": "this", "reason": WHY, **changes}


def certificate(file: Application) -> DocumentVersion:
    return DocumentVersion.objects.filter(slot__application=file, slot__kind__key="udyam").order_by("-number")[0]


# ---- What is held ---------------------------------------------------------------------------------------------
def test_scrutiny_does_not_end_while_the_number_is_contested(world: World, sign_in: Client) -> None:
    first, second = contest(world)
    world.verified(second)
    answer = sign_in(world.officer).post(desk(second, "end-scrutiny/"))
    assert answer.status_code == 409
    assert "Held: the Udyam number or PAN stands in another application" in text_of(answer)
    settle(second, first, "this", WHY, by=world.officer)
    assert sign_in(world.officer).post(desk(second, "end-scrutiny/")).status_code == 302


def test_taking_up_stays_possible(world: World, sign_in: Client) -> None:
    _first, second = contest(world, "submitted")
    assert sign_in(world.officer).post(desk(second, "take-up/")).status_code == 302


def test_scrutiny_ends_when_the_other_is_out_before_the_worker_looked(world: World) -> None:
    first, second = contest(world)
    world.verified(second)
    Application.objects.filter(pk=first.pk).update(state="withdrawn", ended_at=first.since)
    assert actions.pass_scrutiny(second, by=world.officer).state == "appraisal"
    assert look_again(second, by=SYSTEM)


def test_an_appraisal_held_in_its_turn_closes_when_it_is_settled(world: World) -> None:
    first = world.in_appraisal()
    evaluations = world.named(first)
    second = world.file("scrutiny")
    Profile.objects.filter(application=second).update(udyam_number=first.udyam_number)
    Application.objects.filter(pk=second.pk).update(contested=True, udyam_number=first.udyam_number)
    settle(again(second), first, "this", WHY, by=world.officer)
    for one in evaluations:
        world.lock(one, 4, 3, 4, 3, 5)
    assert not actions.appraise(first, by=SYSTEM)
    Job.objects.all().delete()
    settle(again(first), again(second), "this", "The other one is forged.", by=world.officer)
    assert Job.objects.filter(name="evaluation.appraise").count() == 1
    assert actions.appraise(first, by=SYSTEM)


def test_found_ineligible_it_holds_nobody_and_reinstated_it_is_held(world: World) -> None:
    first, second = contest(world, other="scrutiny")
    propose(first, "not_found", "Nobody knows the unit.", by=world.officer2)
    confirm(first, "The unit was not found.", by=world.gm)
    job = Job.objects.get(name="applications.contests")
    jobs.run(job.pk)
    assert [again(file).contested for file in (first, second)] == [True, False]
    world.verified(second)
    actions.pass_scrutiny(again(second), by=world.officer)
    reinstate(again(first), world.officer2, "The owner showed the lease.", by=world.gm)
    assert rows.queries.is_held(again(first))
    assert not rows.queries.is_held(again(second))


# ---- The page -------------------------------------------------------------------------------------------------
def test_the_file_says_what_holds_it_and_leads_there(world: World, sign_in: Client) -> None:
    first, second = contest(world)
    page = text_of(sign_in(world.officer).get(desk(second)))
    next_panel = page[page.index('id="next"') :]
    assert "The certificates decide." in next_panel
    assert f'<a class="btn btn-primary" href="{desk(second, "contest/")}">See both applications</a>' in next_panel
    assert f"stands in {first.reference}." in page
    earlier = text_of(sign_in(world.officer).get(desk(first)))
    assert "Held:" not in earlier
    assert second.reference in earlier  # a hint, as before


def test_both_stand_side_by_side_also_across_districts(world: World, sign_in: Client) -> None:
    first, second = contest(world, away=True)
    client = sign_in(world.officer)
    assert client.get(desk(first)).status_code == 404
    page = text_of(client.get(desk(second, "contest/")))
    for words in (
        first.reference, second.reference, first.enterprise.name_en, "DIC Thrissur", "DIC Ernakulam",
        "Received at DIC", "state the same Udyam number.", first.udyam_number,
        desk(second, f"contest/{first.pk}/certificate/"), desk(second, f"contest/{second.pk}/certificate/"),
        desk(second, "ask/"),
    ):  # fmt: skip
        assert words in page, words
    assert desk(first) not in page
    assert world.owner.full_name not in page


def test_a_pan_is_masked(world: World, sign_in: Client) -> None:
    _first, second = contest(world, pan="QXZPK0000Q")
    page = text_of(sign_in(world.officer).get(desk(second, "contest/")))
    assert "state the same PAN." in page
    assert "••••••000Q" in page
    assert "QXZPK" not in page


@pytest.mark.parametrize("who", ["gm", "directorate", "auditor"])
def test_only_an_officer_of_the_office_sees_both(world: World, sign_in: Client, who: str) -> None:
    first, second = contest(world)
    client = sign_in(world.people[who])
    for rest in ("contest/", f"contest/{first.pk}/certificate/"):
        assert client.get(desk(second, rest)).status_code == 403
    assert sign_in(world.stranger).get(desk(second, "contest/")).status_code == 404


@pytest.mark.parametrize("of", [0, 1])
def test_whoever_acts_for_either_sees_neither(world: World, sign_in: Client, of: int) -> None:
    files = contest(world)
    enterprise = files[of].enterprise
    EnterpriseMember.objects.create(enterprise=enterprise, user=world.officer)
    client = sign_in(world.officer)
    for rest in ("contest/", f"contest/{files[0].pk}/certificate/"):
        assert client.get(desk(files[1], rest)).status_code == 403


@pytest.mark.parametrize("of", [0, 1])
def test_whoever_acts_for_either_reads_nothing_of_the_other_on_the_files_page(
    world: World, sign_in: Client, of: int
) -> None:
    first, second = contest(world)
    settle(second, first, "this", WHY, by=world.officer2)
    for file, other in ((first, second), (second, first)):
        assert other.reference in text_of(sign_in(world.officer).get(desk(file)))
    EnterpriseMember.objects.create(enterprise=(first, second)[of].enterprise, user=world.officer)
    for file, other in ((first, second), (second, first)):
        page = sign_in(world.officer).get(desk(file))
        assert page.status_code == 200
        assert other.reference not in text_of(page)


def test_whoever_stepped_back_from_the_file_settles_nothing(world: World, sign_in: Client) -> None:
    first, second = contest(world, "appraisal")
    one = world.named(second, world.officer2, world.evaluator)[0]
    actions.step_back(one, "I know the owner.", by=world.officer2)
    assert sign_in(world.officer2).get(desk(second, "contest/")).status_code == 403
    with pytest.raises(Refused):
        settle(second, first, "this", WHY, by=world.officer2)
    assert not Settlement.objects.exists()


def test_where_nothing_is_contested_the_page_says_so(world: World, sign_in: Client) -> None:
    first, second = contest(world)
    client = sign_in(world.officer)
    assert "Nothing is contested" in text_of(client.get(desk(first, "contest/")))
    assert client.get(desk(first, f"contest/{second.pk}/certificate/")).status_code == 404
    answer = client.post(desk(world.file("scrutiny"), "contest/"), told(first))
    assert answer.status_code == 409
    assert first.reference not in text_of(answer)


# ---- The certificate ------------------------------------------------------------------------------------------
def test_the_certificate_of_the_other_opens_and_both_trails_know(world: World, sign_in: Client) -> None:
    first, second = contest(world, away=True)
    answer = sign_in(world.officer).get(desk(second, f"contest/{first.pk}/certificate/"))
    assert answer.getvalue().startswith(b"%PDF")
    assert answer["Content-Disposition"].startswith("attachment")
    lines = AuditEvent.objects.filter(verb="application.certificate").order_by("scope")
    assert [(line.subject, line.scope) for line in lines] == [
        (second.trail_key, "DIC-EKM"), (first.trail_key, "DIC-TSR"),
    ]  # fmt: skip
    assert {line.note for line in lines} == {f"file:{certificate(first).file_id}"}


def test_exactly_the_newest_certificate_opens(world: World, sign_in: Client) -> None:
    first, second = contest(world, away=True)
    slot = DocumentSlot.objects.get(application=first, kind__key="udyam")
    newer = StoredFile.objects.create(
        name="newer.pdf", size=9, content_type="application/pdf", sha256="1" * 64, path="paper.pdf", by=world.owner
    )
    DocumentVersion.objects.create(slot=slot, number=2, file=newer, sent_by=world.owner)
    client = sign_in(world.officer)
    address = desk(second, f"contest/{first.pk}/certificate/")
    answer = client.get(address)
    assert answer.getvalue()
    assert "newer.pdf" in answer["Content-Disposition"]
    DocumentVersion.objects.filter(file=newer).update(state="infected")
    assert client.get(address).status_code == 404
    assert client.get(desk(second, f"contest/{world.file().pk}/certificate/")).status_code == 404
    for version in DocumentVersion.objects.filter(slot__application=first):
        assert client.get(desk(second, f"documents/{version.pk}/")).status_code == 404


def test_once_settled_the_certificate_is_closed_again(world: World, sign_in: Client) -> None:
    first, second = contest(world, away=True)
    settle(second, first, "this", WHY, by=world.officer)
    address = desk(second, f"contest/{first.pk}/certificate/")
    assert sign_in(world.officer).get(address).status_code == 404


# ---- Settling -------------------------------------------------------------------------------------------------
def test_this_one_goes_on(world: World, sign_in: Client) -> None:
    first, second = contest(world, away=True)
    client = sign_in(world.officer)
    assert client.post(desk(second, "contest/"), told(first)).status_code == 302
    assert [again(file).contested for file in (first, second)] == [True, False]
    page = text_of(client.get(desk(second)))
    assert f"The number belongs to {second.reference}, not to {first.reference}. {WHY}" in page
    assert "Held:" not in page
    theirs = text_of(sign_in(world.stranger).get(desk(first)))
    assert f"stands in {second.reference}." in theirs
    assert "Contested number settled" in theirs


def test_the_number_of_the_other_is_proposed_to_the_general_manager(world: World, sign_in: Client) -> None:
    first, second = contest(world)
    client = sign_in(world.officer)
    assert client.post(desk(second, "contest/"), told(first, outcome="other")).status_code == 302
    proposal = Ineligibility.objects.get()
    assert (proposal.application, proposal.rule, proposal.reason) == (second, "number_of_another", WHY)
    assert proposal.rule in OFFICE_RULES
    assert (proposal.proposed_by, proposal.answered_at) == (world.officer, None)
    # the enterprise reads the answer: the comparison of two enterprises is not offered as its text
    assert WHY not in sign_in(world.gm).get(desk(second, "ineligible/")).context["answer_form"].as_p()
    client = sign_in(world.officer)
    assert again(second).contested
    answer = client.post(desk(second, "contest/"), told(first))
    assert answer.status_code == 409
    assert "waits for the General Manager" in text_of(answer)
    assert WHY in text_of(answer)
    assert Settlement.objects.count() == 1


def test_a_file_with_its_applicant_is_not_proposed(world: World) -> None:
    first, second = contest(world, "clarification")
    with pytest.raises(Refused, match="The file is with the applicant"):
        settle(second, first, "other", WHY, by=world.officer)
    assert not Settlement.objects.exists()
    settle(second, first, "this", WHY, by=world.officer)


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"outcome": ""}, 400, "Choose what the certificates show."),
        ({"outcome": "both"}, 400, "Choose what the certificates show."),
        ({"other": "x"}, 400, "whole number"),
        ({"other": "999999"}, 409, "Nothing is left to settle"),
        ({"outcome": "different"}, 409, "cannot be different enterprises"),
    ],
)
def test_wrong_input_changes_nothing_and_keeps_what_was_typed(
    world: World, sign_in: Client, changes: dict[str, str], status: int, sentence: str
) -> None:
    first, second = contest(world)
    answer = sign_in(world.officer).post(desk(second, "contest/"), told(first, **changes))
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert WHY in text_of(answer)
    assert not Settlement.objects.exists()
    assert again(second).contested


def test_a_stale_page_says_who_was_faster_and_keeps_what_was_typed(world: World, sign_in: Client) -> None:
    first, second = contest(world)
    settle(second, first, "this", "I was faster.", by=world.officer2)
    answer = sign_in(world.officer).post(desk(second, "contest/"), told(first))
    assert answer.status_code == 409
    assert "settled this on" in text_of(answer)
    assert WHY in text_of(answer)


def test_two_with_the_same_pan_are_different(world: World, sign_in: Client) -> None:
    first, second = contest(world, pan="QXZPK0000Q")
    answer = sign_in(world.officer).post(desk(second, "contest/"), told(first, outcome="different"), follow=True)
    assert f"{second.reference} and {first.reference} are different enterprises: both go on." in text_of(answer)
    assert not again(second).contested


def test_the_page_takes_the_same_queries_for_1_and_3_others(world: World, sign_in: Client) -> None:
    first, second = contest(world)
    client = sign_in(world.officer)
    counts = []
    for _turn in range(3):
        for address in (desk(second, "contest/"), desk(second)):
            client.get(address)
            with CaptureQueriesContext(connection) as made:
                client.get(address)
            counts.append(len(made))
        more = world.file()
        Profile.objects.filter(application=more).update(udyam_number=first.udyam_number)
    assert counts[:2] == counts[4:]


# ---- At once --------------------------------------------------------------------------------------------------
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def settle_twice(self, world: World) -> list[str]:
        first, second = contest(world)
        verbs = [
            lambda by=by, why=why: settle(second, first, "this", why, by=by)
            for by, why in ((world.officer, "One."), (world.officer2, "Two."))
        ]
        return race(*verbs)

    def test_one_of_two_officers_wins_and_the_other_is_told_who(self) -> None:
        said = self.settle_twice(build_world())
        assert said[0] == "won"
        assert "settled this on" in said[1]
        assert Settlement.objects.count() == 1

    def test_control_without_the_locks_it_is_settled_twice(self, monkeypatch: pytest.MonkeyPatch) -> None:
        both_have_read = threading.Barrier(2)

        def read(model: Any, *keys: Any) -> list[Any]:
            found = list(model._default_manager.filter(pk__in=keys).order_by("pk"))
            both_have_read.wait(timeout=10)
            return found

        world = build_world()
        monkeypatch.setattr(rows, "lock", read)
        monkeypatch.setattr(rows.queries, "contenders", lambda file: list(Application.objects.exclude(pk=file.pk)))
        self.settle_twice(world)
        assert Settlement.objects.count() == 2

    def test_two_offices_settling_against_each_other_never_wait_in_a_circle(self) -> None:
        world = build_world()
        first, second = contest(world, other="scrutiny")
        Application.objects.filter(pk=first.pk).update(contested=True)
        said = race(
            lambda: settle(second, first, "this", "One.", by=world.officer),
            lambda: settle(first, second, "this", "Two.", by=world.officer2),
        )
        assert said[0] == "won"
        assert sorted(again(file).contested for file in (first, second)) == [False, True]
