from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xingtu_cli import answers
from xingtu_cli.errors import InvalidAnswer
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Detail, Question, Tree
from xingtu_cli.text import Text

TODAY = date(2026, 11, 23)
QUESTIONS = tuple(load().questions.values())


@pytest.fixture
def ask(tree: Tree) -> dict[str, Question]:
    return dict(tree.questions)


@pytest.mark.parametrize("typed", ["yes", "YES", "是", "y", "Ｙ", " 是 ", "是的", "Yes"])
def test_yes_however_it_is_typed(tree: Tree, typed: str) -> None:
    assert answers.parse(tree.questions["settled"], typed, TODAY) == "yes"


@pytest.mark.parametrize("typed", ["no", "否", "n", "没有", "还没有", "not yet", "Not Yet"])
def test_no_however_it_is_typed(tree: Tree, typed: str) -> None:
    assert answers.parse(tree.questions["stamped"], typed, TODAY) == "no"


@pytest.mark.parametrize(
    "typed", ["under-review", "审批中", "没有「取消提现」，状态是「审批中」", "UNDER-REVIEW"]
)
def test_a_choice_by_its_value_label_or_other_words(tree: Tree, typed: str) -> None:
    assert answers.parse(tree.questions["statement-status"], typed, TODAY) == "under-review"


@pytest.mark.parametrize(
    "typed",
    [
        "2026-10-08",
        "2026/10/8",
        "2026.10.8",
        "2026年10月8日",
        "2026年10月8号",
        "2026 年 10 月 8 日",
        "２０２６－１０－０８",
        "20261008",
        "2026。10。8",
    ],
)
def test_a_date_however_it_is_typed(tree: Tree, typed: str) -> None:
    assert answers.parse(tree.questions["mailed-on"], typed, TODAY) == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("01/02/2026", "分不清哪个是月、哪个是日"),
        ("1-2-26", "分不清哪个是月、哪个是日"),
        ("10-08", "缺少年份"),
        ("10月8日", "缺少年份"),
        ("2026-02-30", "日历上没有这一天"),
        ("2026-13-01", "日历上没有这一天"),
        ("1026-10-08", "年份应在 2000 到 2099 之间"),
        ("2026-10/08", "不是日期"),
        ("昨天", "不是日期，请按"),
        ("46303", "不是日期，像是 Excel 里日期变成的数字（2026-10-08）"),
        ("36526", "（2000-01-01）"),
        ("73050", "（2099-12-31）"),
        ("36525", "不是日期，请按"),
        ("73051", "不是日期，请按"),
        ("046303", "不是日期，请按"),
        ("2026-11-24", "这一天还没到，今天是 2026-11-23"),
        ("", "没有内容"),
    ],
)
def test_a_date_refused_with_its_reason(tree: Tree, typed: str, why: str) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        answers.parse(tree.questions["mailed-on"], typed, TODAY)
    assert why in caught.value.message.zh
    assert "--mailed-on" in caught.value.message.en
    assert caught.value.allowed == ("YYYY-MM-DD", "not-yet")


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12000", "12000.00"),
        ("12,000.00", "12000.00"),
        ("１２，０００．５", "12000.50"),
        ("￥12,000", "12000.00"),
        ("¥ 12000元", "12000.00"),
        ("12000 元整", "12000.00"),
        ("RMB 12000", "12000.00"),
        ("0.01", "0.01"),
        ("12000。5", "12000.50"),
        ("999,999,999,999.99", "999999999999.99"),
        ("00012.30", "12.30"),
    ],
)
def test_an_amount_however_it_is_typed(tree: Tree, typed: str, amount: str) -> None:
    parsed = answers.parse(tree.questions["new-amount"], typed, TODAY)
    assert parsed == Decimal(amount)
    assert answers.written(parsed) == amount


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0", "金额要大于 0"),
        ("0.00", "金额要大于 0"),
        ("-5", "金额要大于 0"),
        ("12.345", "最多两位小数"),
        ("1,2000", "千分位逗号的位置不对"),
        ("1,23,456", "千分位逗号的位置不对"),
        ("12000.", "不是金额"),
        ("6.2E+18", "不是金额"),
        ("一万二", "不是金额"),
        ("1000000000000", "金额太大"),
        ("１２３４５６７８９０１２３４５６７８９", "金额太大"),
        ("nan", "不是金额"),
        ("", "没有内容"),
    ],
)
def test_an_amount_refused_with_its_reason(tree: Tree, typed: str, why: str) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        answers.parse(tree.questions["new-amount"], typed, TODAY)
    assert why in caught.value.why.zh


