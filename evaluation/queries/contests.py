"""A contested number as the desk shows it: the two files side by side, how it was settled, what holds the file."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from applications.models import Application, DocumentVersion, EnterpriseMember, Outcome, Settlement
from applications.queries import contenders, same_udyam
from applications.rules import is_member, may_open, may_settle
from evaluation.queries import post_labels
from records.sealed import mask
from records.verdicts import Verdict

CERTIFICATE = "udyam"  # the kind of document


@dataclass(frozen=True)
class Side:
    """One of the two files: what decides whose the number is, and nobody's name."""

    file: Application
    certificate: DocumentVersion | None
    pan: str  # masked; empty where it is not the one that both state


@dataclass(frozen=True)
class Pair:
    """A held file beside the one it is contested with."""

    this: Side
    other: Side
    same_udyam: bool
    same_pan: bool

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.this, self.other


@dataclass(frozen=True)
class Said:
    """One settlement in a sentence, with what the certificate showed, by whom and when."""

    sentence: str
    settlement: Settlement
    post: str


@dataclass(frozen=True)
class Contest:
    """The contest of a file as its page tells it. `others`: those it is still to be settled with; empty: nothing holds it.

    `against`: all that state its number. `own`: the reader acts for one of the enterprises, so that nothing of it is for them.
    """

    others: list[Application]
    settlements: list[Said]
    verdict: Verdict
    own: bool
    against: list[Application]

    @property
    def matters(self) -> bool:
        """Whether there is anything to say of it."""
        return bool(self.others or self.settlements)


def acts_for_any(user: User, files: Iterable[Application]) -> bool:
    """Whether the person acts for the enterprise of one of the files."""
    return EnterpriseMember.objects.filter(user=user, enterprise__in={file.enterprise_id for file in files}).exists()


def certificate_of(file: Application, user: User) -> DocumentVersion | None:
    """The newest Udyam certificate of a file; None where none was sent, or it may not be opened."""
    versions = DocumentVersion.objects.filter(slot__application=file, slot__kind__key=CERTIFICATE)
    newest = versions.select_related("file", "slot__kind").order_by("-number").first()
    return newest if newest and may_open(user, newest) else None


def pair_of(file: Application, other: Application, user: User) -> Pair:
    """Both files side by side."""
    key = file.profile.pan_key
    same_pan = bool(key) and key == other.profile.pan_key
    this, beside = (
        Side(one, certificate_of(one, user), mask(one.profile.pan) if same_pan else "") for one in (file, other)
    )
    return Pair(this, beside, same_udyam(file, other), same_pan)


def contest_of(file: Application, user: User) -> Contest:
    """The contest of a file, also where there is none."""
    between = Settlement.objects.filter(Q(application=file) | Q(other=file))
    settlements = list(between.select_related("application", "other").order_by("at", "pk"))
    posts = post_labels(said.by_id for said in settlements) if settlements else {}
    rows = [Said(sentence_of(said), said, posts.get(said.by_id, "")) for said in settlements]
    others = contenders(file)
    sides = [*others, *(one for said in settlements for one in (said.application, said.other))]
    own = is_member(user, file) or bool(sides and acts_for_any(user, sides))
    return Contest(others if file.contested else [], rows, may_settle(user, file), own, others)


def sentence_of(said: Settlement) -> str:
    """What was found, so that it reads alike on both files."""
    return found_in_words(said.outcome, said.application.reference, said.other.reference)


def found_in_words(outcome: str, this: str, other: str) -> str:
    """The same, of what the trail keeps: `this` and `other` are references."""
    words = {"this": this, "other": other}
    match outcome:
        case Outcome.THIS:
            return _("The number belongs to %(this)s, not to %(other)s.") % words
        case Outcome.OTHER:
            return _("The number belongs to %(other)s, not to %(this)s.") % words
        case _outcome:
            return _("%(this)s and %(other)s are different enterprises: both go on.") % words
