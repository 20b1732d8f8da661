"""A person at a terminal: runs the installed program on a real pty, types, and sees the screen.

What is seen is read through a terminal emulator (pyte), so that a test speaks of rows and cells;
the bytes are there too, in `raw`.
"""

import os
import re
import shlex
import signal
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pexpect
import pyte

from tests.conftest import PROGRAM, clean_environment

PROMPT = "\n> "
INTERRUPT, END = b"\x03", b"\x04"  # Ctrl-C, Ctrl-D
PATIENCE = 60.0  # seconds; a machine under load is slow, and nothing waits this long otherwise
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")


class Screen:
    """A terminal of a size, and the program that runs in it.

    The program is run by a shell line, that `before` begins and `after` ends (`> file`, `2>&-`).
    """

    def __init__(
        self,
        *words: str,
        columns: int = 80,
        rows: int = 24,
        cwd: Path | None = None,
        before: str = "exec",
        after: str = "",
        encoding: str = "utf-8",
        **environment: str,
    ) -> None:
        self.columns, self.encoding, self.raw = columns, encoding, b""
        self._since = 0  # where in `raw` begins what was written since the last key
        self._child: pexpect.spawn[bytes] = pexpect.spawn(
            "bash",
            ["-c", f"{before} {shlex.join([str(PROGRAM), *words])} {after}"],
            cwd=str(cwd) if cwd else None,
            env=clean_environment(**environment),
            dimensions=(rows, columns),
        )
        self._child.delaybeforesend = None

    # ─── hands ───────────────────────────────────────────────────────────────────────────────────

    def key(self, keys: bytes) -> None:
        """Press keys. What is waited for from now on is what comes after them."""
        self._since = len(self.raw)
        self._child.send(keys)

    def enter(self, typed: str | bytes) -> None:
        """Type a line, without waiting for anything."""
        self.key((typed.encode(self.encoding) if isinstance(typed, str) else typed) + b"\n")

    def answer(self, *lines: str | bytes) -> str:
        """Type each line at a prompt of its own; return what the last was answered with.

        That ends with the next prompt, or with the end of the program.
        """
        for line in lines:
            self.prompt()
            self.enter(line)
        self._until(self._at_prompt)
        return self.latest

    def resize(self, columns: int, rows: int = 24) -> None:
        """Make the window another size; the system tells the program (SIGWINCH)."""
        self.columns = columns
        self._child.setwinsize(rows, columns)

    def send(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self._child.kill(number)

    def hang_up(self) -> int:
        """Close the window under the program; return what the system says of its end."""
        process = vars(self._child)["ptyproc"]  # the stubs do not know it
        process.fileobj.close()
        process.fd, process.closed, self._child.closed = -1, True, True
        deadline = time.monotonic() + PATIENCE
        pid, status = 0, 0
        while not pid and time.monotonic() < deadline:
            pid, status = os.waitpid(self._child.pid or 0, os.WNOHANG)
            time.sleep(0.01)
        assert pid, "the program outlived its terminal"
        return status

    # ─── eyes ────────────────────────────────────────────────────────────────────────────────────

    def see(self, *texts: str) -> None:
        """Wait until each text has been seen since the last key, wherever its lines are broken."""
        for text in texts:
            wanted = squeezed(text)
            self._until(lambda wanted=wanted: wanted in squeezed(self.latest))  # type: ignore[misc]
            assert wanted in squeezed(self.latest), f"no “{text}” on the screen:\n{self.text}"

    def prompt(self) -> None:
        """Wait until the program waits for a line."""
        self._until(self._at_prompt)
        assert self._at_prompt(), f"it ended where a prompt was expected:\n{self.text}"
        self._settle()

    def ended(self) -> int:
        """Wait until the program ends; return its exit code, or minus the signal that ended it."""
        self._until(lambda: False)
        self._child.wait()
        code = self._child.exitstatus
        return -(self._child.signalstatus or 0) if code is None else code

    @property
    def latest(self) -> str:
        """What was written since the last key, without escape sequences."""
        return _plain(self.raw[self._since :].decode(self.encoding, "replace"))

    @property
    def text(self) -> str:
        """All that was written, without escape sequences."""
        return _plain(self.raw.decode(self.encoding, "replace"))

    @property
    def lines(self) -> Sequence[str]:
        """The lines that were written, however many rows each takes."""
        return [line.rstrip() for line in self.text.split("\n")]

    @property
    def page(self) -> pyte.Screen:
        """The screen as it is seen, as high as it must be."""
        return page(self.raw.decode(self.encoding, "replace"), self.columns or 80)

    @property
    def sane(self) -> bool:
        """Whether the terminal is left as a shell wants it: it echoes, and its cursor is seen."""
        flags, wanted = termios.tcgetattr(self._child.fileno())[3], self.page.cursor
        listens = termios.ECHO | termios.ICANON | termios.ISIG
        plain = (wanted.attrs.fg, wanted.attrs.bold) == ("default", False)
        return flags & listens == listens and not wanted.hidden and plain

    def close(self) -> None:
        """Take away the program, if it is still there."""
        if not self._child.closed:
            self._child.close(force=True)

    def _at_prompt(self) -> bool:
        return _plain(self.raw[self._since :].decode(self.encoding, "replace")).endswith(PROMPT)

    def _settle(self) -> None:
        """Wait until the program sleeps.

        A Ctrl-C between its prompt and its reading is heeded with the next key only, and no hand is
        so quick as to give one.
        """
        status = Path(f"/proc/{self._child.pid}/stat")
        for _ in range(500):
            if not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "S":
                return
            time.sleep(0.01)

    def _until(self, done: Callable[[], bool]) -> None:
        """Read on until it is so, or the program ends."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            left = deadline - time.monotonic()
            assert left > 0, f"waited in vain; this is on the screen:\n{self.text}"
            try:
                self.raw += self._child.read_nonblocking(1 << 16, left)
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                return


def page(text: str, columns: int) -> pyte.Screen:
    """Return a screen of so many columns, high enough for a text, on which it was written."""
    height = sum(2 * len(line) // columns + 2 for line in text.split("\n"))
    screen = pyte.Screen(columns, height)
    pyte.Stream(screen).feed(text)
    return screen


def rows(screen: pyte.Screen) -> Sequence[str]:
    """Return the rows of a screen, down to the last with anything in it."""
    shown = [row.rstrip() for row in screen.display]
    return shown[: max((n for n, row in enumerate(shown, 1) if row), default=0)]


def squeezed(text: str) -> str:
    """Return a text without its spaces and line ends: what is left however it is laid out."""
    return "".join(text.split())


def _plain(text: str) -> str:
    return _ESCAPE.sub("", text).replace("\r\n", "\n")
