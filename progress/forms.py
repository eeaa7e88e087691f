"""Which report to make; which month and district to look at."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models import District
from progress.narratives import LONGEST, UNPRINTABLE
from progress.queries import FIRST_MONTH, month_of, this_month
from records.verdicts import Refused
from records.widgets import LongTextField

LANGUAGES = [("en", "English"), ("ml", "മലയാളം")]


class MonthField(forms.CharField):
    """A month written 2026-11; browsers that know months offer a calendar."""

    asked = True  # the label needs no "(optional)": nothing chosen means the running month

    def __init__(self, **options: Any) -> None:
        kind = forms.TextInput(attrs={"type": "month", "class": "m-short", "min": FIRST_MONTH})
        super().__init__(max_length=20, widget=kind, **options)

    def clean(self, value: Any) -> str:
        month = super().clean(value).strip()
        if month:
            try:
                month_of(month)
            except Refused as refusal:
                raise forms.ValidationError(refusal.reason) from refusal
        return str(month)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "max": this_month()}


class ReportForm(forms.Form):
    """District, month and language of a report to be made."""

    district = forms.ChoiceField(label=_("District"))
    month = MonthField(label=_("Month"), help_text=_("The running month is counted up to now."))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def __init__(self, data: Any = None, *, places: Sequence[District], initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="make_%s")
        self.fields["district"].choices = [(place.code, place.name) for place in places]  # type: ignore[attr-defined]


class RunForm(forms.Form):
    """The month whose reports are made for all districts."""

    month = MonthField(label=_("Month"), help_text=_("A month that is over stands as it stood at its end."))

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="run_%s")


class NarrativeField(LongTextField):
    """A page of text; only signs that the paper can print. What is too long is counted, never cut by the browser."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}

    def validate(self, value: Any) -> None:
        super().validate(value)
        if strange := list(dict.fromkeys(UNPRINTABLE.findall(value or ""))):
            sentence = _("The report cannot print these signs: %(signs)s. Take them out.")
            raise forms.ValidationError(sentence, params={"signs": " ".join(strange[:10])})


class NarrativeForm(forms.Form):
    """What the General Manager writes of a month, and which version was on the page then."""

    text = NarrativeField(
        label=_("What happened in the month"),
        help_text=_(
            "At most 2,500 signs, about one page. An empty line begins a paragraph. Write no names of applicants."
        ),
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 16}),
        error_messages={
            "required": _("Write what happened in the month."),
            "max_length": _("Write at most %(limit_value)d signs. You wrote %(show_value)d."),
        },
    )
    seen = forms.IntegerField(min_value=0, max_value=32767, widget=forms.HiddenInput)


class LookForm(forms.Form):
    """What the page shows: figures of a month (the running one where none is chosen), reports of a district and month."""

    district = forms.ChoiceField(
        label=_("District"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the districts in the list.")},
    )
    month = MonthField(label=_("Month"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", _("Both")), *LANGUAGES])
    standing = forms.ChoiceField(
        label=_("Reports"),
        required=False,
        choices=[("", _("All")), ("current", _("Those that stand")), ("superseded", _("Superseded ones"))],
    )

    def __init__(self, data: Any, *, places: Sequence[District]) -> None:
        super().__init__(data)
        for name in ("district", "language", "standing"):
            self.fields[name].asked = True  # type: ignore[attr-defined]
        self.fields["district"].choices = [("", _("All")), *((place.code, place.name) for place in places)]  # type: ignore[attr-defined]


class MonthForm(forms.Form):
    """The month of a district's page."""

    month = MonthField(label=_("Month"), required=False)
