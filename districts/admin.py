"""Reference data in Django's administration: the frame every room's pages share, and the map.

Only what carries no state is listed. What an administrator may correct is named field by field; the rest is read.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from districts.models import District, Holiday, Office, Taluk
from records import audit
from records.acts import act


class ReferenceAdmin(admin.ModelAdmin):
    """Read by administrators; `corrected` names the fields they may change, each change a line in the trail."""

    corrected: ClassVar[tuple[str, ...]] = ()
    actions = None

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators; the middleware has asked for the second factor."""
        return bool(getattr(request.user, "is_staff", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        """As for viewing."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows come from `load_reference`."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Only where a field is named as correctable."""
        return bool(self.corrected) and self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: other rows stand on it."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything that is not named as correctable."""
        return [field.name for field in self.opts.fields if not field.primary_key and field.name not in self.corrected]

    @act
    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep the correction and say in the trail which fields changed."""
        super().save_model(request, obj, form, change)
        audit.record("reference.correct", obj, by=request.user, data={"fields": sorted(form.changed_data)})


@admin.register(District)
class DistrictAdmin(ReferenceAdmin):
    list_display = ("code", "name_en", "name_ml", "udyam_code", "lgd")


@admin.register(Taluk)
class TalukAdmin(ReferenceAdmin):
    corrected = ("name_ml",)
    list_display = ("name_en", "name_ml", "district")
    list_filter = ("district",)
    list_select_related = ("district",)


@admin.register(Office)
class OfficeAdmin(ReferenceAdmin):
    """Addresses and telephones, as the Department confirms them."""

    corrected = ("address", "telephone", "email")
    list_display = ("code", "name_en", "kind", "district", "telephone", "email")
    list_filter = ("kind", "district")
    list_select_related = ("district",)


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    list_display = ("date", "name_en", "district", "status")
    list_filter = ("status", "district")
    date_hierarchy = "date"
    list_select_related = ("district",)
