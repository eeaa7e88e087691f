"""English and Malayalam are complete: the portal's own texts, and those of Django and allauth that a person meets."""

import re
import shutil
import subprocess
import sys
from datetime import date, datetime
from html import unescape
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext, ngettext

from applications.forms.file import EnterpriseForm, WithdrawForm
from applications.states import State
from mission1000.administration import ScriptTexts
from records.models import Message

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "bin"))

from translations import bare, checks, libraries, po, rules, sources
from translations.catalogues import CATALOGUES

MALAYALAM = re.compile(r"[\u0d05-\u0d39]")


@pytest.fixture
def malayalam():
    with translation.override("ml"):
        yield


@pytest.fixture
def reader() -> Client:
    """A browser that has chosen Malayalam."""
    client = Client()
    client.cookies["django_language"] = "ml"
    return client


def text_of(answer) -> str:
    return unescape(answer.content.decode())


# ---- The catalogues ----------------------------------------------------------------------------------------------
def test_everything_is_translated_and_right():
    assert list(checks.problems()) == []


def test_collecting_again_changes_nothing():
    for path, title, messages in CATALOGUES:
        assert po.written(po.merged(messages(), po.read(path)).values(), title) == path.read_text(encoding="utf-8")


def test_the_catalogues_compile(tmp_path):
    shutil.copytree(ROOT / "locale", tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    done = subprocess.run(
        [sys.executable, "bin/compile-messages", str(tmp_path / "locale")], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    counts = {path.relative_to(ROOT).as_posix(): len(po.read(path)) for path in (ROOT / "locale").rglob("*.po")}
    assert done.stdout == "".join(f"Compiled {name}: {counts[name]} messages.\n" for name in sorted(counts))


def test_a_catalogue_carries_no_name_no_date_and_no_line_numbers():
    for path, _title, _messages in CATALOGUES:
        text = path.read_text(encoding="utf-8")
        assert re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d|Translator|Team|^#: |^#~ ", text, re.MULTILINE) == []


def test_a_changed_text_loses_its_translation_and_nothing_is_guessed():
    known = {("Save", ""): po.Entry("Save", texts=["സേവ് ചെയ്യുക"]), ("Old", ""): po.Entry("Old", texts=["പഴയത്"])}
    wanted = {("Save", ""): po.Entry("Save"), ("Save it", ""): po.Entry("Save it")}
    merged = po.merged(wanted, known)
    assert {key[0]: entry.texts for key, entry in merged.items()} == {"Save": ["സേവ് ചെയ്യുക"], "Save it": []}


def test_what_is_written_is_read_back(tmp_path):
    entries = [
        po.Entry('two\nlines "quoted" \\ and\ttab', texts=["രണ്ട്\nവരി"]),
        po.Entry("%(n)s file", "%(n)s files", texts=["%(n)s ഫയൽ", "%(n)s ഫയലുകൾ"]),
        po.Entry("May", context="month", texts=["മേയ്"]),
        po.Entry("not yet", texts=[]),
    ]
    path = tmp_path / "django.po"
    path.write_text(po.written(entries, "Test"), encoding="utf-8")
    read = po.read(path)
    assert read == {entry.key: entry for entry in [*entries[:3], po.Entry("not yet", texts=[""])]}


# ---- Collecting --------------------------------------------------------------------------------------------------
def test_texts_are_collected_from_python_under_every_name():
    code = """
from django.utils.translation import gettext as _, gettext_lazy as later, ngettext, pgettext
_("one" " sentence"); later("two"); ngettext("%(n)s day", "%(n)s days", n); pgettext("month", "May"); _(variable)
"""
    found = [(entry.msgid, entry.plural, entry.context) for entry in sources.in_python(code, "x.py")]
    assert found == [
        ("one sentence", None, None),
        ("two", None, None),
        ("%(n)s day", "%(n)s days", None),
        ("May", None, "month"),
    ]


def test_a_text_that_is_put_together_is_refused():
    code = 'from django.utils.translation import gettext as _\n_(f"Hello {name}")\n'
    with pytest.raises(ValueError, match=re.escape("x.py:2: a text to translate must be written out")):
        list(sources.in_python(code, "x.py"))


def test_texts_are_collected_from_templates():
    template = (
        '{% translate "One" %}{% blocktranslate trimmed with a=b %}\n Two {{ a }}\n{% endblocktranslate %}'
        "{% blocktranslate count n=x %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% include "x.html" with title=_("Three") %}{% translate "May" context "month" %}'
    )
    found = {(entry.msgid, entry.plural, entry.context) for entry in sources.in_template(template, "x.html")}
    assert found == {
        ("One", None, None),
        ("Two %(a)s", None, None),
        ("%(n)s day", "%(n)s days", None),
        ("Three", None, None),
        ("May", None, "month"),
    }


def test_the_libraries_texts_that_can_be_met_are_collected():
    found = libraries.library_messages()
    met = ["This field is required.", "Incorrect code.", "This password is too common.", "Save and add another"]
    assert [text for text in met if (text, "") not in found] == []
    never = ["Afrikaans", "Third-Party Login Failure", "Welsh"]
    assert [text for text in never if (text, "") in found] == []


# ---- Checking ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("msgid", "text", "problem"),
    [
        ("Sent on %(date)s.", "അയച്ചു.", "placeholders differ"),
        ("Sent: %(date)s.", "അയച്ചത്: {date}.", "placeholders differ"),
        ("Sent: ", "അയച്ചത്:", "other spaces"),
        ("%(place)s office", "%(place)sയിലെ ഓഫീസ്", "glued"),
        ("Send it now.", "Send it now.", "left in Latin letters"),
        ("Send it now.", "ഇപ്പോൾ send ചെയ്യുക.", "left in Latin letters: send"),
        ("Send it: %(date)s.", "%(date)s.", "not translated"),
        ("You did it.", "നിങ്ങൾ ചെയ്തു.", "താങ്കൾ"),
        ("It is here.", "അവന്\u200dറെ ഇവിടെ.", "old chillu"),
        ("It is here.", "ഇത് ഇവിടെയുണ്ട്!", "exclamation"),
        ("Choose it.", "തെരഞ്ഞെടുക്കുക.", "തിരഞ്ഞെടുക്കുക"),
        ("The password", "പാസ്വേഡ്", "U+200C"),
        ("On the 6th", "൬ ദിവസം", "Malayalam digits"),
        ("Your shortlist", "താങ്കളുടെ ലിസ്റ്റ്", "shortlist* is ചുരുക്കപ്പട്ടിക"),
        ("Save", "സൂക്ഷിക്കുക", "the glossary says സേവ് ചെയ്യുക"),
    ],
)
def test_a_faulty_text_is_found(msgid, text, problem):
    entry = po.Entry(msgid, texts=[text])
    assert any(problem in found for found in checks.of_entry(entry, glossary=True))


@pytest.mark.parametrize(
    "entry",
    [
        po.Entry("Enter the PAN as ABCDE1234F.", texts=["PAN ഈ മാതൃകയിൽ നൽകുക: ABCDE1234F."]),
        po.Entry("%(n)s file || PDF", texts=["%(n)s ഫയൽ, PDF"]),
        po.Entry("One day", "%(n)s days", texts=["ഒരു ദിവസം", "%(n)s ദിവസം"]),
        po.Entry("PDF", texts=["PDF"]),
    ],
)
def test_a_right_text_passes(entry):
    assert list(checks.of_entry(entry, glossary=True)) == []


@pytest.mark.parametrize("entry", [po.Entry("Go", texts=[""]), po.Entry("A", "B", texts=["ഒന്ന്", ""])])
def test_what_is_not_translated_is_found(entry):
    assert list(checks.of_entry(entry, glossary=False)) == ["not translated"]


def test_a_guess_is_found():
    assert list(checks.of_entry(po.Entry("Go", texts=["പോകുക"], fuzzy=True), glossary=False)) == ["fuzzy"]


def test_texts_missing_from_the_catalogue_and_left_in_it_are_found():
    there, wanted = {("Old", ""): po.Entry("Old")}, {("New", ""): po.Entry("New")}
    assert sorted(checks.against_source(there, wanted)) == [
        "no longer used (run make messages): 'Old'",
        "not collected (run make messages): 'New'",
    ]


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Save your work</p>", ["Save your work"]),
        ('<a title="Go there" href="/x/">{% translate "Go" %}</a>', ["Go there"]),
        ('<p lang="en">Save</p><p class="wide">{{ name }} 12 ₹</p><p>{% translate "Save" %}</p>', []),
        ("<p>{% blocktranslate %}Save {{ it }}{% endblocktranslate %}</p>{# Save #}", []),
        ('<li{% if now %} class="now"{% endif %}>{% comment %}Not yet{% endcomment %}<li>PDF</li>', []),
    ],
)
def test_words_outside_translate_tags_are_found(template, found):
    assert [line.split("tag: ")[1].strip("'") for line in bare.in_template(template, "x.html")] == found


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ('raise Refused("Not now.")', 1),
        ('raise Refused(_("Not now."), "field")', 0),
        ('messages.success(request, f"Sent {name}")', 1),
        ('form.add_error("field", "Wrong")', 1),
        ('forms.CharField(label="Name", help_text=_("Yours"))', 1),
        ('forms.CharField(help_text="UDYAM-KL-00-0000000")', 0),
        ('class Kind(models.TextChoices):\n    A = "a", "First"\n    B = "b", _("Second")', 1),
    ],
)
def test_sentences_outside_gettext_are_found(code, count):
    assert len(list(bare.in_python(code, "x.py"))) == count


