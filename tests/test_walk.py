from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.routes import CANCELLABLE, LATE, ROUTES, WRONG, Route, lacks
from xingtu_cli import answers
from xingtu_cli.answers import Answers
from xingtu_cli.errors import InvalidAnswer
from xingtu_cli.facts import FUNCTIONS
from xingtu_cli.rules.load import load, loads
from xingtu_cli.rules.model import Decision, Question, Tree
from xingtu_cli.walk import Walk, answer, back, onward, outlook, walk

TODAY = date(2026, 11, 23)
TREE = load()


def parsed(tree: Tree, given_: dict[str, str], today: date = TODAY) -> Answers:
    return {k: answers.parse(tree.questions[k], v, today) for k, v in given_.items()}


def walked(given_: dict[str, str], today: date = TODAY) -> Walk:
    return walk(TREE, parsed(TREE, given_, today), today)


def taken(route: Route) -> Walk:
    return walked(route.answers, date.fromisoformat(route.today))


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_every_route_ends_where_it_should(route: Route) -> None:
    end = taken(route)
    assert not isinstance(end.at, Question), lacks(route.name, end.at.id)
    assert end.at.id == route.outcome
    assert list(end.asked) == list(route.answers)
    assert end.unneeded == ()
    assert outlook(end).needed == ()


def test_the_routes_cover_every_choice_and_every_result() -> None:
    passed: set[tuple[str, str]] = set()
    for route in ROUTES:
        end = taken(route)
        for name in end.path:
            if name in end.findings:
                passed.add((name, end.findings[name].result))
            else:
                given_ = end.answers[name]
                words = given_ if isinstance(given_, tuple) else [given_]
                passed |= {(name, w if isinstance(w, str) else "a value") for w in words}
    every: set[tuple[str, str]] = set()
    for name, node in TREE.route.items():
        if isinstance(node, Decision):
            every |= {(name, result) for result in FUNCTIONS[node.compute].results}
        else:
            every |= {(name, value) for value in node.choices}
            every |= {(name, "a value")} if node.type in ("date", "amount") else set()
    assert sorted(every - passed) == [], "tests/routes.py has no route for these"
    assert passed == every
    assert {route.outcome for route in ROUTES} == set(TREE.outcomes)


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_answering_one_by_one_is_the_same_walk(route: Route) -> None:
    today = date.fromisoformat(route.today)
    so_far = walk(TREE, {}, today)
    for name, given_ in parsed(TREE, route.answers, today).items():
        assert isinstance(so_far.at, Question)
        assert so_far.at.id == name
        so_far = answer(so_far, given_)
    assert so_far == taken(route)


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_walking_on_with_more_answers_is_the_same_walk(route: Route) -> None:
    today = date.fromisoformat(route.today)
    known = parsed(TREE, route.answers, today)
    done = {"change-account": date(2026, 9, 9)}
    for number in range(len(known)):
        first = dict(list(known.items())[:number])
        rest = {name: given_ for name, given_ in known.items() if name not in first}
        again = onward(walk(TREE, first, today, done), rest)
        assert again == walk(TREE, known, today, done)
        assert again.done == done


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_going_back_all_the_way_leads_to_the_first_question(route: Route) -> None:
    today = date.fromisoformat(route.today)
    so_far = taken(route)
    for name in reversed(route.answers):
        so_far = back(so_far)
        assert so_far.at.id == name
        assert name not in so_far.answers
    assert so_far == walk(TREE, {}, today)
    assert back(so_far) == so_far


def test_back_forgets_what_was_computed() -> None:
    end = walked({**CANCELLABLE, "new-amount": "not-yet"})
    assert "new-account-from" in end.computed
    assert "new-account-from" not in back(back(back(end))).computed
    assert "due" not in back(back(back(back(end)))).computed


def test_answers_off_the_route_are_named() -> None:
    end = walked({"settled": "no", "mailed-on": "2026-10-08", "new-amount": "5"})
    assert end.unneeded == ("mailed-on", "new-amount")
    assert walked({"mailed-on": "2026-10-08"}).unneeded == ()


def test_an_ended_walk_takes_no_answer() -> None:
    with pytest.raises(TypeError, match=r"^the walk has ended$"):
        answer(walked({"settled": "no"}), "yes")


@pytest.mark.parametrize(
    ("given_", "needed", "possible", "most"),
    [
        (
            {},
            ["settled"],
            ["stamped", "mailed-on", "wrong-fields", "statement-status", "new-amount"]
            + ["invoiced-amount"],
            7,
        ),
        (
            {"settled": "yes", "mailed-on": "2026-11-20"},
            ["stamped"],
            [],
            1,
        ),
        (LATE, ["wrong-fields"], ["statement-status", "new-amount", "invoiced-amount"], 4),
        ({**LATE, "statement-status": "cancellable"}, ["wrong-fields"], ["new-amount"]
         + ["invoiced-amount"], 3),
        (CANCELLABLE, ["new-amount"], ["invoiced-amount"], 2),
        ({**CANCELLABLE, "new-amount": "12000"}, ["invoiced-amount"], [], 1),
        ({**CANCELLABLE, "invoiced-amount": "12000"}, ["new-amount"], [], 1),
    ],
)  # fmt: skip
def test_what_is_still_to_come(
    given_: dict[str, str], needed: list[str], possible: list[str], most: int
) -> None:
    ahead = outlook(walked(given_))
    assert [q.id for q in ahead.needed] == needed
    assert [q.id for q in ahead.possible] == possible
    assert ahead.most == most


