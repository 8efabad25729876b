"""Why Trepart refuses to start in production: each reason has an id and says what to do."""

import os
from collections.abc import Callable, Mapping, Sequence
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

Settings = Mapping[str, Any]

DEMO_SECRET_KEY = "only-for-the-demo-on-this-machine-never-in-production"
SECRET_KEY_LENGTH = 50
SECRETS = ("SECRET_KEY", "DATABASE_PASSWORD", "BROKER_PASSWORD", "EMAIL_URL")
# Of what a place need not use.
OPTIONAL_SECRETS = ("REPLIES_URL", "MAIL_EVENTS_TOKEN", "SAML_PRIVATE_KEY", "SAML_CERTIFICATE")
TEST_SWITCHES = ("CLOCK_FILE", "CLOCK_OFFSET", "FAILPOINT")

REFUSALS: list[tuple[str, str, Callable[[Settings], bool]]] = [
    (
        "rel.E001",
        "DEBUG shows our secrets to everybody: leave it out.",
        lambda settings: settings["DEBUG"],
    ),
    (
        "rel.E002",
        f"SECRET_KEY must be random and at least {SECRET_KEY_LENGTH} characters long.",
        lambda settings: not _is_random(settings["SECRET_KEY"]),
    ),
    (
        "rel.E003",
        "ALLOWED_HOSTS must name each host in full, without * or a leading dot.",
        lambda settings: any(host.startswith(("*", ".")) for host in settings["ALLOWED_HOSTS"]),
    ),
    (
        "rel.E004",
        "SITE_URL must begin with https:// and its host stand in ALLOWED_HOSTS.",
        lambda settings: not _is_our_address(settings["SITE_URL"], settings["ALLOWED_HOSTS"]),
    ),
    (
        "rel.E005",
        "CSRF_TRUSTED_ORIGINS must begin with https://.",
        lambda settings: any(
            not origin.startswith("https://") for origin in settings["CSRF_TRUSTED_ORIGINS"]
        ),
    ),
    (
        "rel.E006",
        "TRUSTED_PROXY_COUNT must be 1 or more: a proxy that speaks TLS stands before Trepart.",
        lambda settings: settings["ALLAUTH_TRUSTED_PROXY_COUNT"] < 1,
    ),
    (
        "rel.E007",
        "DATABASE_URL must name PostgreSQL: several processes write at once.",
        lambda settings: "postgresql" not in _database(settings)["ENGINE"],
    ),
    (
        "rel.E008",
        "DATABASE_PASSWORD is missing.",
        lambda settings: not _database(settings).get("PASSWORD"),
    ),
    (
        "rel.E009",
        "DATABASE_URL must end with ?sslmode=verify-full when the database is another machine.",
        lambda settings: (
            _is_elsewhere(_database(settings)["HOST"])
            and _database(settings)["OPTIONS"].get("sslmode") != "verify-full"
        ),
    ),
    (
        "rel.E010",
        "BROKER_URL must name Valkey or Redis (redis:// or rediss://).",
        lambda settings: _broker(settings).scheme not in ("redis", "rediss"),
    ),
    (
        "rel.E011",
        "BROKER_PASSWORD is missing.",
        lambda settings: not _broker(settings).password,
    ),
    (
        "rel.E012",
        "BROKER_URL must begin with rediss:// when the broker is another machine.",
        lambda settings: (
            _is_elsewhere(_broker(settings).hostname) and _broker(settings).scheme != "rediss"
        ),
    ),
    (
        "rel.E013",
        "EMAIL_URL must name an SMTP server, or reminders stay here.",
        lambda settings: not settings["EMAIL_BACKEND"].endswith("smtp.EmailBackend"),
    ),
    (
        "rel.E014",
        "EMAIL_URL must begin with smtp+tls:// when the mail server is another machine.",
        lambda settings: (
            _is_elsewhere(settings["EMAIL_HOST"])
            and not (settings.get("EMAIL_USE_TLS") or settings.get("EMAIL_USE_SSL"))
        ),
    ),
    (
        "rel.E015",
        "DEFAULT_FROM_EMAIL must be an address that people can answer.",
        lambda settings: "." not in parseaddr(settings["DEFAULT_FROM_EMAIL"])[1].rpartition("@")[2],
    ),
    (
        "rel.E016",
        f"{', '.join(TEST_SWITCHES)} are for tests: leave them out.",
        lambda settings: any(name in os.environ for name in TEST_SWITCHES),
    ),
]


def refuse_what_is_unsafe(settings: Settings) -> None:
    """Called at the end of the settings, so that no process of any kind starts."""
    reasons = [f"{id_}: {reason}" for id_, reason, is_unsafe in REFUSALS if is_unsafe(settings)]
    if reasons:
        raise ImproperlyConfigured("\n".join(["Trepart refuses to start.", *reasons]))


def environment() -> dict[str, str]:
    """The environment, where NAME_FILE=/path may stand for a secret that lies in that file."""
    names = [name for name in SECRETS + OPTIONAL_SECRETS if f"{name}_FILE" in os.environ]
    files = {name: os.environ[f"{name}_FILE"] for name in names}
    return os.environ | {name: Path(file).read_text().strip() for name, file in files.items()}


def with_password(address: str, password: str) -> str:
    """An address such as redis://broker:6379/0 with a password that is kept elsewhere."""
    scheme, _, rest = address.partition("://")
    return f"{scheme}://:{quote(password, safe='')}@{rest}" if password else address


def _is_random(secret: str) -> bool:
    return len(secret) >= SECRET_KEY_LENGTH and len(set(secret)) >= 10 and secret != DEMO_SECRET_KEY


def _is_our_address(address: str, hosts: Sequence[str]) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "https" and parts.hostname in hosts


def _database(settings: Settings) -> dict[str, Any]:
    database: dict[str, Any] = settings["DATABASES"]["default"]
    return database


def _broker(settings: Settings) -> SplitResult:
    return urlsplit(settings["CELERY_BROKER_URL"])


def _is_elsewhere(host: str | None) -> bool:
    """Whether what is said may be overheard: not on this machine, nor in its compose network."""
    if not host:
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return "." in host


# --- what only the running services can tell --------------------------------------------


@checks.register(checks.Tags.database, deploy=True)
def refuse_pending_migrations(
    databases: Sequence[str] | None = None, **options: Any
) -> list[checks.CheckMessage]:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    pending = []
    for alias in databases or []:
        executor = MigrationExecutor(connections[alias])
        pending += executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not pending:
        return []
    return [checks.Error("Migrations are pending: run manage.py migrate.", id="rel.E101")]


@checks.register(checks.Tags.database, deploy=True)
def refuse_forgetful_broker(
    databases: Sequence[str] | None = None, **options: Any
) -> list[checks.CheckMessage]:
    """A broker that is away is no reason: it costs reminders some time, and pages nothing."""
    from redis import Redis, RedisError

    if not databases or not settings.CELERY_BROKER_URL.startswith("redis"):
        return []
    broker = Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2)
    try:
        policy = broker.info("memory")["maxmemory_policy"]
    except RedisError:
        return []
    finally:
        broker.close()
    if policy == "noeviction":
        return []
    return [checks.Error("The broker must use maxmemory-policy noeviction.", id="rel.E102")]
