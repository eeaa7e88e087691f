"""Forms of the people's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Role
from districts.models import Office
from records.clock import today

LANGUAGES = [("en", "English"), ("ml", "മലയാളം")]


class PersonForm(forms.Form):
    """A new account."""

    full_name = forms.CharField(label=_("Name"), max_length=120)
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
    title = forms.CharField(
        label=_("Title of the post"), max_length=80, required=False, help_text=_("For example: Manager (Credit).")
    )
    starts = forms.DateField(
        label=_("From"),
        input_formats=["%d-%m-%Y", "%Y-%m-%d"],
        widget=forms.DateInput(format="%d-%m-%Y"),
        help_text=_("DD-MM-YYYY"),
    )
    additional = forms.BooleanField(label=_("Additional charge"), required=False)
    note = forms.CharField(label=_("Order or reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.select_related("district").order_by(
            "kind", "district__order", "code"
        )  # type: ignore[attr-defined]
        self.fields["starts"].initial = today()


class RelieveForm(forms.Form):
    """Why a posting ends."""

    note = forms.CharField(label=_("Reason"), max_length=200)


class FilterForm(forms.Form):
    """What the list of people is narrowed by."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=80)
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=[("", _("All"))] + [(r.value, r.label) for r in Role]
    )
    office = forms.ModelChoiceField(
        Office.objects.all(), label=_("Office"), required=False, to_field_name="code", empty_label=_("All")
    )


def people_matching(data: dict[str, Any]) -> Any:
    """Accounts narrowed by the filter, with their live posts."""
    found = User.objects.order_by("full_name", "pk")
    if words := data.get("q"):
        found = found.filter(full_name__icontains=words) | found.filter(email__icontains=words)
    if role := data.get("role"):
        found = (
            found.filter(postings__isnull=True)
            if role == Role.APPLICANT
            else found.filter(postings__role=role, postings__ends__isnull=True)
        )
    if office := data.get("office"):
        found = found.filter(postings__office=office, postings__ends__isnull=True)
    return found.distinct()
