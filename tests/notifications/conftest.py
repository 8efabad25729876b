import itertools
from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from notifications import duties
from scripts.mailbox import Mailbox
from tests.notifications import errands
from tests.notifications.errands import Errand

# A Tuesday, so that the next working days are the next days.
NOW = datetime(2027, 3, 9, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The tests' own table beside those of the product."""
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(Errand)


@pytest.fixture
def errand_duty(settings, monkeypatch):
    """The duty to run errands, and no other."""
    declared = dict(duties.registry)
    duties.registry.clear()
    settings.AUDIENCE = errands.__name__
    settings.ROOT_URLCONF = errands.__name__
    settings.MAIL_CHOICE_VIEW, settings.STOP_MAIL_VIEW = "mail_choice", "stop_mail"
    errands.declare()
    yield duties.registry["errands.run"]
    errands.chief.clear()
    errands.away.clear()
    duties.registry.clear()
    duties.registry.update(declared)


@pytest.fixture
def at_work(monkeypatch):
    """The product's own clock shows NOW, an hour in which mail leaves."""
    monkeypatch.setenv("CLOCK_OFFSET", str((NOW - datetime.now(UTC)).total_seconds()))


@pytest.fixture
def errand_table(db):
    """Empty, also after tests whose transactions were real."""
    Errand.objects.all().delete()


@pytest.fixture
def person(db):
    numbers = itertools.count(1)

    def person(**fields):
        number = next(numbers)
        fields = {"email": f"person{number}@norrby.example", "name": f"Person {number}"} | fields
        return get_user_model().objects.create(**fields)

    return person


@pytest.fixture
def mailbox(tmp_path, settings):
    """A mail server of its own for each test, with kept messages and faults to order."""
    server = Mailbox(tmp_path / "mailbox").start()
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield server
    server.stop()
