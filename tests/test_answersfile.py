import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtu_cli import answersfile
from xingtu_cli.answersfile import Fitted
from xingtu_cli.errors import CannotRead
from xingtu_cli.rules.load import load

TREE = load()
TODAY = date(2026, 11, 24)


def fitted(data: bytes | str) -> tuple[Fitted, list[str]]:
    raw = data.encode() if isinstance(data, str) else data
    document = answersfile.parse(raw, "a.yaml")
    said = answersfile.told(document)
    found = answersfile.fit(TREE, *answersfile.parted(TREE, said), "a.yaml", TODAY)
    return found, [problem.at("en") for problem in (*document.problems, *found.problems)]


YAML = """
settled: yes
mailed-on: 2026-10-08
wrong-fields: [bank, account-name]
new-amount: 12,000.00
invoiced-amount: ￥10000元
nickname: 小明
tracking-number: [0012345, SF123]
company:
"""
AS_JSON = {
    "settled": True,
    "mailed-on": "2026-10-08",
    "wrong-fields": ["bank", "account-name"],
    "new-amount": "12000.00",
    "invoiced-amount": 10000.00,
    "nickname": "小明",
    "tracking-number": ["0012345", "SF123"],
    "company": None,
}
EXPECTED = {
    "settled": "yes",
    "mailed-on": date(2026, 10, 8),
    "wrong-fields": ("account-name", "bank"),
    "new-amount": Decimal("12000.00"),
    "invoiced-amount": Decimal("10000.00"),
}


@pytest.mark.parametrize(
    "data",
    [
        YAML,
        YAML.encode("gbk"),
        YAML.encode("utf-8-sig"),
        YAML.encode("utf-16"),
        json.dumps(AS_JSON),
        json.dumps(AS_JSON, indent="\t", ensure_ascii=False),
        json.dumps(AS_JSON, ensure_ascii=False).encode("gbk"),
    ],
    ids=["yaml", "gbk", "bom", "utf-16", "json", "json-tabs", "json-gbk"],
)
def test_yaml_and_json_in_any_encoding_an_office_has(data: bytes | str) -> None:
    found, problems = fitted(data)
    assert problems == []
    assert found.answers == EXPECTED
    assert found.details == {"nickname": ("小明",), "tracking-number": ("0012345", "SF123")}


def test_numbers_are_read_to_the_digit() -> None:
    found, _ = fitted('{"new-amount": 12000.00, "tracking-number": 00123456789012345678}')
    assert found.answers == {"new-amount": Decimal("12000.00")}
    assert found.details == {"tracking-number": ("00123456789012345678",)}
    found, problems = fitted('{"new-amount": 1.2e4}')
    assert found.answers == {}
    assert "not an amount" in problems[0]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(TEXTS, st.booleans(), st.sampled_from([None, 2, "\t"]))
def test_any_text_survives_json(text: str, escaped: bool, indent: int | str | None) -> None:
    data = json.dumps({"nickname": text, "x": [None, text]}, ensure_ascii=escaped, indent=indent)
    document = answersfile.parse(data.encode(), "a.json")
    if any(p.id == "XT009" for p in document.problems):
        return  # a character that YAML does not let stand in a text as it is
    assert document.problems == []
    assert document.data == {"nickname": text, "x": ["", text]}


def test_every_problem_with_its_place() -> None:
    found, problems = fitted(
        "setled: yes\nmailed-on: 01/02/2026\nnickname: [a, b]\ncompany: {a: b}\n"
        "settled: [yes, no]\nstatement-status: withdrawm\ntracking-number: [[1]]\n"
    )
    assert found.answers == found.details == {}
    assert problems == [
        "a.yaml:4:10: this must be a value, or a list of values",
        "a.yaml:7:18: this must be a value, or a list of values",
        "a.yaml:1:1: there is no question or detail “setled”; did you mean “settled”?",
        "a.yaml:2:12: mailed-on cannot be “01/02/2026”: day and month cannot be told apart; write"
        " it like 2026-10-08, year first (it takes: YYYY-MM-DD, not-yet)",
        "a.yaml:5:10: settled cannot be “yes、no”: this takes a single value (it takes: yes, no)",
        "a.yaml:6:19: statement-status cannot be “withdrawm”: no such choice, did you mean"
        " withdrawn (没有「取消提现」，状态是「已提现」)? (it takes: cancellable, under-review,"
        " withdrawn, other)".replace(
            "没有「取消提现」，状态是「已提现」",
            TREE.questions["statement-status"].choices["withdrawn"].label.en,
        ),
        "a.yaml:3:11: --nickname takes one value, not: a, b",
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ("- a\n", "a.yaml:1:1: this must be a mapping of names to contents"),
        ("word", "a.yaml:1:1: this must be a mapping of names to contents"),
        ("a: b\na: c\n", "a.yaml:2:1: “a” is here twice"),
        ("a: &x b\nc: *x\n", "a.yaml:2:4: YAML aliases (*x) are not supported"),
        ("a: [", "a.yaml:1:5: something is missing here"),
        ('{"a": 1, "a": 2}', "a.yaml:1:10: “a” is here twice"),
        ("settled: yes\n---\nsettled: no\n", "a.yaml:2:1: a file holds one document"),
    ],
)
def test_what_is_no_answers_file(data: str, told: str) -> None:
    document = answersfile.parse(data.encode(), "a.yaml")
    assert document.problems[0].at("en").startswith(told)


def test_what_is_no_text() -> None:
    with pytest.raises(CannotRead, match=r"neither in UTF-8 nor in GBK"):
        answersfile.parse(b"\x81\xff\xff", "a.yaml")


def test_an_empty_file_gives_nothing() -> None:
    assert fitted("")[1] == fitted("# nothing\n")[1] == fitted("{}")[1] == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("settled: yes\nmailed-on：2026-10-08\nstamped: yes\n", 2),
        ("settled: yes\nmailed-on：2026-10-08\n", 2),
        ("mailed-on：2026-10-08\nsettled: yes\n", 1),
        ("mailed-on：2026-10-08\n", 1),
        ("answers:\n  settled: yes\n  mailed-on：'2026-10-08'\n  stamped: yes\n", 3),
    ],
)
def test_a_full_width_colon_is_named_on_its_line(text: str, line: int) -> None:
    found = answersfile.parse(text.encode(), "-").problems
    assert [each.at("zh").partition(" [")[0] for each in found] == [
        f"标准输入:{line}:{found[0].column}: 这一行用了全角冒号“：”，请改成半角冒号加一个空格“: ”"
    ]
    assert found[0].at("en").startswith(f"standard input:{line}:")


def test_a_full_width_colon_within_a_text_is_none_of_ours() -> None:
    assert answersfile.parse("note: 注意：别急\nx: y\n".encode(), "a.yaml").problems == []
