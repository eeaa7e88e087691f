"""The default rubric and rules of a round. Nothing of it is public but the pass mark: "to be confirmed by the Department"."""

from decimal import Decimal
from typing import Any

from applications.models import Round
from districts.models import District
from evaluation.models import Criterion, RoundRules, Rubric

TARGET_OF_A_DISTRICT = 8  # a default so that a shortlist can be made; the Department names the real ones
TIE_CHAIN = ["growth", "employment", "submitted_at"]

Band = tuple[str, str, int | None, int | None]


def _bands(*rows: Band) -> list[dict[str, Any]]:
    return [
        {"mark": mark, "en": en, "ml": ml, "from": low, "to": high} for mark, (en, ml, low, high) in enumerate(rows, 1)
    ]


CRITERIA: list[dict[str, Any]] = [
    {
        "key": "growth",
        "name_en": "Growth record",
        "name_ml": "ഇതുവരെയുള്ള വളർച്ച",
        "weight": 25,
        "formula": "growth",
        "bands": _bands(
            ("Falling", "കുറയുന്നു", None, 0),
            ("0 to 10 % a year", "വർഷം 0 മുതൽ 10 % വരെ", 0, 10),
            ("10 to 20 %", "10 മുതൽ 20 % വരെ", 10, 20),
            ("20 to 30 %", "20 മുതൽ 30 % വരെ", 20, 30),
            ("30 % or more", "30 % അല്ലെങ്കിൽ അതിൽ കൂടുതൽ", 30, None),
        ),
    },
    {
        "key": "financial",
        "name_en": "Financial soundness",
        "name_ml": "സാമ്പത്തിക ഭദ്രത",
        "weight": 20,
        "formula": "profit_share",
        "bands": _bands(
            ("Loss", "നഷ്ടം", None, 0),
            ("Under 4 %", "4 ശതമാനത്തിൽ താഴെ", 0, 4),
            ("4 to 8 %", "4 മുതൽ 8 % വരെ", 4, 8),
            ("8 to 12 %", "8 മുതൽ 12 % വരെ", 8, 12),
            ("12 % or more", "12 % അല്ലെങ്കിൽ അതിൽ കൂടുതൽ", 12, None),
        ),
    },
    {
        "key": "plan",
        "name_en": "Scale-up plan",
        "name_ml": "സ്കെയിൽ അപ്പ് പദ്ധതി",
        "weight": 20,
        "bands": _bands(
            ("No plan", "പദ്ധതിയില്ല", None, None),
            ("Idea, no figures", "ആശയം മാത്രം, കണക്കുകളില്ല", None, None),
            ("Figures, no backing", "കണക്കുകളുണ്ട്, തെളിവില്ല", None, None),
            ("Costed, orders in hand", "ചെലവ് കണക്കാക്കി, ഓർഡറുകൾ ലഭിച്ചു", None, None),
            ("Costed, finance tied up", "ചെലവ് കണക്കാക്കി, ധനസഹായം ഉറപ്പാക്കി", None, None),
        ),
    },
    {
        "key": "employment",
        "name_en": "Employment",
        "name_ml": "തൊഴിൽ",
        "weight": 15,
        "formula": "jobs",
        "bands": _bands(
            ("Under 5", "5-ൽ താഴെ", None, 5),
            ("5 to 20", "5 മുതൽ 20 വരെ", 5, 21),
            ("21 to 50", "21 മുതൽ 50 വരെ", 21, 51),
            ("51 to 100", "51 മുതൽ 100 വരെ", 51, 101),
            ("Over 100", "100-ൽ കൂടുതൽ", 101, None),
        ),
    },
    {
        "key": "exports",
        "name_en": "Exports and new markets",
        "name_ml": "കയറ്റുമതിയും പുതിയ വിപണികളും",
        "weight": 10,
        "formula": "export_share",
        "na_when": "no_exports",
        "bands": _bands(
            ("New market only on paper", "പുതിയ വിപണി കടലാസിൽ മാത്രം", None, None),
            ("Buyers named, no sales yet", "വാങ്ങുന്നവരെ കണ്ടെത്തി, വിൽപ്പന തുടങ്ങിയില്ല", None, None),
            ("Exports under 10 % of sales", "കയറ്റുമതി വിൽപ്പനയുടെ 10 ശതമാനത്തിൽ താഴെ", None, None),
            ("10 to 30 % of sales", "വിൽപ്പനയുടെ 10 മുതൽ 30 % വരെ", 10, 30),
            ("30 % or more of sales", "വിൽപ്പനയുടെ 30 % അല്ലെങ്കിൽ അതിൽ കൂടുതൽ", 30, None),
        ),
    },
    {
        "key": "technology",
        "name_en": "Technology and compliance",
        "name_ml": "സാങ്കേതികവിദ്യയും ചട്ടപാലനവും",
        "weight": 10,
        "bands": _bands(
            ("No licences", "ലൈസൻസുകളില്ല", None, None),
            ("Licences partly lapsed", "ചില ലൈസൻസുകൾ കാലഹരണപ്പെട്ടു", None, None),
            ("All licences valid", "എല്ലാ ലൈസൻസുകളും നിലവിലുണ്ട്", None, None),
            ("Valid, with quality marks", "ലൈസൻസുകളും ഗുണനിലവാര മുദ്രകളും ഉണ്ട്", None, None),
            ("Valid, export grade", "ലൈസൻസുകളും കയറ്റുമതി നിലവാരവും ഉണ്ട്", None, None),
        ),
    },
]


def load() -> dict[str, int]:
    """Make rubric 1 and the rules of every round that has none. What exists is left alone: marks may stand on it."""
    rubric, made = Rubric.objects.get_or_create(version=1)
    if made:
        Criterion.objects.bulk_create(
            Criterion(rubric=rubric, order=order, max_mark=5, **row) for order, row in enumerate(CRITERIA, start=1)
        )
    targets = dict.fromkeys(District.objects.values_list("code", flat=True), TARGET_OF_A_DISTRICT)
    new_rules = 0
    for call in Round.objects.filter(rules__isnull=True):
        RoundRules.objects.create(
            round=call,
            rubric=rubric,
            pass_mark=Decimal(60),
            spread_limit=Decimal(15),
            tie_chain=TIE_CHAIN,
            targets=targets,
        )
        new_rules += 1
    return {"rubric": int(made), "round rules": new_rules}
