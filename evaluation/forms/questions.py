"""Forms of asking the applicant and of closing a question that nobody answered."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import clarifications
from applications.models import Application, DocumentKind
from applications.sections import SECTIONS, openable
from records.widgets import DayField, LongTextField

NEEDED = {"required": gettext_lazy("Write the reason.")}
LONGEST_KEY = 18  # digits; each such number fits the column


@dataclass(frozen=True)
class Box:
    """One field of the application that can be opened."""

    key: str
    label: str
    chosen: bool


class KindsField(forms.ModelMultipleChoiceField):
    """Kinds of document, by their keys in the database; a number too long for one is no choice, and no question to it."""

    def clean(self, value: Any) -> Any:
        if any(not one.isdecimal() or len(one) > LONGEST_KEY for one in map(str, value or ())):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class AskForm(forms.Form):
    """What is asked, what opens for the answer, and by when."""

    question = LongTextField(
        label=gettext_lazy("What do you need?"),
        help_text=gettext_lazy("In words the owner understands: what is unclear, and what would settle it."),
        max_length=2000,
        error_messages={"required": gettext_lazy("Write the question.")},
    )
    fields_opened = forms.MultipleChoiceField(
        label=gettext_lazy("Fields that open"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This field cannot be opened.")},
    )
    kinds = KindsField(
        DocumentKind.objects.all(),
        label=gettext_lazy("Documents to send"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose documents from the list.")},
    )
    due_on = DayField(
        label=gettext_lazy("Answer due on"),
        future=True,
        error_messages=dict.fromkeys(("required", "invalid"), gettext_lazy("Enter the date as DD-MM-YYYY.")),
    )

    def __init__(self, file: Application, data: Any = None) -> None:
        super().__init__(data, initial={"due_on": clarifications.default_due(file)})
        self.openable = openable(file)
        keys: Any = self.fields["fields_opened"]
        keys.choices = [(one.key, one.label) for one in self.openable]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not data.get("fields_opened") and not data.get("kinds"):
            self.add_error(None, _("Choose at least one field or document that opens for the answer."))
        return data

    @property
    def groups(self) -> list[tuple[str, list[Box], int]]:
        """The fields section by section with those chosen, and how many are."""
        chosen = set(self["fields_opened"].value() or ())
        found = []
        for section in SECTIONS:
            mine = [one for one in self.openable if one.section == section.key]
            boxes = [Box(one.key, one.label, one.key in chosen) for one in mine]
            if boxes:
                found.append((str(section.title), boxes, sum(box.chosen for box in boxes)))
        return found


class CloseForm(forms.Form):
    """Why a file is closed whose question nobody answered."""

    note = LongTextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stands in the trail of the file; the enterprise is told the question and the day."),
        max_length=1000,
        error_messages=NEEDED,
    )
