"""Figures against peers and plain SQL; importing the package sets Django up with the peers."""

import logging
import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if "benchmarks.peers" not in settings.INSTALLED_APPS:
    settings.INSTALLED_APPS += [
        "django_fsm_log",
        "django_celery_beat",
        "mailer",
        "post_office",
        "benchmarks.peers",
    ]
    settings.MAILER_USE_FILE_LOCK = False  # the file would lie in the folder of who measures
    settings.ROOT_URLCONF = "benchmarks.peers.urls"
    logging.disable(logging.WARNING)
    django.setup()

    from sbs_workflow.models import WorkflowModel  # needs the apps

    # The peer's log is written for the peer alone; our own machines must not pay for it.
    settings.DJANGO_FSM_LOG_IGNORED_MODELS = [
        f"{machine.__module__}.{machine.__qualname__}" for machine in WorkflowModel.machines()
    ]
