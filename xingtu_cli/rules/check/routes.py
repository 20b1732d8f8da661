"""All routes of a tree at once: what they pass through, and whether one of some kind exists.

Routes are never listed, as their number doubles with every question. What every route passes
through is told by dominators; whether there is a route under some conditions, by a search from the
first condition on. A tree of a usual size takes a few thousand steps; the search gives up on huge
ones before it takes time out of proportion, and then nothing is said to be amiss.
"""

from collections.abc import Iterable, Mapping, Sequence

from xingtu_cli.rules import graph
from xingtu_cli.rules.check.parts import results, results_of, values
from xingtu_cli.rules.model import ANY, NOT_REACHED, Decision, Outcome, Question, Tree, When
from xingtu_cli.text import Text

END = "\0end"  # where every outcome leads, to ask about routes whatever their outcome
PATIENCE = 20  # steps of search for each node, beside a million
ALIKE = 4  # conditions that are looked at together

# the exits that meet a condition: nodes, each with those of its targets that do
Condition = Mapping[str, frozenset[str]]


class Routes:
    """The routes of a tree; all but `cycles` and `ordered` only if it is `whole`.

    It is whole if every answer and result leads somewhere, and nothing goes round in a circle.

    `ordered` lists the nodes that some route passes, each before all it leads to. Beside questions,
    decisions and outcomes, "this question was answered with a value" is a node of its own.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._ways: dict[str, Sequence[str]] = {}
        self.results = results_of(tree)
        self.whole = _is_whole(tree)
        self.ordered, self.cycles = graph.order(tree.start, self.after)
        self.reached = frozenset(self.ordered)
        self.patience = PATIENCE * len(self.ordered) + 1_000_000
        if self.cycles or not self.whole:
            self.whole = False
            return
        self.position = {name: n for n, name in enumerate(self.ordered)}
        before: dict[str, list[str]] = {name: [] for name in self.ordered}
        for name in self.ordered:
            for target in self.after(name):
                before[target].append(name)
        self.always = graph.Dominators(self.ordered, before)
        self._givers = _givers(tree, self.reached)
        self._avoiding: dict[frozenset[str], frozenset[str]] = {}

    def after(self, name: str) -> Sequence[str]:
        """Return the nodes that `name` leads to at once."""
        if name not in self._ways:
            self._ways[name] = self._after(name)
        return self._ways[name]

    def _after(self, name: str) -> Sequence[str]:
        node = self.tree.nodes.get(name)
        if isinstance(node, Question) and node.type in ("date", "amount"):
            own = (choice.then or node.then for choice in node.choices.values())
            return [valued(name), *dict.fromkeys(way for way in own if way)]
        if isinstance(node, Outcome):
            return [END]
        if node is None:
            asked = self.tree.questions.get(name.removesuffix("="))
            return [asked.then] if asked and asked.then else []
        return graph.targets(self.tree, name)

    def knows(self, name: str, when: When, by: str) -> bool:
        """Tell whether a placeholder has a value on every route to `by` on which `when` holds.

        What is asked at `by` itself has none yet.
        """
        givers = self._givers.get(name, frozenset()) - {by}
        if not self._reaches(by, givers):
            return True
        conditions, avoided = self.conditions(when), _avoided(when)
        if any(self._is_always_after(condition, givers) for condition in conditions):
            return True
        return len(conditions) > ALIKE or not self._exists(
            conditions, by, givers | avoided, in_doubt=False
        )

    def possible(self, when: When, by: str) -> bool:
        """Tell whether `when` holds on some route to `by`."""
        conditions, avoided = self.conditions(when)[:ALIKE], _avoided(when)
        if not conditions:
            return self._reaches(by, avoided)
        return self._exists(conditions, by, avoided, in_doubt=True)

    def understands(self, when: When) -> bool:
        """Tell whether a `when` names only what there is.

        One that holds on a route past something and on a route around it is beyond this search.
        """
        return all(
            set(self.results.get(name, ())) >= set(wanted)
            and (NOT_REACHED not in wanted or len(wanted) == 1)
            for name, wanted in when.items()
        )

    def conditions(self, when: When) -> list[Condition]:
        """Return what a `when` asks for as exits of the nodes on a route.

        What it asks for of steps goes with every route: they are done or not on any.
        """
        return [
            self._condition(name, wanted)
            for name, wanted in when.items()
            if name not in self.tree.steps and NOT_REACHED not in wanted
        ]

    def _condition(self, name: str, wanted: Sequence[str]) -> Condition:
        node = self.tree.route.get(name)
        match node:
            case Question():
                own = [node.choices[word].then or node.then for word in wanted]
                return {name: frozenset(way for way in own if way)}
            case Decision():
                return {name: frozenset(node.target(result) for result in wanted)}
        return {giver: frozenset(self.after(giver)) for giver in self._givers.get(name, ())}

    def _is_always_after(self, condition: Condition, givers: frozenset[str]) -> bool:
        return any(
            all(self.always.passes(name, giver) for name in condition if name in self.reached)
            for giver in givers
        )

    def _reaches(self, name: str, without: frozenset[str]) -> bool:
        """Tell whether some route comes to `name` past none of `without`."""
        if name in without or name not in self.reached:
            return False
        if len(without) == 1:
            return not any(self.always.passes(name, giver) for giver in without)
        if without not in self._avoiding:
            self._avoiding[without] = frozenset(self._spread(without)) if without else self.reached
        return name in self._avoiding[without]

    def _spread(self, without: frozenset[str]) -> Iterable[str]:
        open_ = {self.tree.start} - without
        for name in self.ordered:
            if name in open_:
                open_.update(each for each in self.after(name) if each not in without)
        return open_

    def _exists(
        self,
        conditions: Sequence[Condition],
        by: str,
        without: frozenset[str],
        *,
        in_doubt: bool,
    ) -> bool:
        """Tell whether a route to `by` meets all conditions and passes none of `without`.

        Returns `in_doubt` where the search would take too long.
        A state of the search is a node and a bit for each condition that is met on the way to it.
        """
        asks = _asks(conditions)
        last = [max(self._positions(condition), default=-1) for condition in conditions]
        open_ = self._starts(conditions, asks, last, without)
        seen = set(open_)
        met, end = (1 << len(conditions)) - 1, self.position.get(by, -1)
        while open_:
            name, bits = open_.pop()
            if name == by and bits == met:
                return True
            self.patience -= 1
            if self.patience < 0:
                return in_doubt
            here = self.position[name]
            if any(here > there and not bits >> n & 1 for n, there in enumerate(last)):
                continue  # past a condition that was not met
            for target in self.after(name):
                state = (target, bits | _bits(asks, name, target))
                if target not in without and self.position[target] <= end and state not in seen:
                    seen.add(state)
                    open_.append(state)
        return False

    def _starts(
        self,
        conditions: Sequence[Condition],
        asks: "_Asks",
        last: list[int],
        without: frozenset[str],
    ) -> list[tuple[str, int]]:
        """Return the states to search from: the exits that meet the first condition, if it has one.

        A condition on a value that several decisions give may be met in several places; with such a
        one, the search begins where every route does.
        """
        if any(len(condition) != 1 for condition in conditions) or not conditions:
            return [(self.tree.start, 0)] if self.tree.start not in without else []
        first = conditions[last.index(min(last))]
        ((name, exits),) = first.items()
        if not self._reaches(name, without):
            return []
        return [
            (exit_, _bits(asks, name, exit_))
            for exit_ in exits
            if exit_ in self.reached and exit_ not in without
        ]

    def _positions(self, names: Iterable[str]) -> Iterable[int]:
        return (self.position.get(name, -1) for name in names)


_Asks = Mapping[str, Sequence[tuple[int, frozenset[str]]]]


def _asks(conditions: Sequence[Condition]) -> _Asks:
    """Return what is asked at each node: the bits of conditions, with the exits that meet them."""
    asks: dict[str, list[tuple[int, frozenset[str]]]] = {}
    for n, condition in enumerate(conditions):
        for name, exits in condition.items():
            asks.setdefault(name, []).append((1 << n, exits))
    return asks


def _bits(asks: _Asks, name: str, target: str) -> int:
    """Return the bits of the conditions that are met by going from `name` to `target`."""
    return sum(bit for bit, exits in asks.get(name, ()) if target in exits)


def _avoided(when: When) -> frozenset[str]:
    return frozenset(name for name, wanted in when.items() if NOT_REACHED in wanted)


def merged(one: When, other: When) -> When | None:
    """Return the condition that both hold, or nothing where they exclude each other."""
    both = dict(one)
    for name, wanted in other.items():
        both[name] = tuple(each for each in both.get(name, wanted) if each in wanted)
        if not both[name]:
            return None
    return both


def passed(decision: Decision) -> When:
    """Return the condition that holds on every route past `decision`."""
    return {decision.id: results(decision)}


def valued(question: str) -> str:
    """Return the node that says: this question was answered with a value, not a choice."""
    return f"{question}="


def destination(tree: Tree, name: str) -> Text:
    """Say where a route to `name` leads."""
    if name in tree.questions:
        return Text(f"问到“{name}”时", f"where “{name}” is asked")
    if name in tree.outcomes:
        return Text(f"走到结论“{name}”时", f"at the outcome “{name}”")
    return Text("在有的路上", "on some routes")


def _is_whole(tree: Tree) -> bool:
    for question in tree.questions.values():
        ends = all(choice.then for choice in question.choices.values())
        if not question.then and (question.type != "choice" or not question.choices or not ends):
            return False
    for decision in tree.decisions.values():
        if ANY not in decision.then and not decision.then.keys() >= set(results(decision)):
            return False
    ways = (target for name in tree.route for target in graph.targets(tree, name))
    return tree.start in tree.nodes and all(target in tree.nodes for target in ways)


def _givers(tree: Tree, reached: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return the nodes that give each placeholder or flag a value."""
    found: dict[str, set[str]] = {name: {name} for name in tree.questions if name in reached}
    for decision in tree.decisions.values():
        if decision.id in reached:
            for value in values(decision):
                found.setdefault(value, set()).add(decision.id)
    return {name: frozenset(nodes) for name, nodes in found.items()}
