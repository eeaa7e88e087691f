"""Forms of the sections. An empty field may be saved and is asked for later; what is typed must be right."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import identifiers
from applications.eligibility import Inputs
from applications.models import (
    Application,
    Bank,
    Constitution,
    Declaration,
    Gender,
    Growth,
    LoanStatus,
    Owner,
    Profile,
    Sector,
    SocialCategory,
    StatementStatus,
)
from applications.models.sections import Activity, EmploymentYear, FinancialYear, GrowthYear, Plant
from applications.sections import years_ahead
from districts.models import District, Taluk
from records.widgets import CountField, DayField, LongTextField, MoneyField, PlainTextField, YesNoField

EMPTY = [("", "—")]


class IdentifierField(forms.CharField):
    """A number read by one of `identifiers.clean_*`."""

    def __init__(self, clean: Callable[[str], str], **kwargs: Any) -> None:
        self._clean = clean
        kwargs.setdefault("widget", forms.TextInput({"class": "m-short", "autocomplete": "off", "spellcheck": "false"}))
        super().__init__(max_length=60, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return self._clean(text)
        except identifiers.BadIdentifier as error:
            raise forms.ValidationError(str(error)) from error


def _label(model: Any, name: str) -> Any:
    return model._meta.get_field(name).verbose_name


def _most(model: Any, name: str) -> int | None:
    most: int | None = model._meta.get_field(name).max_length
    return most


def _text(model: Any, name: str, **kwargs: Any) -> PlainTextField:
    return PlainTextField(label=_label(model, name), max_length=_most(model, name), **kwargs)


def _long(model: Any, name: str, **kwargs: Any) -> LongTextField:
    return LongTextField(label=_label(model, name), max_length=_most(model, name), **kwargs)


def _choice(model: Any, name: str, choices: Any, **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_label(model, name), choices=[*EMPTY, *choices], **kwargs)


class SectionForm(forms.Form):
    """Fields may be left empty in a draft; the to-do list asks for them before the submit."""

    optional: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.required = False
            field.widget.is_required = False
            field.asked = name not in self.optional  # type: ignore[attr-defined]


class ProfileForm(SectionForm):
    """Section "enterprise"."""

    optional = ("name_ml", "gstin")
    name_en = _text(Profile, "name_en")
    name_ml = _text(Profile, "name_ml")
    udyam_number = IdentifierField(
        identifiers.clean_udyam, label=_label(Profile, "udyam_number"), help_text="UDYAM-KL-00-0000000"
    )
    udyam_date = DayField(label=_label(Profile, "udyam_date"))
    pan = IdentifierField(identifiers.clean_pan, label=_label(Profile, "pan"), help_text="ABCDE1234F")
    gstin = IdentifierField(
        identifiers.clean_gstin,
        label=_label(Profile, "gstin"),
        help_text=gettext_lazy("15 characters. Leave it empty if the enterprise has none."),
    )
    constitution = _choice(Profile, "constitution", Constitution.choices)
    sector = _choice(Profile, "sector", Sector.choices)
    main_products = _text(Profile, "main_products")
    began_on = DayField(
        label=_label(Profile, "began_on"),
        help_text=gettext_lazy("The date of commencement on the Udyam certificate, DD-MM-YYYY."),
    )
    address = _long(Profile, "address")
    pin = IdentifierField(identifiers.clean_pin, label=_label(Profile, "pin"))
    contact_person = _text(Profile, "contact_person")
    mobile = IdentifierField(
        identifiers.clean_mobile, label=_label(Profile, "mobile"), help_text=gettext_lazy("10 digits.")
    )
    email = forms.EmailField(label=_label(Profile, "email"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pan, gstin = data.get("pan"), data.get("gstin")
        if pan and gstin and gstin[2:12] != pan:
            self.add_error("gstin", _("The GSTIN and the PAN do not agree."))
        began, registered = data.get("began_on"), data.get("udyam_date")
        if began and registered and registered.year < 2020:
            self.add_error(
                "udyam_date", _("Udyam registration began on 01-07-2020. Check the date on the certificate.")
            )
        return data


class OwnerForm(forms.Form):
    """One owner."""

    name = _text(Owner, "name")
    share = forms.DecimalField(
        label=_label(Owner, "share"),
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
    gender = _choice(Owner, "gender", Gender.choices)
    social_category = _choice(Owner, "social_category", SocialCategory.choices)


class ActivityForm(forms.Form):
    """One NIC code."""

    nic_code = IdentifierField(identifiers.clean_nic, label=_label(Activity, "nic_code"))
    description = _text(Activity, "description")


class PlantForm(forms.Form):
    """One place of work."""

    name = _text(Plant, "name")
    address = _text(Plant, "address")
    pin = IdentifierField(identifiers.clean_pin, label=_label(Plant, "pin"))


class FinancialYearForm(forms.Form):
    """One financial year; the year itself is given by the round."""

    status = _choice(FinancialYear, "status", StatementStatus.choices)
    turnover_domestic = MoneyField(label=_label(FinancialYear, "turnover_domestic"))
    turnover_export = MoneyField(
        label=_label(FinancialYear, "turnover_export"), help_text=gettext_lazy("No exports: write 0.")
    )
    profit = MoneyField(
        label=_label(FinancialYear, "profit"),
        negative=True,
        help_text=gettext_lazy("For a loss, put a minus sign first."),
    )
    plant_machinery = MoneyField(
        label=_label(FinancialYear, "plant_machinery"),
        help_text=gettext_lazy("Written-down value, without land, building and furniture."),
    )


class EmploymentYearForm(forms.Form):
    """Persons employed in one year."""

    women_permanent = CountField(label=_label(EmploymentYear, "women_permanent"))
    men_permanent = CountField(label=_label(EmploymentYear, "men_permanent"))
    other_permanent = CountField(label=_label(EmploymentYear, "other_permanent"))
    women_contract = CountField(label=_label(EmploymentYear, "women_contract"))
    men_contract = CountField(label=_label(EmploymentYear, "men_contract"))
    other_contract = CountField(label=_label(EmploymentYear, "other_contract"))


class GrowthYearForm(forms.Form):
    """What is expected of one year ahead."""

    turnover = MoneyField(label=_label(GrowthYear, "turnover"))
    exports = MoneyField(label=_label(GrowthYear, "exports"), help_text=gettext_lazy("No exports: write 0."))
    jobs = CountField(label=_label(GrowthYear, "jobs"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        turnover, exports = data.get("turnover"), data.get("exports")
        if turnover is not None and exports is not None and exports > turnover:
            self.add_error("exports", _("Exports are a part of the turnover and cannot be more."))
        return data


class GrowthForm(SectionForm):
    """Section "growth"."""

    optional = ("technology",)
    plan = _long(Growth, "plan")
    markets = _long(Growth, "markets")
    technology = _long(Growth, "technology")
    cost_land_building = MoneyField(label=_label(Growth, "cost_land_building"))
    cost_machinery = MoneyField(label=_label(Growth, "cost_machinery"))
    cost_other = MoneyField(label=_label(Growth, "cost_other"))
    cost_working_capital = MoneyField(label=_label(Growth, "cost_working_capital"))
    means_own = MoneyField(label=_label(Growth, "means_own"))
    means_loan = MoneyField(label=_label(Growth, "means_loan"))
    means_other = MoneyField(label=_label(Growth, "means_other"))
    new_jobs = CountField(label=_label(Growth, "new_jobs"))


class BankForm(SectionForm):
    """Section "bank"."""

    optional = ("loan_outstanding", "default_details", "licences", "epf_esi")
    bank_name = _text(Bank, "bank_name")
    account_number = IdentifierField(identifiers.clean_account, label=_label(Bank, "account_number"))
    ifsc = IdentifierField(identifiers.clean_ifsc, label=_label(Bank, "ifsc"), help_text="ABCD0123456")
    loan_status = forms.ChoiceField(
        label=_label(Bank, "loan_status"),
        choices=LoanStatus.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("An overdue loan does not end your application. An officer will ask about it."),
    )
    loan_outstanding = MoneyField(
        label=_label(Bank, "loan_outstanding"), help_text=gettext_lazy("Only if there are loans.")
    )
    default_details = _long(
        Bank,
        "default_details",
        help_text=gettext_lazy("Only if a loan is overdue: since when, how much, what was agreed with the bank."),
    )
    in_insolvency = YesNoField(label=_label(Bank, "in_insolvency"))
    gst_returns_filed = YesNoField(label=_label(Bank, "gst_returns_filed"))
    other_subsidy = YesNoField(
        label=_label(Bank, "other_subsidy"),
        help_text=gettext_lazy("A yes does not end your application. An officer will look at which assets it was for."),
    )
    licences = _long(
        Bank,
        "licences",
        help_text=gettext_lazy("For example: Pollution Control Board consent, K-SWIFT acknowledgement, FSSAI."),
    )
    epf_esi = _text(Bank, "epf_esi")


class DeclarationForm(SectionForm):
    """Section "declaration"."""

    signatory = _text(Declaration, "signatory")
    designation = _text(Declaration, "designation")
    place = _text(Declaration, "place")
    true_statement = forms.BooleanField(label=_label(Declaration, "true_statement"))
    consent = forms.BooleanField(label=_label(Declaration, "consent"))


class RowsFormSet(BaseFormSet):  # type: ignore[type-arg]
    """Rows that can be added without a script; an empty row is left out. Keys posted by anybody mean nothing: rows are kept by place."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": True, "use_required_attribute": False}

    def rows(self) -> list[dict[str, Any]]:
        """The filled rows, in order; a cleared row is a removed one."""
        return [form.cleaned_data for form in self.forms if form.has_changed() and form not in self.deleted_forms]


