"""The mutants of a file: mutmut's changes at each place where one could be noticed.

Left out: annotations, decorators, docstrings and parameters' defaults; `assert`, on which no check
rests; and the texts of messages (`Text(...)`), which are read and held by snapshots. Of the three
changes to a string, one is tried. What stands outside a function is not changed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import CO_NEWLOCALS
from pathlib import Path
from types import CodeType

import libcst as cst
from libcst import matchers as m
from mutmut.mutation.mutators import mutation_operators, operator_string

LEFT_OUT = (
    m.Annotation()
    | m.Assert()
    | m.Call(func=m.Name("Text") | m.Name("cast") | m.Name("len") | m.Name("isinstance"))
    | m.Decorator()
    | m.Expr(value=m.SimpleString())
    | m.Parameters()
)


@dataclass(frozen=True)
class Mutant:
    """A changed function: its qualified name, how it was changed, and what it runs now."""

    function: str
    change: str
    code: CodeType
    path: Path


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield the mutants of a file, function by function."""
    for outer in cst.parse_module(path.read_text("utf-8")).body:
        in_class = isinstance(outer, cst.ClassDef)
        for function in outer.body.body if in_class else [outer]:
            if isinstance(function, cst.FunctionDef):
                was = _text(outer, function)
                for old, new in _changes(function):
                    now = _text(outer, function.deep_replace(old, new))
                    ((name, code),) = codes(now, path).items()
                    yield Mutant(name, _difference(was, now), code, path)


def codes(text: str, path: Path) -> dict[str, CodeType]:
    """Return the code of each function and method of a file, by its qualified name."""
    around, found = [compile(text, str(path), "exec")], {}
    for outer in around:
        for code in outer.co_consts:
            if isinstance(code, CodeType) and code.co_flags & CO_NEWLOCALS:
                found[code.co_qualname] = code
            elif isinstance(code, CodeType):
                around.append(code)  # a class
    return found


def _text(outer: cst.CSTNode, function: cst.CSTNode) -> str:
    """Return the text of a function, in its class if it has one."""
    if isinstance(outer, cst.ClassDef):
        function = outer.with_changes(body=outer.body.with_changes(body=[function]))
    return str(cst.Module([function]).code)


def _changes(node: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """Yield each node in `node` that can be changed, with what it may become."""
    if m.matches(node, LEFT_OUT):
        return
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            first = 1 if operator is operator_string else None
            yield from ((node, new) for new in list(operator(node))[:first])
    for child in node.children:
        yield from _changes(child)


def _difference(was: str, now: str) -> str:
    """Say what became of which lines."""
    old, new = ([line.strip() for line in text.splitlines()] for text in (was, now))
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return f"{' '.join(old)} → {' '.join(new)}"
