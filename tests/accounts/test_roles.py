"""Power follows the post: one mapping, and how the head of the page names who reads."""

import pytest

from accounts.models import User
from accounts.roles import ROLE_PERMISSIONS, STAFF_ROLES, STATE_ROLES, Permission, Role
from tests.accounts.conftest import Offices, People, Window, text_of

OFFICES = ("DIC-EKM", "TIO-EKM", "DIC-TSR", "TIO-TSR", "DIRECTORATE")
REACH = {
    "officer": ["DIC-EKM"],
    "evaluator": ["DIC-EKM", "TIO-EKM"],  # a taluk office reads files of its district's centre
    "manager": ["DIC-EKM"],
    "gm": ["DIC-EKM"],
    "directorate": list(OFFICES),
    "auditor": list(OFFICES),
    "facilitator": [],
    "agency": [],
}


def test_every_role_has_its_permissions_and_every_permission_is_given_or_a_jobs():
    assert set(ROLE_PERMISSIONS) == set(Role)
    given = set().union(*ROLE_PERMISSIONS.values())
    assert set(Permission) - given == {Permission.SYSTEM}
    assert STATE_ROLES < STAFF_ROLES
    assert set(Role) - STAFF_ROLES == {Role.APPLICANT, Role.FACILITATOR, Role.AGENCY}


def test_an_administrator_has_no_power_over_files():
    ours = {Permission.MANAGE_PEOPLE, Permission.MANAGE_WORK, Permission.SEE_REFERENCE}
    assert ROLE_PERMISSIONS[Role.ADMINISTRATOR] == ours


def test_an_auditor_writes_nothing():
    reading = {
        Permission.SEE_FILE,
        Permission.SEE_COMMITTEE,
        Permission.SEE_REPORTS,
        Permission.SEE_STATE,
        Permission.READ_TRAIL,
    }
    assert ROLE_PERMISSIONS[Role.AUDITOR] == reading


def test_nobody_holds_all_three_powers_over_a_shortlist():
    three = {Permission.FREEZE, Permission.CHECK, Permission.APPROVE}
    assert [role for role, powers in ROLE_PERMISSIONS.items() if three <= powers] == []


@pytest.mark.parametrize(("role", "offices_reached"), REACH.items())
def test_a_post_reaches_its_own_offices(someone: People, offices: Offices, role: str, offices_reached: list[str]):
    held = someone(role).postings.get()
    assert [code for code in OFFICES if held.reaches(offices[code])] == offices_reached


def test_a_permission_reaches_the_districts_of_the_posts_that_give_it(someone: People):
    assert someone("directorate").districts_where(Permission.SEE_REPORTS) is None
    gm = someone("gm", "DIC-TSR")
    assert gm.districts_where(Permission.APPROVE) == [gm.postings.get().office.district_id]
    assert gm.districts_where(Permission.FREEZE) == []


@pytest.mark.parametrize("role", list(Role))
def test_the_head_of_the_page_names_the_post(window: Window, someone: People, role: str):
    user = someone("" if role == Role.APPLICANT else role)
    window.sign_in(user)
    page = text_of(window.get("/accounts/self/"))
    label = "Applicant Nair" if role == Role.APPLICANT else user.postings.get().label
    assert f'<li class="m-nav__me"><a href="/accounts/self/">{label}</a></li>' in page
    assert ("Posts</h2>" in page) is (role != Role.APPLICANT)


def test_who_holds_no_post_has_the_own_files_only(window: Window, someone: People):
    user = someone()
    assert [power for power in Permission if user.has(power)] == [Permission.OWN_FILE]
    window.sign_in(user)
    assert {page: window.get(page).status_code for page in ("/staff/", "/desk/shortlists/", "/enterprises/")} == {
        "/staff/": 403,
        "/desk/shortlists/": 403,
        "/enterprises/": 200,
    }


@pytest.mark.django_db
def test_an_address_is_one_account_however_it_is_written():
    User.objects.create_user("Asha@Test.Example", "x")
    assert User.objects.get_by_natural_key("ASHA@test.example").email == "asha@test.example"