CHAIN = """
id: chain
version: "1"
as_of: "2026"
title: {zh: 链, en: chain}
start: first
route:
  first:
    label: {zh: 一, en: one}
    ask: {zh: 一, en: one}
    help: {zh: 一, en: one}
    choices:
      left:  {label: {zh: 左, en: left}, then: left-only}
      right: {label: {zh: 右, en: right}, then: second}
  left-only:
    label: {zh: 左, en: left}
    ask: {zh: 左, en: left}
    help: {zh: 左, en: left}
    type: amount
    then: second
  second:
    label: {zh: 二, en: two}
    ask: {zh: 二, en: two}
    help: {zh: 二, en: two}
    type: date
    then: third
  third:
    label: {zh: 三, en: three}
    ask: {zh: 三, en: three}
    help: {zh: 三, en: three}
    choices:
      a: {label: {zh: 甲, en: a}, then: end}
      z: {label: {zh: 乙, en: z}, then: end}
outcomes:
  end: {title: {zh: 完, en: end}, summary: {zh: 完, en: end}, steps: []}
"""


def test_everything_that_every_way_passes_is_needed() -> None:
    tree = loads(CHAIN)
    ahead = outlook(walk(tree, {}, TODAY))
    assert [q.id for q in ahead.needed] == ["first", "second", "third"]
    assert [q.id for q in ahead.possible] == ["left-only"]
    ahead = outlook(walk(tree, {"second": TODAY}, TODAY))
    assert [q.id for q in ahead.needed] == ["first", "third"]
    assert ahead.most == 3


MOVES = st.lists(
    st.one_of(
        st.just("back"),
        st.sampled_from(
            ["yes", "no", "not-yet", "none", "bank", "account-name,bank", "cancellable"]
            + ["2026-10-08", "2026-11-20", "2026-12-24", "12000", "10000.00", "6.2E+18"]
            + ["是", "审批中", "withdrawn", "没有「取消提现」，状态是「已提现」"]
        ),
        st.text(max_size=12),
    ),
    max_size=40,
)  # fmt: skip


@given(MOVES)
def test_any_sequence_of_answers_and_backs_stays_on_the_tree(moves: list[str]) -> None:
    so_far = walk(TREE, {}, TODAY)
    for move in moves:
        at, number = so_far.at, len(so_far.asked)
        if not isinstance(at, Question):
            break
        if move == "back":
            so_far = back(so_far)
            assert len(so_far.asked) == max(0, number - 1)
            continue
        try:
            given_ = answers.parse(at, move, TODAY)
        except InvalidAnswer:
            continue
        so_far = answer(so_far, given_)
        assert len(so_far.asked) == number + 1
    # the same answers given at once lead to the same place
    assert walk(TREE, so_far.answers, TODAY) == so_far
    ahead = outlook(so_far)
    if isinstance(so_far.at, Question):
        assert ahead.needed[0] == so_far.at
        assert len(ahead.needed) <= ahead.most <= len(ahead.needed) + len(ahead.possible)


def test_amounts_are_exact() -> None:
    end = walked({**CANCELLABLE, "new-amount": "0.30", "invoiced-amount": "0.10"})
    assert end.computed["difference"] == Decimal("0.20")


def test_what_the_route_does_not_pass_is_not_reached() -> None:
    known = walked({**CANCELLABLE, "new-amount": "5", "invoiced-amount": "5"})
    assert known.holds({"amounts": ("equal",)})
    assert not known.holds({"amounts": ("not-reached",)})
    later = walked({**CANCELLABLE, "new-amount": "not-yet"})
    assert later.holds({"amounts": ("not-reached",), "new-amount": ("not-yet",)})
    locked = walked({**WRONG, "statement-status": "withdrawn"})
    assert locked.holds({"amounts": ("not-reached",), "new-amount": ("not-reached",)})
    given_anyway = walked({**WRONG, "statement-status": "withdrawn", "new-amount": "5"})
    assert given_anyway.holds({"new-amount": ("not-reached",)})
    assert given_anyway.holds({"new-amount": ("not-yet", "not-reached")})


def test_a_computed_yes_or_no_may_be_a_condition() -> None:
    known = walked({**CANCELLABLE, "new-amount": "5", "invoiced-amount": "5"})
    assert known.holds({"estimate": ("no",)})
    assert not known.holds({"estimate": ("yes",)})
    assert not known.holds({"difference": ("yes", "no")})  # an amount is neither
    guessed = walked({**LATE, "mailed-on": "2026-12-20"}, date(2026, 12, 21))
    assert guessed.holds({"estimate": ("yes",), "overdue": ("no",)})
    assert not guessed.holds({"estimate": ("yes",), "overdue": ("yes",)})


def test_only_what_is_computed_from_a_step_still_to_do_assumes_that_step() -> None:
    end = walked({**CANCELLABLE, "new-amount": "not-yet"})
    step = "change-account"
    assert end.assuming == {"new-account-from": step, "month-end": step}
    assert walk(TREE, end.answers, TODAY, {step: TODAY}).assuming == {}
