"""The shape of a Tree: what leads where, in which order, and what every way passes through.

All functions are iterative and take time in proportion to the graph (or nearly), so a tree of a
hundred thousand questions is no trouble.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from xingtu_cli.rules.model import Decision, Question, Tree

MOST_CYCLES = 20  # to tell of; mending one often mends others

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


def order(start: str, successors: Successors) -> tuple[list[str], list[list[str]]]:
    """Return the nodes reachable from `start`, each before all it leads to, and some cycles.

    There are none when the graph has none; with cycles, the order is not to be used.
    """
    done: list[str] = []
    cycles: list[list[str]] = []
    on_way: dict[str, int] = {start: 0}  # the place on the way, and -1 once finished
    way = [start]
    stack = [iter(successors(start))]
    while stack:
        following = next(stack[-1], None)
        if following is None:
            stack.pop()
            on_way[way[-1]] = -1
            done.append(way.pop())
        elif following not in on_way:
            on_way[following] = len(way)
            way.append(following)
            stack.append(iter(successors(following)))
        elif on_way[following] >= 0 and len(cycles) < MOST_CYCLES:
            cycles.append([*way[on_way[following] :], following])
    return done[::-1], cycles


class Dominators:
    """What every way from a root to a node passes through.

    `ordered` is a topological order whose first node is the root (its own dominator). Turned round,
    with successors for predecessors, it gives post-dominators. Without cycles a node's immediate
    dominator is the lowest common ancestor, in the tree of dominators, of the nodes before it. That
    tree grows by leaves, and ancestors are found in logarithmic time by one further link a node,
    after Myers, "An Applicative Random-Access Stack" (1983).
    """

    def __init__(self, ordered: Sequence[str], predecessors: Mapping[str, Sequence[str]]) -> None:
        root = ordered[0]
        self.nearest = {root: root}
        self._jump = {root: root}
        self._depth = {root: 0}
        for name in ordered[1:]:
            before = [each for each in predecessors[name] if each in self._depth]
            common = before[0]
            for other in before[1:]:
                common = self._common(common, other)
            self._add(name, common)

    def passes(self, name: str, through: str) -> bool:
        """Tell whether every way from the root to `name` passes through `through`, or is it."""
        depth = self._depth.get(through)
        return (
            depth is not None
            and self._depth.get(name, -1) >= depth
            and self._up_to(name, depth) == through
        )

    def _add(self, name: str, above: str) -> None:
        far, depth = self._jump[above], self._depth
        even = depth[above] - depth[far] == depth[far] - depth[self._jump[far]]
        self.nearest[name] = above
        self._jump[name] = self._jump[far] if even else above
        depth[name] = depth[above] + 1

    def _up_to(self, name: str, depth: int) -> str:
        while self._depth[name] > depth:
            far = self._jump[name]
            name = far if self._depth[far] >= depth else self.nearest[name]
        return name

    def _common(self, one: str, other: str) -> str:
        level = min(self._depth[one], self._depth[other])
        one, other = self._up_to(one, level), self._up_to(other, level)
        while one != other:
            if self._jump[one] != self._jump[other]:
                one, other = self._jump[one], self._jump[other]
            else:
                one, other = self.nearest[one], self.nearest[other]
        return one
