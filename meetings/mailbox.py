"""Where guests' calendars send their answers: a Maildir folder, or a mailbox behind IMAP.

Only mail that nobody has read is looked at, and each is marked as read once it has been dealt
with, whatever came of it.
"""

import imaplib
from collections.abc import Iterator
from email import message_from_bytes
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from meetings.invitations import Reply, UnreadableReply, read_reply

# Of a mail no more is read: an answer, its words and its headers fit many times over.
LARGEST_MAIL = 1_000_000
ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


def unread_mail() -> Iterator[bytes]:
    """The beginning of each unread mail in the mailbox that settings.REPLIES_URL names."""
    address = urlsplit(settings.REPLIES_URL)
    match address.scheme:
        case "maildir":
            return _in_folder(Path(unquote(address.path)))
        case "imaps":
            return _behind_imap(imaplib.IMAP4_SSL, address)
        case "imap" if address.hostname in ON_THIS_MACHINE:
            return _behind_imap(imaplib.IMAP4, address)
    raise ImproperlyConfigured("REPLIES_URL is maildir:///folder or imaps://user:password@host")


def _in_folder(folder: Path) -> Iterator[bytes]:
    for file in sorted((folder / "new").iterdir()):
        with file.open("rb") as lines:
            yield lines.read(LARGEST_MAIL)
        file.rename(folder / "cur" / f"{file.name}:2,S")


def _behind_imap(connect: Any, address: SplitResult) -> Iterator[bytes]:
    port = address.port or (993 if address.scheme == "imaps" else 143)
    with connect(address.hostname, port, timeout=settings.EMAIL_TIMEOUT) as server:
        server.login(unquote(address.username or ""), unquote(address.password or ""))
        server.select(unquote(address.path.strip("/")) or "INBOX")
        _status, [numbers] = server.uid("SEARCH", "UNSEEN")
        for number in (numbers or b"").split():
            _status, parts = server.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST_MAIL}>)")
            # A mail that somebody took away meanwhile is answered with nothing.
            if isinstance(parts[0], tuple):
                yield parts[0][1]
            server.uid("STORE", number, "+FLAGS", r"(\Seen)")


def reply_in(mail: bytes) -> tuple[str, Reply]:
    """The sender's address and the answer in a mail; UnreadableReply when there is none."""
    message = message_from_bytes(mail)
    sender = parseaddr(str(message.get("From", "")))[1]
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            return sender, read_reply(bytes(part.get_payload(decode=True) or b""))
    raise UnreadableReply(_("There is no answer to an invitation in the mail."))
