"""Logging in at a municipality's OpenID provider: who is let in, and who never is."""

from datetime import timedelta

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.urls import reverse

from notifications import clock
from organisations.models import IdentityProvider, User
from tests import factories
from tests.cast import PASSWORD, Cast
from tests.login.conftest import Visitor

pytestmark = [pytest.mark.portable, pytest.mark.django_db]


def confirm(visitor: Visitor) -> None:
    visitor.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def link(user: User, row: IdentityProvider, subject: str) -> SocialAccount:
    return SocialAccount.objects.create(user=user, provider=row.issuer, uid=subject)


def test_who_is_linked_logs_in(cast: Cast, visitor: Visitor, municipality: IdentityProvider):
    link(cast.ours.principal, municipality, "rut-17")
    answer = visitor.by_openid(municipality, sub="rut-17", name="Rut Rektor", after="/samverkan/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/samverkan/")
    assert visitor.person == str(cast.ours.principal.pk)


def test_an_address_that_somebody_has_here_lets_nobody_in(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    """The attack: a provider claims the address of somebody who has an account."""
    victim = cast.ours.head_of_authority
    answer = visitor.by_openid(
        municipality, sub="attacker", name="Sara Skolchef", email=victim.email
    )
    assert answer.status_code == 403
    assert visitor.person is None
    assert not SocialAccount.objects.exists()


def test_known_and_unknown_addresses_are_told_the_same(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    known = visitor.by_openid(municipality, sub="a", email=cast.ours.principal.email)
    unknown = Visitor().by_openid(municipality, sub="b", email="nobody@elsewhere.example")
    assert known.status_code == unknown.status_code == 403
    assert not User.objects.filter(email="nobody@elsewhere.example").exists()


def test_the_same_subject_at_another_issuer_is_somebody_else(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    SocialAccount.objects.create(
        user=cast.ours.principal, provider="https://elsewhere.example", uid="rut-17"
    )
    assert visitor.by_openid(municipality, sub="rut-17").status_code == 403
    assert visitor.person is None


def test_userinfo_about_somebody_else_is_refused(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    link(cast.ours.principal, municipality, "somebody-else")
    link(cast.ours.coordinator, municipality, "samir-3")
    assert visitor.by_openid(municipality, sub="samir-3", name="Växlad").status_code == 401
    assert visitor.person is None


def test_an_id_token_of_another_issuer_is_refused(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    """Whoever changes the row's issuer does not inherit the accounts of the old one."""
    link(cast.ours.principal, municipality, "rut-17")
    IdentityProvider.objects.update(issuer=municipality.issuer + "/")
    assert visitor.by_openid(municipality, sub="rut-17").status_code == 401
    assert visitor.person is None


def test_an_answer_that_nobody_asked_for_is_refused(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    link(cast.ours.principal, municipality, "rut-17")
    callback = reverse("openid_connect_callback", args=[municipality.slug])
    assert visitor.get(callback, {"code": "stolen", "state": "guessed"}).status_code in (401, 403)
    assert visitor.person is None


def test_a_closed_account_stays_closed(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    link(cast.deactivated, municipality, "disa-1")
    visitor.by_openid(municipality, sub="disa-1")
    assert visitor.person is None


def test_who_is_logged_in_links_a_log_in_and_takes_it_away(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    visitor.force_login(cast.ours.coordinator)
    confirm(visitor)
    visitor.by_openid(municipality, process="connect", sub="samir-3", email="other@x.example")
    account = SocialAccount.objects.get()
    assert (account.user, account.provider, account.uid) == (
        cast.ours.coordinator, municipality.issuer, "samir-3",
    )  # fmt: skip
    assert account.extra_data == {"contexts": [None, "pwd"]}
    page = visitor.get(reverse("socialaccount_connections"))
    assert municipality.name in page.content.decode()

    visitor.post(reverse("socialaccount_connections"), {"account": account.pk})
    assert not SocialAccount.objects.exists()


def test_only_the_log_in_of_ones_own_organisation_is_linked(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    """A stranger's provider must not become a way into the account."""
    for stranger in (cast.theirs.coordinator, cast.ours.team_leader, cast.outsider):
        visitor.force_login(stranger)
        confirm(visitor)
        answer = visitor.by_openid(municipality, process="connect", sub="samir-3")
        assert answer.status_code == 403, stranger
        assert municipality.name in answer.content.decode()
        chooser = visitor.get(reverse("organisations:choose_provider"), {"process": "connect"})
        assert not chooser.context["providers"]
    assert not SocialAccount.objects.exists()


def test_who_is_invited_may_link_it_before_saying_yes(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    side = cast.ours
    invited = factories.invitation(
        side.organiser, side.school, by=side.head_of_authority, email=cast.outsider.email,
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    visitor.force_login(cast.outsider)
    confirm(visitor)
    assert visitor.by_openid(municipality, process="connect", sub="olle-1").status_code == 302
    assert SocialAccount.objects.get().user == cast.outsider
    SocialAccount.objects.all().delete()
    type(invited).objects.update(expires_at=clock.now() - timedelta(days=1))
    assert visitor.by_openid(municipality, process="connect", sub="olle-1").status_code == 403
    assert not SocialAccount.objects.exists()


def test_linking_asks_who_it_is_first(cast: Cast, visitor: Visitor, municipality: IdentityProvider):
    """A browser that somebody left open must not become a way in for others."""
    visitor.force_login(cast.ours.coordinator)
    answer = visitor.by_openid(municipality, process="connect", sub="samir-3")
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not SocialAccount.objects.exists()


def test_the_identity_of_another_is_not_taken_over_by_linking(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider
):
    link(cast.ours.principal, municipality, "rut-17")
    visitor.force_login(cast.ours.coordinator)
    confirm(visitor)
    visitor.by_openid(municipality, process="connect", sub="rut-17")
    assert SocialAccount.objects.get().user == cast.ours.principal


def test_a_provider_out_of_use_is_nowhere(visitor: Visitor, municipality: IdentityProvider):
    IdentityProvider.objects.update(is_active=False)
    assert visitor.post(reverse("organisations:depart", args=["adalen"])).status_code == 404
    assert visitor.get("/konto/oidc/adalen/login/").status_code == 404
    chooser = visitor.get(reverse("organisations:choose_provider"))
    assert municipality.name not in chooser.content.decode()


def test_a_provider_that_is_away_is_told_kindly(visitor: Visitor, municipality: IdentityProvider):
    IdentityProvider.objects.update(issuer="http://127.0.0.1:9")
    answer = visitor.post(reverse("organisations:depart", args=["adalen"]))
    assert answer.status_code == 503
    assert municipality.name in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_sent_elsewhere_afterwards(
    cast: Cast, visitor: Visitor, municipality: IdentityProvider, address: str
):
    link(cast.ours.principal, municipality, "rut-17")
    answer = visitor.by_openid(municipality, sub="rut-17", after=address)
    assert answer.headers["Location"] == reverse("portfolio:start")


@pytest.mark.parametrize("query", ["ådalen", "ÅDALENS KOM", "kommun ådalens", ""])
def test_the_chooser_finds_an_organisation_by_a_part_of_its_name(
    visitor: Visitor, municipality: IdentityProvider, university: IdentityProvider, query: str
):
    page = visitor.get(reverse("organisations:choose_provider"), {"sok": query}).content.decode()
    assert municipality.name in page
    assert (university.name in page) is (query == "")


def test_what_is_sent_there_never_travels_in_the_open(settings, municipality: IdentityProvider):
    for issuer in ("http://idp.example", "ftp://idp.example", "file:///etc/passwd"):
        municipality.issuer = issuer
        with pytest.raises(ValidationError, match="https"):
            municipality.clean()
    settings.PRODUCTION = True
    municipality.issuer = "http://127.0.0.1:8080"
    with pytest.raises(ValidationError, match="https"):
        municipality.clean()


def test_the_secret_is_sealed(municipality: IdentityProvider):
    assert "secret" not in municipality.sealed_secret
