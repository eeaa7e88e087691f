"""Files as people, and people with bad intent, send them. Made here, byte by byte where a library would be too polite."""

import io
import zlib
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pypdf import PdfWriter


def upload(content: bytes, name: str = "scan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def raw_pdf(*objects: str | bytes, root: str = "", page: str = "/MediaBox [0 0 200 200]") -> bytes:
    """A PDF of one page. `objects` begin at number 4; `root` is added to the catalogue."""
    parts: list[str | bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {root} >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {page} >>",
        *objects,
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.7\n")
    for number, part in enumerate(parts, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + (part if isinstance(part, bytes) else part.encode()) + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    out.write(f"trailer << /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()


def pdf(pages: int = 1, change: Callable[[PdfWriter], object] = lambda _writer: None) -> bytes:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stream(content: bytes, extra: str = "") -> bytes:
    """A compressed stream object."""
    packed = zlib.compress(content, 9)
    return f"<< /Length {len(packed)} /Filter /FlateDecode {extra} >>\nstream\n".encode() + packed + b"\nendstream"


def deep_bookmarks(depth: int) -> bytes:
    """A program in the last of a long row of bookmarks."""
    last = "<< /Title (x) /A << /S /JavaScript /JS (app.alert(1)) >> >>"
    row = [f"<< /Title (x) /Next {number + 1} 0 R >>" for number in range(5, 5 + depth)]
    return raw_pdf("<< /First 5 0 R >>", *row, last, root="/Outlines 4 0 R")


def behind_a_crowd(count: int) -> bytes:
    """A program behind more harmless objects than a lazy check would look at."""
    names = " ".join(f"{number} 0 R" for number in range(6, 6 + count))
    crowd = ["<< /Nothing true >>"] * count
    return raw_pdf(f"[ 5 0 R {names} ]", "<< /S /JavaScript /JS (1) >>", *crowd, root="/Names 4 0 R")


ACTIVE = {
    "a script in the catalogue": raw_pdf(root="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "a script by name": raw_pdf(root="/Names << /JavaScript << /Names [ (a) << /S /JavaScript >> ] >> >>"),
    "a script with its name written in code": raw_pdf(root="/OpenAction << /S /J#61vaScript /J#53 (1) >>"),
    "a program to start": raw_pdf(root="/OpenAction << /S /Launch /F (calc.exe) >>"),
    "an action whose name is elsewhere": raw_pdf("/Launch", root="/OpenAction << /S 4 0 R /F (calc.exe) >>"),
    "another file": pdf(change=lambda writer: writer.add_attachment("a.exe", b"MZ")),
    "another file pinned to a page": raw_pdf(
        "<< /Type /Annot /Subtype /FileAttachment /FS << /EF << /F 5 0 R >> >> >>", stream(b"MZ"), root="/X [ 4 0 R ]"
    ),
    "a form of another kind": raw_pdf(stream(b"<xdp/>"), root="/AcroForm << /XFA 4 0 R >>"),
    "a form that sends itself": raw_pdf(root="/AcroForm << /Fields [ << /A << /S /SubmitForm /F (u) >> >> ] >>"),
    "a script in the parent of a field": raw_pdf(
        "<< /Parent 5 0 R >>", "<< /AA << /K << /JS (1) >> >> >>", root="/X 4 0 R"
    ),
    "a film": raw_pdf(root="/X << /Subtype /RichMedia >>"),
    "a script in the fiftieth bookmark": deep_bookmarks(50),
    "a script behind a crowd": behind_a_crowd(20_500),
}


def encrypted() -> bytes:
    return pdf(change=lambda writer: writer.encrypt("secret", algorithm="AES-256"))


def endless_pages() -> bytes:
    """A page tree that leads to itself again and again: 10 to the power of 9 pages in a thousand bytes."""
    kids = [f"<< /Type /Pages /Count 9 /Kids [{' '.join([f'{number + 1} 0 R'] * 10)}] >>" for number in range(4, 13)]
    last = "<< /Type /Page /MediaBox [0 0 9 9] >>"
    return raw_pdf(*kids, last).replace(b"/Kids [3 0 R] /Count 1", b"/Kids [4 0 R] /Count 1")


DAMAGED = {
    "cut off": pdf()[:300],
    "only a head": b"%PDF-1.7\n",
    "a page before its head": b"<html><script>1</script></html>" + pdf(),
    "no pages": raw_pdf().replace(b"/Kids [3 0 R]", b"/Kids [     ]"),
    "no tree of pages": raw_pdf().replace(b"/Pages 2 0 R", b"/Sheet 2 0 R"),
    "a tree without an end": endless_pages(),
    "a tree that is its own parent": raw_pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"),
    "deeply nested": raw_pdf(root="/X " + "[" * 5000 + "]" * 5000),
}


def flate_bomb() -> bytes:
    """200 MB of nothing in the content of a page, and the objects themselves in such a stream."""
    content = stream(b"0" * 200_000_000)
    return raw_pdf(
        content, stream(b"4 0 " + b" " * 150_000_000, "/Type /ObjStm /N 1 /First 4"), root="/X [4 0 R 5 0 R]"
    )


def drawn(*objects: str | bytes, things: str = "", box: str = "0 0 595 842") -> bytes:
    """A PDF whose one page draws its content, object 4. `things`: what the content may name, as /XObject << … >>."""
    page = f"/MediaBox [{box}] /Contents 4 0 R /Resources << {things} >>"
    return raw_pdf(*objects, page=page)


def sheets(depth: int) -> bytes:
    """Transparent sheets in each other: each is a picture of the whole page while it is drawn."""
    kind = "/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Group << /S /Transparency /I true /K true >>"
    inner = [stream(b"/X Do", f"{kind} /Resources << /XObject << /X {n} 0 R >> >>") for n in range(6, 6 + depth)]
    return drawn(stream(b"/X Do"), *inner, stream(b"0 0 m 500 500 l S", kind), things="/XObject << /X 5 0 R >>")


def picture_bomb() -> bytes:
    """A page with a picture of 1,600 megapixels in five megabytes: too much for any machine, the quick ones too."""
    size = "/Width 20000 /Height 80000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    packer = zlib.compressobj(9)
    first, again = (packer.compress(bytes(60_000_000)) + packer.flush(zlib.Z_FULL_FLUSH) for _turn in range(2))
    packed = first + again * 79 + packer.flush()
    facts = f"<< /Length {len(packed)} /Filter /FlateDecode /Type /XObject /Subtype /Image {size} >>"
    image = f"{facts}\nstream\n".encode() + packed + b"\nendstream"
    return drawn(stream(b"q 595 0 0 842 0 0 cm /I Do Q"), image, things="/XObject << /I 5 0 R >>")


# What costs nothing to read and much to draw.
PAGE_BOMBS: dict[str, Callable[[], bytes]] = {
    "endless lines": lambda: drawn(stream(b"0 0 m " * 50_000_000)),
    "one endless word": lambda: drawn(stream(b"(" + b"0" * 300_000_000 + b") Tj")),
    "sheets upon sheets": lambda: sheets(90),
    "a huge picture": picture_bomb,
}


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, (200, 120, 40) if mode == "RGB" else 1).save(out, kind, **options)
    return out.getvalue()


def photo() -> bytes:
    """A photo as a telephone takes it: lying on its side, with its place, its camera and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter
    exif[0x010F] = "CANARY-CAMERA"
    exif.get_ifd(0x8825).update({1: "N", 2: (10.0, 51.0, 0.5), 3: "E", 4: (76.0, 16.0, 0.2)})
    return picture(exif=exif, comment=b"CANARY-COMMENT", icc_profile=b"CANARY-PROFILE" * 12)


def huge_png(width: int = 100_000, height: int = 100_000) -> bytes:
    """Some bytes that say they are ten thousand megapixels."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"

    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
