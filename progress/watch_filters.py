"""What an address of the watch asks: every value from an allow-list; what is not known is left out and named."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Round
from districts.models import District
from progress.holders import holder_labels
from progress.stages import age_labels
from progress.watching import AGE_KEYS, YES, Narrow, stage_labels

ALL = "all"
MEASURES = {
    "received": _("Handed in"),
    "pending": _("Open files"),
    "late": _("Past their day"),
    "recommended": _("Recommended"),
    "selected": _("Selected"),
    "percent": _("Selected, per cent of the target"),
}
SORTS = {
    "days": _("the longest in its state first"),
    "-days": _("the shortest in its state first"),
    "enterprise": _("by name, A first"),
    "-enterprise": _("by name, Z first"),
    "district": _("by district"),
    "-district": _("by district, the last first"),
    "state": _("the earliest state first"),
    "-state": _("the latest state first"),
    "reference": _("by number"),
    "-reference": _("by number, the last first"),
}


class AddressForm(forms.Form):
    """A form read from an address. `left_out`: labels of the fields that held something not known here."""

    round = forms.ChoiceField(label=_("Round"))
    use_required_attribute = False

    def __init__(self, data: Mapping[str, str], *, rounds: Sequence[Round], **choices: Any) -> None:
        asked = {name: data.get(name, "").strip() for name in self.base_fields}
        self.rounds = rounds
        super().__init__({name: value or self.default(name) for name, value in asked.items()})
        choices["round"] = [*((str(call.number), str(call)) for call in rounds), (ALL, _("All rounds"))]
        for name, given in choices.items():
            field: Any = self.fields[name]
            field.choices = given if field.required else [("", _("Any")), *given]
        self.full_clean()
        self.left_out = [str(self.fields[name].label) for name in self.errors]
        if self.left_out:
            self.data = {name: self.default(name) if name in self.errors else self.data[name] for name in self.fields}
            self.full_clean()

    def default(self, name: str) -> str:
        """What is meant where the address says nothing: the round that is open, else the newest."""
        if name != "round" or not self.rounds:
            return ALL if name == "round" else ""
        return str(next((call for call in self.rounds if call.is_open), self.rounds[0]).number)

    @property
    def call(self) -> Round | None:
        """The round asked for; None for all of them."""
        asked = self.cleaned_data["round"]
        return next((call for call in self.rounds if str(call.number) == asked), None)


class WatchForm(AddressForm):
    """Round, and what the map shows."""

    show = forms.ChoiceField(label=_("Show on the map"), choices=list(MEASURES.items()))

    def default(self, name: str) -> str:
        return "received" if name == "show" else super().default(name)

    @property
    def measure(self) -> str:
        """One of MEASURES."""
        return str(self.cleaned_data["show"])


class FilesForm(AddressForm):
    """What the list of files is narrowed to, and its order."""

    district = forms.ChoiceField(label=_("District"), required=False)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    holder = forms.ChoiceField(label=_("With whom"), required=False)
    age = forms.ChoiceField(label=_("Days in its state"), required=False)
    late = forms.ChoiceField(label=_("Clock"), required=False)
    listed = forms.ChoiceField(label=_("Shortlist"), required=False)
    sort = forms.ChoiceField(label=_("Order"), choices=list(SORTS.items()))

    def __init__(self, data: Mapping[str, str], *, rounds: Sequence[Round], places: Sequence[District]) -> None:
        super().__init__(
            data,
            rounds=rounds,
            district=[(place.code, place.name) for place in places],
            stage=list(stage_labels().items()),
            holder=list(holder_labels().items()),
            age=list(zip(AGE_KEYS, age_labels(), strict=True)),
            late=[(YES, _("Past their day"))],
            listed=[(YES, _("Recommended by the district"))],
        )

    def default(self, name: str) -> str:
        return "days" if name == "sort" else super().default(name)

    @property
    def narrow(self) -> Narrow:
        """Which files are asked for."""
        return Narrow(**{name: self.cleaned_data[name] for name in Narrow.__dataclass_fields__})

    @property
    def words(self) -> dict[str, str]:
        """What is asked, by the name of its field, in words."""
        found = {}
        for name, value in self.narrow.asked.items():
            field: Any = self.fields[name]
            found[name] = str(dict(field.choices)[value])
        return found
