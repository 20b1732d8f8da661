"""Tables in every state in which an office keeps them."""

import codecs
import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtu_cli.errors import CannotRead, InvalidTable
from xingtu_cli.rules.model import Tree
from xingtu_cli.table import read
from xingtu_cli.table.read import LINE_TOO_LONG, Row, open_table

PRINTED = st.characters(codec="utf-8", exclude_characters="\0\x1f")
HEADER = "settled,stamped,备注\n"


def rows(data: bytes | str | Path, tree: Tree) -> list[Row]:
    source = data if isinstance(data, Path) else stream(data)
    with open_table(source, tree) as table:
        return list(table.rows)


def stream(data: bytes | str) -> io.BytesIO:
    return io.BytesIO(data.encode() if isinstance(data, str) else data)


def cells(data: bytes | str | Path, tree: Tree) -> list[list[object]]:
    return [list(row.cells) for row in rows(data, tree)]


@pytest.mark.parametrize(
    ("encoding", "guessed"),
    [("utf-8", False), ("utf-8-sig", False), ("gbk", True), ("gb18030", True), ("utf-16", False)],
)
def test_encodings(tree: Tree, encoding: str, guessed: bool) -> None:
    text = HEADER + "yes,no,繁體與简体、（全角）\n" * 3
    with open_table(stream(text.encode(encoding)), tree) as table:
        assert list(table.header) == ["settled", "stamped", "备注"]
        assert [row.cells[2] for row in table.rows] == ["繁體與简体、（全角）"] * 3
        assert (table.read_as is not None) == guessed


def test_what_only_gb18030_has(tree: Tree) -> None:
    assert cells((HEADER + "yes,no,㐂😀\n").encode("gb18030"), tree)[0][2] == "㐂😀"


def test_one_late_byte_decides_for_gbk(tree: Tree) -> None:
    text = "settled,remark\n" + "yes,plain\n" * 200_000
    found = cells(text.encode() + "yes,中文\n".encode("gbk"), tree)
    assert found[-1] == ["yes", "中文"]


def test_neither_utf8_nor_gbk_names_the_line(tree: Tree) -> None:
    data = HEADER.encode() + b"yes,no,a\n" * 5 + b"yes,no,\xff\xfe\xff\n"
    with pytest.raises(InvalidTable, match="line 7 is neither UTF-8 nor GBK"):
        rows(data, tree)
    with pytest.raises(InvalidTable, match="line 2"):
        rows(codecs.BOM_UTF8 + b"settled\n\xd6\xd0\n", tree)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters(tree: Tree, delimiter: str) -> None:
    text = "settled,stamped,a;b\nyes,no,x\n".replace(",", delimiter).replace("a;b", "a")
    assert cells(text, tree) == [["yes", "no", "x"]]


def test_the_delimiter_is_what_makes_known_columns(tree: Tree) -> None:
    text = 'settled;"remark, long, with, commas";stamped\nyes;1,5;no\n'
    assert cells(text, tree) == [["yes", "1,5", "no"]]
    assert cells("sep=;\nsettled;x\nyes;1\n", tree) == [["yes", "1"]]
    assert cells("\n\nsep=;\nsettled;x\nyes;1\n", tree) == [["yes", "1"]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_that_is_too_long_spoils_its_own_row_alone(tree: Tree, end: str) -> None:
    long = ",".join(["y" * 60_000] * 20)
    lines = ["settled,x", f"no,{long}", "no,1", f'yes,"{long}', "no,2", ""]
    found = rows(end.join(lines), tree)
    assert [row.number for row in found] == [2, 3, 4, 5]
    assert [list(row.cells) for row in found] == [["", ""], ["no", "1"], ["", ""], ["no", "2"]]
    assert [row.fault for row in found] == [LINE_TOO_LONG, None, LINE_TOO_LONG, None]


def test_a_quote_that_is_still_open_where_a_line_is_too_long(tree: Tree) -> None:
    long = "y" * 2_000_000
    found = rows(f'settled,x\nno,"1\n{long}\nno,2\n', tree)
    assert [row.fault for row in found] == [read.NO_CLOSING_QUOTE, LINE_TOO_LONG, None]
    found = rows(f'settled,x\n"no" a,"1\n{long}\nno,2\n', tree)
    assert [row.fault for row in found] == [read.NO_CLOSING_QUOTE, LINE_TOO_LONG, None]


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("settled," + "y" * 2_000_000, "row 1): this line has more than 1,048,576 characters"),
        ('\n"settled', "row 2): this row cannot be read: a quotation mark in it is never closed"),
    ],
    ids=["too-long", "open"],
)
def test_a_header_that_cannot_be_read(tree: Tree, header: str, why: str) -> None:
    with pytest.raises(InvalidTable) as caught:
        rows(f"{header}\nno,1\n", tree)
    assert why in caught.value.message.en


def test_the_header_of_a_workbook_says_what_its_cells_say(tree: Tree) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["settled", date(2026, 10, 1), 0, True])
    sheet.append(["no", 1, 2, 3])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    with open_table(file, tree) as table:
        assert table.header == ["settled", "2026-10-01", "0", "TRUE"]


