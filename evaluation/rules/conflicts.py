"""Who stepped back from a file has a conflict of interest: with that file they do nothing more and see none of its marks."""

from django.utils.translation import gettext_lazy

from records.verdicts import ALLOWED, Verdict, refuse

STEPPED_BACK = gettext_lazy("You stepped back from this file: another person does this.")


def without_conflict(*, stepped_back: bool) -> Verdict:
    """Whether work on a file is open to this person: not to who stepped back from evaluating it."""
    return refuse(STEPPED_BACK) if stepped_back else ALLOWED
