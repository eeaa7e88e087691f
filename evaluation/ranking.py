"""The ranking of a district's appraised files: computed for the preview, written down when the packet is frozen.

The frozen snapshot holds everything the paper and the annexure print, marks included, so that the totals can be recomputed
from it alone. Reads only.
"""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.models import Application, Round
from districts.models import Office
from evaluation import scoring
from evaluation.models import Pick, RoundRules, Shortlist, ShortlistRow
from evaluation.queries import ready_files
from evaluation.ranked import entries_of, facts_of
from evaluation.states import GONE, Recommendation


def room_left(rules: RoundRules, office: Office) -> tuple[int, int]:
    """How many more this district may recommend and keep in reserve in the round, after packets approved before.

    A file that was returned from one, or was given up, takes no place in it any more.
    """
    target = int(rules.targets.get(office.district.code, 0)) if office.district else 0
    reserve = scoring.reserve_size(target, rules.reserve_percent)
    standing = ShortlistRow.objects.filter(
        shortlist__round=rules.round_id, shortlist__office=office, shortlist__state="approved", returned_at=None
    ).exclude(application__state__in=GONE)
    words = list(standing.values_list("recommendation", flat=True))
    return (
        max(0, target - words.count(Recommendation.RECOMMENDED)),
        max(0, reserve - words.count(Recommendation.RESERVE)),
    )


def places_of(
    rules: RoundRules, files: QuerySet[Application], room: tuple[int, int], picks: Mapping[str, Pick]
) -> list[dict[str, Any]]:
    """What the ranking says of each file, in the order of printing, without what a row says of the file itself.

    `room` is how many the target and the reserve list still take, `picks` the choices made, by reference.
    """
    target, reserve = room
    placed = scoring.recommend(
        scoring.rank(entries_of(files, rules.tie_chain)),
        target=target,
        reserve=reserve,
        pass_mark=rules.pass_mark,
        picks={reference: pick.recommendation for reference, pick in picks.items()},
    )
    return [
        {
            "reference": one.place.key,
            "position": position,
            "rank": one.place.rank,
            "total": str(one.place.total),
            "recommendation": str(one.word),
            "reserve_number": one.reserve_number,
            "out_of_rank": one.before is not None,
            "before": one.before,
            "displaced_by": list(one.displaced_by),
            "reason": picks[one.place.key].reason if one.before is not None or one.word == scoring.PASSED_OVER else "",
        }
        for position, one in enumerate(scoring.printed(placed), start=1)
    ]


def with_facts(places: Iterable[Mapping[str, Any]], call: Round) -> list[dict[str, Any]]:
    """Whole rows out of `places_of`, or of some of them: each with what it says of its file."""
    places = list(places)
    files = Application.objects.filter(reference__in=[place["reference"] for place in places])
    facts = facts_of(files, call.latest_year)
    return [{**place, **facts[place["reference"]]} for place in places]


def _taken(office: Office, call: Round, only: Collection[int] | None) -> QuerySet[Application]:
    """The appraised files, or `only` those with these keys."""
    found = ready_files(office, call.pk)
    return found if only is None else found.filter(pk__in=only)


def rows_of(
    office: Office,
    call: Round,
    rules: RoundRules,
    only: Collection[int] | None = None,
    picks: Mapping[str, Pick] | None = None,
) -> list[dict[str, Any]]:
    """The ranking as it stands now: one dictionary a file, in the order of printing. `picks` are those made, by reference."""
    places = places_of(rules, _taken(office, call, only), room_left(rules, office), picks or {})
    return with_facts(places, call)


def picks_of(packet: Shortlist) -> dict[str, Pick]:
    """The choices made beside the ranks in a packet, by the reference of the file."""
    return {pick.application.reference: pick for pick in packet.picks.select_related("application")}


def snapshot_of(packet: Shortlist, only: Collection[int] | None = None) -> dict[str, Any]:
    """What is frozen: the ranking and the rules it was made by.

    A freeze names the files it has locked: one appraised a moment later belongs to the next packet.
    """
    outline = outline_of(packet, only)
    return {**outline, "rows": with_facts(outline["rows"], packet.round)}


def outline_of(
    packet: Shortlist, only: Collection[int] | None = None, picks: Mapping[str, Pick] | None = None
) -> dict[str, Any]:
    """The same with the `places_of` of its files for rows: all that is counted and decided by, and a page needs of the others.

    `picks`: `picks_of` the packet, where they are at hand.
    """
    rules = RoundRules.objects.select_related("rubric").get(round=packet.round_id)
    office = packet.office
    district = office.district
    target, reserve = room_left(rules, office)
    picks = picks_of(packet) if picks is None else picks
    return {
        "shortlist": packet.number,
        "supersedes": packet.supersedes.number if packet.supersedes else "",
        "round": packet.round.number,
        "year": packet.round.latest_year,
        "district": {
            "code": district.code if district else "",
            "en": district.name_en if district else "",
            "ml": district.name_ml if district else "",
        },
        "office": {"code": office.code, "en": office.name_en, "ml": office.name_ml},
        "rubric": rules.rubric.version,
        "confirmed": rules.confirmed,
        "grouped": True,  # rows stand list by list; snapshots of before have them in the order of ranks
        "pass_mark": f"{rules.pass_mark.normalize():f}",
        "target": target,
        "reserve": reserve,
        "tie_chain": list(rules.tie_chain),
        "criteria": [
            {
                "key": criterion.key,
                "en": criterion.name_en,
                "ml": criterion.name_ml,
                "weight": criterion.weight,
                "max": criterion.max_mark,
            }
            for criterion in rules.rubric.criteria.all()
        ],
        "rows": places_of(rules, _taken(office, packet.round, only), (target, reserve), picks),
    }


