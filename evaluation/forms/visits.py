"""The form of a field visit: when, whom, what, photographs, and the figures verified on the spot."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import Application
from evaluation import figures
from evaluation.forms import FigureForm
from evaluation.rules.visits import MOST_PHOTOGRAPHS, may_be_on
from records.files import PICTURES
from records.widgets import DayField, LongTextField, PlainTextField


class ManyFilesInput(forms.FileInput):
    """A box in which several files are chosen at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []


class ManyFilesField(forms.Field):
    """The files chosen, as they came; what is in them is examined by the act."""

    widget = ManyFilesInput


class VisitForm(forms.Form):
    """What an officer writes of a visit. Photographs have to be chosen again when the page comes back."""

    visited_on = DayField(
        label=gettext_lazy("Date of the visit"),
        error_messages={
            "required": gettext_lazy("Enter the date of the visit as DD-MM-YYYY."),
            "invalid": gettext_lazy("Enter the date of the visit as DD-MM-YYYY."),
        },
    )
    people_met = PlainTextField(
        label=gettext_lazy("People met"),
        help_text=gettext_lazy("Names, and what each is there: owner, supervisor, accountant."),
        max_length=400,
        error_messages={"required": gettext_lazy("Write whom you met.")},
    )
    findings = LongTextField(
        label=gettext_lazy("Findings"),
        help_text=gettext_lazy(
            "What you saw: machinery, people at work, stock, registers, whether it goes with the papers."
        ),
        max_length=4000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": gettext_lazy("Write what you found.")},
    )
    photographs = ManyFilesField(
        label=gettext_lazy("Photographs"), required=False, widget=ManyFilesInput({"accept": ",".join(PICTURES)})
    )

    def __init__(self, file: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file = file
        self.fields["photographs"].help_text = _(
            "Up to %(most)s, JPEG or PNG, 10 MB each. Place and time are read from them and kept with the visit, "
            "then taken out of the pictures."
        ) % {"most": MOST_PHOTOGRAPHS}
        self.asked = {name_of(figure.key): figure for figure in figures.asked(file.round.financial_years)}
        for name, figure in self.asked.items():
            self.fields[name] = _optional(figure)

    def clean_visited_on(self) -> Any:
        day = self.cleaned_data["visited_on"]
        verdict = may_be_on(day, self.file)
        if not verdict:
            raise forms.ValidationError(verdict.reason)
        return day

    def clean_photographs(self) -> list[Any]:
        chosen: list[Any] = self.cleaned_data["photographs"]
        if len(chosen) > MOST_PHOTOGRAPHS:
            raise forms.ValidationError(_("Send at most %(most)s photographs.") % {"most": MOST_PHOTOGRAPHS})
        return chosen

    @property
    def found(self) -> dict[str, figures.Value]:
        """The figures that were filled in, by key. After `is_valid`."""
        typed = {figure.key: self.cleaned_data.get(name) for name, figure in self.asked.items()}
        return {key: _value(value) for key, value in typed.items() if value is not None and value != ""}

    @property
    def figure_fields(self) -> list[Any]:
        """The fields of the figures, for their fold on the page."""
        return [self[name] for name in self.asked]

    @property
    def told_fields(self) -> list[Any]:
        """The other fields, in the order of the page."""
        return [self[name] for name in self.fields if name not in self.asked]

    @property
    def unfolded(self) -> bool:
        """Whether a figure was filled in, or has an error."""
        return any(field.errors or field.data for field in self.figure_fields)


def _value(typed: Any) -> figures.Value:
    """A number, a date or yes and no as `evaluation.figures` wants it."""
    if isinstance(typed, date):
        return typed.isoformat()
    return typed if isinstance(typed, str) else Decimal(typed)


def name_of(key: str) -> str:
    """The name of a figure's field."""
    return f"figure-{key.replace(':', '-')}"


def _optional(figure: figures.Figure) -> forms.Field:
    """The field in which this figure is verified on its own page, here without the need to fill it in."""
    field = FigureForm(figure).fields["value"]
    field.required, field.label = False, figure.label
    if isinstance(field, forms.ChoiceField):
        field.choices = [("", _("Not looked at")), *field.choices]  # type: ignore[misc]
        field.initial = ""
    return field
