"""What the applicant states, section by section. Money is whole rupees. What an officer verifies is kept elsewhere."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.enterprise import Constitution, Sector
from applications.models.file import Application
from records.sealed import LookupKeyField, SealedCharField, SealedModel


class Gender(models.TextChoices):
    FEMALE = "female", _("Woman")
    MALE = "male", _("Man")
    OTHER = "other", _("Another gender")
    ENTITY = "entity", _("A company or firm")


class SocialCategory(models.TextChoices):
    GENERAL = "general", _("General")
    SC = "sc", _("Scheduled Caste")
    ST = "st", _("Scheduled Tribe")
    OBC = "obc", _("Other Backward Class")
    UNSTATED = "unstated", _("Not stated")


class StatementStatus(models.TextChoices):
    AUDITED = "audited", _("Audited")
    CERTIFIED = "certified", _("Certified by a chartered accountant")
    PROVISIONAL = "provisional", _("Provisional")


class LoanStatus(models.TextChoices):
    NONE = "none", _("No loan")
    REGULAR = "regular", _("Loans, repaid on time")
    OVERDUE = "overdue", _("A loan is overdue by more than 90 days")


class Profile(SealedModel):
    """Section "enterprise". PAN, GSTIN (which holds the PAN) and mobile are sealed; lookups go by keyed hash."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="profile")
    name_en = models.CharField(_("Name of the enterprise"), max_length=160)
    name_ml = models.CharField(_("Name in Malayalam"), max_length=160, blank=True)
    udyam_number = models.CharField(_("Udyam number"), max_length=19, db_index=True)
    udyam_date = models.DateField(_("Date of Udyam registration"), null=True, blank=True)
    pan = SealedCharField(_("PAN"), blank=True)
    pan_key = LookupKeyField(of="pan")
    gstin = SealedCharField(_("GSTIN"), blank=True)
    constitution = models.CharField(
        _("Constitution of the enterprise"), max_length=20, choices=Constitution.choices, blank=True
    )
    sector = models.CharField(_("Sector"), max_length=16, choices=Sector.choices, blank=True)
    main_products = models.CharField(_("Main products or services"), max_length=300, blank=True)
    began_on = models.DateField(_("Date operations began"), null=True, blank=True)
    address = models.TextField(_("Address"), max_length=400, blank=True)
    pin = models.CharField(_("PIN code"), max_length=6, blank=True)
    contact_person = models.CharField(_("Contact person"), max_length=120, blank=True)
    mobile = SealedCharField(_("Mobile number"), blank=True)
    mobile_key = LookupKeyField(of="mobile")
    email = models.EmailField(_("E-mail address"), blank=True)


class Owner(models.Model):
    """One owner. The shares of all owners add up to 100 per cent."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="owners")
    name = models.CharField(_("Name of the owner"), max_length=120)
    share = models.DecimalField(
        _("Share of ownership, per cent"),
        max_digits=5,
        decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    gender = models.CharField(_("Gender"), max_length=8, choices=Gender.choices)
    social_category = models.CharField(_("Social category"), max_length=8, choices=SocialCategory.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="owner_share_between_0_and_100", condition=Q(share__gt=0, share__lte=100))
        ]


class Activity(models.Model):
    """One National Industrial Classification code of the Udyam certificate: 2, 4 or 5 digits."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="activities")
    nic_code = models.CharField(_("NIC code"), max_length=5)
    description = models.CharField(_("Activity"), max_length=200)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["application", "nic_code"], name="nic_code_once")]


class Plant(models.Model):
    """One place of work."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="plants")
    name = models.CharField(_("Name of the unit"), max_length=120)
    address = models.CharField(_("Address"), max_length=300)
    pin = models.CharField(_("PIN code"), max_length=6)

    class Meta:
        ordering = ["pk"]


class FinancialYear(models.Model):
    """One financial year, written 2024-25. Amounts in whole rupees; only profit may be negative."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="financial_years")
    year = models.CharField(_("Financial year"), max_length=7)
    status = models.CharField(_("Kind of statement"), max_length=12, choices=StatementStatus.choices)
    turnover_domestic = models.BigIntegerField(_("Domestic turnover"))
    turnover_export = models.BigIntegerField(_("Export turnover"))
    profit = models.BigIntegerField(_("Net profit"))
    plant_machinery = models.BigIntegerField(_("Net plant and machinery"))

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["application", "year"], name="financial_year_once"),
            models.CheckConstraint(
                name="financial_amounts_not_negative",
                condition=Q(turnover_domestic__gte=0, turnover_export__gte=0, plant_machinery__gte=0),
            ),
        ]

    @property
    def turnover(self) -> int:
        """All sales, rupees."""
        return self.turnover_domestic + self.turnover_export


