"""What is written can be read again, and no spreadsheet runs it."""

import csv
import io
import json
import time
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtu_cli.errors import CannotWrite
from xingtu_cli.rules.model import Tree
from xingtu_cli.table import sheet, template
from xingtu_cli.table.columns import RESULTS, understand
from xingtu_cli.table.desk import Desk
from xingtu_cli.table.read import Format, Row, open_table
from xingtu_cli.table.tally import Tally
from xingtu_cli.table.template import csv_template, xlsx_template
from xingtu_cli.table.write import open_writer
from xingtu_cli.text import Lang, folded

TODAY = date(2026, 11, 23)
HEADER = ["已结算", "=备注", "new-amount"]
FORMULA = '=HYPERLINK("http://example.com","x")'


def written(
    tree: Tree, format_: Format, header: list[str], rows: Sequence[Sequence[object]]
) -> bytes:
    desk, tally, file = (
        Desk(tree, understand(tree, header), TODAY, "zh"),
        Tally(TODAY),
        io.BytesIO(),
    )
    writer = open_writer(format_, file, desk)
    try:
        for number, cells in enumerate(rows, 2):
            judged = desk.judge(Row.of(number, cells))
            writer.write(judged)
            tally.add(judged)
        writer.finish(tally)
    except BaseException:
        writer.drop()
        raise
    return file.getvalue()


def test_csv(tree: Tree) -> None:
    data = written(tree, "csv", HEADER, [["否", FORMULA, ""], ["maybe", "-5", None]])
    assert data.startswith(b"\xef\xbb\xbf")
    header, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert header == ["已结算", "'=备注", "new-amount", *(result.label for result in RESULTS)]
    assert first[:5] == ["否", "'" + FORMULA, "", "settle-first", "还没结算，先在即合后台提交结算"]
    assert second[1] == "-5"
    assert "“已结算”不能填“maybe”" in second[-1]
    assert data.count(b"\r\n") == data.count(b"\n")


def test_columns_that_are_called_the_same_have_keys_of_their_own(tree: Tree) -> None:
    header = ["settled", "x", "x", "", "x (2)", "x", ""]
    (line,) = written(tree, "jsonl", header, [["no", "1", "2", "3", "4", "5", "6"]]).splitlines()
    assert json.loads(line)["input"] == {
        "settled": "no",
        "x": "1",
        "x (3)": "2",
        "": "3",
        "x (2)": "4",
        "x (4)": "5",
        " (2)": "6",
    }


def test_as_many_columns_of_one_name_as_a_sheet_has(tree: Tree) -> None:
    header = ["settled", *("x", "") * 8_190]
    start = time.process_time()
    (line,) = written(tree, "jsonl", header, [["no", *range(16_380)]]).splitlines()
    assert list(json.loads(line)["input"].values()) == ["no", *range(16_380)]
    assert time.process_time() - start < 10  # a cubic time would be hours


def test_json_lines(tree: Tree) -> None:
    rows: list[list[object]] = [
        ["否", datetime(2026, 1, 2), ""],
        ["maybe", "x", None],
        ["是", "", ""],
    ]
    lines = [json.loads(line) for line in written(tree, "jsonl", HEADER, rows).splitlines()]
    assert [line["row"] for line in lines] == [2, 3, 4]
    assert lines[0]["outcome"] == "settle-first"
    assert lines[0]["input"] == {"已结算": "否", "=备注": "2026-01-02"}
    assert lines[1]["error"]["code"] == "invalid-answer"
    assert "outcome" not in lines[1]
    missing = lines[2]["error"]
    assert [each["question"] for each in missing["missing"]] == ["stamped"]
    assert missing["possible"]
    assert set(lines[0]) >= {"schema", "program", "rules", "steps", "computed"}


