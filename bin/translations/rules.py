"""What a Malayalam text must keep to: placeholders, letters, spelling, tone, and the words of locale/glossary.csv."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from translations.po import Entry
from translations.sources import ROOT

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[a-z]|\{\w*\}|</?\w[^>]*>")
MALAYALAM = re.compile(r"[\u0d05-\u0d39\u0d7a-\u0d7f]")
GLUED = re.compile(r"(?:%\(\w+\)[a-z]|\{\w*\})-?[\u0d00-\u0d7f]")
# A Latin word of the text itself: not a placeholder, a tag, an address of the portal or a sample of a number.
LATIN = re.compile(r"[A-Za-z][A-Za-z./-]*[46]?")
REFERENCE = re.compile(r"\b(?:[A-Z0-9]+-)+[A-Z0-9]+\b|\b[A-Z]{4,5}\d{4,7}[A-Z]?\b")

# pattern: why it is wrong
FORBIDDEN = {
    "\u200d": "an old chillu or a joiner (U+200D)",
    "\u0d4c": "the old au sign: write ൗ",
    "[\u0d66-\u0d6f]": "Malayalam digits: write 0-9",
    "\u0d7b\u0d4d": "ൻ + virama: write ന്റ",
    "ൻറ": "ൻറ: write ന്റ",
    "(?<!\u0d4d)\u200c|\u200c(?![\u0d15-\u0d39])": "U+200C stands only between a virama and a consonant",
    "സബ്സിഡ|അപ്ലോഡ|പാസ്വേഡ": "this word is written with U+200C after its virama",
    "നിങ്ങ": "നിങ്ങൾ: write താങ്കൾ",
    r"(?<![\u0d00-\u0d7f])(നീ|നിന്റെ|നിന്നെ)(?![\u0d00-\u0d7f])": "നീ: write താങ്കൾ",
    "താഴ്മ": "താഴ്മയായി is not used",
    "തെരഞ്ഞ": "write തിരഞ്ഞെടുക്കുക",
    "തയാറാ": "write തയ്യാറാക്കുക",
    "ിംഗ്": "write -ിങ്, not -ിംഗ്",
    "ഉല്പാദ|ഉൽപാദ|ഉൽപ്പാദ|ഉത്പ്പാദ|ഉല്പന്ന|ഉൽപന്ന|ഉൽപ്പന്ന": "write ഉത്പാദനം, ഉത്പന്നം",
    "തിയതി|തിയ്യതി|തീയ്യതി": "write തീയതി",
    "ഈ-?മെയി|ഇ-മെയി": "write ഇമെയിൽ",
    "ർ(മ്മ|ണ്ണ|ദ്ദ|ഗ്ഗ|ദ്ധ|ത്ഥ|ജ്ജ|വ്വ|യ്യ|ഷ്ഷ)": "no doubled letter after ർ in a Sanskrit word",
    "ഉദ്യോഗസ്ഥ[നർ]|അപേക്ഷക[ൻന](?!്?ർ)|അധ്യക്ഷൻ|ചെയർമാ": "a form without gender: ഓഫീസർ, അപേക്ഷകർ, ചെയർപേഴ്സൺ",
    "എം\\.എസ്\\.എം\\.ഇ": "no dots in short forms",
    "ബാങ്കിംഗ്|ഹാൻഡ്ഹോൾഡിങ": "write ബാങ്കിങ്, ഹാൻഡ് ഹോൾഡിങ്",
    r"(?<![?:.])!": "no exclamation marks",
}
WITH_JOINER = ("സബ്\u200cസിഡ", "അപ്\u200cലോഡ", "പാസ്\u200cവേഡ")


@dataclass(frozen=True)
class Word:
    """A row of the glossary: its English, its Malayalam, and its rule: "exact", stems parted by |, or none."""

    section: str
    english: str
    malayalam: str
    rule: str


@cache
def glossary() -> tuple[Word, ...]:
    with (ROOT / "locale" / "glossary.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Word(**row) for row in csv.DictReader(file))


@cache
def checked_words() -> tuple[tuple[re.Pattern[str], Word], ...]:
    """The words whose stem a translation must hold. Words in capitals are looked for as written, others in any case."""
    found = []
    for word in glossary():
        if word.rule and word.rule != "exact" and word.section != "exception":
            forms = "|".join(re.escape(form).replace(r"\*", r"\w*") for form in word.english.split(" / "))
            flags = 0 if any(letter.isupper() for letter in word.english) else re.IGNORECASE
            found.append((re.compile(rf"(?<![\w-])(?:{forms})(?![\w-])", flags), word))
    return tuple(found)


@cache
def exact_words() -> dict[str, set[str]]:
    """Whole messages that have one form, or two where the glossary gives two."""
    found: dict[str, set[str]] = {}
    for word in glossary():
        if word.rule == "exact":
            found.setdefault(word.english.casefold(), set()).add(word.malayalam)
    return found


@cache
def kept() -> set[str]:
    """Words written in Latin letters in a Malayalam text as well: short names, names of formats and programs."""
    return {word.english for word in glossary() if word.section == "kept"}


@cache
def exceptions() -> set[tuple[str, str]]:
    """Messages in which an English word means something else: (English message, the word's English, or "exact")."""
    return {(word.english, word.rule) for word in glossary() if word.section == "exception"}


def plain(text: str) -> str:
    """A text without its placeholders, tags and samples of numbers."""
    return REFERENCE.sub(" ", PLACEHOLDER.sub(" ", text))


def placeholders_of(entry: Entry, index: int) -> list[Counter[str]]:
    """What the text with this index may hold: the singular may leave out or keep what only the plural has."""
    allowed = [entry.msgid] if entry.plural is None else [entry.plural, *([entry.msgid] if index == 0 else [])]
    return [Counter(PLACEHOLDER.findall(text)) for text in allowed]


def edges(text: str) -> tuple[str, str]:
    """The spaces and newlines a text begins and ends with."""
    return (text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :])


