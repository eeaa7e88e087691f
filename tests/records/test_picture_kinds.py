"""What is kept of a picture looks as what was sent, whatever its sender's programs wrote: compared shade by shade."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageCms, ImageStat

from records import pictures
from tests.records import profile

SIZE = (256, 24)
WHITE = (255, 255, 255)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def kept(content: bytes) -> Image.Image:
    mime = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    picture = Image.open(io.BytesIO(pictures.clean(content, mime)))
    picture.load()
    return picture


def apart(one: Image.Image, other: Image.Image) -> float:
    """The largest mean difference of a colour, of 255, with what is transparent on white."""

    def seen(picture: Image.Image) -> Image.Image:
        sheet = Image.new("RGBA", picture.size, WHITE)
        sheet.alpha_composite(picture.convert("RGBA"))
        return sheet.convert("RGB")

    assert one.size == other.size
    return max(ImageStat.Stat(ImageChops.difference(seen(one), seen(other))).mean)


def shades() -> Image.Image:
    """Every shade of grey, in columns."""
    return Image.linear_gradient("L").rotate(90).resize(SIZE)


def colours() -> Image.Image:
    return Image.merge("RGB", (shades(), shades().transpose(Image.Transpose.FLIP_LEFT_RIGHT), Image.new("L", SIZE, 90)))


def sixteen_bits(grey: Image.Image) -> Image.Image:
    deep = Image.new("I;16", grey.size)
    deep.putdata([value * 257 for value in grey.get_flattened_data()])
    return deep


def a_palette() -> Image.Image:
    """A seal on nothing, as a drawing program saves it for the web."""
    seal = colours().quantize(16)
    seal.info["transparency"] = 3
    return seal


PNGS: dict[str, tuple[Callable[[], bytes], Callable[[], Image.Image]]] = {
    "16-bit grey": (lambda: saved(sixteen_bits(shades())), shades),
    "8-bit grey": (lambda: saved(shades()), shades),
    "1-bit": (lambda: saved(shades().convert("1")), lambda: shades().convert("1")),
    "4-bit grey": (lambda: saved(shades().quantize(16), bits=4), lambda: shades().quantize(16)),
    "colours": (lambda: saved(colours()), colours),
    "palette": (lambda: saved(colours().quantize(32)), lambda: colours().quantize(32)),
    "palette with what is transparent": (lambda: saved(a_palette(), transparency=3), a_palette),
    "grey with what is transparent": (
        lambda: saved(Image.merge("LA", (shades(), shades()))),
        lambda: Image.merge("LA", (shades(), shades())),
    ),
    "one colour that is transparent": (
        lambda: saved(Image.new("RGB", SIZE, (9, 9, 9)), transparency=(9, 9, 9)),
        lambda: Image.new("RGB", SIZE, WHITE),
    ),
    "one shade of 65,536 that is transparent": (
        lambda: saved(sixteen_bits(Image.new("L", SIZE, 7)), transparency=7 * 257),
        lambda: Image.new("RGB", SIZE, WHITE),
    ),
}


@pytest.mark.parametrize("kind", PNGS)
def test_what_is_kept_of_a_png_is_what_was_sent(kind):
    sent, seen = PNGS[kind]
    assert apart(kept(sent()), seen()) == 0


def test_no_shade_of_65536_is_lost():
    deep = Image.new("I;16", (257, 255))
    deep.putdata([min(value, 65_535) for value in range(257 * 255)])
    found = kept(saved(deep))
    assert (found.mode, found.getextrema()) == ("L", (0, 255))
    values = list(found.get_flattened_data())
    assert max(abs(value - place / 257) for place, value in enumerate(values)) <= 0.51


def test_inks_are_shown_by_the_profile_that_came_with_them():
    press = profile.of_a_press()
    inks = Image.merge("CMYK", (*colours().split(), Image.new("L", SIZE, 20)))
    with Image.open(io.BytesIO(saved(inks, "JPEG", icc_profile=press, quality=95))) as sent:
        seen = ImageCms.profileToProfile(sent, io.BytesIO(press), ImageCms.createProfile("sRGB"), outputMode="RGB")
        bare = sent.convert("RGB")
    found = kept(saved(inks, "JPEG", icc_profile=press, quality=95))
    assert (found.mode, "icc_profile" in found.info) == ("RGB", False)
    assert apart(found, seen) < 3
    assert apart(seen, bare) > 20  # without the profile it is another picture


@pytest.mark.parametrize("came_along", [b"", b"no profile" * 40, profile.of_a_press()[:300], b"x" * 5_000_000])
def test_inks_without_a_profile_that_can_be_read_are_shown_as_they_stand(came_along):
    inks = Image.merge("CMYK", (*colours().split(), Image.new("L", SIZE, 20)))
    content = saved(inks, "JPEG", icc_profile=came_along, quality=95)
    with Image.open(io.BytesIO(content)) as sent:
        assert apart(kept(content), sent.convert("RGB")) < 3


def test_a_profile_of_other_pixels_is_left_alone():
    content = saved(colours(), "JPEG", icc_profile=profile.of_a_press(), quality=95)
    assert apart(kept(content), colours()) < 3


def second_in_mpo(one: Image.Image, other: Image.Image) -> bytes:
    return saved(one, "MPO", save_all=True, append_images=[other], quality=95)


@pytest.mark.parametrize(
    "together",
    [
        second_in_mpo,  # two views, or a picture and the map of its lights
        lambda one, other: saved(one, "JPEG", quality=95) + saved(other, "JPEG"),
        lambda one, _other: saved(one, "JPEG", quality=95) + b"\0\0\0\x18ftypmp42" + bytes(400),  # some seconds of film
    ],
)
def test_of_a_phone_picture_that_holds_a_second_one_the_first_is_kept_alone(together):
    other = Image.new("RGB", (64, 12), (255, 0, 0))
    found = pictures.clean(together(colours(), other), "image/jpeg")
    with Image.open(io.BytesIO(found)) as picture:
        assert (picture.format, picture.size, getattr(picture, "n_frames", 1)) == ("JPEG", SIZE, 1)
        assert apart(picture, colours()) < 4
    assert (b"MPF" in found, found.count(b"\xff\xd8\xff")) == (False, 1)


def test_a_black_and_white_scan_of_600_dots_an_inch_comes_in():
    sent = Image.new("1", (4960, 7016), 1)
    sent.paste(0, (1000, 1000, 3000, 3000))
    found = kept(saved(sent))
    assert (found.mode, found.size, found.getpixel((2000, 2000)), found.getpixel((9, 9))) == ("L", sent.size, 0, 255)
