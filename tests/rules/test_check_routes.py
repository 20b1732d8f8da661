"""What the checks find out about all routes at once, against the routes listed one by one."""

from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests import trees
from xingtu_cli.rules.check.routes import END, Routes, valued
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
    when = data.draw(st.fixed_dictionaries({}, optional=wants).filter(lambda w: len(w) <= 4))
    assert routes.understands(when)
    for end in [*OUTCOMES, END]:
        those = [route for route in every if (end in route or end == END)]
        fitting = [route for route in those if holds(when, route)]
        assert routes.possible(when, end) == bool(fitting)
        passing = {name: all(name in route for route in fitting) for name in tree.questions}
        passing[COMPUTED] = all(not tree.decisions.keys().isdisjoint(route) for route in fitting)
        for name, always in passing.items():
            assert not fitting or routes.knows_when(name, when, end) == always
            if not when and fitting:
                assert routes.knows(name, end) == always


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
