"""What a fresh portal starts with: kinds of documents and one round, all to be confirmed by the Department."""

from datetime import date, datetime

from applications.models import DocumentKind, Round
from records.clock import INDIA, today

KINDS = [
    ("udyam", "Udyam certificate", "Udyam സർട്ടിഫിക്കറ്റ്", False),
    ("profile", "Enterprise profile and ownership details", "സംരംഭത്തിന്റെ വിവരങ്ങളും ഉടമസ്ഥതയും", False),
    ("financials", "Financial statements or turnover details", "സാമ്പത്തിക കണക്കുകളും വിറ്റുവരവും", True),
    ("growth", "Growth or expansion plan", "വളർച്ചാ / വിപുലീകരണ പദ്ധതി", False),
    ("employment", "Employment data", "ജീവനക്കാരുടെ വിവരങ്ങൾ", False),
    ("bank", "Bank and compliance details", "ബാങ്ക് വിവരങ്ങളും ചട്ടപാലന രേഖകളും", True),
    ("other", "Anything asked for during evaluation", "മൂല്യനിർണയ സമയത്ത് ആവശ്യപ്പെട്ട മറ്റു രേഖകൾ", False),
]
HINTS = {
    "udyam": (
        "The certificate with its annexure, as downloaded from the Udyam portal.",
        "Udyam പോർട്ടലിൽനിന്ന് ഡൗൺലോഡ് ചെയ്ത സർട്ടിഫിക്കറ്റും അനുബന്ധവും.",
    ),
    "profile": (
        "Partnership deed, memorandum or by-laws; a list of owners with their shares.",
        "പങ്കാളിത്ത കരാർ, മെമ്മോറാണ്ടം അല്ലെങ്കിൽ നിയമാവലി; ഉടമകളുടെയും വിഹിതങ്ങളുടെയും പട്ടിക.",
    ),
    "financials": (
        "Balance sheet and profit and loss account of three years, in one file.",
        "മൂന്ന് വർഷത്തെ ബാലൻസ് ഷീറ്റും ലാഭനഷ്ട കണക്കും ഒരു ഫയലിൽ.",
    ),
    "growth": (
        "The plan with its cost, quotations and orders, if there are any.",
        "പദ്ധതിയും ചെലവും; ക്വട്ടേഷനുകളും ഓർഡറുകളും ഉണ്ടെങ്കിൽ അവയും.",
    ),
    "employment": ("EPF and ESI challans, or the wage register.", "EPF, ESI ചലാനുകൾ അല്ലെങ്കിൽ വേതന രജിസ്റ്റർ."),
    "bank": (
        "A cancelled cheque, the bank's letter on loans, GST returns, licences.",
        "റദ്ദാക്കിയ ചെക്ക്, വായ്പകളെക്കുറിച്ചുള്ള ബാങ്കിന്റെ കത്ത്, GST റിട്ടേണുകൾ, ലൈസൻസുകൾ.",
    ),
    "other": ("Only when your DIC or the Committee asks for it.", "ജില്ലാ വ്യവസായ കേന്ദ്രമോ സമിതിയോ ആവശ്യപ്പെട്ടാൽ മാത്രം."),
}
ROUND = 3


def load() -> str:
    """Make what is missing; leave what is there. What was found, in words."""
    for order, (key, name_en, name_ml, financial) in enumerate(KINDS, 1):
        hint_en, hint_ml = HINTS[key]
        DocumentKind.objects.update_or_create(
            key=key,
            defaults={
                "order": order,
                "name_en": name_en,
                "name_ml": name_ml,
                "hint_en": hint_en,
                "hint_ml": hint_ml,
                "financial": financial,
                "asked_at_start": key != "other",
            },
        )
    Round.objects.get_or_create(number=ROUND, defaults=_default_round(today()))
    return f"{DocumentKind.objects.count()} kinds of documents, {Round.objects.count()} rounds"


def _default_round(day: date) -> dict[str, object]:
    """Open for about a quarter of a year around today; cut-off the last 31 March; the three financial years before it."""
    cut_off = date(day.year if (day.month, day.day) > (3, 31) else day.year - 1, 3, 31)
    month = day.month + 1
    closes = datetime(
        day.year + (month > 12),
        (month - 1) % 12 + 1,
        31 if (month - 1) % 12 + 1 in {1, 3, 5, 7, 8, 10, 12} else 28,
        17,
        0,
        tzinfo=INDIA,
    )
    opened = date(day.year if day.month > 2 else day.year - 1, (day.month - 3) % 12 + 1, 1)
    return {
        "opens_at": datetime(opened.year, opened.month, 1, 10, 0, tzinfo=INDIA),
        "closes_at": closes,
        "cut_off": cut_off,
        "activities": ["manufacturing", "service"],
        "financial_years": [f"{year}-{(year + 1) % 100:02d}" for year in range(cut_off.year - 3, cut_off.year)],
        "required_documents": [key for key, *_rest in KINDS if key != "other"],
    }
