"""Every route of a tree, with answers that really take it."""

import json
import shlex
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.trees import WORDS, chain, decision, diamonds, question, tree, value
from xingtu_cli import answers
from xingtu_cli.cli import main
from xingtu_cli.facts import FUNCTIONS
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.views import listing, routes
from xingtu_cli.rules.views.branches import branches
from xingtu_cli.rules.views.routes import Turn
from xingtu_cli.walk import walk

SHIPPED = load()
TODAY = date(2026, 11, 25)
OVER = {"since": "sent", "until": "today", "days": "15"}


def found(tree: Tree, today: date = TODAY) -> list[routes.Route]:
    every = list(routes.routes(tree, today))
    assert len(every) == routes.count(tree)
    for route in every:
        if route.example:
            assert walk(tree, route.example.answers, route.example.today).at is route.outcome
    return every


def test_the_shipped_routes_are_all_different_and_take_every_branch() -> None:
    every = found(SHIPPED)
    assert len({route.turns for route in every}) == len(every) == 47
    assert all(route.example for route in every)
    turns = {turn for route in every for turn in route.turns}
    for name, decided in SHIPPED.decisions.items():
        assert {Turn(name, each) for each in FUNCTIONS[decided.compute].results} <= turns
    for name, asked in SHIPPED.questions.items():
        assert {Turn(name, choice) for choice in asked.choices} <= turns
        assert (Turn(name, routes.VALUE) in turns) == (asked.type in ("date", "amount"))
    assert {route.outcome.id for route in every} == set(SHIPPED.outcomes)


@pytest.mark.parametrize("today", ["2024-02-29", "2026-01-31", "2026-11-25", "2031-10-01"])
def test_examples_are_found_on_any_day(today: str) -> None:
    assert all(route.example for route in found(SHIPPED, date.fromisoformat(today)))


def test_no_example_is_of_a_year_that_cannot_be_given() -> None:
    assert all(route.example for route in found(SHIPPED, date(2000, 1, 1)))
    examples = [route.example for route in found(SHIPPED, date(2099, 12, 31))]
    assert {each.today for each in examples if each} == {date(2099, 12, 31)}
    assert None in examples  # there is no day after it


def test_every_line_ends_where_it_says(capsys: pytest.CaptureFixture[str]) -> None:
    for route in found(SHIPPED):
        line = listing.line(route, ["--format", "json", "--strict"])
        assert line is not None
        name, *words = shlex.split(line)
        assert (name, main(words)) == ("xingtu", 0)
        document = json.loads(capsys.readouterr().out)
        assert document["outcome"] == route.outcome.id
        assert document["path"] == [turn.node for turn in route.turns]
        for turn in route.turns:
            given = document["answers"].get(turn.node, document["computed"].get(turn.node))
            assert turn.by in (given, routes.VALUE, *(given if isinstance(given, list) else ()))


def test_decisions_of_one_route_share_the_day_and_the_answers() -> None:
    made = tree(
        {
            "sent": value("date", "late", latest="today"),
            "late": decision("working-days-over", OVER, {"yes": "late-too", "no": "end"}),
            "late-too": decision(
                "working-days-over", {**OVER, "days": "40"}, {"yes": "end", "no": "month"}
            ),
            "month": decision("next-calendar-month", {"after": "today"}, {"*": "sent-on"}),
            "sent-on": decision("next-calendar-month", {"after": "sent"}, {"*": "end"}),
        },
        ["end"],
    )
    every = found(made)
    assert len(every) == 6
    assert all(route.example for route in every)
    both = next(
        r for r in every if {Turn("month", "last-day"), Turn("sent-on", "last-day")} <= {*r.turns}
    )
    assert both.example
    assert both.example.today == date(2026, 11, 30)
    assert both.example.answers["sent"] == date(2026, 10, 31)


def test_a_route_that_nothing_can_take_is_told() -> None:
    made = tree(
        {
            "a": value("amount", "b"),
            "b": value("amount", "first"),
            "first": decision("compare-amounts", {"new": "a", "old": "b"}, {"*": "second"}),
            "second": decision("compare-amounts", {"new": "b", "old": "a"}, {"*": "end"}),
        },
        ["end"],
    )
    every = found(made)
    possible = {("equal", "equal"), ("greater", "less"), ("less", "greater")}
    for route in every:
        results = tuple(turn.by for turn in route.turns[2:])
        assert (route.example is not None) == (results in possible)
    without = next(route for route in every if route.example is None)
    assert listing.line(without, []) is None
    assert listing.turns(without) == "a → b → first=equal → second=greater → end"


def test_an_amount_is_compared_with_itself() -> None:
    made = tree(
        {
            "a": value("amount", "same"),
            "same": decision("compare-amounts", {"new": "a", "old": "a"}, {"*": "end"}),
        },
        ["end"],
    )
    assert [bool(route.example) for route in found(made)] == [True, False, False]


