"""What an officer wrote in one language is read in the other: the trail, posts, figures kept with marks."""

from decimal import Decimal
from typing import Any

from django.utils import translation

from accounts.models import Posting, User
from evaluation import actions, trail
from evaluation.actions.moderation import moderate
from evaluation.actions.notes import write_note
from evaluation.actions.visits import Seen, record_visit
from evaluation.cards import card_of
from evaluation.models import Mark, OfficeNote
from evaluation.states import AssessmentState
from records.clock import today
from records.models import AuditEvent
from tests.evaluation.conftest import World

OFFICER, MANAGER = "ജില്ലാ വ്യവസായ കേന്ദ്രം ഓഫീസർ", "ജനറൽ മാനേജർ, ജില്ലാ വ്യവസായ കേന്ദ്രം"


def test_the_trail_reads_in_the_readers_language(world: World) -> None:
    file = world.in_appraisal()
    with translation.override("ml"):
        lines, count = trail.lines(file, most=20)
    assert count == len(lines)
    assert [line for line in lines if "വിറ്റുവരവ് 2025-26" in line.sentence and "₹6,18,00,000" in line.sentence]
    assert ("സൂക്ഷ്മപരിശോധന കഴിഞ്ഞു", "") in {(line.sentence, line.note) for line in lines}


def test_what_the_portal_did_by_itself_carries_its_name(world: World) -> None:
    file = world.appraised()
    lines, _count = trail.lines(file)
    assert lines[0].who == "The portal"
    with translation.override("ml"):
        lines, _count = trail.lines(file)
    assert lines[0].who == "പോർട്ടൽ"


def test_the_trail_names_people_in_english_whoever_acts(world: World) -> None:
    with translation.override("ml"):
        actions.take_up(world.file(), by=world.officer)
    assert AuditEvent.objects.get(verb="application.take_up").actor_label == "Officer, DIC officer, DIC Ernakulam"


def test_notes_visits_and_a_moderation_carry_their_post_in_the_readers_language(world: World, sign_in: Any) -> None:
    world.dic.name_ml = "ജില്ലാ വ്യവസായ കേന്ദ്രം, എറണാകുളം"
    world.dic.save()
    file = world.in_appraisal()
    write_note(file, "Seen.", by=world.officer)
    record_visit(file, Seen(visited_on=today(), people_met="The owner", findings="At work."), by=world.officer)
    first, second = world.named(file)
    world.lock(first, 5, 5, 5, 5, 5)
    world.lock(second, 3, 3, 3, 3, 3)
    moderate(file, Decimal(80), "Because.", by=world.gm)
    User.objects.update(language="ml")
    world.gm.refresh_from_db()
    client = sign_in(world.gm)
    page, notes = (client.get(f"/desk/{file.reference}/{rest}").content.decode() for rest in ("", "notes/"))
    officer, manager = (f"{title}, {world.dic.name_ml}" for title in (OFFICER, MANAGER))
    assert (f"Officer, {officer}, " in notes, f"Officer, {officer}, " in page) == (True, True)
    assert f"{officer}, രേഖപ്പെടുത്തിയത് " in page  # the visit
    assert f"മോഡറേഷൻ നടത്തിയത്: {manager}, " in page
    assert "DIC officer" not in page + notes
    assert OfficeNote.objects.get().post == "DIC officer, DIC Ernakulam"  # as it was signed


def test_a_figure_kept_with_a_mark_is_read_in_both_languages(world: World) -> None:
    file = world.in_appraisal()
    first, _second = world.named(file)
    with translation.override("ml"):
        world.lock(first, 4, 3, 4, 3, 5)
    kept = Mark.objects.get(assessment=first, criterion__key="employment")
    assert kept.computed == "44 persons verified; women among them: 27"
    with translation.override("ml"):
        line = next(line for line in card_of(first).lines if line.criterion.key == "employment")
    assert line.mark
    assert line.mark.computed == "സ്ഥിരീകരിച്ചത്: 44 ജീവനക്കാർ; അതിൽ വനിതകൾ: 27"


def test_a_post_with_a_usual_title_is_named_in_both_languages(world: World) -> None:
    post = Posting(user=world.gm, role="gm", office=world.dic, title="General Manager")
    typed = Posting(user=world.gm, role="gm", office=world.dic, title="Nodal officer")
    with translation.override("ml"):
        assert (post.label, typed.label) == ("ജനറൽ മാനേജർ, DIC Ernakulam", "Nodal officer, DIC Ernakulam")
    assert post.label == "General Manager, DIC Ernakulam"


def test_an_accepted_evaluation_is_not_an_accepted_document() -> None:
    with translation.override("ml"):
        assert str(AssessmentState.ACCEPTED.label) == "ഏറ്റെടുത്തു"
