"""An unsafe environment is refused in one clear line, and a safe one starts without a warning."""

import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from redis import Redis

from config.production import REFUSALS
from tests.operations.environments import GOOD, ROOT, read_settings
from tests.services import postgres, valkey

BAD = [
    ("trepart.E001", {"DEBUG": "true"}),
    ("trepart.E002", {"SECRET_KEY": ""}),
    ("trepart.E002", {"SECRET_KEY": "short"}),
    ("trepart.E002", {"SECRET_KEY": "a" * 60}),
    ("trepart.E003", {"ALLOWED_HOSTS": "trepart.example.se,*"}),
    ("trepart.E003", {"ALLOWED_HOSTS": "trepart.example.se,.example.se"}),
    ("trepart.E004", {"SITE_URL": "http://trepart.example.se"}),
    ("trepart.E004", {"SITE_URL": "https://somewhere.example.se"}),
    ("trepart.E005", {"CSRF_TRUSTED_ORIGINS": "http://trepart.example.se"}),
    ("trepart.E006", {"TRUSTED_PROXY_COUNT": "0"}),
    ("trepart.E007", {"DATABASE_URL": "sqlite:////srv/var/trepart.sqlite3"}),
    ("trepart.E008", {"DATABASE_PASSWORD": ""}),
    ("trepart.E009", {"DATABASE_URL": "postgres://trepart@db.example.se/trepart"}),
    ("trepart.E009", {"DATABASE_URL": "postgres://trepart@10.0.0.7/trepart?sslmode=require"}),
    ("trepart.E010", {"BROKER_URL": "filesystem://"}),
    ("trepart.E010", {"BROKER_URL": "memory://"}),
    ("trepart.E011", {"BROKER_PASSWORD": ""}),
    ("trepart.E012", {"BROKER_URL": "redis://broker.example.se:6379/0"}),
    ("trepart.E013", {"EMAIL_URL": "consolemail://"}),
    ("trepart.E013", {"EMAIL_URL": "memorymail://"}),
    ("trepart.E014", {"EMAIL_URL": "smtp://mail.example.se:25"}),
    ("trepart.E015", {"DEFAULT_FROM_EMAIL": "Trepart <trepart@localhost>"}),
    ("trepart.E016", {"FAILPOINT": "after_claim:kill"}),
    ("trepart.E016", {"CLOCK_OFFSET": "86400"}),
    ("trepart.E016", {"CLOCK_FILE": "/srv/var/clock"}),
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


@pytest.fixture(scope="module")
def production() -> Iterator[dict[str, str]]:
    """Production on real services, migrated."""
    with postgres() as database_url, valkey() as broker_url:
        environment = os.environ | GOOD
        environment |= {"DATABASE_URL": database_url, "BROKER_URL": broker_url}
        del environment["BROKER_PASSWORD"]  # stands in the address that valkey() gives
        manage(environment, "migrate", "--verbosity", "0")
        manage(environment, "createcachetable")
        yield environment


def test_deployment_check_is_clean(production: dict[str, str]) -> None:
    checked = manage(production, *DEPLOYMENT_CHECK)
    assert checked.returncode == 0, checked.stderr
    assert "no issues (0 silenced)" in checked.stdout


def test_refuses_pending_migrations(production: dict[str, str]) -> None:
    manage(production, "migrate", "sessions", "zero", "--verbosity", "0")
    checked = manage(production, *DEPLOYMENT_CHECK)
    manage(production, "migrate", "--verbosity", "0")
    assert "trepart.E101" in checked.stderr
    assert checked.returncode == 1


def test_refuses_broker_that_evicts(production: dict[str, str]) -> None:
    with Redis.from_url(production["BROKER_URL"]) as broker:
        broker.config_set("maxmemory-policy", "allkeys-lru")
        checked = manage(production, *DEPLOYMENT_CHECK)
        broker.config_set("maxmemory-policy", "noeviction")
    assert "trepart.E102" in checked.stderr
    assert checked.returncode == 1


def test_starts_while_broker_is_away(production: dict[str, str]) -> None:
    away = production | {"BROKER_URL": "redis://:trepart@127.0.0.1:1/0"}
    assert manage(away, *DEPLOYMENT_CHECK).returncode == 0


def test_web_server_loads_with_its_production_configuration(production: dict[str, str]) -> None:
    command = ["-m", "gunicorn", "config.wsgi", "--config", "docker/gunicorn.py", "--check-config"]
    loaded = python(production, *command)
    assert loaded.returncode == 0, loaded.stderr


DEPLOYMENT_CHECK = ["check", "--deploy", "--database", "default", "--fail-level", "WARNING"]


def manage(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    return python(environment, "manage.py", *command)


def python(environment: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, *command]
    return subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True)
