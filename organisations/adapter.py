"""How django-allauth behaves here."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from notifications import clock, outbox

# A code or a link is of no use later, and a late one only confuses.
WORTH_SENDING_FOR = timedelta(minutes=15)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people are entered by their organisation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Codes and links leave by the outbox: a mail server that is away breaks no page."""
        now = clock.now()
        message = self.render_mail(template_prefix, email, context)
        outbox.enqueue(
            key=f"organisations.account:{uuid4()}",
            template="organisations/account",
            address=email,
            context={"subject": message.subject, "text": message.body},
            confidential=True,
            valid_until=now + WORTH_SENDING_FOR,
            now=now,
        )
