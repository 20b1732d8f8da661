"""The shape of a Tree: what leads where, in which order, and what every way passes through.

All functions are iterative and take time in proportion to the graph (or nearly), so a tree of a
hundred thousand questions is no trouble.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from xingtu_cli.rules.model import Decision, Question, Tree

Successors = Callable[[str], Iterable[str]]


def targets(tree: Tree, name: str) -> tuple[str, ...]:
    """Return the names that a question or decision can lead to; none for an outcome."""
    node = tree.route.get(name)
    match node:
        case Question():
            own = [choice.then or node.then for choice in node.choices.values()]
            ways = own if node.type == "choice" else [node.then, *own]
        case Decision():
            ways = list(node.then.values())
        case _:
            ways = []
    return tuple(dict.fromkeys(way for way in ways if way))


def order(start: str, successors: Successors) -> tuple[list[str], list[str]]:
    """Return the nodes reachable from `start`, each before all it leads to, and any one cycle.

    The cycle is empty when there is none; with a cycle, the order is not to be used.
    """
    done: list[str] = []
    state: dict[str, bool] = {start: True}  # True while on the way, False once finished
    way = [start]
    stack = [iter(successors(start))]
    while stack:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            state[way[-1]] = False
            done.append(way.pop())
        elif following not in state:
            state[following] = True
            way.append(following)
            stack.append(iter(successors(following)))
        elif state[following]:
            return [], [*way[way.index(following) :], following]
    return done[::-1], []


def dominators(
    ordered: Sequence[str], predecessors: Mapping[str, Sequence[str]]
) -> Mapping[str, str]:
    """Return each node's immediate dominator: the last node that every way to it passes through.

    `ordered` is a topological order whose first node is the root (its own dominator). Turned round,
    with successors for predecessors, it gives post-dominators. After Cooper, Harvey and Kennedy, "A
    Simple, Fast Dominance Algorithm" (2001); without cycles one pass is enough.
    """
    position = {name: n for n, name in enumerate(ordered)}
    found = {ordered[0]: ordered[0]}
    for name in ordered[1:]:
        before = [p for p in predecessors[name] if p in position]
        common = before[0]
        for other in before[1:]:
            while common != other:
                if position[common] > position[other]:
                    common = found[common]
                else:
                    other = found[other]
        found[name] = common
    return found
