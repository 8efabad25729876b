"""docker-compose.yml is valid, whole, and passes what the settings read."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

from config.production import OPTIONAL_SECRETS, SECRETS
from tests.operations.environments import GOOD, ROOT, read_settings

pytestmark = pytest.mark.portable

FILLED_IN = {
    "TREPART_HOST": "trepart.example.se",
    "TREPART_FROM": "Trepart <trepart@example.se>",
    "TREPART_ALERTS": "drift@example.se",
}
OURS = ("web", "worker", "beat", "migrate")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file as compose sees it: variables filled in, merge keys resolved."""
    text = (ROOT / "docker-compose.yml").read_text()
    filled_in = re.sub(r"\$\{(\w+)(?::[-?]([^}]*))?\}", _fill_in, text)
    loaded = yaml.safe_load(filled_in.replace("$$", "$"))
    assert isinstance(loaded, dict)
    return loaded


def _fill_in(variable: re.Match[str]) -> str:
    name, default = variable.groups()
    return FILLED_IN.get(name) or default or pytest.fail(f"{name} has no value")


def test_follows_the_specification(compose: dict[str, Any]) -> None:
    specification = PyCompose.from_json(json.dumps(compose))
    assert specification.to_dict()["services"].keys() == compose["services"].keys()


@pytest.mark.parametrize("kind", ["networks", "secrets", "volumes"])
def test_names_only_what_exists(compose: dict[str, Any], kind: str) -> None:
    used = {
        name
        for service in compose["services"].values()
        for name in (entry.partition(":")[0] for entry in service.get(kind, []))
        if not name.startswith((".", "/"))
    }
    assert used == compose[kind].keys()


def test_waits_only_for_services_that_exist(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        for name, waits_for in service.get("depends_on", {}).items():
            healthy = waits_for["condition"] == "service_healthy"
            assert name in services
            assert not healthy or "healthcheck" in services[name]


def test_mounts_only_files_that_exist(compose: dict[str, Any]) -> None:
    scripts = [
        mount.partition(":")[0]
        for service in compose["services"].values()
        for mount in service.get("volumes", [])
        if mount.startswith("./docker")
    ]
    assert scripts
    assert all((ROOT / script).exists() for script in scripts)


def test_only_the_web_is_reached_and_only_from_this_machine(compose: dict[str, Any]) -> None:
    ports = {name: service["ports"] for name, service in compose["services"].items()
             if "ports" in service}  # fmt: skip
    assert ports == {"web": ["127.0.0.1:8000:8000"]}


def test_exactly_one_scheduler(compose: dict[str, Any]) -> None:
    schedulers = [
        service
        for service in compose["services"].values()
        if re.search(r"\bbeat\b|--beat|-B", str(service.get("command")))
    ]
    assert [scheduler["deploy"]["replicas"] for scheduler in schedulers] == [1]


@pytest.mark.parametrize("name", OURS)
def test_passes_only_what_the_settings_read(compose: dict[str, Any], name: str) -> None:
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "config/settings.py").read_text()))
    files = {f"{secret}_FILE" for secret in SECRETS + OPTIONAL_SECRETS}
    assert set(SECRETS) <= read
    read_by_celery = {"CELERY_SKIP_CHECKS"}
    assert compose["services"][name]["environment"].keys() <= read | files | read_by_celery


@pytest.mark.parametrize("name", OURS)
def test_settings_start_with_what_is_passed(
    compose: dict[str, Any], name: str, tmp_path: Path
) -> None:
    service = compose["services"][name]
    for secret in service["secrets"]:
        (tmp_path / secret).write_text(GOOD.get(secret.upper(), "") + "\n")
    environment = {
        key: value.replace("/run/secrets", str(tmp_path))
        for key, value in service["environment"].items()
    }
    settings = read_settings(environment)
    assert settings["PRODUCTION"] is True
    assert settings["DATABASES"]["default"]["PASSWORD"] == GOOD["DATABASE_PASSWORD"]
    assert settings["EMAIL_HOST"] == "mail.example.se"
