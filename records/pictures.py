"""Pictures people send, drawn anew: as they look, upright, without place, camera or anything else that came with them."""

import io
import logging
from contextlib import suppress

from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

from records.verdicts import Refused

PIXELS = 40_000_000
PIXELS_AT_ONCE = 16_000_000  # held in memory at four bytes each: above this only what is decoded smaller, or flat
FLAT = {"1", "L"}  # one byte a pixel: A4 at 600 dots an inch comes in
PROFILE = 4 * 1024 * 1024  # bytes; those of printers and cameras are below three
COLOURS = {"RGB": "RGB ", "CMYK": "CMYK"}  # what a profile calls the pixels of a mode
SCALE_16 = 1 / 257  # 65,535 becomes 255: Pillow's own conversion cuts at 255 and leaves a white sheet
Image.MAX_IMAGE_PIXELS = PIXELS
log = logging.getLogger(__name__)


def clean(content: bytes, kind: str) -> bytes:
    """The picture drawn anew, in its own format. `kind`: image/jpeg or image/png. Raises Refused."""
    name = "JPEG" if kind == "image/jpeg" else "PNG"
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=[name]) as picture:
            _bound(picture, name)
            with suppress(Exception):  # many a telephone writes this wrong; then the picture stays as it lies
                ImageOps.exif_transpose(picture, in_place=True)
            plain = _rgb(picture) if name == "JPEG" else _plain(picture)
            plain.info.clear()  # profile, comments, place: what is in here would be written again
            plain.save(out, name, **({"quality": 88} if name == "JPEG" else {}))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(PIXELS) from error
    except Refused:
        raise
    except Exception as error:  # as with PDFs: whatever a hostile file leads the reader into means the same
        log.info("picture_refused error=%s", type(error).__name__)
        raise Refused(_("This picture cannot be read. Save it anew and send it again."), "file") from error
    return out.getvalue()


def _too_large(most: int) -> Refused:
    sentence = _("This picture is too large. Send one of at most %(limit)s megapixels.")
    return Refused(sentence % {"limit": most // 1_000_000}, "file")


def _bound(picture: Image.Image, name: str) -> None:
    """Refuse what would take too much memory; a large JPEG is decoded at half its size. Raises Refused."""
    pixels = picture.width * picture.height
    in_parts = not picture.info.get("progressive") if name == "JPEG" else picture.mode in FLAT
    most = PIXELS if in_parts else PIXELS_AT_ONCE
    if pixels > most:
        raise _too_large(most)
    if name == "JPEG" and pixels > PIXELS_AT_ONCE:
        picture.draft(None, (picture.width // 2, picture.height // 2))


def _plain(picture: Image.Image) -> Image.Image:
    """A PNG in one of three modes: shades of grey, colours, colours with what is transparent."""
    if picture.mode.startswith("I"):
        picture = _eight_bits(picture)
    if picture.mode in {"RGBA", "LA", "PA", "P"} or "transparency" in picture.info:
        return picture if picture.mode == "RGBA" else picture.convert("RGBA")
    if picture.mode in FLAT:
        return picture.convert("L")
    return _rgb(picture)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """65,536 shades of grey as 256. What is transparent stays so, as far as 256 shades tell it apart."""
    shades = picture.point(lambda value: value * SCALE_16 + 0.5).convert("L")
    hidden = picture.info.get("transparency")
    if isinstance(hidden, int):
        shades.info["transparency"] = min(hidden, 65_535) // 257
    return shades


def _rgb(picture: Image.Image) -> Image.Image:
    """Colours as a screen shows them: by the profile that came along where there is one that fits, else as they stand."""
    profile = picture.info.get("icc_profile") or b""
    if 128 < len(profile) <= PROFILE and profile[16:20] == COLOURS.get(picture.mode, "-").encode():
        try:
            screen = ImageCms.createProfile("sRGB")
            found = ImageCms.profileToProfile(picture, io.BytesIO(profile), screen, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError) as error:
            log.info("profile_unread error=%s", type(error).__name__)
        else:
            if found is not None:
                return found
    return picture if picture.mode == "RGB" else picture.convert("RGB")
