"""The arrows of the house point one way."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from xingtu_cli.cli.app import build
from xingtu_cli.cli.session import open_session
from xingtu_cli.rules.check.names import FLAGS
from xingtu_cli.rules.check.names import RESULTS as RESULT_NAMES
from xingtu_cli.rules.load import load
from xingtu_cli.table.columns import RESULTS

PACKAGE = Path(__file__).parent.parent / "xingtu_cli"
MODULES = sorted(PACKAGE.rglob("*.py"))

PURE = {"xingtu_cli.text", "xingtu_cli.errors"}
MODEL = PURE | {"xingtu_cli.rules.model"}
VIEWS = "xingtu_cli.rules.views.branches"
MAY_KNOW = {
    "text": set(),
    "shell": {"xingtu_cli.text"},
    "errors": {"xingtu_cli.text", "xingtu_cli.shell"},
    "frozen": set(),
    "rules/model": {"xingtu_cli.text", "xingtu_cli.frozen"},
    "rules/shape": MODEL | {"xingtu_cli.frozen"},
    "rules/source": PURE,
    "rules/graph": MODEL,
    "clock": set(),
    "facts": MODEL,
    "answers": MODEL,
    "commandline": MODEL | {"xingtu_cli.answers", "xingtu_cli.shell"},
    "rules/fault": PURE | {"xingtu_cli.rules.source"},
    "rules/check": MODEL
    | {"xingtu_cli.facts", "xingtu_cli.rules.fault", "xingtu_cli.rules.graph"}
    | {"xingtu_cli.rules.source"},
    "patience": set(),
    "files": PURE | {"xingtu_cli.patience"},
    "report": PURE | {"xingtu_cli.layout"},
    "comparison": MODEL,
    "hints": PURE | {"xingtu_cli.comparison"},
    "lookup": MODEL | {"xingtu_cli.comparison"},
    "account": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.comparison", "xingtu_cli.hints", "xingtu_cli.lookup"},
    "account_page": MODEL
    | {"xingtu_cli.account", "xingtu_cli.comparison", "xingtu_cli.render", "xingtu_cli.layout"},
    "account_ask": MODEL
    | {"xingtu_cli.account", "xingtu_cli.account_page"}
    | {"xingtu_cli.layout", "xingtu_cli.terminal"},
    "pdf": PURE | {"xingtu_cli.files"},
    "pdfium": set(),
    "rules/schema": MODEL
    | {"xingtu_cli.rules.fault", "xingtu_cli.rules.shape", "xingtu_cli.rules.source"},
    "rules/load": MODEL
    | {"xingtu_cli.files"}
    | {"xingtu_cli.rules.check", "xingtu_cli.rules.source"}
    | {"xingtu_cli.rules.fault", "xingtu_cli.rules.schema"},
    "walk": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.facts", "xingtu_cli.rules.graph"},
    "couriers": PURE,
    "diagnosis": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.couriers", "xingtu_cli.facts", "xingtu_cli.walk"},
    "attachments": MODEL
    | {"xingtu_cli.diagnosis", "xingtu_cli.files", "xingtu_cli.mail", "xingtu_cli.pdf"},
    "offer": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.ask", "xingtu_cli.attachments", "xingtu_cli.diagnosis"}
    | {"xingtu_cli.files", "xingtu_cli.layout", "xingtu_cli.mail", "xingtu_cli.terminal"},
    "mail": MODEL | {"xingtu_cli.diagnosis"},
    "progress": MODEL | {"xingtu_cli.diagnosis", "xingtu_cli.walk"},
    "answersfile": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.files", "xingtu_cli.rules.fault"}
    | {"xingtu_cli.rules.source"},
    "casefile": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.answersfile", "xingtu_cli.files", "xingtu_cli.walk"}
    | {"xingtu_cli.rules.fault", "xingtu_cli.rules.source"},
    "table/cells": set(),
    "table/columns": MODEL,
    "table/read": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.files", "xingtu_cli.table.cells"}
    | {"xingtu_cli.table.jsonline", "xingtu_cli.table.workbook"},
    "table/jsonline": PURE | {"xingtu_cli.table.cells"},
    "table/workbook": MODEL | {"xingtu_cli.table.cells", "xingtu_cli.table.read"},
    "table/desk": MODEL | {"xingtu_cli.answers", "xingtu_cli.diagnosis"}
    | {"xingtu_cli.facts", "xingtu_cli.walk", "xingtu_cli.table.cells"}
    | {"xingtu_cli.table.columns", "xingtu_cli.table.read"},
    "table/drafts": PURE | {"xingtu_cli.mail", "xingtu_cli.table.desk"}
    | {"xingtu_cli.diagnosis", "xingtu_cli.files"},
    "table/tally": PURE | {"xingtu_cli.table.desk"},
    "table/write": PURE | {"xingtu_cli.render", "xingtu_cli.table.cells", "xingtu_cli.table.desk"}
    | {"xingtu_cli.table.read", "xingtu_cli.table.tally", "xingtu_cli.table.sheet"}
    | {"xingtu_cli.table.columns"},
    "table/sheet": PURE | {"xingtu_cli.files"}
    | {"xingtu_cli.table.cells", "xingtu_cli.table.columns", "xingtu_cli.table.desk"}
    | {"xingtu_cli.table.read", "xingtu_cli.table.tally", "xingtu_cli.table.workbook"},
    "table/template": MODEL
    | {"xingtu_cli.files", "xingtu_cli.table.read", "xingtu_cli.table.sheet"}
    | {"xingtu_cli.table.workbook", "xingtu_cli.table.write"},
    "calendarfile": MODEL | {"xingtu_cli", "xingtu_cli.diagnosis"},
    "casestate": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.casefile", "xingtu_cli.diagnosis", "xingtu_cli.progress"}
    | {"xingtu_cli.walk"},
    "caseview": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.casestate", "xingtu_cli.diagnosis"}
    | {"xingtu_cli.layout", "xingtu_cli.progress", "xingtu_cli.render"},
    "encoding": set(),
    "layout": {"xingtu_cli.text"},
    "terminal": PURE | {"xingtu_cli.encoding", "xingtu_cli.layout", "xingtu_cli.patience"},
    "helptext": PURE | {"xingtu_cli.layout"},
    "render": MODEL
    | {"xingtu_cli", "xingtu_cli.answers", "xingtu_cli.diagnosis", "xingtu_cli.mail"}
    | {"xingtu_cli.layout"},
    "rules/views/branches": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.facts", "xingtu_cli.rules.graph"},
    "rules/views/diagram": MODEL | {VIEWS, "xingtu_cli.layout"},
    "rules/views/outline": MODEL | {VIEWS, "xingtu_cli.rules.graph", "xingtu_cli.layout"},
    "rules/views/keys": PURE,
    "rules/views/schema": MODEL
    | {"xingtu_cli.facts", "xingtu_cli.rules.check.names", "xingtu_cli.rules.shape"}
    | {"xingtu_cli.rules.views.keys"},
    "rules/views/routes": MODEL
    | {VIEWS, "xingtu_cli.answers", "xingtu_cli.facts", "xingtu_cli.walk"},
    "rules/views/listing": MODEL
    | {VIEWS, "xingtu_cli.answers", "xingtu_cli.commandline", "xingtu_cli.rules.views.routes"},
    "ask": MODEL
    | {"xingtu_cli.answers", "xingtu_cli.diagnosis", "xingtu_cli.render", "xingtu_cli.terminal"}
    | {"xingtu_cli.walk", "xingtu_cli.account", "xingtu_cli.account_ask", "xingtu_cli.layout"},
}  # fmt: skip
# the doors; nobody below may know them
OUTSIDE = (
    "__main__",
    "__init__",
    "api",
    "rules/__init__",
    "rules/views/__init__",
    "table/__init__",
)
ONLY_IN = {
    "typer": {
        "cli/account",
        "cli/app",
        "cli/batch",
        "cli/case",
        "cli/completion",
        "cli/diagnose",
        "cli/flags",
        "cli/pages",
        "cli/rules",
    },
    "openpyxl": {"table/workbook", "table/sheet", "table/template"},
    "rich": {"layout", "terminal"},
    "yaml": {"rules/source", "casefile"},
    "icalendar": {"calendarfile"},
    "pydantic": {"rules/shape"},
    "pydantic_core": {"rules/schema", "rules/shape"},
    "chinese_calendar": {"facts"},
    "pypdfium2": {"pdfium"},
}


def room(path: Path) -> str:
    name = path.relative_to(PACKAGE).with_suffix("").as_posix()
    return "rules/check" if name.startswith("rules/check/") else name


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{each.name}" for each in node.names]
            found |= {name if is_module(name) else node.module for name in names}
    return found


def is_module(name: str) -> bool:
    """Tell whether a name, as in `from xingtu_cli import files`, is a module of ours."""
    place = PACKAGE.parent.joinpath(*name.split("."))
    return place.with_suffix(".py").exists() or (place / "__init__.py").exists()


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_a_room_knows_only_what_it_may(path: Path) -> None:
    ours = {name for name in imports(path) if name.split(".")[0] == "xingtu_cli"}
    if room(path) in MAY_KNOW:
        package = "xingtu_cli." + room(path).replace("/", ".") + "."
        assert {name for name in ours if not name.startswith(package)} <= MAY_KNOW[room(path)]
    else:
        assert room(path).startswith("cli/") or room(path) in OUTSIDE


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_a_library_is_known_where_it_belongs(path: Path) -> None:
    for library, rooms in ONLY_IN.items():
        if any(name.split(".")[0] == library for name in imports(path)):
            assert room(path) in rooms


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_the_route_lives_in_the_rules_file_alone(path: Path) -> None:
    tree = load()
    named = {*tree.route, *tree.outcomes, *tree.steps, *tree.emails, *tree.details}
    texts = {
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert texts & named == set()


def test_the_names_taken_are_the_programs_own_flags() -> None:
    tree = load()
    # without a command in its words, a session builds them all
    app: Any = typer.main.get_command(build(open_session([])._replace(command=None)))
    used = {
        option.removeprefix("--")
        for command in commands(app)
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--")
    }
    assert used | {"help"} == FLAGS | {*tree.questions, *tree.details}


def commands(app: Any) -> Iterator[Any]:
    """Yield a command and those within it."""
    yield app
    for each in getattr(app, "commands", {}).values():
        yield from commands(each)


def test_the_names_taken_are_the_columns_of_the_results() -> None:
    added = {*(result.name for result in RESULTS), *(result.label for result in RESULTS)}
    assert added == set(RESULT_NAMES)
