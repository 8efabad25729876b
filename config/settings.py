"""Settings of Trepart, read from the environment (see docs/running.md).

Without any environment it is the embedded default: SQLite and Celery's
filesystem broker under ``var/``, bound to this machine only.
"""

from datetime import date
from email.utils import parseaddr
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config import production

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.ENVIRON = production.environment()

PRODUCTION = env.bool("PRODUCTION", default=False)
DEBUG = env.bool("DEBUG", default=False)
# The demo offers its accounts on the log-in page.
DEMO = env.bool("DEMO", default=False) and not PRODUCTION
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
SECRET_KEY = env.str("SECRET_KEY", default=production.DEMO_SECRET_KEY)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default="http://localhost:8000")

STREET = [
    "portfolio",
    "cases",
    "records",
    "reports",
    "interventions",
    "meetings",
    "assessments",
    "plans",
    "reminders",
    "sbs_workflow",
    "organisations",
    "notifications",
]
INSTALLED_APPS = [
    *STREET,
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "django_fsm",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "config.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organisations.login.sessions.LastUseMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "records.middleware.TrailMiddleware",
    "sbs_workflow.middleware.SeeAsMiddleware",
    "sbs_workflow.doors.DoorMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "records.context_processors.menu",
                *(["cases.context_processors.demo"] if DEMO else []),
            ],
        },
    },
]

# SQLite takes the write lock at BEGIN, so that read-then-write transactions
# wait for each other instead of failing (reliability.md E6).
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;",
}
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR}/trepart.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    VAR_DIR.mkdir(parents=True, exist_ok=True)
else:
    # A connection lives so long for the sake of its plans (notifications/planned.py).
    DATABASES["default"] |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = (
        "-c lock_timeout=5s -c statement_timeout=30s -c idle_in_transaction_session_timeout=60s"
        # What is prepared once is planned once, and not for each of its first parameters.
        " -c plan_cache_mode=force_generic_plan"
    )
# Django's own, which also add to the trail as each transaction ends (docs/decisions/0060).
DATABASES["default"]["ENGINE"] = DATABASES["default"]["ENGINE"].replace(
    "django.db.backends", "records.database"
)
if "DATABASE_PASSWORD" in env:
    DATABASES["default"]["PASSWORD"] = env.str("DATABASE_PASSWORD")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -----------------------------------------------------------------
AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portfolio:start"
ACCOUNT_ADAPTER = "organisations.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = (
    "none"  # there is no sign-up: an address is entered by an administrator
)
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_CHANGE_EMAIL = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Beside those of allauth itself: answers on a personal link, by link and by address; accounts
# that come of an invitation.
ACCOUNT_RATE_LIMITS = {"answer_poll": "20/m/key,120/m/ip", "invitation": "20/m/ip"}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
# A second factor: an app, a passkey or codes on paper. Once shown it holds for one session only.
MFA_ADAPTER = "organisations.login.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {"add_webauthn": "organisations.login.forms.AddPasskeyForm"}
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TRUST_ENABLED = False
# The step before and after: clocks of phones differ.
MFA_TOTP_TOLERANCE = 1
# Support may not touch the admin pages without one; in the demo they may.
STAFF_SECOND_FACTOR = PRODUCTION
# Log-in at the person's own organisation: the rows of organisations.IdentityProvider.
SOCIALACCOUNT_ADAPTER = "organisations.login.federated.FederatedAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SAML_PRIVATE_KEY = env.str("SAML_PRIVATE_KEY", default="")
SAML_CERTIFICATE = env.str("SAML_CERTIFICATE", default="")
SESSION_COOKIE_AGE = 10 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# Views of these packages bring their own doors; every other view must have one of ours.
FOREIGN_VIEWS = ("allauth.", "django.contrib.admin", "django.contrib.auth")

# --- language, time, files ----------------------------------------------------
LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))

# --- telling people -----------------------------------------------------------
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Trepart <trepart@localhost>")
# Who answers about accessibility, personal data and anything else; and about holes.
CONTACT_EMAIL = env.str("CONTACT_EMAIL", default=parseaddr(DEFAULT_FROM_EMAIL)[1])
SECURITY_EMAIL = env.str("SECURITY_EMAIL", default=CONTACT_EMAIL)
# The day on which somebody last made sure that the address above is read.
SECURITY_CONFIRMED_ON = date.fromisoformat(env.str("SECURITY_CONFIRMED_ON", default="2026-11-22"))
vars().update(env.email_url("EMAIL_URL", default="smtp://127.0.0.1:2525"))
EMAIL_TIMEOUT = 15
# Where mail to the sender above arrives: answers of calendars, and mail that came back.
REPLIES_URL = env.str("REPLIES_URL", default="")
# What a mail service shows when it tells of mail that came back; without it nobody can.
MAIL_EVENTS_TOKEN = env.str("MAIL_EVENTS_TOKEN", default="")
# Who is told when a run is missing.
ALERTS_TO = env.list("ALERTS_TO", default=[])
# At once to one mail server; fewer are used when it takes fewer.
SMTP_CONNECTIONS = env.int("SMTP_CONNECTIONS", default=20)
# How long a sender that died keeps what it took: longer than a living one can hang in the
# dialogue, which is five times EMAIL_TIMEOUT.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=180)
CELERY_BROKER_URL = production.with_password(
    env.str("BROKER_URL", default="filesystem://"), env.str("BROKER_PASSWORD", default="")
)
AUDIENCE = "sbs_workflow.audience"
# Where a person chooses how often reminders come by mail, and where a mail program ends them.
MAIL_CHOICE_VIEW = "reminders:mail_choice"
STOP_MAIL_VIEW = "reminders:stop_mail"

# --- security -----------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
# A letter may lead into a page; nothing may be posted from elsewhere.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "filters": {"links": {"()": "config.logs.WithoutPersonalLinks"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["links"]}
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    # The demo's broker is a folder; that it has no host name is no news.
    "loggers": {"kombu.connection": {"level": "ERROR"}},
}

if PRODUCTION:
    # Every process shares what is counted and remembered; PostgreSQL is there anyway.
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    }
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    production.refuse_what_is_unsafe(globals())
