"""How django-allauth behaves here."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from notifications import clock, outbox

# A code or a link is of no use later, and a late one only confuses.
WORTH_SENDING_FOR = timedelta(minutes=15)
# That something was changed is worth knowing as long as it can be undone.
NOTICE_WORTH_SENDING_FOR = timedelta(days=2)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "incorrect_code": _("The code is wrong. Look again, or ask for a new one."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: people are entered by their organisation."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Codes and links leave by the outbox: a mail server that is away breaks no page."""
        self._enqueue(
            "organisations/account", template_prefix, email, context, worth=WORTH_SENDING_FOR
        )

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """That a way to log in was added or taken away, to the address the person is known by."""
        about = {
            "timestamp": clock.now(),
            "ip": self.get_client_ip(self.request),
            "user_agent": self.get_http_user_agent(self.request)[:200],
        }
        self._enqueue(
            "organisations/account_changed",
            template_prefix,
            email or user.email,
            about | (context or {}),
            worth=NOTICE_WORTH_SENDING_FOR,
        )

    def _enqueue(
        self, template: str, prefix: str, email: str, context: dict[str, Any], worth: timedelta
    ) -> None:
        now = clock.now()
        message = self.render_mail(prefix, email, context)
        outbox.enqueue(
            key=f"organisations.account:{uuid4()}",
            template=template,
            address=email,
            context={"subject": message.subject, "text": message.body},
            confidential=True,
            valid_until=now + worth,
            now=now,
        )
