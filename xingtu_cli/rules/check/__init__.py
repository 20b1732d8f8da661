"""The faults of a rules file that its schema cannot see: where the tree leads and what texts name.

Every check is a generator of faults, each with a stable id, a path into the file, a message and a
hint; none of them prints, and none stops the others, so a file's problems come out together. What
asks about whole routes waits until there are some; `complete` tells. A room a theme: names,
references, questions, the account question, decisions, conditions, e-mails, texts and ways.
"""

from collections.abc import Iterator

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
from xingtu_cli.rules.check.parts import computable
from xingtu_cli.rules.check.routes import Routes
from xingtu_cli.rules.fault import Fault
from xingtu_cli.rules.model import Tree

THEMES = (names, references, questions, accounts, decisions, emails)
ALONG_ROUTES = (conditions, texts, ways)


def check(tree: Tree) -> Iterator[Fault]:
    """Yield every fault of `tree`."""
    for theme in THEMES:
        yield from theme.faults(tree)
    routes = Routes(tree)
    for theme in ALONG_ROUTES:
        yield from theme.faults(tree, routes)


def complete(tree: Tree) -> bool:
    """Tell whether `check` can see all: every way leads somewhere, every function is known."""
    return computable(tree) and Routes(tree).whole
