"""A file or a stream → a Table: its header and its rows, one at a time.

What it is shows in its first bytes, not in its name. However long it is, a row at a time is held.
"""

import codecs
import csv
import io
import os
import re
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, Literal, NamedTuple, cast

from xingtu_cli.answers import quoted
from xingtu_cli.errors import STANDARD_INPUT, CannotRead, InvalidTable, reason
from xingtu_cli.files import CANNOT_READ, TOO_LARGE, Source, temporary
from xingtu_cli.rules.model import Tree, column_key
from xingtu_cli.table.cells import Cell, destroyed, texts
from xingtu_cli.table.jsonline import parse_object
from xingtu_cli.text import Text, join, same, visible

Format = Literal["csv", "xlsx", "jsonl"]

HELP_MARK = "※"  # begins each cell of a template's help row, which is no row of its own
DELIMITERS = ",;\t"

CHANGED = Text(
    "表在读的时候被改了，没有读完；请等写完再运行",
    "the table was changed while it was read, and not read to its end; run again once it is whole",
)
EMPTY = Text("表是空的，连表头也没有", "the table is empty; it has not even a header")
NO_OBJECT = Text(
    "没有一行是完整的 JSON 对象，例如第 {line} 行：{why}。JSON Lines 要每行写一个对象，中间不换行",
    "no line holds a whole JSON object. Line {line}: {why}. JSON Lines have one object per line,"
    " with no line break in it",
)
READ_AS_GBK = Text("按 GBK 编码读取", "read as GBK")
NO_CLOSING_QUOTE = Text(
    f"这一行读不出来：有一个引号没有配对，或一格长得超过 {csv.field_size_limit():,} 个字",
    "this row cannot be read: a quotation mark in it is never closed, or a cell has more than"
    f" {csv.field_size_limit():,} characters",
)
TOO_LONG = Text(
    "这一行有 {cells} 格，表头只有 {header} 格，内容可能错位了；多出：{more}",
    "the row has {cells} cells, the header {header}: the cells may have shifted; too many: {more}",
)
MOST_NAMED = 5  # cells that are too many
MOST_COLUMNS = 16_384  # as in Excel
LONGEST_LINE = 1 << 20  # characters
LINE_TOO_LONG = Text(
    f"这一行超过 {LONGEST_LINE:,} 个字，太长了，没有读",
    f"this line has more than {LONGEST_LINE:,} characters, which is too long to be read",
)
BAD_HEADER = Text("表头（第 {number} 行）：{why}", "the header (row {number}): {why}")
CHUNK = 1 << 20  # bytes
MOST_COPIED = 4 << 30  # bytes of a stream; it must end some day, and the disk has others to serve

_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?\s*')  # Excel's own hint, before the header


class Row(NamedTuple):
    """A row under a header: its number as a spreadsheet counts, its cells and what they say.

    `fault` is why it cannot be used.
    """

    number: int
    cells: Sequence[Cell]
    texts: Sequence[str]
    fault: Text | None = None

    @classmethod
    def of(cls, number: int, cells: Sequence[Cell], fault: Text | None = None) -> "Row":
        """Return the row with these cells."""
        return cls(number, cells, texts(cells), fault)


@dataclass(frozen=True)
class Table:
    """A header, the rows under it, and how far they are read (0 to 1, `None` if not known).

    `read_as` says how the text was read where that was a guess.
    """

    format: Format
    header: Sequence[str]
    rows: Iterator[Row]
    progress: Callable[[], float | None]
    read_as: Text | None = None


@contextmanager
def open_table(
    source: Path | BinaryIO, tree: Tree, format_: Format | None = None
) -> Iterator[Table]:
    """Open the table in a file or a stream; its format is found out unless it is given.

    A stream is copied to a temporary file first: its encoding shows at its end only. Raises
    `CannotRead` and `InvalidTable`.
    """
    with _opened(source) as file:
        match format_ or _format(file):
            case "csv":
                with _as_text(file) as text:
                    yield _csv_table(text, tree)
            case "jsonl":
                with _as_text(file) as text:
                    yield _json_table(text)
            case "xlsx":
                from xingtu_cli.table.workbook import open_workbook

                with open_workbook(file, tree) as table:
                    yield table


