"""Figures against peers and plain SQL; importing the package sets Django up with the peers."""

import logging
import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

if "benchmarks.peers" not in settings.INSTALLED_APPS:
    settings.INSTALLED_APPS += ["django_fsm_log", "benchmarks.peers"]
    # Its log is written for the peer alone; our own machine must not pay for it.
    settings.DJANGO_FSM_LOG_IGNORED_MODELS = ["meetings.models.Meeting"]
    settings.ROOT_URLCONF = "benchmarks.peers.urls"
    logging.disable(logging.WARNING)
    django.setup()
