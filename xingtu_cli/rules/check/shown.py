"""Where each text of a tree is shown: to which node a route comes then, and under which `when`."""

from collections.abc import Iterator

from xingtu_cli.rules.check.parts import notes, uses
from xingtu_cli.rules.check.routes import END, Routes, merged, passed
from xingtu_cli.rules.model import Tree, When
from xingtu_cli.rules.source import Path
from xingtu_cli.text import Text, same

Shown = tuple[Path, Text, When, str]


def shown(tree: Tree, routes: Routes) -> Iterator[Shown]:
    """Yield every text that is filled in, with each condition and node at which it is shown."""
    for each in (*_questions(tree), *_outcomes(tree), *_steps(tree), *_decisions(tree)):
        _, _, when, end = each
        if end in routes.reached and routes.understands(when):
            yield each


def _questions(tree: Tree) -> Iterator[Shown]:
    for question in tree.questions.values():
        for key, text in (("ask", question.ask), ("help", question.help)):
            yield ("route", question.id, key), text, {}, question.id


def _outcomes(tree: Tree) -> Iterator[Shown]:
    for outcome in tree.outcomes.values():
        at: Path = ("outcomes", outcome.id)
        yield (*at, "title"), outcome.title, {}, outcome.id
        yield (*at, "summary"), outcome.summary, {}, outcome.id
        for path, note in notes(outcome):
            yield path, note.text, note.when, outcome.id
        if (email := tree.emails.get(outcome.email or "")) is not None:
            mail: Path = ("emails", email.id)
            yield (*mail, "subject"), same(email.subject), {}, outcome.id
            yield (*mail, "body"), same(email.body), {}, outcome.id
            for n, attachment in enumerate(email.attachments):
                yield (*mail, "attachments", n), attachment.text, {}, outcome.id


def _steps(tree: Tree) -> Iterator[Shown]:
    used = uses(tree)
    for step in tree.steps.values():
        at: Path = ("steps", step.id)
        for outcome in used.get(step.id, ()):
            yield (*at, "title"), step.title, step.when, outcome.id
            yield (*at, "text"), step.text, step.when, outcome.id
            for path, note in notes(step):
                both = merged(step.when, note.when)
                if both is not None:
                    yield path, note.text, both, outcome.id


def _decisions(tree: Tree) -> Iterator[Shown]:
    for decision in tree.decisions.values():
        for path, note in notes(decision):
            both = merged(passed(decision), note.when)
            if both is not None:
                yield path, note.text, both, END
