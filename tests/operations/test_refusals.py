"""An unsafe environment is refused in one clear line, and a safe one starts without a warning."""

import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import Settings
from redis import Redis

from config.production import REFUSALS, refuse_forgetful_broker, refuse_pending_migrations
from tests.operations.environments import GOOD, ROOT, read_settings
from tests.services import postgres, valkey

BAD = [
    ("rel.E001", {"DEBUG": "true"}),
    ("rel.E002", {"SECRET_KEY": ""}),
    ("rel.E002", {"SECRET_KEY": "short"}),
    ("rel.E002", {"SECRET_KEY": "a" * 60}),
    ("rel.E003", {"ALLOWED_HOSTS": "trepart.example.se,*"}),
    ("rel.E003", {"ALLOWED_HOSTS": "trepart.example.se,.example.se"}),
    ("rel.E004", {"SITE_URL": "http://trepart.example.se"}),
    ("rel.E004", {"SITE_URL": "https://somewhere.example.se"}),
    ("rel.E005", {"CSRF_TRUSTED_ORIGINS": "http://trepart.example.se"}),
    ("rel.E006", {"TRUSTED_PROXY_COUNT": "0"}),
    ("rel.E007", {"DATABASE_URL": "sqlite:////srv/var/trepart.sqlite3"}),
    ("rel.E008", {"DATABASE_PASSWORD": ""}),
    ("rel.E009", {"DATABASE_URL": "postgres://trepart@db.example.se/trepart"}),
    ("rel.E009", {"DATABASE_URL": "postgres://trepart@10.0.0.7/trepart?sslmode=require"}),
    ("rel.E010", {"BROKER_URL": "filesystem://"}),
    ("rel.E010", {"BROKER_URL": "memory://"}),
    ("rel.E011", {"BROKER_PASSWORD": ""}),
    ("rel.E012", {"BROKER_URL": "redis://broker.example.se:6379/0"}),
    ("rel.E013", {"EMAIL_URL": "consolemail://"}),
    ("rel.E013", {"EMAIL_URL": "memorymail://"}),
    ("rel.E014", {"EMAIL_URL": "smtp://mail.example.se:25"}),
    ("rel.E015", {"DEFAULT_FROM_EMAIL": "Trepart <trepart@localhost>"}),
    ("rel.E016", {"FAILPOINT": "after_claim:kill"}),
    ("rel.E016", {"CLOCK_OFFSET": "86400"}),
    ("rel.E016", {"CLOCK_FILE": "/srv/var/clock"}),
]


@pytest.mark.portable
@pytest.mark.parametrize(("refusal", "fault"), BAD)
def test_refuses_unsafe_environment(refusal: str, fault: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        read_settings(GOOD | fault)
    headline, *reasons = str(caught.value).splitlines()
    assert headline == "Trepart refuses to start."
    assert [reason.partition(":")[0] for reason in reasons] == [refusal]


@pytest.mark.portable
def test_every_refusal_is_tried() -> None:
    assert {refusal for refusal, _ in BAD} == {id_ for id_, _, _ in REFUSALS}


@pytest.mark.portable
def test_starts_in_safe_environment() -> None:
    settings = read_settings(GOOD)
    assert settings["DATABASES"]["default"]["PASSWORD"] == "a/password+with@signs"
    assert urlsplit(settings["CELERY_BROKER_URL"]).hostname == "broker"
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")


@pytest.mark.portable
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"DATABASE_URL": "postgres://trepart@db.example.se/trepart?sslmode=verify-full"},
        {"BROKER_URL": "rediss://broker.example.se:6379/0"},
        {"EMAIL_URL": "smtp+ssl://mail.example.se:465"},
        {"EMAIL_URL": "smtp://127.0.0.1:25"},
    ],
)
def test_starts_with_encrypted_way_to_other_machines(elsewhere: dict[str, str]) -> None:
    read_settings(GOOD | elsewhere)


@pytest.mark.portable
def test_demo_starts_without_any_environment() -> None:
    assert read_settings({})["PRODUCTION"] is False


@pytest.mark.portable
@pytest.mark.django_db
def test_refuses_pending_migrations() -> None:
    assert refuse_pending_migrations(databases=["default"]) == []
    MigrationRecorder(connection).record_unapplied("sessions", "0001_initial")
    (refusal,) = refuse_pending_migrations(databases=["default"])
    assert refusal.id == "rel.E101"


@pytest.mark.portable
def test_refuses_broker_that_evicts(settings: Settings) -> None:
    with valkey() as broker_url, Redis.from_url(broker_url) as broker:
        settings.CELERY_BROKER_URL = broker_url
        assert refuse_forgetful_broker(databases=["default"]) == []
        broker.config_set("maxmemory-policy", "allkeys-lru")
        (refusal,) = refuse_forgetful_broker(databases=["default"])
    assert refusal.id == "rel.E102"


@pytest.mark.portable
def test_starts_while_broker_is_away(settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://:trepart@127.0.0.1:1/0"
    assert refuse_forgetful_broker(databases=["default"]) == []


@pytest.mark.portable
def test_web_server_loads_in_production_without_a_warning() -> None:
    """Loading config.wsgi runs the whole deployment check (manage.py check --deploy)."""
    with postgres() as database_url, valkey() as broker_url:
        environment = GOOD | {"DATABASE_URL": database_url, "BROKER_URL": broker_url}
        del environment["BROKER_PASSWORD"]  # stands in the address that valkey() gives
        load = ["gunicorn", "config.wsgi", "--config", "docker/gunicorn.py", "--check-config"]
        refused = run_python(environment, *load)
        assert "rel.E101" in refused.stderr
        assert refused.returncode != 0
        run_python(environment, "manage", "migrate", "--verbosity", "0")
        loaded = run_python(environment, *load)
        assert loaded.returncode == 0, loaded.stderr


def run_python(environment: dict[str, str], *module: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *module]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
