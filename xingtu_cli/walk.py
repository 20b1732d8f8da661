"""The walk through a Tree: what is known, what is asked next, what is missing, and where it ends.

Pure. Prompts, flags, answer files and tables all walk here; there is no second way to find out
what comes next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from xingtu_cli.answers import Answer, Answers
from xingtu_cli.facts import FUNCTIONS, Finding, Value
from xingtu_cli.rules import graph
from xingtu_cli.rules.model import (
    DONE,
    NOT_DONE,
    NOT_REACHED,
    TODAY,
    Decision,
    Outcome,
    Question,
    Tree,
    When,
)

Done = Mapping[str, date]  # the steps done, each with its day


@dataclass(frozen=True)
class Walk:
    """A walk as far as the answers carry it.

    `answers` holds all that was given, also what the route has not asked for (yet); `path` the
    questions answered and decisions computed, in order; `findings` what each decision found; `at`
    the question to ask next, or the outcome. `done` are the steps done already.
    """

    tree: Tree = field(repr=False)
    today: date
    answers: Answers
    path: tuple[str, ...]
    findings: Mapping[str, Finding]
    at: Question | Outcome
    done: Done = field(default_factory=dict)

    @property
    def asked(self) -> tuple[str, ...]:
        """The questions on the path, in order."""
        return tuple(name for name in self.path if name in self.tree.questions)

    @property
    def unneeded(self) -> tuple[str, ...]:
        """The answers given that the finished route did not ask for; none while it goes on."""
        if isinstance(self.at, Question):
            return ()
        return tuple(name for name in self.answers if name not in self.path)

    @property
    def computed(self) -> Mapping[str, Value]:
        """Every value that the route's decisions computed."""
        return {k: v for finding in self.findings.values() for k, v in finding.values.items()}

    @property
    def estimated(self) -> frozenset[str]:
        """The names of the computed values that are estimates."""
        return frozenset[str]().union(*(f.estimated for f in self.findings.values()))

    @property
    def assuming(self) -> Mapping[str, str]:
        """The computed values that take a step to be done today, each with that step."""
        return {
            value: given
            for name, finding in self.findings.items()
            for given in self.tree.decisions[name].of.values()
            if given in self.tree.steps and given not in self.done
            for value in finding.values
        }

    def holds(self, when: When) -> bool:
        """Tell whether every condition of `when` holds on this route."""
        return all(not self._results(name).isdisjoint(results) for name, results in when.items())

    def _results(self, name: str) -> frozenset[str]:
        """Return the results that a question, decision, step or computed flag has here."""
        if name in self.tree.steps:
            return frozenset({DONE if name in self.done else NOT_DONE})
        if name in self.tree.route and name not in self.path:
            return frozenset({NOT_REACHED})
        if name in self.findings:
            return frozenset({self.findings[name].result})
        if name in self.tree.questions:
            answer = self.answers[name]
            return frozenset((answer,) if isinstance(answer, str) else _as_words(answer))
        value = self.computed.get(name)
        return frozenset({"yes" if value else "no"}) if isinstance(value, bool) else frozenset()


def walk(tree: Tree, answers: Answers, today: date, done: Done | None = None) -> Walk:
    """Walk `tree` from its start as far as `answers` carry.

    `done` are the steps done already, each with its day: what is computed from it does not drift
    with `today`.
    """
    return _onward(tree, today, done or {}, answers, tree.start, (), {})


def answer(walk: Walk, given: Answer) -> Walk:
    """Answer the question at which `walk` stands, and walk on."""
    question = walk.at
    if not isinstance(question, Question):
        raise TypeError("the walk has ended")
    answers = {**walk.answers, question.id: given}
    return _onward(walk.tree, walk.today, walk.done, answers, question.id, walk.path, walk.findings)


def onward(walk: Walk, given: Answers) -> Walk:
    """Walk on with answers that were not asked for so far, as if all had been given at first."""
    answers = {**walk.answers, **given}
    return _onward(walk.tree, walk.today, walk.done, answers, walk.at.id, walk.path, walk.findings)


def back(walk: Walk) -> Walk:
    """Take back the last answer, and forget what followed; at the first question, stay there."""
    if not walk.asked:
        return walk
    last = walk.asked[-1]
    kept = {name: given for name, given in walk.answers.items() if name != last}
    path = walk.path[: walk.path.index(last)]
    findings = {name: found for name, found in walk.findings.items() if name in path}
    return _onward(walk.tree, walk.today, walk.done, kept, last, path, findings)


