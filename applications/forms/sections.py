"""Forms of the sections' single rows. An empty field may be saved and is asked for later; what is typed must be right."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import identifiers
from applications.forms.fields import CodeNumbersField, IdentifierField, choice, label, long_text, most, text
from applications.models import Bank, Constitution, Declaration, Growth, LoanStatus, Profile, Sector
from records.widgets import CountField, DayField, MoneyField, YesNoField

UDYAM_BEGAN = date(2020, 7, 1)


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
    name_en = text(Profile, "name_en")
    name_ml = text(Profile, "name_ml")
    udyam_number = IdentifierField(
        identifiers.clean_udyam, label=label(Profile, "udyam_number"), help_text="UDYAM-KL-00-0000000"
    )
    udyam_date = DayField(label=label(Profile, "udyam_date"))
    pan = IdentifierField(identifiers.clean_pan, label=label(Profile, "pan"), help_text="ABCDE1234F")
    gstin = IdentifierField(
        identifiers.clean_gstin,
        label=label(Profile, "gstin"),
        help_text=gettext_lazy("15 characters. Leave it empty if the enterprise has none."),
    )
    constitution = choice(Profile, "constitution", Constitution.choices)
    sector = choice(Profile, "sector", Sector.choices)
    main_products = text(Profile, "main_products")
    began_on = DayField(
        label=label(Profile, "began_on"),
        help_text=gettext_lazy("The date of commencement on the Udyam certificate, DD-MM-YYYY."),
    )
    address = long_text(Profile, "address")
    pin = IdentifierField(identifiers.clean_pin, label=label(Profile, "pin"))
    contact_person = text(Profile, "contact_person")
    mobile = IdentifierField(
        identifiers.clean_mobile, label=label(Profile, "mobile"), help_text=gettext_lazy("10 digits.")
    )
    email = forms.EmailField(label=label(Profile, "email"), max_length=most(Profile, "email"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pan, gstin = data.get("pan"), data.get("gstin")
        if pan and gstin and gstin[2:12] != pan:
            self.add_error("gstin", _("The GSTIN and the PAN do not agree."))
        registered = data.get("udyam_date")
        if registered and registered < UDYAM_BEGAN:
            self.add_error(
                "udyam_date", _("Udyam registration began on 01-07-2020. Check the date on the certificate.")
            )
        return data


class GrowthForm(SectionForm):
    """Section "growth"."""

    optional = ("technology",)
    plan = long_text(Growth, "plan")
    markets = long_text(Growth, "markets")
    technology = long_text(Growth, "technology")
    cost_land_building = MoneyField(label=label(Growth, "cost_land_building"))
    cost_machinery = MoneyField(label=label(Growth, "cost_machinery"))
    cost_other = MoneyField(label=label(Growth, "cost_other"))
    cost_working_capital = MoneyField(label=label(Growth, "cost_working_capital"))
    means_own = MoneyField(label=label(Growth, "means_own"))
    means_loan = MoneyField(label=label(Growth, "means_loan"))
    means_other = MoneyField(label=label(Growth, "means_other"))
    new_jobs = CountField(label=label(Growth, "new_jobs"))


class BankForm(SectionForm):
    """Section "bank"."""

    optional = ("loan_outstanding", "default_details", "licences", "epf_esi")
    bank_name = text(Bank, "bank_name")
    account_number = IdentifierField(identifiers.clean_account, label=label(Bank, "account_number"))
    ifsc = IdentifierField(identifiers.clean_ifsc, label=label(Bank, "ifsc"), help_text="ABCD0123456")
    loan_status = forms.ChoiceField(
        label=label(Bank, "loan_status"),
        choices=LoanStatus.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("An overdue loan does not end your application. An officer will ask about it."),
    )
    loan_outstanding = MoneyField(
        label=label(Bank, "loan_outstanding"), help_text=gettext_lazy("Only if there are loans.")
    )
    default_details = long_text(
        Bank,
        "default_details",
        help_text=gettext_lazy("Only if a loan is overdue: since when, how much, what was agreed with the bank."),
    )
    in_insolvency = YesNoField(label=label(Bank, "in_insolvency"))
    gst_returns_filed = YesNoField(label=label(Bank, "gst_returns_filed"))
    other_subsidy = YesNoField(
        label=label(Bank, "other_subsidy"),
        help_text=gettext_lazy("A yes does not end your application. An officer will look at which assets it was for."),
    )
    licences = long_text(
        Bank,
        "licences",
        help_text=gettext_lazy("For example: Pollution Control Board consent, K-SWIFT acknowledgement, FSSAI."),
    )
    epf_esi = CodeNumbersField(label=label(Bank, "epf_esi"), max_length=most(Bank, "epf_esi"))


class DeclarationForm(SectionForm):
    """Section "declaration"."""

    signatory = text(Declaration, "signatory")
    designation = text(Declaration, "designation")
    place = text(Declaration, "place")
    true_statement = forms.BooleanField(label=label(Declaration, "true_statement"))
    consent = forms.BooleanField(label=label(Declaration, "consent"))
