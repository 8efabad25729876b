"""Empties the database after a test whose transactions were real.

Django's own way empties every table that there is, and then makes its types of content and its
permissions anew: that takes longer than most of these tests. Here only what holds something is
emptied, and what Django has noted about the models stays as it is.
"""

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

ABOUT_THE_MODELS = {ContentType._meta.db_table, Permission._meta.db_table}


def empty_the_database(_test_case: Any) -> None:
    """In place of ``TransactionTestCase._fixture_teardown``."""
    tables = set(connection.introspection.django_table_names(only_existing=True))
    quote = connection.ops.quote_name
    holds_something = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})"
        for table in sorted(tables - ABOUT_THE_MODELS)
    )
    # Foreign keys are looked at when the transaction ends, so that any order will do.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(holds_something)
        for (table,) in cursor.fetchall():
            # With the semicolon by which the trail knows what is no deed of anybody.
            cursor.execute(f"DELETE FROM {quote(table)};")
