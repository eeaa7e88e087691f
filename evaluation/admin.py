"""Rubrics and rules of the rounds, to read: marks stand on them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from districts.admin import ReferenceAdmin
from evaluation.models import Criterion, RoundRules, Rubric


class CriterionInline(admin.TabularInline):
    model = Criterion
    fields = readonly_fields = ("order", "key", "name_en", "name_ml", "weight", "max_mark", "formula", "na_when")
    can_delete = False
    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the rubric."""
        return bool(getattr(request.user, "is_staff", False))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never here."""
        return False


@admin.register(Rubric)
class RubricAdmin(ReferenceAdmin):
    list_display = ("version", "confirmed")
    inlines = (CriterionInline,)


@admin.register(RoundRules)
class RoundRulesAdmin(ReferenceAdmin):
    list_display = (
        "round",
        "rubric",
        "pass_mark",
        "spread_limit",
        "reserve_percent",
        "quorum_percent",
        "majority_percent",
        "confirmed",
    )
    list_select_related = ("round", "rubric")
