"""What the list of people is narrowed and ordered by: the allow-list; anything else in the address is ignored."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Posting, User
from accounts.roles import Role
from districts.models import Office

ORDERS = {"name": ["full_name"], "oldest": ["joined_at"], "newest": ["-joined_at"]}
ORDER_LABELS = [("oldest", _("Oldest account first")), ("newest", _("Newest account first"))]


class PeopleFilter(django_filters.FilterSet):
    """Name or address, and the post held today: role and office are asked of one and the same posting."""

    q = django_filters.CharFilter(label=_("Name or e-mail address"), max_length=80)
    role = django_filters.ChoiceFilter(label=_("Role"), choices=Role.choices, empty_label=_("All"))
    office = django_filters.ModelChoiceFilter(
        label=_("Office"),
        queryset=Office.objects.select_related("district").order_by("kind", "district__order", "code"),
        to_field_name="code",
        empty_label=_("All"),
    )
    sort = django_filters.ChoiceFilter(label=_("Order"), choices=ORDER_LABELS, empty_label=_("Name"))

    class Meta:
        model = User
        fields: list[str] = []

    @property
    def form(self) -> Any:
        """Its form; no label says "(optional)", since nobody expects a filter to be asked for."""
        form = super().form
        for field in form.fields.values():
            field.asked = True
        return form

    def filter_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        asked: dict[str, Any] = self.form.cleaned_data
        if words := asked["q"]:
            queryset = queryset.filter(Q(full_name__icontains=words) | Q(email__icontains=words))
        posts = Posting.objects.live().filter(user=OuterRef("pk"))
        if asked["role"] == Role.APPLICANT:
            queryset = queryset.exclude(Exists(posts))
        elif asked["role"]:
            posts = posts.filter(role=asked["role"])
        if asked["office"]:
            posts = posts.filter(office=asked["office"])
        if asked["office"] or asked["role"] not in {"", Role.APPLICANT}:
            queryset = queryset.filter(Exists(posts))
        ordered: QuerySet[User] = queryset.order_by(*ORDERS[asked["sort"] or "name"], "pk")
        return ordered
