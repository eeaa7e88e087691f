"""Forms of the note sheet."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.clock import INDIA, today
from records.formats import latin_digits
from records.widgets import DayField, LongTextField, PlainTextField

LONGEST = 4000


class TimeOfDayField(forms.TimeField):
    """A time of day as it is written in India: 15:40, 15.40, 3:40 pm."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%H:%M", "%H.%M", "%I:%M %p", "%I.%M %p", "%I:%M%p"],
            widget=forms.TimeInput({"class": "m-short", "autocomplete": "off"}, format="%H:%M"),
            help_text=_("For example 15:40"),
            error_messages={
                "required": _("Enter the time of the call, for example 15:40."),
                "invalid": _("Enter the time as hours and minutes, for example 15:40."),
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> time | None:
        return super().to_python(latin_digits(value).strip() if isinstance(value, str) else value)


class NoteForm(forms.Form):
    """One office note."""

    text = LongTextField(
        label=_("Your note"),
        help_text=_("It gets the next number and your post. It cannot be changed or taken away afterwards."),
        max_length=LONGEST,
        error_messages={"required": _("Write the note.")},
    )


class CallForm(forms.Form):
    """One telephone call with the enterprise."""

    day = DayField(
        label=_("Day of the call"),
        initial=today,
        error_messages={
            "required": _("Enter the day of the call."),
            "invalid": _("Enter the date as DD-MM-YYYY."),
        },
    )
    at = TimeOfDayField(label=_("Time of the call"))
    spoke_to = PlainTextField(
        label=_("Whom you spoke to"), max_length=120, error_messages={"required": _("Say whom you spoke to.")}
    )
    text = LongTextField(
        label=_("What was said"), max_length=LONGEST, error_messages={"required": _("Write what was said.")}
    )

    @property
    def called_at(self) -> datetime:
        """The moment of the call. After `is_valid`."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["at"], INDIA)
