"""People and the posts they hold."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import ROLE_PERMISSIONS, STAFF_ROLES, STATE_ROLES, USUAL_TITLES, Permission, Role
from districts.models import Office, OfficeKind
from records.clock import now, today


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the e-mail address is the name to sign in with, kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **extra: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """A person who signs in. Power comes from postings only; without one a person has their own files."""

    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=2, choices=[("en", _("English")), ("ml", _("Malayalam"))], default="en"
    )
    is_active = models.BooleanField(_("may sign in"), default=True)
    session_stamp = models.PositiveIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField(_("joined"), default=now)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        ordering = ["email"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.CheckConstraint(name="user_language_known", condition=Q(language__in=["en", "ml"]))]

    def __str__(self) -> str:
        return self.full_name or self.email

    def postings_now(self) -> list["Posting"]:
        """The posts held today; read once for each instance of the person."""
        if not hasattr(self, "_postings"):
            self._postings = list(Posting.objects.live().filter(user=self).select_related("office", "office__district"))
        return self._postings

    @property
    def roles(self) -> set[str]:
        return {posting.role for posting in self.postings_now()}

    @property
    def is_staff_member(self) -> bool:
        """Whether any post held today is one of the Department's, which needs a second factor."""
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_applicant(self) -> bool:
        """Whoever holds no post has their own files; whoever holds one has none."""
        return not self.postings_now()

    @property
    def role_label(self) -> str:
        """The post in words, the first of several; an applicant's own name."""
        posts = self.postings_now()
        return posts[0].label if posts else self.full_name or self.email

    @property
    def trail_label(self) -> str:
        """How the trail names the person: by post where there is one, in English whoever acts and reads."""
        posts = self.postings_now()
        with translation.override("en"):
            return f"{self.full_name}, {posts[0].label}" if posts else self.full_name or self.email

    def get_session_auth_hash(self) -> str:
        """Sessions live as long as password and stamp stay: a new stamp ends them all at once."""
        return str(
            salted_hmac("accounts.session", f"{self.password}|{self.session_stamp}", algorithm="sha256").hexdigest()
        )

    def has(self, permission: Permission, office: Office | None = None) -> bool:
        """Whether a post held today allows this, in that office (State-wide posts reach every office)."""
        if permission is Permission.OWN_FILE:
            return self.is_applicant
        return any(
            permission in ROLE_PERMISSIONS[posting.role] and (office is None or posting.reaches(office))
            for posting in self.postings_now()
        )

    def districts_where(self, permission: Permission) -> list[int] | None:
        """Keys of the districts in which this is allowed; None means every district."""
        posts = [p for p in self.postings_now() if permission in ROLE_PERMISSIONS[p.role]]
        if any(post.role in STATE_ROLES for post in posts):
            return None
        return sorted({post.office.district_id for post in posts if post.office and post.office.district_id})

    # Django's admin asks these; only reference data is shown there, and only to administrators.
    @property
    def is_staff(self) -> bool:
        return self.has(Permission.SEE_REFERENCE)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_staff and ".view_" in perm

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class PostingQuerySet(models.QuerySet["Posting"]):
    def live(self) -> "PostingQuerySet":
        """Begun, and not ended before today."""
        day = today()
        return self.filter(starts__lte=day).filter(Q(ends__isnull=True) | Q(ends__gt=day)).filter(user__is_active=True)


class Posting(models.Model):
    """A person in a post: role × office × dates. A relieved person's posting ends on the day of relief."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, verbose_name=_("office"))
    title = models.CharField(_("title of the post"), max_length=80, blank=True)  # e.g. "Manager (Credit)"
    starts = models.DateField(_("from"))
    ends = models.DateField(_("relieved on"), null=True, blank=True)
    additional_charge = models.BooleanField(_("additional charge"), default=False)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("posted by")
    )
    note = models.CharField(_("order or reason"), max_length=200, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts", "pk"]
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.CheckConstraint(
                name="posting_role_known", condition=Q(role__in=[r for r in Role.values if r != Role.APPLICANT])
            ),
            models.CheckConstraint(
                name="posting_ends_after_start", condition=Q(ends__isnull=True) | Q(ends__gte=F("starts"))
            ),
            models.UniqueConstraint(
                fields=["user", "role", "office"], condition=Q(ends__isnull=True), name="one_open_posting"
            ),
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(ends__isnull=True, office__isnull=True),
                name="one_open_posting_without_office",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The post in words, in the reader's language: "Manager (Credit), DIC Ernakulam"."""
        title = gettext(self.title) if self.title in USUAL_TITLES else self.title
        name = title or self.get_role_display()
        return f"{name}, {self.office.name}" if self.office else str(name)

    def reaches(self, office: Office) -> bool:
        """Own office; a taluk office reaches files of its district's DIC; State posts reach everywhere."""
        if self.role in STATE_ROLES:
            return True
        if self.office is None:
            return False
        if self.office_id == office.pk:
            return True
        return self.office.kind == OfficeKind.TALUK and self.office.district_id == office.district_id
