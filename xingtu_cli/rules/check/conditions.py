"""Conditions: what a `when` names."""

from collections.abc import Iterator, Mapping

from xingtu_cli.facts import FUNCTIONS
from xingtu_cli.rules.check.parts import computable, values, whens
from xingtu_cli.rules.fault import Fault, Known
from xingtu_cli.rules.model import DONE, NOT_DONE, Tree
from xingtu_cli.rules.source import KEY


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT401 (a `when` on nothing known) and XT402 (on a result that cannot be)."""
    results, complete = results_of(tree), computable(tree)
    subjects = Known("XT401", results, "判断、步骤或选择题", "decision, step or choice")
    for path, when in whens(tree):
        for name, wanted in when.items():
            if name not in results and complete:
                yield from subjects.unknown((*path, name, KEY), name)
            possible = Known("XT402", results.get(name, ()), "结果", "result")
            for result in wanted:
                if possible.names:
                    yield from possible.unknown((*path, name), result)


def results_of(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """Return all that a `when` may name, each with its possible results.

    A decision whose function is unknown has none: that fault is told once, where it stands.
    """
    known: dict[str, tuple[str, ...]] = dict.fromkeys(tree.steps, (DONE, NOT_DONE))
    for question in tree.questions.values():
        if question.choices:
            known[question.id] = tuple(question.choices)
    for decision in tree.decisions.values():
        function = FUNCTIONS.get(decision.compute)
        known[decision.id] = function.results if function else ()
        for value, kind in values(decision).items():
            if kind == "flag":
                known[value] = ("yes", "no")
    return known
