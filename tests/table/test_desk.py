"""A row of a table is diagnosed as `diagnose` does it."""

import tracemalloc
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.routes import ROUTES, Route
from xingtu_cli import answers
from xingtu_cli.diagnosis import Diagnosis, diagnose, mark
from xingtu_cli.errors import InvalidAnswer
from xingtu_cli.progress import next_step
from xingtu_cli.rules.model import Tree
from xingtu_cli.table.columns import understand
from xingtu_cli.table.desk import Desk, Judged, Results
from xingtu_cli.table.read import Row
from xingtu_cli.table.tally import Tally
from xingtu_cli.text import Lang, Text
from xingtu_cli.walk import walk

TODAY = date(2026, 11, 23)


def desk(tree: Tree, header: Sequence[str], lang: Lang = "zh", *, strict: bool = False) -> Desk:
    return Desk(tree, understand(tree, header), TODAY, lang, strict=strict)


def judge(tree: Tree, answers: Mapping[str, object], lang: Lang = "zh") -> Judged:
    return desk(tree, list(answers), lang).judge(Row.of(2, list(answers.values())))


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_route_says_what_diagnose_says(tree: Tree, route: Route, lang: Lang) -> None:
    given = {**route.answers, **route.details}
    today = date.fromisoformat(route.today)
    judged = Desk(tree, understand(tree, list(given)), today, lang).judge(
        Row.of(2, list(given.values()))
    )
    known = {k: answers.parse(tree.questions[k], v, today) for k, v in route.answers.items()}
    details = {k: answers.parse_detail(tree.details[k], [v]) for k, v in route.details.items()}
    full = diagnose(walk(tree, known, today), details, lang)
    assert desk_says(judged) == diagnosis_says(full)
    assert judged.walk is not None
    assert bool(judged.results.estimate) == ("due" in judged.walk.estimated)
    assert not judged.results.error


def desk_says(judged: Judged) -> dict[str, object]:
    said = judged.results._asdict()
    return {name: said[name] or "" for name in said if name not in ("estimate", "error")}


def difference(full: Diagnosis) -> object:
    found = full.computed.get("difference")
    if not isinstance(found, Decimal):
        return ""
    return (-found if full.computed.get("amounts") == "less" else found) or ""


def diagnosis_says(full: Diagnosis) -> dict[str, object]:
    following = next_step(full)
    step = following.step if following else None
    to_change = any(step.id == "change-account" for step in full.steps)
    return {
        "outcome": full.outcome,
        "title": full.title,
        "due": full.computed.get("due", ""),
        "overdue_from": full.computed.get("overdue-from", ""),
        "difference": difference(full),
        "new_account_from": full.computed.get("new-account-from", "") if to_change else "",
        "next_step": step.title + mark(step).in_(full.lang) if step else "",
        "email_subject": full.email.subject if full.email else "",
    }


@pytest.mark.parametrize(
    ("after", "shown"), [("change-account", None), ("today", date(2026, 12, 1))]
)
def test_a_new_account_is_spoken_of_while_it_is_to_be_changed(
    tree: Tree, after: str, shown: date | None
) -> None:
    """Where it is counted from another day than that of a step, no step tells."""
    decision = tree.decisions["account-change"].but(of={"after": after})
    tree = tree.but(route={**tree.route, decision.id: decision})
    late = {"settled": "yes", "stamped": "yes", "mailed-on": "2026-10-08", "wrong-fields": "bank"}
    late |= {"statement-status": "cancellable", "new-amount": "not-yet", "invoiced-amount": ""}
    assert judge(tree, late).results.new_account_from == date(2026, 12, 1)
    known = {**late, "new-amount": "12000", "invoiced-amount": "10000"}
    assert judge(tree, known).results.new_account_from == shown


VALUES: dict[str, list[str]] = {
    "settled": ["yes", "no", "是", "", "maybe"],
    "stamped": ["yes", "还没有", ""],
    "mailed-on": [
        "2026-10-08",
        "2026年11月2日",
        "not-yet",
        "2026-12-24",
        "01/02/2026",
        "2026-09-30",
    ],
    "wrong-fields": ["bank", "账户名称、开户行", "none", "none,bank", "", "bnak"],
    "statement-status": ["cancellable", "审批中", "withdrawn", "其他", ""],
    "new-amount": ["12,000.00", "10000", "not-yet", "￥9999.99", "1,2", ""],
    "invoiced-amount": ["10000", "1e5", ""],
    "nickname": ["小明", "", "a\nb"],
    "company": ["某某公司", ""],
    "tracking-number": ["SF1, SF2", "SF1"],
}


@given(st.fixed_dictionaries({k: st.sampled_from(v) for k, v in VALUES.items()}))
def test_any_row_comes_out_as_the_same_answers_would(tree: Tree, row: dict[str, str]) -> None:
    judged = judge(tree, dict(row))
    known, details, bad = {}, {}, False
    for name, typed in row.items():
        try:
            if name in tree.details:
                if values := answers.parse_detail(tree.details[name], [typed]):
                    details[name] = values
            elif typed:
                known[name] = answers.parse(tree.questions[name], typed, TODAY)
        except InvalidAnswer as error:
            bad = True
            assert error.why.zh in judged.results.error
    walked = walk(tree, known, TODAY)
    if bad or walked.at.id in tree.questions:
        assert judged.walk is None
        assert judged.results == Results(error=judged.results.error)
        assert bad or f"缺“{walked.at.id}”" in judged.results.error
    else:
        assert desk_says(judged) == diagnosis_says(diagnose(walked, details, "zh"))


