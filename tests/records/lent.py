"""Valid PDFs that need more of the program than a plain page: fonts they do not bring along, pictures in JPEG 2000."""

import io

from PIL import Image

from tests.records.hostile import drawn, stream

# The collection, its map of codes, a font as ReportLab names it, a line of a quotation.
SCRIPTS = {
    "simplified Chinese": ("GB1", "UniGB-UCS2-H", "STSong-Light", "数控车床 报价 12,500"),
    "traditional Chinese": ("CNS1", "UniCNS-UCS2-H", "MSung-Light", "數控車床 報價 12,500"),
    "Japanese": ("Japan1", "UniJIS-UCS2-H", "HeiseiMin-W3", "旋盤 見積書 12,500"),
    "Korean": ("Korea1", "UniKS-UCS2-H", "HYSMyeongJo-Medium", "선반 견적서 12,500"),
}


def line_of(script: str) -> bytes:
    """A page with one line of text, 40 points high, in a font that is named only."""
    ordering, codes, name, text = SCRIPTS[script]
    font = f"<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /{codes} /DescendantFonts [6 0 R] >>"
    system = f"/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> /DW 1000"
    below = f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{name} {system} /FontDescriptor 7 0 R >>"
    facts = "/Flags 6 /FontBBox [0 -254 1000 880] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93"
    content = f"BT /F 40 Tf 50 700 Td <{text.encode('utf-16-be').hex()}> Tj ET".encode()
    bare = f"<< /Type /FontDescriptor /FontName /{name} {facts} >>"
    return drawn(stream(content), font, below, bare, things="/Font << /F 5 0 R >>")


def scan(size: tuple[int, int], mode: str = "RGB", *, cut: bool = False) -> bytes:
    """A scanned sheet as a scanner's JPEG 2000 in a PDF: grey above, dark below. `cut`: its beginning is gone."""
    picture = Image.new(mode, size, 200 if mode == "L" else (200, 200, 200))
    picture.paste(40 if mode == "L" else (40, 40, 40), (0, size[1] // 2, *size))
    out = io.BytesIO()
    picture.save(out, "JPEG2000", quality_mode="rates", quality_layers=[25], irreversible=True)
    content = out.getvalue()[400 if cut else 0 :]
    colours = "/DeviceGray" if mode == "L" else "/DeviceRGB"
    facts = (
        f"/Type /XObject /Subtype /Image /Width {size[0]} /Height {size[1]} /BitsPerComponent 8 /ColorSpace {colours}"
    )
    image = f"<< /Length {len(content)} /Filter /JPXDecode {facts} >>\nstream\n".encode() + content + b"\nendstream"
    page = stream(b"q 595 0 0 842 0 0 cm /I Do Q")
    return drawn(page, image, things="/XObject << /I 5 0 R >>")
