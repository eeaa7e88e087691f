"""All settings, in one file, read from the environment. Names and meanings are in `.env.example`."""

import ipaddress
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from mission1000 import logs
from mission1000.env import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()

# ---- Where and for whom -----------------------------------------------------------------------------------
PRODUCTION = env.flag("PRODUCTION", default=False)
DEBUG = False
DATA_DIR = env.path("DATA_DIR", BASE_DIR / "var")
SITE_OWNER = env.text("SITE_OWNER", "")  # empty: every page and paper says "Demonstration, not an official site"
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000)
DEMO_ALLOWED = not PRODUCTION and HOST in {"127.0.0.1", "localhost", "::1"}
EMBED = env.flag("EMBED", default=False)  # a worker thread inside the web process
BENCHMARK = env.flag("BENCHMARK", default=False)  # manage.py benchmark, and the page that others are measured against
SITE_URL = env.text("SITE_URL", None if PRODUCTION else f"http://localhost:{PORT}").rstrip("/")


def _kept_secret(name: str) -> str:
    """A secret from the environment, or one made once in DATA_DIR (mode 0600) outside production."""
    given = env.text(name, None if PRODUCTION else "")
    if PRODUCTION or given:
        return given
    file = DATA_DIR / name.lower()
    if not file.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w") as opened:
                opened.write(f"k1:{secrets.token_urlsafe(32)}" if name == "KEY_RING" else secrets.token_urlsafe(48))
    return file.read_text().strip()


SECRET_KEY = _kept_secret("SECRET_KEY")
KEY_RING = _kept_secret("KEY_RING")  # "id:secret,id:secret": the first seals, all open
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else f"localhost,127.0.0.1,[::1],testserver,{HOST}")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "mission1000.apps.Mission1000Config",
    "progress.apps.ProgressConfig",
    "support.apps.SupportConfig",
    "evaluation.apps.EvaluationConfig",
    "applications.apps.ApplicationsConfig",
    "accounts.apps.AccountsConfig",
    "districts.apps.DistrictsConfig",
    "records.apps.RecordsConfig",
    "mission1000.apps.AdministrationConfig",  # django.contrib.admin on our narrowed site
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "django_filters",
    "csp",
]

MIDDLEWARE = [
    "mission1000.proxy.RealAddress",
    "mission1000.logs.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # early: a refused host gets its headers too
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SignInRequired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.Person",
    "mission1000.methods.PageForNotAllowed",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "mission1000.urls"
WSGI_APPLICATION = "mission1000.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "mission1000.context.site",
                "accounts.context_processors.head",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "records.templatetags.formats",
                "records.templatetags.components",
            ],
        },
    },
]

# ---- Database, cache, jobs --------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL", None if PRODUCTION else f"sqlite:///{DATA_DIR}/mission1000.sqlite3")
DATABASES: dict[str, dict[str, Any]] = {"default": environ.Env.db_url_config(DATABASE_URL) if DATABASE_URL else {}}
if DATABASE_URL.startswith("sqlite"):
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a reader that becomes a writer would fail with "database is locked"
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    options: dict[str, Any] = DATABASES["default"].setdefault("OPTIONS", {})
    options.setdefault("connect_timeout", 3)
    # A file is read with eight to twelve tables around it, in the order the ORM writes them, which is a good one: to
    # weigh every other order took the database longer than the answer.
    options.setdefault("options", "-c join_collapse_limit=6 -c from_collapse_limit=6")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL", None if PRODUCTION else "")
# In the database in both shapes: rate limits survive a restart, and a sign-in does not hang on the broker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "records_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # at 300, the default, a busy hour would throw the rate limits out
    }
}

