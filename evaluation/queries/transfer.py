"""Where a file can be transferred to."""

from django.db.models import QuerySet

from applications.models import Application
from districts.models import Office, OfficeKind


def other_centres(file: Application) -> QuerySet[Office]:
    """The District Industries Centres of the other districts, in the Department's order."""
    centres = Office.objects.filter(kind=OfficeKind.DIC).exclude(pk=file.office_id)
    return centres.select_related("district").order_by("district__order")
