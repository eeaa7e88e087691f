"""Forms of finding a file ineligible and of reinstating it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from applications.eligibility_texts import Words
from evaluation.queries.giving import Taker
from records.widgets import LongTextField

NEEDED = {"required": gettext_lazy("Write the reason.")}


class ProposalForm(forms.Form):
    """By which rule, and why in this case."""

    rule = forms.ChoiceField(
        label=gettext_lazy("Rule"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose the rule."),
            "invalid_choice": gettext_lazy("Choose one of the rules."),
        },
    )
    reason = LongTextField(
        label=gettext_lazy("Reason in this case"),
        help_text=gettext_lazy(
            "What you found and on which paper. The General Manager reads it, and may pass it on to the enterprise."
        ),
        max_length=2000,
        error_messages=NEEDED,
    )

    def __init__(self, rules: Mapping[str, Words], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(key, words.red) for key, words in rules.items()]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The General Manager's answer."""

    reason = LongTextField(
        label=gettext_lazy("Your reason"),
        help_text=gettext_lazy(
            "If you confirm, the enterprise reads this text. If you send the proposal back, only the office does."
        ),
        max_length=2000,
        error_messages=NEEDED,
    )


class ReinstateForm(forms.Form):
    """Who looks after the file from now on, and why it comes back."""

    officer = forms.TypedChoiceField(
        label=gettext_lazy("Who looks after it now"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose who looks after the file."),
            "invalid_choice": gettext_lazy("Choose an officer of this office from the list."),
        },
    )
    reason = LongTextField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stands in the trail of the file; the enterprise does not read it."),
        max_length=2000,
        error_messages=NEEDED,
    )

    def __init__(self, officers: Sequence[Taker], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.user.pk: one.user for one in officers}
        self.fields["officer"].choices = [  # type: ignore[attr-defined]
            (one.user.pk, _("%(name)s, %(post)s") % {"name": one.user.full_name, "post": one.post}) for one in officers
        ]

    @property
    def chosen(self) -> User:
        """Who was chosen. After `is_valid`."""
        return self.people[self.cleaned_data["officer"]]
