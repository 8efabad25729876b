"""What a page asks the database while somebody waits for it."""

from django.test.utils import CaptureQueriesContext

AFTER_THE_PAGE = 'INTO "records_readrecord"'
ONCE_A_CONNECTION = "PREPARE "  # notifications/planned.py


def of_the_page(asked: CaptureQueriesContext) -> list[str]:
    """All but what a connection is told once, and the note of who has read the page.

    That note is written when the page has been sent, as ``tests/records/test_readings.py`` shows.
    """
    return [
        query["sql"]
        for query in asked
        if AFTER_THE_PAGE not in query["sql"] and not query["sql"].startswith(ONCE_A_CONNECTION)
    ]
