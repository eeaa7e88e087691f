"""Which report to make; which month and district to look at."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models import District
from progress.queries import FIRST_MONTH, month_of, this_month
from records.verdicts import Refused

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


class LookForm(forms.Form):
    """What the page shows: figures of a month (the running one where none is chosen), reports of a district and month."""

    district = forms.ChoiceField(
        label=_("District"),
        required=False,
        error_messages={"invalid_choice": _("Choose one of the districts in the list.")},
    )
    month = MonthField(label=_("Month"), required=False)

    def __init__(self, data: Any, *, places: Sequence[District]) -> None:
        super().__init__(data)
        self.fields["district"].asked = True  # type: ignore[attr-defined]
        self.fields["district"].choices = [("", _("All")), *((place.code, place.name) for place in places)]  # type: ignore[attr-defined]


class MonthForm(forms.Form):
    """The month of a district's page."""

    month = MonthField(label=_("Month"), required=False)