# The message is a nudge that carries a job's number; it is published once, fast, and may be lost (records/jobs.py).
QUEUES = ("letters", "reports", "mail", "scans", "exports")
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {
        "socket_timeout": 0.2,
        "socket_connect_timeout": 0.2,
        "visibility_timeout": 120,
        # Without these four a publish to a dead broker holds the page for two seconds.
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": 0.05,
        "interval_max": 0.05,
    }
    if REDIS_URL
    else {"polling_interval": 0.1}
)
CELERY_BROKER_CONNECTION_TIMEOUT = 0.2
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_CREATE_MISSING_QUEUES = True
CELERY_TASK_QUEUES: dict[str, dict[str, Any]] = {name: {} for name in QUEUES}
CELERY_TASK_DEFAULT_QUEUE = "mail"  # each job names its own queue; the sweep is what is left
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "Asia/Kolkata"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "records.tasks.sweep", "schedule": 15.0},
    "timed": {"task": "records.tasks.start_timed", "schedule": 300.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# ---- People -----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
PASSWORD_HASHERS = [
    "accounts.hashers.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {"signup": "accounts.adapters.PortalSignupForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before the address changes
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
# An office sits behind one address: the account is slowed early, the address late.
ACCOUNT_RATE_LIMITS = {"login": "1200/m/ip", "login_failed": "5/900s/key,30/900s/ip", "signup": "1200/m/ip"}
MFA_ADAPTER = "accounts.adapters.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {"authenticate": "accounts.adapters.FactorForm", "reauthenticate": "accounts.adapters.FactorAgainForm"}
MFA_RECOVERY_CODE_COUNT = 10
MFA_TRUST_ENABLED = True  # ticked beside the code: this browser is asked for the password alone meanwhile
MFA_TRUST_COOKIE_AGE = 8 * 3600
MFA_TOTP_TOLERANCE = 1  # the half minute before and after: telephones are not on the second

# ---- Language, time, formats ------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ml", _("Malayalam"))]
# Our own texts, then those of Django and allauth in our words (bin/translations/libraries.py).
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "libraries"]
FORMAT_MODULE_PATH = ["mission1000.formats"]
TIME_ZONE = "Asia/Kolkata"
USE_I18N = True
USE_TZ = True

# ---- Files, pages -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = DATA_DIR / "files"  # no MEDIA_URL: files leave only through a view that asks who may see them
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5", "mission"]
CRISPY_TEMPLATE_PACK = "mission"

# ---- Security ---------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Addresses or networks of the proxy in front (nginx). Only from there are forwarding headers believed.
TRUSTED_PROXY = env.words("TRUSTED_PROXY")
if TRUSTED_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION:
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    MFA_TRUST_COOKIE_NAME = "__Host-trusted"
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the machine itself, over loopback
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# ---- Mail -------------------------------------------------------------------------------------------------
EMAIL_URL = env.text("EMAIL_URL", None if PRODUCTION else "")
EMAIL_BACKEND = "records.mailfiles.EmlBackend"  # one .eml a mail in DATA_DIR/mail/
if EMAIL_URL.startswith(("smtp://", "smtps://", "smtp+tls://", "smtp+ssl://")):
    vars().update(environ.Env.email_url_config(EMAIL_URL))
elif EMAIL_URL:
    env.problems.append("EMAIL_URL must begin with smtp://, smtp+tls:// or smtp+ssl://")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "Mission 1000 <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# clamd at tcp://host:port or unix:///path; a production site that has none says so in writing.
SCANNER = env.text("SCANNER", None if PRODUCTION else "off")
env.insist(
    "SCANNER",
    SCANNER == "off" or (SCANNER.startswith("tcp://") and urlsplit(SCANNER).hostname) or SCANNER.startswith("unix:///"),
    "must be tcp://host:port or unix:///path of clamd, or off",
)

# ---- Logs -------------------------------------------------------------------------------------------------
LOG_LEVEL = env.text("LOG_LEVEL", "INFO")
LOGGING = logs.config(LOG_LEVEL)
logs.use_structlog()

# ---- What production refuses ------------------------------------------------------------------------------
SHORTEST_SECRET = 32
if PRODUCTION:
    secrets_of_ring = [entry.partition(":")[2] for entry in KEY_RING.split(",")]
    at_least = f"{SHORTEST_SECRET} characters or more"
    env.insist("SECRET_KEY", len(SECRET_KEY) >= SHORTEST_SECRET, f"must have {at_least}")
    env.insist(
        "KEY_RING",
        all(len(secret) >= SHORTEST_SECRET for secret in secrets_of_ring),
        f"must be id:secret,id:secret with {at_least} in each secret",
    )
    env.insist("KEY_RING", SECRET_KEY not in secrets_of_ring, "must not repeat SECRET_KEY")
    env.insist("ALLOWED_HOSTS", ALLOWED_HOSTS, "is missing")
    env.insist("ALLOWED_HOSTS", not any("*" in host for host in ALLOWED_HOSTS), "must name the site's hosts, without *")
    env.insist("ALLOWED_HOSTS", urlsplit(SITE_URL).hostname in ALLOWED_HOSTS, "must hold the host of SITE_URL")
    env.insist("SITE_URL", SITE_URL.startswith("https://"), "must begin with https://")
    env.insist("DATABASE_URL", DATABASE_URL.startswith("postgres"), "must be a PostgreSQL database")
    env.insist("REDIS_URL", REDIS_URL.startswith(("redis://", "rediss://", "unix://")), "must be a Redis server")
    env.insist("EMBED", not EMBED, "must be False: workers are processes of their own")
    env.insist("BENCHMARK", not BENCHMARK, "must be False: measuring is for a throw-away portal")
for proxy in TRUSTED_PROXY:
    try:
        ipaddress.ip_network(proxy)
    except ValueError:
        env.problems.append(f"TRUSTED_PROXY must be addresses or networks, not {proxy!r}")
env.insist("LOG_LEVEL", LOG_LEVEL in {"DEBUG", "INFO", "WARNING", "ERROR"}, "must be DEBUG, INFO, WARNING or ERROR")

env.check()
