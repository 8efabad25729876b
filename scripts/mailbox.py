#!/usr/bin/env python3
"""A mail server that delivers nothing: it keeps every message and shows it on a page.

The demo reads mail here; tests, the kill harness and the benchmarks ask it what really arrived, and
order faults from it. `journal` holds a line per accepted message, written before the answer.

A fault is STEP:MODE[:PROBABILITY]. Steps: connect, banner, mail, rcpt, data (the answer to DATA),
body (the message on its way), dot (before the message is accepted), reply (accepted, but not yet
answered).
Modes: ok, 4xx, 5xx, 421 (and close), drop (close), hang (never answer), slow (one byte a second).
"""

import argparse
import asyncio
import base64
import html
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

STEPS = ("connect", "banner", "mail", "rcpt", "data", "body", "dot", "reply")
MODES = ("ok", "4xx", "5xx", "421", "drop", "hang", "slow")
REFUSALS = {
    "4xx": "451 4.3.0 Try again later",
    "5xx": "550 5.1.1 Refused",
    "421": "421 4.3.2 Shutting down",
}
MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]*>)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Fault:
    step: str
    mode: str
    probability: float = 1.0

    @classmethod
    def parse(cls, text: str) -> "Fault":
        step, mode, *probability = text.split(":")
        if step not in STEPS or mode not in MODES:
            raise ValueError(f"{text!r} is no fault: STEP:MODE, {STEPS} and {MODES}")
        return cls(step, mode, *map(float, probability))


