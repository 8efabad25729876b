"""Logging in at a university's SAML provider, and what a forged answer comes to."""

import base64
import re
from collections.abc import Callable

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse
from lxml import etree

from organisations.models import IdentityProvider, User
from tests.cast import PASSWORD, Cast
from tests.login.conftest import Running, Visitor

pytestmark = [pytest.mark.portable, pytest.mark.django_db]

DS = "{http://www.w3.org/2000/09/xmldsig#}"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"


@pytest.fixture
def linked(cast: Cast, university: IdentityProvider) -> User:
    """Our lead of the university, linked to a subject of its provider."""
    person = cast.ours.university_lead
    SocialAccount.objects.create(user=person, provider=university.issuer, uid="linda-4")
    return person


def test_who_is_linked_logs_in(visitor: Visitor, university: IdentityProvider, linked: User):
    answer = visitor.by_saml(university, subject="linda-4", after="/samverkan/")
    assert answer.redirect_chain[-1][0] == "/samverkan/"
    assert visitor.person == str(linked.pk)


def test_a_persistent_name_is_as_good_as_a_subject_id(
    visitor: Visitor, university: IdentityProvider, linked: User
):
    visitor.by_saml(university, subject="linda-4", format="persistent")
    assert visitor.person == str(linked.pk)


def test_a_name_for_the_day_is_nobody(visitor: Visitor, university: IdentityProvider, linked: User):
    answer = visitor.by_saml(university, subject="linda-4", format="transient")
    assert answer.status_code == 403
    assert visitor.person is None


def test_an_address_that_somebody_has_here_lets_nobody_in(
    cast: Cast, visitor: Visitor, university: IdentityProvider
):
    email = cast.agency_manager.email
    answer = visitor.by_saml(university, subject="attacker", email=email, name="Maria Chef")
    assert answer.status_code == 403
    assert visitor.person is None
    assert not SocialAccount.objects.exists()


def tampered(answer: bytes) -> bytes:
    return answer.replace(b"linda-5", b"linda-4")


def unsigned(answer: bytes) -> bytes:
    root = etree.fromstring(answer)
    for signature in root.findall(f".//{DS}Signature"):
        signature.getparent().remove(signature)
    return etree.tostring(root)


def wrapped(answer: bytes) -> bytes:
    """A second assertion, unsigned and about somebody else, before the signed one."""
    root = etree.fromstring(answer)
    signed = root.find(f".//{SAML}Assertion")
    forged = etree.fromstring(etree.tostring(signed).replace(b"linda-5", b"linda-4"))
    forged.set("ID", "forged")
    forged.remove(forged.find(f"{DS}Signature"))
    root.insert(root.index(signed), forged)
    return etree.tostring(root)


def for_somebody_else(answer: bytes) -> bytes:
    return re.sub(rb"<(\w+:)?Audience>[^<]*<", rb"<\1Audience>https://other.example<", answer)


def commented(answer: bytes) -> bytes:
    """Parsers that stop at a comment read another subject than the one that is signed."""
    return answer.replace(b"linda-5", b"linda-4<!-- -->.evil")


@pytest.mark.parametrize("forge", [tampered, unsigned, wrapped, for_somebody_else, commented])
def test_a_forged_answer_lets_nobody_in(
    visitor: Visitor, university: IdentityProvider, linked: User, forge: Callable[[bytes], bytes]
):
    answer = base64.b64decode(visitor.saml_answer(university, subject="linda-5"))
    forged = forge(answer)
    assert forged != answer
    answer = visitor.hand_in(university, base64.b64encode(forged).decode())
    assert answer.status_code == 401
    assert visitor.person is None


def test_an_answer_is_good_once(visitor: Visitor, university: IdentityProvider, linked: User):
    answer = visitor.saml_answer(university, subject="linda-4")
    visitor.hand_in(university, answer)
    assert visitor.person == str(linked.pk)
    visitor.logout()
    assert visitor.hand_in(university, answer).status_code == 403
    assert visitor.person is None


def test_an_answer_is_good_in_the_browser_that_asked(
    visitor: Visitor, university: IdentityProvider, linked: User
):
    """What an attacker logged in as themselves must not log somebody else's browser in."""
    answer = visitor.saml_answer(university, subject="linda-4")
    other = Visitor()
    assert other.hand_in(university, answer).status_code == 403
    assert other.person is None


def test_another_providers_answer_is_refused(
    cast: Cast,
    visitor: Visitor,
    university: IdentityProvider,
    linked: User,
    saml_server: Running,
):
    """Two universities side by side: one cannot speak of the other's people."""
    elsewhere = IdentityProvider.objects.create(
        name="Södra högskolan",
        protocol="saml",
        slug="sodra",
        issuer="https://idp.sodra.example/metadata",
        sso_url=f"{saml_server.url}/sso",
        certificate=saml_server.certificate,
    )
    answer = visitor.saml_answer(elsewhere, subject="linda-4")
    assert visitor.hand_in(elsewhere, answer).status_code == 401
    assert visitor.hand_in(university, answer).status_code == 401
    assert visitor.person is None


def test_metadata_promises_no_single_log_out(visitor: Visitor, university: IdentityProvider):
    metadata = visitor.get("/konto/saml/norra/metadata/")
    assert metadata.status_code == 200
    assert b"AssertionConsumerService" in metadata.content
    assert b"SingleLogout" not in metadata.content
    assert visitor.get("/konto/saml/norra/sls/").status_code == 404


def test_hostile_bytes_are_refused(visitor: Visitor, university: IdentityProvider):
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><r>&b;</r>'
    for answer in ("", "not base64!", base64.b64encode(bomb).decode(), "PA=="):
        assert visitor.hand_in(university, answer).status_code == 401


def test_only_the_log_in_of_ones_own_organisation_is_linked(
    cast: Cast, visitor: Visitor, university: IdentityProvider
):
    """Whoever works for the university in a case may link its log-in, and nobody else."""
    for person, is_linked in (
        (cast.ours.principal, False),
        (cast.theirs.team_leader, False),
        (cast.ours.team_leader, True),
    ):
        visitor.force_login(person)
        visitor.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        answer = visitor.saml_answer(university, process="connect", subject=f"{person.pk}@norra")
        visitor.hand_in(university, answer)
        assert SocialAccount.objects.filter(user=person).exists() is is_linked, person
