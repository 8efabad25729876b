"""The load for benchmarks is made once, the same each time, and beside what is there."""

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from cases.actions import AlreadyThere, make_load
from cases.management.commands.load_demo import FILES
from sbs_workflow.models import Collaboration

pytestmark = [pytest.mark.django_db, pytest.mark.portable]
TODAY = date(2026, 3, 10)


def test_the_same_seed_makes_the_same_cases() -> None:
    make_load(cases=3, seed=7, today=TODAY)
    first = list(Collaboration.objects.order_by("pk").values_list("pk", "name", "state"))
    with pytest.raises(AlreadyThere):
        make_load(cases=3, seed=7, today=TODAY)
    assert list(Collaboration.objects.order_by("pk").values_list("pk", "name", "state")) == first


def test_the_command_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_load", "--cases", "2", "--today", "2026-03-10")
    assert "2" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("make_load", "--cases", "2", "--today", "2026-03-10")


def test_the_load_stands_beside_other_cases() -> None:
    call_command("load_case", FILES / "norrmyra.yaml", "--today", "2026-03-10")
    make_load(cases=8, seed=1, today=TODAY)
    assert Collaboration.objects.count() == 9