def test_a_header_longer_than_any_cell_may_be(tree: Tree) -> None:
    names = ["settled", *(f"column {number}" for number in range(15_000))]
    assert cells(f"{','.join(names)}\nyes\n", tree) == [["yes", *[""] * 15_000]]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_cells_of_several_lines(tree: Tree, end: str) -> None:
    text = f'\n\nsettled,"re{end}mark"{end}yes,"a ""b"", c{end}d"{end}{end},,{end}no,e'.replace(
        "\n\n", end * 2, 1
    )
    assert cells(text, tree) == [["yes", f'a "b", c{end}d'], ["no", "e"]]


def test_rows_are_numbered_as_a_spreadsheet_counts_them(tree: Tree) -> None:
    found = rows('settled,x\nyes,"1\n2"\n\nno,3\n', tree)
    assert [row.number for row in found] == [2, 4]


def test_ragged_rows(tree: Tree) -> None:
    short, long, trailing = rows("settled,x\nyes\nyes,1,2,3\nyes,1,,\n", tree)
    assert short == Row.of(2, ["yes", ""])
    assert list(long.cells) == ["yes", "1"]
    assert long.fault is not None
    assert "多出：2、3" in long.fault.zh
    assert long.fault.en.endswith("too many: 2, 3")
    (far,) = rows(f"settled,x\nyes,1{',' * 9000}{'x' * 300}\n", tree)
    assert far.fault is not None
    assert far.fault.zh.endswith(f"多出：{'x' * 199}…")
    (many,) = rows("settled,x\nyes,1,2,3,,4,5,6,7\n", tree)
    assert many.fault is not None
    assert many.fault.zh.endswith("多出：2、3、4、5、6…")
    assert trailing == Row.of(4, ["yes", "1"])


@pytest.mark.parametrize("rest", ["", "yes,3\n" * 40_000])
def test_a_quote_never_closed_costs_its_own_row_only(tree: Tree, rest: str) -> None:
    found = rows(f'settled,x\nyes,1\nyes,"2\nno,3\n{rest}', tree)
    assert [(row.number, bool(row.fault)) for row in found[:3]] == [
        (2, False),
        (3, True),
        (4, False),
    ]
    assert list(found[2].cells) == ["no", "3"]
    assert len(found) == 3 + rest.count("\n")
    assert sum(row.fault is not None for row in found) == 1


def test_quotes_that_break_the_rules_are_read_as_excel_reads_them(tree: Tree) -> None:
    assert cells('settled,x\nyes,"a"b\nno,a"b"\n"yes" ,c\n', tree) == [
        *(["yes", "ab"], ["no", 'a"b"'], ["yes ", "c"]),
    ]


def test_a_huge_cell_and_a_huge_line(tree: Tree) -> None:
    big = "x" * 200_000
    found = rows(f"settled,x\nyes,{big}\nno,1\n", tree)
    assert [bool(row.fault) for row in found] == [True, False]
    found = rows(f"settled,x\nyes,{'y,' * 3_000_000}\nno,1\n", tree)
    assert found[0].fault is not None
    assert list(found[-1].cells) == ["no", "1"]


def test_what_is_no_table(tree: Tree, tmp_path: Path) -> None:
    for data, told in [
        (b"", "empty"),
        (b"\n\n , ,\n", "empty"),
        (b"\x7fELF\0\0", "binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", r"old Excel file \(.xls\)"),
        (b"PK\x03\x04 broken", "cannot be read"),
        (b'[{"settled": "yes"}]', "JSON array"),
    ]:
        with pytest.raises(InvalidTable, match=told):
            rows(data, tree)
    with pytest.raises(CannotRead, match="folder"):
        rows(tmp_path, tree)
    with pytest.raises(CannotRead, match="there is no file"):
        rows(tmp_path / "none.csv", tree)


def test_json_lines(tree: Tree) -> None:
    lines = [
        '{"settled": "yes", "new-amount": 12000.10, "wrong-fields": ["bank", "account-name"]}',
        "",
        '{"stamped": true, "deep": {"a": 1}, "settled": null}',
        "{broken",
        "[1]",
        '{"settled": NaN}',
        '{"settled": 1e999}',
        '{"settled": ' + "[" * 100_000 + "}",
        "{}",
        '{"tracking-number": 6228480402564890000, "settled": "no"}',
    ]
    with open_table(stream("\n".join(lines)), tree) as table:
        assert list(table.header) == [
            *("settled", "new-amount", "wrong-fields", "stamped", "deep", "tracking-number")
        ]
        found = list(table.rows)
    assert found[0].cells[:3] == ["yes", 12000.1, ["bank", "account-name"]]
    assert found[1] == Row.of(3, [None, None, None, True, {"a": 1}, None])
    assert [row.number for row in found] == [1, 3, 4, 5, 6, 7, 8, 10]
    assert [row.number for row in found if row.fault] == [4, 5, 6, 7, 8, 10]
    assert found[2].fault is not None
    assert "character 2" in found[2].fault.en


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ('{\n "settled": "no"\n}\n', 1, "不是 JSON，第 2 个字符处应该是加双引号的键"),
        ('\n{"settled":"no","id":NaN}\n', 2, "NaN 在 JSON 里不是数；"),
        ("settled\nno\n", 1, "不是 JSON，第 1 个字符处应该是一个值"),
    ],
)
def test_no_line_that_can_be_read_is_told_of_with_its_reason(
    tree: Tree, text: str, line: int, why: str
) -> None:
    with pytest.raises(InvalidTable) as refused, open_table(stream(text), tree, "jsonl"):
        pass
    assert f"例如第 {line} 行：{why}" in refused.value.message.zh
    assert "JSON Lines 要每行写一个对象" in refused.value.message.zh
    with pytest.raises(InvalidTable, match="empty"), open_table(stream("{}\n"), tree, "jsonl"):
        pass


