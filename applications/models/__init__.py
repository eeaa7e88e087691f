"""The file of one enterprise, in parts."""

from applications.models.documents import DocumentKind, DocumentSlot, DocumentVersion, RejectionReason
from applications.models.enterprise import Constitution, Enterprise, EnterpriseMember, Sector
from applications.models.file import (
    Application,
    Consent,
    EligibilityResult,
    ReferenceCounter,
    Revision,
    Transition,
)
from applications.models.rounds import Round
from applications.models.sections import (
    Activity,
    Bank,
    Declaration,
    EmploymentYear,
    FinancialYear,
    Gender,
    Growth,
    GrowthYear,
    LoanStatus,
    Owner,
    Plant,
    Profile,
    SocialCategory,
    StatementStatus,
)

__all__ = [
    "Activity",
    "Application",
    "Bank",
    "Consent",
    "Constitution",
    "Declaration",
    "DocumentKind",
    "DocumentSlot",
    "DocumentVersion",
    "EligibilityResult",
    "EmploymentYear",
    "Enterprise",
    "EnterpriseMember",
    "FinancialYear",
    "Gender",
    "Growth",
    "GrowthYear",
    "LoanStatus",
    "Owner",
    "Plant",
    "Profile",
    "ReferenceCounter",
    "RejectionReason",
    "Revision",
    "Round",
    "Sector",
    "SocialCategory",
    "StatementStatus",
    "Transition",
]
