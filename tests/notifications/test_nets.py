"""A net that cannot fail proves nothing: without its unique keys everything is told twice."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, models

from notifications import outbox
from notifications.models import OutboxMessage, Reminder
from notifications.planning import plan
from tests.notifications.conftest import NOW
from tests.notifications.errands import Errand

pytestmark = [
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite drops a key only with its whole table"
    ),
    pytest.mark.usefixtures("errand_table", "errand_duty"),
    pytest.mark.django_db(transaction=True),
]


@contextmanager
def without(name: str, model: type[models.Model]) -> Iterator[None]:
    [key] = [each for each in model._meta.constraints if each.name == name]
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, key)
    try:
        yield
    finally:
        model._default_manager.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(model, key)


def plan_twice():
    plan(NOW)
    plan(NOW)
    return Reminder.objects.count()


def enqueue_twice():
    for _ in range(2):
        outbox.enqueue(key="a", address="a@b.example", template="x", context={}, now=NOW)
    return OutboxMessage.objects.count()


def test_a_reminder_is_planned_once_by_its_key_alone():
    Errand.objects.create(due_on=NOW.date())
    assert plan_twice() == 1
    with without("reminder_told_once", Reminder):
        assert plan_twice() > 2


def test_a_message_is_written_once_by_its_key_alone():
    assert enqueue_twice() == 1
    OutboxMessage.objects.all().delete()
    with without("outbox_key_once", OutboxMessage):
        assert enqueue_twice() == 2