@given(st.decimals(Decimal("0.01"), answers.LARGEST, places=2))
def test_an_amount_survives_being_written_and_read(tree: Tree, amount: Decimal) -> None:
    question = tree.questions["new-amount"]
    for written in (answers.written(amount), f"{amount:,}", answers.show_amount(amount).zh):
        assert answers.parse(question, written, TODAY) == amount


@given(st.dates(date(2000, 1, 1), TODAY))
def test_a_date_survives_being_written_and_read(tree: Tree, day: date) -> None:
    question = tree.questions["mailed-on"]
    for written in (
        answers.written(day),
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y/%m/%d}",
    ):
        assert answers.parse(question, written, TODAY) == day


@pytest.mark.parametrize(
    ("given_", "chosen"),
    [
        ("account-number", ("account-number",)),
        ("bank,account-name", ("account-name", "bank")),
        ("银行卡号、开户行", ("account-number", "bank")),
        ("银行卡号，银行卡号", ("account-number",)),
        (["bank", "account-name"], ("account-name", "bank")),
        (["bank,account-name", "账号"], ("account-name", "account-number", "bank")),
        ("none", ("none",)),
        ("All three are correct", ("none",)),
    ],
)
def test_several_choices_come_in_the_order_of_the_file(
    tree: Tree, given_: str | list[str], chosen: tuple[str, ...]
) -> None:
    assert answers.parse(tree.questions["wrong-fields"], given_, TODAY) == chosen


def test_none_stands_alone(tree: Tree) -> None:
    with pytest.raises(InvalidAnswer, match="cannot be combined"):
        answers.parse(tree.questions["wrong-fields"], "none,bank", TODAY)
    with pytest.raises(InvalidAnswer, match="takes a single value"):
        answers.parse(tree.questions["mailed-on"], ["not-yet", "2026-10-08"], TODAY)


@pytest.mark.parametrize("typed", ["", " ", ",", "、，", []])
def test_several_needs_one_at_least(tree: Tree, typed: str | list[str]) -> None:
    with pytest.raises(InvalidAnswer):
        answers.parse(tree.questions["wrong-fields"], typed, TODAY)


def test_a_near_miss_is_pointed_out(tree: Tree) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        answers.parse(tree.questions["wrong-fields"], "acount-number", TODAY)
    assert caught.value.message.en == (
        "--wrong-fields cannot be “acount-number”: no such choice, did you mean account-number"
        " (银行卡号 (account number))? (it takes: account-name, account-number, bank, none)"
    )
    assert caught.value.message.zh == (
        "--wrong-fields 不能填“acount-number”：没有这个选项，是不是 account-number（银行卡号）？"
        "（可填：account-name、account-number、bank、none）"
    )


def test_a_word_of_several_choices_is_told_from_one_that_is_none(tree: Tree) -> None:
    question = tree.questions["statement-status"]
    for word in ("已提现", "「已提现」"):
        with pytest.raises(InvalidAnswer) as caught:
            answers.parse(question, word, TODAY)
        assert caught.value.why.zh == "分不清是哪一项，有 2 项提到它"
    with pytest.raises(InvalidAnswer) as caught:
        answers.parse(question, "在", TODAY)
    assert caught.value.why.en == "no such choice"


TYPED = st.one_of(
    st.text(),
    st.from_regex(r"[￥¥]?[0-9０-９,，.。]{1,40} ?元?", fullmatch=True),
    st.from_regex(r"[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}日?", fullmatch=True),
)


@given(TYPED)
@example("1" + "0" * 30)
def test_whatever_is_typed_is_an_answer_or_a_clear_refusal(typed: str) -> None:
    for question in QUESTIONS:
        try:
            answer = answers.parse(question, typed, TODAY)
        except InvalidAnswer as error:
            assert error.question == question.id
            assert "\x1b" not in error.message.zh
        else:
            assert answers.parse(question, answers.written(answer), TODAY) == answer


NUMBER = Text("单号", "number")
TRACKING = Detail(id="tracking-number", label=NUMBER, help=NUMBER, type="tracking-numbers")


