"""How far a file of the demonstration goes: its acts, each with the span of time in which it happens.

A goal is a list of acts in their order. The numbers are the earliest and the latest moment as a share of the weeks behind us
(0 is seven weeks ago, 1 is now; a working day is about 0.03); for a file of the earlier round as a share of its `plan.DAYS`. The spans of a goal do not overlap, so its order stands.
"""

from typing import NamedTuple


class Planned(NamedTuple):
    """One act of a goal."""

    act: str
    earliest: float
    latest: float


def _at(act: str, earliest: float, latest: float) -> Planned:
    return Planned(act, earliest, latest)


_PACKET = (_at("submit", 0.0, 0.12), _at("take_up", 0.14, 0.22), _at("visit_and_end_scrutiny", 0.3, 0.42))
_LONG_AGO = (_at("submit", 0.02, 0.14), _at("take_up", 0.16, 0.2))
_IN_APPRAISAL = (_at("submit", 0.34, 0.46), _at("take_up", 0.48, 0.54), _at("end_scrutiny", 0.58, 0.68))
_TAKEN_UP = (_at("submit", 0.5, 0.62), _at("take_up", 0.64, 0.7))
_APPRAISED_EARLY = (_at("submit", 0.0, 0.1), _at("take_up", 0.12, 0.16), _at("visit_and_end_scrutiny", 0.2, 0.28))

_EARLIER = (_at("submit", 0.0, 0.15), _at("take_up", 0.18, 0.22), _at("visit_and_end_scrutiny", 0.24, 0.32))

# Of the earlier round, whose decisions are released. Its packets and its meeting go on with the first three.
EARLIER: dict[str, tuple[Planned, ...]] = {
    "won": (*_EARLIER, _at("score_best", 0.34, 0.43)),  # the applicant's second enterprise
    "ranked": (*_EARLIER, _at("score_high", 0.34, 0.43)),
    "ranked_low": (*_EARLIER, _at("score_low", 0.34, 0.43)),
    "withdrawn_then": (_at("submit", 0.02, 0.14), _at("withdraw", 0.2, 0.3)),
    "lapsed_then": (
        _at("submit", 0.0, 0.1), _at("take_up", 0.13, 0.16), _at("ask_shortly", 0.18, 0.2), _at("remind", 0.27, 0.28),
        _at("remind", 0.33, 0.34), _at("close_unanswered", 0.36, 0.4),
    ),
    "ineligible_then": (*_EARLIER[:2], _at("propose", 0.26, 0.32), _at("confirm", 0.35, 0.4)),
}  # fmt: skip

