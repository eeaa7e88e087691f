"""Form of a desk handed over."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from evaluation.queries.giving import Taker
from records.widgets import LongTextField


class HandOverForm(forms.Form):
    """To whom the desk goes, and why. `desk` is the key of whose it is."""

    desk = forms.CharField(widget=forms.HiddenInput, max_length=40)
    to = forms.TypedChoiceField(
        label=gettext_lazy("Who takes it over"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose who takes the desk over."),
            "invalid_choice": gettext_lazy("Choose an officer of this office from the list."),
        },
    )
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "For example: transferred by order No. 214 of 02-11-2026. It stands in the trail of each file."
        ),
        max_length=500,
        error_messages={"required": gettext_lazy("Write the reason.")},
    )

    def __init__(self, officers: Sequence[Taker], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.user.pk: one.user for one in officers}
        self.fields["to"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose an officer")),
            *((one.user.pk, f"{one.user.full_name}, {one.post}") for one in officers),
        ]

    @property
    def receiver(self) -> User:
        """Who was chosen. After `is_valid`."""
        return self.people[self.cleaned_data["to"]]
