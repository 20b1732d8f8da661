"""The terminal at hand: its width, its language, whether someone is there to ask.

Also the only place that writes to the standard streams.
"""

import errno
import io
import locale
import os
import re
import signal
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, TextIO, cast

from xingtu_cli import encoding
from xingtu_cli.errors import CannotRead, CannotWrite, reason
from xingtu_cli.layout import NARROWEST, USUAL, WIDEST, Line, Style, laid_out
from xingtu_cli.patience import Patient
from xingtu_cli.text import Lang, Text

Color = Literal["auto", "always", "never"]

ROWS = 25  # told to rich, which else takes any `LINES` for a number; nothing here hangs on it

# what a terminal puts around a paste while the program before us has asked it to
_PASTE_MARKS = re.compile("\x1b\\[20[01]~")

_STYLES: dict[Style, str] = {
    "plain": "",
    "title": "bold",
    "heading": "bold cyan",
    "strong": "bold",
    "menu": "green",
    "note": "yellow",
    "dim": "dim",
    "error": "bold red",
}

ESCAPED = Text(
    "注意：有的字符在 {encoding} 编码里没有，写成了 \\uXXXX 这样的编号。"
    "要看到原字，请用 UTF-8 的终端，并设 PYTHONIOENCODING=utf-8。",
    "Note: characters that the encoding {encoding} lacks were written as codes like \\uXXXX."
    " To see them, use a UTF-8 terminal and set PYTHONIOENCODING=utf-8.",
)
PROMPT = "> "
NO_RESULT = Text("写不出结果：{why}", "cannot write the result: {why}")
CLOSED = Text("标准输出已关闭", "standard output is closed")
NO_INPUT = Text("标准输入已关闭", "standard input is closed")
LEFT = (BrokenPipeError, ConnectionResetError)  # whoever read our output is gone: a pipe, a socket


def set_up() -> None:
    """Make the standard streams carry all that their encoding can, and never fail on the rest.

    Nor do they fail where nothing has come yet, or nobody has taken what was written.
    """
    encoding.forget()
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is getattr(sys, f"__{name}__"):  # Python's own, not a test's
            setattr(sys, name, _patient(getattr(sys, name)))
        encoding.adapt(getattr(sys, name), reads=name == "stdin")


def _patient(stream: TextIO | None) -> TextIO | None:
    """Return a stream over the same raw one, which waits, and has a buffer in any case.

    Without one, as Python can be told, what a disk that is nearly full takes of a text counts as
    all of it.
    """
    if stream is None:
        return None
    raw = Patient(cast("io.RawIOBase", getattr(stream.buffer, "raw", stream.buffer)))
    buffered = io.BufferedReader(raw) if raw.readable() else io.BufferedWriter(raw)
    return io.TextIOWrapper(buffered, stream.encoding)


def remark_escaped(lang: Lang, *, color: Color = "auto") -> None:
    """Say once that characters were written as numbers, as the encoding of a stream lacks them."""
    lost = encoding.numbered()
    lacking = next((s for s in (sys.stdout, sys.stderr) if s and not shows(lost, s)), None)
    if lacking is not None:
        told = ESCAPED.format(encoding=lacking.encoding)
        legible = told.zh if shows(told.zh, sys.stderr) else told.en  # as in one without Chinese
        remark([Line(legible if lang == "zh" else told.en, style="note")], color=color)


def language(chosen: str | None) -> Lang:
    """Return the language to speak: the one chosen, else `XINGTU_LANG`, else the locale's.

    A locale that is neither Chinese nor English gives Chinese.
    """
    for name in (chosen, os.environ.get("XINGTU_LANG")):
        if name in ("zh", "en"):
            return name  # type: ignore[return-value]
    return "en" if _locale().lower().startswith("en") else "zh"


def _locale() -> str:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return value
    return (locale.getlocale()[0] or "") if os.name == "nt" else ""


def can_ask() -> bool:
    """Tell whether someone is there to answer: standard input and error are both a terminal."""
    return _is_terminal(sys.stdin) and _is_terminal(sys.stderr)


def input_is_typed() -> bool:
    """Tell whether standard input is a terminal, where somebody has to type it."""
    return _is_terminal(sys.stdin)


def shows_output() -> bool:
    """Tell whether standard output is a terminal, not a file or a pipe."""
    return _is_terminal(sys.stdout)


