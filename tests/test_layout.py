import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from xingtu_cli.layout import Line, cells, laid_out, padded, safe, wrap
from xingtu_cli.render import table

CLOSING = "，。；：、？！）】」』》"
OPENING = "（【「『《"
TEXT = st.text(
    st.sampled_from("结算单打款失败，。；：、？！）】」』》（【「『《 abc 123-.,%→·"), max_size=80
)


@given(TEXT, st.integers(20, 100), st.integers(0, 6))
def test_no_line_is_wider_than_asked(text: str, width: int, hanging: int) -> None:
    for n, line in enumerate(wrap(text, width, hanging)):
        assert cell_len(line) <= (width - hanging if n else width)


@given(TEXT, st.integers(20, 100))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")


def test_closing_punctuation_never_begins_a_line() -> None:
    text = "结算单，已经「取消」。发票（补开）：寄出！" * 8
    for width in range(20, 60):
        lines = wrap(text, width)
        assert all(line[0] not in CLOSING for line in lines)
        assert all(line[-1] not in OPENING for line in lines[:-1])


def test_a_label_in_an_english_text_stays_whole() -> None:
    text = "Download the statement and see 「供应商账户信息」 on its very last page"
    for width in range(20, 70):
        assert any("「供应商账户信息」" in line for line in wrap(text, width))


def test_a_word_too_long_is_cut() -> None:
    assert wrap("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert wrap("", 10) == [""]


@given(TEXT, st.integers(-20, 20), st.integers(0, 200), st.integers(0, 30))
def test_a_window_may_become_narrower_than_the_page_was_composed_for(
    text: str, width: int, hanging: int, indent: int
) -> None:
    lines = [line.text for line in laid_out(Line(text, indent, hanging=hanging), width)]
    assert len(lines) <= len(text) + 1
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert "".join(wrap(text, width, hanging)).replace(" ", "") == text.replace(" ", "")


def test_a_line_hangs_less_where_there_is_little_room() -> None:
    lines = list(laid_out(Line("打款失败" * 10, 2, hanging=60), 42))
    assert [line.indent for line in lines] == [2] + [32] * (len(lines) - 1)
    assert all(line.indent + cells(line.text) <= 42 for line in lines)


@pytest.mark.parametrize(
    ("label", "text", "beside"),
    [
        (20, 300, True),
        (56, 300, True),
        (57, 300, False),
        (74, 1, True),
        (77, 1, False),
        (90, 1, False),
    ],
)
def test_a_table_is_stacked_where_its_labels_leave_no_room(
    label: int, text: int, *, beside: bool
) -> None:
    rows = [("标" * (label // 2) + "x" * (label % 2), "1" * text), ("短", "2")]
    lines = [part for line in table(rows, "zh", 80) for part in laid_out(line, 80)]
    assert all(line.indent + cells(line.text) <= 80 for line in lines)
    assert ("短：2" in [line.text for line in lines]) != beside


def test_a_verbatim_line_is_left_alone() -> None:
    line = Line("x" * 200, verbatim=True)
    assert list(laid_out(line, 40)) == [line]


def test_a_text_is_padded_by_the_cell() -> None:
    assert padded("打款a", 8) == "打款a   "
    assert padded("打款", 2) == "打款"


def test_a_line_steers_no_terminal_and_stays_one() -> None:
    line = Line("\x1b[31m打\n款", 2, "note", 4, verbatim=True, lead="├─ ", under="│  ")
    assert safe(line) == line._replace(text="\\x1b[31m打 款")
