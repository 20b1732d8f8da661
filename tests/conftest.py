"""What the tests share: the shipped rules, and the installed program as a subprocess."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from tests.security import guard
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Tree

ROOT = Path(__file__).parent.parent
PROGRAM = Path(sys.executable).with_name("xingtu")
# blocks of 1024 bytes that a file may have; what Python and coverage keep for later must not be cut
NO_ROOM = "ulimit -f {}; export PYTHONDONTWRITEBYTECODE=1; unset ${{!COV@}};"

# no test opens a network connection, and no program that it starts
guard.put_up()


@pytest.fixture(scope="session", autouse=True)
def _guarded_children() -> None:
    """Guard the programs that are started without `clean_environment` too."""
    os.environ["PYTHONPATH"] = str(guard.HOOK)


@pytest.fixture(autouse=True)
def _loopback(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let the tests that say so, and no others, open sockets."""
    with guard.lifted(when=request.node.get_closest_marker("loopback") is not None):
        yield


# a shell ignores Ctrl-C for what it runs in the background, nohup a closed window, and the program
# would inherit that
signal.signal(signal.SIGINT, signal.default_int_handler)
if sys.platform != "win32":
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# a check that must stay green tries the same examples each time; a person's own run tries new ones;
# no test fails for a machine that is busy
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("own", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "own")


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


def clean_environment(**changes: str) -> dict[str, str]:
    """The environment of a Chinese user with nothing else set."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "SYSTEMROOT", "TMPDIR")}
    kept |= {k: v for k, v in os.environ.items() if k.startswith("COVERAGE")}
    kept["PYTHONPATH"] = str(guard.HOOK)
    kept["PATH"] = os.pathsep.join([str(PROGRAM.parent), kept["PATH"]])  # as after activation
    return {**kept, "LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1", "TERM": "xterm-256color", **changes}


Run = Callable[..., Ran]


def started(*words: str, stdin: str = "", cwd: Path | None = None, **environment: str) -> Ran:
    """Run a program, ours or another, as a script would: no terminal anywhere."""
    done = subprocess.run(
        words,
        input=stdin,
        capture_output=True,
        encoding=environment.pop("encoding", "utf-8"),
        env=clean_environment(**environment),
        cwd=cwd,
        check=False,
        timeout=60,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def filled(end: int) -> int:
    """Fill a pipe, and return how many bytes it holds."""
    os.set_blocking(end, False)
    held = 0
    try:
        while True:
            held += os.write(end, bytes(4096))
    except BlockingIOError:
        os.set_blocking(end, True)
    return held


@pytest.fixture
def xingtu() -> Run:
    """Run the installed program."""
    return partial(started, str(PROGRAM))


@pytest.fixture(scope="session")
def tree() -> Tree:
    return load()


def flags(answers: dict[str, str]) -> Sequence[str]:
    return [word for name, value in answers.items() for word in (f"--{name}", value)]
