"""Faults that the checks tell, and what they do not tell: with their places and words."""

import re

import pytest

from tests.rules.test_schema import SMALL, Change, problems
from tests.trees import question, tree
from xingtu_cli.errors import InvalidRules
from xingtu_cli.rules.check import ways
from xingtu_cli.rules.check.routes import Routes
from xingtu_cli.rules.load import loads

QUESTION = "label: {zh: a, en: a}, ask: {zh: a, en: a}, help: {zh: a, en: a}"
NEVER = "this when never holds: no route that comes here fits it; change the condition, or remove"
STEP = "    title: {zh: 写信, en: Write}\n"
NOTE = "{zh: a, en: a, when: {%s}}"


def told(*changes: Change) -> list[tuple[int, int, str]]:
    return [(p.line, p.column, p.at("en").partition(": ")[2]) for p in problems(*changes)]


def step(name: str) -> Change:
    row = f"  {name}: {{title: {{zh: a, en: a}}, text: {{zh: a, en: a}}}}"
    return ("steps:\n", f"steps:\n{row}\n")


def warned(node: str, when: str) -> Change:
    return (f"  {node}:\n", f"  {node}:\n    warnings:\n      - {NOTE % when}\n")


def decided(name: str, compute: str, of: str) -> Change:
    row = f"  {name}: {{says: {{zh: a, en: a}}, compute: {compute}, of: {of}, then: {{'*': fine}}}}"
    return ("  late:\n", f"{row}\n  late:\n")


@pytest.mark.parametrize(
    ("change", "line", "column", "message"),
    [
        (warned("ask-them", "paid: 'yes'"), 41, 24, NEVER),
        (warned("late", "paid: 'yes'"), 30, 24, NEVER),
        (('when: {estimate: "yes"}', 'when: {paid: "yes"}'), 51, 37, NEVER),
        (("days: 15", 'days: "0015"'), 31, 45, "“0015” must be a whole number from 1 to 999"),
    ],
)
def test_it_is_told_at_its_place(change: Change, line: int, column: int, message: str) -> None:
    ((*place, words),) = told(change)
    assert (place, words[: len(message)]) == ([line, column], message)


def test_a_note_that_its_step_excludes() -> None:
    shown = (STEP, f"{STEP}    when: {{late: 'yes'}}\n")
    assert told(shown, ('when: {estimate: "yes"}', "when: {late: 'no'}"))[0][2].startswith(NEVER)


def test_what_no_route_comes_to_is_not_said_to_hold_never() -> None:
    unreached = ('{"yes": ask-them, "no": fine}', '{"*": fine}')
    found = problems(unreached, warned("ask-them", "paid: 'yes'"))
    assert [problem.id for problem in found] == ["XT502"]


def test_a_condition_with_a_fault_of_its_own_is_not_said_to_hold_never() -> None:
    shown = (STEP, f"{STEP}    when: {{late: maybe}}\n")
    found = problems(shown, ('when: {estimate: "yes"}', "when: {paid: 'yes'}"))
    assert [problem.id for problem in found] == ["XT402"]


def test_an_outcome_that_never_shows_a_step_is_told_at_that_step() -> None:
    steps = (", en: Fine.}\n    steps: []", ", en: Fine.}\n    steps:\n      - more\n      - write")
    shown = step("more")
    when = (STEP, f"{STEP}    when: {{late: 'yes'}}\n")
    ((line, column, words),) = told(shown, steps, when)
    assert (line, column) == (40, 9)
    assert words.startswith("the when of the step “write” never holds on a route to the outcome")
    assert "; remove it here, or change its when" in words


def test_each_decision_is_looked_at() -> None:
    first = decided("one", "no-such", "{}")
    second = decided("two", "compare-amounts", "{new: nope, old: mailed}")
    found = [words.partition(" [")[0] for *_, words in told(first, second)]
    assert "there is no question “nope”" in " ".join(found)
    assert any("“mailed” is of type date" in words for words in found)
    assert any("there is no function “no-such”" in words for words in found)
    (unknown,) = (p for p in problems(second) if "nope" in p.message.zh)
    assert (unknown.id, unknown.message.zh) == ("XT311", "没有叫“nope”的问题")