class EmploymentYear(models.Model):
    """Persons employed on 31 March of one financial year, by gender and kind."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="employment_years")
    year = models.CharField(_("Financial year"), max_length=7)
    women_permanent = models.PositiveIntegerField(_("Women, permanent"))
    men_permanent = models.PositiveIntegerField(_("Men, permanent"))
    other_permanent = models.PositiveIntegerField(_("Another gender, permanent"), default=0)
    women_contract = models.PositiveIntegerField(_("Women, contract"))
    men_contract = models.PositiveIntegerField(_("Men, contract"))
    other_contract = models.PositiveIntegerField(_("Another gender, contract"), default=0)

    class Meta:
        ordering = ["year"]
        constraints = [models.UniqueConstraint(fields=["application", "year"], name="employment_year_once")]

    @property
    def total(self) -> int:
        return self.women + self.men_permanent + self.men_contract + self.other_permanent + self.other_contract

    @property
    def women(self) -> int:
        return self.women_permanent + self.women_contract


class Growth(models.Model):
    """Section "growth": the plan, its cost and its means. The means add up to the cost. Rupees."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="growth")
    plan = models.TextField(_("What will be expanded, and how"), max_length=3000, blank=True)
    markets = models.TextField(_("New products and markets"), max_length=2000, blank=True)
    technology = models.TextField(_("Technology to be brought in"), max_length=2000, blank=True)
    cost_land_building = models.BigIntegerField(_("Land and building"), null=True, blank=True)
    cost_machinery = models.BigIntegerField(_("Plant and machinery"), null=True, blank=True)
    cost_other = models.BigIntegerField(_("Other fixed capital"), null=True, blank=True)
    cost_working_capital = models.BigIntegerField(_("Working capital"), null=True, blank=True)
    means_own = models.BigIntegerField(_("Own money"), null=True, blank=True)
    means_loan = models.BigIntegerField(_("Term loan"), null=True, blank=True)
    means_other = models.BigIntegerField(_("Other sources"), null=True, blank=True)
    new_jobs = models.PositiveIntegerField(_("New jobs expected"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="growth_amounts_not_negative",
                condition=~(
                    Q(cost_land_building__lt=0)
                    | Q(cost_machinery__lt=0)
                    | Q(cost_other__lt=0)
                    | Q(cost_working_capital__lt=0)
                    | Q(means_own__lt=0)
                    | Q(means_loan__lt=0)
                    | Q(means_other__lt=0)
                ),
            )
        ]

    @property
    def cost(self) -> int:
        """Project cost, rupees."""
        parts = (self.cost_land_building, self.cost_machinery, self.cost_other, self.cost_working_capital)
        return sum(part or 0 for part in parts)

    @property
    def fixed_capital(self) -> int:
        """The part of the cost that capital subsidy looks at, rupees."""
        return sum(part or 0 for part in (self.cost_land_building, self.cost_machinery, self.cost_other))

    @property
    def means(self) -> int:
        return sum(part or 0 for part in (self.means_own, self.means_loan, self.means_other))


class GrowthYear(models.Model):
    """One of four years ahead: what the enterprise expects. Rupees and persons."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="growth_years")
    year = models.CharField(_("Financial year"), max_length=7)
    turnover = models.BigIntegerField(_("Target turnover"))
    exports = models.BigIntegerField(_("of which exports"))
    jobs = models.PositiveIntegerField(_("Persons employed"))

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["application", "year"], name="growth_year_once"),
            models.CheckConstraint(name="growth_year_not_negative", condition=Q(turnover__gte=0, exports__gte=0)),
        ]


class Bank(SealedModel):
    """Section "bank": account (sealed), loans, default declaration, compliance."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="bank")
    bank_name = models.CharField(_("Bank and branch"), max_length=160, blank=True)
    account_number = SealedCharField(_("Bank account number"), blank=True)
    ifsc = models.CharField(_("IFSC"), max_length=11, blank=True)
    loan_status = models.CharField(_("Loans"), max_length=8, choices=LoanStatus.choices, blank=True)
    loan_outstanding = models.BigIntegerField(_("Loans outstanding"), null=True, blank=True)
    default_details = models.TextField(_("About the overdue loan"), max_length=1000, blank=True)
    in_insolvency = models.BooleanField(
        _("Is the enterprise in insolvency, or declared a wilful defaulter?"), null=True
    )
    gst_returns_filed = models.BooleanField(_("Are all GST returns filed up to date?"), null=True)
    other_subsidy = models.BooleanField(_("Capital subsidy drawn from another scheme for the same assets"), null=True)
    licences = models.TextField(_("Licences held"), max_length=1000, blank=True)
    epf_esi = models.CharField(_("EPF and ESI code numbers"), max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="loan_outstanding_not_negative",
                condition=Q(loan_outstanding__isnull=True) | Q(loan_outstanding__gte=0),
            )
        ]


class Declaration(models.Model):
    """Section "declaration": who signs, and what was agreed to."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="declaration")
    signatory = models.CharField(_("Name of the authorised signatory"), max_length=120, blank=True)
    designation = models.CharField(_("Position in the enterprise"), max_length=80, blank=True)
    place = models.CharField(_("Place"), max_length=80, blank=True)
    true_statement = models.BooleanField(_("I declare that what I have stated is true"), default=False)
    consent = models.BooleanField(_("I agree to the use of these details as the notice says"), default=False)
    notice_version = models.CharField(max_length=20, blank=True)