def _onward(
    tree: Tree,
    today: date,
    done: Done,
    answers: Answers,
    name: str,
    path: tuple[str, ...],
    findings: Mapping[str, Finding],
) -> Walk:
    questions, decisions, way, found = tree.questions, tree.decisions, list(path), dict(findings)
    while True:
        if name in decisions:
            finding = found[name] = compute(decisions[name], answers, today, done)
            way.append(name)
            name = decisions[name].target(finding.result)
        elif name in answers and name in questions:
            way.append(name)
            name = follow(questions[name], answers[name])
        else:
            at = questions.get(name) or tree.outcomes[name]
            return Walk(tree, today, answers, tuple(way), found, at, done)


def follow(question: Question, given: Answer) -> str:
    """Return the name of the node that an answer leads to."""
    words = (given,) if isinstance(given, str) else _as_words(given)
    target = (question.choices[words[0]].then if words else None) or question.then
    assert target is not None  # the rules were checked
    return target


def compute(decision: Decision, answers: Answers, today: date, done: Done) -> Finding:
    """Run a decision's function on the answers and the days on which steps were done."""
    given: dict[str, object] = {}
    for argument, name in decision.of.items():
        if name in answers:
            given[argument] = answers[name]
        elif name.isdigit():  # a count; no name begins with a digit
            given[argument] = int(name)
        else:  # a step, or `today` itself
            given[argument] = done.get(name, today)
    return _found(decision.compute, tuple(given.items()))


@lru_cache(maxsize=1024)
def _found(compute: str, given: tuple[tuple[str, object], ...]) -> Finding:
    """Run a function of `facts`; it is pure, and in a table the same arguments come often."""
    return FUNCTIONS[compute].run(**dict(given))


def _as_words(given: Answer) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else ()


# ─── what is still to come ───────────────────────────────────────────────────────────────────────


class Outlook(NamedTuple):
    """What the rest of a walk asks: `needed` on every way on, `possible` on some, in order.

    `most` is the number of questions on the longest way on.
    """

    needed: tuple[Question, ...] = ()
    possible: tuple[Question, ...] = ()
    most: int = 0


def outlook(walk: Walk) -> Outlook:
    """Look ahead from where `walk` stands.

    An answer given for a later question is taken as known, and a decision as computed once all it
    needs is known; elsewhere every way is looked at. A question is needed when every way on passes
    it: when it post-dominates the one at which the walk stands.
    """
    if isinstance(walk.at, Outcome):
        return Outlook()
    ways = cache(lambda name: tuple(_ways_on(walk, name)))
    ordered, _ = graph.order(walk.at.id, ways)
    end = "\0end"
    after = {name: list(ways(name)) or [end] for name in ordered}
    follower = graph.Dominators([end, *reversed(ordered)], after).nearest

    def unanswered(names: Iterable[str]) -> tuple[Question, ...]:
        questions = walk.tree.questions
        return tuple(questions[n] for n in names if n in questions and n not in walk.answers)

    needed = [walk.at.id]
    while follower[needed[-1]] != end:
        needed.append(follower[needed[-1]])
    longest: dict[str, int] = {}
    for name in reversed(ordered):
        own = len(unanswered([name]))
        longest[name] = own + max((longest[way] for way in ways(name)), default=0)
    return Outlook(
        needed=unanswered(needed),
        possible=unanswered(name for name in ordered if name not in needed),
        most=longest[walk.at.id],
    )


def _ways_on(walk: Walk, name: str) -> Iterable[str]:
    node = walk.tree.nodes[name]
    if isinstance(node, Question) and name in walk.answers:
        return [follow(node, walk.answers[name])]
    if isinstance(node, Decision) and _computable(walk, node):
        return [node.target(compute(node, walk.answers, walk.today, walk.done).result)]
    return graph.targets(walk.tree, name)


def _computable(walk: Walk, decision: Decision) -> bool:
    """Tell whether all that a decision needs is given, as values of the right kind."""
    takes = FUNCTIONS[decision.compute].takes
    return all(
        takes[name] == "count"
        or given == TODAY
        or given in walk.tree.steps
        or not isinstance(walk.answers.get(given), str | None)
        for name, given in decision.of.items()
    )
