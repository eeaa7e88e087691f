"""Forms of the appraisal beyond the scorecard: a reason, a moderated total."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.formats import latin_digits
from records.widgets import LongTextField


class ReasonForm(forms.Form):
    """Why locked marks are opened again, or an evaluator is replaced."""

    reason = LongTextField(label=gettext_lazy("Reason"), max_length=500)

    def __init__(self, *args: Any, missing: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _(
            "Whoever may open the file reads it in the trail, evaluators too: write no mark and no total into it."
        )
        self.fields["reason"].error_messages["required"] = missing


class TotalField(forms.DecimalField):
    """A total out of 100 with two places at most, as it is written by hand."""

    def clean(self, value: Any) -> Any:
        return super().clean(latin_digits(str(value)).strip() if value is not None else value)


class ModerateForm(forms.Form):
    """The official total of a file, and why."""

    reason = LongTextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It is printed with the shortlist."),
        max_length=2000,
        error_messages={"required": gettext_lazy("Say why this is the total: it is printed with the shortlist.")},
    )

    def __init__(self, lowest: Decimal, highest: Decimal, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        span = {"lowest": lowest, "highest": highest}
        wrong = _("The moderated total lies between %(lowest)s and %(highest)s, with two places at most.") % span
        names = (
            "required",
            "invalid",
            "min_value",
            "max_value",
            "max_digits",
            "max_decimal_places",
            "max_whole_digits",
        )
        self.fields["total"] = TotalField(
            label=_("Official total"),
            help_text=_("Between %(lowest)s and %(highest)s, two places at most.") % span,
            min_value=lowest,
            max_value=highest,
            max_digits=5,
            decimal_places=2,
            widget=forms.TextInput({"class": "m-short", "inputmode": "decimal", "autocomplete": "off"}),
            error_messages=dict.fromkeys(names, wrong),
        )
        self.order_fields(["total", "reason"])