@pytest.mark.parametrize(
    ("change", "line", "words"),
    [
        (step("who"), 47, "the step “who” has the name of a question, decision or detail, or of"),
        (step("today"), 47, "the step “today” has the name of a question, decision or detail"),
        (("route:\n", f"route:\n  lang: {{{QUESTION}, type: date, then: fine}}\n"),
         11, "this would make the flag --lang, which is taken already"),
        (("details:\n", "details:\n  paid: {label: {zh: a, en: a}, help: {zh: a, en: a}}\n"),
         57, "this would make the flag --paid, which is taken already"),
        (("route:\n", f"route:\n  due: {{{QUESTION}, type: date, then: fine}}\n"),
         11, "“due” is also a value that the decision “late” computes"),
        (step("due"), 47, "“due” is also a value that the decision “late” computes"),
    ],
)  # fmt: skip
def test_a_name_that_clashes_is_told_where_it_stands(change: Change, line: int, words: str) -> None:
    assert (line, words) in {(at, message[: len(words)]) for at, _, message in told(change)}


@pytest.mark.parametrize(
    "change",
    [
        ('ask: {zh: 何时寄出？, en: "Mailed when?"}', "ask: {zh: '{x}', en: '{x}'}"),
        ("help: {zh: 看单据。, en: See the receipt.}", "help: {zh: '{x}', en: '{x}'}"),
        ("title: {zh: 没事, en: Fine}", "title: {zh: '{x}', en: '{x}'}"),
        ("summary: {zh: 没事。, en: Fine.}", "summary: {zh: '{x}', en: '{x}'}"),
        ("title: {zh: 写信, en: Write}", "title: {zh: '{x}', en: '{x}'}"),
        ("text: {zh: 写。, en: Write.}", "text: {zh: '{x}', en: '{x}'}"),
        ("- {zh: 暂估。, en: An estimate.,", "- {zh: '{x}', en: '{x}',"),
        ('subject: "{who}", body: 你好', "subject: '{x}', body: '{x}{who}'"),
        ("body: 你好}", "body: '{x}', attachments: [{zh: '{x}', en: '{x}', accept: pdf}]}"),
    ],
)
def test_each_placeholder_without_a_meaning_is_told_where_it_stands(change: Change) -> None:
    rows = SMALL.replace(*change).splitlines()
    there = {
        (number, found.start() + 1)
        for number, row in enumerate(rows, 1)
        for found in re.finditer("{x}", row)
    }
    assert {(p.line, p.column) for p in problems(change) if p.id == "XT405"} == there


def test_a_placeholder_is_pointed_at_in_its_own_text() -> None:
    written = (
        'to: [a@example.com], subject: "{who}"',
        "to: [a@example.com], # {x}\n subject: '{x}'",
    )
    assert [problem.line for problem in problems(written) if problem.id == "XT405"] == [55]


@pytest.mark.parametrize(
    ("change", "line", "column", "words"),
    [
        (("zh: 何时寄出？", "zh: '{mailed}？'"), 21, 32, "{mailed} stands in zh but not in en"),
        (
            ('en: "Mailed when?"', 'en: "{mailed} when?"'),
            21,
            15,
            "{mailed} stands in en but not",
        ),
        (("zh: 没事。", "zh: '没}'"), 37, 19, "the brace } has no partner"),
        (("en: Fine.}", "en: 'Fine{'}"), 37, 28, "the brace { has no partner"),
        (("zh: 没事。", "zh: '没{'"), 37, 19, "the brace { has no partner"),
        (("en: Fine.}", "en: 'Fine}'}"), 37, 28, "the brace } has no partner"),
        (("body: 你好", "body: '你{'"), 54, 57, "the brace { has no partner"),
        (
            ("zh: 没事。, en: Fine.", "zh: '{due}', en: '{due}'"),
            37,
            20,
            "at the outcome “fine”",
        ),
        (
            ("zh: 写信, en: Write", "zh: '{paid}{x}', en: '{x}'"),
            48,
            24,
            "there is no placeholder",
        ),
    ],
)
def test_a_placeholder_amiss_is_told_in_its_language(
    change: Change, line: int, column: int, words: str
) -> None:
    assert (line, column, words) in {(*at, message[: len(words)]) for *at, message in told(change)}


