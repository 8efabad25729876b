"""What a page asks the database while somebody waits for it."""

from django.test.utils import CaptureQueriesContext

AFTER_THE_PAGE = 'INTO "records_readrecord"'


def of_the_page(asked: CaptureQueriesContext) -> list[str]:
    """All but the note of who has read it, which is written when the page has been sent.

    ``tests/records/test_readings.py`` shows that it is.
    """
    return [query["sql"] for query in asked if AFTER_THE_PAGE not in query["sql"]]
