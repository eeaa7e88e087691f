"""The form that settles a contested number."""

from django import forms
from django.utils.translation import gettext_lazy

from applications.models import Outcome
from records.widgets import LongTextField


class SettleForm(forms.Form):
    """What the certificates show, and for which of the two."""

    other = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What do the certificates show?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what the certificates show."),
            "invalid_choice": gettext_lazy("Choose what the certificates show."),
        },
    )
    reason = LongTextField(
        label=gettext_lazy("What the certificates showed"),
        help_text=gettext_lazy("The name, address and number on each. Only the office reads this."),
        max_length=1000,
        error_messages={"required": gettext_lazy("Write what the certificates show.")},
    )