def writes_to(path: Path) -> bool:
    """Tell whether standard output goes into the regular file at `path`."""
    try:
        there, here = path.stat(), os.fstat(sys.stdout.fileno())
    except (AttributeError, OSError, ValueError):  # it is closed, or there is no such file
        return False
    return stat.S_ISREG(here.st_mode) and os.path.samestat(there, here)


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def errors_width() -> int:
    """Return the cells to write for on standard error."""
    return page_width(sys.stderr)


def page_width(stream: TextIO | None = None) -> int:
    """Return the cells to write for on `stream` (standard output where it is left out).

    `COLUMNS` counts, else the terminal's own width, within 40 and 100 cells; what is no terminal is
    wide.
    """
    stream = stream or sys.stdout
    if not _is_terminal(stream):
        return WIDEST
    columns = re.fullmatch("[0-9]{1,9}", os.environ.get("COLUMNS", ""))
    width = int(columns[0]) if columns else 0
    with suppress(OSError, ValueError):
        width = width or os.get_terminal_size(stream.fileno()).columns
    return max(NARROWEST, min(WIDEST, width or USUAL))


def shows(text: str, stream: TextIO | None = None) -> bool:
    """Tell whether the encoding of `stream` (standard output where it is left out) has this."""
    return encoding.has(getattr(stream or sys.stdout, "encoding", None) or "utf-8", text)


# ─── writing ─────────────────────────────────────────────────────────────────────────────────────


class ReaderLeft(Exception):
    """Whoever read our output has gone, as `head` does: no error, and nothing more to do."""


def show(lines: Iterable[Line], *, color: Color = "auto") -> None:
    """Write a page to standard output.

    It is wrapped and styled for a terminal, plain and unwrapped for anything else. Raises as
    `write` does.
    """
    _show(lines, color, sys.stdout)


def remark(lines: Iterable[Line], *, color: Color = "auto") -> None:
    """Write a page to standard error.

    A remark that nobody can read stops no run: where it is closed, nobody wanted it, and where it
    is full, `close` tells.
    """
    if sys.stderr is not None:
        with suppress(CannotWrite, ReaderLeft):
            _show(lines, color, sys.stderr)


def _show(lines: Iterable[Line], color: Color, stream: TextIO | None) -> None:
    page = list(lines)
    in_terminal = _is_terminal(stream)
    if in_terminal:
        page = [part for line in page for part in laid_out(line, page_width(stream))]
    if not _styled(color, in_terminal=in_terminal):
        _write("".join(f"{line}\n" for line in page), stream)
        return
    if stream is None:
        _write("", stream)
    from rich.console import Console
    from rich.text import Text as RichText

    class Page(Console):
        """A console that takes a reader who left as we do, not for a failure."""

        def on_broken_pipe(self) -> None:
            raise ReaderLeft

    console = Page(
        file=stream,
        force_terminal=True,
        color_system="auto" if in_terminal and not _is_dumb() else "standard",
        highlight=False,
        markup=False,
        emoji=False,
        soft_wrap=True,
        width=WIDEST,  # not that of `COLUMNS`, which may be anything
        height=ROWS,
    )
    with _reporting():
        for line in page:
            console.print(RichText(str(line), style=_STYLES[line.style]))
        console.file.flush()


def write(text: str) -> None:
    """Write text to standard output as it is.

    Raises `CannotWrite` when it is closed or full, `ReaderLeft` when its reader left.
    """
    _write(text, sys.stdout)


@contextmanager
def binary_output() -> Iterator[BinaryIO]:
    """Open standard output for bytes. Raises as `write` does."""
    with _reporting():
        if sys.stdout is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        # a descriptor of its own, so that whoever wraps it and closes it closes nothing of ours
        own = io.FileIO(os.dup(sys.stdout.fileno()), "wb")
        with io.BufferedWriter(Patient(own)) as stream:
            yield stream


def binary_input() -> BinaryIO:
    """Return standard input for bytes; raise `CannotRead` when it is closed."""
    if sys.stdin is None:
        raise CannotRead(NO_INPUT)
    return sys.stdin.buffer


