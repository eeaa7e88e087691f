"""What the officers of the demonstration do on the desk, by the real acts and with the demonstration's own people."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from accounts.models import Posting, User
from accounts.roles import ROLE_PERMISSIONS, Permission
from applications.models import Application, DocumentVersion, Outcome
from applications.queries import claimed, contenders
from applications.sections import newest_versions
from districts.models import Office
from evaluation import actions, demo_words, figures
from evaluation.actions import contests, ineligible
from evaluation.actions.giving import give as give_to
from evaluation.actions.notes import log_call, write_note
from evaluation.actions.transfer import transfer as transfer_to
from evaluation.actions.visits import Seen, record_visit
from evaluation.demo_pictures import photograph
from evaluation.queries.ineligible import officers_for
from evaluation.queries.transfer import other_centres
from records.clock import now, today

HOME = "EKM"  # the district whose people stand for those of all: files of others are handed to it
AT_THE_UNIT = ("jobs", "women", "fixed_capital", "overdue", "began_on")  # figures found on a visit


_known: ContextVar[dict[tuple[int, Permission], list[User]] | None] = ContextVar("holders", default=None)


@contextmanager
def known_people() -> Iterator[None]:
    """Ask only once who holds which post: nobody is posted elsewhere while the demonstration is made."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def holders(office: Office, permission: Permission) -> list[User]:
    """People of an office, or of a taluk office of its district, whose post allows this; own office first."""
    known = _known.get()
    if known is None:
        return _holders(office, permission)
    if (office.pk, permission) not in known:
        known[office.pk, permission] = _holders(office, permission)
    return known[office.pk, permission]


def _holders(office: Office, permission: Permission) -> list[User]:
    postings = Posting.objects.live().filter(office__district=office.district_id).select_related("user", "office")
    found = [
        post for post in postings.order_by("pk") if permission in ROLE_PERMISSIONS[post.role] and post.reaches(office)
    ]
    found.sort(key=lambda post: post.office_id != office.pk)
    return list(dict.fromkeys(post.user for post in found))


def first_officer(file: Application) -> User:
    """Who takes the files of an office up."""
    return holders(file.office, Permission.TAKE_UP)[0]


def take_up(file: Application, rng: Random) -> Application:
    """The first officer of the office takes the file up."""
    return actions.take_up(file, by=first_officer(file))


def give(file: Application, rng: Random) -> Application:
    """The manager gives the file to the second officer."""
    manager = next(user for user in holders(file.office, Permission.ASSIGN) if user.has(Permission.FREEZE, file.office))
    return give_to(file, holders(file.office, Permission.TAKE_UP)[1], by=manager)


def transfer(file: Application, rng: Random) -> Application:
    """The General Manager hands the file to another district."""
    others = list(other_centres(file))
    home = [office for office in others if office.district and office.district.code == HOME]
    return transfer_to(
        file, (home or others)[0], demo_words.TRANSFERRED, by=holders(file.office, Permission.TRANSFER)[0]
    )


# ---- Notes and calls ----------------------------------------------------------------------------------------------
def note(file: Application, rng: Random) -> None:
    """The officer writes on the note sheet."""
    write_note(file, rng.choice(demo_words.NOTES), by=file.officer)


def call(file: Application, rng: Random) -> None:
    """The officer rang the enterprise a quarter of an hour ago."""
    log_call(
        file,
        rng.choice(demo_words.CALLS),
        spoke_to=file.profile.contact_person,
        called_at=now() - timedelta(minutes=15),
        by=file.officer,
    )


# ---- Figures, documents, visits -----------------------------------------------------------------------------------
def _found(figure: figures.Figure, stated: figures.Value | None, rng: Random) -> figures.Value:
    """Mostly what is claimed; now and then a little less turnover, as other income is taken out."""
    if figure.kind is figures.Kind.MONEY and isinstance(stated, Decimal) and stated > 0 and rng.random() < 0.2:
        return (stated * rng.randint(92, 99) / 100).quantize(Decimal(1))
    if stated is not None:
        return stated
    if figure.kind is figures.Kind.DATE:
        return date(2018, 4, 1).isoformat()
    return "no" if figure.kind is figures.Kind.YES_NO else Decimal(0)


