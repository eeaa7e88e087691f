"""The file of one enterprise, in parts."""

from applications.models.clarifications import AskedBy, Clarification, ClarificationItem
from applications.models.contests import Outcome, Settlement
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
from applications.models.traits import SizeClass, Traits

__all__ = [
    "Activity",
    "Application",
    "AskedBy",
    "Bank",
    "Clarification",
    "ClarificationItem",
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
    "Outcome",
    "Owner",
    "Plant",
    "Profile",
    "ReferenceCounter",
    "RejectionReason",
    "Revision",
    "Round",
    "Sector",
    "Settlement",
    "SizeClass",
    "SocialCategory",
    "StatementStatus",
    "Traits",
    "Transition",
]
