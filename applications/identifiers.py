"""Identifiers of an enterprise, each read as a clerk would: folded, checked, refused with a sentence that helps.

Only format, check character and PAN-in-GSTIN are refused (scheme facts, section 5). Everything softer is a flag for the officer.
"""

import re
from typing import Any

from django.utils.translation import gettext as _
from stdnum import luhn

from records.formats import latin_digits

UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
DASHES = re.compile(r"[\u2010-\u2015\u2212]")
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
UDYAM = re.compile(r"^UDYAM-[A-Z]{2}-\d{2}-\d{7}$")
PAN = re.compile(r"^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$")
GSTIN = re.compile(r"^\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]$")
IFSC = re.compile(r"^[A-Z]{4}0[A-Z0-9]{6}$")
PIN = re.compile(r"^[1-9]\d{5}$")
MOBILE = re.compile(r"^[6-9]\d{9}$")
ACCOUNT = re.compile(r"^\d{9,18}$")
NIC = re.compile(r"^(\d{2}|\d{4}|\d{5})$")

# The holder that the fourth character of a PAN names, and the constitutions it goes with.
PAN_HOLDERS = {
    "P": {"proprietorship"},
    "C": {"private_limited", "public_limited"},
    "F": {"partnership", "llp"},
    "H": {"huf"},
    "T": {"trust"},
    "A": {"cooperative", "other"},
    "B": {"cooperative", "other"},
    "J": {"cooperative", "other"},
    "L": {"other"},
    "G": {"other"},
}


class BadIdentifier(ValueError):
    """What was typed cannot be this identifier; the text says what to type."""


def _fold(text: str) -> str:
    """Upper case, digits of every script, without the spaces, unseen signs and dashes of another kind that come with copying."""
    seen = UNSEEN.sub("", latin_digits(text or ""))
    return DASHES.sub("-", seen).upper()


def _match(pattern: re.Pattern[str], text: str, sentence: Any) -> str:
    if not text.isascii() or not pattern.match(text):
        raise BadIdentifier(sentence)
    return text


def clean_udyam(text: str) -> str:
    """UDYAM-KL-00-0000000; the hyphens may be left out."""
    folded = _fold(text)
    bare = folded.replace("-", "")
    if re.fullmatch(r"UDYAM[A-Z]{2}\d{9}", bare, re.ASCII):
        folded = f"UDYAM-{bare[5:7]}-{bare[7:9]}-{bare[9:]}"
    return _match(UDYAM, folded, _("Enter the Udyam number as UDYAM-KL-00-0000000."))


def udyam_district(number: str) -> str:
    """The two digits that name the district in a Udyam number."""
    return number[9:11]


def udyam_state(number: str) -> str:
    """The two letters that name the State in a Udyam number."""
    return number[6:8]


def clean_pan(text: str) -> str:
    """ABCDE1234F. There is no public check character."""
    return _match(PAN, _fold(text), _("Enter the PAN as ABCDE1234F."))


def pan_fits(pan: str, constitution: str) -> bool:
    """Whether the holder a PAN names goes with the constitution stated. Soft: for the officer."""
    return constitution in PAN_HOLDERS.get(pan[3], set())


def clean_gstin(text: str, pan: str = "") -> str:
    """15 characters with a check character; characters 3 to 12 are the PAN."""
    folded = _fold(text)
    wrong = _("This GSTIN is not correct. Check it against the certificate.")
    _match(GSTIN, folded, wrong)
    if check_character(folded[:14]) != folded[14]:
        raise BadIdentifier(wrong)
    if pan and folded[2:12] != pan:
        raise BadIdentifier(_("The GSTIN and the PAN do not agree."))
    return folded


def check_character(first_14: str) -> str:
    """The check character of a GSTIN over its first 14 characters (Luhn modulo 36)."""
    return str(luhn.calc_check_digit(first_14, ALPHABET))


def clean_ifsc(text: str) -> str:
    """ABCD0123456."""
    return _match(IFSC, _fold(text), _("Enter the IFSC as ABCD0123456."))


def clean_pin(text: str) -> str:
    """Six digits, the first not 0."""
    return _match(PIN, _fold(text), _("A PIN code has 6 digits."))


def clean_mobile(text: str) -> str:
    """Ten digits from 6, 7, 8 or 9; +91 or a leading 0 is taken off."""
    folded = _fold(text).replace("-", "")
    for prefix, length in (("+91", 13), ("91", 12), ("0", 11)):
        if folded.startswith(prefix) and len(folded) == length:
            folded = folded[len(prefix) :]
    return _match(MOBILE, folded, _("A mobile number has 10 digits and begins with 6, 7, 8 or 9."))


def clean_account(text: str) -> str:
    """9 to 18 digits, kept as text."""
    return _match(ACCOUNT, _fold(text).replace("-", ""), _("A bank account number has 9 to 18 digits."))


def clean_nic(text: str) -> str:
    """A code of the National Industrial Classification."""
    return _match(NIC, _fold(text), _("An NIC code has 2, 4 or 5 digits, as on the Udyam certificate."))
