#!/usr/bin/env python3
"""Trepart's commands, for a machine that has Python and nothing else.

    python3 dev.py up       the whole product on this machine, with demo cases
    python3 dev.py test     everything that must hold, as CI runs it
    python3 dev.py check    the fast part of it, for before each commit

`python3 dev.py --help` lists the others. Packages go into .venv, data into var.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import errno
import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timezone
from datetime import time as time_of_day
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON, UV = str(VENV / "bin" / "python"), str(VENV / "bin" / "uv")
VAR = ROOT / "var"
RUNTIME, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
STARTED_AT = time.monotonic()
MORNING = time_of_day(8)
A_WORKING_DAY = date(2026, 11, 24)
FIRST_PAGE_WITHIN_SECONDS = 60
STOPS_WITHIN_SECONDS = 15
CANNOT_WRITE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC)

Programs = dict[str, "subprocess.Popen[str]"]


class Ports(NamedTuple):
    web: int
    mailbox: int
    smtp: int


class Step(NamedTuple):
    name: str
    seconds: float
    passed: bool
    closing_line: str


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py", description="Trepart on this machine.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def command(run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(run.__name__, help=about, description=about)
        added.set_defaults(run=run)
        return added

    start = command(up, "start the product with demo cases; Ctrl-C stops it")
    start.add_argument("--port", type=port, default=8000, help="of the web pages (default 8000)")
    start.add_argument("--reset", action="store_true", help="delete var/ and begin anew")
    start.add_argument("--check", action="store_true", help="start, prove that it works, stop")
    start.add_argument("--today", type=date.fromisoformat, help="the day that the demo believes in")
    command(test, "run everything that must hold, as CI does")
    command(check, "run the fast part, for before each commit")
    measure = command(bench, "measure against peers and plain SQL")
    measure.add_argument("name", help="a module in benchmarks/")
    measure.add_argument("--json", metavar="FILE", help="also write the rows to this file")
    measure.add_argument("--full", action="store_true", help="the largest sizes too")
    long = command(soak, "run the long reliability tests")
    long.add_argument("--kills", type=int, default=50_000, help="of senders (default 50000)")
    command(messages, "collect the texts that people see into locale/ and compile them")
    command(lock, "renew the lists of packages and their hashes")

    require_python()
    options = parser.parse_args()
    os.chdir(ROOT)
    chosen: Callable[[argparse.Namespace], int] = options.run
    return chosen(options)


# --- up: the product on this machine ---------------------------------------------------


def up(options: argparse.Namespace) -> int:
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)
    try:
        install(RUNTIME)
        if options.check:
            # Mail leaves on working days from 07:30 to 16:00, whenever this is asked.
            options.today = options.today or A_WORKING_DAY
            with tempfile.TemporaryDirectory(prefix="trepart-") as var:
                return run_demo(options, Path(var), Ports(free_port(), free_port(), free_port()))
        ports = Ports(options.port, options.port + 1, options.port + 25)
        require_free(ports)
        with alone():
            if options.reset:
                shutil.rmtree(VAR, ignore_errors=True)
            VAR.mkdir(exist_ok=True)
            return run_demo(options, VAR, ports)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        if error.errno not in CANNOT_WRITE:
            raise
        sys.exit(f"Packages go into .venv and data into var, and here is no writing: {error}")


def port(text: str) -> int:
    """The first of three ports; the last one is 25 further on."""
    number = int(text)
    if not 1 <= number <= 65535 - 25:
        raise argparse.ArgumentTypeError("it must be from 1 to 65510")
    return number


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Two demos on the same data would write over each other's mail."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with Path(__file__).open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"Trepart runs already with the data in {VAR}: stop it first.")
        yield


def run_demo(options: argparse.Namespace, var: Path, ports: Ports) -> int:
    installed_at = time.monotonic()
    environment = demo_environment(var, ports, options.today)
    log_ins = prepare(environment, options.today)
    site, mailbox = (f"http://127.0.0.1:{port}/" for port in (ports.web, ports.mailbox))
    with running(demo_programs(var, ports), environment) as programs:
        wait_for_page(site, programs)
        first_page_at = time.monotonic()
        say(
            f"First page after {first_page_at - STARTED_AT:.1f} s"
            f" ({first_page_at - installed_at:.1f} s of them without installing)"
        )
        if options.check:
            proof = [PYTHON, "-m", "scripts.prove_demo", site, str(var / "mail")]
            proven = subprocess.run(proof, env=environment).returncode == 0
            say(f"Memory: {describe_memory(programs)}")
            say("The demo works" if proven else "The demo does NOT work")
            return 0 if proven else 1
        print(
            f"\n  Trepart    {site}\n  Sent mail  {mailbox}\n\n{log_ins}\n  Ctrl-C stops it all.\n"
        )
        while True:
            require_running(programs)
            time.sleep(0.5)


def demo_environment(var: Path, ports: Ports, today: date | None) -> dict[str, str]:
    """The machine's environment, without what could lead the demo to real data."""
    foreign = {"PRODUCTION", "DATABASE_URL", "BROKER_URL", "SECRET_KEY", "ALLOWED_HOSTS"}
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    environment |= {
        "DEMO": "true",
        "VAR_DIR": str(var),
        "SITE_URL": f"http://127.0.0.1:{ports.web}",
        "EMAIL_URL": f"smtp://127.0.0.1:{ports.smtp}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "CELERY_SKIP_CHECKS": "1",  # they load every page; the scheduler shows none
    }
    if today:
        morning = datetime.combine(today, MORNING, timezone.utc)
        environment["CLOCK_OFFSET"] = str(round(morning.timestamp() - time.time()))
    return environment


