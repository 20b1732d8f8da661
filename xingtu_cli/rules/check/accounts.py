"""The question about wrong account fields: that a comparison can answer it."""

from collections.abc import Iterator
from itertools import islice

from xingtu_cli.rules.fault import Fault
from xingtu_cli.rules.model import ALL_RIGHT, Question, Tree
from xingtu_cli.rules.source import Path
from xingtu_cli.text import Text


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT315 (a question that cannot have `compares`), XT316 and XT317 (its choices)."""
    comparing = [q for q in tree.questions.values() if any(c.compares for c in q.choices.values())]
    for question in comparing:
        if question.type != "several":
            yield Fault(
                "XT315",
                ("route", question.id),
                Text(
                    f"“{question.id}”有 compares，却不是多选题",
                    f"“{question.id}” has compares, but does not take several answers",
                ),
                Text("请写 type: several", "write type: several"),
            )
            return
    for question in islice(comparing, 1, None):
        yield Fault(
            "XT315",
            ("route", question.id),
            Text(
                f"只能有一道题写 compares，“{comparing[0].id}”已经写了",
                f"only one question can have compares, and “{comparing[0].id}” has it already",
            ),
            Text("请删掉一处", "remove one"),
        )
    for question in comparing[:1]:
        yield from _fields(question)
        yield from _all_right(question)


def _fields(question: Question) -> Iterator[Fault]:
    """Yield XT316: each choice that goes together with others compares a field of its own."""
    seen: dict[str, str] = {}
    for value, choice in question.choices.items():
        here: Path = ("route", question.id, "choices", value)
        if choice.compares is None and not choice.then:
            yield Fault(
                "XT316",
                here,
                Text(
                    f"别的选项都有 compares，“{value}”没有，就没法核对它",
                    f"“{value}” has no compares as its neighbours have, so nothing can check it",
                ),
                Text("请写上 compares: name、number 或 bank", "add compares: name, number or bank"),
            )
        elif choice.compares and choice.compares in seen:
            yield Fault(
                "XT316",
                (*here, "compares"),
                Text(
                    f"“{seen[choice.compares]}”已经是 compares: {choice.compares}",
                    f"“{seen[choice.compares]}” has compares: {choice.compares} already",
                ),
                Text("请改成另一项", "name another field"),
            )
        elif choice.compares:
            seen[choice.compares] = value


def _all_right(question: Question) -> Iterator[Fault]:
    """Yield XT317: the choice for "all are right", and it alone, stands alone."""
    at: Path = ("route", question.id, "choices")
    if all(choice.compares != ALL_RIGHT for choice in question.choices.values()):
        yield Fault(
            "XT317",
            at,
            Text(
                f"没有哪个选项表示全部正确（compares: {ALL_RIGHT}）",
                f"no choice stands for all of them being right (compares: {ALL_RIGHT})",
            ),
            Text("请给那个选项写上", "mark that choice"),
        )
    for value, choice in question.choices.items():
        if choice.compares and (choice.compares == ALL_RIGHT) != bool(choice.then):
            yield Fault(
                "XT317",
                (*at, value),
                Text(
                    f"compares: {choice.compares} 的选项“{value}”"
                    + ("不能有自己的 then" if choice.then else "要有自己的 then"),
                    f"“{value}”, with compares: {choice.compares}, "
                    + ("cannot have a then of its own" if choice.then else "needs its own then"),
                ),
                Text("写了 then 的选项只能单独选", "a choice with a then stands alone"),
            )
