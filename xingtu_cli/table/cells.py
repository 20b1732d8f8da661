"""A cell of a table: what it says as text, whether Excel has destroyed it, what it may not start.

A CSV file holds text; a workbook also numbers, dates and truth values, JSON Lines also lists.
"""

import json
import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

Cell = object  # str, int, float, bool, date, datetime, time, list, dict or None

EXACT_DIGITS = 15  # Excel keeps no more of a number
INEXACT = 10.0**EXACT_DIGITS  # from here on digits are lost
_EVERY_WHOLE = 2.0**53  # below this a float holds every whole number
_HUGE = 1e300  # no number of anything
FORMULA = frozenset("=+-@\t\r\n＝＋－＠")  # a spreadsheet may run what starts with one of these

# what starts like a formula but is a number, or a dash for “nothing”
_HARMLESS = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?%?|[-－]+")
# 6.2E+18: what Excel writes for a number of 12 digits or more; 6228480402564890000: for one of more
# than 15 digits it keeps zeros. Three such zeros are one number in a thousand; fewer prove nothing.
_DESTROYED = re.compile(
    r" *(?:[+-]?\d(?:\.\d+)?[Ee]\+(?:1[1-9]|[2-9]\d|\d{3,})|[1-9]\d{14}0{3,}) *"
)
_MARKED = re.compile("'[\\d=+@\t\r\n＝＋－＠-]")
_BREAK = "\x1f"
_FORMULA_IN_ROW = re.compile(f"{_BREAK}[{re.escape(''.join(sorted(FORMULA)))}]")
_DESTROYED_IN_ROW = re.compile(f"{_BREAK}{_DESTROYED.pattern}{_BREAK}")


def text(cell: Cell) -> str:
    """Return what a cell says, as its flag would be given.

    A number comes exact to the 15 digits that Excel keeps, without the noise of binary fractions,
    and whole where it has more; a date as 2026-10-08, with its time if it has one; a list joined by
    commas.
    """
    match cell:
        case str():
            return cell
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float():
            kept = f"{cell:.{EXACT_DIGITS}g}" if abs(cell) < INEXACT else repr(cell)
            return _number(Decimal(kept))
        case datetime():
            return str(cell.date() if cell.time() == time() else cell.replace(microsecond=0))
        case date() | time():
            return cell.isoformat()
        case list():
            return ",".join(text(part) for part in cell)
        case dict():
            return json.dumps(cell, ensure_ascii=False, default=str)
        case _:
            return str(cell)


def texts(cells: Sequence[Cell]) -> Sequence[str]:
    """Return what each cell says; the same object where they are all text, as in a CSV."""
    try:
        "".join(cells)  # type: ignore[arg-type]
    except TypeError:
        return [text(cell) for cell in cells]
    return cells  # type: ignore[return-value]


def whole(cell: Cell) -> Cell:
    """Return a workbook's number of over 15 digits as an `int` if they are all its own.

    Else it is a `float`, which counts as destroyed: after 15 digits Excel has zeros, and beyond
    2**53 what any program kept as a binary fraction reads as that fraction does.
    """
    if not isinstance(cell, int | float) or not INEXACT <= abs(cell) < _HUGE:
        return cell
    fraction = float(cell)
    if abs(fraction) < _EVERY_WHOLE:
        own = fraction.is_integer() and float(f"{fraction:.{EXACT_DIGITS}g}") != fraction
    else:
        own = isinstance(cell, int) and Decimal(repr(fraction)) != cell
    return int(cell) if own else fraction


def is_no_number(cell: Cell) -> bool:
    """Tell whether a cell is infinite or NaN, as `1E400` in a workbook is; no format has those."""
    return isinstance(cell, float) and not math.isfinite(cell)


def unmarked(text: str) -> str:
    """Return what a cell gives as an answer: without the `'` that marks it as text."""
    return text[1:] if text[:1] == "'" and _MARKED.match(text) else text


def destroyed(cells: Sequence[Cell], texts: Sequence[str]) -> int | None:
    """Return the place of the first cell whose digits Excel has destroyed, or `None`.

    `texts` is what the cells say, the same object where they are all text.
    A `'` or a tab before the digits says that they are as they should be.
    """
    if texts is cells and not _DESTROYED_IN_ROW.search(_BREAK.join(["", *texts, ""])):
        return None
    return next((place for place, cell in enumerate(cells) if _is_destroyed(cell)), None)


def any_unfit(texts: Sequence[str]) -> bool:
    """Tell quickly whether some text may have to be changed for a CSV."""
    row = _BREAK.join(["", *texts])
    return "\0" in row or _FORMULA_IN_ROW.search(row) is not None


def fit(text: str) -> str:
    """Return a text as a CSV takes it: a formula disarmed, and a NUL written out as in a workbook.

    Nobody reads a CSV with a NUL, nor do we.
    """
    return disarmed(text.replace("\0", "\\x00"))


def disarmed(cell: str) -> str:
    """Return a text that no spreadsheet runs: a formula gets a `'` before it.

    A plain number such as -5 stays a number.
    """
    if cell[:1] not in FORMULA or not cell or _HARMLESS.fullmatch(cell):
        return cell
    return "'" + cell


def _number(number: Decimal) -> str:
    if not number.is_finite():
        return str(number)
    return f"{number:.0f}" if number == number.to_integral_value() else f"{number:f}"


def _is_destroyed(cell: Cell) -> bool:
    if isinstance(cell, float):
        return abs(cell) >= INEXACT
    if isinstance(cell, str | int):
        return bool(_DESTROYED.fullmatch(str(cell)))
    return False