def test_the_first_column_missing_is_named_with_its_values(tree: Tree) -> None:
    given = {"settled": "yes", "stamped": "yes", "发票寄出日期": "  "}
    error = judge(tree, given).results.error
    assert error == (
        "缺“发票寄出日期”，可填：YYYY-MM-DD、not-yet（还没寄）"
        "；之后可能还要：“有误的账户信息”、“结算单状态”、“新结算单金额”、“已寄发票金额”"
    )
    error = judge(tree, {"settled": "yes"}, "en").results.error
    assert error == (
        "“stamped” (the table has no such column) is missing; it takes: yes, no; then perhaps"
        " “mailed-on”, “wrong-fields”, “statement-status”, “new-amount”, “invoiced-amount”"
    )
    given = {"settled": "yes", "stamped": "yes", "mailed-on": "2026-10-08", "wrong-fields": "bank"}
    given |= {"statement-status": "cancellable", "new-amount": "12000"}
    assert judge(tree, given).results.error == ("缺“已寄发票金额”（表里没有这一列），可填：金额")


def test_all_that_is_wrong_in_a_row_is_said_by_its_columns(tree: Tree) -> None:
    given = {"已结算": "maybe", "new-amount": "1,2000", "昵称": "a\nb"}
    error = judge(tree, given).results.error
    for told in (
        "“已结算”不能填“maybe”：没有这个选项",
        "“new-amount”不能填“1,2000”",
        "“昵称”不能填“a\\x0ab”",
    ):
        assert told in error
    assert "\n" not in error
    assert "--" not in error


def test_cells_that_excel_typed(tree: Tree) -> None:
    row = {
        "settled": True,
        "stamped": "yes",
        "mailed-on": date(2026, 10, 8),
        "wrong-fields": ["bank", "account-name"],
        "statement-status": "cancellable",
        "new-amount": 12000.0,
        "invoiced-amount": 0.1 + 0.2,
        "tracking-number": 75312345678901,
    }
    judged = judge(tree, row)
    assert judged.results.difference == Decimal("11999.70")
    assert judged.details["tracking-number"] == ("75312345678901",)
    assert judge(tree, {"settled": False}).results.outcome == "settle-first"
    text = {**row, "mailed-on": "2026/10/8 14:30:00", "settled": "TRUE"}
    assert judge(tree, text).results == judged.results


def test_tracking_numbers_of_several_columns_are_gathered(tree: Tree) -> None:
    columns = ["settled", "快递单号", "运单号"]
    judged = desk(tree, columns).judge(Row.of(2, ["no", "SF1、SF2", "SF3"]))
    assert judged.details == {"tracking-number": ("SF1", "SF2", "SF3")}


def test_strict_refuses_answers_that_are_not_needed(tree: Tree) -> None:
    columns = ["settled", "new-amount"]
    row = Row.of(2, ["no", "100"])
    assert desk(tree, columns).judge(row).walk is not None
    refused = desk(tree, columns, strict=True).judge(row)
    assert refused.results.error == "这条路线用不到：“new-amount”"


def test_neither_many_rows_nor_long_ones_fill_the_memory(tree: Tree) -> None:
    at = desk(tree, ["settled", "mailed-on", "new-amount", "nickname", "tracking-number"])
    for n in range(3000):
        at.judge(Row.of(2, ["no", "", f"{n}", f"达人{n}", f"SF{n}"]))
    tracemalloc.start()
    try:
        for n in range(400):
            for place in range(5):
                cells = ["no", "", "", "", ""]
                cells[place] += f"{n}" + "长" * 10_000
                assert at.judge(Row.of(2, cells)).results.outcome in ("settle-first", "")
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 5_000_000  # 40 MB of text went by


def test_a_row_that_cannot_be_read_is_its_own_error(tree: Tree) -> None:
    judged = desk(tree, ["settled"]).judge(Row.of(7, ["no"], Text("坏了", "broken")))
    assert judged.results == Results(error="坏了")


def test_what_a_row_still_needs_in_full(tree: Tree) -> None:
    at = desk(tree, ["settled"])
    error = at.judge(Row.of(2, ["yes"])).error
    assert error is not None
    needed: object = error.details("zh")["missing"]
    assert [each["question"] for each in needed] == ["stamped"]  # type: ignore[attr-defined]
    assert error.message.en.startswith("“stamped” (the table has no such column) is missing; it")


def test_the_tally(tree: Tree) -> None:
    tally = Tally(TODAY)
    for route in ROUTES:
        if route.today == TODAY.isoformat():
            tally.add(judge(tree, dict(route.answers)))
    tally.add(judge(tree, {"settled": "maybe"}))
    assert tally.rows == 1 + sum(tally.outcomes.values())
    assert tally.failed == 1
    assert tally.outcomes["locked"] == 3
    assert tally.differences == {"greater": (1, Decimal("2000.00")), "less": (1, Decimal("0.01"))}
    assert dict(tally.due) == {date(2026, 11, 23): 1, date(2026, 12, 14): 1}
    assert set(tally.changes) == {date(2026, 12, 1)}
