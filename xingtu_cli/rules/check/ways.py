"""Ways through the tree: circles, what no way leads to, and what a way brings along."""

from collections.abc import Iterator, Sequence

from xingtu_cli.rules.check.parts import targets
from xingtu_cli.rules.check.routes import Routes, valued
from xingtu_cli.rules.fault import Fault
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text

LONGEST = 8  # names of a circle to list


def faults(tree: Tree, routes: Routes) -> Iterator[Fault]:
    """Yield XT501 (a circle), XT502 (out of reach) and XT314 (a value not always known)."""
    for cycle in routes.cycles:
        yield _circle(tree, cycle)
    if routes.whole:
        yield from _out_of_reach(tree, routes)
        yield from _unready(tree, routes)


def _circle(tree: Tree, cycle: Sequence[str]) -> Fault:
    """Return XT501: the `then` of a question leads back to one that was asked before it."""
    names = [name for name in cycle if name in tree.nodes]  # not the values among them
    last, first = names[-2], names[-1]
    if len(names) > LONGEST:
        names = [*names[: LONGEST - 3], "…", *names[-3:]]
    return Fault(
        "XT501",
        next(path for path, target in targets(tree, last) if target == first),
        Text(
            f"绕成了一圈：{' → '.join(names)}",
            f"this goes round in a circle: {' → '.join(names)}",
        ),
        Text("请让这个 then 指向别处", "let this then lead elsewhere"),
    )


def _out_of_reach(tree: Tree, routes: Routes) -> Iterator[Fault]:
    """Yield XT502: a question, decision or outcome to which no `then` leads."""
    for section, zh, en in (("route", "", ""), ("outcomes", "结论", "the outcome ")):
        for name in getattr(tree, section):
            if name not in routes.reached:
                yield Fault(
                    "XT502",
                    (section, name),
                    Text(f"走不到{zh}“{name}”", f"no way leads to {en}“{name}”"),
                    Text("请让某个 then 指向它，或删掉它", "let a then lead to it, or remove it"),
                )


def _unready(tree: Tree, routes: Routes) -> Iterator[Fault]:
    """Yield XT314: a decision that some route reaches without a value for one of its arguments."""
    for decision in tree.decisions.values():
        for argument, given in decision.of.items():
            asked = tree.questions.get(given)
            if (
                asked
                and decision.id in routes.reached
                and asked.type in ("date", "amount")
                and not routes.always.passes(decision.id, valued(given))
            ):
                yield Fault(
                    "XT314",
                    ("route", decision.id, "of", argument),
                    Text(
                        f"走到这里时不一定有“{given}”的值",
                        f"not every way here has a value for “{given}”",
                    ),
                    Text(f"请让每条路都先问“{given}”", f"let every way here ask “{given}” first"),
                )
