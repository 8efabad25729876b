import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q

from notifications.duties import open_duties, registry, still_owed
from tests.notifications import errands
from tests.notifications.errands import Errand

pytestmark = [pytest.mark.portable, pytest.mark.usefixtures("errand_table")]
TODAY = date(2027, 3, 9)


def errand(days, **fields):
    return Errand.objects.create(due_on=TODAY + timedelta(days=days), **fields)


def test_overdue_first_and_only_within_the_lead_time(errand_duty):
    later, overdue, soon = errand(30), errand(-400), errand(2)
    errand(31)
    assert [it.object_id for it in open_duties(TODAY)] == [overdue.pk, soon.pk, later.pk]


def test_done_and_paused_errands_are_not_owed(errand_duty):
    errand(0, is_done=True)
    errand(0, is_paused=True)
    assert open_duties(TODAY) == []


def test_a_duty_knows_what_people_need(errand_duty):
    created = errand(-1, place="Norrby", what="Karbyskolan")
    (it,) = open_duties(TODAY)
    assert (it.duty, it.object_id, it.scope_id) == (
        errand_duty,
        created.pk,
        created.collaboration_id,
    )
    assert (it.scope_name, it.subject, it.due_on) == ("Norrby", "Karbyskolan", created.due_on)
    assert it.url == f"/errands/{created.pk}/"
    assert it.is_overdue(TODAY)
    assert not it.is_overdue(created.due_on)


def test_all_duties_in_one_query(errand_duty, django_assert_num_queries):
    for number in range(20):
        errands.declare(f"errands.run-{number}")
    errand(0)
    with django_assert_num_queries(1):
        assert len(open_duties(TODAY)) == 21


def test_narrowed_to_a_person(errand_duty):
    errands.declare("errands.of-others")
    me = uuid.uuid4()
    mine = errand(0, owner_id=me)
    errand(0, owner_id=uuid.uuid4())

    def of_mine(duty):
        return Q(owner_id=me) if duty is errand_duty else None

    assert [it.object_id for it in open_duties(TODAY, mine=of_mine)] == [mine.pk]
    assert open_duties(TODAY, mine=lambda duty: None) == []


def test_narrowed_to_scopes(errand_duty):
    here = errand(0)
    errand(0)
    assert [it.object_id for it in open_duties(TODAY, scopes=[here.collaboration_id])] == [here.pk]
    assert open_duties(TODAY, scopes=[]) == []


def test_limit_keeps_the_most_urgent(errand_duty):
    errand(3)
    first = errand(-3)
    assert [it.object_id for it in open_duties(TODAY, limit=1)] == [first.pk]


def test_no_duties_at_all(errand_duty):
    registry.clear()
    assert open_duties(TODAY) == []


def test_still_owed_names_what_stands_in_one_query(errand_duty, django_assert_num_queries):
    standing, done, paused = errand(0), errand(0, is_done=True), errand(0, is_paused=True)
    with django_assert_num_queries(1):
        assert still_owed(errand_duty, [standing.pk, done.pk, paused.pk]).keys() == {standing.pk}


def test_a_name_is_declared_once(errand_duty):
    with pytest.raises(ImproperlyConfigured, match=r"errands\.run"):
        errands.declare()