def prepare(environment: dict[str, str], today: date | None) -> str:
    """Database, texts, static files and demo cases; gives the log-ins of the demo people."""
    say("Preparing the database, the pages and the demo cases")
    day = [today.isoformat()] if today else []
    command = [PYTHON, "-m", "scripts.prepare_demo", *day]
    return run(*command, env=environment, stdout=subprocess.PIPE).stdout


def demo_programs(var: Path, ports: Ports) -> dict[str, list[str]]:
    mailbox = f"scripts/mailbox.py --smtp {ports.smtp} --http {ports.mailbox} --dir"
    web = f"-m gunicorn config.wsgi --bind 127.0.0.1:{ports.web} --worker-class gthread --threads 4"
    celery = "-m celery --quiet --app config"
    return {
        "mail": [*mailbox.split(), str(var / "mail")],
        "web": [*web.split(), "--log-level", "warning"],
        "worker": f"{celery} worker --pool threads --concurrency 2 --loglevel WARNING"
        " --without-gossip --without-mingle".split(),
        "beat": f"{celery} beat --loglevel WARNING".split(),
    }


@contextlib.contextmanager
def running(commands: dict[str, list[str]], environment: dict[str, str]) -> Iterator[Programs]:
    """Runs the programs, each line with its program's name before it, and stops them all."""
    say(f"Starting {', '.join(commands)}")
    programs: Programs = {}
    printers = []
    try:
        for name, command in commands.items():
            programs[name] = subprocess.Popen(
                [PYTHON, *command],
                env=environment,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches this program alone, which then stops each of the others once.
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
            printer = threading.Thread(target=show, args=(name, programs[name]), daemon=True)
            printer.start()
            printers.append(printer)
        yield programs
    finally:
        say("Stopping")
        with undisturbed():
            for program in programs.values():
                program.terminate()
            for program in programs.values():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    program.wait(timeout=STOPS_WITHIN_SECONDS)
                program.kill()
            for printer in printers:
                printer.join(timeout=1)
        say("Stopped")


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """A second Ctrl-C must not leave half of the programs running."""
    signals = (signal.SIGINT, signal.SIGTERM)
    handlers = [signal.signal(each, signal.SIG_IGN) for each in signals]
    yield
    for each, handler in zip(signals, handlers, strict=True):
        signal.signal(each, handler)


def die_with_parent() -> None:
    """Called in a child: the kernel ends it when its parent is killed (Linux alone can)."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def show(name: str, program: subprocess.Popen[str]) -> None:
    assert program.stdout
    with program.stdout as lines:
        for line in lines:
            print(f"{name:>6} | {line}", end="", flush=True)


def wait_for_page(address: str, programs: Programs) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    fault = ""
    gives_up_at = time.monotonic() + FIRST_PAGE_WITHIN_SECONDS
    while time.monotonic() < gives_up_at:
        require_running(programs)
        try:
            direct.open(address, timeout=FIRST_PAGE_WITHIN_SECONDS).close()
            return
        except OSError as error:
            fault = str(error)
        time.sleep(0.1)
    sys.exit(f"No page came from {address}: {fault}")


def require_running(programs: Programs) -> None:
    for name, program in programs.items():
        if program.poll() is not None:
            sys.exit(f"{name} has stopped by itself, with exit code {program.returncode}.")


def describe_memory(programs: Programs) -> str:
    """Resident memory of the product itself, so without the mailbox, which stands in for SMTP."""
    sizes = {name: megabytes(programs[name].pid) for name in ("web", "worker", "beat")}
    parts = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
    return f"{sum(sizes.values()):.0f} MB ({parts})"


def megabytes(process: int) -> float:
    """Of a process and its children, as Linux tells it."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    own = pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
    return own + sum(megabytes(int(child)) for child in children)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def require_free(ports: Ports) -> None:
    for port in ports:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                sys.exit(f"Port {port} is taken: choose another with --port.")


# --- test, check, bench, soak ------------------------------------------------------------

PYTEST = [PYTHON, "-m", "pytest"]
# Each program of each step finds what another has compiled, whatever the machine says of that.
COMPILED_ONCE = {"PYTHONPYCACHEPREFIX": str(VAR / "pycache"), "PYTHONDONTWRITEBYTECODE": ""}
# PostgreSQL and Valkey run as long as the command that follows.
ON_SERVICES = [PYTHON, "-m", "tests.services", "--"]


# Where the database itself is what is tried: these run on both.
ON_BOTH = ("tests/harness", "tests/notifications", "tests/sbs_workflow")
NO_BROWSER = "not browser and not soak"
FOR_EVERYBODY = "tests/journeys/test_accessibility.py"
# `sqlite` and `services` try the migrations; the others make their tables at once.
TABLES_AT_ONCE = "--no-migrations"


def test(options: argparse.Namespace) -> int:
    install(DEVELOPMENT)
    require_test_programs()
    static = static_steps()
    texts = {"texts": static.pop("texts")}  # which every suite reads
    # The longest begin first. What is portable meets PostgreSQL in `soak`.
    on_pages = [*ON_SERVICES, *PYTEST, TABLES_AT_ONCE]
    in_browser = [*on_pages, "-m", "browser and not soak"]
    at_once = {
        "everybody": [*in_browser, FOR_EVERYBODY],
        "pages": [*on_pages, "-m", f"{NO_BROWSER} and not portable"]
        + [f"--ignore={folder}" for folder in ON_BOTH],
        "sqlite": [*PYTEST, "-m", f"portable and {NO_BROWSER}"],
        "stories": [*in_browser, f"--ignore={FOR_EVERYBODY}"],
        **static,
        "services": [*ON_SERVICES, *PYTEST, "-m", NO_BROWSER, *ON_BOTH],
    }
    return take_all(texts, at_once=at_once)


def check(options: argparse.Namespace) -> int:
    install(DEVELOPMENT)
    quick = [*PYTEST, "-m", "portable and not browser and not soak"]
    return take_all({**static_steps(), "quick tests": quick})


def bench(options: argparse.Namespace) -> int:
    install(DEVELOPMENT)
    choices = ["--json", options.json] if options.json else []
    choices += ["--full"] if options.full else []
    command = [*ON_SERVICES, PYTHON, "-m", f"benchmarks.{options.name}", *choices]
    return subprocess.run(command).returncode


def soak(options: argparse.Namespace) -> int:
    install(DEVELOPMENT)
    require_test_programs()
    kills = os.environ | {"HARNESS_KILLS": str(options.kills)}
    long_ones = subprocess.run([*ON_SERVICES, *PYTEST, "-m", "soak"], env=kills).returncode
    portable = [*ON_SERVICES, *PYTEST, "-m", f"portable and {NO_BROWSER}"]
    return subprocess.run(portable).returncode or long_ones


def static_steps() -> dict[str, list[str]]:
    """What can be known without running a page."""
    return {
        "texts": [PYTHON, "-m", "scripts.compile_messages"],
        "lint": [PYTHON, "-m", "ruff", "check"],
        "format": [PYTHON, "-m", "ruff", "format", "--check"],
        "templates": [PYTHON, "-m", "djlint", "templates", "--lint", "--quiet"],
        "imports": [str(VENV / "bin" / "lint-imports")],
        "types": [PYTHON, "-m", "mypy"],
        "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    }


def take_all(steps: dict[str, list[str]], at_once: dict[str, list[str]] | None = None) -> int:
    """Takes every step, whatever happened before; ends with the last one's own closing line."""
    taken = [take(name, command) for name, command in steps.items()]
    # Two more than there are cores: a browser and its test, a database and its client wait for
    # each other, and the last step is not left to one core.
    with ThreadPoolExecutor((os.cpu_count() or 1) + 2) as pool:
        beside = [
            pool.submit(take, name, command, margin=f"{name:>10} | ")
            for name, command in (at_once or {}).items()
        ]
        taken += [step.result() for step in beside]
    print()
    for step in taken:
        print(f"{'ok' if step.passed else 'FAILED':>6}  {step.name:<12}{step.seconds:7.1f} s")
    print(taken[-1].closing_line)
    return 0 if all(step.passed for step in taken) else 1


def take(name: str, command: list[str], margin: str = "") -> Step:
    say(name)
    started_at, line = time.monotonic(), ""
    # A var of its own: no suite meets the broker of another, nor of a demo that runs meanwhile.
    with (
        tempfile.TemporaryDirectory(prefix="trepart-") as var,
        subprocess.Popen(
            command,
            env=os.environ | COMPILED_ONCE | {"VAR_DIR": var, "PYTHONUNBUFFERED": "1"},
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as program,
    ):
        for line in program.stdout or ():
            print(f"{margin}{line}", end="", flush=True)
    return Step(name, time.monotonic() - started_at, program.returncode == 0, line.strip())


# --- what they need from the machine --------------------------------------------------


def require_python() -> None:
    has_venv = importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")
    if sys.version_info < (3, 11) or not has_venv:
        sys.exit(
            "Trepart needs Python 3.11 or later with venv (Debian: apt-get install python3-venv)."
            " / Trepart behöver Python 3.11 eller senare med venv."
        )


def install(lock: Path) -> None:
    """Makes .venv hold what the lock lists; the list for development contains the other."""
    stamp = VENV / "installed"
    enough = {fingerprint(lock), fingerprint(DEVELOPMENT)}
    if stamp.exists() and stamp.read_text() in enough:
        return
    if not runs(UV):
        say("Making .venv")
        run(sys.executable, "-m", "venv", "--clear", VENV)
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run(*pip, "--require-hashes", "-r", "requirements-uv.lock")
    say(f"Installing {lock.read_text().count('==')} packages")
    stamp.unlink(missing_ok=True)
    run(UV, "pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", lock)
    stamp.write_text(fingerprint(lock))


def runs(program: str) -> bool:
    """Whether it is there whole: an installation that was cut off leaves halves."""
    try:
        return subprocess.run([program, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def fingerprint(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def require_test_programs() -> None:
    """Installs what does not come as a Python package, or says what to install."""
    missing = [package for package, is_there in TEST_PROGRAMS.items() if not is_there()]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"The tests need these too (Debian: apt-get install): {' '.join(missing)}")
    say(f"Installing {' '.join(missing)} with apt-get")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=quiet)
    apt_get = ["apt-get", "install", "-qq", "--no-install-recommends"]
    run(*apt_get, *missing, env=quiet, stdout=subprocess.DEVNULL)


def has_office(part: str) -> Callable[[], bool]:
    """Whether LibreOffice is here with a part of it: sw writes texts, sc reckons in sheets."""

    def is_there() -> bool:
        if not (program := shutil.which("soffice")):
            return False
        # Debian parts it into packages; elsewhere it comes whole.
        folder = Path(program).resolve().parent
        return folder.name != "program" or (folder / f"lib{part}lo.so").exists()

    return is_there


def has_libatomic() -> bool:
    """Playwright's driver needs it, and only says that the connection closed."""
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return sys.platform != "linux"
    return True


TEST_PROGRAMS: dict[str, Callable[[], object]] = {
    "chromium": lambda: shutil.which("chromium") or shutil.which("google-chrome"),
    "gettext": lambda: shutil.which("xgettext") and shutil.which("msgmerge"),
    "libatomic1": has_libatomic,
    "libreoffice-writer-nogui": has_office("sw"),
    "libreoffice-calc-nogui": has_office("sc"),
}


# --- messages, lock --------------------------------------------------------------------


def messages(options: argparse.Namespace) -> int:
    install(DEVELOPMENT)
    require_test_programs()
    collect = [PYTHON, "manage.py", "makemessages", "--locale", "sv", "--no-location", "--no-wrap"]
    run(*collect, "--ignore", "tests", "--ignore", "var")
    run(PYTHON, "-m", "scripts.compile_messages")
    return 0


def lock(options: argparse.Namespace) -> int:
    install(DEVELOPMENT)
    resolve = [UV, "pip", "compile", "--quiet", "--upgrade", "--universal", "--generate-hashes"]
    write = [*resolve, "--no-emit-index-url", "--no-header", "--output-file"]
    run(*write, RUNTIME, "pyproject.toml")
    run(*write, DEVELOPMENT, "pyproject.toml", "--group", "dev", "--constraints", RUNTIME)
    run(*write, "requirements-uv.lock", "--group", "installer")
    return 0


def run(*command: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Runs it to its end; should this program be killed, it does not go on in its back."""
    done = subprocess.run(command, text=True, preexec_fn=die_with_parent, **options)
    if done.returncode != 0:
        sys.exit(f"This failed: {' '.join(map(str, command))}")
    return done


def say(text: str) -> None:
    print(f"[{time.monotonic() - STARTED_AT:6.1f} s] {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
