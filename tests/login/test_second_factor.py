"""Two steps: who must, what counts, and that nothing gets past."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.letters import letter
from notifications.models import OutboxMessage
from organisations.login import second_factor
from organisations.login.secrets import seal, unseal
from organisations.models import IdentityProvider, Role, SecondFactorRule, User
from sbs_workflow.queries import load_roles, second_factor_rules_about
from tests.cast import PASSWORD, TODAY, Cast
from tests.login.conftest import Visitor

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

SET_UP = "/konto/tva-steg-behovs/"
# A page that everybody may see.
PAGE = "/processen/"


def code_now(secret: str) -> str:
    """What the app would show."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def with_app(person: User) -> str:
    """Gives somebody an app with codes; returns its secret."""
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": seal(secret)}
    )
    RecoveryCodes.activate(person)
    return secret


def log_in(client: Client, person: User) -> None:
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})


def test_the_app_is_set_up_and_asked_for_from_then_on(cast: Cast, client: Client):
    person = cast.ours.principal
    log_in(client, person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    assert answer.headers["Location"] == reverse("mfa_view_recovery_codes")
    assert len(client.get(answer.headers["Location"]).context["unused_codes"]) == 10
    stored = Authenticator.objects.get(user=person, type=Authenticator.Type.TOTP).data["secret"]
    assert stored != secret
    assert unseal(stored) == secret

    client.logout()
    log_in(client, person)
    assert client.get(PAGE).status_code == 302, "the password alone lets nobody in"
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert client.get(PAGE).status_code == 302


def test_a_code_of_the_app_lets_in(cast: Cast, client: Client):
    secret = with_app(cast.ours.principal)
    log_in(client, cast.ours.principal)
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert client.get(PAGE).status_code == 200


def test_a_recovery_code_lets_in_once(cast: Cast, client: Client):
    person = cast.ours.principal
    with_app(person)
    codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap()
    code = codes.get_unused_codes()[0]
    for lets_in in (True, False):
        client.logout()
        log_in(client, person)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert (client.get(PAGE).status_code == 200) is lets_in


def test_a_new_password_does_not_get_past_the_second_step(cast: Cast, client: Client):
    person = cast.ours.principal
    with_app(person)
    client.post(reverse("account_reset_password"), {"email": person.email})
    [message] = OutboxMessage.objects.all()
    link = message.context["text"].split("/konto/")[1].split()[0]
    page = client.get(f"/konto/{link}", follow=True)
    new = "en alldeles ny och lång fras"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert client.get(PAGE).status_code == 302
    client.post(reverse("account_login"), {"login": person.email, "password": new})
    assert client.get(PAGE).status_code == 302


def test_guessing_is_stopped(cast: Cast, client: Client):
    secret = with_app(cast.ours.principal)
    log_in(client, cast.ours.principal)
    for guess in range(12):
        client.post(reverse("mfa_authenticate"), {"code": f"{guess:06}"})
    client.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
    assert client.get(PAGE).status_code == 302


def test_changes_are_told_by_mail(
    cast: Cast, client: Client, django_capture_on_commit_callbacks: Any
):
    person = cast.ours.principal
    log_in(client, person)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})
    told = OutboxMessage.objects.filter(
        address=person.email, template="organisations/account_changed"
    )
    message = told.get()
    assert message.confidential
    assert "127.0.0.1" in letter(message.template, message.context).text


# --- who must ---------------------------------------------------------------------------------


def sent_to_set_up(person: User) -> bool:
    """As the door asks it; that each page asks the door is tried below."""
    request = RequestFactory().get(PAGE)
    request.session = SessionStore()
    rules = second_factor_rules_about(load_roles(person, TODAY))
    return second_factor.is_owed(request, person, rules)


def test_a_new_rule_holds_from_the_next_page(cast: Cast, client: Client):
    client.force_login(cast.ours.principal)
    assert client.get(PAGE).status_code == 200
    SecondFactorRule.objects.create(role=Role.PRINCIPAL)
    assert client.get(PAGE).headers["Location"] == SET_UP


def test_without_rules_no_page_asks_about_second_factors(cast: Cast, client: Client):
    client.force_login(cast.ours.principal)
    with CaptureQueriesContext(connection) as asked:
        client.get(PAGE)
    about = [query["sql"] for query in asked if "secondfactorrule" in query["sql"]]
    assert len(about) == 1, "the query of the roles"
    assert "membership" in about[0]


def owing(cast: Cast) -> set[str]:
    everybody = {role.value: person for role, person in cast.people.items()}
    everybody |= {"theirs": cast.theirs.principal, "outsider": cast.outsider}
    return {who for who, person in everybody.items() if sent_to_set_up(person)}