@pytest.mark.parametrize(
    ("change", "line", "column", "words"),
    [
        (('"no": {label', "b: {label"), 18, 7, "a choice cannot be called “b”"),
        (
            ('"no": {label', "Not_OK: {label"),
            18,
            7,
            "“Not_OK” cannot name a choice; use lower",
        ),
        (("    type: date", "    type: several"), 26, 5, "this type of question needs two choices"),
    ],
)
def test_a_choice_amiss_is_told_at_it(change: Change, line: int, column: int, words: str) -> None:
    assert (line, column, words) in {(*at, message[: len(words)]) for *at, message in told(change)}


@pytest.mark.parametrize("word", ["b", "Q", "？", "1", "３"])
def test_a_word_that_means_something_else_is_told_where_it_stands(word: str) -> None:
    for change, column in (
        (('"no": {label: {zh: 否, en: "No"}', f'"no": {{label: {{zh: 否, en: "{word}"}}'), 33),
        (('en: "No"}, then', f'en: "No"}}, also: ["{word}"], then'), 47),
    ):
        (problem,) = problems(change)
        assert (problem.id, problem.line, problem.column) == ("XT304", 18, column)
        assert problem.message.en.startswith(f"“{word}” means something else where people answer")
        assert problem.hint.en == "say it in different words"
    both = problems(('en: "No"}, then', f'en: "No"}}, also: ["{word}", c], then'))
    assert [(each.id, each.line) for each in both] == [("XT304", 18)] * 2


def test_a_choice_may_be_called_by_its_own_number() -> None:
    loads(SMALL.replace('en: "No"}, then', 'en: "No"}, also: ["2"], then'))


def test_a_choice_that_cannot_be_called_so_has_its_id() -> None:
    for name in ("b", "Not_OK"):
        assert "XT304" in [problem.id for problem in problems(('"no": {label', f"{name}: {{label"))]


def test_the_name_of_a_choice_is_its_own_whatever_others_say() -> None:
    yes = ('"yes": {label: {zh: 是, en: "Yes"}', '"yes": {label: {zh: 是, en: "Yes"}, also: ["no"]')
    line, column, words = told(yes)[0]
    assert (line, column) == (17, 49)
    assert words.startswith("“no” stands for the choice “no” too")


def test_a_question_without_choices_is_told_at_its_own_name() -> None:
    choices = ("    choices:\n      never: {label: {zh: 没寄, en: Never}, then: fine}\n", "")
    found = told(choices, ("    type: date\n    latest: today\n", ""))
    assert (19, 3, "this type of question needs two choices or more") in [
        (line, column, words.partition(";")[0]) for line, column, words in found
    ]


def test_words_that_two_choices_share_are_told_at_the_second() -> None:
    paid = ('"no": {label: {zh: 否, en: "No"}', '"no": {label: {zh: 是, en: "yes"}, also: [x, 对]')
    yes = ('"yes": {label: {zh: 是, en: "Yes"}', '"yes": {label: {zh: 是, en: "Yes"}, also: [对]')
    assert [(line, column) for line, column, _ in told(paid, yes)] == [(18, 26), (18, 33), (18, 51)]


BOTH = "{zh: '{due}', en: '{due}'}"
MONTH = ('then: {"yes": ask-them, "no": fine}', 'then: {"yes": month, "no": fine}')
LATER = (
    "  mailed:\n",
    "  month:\n    says: {zh: a, en: a}\n    compute: next-calendar-month\n    of: {after: today}\n"
    "    then: {'*': ask-them}\n  mailed:\n",
)


STEPS: Change = ("    steps: []", "    steps: [write]")
MAIL: Change = ("    steps: []", "    steps: []\n    email: letter")
NAMED = "- {zh: '{due}', en: '{due}', when: {paid: ['yes', 'no']}"
FILE = "attachments: [ # {due}\n    {zh: '{due}', en: '{due}', accept: pdf}]"


def before(key: str) -> str:
    return f"    # {{due}}\n    {key}: {BOTH}"


