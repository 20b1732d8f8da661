"""The mutants of a file: mutmut's changes at each place where one could be noticed.

Left out: annotations, decorators, docstrings and parameters' defaults; `assert`, on which no check
rests; and the texts of messages (`Text(...)`), which are read and held by snapshots. Of the three
changes to a string, one is tried. What stands outside a function is not changed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from inspect import CO_NEWLOCALS
from pathlib import Path
from types import CodeType
from typing import Any

import libcst as cst
from libcst import matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators, operator_string

LEFT_OUT = (
    m.Annotation()
    | m.Assert()
    | m.Call(func=m.Name("Text") | m.Name("cast") | m.Name("len") | m.Name("isinstance"))
    | m.Decorator()
    | m.Expr(value=m.SimpleString())
    | m.Parameters()
)
STATEMENTS = (cst.BaseStatement, cst.ExceptHandler, cst.MatchCase)


@dataclass(frozen=True)
class Mutant:
    """A changed function: its qualified name, the lines of the statement that was changed, how it
    was changed, and what it runs now.
    """

    function: str
    lines: range
    change: str
    code: CodeType
    path: Path


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield the mutants of a file, function by function."""
    wrapped = MetadataWrapper(cst.parse_module(path.read_text("utf-8")), unsafe_skip_copy=True)
    where = wrapped.resolve(PositionProvider)
    for outer in wrapped.module.body:
        in_class = isinstance(outer, cst.ClassDef)
        for function in outer.body.body if in_class else [outer]:
            if isinstance(function, cst.FunctionDef):
                was = _text(outer, function)
                for lines, old, new in _changes(function, range(0), where):
                    now = _text(outer, function.deep_replace(old, new))
                    ((name, code),) = codes(now, path).items()
                    yield Mutant(name, lines, _difference(was, now), code, path)


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


Change = tuple[range, cst.CSTNode, cst.CSTNode]  # of a statement's lines, what becomes what


def _changes(node: cst.CSTNode, lines: range, where: Mapping[cst.CSTNode, Any]) -> Iterator[Change]:
    """Yield each node in `node` that can be changed, with what it may become."""
    if m.matches(node, LEFT_OUT):
        return
    if isinstance(node, STATEMENTS):
        lines = _lines(node, where)
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            first = 1 if operator is operator_string else None
            yield from ((lines, node, new) for new in list(operator(node))[:first])
    for child in node.children:
        yield from _changes(child, lines, where)


def _lines(statement: cst.CSTNode, where: Mapping[cst.CSTNode, Any]) -> range:
    """Return the lines of a statement, without the body that may follow."""
    begin, end = where[statement].start.line, where[statement].end.line
    if isinstance(getattr(statement, "body", None), cst.BaseSuite):
        end = max(begin, where[statement.body].start.line - 1)
    return range(begin, end + 1)


def _difference(was: str, now: str) -> str:
    """Say what became of which lines."""
    old, new = ([line.strip() for line in text.splitlines()] for text in (was, now))
    while old and new and old[0] == new[0]:
        del old[0], new[0]
    while old and new and old[-1] == new[-1]:
        del old[-1], new[-1]
    return f"{' '.join(old)} → {' '.join(new)}"
