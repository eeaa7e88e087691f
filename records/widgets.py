"""Fields that read what people really type: rupees with commas, dates as DD-MM-YYYY, text without what must not stand in it."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.in_ import aadhaar

from records.clock import today
from records.formats import CRORE, LAKH, THOUSAND, indian, latin_digits

MOST = 10**15  # rupees; beyond it somebody's finger stayed on a key
DIGITS = re.compile(r"-?[0-9]{1,30}")
# Around an amount: ₹, Rs, INR before it, "/-" after it as on cheques, commas and spaces inside.
CURRENCY = re.compile(r"₹|\bRs\b\.?|\bRs\.?(?=\d)|\bINR\b|/[-=–−]\s*$|[,\s]", re.IGNORECASE)
IN_BRACKETS = re.compile(r"\((?P<amount>[^()]+)\)")
UNITS = {"crore": CRORE, "lakh": LAKH, "thousand": THOUSAND}
UNIT_WORDS = (
    ("crore", r"crores?|cr\.?|കോടി"),
    ("lakh", r"lakhs?|lacs?|ലക്ഷം"),
    ("thousand", r"thousand|ആയിരം"),
)
NUMBER = r"[0-9]{1,30}(?:\.[0-9]{1,7})?"
# "1 crore 25 lakh" counts together, the larger unit first; what stands after the last unit is rupees.
AMOUNT = re.compile(
    "".join(rf"(?:(?P<{unit}>{NUMBER})(?:{words}))?" for unit, words in UNIT_WORDS) + rf"(?P<rupees>{NUMBER})?",
    re.IGNORECASE,
)


def amount_of(value: Any) -> int | None:
    """Whole rupees from what was typed; None where it is not an amount.

    Read as people in India write them: ₹5,00,000/-, Rs. 5,00,000.00, 25 lakh, 1 crore 25 lakh; a loss as -50,000 or
    (50,000). Paise are read only where they are none.
    """
    text = latin_digits(str(value)).replace("−", "-").replace("–", "-").strip()
    bracketed = IN_BRACKETS.fullmatch(CURRENCY.sub("", text))
    bare = bracketed["amount"] if bracketed else CURRENCY.sub("", text)
    negative = bool(bracketed) or bare.startswith("-")
    found = AMOUNT.fullmatch(bare if bracketed else bare.removeprefix("-"))
    if not found or not any(found.groups()):
        return None
    total = sum(Decimal(found[unit] or 0) * worth for unit, worth in UNITS.items()) + Decimal(found["rupees"] or 0)
    if total != int(total):
        return None
    return -int(total) if negative else int(total)


class MoneyInput(forms.TextInput):
    """Rupees with Indian grouping."""

    is_money = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "numeric", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str:
        text = "" if value is None else str(value)
        return indian(text).replace("−", "-") if DIGITS.fullmatch(text) else text


class MoneyField(forms.Field):
    """Whole rupees. `negative` allows a loss."""

    widget = MoneyInput

    def __init__(self, *, negative: bool = False, **kwargs: Any) -> None:
        self.negative = negative
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        if value is None or not str(value).strip():
            return None
        amount = amount_of(value)
        if amount is None:
            raise forms.ValidationError(_("Enter the amount in rupees, digits only."))
        if amount < 0 and not self.negative:
            raise forms.ValidationError(_("This amount cannot be less than 0."))
        if abs(amount) > MOST:
            raise forms.ValidationError(_("This amount is too large. Check the number of zeros."))
        return amount


class DayInput(forms.DateInput):
    """DD-MM-YYYY as text: works on every phone and in every browser alike."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"class": "m-short", "inputmode": "numeric", "autocomplete": "off", **(attrs or {})}, format="%d-%m-%Y"
        )


class DayField(forms.DateField):
    """A date that has come already, unless `future` allows later ones."""

    widget = DayInput

    def __init__(self, *, future: bool = False, **kwargs: Any) -> None:
        self.future = future
        kwargs.setdefault("input_formats", ["%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%Y-%m-%d"])
        kwargs.setdefault("help_text", _("DD-MM-YYYY"))
        kwargs.setdefault("error_messages", {"invalid": _("Enter the date as DD-MM-YYYY.")})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        day = super().clean(latin_digits(value) if isinstance(value, str) else value)
        if day and not self.future and day > today():
            raise forms.ValidationError(_("The date cannot be in the future."))
        if day and day.year < 1850:
            raise forms.ValidationError(_("Enter the date as DD-MM-YYYY."))
        return day


