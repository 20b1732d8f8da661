"""Mistakes that people make in the shipped rules: each is told at its line, with what to do."""

from dataclasses import dataclass

import pytest

from tests.conftest import ROOT
from xingtu_cli.errors import InvalidRules, Problem
from xingtu_cli.rules.load import loads

RULES = (ROOT / "rules.yaml").read_text("utf-8")


@dataclass(frozen=True)
class Slip:
    """`old` becomes `new` once; the problem is told on the line of `at`, with its id and words.

    `at` is sought from where the edit is on, `above` from there back; without either, the line of
    the edit is meant.
    """

    old: str
    new: str
    id: str
    zh: str
    en: str
    at: str = ""
    above: str = ""


SLIPS = {
    "a target misspelt": Slip(
        "then: stamped}", "then: stampd}", "XT205",
        "没有叫“stampd”的问题、判断或结论，是不是“stamped”？",
        "there is no question, decision or outcome “stampd”; did you mean “stamped”?",
    ),
    "the start misspelt": Slip(
        "start: settled", "start: setled", "XT205", "是不是“settled”？", "did you mean “settled”?"
    ),
    "a step misspelt": Slip(
        "      - change-account\n", "      - change-acount\n", "XT206",
        "没有叫“change-acount”的步骤，是不是“change-account”？",
        "there is no step “change-acount”; did you mean “change-account”?",
    ),
    "an e-mail misspelt": Slip(
        "email: reminder", "email: remainder", "XT207",
        "没有叫“remainder”的邮件，是不是“reminder”？",
        "there is no e-mail “remainder”; did you mean “reminder”?",
    ),
    "a source misspelt": Slip(
        "sources: [account-change]", "sources: [acount-change]", "XT208",
        "没有叫“acount-change”的资料，是不是“account-change”？",
        "there is no source “acount-change”; did you mean “account-change”?",
    ),
    "a key misspelt": Slip(
        "    latest: today", "    lastest: today", "XT101",
        "不认识“lastest”，是不是“latest”？", "unknown key “lastest”; did you mean “latest”?",
    ),
    "a language forgotten": Slip(
        "      zh: 发票是哪一天寄出的？\n", "", "XT103",
        "缺少中文，请补上 zh: …", "the Chinese text is missing; add zh: …", above="    ask:",
    ),
    "an empty text": Slip(
        "      zh: 结算单盖好公司公章了吗？", "      zh:", "XT104",
        "这里不能为空，请写上内容，或删掉这一行", "this must not be empty", at="      zh:",
    ),
    "a comma in a text": Slip(
        "label: {zh: 结算单已盖章, en: Statement stamped}",
        "label: {zh: 结算单已盖章, en: Stamped, or so}", "XT113",
        "“or so”像是被英文逗号切断的文字，请给整段文字加英文双引号",
        "“or so” looks like text cut at a comma; put the whole text in double quotes",
    ),
    "a colon in a text": Slip(
        "      en: On which day was the invoice mailed?",
        "      en: Mailed: on which day?", "XT001",
        "这里不能再有冒号，文字里有冒号的，请给整段文字加英文双引号",
        "a colon is not allowed here; put a text with a colon in double quotes",
    ),
    "a quote left open": Slip(
        'en: "All three fields are correct: not covered, contact the platform"}',
        'en: "All three fields are correct: not covered, contact the platform}', "XT001",
        "从这里开始的 { } 没有写完",
        "the { } that begins here is not complete",
    ),
    "an indent with a tab": Slip(
        "    type: date\n", "\ttype: date\n", "XT002",
        "这里用 Tab 缩进了，请改用空格", "this is indented with a tab; use spaces instead",
    ),
    "a name used twice": Slip(
        "  mail-invoice:\n    title", "  stamp-statement:\n    title", "XT003",
        "“stamp-statement”重复了，第 ", "“stamp-statement” is here twice, first on line ",
    ),
    "a type that there is not": Slip(
        "    type: amount\n    then: amounts", "    type: money\n    then: amounts", "XT107",
        "不能写“money”，可用：choice、several、date、amount",
        "this cannot be “money”; there are: choice, several, date, amount",
    ),
    "yes for true": Slip(
        "    inferred: true\n", "    inferred: 是\n", "XT108",
        "不能写“是”，请写 true（是）或 false（否）", "write true or false",
    ),
    "a date of another form": Slip(
        "    date: 2021-07-30", "    date: 2021年7月30日", "XT111",
        "“2021年7月30日”不是日期，写法如 2021-07-30", "write it like 2021-07-30",
    ),
    "a choice without a way on": Slip(
        '"no":  {label: {zh: 还没有, en: Not yet}, then: settle-first}',
        '"no":  {label: {zh: 还没有, en: Not yet}}', "XT303",
        "选“no”之后没有去处，请给它写上 then: 下一步的名称",
        "the choice “no” leads nowhere; give it a then: with the name of what follows",
    ),
    "an answer without a way on": Slip(
        "    type: amount\n    then: amounts", "    type: amount", "XT302",
        "“invoiced-amount”答完之后没有去处，请加一行 then: 下一步的名称",
        "an answer to “invoiced-amount” leads nowhere", above="  invoiced-amount:",
    ),
    "a result without a way on": Slip(
        "    then: {equal: cancellable, greater: cancellable, less: cancellable}",
        "    then: {equal: cancellable, greater: cancellable}", "XT313",
        "结果“less”没有去处，请加上 less: 下一步的名称", "the result “less” leads nowhere",
    ),
    "a result that there is not": Slip(
        "    then: {equal: cancellable,", "    then: {same: cancellable, equal: cancellable,",
        "XT312",
        "没有叫“same”的结果，可用：equal、greater、less", "there is no result “same”",
    ),
    "a function that there is not": Slip(
        "compute: compare-amounts", "compute: compare-amount", "XT307",
        "没有叫“compare-amount”的函数，是不是“compare-amounts”？",
        "there is no function “compare-amount”; did you mean “compare-amounts”?",
    ),
    "an argument forgotten": Slip(
        "of: {since: mailed-on, until: today, days: 15}", "of: {since: mailed-on, until: today}",
        "XT309", "缺少参数“days”，请加上 days: …", "the argument “days” is missing; add days: …",
    ),
    "days in words": Slip(
        "days: 15}", "days: 十五}", "XT310",
        "“十五”应是 1 到 999 的整数", "“十五” must be a whole number from 1 to 999",
    ),
    "an amount for a date": Slip(
        "of: {since: mailed-on,", "of: {since: new-amount,", "XT310",
        "“new-amount”的类型是 amount，不能用在这里，请改成一道日期题的名称",
        "“new-amount” is of type amount, which does not fit here; name a question of type date",
    ),
    "a question skipped that is needed later": Slip(
        "    type: amount\n    then: invoiced-amount", "    type: amount\n    then: amounts",
        "XT314", "走到这里时不一定有“invoiced-amount”的值，请让每条路都先问“invoiced-amount”",
        "not every way here has a value for “invoiced-amount”", at="of: {new: new-amount",
    ),
    "a circle": Slip(
        "then: settle-first}", "then: settled}", "XT501",
        "绕成了一圈：settled → settled，请让这个 then 指向别处",
        "this goes round in a circle: settled → settled; let this then lead elsewhere",
    ),
    "an outcome that nothing leads to": Slip(
        "        then: mail-first\n", "        then: stamp-first\n", "XT502",
        "走不到结论“mail-first”，请让某个 then 指向它，或删掉它",
        "no way leads to the outcome “mail-first”", at="  mail-first:",
    ),
    "a step that no outcome uses": Slip(
        "    steps: [change-nothing, gather-evidence, contact-platform]",
        "    steps: [change-nothing, contact-platform]", "XT209",
        "没有结论用到步骤“gather-evidence”，请写进某个结论的 steps，或删掉这个步骤",
        "no outcome uses the step “gather-evidence”; list it in an outcome, or remove it",
        at="  gather-evidence:",
    ),
    "a placeholder misspelt": Slip(
        "第 15 个工作日是 {due}，这一天", "第 15 个工作日是 {dew}，这一天", "XT405",
        "没有叫“dew”的占位符，是不是“due”？", "there is no placeholder “dew”; did you mean “due”?",
    ),
    "a placeholder in one language only": Slip(
        "      zh: 15 个工作日从寄出发票起算。", "      zh: 15 个工作日从 {due} 起算。", "XT407",
        "{due} 只出现在 zh 里，en 里没有，两种文字要写同样的占位符",
        "{due} stands in zh but not in en", at="      en: The 15 working days start",
    ),
    "a step that does not exist": Slip(
        "    steps: [correct-printout, email-scan, change-account]",
        "    steps: [correct-printout, email-scan, change-account, no-such-thing]", "XT206",
        "没有叫“no-such-thing”的步骤", "there is no step “no-such-thing”",
    ),
    "a difference where none was computed": Slip(
        "    title: {zh: 取消已生成的结算单, en: Cancel the statement}",
        "    title: {zh: '取消，差 {difference}', en: 'Cancel, {difference} off'}", "XT406",
        "走到结论“cancellable”时，不一定有 {difference} 的值，请换一个占位符",
        "at the outcome “cancellable” there may be no value for {difference}",
    ),
    "a condition on a name misspelt": Slip(
        "    when: {amounts: equal}", "    when: {amount: equal}", "XT401",
        "没有叫“amount”的判断、步骤或选择题，是不是“amounts”？",
        "there is no decision, step or choice “amount”; did you mean “amounts”?",
    ),
    "a condition on a result misspelt": Slip(
        "    when: {amounts: equal}", "    when: {amounts: equals}", "XT402",
        "没有叫“equals”的结果，是不是“equal”？", "there is no result “equals”",
    ),
    "a condition that never holds": Slip(
        "    when: {amounts: equal}", "    when: {statement-status: withdrawn}", "XT403",
        "这个 when 永远不会成立", "this when never holds",
    ),
    "a step that its outcome never shows": Slip(
        "    steps: [correct-printout, email-scan, change-account]",
        "    steps: [correct-printout, email-scan, change-account, no-new-invoice]", "XT404",
        "走到结论“locked”的路上，步骤“no-new-invoice”的 when 从不成立，这一步永远不会出现",
        "the when of the step “no-new-invoice” never holds on a route to the outcome “locked”",
    ),
    "a label without a gloss": Slip(
        "menu: [提现设置, 账号管理, 资质信息, 修改银行信息]",
        "menu: [提现设置, 帐号管理, 资质信息, 修改银行信息]", "XT211",
        "菜单“帐号管理”没有英文注解，请在 labels 里加一行 帐号管理: …",
        "the label “帐号管理” has no English gloss; add 帐号管理: … under labels",
    ),
    "a brace left open": Slip(
        "到 {overdue-from}仍未到账", "到 {overdue-from仍未到账", "XT408",
        "大括号 { 不成对，占位符的写法是 {名称}", "the brace { has no partner",
    ),
    "a name with capitals": Slip(
        "  nickname:\n", "  Nickname:\n", "XT201",
        "名称“Nickname”不合规定，只用小写英文字母、数字和连字符", "“Nickname” cannot be a name",
    ),
    "a flag that is taken": Slip(
        "  company:\n    label: {zh: 公司主体名称", "  lang:\n    label: {zh: 公司主体名称",
        "XT203",
        "会生成参数 --lang，而它已被占用，请换个名称",
        "this would make the flag --lang, which is taken already; give it another name",
    ),
    "a placeholder in braces without quotes": Slip(
        "label: {zh: 结算单已盖章, en: Statement stamped}",
        "label: {zh: 结算单 {due}已盖章, en: Statement stamped}", "XT001",
        "文字里有花括号、冒号或 # 的，请加英文双引号",
        "put a text with brackets, a colon or # in double quotes",
    ),
    "a full-width comma between languages": Slip(
        "{zh: 结算单已盖章, en: Statement stamped}", "{zh: 结算单已盖章，en: Statement stamped}",
        "XT001", "各项之间用半角逗号", "look for a quote or a half-width comma missing",
    ),
    "full-width braces": Slip(
        "{zh: 结算单已盖章, en: Statement stamped}", "｛zh: 结算单已盖章, en: Statement stamped｝",
        "XT001",
        "这一行用了全角括号，请改成半角的 { } 或 [ ]", "this line has a full-width bracket",
    ),
    "a colon without a space in braces": Slip(
        "{zh: 结算单已盖章, en: Statement stamped}", "{zh:结算单已盖章, en: Statement stamped}",
        "XT101",
        "“zh”后面的冒号不对，请写成半角冒号加一个空格“: ”", "the colon after “zh” is amiss",
    ),
    "a full-width colon in braces": Slip(
        "{zh: 结算单已盖章, en: Statement stamped}", "{zh：结算单已盖章, en: Statement stamped}",
        "XT101", "“zh”后面的冒号不对", "the colon after “zh” is amiss",
    ),
    "a full-width comma in a list": Slip(
        "    steps: [mail-invoice, wait-for-payout]", "    steps: [mail-invoice，wait-for-payout]",
        "XT206", "没有叫“mail-invoice，wait-for-payout”的步骤，各项之间请用半角逗号",
        "put a half-width comma between names",
    ),
    "a wide indent": Slip(
        "    type: date\n    latest", "　　type: date\n    latest", "XT002",
        "这里用全角空格或特殊空格缩进了，请改用普通空格", "indented with a wide or special space",
    ),
    "an indent too deep": Slip(
        "    type: date\n    latest", "    type: date\n      latest", "XT001",
        "这里的缩进或引号不对，请与同一层的各项对齐", "align it with its neighbours",
        at="      latest",
    ),
    "a dash that is none": Slip(
        "    attachments:\n      - zh: 修改", "    attachments:\n      – zh: 修改", "XT001",
        "这一行没写对，下一行接不上，名称后是冒号加空格“: ”，列表的每一项以减号加空格“- ”开头",
        "this line is amiss, so that the next does not fit", at="      – zh",
    ),
    "a dash forgotten further down": Slip(
        "      - zh: 盖章后怎么交", "      -zh: 盖章后怎么交", "XT001",
        "这里的缩进或引号不对，名称后是冒号加空格", "an item of a list begins with “- ”",
    ),
    "a closing brace too many": Slip(
        "also: [没盖, 未盖, 未盖章, 还没有], then: stamp-first}",
        "also: [没盖, 未盖, 未盖章, 还没有], then: stamp-first}}", "XT001",
        "多了一个 }，请检查括号是否成对", "one } too many; see that each bracket has its partner",
    ),
    "a backslash in double quotes": Slip(
        "en: Statement stamped}", 'en: "C:\\Users"}', "XT001",
        "双引号里的反斜杠有特殊含义，请写成 \\\\", "write \\\\ for one",
    ),
    "a list of one wrong item": Slip(
        "        accept: pdf\n", "        accept: [photo]\n", "XT107",
        "不能写“photo”，可用：pdf、image", "this cannot be “photo”; there are: pdf, image",
    ),
    "an address with a space": Slip(
        "to: [star-jihe@bytedance.com]", "to: [star-jihe at bytedance.com]", "XT601",
        "“star-jihe at bytedance.com”不是邮箱地址", "is no e-mail address",
    ),
}  # fmt: skip


