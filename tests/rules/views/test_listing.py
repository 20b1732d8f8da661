"""Routes as lines of a shell, and as data."""

from datetime import date

import pytest

from tests.trees import WORDS, decision, question, tree, value
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.views import listing
from xingtu_cli.rules.views.routes import MOST, Route, routes
from xingtu_cli.text import LANGS, Lang

TODAY = date(2026, 11, 25)
OPTIONS = ["--format", "json"]


def small() -> Tree:
    """Return a tree with one route that can be taken, and two that cannot."""
    made = tree(
        {
            "sum": value("amount", "same"),
            "same": decision("compare-amounts", {"new": "sum", "old": "sum"}, {"*": "sure"}),
            "sure": question("end", "end"),
        },
        ["end"],
    )
    end = made.outcomes["end"].but(case=3)
    return made.but(outcomes={"end": end})


def listed() -> list[Route]:
    return [route for route in routes(small(), TODAY) if route.turns[-1].by == "yes"]


def test_a_line_runs_a_route() -> None:
    taken, impossible, _ = listed()
    assert listing.headed(taken, small(), "zh") == "# end  问（情况 3）"
    assert listing.headed(taken, small(), "en") == "# end  ask (case 3)"
    line = "xingtu diagnose --sum 10000.00 --sure yes --today 2026-11-25 --format json"
    assert listing.line(taken, OPTIONS) == line
    assert listing.line(impossible, OPTIONS) is None
    assert taken.example
    assert taken.example.answers["sure"] == "yes"
    assert listing.turns(taken) == "sum → same=equal → sure=yes → end"


@pytest.mark.parametrize("lang", LANGS)
def test_a_route_as_data(lang: Lang) -> None:
    data = listing.as_data(listed(), 6, OPTIONS, lang)
    assert (data["total"], data["left_off"]) == (6, 3)
    shown = data["routes"]
    assert isinstance(shown, list)
    assert shown[0] == {
        "outcome": "end",
        "case": 3,
        "title": WORDS[lang],
        "path": ["sum", "same", "sure"],
        "command": "xingtu diagnose --sum 10000.00 --sure yes --today 2026-11-25 --format json",
        "today": "2026-11-25",
        "answers": {"sum": "10000.00", "sure": "yes"},
        "turns": [
            {"node": "sum", "by": None},
            {"node": "same", "by": "equal"},
            {"node": "sure", "by": "yes"},
        ],
    }
    assert (shown[1]["command"], shown[1]["today"], shown[1]["answers"]) == (None, None, {})


def test_of_more_routes_than_are_counted_no_number_is_told() -> None:
    most = listing.as_data([], MOST, OPTIONS, "zh")
    assert most == {"total": None, "left_off": None, "routes": []}
    assert listing.as_data([], MOST - 1, OPTIONS, "zh")["total"] == MOST - 1