class CountField(forms.IntegerField):
    """A number of persons or things."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {
            "invalid": _("Enter a whole number, digits only."),
            "min_value": _("This number cannot be less than 0."),
            "max_value": _("This number is too large. Check the number of zeros."),
        }
        kwargs.setdefault(
            "widget", forms.TextInput({"class": "m-short", "inputmode": "numeric", "autocomplete": "off"})
        )
        super().__init__(min_value=0, max_value=10_000_000, error_messages=messages, **kwargs)

    def clean(self, value: Any) -> Any:
        return super().clean(latin_digits(str(value)).replace(",", "").strip() if value not in (None, "") else value)


# Twelve digits, alone or in fours, that are no part of a longer number in groups.
TWELVE = re.compile(r"(?<![0-9])(?<![0-9][ -])(?<!\+)([0-9]{4})([ -]?)([0-9]{4})\2([0-9]{4})(?![ -]?[0-9])")
YEAR = re.compile(r"(19|20)[0-9]{2}")
MOBILE_WITH_COUNTRY = re.compile(r"91[6-9][0-9]{9}")
# Words shortly before a number that say what it is: one digit in ten of any other number agrees by chance.
NAMED_OTHERWISE = re.compile(
    r"\b(e-?way|bill|UPI|UTR|RRN|IMPS|NEFT|RTGS|ref\w*|txn|trans\w*|acc\w*|a/c|invoice|inv|order|consign\w*|docket|tracking"
    r"|challan|receipt|policy|licen[cs]e|registration|meter|consumer|cheque|serial|batch|ack\w*|application|loan)\b"
    r"|അക്കൗണ്ട|യു\.?പി\.?ഐ|ഇ-?വേ|ബിൽ|ഇൻവോയ്|റഫറൻസ്|ചെലാൻ|രസീത|ലൈസൻസ",
    re.IGNORECASE,
)
NAMED_SO = re.compile(r"a+dh?a+r|\bUID(AI)?\b|ആധാർ", re.IGNORECASE)
NAMED_WITHIN = 40  # signs before the number


def holds_national_number(text: str) -> bool:
    """Whether a 12-digit national identity number stands in a text: its check digit agrees and nothing says it is another.

    Years, mobile numbers after 91, parts of longer numbers and numbers that are named otherwise ("e-way bill …") do not count.
    """
    text = latin_digits(text)
    for found in TWELVE.finditer(text):
        groups = (found[1], found[3], found[4])
        if not aadhaar.is_valid("".join(groups)):
            continue
        if all(YEAR.fullmatch(group) for group in groups) and found[2]:
            continue
        before = text[max(0, found.start() - NAMED_WITHIN) : found.start()]
        if NAMED_SO.search(before):
            return True
        if not found[2] and MOBILE_WITH_COUNTRY.fullmatch("".join(groups)):
            continue
        if not NAMED_OTHERWISE.search(before):
            return True
    return False


def refuse_national_number(text: str) -> None:
    """Refuse a text with a 12-digit national identity number: the portal does not collect it. Raises ValidationError."""
    if holds_national_number(text or ""):
        raise forms.ValidationError(_("An Aadhaar number stands in this text. It is not needed: take it out."))


# Control characters, marks that turn the direction of writing, signs without width. ZWNJ stays: Malayalam needs it.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200d-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
CHILLU = {
    "\u0d23": "\u0d7a",
    "\u0d28": "\u0d7b",
    "\u0d30": "\u0d7c",
    "\u0d32": "\u0d7d",
    "\u0d33": "\u0d7e",
    "\u0d15": "\u0d7f",
}
OLD_CHILLU = re.compile("([\u0d23\u0d28\u0d30\u0d32\u0d33\u0d15])\u0d4d\u200d")


def plain(text: str) -> str:
    """Text as it is kept: in one written form (NFC, chillus as one letter), without signs nobody sees."""
    text = OLD_CHILLU.sub(lambda found: CHILLU[found[1]], text)
    return unicodedata.normalize("NFC", UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


class PlainTextField(forms.CharField):
    """Text people write, on one line unless its box has several: signs nobody sees are dropped, angle brackets and identity numbers refused."""

    def to_python(self, value: Any) -> str:
        text = plain(str(super().to_python(value) or ""))
        return (text if isinstance(self.widget, forms.Textarea) else re.sub(r"[\t\n]+", " ", text)).strip()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if re.search(r"[<>]", value or ""):
            raise forms.ValidationError(_("The signs < and > cannot be used here."))
        refuse_national_number(value or "")


class LongTextField(PlainTextField):
    """Several lines of text."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea({"rows": 4}))
        super().__init__(**kwargs)


class YesNoField(forms.TypedChoiceField):
    """Yes or no, as two radios; not answered is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[("yes", _("Yes")), ("no", _("No"))],
            coerce=lambda value: value == "yes",
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )
