"""Forms of the judging. They turn what was typed into values; what is allowed is asked in `evaluation.rules`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import RejectionReason
from evaluation import figures
from evaluation.actions import Given
from evaluation.cards import Card, Line
from evaluation.queries import Candidate
from records.widgets import CountField, DayField, MoneyField, PlainTextField

NOT_APPLICABLE = "na"
REASON_LENGTH = 1000


class FigureForm(forms.Form):
    """What an officer found for one figure, and where."""

    def __init__(self, figure: figures.Figure, *args: Any, same_as: figures.Value | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.figure = figure
        self.same_as = same_as
        self.fields["value"] = self._value_field()
        self.fields["source"] = PlainTextField(
            label=_("Where it comes from"),
            help_text=_("The paper and the page, for example “Profit and loss, page 3”."),
            max_length=200,
            error_messages={"required": _("Say where the figure comes from, for example “Profit and loss, page 3”.")},
        )
        if same_as is not None:  # whatever stands in the field does not matter then
            typed = self.fields["value"]
            self.fields["value"] = forms.CharField(required=False, label=typed.label, widget=typed.widget)
            self.order_fields(["value", "source"])

    def _value_field(self) -> forms.Field:
        label = _("What you found")
        match self.figure.kind:
            case figures.Kind.MONEY:
                needed = {"required": _("Enter the amount in rupees. If there is none, write 0.")}
                loss = self.figure.key.startswith("profit:")
                return MoneyField(label=label, negative=loss, error_messages=needed)
            case figures.Kind.PERSONS:
                field = CountField(label=label)
                field.error_messages["required"] = _("Enter the number of persons. If there are none, write 0.")
                return field
            case figures.Kind.YES_NO:
                return forms.ChoiceField(
                    label=label,
                    choices=[("no", _("No")), ("yes", _("Yes"))],
                    widget=forms.RadioSelect,
                    error_messages={"required": _("Choose yes or no."), "invalid_choice": _("Choose yes or no.")},
                )
            case figures.Kind.DATE:
                wrong = _("Enter the date as DD-MM-YYYY.")
                return DayField(label=label, error_messages={"required": wrong, "invalid": wrong})

    def clean_value(self) -> figures.Value | None:
        value = self.cleaned_data.get("value")
        if self.same_as is not None:
            return self.same_as
        if value is None:
            return None
        if self.figure.kind is figures.Kind.DATE:
            return str(value.isoformat())
        return str(value) if self.figure.kind is figures.Kind.YES_NO else Decimal(value)


class RejectForm(forms.Form):
    """Why a document is rejected: a code for the report, a note the applicant can act on."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it rejected?"),
        choices=RejectionReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose why the document is rejected."),
            "invalid_choice": gettext_lazy("Choose one of the reasons."),
        },
    )
    note = PlainTextField(
        label=gettext_lazy("What should the applicant send instead?"),
        help_text=gettext_lazy("The applicant reads this sentence."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("reason") == RejectionReason.OTHER and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say what is wrong: the reason “Another reason” says nothing by itself."))
        return data


class AssignForm(forms.Form):
    """Who is to evaluate a file."""

    evaluators = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Evaluators"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose an evaluator."),
            "invalid_choice": gettext_lazy("Choose evaluators from the list."),
        },
    )

    def __init__(self, found: Sequence[Candidate], most: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most
        self.people = {candidate.user.pk: candidate.user for candidate in found if candidate.verdict}
        self.fields["evaluators"].choices = [  # type: ignore[attr-defined]
            (
                candidate.user.pk,
                _("%(name)s, %(post)s") % {"name": candidate.user.full_name, "post": candidate.post},
            )
            for candidate in found
            if candidate.verdict
        ]

    def clean_evaluators(self) -> list[Any]:
        chosen = self.cleaned_data["evaluators"]
        if len(chosen) > self.most:
            raise forms.ValidationError(_("Choose at most %(most)s.") % {"most": self.most})
        return [self.people[key] for key in chosen]


class StepBackForm(forms.Form):
    """Why an evaluator steps back."""

    reason = PlainTextField(
        label=gettext_lazy("Why do you step back?"),
        help_text=gettext_lazy("For example: I know the owner. The manager reads this."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("Say why you step back.")},
    )


class ScorecardForm(forms.Form):
    """Marks and reasons, two fields a criterion. A draft may have gaps; `locking` asks for everything."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, card: Card, *args: Any, locking: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.card = card
        self.locking = locking
        self.fields["version"].initial = card.assessment.version
        for line in card.lines:
            self.fields[f"mark_{line.criterion.key}"] = self._mark_field(line)
            self.fields[f"why_{line.criterion.key}"] = PlainTextField(
                label=_("Why this mark?"),
                required=False,
                max_length=REASON_LENGTH,
                initial=line.mark.justification if line.mark else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @staticmethod
    def _mark_field(line: Line) -> forms.Field:
        criterion = line.criterion
        choices = [(str(band.mark), band.words) for band in line.bands]
        if line.may_leave_out:
            choices.append((NOT_APPLICABLE, _("Not applicable")))
        message = _("Marks for %(criterion)s go from 1 to %(most)s.")
        initial = None
        if line.mark is not None:
            initial = NOT_APPLICABLE if line.mark.not_applicable else line.mark.mark
        return forms.ChoiceField(
            choices=choices,
            required=False,
            initial="" if initial is None else str(initial),
            widget=forms.RadioSelect,
            error_messages={"invalid_choice": message % {"criterion": criterion.name, "most": criterion.max_mark}},
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.locking:
            return data
        for line in self.card.lines:
            key, place = line.criterion.key, {"number": line.criterion.order, "criterion": line.criterion.name}
            if not data.get(f"mark_{key}") and f"mark_{key}" not in self.errors:
                self.add_error(f"mark_{key}", _("%(number)s. %(criterion)s: choose a mark.") % place)
            if not data.get(f"why_{key}") and f"why_{key}" not in self.errors:
                self.add_error(f"why_{key}", _("%(number)s. %(criterion)s: say why you chose it.") % place)
        return data

    @property
    def given(self) -> Mapping[str, Given]:
        """What was typed, as the action wants it. After `is_valid`."""
        found = {}
        for line in self.card.lines:
            key = line.criterion.key
            mark = self.cleaned_data.get(f"mark_{key}") or ""
            found[key] = Given(
                mark=int(mark) if mark.isdigit() else None,
                not_applicable=mark == NOT_APPLICABLE,
                justification=self.cleaned_data.get(f"why_{key}") or "",
            )
        return found

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each criterion with its two fields, for the template."""
        rows = []
        for line in self.card.lines:
            mark = self[f"mark_{line.criterion.key}"]
            rows.append(
                {
                    "line": line,
                    "mark": mark,
                    "why": self[f"why_{line.criterion.key}"],
                    "chosen": str(mark.value() or ""),
                }
            )
        return rows
