"""Catalogues (.po files): read with the parser of bin/compile-messages, written sorted and without dates, names or lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

BIN = Path(__file__).resolve().parent.parent
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: mission1000\\n"
"Language: ml\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass
class Entry:
    """One message: its English, and its Malayalam texts (two where it has a plural; empty while untranslated)."""

    msgid: str
    plural: str | None = None
    context: str | None = None
    texts: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return (self.msgid, self.context or "")

    @property
    def size(self) -> int:
        """How many texts the message needs."""
        return 1 if self.plural is None else 2

    @property
    def translated(self) -> bool:
        return len(self.texts) == self.size and all(self.texts) and not self.fuzzy


Catalogue = dict[tuple[str, str], Entry]


@cache
def compiler():
    """The module bin/compile-messages, which has no extension."""
    loader = SourceFileLoader("compile_messages", str(BIN / "compile-messages"))
    spec = spec_from_loader("compile_messages", loader)
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def read(path: Path) -> Catalogue:
    """The messages of a .po without its header. A missing file is an empty catalogue.

    Raises ValueError for a line that is no .po, and for a message that stands twice.
    """
    found: Catalogue = {}
    if not path.exists():
        return found
    for context, msgid, plural, texts, fuzzy in compiler().entries(path.read_text(encoding="utf-8").splitlines()):
        if not msgid:
            continue
        entry = Entry(msgid, plural, context, [texts[index] for index in sorted(texts)], fuzzy)
        if entry.key in found:
            raise ValueError(f"stands twice: {msgid!r}")
        found[entry.key] = entry
    return found


def quoted(text: str) -> str:
    """A text as a .po writes it: one line, or one for each line of the text."""
    escaped = [
        '"' + line.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\n", "\\n") + '"'
        for line in text.splitlines(keepends=True)
    ]
    return "\n".join(['""', *escaped]) if len(escaped) > 1 else "".join(escaped) or '""'


def block(entry: Entry) -> str:
    """One message as it stands in the file."""
    lines = ["#, python-format"] if "%(" in entry.msgid + (entry.plural or "") else []
    if entry.context is not None:
        lines.append(f"msgctxt {quoted(entry.context)}")
    lines.append(f"msgid {quoted(entry.msgid)}")
    if entry.plural is None:
        lines.append(f"msgstr {quoted(entry.texts[0] if entry.texts else '')}")
        return "\n".join(lines)
    lines.append(f"msgid_plural {quoted(entry.plural)}")
    texts = [*entry.texts, "", ""][:2]
    return "\n".join([*lines, *(f"msgstr[{index}] {quoted(text)}" for index, text in enumerate(texts))])


def written(entries: Iterable[Entry], title: str) -> str:
    """The whole file, sorted by the English."""
    ordered = sorted(entries, key=lambda entry: (entry.msgid.casefold(), *entry.key))
    return "\n".join([f"# {title}", HEADER, "\n\n".join(map(block, ordered))]) + "\n"


def merged(wanted: Catalogue, known: Catalogue) -> Catalogue:
    """The wanted messages with the texts already there. Nothing is guessed from a similar message."""
    result: Catalogue = {}
    for key, entry in wanted.items():
        old = known.get(key)
        fits = old is not None and len(old.texts) == entry.size and not old.fuzzy
        result[key] = Entry(entry.msgid, entry.plural, entry.context, old.texts if fits else [])
    return result
