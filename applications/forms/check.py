"""The public check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from applications.eligibility import Inputs
from applications.models import LoanStatus, Sector
from records.widgets import DayField


class CheckForm(forms.Form):
    """The eight questions of the public check. Each has "I do not know", which leads to an officer, never to a no."""

    UNSURE = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")), ("unsure", gettext_lazy("I do not know"))]
    udyam = forms.ChoiceField(
        label=gettext_lazy("Is the enterprise registered on Udyam?"), choices=UNSURE, widget=forms.RadioSelect
    )
    in_kerala = forms.ChoiceField(
        label=gettext_lazy("Does the unit work in Kerala?"), choices=UNSURE, widget=forms.RadioSelect
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("What does the unit mainly do?"),
        choices=[*Sector.choices, ("unsure", gettext_lazy("I do not know"))],
        widget=forms.RadioSelect,
    )
    began_on = DayField(
        label=gettext_lazy("On which date did operations begin?"),
        required=False,
        help_text=gettext_lazy(
            "The date of commencement on the Udyam certificate, DD-MM-YYYY. Leave it empty if you do not know it."
        ),
    )
    sales_in_years = forms.ChoiceField(
        label=gettext_lazy("In how many of the last three financial years were there sales?"),
        choices=[
            ("3", "3"),
            ("2", "2"),
            ("1", "1"),
            ("0", gettext_lazy("None")),
            ("unsure", gettext_lazy("I do not know")),
        ],
        widget=forms.RadioSelect,
    )
    loans = forms.ChoiceField(
        label=gettext_lazy("How do the loans of the enterprise stand?"),
        choices=[
            *LoanStatus.choices,
            ("defaulter", gettext_lazy("In insolvency, or declared a wilful defaulter")),
            ("unsure", gettext_lazy("I do not know")),
        ],
        widget=forms.RadioSelect,
    )
    other_subsidy = forms.ChoiceField(
        label=gettext_lazy("Did the enterprise draw another capital subsidy for the same assets?"),
        choices=UNSURE,
        widget=forms.RadioSelect,
    )
    planned = forms.ChoiceField(
        label=gettext_lazy("Does the enterprise have a plan to grow its turnover?"),
        choices=UNSURE,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = gettext_lazy("Choose an answer.")

    def inputs(self) -> Inputs:
        """The answers, for the rules."""
        data = self.cleaned_data
        known = {"yes": True, "no": False}
        return Inputs(
            udyam=known.get(data["udyam"]),
            in_kerala=known.get(data["in_kerala"]),
            sector="" if data["sector"] == "unsure" else data["sector"],
            began_on=data["began_on"],
            sales_in_years=None if data["sales_in_years"] == "unsure" else int(data["sales_in_years"]),
            loans=data["loans"],
            other_subsidy=known.get(data["other_subsidy"]),
            planned=known.get(data["planned"]),
        )