def of_form(entry: Entry) -> Iterator[str]:
    """Placeholders, edges, and that the text is Malayalam at all."""
    for index, text in enumerate(entry.texts):
        source = entry.plural if index and entry.plural is not None else entry.msgid
        if Counter(PLACEHOLDER.findall(text)) not in placeholders_of(entry, index):
            yield f"placeholders differ: {text!r}"
        if edges(text) != edges(source):
            yield f"begins or ends with other spaces or newlines: {text!r}"
        if glued := GLUED.search(text):
            yield f"an ending is glued to a placeholder: {glued[0]!r}"
        words = [word.strip("./-") for word in LATIN.findall(plain(text).replace("_", " "))]
        if left := [word for word in words if word and word not in kept()]:
            yield f"left in Latin letters: {', '.join(left)}"
        english = [word for word in LATIN.findall(plain(source).replace("_", " ")) if word.strip("./-") not in kept()]
        if english and any(len(word) > 1 for word in english) and not MALAYALAM.search(text):
            yield f"not translated: {text!r}"


def letters(text: str) -> Iterator[str]:
    """What is wrong with the spelling and the tone of a Malayalam text."""
    if unicodedata.normalize("NFC", text) != text:
        yield f"not in the normal form NFC: {text!r}"
    for pattern, why in FORBIDDEN.items():
        if re.search(pattern, text):
            yield f"{why}: {text!r}"
    if "\u200c" in text and text.count("\u200c") != sum(text.count(word) for word in WITH_JOINER):
        yield f"U+200C outside സബ്‌സിഡി, അപ്‌ലോഡ്, പാസ്‌വേഡ്: {text!r}"
    if text.count("ദയവായി") > 1:
        yield f"ദയവായി more than once: {text!r}"


def of_letters(entry: Entry) -> Iterator[str]:
    """Spelling and tone of a message."""
    for text in entry.texts:
        yield from letters(text)


def of_glossary(entry: Entry) -> Iterator[str]:
    """The words of the glossary, in the portal's own messages."""
    exact = exact_words().get(entry.msgid.casefold())
    if exact and entry.plural is None and entry.context is None and (entry.msgid, "exact") not in exceptions():
        if entry.texts[0] not in exact:
            yield f"the glossary says {' or '.join(sorted(exact))}: {entry.texts[0]!r}"
        return
    for pattern, word in checked_words():
        source = plain(" ".join(filter(None, (entry.msgid, entry.plural))))
        if not pattern.search(source) or (entry.msgid, word.english) in exceptions():
            continue
        for text in entry.texts:
            if not any(stem in text for stem in word.rule.split("|")):
                yield f"{word.english} is {word.malayalam} in the glossary: {text!r}"
