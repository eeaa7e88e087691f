"""Forms of what the Committee does with a file: recuse, vote, decide, reopen."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from evaluation.queries.judgement import Proposal
from evaluation.rules.committee import decision_verdict
from evaluation.states import DecisionReason, Outcome
from records.widgets import LongTextField, PlainTextField

REMARK_LENGTH = 600
REASON_LENGTH = 1000
CHOOSE_OUTCOME = gettext_lazy("Choose what the Committee decided.")
CHOOSE_REASON = gettext_lazy("Choose the reason of the decision.")


class RecuseForm(forms.Form):
    """Who is kept out of the file, and what the conflict of interest is."""

    member = forms.TypedChoiceField(
        label=gettext_lazy("Who is recused"),
        coerce=int,
        error_messages={
            "required": gettext_lazy("Choose who is recused."),
            "invalid_choice": gettext_lazy("Choose one of the people in the list."),
        },
    )
    reason = LongTextField(
        label=gettext_lazy("What the conflict of interest is"),
        help_text=gettext_lazy("It is read by the Committee and the Directorate, and stands in the minutes."),
        max_length=REMARK_LENGTH,
        error_messages={"required": gettext_lazy("Write what the conflict of interest is.")},
    )

    def __init__(self, people: Sequence[tuple[User, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {one.pk: one for one, _post in people}
        named = [(one.pk, _("%(name)s, %(post)s") % {"name": one.full_name, "post": post}) for one, post in people]
        self.fields["member"].choices = [("", _("Choose")), *named]  # type: ignore[attr-defined]
        if len(people) == 1:
            self.fields["member"].widget = forms.HiddenInput()
            self.initial["member"] = people[0][0].pk

    @property
    def chosen(self) -> User:
        """Who was chosen. After `is_valid`."""
        return self.people[self.cleaned_data["member"]]


class VoteForm(forms.Form):
    """What a member holds of the file."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What do you hold of this file?"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose what you hold of the file."),
            "invalid_choice": gettext_lazy("Choose what you hold of the file."),
        },
    )
    remark = PlainTextField(
        label=gettext_lazy("Remark"),
        help_text=gettext_lazy("Read by the Committee and the Directorate, not by the enterprise."),
        max_length=REMARK_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DecideForm(forms.Form):
    """What the Committee decided and why. What the ranking proposes is chosen already; below the pass mark nothing else can be."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_OUTCOME, "invalid_choice": CHOOSE_OUTCOME},
    )
    code = forms.ChoiceField(
        label=gettext_lazy("Reason"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE_REASON, "invalid_choice": CHOOSE_REASON},
    )
    reason = PlainTextField(
        label=gettext_lazy("In words"),
        help_text=gettext_lazy(
            "Printed with the decision. Needed where the Committee decides out of rank, against the votes or without a quorum."
        ),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, proposal: Proposal, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"outcome": proposal.outcome, "code": proposal.code})
        super().__init__(*args, **kwargs)
        self.proposal = proposal
        outcomes = [Outcome.NOT_SELECTED] if proposal.below else list(Outcome)
        codes = [proposal.code, *(code for code in DecisionReason if not code.by_rank)]
        self.fields["outcome"].choices = [(one.value, one.label) for one in outcomes]  # type: ignore[attr-defined]
        self.fields["code"].choices = [(one.value, one.label) for one in codes]  # type: ignore[attr-defined]
        if proposal.below:
            mark = f"{proposal.pass_mark.normalize():f}"
            below = _("This file is below the pass mark %(mark)s: it cannot be selected.") % {"mark": mark}
            self.fields["outcome"].error_messages["invalid_choice"] = below

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            verdict, field = decision_verdict(
                data["outcome"],
                data["code"],
                data.get("reason", ""),
                proposal=(self.proposal.outcome, self.proposal.code),
                total=self.proposal.total,
                pass_mark=self.proposal.pass_mark,
            )
            if not verdict:
                self.add_error(field, str(verdict.reason))
        return data


class ReopenForm(forms.Form):
    """Why a decision is taken up again."""

    reason = LongTextField(
        label=gettext_lazy("Why the decision is taken up again"),
        help_text=gettext_lazy("It is kept with the decision that stood, and stands in the minutes."),
        max_length=REASON_LENGTH,
        error_messages={"required": gettext_lazy("Write why the decision is taken up again.")},
    )
