"""PDFs as honest programs write them, which a strict gate could take for something else. Made with pypdf and byte by byte."""

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject

from tests.records.hostile import drawn, pdf, raw_pdf, stream

# How a bank, an insurer or an office locks its papers against changes: qpdf's words, by what they are called.
LOCKS = {
    "RC4 of 40 bits": ["40", "--modify=n"],
    "RC4 of 128 bits": ["128", "--use-aes=n", "--modify=none"],
    "AES of 128 bits": ["128", "--use-aes=y", "--modify=none", "--extract=n"],
    "AES of 256 bits": ["256", "--modify=none"],
    "AES of 256 bits, its title readable": ["256", "--modify=none", "--cleartext-metadata"],
}


def locked(how: str, folder: Path, content: bytes, user: str = "") -> bytes:
    """The same PDF with an owner's password, and one to open it where `user` says so."""
    source, target = folder / "plain.pdf", folder / "locked.pdf"
    source.write_bytes(content)
    words = ["qpdf", "--allow-weak-crypto", "--encrypt", user, "owner-x", *LOCKS[how], "--", source, target]
    done = subprocess.run(words, capture_output=True)
    assert done.returncode in {0, 3}, done.stderr  # 3: it had to make a table of places anew
    return target.read_bytes()


def statement(rows: int, pages: int = 50) -> bytes:
    """A statement as a browser prints it: each page's cells are tags, and each bookmark leads into their tree."""
    writer = PdfWriter()
    tags = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")}))
    writer.root_object[NameObject("/StructTreeRoot")] = tags
    kids = ArrayObject()
    for number in range(pages):
        page = writer.add_blank_page(595, 842)
        head = _tag(writer, "/H2", tags, page)
        kids.append(head)
        kids.extend(_tag(writer, "/TD", head, page) for _row in range(rows))
        mark = writer.add_outline_item(title=f"Month {number + 1}", page_number=number)
        mark.get_object()[NameObject("/SE")] = head
    tags.get_object()[NameObject("/K")] = kids
    return _written(writer)


def _tag(writer: PdfWriter, kind: str, parent: object, page: object) -> object:
    facts = {"/Type": NameObject("/StructElem"), "/S": NameObject(kind), "/P": parent, "/Pg": page.indirect_reference}
    return writer._add_object(DictionaryObject({NameObject(key): value for key, value in facts.items()}))


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def attachment_taken_out() -> bytes:
    """A PDF whose attachment was removed again: the tree of attachments stays, empty."""
    writer = PdfWriter(
        clone_from=PdfReader(io.BytesIO(pdf(change=lambda one: one.add_attachment("bill.xml", b"<x/>"))))
    )
    empty = DictionaryObject({NameObject("/Names"): ArrayObject()})
    writer.root_object["/Names"][NameObject("/EmbeddedFiles")] = empty
    return _written(writer)


def _named_fonts() -> bytes:
    fonts = " ".join(f"/{name} 5 0 R" for name in ("JS", "EF", "XFA", "Launch", "SE", "EmbeddedFiles"))
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return drawn(stream(b"BT /JS 24 Tf 50 700 Td (Text) Tj ET"), font, things=f"/Font << {fonts} >>")


ODD: dict[str, Callable[[], bytes]] = {
    "an attachment taken out": attachment_taken_out,
    "a tree of attachments in branches without a leaf": lambda: raw_pdf(
        "<< /Kids [ 5 0 R ] >>", "<< /Names [ ] >>", root="/Names << /EmbeddedFiles 4 0 R >>"
    ),
    "a file named with nothing of it inside": lambda: raw_pdf(
        "<< /Names [ (a) << /Type /Filespec /F (a.xml) /EF << >> >> ] >>", root="/Names << /EmbeddedFiles 4 0 R >>"
    ),
    "scripts taken out": lambda: raw_pdf(root="/Names << /JavaScript << /Names [ ] >> >>"),
    "a form whose other kind was taken out": lambda: raw_pdf(root="/AcroForm << /Fields [ ] /XFA null >>"),
    "fonts named like actions": _named_fonts,
    "places to jump to named like actions": lambda: raw_pdf(root="/Dests << /Launch [3 0 R /Fit] /JS [3 0 R /Fit] >>"),
    "a box whose ticked look is named like an action": lambda: raw_pdf(
        "<< /Type /Annot /Subtype /Widget /FT /Btn /Rect [0 0 9 9] /AS /JS /AP << /N << /JS 5 0 R /EF 5 0 R >> >> >>",
        stream(b"", "/Type /XObject /Subtype /Form /BBox [0 0 9 9]"),
        root="/AcroForm << /Fields [ 4 0 R ] >>",
    ),
    "a title named like an action": lambda: pdf(
        change=lambda one: one.add_outline_item(title="/JavaScript /Launch", page_number=0)
    ),
    "a link to a page of the web": lambda: raw_pdf(
        "<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://portal.example) >> >>",
        root="/X 4 0 R",
    ),
}
# What stands before the first words, by who puts it there.
BEFORE = {
    "a web portal's empty lines": b"\r\n\r\n\n",
    "an editor's mark of order": b"\xef\xbb\xbf",
    "a mark of order of another width": b"\xff\xfe",
    "a mail gateway's zeros": b"\0" * 16,
    "many spaces": b" " * 1000,
}
