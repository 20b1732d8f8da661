"""The branches of a question or decision, and its words, as a person reads them."""

from collections.abc import Iterator
from dataclasses import dataclass

from xingtu_cli import answers
from xingtu_cli.facts import FUNCTIONS
from xingtu_cli.rules import graph
from xingtu_cli.rules.model import Decision, Outcome, Question, Tree
from xingtu_cli.text import Lang, Text, join, visible

FORMS = {
    "date": Text("填了日期", "a date is given"),
    "amount": Text("填了金额", "an amount is given"),
}
SEVERAL = Text("（可多选）", " (one or more)")
CASE = Text("（情况 {case}）", " (case {case})")


@dataclass(frozen=True)
class Branch:
    """One way on: the value or result that takes it, what that means, and where it leads."""

    value: str
    label: Text
    target: str


def branches(tree: Tree, name: str) -> tuple[Branch, ...]:
    """Return the ways on from a question or decision, in the order of the file; none elsewhere."""
    match tree.nodes[name]:
        case Question() as question:
            return tuple(_of_question(question))
        case Decision() as decision:
            function = FUNCTIONS[decision.compute]
            return tuple(
                Branch(result, function.words[result], decision.target(result))
                for result in function.results
            )
        case _:
            return ()


def in_order(tree: Tree) -> list[str]:
    """Return every node before all it leads to, and what a first branch leads to first."""
    return graph.order(tree.start, lambda name: reversed(graph.targets(tree, name)))[0]


def text(tree: Tree, name: str, lang: Lang) -> str:
    """Return what a question asks, a decision says or an outcome is called, on one line."""
    match tree.nodes[name]:
        case Question() as question:
            return one_line(question.ask, lang)
        case Decision() as decision:
            return one_line(decision.says, lang)
        case Outcome() as outcome:
            case = CASE.format(case=outcome.case) if outcome.case else Text("", "")
            return one_line(outcome.title, lang) + case.in_(lang)


def one_line(words: Text, lang: Lang) -> str:
    """Return a text without line breaks and with its control characters made visible."""
    return visible(" ".join(words.in_(lang).split("\n")))


def _of_question(question: Question) -> Iterator[Branch]:
    choices = dict(question.choices)
    if question.type == "several":
        together = [value for value, choice in choices.items() if not choice.then]
        label = join([choices.pop(value).label for value in together]).plus(SEVERAL)
        if together:
            yield Branch(",".join(together), label, question.then or "")
    elif question.type in FORMS:
        yield Branch(answers.allowed(question)[0], FORMS[question.type], question.then or "")
    for value, choice in choices.items():
        yield Branch(value, choice.label, choice.then or question.then or "")
