"""Data about people: the extract, a protected name, and an account that is made nameless."""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils.text import camel_case_to_spaces
from django.utils.translation import override

from meetings.models import CalendarFeed
from notifications import clock, outbox
from notifications.models import OutboxMessage
from organisations.actions import invite
from organisations.models import Membership, Party, Role, User
from plans.actions import write_document
from records.actions import protect, pseudonymise, rectify, take_extract, unprotect
from records.chain import verify
from records.models import ContentChange, PersonDecision, ProtectedIdentity
from records.queries import extract_of
from records.queries.people import ONLY_IN_FILE
from records.queries.words import COLUMNS, TABLES
from sbs_workflow.actions import Left, hand_over
from sbs_workflow.engine import TransitionRefused, perform
from sbs_workflow.models import Assignment, Handover, Promise, TransitionRecord
from sbs_workflow.successors import roles_everywhere
from tests import factories
from tests.cast import NOW, TODAY, Cast
from tests.pages.stage import set_stage

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def rows_about(person: User) -> dict[tuple[str, str], int]:
    with override("en"):
        return {(each.label, each.how): each.count for each in extract_of(person, NOW).stored}


# --- rectify ---------------------------------------------------------------------------------


def test_a_person_corrects_their_own_name_and_it_is_written_down(cast: Cast, client: Client):
    client.force_login(cast.ours.principal)
    url = reverse("records:my_name")
    assert client.get(url).context["form"].initial == {"name": "Rut Rektor"}
    assert client.post(url, {"name": "Rut  Ek"}).headers["Location"] == reverse("records:my_data")
    assert User.objects.get(pk=cast.ours.principal.pk).name == "Rut Ek"
    [noted] = PersonDecision.objects.all()
    assert (noted.what, noted.by, noted.person) == ("rectify", noted.person, cast.ours.principal)
    assert "Rektor" not in noted.reason
    client.post(url, {"name": "Rut Ek"})
    assert PersonDecision.objects.count() == 1, "nothing was changed"
    assert client.post(url, {"name": ""}).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_a_protected_name_is_corrected_where_it_is_kept(cast: Cast, client: Client):
    person = cast.ours.principal
    protect(person=person, reason="Skydd", by=cast.ours.head_of_authority, now=NOW)
    shown = User.objects.get(pk=person.pk).name
    rectify(name="Rut Ek", by=User.objects.get(pk=person.pk), now=NOW)
    assert User.objects.get(pk=person.pk).name == shown
    assert ProtectedIdentity.objects.get().name == "Rut Ek"


# --- extract ---------------------------------------------------------------------------------


def test_every_table_and_column_of_an_extract_has_a_name_that_people_use(cast: Cast):
    """A new table with a person in it must be told in words too."""
    set_stage(cast.ours)
    with override("sv"):
        for person in (cast.ours.team_leader, cast.ours.process_supporter):
            for each in extract_of(person, NOW).stored:
                options = each.model._meta
                default = f"{camel_case_to_spaces(each.model.__name__)}s"
                has_own = str(options.verbose_name_plural) != default
                assert has_own or options.label_lower in TABLES, options.label
                told = {name for row in each.rows for name in row} - ONLY_IN_FILE
                for column in (f for f in options.concrete_fields if f.attname in told):
                    named = str(column.verbose_name) != column.name.replace("_", " ")
                    assert named or column.name in COLUMNS or column.is_relation, column


def test_it_finds_every_table_that_names_the_person(cast: Cast):
    """Whatever has a foreign key to a person and a row about this one."""
    set_stage(cast.ours)
    for person in (cast.ours.team_leader, cast.ours.principal):
        expected = set()
        for relation in User._meta.get_fields(include_hidden=True):
            if relation.auto_created and not relation.concrete and relation.is_relation:
                model: Any = relation.related_model
                name = relation.field.name  # type: ignore[union-attr]
                if model._base_manager.filter(**{name: person}).exists():
                    expected.add((model._meta.label, name))
        found = extract_of(person, NOW).stored
        assert expected
        assert len(found) == len(expected)


def test_it_tells_roles_and_letters_but_no_secrets_and_no_drafts(cast: Cast):
    draft = factories.analysis(cast.ours.collaboration, cast.ours.school)
    write_document(document=draft, by=cast.ours.principal, now=NOW, text="Ett hemligt utkast.")
    outbox.enqueue(
        key="test",
        template="meetings/booked",
        recipient=cast.ours.principal.pk,
        context={"path": "/hemlig-lank/"},
        now=NOW,
    )
    data = json.dumps(extract_of(cast.ours.principal, NOW).as_data(), ensure_ascii=False)
    assert '"role": "principal"' in data
    assert "meetings/booked" in data
    for secret in ("hemligt utkast", "hemlig-lank", cast.ours.principal.password):
        assert secret not in data