class OwnersFormSet(RowsFormSet):
    """All owners together."""

    def clean(self) -> None:
        if any(self.errors):
            return
        rows = self.rows()
        if rows and sum((row["share"] for row in rows), Decimal(0)) != 100:
            total = sum((row["share"] for row in rows), Decimal(0))
            raise forms.ValidationError(
                _("The shares must add up to 100 per cent. They add up to %(total)s.")
                % {"total": f"{total.normalize():f}"}
            )


class ActivitiesFormSet(RowsFormSet):
    """All NIC codes together."""

    def clean(self) -> None:
        if any(self.errors):
            return
        codes = [row["nic_code"] for row in self.rows()]
        if len(codes) != len(set(codes)):
            raise forms.ValidationError(_("Each NIC code is entered once."))


def _factory(form: Any, formset: Any) -> Any:
    return formset_factory(
        form, formset=formset, extra=1, max_num=30, absolute_max=40, validate_max=True, can_delete=True
    )


FORMSETS: dict[str, tuple[tuple[str, Any, Any], ...]] = {
    "enterprise": (
        ("activities", _factory(ActivityForm, ActivitiesFormSet), gettext_lazy("Activities on the Udyam certificate")),
        ("plants", _factory(PlantForm, RowsFormSet), gettext_lazy("Places of work")),
    ),
    "ownership": (("owners", _factory(OwnerForm, OwnersFormSet), gettext_lazy("Owners")),),
}
ROW_FORMS: dict[str, Any] = {"activities": ActivityForm, "plants": PlantForm, "owners": OwnerForm}
MAIN_FORMS: dict[str, Any] = {
    "enterprise": ProfileForm,
    "growth": GrowthForm,
    "bank": BankForm,
    "declaration": DeclarationForm,
}
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


