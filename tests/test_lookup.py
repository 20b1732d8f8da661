import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtu_cli.lookup import Sighting, look_up
from xingtu_cli.rules.model import AccountField

LABELS = ("开户行信息", "账户名称", "银行卡号", "开户行", "户名")
NAME, NUMBER = "某某（北京）文化传媒有限公司", "0200001234567890123"
BANK = "中国工商银行股份有限公司北京朝阳支行"
PAGE = f"""结算单（第 2 页，共 2 页）
供应商账户信息
账户名称
银行卡号
开户行信息
{NAME}
0200 0012 3456 7890 123
{BANK[:12]}
{BANK[12:]}
2026 年 10 月 8 日"""


@pytest.mark.parametrize(("field", "right"), [("name", NAME), ("number", NUMBER), ("bank", BANK)])
def test_the_right_value_is_found_whatever_breaks_it(field: AccountField, right: str) -> None:
    assert look_up(field, right, PAGE, LABELS) == Sighting(right, sure=True)


@pytest.mark.parametrize(
    "page",
    [
        f"账户名称：{NAME} 银行卡号：1",
        f"账户名称{NAME}银行卡号1",
        f"账户名称:{NAME[:5]}\n{NAME[5:]}",
        f"甲方|{NAME}|乙方",
        " ".join(NAME),
    ],
)
def test_a_name_is_found_in_any_layout(page: str) -> None:
    assert look_up("name", NAME, page, LABELS) == Sighting(NAME, sure=True)


def test_other_brackets_are_seen_for_what_they_are() -> None:
    page = PAGE.replace("（北京）", "(北京)")
    assert look_up("name", NAME, page, LABELS) == Sighting("某某(北京)文化传媒有限公司", sure=True)
    wide = PAGE.replace("0200 0012", "０２００ 0012")
    assert look_up("number", NUMBER, wide) == Sighting("０２００001234567890123", sure=True)


def test_a_value_within_a_longer_one_is_not_it() -> None:
    assert look_up("name", "文化传媒有限公司", PAGE, LABELS) == Sighting(NAME, sure=False)
    assert look_up("bank", BANK[:12], PAGE, LABELS) == Sighting(BANK, sure=False)
    assert look_up("number", NUMBER[:-1], PAGE) == Sighting(NUMBER, sure=False)
    assert look_up("number", NUMBER[1:], PAGE) == Sighting(NUMBER, sure=False)


def test_what_is_most_like_it_is_a_guess() -> None:
    assert look_up("name", "某某（上海）文化传媒有限公司", PAGE, LABELS) == Sighting(
        NAME, sure=False
    )
    assert look_up("number", "0200001234657890123", PAGE) == Sighting(NUMBER, sure=False)
    assert look_up("bank", BANK.replace("朝阳", "海淀"), PAGE, LABELS) == Sighting(BANK, sure=False)


def test_what_is_nowhere_is_not_guessed() -> None:
    assert look_up("name", "无关科技集团", PAGE, LABELS) is None
    assert look_up("number", "99887766554433", PAGE) is None
    assert look_up("bank", "招商银行", "", LABELS) is None


def test_two_numbers_on_a_line_are_two() -> None:
    page = f"卡号 {NUMBER} 102100099996"
    assert look_up("number", NUMBER, page) == Sighting(NUMBER, sure=True)
    assert look_up("number", "102100099996", page) == Sighting("102100099996", sure=True)


def test_a_number_broken_over_two_lines_is_one() -> None:
    page = f"卡号\n{NUMBER[:8]}\n{NUMBER[8:]}"
    assert look_up("number", NUMBER, page) == Sighting(NUMBER, sure=True)


@given(st.text(max_size=200), st.text("某公司（）银行支 ", min_size=1, max_size=20))
def test_what_is_on_the_page_is_always_sighted(page: str, right: str) -> None:
    if right.strip():
        assert look_up("name", right, f"{page}\n{right}\n{page}", LABELS) is not None


def test_a_line_that_no_statement_has_is_not_searched() -> None:
    forged = "公" * 32_000
    start = time.process_time()
    assert look_up("name", forged[:190], f"{forged}\n{forged}", LABELS) is None
    assert time.process_time() - start < 5  # it took some 20 seconds
    assert look_up("name", NAME, f"{forged}\n{NAME}", LABELS) == Sighting(NAME, sure=True)


def test_a_page_as_long_as_they_come_is_searched_in_time() -> None:
    page = "\n".join(f"第{n}行 某某 文化传媒 有限公司{n} 0200{n:012}" for n in range(3000))
    start = time.process_time()
    look_up("name", NAME, page[:100_000], LABELS)
    look_up("number", NUMBER, page[:100_000])
    assert time.process_time() - start < 30  # more than it takes, less than its square would


@pytest.mark.parametrize("branch", ["城东支行", "城东分社", "城东营业所", "城东信用社"])
def test_a_bank_whose_branch_stands_on_the_next_line_is_not_identical(branch: str) -> None:
    found = look_up("bank", "江苏农村商业银行", f"开户行信息\n江苏农村商业银行\n{branch}\n", LABELS)
    assert found == Sighting(f"江苏农村商业银行{branch}", sure=False)