def test_a_person_reads_their_own_and_no_others(cast: Cast, client: Client):
    client.force_login(cast.ours.principal)
    page = client.get(reverse("records:my_data")).content.decode()
    assert cast.ours.principal.email in page
    file = client.get(reverse("records:my_data_file"))
    assert json.loads(file.content)["account"]["name"] == "Rut Rektor"
    other = reverse("records:person", args=[cast.ours.coordinator.pk])
    assert client.get(other).status_code == HTTPStatus.NOT_FOUND
    assert not PersonDecision.objects.exists()


def test_who_leads_reads_those_of_the_own_organisation_and_it_is_written_down(
    cast: Cast, client: Client
):
    side = cast.ours
    leads = {
        side.head_of_authority: {side.principal, side.coordinator},
        side.university_lead: {side.team_leader, side.education_leader},
        cast.agency_manager: {side.process_supporter, cast.theirs.process_supporter},
    }
    everybody = set().union(*leads.values())
    for lead, own in leads.items():
        client.force_login(lead)
        for person in everybody:
            status = client.get(reverse("records:person_file", args=[person.pk])).status_code
            assert (status == HTTPStatus.OK) == (person in own), (lead, person)
    assert PersonDecision.objects.filter(what="extract").count() == len(everybody)
    with override("en"):
        labels = {each.label for each in extract_of(side.principal, NOW).stored}
    assert "Decisions about personal data" in labels


def test_nobody_takes_an_extract_past_the_page(cast: Cast):
    with pytest.raises(PermissionDenied):
        take_extract(person=cast.ours.principal, by=cast.ours.team_leader, now=NOW)


# --- protected names -------------------------------------------------------------------------


@pytest.fixture
def protected(cast: Cast) -> User:
    protect(person=cast.ours.coordinator, reason="Beslut", by=cast.ours.head_of_authority, now=NOW)
    return User.objects.get(pk=cast.ours.coordinator.pk)


def test_the_name_stands_nowhere_but_with_the_own_party(cast: Cast, protected: User):
    assert "Samir" not in protected.name
    url = cast.ours.collaboration.get_absolute_url()
    for person in cast.people.values():
        client = Client()
        client.force_login(User.objects.get(pk=person.pk))
        page = client.get(url).content.decode()
        is_own = person in (
            cast.ours.head_of_authority,
            cast.ours.coordinator,
            cast.ours.principal,
            cast.ours.process_leader,
        )
        assert ("Samir Samordnare" in page) == is_own, person
        assert (protected.email in page) == is_own, person


def test_the_history_names_the_role_of_what_a_protected_person_did(
    cast: Cast, protected: User, client: Client
):
    report = factories.report(cast.ours.collaboration, cast.ours.school, state="unit_ready")
    perform(report.submit, by=protected, now=NOW)
    client.force_login(cast.ours.team_leader)
    url = reverse("portfolio:history", args=[cast.ours.collaboration.pk])
    page = client.get(url).content.decode()
    assert protected.name in page
    assert "Samir" not in page


def test_protecting_again_keeps_the_name_and_ending_it_gives_it_back(cast: Cast, protected: User):
    by = cast.ours.head_of_authority
    protect(person=protected, reason="Igen", by=by, now=NOW)
    assert ProtectedIdentity.objects.get().name == "Samir Samordnare"
    assert unprotect(person=protected, reason="Upphört", by=by, now=NOW).name == "Samir Samordnare"
    assert not ProtectedIdentity.objects.exists()
    kinds = list(PersonDecision.objects.order_by("id").values_list("what", flat=True))
    assert sorted(kinds) == ["protect", "unprotect"]


def test_only_the_own_lead_protects(cast: Cast):
    for by in (cast.ours.university_lead, cast.ours.principal, cast.theirs.head_of_authority):
        with pytest.raises(PermissionDenied):
            protect(person=cast.ours.coordinator, reason="", by=by, now=NOW)


# --- nameless accounts -----------------------------------------------------------------------


def close(person: User, *, by: User, to: User | None = None, reason: str = "Slutat") -> None:
    word = "" if to else "Vi söker någon."
    roles = [Left(held, to, word) for held in roles_everywhere(person, TODAY)]
    pseudonymise(person=person, roles=roles, reason=reason, by=by, now=NOW)


