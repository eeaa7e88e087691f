"""Caps of the rounds. The order's reference is entered here once the Department names it."""

from django.contrib import admin

from districts.admin import ReferenceAdmin
from support.models import RoundCaps


@admin.register(RoundCaps)
class RoundCapsAdmin(ReferenceAdmin):
    corrected = ("order_reference",)
    list_display = ("round", "dpr_cap", "capital_cap", "interest_cap", "order_reference")
    list_select_related = ("round",)
