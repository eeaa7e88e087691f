"""The privacy notice an applicant agrees to, item by item. A change of its words needs a new version."""

from typing import Any

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11-1"
ITEMS: list[tuple[Any, Any]] = [
    (
        _("What is kept"),
        _("What you type and upload here: the enterprise, its owners, figures, plan, bank details and papers."),
    ),
    (
        _("What for"),
        _(
            "To check, mark and decide the application, to pay support after selection, and to report on the scheme without names."
        ),
    ),
    (
        _("Who reads it"),
        _(
            "Officers of your District Industries Centre, evaluators named for your file, the Directorate, the State-Level Approval Committee, and auditors."
        ),
    ),
    (
        _("What is sealed"),
        _(
            "PAN, GSTIN, bank account and mobile number are encrypted and shown masked. An Aadhaar number is never asked for."
        ),
    ),
    (_("How long"), _("As long as the rules on public records ask; the period is to be confirmed by the Department.")),
    (
        _("Your rights"),
        _(
            "You may read, correct and withdraw what you gave; a withdrawn application is kept as a record. Write to your District Industries Centre."
        ),
    ),
]
