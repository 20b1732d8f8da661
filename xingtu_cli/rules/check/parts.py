"""The parts of a tree that several checks go through: its notes, its conditions, its texts."""

from collections.abc import Iterator, Mapping

from xingtu_cli.facts import FUNCTIONS, Kind
from xingtu_cli.rules.model import Decision, Note, Tree, When
from xingtu_cli.rules.source import Path
from xingtu_cli.text import Text


def values(decision: Decision) -> Mapping[str, Kind]:
    """Return the values that a decision computes, none if its function is unknown."""
    function = FUNCTIONS.get(decision.compute)
    return function.values if function else {}


def computable(tree: Tree) -> bool:
    """Tell whether the function of every decision is known, and so all that it computes."""
    return all(decision.compute in FUNCTIONS for decision in tree.decisions.values())


def notes(tree: Tree) -> Iterator[tuple[Path, Note]]:
    """Yield every note and warning with its path."""
    for name, step in tree.steps.items():
        for n, remark in enumerate(step.notes):
            yield ("steps", name, "notes", n), remark
    for section, parts in (("route", tree.decisions), ("outcomes", tree.outcomes)):
        for name, part in parts.items():
            for n, note in enumerate(part.warnings):
                yield (section, name, "warnings", n), note


def whens(tree: Tree) -> Iterator[tuple[Path, When]]:
    """Yield every condition with its path."""
    for name, step in tree.steps.items():
        yield ("steps", name, "when"), step.when
    for path, note in notes(tree):
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
    for path, note in notes(tree):
        yield path, note.text
    for email in tree.emails.values():
        yield ("emails", email.id, "subject"), Text(email.subject, email.subject)
        yield ("emails", email.id, "body"), Text(email.body, email.body)
        for n, attachment in enumerate(email.attachments):
            yield ("emails", email.id, "attachments", n), attachment.text
