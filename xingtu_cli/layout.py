"""Lines of a page, laid out by the cell: a Chinese character takes two."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from xingtu_cli.text import visible

Style = Literal["plain", "title", "heading", "strong", "menu", "note", "dim", "error"]

NARROWEST, USUAL, WIDEST = 40, 80, 100
STACKED = 60  # below this width, what would stand side by side stands one under the other

_NO_LINE_START = "，。；：、？！）】」』》〉”’％,.;:?!)]}%"
_NO_LINE_END = "（【「『《〈“‘([{"


class Line(NamedTuple):
    """A line of a page: its text, how far it is indented, and its style.

    `hanging` is the further indent, in cells, of the lines it is wrapped onto. A `verbatim` line is
    never wrapped or indented, so that it can be copied. `lead` is drawn before the text, such as
    the branch of a tree, and `under` before each line it is wrapped onto.
    """

    text: str = ""
    indent: int = 0
    style: Style = "plain"
    hanging: int = 0
    verbatim: bool = False
    lead: str = ""
    under: str = ""

    def __str__(self) -> str:
        return " " * self.indent + self.lead + self.text


def safe(line: Line) -> Line:
    """Return a line without anything that could steer a terminal, or begin another line."""
    return line._replace(text=visible(line.text.replace("\n", " ")))


def cells(text: str) -> int:
    """Return how many cells a text takes; a Chinese character takes two."""
    from rich.cells import cell_len

    return cell_len(text)


def padded(text: str, width: int) -> str:
    """Return a text with spaces after it up to `width` cells; one that takes more is left alone."""
    return text + " " * (width - cells(text))


def laid_out(line: Line, width: int) -> Iterable[Line]:
    """Wrap one line to `width` cells, continuation lines under its text.

    They hang less where that would leave them little room, as in a window that was made narrower
    since the page was composed.
    """
    if line.verbatim:
        yield line
        return
    taken = cells(line.lead)
    room = width - line.indent - taken
    hanging = cells(line.under) - taken if line.under else min(line.hanging, room * 3 // 4)
    for n, part in enumerate(wrap(line.text, room, hanging)):
        indent = line.indent + (hanging if n and not line.under else 0)
        yield Line(part, indent, line.style, lead=line.under if n else line.lead)


def wrap(text: str, width: int, hanging: int = 0) -> Sequence[str]:
    """Break text into lines of at most `width` cells, continuation lines `hanging` cells shorter.

    A line breaks at spaces and, in Chinese text, between characters, but closing punctuation never
    begins a line and an opening bracket never ends one. A single word that is too long is cut.
    Where there is no room, a line has one character.
    """
    first, further = max(width, 1), max(width - hanging, 1)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        current, room = "", first
        for piece in _pieces(paragraph):
            if cells(current + piece.rstrip()) <= room:
                current += piece
                continue
            if current.strip():
                lines.append(current.rstrip())
                room = further
            current = piece.lstrip()
            while cells(current.rstrip()) > room:
                head = _head(current, room)
                lines.append(head)
                room = further
                current = current[len(head) :]
        lines.append(current.rstrip())
    return lines


def _pieces(text: str) -> Iterable[str]:
    """Cut text into the pieces that must not be broken, each with the spaces that follow it."""
    piece, latin = "", _is_latin(text)
    for here, after in pairwise(text):
        piece += here
        if here == " " != after if latin else _may_break(here, after):
            yield piece
            piece = ""
    yield piece + text[-1:]


def _may_break(here: str, after: str) -> bool:
    if after in _NO_LINE_START or here in _NO_LINE_END or after == " ":
        return False
    return here == " " or _is_wide(here) or _is_wide(after)


def _is_latin(text: str) -> bool:
    """Tell whether a text is Latin in the main, so that the labels in it should stay whole."""
    return sum(c.isascii() and c.isalpha() for c in text) > sum(_is_wide(c) for c in text)


def _is_wide(character: str) -> bool:
    return character >= "\u2e80"


def _head(text: str, room: int) -> str:
    """Return as much of the start of `text` as fits into `room` cells, one character at least."""
    end = 1
    while end < len(text) and cells(text[: end + 1]) <= room:
        end += 1
    return text[:end]