def forged(path: Path, sheet: bytes) -> None:
    """Write a workbook made by LibreOffice, with another sheet."""
    with ZipFile(Path(__file__).with_name("made-by-libreoffice.xlsx")) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet
    with ZipFile(path, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)


@pytest.mark.parametrize("broken", ["PK\x03\x04 broken", "member", "sheet"])
def test_a_broken_workbook_is_told_of_in_words(tree: Tree, broken: str, tmp_path: Path) -> None:
    made = tmp_path / "broken.xlsx"
    if broken.startswith("PK"):
        made.write_bytes(broken.encode())
    elif broken == "member":
        with ZipFile(made, "w") as file:
            file.writestr("a.txt", "")
    else:
        forged(made, b"<worksheet><sheetData><row")
    with pytest.raises(InvalidTable) as refused:
        rows(made, tree)
    assert refused.value.message.zh.startswith("这个文件不是 .xlsx，或者已经损坏")
    assert not re.search("Error|Bad|[(（]", "".join(refused.value.message))


@pytest.mark.parametrize(
    ("numbers", "cells", "well"),
    [
        ("1 2 5", "AB", True),
        ("1 2 2", "AB", False),
        ("1 3 2", "AB", False),
        ("1 1 1", "AB", False),
        ("1 2 3", "BA", False),
        ("1 2 3", "AA", False),
    ],
)
def test_no_row_or_cell_of_a_workbook_is_lost(
    tree: Tree, numbers: str, cells: str, *, well: bool, tmp_path: Path
) -> None:
    written = [
        f'<row r="{n}">'
        + "".join(f'<c r="{c}{n}" t="inlineStr"><is><t>{text}</t></is></c>' for c in cells)
        + "</row>"
        for n, text in zip(numbers.split(), ["settled", "yes", "no"], strict=True)
    ]
    made = tmp_path / "made.xlsx"
    name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{name}"><sheetData>{"".join(written)}</sheetData></worksheet>'
    forged(made, sheet.encode())
    if well:
        assert [row.texts[0] for row in rows(made, tree)] == ["yes", "no"]
    else:
        with pytest.raises(InvalidTable, match="is damaged"):
            rows(made, tree)


def test_a_line_that_is_too_long(tree: Tree) -> None:
    line = json.dumps({"settled": "yes", "x": "y" * (3 * read.LONGEST_LINE)})
    found = rows(f'{{"settled": "no"}}\n{line}\n{{"settled": "yes"}}', tree)
    assert [(row.number, bool(row.fault)) for row in found] == [(1, False), (2, True), (3, False)]


def test_a_workbook_by_libreoffice(tree: Tree) -> None:
    found = rows(Path(__file__).with_name("made-by-libreoffice.xlsx"), tree)
    assert [row.number for row in found] == [2, 3, 4, 5, 6]
    assert [bool(row.fault) for row in found] == [False, False, True, False, False]
    assert found[2].fault is not None
    assert "6.22848040256489e+17" in found[2].fault.zh


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\x1f")),
            min_size=3,
            max_size=3,
        ),
        max_size=8,
    ),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_a_csv_comes_back_as_it_was_written(
    tree: Tree, written: list[list[str]], delimiter: str, encoding: str
) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows([["settled", "stamped", "x"], *written])
    data = file.getvalue().encode(encoding)
    expected = [row for row in written if any(cell.strip() for cell in row)]
    if encoding == "gb18030":  # some of it may happen to be UTF-8
        try:
            assert cells(data, tree) == expected
        except AssertionError:
            data.decode("utf-8")
    else:
        assert cells(data, tree) == expected


def test_a_table_that_changes_while_it_is_read(tree: Tree, tmp_path: Path) -> None:
    for name, start in (
        ("a.csv", "settled\n" + "no\n" * 100_000),
        ("a.jsonl", '{"settled": "no"}\n' * 9),
    ):
        table = tmp_path / name
        table.write_text(start)
        changed = pytest.raises(InvalidTable, match="was changed while it was read")
        with changed, open_table(table, tree) as found:
            with table.open("ab") as more:
                more.write(b"\xff\n")
            list(found.rows)
