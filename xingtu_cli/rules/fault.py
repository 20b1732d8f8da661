"""A fault of a rules file before it has a line: a path into the file, and what to say there."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from xingtu_cli.errors import Problem
from xingtu_cli.rules.source import Path, Place, Places
from xingtu_cli.text import NOTHING, Text, closest, lines

LONGEST = 200  # lines of one text to look through
SHORT = 15  # names that a message may list
FEW = 200  # names to compare with one by one; of more, only those that start or end alike


class Fault(NamedTuple):
    """One fault: its kind's stable id, where it is, what is wrong, and how to mend it.

    `docs/problems.md` says more about each id. `name` is the name that the fault is about, where
    it hangs on what else is in the file; `words` are those within a text to point at.
    """

    id: str
    path: Path
    message: Text
    hint: Text = NOTHING
    name: str = ""
    words: str = ""


def placed(faults: Collection[Fault], text: str, file: str) -> Iterator[Problem]:
    """Yield each fault with its line and column in `text`, the contents of `file`."""
    if not faults:
        return
    places = Places(text, (fault.path for fault in faults))
    found = [(fault, places.telling(fault.path)) for fault in faults]
    last = max((place.line for fault, place in found if fault.words), default=-LONGEST)
    rows = lines(text, last + LONGEST)
    for fault, place in found:
        if fault.words:
            place = _pointed_at(fault.words, place, rows)
        yield Problem(file, place.line, place.column, fault.message, fault.id, fault.hint)


def _pointed_at(words: str, place: Place, rows: Sequence[str]) -> Place:
    """Return where `words` first stand from `place` on, or `place` if they are not found soon."""
    for number in range(place.line, min(place.line + LONGEST, len(rows) + 1)):
        begin = place.column - 1 if number == place.line else 0
        if (at := rows[number - 1].find(words, begin)) >= 0:
            return Place(number, at + 1)
    return place


class Known:
    """Names that something may refer to, called `zh` and `en` in a message."""

    def __init__(self, kind: str, names: Collection[str], zh: str, en: str) -> None:
        self.kind = kind
        self.names = names
        self.zh = zh
        self.en = en

    def unknown(self, path: Path, name: str, words: str = "") -> Iterator[Fault]:
        """Yield a fault at `path` (at `words` in it) if there is no such `name`."""
        if name not in self.names:
            yield Fault(
                self.kind,
                path,
                Text(f"没有叫“{name}”的{self.zh}", f"there is no {self.en} “{name}”"),
                self.nearest(name),
                name,
                words,
            )

    def nearest(self, name: str) -> Text:
        """Return “did you mean …?”, or what there is to choose from, or nothing."""
        if any(sign in name for sign in "，、"):
            return Text("各项之间请用半角逗号", "put a half-width comma between names")
        if near := closest(name, self._alike(name)):
            return Text(f"是不是“{near}”？", f"did you mean “{near}”?")
        if 0 < len(self.names) <= SHORT:
            return Text(f"可用：{'、'.join(self.names)}", f"there are: {', '.join(self.names)}")
        return NOTHING

    def _alike(self, name: str) -> Collection[str]:
        if len(self.names) <= FEW:
            return self.names
        forwards, backwards = self._sorted
        turned = name[::-1]
        at, back_at = bisect_left(forwards, name), bisect_left(backwards, turned)
        half = FEW // 4
        starts = forwards[max(at - half, 0) : at + half]
        ends = backwards[max(back_at - half, 0) : back_at + half]
        return dict.fromkeys([*starts, *(each[::-1] for each in ends)])

    @cached_property
    def _sorted(self) -> tuple[list[str], list[str]]:
        return sorted(self.names), sorted(name[::-1] for name in self.names)
