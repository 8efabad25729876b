"""Who is let in when an identity provider says who they are.

An identity belongs to an account because the account's own person linked it while logged in, or
because an invitation was open in the same browser: never because the addresses look alike. Any
provider may claim any address (reliability.md S3).
"""

import logging
from datetime import datetime
from http import HTTPStatus
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import AuthProcess
from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import render

from notifications import clock
from organisations.login import second_factor
from organisations.login.providers import app_of
from organisations.models import IdentityProvider, User
from organisations.welcome import organisations_of

log = logging.getLogger(__name__)


def may_link(provider: IdentityProvider, user: Any, now: datetime) -> bool:
    """Whether the provider speaks for an organisation where the person works or is invited."""
    return provider.organisations.filter(pk__in=organisations_of(user, now)).exists()


class FederatedAdapter(DefaultSocialAccountAdapter):
    """``IdentityProvider`` rows take the place of allauth's own applications."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        rows = IdentityProvider.objects.in_use()
        if provider and provider not in IdentityProvider.Protocol.values:
            rows = rows.filter(Q(slug=provider) | Q(issuer=provider))
        elif provider:
            rows = rows.filter(protocol=provider)
        if client_id:
            rows = rows.filter(Q(slug=client_id) | Q(client_id=client_id))
        return [app_of(row) for row in rows]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> Any:
        return self.get_app(request, provider, client_id).get_provider(request)

    def list_providers(self, request: HttpRequest) -> list[Any]:
        return [app.get_provider(request) for app in self.list_apps(request)]

    def get_requests_session(self) -> Any:
        """A provider answers where it said that it would, or not at all (reliability.md S5)."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        return False

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """What allauth holds while it asks who this is; it is never stored."""
        user: User = sociallogin.user
        user.name = str(data.get("name") or "")[:150]
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        row = IdentityProvider.objects.get(pk=sociallogin.provider.app.settings["row"])
        contexts = set(filter(None, sociallogin.account.extra_data.get("contexts", ())))
        is_connecting = sociallogin.state.get("process") == AuthProcess.CONNECT
        if is_connecting and request.user.is_authenticated:
            self._refuse_foreign_provider(request, row)
        if not sociallogin.is_existing and not (is_connecting and request.user.is_authenticated):
            self._link_by_invitation(request, sociallogin, row)
        if not is_connecting:
            strong = bool(contexts & row.strong)
            second_factor.note_provider(request, sociallogin.user, strong=strong)

    def _refuse_foreign_provider(self, request: HttpRequest, row: IdentityProvider) -> None:
        """Whoever could link any provider's identity could let that provider into the account."""
        if may_link(row, request.user, clock.now()):
            return
        log.warning("An identity of %s was not linked: the person does not work there.", row.slug)
        answer = render(
            request,
            "organisations/foreign_provider.html",
            {"provider": row},
            status=HTTPStatus.FORBIDDEN,
        )
        raise ImmediateHttpResponse(answer)

    def _link_by_invitation(
        self, request: HttpRequest, sociallogin: Any, row: IdentityProvider
    ) -> None:
        from organisations.login.open_invitation import person_who_was_invited

        person = person_who_was_invited(request, by_way_of=row, name=sociallogin.user.name)
        if person is None:
            log.warning("An identity of %s that nobody knows was refused.", row.slug)
            answer = render(
                request,
                "organisations/unknown_identity.html",
                {"provider": row},
                status=HTTPStatus.FORBIDDEN,
            )
            raise ImmediateHttpResponse(answer)
        sociallogin.connect(request, person)
