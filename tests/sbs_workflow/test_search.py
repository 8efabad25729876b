"""A case is found by the names that its parties and units have today."""

import pytest
from django.test import Client
from django.urls import reverse

from organisations.actions import bring_register, take_in
from organisations.models import Organisation, Unit, User
from organisations.renaming import renamed
from sbs_workflow.models import Collaboration
from sbs_workflow.search import refresh_search_texts
from tests.cast import NOW, PASSWORD, Cast

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

REGISTER = (
    "Skolenhetskod;Skolenhetsnamn;Status;Skolform;Kommunkod;Huvudmannens orgnr;Huvudman\n"
    "12345678;Älvens skola;Aktiv;Grundskola;2260;212000-2411;Ådalens kommun\n"
)


def found(word: str) -> set[str]:
    return set(
        Collaboration.objects.filter(search_text__contains=word).values_list("name", flat=True)
    )


@pytest.fixture(autouse=True)
def _written_down(cast: Cast) -> None:
    refresh_search_texts(Collaboration.objects.all())


def test_a_unit_that_the_register_renames(cast: Cast):
    ours, theirs = cast.ours.collaboration.name, cast.theirs.collaboration.name
    assert (found("älvskolan"), found("älvens skola")) == ({ours, theirs}, set())
    Unit.objects.filter(pk=cast.ours.school.pk).update(school_unit_code="12345678")
    file = bring_register(
        name="skolor.csv",
        content=REGISTER.encode(),
        with_new_organisers=False,
        by=cast.agency_manager,
        now=NOW,
    )
    take_in(file=file, chosen={"renamed-12345678"}, follows={}, by=cast.agency_manager, now=NOW)
    assert (found("älvskolan"), found("älvens skola")) == ({theirs}, {ours})


def test_what_support_renames(cast: Cast, client: Client):
    client.force_login(User.objects.create_superuser("drift@trepart.example", PASSWORD, name="D"))
    university, school = cast.ours.university, cast.ours.school
    none = {"units-TOTAL_FORMS": "0", "units-INITIAL_FORMS": "0"}
    for changed, said in (
        (university, {"party": "university", "name": "Norra högskolan", **none}),
        (school, {"organiser": school.organiser_id, "kind": school.kind, "name": "Bäckskolan"}),
    ):
        page = f"admin:organisations_{changed._meta.model_name}_change"
        assert client.post(reverse(page, args=[changed.pk]), said).status_code == 302
    assert cast.ours.collaboration.name in found("norra högskolan") & found("bäckskolan")
    assert cast.ours.collaboration.name not in found("älvskolan")


def test_many_names_cost_as_much_as_one(cast: Cast, django_assert_num_queries):
    keys = list(Organisation.objects.values_list("pk", flat=True))
    Organisation.objects.filter(pk=cast.ours.organiser.pk).update(name="Dalen")
    with django_assert_num_queries(5):  # and a savepoint's two
        renamed(keys)
    assert cast.ours.collaboration.name in found("dalen")
    with django_assert_num_queries(0):
        renamed([])
