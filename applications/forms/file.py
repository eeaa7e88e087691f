"""Small forms around a file: name an enterprise, send a document, withdraw."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications import identifiers
from applications.forms.fields import IdentifierField, label, text
from applications.models import Profile
from districts.models import District, Taluk
from records.files import PDF_AND_PICTURES
from records.widgets import LongTextField


class EnterpriseForm(forms.Form):
    """A new enterprise."""

    name_en = text(Profile, "name_en")
    name_ml = text(Profile, "name_ml", required=False)
    udyam_number = IdentifierField(
        identifiers.clean_udyam, label=label(Profile, "udyam_number"), help_text="UDYAM-KL-00-0000000"
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
        widget=forms.ClearableFileInput({"accept": ",".join(PDF_AND_PICTURES)}),
    )


class WithdrawForm(forms.Form):
    """Why an application is given up."""

    note = LongTextField(label=gettext_lazy("Why do you withdraw?"), max_length=1000)


class AnswerForm(forms.Form):
    """The words of an answer: kept as they are typed, asked for when it is sent."""

    answer = LongTextField(
        label=gettext_lazy("Your answer"),
        max_length=2000,
        help_text=gettext_lazy("In a few sentences: what you changed or sent, and why."),
        error_messages={"required": gettext_lazy("Write a short answer.")},
    )

    def __init__(self, *args: Any, sending: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].required = sending
        self.fields["answer"].asked = True  # type: ignore[attr-defined]