def is_help(cells: Sequence[Cell]) -> bool:
    """Tell whether a row is the help row of a template."""
    said = [cell for cell in cells if cell not in (None, "")]
    return bool(said) and all(isinstance(c, str) and c.startswith(HELP_MARK) for c in said)


def is_empty(cells: Sequence[Cell]) -> bool:
    """Tell whether a row has nothing in it, as below a table that Excel saved."""
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def checked(number: int, cells: Sequence[Cell], header: Sequence[str]) -> Row:
    """Return a row as long as the header, and what is wrong with it before anyone reads it."""
    width, fault = len(header), None
    if len(cells) != width:
        if any(cell not in (None, "") for cell in cells[width:]):
            fault = _too_long(cells, header)
        cells = [*cells[:width], *[""] * (width - len(cells))]
    said = texts(cells)
    if (place := destroyed(cells, said)) is not None:
        fault = fault or _destroyed(header[place], cells[place])
    return Row(number, cells, said, fault)


def _too_long(cells: Sequence[Cell], header: Sequence[str]) -> Text:
    said = [each for each in texts(cells[len(header) :]) if each]
    more = join([same(quoted(each)) for each in said[:MOST_NAMED]])
    return TOO_LONG.format(
        cells=len(cells),
        header=len(header),
        more=more.plus(same("…")) if len(said) > MOST_NAMED else more,
    )


def _destroyed(column: str, cell: Cell) -> Text:
    shown = visible(f"{cell:.15g}" if isinstance(cell, float) else str(cell))
    return Text(
        f"“{visible(column)}”里的号码被 Excel 改坏了（{shown}），后面的位数已经丢失。"
        "请把这一列的格式设为“文本”，再照原件重填",
        f"Excel has destroyed the number in “{visible(column)}” ({shown}): its last digits are"
        " lost. Format the column as text and enter the number again",
    )


# ─── what it is ──────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    """Open a file for reading anywhere in it, by way of a copy where that cannot be done."""
    if not isinstance(source, Path):
        with _copy(source) as copy:
            yield copy
        return
    with io.BufferedReader(Source(source)) as file:
        if file.seekable():
            yield file
        else:
            with _copy(file) as copy:
                yield copy


@contextmanager
def _copy(stream: IO[bytes]) -> Iterator[BinaryIO]:
    with temporary():
        copy = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        with temporary():
            for chunk in _chunks(stream):
                copy.write(chunk)
                if copy.tell() > MOST_COPIED:
                    size = f"{MOST_COPIED >> 20:,} MB"
                    raise CannotRead(TOO_LARGE.format(name=STANDARD_INPUT, size=size))
            copy.seek(0)
        yield copy
    finally:
        with suppress(OSError):  # a full disk, of which was told; what was read is whole
            copy.close()


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    whole = True
    while whole:  # a short one is the last; in a terminal, asking again takes a second Ctrl-D
        try:
            chunk = stream.read(CHUNK)
        except OSError as error:
            why = CANNOT_READ.format(path=STANDARD_INPUT, why=reason(error))
            raise CannotRead(why) from None
        yield chunk
        whole = len(chunk) == CHUNK


def _format(file: BinaryIO) -> Format:
    start = file.read(4096)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        return "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidTable(
            Text(
                "这是旧版 Excel 文件（.xls）或加了密码的文件，请另存为不加密的 .xlsx 再试",
                "this is an old Excel file (.xls) or has a password; save it as .xlsx without one",
            )
        )
    text = start.removeprefix(codecs.BOM_UTF8).lstrip()
    if text.startswith(b"["):
        raise InvalidTable(
            Text(
                "这是一个 JSON 数组；请改成 JSON Lines：每行一个对象",
                "this is a JSON array; give JSON Lines, one object a line",
            )
        )
    return "jsonl" if text.startswith(b"{") else "csv"


# ─── text ────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _as_text(file: BinaryIO) -> Iterator[io.TextIOWrapper]:
    """Open a file as text, line ends untouched, from after its BOM."""
    encoding, begin = _encoding(file)
    file.seek(begin)
    text = io.TextIOWrapper(file, encoding, newline="")
    try:
        yield text
    except UnicodeDecodeError:  # what was looked through was not so
        raise InvalidTable(CHANGED) from None
    finally:
        text.detach()  # whoever opened the file closes it


