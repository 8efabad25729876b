"""Several connections to the mail server that take each step of the dialogue together.

The steps are taken by hand, because the sender must commit to its database between the server's
354 and the body. Up to the body everything may safely be repeated.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.core.mail.utils import DNS_NAME

LONGEST_REPLY = 64 * 1024
_ENHANCED_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b")


class RefusalError(Exception):
    """The server answered, and the answer was no."""

    def __init__(self, code: int, text: bytes) -> None:
        words = text.decode("utf-8", "replace")
        super().__init__(f"{code} {words}"[:400])
        self.is_final = 500 <= code < 600
        # That of RFC 3463 where the server gives one, such as 5.1.1.
        found = _ENHANCED_STATUS.match(words)
        self.status = found[0] if found else str(code)


class _Prompt(smtplib.SMTP):
    """SMTP whose every answer has a deadline, also from a server that sends a byte a second."""

    sock: socket.socket

    def __init__(self, **options: Any) -> None:
        self.deadline = time.monotonic() + settings.EMAIL_TIMEOUT
        self._received = b""
        super().__init__(
            settings.EMAIL_HOST,
            settings.EMAIL_PORT,
            local_hostname=str(DNS_NAME),
            timeout=settings.EMAIL_TIMEOUT,
            **options,
        )

    def getreply(self) -> tuple[int, bytes]:
        lines: list[bytes] = []
        while not (lines and lines[-1][3:4] != b"-"):
            while b"\n" not in self._received:
                self._receive()
            line, _, self._received = self._received.partition(b"\n")
            lines.append(line.rstrip(b"\r"))
        try:
            return int(lines[-1][:3]), b"\n".join(line[4:] for line in lines)
        except ValueError:
            self.close()
            raise smtplib.SMTPServerDisconnected("The server does not speak SMTP") from None

    def starttls(self, *arguments: Any, **options: Any) -> tuple[int, bytes]:
        answer = super().starttls(*arguments, **options)
        if self._received:
            # Slipped in by somebody on the way, to be read as if it had come encrypted.
            self.close()
            raise smtplib.SMTPServerDisconnected("The server spoke before the encryption began")
        return answer

    def _receive(self) -> None:
        remaining = self.deadline - time.monotonic()
        try:
            if remaining <= 0 or len(self._received) > LONGEST_REPLY:
                raise TimeoutError("The mail server did not answer in time")
            self.sock.settimeout(remaining)
            data = self.sock.recv(4096)
            self.sock.settimeout(self.timeout)
        except OSError as broken:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(broken)) from broken
        if not data:
            self.close()
            raise smtplib.SMTPServerDisconnected("The mail server closed the connection")
        self._received += data


class _PromptTls(_Prompt, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class Line:
    """One kept connection; after any failure it is closed, and opened anew when next needed."""

    def __init__(self) -> None:
        self._smtp: _Prompt | None = None

    @property
    def is_open(self) -> bool:
        return self._smtp is not None

    def open(self) -> None:
        """Connect and log in; raises OSError, of which smtplib's own errors are kinds."""
        smtp = _PromptTls(context=_trust()) if settings.EMAIL_USE_SSL else _Prompt()
        try:
            if settings.EMAIL_USE_TLS:
                smtp.starttls(context=_trust())
            smtp.ehlo_or_helo_if_needed()
            if settings.EMAIL_HOST_USER:
                smtp.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
        except OSError:
            smtp.close()
            raise
        self._smtp = smtp

    def in_steps(self, *commands: bytes) -> Sequence[bytes]:
        """What to say at each step: everything at the first, where the server takes it so.

        By RFC 2920 the answers come one by one all the same.
        """
        if self._smtp is not None and self._smtp.has_extn("pipelining"):
            return [b"".join(commands), *[b""] * (len(commands) - 1)]
        return commands

    def say(self, words: bytes) -> None:
        if self._smtp is None:
            raise smtplib.SMTPServerDisconnected("The connection is closed")
        if words:
            self._smtp.sock.sendall(words)

    def hear(self, expected: int, deadline: float) -> None:
        """Read one answer; raises RefusalError for another code, OSError when none came."""
        if self._smtp is None:
            raise smtplib.SMTPServerDisconnected("The connection is closed")
        self._smtp.deadline = deadline
        code, text = self._smtp.getreply()
        if code != expected:
            raise RefusalError(code, text)

    def close(self) -> None:
        """Hang up at once: between 354 and the dot this makes the server forget the message."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def quit(self) -> None:
        """Say goodbye as one should, without waiting for an answer."""
        if self._smtp is not None:
            with suppress(OSError):
                self.say(b"QUIT\r\n")
            self.close()


def _trust() -> ssl.SSLContext:
    return ssl.create_default_context()


class Wire:
    """The kept connections of one sender."""

    def __init__(self) -> None:
        self._lines = [Line() for _ in range(settings.SMTP_CONNECTIONS)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for line in self._lines:
            line.quit()

    def open_lines(self, wanted: int) -> list[Line]:
        """At most `wanted` open lines, at least one; raises OSError when there is no way in."""
        opened: list[Line] = []
        for line in self._lines[:wanted]:
            try:
                if not line.is_open:
                    line.open()
            except OSError:
                if not opened:
                    raise
                # A server that takes no more connections is used through those that it took.
                self._lines = opened
                break
            opened.append(line)
        return opened


Failures = dict[Line, Exception]


def ask(words: Mapping[Line, bytes], expected: int) -> Failures:
    """Say something on each line, then hear all answers; gives the lines that failed, closed."""
    failures = say(words)
    return failures | hear(words.keys() - failures.keys(), expected)


def say(words: Mapping[Line, bytes]) -> Failures:
    failures: Failures = {}
    for line, its_words in words.items():
        try:
            line.say(its_words)
        except OSError as broken:
            failures[line] = broken
            line.close()
    return failures


def hear(lines: Iterable[Line], expected: int) -> Failures:
    """Hear one answer on each line, all of them within one timeout."""
    deadline = time.monotonic() + settings.EMAIL_TIMEOUT
    failures: Failures = {}
    for line in lines:
        try:
            line.hear(expected, deadline)
        except (OSError, RefusalError) as failure:
            failures[line] = failure
            line.close()
    return failures
