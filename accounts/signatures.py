"""Posts as they were signed, in English, read in the reader's language. What is stored stays as it was written."""

from functools import cached_property

from django.utils import translation
from django.utils.translation import get_language, gettext

from accounts.roles import USUAL_TITLES, Role
from districts.models import Office


class Signatures:
    """Says signed posts in the language it was made in. One query, none for English.

    A post is a title and an office, "Manager (Credit), DIC Ernakulam". Both are said in the reader's language where
    their words are known; any other title, and a name before them, stays as it was typed.
    """

    def __init__(self) -> None:
        self._english = get_language() != "ml"

    def post(self, signed: str) -> str:
        """A post, as this reader reads it."""
        if self._english or not signed:
            return signed
        head, office = _cut(signed, self._offices)
        before, title = _cut(head, self._titles)
        return ", ".join(part for part in (before, title, office) if part)

    def person(self, signed: str) -> str:
        """A name with the post behind it. A name alone is nobody's title, whatever it is."""
        return self.post(signed) if ", " in signed else signed

    @cached_property
    def _offices(self) -> dict[str, str]:
        return {office.name_en: office.name for office in Office.objects.all()}

    @cached_property
    def _titles(self) -> dict[str, str]:
        with translation.override("en"):
            roles = {str(role.label): role for role in Role}
        return {english: str(role.label) for english, role in roles.items()} | {
            title: gettext(title) for title in USUAL_TITLES
        }


def _cut(signed: str, known: dict[str, str]) -> tuple[str, str]:
    """What stands before the longest known words at the end, and those words in the reader's language."""
    for english in sorted(known, key=len, reverse=True):
        if signed == english:
            return "", known[english]
        if signed.endswith(f", {english}"):
            return signed.removesuffix(f", {english}"), known[english]
    return signed, ""
