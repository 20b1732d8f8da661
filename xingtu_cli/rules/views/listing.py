"""Routes → lines that run them, and the same as data."""

from collections.abc import Iterable, Mapping, Sequence

from xingtu_cli.answers import written
from xingtu_cli.commandline import command
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.views.branches import text
from xingtu_cli.rules.views.routes import MOST, VALUE, Route
from xingtu_cli.text import Lang


def headed(route: Route, tree: Tree, lang: Lang) -> str:
    """Return where a route ends, as a comment of the shell."""
    return f"# {route.outcome.id}  {text(tree, route.outcome.id, lang)}"


def line(route: Route, options: Sequence[str]) -> str | None:
    """Return the line that runs a route's example, with further `options`; `None` without one."""
    if route.example is None:
        return None
    today = ("--today", route.example.today.isoformat())
    return command(route.example.answers, {}, (*today, *options))


def turns(route: Route) -> str:
    """Return a route as its nodes, each with the choice or result that leads on."""
    steps = [turn.node if turn.by == VALUE else f"{turn.node}={turn.by}" for turn in route.turns]
    return " → ".join([*steps, route.outcome.id])


def as_data(
    routes: Iterable[Route], total: int, options: Sequence[str], lang: Lang
) -> Mapping[str, object]:
    """Return routes as plain data, with how many there are; `total` is `null` past `MOST`."""
    listed = [_as_data(route, options, lang) for route in routes]
    known = total if total < MOST else None
    left_off = None if known is None else known - len(listed)
    return {"total": known, "left_off": left_off, "routes": listed}


def _as_data(route: Route, options: Sequence[str], lang: Lang) -> Mapping[str, object]:
    example = route.example
    given = example.answers.items() if example else ()
    return {
        "outcome": route.outcome.id,
        "case": route.outcome.case,
        "title": route.outcome.title.in_(lang),
        "path": [turn.node for turn in route.turns],
        "command": line(route, options),
        "today": example.today.isoformat() if example else None,
        "answers": {name: written(answer) for name, answer in given},
        "turns": [{"node": turn.node, "by": turn.by or None} for turn in route.turns],
    }
