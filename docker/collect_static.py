"""Settings for one moment: static files are collected into the image before any secret exists."""

from config.settings import *  # noqa: F403

STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