def _encoding(file: BinaryIO) -> tuple[str, int]:
    """Return how a text is encoded and where it begins: BOM, else strict UTF-8, else GB18030.

    The whole file is looked through, a piece at a time: one wrong byte at its end decides.
    """
    file.seek(0)
    start = file.read(4096)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates, begin = ["utf-16"], 0
    elif b"\0" in start:
        raise InvalidTable(
            Text(
                "这不是表格文件：里面有二进制内容。能读的是 CSV、XLSX、JSON Lines",
                "this is no table: it holds binary data. CSV, XLSX and JSON Lines can be read",
            )
        )
    elif start.startswith(codecs.BOM_UTF8):
        candidates, begin = ["utf-8"], len(codecs.BOM_UTF8)
    else:
        candidates, begin = ["utf-8", "gb18030"], 0
    wrong: list[int] = []
    for encoding in candidates:
        line = _wrong_line(file, begin, encoding)
        if line is None:
            return encoding, begin
        wrong.append(line)
    raise InvalidTable(
        Text(
            f"第 {wrong[0]} 行的文字既不是 UTF-8 也不是 GBK 编码，"
            "请在 Excel 里另存为“CSV UTF-8”再试",
            f"the text on line {wrong[0]} is neither UTF-8 nor GBK; save the table from Excel as"
            " “CSV UTF-8” and try again",
        )
    )


def _wrong_line(file: BinaryIO, begin: int, encoding: str) -> int | None:
    """Return the number of the first line that cannot be decoded, or `None`."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(begin)
    line, chunk = 1, b""
    try:
        while chunk := file.read(CHUNK):
            line += decoder.decode(chunk).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return line + error.object[: error.start].count(b"\n")
    return None


def _read_as(text: io.TextIOWrapper) -> Text | None:
    return READ_AS_GBK if text.encoding == "gb18030" else None


def _part_read(text: io.TextIOWrapper) -> Callable[[], float]:
    """Return what tells which part of a file has been read."""
    size = os.fstat(text.fileno()).st_size
    file = cast("BinaryIO", text.buffer)
    return lambda: min(file.tell() / size, 1.0) if size else 1.0


def _line(text: io.TextIOWrapper) -> str | None:
    """Return the next line with its end, nothing at the end of the text; `None` for one too long.

    Of such a line a piece at a time is held.
    """
    line = piece = text.readline(LONGEST_LINE)
    while len(piece) == LONGEST_LINE and not piece.endswith(("\n", "\r")):
        piece = text.readline(LONGEST_LINE)
    return line if piece is line else None


# ─── CSV ─────────────────────────────────────────────────────────────────────────────────────────


def _csv_table(text: io.TextIOWrapper, tree: Tree) -> Table:
    lines = _Lines(text)
    records = _records(lines, _delimiter(lines, tree))
    names = _csv_header(records)
    return Table(
        "csv",
        names,
        _csv_rows(records, names),
        _part_read(text),
        _read_as(text),
    )


def _csv_header(records: Iterator["_Record"]) -> Sequence[str]:
    for number, cells in records:
        if isinstance(cells, Text):
            raise InvalidTable(BAD_HEADER.format(number=number, why=cells))
        if not is_empty(cells):
            return [cell.strip() for cell in cells]
    raise InvalidTable(EMPTY)


def _csv_rows(records: Iterator["_Record"], header: Sequence[str]) -> Iterator[Row]:
    first = True
    for number, cells in records:
        if isinstance(cells, Text):
            yield Row.of(number, [""] * len(header), cells)
        elif (cells and cells[0].strip()) or not is_empty(cells):
            if not (first and is_help(cells)):
                yield checked(number, cells, header)
            first = False


def _delimiter(lines: "_Lines", tree: Tree) -> str:
    """Return what separates the cells: what makes the first line's cells columns we know.

    Where none does, it is what the line has most of.
    """
    first = lines.peek()
    if hint := _SEPARATOR_LINE.fullmatch(first):
        while next(lines) != first:  # blank lines before it
            pass
        return hint[1]

    def known(delimiter: str) -> tuple[int, int]:
        try:
            names = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:  # a cell longer than any may be, as the line is by a wrong delimiter
            names = []
        return sum(column_key(name) in tree.columns for name in names), len(names)

    return max(DELIMITERS, key=known)


_Record = tuple[int, list[str] | Text]  # its number, and its cells or why there are none


def _records(lines: "_Lines", delimiter: str) -> Iterator[_Record]:
    """Yield each record with its number, blank lines counted.

    Of one that cannot be read only the first line is given up, and reading goes on at the next.
    """
    number = 0
    strict = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        number += 1
        lines.kept.clear()
        try:
            yield number, next(strict)
        except StopIteration:
            return
        except _LineTooLong:
            alone = len(lines.kept) == 1
            lines.put_back(1)
            yield number, LINE_TOO_LONG if alone else NO_CLOSING_QUOTE
        except csv.Error:
            yield number, _leniently(lines, delimiter)


def _leniently(lines: "_Lines", delimiter: str) -> list[str] | Text:
    """Read a record again that breaks the rules, as `"a" b,c` does."""
    open_ended = lines.ended or lines.length > csv.field_size_limit()
    lines.put_back(1 if open_ended else 0)
    if open_ended:
        return NO_CLOSING_QUOTE
    try:
        return next(csv.reader(lines, delimiter=delimiter))
    except (csv.Error, _LineTooLong):
        lines.put_back(1)
        return NO_CLOSING_QUOTE


class _LineTooLong(Exception):
    """A line was longer than any may be."""


class _Lines:
    """The lines of a text; those since `kept` was last cleared can be put back.

    One that is too long is `None` there, and raises `_LineTooLong` when it is its turn.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.kept: list[str | None] = []
        self.ended = False
        self._text = text
        self._waiting: deque[str | None] = deque()

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else _line(self._text)
        if line == "":
            self.ended = True
            raise StopIteration
        self.kept.append(line)
        if line is None:
            raise _LineTooLong
        return line

    @property
    def length(self) -> int:
        """The characters of the lines that are kept."""
        return sum(len(line or "") for line in self.kept)

    def peek(self) -> str:
        """Return the first line that is not blank, of a hundred, without taking it.

        Of one that is too long it returns nothing.
        """
        try:
            first = next((line for line in islice(self, 100) if line.strip()), "")
        except _LineTooLong:
            first = ""
        self.put_back(0)
        return first

    def put_back(self, dropped: int) -> None:
        """Put the kept lines back, but for the first `dropped`."""
        self._waiting.extendleft(reversed(self.kept[dropped:]))
        self.kept.clear()
        self.ended = False


