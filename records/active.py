"""What in a PDF could act when it is opened: a walk over everything its catalogue leads to.

Looked for are actions and the things that carry them, by their kind and by the keys only they have. A name somebody gave
is no action: a font may be called /JS, a place to jump to /Launch. Nothing is taken for what was removed: a tree of
attachments without a file, a form without its other kind.
"""

from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, NullObject

KEYS = ("/JS", "/EF", "/XFA", "/RichMediaContent", "/RichMediaSettings")  # on these a viewer runs, fetches or unpacks
KINDS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/Sound",
    "/FileAttachment",
    "/Screen",
    "/RichMedia",
}
# Below these the keys are names somebody gave: fonts, pictures, places to jump to, the looks of a box that is ticked.
NAMED = {
    "/Font",
    "/XObject",
    "/ExtGState",
    "/ColorSpace",
    "/Pattern",
    "/Shading",
    "/Properties",
    "/CharProcs",
    "/Dests",
    "/N",
    "/R",
    "/D",
}
# The tree of tags of an accessible PDF, and the ways into it from bookmarks and jumps: it can be huge, and nothing in it acts.
TAGS = {"/StructTreeRoot", "/SE", "/SD"}
PARTS = 200_000  # dictionaries and lists that are looked at; a scan of 200 pages has a few thousand


def is_active(reader: PdfReader) -> bool:
    """Whether something in the file could act. Raises ValueError past PARTS, and whatever a hostile file leads pypdf into."""
    waiting: list[tuple[str, Any]] = [("", reader.root_object)]
    seen: set[tuple[int, int, bool]] = set()
    looked_at = 0
    while waiting:
        key, item = waiting.pop()
        if isinstance(item, IndirectObject):
            place = (item.idnum, item.generation, key in NAMED)
            if place in seen:
                continue
            seen.add(place)
            item = item.get_object()
        if not isinstance(item, DictionaryObject | list):
            continue
        looked_at += 1
        if looked_at > PARTS:
            raise ValueError("more parts than a paper has")
        if isinstance(item, DictionaryObject) and _acts(item, named=key in NAMED):
            return True
        waiting += _below(item, key)
    return False


def _acts(item: DictionaryObject, *, named: bool) -> bool:
    """Whether a part is an action or carries one. The name of its kind may itself stand elsewhere in the file."""
    if {str(item[key]) for key in ("/S", "/Subtype") if key in item} & KINDS:
        return True
    return not named and any(_holds(item, key) for key in KEYS)


def _holds(item: DictionaryObject, key: str) -> bool:
    """Whether something stands under a key: null, an empty list and an empty dictionary are nothing."""
    found = item.get(key)
    found = found.get_object() if found is not None else None
    empty = isinstance(found, NullObject) or (isinstance(found, DictionaryObject | list) and not found)
    return found is not None and not empty


def _below(item: "DictionaryObject | list[Any]", key: str) -> list[tuple[str, Any]]:
    """The parts of a part that may have parts of their own, as written: references are not yet followed."""
    if isinstance(item, DictionaryObject):
        found = [(name, item.raw_get(name)) for name in item if name not in TAGS]
    else:
        found = [(key, one) for one in list.__iter__(item)]
    return [(name, one) for name, one in found if isinstance(one, IndirectObject | DictionaryObject | list)]
