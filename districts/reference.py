"""The map as data: districts, taluks, offices, holidays. Addresses and telephones are to be confirmed."""

import csv
from collections.abc import Iterator
from pathlib import Path

from districts import calendar
from districts.models import District, Holiday, Office, OfficeKind, Taluk

DATA = Path(__file__).parent / "data"


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as opened:
        yield from csv.DictReader(opened)


def load() -> str:
    """Make what is missing and correct what was loaded before; never touch addresses somebody entered."""
    for row in _rows("districts.csv"):
        fields = {
            "order": int(row["order"]),
            "lgd": int(row["lgd"]),
            "name_en": row["name_en"],
            "name_ml": row["name_ml"],
            "udyam_code": row["udyam_code"],
            "aliases": [alias for alias in row["aliases"].split("|") if alias],
        }
        District.objects.update_or_create(code=row["code"], defaults=fields)
    districts = {district.code: district for district in District.objects.all()}
    for row in _rows("taluks.csv"):
        Taluk.objects.get_or_create(
            district=districts[row["district_code"]],
            name_en=row["taluk"],
            defaults={"name_ml": TALUKS_ML.get(row["taluk"], "")},
        )
    _offices(districts)
    for row in _rows("holidays.csv"):
        place = None if row["scope"] == "STATE" else districts[row["scope"]]
        Holiday.objects.get_or_create(
            date=row["date"],
            district=place,
            defaults={"name_en": row["name_en"], "status": row["status"], "source": row["source"][:200]},
        )
    calendar.forget()
    return f"{District.objects.count()} districts, {Taluk.objects.count()} taluks, {Office.objects.count()} offices, {Holiday.objects.count()} holidays"


def _offices(districts: dict[str, District]) -> None:
    Office.objects.get_or_create(
        code="DIRECTORATE",
        defaults={
            "kind": OfficeKind.DIRECTORATE,
            "name_en": "Directorate of Industries and Commerce",
            "name_ml": "വ്യവസായ വാണിജ്യ ഡയറക്ടറേറ്റ്",
        },
    )
    for code, district in districts.items():
        Office.objects.get_or_create(
            code=f"DIC-{code}",
            defaults={
                "kind": OfficeKind.DIC,
                "district": district,
                "name_en": f"DIC {district.name_en}",
                "name_ml": f"ജില്ലാ വ്യവസായ കേന്ദ്രം, {district.name_ml}",
            },
        )


# Own choice of spelling; the Department's list gives English names only.
TALUKS_ML = {
    "Neyyattinkara": "നെയ്യാറ്റിൻകര", "Kattakada": "കാട്ടാക്കട", "Nedumangad": "നെടുമങ്ങാട്", "Thiruvananthapuram": "തിരുവനന്തപുരം",
    "Chirayinkeezhu": "ചിറയിൻകീഴ്", "Varkala": "വർക്കല", "Kollam": "കൊല്ലം", "Kunnathur": "കുന്നത്തൂർ", "Karunagappally": "കരുനാഗപ്പള്ളി",
    "Kottarakkara": "കൊട്ടാരക്കര", "Punalur": "പുനലൂർ", "Pathanapuram": "പത്തനാപുരം", "Adoor": "അടൂർ", "Konni": "കോന്നി",
    "Kozhencherry": "കോഴഞ്ചേരി", "Ranni": "റാന്നി", "Mallappally": "മല്ലപ്പള്ളി", "Thiruvalla": "തിരുവല്ല", "Cherthala": "ചേർത്തല",
    "Ambalappuzha": "അമ്പലപ്പുഴ", "Kuttanad": "കുട്ടനാട്", "Karthikappally": "കാർത്തികപ്പള്ളി", "Chengannur": "ചെങ്ങന്നൂർ",
    "Mavelikkara": "മാവേലിക്കര", "Changanassery": "ചങ്ങനാശ്ശേരി", "Kottayam": "കോട്ടയം", "Vaikom": "വൈക്കം", "Meenachil": "മീനച്ചിൽ",
    "Kanjirappally": "കാഞ്ഞിരപ്പള്ളി", "Peerumade": "പീരുമേട്", "Udumbanchola": "ഉടുമ്പൻചോല", "Idukki": "ഇടുക്കി", "Thodupuzha": "തൊടുപുഴ",
    "Devikulam": "ദേവികുളം", "Kanayannur": "കണയന്നൂർ", "Kochi": "കൊച്ചി", "Aluva": "ആലുവ", "Paravur": "പറവൂർ", "Kunnathunad": "കുന്നത്തുനാട്",
    "Muvattupuzha": "മൂവാറ്റുപുഴ", "Kothamangalam": "കോതമംഗലം", "Thrissur": "തൃശ്ശൂർ", "Mukundapuram": "മുകുന്ദപുരം", "Chalakudy": "ചാലക്കുടി",
    "Kodungallur": "കൊടുങ്ങല്ലൂർ", "Chavakkad": "ചാവക്കാട്", "Kunnamkulam": "കുന്നംകുളം", "Thalappilly": "തലപ്പിള്ളി", "Palakkad": "പാലക്കാട്",
    "Chittur": "ചിറ്റൂർ", "Alathur": "ആലത്തൂർ", "Ottappalam": "ഒറ്റപ്പാലം", "Pattambi": "പട്ടാമ്പി", "Mannarkkad": "മണ്ണാർക്കാട്",
    "Attappady": "അട്ടപ്പാടി", "Ernad": "ഏറനാട്", "Kondotty": "കൊണ്ടോട്ടി", "Nilambur": "നിലമ്പൂർ", "Perinthalmanna": "പെരിന്തൽമണ്ണ",
    "Ponnani": "പൊന്നാനി", "Tirur": "തിരൂർ", "Tirurangadi": "തിരൂരങ്ങാടി", "Kozhikode": "കോഴിക്കോട്", "Vatakara": "വടകര",
    "Koyilandy": "കൊയിലാണ്ടി", "Thamarassery": "താമരശ്ശേരി", "Vythiri": "വൈത്തിരി", "Sulthan Bathery": "സുൽത്താൻ ബത്തേരി",
    "Mananthavady": "മാനന്തവാടി", "Thalassery": "തലശ്ശേരി", "Iritty": "ഇരിട്ടി", "Kannur": "കണ്ണൂർ", "Taliparamba": "തളിപ്പറമ്പ്",
    "Payyannur": "പയ്യന്നൂർ", "Kasaragod": "കാസർഗോഡ്", "Manjeshwar": "മഞ്ചേശ്വരം", "Hosdurg": "ഹോസ്ദുർഗ്", "Vellarikundu": "വെള്ളരിക്കുണ്ട്",
}  # fmt: skip
