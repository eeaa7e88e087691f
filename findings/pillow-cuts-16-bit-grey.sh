#!/bin/sh
# Pillow opens a valid PNG of 16-bit grey as mode I;16. Converted to L, RGB or RGBA it is cut at 255 and not scaled: a scan
# in 65,536 shades becomes a pure white sheet, without a word. 16-bit colours and 16-bit grey with transparency, opened by
# the same library from the same format, are scaled. Exits with 0 while that is so.
set -eu
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q install --disable-pip-version-check pillow==13.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct
import sys
import zlib

import PIL
from PIL import Image


def png(channels: int, colour: int) -> bytes:
    """A row of 256 pixels of 16 bits a channel: from black to white; colour: PNG's number for grey 0, grey with alpha 4, RGB 2."""
    row = b"\0"
    for shade in range(256):
        value = struct.pack(">H", shade * 257)
        row += value + b"\xff\xff" if colour == 4 else value * channels

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", 256, 1, 16, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row)) + chunk(b"IEND", b"")


print("Pillow", PIL.__version__)
found = {}
for name, channels, colour in (("grey", 1, 0), ("grey with alpha", 2, 4), ("colours", 3, 2)):
    picture = Image.open(io.BytesIO(png(channels, colour)))
    for mode in ("L", "RGB", "RGBA"):
        plain = picture.convert(mode).convert("L")
        shades = [plain.getpixel((place, 0)) for place in (0, 1, 64, 128, 255)]
        found[name, mode] = shades
        print(f"16-bit {name}, opened as {picture.mode}, as {mode}: shades sent 0 1 64 128 255, shades found", *shades)
cut = all(found["grey", mode] == [0, 255, 255, 255, 255] for mode in ("L", "RGB", "RGBA"))
scaled = all(abs(shades[3] - 128) <= 1 for (name, _mode), shades in found.items() if name != "grey")
print("cut at 255, where the others are scaled:", cut and scaled)
sys.exit(0 if cut and scaled else 1)
PYTHON