@pytest.mark.parametrize(
    "changes",
    [
        [('    ask: {zh: 到账了吗？, en: "Paid?"}', before("ask"))],
        [("    help: {zh: 查流水。, en: See the account.}", before("help"))],
        [("    title: {zh: 没事, en: Fine}\n", ""),
         ("    steps: []", f"    steps: []\n{before('title')}")],
        [("    summary: {zh: 没事。, en: Fine.}", before("summary"))],
        [STEPS, ("    text: {zh: 写。, en: Write.}", before("text"))],
        [STEPS, ("    title: {zh: 写信, en: Write}\n", ""),
         ("    notes:", f"{before('title')}\n    notes:")],
        [STEPS, ('- {zh: 暂估。, en: An estimate., when: {estimate: "yes"}',
                 f"# {{due}}\n      {NAMED}")],
        [MAIL, ('subject: "{who}"', "# {due}\n    subject: '{who}{due}'")],
        [MAIL, ("body: 你好", "# {due}\n    body: '{due}'")],
        [MAIL, ("body: 你好", f"body: 你好, {FILE}")],
    ],
)  # fmt: skip
def test_a_value_that_may_not_be_known_is_told_where_it_stands(changes: list[Change]) -> None:
    text = SMALL
    for old, new in changes:
        text = text.replace(old, new, 1)
    rows = text.splitlines()
    number = next(n for n, row in enumerate(rows) if "# {due}" in row) + 1
    place = (number + 1, rows[number].index("{due}") + 1)
    assert [(p.line, p.column, p.id) for p in problems(*changes)] == [(*place, "XT406")]


def test_a_question_cannot_tell_its_own_answer() -> None:
    asked = ('ask: {zh: 何时寄出？, en: "Mailed when?"}', "ask: {en: '{mailed}', zh: '{mailed}'}")
    ((line, column, words),) = told(asked)
    assert (line, column) == (21, 32)  # in Chinese, wherever that stands
    assert words.startswith("where “mailed” is asked there may be no value for {mailed}; use")


def test_a_text_with_a_lone_brace_is_not_compared_with_the_other() -> None:
    found = problems(('zh: "{due}已过。", en: "{due} has', 'zh: "{due已过。", en: "{due} has'))
    assert [problem.id for problem in found] == ["XT408"]


def test_a_note_may_be_limited_to_where_its_values_are_known() -> None:
    loads(
        SMALL.replace(*STEPS).replace(
            "{zh: 暂估。, en: An estimate.,", "{zh: '{due}', en: '{due}',"
        )
    )
    warning = "{zh: '{month-end}', en: '{month-end}', when: {late: %s}}"
    ids = {}
    for result in ("yes", "no"):
        row = f"  late:\n    warnings: [{warning % repr(result)}]\n"
        text = SMALL.replace(*MONTH).replace(*LATER).replace("  late:\n", row)
        try:
            loads(text)
            ids[result] = ""
        except InvalidRules as error:
            (problem,) = error.problems
            ids[result] = problem.at("en").partition(": ")[2]
    assert ids["yes"] == ""
    assert ids["no"].startswith("on some routes there may be no value for {month-end}")


def test_a_value_that_may_be_unknown_at_two_outcomes_is_told_once() -> None:
    other = "  other: {title: {zh: a, en: a}, summary: {zh: a, en: a}, steps: [write]}\n"
    paths = ("then: fine}\n  late:", "then: other}\n  late:")
    found = problems(STEPS, ("outcomes:\n", f"outcomes:\n{other}"), paths, (
        "    text: {zh: 写。, en: Write.}", "    text: {zh: '{due}', en: '{due}'}"
    ))  # fmt: skip
    assert [problem.id for problem in found] == ["XT406"]


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (7, "q0 → q1 → q2 → q3 → q4 → q5 → q6 → q0"),
        (8, "q0 → q1 → q2 → q3 → q4 → … → q6 → q7 → q0"),
    ],
)
def test_a_long_circle_is_shortened(length: int, told: str) -> None:
    names = [f"q{n}" for n in range(length)]
    route = {
        name: question(after, "x") for name, after in zip(names, [*names[1:], "q0"], strict=True)
    }
    made = tree(route, ["x"])
    (fault,) = ways.faults(made, Routes(made))
    assert fault.message.en == f"this goes round in a circle: {told}"
    assert fault.path == ("route", names[-1], "choices", "yes", "then")