class EnterpriseForm(forms.Form):
    """A new enterprise."""

    name_en = _text(Profile, "name_en")
    name_ml = _text(Profile, "name_ml", required=False)
    udyam_number = IdentifierField(
        identifiers.clean_udyam, label=_label(Profile, "udyam_number"), help_text="UDYAM-KL-00-0000000"
    )
    district = forms.ModelChoiceField(
        District.objects.all(), label=gettext_lazy("District of the unit"), empty_label="—"
    )
    taluk = forms.ModelChoiceField(
        Taluk.objects.select_related("district"),
        label=gettext_lazy("Taluk"),
        empty_label="—",
        help_text=gettext_lazy("Sorted by district."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taluks: Any = self.fields["taluk"]
        groups: dict[str, list[tuple[int, str]]] = {}
        for taluk in taluks.queryset:
            groups.setdefault(taluk.district.name, []).append((taluk.pk, taluk.name))
        taluks.choices = [("", "—"), *groups.items()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        district, taluk = data.get("district"), data.get("taluk")
        if district and taluk and taluk.district_id != district.pk:
            self.add_error("taluk", _("Choose a taluk of %(district)s.") % {"district": district.name})
        return data


class DocumentForm(forms.Form):
    """One file for one kind of document."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        required=False,
        widget=forms.ClearableFileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )


class WithdrawForm(forms.Form):
    """Why an application is given up."""

    note = LongTextField(label=gettext_lazy("Why do you withdraw?"), max_length=1000)


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
