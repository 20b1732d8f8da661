"""Trees of any size and shape, made without a file."""

import itertools
from collections.abc import Iterable
from typing import Any

from xingtu_cli.rules import schema, source
from xingtu_cli.rules.model import Tree

WORDS = {"zh": "问", "en": "ask"}
OUTCOME = {"title": WORDS, "summary": WORDS, "steps": []}


def made(data: source.Data) -> Tree:
    """Return the tree of a file's data, which must be sound."""
    fitted = schema.fit(data)
    assert fitted.tree, fitted.faults
    assert not fitted.faults
    return fitted.tree


def tree(route: dict[str, Any], outcomes: Iterable[str]) -> Tree:
    """Return a tree whose nodes lead where `route` says; `outcomes` may have contents."""
    contents = outcomes if isinstance(outcomes, dict) else dict.fromkeys(outcomes, OUTCOME)
    return made(
        {
            "id": "made",
            "version": "1",
            "as_of": "2026",
            "title": WORDS,
            "start": next(iter(route)),
            "route": route,
            "outcomes": contents,
        }
    )


def question(yes: str, no: str) -> dict[str, Any]:
    choices = {"yes": {"label": WORDS, "then": yes}, "no": {"label": WORDS, "then": no}}
    return {"label": WORDS, "ask": WORDS, "help": WORDS, "choices": choices}


def value(kind: str, then: str, **more: Any) -> dict[str, Any]:
    return {"label": WORDS, "ask": WORDS, "help": WORDS, "type": kind, "then": then, **more}


def decision(compute: str, of: dict[str, str], then: Any) -> dict[str, Any]:
    return {"says": WORDS, "compute": compute, "of": of, "then": then}


def chain(length: int) -> Tree:
    """One question after another, each with a way out to the same outcome."""
    names = [f"q{n}" for n in range(length)] + ["end"]
    return tree({a: question(b, "end") for a, b in itertools.pairwise(names)}, ["end"])


def diamonds(length: int) -> Tree:
    """Questions whose answers both lead to the next: 2**length routes."""
    names = [f"q{n}" for n in range(length)] + ["end"]
    return tree({a: question(b, b) for a, b in itertools.pairwise(names)}, ["end"])


def ladder(size: int) -> Tree:
    """A binary tree in which nothing is shared."""
    route = {
        f"q{n}": question(_child(2 * n, size), _child(2 * n + 1, size)) for n in range(1, size)
    }
    return tree(route, [_child(n, size) for n in range(size, 2 * size)])


def _child(n: int, size: int) -> str:
    return f"q{n}" if n < size else f"end{n}"
