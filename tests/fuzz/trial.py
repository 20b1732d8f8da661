"""One trial: a mutated file is loaded; refused with its problems, or walked and rendered."""

from collections.abc import Callable
from datetime import date
from random import Random

from tests.conftest import ROOT
from tests.fuzz import mutate
from xingtu_cli import render, report
from xingtu_cli.answers import Answer, parse
from xingtu_cli.diagnosis import diagnose
from xingtu_cli.errors import InvalidRules
from xingtu_cli.rules.load import loads
from xingtu_cli.rules.model import Question, Tree
from xingtu_cli.text import LANGS
from xingtu_cli.walk import answer, back, outlook, walk

SHIPPED = (ROOT / "rules.yaml").read_text("utf-8")
TODAY = date(2026, 11, 23)
VALUES = {"date": "2026-10-08", "amount": "12000.00"}
MOST_WALKS = 60

Mutation = Callable[[Random, str], str]
MUTATIONS: tuple[Mutation, ...] = (mutate.text, mutate.tree)


def trial(random: Random, mutation: Mutation) -> str:
    """Mutate the shipped file and try it; return what became of it. Raises on any fault of ours."""
    try:
        text = mutation(random, SHIPPED)
    except (IndexError, KeyError, ValueError):
        return "no mutation"  # of what an earlier one took away
    try:
        tree = loads(text, "fuzzed.yaml")
    except InvalidRules as error:
        _told(error, text)
        return "refused"
    _walked(tree, random)
    return "walked"


def _told(error: InvalidRules, text: str) -> None:
    assert error.problems
    rows = text.count("\n") + text.count("\r") + 1
    for problem in error.problems:
        assert 1 <= problem.line <= rows
        assert problem.column >= 1
        assert problem.id.startswith("XT")
        assert problem.message.zh
        assert problem.message.en
    for lang in LANGS:
        assert report.as_page(error, lang, 80)


def _walked(tree: Tree, random: Random) -> None:
    """Walk until every choice and value of every question was taken, as far as walks come to it."""
    left = {(q.id, word) for q in tree.questions.values() for word in _words(q)}
    for _ in range(MOST_WALKS):
        taken = _walk(tree, random, left)
        if not taken & left:
            return
        left -= taken


def _walk(tree: Tree, random: Random, left: set[tuple[str, str]]) -> set[tuple[str, str]]:
    taken: set[tuple[str, str]] = set()
    now = walk(tree, {}, TODAY)
    while isinstance(now.at, Question):
        assert outlook(now).most >= 1
        words = _words(now.at)
        word = next((w for w in words if (now.at.id, w) in left), random.choice(words))
        taken.add((now.at.id, word))
        given: Answer = parse(now.at, word, TODAY)
        now = answer(now, given)
    back(now)
    for lang in LANGS:
        diagnosis = diagnose(now, {}, lang)
        assert render.as_page(diagnosis, "xingtu", 80)
        assert render.as_markdown(diagnosis, "xingtu")
        assert render.as_json(diagnosis).isascii()
    return taken


def _words(question: Question) -> list[str]:
    value = VALUES.get(question.type)
    return [*question.choices, *([value] if value else [])]
