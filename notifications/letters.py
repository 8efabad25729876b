"""From a message's row to the bytes that travel: rendering, headers and encoding.

Building MIME in Python costs several times the whole dialogue with the mail server, so a text is
built once, and every recipient of it gets only a few lines of headers of their own.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from notifications.context import ContextEncoder, without_controls
from notifications.models import OutboxMessage

# Without quotes, spaces and brackets, so that it cannot say anything else to the mail server.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)*", re.ASCII)
_METHOD = re.compile(r"^METHOD:([A-Z]+)\r?$", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """One text, ready for any number of recipients."""

    subject: str
    text: str
    html: str
    calendar: str = ""

    @cached_property
    def encoded(self) -> bytes:
        """Subject, content headers and all bodies, as they stand between DATA and the dot."""
        message = EmailMessage(policy=SMTP)
        message["Subject"] = self.subject
        message.set_content(self.text, cte="quoted-printable")
        message.add_alternative(self.html, subtype="html", cte="quoted-printable")
        if self.calendar:
            self._add_calendar(message)
        return message.as_bytes().replace(b"\r\n.", b"\r\n..")

    def _add_calendar(self, message: EmailMessage) -> None:
        """Twice, as mail programs ask for it: as a way to read the mail, and as a file to open."""
        method = _METHOD.search(self.calendar)
        assert method, "an iCalendar file that is sent says its METHOD"
        message.add_alternative(
            self.calendar, subtype="calendar", cte="base64", params={"method": method[1]}
        )
        message.add_attachment(
            self.calendar.encode(), maintype="application", subtype="ics", filename="invite.ics"
        )

    def bytes_for(self, address: str, message_id: str, now: datetime, ends_at: str = "") -> bytes:
        """`ends_at` is where a POST ends mails like it (RFC 8058), where there is a choice."""
        head = (
            f"From: {settings.DEFAULT_FROM_EMAIL}\r\n"
            f"To: <{address}>\r\n"
            f"Date: {format_datetime(now)}\r\n"
            f"Message-ID: {message_id}\r\n"
            "Auto-Submitted: auto-generated\r\n"
        )
        if ends_at:
            head += (
                f"List-Unsubscribe: <{ends_at}>\r\n"
                "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            )
        return head.encode("ascii") + self.encoded


def letter(template: str, context: Mapping[str, Any], calendar: str = "") -> Letter:
    """The mail `template` in Swedish, with addresses that lead to this site."""
    full_context = {**context, "site_url": settings.SITE_URL}
    with override(settings.LANGUAGE_CODE):
        subject, text, html = (
            without_controls(render_to_string(f"emails/{template}.{kind}", full_context))
            for kind in ("subject.txt", "txt", "html")
        )
    return Letter(
        subject=" ".join(subject.split())[:250],
        text=text.strip() + "\n",
        html=html.strip() + "\n",
        calendar=calendar,
    )


def address_of(message: OutboxMessage) -> str:
    """The bare address, fit for SMTP commands and headers.

    Raises ValueError when it is none.
    """
    return plain_address(written_address_of(message))


def written_address_of(message: OutboxMessage) -> str:
    """As a person has written it: where the recipient is reached now."""
    return message.recipient.email if message.recipient else message.address


def plain_address(address: str) -> str:
    """In ASCII, fit for SMTP commands and headers.

    Raises ValueError when it is no address.
    """
    name, _, host = address.rpartition("@")
    plain = f"{name}@{host if host.isascii() else host.encode('idna').decode()}"
    if not _ADDRESS.fullmatch(plain):
        raise ValueError(f"{address!r} is no address that mail can be sent to")
    return plain


class Letters:
    """Letters of one batch: the same template and context are rendered and encoded once."""

    def __init__(self) -> None:
        self._letters: dict[tuple[str, str, str], Letter] = {}

    def letter(self, template: str, context: Mapping[str, Any], calendar: str = "") -> Letter:
        key = (template, json.dumps(context, cls=ContextEncoder, sort_keys=True), calendar)
        if key not in self._letters:
            self._letters[key] = letter(template, context, calendar)
        return self._letters[key]