GOALS: dict[str, tuple[Planned, ...]] = {
    "draft": (_at("begin", 0.3, 0.98),),
    "withdrawn": (_at("submit", 0.3, 0.5), _at("withdraw", 0.55, 0.7)),
    # Received
    "submitted": (_at("submit", 0.93, 0.99),),
    "submitted_near": (_at("submit", 0.88, 0.9),),
    "submitted_late": (_at("submit", 0.6, 0.72),),
    "given_new": (_at("submit", 0.86, 0.9), _at("give", 0.92, 0.97)),
    "transferred": (*_TAKEN_UP, _at("transfer", 0.86, 0.94)),
    # Under scrutiny
    "scrutiny": (_at("submit", 0.62, 0.76), _at("take_up", 0.78, 0.88)),
    "half_verified": (_at("submit", 0.55, 0.65), _at("take_up", 0.68, 0.74), _at("verify_some", 0.8, 0.95)),
    "scrutiny_near": (_at("submit", 0.44, 0.5), _at("take_up", 0.57, 0.6), _at("verify_some", 0.7, 0.8)),
    "scrutiny_late": (_at("submit", 0.2, 0.3), _at("take_up", 0.34, 0.42)),
    "contested": (_at("submit", 0.86, 0.9), _at("take_up", 0.92, 0.97)),
    "settled": (_at("submit", 0.83, 0.86), _at("take_up", 0.88, 0.9), _at("settle", 0.92, 0.97)),
    "given": (*_TAKEN_UP, _at("give", 0.74, 0.9)),
    "rejected": (*_TAKEN_UP, _at("reject", 0.74, 0.85)),
    "resent": (*_TAKEN_UP, _at("reject", 0.73, 0.77), _at("send_again", 0.82, 0.95)),
    # With the applicant, or back from there
    "asked": (*_TAKEN_UP, _at("ask", 0.76, 0.86)),
    "asked_late": (
        *_LONG_AGO, _at("ask_shortly", 0.46, 0.5), _at("remind", 0.66, 0.68), _at("remind", 0.8, 0.82),
    ),
    "lapsed": (
        *_LONG_AGO, _at("ask_shortly", 0.22, 0.26), _at("remind", 0.42, 0.44), _at("remind", 0.56, 0.58),
        _at("close_unanswered", 0.62, 0.7),
    ),
    "answered": (*_TAKEN_UP, _at("ask", 0.73, 0.78), _at("answer", 0.86, 0.96)),
    "answered_read": (*_TAKEN_UP, _at("ask", 0.72, 0.75), _at("answer", 0.8, 0.86), _at("read_answer", 0.9, 0.96)),
    "answered_late": (
        *_PACKET, _at("score_first", 0.48, 0.58), _at("ask_figure", 0.64, 0.72), _at("answer", 0.84, 0.95),
    ),
    "asked_in_appraisal": (*_IN_APPRAISAL, _at("visit", 0.7, 0.76), _at("ask", 0.8, 0.88)),
    # Ineligible
    "proposed": (*_TAKEN_UP, _at("propose", 0.8, 0.93)),
    "sent_back": (*_TAKEN_UP, _at("propose", 0.72, 0.76), _at("send_back", 0.8, 0.86)),
    "ineligible": (*_TAKEN_UP, _at("propose", 0.72, 0.76), _at("confirm", 0.8, 0.9)),
    "reinstated": (*_TAKEN_UP, _at("propose", 0.72, 0.74), _at("confirm", 0.77, 0.8), _at("reinstate", 0.86, 0.93)),
    # Field visit and appraisal
    "appraisal": _IN_APPRAISAL,
    "appraisal_late": (*_LONG_AGO, _at("end_scrutiny", 0.26, 0.34)),
    "visited": (*_IN_APPRAISAL, _at("visit", 0.72, 0.92)),
    "named": (*_IN_APPRAISAL, _at("visit", 0.7, 0.78), _at("name", 0.82, 0.95)),
    "begun": (*_IN_APPRAISAL, _at("visit", 0.7, 0.74), _at("name", 0.76, 0.8), _at("begin_marks", 0.84, 0.95)),
    "scored_once": (*_IN_APPRAISAL, _at("visit", 0.7, 0.74), _at("score_first", 0.78, 0.95)),
    "apart": (*_IN_APPRAISAL, _at("visit", 0.7, 0.74), _at("score_apart", 0.78, 0.92)),
    "stepped_back": (*_IN_APPRAISAL, _at("visit", 0.7, 0.74), _at("name", 0.76, 0.8), _at("replace", 0.84, 0.93)),
    "unlocked": (*_PACKET, _at("score_high", 0.76, 0.82), _at("unlock", 0.88, 0.95)),
    # Appraised
    "appraised": (*_PACKET, _at("score", 0.77, 0.96)),
    "moderated": (*_PACKET, _at("score_apart", 0.76, 0.82), _at("moderate", 0.88, 0.95)),
    "locked_again": (
        *_APPRAISED_EARLY, _at("score_high", 0.5, 0.6), _at("unlock", 0.66, 0.7), _at("lock_again", 0.76, 0.82),
    ),
    # In a district's packet
    "high": (*_PACKET, _at("score_high", 0.46, 0.66)),
    "low": (*_PACKET, _at("score_low", 0.46, 0.66)),
    "high_late": (*_PACKET, _at("score_high", 0.72, 0.86)),
    "low_late": (*_PACKET, _at("score_low", 0.72, 0.86)),
    **EARLIER,
}  # fmt: skip

# Where a goal leaves its file, as `applications.states.State` names it. Files of a packet go on with it.
ENDS: dict[str, str] = {
    "draft": "draft",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
    "ineligible": "ineligible",
    **dict.fromkeys(
        ("submitted", "submitted_near", "submitted_late", "given_new", "transferred"), "submitted"
    ),
    **dict.fromkeys(
        (
            "scrutiny", "half_verified", "scrutiny_near", "scrutiny_late", "contested", "settled", "given", "rejected", "resent", "answered",
            "answered_read", "proposed", "sent_back", "reinstated",
        ),
        "scrutiny",
    ),
    **dict.fromkeys(("asked", "asked_late", "asked_in_appraisal"), "clarification"),
    **dict.fromkeys(
        (
            "answered_late", "appraisal", "appraisal_late", "visited", "named", "begun", "scored_once", "apart",
            "stepped_back", "unlocked",
        ),
        "appraisal",
    ),
    **dict.fromkeys(("appraised", "moderated", "locked_again", "high", "low", "high_late", "low_late"), "appraised"),
    "won": "selected",
    "ranked": "reserve",
    "ranked_low": "not_selected",
    "withdrawn_then": "withdrawn",
    "lapsed_then": "lapsed",
    "ineligible_then": "ineligible",
}  # fmt: skip