def told(slip: Slip) -> tuple[str, int, tuple[Problem, ...]]:
    at = RULES.index(slip.old)
    edited = RULES[:at] + slip.new + RULES[at + len(slip.old) :]
    assert edited != RULES
    # an edit of several lines is about its first
    place = edited.rindex(slip.above, 0, at) if slip.above else edited.index(slip.at, at)
    line = edited.count("\n", 0, place) + 1
    with pytest.raises(InvalidRules) as caught:
        loads(edited, "rules.yaml")
    return edited, line, caught.value.problems


@pytest.mark.parametrize("name", SLIPS)
def test_a_mistake_is_told_at_its_line_with_what_to_do(name: str) -> None:
    slip = SLIPS[name]
    _, line, problems = told(slip)
    fitting = [p for p in problems if p.id == slip.id and p.line == line]
    assert fitting, [problem.at("zh") for problem in problems]
    assert any(slip.zh in problem.told("zh") for problem in fitting)
    assert any(slip.en in problem.told("en") for problem in fitting)


@pytest.mark.parametrize("name", SLIPS)
def test_a_mistake_does_not_cause_a_flood(name: str) -> None:
    _, _, problems = told(SLIPS[name])
    assert len(problems) <= 6, [problem.at("zh") for problem in problems]


def test_all_mistakes_at_once_are_told_at_once() -> None:
    """Those that do not stop the reading and do not touch each other."""
    edited, expected = RULES, []
    for slip in SLIPS.values():
        if slip.id[:4] not in ("XT00", "XT50") and slip.old in edited and slip.new:
            at = edited.index(slip.old)
            edited = edited[:at] + slip.new + edited[at + len(slip.old) :]
            expected.append(slip.id)
    with pytest.raises(InvalidRules) as caught:
        loads(edited, "rules.yaml")
    ids = {problem.id for problem in caught.value.problems}
    assert len(expected) >= 20
    assert {"XT101", "XT113", "XT205", "XT206", "XT207", "XT208", "XT310"} <= ids
