import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.rules.test_load import HERE
from xingtu_cli.account import asked, examine
from xingtu_cli.account_page import as_json, as_page
from xingtu_cli.comparison import compare
from xingtu_cli.layout import laid_out
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import AccountField, Tree
from xingtu_cli.text import Lang

TREE = load()
TEXT = st.text("某公司北京（）()Aa 　\u200b\xa0银行支·\u0301", min_size=1, max_size=60)
NUMBER = st.text("0123456789", min_size=1, max_size=30)
RIGHT = "0200001234567890123"


def lines(
    field: AccountField, statement: str, right: str, lang: Lang = "zh", width: int = 80
) -> list[str]:
    account = examine(asked(TREE), {field: statement}, {field: right})
    page = as_page(account, lang, width, lambda _: True)
    parts = [part for line in page for part in laid_out(line, width)]
    return [" " * part.indent + part.text for part in parts]


def test_a_number_in_fours_with_its_swap_marked() -> None:
    assert lines("number", "0200001234657890123", RIGHT)[4:9] == [
        "× 银行卡号：不一致",
        "  结算单  0200 0012 3465 7890 123",
        "  应为    0200 0012 3456 7890 123",
        "                      ^^",
        "  · 第 11-12 位颠倒了：结算单是 65，应为 56",
    ]


def test_a_missing_digit_leaves_a_gap_and_the_groups_stay() -> None:
    assert lines("number", "020000123567890123", RIGHT)[5:8] == [
        "  结算单  0200 0012 3_56 7890 123",
        "  应为    0200 0012 3456 7890 123",
        "                     ^",
    ]


def test_brackets_of_different_width_stay_under_each_other() -> None:
    assert lines("name", "某某(北京)公司", "某某（北京）公司")[2:6] == [
        "≈ 账户名称：只有括号、全半角或空格不同",
        "  结算单  某某( 北京) 公司",
        "  应为    某某（北京）公司",
        "              ^^    ^^",
    ]


def test_what_shows_nothing_is_given_by_its_number() -> None:
    assert lines("name", "某\u200b某\x1b", "某某")[3:6] == [
        "  结算单  某<U+200B>某<U+001B>",
        "  应为    某________某________",
        "            ^^^^^^^^  ^^^^^^^^",
    ]


def test_a_long_bank_goes_over_several_pairs_in_40_columns() -> None:
    page = lines(
        "bank", "中国工商银行北京朝阳支行", "中国工商银行股份有限公司北京朝阳支行", width=40
    )
    at = page.index("× 开户行信息：不一致")
    assert page[at + 1 : at + 6] == [
        "  结算单  中国工商银行____________北京朝",
        "  应为    中国工商银行股份有限公司北京朝",
        "                      ^^^^^^^^^^^^",
        "  结算单  阳支行",
        "  应为    阳支行",
    ]


