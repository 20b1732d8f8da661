import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.test_load import HERE
from xingtu_cli.account import Account, Asked, asked, examine, tidied
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import AccountField, Tree

NAME, NUMBER = "某某（北京）文化传媒有限公司", "0200001234567890123"
BANK = "中国工商银行股份有限公司北京朝阳支行"
RIGHT: dict[AccountField, str] = {"name": NAME, "number": NUMBER, "bank": BANK}


@pytest.fixture
def question(tree: Tree) -> Asked:
    return asked(tree)


def results(account: Account) -> dict[AccountField, str]:
    return {finding.field: finding.comparison.result for finding in account.findings}


def test_the_rules_say_which_question_it_answers(question: Asked) -> None:
    assert question.question is not None
    assert question.question.id == "wrong-fields"
    assert question.choices == {
        "name": "account-name", "number": "account-number", "bank": "bank",
    }  # fmt: skip
    assert question.all_right == "none"
    other = asked(load(HERE / "valid" / "comparing.yaml"))
    assert (other.choices, other.all_right) == ({"name": "holder", "number": "number"}, "fine-all")
    assert asked(load(HERE / "valid" / "minimal.yaml")) == Asked(None, {}, "")


def test_all_equal(question: Asked) -> None:
    account = examine(question, RIGHT, RIGHT)
    assert (account.flag, account.value, account.complete) == ("--wrong-fields", ("none",), True)


def test_a_difference_in_form_counts_as_wrong(question: Asked) -> None:
    statement = {**RIGHT, "name": "某某(北京)文化传媒有限公司", "number": NUMBER[:-1]}
    account = examine(question, statement, RIGHT)
    assert results(account) == {"name": "formatting", "number": "different", "bank": "identical"}
    assert account.value == ("account-name", "account-number")


def test_what_was_not_compared_leaves_the_answer_open(question: Asked) -> None:
    account = examine(question, {"number": NUMBER}, {"number": NUMBER})
    assert (account.value, account.complete) == ((), False)
    assert account.open_fields == ("name", "bank")
    wrong = examine(question, {"number": NUMBER[1:]}, {"number": NUMBER})
    assert (wrong.value, wrong.complete) == (("account-number",), False)


def test_only_what_the_question_asks_about_is_left_open() -> None:
    question = asked(load(HERE / "valid" / "comparing.yaml"))
    account = examine(question, {"name": "a", "number": NUMBER}, {"name": "a", "number": NUMBER})
    assert (account.value, account.complete) == (("fine-all",), True)


def test_without_a_question_it_compares_all_the_same() -> None:
    account = examine(asked(load(HERE / "valid" / "minimal.yaml")), RIGHT, {**RIGHT, "bank": "x"})
    assert results(account)["bank"] == "different"
    assert (account.flag, account.value) == (None, ())


def test_a_page_stands_in_for_what_is_not_given(question: Asked) -> None:
    page = f"账户名称 {NAME}\n银行卡号 0200 0012 3465 7890 123\n开户行信息 {BANK}"
    account = examine(question, {}, RIGHT, page)
    assert results(account) == {"name": "identical", "number": "different", "bank": "identical"}
    assert [finding.guessed for finding in account.findings] == [False, True, False]
    assert account.value == ("account-number",)
    typed = examine(question, {"number": NUMBER}, RIGHT, page)
    assert typed.value == ("none",)


def test_what_a_page_has_nothing_like_stays_open(question: Asked) -> None:
    account = examine(question, {}, RIGHT, f"{NAME}\n{NUMBER}")
    assert account.open_fields == ("bank",)
    assert account.value == ()


def test_spaces_are_not_judged_on_a_page(question: Asked) -> None:
    spaced: dict[AccountField, str] = {"bank": "招商银行 上海分行"}
    account = examine(question, {}, spaced, "开户行信息 招商银行上海分行")
    assert results(account) == {"bank": "identical"}
    brackets = examine(question, {}, {"name": "某某 （北京）公司"}, "某某(北京)公司")
    assert results(brackets) == {"name": "formatting"}
    assert all("PDF 里的空格" in finding.hints[-1].zh for finding in account.findings)


# ─── what people paste ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "given", "text", "notes"),
    [
        ("name", f"账户名称：{NAME}\n", NAME, ["去掉了开头的“账户名称”"]),
        ("name", f"户名 {NAME}", NAME, ["去掉了开头的“户名”"]),
        ("name", f"  {NAME}\u200b", NAME, ["去掉了首尾看不见的字符"]),
        ("name", f"  {NAME}\u3000", NAME, ["去掉了首尾的空格"]),
        ("name", "户名通传媒", "户名通传媒", []),
        ("number", "银行卡号: 0200 0012", "0200 0012", ["去掉了开头的“银行卡号”"]),
        ("number", "'02000012", "02000012", ["去掉了首尾的引号"]),
        ("number", "０２００", "０２００", []),
        ("bank", f"开户行：{BANK}", BANK, ["去掉了开头的“开户行”"]),
    ],
)
def test_what_is_not_part_of_a_value_is_taken_off(
    question: Asked, field: AccountField, given: str, text: str, notes: list[str]
) -> None:
    tidy, told = tidied(question, field, given, on_statement=True)
    assert (tidy, [note.zh for note in told]) == (text, notes)


def test_no_right_number_has_full_width_digits(question: Asked) -> None:
    given = "'０２００ 0012"
    for on_statement, tidy in ((False, "0200 0012"), (True, "０２００ 0012")):
        text, notes = tidied(question, "number", given, on_statement=on_statement)
        assert text == tidy
        assert ("全角数字换成了半角" in [note.zh for note in notes]) != on_statement
    assert tidied(question, "name", "０２号", on_statement=False) == ("０２号", ())


@pytest.mark.parametrize(
    ("field", "given", "told"),
    [
        ("number", "6.2E+18", "Excel 变成了科学计数法"),
        ("number", "6.22202E+18", "单元格格式改成“文本”"),
        ("number", "0200 O012", "第 5 位却是“O”"),
        ("number", "账户名称：某某", "这一行写着“账户名称”，这里要填的是银行卡号"),
        ("name", "银行卡号：0200", "这一行写着“银行卡号”，这里要填的是账户名称"),
        ("name", "  ", "没有内容"),
        ("name", "户名：", "没有内容"),
        ("name", "某" * 201, "超过 200 个字"),
    ],
)
def test_what_cannot_be_the_field_is_refused(
    question: Asked, field: AccountField, given: str, told: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(told)):
        tidied(question, field, given, on_statement=True)


@pytest.mark.parametrize(
    ("field", "given", "why"),
    [
        ("name", "0200 0012", "填的却只有数字，像是贴错了行"),
        ("bank", "６２２２", "填的却只有数字，像是贴错了行"),
        ("number", "0200O", "第 5 位却是“O”"),
    ],
)
def test_only_a_statement_can_be_printed_so(
    question: Asked, field: AccountField, given: str, why: str
) -> None:
    for on_statement, end in ((True, "若结算单上真是这样印的，这一项就是错的"), (False, "")):
        with pytest.raises(ValueError, match=why) as refused:
            tidied(question, field, given, on_statement=on_statement)
        assert refused.value.args[0].zh.endswith(why + (f"。{end}" if end else ""))


@given(st.text(max_size=30))
def test_tidying_is_done_once(given: str) -> None:
    question = asked(load())
    try:
        text, _ = tidied(question, "name", given, on_statement=True)
    except ValueError:
        return
    assert text in given
    assert text == text.strip()