class Mailbox:
    """The server and what it has accepted; `start` runs it in a thread of this process."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int = 0,
        http_port: int | None = None,
        faults: Iterable[Fault] = (),
        seed: int = 0,
        latency: float = 0,
        keep_messages: bool = True,
    ) -> None:
        self.folder = folder
        self.port = port
        self.http_port = http_port
        self.faults = list(faults)
        self.latency = latency
        self.keep_messages = keep_messages
        self.connections = 0
        # Refused are recipients who end so, more connections than this, and who does not log in.
        self.refused = "refused.example"
        self.refusal = REFUSALS["5xx"]
        self.most_connections = 1000
        self.login: tuple[str, str] | None = None
        self._random = random.Random(seed)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "journal").touch()
        self._count = len(self.deliveries())

    # --- what arrived

    def deliveries(self) -> list[dict[str, str | float]]:
        """One entry per accepted message: number, message_id, recipient, at, size."""
        return [json.loads(line) for line in (self.folder / "journal").read_text().splitlines()]

    def lookup(self, message_id: str) -> int:
        """How often a message was accepted: the truth that a sender may be in doubt about."""
        return sum(entry["message_id"] == message_id for entry in self.deliveries())

    def message(self, number: int) -> EmailMessage:
        raw = (self.folder / f"{number}.eml").read_bytes()
        message = message_from_bytes(raw, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def messages(self) -> list[EmailMessage]:
        return [self.message(int(entry["number"])) for entry in self.deliveries()]

    def forget(self) -> None:
        """Begin with an empty journal."""
        (self.folder / "journal").write_bytes(b"")
        self._count = 0

    # --- running

    def start(self) -> "Mailbox":
        self._loop = asyncio.new_event_loop()
        self._loop.run_until_complete(self.listen())
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def listen(self) -> None:
        loop = asyncio.get_running_loop()
        self._journal = (self.folder / "journal").open("ab", buffering=0)
        self._open: set[Conversation] = set()
        self._servers = [
            await loop.create_server(lambda: Conversation(self), "127.0.0.1", self.port)
        ]
        self.port = self._servers[0].sockets[0].getsockname()[1]
        if self.http_port is not None:
            self._servers.append(
                await asyncio.start_server(self._answer_browser, "127.0.0.1", self.http_port)
            )
            self.http_port = self._servers[1].sockets[0].getsockname()[1]

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for conversation in list(self._open):
            conversation.drop()
        # One turn of the loop, so that the transports close their sockets.
        await asyncio.sleep(0)
        self._journal.close()

    # --- for conversations

    def fault_at(self, step: str) -> str:
        """The mode of the fault that strikes now at this step, or "ok"."""
        for fault in self.faults:
            if fault.step == step and self._random.random() < fault.probability:
                return fault.mode
        return "ok"

    def accept(self, recipient: str, content: bytes) -> None:
        self._count += 1
        found = MESSAGE_ID.search(content)
        entry = {
            "number": self._count,
            "message_id": found[1].decode() if found else "",
            "recipient": recipient,
            "at": time.time(),
            "size": len(content),
        }
        if self.keep_messages:
            (self.folder / f"{self._count}.eml").write_bytes(content)
        self._journal.write(json.dumps(entry).encode() + b"\n")

    # --- the reader page

    async def _answer_browser(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = await reader.readline()
        while (await reader.readline()).strip():
            pass
        _, _, path = request.decode("ascii", "replace").partition(" ")
        status, body = self._page(path.split(" ")[0])
        # The frame with a mail's own HTML may show it, but run and load nothing.
        writer.write(
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; "
            "frame-src 'self'\r\nConnection: close\r\n"
            f"Content-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        await writer.drain()
        writer.close()

    def _page(self, path: str) -> tuple[str, bytes]:
        match re.fullmatch(r"/(\d*)(/html)?", path):
            case re.Match() as found if not found[1]:
                return "200 OK", page("Mailbox", self._list())
            case re.Match() as found if 1 <= int(found[1]) <= self._count:
                message = self.message(int(found[1]))
                if found[2]:
                    return "200 OK", part(message, "html").encode()
                return "200 OK", page(str(message["subject"]), letter(message, found[1]))
        return "404 Not Found", page("Not found", '<p><a href="/">Mailbox</a></p>')

    def _list(self) -> str:
        rows = [
            f'<tr><td><a href="/{entry["number"]}">'
            f"{html.escape(str(self.message(int(entry['number']))['subject']))}</a></td>"
            f"<td>{html.escape(str(entry['recipient']))}</td>"
            f"<td>{time.strftime('%Y-%m-%d %H:%M', time.localtime(float(entry['at'])))}</td></tr>"
            for entry in reversed(self.deliveries())
        ]
        if not rows:
            return "<p>No mail has arrived yet.</p>"
        return (
            "<table><thead><tr><th>Subject</th><th>To</th><th>Arrived</th></tr></thead>"
            f"<tbody>{''.join(rows)}</tbody></table>"
        )


class Conversation(asyncio.Protocol):
    """One SMTP client: no extensions but log-in and several commands at once."""

    transport: asyncio.Transport

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.buffer = bytearray()
        self.recipient = ""
        self.reads_body = False
        self.is_deaf = False
        self.may_send = mailbox.login is None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.mailbox.connections += 1
        self.mailbox._open.add(self)
        if len(self.mailbox._open) > self.mailbox.most_connections:
            self._send("421 Too many connections")
            self.transport.close()
            return
        if self._survives("connect"):
            self._answer("banner", "220 mailbox ready")

    def connection_lost(self, exc: Exception | None) -> None:
        self.mailbox._open.discard(self)

    def data_received(self, data: bytes) -> None:
        if self.is_deaf:
            return
        self.buffer += data
        while not self.is_deaf:
            if self.reads_body:
                end = self.buffer.find(b"\r\n.\r\n")
                if end < 0:
                    return
                content = bytes(self.buffer[: end + 2]).replace(b"\r\n..", b"\r\n.")
                del self.buffer[: end + 5]
                self.reads_body = False
                self._end_of_message(content.removeprefix(b"\r\n"))
            else:
                end = self.buffer.find(b"\r\n")
                if end < 0:
                    return
                line = self.buffer[:end].decode("utf-8", "replace")
                del self.buffer[: end + 2]
                self._command(line)

    def drop(self) -> None:
        self.is_deaf = True
        self.transport.abort()

    def _command(self, line: str) -> None:
        match line[:4].upper():
            case "EHLO" if self.mailbox.login:
                self._send("250-mailbox\r\n250-PIPELINING\r\n250 AUTH PLAIN")
            case "EHLO" | "HELO":
                self._send("250-mailbox\r\n250 PIPELINING")
            case "AUTH":
                _, name, password = base64.b64decode(line.split()[-1]).decode().split("\0")
                self.may_send = (name, password) == self.mailbox.login
                self._send("235 Welcome" if self.may_send else "535 Wrong name or password")
            case "MAIL" if not self.may_send:
                self._send("530 Log in first")
            case "MAIL":
                self._answer("mail", "250 OK")
            case "RCPT":
                self.recipient = line.partition("<")[2].partition(">")[0]
                if self.recipient.endswith(self.mailbox.refused):
                    self._send(self.mailbox.refusal)
                else:
                    self._answer("rcpt", "250 OK")
            case "DATA":
                self._answer("data", "354 Go on", self._read_body)
            case "RSET" | "NOOP":
                self._send("250 OK")
            case "QUIT":
                self._send("221 Bye")
                asyncio.get_running_loop().call_later(self.mailbox.latency, self.transport.close)
            case _:
                self._send("502 Unknown command")

    def _read_body(self) -> None:
        # A client that dies here leaves no dot, and nothing has been accepted.
        self.buffer[:0] = b"\r\n"
        self.reads_body = self._survives("body")

    def _end_of_message(self, content: bytes) -> None:
        match self.mailbox.fault_at("dot"):
            case "drop":
                self.drop()
            case "hang":
                self.is_deaf = True
            case "4xx" | "5xx" | "421" as mode:
                self._refuse(mode)
            case _:
                self.mailbox.accept(self.recipient, content)
                self._answer("reply", "250 Kept")

    def _answer(self, step: str, line: str, then: Callable[[], None] = lambda: None) -> None:
        match self.mailbox.fault_at(step):
            case "drop":
                self.drop()
            case "hang":
                self.is_deaf = True
            case "slow":
                self._drip(f"{line}\r\n".encode())
                then()
            case "4xx" | "5xx" | "421" as mode:
                self._refuse(mode)
            case _:
                self._send(line)
                then()

    def _refuse(self, mode: str) -> None:
        self._send(REFUSALS[mode])
        if mode == "421":
            self.is_deaf = True
            asyncio.get_running_loop().call_later(self.mailbox.latency, self.transport.close)

    def _survives(self, step: str) -> bool:
        match self.mailbox.fault_at(step):
            case "ok":
                return True
            case "hang" | "slow":
                self.is_deaf = True
            case _:
                self.drop()
        return False

    def _send(self, line: str) -> None:
        answer = f"{line}\r\n".encode()
        if self.mailbox.latency:
            loop = asyncio.get_running_loop()
            loop.call_later(self.mailbox.latency, self.transport.write, answer)
        else:
            self.transport.write(answer)

    def _drip(self, answer: bytes) -> None:
        if answer and not self.transport.is_closing():
            self.transport.write(answer[:1])
            asyncio.get_running_loop().call_later(1, self._drip, answer[1:])


def page(title: str, content: str) -> bytes:
    return (
        '<!doctype html><html lang="sv"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(title)}</title><style>"
        ":root{color-scheme:light dark}"
        "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
        "table{width:100%;border-collapse:collapse}"
        "th,td{text-align:left;padding:.5rem;border-bottom:1px solid #8886}"
        "pre{white-space:pre-wrap}"
        "iframe{width:100%;height:36rem;border:1px solid #8886;background:#fff}"
        f"</style><h1>{html.escape(title)}</h1>{content}"
    ).encode()


def letter(message: EmailMessage, number: str) -> str:
    to, text = html.escape(str(message["to"])), html.escape(part(message, "plain"))
    frame = f'<iframe sandbox title="HTML" src="/{number}/html"></iframe>'
    return (
        f'<p><a href="/">Mailbox</a></p><p>To: {to}</p>'
        f"{frame if message.get_body(('html',)) else ''}<h2>Text</h2><pre>{text}</pre>"
    )


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    return str(body.get_content()) if body else ""


async def serve(mailbox: Mailbox) -> None:
    await mailbox.listen()
    reader = f", read it on http://127.0.0.1:{mailbox.http_port}/" if mailbox.http_port else ""
    print(f"Mail goes to 127.0.0.1:{mailbox.port}{reader}", flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Keeps mail instead of delivering it.")
    parser.add_argument("--smtp", type=int, default=2525, metavar="PORT")
    parser.add_argument("--http", type=int, metavar="PORT", help="show the mail on a page")
    parser.add_argument("--dir", type=Path, required=True, help="where mail and journal are kept")
    parser.add_argument("--fault", type=Fault.parse, action="append", default=[])
    parser.add_argument("--seed", type=int, default=0, help="of the faults")
    parser.add_argument("--latency", type=float, default=0, help="seconds before each answer")
    parser.add_argument("--journal-only", action="store_true", help="keep no messages")
    chosen = parser.parse_args()
    mailbox = Mailbox(
        chosen.dir,
        port=chosen.smtp,
        http_port=chosen.http,
        faults=chosen.fault,
        seed=chosen.seed,
        latency=chosen.latency,
        keep_messages=not chosen.journal_only,
    )
    with suppress(KeyboardInterrupt):
        asyncio.run(serve(mailbox))


if __name__ == "__main__":
    main()
