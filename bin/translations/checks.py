"""All that bin/check-translations finds, as sentences."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from translations import po, rules
from translations.bare import bare_texts
from translations.catalogues import CATALOGUES, ENGLISH, OWN
from translations.libraries import library_messages
from translations.po import Catalogue, Entry
from translations.sources import ROOT


def against_source(catalogue: Catalogue, wanted: Catalogue) -> Iterator[str]:
    """Messages of the source that the catalogue lacks, and messages nobody uses any more."""
    for key in wanted.keys() - catalogue.keys():
        yield f"not collected (run make messages): {key[0]!r}"
    for key in catalogue.keys() - wanted.keys():
        yield f"no longer used (run make messages): {key[0]!r}"
    for key in wanted.keys() & catalogue.keys():
        if wanted[key].plural != catalogue[key].plural:
            yield f"its plural has changed (run make messages): {key[0]!r}"


def of_entry(entry: Entry, glossary: bool) -> Iterator[str]:
    """What is wrong with one message."""
    if entry.fuzzy or not entry.translated:
        yield "fuzzy" if entry.fuzzy else "not translated"
        return
    yield from rules.of_form(entry)
    yield from rules.of_letters(entry)
    if glossary:
        yield from rules.of_glossary(entry)


def of_catalogue(path: Path, wanted: Catalogue) -> Iterator[str]:
    catalogue = po.read(path)
    yield from against_source(catalogue, wanted)
    for entry in catalogue.values():
        yield from (f"{entry.msgid!r}: {problem}" for problem in of_entry(entry, glossary=path == OWN))


def of_english() -> Iterator[str]:
    """Library sentences said in the portal's own English: still met, written out, with no placeholder that is not there."""
    wanted, name = library_messages(), ENGLISH.relative_to(ROOT).as_posix()
    for key, entry in po.read(ENGLISH).items():
        if key not in wanted or wanted[key].plural != entry.plural:
            yield f"{name}: {entry.msgid!r}: no library says this"
        elif not entry.translated:
            yield f"{name}: {entry.msgid!r}: not written"
        elif any(Counter(rules.PLACEHOLDER.findall(text)) - rules.placeholders_of(entry, 1)[0] for text in entry.texts):
            yield f"{name}: {entry.msgid!r}: a placeholder the library does not fill"


def problems() -> Iterator[str]:
    """Everything that is wrong with the translations. Raises ValueError, SyntaxError where a source cannot be read."""
    for path, _title, messages in CATALOGUES:
        name = path.relative_to(ROOT).as_posix()
        yield from sorted(f"{name}: {problem}" for problem in of_catalogue(path, messages()))
    yield from of_english()
    yield from bare_texts()
