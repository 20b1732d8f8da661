"""Problems on a page: the line, the mark under the word at fault, the hint."""

import pytest

from xingtu_cli.errors import InvalidRules, Problem
from xingtu_cli.layout import cells
from xingtu_cli.report import as_page
from xingtu_cli.text import NOTHING, Text

WRONG = Text("错了", "wrong")


def page(row: str, column: int, width: int = 80, hint: Text = NOTHING) -> list[str]:
    problem = Problem("r.yaml", 2, column, WRONG, "XT000", hint)
    error = InvalidRules([problem], f"first\n{row}\nlast")
    return [" " * line.indent + line.text for line in as_page(error, "en", width)]


def test_a_problem_with_its_line_its_mark_and_its_hint() -> None:
    assert page("then: mail", 7, hint=Text("改", "write mailed")) == [
        "r.yaml:2:7: wrong [XT000]",
        "    2 | then: mail",
        "      |       ^^^^",
        "    Hint: write mailed",
        "",
        "r.yaml: problems: 1",
    ]


@pytest.mark.parametrize(
    ("row", "column", "marked"),
    [
        ("标题: 打款失败, en: x", 5, "打款失败"),
        ('  ask: {zh: "到账了吗？"}', 13, '"到账了吗？"'),
        ("问：{dew}已过", 3, "{dew}"),
        ("a: 'it', b", 4, "'it'"),
    ],
)
def test_the_mark_is_as_wide_as_the_word_above_it(row: str, column: int, marked: str) -> None:
    _, above, mark, *_ = page(row, column)
    begin = mark.index("^")
    assert mark.strip(" |") == "^" * cells(marked)
    assert cells(above[: above.index(marked)]) == begin


def test_a_tab_is_seen() -> None:
    assert page("\tthen: x", 1)[1:3] == ["    2 | →   then: x", "      | ^^^^"]


def test_nothing_in_a_line_can_steer_the_terminal() -> None:
    shown = "\n".join(page("a: \x1b[31mred\x1b[0m [bold]x", 4))
    assert "\x1b" not in shown
    assert r"a: \x1b[31mred\x1b[0m [bold]x" in shown


@pytest.mark.parametrize("column", [1, 40, 5_000, 99_990, 100_000, 100_001])
@pytest.mark.parametrize("letter", ["x", "款", "\t", "\x1b"])
def test_a_long_line_is_cut_around_the_mark(column: int, letter: str) -> None:
    _, above, mark, *_ = page(letter * 100_000, column, width=60)
    assert cells(above) <= 60
    assert cells(mark) <= 60
    assert "^" in mark


@pytest.mark.parametrize("length", [1, 30, 60])
def test_a_long_mark_leaves_nothing_out(length: int) -> None:
    row = (
        "zh：" + "在资质信息页往下拉点修改银行信息把有误的改对用手机或邮箱验证"[:length] + "（约）"
    )
    _, above, mark, *_ = page(row, 1)
    assert above.removeprefix("    2 | ").rstrip("…") in row
    assert above.endswith("…") == (cells(row) > 72)
    assert cells(mark) <= cells(above)


def test_a_place_past_the_text_has_no_excerpt() -> None:
    problem = Problem("r.yaml", 9, 1, WRONG, "XT000")
    lines = [line.text for line in as_page(InvalidRules([problem], "a"), "zh", 80)]
    assert lines == ["r.yaml:9:1: 错了 [XT000]", "", "r.yaml：1 处问题"]


def test_too_many_to_list() -> None:
    error = InvalidRules([Problem("r.yaml", 1, 1, WRONG, "XT000")], "a", more=True)
    assert as_page(error, "zh", 80)[-1].text == "r.yaml：1 处问题，也许更多；请先改这些"