@contextmanager
def progress(
    about: str, *, wanted: bool, color: Color = "auto"
) -> Iterator[Callable[[int, float | None], None]]:
    """Show a bar on standard error while something long is done, in a terminal that can redraw.

    Gives a function that takes how many are done, and which part of all (0 to 1) if that is known.
    """
    if not wanted or not _is_terminal(sys.stderr) or _is_dumb():
        yield lambda _done, _part: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

    class Screen(Console):
        """A console whose cursor stays: whatever ends the program, it is seen afterwards."""

        def show_cursor(self, show: bool = True) -> bool:  # noqa: FBT001, FBT002
            return False

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.fields[done]:,}", markup=False),
        console=Screen(
            stderr=True,
            no_color=not _styled(color, in_terminal=True),
            width=errors_width(),
            height=ROWS,
        ),
        transient=True,
        auto_refresh=False,  # which takes a thread, and there may be none to be had
    )
    task = bar.add_task(about, total=None, done=0)

    def show(done: int, part: float | None) -> None:
        with suppress(OSError):  # a bar that nobody can see stops no run
            bar.update(task, total=None if part is None else 1.0, completed=part or 0, done=done)
            bar.refresh()

    with suppress(OSError):
        bar.start()
    try:
        yield show
    finally:
        with suppress(OSError):
            bar.stop()


def _write(text: str, stream: TextIO | None) -> None:
    with _reporting():
        if stream is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        stream.write(text)
        stream.flush()


@contextmanager
def _reporting() -> Iterator[None]:
    """Turn what a stream raises into our own errors."""
    try:
        yield
    except LEFT:
        raise ReaderLeft from None
    except OSError as error:
        why = CLOSED if error.errno == errno.EBADF else reason(error)
        raise CannotWrite(NO_RESULT.format(why=why)) from None


def close() -> bool:
    """Write out what the standard streams still hold, and tell whether all of it got out.

    What a broken stream holds is dropped, so that the interpreter's own flush says nothing. It
    counts as out where its reader left.
    """
    whole = True
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError as error:
            whole = whole and isinstance(error, LEFT)
            with suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return whole


def _styled(color: Color, *, in_terminal: bool) -> bool:
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return in_terminal and not _is_dumb()


def _is_dumb() -> bool:
    """Tell whether the terminal shows escape sequences as they are; Windows never names it."""
    unnamed = "" if os.name == "posix" else "windows"
    return os.environ.get("TERM", unnamed) in ("", "dumb", "unknown")


class Talk(Protocol):
    """Someone to talk to, who sees lines of `width` cells."""

    @property
    def width(self) -> int:
        """The cells that a line may take."""

    def shows(self, character: str) -> bool:
        """Tell whether the user's encoding has a character."""

    def say(self, *lines: Line) -> None:
        """Show lines to the user."""

    def hear(self) -> str:
        """Return the line that the user typed; raise `EOFError` when there are no more."""


class Conversation:
    """The user at the terminal: prompts on standard error, answers from standard input."""

    def __init__(self, color: Color) -> None:
        self.color = color

    @property
    def width(self) -> int:
        """The cells that a line may take."""
        return errors_width()

    def shows(self, character: str) -> bool:
        """Tell whether the user's encoding has a character."""
        return shows(character, sys.stderr)

    def say(self, *lines: Line) -> None:
        """Show lines on standard error."""
        remark(lines, color=self.color)

    def hear(self) -> str:
        """Prompt, and return the line typed.

        Raises `EOFError` at the end of the input, and where the terminal is gone.
        """
        try:
            with _prompt():
                typed = sys.stdin.readline()
        except OSError:
            raise EOFError from None
        if not typed:
            raise EOFError
        return _PASTE_MARKS.sub("", typed)


@contextmanager
def _prompt() -> Iterator[None]:
    """Show that a line is awaited, and again whenever the program comes back from a Ctrl-Z."""
    if sys.platform == "win32":
        _write(PROMPT, sys.stderr)
        yield
        return

    def again(*_: object) -> None:
        with suppress(OSError):
            if os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp():  # not in the background
                # past the stream, in the midst of whose work we may be
                os.write(sys.stderr.fileno(), PROMPT.encode(sys.stderr.encoding))

    before = signal.signal(signal.SIGCONT, again)
    try:
        _write(PROMPT, sys.stderr)
        yield
    finally:
        signal.signal(signal.SIGCONT, before or signal.SIG_DFL)
