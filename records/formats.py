"""Rupees, numbers and dates as they are written in India. Words follow the language of the reader."""

import itertools
import re
import unicodedata
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from records.clock import ist

THOUSAND = 1_000
LAKH = 1_00_000
CRORE = 1_00_00_000
HUNDREDTH = Decimal("0.01")
MINUS = "−"


def latin_digits(text: str) -> str:
    """Digits of every script as 0 to 9; everything else as it is."""
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)


def indian(value: Any) -> str:
    """A whole number with Indian grouping: 1,00,000. Nothing for no value."""
    if value is None or value == "":
        return ""
    number = int(value)
    digits = str(abs(number))
    head, tail = digits[:-3], digits[-3:]
    groups: list[str] = []
    while head:
        groups.insert(0, head[-2:])
        head = head[:-2]
    return (MINUS if number < 0 else "") + ",".join([*groups, tail])


def rupees(value: Any) -> str:
    """₹6,18,00,000, and −₹50,000 for a loss. Whole rupees; nothing for no value."""
    text = indian(value)
    return f"{MINUS}₹{text[1:]}" if text.startswith(MINUS) else text and f"₹{text}"


def rupees_short(value: Any) -> str:
    """₹6.18 crore, ₹50 lakh, ₹9,500: for running text, half-up to two places."""
    if value is None or value == "":
        return ""
    amount = abs(Decimal(value))
    lakhs = _to_hundredths(amount / LAKH)
    if amount < LAKH:
        return rupees(int(Decimal(value)))
    # Decided on what would be written: 99,99,999 is ₹1 crore, never ₹100 lakh.
    if lakhs >= CRORE // LAKH:
        text = _("₹%(n)s crore") % {"n": _plain(_to_hundredths(amount / CRORE))}
    else:
        text = _("₹%(n)s lakh") % {"n": _plain(lakhs)}
    return MINUS + text if Decimal(value) < 0 else text


def _to_hundredths(number: Decimal) -> Decimal:
    return number.quantize(HUNDREDTH, ROUND_HALF_UP)


def _plain(number: Decimal) -> str:
    """Grouped, with places only where there are some: 6.18, 50, 1,250.5."""
    whole, _dot, places = f"{number:f}".partition(".")
    return f"{indian(whole)}.{places.rstrip('0')}".rstrip(".")


def rupees_words(value: Any) -> str:
    """6 crore 18 lakh: an amount read back, so that a zero too many is seen."""
    if value is None or value == "":
        return ""
    number = abs(int(value))
    crore, rest = divmod(number, CRORE)
    lakh, rest = divmod(rest, LAKH)
    thousand, units = divmod(rest, THOUSAND)
    parts = []
    if crore:
        parts.append(_("%(n)s crore") % {"n": indian(crore)})
    if lakh:
        parts.append(_("%(n)s lakh") % {"n": lakh})
    if thousand:
        parts.append(_("%(n)s thousand") % {"n": thousand})
    if units or not parts:
        parts.append(str(units))
    words = " ".join(parts)
    return _("minus %(words)s") % {"words": words} if int(value) < 0 else words


LONG_WORD = 20  # signs; longer ones are given places to break
JOINED = "\u0d4d\u200c\u200d"  # what holds Malayalam letters together, or keeps them apart inside a word


def breakable(text: Any) -> str:
    """Text whose long words (names of files, addresses) may go on in the next line, between letters and never in one."""
    return re.sub(rf"\S{{{LONG_WORD},}}", lambda word: _with_breaks(word[0]), str(text))


def _with_breaks(word: str) -> str:
    out = word[0]
    for before, sign in itertools.pairwise(word):
        inside = unicodedata.category(sign)[0] == "M" or sign in JOINED or before in JOINED
        out += sign if inside else f"\u200b{sign}"
    return out


def percent(part: Any, whole: Any) -> str:
    """The share of a whole in whole per cent, half-up: 38 %. A dash where there is no whole."""
    if not whole:
        return "–"
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal(1), ROUND_HALF_UP)
    return f"{indian(share)} %"


def day(value: date | datetime | None) -> str:
    """10-11-2026, in India."""
    if value is None or value == "":
        return ""
    return (ist(value) if isinstance(value, datetime) else value).strftime("%d-%m-%Y")


def moment(value: datetime | None) -> str:
    """10-11-2026, 16:05, in India."""
    return ist(value).strftime("%d-%m-%Y, %H:%M") if value else ""


def clock_time(value: datetime | None) -> str:
    """10:42, in India."""
    return ist(value).strftime("%H:%M") if value else ""
