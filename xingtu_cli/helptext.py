"""A command's help → a page: what it does, how to call it, its flags in groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from xingtu_cli.terminal import Line
from xingtu_cli.text import Lang, Text

USAGE = Text("用法", "Usage")
COLUMN = 30  # cells for the names; longer ones stand on a line of their own
STACKED = 60  # below this width every description stands under its names


@dataclass(frozen=True)
class Entry:
    """A flag, an argument or a command: how it is written, and what it is for."""

    names: str
    about: str


@dataclass(frozen=True)
class Group:
    """Entries under one heading."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class HelpPage:
    """All there is to say about a command."""

    usage: str
    about: str
    groups: tuple[Group, ...]
    closing: tuple[Group, ...] = ()


def as_page(page: HelpPage, lang: Lang, width: int) -> list[Line]:
    """Return the help as lines for a terminal of `width` cells."""
    lines = [Line(f"{USAGE.in_(lang)}{'：' if lang == 'zh' else ': '}{page.usage}", hanging=6)]
    lines += [Line(), *(Line(part) for part in page.about.split("\n"))]
    for group in (*page.groups, *page.closing):
        lines += [Line(), Line(group.title, style="heading"), *_entries(group.entries, width)]
    return lines


def _entries(entries: Sequence[Entry], width: int) -> list[Line]:
    from rich.cells import cell_len

    lines: list[Line] = []
    for entry in entries:
        taken = cell_len(entry.names)
        if width >= STACKED and taken <= COLUMN - 2:
            padded = entry.names + " " * (COLUMN - taken)
            lines.append(Line(padded + entry.about, indent=2, hanging=COLUMN))
        else:
            lines.append(Line(entry.names, indent=2, hanging=4))
            lines += [Line(entry.about, indent=6)] if entry.about else []
    return lines
