"""What the desk is narrowed and ordered by: the allow-list; anything else in the address is left out."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import django_filters
from django.core.validators import RegexValidator
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from applications import priority
from applications.models import Application, Round, Sector, SizeClass
from applications.states import BEFORE_SUBMIT, State
from districts.models import District, Taluk
from progress import search
from progress.waiting import WAITS, due_soon, past_their_day

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
STATES = [(state.value, state.label) for state in State if state not in BEFORE_SUBMIT]
# Words of addresses from before the queues had names of their own; they go on working.
OLD_STATES = {"new": State.SUBMITTED.value, "with_applicant": State.CLARIFICATION.value, "all": ""}
_PLACE_OF_STATE = Case(
    *(When(state=state, then=Value(place)) for place, state in enumerate(State.values)), output_field=IntegerField()
)
ORDERS: dict[str, tuple[Any, Any, Any]] = {  # key: expression, words going up, words going down
    "clock": (F("due_on"), _("the least time left first"), _("the most time left first")),
    "enterprise": (F("enterprise__name_en"), _("by name, A first"), _("by name, Z first")),
    "state": (_PLACE_OF_STATE, _("the earliest state first"), _("the latest state first")),
    "taluk": (F("taluk__name_en"), _("by taluk, A first"), _("by taluk, Z first")),
    "turnover": (F("traits__turnover"), _("the least turnover first"), _("the largest turnover first")),
}
SORTS = [(key, up) for key, (_by, up, _down) in ORDERS.items()] + [
    (f"-{key}", down) for key, (_by, _up, down) in ORDERS.items()
]
OFFICE_ONLY = ("contested", "flags", "waits")  # hints for officers; an evaluator of a taluk office reads none


class DeskFilter(django_filters.FilterSet):
    """The filters of the desk, as one condition, so that rows and counts ask the same."""

    q = django_filters.CharFilter(label=_("Reference, name, Udyam number, PAN or mobile number"), max_length=80)
    key = django_filters.CharFilter(label=_("PAN or mobile number"), validators=[RegexValidator(rf"^{search.KEY}$")])
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, empty_label=_("Any state"))
    clock = django_filters.ChoiceFilter(
        label=_("Clock"),
        choices=[("over", _("Past their day")), ("near", _("Due within 3 days"))],
        empty_label=_("Any day"),
    )
    taluk = django_filters.ChoiceFilter(label=_("Taluk"), empty_label=_("All taluks"))
    activity = django_filters.ChoiceFilter(label=_("Activity"), choices=Sector.choices, empty_label=_("Any activity"))
    size = django_filters.ChoiceFilter(label=_("Size"), choices=SizeClass.choices, empty_label=_("Any size"))
    sector = django_filters.ChoiceFilter(
        label=_("Priority sector"),
        choices=[("any", _("In any of them")), *((key, name) for key, (name, _codes) in priority.SECTORS.items())],
        empty_label=_("In any or none"),
    )
    export = django_filters.ChoiceFilter(label=_("Exports"), choices=YES_NO, empty_label=_("Yes or no"))
    women = django_filters.ChoiceFilter(label=_("Women-led"), choices=YES_NO, empty_label=_("Yes or no"))
    scst = django_filters.ChoiceFilter(label=_("SC/ST-owned"), choices=YES_NO, empty_label=_("Yes or no"))
    contested = django_filters.ChoiceFilter(label=_("Contested number"), choices=YES_NO, empty_label=_("Yes or no"))
    flags = django_filters.ChoiceFilter(label=_("Things to look at"), choices=YES_NO, empty_label=_("Some or none"))
    waits = django_filters.ChoiceFilter(
        label=_("Waits"), choices=[(key, words) for key, (words, _q) in WAITS.items()], empty_label=_("Anything")
    )
    round = django_filters.ChoiceFilter(label=_("Round"), empty_label=_("All rounds"))
    sort = django_filters.ChoiceFilter(label=_("Order"), choices=SORTS, empty_label=None)

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        places: Sequence[District],
        rounds: Sequence[Round],
        taluks: Sequence[Taluk],
        officer: bool,
    ) -> None:
        super().__init__(data, queryset=Application.objects.all())
        self.places = places
        self.filters["taluk"].extra["choices"] = [(str(taluk.pk), taluk.name) for taluk in taluks]
        self.filters["round"].extra["choices"] = [(str(call.number), str(call)) for call in rounds]
        for name in () if officer else OFFICE_ONLY:
            del self.filters[name]
        for field in self.form.fields.values():
            field.asked = True  # no label says "(optional)": nobody expects a filter to be asked for
        self.form.full_clean()

    @cached_property
    def asked(self) -> dict[str, str]:
        """What the address asks and this list knows, without what is empty; the order is not among it."""
        kept = {name: self.form.cleaned_data.get(name, "") for name in self.filters if name != "sort"}
        return {name: value for name, value in kept.items() if value}

    @property
    def left_out(self) -> list[str]:
        """Names of the fields that hold what this list does not know."""
        return [str(self.form.fields[name].label) for name in self.form.errors]

    @property
    def condition(self) -> Q:
        """All of it together."""
        found = Q()
        for name, value in self.asked.items():
            found &= CONDITIONS[name](value, self.places)
        return found

    @property
    def order(self) -> list[Any]:
        """The columns to order by. What is not known comes last, whichever way."""
        asked = self.sorted_by
        by = ORDERS[asked.lstrip("-")][0]
        first = by.desc(nulls_last=True) if asked.startswith("-") else by.asc(nulls_last=True)
        return [first, "since", "pk"]

    @property
    def sorted_by(self) -> str:
        """The key of the order; the clock where none is asked."""
        return self.form.cleaned_data.get("sort") or "clock"


def _is(name: str) -> Callable[[str, Any], Q]:
    return lambda value, _places: Q(**{name: value})


def _yes(name: str) -> Callable[[str, Any], Q]:
    """Yes, or what is not yes: a file whose traits nobody has worked out is a no."""
    return lambda value, _places: Q(**{name: True}) if value == "yes" else ~Q(**{name: True})


def _flags(value: str, _places: Any) -> Q:
    some = Q(traits__flags__gt=0)
    return some if value == "yes" else ~some


def _sector(value: str, _places: Any) -> Q:
    return Q(traits__priority_sector__gt="") if value == "any" else Q(traits__priority_sector=value)


def _clock(value: str, places: Sequence[District]) -> Q:
    return past_their_day(places) if value == "over" else due_soon(places)


CONDITIONS: dict[str, Callable[[str, Any], Q]] = {
    "q": lambda value, _places: search.by_words(value),
    "key": lambda value, _places: search.by_key(value),
    "state": _is("state"),
    "clock": _clock,
    "taluk": _is("taluk"),
    "activity": _is("traits__sector"),
    "size": _is("traits__size"),
    "sector": _sector,
    "export": _yes("traits__exports"),
    "women": _yes("traits__women_led"),
    "scst": _yes("traits__sc_st"),
    "contested": _yes("contested"),
    "flags": _flags,
    "waits": lambda value, _places: WAITS[value][1](),
    "round": _is("round__number"),
}
