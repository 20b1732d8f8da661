"""Conditions: what a `when` names, and whether it can ever hold where it stands."""

from collections.abc import Iterator, Sequence

from xingtu_cli.rules.check.parts import computable, notes, uses, whens
from xingtu_cli.rules.check.routes import END, Routes, merged, passed
from xingtu_cli.rules.fault import Fault, Known
from xingtu_cli.rules.model import Decision, Outcome, Step, Tree, When
from xingtu_cli.rules.source import KEY, Path
from xingtu_cli.text import Text


def faults(tree: Tree, routes: Routes) -> Iterator[Fault]:
    """Yield XT401 and XT402 (what a `when` names), XT403 and XT404 (whether it can hold)."""
    yield from _names(tree, routes)
    if routes.whole:
        used = uses(tree)
        for step in tree.steps.values():
            yield from _step(step, used.get(step.id, ()), routes)
        for outcome in tree.outcomes.values():
            yield from _notes(outcome, [({}, outcome.id)], routes)
        for decision in tree.decisions.values():
            yield from _notes(decision, [(passed(decision), END)], routes)


def _names(tree: Tree, routes: Routes) -> Iterator[Fault]:
    """Yield XT401: `when: {amount: equal}` where the decision is `amounts`; XT402: `equals`."""
    complete = computable(tree)
    subjects = Known("XT401", routes.results, "判断、步骤或选择题", "decision, step or choice")
    for path, when in whens(tree):
        for name, wanted in when.items():
            if name not in routes.results and complete:
                yield from subjects.unknown((*path, name, KEY), name)
            possible = Known("XT402", routes.results.get(name, ()), "结果", "result")
            for result in wanted:
                if possible.names:
                    yield from possible.unknown((*path, name), result)


def _step(step: Step, outcomes: Sequence[Outcome], routes: Routes) -> Iterator[Fault]:
    """Yield XT403 if the step is never shown, and XT404 for each outcome that never shows it."""
    listed = [outcome.id for outcome in outcomes if outcome.id in routes.reached]
    if not listed or not routes.understands(step.when):
        return
    showing = [name for name in listed if routes.possible(step.when, name)]
    if not showing:
        yield _never_holds(("steps", step.id, "when"))
        return
    for name in listed:
        if name not in showing:
            number = routes.tree.outcomes[name].steps.index(step.id)
            yield Fault(
                "XT404",
                ("outcomes", name, "steps", number),
                Text(
                    f"走到结论“{name}”的路上，步骤“{step.id}”的 when 从不成立，这一步永远不会出现",
                    f"the when of the step “{step.id}” never holds on a route to the outcome"
                    f" “{name}”, which so never shows it",
                ),
                Text("请从这里删掉这一步，或改它的 when", "remove it here, or change its when"),
            )
    yield from _notes(step, [(step.when, name) for name in showing], routes)


def _notes(
    part: Step | Decision | Outcome, where: Sequence[tuple[When, str]], routes: Routes
) -> Iterator[Fault]:
    """Yield XT403 for each note whose `when` never holds on the routes that come to its part.

    `where` gives those routes: a condition, and the node that they lead to.
    """
    where = [each for each in where if each[1] in routes.reached and routes.understands(each[0])]
    for path, note in notes(part):
        if where and note.when and routes.understands(note.when):
            both = ((merged(when, note.when), end) for when, end in where)
            if not any(when is not None and routes.possible(when, end) for when, end in both):
                yield _never_holds((*path, "when"))


def _never_holds(path: Path) -> Fault:
    return Fault(
        "XT403",
        path,
        Text(
            "这个 when 永远不会成立：走得到这里的路上，没有一条符合",
            "this when never holds: no route that comes here fits it",
        ),
        Text("请改条件，或删掉这一项", "change the condition, or remove what it guards"),
    )
