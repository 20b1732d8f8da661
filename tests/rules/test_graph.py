"""What leads where, in which order, and what every way passes through."""

from hypothesis import given
from hypothesis import strategies as st

from tests import trees
from tests.trees import decision, question, value
from xingtu_cli.rules import graph
from xingtu_cli.rules.model import Tree


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, list[str]]:
    """Return what precedes each node of a graph without circles, in order from its root."""
    before: dict[str, list[str]] = {"n0": []}
    for number in range(1, draw(st.integers(2, 24))):
        names = st.sampled_from(list(before))
        before[f"n{number}"] = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    return before


@given(graphs())
def test_a_dominator_is_on_every_way(before: dict[str, list[str]]) -> None:
    passed: dict[str, set[str]] = {}
    for name, earlier in before.items():
        passed[name] = {
            name,
            *(set.intersection(*(passed[each] for each in earlier)) if earlier else ()),
        }
    dominators = graph.Dominators(list(before), before)
    for name in before:
        assert {each for each in before if dominators.passes(name, each)} == passed[name]
        above = passed[name] - {name} or {name}
        assert dominators.nearest[name] == max(above, key=lambda each: len(passed[each]))
        assert not dominators.passes("nowhere", name)
        assert not dominators.passes(name, "nowhere")


def test_circles_are_told_wherever_they_begin() -> None:
    leads = {"a": "b", "b": "cx", "c": "bd", "d": "dc", "x": ""}
    _, cycles = graph.order("a", leads.__getitem__)
    assert cycles == [["b", "c", "b"], ["d", "d"], ["c", "d", "c"]]


def test_of_many_circles_some_are_told() -> None:
    names = [f"n{n}" for n in range(50)]
    _, cycles = graph.order("n0", lambda name: [names[0], *names[names.index(name) + 1 :][:1]])
    assert len(cycles) == graph.MOST_CYCLES


def test_what_a_question_leads_to() -> None:
    ask = question("x", "y")
    choices = {**ask["choices"], "yes": {"label": ask["label"]}}
    made = trees.tree(
        {
            "a": {**ask, "then": "never"},
            "b": {**ask, "then": "z", "choices": choices},
            "c": value("date", "z", choices=ask["choices"]),
            "d": decision("compare-amounts", {"new": "1", "old": "1"}, {"*": "x", "less": "y"}),
        },
        ["x", "y", "z", "never"],
    )
    leads = {name: graph.targets(made, name) for name in (*made.route, "x")}
    assert leads == {
        "a": ("x", "y"),
        "b": ("z", "y"),
        "c": ("z", "x", "y"),
        "d": ("x", "y"),
        "x": (),
    }


def test_dominators_of_a_diamond() -> None:
    before = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"], "e": ["d"]}
    found = graph.Dominators(list("abcde"), before)
    assert found.nearest == {"a": "a", "b": "a", "c": "a", "d": "a", "e": "d"}
    assert found.passes("e", "d")
    assert found.passes("e", "a")
    assert found.passes("e", "e")
    assert not found.passes("e", "b")


def test_order_puts_each_node_before_what_it_leads_to(tree: Tree) -> None:
    ordered, cycles = graph.order(tree.start, lambda name: graph.targets(tree, name))
    assert not cycles
    assert set(ordered) == set(tree.nodes)
    for name in ordered:
        assert all(ordered.index(name) < ordered.index(t) for t in graph.targets(tree, name))
