"""What is typed into the desk's search: a reference, a name, a Udyam number, or a PAN or mobile number.

A PAN and a mobile number never go into an address: there stands their kind with the beginning of the keyed hash.
"""

import re

from django.db.models import Q

from applications import identifiers
from records.formats import latin_digits
from records.sealed import key_of

# Patterns are wider than what is right: what was mistyped must not go into an address either.
PAN = re.compile(r"(?<![A-Z0-9])[A-Z]{5} ?\d{4} ?[A-Z](?![A-Z0-9])")
GSTIN = re.compile(r"\d{2}([A-Z]{5}\d{4}[A-Z])[0-9A-Z]{3}")
DIGITS = re.compile(r"\d{9,}|\d(?:[ ().-]*\d){9,}")  # mobile and account numbers; no reference has so many in a row
SHOWN = 16  # characters of the keyed hash that stand in the address
KEY = rf"(pan|mobile)-[0-9a-f]{{{SHOWN}}}"


def udyam_of(text: str) -> str:
    """The Udyam number typed, in whatever case and spacing; empty for anything else."""
    try:
        return identifiers.clean_udyam(text)
    except identifiers.BadIdentifier:
        return ""


def key_in(text: str) -> str:
    """Kind and hash where a PAN (or the GSTIN that holds it) or a mobile number was typed; empty where the text may be shown."""
    if udyam_of(text):
        return ""
    seen = identifiers.UNSEEN.sub(lambda found: " " if " " in found.group() else "", latin_digits(text)).upper()
    bare = seen.replace(" ", "")
    if found := GSTIN.search(bare):
        return _key("pan", found.group(1))
    if found := PAN.fullmatch(bare) or PAN.search(seen):
        return _key("pan", found.group().replace(" ", ""))
    if found := DIGITS.search(seen) or DIGITS.fullmatch(bare):
        return _key("mobile", _mobile(re.sub(r"\D", "", found.group())))
    return ""


def _key(kind: str, text: str) -> str:
    return f"{kind}-{key_of(text)[:SHOWN]}"


def _mobile(digits: str) -> str:
    try:
        return identifiers.clean_mobile(digits)
    except identifiers.BadIdentifier:
        return digits


def by_words(text: str) -> Q:
    """Files by reference (also a part of it), name of the enterprise (a part of it), or Udyam number."""
    if number := udyam_of(text):
        return Q(udyam_number=number) | Q(profile__udyam_number=number)
    found = Q(reference__icontains="".join(text.split()))
    for name in ("enterprise__name_en", "enterprise__name_ml", "profile__name_en", "profile__name_ml"):
        found |= Q(**{f"{name}__icontains": text.strip()})
    return found


def by_key(key: str) -> Q:
    """Files by the kind and hash of an address."""
    kind, _dash, digest = key.partition("-")
    return Q(**{f"profile__{kind}_key__startswith": digest})
