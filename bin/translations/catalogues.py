"""The catalogues of the project."""

from collections.abc import Callable
from pathlib import Path

from translations.libraries import library_messages, script_messages
from translations.po import Catalogue
from translations.sources import ROOT, own_messages

OWN = ROOT / "locale" / "ml" / "LC_MESSAGES" / "django.po"
LIBRARIES = ROOT / "locale" / "libraries" / "ml" / "LC_MESSAGES" / "django.po"
ENGLISH = ROOT / "locale" / "libraries" / "en" / "LC_MESSAGES" / "django.po"  # a few, in the portal's voice
SCRIPTS = LIBRARIES.with_name("djangojs.po")

# path, first line of the file, what it holds
CATALOGUES: list[tuple[Path, str, Callable[[], Catalogue]]] = [
    (OWN, "The portal's own texts in Malayalam. The words are those of locale/glossary.csv.", own_messages),
    (LIBRARIES, "Texts of Django, allauth and django-filter in Malayalam, in place of their own.", library_messages),
    (SCRIPTS, "Texts of the administration's scripts in Malayalam, in place of Django's own.", script_messages),
]
