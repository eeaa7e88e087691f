"""What the sign-in library did, as lines of the trail: it says so by signals, and each becomes an act."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa_signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out

from records import audit
from records.acts import act

VERBS = (
    (account_signals.user_signed_up, "person.sign_up"),
    (account_signals.user_logged_in, "person.sign_in"),
    (user_logged_out, "person.sign_out"),
    (account_signals.password_changed, "person.password"),
    (account_signals.password_set, "person.password"),
    (account_signals.password_reset, "person.password_reset"),
    (account_signals.email_added, "person.email_asked"),
    (account_signals.email_removed, "person.email_dropped"),
    (account_signals.email_changed, "person.email"),
    (mfa_signals.authenticator_added, "person.factor_added"),
    (mfa_signals.authenticator_removed, "person.factor_removed"),
    (mfa_signals.authenticator_reset, "person.factor_renewed"),
)


def connect() -> None:
    """Listen, once for each process."""
    for signal, verb in VERBS:
        signal.connect(_writer(verb), weak=False, dispatch_uid=f"footprint.{verb}")
    mfa_signals.authenticator_added.connect(_first_factor, dispatch_uid="footprint.first_factor")


def _writer(verb: str) -> Any:
    def write(*, user: Any = None, authenticator: Authenticator | None = None, **_rest: Any) -> None:
        if user is not None:
            _record(verb, user, {} if authenticator is None else {"kind": str(authenticator.type)})

    return write


@act
def _record(verb: str, user: Any, data: dict[str, str]) -> None:
    audit.record(verb, user, by=user, data=data)


def _first_factor(*, request: Any, user: Any, authenticator: Authenticator, **_rest: Any) -> None:
    """Whoever sets up the app has just shown its code: the session need not end to show it again."""
    if authenticator.type == Authenticator.Type.TOTP:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
