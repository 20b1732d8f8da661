"""Rows with their results → an Excel workbook: a sheet of rows, typed, and a sheet that sums up."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from operator import is_not
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xingtu_cli import files
from xingtu_cli.errors import CannotWrite
from xingtu_cli.table import cells
from xingtu_cli.table.columns import RESULTS
from xingtu_cli.table.desk import Desk, Judged
from xingtu_cli.table.read import MOST_COLUMNS
from xingtu_cli.table.tally import COMPARED, Tally
from xingtu_cli.table.workbook import MOST_ROWS, library
from xingtu_cli.text import Lang, Text, visible

LONGEST_TEXT = 32_767  # UTF-16 code units of a cell, which is what Excel counts
WIDTH = 18  # of a column of the user's own
AMOUNT = "#,##0.00"
HEADER_FILL = "FFDDEBF7"

SHEETS = {"rows": Text("结果", "Results"), "summary": Text("汇总", "Summary")}
TOO_MANY = Text(
    f"超过 {MOST_ROWS - 1:,} 行，一张 Excel 表放不下；请改用 CSV（-o 文件名.csv）",
    f"more than {MOST_ROWS - 1:,} rows do not fit a sheet; write CSV instead (-o NAME.csv)",
)
TOO_WIDE = Text(
    f"加上结果超过 {MOST_COLUMNS:,} 列，一张 Excel 表放不下；请改用 CSV（-o 文件名.csv）",
    f"with the results there are more than {MOST_COLUMNS:,} columns, which do not fit a sheet;"
    " write CSV instead (-o NAME.csv)",
)
OUTCOMES = (Text("结论", "Diagnosis"), Text("代码", "Outcome"), Text("行数", "Rows"))
FAILED = Text("没有结论（原因见“错误”列）", "no diagnosis (see the error column)")
TOTAL = Text("合计", "Total")
DIFFERENCES = (
    Text("差额", "Difference"),
    Text("", ""),
    Text("行数", "Rows"),
    Text("金额合计（元）", "Total (yuan)"),
)
DUE = (Text("到期日", "Due"), Text("从这天起算逾期", "Overdue from"), Text("行数", "Rows"))
OVERDUE = Text("已逾期", "overdue already")
CHANGES = (
    Text("新账户最早生效日", "New account in force from"),
    Text("", ""),
    Text("行数", "Rows"),
)
AS_OF = Text("{today} 的结果，规则 {rules}", "as of {today}, rules {rules}")

# what XML cannot hold: control characters, halves of surrogate pairs, non-characters
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class SheetWriter:
    """Writes a workbook, the rows through a temporary file so that memory does not grow."""

    def __init__(self, file: BinaryIO, desk: Desk) -> None:
        openpyxl = library()
        if len(desk.columns.written) > MOST_COLUMNS:
            raise CannotWrite(TOO_WIDE)
        self._file, self._desk, self._rows = file, desk, 1
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet(SHEETS["rows"].in_(desk.lang))
        self._sheet.freeze_panes = "A2"
        kept = desk.columns.kept
        widths = [*(WIDTH for _ in kept), *(result.width for result in RESULTS)]
        _set_widths(self._sheet, widths)
        with files.temporary():
            _append_header(self._sheet, desk.columns.written)
        self._last = column_letter(len(widths))
        self.cut = 0

    def write(self, judged: Judged) -> None:
        """Write a row; dates and amounts as such, texts as texts whatever they begin with."""
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise CannotWrite(TOO_MANY)
        row = [*(judged.row.cells[place] for place in self._desk.columns.kept), *judged.results]
        spelled = [_spelled(cell) for cell in row]
        fitting = [_shortened(cell) for cell in spelled]
        self.cut += sum(map(is_not, spelled, fitting))
        with files.temporary():
            self._sheet.append([_cell(self._sheet, cell) for cell in fitting])

    def finish(self, tally: Tally) -> None:
        """Add the sheet that sums up, and write the workbook."""
        self._sheet.auto_filter.ref = f"A1:{self._last}{self._rows}"
        rules = f"{self._desk.tree.id} {self._desk.tree.version}"
        with files.temporary():
            summary = self._book.create_sheet(SHEETS["summary"].in_(self._desk.lang))
            _summarise(summary, tally, self._desk.lang, rules)
            summary.close()
            self._sheet.close()
        pack(self._book, self._file)

    def drop(self) -> None:
        """Let go of what is not finished."""
        with suppress(Exception):  # what was wrong with it is known, and openpyxl repeats it
            self._sheet.close()


def column_letter(number: int) -> str:
    """Return the letters of a column counted from 1."""
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))


def emphasise(cell: Any) -> Any:
    """Return a cell made to head others."""
    from openpyxl.styles import Font, PatternFill

    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor=HEADER_FILL)
    return cell


class _Archive(ZipFile):
    """A ZIP file for any clock: its format knows no time before 1980, where some stand."""

    def writestr(self, part: Any, data: Any, *_: Any) -> None:
        """Write a part, by its name, at no time."""
        undated = ZipInfo(part)
        undated.compress_type = ZIP_DEFLATED
        super().writestr(undated, data)


def pack(book: Any, file: BinaryIO) -> None:
    """Write a workbook into an open file."""
    from openpyxl.writer.excel import ExcelWriter

    archive = _Archive(file, "w", ZIP_DEFLATED, strict_timestamps=False)
    try:
        ExcelWriter(book, archive).save()
    except BaseException:
        archive.fp = None  # else it would write its end when it is let go of, and tell of that
        raise


def _spelled(value: cells.Cell) -> cells.Cell:
    """Return a value, as a text where a sheet has none of its kind or would lose its digits.

    Characters that XML cannot hold are written as numbers.
    """
    long = type(value) is int and abs(value) >= cells.INEXACT
    if long or isinstance(value, list | dict) or cells.is_no_number(value):
        value = cells.text(value)
    if not isinstance(value, str):
        return value
    return _UNFIT.sub(lambda match: visible(match[0]), value)


def _shortened(value: cells.Cell) -> cells.Cell:
    """Return a value itself, or of a text longer than a cell takes what fits."""
    if not isinstance(value, str) or _units(value) <= LONGEST_TEXT:
        return value
    units = value.encode("utf-16-le")[: 2 * (LONGEST_TEXT - 1)]
    return units.decode("utf-16-le", "ignore") + "…"


def _cell(sheet: Any, value: cells.Cell) -> Any:
    """Return a value as openpyxl takes it: a text is never a formula nor one of Excel's errors."""
    if isinstance(value, str):
        if value[:1] not in cells.FORMULA and value[:1] != "#":
            return value
        cell = _new(sheet, value, "s")
        cell.quotePrefix = True
        return cell
    if isinstance(value, Decimal):
        cell = _new(sheet, value, "n")
        cell.number_format = AMOUNT
        return cell
    if isinstance(value, float) and abs(value) >= cells.INEXACT:
        return _new(sheet, cells.text(value), "n")  # openpyxl would round it to 16 digits
    return value


