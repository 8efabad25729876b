"""Where people and mail servers answer us: a Maildir folder, or a mailbox behind IMAP.

Houses declare who reads what arrives, with `reads_mail` in their own `mailbox.py`. Only mail that
nobody has read is looked at, and each is marked as read once it has been dealt with, whatever came
of it; when the database is away it stays unread.
"""

import imaplib
import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

log = logging.getLogger(__name__)

# Of a mail no more is read: an answer, its words and its headers fit many times over.
LARGEST_MAIL = 1_000_000
READ_AT_ONCE = 500
ON_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")

Reader = Callable[[Message, datetime], bool]
_readers: list[Reader] = []


class PassedOver(Exception):  # noqa: N818 — it is an outcome, told in a line, and no error
    """Why a mail changes nothing."""


@dataclass
class Reading:
    """What came of the mail that was read."""

    kept: int = 0
    passed_over: list[str] = field(default_factory=list)


def reads_mail(reader: Reader) -> Reader:
    """Declare a reader: True when the mail was for it; it raises PassedOver with a reason."""
    _readers.append(reader)
    return reader


def read_mailbox(now: datetime) -> Reading:
    """Give each unread mail to whoever it is for; one that breaks a reader stops no other."""
    reading = Reading()
    for mail in islice(unread_mail(), READ_AT_ONCE):
        try:
            if not _is_read(message_from_bytes(mail), now):
                raise PassedOver("nobody here reads such mail")
            reading.kept += 1
        except PassedOver as why:
            reading.passed_over.append(str(why))
        except (DatabaseError, OSError):
            raise
        except Exception as broken:
            log.exception("A mail cannot be read")
            reading.passed_over.append(f"{type(broken).__name__}: {broken}")
    return reading


def _is_read(mail: Message, now: datetime) -> bool:
    return any(reader(mail, now) for reader in _readers)


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
        # Another reader may be at it in the same moment; what a mail does is done once.
        with suppress(FileNotFoundError):
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