def test_malayalam_in_a_source_keeps_to_the_letters_too():
    code = 'NAME = "നിങ്ങളുടെ പേര്", "താങ്കളുടെ പേര്"'
    assert list(bare.malayalam_in(code, "x.py")) == ["x.py:1: നിങ്ങൾ: write താങ്കൾ: 'നിങ്ങളുടെ പേര്'"]


def test_every_word_of_the_glossary_keeps_to_its_own_rules():
    for word in rules.glossary():
        entry = po.Entry(word.english, texts=[word.malayalam])
        assert (word.english, list(rules.of_letters(entry))) == (word.english, [])


# ---- What people read --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", State)
def test_every_state_has_both_its_labels_in_malayalam(malayalam, state):
    assert MALAYALAM.search(str(state.label))
    assert MALAYALAM.search(str(state.applicant_label))


def test_a_page_is_in_malayalam_throughout(reader, db):
    page = text_of(reader.get("/accounts/login/"))
    assert '<html lang="ml">' in page
    without_markup = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert re.findall(r"\b[A-Za-z]{3,}\b", without_markup.replace("English", "")) == []


def test_a_required_field_is_named_in_malayalam(malayalam):
    form = WithdrawForm({})
    assert list(form.errors.values()) == [["ഈ വിവരം നിർബന്ധമാണ്."]]


