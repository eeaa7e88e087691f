"""Forms of the sections' tables: owners, activities, places of work, and one form a financial year."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import identifiers
from applications.forms.fields import IdentifierField, choice, label, text
from applications.models import (
    Activity,
    Application,
    EmploymentYear,
    FinancialYear,
    Gender,
    GrowthYear,
    Owner,
    Plant,
    SocialCategory,
    StatementStatus,
)
from applications.sections import years_ahead
from records.widgets import CountField, MoneyField


class RowForm(forms.Form):
    """One row: whole, or left out."""

    whole: Any = gettext_lazy("Fill this in, or leave the whole row empty.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.error_messages["required"] = self.whole


class YearForm(RowForm):
    """The figures of one financial year; the year itself is given by the round."""

    whole = gettext_lazy("Fill this in, or leave the whole year empty. Where there was none, write 0.")


class OwnerForm(RowForm):
    """One owner."""

    name = text(Owner, "name")
    share = forms.DecimalField(
        label=label(Owner, "share"),
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        widget=forms.TextInput({"class": "m-short", "inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": gettext_lazy("Enter the share in per cent, for example 33.34."),
            "min_value": gettext_lazy("A share is more than 0 and at most 100 per cent."),
            "max_value": gettext_lazy("A share is more than 0 and at most 100 per cent."),
        },
    )
    gender = choice(Owner, "gender", Gender.choices)
    social_category = choice(Owner, "social_category", SocialCategory.choices)


class ActivityForm(RowForm):
    """One NIC code."""

    nic_code = IdentifierField(identifiers.clean_nic, label=label(Activity, "nic_code"))
    description = text(Activity, "description")


class PlantForm(RowForm):
    """One place of work."""

    name = text(Plant, "name")
    address = text(Plant, "address")
    pin = IdentifierField(identifiers.clean_pin, label=label(Plant, "pin"))


class FinancialYearForm(YearForm):
    """What the statements of one year say."""

    status = choice(FinancialYear, "status", StatementStatus.choices)
    turnover_domestic = MoneyField(label=label(FinancialYear, "turnover_domestic"))
    turnover_export = MoneyField(
        label=label(FinancialYear, "turnover_export"), help_text=gettext_lazy("No exports: write 0.")
    )
    profit = MoneyField(
        label=label(FinancialYear, "profit"),
        negative=True,
        help_text=gettext_lazy("For a loss, put a minus sign first."),
    )
    plant_machinery = MoneyField(
        label=label(FinancialYear, "plant_machinery"),
        help_text=gettext_lazy("Written-down value, without land, building and furniture."),
    )


class EmploymentYearForm(YearForm):
    """Persons employed in one year."""

    women_permanent = CountField(label=label(EmploymentYear, "women_permanent"))
    men_permanent = CountField(label=label(EmploymentYear, "men_permanent"))
    other_permanent = CountField(label=label(EmploymentYear, "other_permanent"))
    women_contract = CountField(label=label(EmploymentYear, "women_contract"))
    men_contract = CountField(label=label(EmploymentYear, "men_contract"))
    other_contract = CountField(label=label(EmploymentYear, "other_contract"))


class GrowthYearForm(YearForm):
    """What is expected of one year ahead."""

    turnover = MoneyField(label=label(GrowthYear, "turnover"))
    exports = MoneyField(label=label(GrowthYear, "exports"), help_text=gettext_lazy("No exports: write 0."))
    jobs = CountField(label=label(GrowthYear, "jobs"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        turnover, exports = data.get("turnover"), data.get("exports")
        if turnover is not None and exports is not None and exports > turnover:
            self.add_error("exports", _("Exports are a part of the turnover and cannot be more."))
        return data


class RowsFormSet(BaseFormSet):
    """Rows that can be added without a script; an empty row is left out. Keys posted by anybody mean nothing: rows are kept by place."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": True, "use_required_attribute": False}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].asked = True  # its label needs no "(optional)"

    def clean(self) -> None:
        if self.total_form_count() < 0:  # no page asks for that; read as no rows, it would remove them all
            raise forms.ValidationError(_("The number of rows is not readable. Open this page again."))

    def rows(self) -> list[dict[str, Any]]:
        """The filled rows, in order; a cleared row is a removed one."""
        return [form.cleaned_data for form in self.forms if form.has_changed() and form not in self.deleted_forms]


class ActivitiesFormSet(RowsFormSet):
    """All NIC codes together."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        codes = [row["nic_code"] for row in self.rows()]
        if len(codes) != len(set(codes)):
            raise forms.ValidationError(_("Each NIC code is entered once."))


class OwnersFormSet(RowsFormSet):
    """All owners together: their shares add up to 100 per cent, or nothing is saved."""

    shares_open = ""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        total = sum((row["share"] for row in self.rows()), Decimal(0))
        if self.rows() and total != 100:
            sentence = _("The shares must add up to 100 per cent. They add up to %(total)s.")
            self.shares_open = sentence % {"total": f"{total.normalize():f}"}
            raise forms.ValidationError(self.shares_open)


def _factory(form: Any, formset: Any) -> Any:
    return formset_factory(
        form,
        formset=formset,
        extra=1,
        max_num=30,
        absolute_max=40,
        validate_max=True,
        can_delete=True,
        can_delete_extra=False,  # an empty row is left out anyway
    )


FORMSETS: dict[str, tuple[tuple[str, Any, Any], ...]] = {
    "enterprise": (
        ("activities", _factory(ActivityForm, ActivitiesFormSet), gettext_lazy("Activities on the Udyam certificate")),
        ("plants", _factory(PlantForm, RowsFormSet), gettext_lazy("Places of work")),
    ),
    "ownership": (("owners", _factory(OwnerForm, OwnersFormSet), gettext_lazy("Owners")),),
}
ROW_FORMS: dict[str, Any] = {"activities": ActivityForm, "plants": PlantForm, "owners": OwnerForm}
YEAR_FORMS: dict[str, tuple[str, Any]] = {
    "financials": ("financial_years", FinancialYearForm),
    "employment": ("employment_years", EmploymentYearForm),
    "growth": ("growth_years", GrowthYearForm),
}


def years_of(file: Application, key: str) -> list[str]:
    """The financial years a section asks for."""
    if key == "growth":
        return years_ahead(file)
    return list(file.round.financial_years) if key in YEAR_FORMS else []