def test_nobody_must_without_a_rule(cast: Cast):
    assert owing(cast) == set()


@pytest.mark.parametrize("role", list(Role))
def test_a_rule_of_a_role_means_those_who_hold_it_anywhere(cast: Cast, role: Role):
    SecondFactorRule.objects.create(role=role)
    assert owing(cast) == {role.value} | ({"theirs"} if role == Role.PRINCIPAL else set())


@pytest.mark.parametrize(
    ("party", "meant"),
    [
        ("agency", {"process_supporter", "agency_manager"}),
        ("organiser", {"head_of_authority", "coordinator", "principal", "process_leader"}),
        ("university", {"university_lead", "team_leader", "education_leader"}),
    ],
)
def test_a_rule_of_an_organisation_means_its_own_people(cast: Cast, party: str, meant: set[str]):
    organisation = cast.agency if party == "agency" else getattr(cast.ours, party)
    SecondFactorRule.objects.create(organisation=organisation)
    assert owing(cast) == meant


def test_a_rule_of_a_role_in_an_organisation_means_no_others(cast: Cast):
    SecondFactorRule.objects.create(organisation=cast.theirs.organiser, role=Role.PRINCIPAL)
    assert owing(cast) == {"theirs"}


def test_a_rule_for_all_means_all(cast: Cast):
    SecondFactorRule.objects.create()
    assert owing(cast) == {*(role.value for role in Role), "theirs", "outsider"}


def test_every_page_leads_to_setting_it_up_and_that_page_is_open(cast: Cast, client: Client):
    SecondFactorRule.objects.create()
    client.force_login(cast.ours.principal)
    for path in ("/", "/samverkan/", cast.ours.collaboration.get_absolute_url()):
        assert client.get(path).headers["Location"] == SET_UP
        assert client.post(path).headers["Location"] == SET_UP
    part = client.get(PAGE, headers={"hx-request": "true"})
    assert (part.status_code, part.content) == (403, b""), "no page within a page"
    page = client.get(SET_UP).content.decode()
    assert reverse("mfa_add_webauthn") in page
    for path in (reverse("mfa_index"), reverse("organisations:account"), "/personuppgifter/"):
        assert client.get(path).status_code == 200


def test_whoever_sets_it_up_goes_on(cast: Cast, client: Client):
    SecondFactorRule.objects.create()
    client.force_login(cast.ours.principal)
    with_app(cast.ours.principal)
    assert client.get(PAGE).status_code == 200
    assert client.get(SET_UP).status_code == 302


def test_recovery_codes_alone_are_no_second_step(cast: Cast):
    SecondFactorRule.objects.create()
    RecoveryCodes.activate(cast.ours.principal)
    assert sent_to_set_up(cast.ours.principal)


@pytest.mark.parametrize(
    ("acr", "is_enough"),
    [("http://id.elegnamnden.se/loa/1.0/loa3", True), ("password", False), ("", False)],
)
def test_a_second_factor_at_the_organisation_counts_if_it_says_so(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider, acr: str, is_enough: bool
):
    SecondFactorRule.objects.create()
    SocialAccount.objects.create(
        user=cast.ours.principal, provider=municipality.issuer, uid="rut-17"
    )
    visitor.by_openid(municipality, sub="rut-17", acr=acr)
    assert (visitor.get(PAGE).status_code == 200) is is_enough


def test_the_strength_is_not_inherited_by_the_next_log_in(
    cast: Cast, visitor: Visitor, university: IdentityProvider
):
    SecondFactorRule.objects.create()
    person = cast.ours.university_lead
    SocialAccount.objects.create(user=person, provider=university.issuer, uid="linda-4")
    visitor.by_saml(university, subject="linda-4", context="https://refeds.org/profile/mfa")
    assert visitor.get(PAGE).status_code == 200
    visitor.by_saml(university, subject="linda-4")
    assert visitor.get(PAGE).headers["Location"] == SET_UP


def test_support_needs_one_for_the_admin_pages(cast: Cast, client: Client, settings):
    settings.STAFF_SECOND_FACTOR = True
    support = User.objects.create_superuser("drift@trepart.example", PASSWORD, name="Drift")
    client.force_login(support)
    assert client.get(reverse("admin:index")).headers["Location"] == SET_UP
    with_app(support)
    assert client.get(reverse("admin:index")).status_code == 200


# --- sessions ---------------------------------------------------------------------------------


def test_a_changed_password_ends_every_other_session(cast: Cast):
    here, elsewhere = Client(), Client()
    for browser in (here, elsewhere):
        log_in(browser, cast.ours.principal)
    new = "en alldeles ny och lång fras"
    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": new, "password2": new},
    )
    assert elsewhere.get(PAGE).status_code == 302
