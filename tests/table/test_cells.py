"""What a cell says, what Excel destroyed, and what a spreadsheet may not run."""

import csv
import io
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtu_cli.table import cells


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("  as it is ", "  as it is "),
        (None, ""),
        (True, "TRUE"),
        (12000, "12000"),
        (12000.0, "12000"),
        (10000.1, "10000.1"),
        (0.1 + 0.2, "0.3"),
        (1.1 * 3, "3.3"),
        (1e-7, "0.0000001"),
        (float("inf"), "Infinity"),
        (1234567890123450.0, "1234567890123450"),
        (1.2345678901234502e19, "12345678901234502000"),
        (1e30, "1" + "0" * 30),
        (datetime(2026, 10, 8), "2026-10-08"),
        (datetime(2026, 10, 8, 14, 30), "2026-10-08 14:30:00"),
        (date(2026, 10, 8), "2026-10-08"),
        (time(9, 5), "09:05:00"),
        (["bank", 1.0, None], "bank,1,"),
        ({"a": [1]}, '{"a": [1]}'),
    ],
)
def test_text(cell: object, said: str) -> None:
    assert cells.text(cell) == said


@given(st.decimals(min_value=0, max_value=Decimal("9999999999.99"), places=2))
def test_a_float_of_cents_comes_back_exact(amount: Decimal) -> None:
    assert Decimal(cells.text(float(amount))) == amount


@pytest.mark.parametrize(
    ("cell", "typed"),
    [("'0012", "0012"), ("'=x", "=x"), ("'小明'", "'小明'"), ("plain", "plain"), (3, "3")],
)
def test_the_mark_of_a_text_is_no_part_of_it(cell: object, typed: str) -> None:
    assert cells.unmarked(cells.text(cell)) == typed


@pytest.mark.parametrize(
    "cell",
    [
        *(1234567890123456, -1234567890123456, 110105199003071233, 6228480402564891234, 3**700),
        *(10**15 + 1, 2**53 - 1, 75312345678901, True, "1234567890123450"),
    ],
)
def test_digits_that_are_all_its_own_are_kept(cell: object) -> None:
    kept = cells.whole(cell)
    assert (type(kept), kept) == (type(cell), cell)
    assert found([kept]) is None


def test_what_java_writes_of_a_whole_number_is_that_number() -> None:
    assert type(cells.whole(1.234567890123456e15)) is int
    assert cells.text(cells.whole(1.234567890123456e15)) == "1234567890123456"


@pytest.mark.parametrize(
    "cell",
    [
        *(1234567890123450, 10**15, 6228480402564890000, 6228480402564891000, 12345678901234568),
        *(1234567890123450.0, 1234567890123456.5, 6.22848040256489e18, 1e305, float("-inf")),
    ],
)
def test_digits_that_are_not_all_its_own_are_said_as_they_are(cell: float) -> None:
    kept = cells.whole(cell)
    assert type(kept) is float
    assert cells.text(kept) == cells.text(cell)
    assert found([kept]) == 0


def found(row: list[object]) -> int | None:
    return cells.destroyed(row, cells.texts(row))


@pytest.mark.parametrize(
    "cell",
    [
        *("6.2E+18", "6.22848E+18", "7.53123E+13", "6e+18", " 6.2E+18 ", "1.2E+105"),
        *("6228480402564890000", "622848040256489000", 6.22848040256489e17, 1e15),
        *(6228480402564890000,),
    ],
)
def test_destroyed(cell: object) -> None:
    assert found(["fine", cell]) == 1


@pytest.mark.parametrize(
    "cell",
    [
        *("6228480402564891234", "6228480402564890", "SF1234567890123", "12000.00", "1E5"),
        *("'6228480402564890000", "\t6228480402564890000", "100000000000000", 75312345678901),
        *("6.2E+10", "no 6.2E+18 here", "", None, True, date(2026, 10, 8), 1e14),
        *("0000000000000000000", "6.2E+18\n1"),
    ],
)
def test_not_destroyed(cell: object) -> None:
    assert found(["fine", cell, 1]) is None
    assert found([cell]) is None


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"),
        *("-2+3+cmd|' /C calc'!A0", "+86 138-0000-0000", '=HYPERLINK("http://x","y")', "-", "="),
    ],
)
def test_a_formula_is_disarmed(text: str) -> None:
    harmless = text == "-"
    assert cells.disarmed(text) == (text if harmless else f"'{text}")


@pytest.mark.parametrize("text", ["-5", "-1,234.50", "+8613800000000", "-3%", "--", "", "a=b"])
def test_a_number_stays_a_number(text: str) -> None:
    assert cells.disarmed(text) == text


@given(st.text())
def test_disarming_can_be_taken_back_and_is_done_once(text: str) -> None:
    disarmed = cells.disarmed(text)
    assert cells.disarmed(disarmed) == disarmed
    assert cells.unmarked(disarmed) in (text, text[1:])
    if disarmed != text:
        assert cells.unmarked(disarmed) == text


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=2))
def test_no_cell_of_a_csv_begins_as_a_formula(row: list[str]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow([cells.disarmed(cell) for cell in row])
    for cell in next(csv.reader(io.StringIO(file.getvalue(), newline=""))):
        assert cell[:1] not in cells.FORMULA or cells.disarmed(cell) == cell
