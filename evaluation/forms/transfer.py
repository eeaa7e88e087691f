"""Form of a transfer to another DIC."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from districts.models import Office
from records.widgets import LongTextField


class OfficeField(forms.ModelChoiceField):
    """Offices by their name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class TransferForm(forms.Form):
    """To which DIC, and why."""

    office = OfficeField(
        label=_("To which DIC"),
        queryset=Office.objects.none(),
        empty_label=_("Choose the DIC"),
        error_messages={
            "required": _("Choose the DIC of another district."),
            "invalid_choice": _("Choose the DIC of another district."),
        },
    )
    reason = LongTextField(
        label=_("Why it goes there"),
        help_text=_(
            "For example: the unit lies in the other district. The other office reads this, the enterprise does not."
        ),
        max_length=2000,
        error_messages={"required": _("Write the reason.")},
    )

    def __init__(self, centres: QuerySet[Office], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = centres  # type: ignore[attr-defined]
