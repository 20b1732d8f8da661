import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtu_cli.comparison import compare
from xingtu_cli.hints import hints, satisfies_luhn
from xingtu_cli.rules.model import AccountField

CARD = "6222020000001234566"  # its last digit checks the others; nobody's


def told(field: AccountField, statement: str, right: str) -> str:
    return "".join(hint.zh for hint in hints(compare(field, statement, right)))


@pytest.mark.parametrize(
    ("statement", "right", "hint"),
    [
        ("某某传媒", "某某传媒有限公司", "只差公司后缀：结算单上没写“有限公司”。"),
        ("某某传媒有限公司", "某某传媒", "正确名称没有后缀，请确认没有抄漏"),
        ("某某有限责任公司", "某某有限公司", "“有限责任公司”和“有限公司”，以营业执照上的写法为准"),
        ("某某【北京】公司", "某某（北京）公司", "只差括号的样式。"),
        ("某某传媒有限公司", "某某传媒有限公司北京分公司", "一边是另一边的一部分"),
        ("甲乙丙丁", "某某文化传媒有限公司", "（推断）两个名称差别很大"),
        ("干己公司", "千已公司", "“干”和“千”字形相近，容易看错。“己”和“已”字形相近"),
        ("АB公司", "AB公司", "“А”和“A”字形相近"),
        ("abc公司", "ABC公司", "只差字母大小写。"),
        ("ﬁn", "fin", ""),  # a ligature
        ("某某", "某某", ""),
        ("某(某", "某（某", ""),
    ],
)
def test_a_name(statement: str, right: str, hint: str) -> None:
    if hint:
        assert hint in told("name", statement, right)
    else:
        assert told("name", statement, right) == ""


@pytest.mark.parametrize(
    ("statement", "right", "hint"),
    [
        ("招商银行北京支行", "招商银行上海分行", "银行相同（招商银行），只是支行、分行部分不同。"),
        ("招商银行", "招商银行上海分行", "结算单只写到“招商银行”，没写支行、分行。"),
        ("招商银行上海分行", "招商银行", "结算单写到了支行、分行，给出的正确开户行没有"),
        (
            "招商银行上海分行",
            "招商银行股份有限公司上海分行",
            "只差银行全称里的“股份有限公司”等字样",
        ),
        ("贵州银行贵阳支行", "贵阳银行贵阳支行", "“贵州银行”和“贵阳银行”是两家名称相近的银行。"),
        ("建设银行", "招商银行", "“建设银行”和“招商银行”是两家不同的银行。"),
        ("工商银行上海分行", "中国工商银行上海分行", "像是同一家银行的简称和全称"),
        ("农村信用合作联社", "农村信用合作联社城关分社", "结算单没写支行、分行。"),
    ],
)
def test_a_bank(statement: str, right: str, hint: str) -> None:
    assert hint in told("bank", statement, right)


@pytest.mark.parametrize(
    ("statement", "right", "hint"),
    [
        ("0200 0012-3456", "020000123456", "只是书写时的空格或连字符不同，数字完全一致。"),
        ("02000012345", "020000123456", "位数不同：结算单 11 位，应为 12 位。"),
        ("020000123", "020000123", "正确账号有 9 位；对公账号一般是 10-30 位"),
        ("020000123456789000000", "020000123456789012345", "结算单上的账号从第 16 位起全是 0"),
        ("020000123456789012345", "020000123456789000000", "给出的正确账号从第 16 位起全是 0"),
        ("0200001234567890009", "0200001234567890001", "仅供参考"),
        (CARD, CARD, "（推断）给出的正确账号像是银行卡号（62 开头）"),
    ],
)
def test_a_number(statement: str, right: str, hint: str) -> None:
    assert hint in told("number", statement, right)


def test_what_cannot_be_seen_is_no_digit() -> None:
    assert told("number", "12345\u200b67890", "1234567890") == ""
    (hint,) = hints(compare("number", "1", "1"))
    assert hint.en.startswith("The right number given has 1 digit; corporate accounts have 10-30.")


def test_a_number_that_is_equal_and_usual_needs_no_hint() -> None:
    assert told("number", "0200001234567890123", "0200001234567890123") == ""


def test_luhn_is_never_mentioned_for_other_lengths() -> None:
    assert satisfies_luhn("18")
    assert not satisfies_luhn("19")
    assert "Luhn" not in told("number", "020000123456789018", "020000123456789019")


def test_luhn_says_which_side_passes() -> None:
    assert satisfies_luhn(CARD)
    assert "只有给出的正确账号通得过" in told("number", CARD[:-2] + "00", CARD)
    assert "只有结算单上的账号通得过" in told("number", CARD, CARD[:-2] + "00")


@given(st.text("0123456789", min_size=10, max_size=30))
def test_luhn_tells_any_single_wrong_digit(number: str) -> None:
    valid = [number + digit for digit in "0123456789" if satisfies_luhn(number + digit)]
    assert len(valid) == 1
