"""What does not fit the schema is told alone: it hides no other fault, and causes none."""

from pathlib import Path

import pytest

from xingtu_cli.errors import InvalidRules, Problem
from xingtu_cli.rules import schema
from xingtu_cli.rules.load import loads

SMALL = (Path(__file__).parent / "valid" / "minimal.yaml").read_text("utf-8")
Change = tuple[str, str]

# faults elsewhere, each of which rests on something else being sound
MENU: Change = ("menu: [首页]", "menu: [主页]")  # the labels
PLACEHOLDER: Change = ("{due} has passed", "{dew} has passed")  # the route
MORE = "  more: {title: {zh: a, en: a}, text: {zh: a, en: a}}"
NO_NAME = '""'
DANGLING: Change = ('en: "No"}, then: mailed', 'en: "No"}, then: maild')  # nothing but names
DETAIL = '  "": {label: {zh: a, en: a}, help: {zh: a, en: a}}'
UNUSED: Change = ("steps:\n  write:", f"steps:\n{MORE}\n  write:")  # the outcomes
CONDITION: Change = ('when: {estimate: "yes"}', 'when: {estimated: "yes"}')  # the step itself
OTHERS = {
    DANGLING: ["XT205"],
    MENU: ["XT211"],
    PLACEHOLDER: ["XT405"],
    UNUSED: ["XT209"],
    CONDITION: ["XT401"],
}


def problems(*changes: Change) -> list[Problem]:
    text = SMALL
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(InvalidRules) as caught:
        loads(text)
    return list(caught.value.problems)


def ids(*changes: Change) -> list[str]:
    return sorted(problem.id for problem in problems(*changes))


@pytest.mark.parametrize(
    ("change", "told", "others"),
    [
        (("title: {zh: 小, en: small}", "title: {zh: 小}"), "XT103", [MENU, PLACEHOLDER, UNUSED]),
        (("title: {zh: 小, en: small}", "title: x"), "XT106", [MENU, PLACEHOLDER, UNUSED]),
        (('as_of: "2026"\n', ""), "XT102", [MENU, PLACEHOLDER, UNUSED]),
        (("labels:\n  首页: home", "labels: x"), "XT110", [PLACEHOLDER, UNUSED]),
        (("  write:\n", "  other: x\n  write:\n"), "XT110 XT209", [MENU, PLACEHOLDER]),
        ((", en: Never}", "}"), "XT103", [MENU, PLACEHOLDER, UNUSED]),
        ((", en: Never}", ", en: Never}, also: x"), "XT109", [MENU, PLACEHOLDER, UNUSED]),
        (("says: {zh: 逾期了吗, en: late}", "says: {zh: 逾期了吗}"), "XT103", [MENU, PLACEHOLDER]),
        (("title: {zh: 没事, en: Fine}", "title: {zh: 没事}"), "XT103", [PLACEHOLDER, UNUSED]),
        (("title: {zh: 写信, en: Write}", "title: {zh: 写信}"), "XT103", [PLACEHOLDER, CONDITION]),
        (("    steps: []", "    steps: []\n    case: 0"), "XT112", [PLACEHOLDER, UNUSED]),
        (("    notes:", "    sends: maybe\n    notes:"), "XT108", [PLACEHOLDER, CONDITION]),
        (("    label: {zh: 到账", "    lable: {zh: 到账"), "XT101 XT102", [PLACEHOLDER, UNUSED]),
        (("    choices:", "    chioces:"), "XT101", [UNUSED]),
        (("    steps: [write]", "    steps: write"), "XT109", [MENU]),
        (('en: "No"}, then: mailed', 'en: "No"}, then: [mailed]'), "XT105", [UNUSED]),
        (("  paid:\n", "  other: x\n  paid:\n"), "XT110", [UNUSED]),
        (("body: 你好", "body: 你好, attachments: [{zh: a, en: a, accept: [x]}]"), "XT107", [MENU]),
        (("labels:\n  首页: home", 'labels:\n  首页: ""'), "XT104", [PLACEHOLDER, UNUSED]),
        (("labels:\n  首页: home", 'labels:\n  "": home'), "XT104", [PLACEHOLDER, UNUSED]),
        (("details:\n", f"details:\n{DETAIL}\n"), "XT104", [CONDITION]),
        (("steps:\n", f"steps:\n{MORE.replace('more', NO_NAME)}\n"), "XT104", [MENU, CONDITION]),
        (("then: {\"yes\": ask", "then: {\"\": fine, \"yes\": ask"), "XT104", [MENU, DANGLING]),
        (('when: {estimate: "yes"', 'when: {"": "yes"'), "XT104", [MENU, PLACEHOLDER]),
    ],
)  # fmt: skip
def test_it_hides_no_other_fault_and_causes_none(
    change: Change, told: str, others: list[Change]
) -> None:
    assert ids(change) == told.split()
    for other in others:
        assert ids(change, other) == sorted([*told.split(), *OTHERS[other]])


@pytest.mark.parametrize(
    ("change", "line", "column", "told"),
    [
        (("    menu: [首页]", "    zzz:"), 15, 5, "unknown key “zzz”; there are: label, ask"),
        (("    menu: [首页]", "    menu:x: y"), 15, 5, "unknown key “menu:x”; did you mean"),
        (("    menu: [首页]", "    do what:"), 15, 5, "“do what” looks like text cut at a comma"),
        (("{zh: 到账,", "{zh：到账：了,"), 12, 13, "the colon after “zh” is amiss"),
        (("    type: date", "    type: [date]"), 23, 5, "this cannot be “…”; there are: choice"),
        (("  首页: home", '  "": home'), 60, 3, "this must not be empty"),
        (("  paid:\n", "  more: x\n  paid:\n"), 11, 9, "this must be a mapping"),
    ],
)  # fmt: skip
def test_it_is_told_in_the_words_of_the_file(
    change: Change, line: int, column: int, told: str
) -> None:
    found = [(p.line, p.column, p.at("en")) for p in problems(change)]
    assert any(found[:2] == (line, column) and told in found[2] for found in found)


def test_of_very_many_faults_the_first_are_told_and_none_that_is_not_there() -> None:
    more = "".join(f"    k{n}: x\n" for n in range(1001))
    ask = ('    ask: {zh: 到账了吗？, en: "Paid?"}\n', "")
    found = problems(("  paid:\n", f"  paid:\n{more}"), ask)
    assert len(found) == 1000
    # `label` and `help` are there, beyond what is looked at
    assert [p.message.en for p in found if p.id != "XT101"] == ["“ask” is missing"]
    found = problems(("  who: {", f"  who: {{{', '.join(f'k{n}: x' for n in range(1001))}, "))
    assert {p.id for p in found} == {"XT101"}  # and the notes are sound, far before it
    found = problems(("menu: [首页]", f"menu: [{'[], ' * 1001}]"))
    assert {(p.id, p.line) for p in found} == {("XT105", 15)}
    assert len(found) == 1000


def test_where_mending_does_not_help_the_faults_are_told_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(schema, "_mend", lambda _data, _error: iter(()))
    assert ids(('as_of: "2026"\n', ""), MENU) == ["XT102"]


def test_what_is_no_mapping_at_all() -> None:
    for text in ("x", "- x", "- {a: b}"):
        with pytest.raises(InvalidRules) as caught:
            loads(text)
        assert [problem.id for problem in caught.value.problems] == ["XT110"]
