"""dev.py with real programs, though smaller ones than Trepart."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

import dev
from tests.operations.environments import ROOT

pytestmark = pytest.mark.portable

SLEEPER = ["-c", "import time; print('awake', flush=True); time.sleep(60)"]
PORTS = dev.Ports(web=8000, mailbox=8001, smtp=8025)


def test_demo_never_sees_real_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://real")
    monkeypatch.setenv("PRODUCTION", "true")
    environment = dev.demo_environment(Path("/nowhere"), PORTS, None)
    assert not environment.keys() & {"DATABASE_URL", "PRODUCTION", "CLOCK_OFFSET"}
    assert environment["VAR_DIR"] == "/nowhere"


def test_demo_believes_in_the_given_day() -> None:
    environment = dev.demo_environment(Path("/nowhere"), PORTS, date(2031, 3, 4))
    told = subprocess.run(
        [sys.executable, "-c", TELL_TODAY], env=environment, capture_output=True, text=True
    )
    assert told.stdout.strip() == "2031-03-04"


TELL_TODAY = """
import os
os.environ["VAR_DIR"] = "/tmp"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from notifications import clock
print(clock.today())
"""


def test_taken_port_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} is taken"):
            dev.require_free(dev.Ports(web=port, mailbox=port, smtp=port))


def test_two_demos_do_not_share_their_data() -> None:
    hold = [sys.executable, "-c", HOLD]
    with subprocess.Popen(hold, cwd=ROOT, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "alone\n"
        with pytest.raises(SystemExit, match="runs already"), dev.alone():
            pass
        first.kill()
    with dev.alone():
        pass


HOLD = """
import time, dev
with dev.alone():
    print("alone", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("wrong", ["0", "65511", "-1", "web"])
def test_only_a_port_is_taken_for_one(wrong: str) -> None:
    command = [sys.executable, "dev.py", "up", f"--port={wrong}"]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "argument --port" in refused.stderr


def test_half_of_a_program_does_not_run(tmp_path: Path) -> None:
    half = tmp_path / "uv"
    assert not dev.runs(str(half))
    half.write_bytes(b"\x7fELF")
    assert not dev.runs(str(half))
    half.chmod(0o755)
    assert not dev.runs(str(half))
    assert dev.runs(sys.executable)


def test_stops_all_programs_at_the_end() -> None:
    with dev.running({"one": SLEEPER, "two": SLEEPER}, dict(os.environ)) as programs:
        dev.require_running(programs)
    assert all(program.returncode is not None for program in programs.values())


def test_program_that_stops_by_itself_is_told() -> None:
    with dev.running({"web": ["-c", "raise SystemExit(3)"]}, dict(os.environ)) as programs:
        programs["web"].wait()
        with pytest.raises(SystemExit, match="web has stopped by itself, with exit code 3"):
            dev.require_running(programs)


@pytest.mark.parametrize("way", ["running", "run"])
def test_no_program_survives_a_killed_parent(way: str) -> None:
    command = [sys.executable, "-c", {"running": RUN_SLEEPER, "run": RUN_TO_ITS_END}[way]]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        # The parent's own line and the child's come in either order.
        said: list[str] = []
        while not ("awake" in "".join(said) and any(line.startswith("child") for line in said)):
            said.append(parent.stdout.readline())
            assert said[-1], "the parent has ended"
        child = next(int(line.split()[1]) for line in said if line.startswith("child"))
        parent.send_signal(signal.SIGKILL)
    gives_up_at = time.monotonic() + 10
    while is_running(child):
        assert time.monotonic() < gives_up_at, "the child lives on"
        time.sleep(0.02)


def is_running(process: int) -> bool:
    """A process that has ended has no command line, though it may wait to be collected."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_text())
    except OSError:
        return False


# As a demo is prepared, which a new start must not find still at work.
RUN_TO_ITS_END = f"""
import sys, dev
tell = "import os; print('child', os.getpid(), flush=True);"
dev.run(sys.executable, "-c", tell + {SLEEPER[1]!r})
"""

RUN_SLEEPER = f"""
import os, time, dev
with dev.running({{"one": {SLEEPER!r}}}, dict(os.environ)) as programs:
    print("child", programs["one"].pid, flush=True)
    time.sleep(60)
"""


def test_takes_every_step_and_fails_when_one_fails(capfd: pytest.CaptureFixture[str]) -> None:
    code = dev.take_all(
        {"bad": ["false"], "good": ["true"]}, at_once={"suite": ["echo", "5 passed"]}
    )
    lines = capfd.readouterr().out.splitlines()
    assert code == 1
    assert [line.split()[:2] for line in lines[-4:-1]] == [
        ["FAILED", "bad"],
        ["ok", "good"],
        ["ok", "suite"],
    ]
    assert lines[-1] == "5 passed"


MODEL = """
from django.db import models


class Unforeseen(models.Model):
    name = models.TextField()
"""
FAULTS = {
    "lint": ("plans/queries.py", "import os\n", "F401"),
    "format": ("plans/queries.py", "x = {  'a':1 }\n", "plans/queries.py"),
    "templates": ("templates/403.html", "<img src='/x.png'>\n", "H013"),
    "imports": ("organisations/swedish.py", "import portfolio.views\n", "BROKEN"),
    "migrations": ("plans/models/__init__.py", MODEL, "Unforeseen"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_step_finds_a_fault(name: str, tmp_path: Path) -> None:
    """A gate that cannot fail proves nothing."""
    path, fault, told = FAULTS[name]
    copy = tmp_path / "trepart"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("[.]*", "var", "docs"))
    with (copy / path).open("a") as file:
        file.write(fault)
    step = subprocess.run(dev.static_steps()[name], cwd=copy, capture_output=True, text=True)
    assert step.returncode != 0
    assert told in step.stdout + step.stderr


@pytest.mark.parametrize("installed", [dev.RUNTIME, dev.DEVELOPMENT])
def test_installs_nothing_when_all_is_there(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "VENV", tmp_path)
    (tmp_path / "installed").write_text(dev.fingerprint(installed))
    dev.install(dev.RUNTIME)
    assert [each.name for each in tmp_path.iterdir()] == ["installed"]


@pytest.mark.parametrize("lock", [dev.RUNTIME, dev.DEVELOPMENT, ROOT / "requirements-uv.lock"])
def test_locks_pin_every_package_by_hash_and_name_no_address(lock: Path) -> None:
    text = lock.read_text()
    packages = text.count("==")
    assert packages
    assert text.count("--hash=sha256:") >= packages
    assert "://" not in text
