"""Forms of this room: what people type is read here, and never judged by anything but its form."""

from typing import Any

from applications.forms.check import CheckForm
from applications.forms.file import AnswerForm, DocumentForm, EnterpriseForm, WithdrawForm
from applications.forms.rows import FORMSETS, ROW_FORMS, YEAR_FORMS, years_of
from applications.forms.sections import BankForm, DeclarationForm, GrowthForm, ProfileForm

MAIN_FORMS: dict[str, Any] = {
    "enterprise": ProfileForm,
    "growth": GrowthForm,
    "bank": BankForm,
    "declaration": DeclarationForm,
}

__all__ = [
    "FORMSETS",
    "MAIN_FORMS",
    "ROW_FORMS",
    "YEAR_FORMS",
    "AnswerForm",
    "CheckForm",
    "DocumentForm",
    "EnterpriseForm",
    "WithdrawForm",
    "years_of",
]
