"""Accounts of the demonstration open nothing where the demonstration is not allowed."""

from typing import Any

from tests.accounts.conftest import People, Window, text_of


def of_the_demonstration(someone: People) -> Any:
    user = someone()
    user.email = "applicant@demo.test"
    user.save()
    user.emailaddress_set.update(email=user.email)
    return user


def test_an_account_of_the_demonstration_does_not_sign_in(window: Window, someone: People, settings: Any):
    user = of_the_demonstration(someone)
    settings.DEMO_ALLOWED = False
    window.password(user.email)
    assert not window.signed_in
    assert window.get("/my/").status_code == 302


def test_a_session_of_the_demonstration_ends_where_it_is_not_allowed(window: Window, someone: People, settings: Any):
    window.sign_in(of_the_demonstration(someone))
    assert window.get("/my/").status_code == 200
    settings.DEMO_ALLOWED = False
    assert window.get("/my/").url.startswith("/accounts/login/")
    assert text_of(window.get("/accounts/login/"))
