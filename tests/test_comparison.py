import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xingtu_cli.comparison import Comparison, align, compact, compare
from xingtu_cli.rules.model import AccountField

NAME = st.text("某公司北京（）()ＡA 　\u200b\xa0银行支已己·㈱", max_size=20)
ANY = st.text(max_size=12)
NUMBER = st.text("0123456789", min_size=10, max_size=30)
RIGHT = "0200001234567890123"


def said(field: AccountField, statement: str, right: str) -> list[str]:
    return [each.text.zh for each in compare(field, statement, right).differences]


def sides(comparison: Comparison) -> tuple[str, str]:
    columns = comparison.columns
    return "".join(c.statement for c in columns), "".join(c.right for c in columns)


def replayed(right: str, comparison: Comparison) -> str:
    """The right text with every difference made at the place that it names."""
    text, shift = right, 0
    for each in comparison.differences:
        at = each.right_at - 1 + shift
        assert text[at : at + len(each.right)] == each.right
        assert at == each.statement_at - 1
        text = text[:at] + each.statement + text[at + len(each.right) :]
        shift += len(each.statement) - len(each.right)
    return text


@given(st.one_of(NAME, ANY), st.one_of(NAME, ANY))
def test_identical_is_the_same_text_and_nothing_else(one: str, other: str) -> None:
    assert (compare("name", one, other).result == "identical") == (one == other)


@given(st.one_of(NAME, ANY), st.one_of(NAME, ANY), st.sampled_from(["name", "number", "bank"]))
def test_the_result_is_the_same_from_either_side(one: str, other: str, field: AccountField) -> None:
    assert compare(field, one, other).result == compare(field, other, one).result


@given(NAME, st.data())
def test_what_only_differs_in_form_is_neither_identical_nor_different(
    name: str, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(name)))
    space = data.draw(st.sampled_from([" ", "\u3000", "\xa0", "\u200b", "\t"]))
    assert compare("name", name[:at] + space + name[at:], name).result == "formatting"
    wide = name.replace("(", "（").replace(")", "）").replace("A", "Ａ")
    assume(wide != name)
    assert compare("bank", name, wide).result == "formatting"


@given(st.one_of(NAME, ANY), st.one_of(NAME, ANY))
def test_the_columns_hold_both_texts(one: str, other: str) -> None:
    comparison = compare("name", one, other)
    assert sides(comparison) == (one, other)
    assert all(column.statement or column.right for column in comparison.columns)


@given(st.one_of(NAME, ANY), st.one_of(NAME, ANY))
def test_the_differences_are_the_columns_that_differ(one: str, other: str) -> None:
    comparison = compare("name", one, other)
    marked = [column for column in comparison.columns if column.differs]
    ours = "".join(each.statement for each in comparison.differences)
    theirs = "".join(each.right for each in comparison.differences)
    assert (ours, theirs) == (
        "".join(column.statement for column in marked),
        "".join(column.right for column in marked),
    )
    assert replayed(other, comparison) == one


@given(NUMBER, NUMBER)
def test_the_differences_of_two_numbers_lead_from_one_to_the_other(one: str, other: str) -> None:
    assert replayed(other, compare("number", one, other)) == one


@given(NUMBER, st.data())
def test_two_digits_that_changed_places_are_named(right: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(right) - 2))
    a, b = right[at], right[at + 1]
    assume(a != b)
    comparison = compare("number", right[:at] + b + a + right[at + 2 :], right)
    (only,) = comparison.differences
    assert only.change == "swapped"
    turned = right[: only.right_at - 1] + only.right[::-1] + right[only.right_at + 1 :]
    assert turned == sides(comparison)[0]
    assert f"第 {only.right_at}-{only.right_at + 1} 位颠倒了" in only.text.zh


@given(NUMBER, st.data())
def test_a_missing_digit_is_named(right: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(right) - 1))
    statement = right[:at] + right[at + 1 :]
    (only,) = compare("number", statement, right).differences
    assert only.change == "missing"
    assert right[: only.right_at - 1] + right[only.right_at :] == statement
    assert only.right == right[at]


@given(NUMBER, st.data())
def test_a_digit_too_many_is_named(right: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(right)))
    digit = data.draw(st.sampled_from("0123456789"))
    statement = right[:at] + digit + right[at:]
    (only,) = compare("number", statement, right).differences
    assert only.change == "extra"
    assert statement[: only.statement_at - 1] + statement[only.statement_at :] == right


@given(NUMBER, st.data())
def test_spaces_and_hyphens_in_a_number_do_not_count(right: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(right)))
    mark = data.draw(st.sampled_from([" ", "-", "－", "\u3000", "\xa0", " - "]))
    written = right[:at] + mark + right[at:]
    assert compare("number", written, right).result == "identical"
    assert compact(written) == right


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("0200001234657890123", ["第 11-12 位颠倒了：结算单是 65，应为 56"]),
        ("020000123457890123", ["结算单漏了“6”（应在第 12 位）"]),
        ("02000012345667890123", ["结算单第 12-13 位是 2 个 6，多了 1 个"]),
        ("020001234567890123", ["第 3-6 位应是 4 个 0，结算单漏了 1 个"]),
        ("0200001239567890123", ["第 10 位：结算单是 9，应为 4"]),
        (
            "200001239567890123",
            ["结算单漏了“0”（应在第 1 位）", "第 10 位（结算单上从第 9 位起）：结算单是 9，应为 4"],
        ),
        ("0200001234567", ["结算单漏了“890123”（应在第 14-19 位）"]),
        ("０200001234567890123", ["第 1 位：结算单是全角“０”，应为半角 0"]),
    ],
)
def test_what_is_said_about_a_number(statement: str, told: list[str]) -> None:
    assert said("number", statement, RIGHT) == told


