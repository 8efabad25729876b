"""PostgreSQL, keeping the trail."""

from django.db.backends.postgresql import base

from records.database.trail import KeepsTrail


class DatabaseWrapper(KeepsTrail, base.DatabaseWrapper):
    pass
