"""How the sign-in library is bent to the portal: mail as rows, sealed seeds, no names but e-mail addresses."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import SignupForm
from allauth.core import context as request_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django import forms
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from records import acts, audit, outbox, sealed

SEED = "mfa.authenticator.secret"


class PortalSignupForm(SignupForm):
    """Sign-up asks for a name, an e-mail address, a password and the language of mails."""

    full_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language of mails and letters"), choices=[("en", "English"), ("ml", "മലയാളം")])
    field_order = ["full_name", "email", "language", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].initial = translation.get_language()


class AccountAdapter(DefaultAccountAdapter):
    """Mails go through the outbox; sign-up keeps name and language."""

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
    outbox.send_text(person, email, kind=f"account.{kind}", title=mail.subject, body=mail.body, language=speak)
    audit.record("account.mail", person or "account:unknown", by=person or acts.system("sign-in"), data={"kind": kind})


class MfaAdapter(DefaultMFAAdapter):
    """Seeds and recovery codes are sealed with the portal's key ring."""

    def encrypt(self, text: str) -> str:
        return sealed.seal_text(SEED, text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealed.open_text(SEED, encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Mission 1000"