@pytest.mark.parametrize(("bound", "possible"), [({}, True), ({"latest": "today"}, False)])
def test_a_day_to_come_is_an_example_only_where_it_may_be_given(
    bound: dict[str, str], *, possible: bool
) -> None:
    made = tree(
        {
            "due": value("date", "late", **bound),
            "late": decision(
                "working-days-over", {"since": "today", "until": "due", "days": "15"}, "end"
            ),
        },
        ["end"],
    )
    assert [(r.turns[1].by, bool(r.example)) for r in found(made)] == [
        ("yes", possible),
        ("no", True),
    ]


def test_the_decision_that_leaves_the_least_choice_comes_first_in_the_search() -> None:
    made = tree(
        {
            "sent": value("date", "back"),
            "back": value("date", "slow"),
            "slow": decision(
                "working-days-over", {"since": "sent", "until": "back", "days": "5"}, "long-ago"
            ),
            "long-ago": decision("working-days-over", {**OVER, "days": "200"}, "end"),
        },
        ["end"],
    )
    every = found(made)
    assert len(every) == 4
    assert all(route.example for route in every)


def test_a_route_may_have_any_number_of_decisions() -> None:
    names = [f"d{n}" for n in range(300)] + ["end"]
    month = {a: decision("next-calendar-month", {"after": "today"}, b) for a, b in pairwise(names)}
    first = next(routes.routes(tree(month, ["end"]), TODAY))
    assert {turn.by for turn in first.turns} == {"last-day"}
    assert first.example
    assert first.example.today == date(2026, 11, 30)


def test_several_choices_are_tried_alone() -> None:
    choices = {"x": {"label": WORDS}, "y": {"label": WORDS}, "none": {"label": WORDS, "then": "o"}}
    made = tree({"which": value("several", "end", choices=choices)}, ["end", "o"])
    given = [(r.example and r.example.answers["which"], r.outcome.id) for r in found(made)]
    assert given == [(("x",), "end"), (("y",), "end"), (("none",), "o")]


def test_values_that_no_decision_needs_are_ordinary_ones() -> None:
    made = tree({"day": value("date", "sum"), "sum": value("amount", "end")}, ["end"])
    (route,) = found(made)
    assert route.example
    assert route.example.answers == {"day": TODAY, "sum": Decimal("10000.00")}


def test_a_choice_without_a_way_of_its_own_goes_on_by_that_of_its_question() -> None:
    ask = question("end", "o")
    choices = {**ask["choices"], "no": {"label": WORDS}}
    made = tree({"q": {**ask, "choices": choices, "then": "o"}}, ["end", "o"])
    assert [(r.turns[0].by, r.outcome.id) for r in found(made)] == [("yes", "end"), ("no", "o")]
    assert [(way.value, way.target) for way in branches(made, "q")] == [("yes", "end"), ("no", "o")]


def test_short_ways_off_come_first() -> None:
    lengths = [len(route.turns) for route in found(chain(40))]
    assert lengths == sorted(lengths)


def test_more_routes_than_anyone_can_list_are_counted_without_listing_them() -> None:
    assert routes.count(diamonds(20)) == 2**20
    many = diamonds(30_000)
    assert routes.count(many) == routes.MOST
    first = next(routes.routes(many, TODAY))
    assert len(first.turns) == 30_000
    assert listing.as_data([first], routes.MOST, [], "zh")["total"] is None


def test_a_tree_that_asks_nothing_has_one_route() -> None:
    made = tree({"q": question("end", "end")}, ["end"]).but(start="end")
    (route,) = routes.routes(made, TODAY)
    assert (route.turns, route.outcome.id) == ((), "end")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_has_words_for_all_its_names(name: str) -> None:
    function = FUNCTIONS[name]
    assert function.words.keys() == {*function.takes, *function.results, *function.values}


@pytest.mark.parametrize("days", ["1", "15", "999"])
@pytest.mark.parametrize(
    ("name", "result"), [(n, r) for n, function in FUNCTIONS.items() for r in function.results]
)
def test_each_function_finds_arguments_for_each_result(name: str, result: str, days: str) -> None:
    function = FUNCTIONS[name]
    counts = {each: int(days) for each, kind in function.takes.items() if kind == "count"}
    example = next(iter(function.examples(result, counts, TODAY)))
    assert example.keys() == function.takes.keys()
    assert function.run(**example).result == result
    for argument, given in example.items():  # and around any one of them
        known = {**counts, argument: given}
        again = next(iter(function.examples(result, known, TODAY)))
        assert again[argument] == given
        assert function.run(**again).result == result
        if not isinstance(given, int):
            assert answers.written(given)