def test_the_name_goes_and_what_was_done_stays_under_its_role(cast: Cast):
    side = cast.ours
    analysis = factories.analysis(side.collaboration, side.school)
    write_document(document=analysis, by=side.principal, now=NOW, text="Nytt.")
    perform(analysis.share, by=side.principal, now=NOW)
    EmailAddress.objects.create(user=side.principal, email=side.principal.email)
    CalendarFeed.objects.create(user=side.principal, created_at=NOW)
    address = side.principal.email

    close(side.principal, by=side.head_of_authority, reason="Har slutat")

    person = User.objects.get(pk=side.principal.pk)
    assert "Rut" not in person.name
    assert not person.is_active
    assert not person.has_usable_password()
    assert not User.objects.filter(email=address).exists()
    assert not EmailAddress.objects.exists()
    assert CalendarFeed.objects.get().revoked_at
    assert not Membership.objects.current(TODAY).filter(user=person).exists()
    [record] = TransitionRecord.objects.all()
    assert (record.by, record.role) == (person, Role.PRINCIPAL)
    assert ContentChange.objects.filter(by=person, role=Role.PRINCIPAL).exists()
    assert verify().breach == ""
    decision = PersonDecision.objects.get()
    assert (decision.what, decision.reason) == ("pseudonymise", "Har slutat")


def test_a_closed_account_is_logged_out(cast: Cast, client: Client):
    client.force_login(cast.ours.principal)
    assert client.get("/").status_code == HTTPStatus.OK
    close(cast.ours.principal, by=cast.ours.head_of_authority)
    assert client.get("/").status_code == HTTPStatus.FOUND


def test_what_the_person_had_in_hand_is_taken_over(cast: Cast):
    side = cast.ours
    promise = factories.promise(
        factories.visit(side.collaboration, state="shared"),
        party=Party.ORGANISER,
        person=side.principal,
    )
    [held] = roles_everywhere(side.principal, TODAY)
    close(side.principal, by=side.head_of_authority, to=side.preschool_principal)
    taken = Membership.objects.current(TODAY).get(user=side.preschool_principal, unit=side.school)
    assert (taken.role, taken.starts_on) == (Role.PRINCIPAL, TODAY)
    assert Promise.objects.get(pk=promise.pk).person == side.preschool_principal
    handover = Handover.objects.get(held=held.pk)
    assert (handover.leaver, handover.successor) == (side.principal, side.preschool_principal)
    assert OutboxMessage.objects.get(template="sbs_workflow/handover").recipient == taken.user


def test_a_role_that_is_left_out_keeps_the_account(cast: Cast):
    side = cast.ours
    with pytest.raises(TransitionRefused):
        pseudonymise(
            person=side.principal, roles=[], reason="Slutat", by=side.head_of_authority, now=NOW
        )
    assert User.objects.get(pk=side.principal.pk).is_active


def test_a_role_that_has_yet_to_begin_ends_with_the_account(cast: Cast):
    side = cast.ours
    Membership.objects.filter(user=side.principal).update(starts_on=TODAY + timedelta(days=30))
    close(side.principal, by=side.head_of_authority, to=side.preschool_principal)
    assert not Membership.objects.named(TODAY).filter(user=side.principal).exists()
    [taken] = Membership.objects.filter(user=side.preschool_principal, unit=side.school)
    assert taken.starts_on == TODAY + timedelta(days=30)


def test_the_page_tells_nothing_of_what_the_person_does_elsewhere(cast: Cast, client: Client):
    person = cast.ours.principal
    Assignment.objects.create(
        collaboration=cast.theirs.collaboration,
        user=person,
        role=Role.EDUCATION_LEADER,
        starts_on=TODAY,
    )
    client.force_login(cast.ours.head_of_authority)
    page = client.get(reverse("records:pseudonymise", args=[person.pk]))
    assert [role.role for role in page.context["form"].roles] == [Role.PRINCIPAL]
    assert str(cast.theirs.collaboration) not in page.content.decode()


def test_whom_it_is_not_done_to(cast: Cast):
    lead = cast.ours.head_of_authority
    with pytest.raises(TransitionRefused):
        close(lead, by=lead)
    Assignment.objects.create(
        collaboration=cast.theirs.collaboration,
        user=cast.ours.principal,
        role=Role.EDUCATION_LEADER,
        starts_on=TODAY,
    )
    with pytest.raises(TransitionRefused):
        close(cast.ours.principal, by=lead)
    with pytest.raises(PermissionDenied):
        close(cast.ours.team_leader, by=lead)
    assert User.objects.get(pk=cast.ours.principal.pk).is_active


def test_the_pages_do_what_they_say(cast: Cast, client: Client):
    client.force_login(cast.ours.head_of_authority)
    key = cast.ours.principal.pk
    [held] = roles_everywhere(cast.ours.principal, clock.today())
    taken_over = {f"successor_{held.pk}": str(cast.ours.preschool_principal.pk)}
    for name, said in (
        ("protect", {"reason": "Beslut"}),
        ("protect", {"reason": "Upphört"}),
        ("pseudonymise", {"reason": "Slutat", "is_sure": "on"} | taken_over),
    ):
        response = client.post(reverse(f"records:{name}", args=[key]), said)
        assert (response.status_code, response["Location"]) == (302, reverse("records:people"))
    decisions = PersonDecision.objects.order_by("at", "what").values_list("what", flat=True)
    assert sorted(decisions) == ["protect", "pseudonymise", "unprotect"]
    assert client.get(reverse("records:people")).status_code == HTTPStatus.OK
    assert client.get(reverse("records:person", args=[key])).status_code == HTTPStatus.OK


