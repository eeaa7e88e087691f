"""Write what the General Manager says of a month."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.roles import ROLE_PERMISSIONS, Permission
from districts.models import District, Office, OfficeKind
from progress import narratives, queries, rules
from progress.models import Narrative
from records import audit
from records.acts import act, lock_one
from records.verdicts import Refused


@act
def write_narrative(district: District, month: str, text: str, *, seen: int, by: Any) -> Narrative:
    """Keep a new version. `seen` is the newest version the writer had on the page, 0 for none.

    Refused where another version was written meanwhile; sent twice, the same words are kept once.
    """
    verdict = rules.may_write_narrative(by, district)
    if not verdict:
        raise Refused(verdict.reason)
    queries.month_of(month)
    if not text.strip():
        raise Refused(_("Write what happened in the month."), "text")
    lock_one(District, district.pk)
    last = narratives.newest(district, month)
    if last is not None and (last.text, last.by_id) == (text.strip(), by.pk):
        return last
    if seen != (last.version if last else 0):
        raise Refused(_("Another version was written meanwhile. Read it, then write yours."))
    office = Office.objects.get(kind=OfficeKind.DIC, district=district)
    made = Narrative.objects.create(
        district=district,
        month=month,
        version=last.version + 1 if last else 1,
        text=text.strip(),
        by=by,
        **_signed(by, office),
    )
    key = f"narrative:{district.code}:{month}"
    audit.record("narrative.write", key, by=by, scope=office.code, data={"version": made.version})
    return made


def _signed(by: Any, office: Office) -> dict[str, str]:
    """The post in which it is written, in both languages."""
    posts = [
        post
        for post in by.postings_now()
        if Permission.WRITE_NARRATIVE in ROLE_PERMISSIONS[post.role] and post.reaches(office)
    ]
    found = {}
    for language, column in (("en", "post"), ("ml", "post_ml")):
        with translation.override(language):
            found[column] = posts[0].label[:200]
    return found
