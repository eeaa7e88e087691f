"""How the sign-in library is bent to the portal: mail as rows, sealed seeds, no names but e-mail addresses."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from allauth.core import context as request_context
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.internal.flows.trust import trust_browser
from django import forms
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.backends import may_sign_in
from accounts.models import User
from records import acts, audit, outbox, sealed
from records.widgets import PlainTextField

SEED = "mfa.authenticator.secret"
CODE_LIVES = 120  # seconds: longer than a code of an app can be good, so that none is taken twice


class PortalSignupForm(SignupForm):
    """Sign-up asks for a name, an e-mail address, a password and the language of mails."""

    full_name = PlainTextField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language of mails and letters"), choices=[("en", "English"), ("ml", "മലയാളം")])
    field_order = ["full_name", "email", "language", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = translation.get_language()


class _OnceOnly:
    """A code of the second factor is taken once, however it is written; the library forgets it while it is still good."""

    user: User
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        plain = normalize_user_code(code)  # «123 456» and «123-456» are good as well, and the same
        if not cache.add(f"second-factor.used:{self.user.pk}:{plain}", "y", timeout=CODE_LIVES):
            raise MfaAdapter().validation_error("incorrect_code")
        return code


class FactorForm(_OnceOnly, AuthenticateForm):
    """The code at sign-in, and whether this browser may do without for a while."""

    trust = forms.BooleanField(
        label=_("Trust this browser for 8 hours"),
        required=False,
        help_text=_("Only on a computer nobody else uses. You are then asked for the password alone."),
    )


class FactorAgainForm(_OnceOnly, ReauthenticateForm):
    """The code, asked anew before something that weighs more."""


class AccountAdapter(DefaultAccountAdapter):
    """Mails go through the outbox; sign-up keeps name and language; the answers speak like the rest of the portal."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("E-mail address and password do not belong together. Check both."),
        "enter_current_password": _("Type the password you use now."),
        "incorrect_code": _("This code is not right, or it is used up. Type the newest one."),
        "incorrect_password": _("This password is not right."),
        "rate_limited": _("Too many requests in a short time. Wait a minute, then try again."),
        "too_many_login_attempts": _("Too many tries. Wait 15 minutes, then try again."),
        "email_taken": _("Another account uses this e-mail address."),
    }

    def get_login_stages(self) -> list[str]:
        """Trust is a tick beside the code, so the library's own page for it is left out."""
        return [stage for stage in super().get_login_stages() if not stage.endswith(".TrustStage")]

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """Whoever may not sign in at all learns it before anything is opened."""
        if not may_sign_in(user):
            closed: HttpResponse = self.respond_user_inactive(request, user)
            return closed
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        if request.path == reverse("mfa_authenticate") and request.POST.get("trust"):
            trust_browser(request, user, answer)
        return answer

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.full_name = form.cleaned_data.get("full_name", "")
        user.language = form.cleaned_data.get("language", "en")
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def get_client_ip(self, request: HttpRequest) -> str:
        return str(request.META.get("REMOTE_ADDR", ""))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        person = User.objects.filter(email=email.lower()).first()
        speak = person.language if person else translation.get_language() or "en"
        with translation.override(speak):
            mail = self.render_mail(
                template_prefix, email, {"request": request_context.request, "email": email, **context}
            )
        _write(person, email, mail, template_prefix, speak)

    def format_email_subject(self, subject: str) -> str:
        return subject


@acts.act
def _write(person: User | None, email: str, mail: Any, template_prefix: str, speak: str) -> None:
    kind = template_prefix.rsplit("/", 1)[-1]
    outbox.send_text(
        person, email, kind=f"account.{kind}", title=mail.subject, body=mail.body, language=speak, priority=0
    )
    audit.record("account.mail", person or "account:unknown", by=person or acts.system("sign-in"), data={"kind": kind})


class MfaAdapter(DefaultMFAAdapter):
    """Seeds and recovery codes are sealed with the portal's key ring."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return sealed.seal_text(SEED, text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.open_text(SEED, encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Mission 1000"
