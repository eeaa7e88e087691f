"""A PDF whose large JPEG 2000 pictures on one page are smaller: `python -m records.lighter SOURCE NUMBER TARGET`.

pdftoppm decodes such a picture whole, at 13 bytes a pixel: a scan of A4 at 340 dots an inch takes more than a page may
cost. The format can be decoded at a half or a quarter of its size for a fraction of that, which is still more than the
page is drawn at. A process of its own, started by `records.drawing` with its bounds. No Django. Where nothing can be made
smaller it ends with 1 and writes nothing.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, NameObject, NumberObject, PdfObject, StreamObject

ENOUGH = 5_000_000  # pixels of a picture as it is decoded: A4 at 210 dots an inch
PARTS = 1000  # pictures and drawings of one page that are looked at
JPX = ("/JPXDecode", ["/JPXDecode"])
SPACES = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}


def make(source: Path, number: int, target: Path) -> bool:
    """Write the PDF with smaller pictures on a page behind each other; False where there is none."""
    reader = PdfReader(source)
    if reader.is_encrypted:  # what is added would have to be locked the same way
        return False
    found = [(ref, smaller(picture)) for ref, picture in _pictures(reader.pages[number - 1])]
    added = {ref: picture for ref, picture in found if picture is not None}
    before = re.search(rb"startxref\s+(\d+)\s+%%EOF\s*$", source.read_bytes()[-1024:])
    if not added or before is None:
        return False
    target.write_bytes(_with(source.read_bytes(), added, reader, int(before[1])))
    return True


def _pictures(page: DictionaryObject) -> Iterator[tuple[IndirectObject, StreamObject]]:
    """The pictures a page names, also those in the drawings it names."""
    waiting: list[DictionaryObject] = [page]
    seen: set[int] = set()
    while waiting and len(seen) < PARTS:
        things = waiting.pop().get("/Resources", DictionaryObject()).get_object().get("/XObject", DictionaryObject())
        things = things.get_object()
        for name in things:
            ref = things.raw_get(name)
            if not isinstance(ref, IndirectObject) or ref.idnum in seen:
                continue
            seen.add(ref.idnum)
            thing = ref.get_object()
            if not isinstance(thing, StreamObject):
                continue
            if thing.get("/Subtype") == "/Form":
                waiting.append(thing)
            elif thing.get("/Subtype") == "/Image":
                yield ref, thing


def smaller(picture: StreamObject) -> StreamObject | None:
    """The same picture decoded smaller, as JPEG; None where it is small, of another kind, or its colours are not plain."""
    if picture.get("/Filter") not in JPX or "/Decode" in picture or picture.get("/SMaskInData", 0):
        return None
    space = picture.get("/ColorSpace", "")
    if (isinstance(space, list) and space[0] != "/ICCBased") or isinstance(picture.get("/Mask"), list):
        return None
    with Image.open(io.BytesIO(picture._data), formats=["JPEG2000"]) as whole:
        if whole.mode not in SPACES or whole.width * whole.height <= ENOUGH:
            return None
        halved = 1
        while (whole.width >> halved) * (whole.height >> halved) > ENOUGH:
            halved += 1
        whole.reduce = halved  # type: ignore[method-assign, assignment]  # of this format it can be set, says Pillow
        whole.load()
        out = io.BytesIO()
        whole.save(out, "JPEG", quality=90)
        made = StreamObject()
        made.update(
            {NameObject(key): picture.raw_get(key) for key in picture if key not in {"/DecodeParms", "/Length"}}
        )
        facts: dict[str, PdfObject] = {"/Width": NumberObject(whole.width), "/Height": NumberObject(whole.height)}
        facts |= {"/BitsPerComponent": NumberObject(8), "/Filter": NameObject("/DCTDecode")}
        made.update({NameObject(key): value for key, value in facts.items()})
        made.setdefault(NameObject("/ColorSpace"), NameObject(SPACES[whole.mode]))
        made._data = out.getvalue()
        return made


def _with(content: bytes, added: dict[IndirectObject, StreamObject], reader: PdfReader, before: int) -> bytes:
    """The file with newer versions of some of its objects at its end, as the format foresees it."""
    out = io.BytesIO()
    out.write(content + b"\n")
    table = "xref\n"
    for ref, picture in added.items():
        table += f"{ref.idnum} 1\n{out.tell():010} {ref.generation:05} n \n"
        out.write(f"{ref.idnum} {ref.generation} obj\n".encode())
        picture.write_to_stream(out)
        out.write(b"\nendobj\n")
    start, root = out.tell(), reader.trailer.raw_get("/Root")
    end = f"trailer\n<< /Size {reader.trailer['/Size']} /Root {root.idnum} {root.generation} R /Prev {before} >>\n"
    out.write(f"{table}{end}startxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(0 if make(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])) else 1)
