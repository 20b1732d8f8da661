"""A Tree → every route through it, each with answers and a day that really take it.

Of a question that takes several choices, each choice is tried alone; every combination would be
more routes than anyone reads. Where a decision is computed, dates and amounts are searched for that
lead to each of its results; the decisions of a route share the day of the run and the answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from xingtu_cli import answers
from xingtu_cli.answers import Answer, Answers
from xingtu_cli.errors import InvalidAnswer
from xingtu_cli.facts import FUNCTIONS, Value
from xingtu_cli.rules.model import TODAY, Decision, Outcome, Question, Tree
from xingtu_cli.rules.views.branches import in_order
from xingtu_cli.walk import walk

MOST = 10**12  # routes are counted up to here; nobody asks for more
DAYS = 62  # how many days from the given one are tried as the day of the run
TRIES = 250  # dates and amounts tried for one route on each of these days
USUAL = Decimal("10000.00")
VALUE = ""  # in a turn: a value of the question's type rather than a choice


@dataclass(frozen=True)
class Turn:
    """What a route does at a node: the choice taken, the result computed or a `VALUE` given."""

    node: str
    by: str


@dataclass(frozen=True)
class Example:
    """Answers that take a route on a day."""

    answers: Answers
    today: date


@dataclass(frozen=True)
class Route:
    """One route to an outcome; `example` is `None` where no answers were found that take it."""

    turns: tuple[Turn, ...]
    outcome: Outcome
    example: Example | None


def routes(tree: Tree, today: date) -> Iterator[Route]:
    """Yield every route, short ways off before the long way on; examples are on or near `today`."""
    find = _Finder(tree, today)
    for turns, outcome in _ways(tree):
        yield Route(turns, outcome, find(turns, outcome))


def count(tree: Tree) -> int:
    """Return how many routes there are, `MOST` where they are as many or more."""
    counted: dict[str, int] = {}
    for name in reversed(in_order(tree)):
        turns = _turns(tree, name)
        counted[name] = min(MOST, sum(counted[target] for _, target in turns)) if turns else 1
    return counted[tree.start]


# ─── the ways ────────────────────────────────────────────────────────────────────────────────────


def _ways(tree: Tree) -> Iterator[tuple[tuple[Turn, ...], Outcome]]:
    longest: dict[str, int] = {}
    turns_at: dict[str, list[tuple[Turn, str]]] = {}
    for name in reversed(in_order(tree)):
        turns = _turns(tree, name)
        longest[name] = 1 + max((longest[target] for _, target in turns), default=0)
        turns_at[name] = sorted(turns, key=lambda turn: longest[turn[1]])
    way: list[Turn] = []
    stack = [iter(turns_at[tree.start])]
    if tree.start in tree.outcomes:
        yield (), tree.outcomes[tree.start]
    while stack:
        turn, target = next(stack[-1], (None, ""))
        if turn is None:
            stack.pop()
            way[-1:] = []
        elif target in tree.outcomes:
            yield (*way, turn), tree.outcomes[target]
        else:
            way.append(turn)
            stack.append(iter(turns_at[target]))


def _turns(tree: Tree, name: str) -> Sequence[tuple[Turn, str]]:
    """Return all that can be done at a node, each with where it leads."""
    node = tree.route.get(name)
    turns: dict[str, str | None] = {}
    match node:
        case Question():
            if node.type not in ("choice", "several"):
                turns[VALUE] = node.then
            turns |= {value: choice.then or node.then for value, choice in node.choices.items()}
        case Decision():
            turns |= {each: node.target(each) for each in FUNCTIONS[node.compute].results}
    return [(Turn(name, by), target) for by, target in turns.items() if target]


# ─── examples ────────────────────────────────────────────────────────────────────────────────────


class _Finder:
    """Finds the example of a route; routes that compute the same share the search."""

    def __init__(self, tree: Tree, today: date) -> None:
        self.tree = tree
        self.today = today
        self.values = lru_cache(maxsize=4096)(self._values)

    def __call__(self, turns: tuple[Turn, ...], outcome: Outcome) -> Example | None:
        tree = self.tree
        chosen = [turn for turn in turns if turn.by != VALUE and turn.node in tree.questions]
        valued = tuple(turn.node for turn in turns if turn.by == VALUE)
        computed = tuple(turn for turn in turns if turn.node in tree.decisions)
        found = self.values(valued, computed)
        if found is None:
            return None
        given = {turn.node: _choice(tree.questions[turn.node], turn.by) for turn in chosen}
        given |= {name: found[name] for name in valued}
        in_order = {turn.node: given[turn.node] for turn in turns if turn.node in given}
        example = Example(in_order, found[TODAY])
        return example if self._leads(example, turns, outcome) else None

    def _values(
        self, valued: tuple[str, ...], computed: tuple[Turn, ...]
    ) -> Mapping[str, Any] | None:
        """Return a day and a value for each question, so that each decision has its result."""
        questions = [self.tree.questions[name] for name in valued]
        wanted = [(self.tree.decisions[turn.node], turn.by) for turn in computed]
        wanted.sort(
            key=lambda each: self._open(each[0])
        )  # what only depends on the day comes first
        days = (self.today + timedelta(day) for day in range(DAYS))
        for today in (day for day in days if day.year in answers.YEARS):
            known = {TODAY: today}
            if found := self._search(known, wanted):
                usual = {q.id: found[TODAY] if q.type == "date" else USUAL for q in questions}
                return {**usual, **found}
        return None

    def _open(self, decision: Decision) -> int:
        """Return how many answers a decision depends on."""
        return sum(name in self.tree.questions for name in decision.of.values())

    def _search(
        self, known: Mapping[str, Any], wanted: Sequence[tuple[Decision, str]]
    ) -> Mapping[str, Any] | None:
        """Go through the decisions in order; where one cannot have its result, go back and vary."""
        stack = [iter([known])]
        for _ in range(TRIES + 2 * len(wanted)):
            if not stack:
                return None
            more = next(stack[-1], None)
            if more is None:
                stack.pop()
            elif len(stack) > len(wanted):
                return more
            else:
                stack.append(self._extended(more, *wanted[len(stack) - 1]))
        return None

    def _extended(
        self, known: Mapping[str, Any], decision: Decision, result: str
    ) -> Iterator[Mapping[str, Any]]:
        """Yield what is known with what this decision further needs for its result."""
        function = FUNCTIONS[decision.compute]
        names = {  # a step that is not done yet stands for the day of the run, as `today` does
            argument: name if name in self.tree.questions else TODAY
            for argument, name in decision.of.items()
            if function.takes[argument] != "count"
        }
        given = {argument: known[name] for argument, name in names.items() if name in known}
        given |= {a: int(count) for a, count in decision.of.items() if a not in names}
        for example in function.examples(result, given, known[TODAY]):
            new = {names[a]: value for a, value in example.items() if a not in given}
            if all(self._may_be(name, new[name], known[TODAY]) for name in new):
                yield {**known, **new}

    def _may_be(self, question: str, value: Value, today: date) -> bool:
        try:
            answers.parse(self.tree.questions[question], answers.written(_answer(value)), today)
        except InvalidAnswer:
            return False
        return True

    def _leads(self, example: Example, turns: Sequence[Turn], outcome: Outcome) -> bool:
        """Walk the route, to be sure: one answer may have been two arguments of an example."""
        walked = walk(self.tree, example.answers, example.today)
        results = [Turn(name, found.result) for name, found in walked.findings.items()]
        expected = [turn for turn in turns if turn.node in self.tree.decisions]
        return walked.at is outcome and results == expected


def _choice(question: Question, by: str) -> Answer:
    return (by,) if question.type == "several" else by


def _answer(value: Value) -> Answer:
    assert isinstance(value, date | Decimal)  # no question asks for anything else
    return value
