"""Fields that read what people really type: rupees with commas, dates as DD-MM-YYYY, text without what must not stand in it."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from stdnum.in_ import aadhaar

from records.clock import today
from records.formats import indian, latin_digits

MOST = 10**15  # rupees; beyond it somebody's finger stayed on a key
AROUND_DIGITS = re.compile(r"[\s,₹\u00a0]|Rs\.?", re.IGNORECASE)
DIGITS = re.compile(r"-?[0-9]{1,30}")


def amount_of(value: Any) -> int | None:
    """Whole rupees from what was typed (₹, Rs, commas and spaces allowed); None where it is not an amount."""
    text = AROUND_DIGITS.sub("", latin_digits(str(value))).replace("−", "-").replace("–", "-")
    return int(text) if DIGITS.fullmatch(text) else None


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


def refuse_national_number(text: str) -> None:
    """Refuse a 12-digit national identity number (its check digit agrees): the portal does not collect it."""
    for found in re.findall(r"(?<!\d)\d{4}[ -]?\d{4}[ -]?\d{4}(?!\d)", text or ""):
        if aadhaar.is_valid(found):
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
