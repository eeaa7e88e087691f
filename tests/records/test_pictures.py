"""Place and time of a picture: read from what was sent, kept by nobody in the picture itself."""

import io
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as at_most
from hypothesis import strategies as st
from PIL import Image

from records import files
from records.files import PlaceAndTime, place_and_time
from records.verdicts import Refused
from tests.records import hostile
from tests.records.hostile import upload

NOTHING = PlaceAndTime()
KOCHI = {1: "N", 2: (9.0, 58.0, 35.0), 3: "E", 4: (76.0, 16.0, 47.0)}
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><exif:GPSLatitude>9,58.58N</exif:GPSLatitude></x:xmpmeta>'


def photo(kind: str = "JPEG", *, taken: str = "", offset: str = "", gps: dict[int, Any] | None = None) -> bytes:
    """A picture with these words in its EXIF."""
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    inner = exif.get_ifd(0x8769)
    if taken:
        inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    exif.get_ifd(0x8825).update(gps or {})
    return hostile.picture(kind, exif=exif)


def place(gps: dict[int, Any]) -> tuple[Decimal | None, Decimal | None]:
    found = place_and_time(photo(gps=gps))
    return found.latitude, found.longitude


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_place_and_time_are_read(kind: str) -> None:
    assert place_and_time(photo(kind, taken="2026:10:12 09:41:30", gps=KOCHI)) == PlaceAndTime(
        datetime(2026, 10, 12, 4, 11, 30, tzinfo=UTC), Decimal("9.976389"), Decimal("76.279722")
    )


@pytest.mark.parametrize(
    ("offset", "hour", "minute"),
    [("", 4, 11), ("+05:30", 4, 11), ("+00:00", 9, 41), ("-02:00", 11, 41), ("+05:30\0", 4, 11)],
)
def test_a_time_without_its_offset_is_indian_time(offset: str, hour: int, minute: int) -> None:
    found = place_and_time(photo(taken="2026:10:12 09:41:00", offset=offset))
    assert found == PlaceAndTime(datetime(2026, 10, 12, hour, minute, tzinfo=UTC))


@pytest.mark.parametrize(
    ("latitude", "longitude", "signed"),
    [("N", "E", (1, 1)), ("S", "E", (-1, 1)), ("N", "W", (1, -1)), ("S", "W", (-1, -1)), ("s", "w\0", (-1, -1))],
)
def test_south_and_west_are_negative(latitude: str, longitude: str, signed: tuple[int, int]) -> None:
    expected = (signed[0] * Decimal("9.976389"), signed[1] * Decimal("76.279722"))
    assert place({**KOCHI, 1: latitude, 3: longitude}) == expected


@pytest.mark.parametrize(
    "change",
    [
        {1: "X"}, {1: ""}, {3: "N"}, {2: (91.0, 0.0, 0.0)}, {4: (180.0, 0.0, 1.0)}, {2: (9.0, 61.0, 0.0)},
        {2: (9.0, 0.0)}, {2: 9.0}, {2: (0.0, 0.0, 0.0), 4: (0.0, 0.0, 0.0)},
    ],
)  # fmt: skip
def test_a_place_that_cannot_be_is_no_place(change: dict[int, Any]) -> None:
    assert place({**KOCHI, **change}) == (None, None)


def test_half_a_place_is_no_place() -> None:
    for missing in KOCHI:
        assert place({tag: value for tag, value in KOCHI.items() if tag != missing}) == (None, None)


@pytest.mark.parametrize(
    ("taken", "offset"),
    [
        ("0000:00:00 00:00:00", ""), ("2026:02:31 10:00:00", ""), ("12-10-2026", ""), ("x" * 5000, ""),
        ("0001:01:01 00:00:00", "+14:00"), ("2026:10:12 09:41:00", "soon"),
    ],
)  # fmt: skip
def test_a_time_that_cannot_be_is_no_time(taken: str, offset: str) -> None:
    assert place_and_time(photo(taken=taken, offset=offset)).at is None


@pytest.mark.parametrize(
    "content",
    [
        b"", b"text", hostile.pdf(), hostile.picture(), hostile.picture("PNG"), hostile.huge_png(),
        hostile.picture(exif=b"Exif\0\0garbage"), hostile.picture("PNG", exif=b"CANARY"), photo(gps=KOCHI)[:60],
    ],
)  # fmt: skip
def test_what_says_nothing_is_nothing_and_no_error(content: bytes) -> None:
    assert place_and_time(content) == NOTHING


@at_most(max_examples=80, deadline=None)
@given(kind=st.sampled_from(["JPEG", "PNG"]), at=st.integers(0, 400), noise=st.binary(min_size=1, max_size=60))
def test_noise_is_never_an_error(kind: str, at: int, noise: bytes) -> None:
    content = photo(kind, taken="2026:10:12 09:41:30", offset="+05:30", gps=KOCHI)
    found = place_and_time(content[:at] + noise + content[at + len(noise) :])
    assert (found.latitude is None) == (found.longitude is None)
    assert found.latitude is None or abs(found.latitude) <= 90


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_nothing_of_it_is_left_in_the_picture_that_is_kept(person: Any, settings: Any, kind: str) -> None:
    sent = photo(kind, taken="2026:10:12 09:41:30", gps=KOCHI)
    if kind == "JPEG":  # as another segment of its own
        packet = b"http://ns.adobe.com/xap/1.0/\0" + XMP
        sent = sent[:2] + b"\xff\xe1" + (len(packet) + 2).to_bytes(2, "big") + packet + sent[2:]
        assert b"GPSLatitude" in sent
    file = files.receive(upload(sent, "gate.jpg"), by=person, kinds=files.PICTURES)
    content = (Path(settings.MEDIA_ROOT) / file.path).read_bytes()
    with Image.open(io.BytesIO(content)) as picture:
        assert not {"exif", "xmp", "XML:com.adobe.xmp", "icc_profile", "comment"} & set(picture.info)
        assert (dict(picture.getexif()), picture.getexif().get_ifd(0x8825)) == ({}, {})
    assert [word for word in (b"Exif", b"eXIf", b"GPSLatitude", b"2026:10:12", b"A camera") if word in content] == []
    assert place_and_time(content) == NOTHING


def test_where_only_pictures_are_taken_the_sentence_says_so(db: None) -> None:
    with pytest.raises(Refused, match=r"This kind of file is not accepted\. Send a JPEG or a PNG\."):
        files.examine(upload(hostile.pdf()), kinds=files.PICTURES)
