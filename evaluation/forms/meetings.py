"""Forms of a meeting: when and where, who is present, which files, where a file is put off to."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.models import Round
from evaluation.forms.packets import REASON_LENGTH
from evaluation.models import Meeting
from evaluation.rules.committee import day_verdict
from records.clock import INDIA, ist, today
from records.formats import clock_time, latin_digits, moment
from records.widgets import DayField, PlainTextField

FURTHEST = timedelta(days=366)


class HourField(forms.TimeField):
    """An hour of the day as people write it: 11:00, 11.00, in the digits of every script."""

    def __init__(self, **kwargs: Any) -> None:
        wrong = gettext_lazy("Enter the hour as HH:MM, for example 11:00 or 14:30.")
        super().__init__(
            input_formats=["%H:%M", "%H.%M"],
            widget=forms.TextInput({"class": "m-short", "inputmode": "numeric", "autocomplete": "off"}),
            error_messages={"required": wrong, "invalid": wrong},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        return super().clean(latin_digits(value) if isinstance(value, str) else value)


class MeetingForm(forms.Form):
    """Day, hour and place of a meeting. `held_at` is both together, as a clock in India shows them."""

    day = DayField(
        label=gettext_lazy("Day"),
        future=True,
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Enter the date as DD-MM-YYYY.")),
    )
    hour = HourField(label=gettext_lazy("Hour"), help_text=gettext_lazy("HH:MM, Indian time"))
    place = PlainTextField(
        label=gettext_lazy("Place"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write where the meeting is held.")},
    )

    def __init__(self, data: Any = None, *, meeting: Meeting | None = None) -> None:
        first: dict[str, Any] = {}
        if meeting is not None:
            held = ist(meeting.held_at)
            first = {"day": held.date(), "hour": clock_time(meeting.held_at), "place": meeting.place}
        super().__init__(data, initial=first)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day < today():
            raise forms.ValidationError(_("Choose today or a later day."))
        if day > today() + FURTHEST:
            raise forms.ValidationError(_("Choose a day within a year."))
        return day

    @property
    def held_at(self) -> datetime:
        """The moment, once both are valid."""
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], tzinfo=INDIA)


class NewMeetingForm(MeetingForm):
    """The same, with the round whose files it is about."""

    round = forms.ChoiceField(
        label=gettext_lazy("Round"),
        help_text=gettext_lazy("A meeting is about files of one round."),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose the round from the list.")),
    )
    field_order = ("round", "day", "hour", "place")

    def __init__(self, data: Any = None, *, rounds: Sequence[Round]) -> None:
        self.rounds = {str(call.number): call for call in rounds}
        super().__init__(data)
        field: Any = self.fields["round"]
        field.choices = [(number, str(call)) for number, call in self.rounds.items()]

    @property
    def call(self) -> Round:
        """The round chosen, once it is valid."""
        return self.rounds[self.cleaned_data["round"]]


class PresentForm(forms.Form):
    """The members who are present when a meeting is opened; and why it is held today, where another day was planned."""

    present = forms.MultipleChoiceField(
        label=gettext_lazy("Members present"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one member who is present."),
            "invalid_choice": gettext_lazy("Choose from the members of the Committee."),
        },
    )

    chair = forms.ChoiceField(
        label=gettext_lazy("Who chairs the meeting?"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose who of the members present chairs.")
        ),
    )
    reason = PlainTextField(
        label=gettext_lazy("Why is it held today?"),
        help_text=gettext_lazy("Printed with the day."),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, people: Iterable[tuple[User, str]], data: Any = None, *, meeting: Meeting) -> None:
        super().__init__(data)
        self.meeting = meeting
        self.is_moved = today() != meeting.planned_on
        if not self.is_moved:
            del self.fields["reason"]
        found = list(people)
        self.people = {str(one.pk): one for one, _post in found}
        field: Any = self.fields["present"]
        field.choices = [(str(one.pk), f"{one.full_name}, {post}" if post else one.full_name) for one, post in found]
        self.fields["chair"].choices = [("", _("Choose")), *field.choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("chair") and "present" in data and data["chair"] not in data["present"]:
            self.add_error("chair", _("Choose who of the members present chairs."))
        return data

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        verdict = day_verdict(self.meeting, today(), reason)
        if not verdict:
            raise forms.ValidationError(verdict.reason)
        return reason

    @property
    def chosen(self) -> list[User]:
        """Those ticked."""
        return [self.people[key] for key in self.cleaned_data["present"]]

    @property
    def chairs(self) -> User:
        """Who chairs."""
        return self.people[self.cleaned_data["chair"]]


class PutOffForm(forms.Form):
    """To which planned meeting a file is put off, and why."""

    meeting = forms.ChoiceField(
        label=gettext_lazy("Put off to"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Choose a planned meeting from the list.")
        ),
    )
    reason = PlainTextField(
        label=gettext_lazy("Why is the file put off?"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write why the file is put off.")},
    )

    def __init__(self, meetings: Iterable[Meeting], data: Any = None) -> None:
        super().__init__(data)
        self.meetings = {one.number: one for one in meetings}
        field: Any = self.fields["meeting"]
        field.choices = [
            (number, f"{number}, {moment(one.held_at)}, {one.place}") for number, one in self.meetings.items()
        ]

    @property
    def other(self) -> Meeting:
        """The meeting chosen."""
        return self.meetings[self.cleaned_data["meeting"]]
