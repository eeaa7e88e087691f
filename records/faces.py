"""Whether this machine can draw Chinese, Japanese and Korean that brings no font along: quotations for machinery do so.

With the character maps and without a face pdftoppm leaves every such line out, says nothing and ends well. Or each
sign is the same empty box. So a page is drawn here of two signs in each script, which must leave ink and must not look
alike; where they do not, pages with such fonts are not taken as whole.
"""

import re
import tempfile
from pathlib import Path

from PIL import ImageStat

from records import drawing

APT = "apt-get install poppler-data fonts-wqy-microhei"
WORDS = {  # of each collection of signs: the map of its codes, and two of its signs
    "GB1": ("UniGB-UCS2-H", "价车"),
    "CNS1": ("UniCNS-UCS2-H", "價車"),
    "Japan1": ("UniJIS-UCS2-H", "積書"),
    "Korea1": ("UniKS-UCS2-H", "견적"),
}
# A line of pdffonts: kind, encoding, and "no" where the font is not in the file.
LENT = re.compile(r"\bCID (?:Type 0C?|TrueType)(?: \(OT\))? +\S+ +no ")
SIDE = 100  # points each sign stands on
_found: list[bool] = []  # once they are there they stay


def are_here() -> bool:
    """Whether signs of each of the four scripts are drawn as themselves."""
    if not _found and _drawn():
        _found.append(True)
    return bool(_found)


def _drawn() -> bool:
    with tempfile.TemporaryDirectory(prefix="faces-") as folder:
        sheet = Path(folder, "sheet.pdf")
        sheet.write_bytes(probe())
        try:
            picture = drawing.draw(sheet, 1).convert("L")
        except drawing.NotDrawn:
            return False
    wide = picture.width // (2 * len(WORDS))
    parts = [picture.crop((place * wide, 0, (place + 1) * wide, picture.height)) for place in range(2 * len(WORDS))]
    inked = all(ImageStat.Stat(part).extrema[0][0] < 100 for part in parts)
    return inked and all(one.tobytes() != other.tobytes() for one, other in zip(parts[::2], parts[1::2], strict=True))


def needed(source: Path, number: int) -> bool:
    """Whether a page names a font of such a script that the file does not bring along. Raises drawing.NotDrawn."""
    with tempfile.TemporaryDirectory(prefix="faces-") as folder:
        said = drawing.run("pdffonts", "-f", str(number), "-l", str(number), source, folder=Path(folder))
    return bool(LENT.search(said))


def probe() -> bytes:
    """A page of eight signs beside each other, in fonts that are named only."""
    fonts = " ".join(f"/F{place} {place + 5} 0 R" for place in range(len(WORDS)))
    size = f"0 0 {2 * SIDE * len(WORDS)} {SIDE}"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [{size}] /Contents 4 0 R /Resources << /Font << {fonts} >> >> >>",
        _shown(),
        *(_font(f"Some{ordering}", ordering, codes) for ordering, (codes, _word) in WORDS.items()),
    ]
    out = b"%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n".encode("ascii")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}{end}".encode("ascii")


def _shown() -> str:
    lines = []
    for place, (_codes, signs) in enumerate(WORDS.values()):
        for half, sign in enumerate(signs):
            left = (2 * place + half) * SIDE + 20
            lines.append(f"BT /F{place} 60 Tf {left} 25 Td <{sign.encode('utf-16-be').hex()}> Tj ET")
    content = "\n".join(lines)
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def _font(name: str, ordering: str, codes: str) -> str:
    system = f"/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >>"
    facts = "/Flags 6 /FontBBox [0 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
    bare = f"<< /Type /FontDescriptor /FontName /{name} {facts} >>"
    below = f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{name} {system} /DW 1000 /FontDescriptor {bare} >>"
    return f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /{codes} /DescendantFonts [{below}] >>"
