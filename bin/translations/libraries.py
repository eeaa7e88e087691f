"""The texts of Django, allauth and django-filter that a person can meet here.

Django's own Malayalam is incomplete and writes half its chillu letters in the old way; allauth has none. The whole of
what can be met is therefore repeated in locale/libraries, which comes before the libraries' own catalogues.
"""

import re
from importlib.util import find_spec
from pathlib import Path

from translations.po import Catalogue, Entry, compiler, read

FOLDERS = (
    ("django", "conf"),
    ("django", "contrib/auth"),
    ("django", "contrib/admin"),
    ("django", "contrib/contenttypes"),
    ("django", "contrib/sessions"),
    ("allauth", "."),
    ("django_filters", "."),
)
# Files of the libraries whose texts nobody meets: names of languages, database fields' debugging pages, parts not used.
NEVER_MET = re.compile(
    r"""conf/global_settings\.py | contrib/(gis|postgres|sites|syndication|flatpages|redirects|admindocs)/ | views/debug\.py
      | (^|/)(socialaccount|usersessions|headless|idp|openid|mfa/webauthn)/ | rest_framework | views/templates/
      | templates/(default_urlconf|technical) | account/.*phone | django_filters/(rest_framework|views)""",
    re.VERBOSE,
)
LISTED = {"django_filters": "de"}  # its English has no catalogue; any complete one lists the messages
PLACES = re.compile(r"^#: (.*)$", re.MULTILINE)


def folder(package: str, inside: str) -> Path:
    """Where an installed library keeps its catalogues."""
    origin = find_spec(package).origin
    return Path(origin).parent / inside / "locale"


def placed(path: Path) -> dict[tuple[str, str], list[str]]:
    """For each message of a library's catalogue, the files it stands in."""
    found = {}
    for part in path.read_text(encoding="utf-8").split("\n\n"):
        for context, msgid, *_ in compiler().entries(part.splitlines()):
            words = " ".join(PLACES.findall(part)).split()
            found[(msgid, context or "")] = [re.sub(r":\d+$", "", word) for word in words]
    return found


def script_messages() -> Catalogue:
    """What the administration's scripts say (mission1000/administration.py serves it)."""
    return read(folder("django", "contrib/admin") / "en" / "LC_MESSAGES" / "djangojs.po")


def library_messages() -> Catalogue:
    """What can be met, with the English plural. One text used by two libraries is one message."""
    found: Catalogue = {}
    for package, inside in FOLDERS:
        source = folder(package, inside) / LISTED.get(package, "en") / "LC_MESSAGES" / "django.po"
        places = placed(source)
        for key, entry in read(source).items():
            files = places.get(key, [])
            if files and all(NEVER_MET.search(file) for file in files):
                continue
            if key not in found or entry.plural is not None:
                found[key] = Entry(entry.msgid, entry.plural, entry.context)
    return found
