"""Ways through the tree: circles, what no way leads to, and what a way brings along."""

from collections.abc import Iterator, Mapping

from xingtu_cli.rules import graph
from xingtu_cli.rules.fault import Fault
from xingtu_cli.rules.model import Question, Tree
from xingtu_cli.text import Text


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT501 (a circle), XT502 (out of reach) and XT314 (a value not always known)."""
    if _dangles(tree):
        return
    ordered, cycle = graph.order(tree.start, lambda name: graph.targets(tree, name))
    if cycle:
        yield Fault(
            "XT501",
            ("route", cycle[-2]),
            Text(
                f"绕成了一圈：{' → '.join(cycle)}",
                f"this goes round in a circle: {' → '.join(cycle)}",
            ),
            Text("请改其中一个 then", "change one of these thens"),
        )
        return
    yield from _out_of_reach(tree, set(ordered))
    yield from _unready(tree, ordered)


def _dangles(tree: Tree) -> bool:
    """Tell whether the tree leads to something that does not exist; then its ways are not known."""
    return tree.start not in tree.nodes or any(
        target not in tree.nodes for name in tree.route for target in graph.targets(tree, name)
    )


def _out_of_reach(tree: Tree, reached: set[str]) -> Iterator[Fault]:
    for section, zh, en in (("route", "", ""), ("outcomes", "结论", "the outcome ")):
        for name in getattr(tree, section):
            if name not in reached:
                yield Fault(
                    "XT502",
                    (section, name),
                    Text(f"走不到{zh}“{name}”", f"no way leads to {en}“{name}”"),
                    Text(
                        "请让某个 then 指向它，或删掉它", "let some then lead to it, or remove it"
                    ),
                )


def _unready(tree: Tree, ordered: list[str]) -> Iterator[Fault]:
    """Yield decisions that some way reaches without a value for one of their arguments.

    A value is known where every way passes "this question was answered with a value", so that
    answer stands in the graph as a node of its own before its target.
    """
    expanded: list[str] = []
    before: dict[str, list[str]] = {name: [] for name in ordered}
    for name in ordered:
        expanded.append(name)
        node = tree.route.get(name)
        if isinstance(node, Question) and node.type not in ("choice", "several") and node.then:
            valued = _valued(name)
            expanded.append(valued)
            before[valued] = [name]
            before[node.then].append(valued)
            for choice in node.choices.values():
                before[choice.then or node.then].append(name)
        else:
            for target in graph.targets(tree, name):
                before[target].append(name)
    dominator = graph.dominators(expanded, before)
    for decision in tree.decisions.values():
        if decision.id not in dominator:
            continue
        passed = set(_up(decision.id, dominator))
        for argument, given in decision.of.items():
            asked = tree.questions.get(given)
            if asked and asked.type in ("date", "amount") and _valued(given) not in passed:
                yield Fault(
                    "XT314",
                    ("route", decision.id, "of", argument),
                    Text(
                        f"走到这里时不一定有“{given}”的值",
                        f"not every way here has a value for “{given}”",
                    ),
                    Text(f"请让每条路都先问“{given}”", f"let every way here ask “{given}” first"),
                )


def _valued(question: str) -> str:
    return f"{question}="


def _up(name: str, dominator: Mapping[str, str]) -> Iterator[str]:
    while dominator[name] != name:
        name = dominator[name]
        yield name
