"""A mail server that accepts and forgets everything, as fast as Python can answer.

The tests' mailbox keeps every message; here it is the senders that are measured.
`python benchmarks/sink.py SECONDS` waits so long before each answer, and prints its port. It counts
the messages, and tells the number to whoever says NOOP. It ends when its input is closed.
"""

import heapq
import select
import socket
import sys
import time
from contextlib import suppress
from itertools import count

EHLO = b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
ANSWERS = {b"EHLO": EHLO, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}
END_OF_MESSAGE = b"\r\n.\r\n"


class Sink:
    def __init__(self, latency: float) -> None:
        self.latency = latency
        self.accepted = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.talks: dict[int, Talk] = {}
        self.poll = select.epoll()
        for readable in (self.listener.fileno(), sys.stdin.fileno()):
            self.poll.register(readable, select.EPOLLIN)
        self.later: list[tuple[float, int, Talk, bytes]] = []
        self.order = count()

    def run(self) -> None:
        print(self.listener.getsockname()[1], flush=True)
        while True:
            for number, _event in self.poll.poll(self.patience()):
                if number == sys.stdin.fileno():
                    return
                if number == self.listener.fileno():
                    self.welcome()
                else:
                    self.hear(self.talks[number])
            while self.later and self.later[0][0] <= time.monotonic():
                *_, talk, answer = heapq.heappop(self.later)
                send(talk, answer)

    def patience(self) -> float | None:
        return max(0.0, self.later[0][0] - time.monotonic()) if self.later else None

    def welcome(self) -> None:
        connection, _address = self.listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk = Talk(connection)
        self.talks[connection.fileno()] = talk
        self.poll.register(connection.fileno(), select.EPOLLIN)
        self.say(talk, b"220 sink\r\n")

    def hear(self, talk: "Talk") -> None:
        data = b""
        with suppress(ConnectionError):  # who says QUIT does not always wait for the answer
            data = talk.connection.recv(65536)
        if not data:
            self.poll.unregister(talk.connection.fileno())
            del self.talks[talk.connection.fileno()]
            talk.connection.close()
            return
        talk.heard += data
        answers = []
        while (answer := self.answer(talk)) is not None:
            answers.append(answer)
        if answers:
            self.say(talk, b"".join(answers))

    def answer(self, talk: "Talk") -> bytes | None:
        """To the first command or message that has arrived whole."""
        if talk.in_message:
            _text, end, after = talk.heard.partition(END_OF_MESSAGE)
            if not end:
                return None
            talk.heard, talk.in_message = after, False
            self.accepted += 1
            return b"250 taken\r\n"
        line, end, after = talk.heard.partition(b"\r\n")
        if not end:
            return None
        talk.heard = after
        command = line[:4].upper()
        talk.in_message = command == b"DATA"
        if command == b"NOOP":
            return b"250 %d\r\n" % self.accepted
        return ANSWERS.get(command, b"250 ok\r\n")

    def say(self, talk: "Talk", answer: bytes) -> None:
        if self.latency:
            due = time.monotonic() + self.latency
            heapq.heappush(self.later, (due, next(self.order), talk, answer))
        else:
            send(talk, answer)


def send(talk: "Talk", answer: bytes) -> None:
    with suppress(OSError):
        talk.connection.send(answer)


class Talk:
    """One connection, and what was heard on it that is not answered yet."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.heard = b""
        self.in_message = False


if __name__ == "__main__":
    Sink(float(sys.argv[1])).run()
