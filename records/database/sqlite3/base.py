"""SQLite, keeping the trail."""

from django.db.backends.sqlite3 import base

from records.database.trail import KeepsTrail


class DatabaseWrapper(KeepsTrail, base.DatabaseWrapper):
    pass
