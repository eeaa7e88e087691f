"""Identifiers: folded as people write them, refused with a sentence that says what to type."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications import identifiers
from applications.identifiers import ALPHABET, PAN_HOLDERS, BadIdentifier, check_character
from applications.models import Constitution

UPPER = st.sampled_from(string.ascii_uppercase)
DIGIT = st.sampled_from(string.digits)


def letters(count: int) -> st.SearchStrategy[str]:
    return st.text(UPPER, min_size=count, max_size=count)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGIT, min_size=count, max_size=count)


pans = st.builds("".join, st.tuples(letters(3), st.sampled_from("ABCFGHJLPT"), letters(1), digits(4), letters(1)))
udyams = st.builds("UDYAM-{}-{}-{}".format, letters(2), digits(2), digits(7))
stems = st.builds("{}{}{}Z".format, st.integers(1, 38).map("{:02}".format), pans, st.sampled_from(ALPHABET[1:]))
gstins = stems.map(lambda stem: stem + check_character(stem))
spaces = st.sampled_from(["", " ", "\u00a0", "\t"])


def loosely(text: str, gap: str) -> str:
    """As it comes from a certificate: small letters, a gap every third sign, gaps around."""
    return gap + gap.join(text[at : at + 3] for at in range(0, len(text), 3)).lower() + gap


@pytest.mark.parametrize(
    ("clean", "right"),
    [
        (identifiers.clean_udyam, udyams),
        (identifiers.clean_pan, pans),
        (identifiers.clean_gstin, gstins),
        (identifiers.clean_ifsc, st.builds("{}0{}".format, letters(4), digits(6))),
        (identifiers.clean_pin, st.integers(100_000, 999_999).map(str)),
        (identifiers.clean_account, st.integers(10**8, 10**18 - 1).map(str)),
        (identifiers.clean_nic, st.one_of(digits(2), digits(4), digits(5))),
        (identifiers.clean_mobile, st.builds("{}{}".format, st.sampled_from("6789"), digits(9))),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_is_right_is_folded_and_folding_again_changes_nothing(clean, right):
    @given(right, spaces)
    def holds(text, gap):
        assert clean(loosely(text, gap)) == text
        assert clean(clean(text)) == text

    holds()


@given(udyams)
def test_a_udyam_number_may_come_without_hyphens_or_with_long_ones(number):
    assert identifiers.clean_udyam(number.replace("-", "")) == number
    assert identifiers.clean_udyam(number.replace("-", "–")) == number
    assert identifiers.udyam_state(number) == number[6:8]
    assert identifiers.udyam_district(number) == number[9:11]


def published(first_14: str) -> str:
    """The published sum: weights 1 and 2 in turn, each product as quotient plus rest by 36."""
    total = 0
    for place, sign in enumerate(first_14):
        quotient, rest = divmod(ALPHABET.index(sign) * (1 + place % 2), 36)
        total += quotient + rest
    return ALPHABET[-total % 36]


@given(gstins)
def test_the_check_character_is_the_published_one(number):
    assert check_character(number[:14]) == published(number[:14]) == number[14]
    assert identifiers.clean_gstin("27AAPFU0939F1ZV") == "27AAPFU0939F1ZV"


@given(gstins, st.integers(0, 14), st.sampled_from(ALPHABET))
def test_one_wrong_sign_in_a_gstin_is_found(number, place, sign):
    wrong = number[:place] + sign + number[place + 1 :]
    if wrong == number:
        assert identifiers.clean_gstin(wrong) == number
    else:
        with pytest.raises(BadIdentifier, match="This GSTIN is not correct"):
            identifiers.clean_gstin(wrong)


@given(gstins, pans)
def test_a_gstin_holds_its_pan(number, pan):
    assert identifiers.clean_gstin(number, number[2:12]) == number
    if pan != number[2:12]:
        with pytest.raises(BadIdentifier, match="do not agree"):
            identifiers.clean_gstin(number, pan)


@given(st.text(max_size=40))
def test_any_text_is_either_read_or_refused_with_a_sentence(text):
    for name in ("udyam", "pan", "gstin", "ifsc", "pin", "mobile", "account", "nic"):
        read, said = "", ""
        try:
            read = getattr(identifiers, f"clean_{name}")(text)
        except BadIdentifier as refusal:
            said = str(refusal)
        assert bool(read) != said.endswith(".")
        assert read.isascii()
        assert read == read.upper().strip()


@pytest.mark.parametrize("typed", ["+91 98471 23456", "09847123456", "91-9847123456", "98471 23456"])
def test_a_mobile_number_sheds_its_prefix(typed):
    assert identifiers.clean_mobile(typed) == "9847123456"


@pytest.mark.parametrize(
    ("clean", "wrong", "sentence"),
    [
        ("udyam", "UDYAM-KL-2-0000001", "Enter the Udyam number as UDYAM-KL-00-0000000."),
        ("udyam", "UAM-KL-02-0000001", "Enter the Udyam number as UDYAM-KL-00-0000000."),
        ("pan", "ABCDE1234F", "Enter the PAN as ABCDE1234F."),  # D is no kind of holder
        ("pan", "ABCPE12345", "Enter the PAN as ABCDE1234F."),
        ("ifsc", "SBIN1000123", "Enter the IFSC as ABCD0123456."),
        ("pin", "082001", "A PIN code has 6 digits."),
        ("pin", "68200", "A PIN code has 6 digits."),
        ("mobile", "5847123456", "A mobile number has 10 digits and begins with 6, 7, 8 or 9."),
        ("account", "12345678", "A bank account number has 9 to 18 digits."),
        ("account", "1" * 19, "A bank account number has 9 to 18 digits."),
        ("nic", "139", "An NIC code has 2, 4 or 5 digits, as on the Udyam certificate."),
    ],
)
def test_what_is_wrong_is_refused_with_its_sentence(clean, wrong, sentence):
    with pytest.raises(BadIdentifier) as refused:
        getattr(identifiers, f"clean_{clean}")(wrong)
    assert str(refused.value) == sentence


def test_every_constitution_goes_with_some_pan_and_a_company_with_c_only():
    assert {form for forms in PAN_HOLDERS.values() for form in forms} == set(Constitution.values)
    assert [kind for kind in PAN_HOLDERS if identifiers.pan_fits(f"ABC{kind}E0000F", "private_limited")] == ["C"]


@pytest.mark.parametrize(
    "typed",
    [
        "udyam‑kl‑02‑0004211",
        "UDYAM\u200b-KL-02-0004211",
        "UDYAM—KL–02−0004211",
        "UDYAM-KL-൦൨-൦൦൦൪൨൧൧",
        " udyamkl020004211\u00a0",
    ],
)
def test_a_copied_udyam_number_is_read(typed: str) -> None:
    assert identifiers.clean_udyam(typed) == "UDYAM-KL-02-0004211"