def counts_of(rows: Iterable[Mapping[str, Any]], out: Collection[str] = ()) -> dict[str, int]:
    """How many of each recommendation, `out_of_rank` among them; `appraised` in all, `out` of them returned or given up."""
    standing = [row for row in rows if row["reference"] not in out]
    words = [str(row["recommendation"]) for row in standing]
    return {
        "appraised": len(words) + len(out),
        "out": len(out),
        "out_of_rank": sum(1 for row in standing if row.get("out_of_rank")),
        **{str(word): words.count(str(word)) for word in Recommendation.values},
    }


def choice_said(row: Mapping[str, Any], named: Collection[str] | None = None) -> str:
    """What was chosen beside the rank of a row, or cost it its place, in the reader's language; empty where its rank decided.

    `row`: of a snapshot, or of `placing_of`. A displaced row names only the files `named`; None: all it has.
    """
    if row["recommendation"] == Recommendation.PASSED_OVER:
        return _("Passed over.")
    if displaced_by := row.get("displaced_by"):
        files = [one for one in displaced_by if named is None or one in named]
        if not files:
            return _("Its place went to another application of the district, chosen beside the ranks.")
        return _("Its place went to %(files)s, chosen beside the ranks.") % {"files": ", ".join(files)}
    if row.get("before") is None:
        return ""
    if row["before"] == row["rank"]:
        return _("Chosen among files of equal rank.")
    return _("Out of rank: taken before rank %(rank)s.") % {"rank": row["before"]}


def placing_of(row: ShortlistRow) -> dict[str, Any]:
    """How the approved shortlist left a file, as papers freeze it. Of other files it holds nothing but that there are some."""
    return {
        "recommendation": row.recommendation,
        "rank": row.rank,
        "before": row.before,
        "displaced": bool(row.displaced_by),
        "reason": row.reason,
    }


def placing_said(placing: Mapping[str, Any]) -> str:
    """What was chosen beside the ranks about a file, for readers who are told of no other: the Committee, the enterprise."""
    return choice_said({**placing, "displaced_by": ["another"] if placing.get("displaced") else []}, named=())


def lines_of(snapshot: Mapping[str, Any]) -> list[str]:
    """For each row the words on the line drawn above it where the next list begins; above the recommended files none."""
    said = {
        str(Recommendation.RESERVE): _("Reserve list"),
        str(Recommendation.NOT_RECOMMENDED): _("Beyond the target and the reserve list"),
        str(Recommendation.BELOW): _("Below the pass mark %(mark)s") % {"mark": snapshot["pass_mark"]},
    }
    if snapshot.get("grouped"):
        said[str(Recommendation.PASSED_OVER)] = _("Passed over by the district")
    return [said.pop(str(row["recommendation"]), "") for row in snapshot["rows"]]


def ties_of(snapshot: Mapping[str, Any]) -> str:
    """What breaks a tie, in order, in the reader's language: "growth record, employment, earlier submission"."""
    language = "ml" if get_language() == "ml" else "en"
    words = {criterion["key"]: criterion[language].lower() for criterion in snapshot["criteria"]}
    return ", ".join({**words, "submitted_at": _("earlier submission")}[link] for link in snapshot["tie_chain"])


def recomputed(snapshot: Mapping[str, Any], row: Mapping[str, Any]) -> Decimal:
    """The official total of a row, made again from the snapshot alone: from its marks, or as it was moderated.

    A moderation outside the totals it settles counts for nothing.
    """
    totals = []
    for evaluation in row["evaluations"]:
        totals.append(
            scoring.exact_total(
                scoring.Marked(
                    criterion["key"],
                    criterion["weight"],
                    criterion["max"],
                    evaluation["marks"].get(criterion["key"]),
                    criterion["key"] not in evaluation["not_applicable"],
                )
                for criterion in snapshot["criteria"]
            )
        )
    moderation = row.get("moderation")  # not in rows frozen before there was one
    moderated, span = Decimal(moderation["total"]) if moderation else None, list(map(scoring.rounded, totals))
    within = moderated is not None and min(span) <= moderated <= max(span)
    return scoring.official_total(totals, moderated if within else None)
