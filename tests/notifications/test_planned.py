"""PostgreSQL plans the question of what is owed in some scopes once for each connection."""

from datetime import date
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from notifications.duties import open_duties
from tests.notifications.errands import Errand

pytestmark = [
    pytest.mark.usefixtures("errand_table", "errand_duty"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no plans"),
]
YESTERDAY, TODAY, IN_A_MONTH = date(2027, 3, 8), date(2027, 3, 9), date(2027, 4, 8)


def owed_in(*errands: Errand, today: date = TODAY) -> set[UUID]:
    found = open_duties(today, scopes=[errand.collaboration_id for errand in errands])
    return {duty.object_id for duty in found}


def uses_of_plans() -> tuple[int, int]:
    """How often plans were used, and how often PostgreSQL made another in their place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(generic_plans), 0), coalesce(sum(custom_plans), 0)"
            " FROM pg_prepared_statements"
        )
        generic, custom = cursor.fetchone()
        return int(generic), int(custom)


def test_one_plan_answers_for_all_scopes_and_days():
    early, late = Errand.objects.create(due_on=TODAY), Errand.objects.create(due_on=IN_A_MONTH)
    assert owed_in(late) == {late.pk}
    used, _ = uses_of_plans()
    with CaptureQueriesContext(connection) as asked:
        assert owed_in(early) == {early.pk}
        assert owed_in(early, late) == {early.pk, late.pk}
        assert owed_in(early, late, today=YESTERDAY) == {early.pk}
    assert [query["sql"].split()[0] for query in asked] == ["EXECUTE"] * 3
    assert uses_of_plans() == (used + 3, 0)


def test_what_is_let_be_has_a_plan_of_its_own():
    errand = Errand.objects.create(due_on=TODAY)
    assert owed_in(errand) == {errand.pk}
    assert open_duties(TODAY, scopes=[errand.collaboration_id], let_be=True) == []


def test_a_plan_outlives_the_transaction_that_made_it():
    errand = Errand.objects.create(due_on=TODAY)
    with transaction.atomic():
        owed_in(errand)
        transaction.set_rollback(True)
    with CaptureQueriesContext(connection) as asked:
        assert owed_in(errand) == {errand.pk}
    assert len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_makes_a_plan_of_its_own():
    errand = Errand.objects.create(due_on=TODAY)
    assert owed_in(errand) == {errand.pk}
    connection.close()
    assert owed_in(errand) == {errand.pk}
