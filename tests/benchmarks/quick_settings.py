"""The product's settings, with tables that are made at once and passwords that cost nothing."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS

PEERS = ("django_fsm_log", "django_celery_beat", "mailer", "post_office", "benchmarks.peers")
MIGRATION_MODULES = {app.rpartition(".")[2]: None for app in (*INSTALLED_APPS, *PEERS)}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
