"""What the checks find out about all routes at once, against the routes listed one by one."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests import trees
from xingtu_cli.rules.check.routes import END, Routes, merged, valued
from xingtu_cli.rules.model import NOT_REACHED, Question, Tree

OUTCOMES = ["x", "y", "z"]
VALUE = "a value"
COMPUTED = "month-end"
Route = Mapping[str, str]  # each node on it, with what it went on by; the outcome last


@st.composite
def guides(draw: st.DrawFn) -> Tree:
    size = draw(st.integers(1, 6))
    route: dict[str, Any] = {}
    for number in range(size):
        later = st.sampled_from([*(f"n{n}" for n in range(number + 1, size)), *OUTCOMES])
        one, other = draw(later), draw(later)
        route[f"n{number}"] = draw(
            st.sampled_from(
                [
                    trees.question(one, other),
                    trees.value("date", one, choices={"no": {"label": trees.WORDS, "then": other}}),
                    trees.decision(
                        "next-calendar-month",
                        {"after": "today"},
                        {"last-day": one, "earlier-day": other},
                    ),
                ]
            )
        )
    return trees.tree(route, OUTCOMES)


def listed(tree: Tree, name: str, so_far: Route) -> Iterator[Route]:
    """Yield every route on from `name`."""
    node = tree.nodes[name]
    if name in tree.outcomes:
        yield {**so_far, name: ""}
        return
    if isinstance(node, Question):
        ways = {value: choice.then or "" for value, choice in node.choices.items()}
        ways |= {VALUE: node.then} if node.then else {}
    else:
        ways = dict(tree.decisions[name].then)
    for by, target in ways.items():
        yield from listed(tree, target, {**so_far, name: by})


def holds(when: Mapping[str, tuple[str, ...]], route: Route) -> bool:
    return all(route.get(name, NOT_REACHED) in wanted for name, wanted in when.items())


@given(guides(), st.data())
def test_it_is_as_if_all_routes_had_been_listed(tree: Tree, data: st.DataObject) -> None:
    every = list(listed(tree, tree.start, {}))
    routes = Routes(tree)
    assert routes.whole
    assert routes.reached & tree.nodes.keys() == {name for route in every for name in route}
    wants = {
        name: st.one_of(
            st.just((NOT_REACHED,)),
            st.lists(st.sampled_from(results), min_size=1, unique=True).map(tuple),
        )
        for name in tree.route
        if (results := [each for each in routes.results[name] if each != NOT_REACHED])
    }
    names = data.draw(st.lists(st.sampled_from(list(wants)), max_size=3, unique=True))
    when = {name: data.draw(wants[name]) for name in names}
    assert routes.understands(when)
    for end in [*OUTCOMES, END]:
        those = [route for route in every if end in route or end == END]
        fitting = [route for route in those if holds(when, route)]
        assert routes.possible(when, end) == bool(fitting)
        for name in (*tree.questions, COMPUTED):
            givers = tree.decisions.keys() if name == COMPUTED else {name}
            if those:
                assert routes.knows(name, {}, end) == all(givers & route.keys() for route in those)
            if fitting:
                always = all(givers & route.keys() for route in fitting)
                assert routes.knows(name, when, end) == always


@given(guides())
def test_what_is_asked_has_a_value_only_later(tree: Tree) -> None:
    every = list(listed(tree, tree.start, {}))
    routes = Routes(tree)
    for end in tree.questions.keys() & routes.reached:
        before = [list(route)[: list(route).index(end)] for route in every if end in route]
        for name in tree.questions:
            assert routes.knows(name, {}, end) == all(name in passed for passed in before)


def test_a_route_may_go_round_a_condition_that_another_meets() -> None:
    route = {
        "q0": trees.question("q1", "x"),
        "q1": trees.question("q2", "q3"),  # the way to q3 is looked at first, in vain
        "q2": trees.question("q3", "x"),
        "q3": trees.question("x", "x"),
    }
    routes = Routes(trees.tree(route, ["x"]))
    assert routes.possible({"q0": ("yes",), "q2": ("yes",)}, "x")
    assert not routes.possible({"q1": ("no",), "q2": ("yes",)}, "x")


def test_a_route_that_must_not_pass_something_goes_round_it() -> None:
    routes = Routes(asked_five_times())
    assert routes.possible({"q3": ("yes",), "q4": ("yes",), "day": (NOT_REACHED,)}, "x")
    assert not routes.possible({"q3": ("yes",), "q4": ("no",), "day": (NOT_REACHED,)}, "x")


def test_a_value_that_either_of_two_decisions_gives() -> None:
    of = {"since": "today", "until": "today", "days": "5"}
    late = trees.decision("working-days-over", of, {"*": "x"})
    asked = {"q": trees.question("one", "two"), "one": late, "two": late}
    routes = Routes(trees.tree(asked, ["x"]))
    assert routes.possible({"estimate": ("yes",)}, "x")
    assert routes.possible({"estimate": ("yes",), "q": ("no",)}, "x")
    assert routes.knows("due", {}, "x")
    assert not routes.possible({"estimate": ("yes",), "q": (NOT_REACHED,)}, "x")


def asked_five_times() -> Tree:
    """Return a tree of five questions, the last of which may lead to a sixth."""
    route = {f"q{n}": trees.question(f"q{n + 1}", f"q{n + 1}") for n in range(4)}
    route["q4"] = trees.question("x", "day")
    return trees.tree({**route, "day": trees.value("date", "x")}, ["x"])


def test_of_more_conditions_than_are_looked_at_together_nothing_is_amiss() -> None:
    routes = Routes(asked_five_times())
    for number in range(5):
        when = {f"q{n}": ("yes",) for n in range(number)}
        assert not routes.knows("day", when, "x")
    assert routes.knows("day", {f"q{n}": ("yes",) for n in range(5)}, "x")


def test_where_it_would_take_too_long_nothing_is_amiss() -> None:
    never = {"q4": ("yes",), "day": (NOT_REACHED,), "q3": ("yes",), "q0": ("yes",)}
    routes = Routes(asked_five_times())
    assert not routes.possible({"q4": ("yes",)}, "day")
    assert not routes.knows("day", {"q3": ("yes",)}, "x")
    assert routes.possible(never, "x")
    routes.patience = 0
    assert routes.possible({"q4": ("yes",)}, "day")
    assert routes.knows("day", {"q3": ("yes",)}, "x")


def test_with_a_circle_it_is_not_whole() -> None:
    routes = Routes(trees.tree({"a": trees.question("a", "x")}, ["x"]))
    assert routes.cycles == [["a", "a"]]
    assert routes.whole is False


def test_what_is_understood(tree: Tree) -> None:
    routes = Routes(tree)
    assert routes.understands({"estimate": ("yes", "no")})
    assert not routes.understands({"estimate": ("yes", "maybe")})
    assert not routes.understands({"none": ("yes",)})
    assert not routes.understands({"amounts": ("equal", NOT_REACHED)})


def test_conditions_that_exclude_each_other() -> None:
    assert merged({"a": ("x", "y"), "b": ("x",)}, {"a": ("y", "z"), "c": ("z",)}) == {
        "a": ("y",),
        "b": ("x",),
        "c": ("z",),
    }
    assert merged({"a": ("x",)}, {"a": ("y",), "c": ("z",)}) is None


@given(guides())
def test_a_value_is_given_on_the_ways_past_it(tree: Tree) -> None:
    every = list(listed(tree, tree.start, {}))
    routes = Routes(tree)
    for name, question in tree.questions.items():
        if question.type == "date" and name in routes.reached:
            for end in OUTCOMES:
                those = [route for route in every if end in route]
                given_ = all(route.get(name) == VALUE for route in those)
                if those:
                    assert routes.always.passes(end, valued(name)) == given_


def test_what_only_a_decision_off_every_route_gives_is_on_none() -> None:
    of = {"since": "today", "until": "today", "days": "5"}
    late = trees.decision("working-days-over", of, {"*": "x"})
    routes = Routes(trees.tree({"a": trees.question("x", "x"), "late": late}, ["x"]))
    assert not routes.possible({"estimate": ("yes",)}, "x")
    assert not routes.possible({"estimate": ("yes",), "a": ("no",)}, "x")
    assert routes.knows("due", {"estimate": ("yes",)}, "x")  # of routes that there are not
    assert not routes.knows("due", {}, "x")
