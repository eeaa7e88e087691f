"""What the desk is searched for: five keys of a file, numbers of a person that stand in no address, other districts."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from applications.models import Profile
from progress import search
from records.sealed import key_of
from tests.progress.conftest import MOBILE, PAN, desk_page, known, listed, search_for


@pytest.mark.parametrize(
    "typed",
    ["{reference}", "{part}", " {lower} ", "spice board", "സ്പൈസ്", "{udyam}", "{udyam_loose}", PAN, " qxzp d7319k ",
     "32QXZPD7319K1Z5", MOBILE, "+91 98473 19582", "0 98473-19582", "91 9847319582"],
)  # fmt: skip
def test_a_file_is_found_by_each_of_its_keys(world, sign_in, typed):
    file, other = known(world.file("scrutiny"), "Spice Board"), world.file("scrutiny")
    Profile.objects.filter(application=file).update(name_ml="സ്പൈസ് ബോർഡ്")
    number = file.udyam_number
    text = typed.format(
        reference=file.reference, part=file.reference[-5:], lower=file.reference.lower(), udyam=number,
        udyam_loose=" ".join(number.replace("-", "").lower()),
    )  # fmt: skip
    client = sign_in(world.officer)
    where = search_for(client, text, tab="with_applicant")
    query = urlsplit(where).query
    assert parse_qs(query)["tab"] == ["all"]
    assert listed(client, query) == [file.reference] != [other.reference]


@pytest.mark.parametrize(
    "typed", [PAN, "qxzpd 7319 k", "32QXZPD7319K1Z5", MOBILE, "+91 98473 19582", "000731958246013"]
)
def test_a_number_of_a_person_stands_in_no_address(world, sign_in, typed):
    known(world.file("scrutiny"), "Spice")
    client = sign_in(world.officer)
    where = search_for(client, typed)
    assert re.fullmatch(
        r"/desk/\?key=(pan|mobile)-[0-9a-f]{16}&tab=all|/desk/\?tab=all&key=(pan|mobile)-[0-9a-f]{16}", where
    )
    page = desk_page(client, urlsplit(where).query)
    straight = client.get("/desk/", {"q": typed, "tab": "mine"})
    assert straight.status_code == 302
    assert re.fullmatch(r"/desk/\?tab=mine&key=(pan|mobile)-[0-9a-f]{16}", straight["Location"])
    for text in (where, straight["Location"], page, str(dict(client.session))):
        for canary in (PAN, PAN.lower(), MOBILE, "000731958246013"):
            assert canary not in text
    assert "typed</strong>" in page


def test_the_address_of_a_number_is_the_beginning_of_its_keyed_hash():
    assert search.key_in(PAN) == f"pan-{key_of(PAN)[:16]}"
    assert search.key_in("+91 98473 19582") == f"mobile-{key_of(MOBILE)[:16]}"


@pytest.mark.parametrize(
    "text", ["M1K-3-EKM-00042", "ekm-00042", "UDYAM-KL-02-0000001", "udyam kl 02 0000001", "02-0000001", "Kerala 2000 Mills",
             "Unity 2000 Foods", "Plot 12, 34", "", "സ്പൈസ്", "Mission 1000 Traders"],
)  # fmt: skip
def test_what_is_no_number_of_a_person_is_looked_for_as_it_is(text):
    assert search.key_in(text) == ""


def test_an_e_mail_address_is_not_looked_for(world, sign_in):
    client = sign_in(world.officer)
    assert search_for(client, "canary@hidden.example") == "/desk/"
    assert "Files are not found by e-mail address." in desk_page(client)


@pytest.mark.parametrize("typed", [PAN, MOBILE, "{reference}", "{udyam}", "Spice Traders"])
def test_another_districts_file_is_never_found(world, sign_in, typed):
    file = known(world.file("scrutiny", office=world.other_dic), "Spice")
    text = typed.format(reference=file.reference, udyam=file.udyam_number)
    for who, found in (("officer", []), ("gm", []), ("evaluator", []), ("stranger", [file.reference])):
        client = sign_in(world.people[who])
        assert listed(client, urlsplit(search_for(client, text)).query) == found, who
        assert (file.reference in client.get("/desk/export.csv?tab=all").getvalue().decode()) is bool(found)
        next_one = client.get(f"/desk/next/?tab=all&after={file.reference}")["Location"]
        assert (file.reference in next_one) is False