def _new(sheet: Any, value: Any, type_: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    cell: Any = WriteOnlyCell(sheet, value)
    cell.data_type = type_
    return cell


def _units(text: str) -> int:
    """Return the UTF-16 code units of a text: two of a character beyond the first 65,536."""
    if len(text) <= LONGEST_TEXT // 2:
        return len(text)  # or up to twice that, which is no more than a cell takes
    return len(text) + sum(character > "\uffff" for character in text)


def _set_widths(sheet: Any, widths: Iterable[int]) -> None:
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[column_letter(number)].width = width


def _append_header(sheet: Any, names: Sequence[str]) -> None:
    fitting = (_shortened(_UNFIT.sub("", name)) for name in names)
    sheet.append([emphasise(_new(sheet, name, "s")) for name in fitting])


def _summarise(sheet: Any, tally: Tally, lang: Lang, rules: str) -> None:
    _set_widths(sheet, (46, 24, 10, 18))
    sheet.append([AS_OF.format(today=tally.today, rules=rules).in_(lang)])

    def block(names: Sequence[Text], rows: Iterable[Sequence[Any]]) -> None:
        sheet.append([])
        _append_header(sheet, [name.in_(lang) for name in names])
        for row in rows:
            sheet.append([_cell(sheet, _shortened(_spelled(value))) for value in row])

    outcomes = [(tally.titles[name], name, count) for name, count in tally.outcomes.most_common()]
    block(
        OUTCOMES,
        [*outcomes, (FAILED.in_(lang), "", tally.failed), (TOTAL.in_(lang), "", tally.rows)],
    )
    block(
        DIFFERENCES,
        [
            (words.in_(lang), "", *tally.differences[result])
            for result, words in COMPARED.items()
            if result in tally.differences
        ],
    )
    block(
        DUE,
        [
            (OVERDUE.in_(lang), "", tally.overdue),
            *((day, day + timedelta(days=1), tally.due[day]) for day in sorted(tally.due)),
        ],
    )
    block(CHANGES, [(day, "", tally.changes[day]) for day in sorted(tally.changes)])