def test_a_choice_outside_the_list_is_refused_in_malayalam(malayalam, db):
    errors = EnterpriseForm({"district": "99"}).errors["district"]
    assert errors == ["ഇത് തിരഞ്ഞെടുക്കാവുന്നവയിൽ ഇല്ല. പട്ടികയിൽനിന്ന് തിരഞ്ഞെടുക്കുക."]


def test_a_wrong_password_is_refused_in_malayalam(reader, db):
    page = text_of(reader.post("/accounts/login/", {"login": "a@test.example", "password": "no"}))
    assert "ഇമെയിൽ വിലാസവും പാസ്‌വേഡും തമ്മിൽ ഒത്തുപോകുന്നില്ല. രണ്ടും പരിശോധിക്കുക." in page


def test_a_weak_password_is_refused_in_malayalam(reader, db):
    given = {"full_name": "ആശ", "email": "asha@test.example", "language": "ml"}
    page = text_of(reader.post("/accounts/signup/", {**given, "password1": "12345678", "password2": "12345678"}))
    assert "ഈ പാസ്‌വേഡിൽ അക്കങ്ങൾ മാത്രമേയുള്ളൂ. അക്ഷരങ്ങളും ചേർക്കുക." in page


def test_a_short_password_is_refused_in_the_portals_own_english():
    with pytest.raises(ValidationError) as refused:
        MinimumLengthValidator(8).validate("short")
    assert refused.value.messages == ["The password is too short. Use at least 8 characters."]


def test_the_mail_with_the_code_is_in_malayalam(reader, db):
    given = {"full_name": "ആശ", "email": "asha@test.example", "language": "ml"}
    reader.post("/accounts/signup/", {**given, "password1": "quiet-monsoon-9", "password2": "quiet-monsoon-9"})
    mail = Message.objects.get()
    assert mail.title == "ഇമെയിൽ വിലാസം സ്ഥിരീകരിക്കാനുള്ള കോഡ്"
    assert "താങ്കളുടെ കോഡ്:" in mail.body
    assert re.findall(r"\b[a-z]{3,}\b", mail.body) == []


def test_one_and_many_differ_in_malayalam(malayalam):
    texts = [ngettext("%(count)s district", "%(count)s districts", count) % {"count": count} for count in (1, 2)]
    assert texts == ["1 ജില്ല", "2 ജില്ലകൾ"]


def test_dates_are_written_in_malayalam(malayalam):
    day = date(2026, 5, 18)
    assert date_format(day, "j F Y, l") == "18 മേയ് 2026, തിങ്കൾ"
    assert date_format(day) == "18-05-2026"
    assert timesince(datetime(2026, 5, 1), datetime(2026, 5, 4)) == "3\xa0ദിവസം"


def test_the_administrations_scripts_speak_malayalam(malayalam):
    texts = ScriptTexts.as_view()(RequestFactory().get("/admin/jsi18n/")).content.decode()
    assert '"Choose a Date": "\\u0d24\\u0d40\\u0d2f' in texts
    assert '"Now": "\\u0d07\\u0d2a\\u0d4d\\u0d2a\\u0d4b\\u0d7e"' in texts  # an atomic chillu, as in all of ours


def test_the_libraries_own_malayalam_does_not_come_through(malayalam):
    theirs = "ഈ കള്ളി നിര്‍ബന്ധമാണ്."  # as Django ships it, with an old chillu
    assert gettext("This field is required.") == "ഈ വിവരം നിർബന്ധമാണ്."
    assert theirs != gettext("This field is required.")
