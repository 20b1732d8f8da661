"""An Excel workbook → a Table: its first sheet that has columns we know."""

import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice, pairwise
from typing import Any, BinaryIO
from zipfile import ZipFile

from xingtu_cli.errors import NO_MEMORY, CannotRead, InvalidTable, MissingLibrary, XingtuError
from xingtu_cli.rules.model import Tree, column_key
from xingtu_cli.table.cells import Cell, text, whole
from xingtu_cli.table.read import EMPTY, Row, Table, checked, is_empty, is_help
from xingtu_cli.text import Text

PURPOSE = Text("读写 Excel 文件", "reading or writing an Excel file")
BOMB = Text(
    "这个 Excel 文件解压后大得反常，没有读；请用 Excel 打开并另存为 .xlsx 再试",
    "this Excel file unpacks to an absurd size and was not read; open it in Excel, save it as .xlsx"
    " and try again",
)
BROKEN = Text(
    "这个文件不是 .xlsx，或者已经损坏，读不了；请用 Excel 打开并另存为 .xlsx 再试",
    "this file is no .xlsx, or is damaged, and cannot be read; open it in Excel, save it as .xlsx"
    " and try again",
)
MOST_ROWS = 1_048_576  # of a sheet, its header among them
TOP = 100  # rows of a sheet in which it shows whether it is the one
MOST_HELD = 256 << 20  # bytes; a million different texts have about 100 MB
SMALL = 32 << 20  # bytes of a part that does no harm, whatever its ratio
MOST_RATIO = 200  # to 1; a sheet of a million equal rows has 25, for its rows are numbered


@contextmanager
def open_workbook(file: BinaryIO, tree: Tree) -> Iterator[Table]:
    """Open the first sheet whose first row has a column we know, else the first sheet.

    Formulas count by the values that the spreadsheet saved with them.
    """
    workbook = _loaded(file)
    try:
        sheet, most = _sheet(workbook, tree)
        read = [0]
        rows = _rows(sheet, read)
        header = next((cells for _, cells in rows if not is_empty(cells)), None)
        if header is None:
            raise InvalidTable(EMPTY)
        names = [text(cell).strip() for cell in _trimmed(header)]
        yield Table(
            "xlsx",
            names,
            _checked(rows, names),
            lambda: min(read[0] / most, 1.0) if most else None,
        )
    finally:
        workbook.close()


def _loaded(file: BinaryIO) -> Any:
    """Return a workbook of openpyxl, of which little is read yet."""
    openpyxl = library()
    _keep_order()
    try:
        _refuse_bomb(file)
        return openpyxl.load_workbook(file, read_only=True, data_only=True)
    except XingtuError:
        raise
    except Exception as error:
        fault = _fault(error)
    raise fault


def _fault(error: Exception) -> XingtuError:
    """Return what openpyxl and zipfile mean, who raise all kinds of errors for a broken file.

    It is to be raised once the error is handled: a `MemoryError` holds all the memory there was,
    and where none is left Python before 3.14 may spin for ever (python/cpython#132508).
    """
    return CannotRead(NO_MEMORY) if isinstance(error, MemoryError) else InvalidTable(BROKEN)


def _refuse_bomb(file: BinaryIO) -> None:
    """Raise `InvalidTable` for a file that would unpack to more than memory should hold.

    Sheets are read a row at a time, so that only their ratio counts; all else is held whole.
    zipfile unpacks no more of a part than the size that is stated here.
    """
    held = 0
    for part in ZipFile(file).infolist():
        sheet = part.filename.startswith("xl/worksheets/")
        held += 0 if sheet else part.file_size
        ratio = part.file_size / max(part.compress_size, 1)
        if held > MOST_HELD or (part.file_size > SMALL and ratio > MOST_RATIO):
            raise InvalidTable(BOMB)
    file.seek(0)


def _keep_order() -> None:
    """Let openpyxl raise `InvalidTable` for rows and cells that stand in no order, or twice.

    Such a sheet is against the format, and openpyxl would leave some of them out without a word.
    """
    from openpyxl.worksheet._reader import WorkSheetParser

    parser: Any = WorkSheetParser
    parse = parser.parse
    if parse.__module__ == __name__:  # done before
        return

    def in_order(own: Any) -> Iterator[tuple[int, Sequence[Mapping[str, Any]]]]:
        last = 0
        for number, cells in parse(own):
            columns = [cell["column"] for cell in cells]
            if number <= last or any(one >= next_ for one, next_ in pairwise(columns)):
                raise InvalidTable(BROKEN)
            last = number
            yield number, cells

    parser.parse = in_order


def library() -> Any:
    """Return openpyxl; raises `MissingLibrary` where the extra `xlsx` is not installed."""
    # where lxml is there it would use that, which has errors of its own for a full disk
    os.environ["OPENPYXL_LXML"] = "False"
    try:
        import openpyxl
    except ImportError:
        raise MissingLibrary("openpyxl", PURPOSE) from None
    # it warns of styles and validations that it does not keep; we read values only
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    # and Python, when told to, of the encoding of its temporary files, which it writes bytes to
    warnings.filterwarnings("ignore", category=EncodingWarning)
    return openpyxl


def _sheet(workbook: Any, tree: Tree) -> tuple[Any, int]:
    """Return the sheet to read and how many rows it says it has."""
    sheets = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise InvalidTable(EMPTY)
    known = (sheet for sheet in sheets if _has_known_column(sheet, tree))
    sheet = next(known, sheets[0])
    most = sheet.max_row or 0
    sheet.reset_dimensions()  # some programs state them wrong
    return sheet, most


def _has_known_column(sheet: Any, tree: Tree) -> bool:
    top = islice(_rows(sheet, [0]), TOP)
    header = next((cells for _, cells in top if not is_empty(cells)), ())
    return any(column_key(text(cell)) in tree.columns for cell in header)


def _rows(sheet: Any, read: list[int]) -> Iterator[tuple[int, Sequence[Cell]]]:
    fault: XingtuError | None = None
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            _refuse_beyond_the_last(number)
            read[0] = number
            yield number, cells
    except XingtuError:
        raise
    except Exception as error:  # a broken sheet shows while it is read
        fault = _fault(error)
    if fault:
        raise fault


def _refuse_beyond_the_last(row: int) -> None:
    """Raise `InvalidTable` for a row that no sheet has; openpyxl would fill the gap before it."""
    if row > MOST_ROWS:
        raise InvalidTable(BROKEN)


def _checked(rows: Iterator[tuple[int, Sequence[Cell]]], header: Sequence[str]) -> Iterator[Row]:
    first = True
    for number, cells in rows:
        if is_empty(cells) or (first and is_help(cells)):
            continue
        first = False
        yield checked(number, [whole(cell) for cell in _trimmed(cells)], header)


def _trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    end = len(cells)
    while end and cells[end - 1] in (None, ""):
        end -= 1
    return cells[:end]
