"""Add people, post them, relieve them."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import Posting, User
from accounts.roles import STATE_ROLES, Permission, Role
from districts.models import Office, OfficeKind
from records import audit
from records.acts import act, lock_one, system
from records.clock import today
from records.verdicts import Refused

NO_OFFICE = {Role.FACILITATOR, Role.AGENCY}


def _must_manage(by: Any) -> None:
    if not by.has(Permission.MANAGE_PEOPLE):
        raise Refused(_("Your post does not allow this step."))


@act
def add_person(*, by: Any, email: str, full_name: str, language: str) -> User:
    """Make an account without a password; the person sets one through "forgot password" at the address given."""
    _must_manage(by)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, None, full_name=full_name, language=language)
    except IntegrityError as error:
        raise Refused(
            _("An account with this e-mail address exists already. Post that person instead."), "email"
        ) from error
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    audit.record("person.add", user, by=by)
    return user


@act
def post(
    user: User,
    *,
    by: Any,
    role: str,
    office: Office | None,
    starts: date,
    title: str = "",
    additional: bool = False,
    note: str = "",
) -> Posting:
    """Put a person in a post: role × office × date. Power follows from that day."""
    _must_manage(by)
    if user.pk == by.pk:
        raise Refused(_("You cannot post yourself. Ask another administrator."))
    _check_office(role, office)
    try:
        with transaction.atomic():
            posting = Posting.objects.create(
                user=user,
                role=role,
                office=office,
                title=title.strip(),
                starts=starts,
                additional_charge=additional,
                note=note.strip(),
                made_by=by,
            )
    except IntegrityError as error:
        raise Refused(_("This person already holds this post."), "role") from error
    _end_sessions(user)
    audit.record("person.post", user, by=by, note=note, scope=office.code if office else "", data={"role": role})
    return posting


def _check_office(role: str, office: Office | None) -> None:
    if role in NO_OFFICE:
        if office is not None:
            raise Refused(_("This post belongs to no office."), "office")
        return
    if office is None:
        raise Refused(_("Choose the office."), "office")
    wanted = {
        Role.EVALUATOR: {OfficeKind.TALUK},
    }.get(Role(role), {OfficeKind.DIRECTORATE} if role in STATE_ROLES else {OfficeKind.DIC})
    if office.kind not in wanted:
        names = ", ".join(str(OfficeKind(kind).label) for kind in wanted)
        raise Refused(_("This post belongs to: %(kind)s.") % {"kind": names}, "office")


@act
def relieve(posting: Posting, *, by: Any, note: str) -> Posting:
    """End a posting today, with the reason; every session of the person ends at once."""
    _must_manage(by)
    held: Posting = lock_one(Posting, posting.pk)
    if held.ends is not None:
        raise Refused(_("This person was relieved on %(date)s already.") % {"date": held.ends.strftime("%d-%m-%Y")})
    if held.user_id == by.pk:
        raise Refused(_("You cannot relieve yourself. Ask another administrator."))
    if not note.strip():
        raise Refused(_("Write the reason."), "note")
    held.ends = max(today(), held.starts)
    held.save(update_fields=["ends"])
    _end_sessions(held.user)
    audit.record(
        "person.relieve",
        held.user,
        by=by,
        note=note.strip(),
        scope=held.office.code if held.office else "",
        data={"role": held.role},
    )
    return held


def _end_sessions(user: User) -> None:
    """A new stamp: every session made before is dead at its next request."""
    held: User = lock_one(User, user.pk)
    held.session_stamp += 1
    held.save(update_fields=["session_stamp"])


@act
def choose_language(user: User, language: str, *, by: Any) -> None:
    """Keep the language somebody reads in."""
    if user.language != language and language in {"en", "ml"}:
        User.objects.filter(pk=user.pk).update(language=language)
        audit.record("person.language", user, by=by, new=language)


@act
def first_administrator(email: str, full_name: str) -> User:
    """Post the first administrator of a fresh portal; refused as soon as anybody holds that post.

    The only posting nobody makes: it is done at the machine itself. The person sets a password by mail.
    """
    lock_one(Office, Office.objects.get(kind=OfficeKind.DIRECTORATE).pk)  # two at once: the second is refused
    if Posting.objects.live().filter(role=Role.ADMINISTRATOR).exists():
        raise Refused(_("An administrator is posted already. They add people on the page “People”."))
    by = system("command first_administrator")
    user = User.objects.filter(email=email.lower()).first()
    if user is None:
        user = User.objects.create_user(email, None, full_name=full_name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    office = Office.objects.get(kind=OfficeKind.DIRECTORATE)
    Posting.objects.create(
        user=user, role=Role.ADMINISTRATOR, office=office, starts=today(), note="First administrator"
    )
    audit.record("person.post", user, by=by, scope=office.code, data={"role": str(Role.ADMINISTRATOR)})
    return user