@pytest.mark.parametrize(
    "pasted",
    [
        ["SF1234567890123,YT1234567890123"],
        ["SF1234567890123，YT1234567890123"],
        ["SF1234567890123、YT1234567890123"],
        ["SF1234567890123;YT1234567890123；"],
        ["SF1234567890123\nYT1234567890123\n"],
        ["ＳＦ１２３４５６７８９０１２３　YT1234567890123"],
        ["SF1234567890123", "YT1234567890123", "SF1234567890123"],
    ],
)
def test_tracking_numbers_however_they_are_pasted(pasted: list[str]) -> None:
    found = answers.parse_detail(TRACKING, pasted)
    assert found == ("SF1234567890123", "YT1234567890123")


@pytest.mark.parametrize("name", ["小明\nBcc: x@y.z", "a\rb", "a\x1b[31m", "a\u2028b", "\u202eabc"])
def test_a_name_with_a_control_character_is_refused(tree: Tree, name: str) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        answers.parse_detail(tree.details["nickname"], [name])
    assert "换行、控制字符或乱码" in caught.value.message.zh
    assert name not in caught.value.message.zh


@pytest.mark.parametrize("name", ["nickname", "company", "tracking-number"])
@pytest.mark.parametrize("dots", ["…", "...", "……"])
def test_dots_that_mark_a_gap_fill_none(tree: Tree, name: str, dots: str) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        answers.parse_detail(tree.details[name], [dots])
    assert caught.value.why.zh == "这只是占位的省略号，请换成真的内容"
    with pytest.raises(InvalidAnswer):
        answers.parse_detail(tree.details["tracking-number"], [f"SF1234567890123,{dots}"])


def test_a_status_that_both_cases_show_is_no_answer(tree: Tree) -> None:
    for typed in ("已提现", "「已提现」"):
        with pytest.raises(InvalidAnswer):
            answers.parse(tree.questions["statement-status"], typed, TODAY)


def test_a_name_is_taken_as_it_is(tree: Tree) -> None:
    assert answers.parse_detail(tree.details["company"], [" 某某（北京）传媒 "]) == (
        "某某（北京）传媒",
    )
    assert answers.parse_detail(tree.details["company"], [""]) == ()
    with pytest.raises(InvalidAnswer, match="takes one value"):
        answers.parse_detail(tree.details["company"], ["甲", "乙"])


def test_patterns(ask: dict[str, Question]) -> None:
    assert answers.pattern(ask["wrong-fields"]).en == "account-name,account-number,bank|none"
    assert answers.pattern(ask["mailed-on"]).en == "YYYY-MM-DD|not-yet"
    assert answers.pattern(ask["new-amount"]).zh == "金额|not-yet"
    assert answers.pattern(ask["settled"]).zh == "yes|no"


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("wrong-fields", "都不对"),
        ("wrong-fields", "全错了"),
        ("wrong-fields", "not all correct"),
        ("statement-status", "不能取消"),
        ("statement-status", "uncancellable"),
        ("statement-status", "not cancellable"),
    ],
)
def test_the_opposite_of_what_was_typed_is_never_offered(
    tree: Tree, question: str, typed: str
) -> None:
    with pytest.raises(InvalidAnswer) as caught:
        answers.parse(tree.questions[question], typed, TODAY)
    assert caught.value.why.en in ("no such choice",) or "did you mean" not in caught.value.why.en


@pytest.mark.parametrize(
    "typed", ["账户名称和卡号", "账户名称与银行卡号", "account-name and account-number"]
)
def test_choices_joined_by_and(tree: Tree, typed: str) -> None:
    chosen = answers.parse(tree.questions["wrong-fields"], typed, TODAY)
    assert chosen == ("account-name", "account-number")


def test_a_byte_order_mark_is_no_part_of_a_detail() -> None:
    nickname = Detail(id="nickname", label=NUMBER, help=NUMBER)
    assert answers.parse_detail(nickname, ["\ufeff小红"]) == ("小红",)
    assert answers.parse_detail(nickname, ["\ufeff"]) == ()
    assert answers.parse_detail(TRACKING, ["\ufeffSF1234567890123"]) == ("SF1234567890123",)
    family = "小红\U0001f469\u200d\U0001f467"  # here the joiner is seen
    assert answers.parse_detail(nickname, [family]) == (family,)