# ─── JSON Lines ──────────────────────────────────────────────────────────────────────────────────


def _json_table(text: io.TextIOWrapper) -> Table:
    """Read objects, a line each. Their keys are gathered first, for a header must know them all."""
    begin = text.tell()
    keys: dict[str, None] = {}
    nothing = EMPTY
    for number, found in _objects(text):
        if isinstance(found, dict):
            keys.update(dict.fromkeys(found))
        elif nothing is EMPTY:
            nothing = NO_OBJECT.format(line=number, why=found)
        if len(keys) > MOST_COLUMNS:
            raise InvalidTable(
                Text(f"不同的键超过 {MOST_COLUMNS} 个", f"there are more than {MOST_COLUMNS} keys")
            )
    if not keys:
        raise InvalidTable(nothing)
    text.seek(begin)
    header = list(keys)
    return Table(
        "jsonl",
        header,
        _json_rows(text, header),
        _part_read(text),
        _read_as(text),
    )


def _json_rows(text: io.TextIOWrapper, header: Sequence[str]) -> Iterator[Row]:
    for number, found in _objects(text):
        if isinstance(found, dict):
            cells = [found.get(key) for key in header]
            if not is_empty(cells):
                yield checked(number, cells, header)
        else:
            yield Row.of(number, [None] * len(header), found)


def _objects(text: io.TextIOWrapper) -> Iterator[tuple[int, dict[str, Cell] | Text]]:
    """Yield the number of each line that is not blank, and its object or why there is none."""
    number = 0
    while (line := _line(text)) != "":
        number += 1
        if line is None:
            yield number, LINE_TOO_LONG
        elif not line.isspace():
            yield number, parse_object(line)
