"""What a round asks for, to read. Nothing with a state is listed here."""

from django.contrib import admin

from applications.models import DocumentKind, Round
from districts.admin import ReferenceAdmin


@admin.register(DocumentKind)
class DocumentKindAdmin(ReferenceAdmin):
    list_display = ("order", "key", "name_en", "name_ml", "financial", "asked_at_start")
    list_display_links = ("key",)


@admin.register(Round)
class RoundAdmin(ReferenceAdmin):
    list_display = ("number", "opens_at", "closes_at", "cut_off", "confirmed")
