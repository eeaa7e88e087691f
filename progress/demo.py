"""What General Managers of the demonstration write of a month, and the reports they make, by the real acts."""

from accounts.models import User
from districts.models import District
from progress import actions, narratives
from progress.queries import report_key
from records.models import Paper

TEXTS = {
    "EKM": "Two camps were held at Aluva and Kothamangalam; 61 enterprises came, and 22 began an application there.\n\n"
    "Scrutiny slowed in the third week: both Extension Officers were on election duty. The files that wait longest are "
    "taken up first.\n\nBanks in Kanayannur answer letters about overdue loans within a week.",
    "TSR": "Most questions are about turnover in which rent was counted. The form is explained in a short note at the "
    "counter.\n\nThe field visits of the month are done; one unit was found closed.",
    "KKD": "കോഴിക്കോട് താലൂക്കിൽ നിന്നാണ് അപേക്ഷകളിൽ പകുതിയും. വടകരയിൽ ഒരു ക്യാമ്പ് നടത്തി; 34 സംരംഭകർ പങ്കെടുത്തു.",
}


def write(district: District, month: str, *, by: User) -> None:
    """The page of a month, where none is written."""
    if narratives.newest(district, month) is None:
        actions.write_narrative(district, month, TEXTS[district.code], seen=0, by=by)


def report(district: District, month: str, number: int, *, by: User, language: str = "en") -> None:
    """The district's report of a month; the second takes the place of the first."""
    made = Paper.objects.filter(subject=report_key(district, month), language=language).count()
    if made < number:
        actions.make_report(district, month, by=by, language=language)
