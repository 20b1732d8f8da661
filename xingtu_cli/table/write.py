"""Rows with their results → CSV or JSON Lines, a row at a time."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import count
from operator import itemgetter
from typing import BinaryIO, Protocol

from xingtu_cli.render import document, error_document
from xingtu_cli.table import cells
from xingtu_cli.table.columns import RESULTS
from xingtu_cli.table.desk import Desk, Judged
from xingtu_cli.table.read import Format
from xingtu_cli.table.tally import Tally
from xingtu_cli.text import visible

_texts = itemgetter(*(place for place, result in enumerate(RESULTS) if result.kind == "text"))
BOM = b"\xef\xbb\xbf"


class Writer(Protocol):
    """Takes the rows of a table in order, and in the end what they add up to.

    `cut` counts the cells that were longer than the format takes, and were cut short.
    """

    cut: int

    def write(self, judged: Judged) -> None:
        """Write a row."""

    def finish(self, tally: Tally) -> None:
        """Write what is left, and leave the file open."""

    def drop(self) -> None:
        """Let go of a table that will not be finished; the file stays open."""


def open_writer(format_: Format, file: BinaryIO, desk: Desk, *, shown: bool = False) -> Writer:
    """Return what writes rows to `file`, or to a terminal, where they are `shown`.

    A CSV in a file begins with a byte order mark, so that Excel knows UTF-8; in a terminal it has
    none, and what would steer the terminal is made visible.
    """
    match format_:
        case "csv":
            return CsvWriter(file, desk, shown=shown)
        case "jsonl":
            return JsonWriter(file, desk)
        case "xlsx":
            from xingtu_cli.table.sheet import SheetWriter

            return SheetWriter(file, desk)


class CsvWriter:
    """Writes CSV in UTF-8 with Windows line ends; no cell of it can run as a formula."""

    cut = 0

    def __init__(self, file: BinaryIO, desk: Desk, *, shown: bool) -> None:
        if not shown:
            file.write(BOM)
        self._fit = (lambda cell: visible(cells.fit(cell))) if shown else cells.fit
        self._shown = shown
        self._kept = desk.columns.kept
        self._whole = len(self._kept) == len(desk.columns.header)
        self._text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="")
        self._csv = csv.writer(self._text)
        self._csv.writerow([self._fit(name) for name in desk.columns.written])

    def write(self, judged: Judged) -> None:
        """Write a row: its own cells, then its results."""
        row = judged.row.texts
        if not self._whole:
            row = [row[place] for place in self._kept]
        results = judged.results
        line = [*row, *results]  # csv itself writes a date and a Decimal as we would
        if self._shown or cells.any_unfit([*row, *_texts(results)]):
            line = [self._fit(cell) if isinstance(cell, str) else cell for cell in line]
        self._csv.writerow(line)

    def finish(self, tally: Tally) -> None:
        """Write what is left, and leave the file open."""
        self._text.detach()

    def drop(self) -> None:
        """Let go of what is not finished."""
        self._text.detach()


class JsonWriter:
    """Writes the JSON of `diagnose`, an object a line, with the row's number and its own cells.

    Of columns that are called the same, the second has the key `name (2)`.
    """

    cut = 0

    def __init__(self, file: BinaryIO, desk: Desk) -> None:
        self._file, self._desk = file, desk
        self._names = _distinct(desk.columns.header)

    def write(self, judged: Judged) -> None:
        """Write a row: its diagnosis or its error."""
        desk = self._desk
        if judged.error:
            found = error_document(judged.error, desk.lang, desk.tree)
        else:
            found = document(desk.diagnosis(judged))
        own = {self._names[at]: judged.row.cells[at] for at in desk.columns.kept}
        given = {
            name: cells.text(cell) if cells.is_no_number(cell) else cell
            for name, cell in own.items()
            if cell not in (None, "")
        }
        line = json.dumps({**found, "row": judged.row.number, "input": given}, default=cells.text)
        self._file.write(line.encode("ascii") + b"\n")

    def finish(self, tally: Tally) -> None:
        """Do nothing more: every line is written."""

    def drop(self) -> None:
        """Do nothing: nothing is kept."""


def _distinct(names: Sequence[str]) -> Sequence[str]:
    """Return names of which no two are the same: one that came before gets a number."""
    taken, numbers = set(names), defaultdict[str, Iterator[int]](lambda: count(2))
    found: dict[str, None] = {}
    for name in names:
        own = name
        if name in found:
            numbered = (f"{name} ({n})" for n in numbers[name])
            own = next(each for each in numbered if each not in taken)
            taken.add(own)
        found[own] = None
    return list(found)