@pytest.mark.parametrize(
    ("statement", "right", "told"),
    [
        (
            "某某(北京)公司",
            "某某（北京）公司",
            [
                "第 3 个字：结算单是半角括号“(”，应为全角括号“（”",
                "第 6 个字：结算单是半角括号“)”，应为全角括号“）”",
            ],
        ),
        ("某某 公司", "某某公司", ["结算单多了空格（结算单第 3 个字）"]),
        ("某某公司", "某某  公司", ["结算单漏了 2 个空格（应在第 3-4 个字）"]),
        ("某\xa0某", "某 某", ["第 2 个字：结算单是不换行空格（U+00A0），应为空格"]),
        ("某\u3000某", "某某", ["结算单多了全角空格（U+3000）（结算单第 2 个字）"]),
        ("某\u200b某", "某某", ["结算单多了看不见的零宽空格（U+200B）（结算单第 2 个字）"]),
        ("某\u202a某", "某某", ["结算单多了看不见的字符（U+202A）（结算单第 2 个字）"]),
        ("⽀行", "支行", ["第 1 个字：结算单是“⽀”（U+2F40），应为“支”（U+652F）"]),
        ("ＡB公司", "AB公司", ["第 1 个字：结算单是全角“Ａ”，应为半角“A”"]),
        ("㈱某", "(株)某", ["第 1-3 个字：结算单是“㈱”，应为“(株)”"]),
    ],
)
def test_what_is_said_when_only_the_form_differs(
    statement: str, right: str, told: list[str]
) -> None:
    assert compare("name", statement, right).result == "formatting"
    assert said("name", statement, right) == told


def test_what_is_said_about_a_text() -> None:
    assert said("bank", "贵州银行贵阳支行", "贵阳银行贵阳分行") == [
        "第 2 个字：结算单是“州”，应为“阳”",
        "第 7 个字：结算单是“支”，应为“分”",
    ]
    assert said("name", "某某传媒有限公司", "某某文化传媒公司") == [
        "结算单漏了“文化”（应在第 3-4 个字）",
        "结算单多了“有限”（结算单第 5-6 个字）",
    ]
    assert said("name", "a\x1bb", "ab!") == [
        "结算单多了看不见的字符（U+001B）（结算单第 2 个字）",
        "结算单漏了“!”（应在第 3 个字）",
    ]


def test_english_says_the_same() -> None:
    swapped, lacking = compare("number", "020000123465789013", RIGHT).differences
    assert swapped.text.en == "digits 11-12 are swapped: 65 on the statement, should be 56"
    assert lacking.text.en == "the statement lacks “2” (digit 18)"


def test_a_swap_stands_in_both_columns() -> None:
    columns = align("ab", "ba")
    assert [(c.statement, c.right, c.swapped) for c in columns] == [
        ("a", "b", True),
        ("b", "a", True),
    ]


@given(NAME)
def test_a_canonical_equivalent_is_a_matter_of_form(name: str) -> None:
    composed, taken_apart = name + "é", name + unicodedata.normalize("NFD", "é")
    assert compare("name", taken_apart, composed).result == "formatting"


def test_long_texts_are_aligned_in_time() -> None:
    import time

    start = time.process_time()
    compare("name", "某公" * 100, "公某司" * 66)
    assert time.process_time() - start < 30  # far more than it takes, far less than trying all ways


def test_full_width_digits_are_told_of_in_one_line() -> None:
    wide = NUMBER_IN_WORDS.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    found = compare("number", wide, NUMBER_IN_WORDS)
    assert found.result == "formatting"
    assert [each.text.zh for each in found.differences] == ["第 1-19 位都是全角数字，应为半角"]
    assert found.differences[0].text.en == "digits 1-19 are full-width, should be half-width"


NUMBER_IN_WORDS = "0200001234567890123"


@pytest.mark.parametrize(
    ("statement", "right", "told"),
    [
        ("招商银行北京分行", "招商银行", "结算单多了“北京分行”（结算单第 5-8 个字）"),
        ("招商银行", "招商银行北京分行", "结算单漏了“北京分行”（应在第 5-8 个字）"),
        ("某公司", "某公司分公司", "结算单漏了“分公司”（应在第 4-6 个字）"),
    ],
)
def test_a_gap_stands_where_a_word_ends(statement: str, right: str, told: str) -> None:
    found = compare("bank", statement, right)
    assert [each.text.zh for each in found.differences] == [told]
    assert "".join(column.statement for column in found.columns) == statement
    assert "".join(column.right for column in found.columns) == right
