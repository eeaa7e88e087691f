"""Find a district by what people call it."""

from django.db.models import Prefetch, QuerySet

from districts.models import District, Office, OfficeKind, Taluk


def districts_in_order() -> QuerySet[District]:
    """All 14, in the Department's order, with their DIC."""
    dics = Office.objects.filter(kind=OfficeKind.DIC)
    return District.objects.prefetch_related(Prefetch("offices", queryset=dics, to_attr="dics"))


def find(words: str) -> list[District]:
    """Districts whose name, code, other spelling or taluk holds the words; all of them for no words."""
    everything = list(districts_in_order())
    wanted = words.strip().casefold()
    if not wanted:
        return everything
    by_taluk = set(Taluk.objects.filter(name_en__icontains=wanted).values_list("district_id", flat=True))
    by_taluk |= set(Taluk.objects.filter(name_ml__icontains=words.strip()).values_list("district_id", flat=True))
    return [
        district
        for district in everything
        if district.pk in by_taluk
        or any(
            wanted in name.casefold() for name in (district.name_en, district.name_ml, district.code, *district.aliases)
        )
    ]