def test_a_character_that_the_console_lacks_is_given_by_its_number() -> None:
    account = examine(asked(TREE), {"name": "某鋐"}, {"name": "某𬭎"})
    page = as_page(account, "zh", 80, lambda c: c != "𬭎")
    assert [line.text for line in page[3:6]] == [
        "结算单  某鋐",
        "应为    某<U+2CB4E>",
        "          ^^^^^^^^^",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@given(pair=st.one_of(st.tuples(TEXT, TEXT), st.tuples(NUMBER, NUMBER)), width=st.integers(40, 100))
def test_the_marks_are_below_all_that_differs_and_nothing_else(
    lang: Lang, pair: tuple[str, str], width: int
) -> None:
    field: AccountField = "number" if pair[0].isdigit() and pair[1].isdigit() else "name"
    page = lines(field, *pair, lang, width)
    label = "结算单" if lang == "zh" else "statement"
    room = cell_len(label) + 4
    marked = 0
    for n, line in enumerate(page):
        if f"{line}  ".startswith(f"  {label}  "):
            marks = page[n + 2] if n + 2 < len(page) and not page[n + 2].strip(" ^") else ""
            ours, theirs = by_cell(line)[room:], by_cell(page[n + 1])[room:]
            for cell in range(max(len(ours), len(theirs))):
                same = ours[cell : cell + 1] == theirs[cell : cell + 1]
                if marks[room + cell : room + cell + 1] != "^":
                    assert same or " " in (ours[cell : cell + 1] + theirs[cell : cell + 1] or [" "])
                else:
                    marked += 1
            assert max(cell_len(line), cell_len(page[n + 1]), cell_len(marks)) <= width
    assert (marked > 0) == (compare(field, *pair).result != "identical")


def by_cell(line: str) -> list[str]:
    """The characters of a line by the cell; a wide one stands in both of its cells."""
    return [character for character in line for _ in range(cell_len(character))]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_line_is_wider_than_the_page(width: int, tree: Tree) -> None:
    statement: dict[AccountField, str] = {"name": "A" * 90, "number": "1" * 30, "bank": "行" * 60}
    right: dict[AccountField, str] = {"name": "A" * 80, "number": "12" * 15, "bank": "行" * 61}
    for lang in ("zh", "en"):
        page = as_page(examine(asked(tree), statement, right), lang, width, lambda _: True)
        parts = [part for line in page[:-1] for part in laid_out(line, width)]
        assert max(part.indent + cell_len(part.text) for part in parts) <= width


def test_the_last_line_is_what_to_pass_on() -> None:
    assert lines("number", RIGHT[1:], RIGHT)[-1] == "--wrong-fields account-number"
    assert lines("number", RIGHT, RIGHT)[-1] == "比对完才知道是不是全对，所以先不给出回答。"


def test_a_difference_in_form_says_why_it_counts_and_what_we_only_infer() -> None:
    page = "".join(lines("name", "某(某", "某（某"))
    assert "这里也按有误算" in page
    assert "（推断）有的银行不计较这类差别" in page


def test_quiet_leaves_out_the_hints() -> None:
    account = examine(asked(TREE), {"name": "某传媒"}, {"name": "某传媒公司"})
    texts = [line.text for line in as_page(account, "zh", 80, lambda _: True, quiet=True)]
    assert "· 结算单漏了“公司”（应在第 4-5 个字）" in texts
    assert not any("公司后缀" in text for text in texts)
    assert texts[-1] == "--wrong-fields account-name"


def test_without_a_question_there_is_nothing_to_pass_on() -> None:
    account = examine(asked(load(HERE / "valid" / "minimal.yaml")), {"name": "a"}, {"name": "b"})
    page = [line.text for line in as_page(account, "zh", 80, lambda _: True)]
    assert page[-1] == "这份规则里没有哪道题问账户信息，所以没有可以传下去的值。"


def test_json(tree: Tree) -> None:
    account = examine(asked(tree), {"number": "0200001234657890123"}, {"number": RIGHT})
    text = as_json(account, tree, "en")
    assert text.isascii()
    document = json.loads(text)
    assert list(document) == [
        *("schema", "program", "rules", "lang", "fields", "not_compared", "flag", "value"),
        *("complete", "conclusion"),
    ]
    (field,) = document["fields"]
    assert list(field) == [
        *("field", "compares", "label", "result", "guessed", "statement", "right"),
        *("differences", "hints"),
    ]
    assert (field["field"], field["result"]) == ("account-number", "different")
    assert field["differences"] == [
        {
            "change": "swapped",
            "statement": "65",
            "right": "56",
            "statement_at": 11,
            "right_at": 11,
            "text": "digits 11-12 are swapped: 65 on the statement, should be 56",
        }
    ]
    assert document["not_compared"] == ["account-name", "bank"]
    assert (document["flag"], document["value"]) == ("--wrong-fields", "account-number")
    assert document["complete"] is False