# --- a person of two organisations -----------------------------------------------------------


@pytest.fixture
def of_two(cast: Cast) -> User:
    """Our principal, who also supports the case of the others for the agency."""
    person = cast.ours.principal
    Assignment.objects.create(
        collaboration=cast.theirs.collaboration,
        user=person,
        role=Role.PROCESS_SUPPORTER,
        starts_on=TODAY,
    )
    return person


def told_to(by: User, about: User) -> str:
    extract = take_extract(person=about, by=User.objects.get(pk=by.pk), now=NOW)
    return json.dumps(extract.as_data(), ensure_ascii=False)


def test_each_organisation_reads_of_its_own_and_the_person_everything(cast: Cast, of_two: User):
    perform(factories.analysis(cast.ours.collaboration, cast.ours.school).share, by=of_two, now=NOW)
    outbox.enqueue(
        key="test",
        template="meetings/booked",
        recipient=of_two.pk,
        context={},
        scope_id=cast.theirs.collaboration.pk,
        now=NOW,
    )
    invite(
        by=cast.theirs.head_of_authority,
        email=of_two.email,
        name="Rut Rektor",
        role=Role.COORDINATOR,
        organisation=cast.theirs.organiser,
        starts_on=TODAY,
        now=NOW,
    )
    ours, theirs = cast.ours, cast.theirs
    places = {str(key.pk) for key in (ours.organiser, ours.collaboration)}
    elsewhere = {str(key.pk) for key in (theirs.organiser, theirs.collaboration)}
    told = told_to(ours.head_of_authority, of_two)
    assert all(place in told for place in places)
    assert not any(place in told for place in elsewhere)
    assert str(theirs.collaboration.pk) in told_to(cast.agency_manager, of_two)
    assert str(ours.organiser.pk) not in told_to(cast.agency_manager, of_two)
    own = told_to(of_two, of_two)
    assert all(place in own for place in places | elsewhere)


def test_a_former_organisation_answers_for_nobody_who_works_for_another(
    cast: Cast, of_two: User, client: Client
):
    protect(person=of_two, reason="Skyddad på nya jobbet", by=cast.agency_manager, now=NOW)
    client.force_login(cast.ours.head_of_authority)
    page = reverse("records:person", args=[of_two.pk])
    shown = client.get(page).content.decode()
    assert "Skyddad på nya jobbet" not in shown
    with pytest.raises(TransitionRefused):
        unprotect(person=of_two, reason="Nej", by=cast.ours.head_of_authority, now=NOW)
    Membership.objects.filter(user=of_two).update(ends_on=TODAY - timedelta(days=1))
    assert client.get(page).status_code == HTTPStatus.NOT_FOUND
    listed = client.get(reverse("records:people")).content.decode()
    assert str(of_two.pk) not in listed
    assert "Rut Rektor" not in listed
    with pytest.raises(PermissionDenied):
        unprotect(person=of_two, reason="Nej", by=cast.ours.head_of_authority, now=NOW)
    unprotect(person=of_two, reason="Upphört", by=cast.agency_manager, now=NOW)
    assert User.objects.get(pk=of_two.pk).name == "Rut Rektor"


def test_an_invitation_that_waits_tells_the_protected_name_no_longer(cast: Cast):
    waiting = invite(
        by=cast.ours.head_of_authority,
        email=cast.ours.principal.email,
        name="Rut Rektor",
        role=Role.COORDINATOR,
        organisation=cast.ours.organiser,
        starts_on=TODAY,
        now=NOW,
    )
    protect(person=cast.ours.principal, reason="Beslut", by=cast.ours.head_of_authority, now=NOW)
    waiting.refresh_from_db()
    assert "Rut" not in str(waiting)


def test_the_account_of_support_is_closed_by_support(cast: Cast):
    person, lead = cast.ours.principal, cast.ours.head_of_authority
    User.objects.filter(pk=person.pk).update(is_staff=True)
    person.refresh_from_db()
    with pytest.raises(TransitionRefused):
        close(person, by=lead)
    roles = [Left(held, word="Slutat") for held in roles_everywhere(person, TODAY)]
    hand_over(roles=roles, ends_on=TODAY, starts_on=TODAY, by=lead, now=NOW, close_account=True)
    assert User.objects.get(pk=person.pk).is_active