def _findings(file: Application, rng: Random) -> dict[str, figures.Value]:
    stated = claimed(file)
    return {
        figure.key: _found(figure, stated.get(figure.key), rng) for figure in figures.asked(file.round.financial_years)
    }


def _verify(file: Application, found: Mapping[str, figures.Value], rng: Random) -> None:
    sources = {key: rng.choice(demo_words.SOURCES[key.partition(":")[0]]) for key in found}
    actions.verify_figures(file, found, sources, by=file.officer)


def _accept(file: Application, versions: Sequence[DocumentVersion]) -> None:
    actions.accept_documents(versions, by=file.officer)


def verify_some(file: Application, rng: Random) -> None:
    """The officer accepts half of the documents and verifies half of the figures."""
    versions = list(newest_versions(file).values())
    _accept(file, versions[: len(versions) // 2])
    found = _findings(file, rng)
    _verify(file, dict(list(found.items())[: len(found) // 2]), rng)


def end_scrutiny(file: Application, rng: Random) -> Application:
    """The officer who holds the file accepts every document, verifies every figure and ends the scrutiny."""
    _accept(file, list(newest_versions(file).values()))
    _verify(file, _findings(file, rng), rng)
    return actions.pass_scrutiny(file, by=file.officer)


def visit_and_end_scrutiny(file: Application, rng: Random) -> Application:
    """The same, with the figures that show at the unit found there."""
    _accept(file, list(newest_versions(file).values()))
    found = _findings(file, rng)
    record_visit(file, _seen(rng, {key: found[key] for key in AT_THE_UNIT}), by=file.officer)
    _verify(file, {key: value for key, value in found.items() if key not in AT_THE_UNIT}, rng)
    return actions.pass_scrutiny(file, by=file.officer)


def _seen(rng: Random, found: Mapping[str, figures.Value] | None = None) -> Seen:
    return Seen(today(), rng.choice(demo_words.PEOPLE_MET), rng.choice(demo_words.FINDINGS), found or {})


def visit(file: Application, rng: Random, *, photographs: int = 0) -> None:
    """A visit of today, with photographs taken in the hours before."""
    code = file.district.code
    pictures = [
        photograph(code, now() - timedelta(minutes=40 + 5 * number), rng, number)
        for number in range(1, photographs + 1)
    ]
    record_visit(file, _seen(rng), pictures, by=file.officer)


def reject_a_document(file: Application, rng: Random) -> None:
    """Reject one document of a file under scrutiny, with a reason that varies."""
    version = rng.choice(list(newest_versions(file).values()))
    reason, text = rng.choice(
        [("unreadable", "Pages 6 to 9 are blurred."), ("incomplete", "The schedules are missing."), ("unsigned", "")]
    )
    actions.judge_document(version, accept=False, reason=reason, note=text, by=file.officer)


# ---- Contested and ineligible -----------------------------------------------------------------------------------------------------
def settle(file: Application, rng: Random) -> None:
    """The officer settles a contested number: it belongs to the other, so this file is proposed to be ineligible."""
    contests.settle(file, contenders(file)[0], Outcome.OTHER, demo_words.NUMBER_OF_ANOTHER, by=file.officer)


def propose(file: Application, rng: Random) -> None:
    """The officer proposes to find the file ineligible."""
    rule = rng.choice(sorted(demo_words.INELIGIBLE))
    ineligible.propose(file, rule, demo_words.INELIGIBLE[rule], by=file.officer)


def confirm(file: Application, rng: Random) -> Application:
    """The General Manager confirms it."""
    return ineligible.confirm(file, demo_words.CONFIRMED, by=holders(file.office, Permission.FIND_INELIGIBLE)[0])


def send_back(file: Application, rng: Random) -> None:
    """The General Manager sends the proposal back."""
    ineligible.send_back(file, demo_words.SENT_BACK, by=holders(file.office, Permission.FIND_INELIGIBLE)[0])


def reinstate(file: Application, rng: Random) -> Application:
    """The General Manager takes the finding back and gives the file to the officer who had it."""
    general_manager = holders(file.office, Permission.FIND_INELIGIBLE)[0]
    return ineligible.reinstate(file, officers_for(file)[0].user, demo_words.REINSTATED, by=general_manager)
