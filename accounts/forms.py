"""Forms of the people's pages."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from districts.models import Office
from records.clock import today
from records.widgets import DayField, PlainTextField

LANGUAGES = [("en", "English"), ("ml", "മലയാളം")]


class PersonForm(forms.Form):
    """A new account."""

    full_name = PlainTextField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)


class PostingForm(forms.Form):
    """A post."""

    role = forms.ChoiceField(
        label=_("Role"), choices=[(role.value, role.label) for role in Role if role != Role.APPLICANT]
    )
    office = forms.ModelChoiceField(
        Office.objects.none(), label=_("Office"), required=False, empty_label=_("No office")
    )
    title = PlainTextField(
        label=_("Title of the post"), max_length=80, required=False, help_text=_("For example: Manager (Credit).")
    )
    starts = DayField(label=_("From"), future=True)
    additional = forms.BooleanField(label=_("Additional charge"), required=False)
    note = PlainTextField(label=_("Order or reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        office = cast("forms.ModelChoiceField[Office]", self.fields["office"])
        office.queryset = Office.objects.select_related("district").order_by("kind", "district__order", "code")
        self.fields["starts"].initial = today()


class RelieveForm(forms.Form):
    """Why a posting ends."""

    note = PlainTextField(label=_("Reason"), max_length=200)
