"""Settings as a process would read them from a given environment."""

import os
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]

GOOD = {
    "PRODUCTION": "true",
    "SECRET_KEY": "not-a-secret-mN7vQ2xL9rT4wK8pZ1cF6hJ3bY5dG0sAeUiOqRtX",
    "ALLOWED_HOSTS": "trepart.example.se",
    "SITE_URL": "https://trepart.example.se",
    "TRUSTED_PROXY_COUNT": "1",
    "DATABASE_URL": "postgres://trepart@db/trepart",
    "DATABASE_PASSWORD": "a/password+with@signs",
    "BROKER_URL": "redis://broker:6379/0",
    "BROKER_PASSWORD": "another/password+with@signs",
    "EMAIL_URL": "smtp+tls://mail.example.se:587",
    "DEFAULT_FROM_EMAIL": "Trepart <trepart@example.se>",
}


def read_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    with patch.dict(os.environ, environment, clear=True):
        return runpy.run_path(str(ROOT / "config" / "settings.py"))
