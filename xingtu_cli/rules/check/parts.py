"""The parts of a tree that several checks go through: its notes, its conditions, its texts."""

from collections.abc import Iterator, Mapping, Sequence

from xingtu_cli.facts import FUNCTIONS, Kind
from xingtu_cli.rules.model import (
    DONE,
    NOT_DONE,
    NOT_REACHED,
    Decision,
    Note,
    Outcome,
    Question,
    Step,
    Tree,
    When,
)
from xingtu_cli.rules.source import Path
from xingtu_cli.text import Text


def values(decision: Decision) -> Mapping[str, Kind]:
    """Return the values that a decision computes, none if its function is unknown."""
    function = FUNCTIONS.get(decision.compute)
    return function.values if function else {}


def results(decision: Decision) -> tuple[str, ...]:
    """Return the results that a decision can have, none if its function is unknown."""
    function = FUNCTIONS.get(decision.compute)
    return function.results if function else ()


def results_of(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """Return all that a `when` may name, each with its possible results.

    A decision whose function is unknown has none: that fault is told once, where it stands.
    """
    known: dict[str, tuple[str, ...]] = dict.fromkeys(tree.steps, (DONE, NOT_DONE))
    for question in tree.questions.values():
        known[question.id] = (*question.choices, NOT_REACHED)
    for decision in tree.decisions.values():
        known[decision.id] = (*results(decision), NOT_REACHED) if results(decision) else ()
        for value, kind in values(decision).items():
            if kind == "flag":
                known[value] = ("yes", "no")
    return known


def computable(tree: Tree) -> bool:
    """Tell whether the function of every decision is known, and so all that it computes."""
    return all(decision.compute in FUNCTIONS for decision in tree.decisions.values())


def targets(tree: Tree, name: str) -> Iterator[tuple[Path, str]]:
    """Yield each name that a question or decision leads to, with the path at which it stands."""
    node, at = tree.route.get(name), ("route", name)
    if isinstance(node, Question):
        if node.then:
            yield (*at, "then"), node.then
        for value, choice in node.choices.items():
            if choice.then:
                yield (*at, "choices", value, "then"), choice.then
    elif isinstance(node, Decision):
        for result, target in node.then.items():
            yield (*at, "then", result), target


def uses(tree: Tree) -> Mapping[str, Sequence[Outcome]]:
    """Return the outcomes that list each step."""
    found: dict[str, list[Outcome]] = {}
    for outcome in tree.outcomes.values():
        for step in dict.fromkeys(outcome.steps):
            found.setdefault(step, []).append(outcome)
    return found


def notes(part: Step | Decision | Outcome) -> Iterator[tuple[Path, Note]]:
    """Yield the notes of a step, or the warnings of a decision or outcome, each with its path."""
    match part:
        case Step():
            at: Path = ("steps", part.id, "notes")
        case Decision():
            at = ("route", part.id, "warnings")
        case Outcome():
            at = ("outcomes", part.id, "warnings")
    for n, note in enumerate(part.notes if isinstance(part, Step) else part.warnings):
        yield (*at, n), note


def all_notes(tree: Tree) -> Iterator[tuple[Path, Note]]:
    """Yield every note and warning with its path."""
    for parts in (tree.steps, tree.decisions, tree.outcomes):
        for part in parts.values():
            yield from notes(part)


def whens(tree: Tree) -> Iterator[tuple[Path, When]]:
    """Yield every condition with its path."""
    for name, step in tree.steps.items():
        yield ("steps", name, "when"), step.when
    for path, note in all_notes(tree):
        yield (*path, "when"), note.when


def texts(tree: Tree) -> Iterator[tuple[Path, Text]]:
    """Yield every text that is filled in; one that is in Chinese only has one string for both."""
    for question in tree.questions.values():
        at: Path = ("route", question.id)
        yield (*at, "ask"), question.ask
        yield (*at, "help"), question.help
    for outcome in tree.outcomes.values():
        yield ("outcomes", outcome.id, "title"), outcome.title
        yield ("outcomes", outcome.id, "summary"), outcome.summary
    for step in tree.steps.values():
        yield ("steps", step.id, "title"), step.title
        yield ("steps", step.id, "text"), step.text
    for path, note in all_notes(tree):
        yield path, note.text
    for email in tree.emails.values():
        yield ("emails", email.id, "subject"), Text(email.subject, email.subject)
        yield ("emails", email.id, "body"), Text(email.body, email.body)
        for n, attachment in enumerate(email.attachments):
            yield ("emails", email.id, "attachments", n), attachment.text