def workbook(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def test_xlsx(tree: Tree) -> None:
    header = ["settled", "stamped", "mailed-on", "wrong-fields", "statement-status", "new-amount"]
    header += ["invoiced-amount", "x"]
    late: list[object] = ["yes", "yes", date(2026, 10, 8), "bank", "cancellable", 12000.0, 10000]
    rows: list[list[object]] = [
        [*late, FORMULA],
        [*late[:5], 9000, 10000, "#N/A"],
        ["no", *[None] * 6, -5],
    ]
    rows += [["no", *[None] * 6, "\x00\x1b\ud800"], ["no", *[None] * 6, 6228480402564891234]]
    rows += [["no", *[None] * 6, "=" * 40_000], ["?", *[None] * 7]]
    rows += [[*late[:4], "withdrawn", *[None] * 3]]
    book = workbook(written(tree, "xlsx", header, rows))
    results, summary = book.worksheets
    assert results.freeze_panes == "A2"
    assert results.auto_filter.ref == "A1:R9"
    names = [cell.value for cell in results[1]]
    assert names[8:] == [result.name for result in RESULTS]
    at = {name: number for number, name in enumerate(names)}
    first = results[2]
    assert first[at["mailed-on"]].value == datetime(2026, 10, 8)
    assert first[at["due"]].value == datetime(2026, 10, 28)
    assert first[at["due"]].number_format == "yyyy-mm-dd"
    assert first[at["difference"]].value == 2000
    assert first[at["difference"]].number_format == "#,##0.00"
    assert (first[at["x"]].value, first[at["x"]].data_type) == (FORMULA, "s")
    assert first[at["x"]].quotePrefix
    assert (results[3][at["x"]].value, results[3][at["x"]].data_type) == ("#N/A", "s")
    assert results[4][at["x"]].value == -5
    assert results[5][at["x"]].value == "\\x00\\x1b\\ud800"
    assert results[6][at["x"]].value == "6228480402564891234"
    assert len(results[7][at["x"]].value) == sheet.LONGEST_TEXT
    said = [[cell.value for cell in row if cell.value is not None] for row in summary.iter_rows()]
    assert ["结算单可以取消，按“情况一”处理", "cancellable", 2] in said
    assert ["新的金额更大", 1, 2000] in said
    assert ["新的金额更小", 1, 1000] in said
    assert ["已逾期", 3] in said
    assert [datetime(2026, 12, 1), 1] in said
    assert ["合计", 8] in said


def test_a_sheet_has_an_end(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 2)
    with pytest.raises(CannotWrite, match="write CSV instead"):
        written(tree, "xlsx", ["settled"], [["no"], ["no"]])


def test_what_is_no_number_in_any_format(tree: Tree) -> None:
    row = ["no", float("inf"), float("nan")]
    line = json.loads(written(tree, "jsonl", ["settled", "x", "y"], [row]), parse_constant=int)
    assert line["input"] == {"settled": "no", "x": "Infinity", "y": "NaN"}
    with open_table(io.BytesIO(written(tree, "xlsx", ["settled", "x", "y"], [row])), tree) as table:
        assert next(table.rows).cells[:3] == ["no", "Infinity", "NaN"]


@pytest.mark.parametrize("year", [1970, 2108])
def test_a_clock_that_is_wrong(tree: Tree, year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = time.struct_time((year, 1, 1, 0, 0, 0, 0, 1, 0))
    monkeypatch.setattr(time, "localtime", lambda _=None: wrong)
    for data in (written(tree, "xlsx", HEADER, [["否", "", ""]]), xlsx_template(tree, "zh")):
        assert workbook(data).active.max_row >= 2


def test_more_columns_than_a_sheet_has(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_COLUMNS", 2 + len(RESULTS))
    assert written(tree, "xlsx", ["settled", "x"], [["no", ""]])
    with pytest.raises(CannotWrite, match="more than 16,384 columns"):
        written(tree, "xlsx", ["settled", "x", "y"], [["no", "", ""]])


def test_a_template_of_more_columns_than_a_sheet_has(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = len(tree.questions) + len(tree.details)
    monkeypatch.setattr(template, "MOST_COLUMNS", asked)
    assert xlsx_template(tree, "zh")
    monkeypatch.setattr(template, "MOST_COLUMNS", asked - 1)
    with pytest.raises(CannotWrite, match="the rules ask more than 16,384 things"):
        xlsx_template(tree, "zh")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("x" * 32_767, "x" * 32_767),
        ("x" * 32_768, "x" * 32_766 + "…"),
        ("😀" * 16_383 + "x", "😀" * 16_383 + "x"),
        ("😀" * 16_384, "😀" * 16_383 + "…"),
        ("x" + "😀" * 16_384, "x" + "😀" * 16_382 + "…"),
        ("\x01" * 8_192, "\\x01" * 8_191 + "\\x…"),
        (["x" * 20_000, "\x02" + "x" * 20_000], "x" * 20_000 + ",\\x02" + "x" * 12_761 + "…"),
    ],
    ids=["fits", "one-more", "pairs-fit", "pairs", "half-a-pair", "written-as-numbers", "list"],
)
def test_a_cell_is_no_longer_than_excel_counts(tree: Tree, text: object, kept: str) -> None:
    file = io.BytesIO()
    desk = Desk(tree, understand(tree, ["settled", "x"]), TODAY, "zh")
    writer = open_writer("xlsx", file, desk)
    tally = Tally(TODAY)
    writer.write(desk.judge(Row.of(2, ["no", text])))
    writer.finish(tally)
    assert workbook(file.getvalue()).worksheets[0]["B2"].value == kept
    assert writer.cut == (text != kept)


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12)


@given(st.lists(TEXTS.filter(lambda text: text.strip()), min_size=1, max_size=4))
@pytest.mark.parametrize("format_", ["csv", "xlsx", "jsonl"])
def test_the_output_of_any_text_is_read_again(
    tree: Tree, format_: Format, texts: list[str]
) -> None:
    data = written(tree, format_, ["settled", "x"], [["no", text] for text in texts])
    if format_ == "jsonl":
        assert [json.loads(line)["input"]["x"] for line in data.splitlines()] == texts
        return
    with open_table(io.BytesIO(data), tree) as table:
        columns = understand(tree, table.header)
        assert columns.written == tuple(table.header)
        rows = list(table.rows)
    own = [str(row.cells[1]) for row in rows]
    unmarked = [text[1:] if text[:1] == "'" else text for text in own]
    plain = [text[1:] if text[:1] == "'" else text for text in texts]
    assert unmarked == plain
    assert [row.cells[2] for row in rows] == ["settle-first"] * len(texts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_templates_are_read_back_empty_and_filled(tree: Tree, tmp_path: Path, lang: Lang) -> None:
    for make in (csv_template, xlsx_template):
        data = make(tree, lang)
        with open_table(io.BytesIO(data), tree) as table:
            columns = understand(tree, table.header)
            assert (
                len(columns.asked) == len(table.header) == len(tree.questions) + len(tree.details)
            )
            assert columns.slips == ()
            assert columns.chinese == (lang == "zh")
            assert list(table.rows) == []
    book = workbook(xlsx_template(tree, lang))
    front, choices = book.worksheets
    assert choices.sheet_state == "hidden"
    labels = {cell.value: cell.column_letter for cell in front[1]}
    tracking = tree.details["tracking-number"]
    letter = labels[tracking.label.zh if lang == "zh" else tracking.id]
    assert front.column_dimensions[letter].number_format == "@"
    lists = [rule for rule in front.data_validations.dataValidation if rule.type == "list"]
    assert len(lists) == sum(q.type == "choice" for q in tree.questions.values())
    for rule in lists:  # each value offered is an answer
        column = str(rule.sqref).split("3:")[0]
        name = front[f"{column}1"].value
        question = columns_question(tree, name)
        offered = [row[0].value for row in choices[f"{column}1:{column}{len(question.choices)}"]]
        assert [question.words[folded(text)] for text in offered] == list(question.choices)
    for at, name in labels.items():
        assert name
        assert at
    front.append(["否" if cell.value in ("已自助结算", "settled") else None for cell in front[1]])
    filled = io.BytesIO()
    book.save(filled)
    filled.seek(0)
    with open_table(filled, tree) as table:
        (row,) = table.rows
        judged = Desk(tree, understand(tree, table.header), TODAY, lang).judge(row)
        assert judged.results.outcome == "settle-first"
        assert judged.results.difference in (None, Decimal(0))


def columns_question(tree: Tree, name: str) -> Any:
    return tree.columns[name.replace("-", "").casefold()]
