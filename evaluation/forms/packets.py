"""Forms of the packet: a choice beside a rank, and the reasons that are asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from evaluation.states import Recommendation
from records.widgets import PlainTextField

REASON_LENGTH = 600


class PickForm(forms.Form):
    """How a file is chosen for otherwise than its rank does, and why."""

    recommendation = forms.ChoiceField(
        label=gettext_lazy("What is chosen"),
        choices=[
            (Recommendation.RECOMMENDED, gettext_lazy("Take it out of its rank: recommend it")),
            (Recommendation.PASSED_OVER, gettext_lazy("Pass it over: leave it off the list")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what becomes of the file."),
            "invalid_choice": gettext_lazy("Choose one of the two."),
        },
    )
    reason = PlainTextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Everybody who reads the shortlist reads this sentence."),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write the reason: it is printed on the shortlist.")},
    )


class ReasonForm(forms.Form):
    """One reason. `label` and `missing` are the page's own words."""

    reason = PlainTextField(max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str, missing: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].error_messages["required"] = missing
