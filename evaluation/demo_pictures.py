"""Photographs of a field visit for the demonstration: drawn, small, with the place and time a telephone would write."""

from datetime import datetime
from io import BytesIO
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from records.clock import ist

WIDTH, HEIGHT = 640, 420
# A place in each district, degrees north and east, near its DIC: rounded, no address.
PLACES = {
    "TVM": (8.51, 76.95), "KLM": (8.89, 76.61), "PTA": (9.26, 76.78), "ALP": (9.49, 76.33), "KTM": (9.59, 76.52),
    "IDK": (9.85, 76.95), "EKM": (9.99, 76.30), "TSR": (10.52, 76.21), "PKD": (10.77, 76.65), "MLP": (11.04, 76.08),
    "KKD": (11.25, 75.78), "WYD": (11.61, 76.08), "KNR": (11.87, 75.37), "KSD": (12.50, 74.99),
}  # fmt: skip
WALLS = ("#d9cbb0", "#c4d0c9", "#cfc4d6", "#d8c2b8", "#c9ccd4")
ROOFS = ("#8a4b38", "#5d6b73", "#77614d")


def photograph(district: str, taken: datetime, rng: Random, number: int) -> SimpleUploadedFile:
    """A shed with a door and windows under the sky, taken a few kilometres around the district's town."""
    out = BytesIO()
    _drawn(rng).save(out, "JPEG", quality=80, exif=_exif(district, taken, rng))
    return SimpleUploadedFile(f"visit-{number}.jpg", out.getvalue(), "image/jpeg")


def _drawn(rng: Random) -> Image.Image:
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#b9d3e2")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 300, WIDTH, HEIGHT), fill="#8f9a6b")
    left, right, top = rng.randint(40, 120), rng.randint(480, 590), rng.randint(140, 190)
    pen.rectangle((left, top, right, 330), fill=rng.choice(WALLS))
    pen.polygon([(left - 20, top), ((left + right) // 2, top - 70), (right + 20, top)], fill=rng.choice(ROOFS))
    door = rng.randint(left + 30, right - 110)
    pen.rectangle((door, 230, door + 80, 330), fill="#4f5a5e")
    for pane in range(left + 20, right - 50, 90):
        if not door - 60 < pane < door + 80:
            pen.rectangle((pane, 220, pane + 45, 265), fill="#dfe9ee", outline="#6a7478", width=3)
    pen.ellipse((560, 20, 610, 70), fill="#f4e6a8")
    return picture


def _exif(district: str, taken: datetime, rng: Random) -> Image.Exif:
    north, east = (degrees + rng.uniform(-0.03, 0.03) for degrees in PLACES[district])
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: ist(taken).strftime("%Y:%m:%d %H:%M:%S"), 0x9011: "+05:30"})
    exif.get_ifd(0x8825).update({1: "N", 2: _angle(north), 3: "E", 4: _angle(east)})
    return exif


def _angle(degrees: float) -> tuple[float, float, float]:
    """Degrees, minutes, seconds."""
    minutes = degrees % 1 * 60
    return float(int(degrees)), float(int(minutes)), round(minutes % 1 * 60, 2)
