"""A colour profile as a printer gives it along: a press of its own, in two steps of each ink."""

import itertools
import struct


def _in_lab(c: int, m: int, y: int, k: int) -> bytes:
    """What the inks give on paper, as a profile writes it: L*, a*, b* in a byte each."""
    lightness = 100 * (1 - 0.3 * c) * (1 - 0.45 * m) * (1 - 0.1 * y) * (1 - 0.85 * k)
    a = (-35 * c + 70 * m - 5 * y) * (1 - 0.9 * k)
    b = (-45 * c - 3 * m + 85 * y) * (1 - 0.9 * k)
    return bytes([round(lightness * 2.55), *(min(255, max(0, round(value + 128))) for value in (a, b))])


def of_a_press() -> bytes:
    """A CMYK profile of version 2 with one table, by which inks are looked up."""
    same = b"".join(struct.pack(">i", 65536 if place in {0, 4, 8} else 0) for place in range(9))
    curve = bytes(range(256))
    table = b"".join(_in_lab(*inks) for inks in itertools.product((0, 1), repeat=4))
    white = struct.pack(">iii", 63190, 65536, 54061)
    parts = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 6) + b"Press\0" + bytes(79),
        b"cprt": b"text\0\0\0\0None\0\0\0\0",
        b"wtpt": b"XYZ \0\0\0\0" + white,
        b"A2B0": b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + same + curve * 4 + table + curve * 3,
    }
    start = 128 + 4 + 12 * len(parts)
    index, body = struct.pack(">I", len(parts)), b""
    for name, part in parts.items():
        index += name + struct.pack(">II", start + len(body), len(part))
        body += part + bytes(-len(part) % 4)
    kind = struct.pack(">I", 0x02100000) + b"prtrCMYKLab " + bytes(12) + b"acsp" + bytes(28)
    head = struct.pack(">I", start + len(body)) + bytes(4) + kind + white + bytes(48)
    return head + index + body
