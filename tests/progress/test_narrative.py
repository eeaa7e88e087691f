"""The page of a month: who writes it, what is refused, versions, a stale tab, what a report freezes of it."""

import re
from html import unescape

import pytest
from django.db import DatabaseError, transaction
from fontTools.ttLib import TTFont

from progress import actions, documents, narratives
from progress.models import Narrative
from records import papers
from records.models import AuditEvent
from records.verdicts import Refused
from tests.architecture.tree import ROOT
from tests.progress.conftest import text_of
from tests.progress.test_reports import MONTH, may

WHERE = f"/districts/EKM/progress/narrative/?month={MONTH}"
POST = "General Manager, DIC, DIC Ernakulam"  # these posts have no title of their own
NOTHING = "The General Manager has written nothing for this month."
__all__ = ["may"]


def write(client, text, seen=0, where=WHERE):
    return client.post(where, {"text": text, "seen": seen})


def test_the_general_manager_writes_and_every_version_is_kept(may, sign_in):
    client = sign_in(may.gm)
    assert NOTHING in text_of(client.get(WHERE))
    for seen, text in enumerate(("Two visits.\r\n\r\nമൂന്ന് യോഗങ്ങൾ.", "Three visits.")):
        answer = write(client, text, seen)
        assert (answer.status_code, answer["Location"]) == (302, WHERE)
    assert write(client, "Three visits.", 1).status_code == 302  # the second press of a double click
    assert list(Narrative.objects.values_list("version", "text", "post")) == [
        (2, "Three visits.", POST),
        (1, "Two visits.\n\nമൂന്ന് യോഗങ്ങൾ.", POST),
    ]
    for who in ("gm", "officer", "directorate", "auditor"):
        client = sign_in(may.people[who])
        page = text_of(client.get(WHERE))
        assert ("Version 2" in page, "Version 1" in page, '<p lang="ml">മൂന്ന് യോഗങ്ങൾ.</p>' in page) == (True,) * 3
        assert ("Only the General Manager of DIC Ernakulam writes this page." in page) is (who != "gm")
        assert "Three visits.</p>" in text_of(client.get(f"/districts/EKM/progress/?month={MONTH}"))
    line = AuditEvent.objects.filter(verb="narrative.write").latest("sequence")
    assert (line.subject, line.scope, line.data) == (f"narrative:EKM:{MONTH}", "DIC-EKM", {"version": 2})


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Write what happened in the month."),
        ("ക" * 2501, "Write at most 2500 signs. You wrote 2501."),
        ("Mine is 2341 2341 2346", "An Aadhaar number stands in this text. It is not needed: take it out."),
        ("<b>Good</b>", "The signs < and > cannot be used here."),
        ("Well done 😀 नमस्ते", "The report cannot print these signs: 😀 न म स"),
    ],
)
def test_what_cannot_stand_there_is_said_and_kept(may, sign_in, typed, sentence):
    answer = write(sign_in(may.gm), typed)
    page = unescape(answer.content.decode())
    assert answer.status_code == 400
    assert sentence in page
    assert typed in page
    assert not Narrative.objects.exists()


@pytest.mark.parametrize("month", ["2026-08", "hello", "1999-01"])
def test_a_month_that_cannot_be_written_of_keeps_the_text(may, sign_in, month):
    answer = write(sign_in(may.gm), "Two visits.", where=WHERE.replace(MONTH, month))
    assert (answer.status_code, "Two visits." in text_of(answer), Narrative.objects.exists()) == (400, True, False)
    with pytest.raises(Refused):
        actions.write_narrative(may.district, month, "Two visits.", seen=0, by=may.gm)


def test_nobody_else_writes(may, sign_in):
    for who in ("officer", "manager", "other_gm", "directorate", "auditor"):
        assert write(sign_in(may.people[who]), "Two visits.").status_code == 403
        with pytest.raises(Refused, match="Only the General Manager of DIC Ernakulam writes this page"):
            actions.write_narrative(may.district, MONTH, "Two visits.", seen=0, by=may.people[who])
    assert not Narrative.objects.exists()


def test_a_stale_tab_keeps_its_text_beside_the_other(may, sign_in):
    client = sign_in(may.gm)
    write(client, "From the other tab.")
    answer = write(client, "From this tab.")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Another version was written meanwhile. Read it, then write yours." in page
    assert ("From the other tab.</p>" in page, "From this tab.</textarea>" in page) == (True, True)
    assert Narrative.objects.count() == 1
    seen = re.search(r'name="seen" value="(\d+)"', page)[1]
    assert write(client, "From this tab.", seen).status_code == 302
    assert narratives.newest(may.district, MONTH).version == 2


def test_the_database_changes_no_version(may):
    actions.write_narrative(may.district, MONTH, "Two visits.", seen=0, by=may.gm)
    for change in (lambda: Narrative.objects.update(text="None."), lambda: Narrative.objects.all().delete()):
        with pytest.raises(DatabaseError, match="a narrative is never changed"), transaction.atomic():
            change()


def test_a_report_freezes_the_newest_version_and_takes_the_place_of_one_without(may, sign_in):
    old = actions.make_report(may.district, MONTH, by=may.gm)
    actions.write_narrative(may.district, MONTH, "Two visits.", seen=0, by=may.gm)
    new = actions.make_report(may.district, MONTH, by=may.gm)  # within half a minute, and yet another one
    again = actions.make_report(may.district, MONTH, by=may.gm)
    actions.write_narrative(may.district, MONTH, "Three visits.", seen=1, by=may.gm)
    old.refresh_from_db()
    assert (new, old.superseded_by, old.snapshot["narrative"]) == (again, new, None)
    assert new.snapshot["narrative"] == {
        "text": "Two visits.",
        "version": 1,
        "post_en": POST,
        "post_ml": new.snapshot["narrative"]["post_ml"],
        "on": "15-07-2026",
    }
    client = sign_in(may.gm)
    for paper, words in ((old, NOTHING), (new, "Two visits.")):
        for page in (text_of(client.get(f"/reports/{paper.number}/")), papers.html_of(paper)):
            assert words in page
            assert "Three visits." not in page
    assert f"{POST}</b>, 15-07-2026, version 1" in papers.html_of(new)


def test_a_report_of_the_first_template_is_read_and_printed_as_it_was(may, sign_in):
    paper = actions.make_report(may.district, MONTH, by=may.gm)
    for name in ("trend", "narrative"):
        del paper.snapshot[name]
    for name in ("decisions", "holders", "targets"):
        del paper.snapshot["figures"][name]
    paper.save()
    for page in (text_of(sign_in(may.gm).get(f"/reports/{paper.number}/")), papers.html_of(paper)):
        assert "How long files wait for the DIC" in page
        for later in (NOTHING, "Open files by who holds them", "Against the target", "month by month"):
            assert later not in page
    assert documents.report_context(paper.snapshot)["narrative"] is None


def test_the_fonts_of_the_paper_draw_every_sign_that_may_be_written():
    fonts = ROOT / "static" / "print" / "fonts"
    for weight in (400, 700):
        drawn = {code for path in fonts.glob(f"*-{weight}-*.woff2") for code in TTFont(path).getBestCmap()}
        written = {code for code in range(0x20, 0x10000) if not narratives.UNPRINTABLE.match(chr(code))}
        assert {hex(code) for code in written - drawn} == set()
