"""The faults of a rules file that its schema cannot see: where the tree leads and what texts name.

Every check is a generator of faults, each with a stable id, a path into the file, a message and a
hint; none of them prints, and all of them run, so a file's problems come out together. A room a
theme: names, references, questions, the account question, decisions, conditions, e-mails, texts
and ways.
"""

from collections.abc import Iterator

from xingtu_cli.errors import Problem
from xingtu_cli.rules.check import (
    accounts,
    conditions,
    decisions,
    emails,
    names,
    questions,
    references,
    texts,
    ways,
)
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.source import Document

THEMES = (
    names.faults,
    references.faults,
    questions.faults,
    accounts.faults,
    decisions.faults,
    conditions.faults,
    emails.faults,
    texts.faults,
    ways.faults,
)


def check(tree: Tree, document: Document) -> Iterator[Problem]:
    """Yield every problem of `tree`, which was read from `document`."""
    for faults in THEMES:
        for fault in faults(tree):
            yield fault.in_(document)
