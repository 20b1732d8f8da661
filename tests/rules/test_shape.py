"""What a file's words become, and which keys are known where."""

import pytest

from tests.rules.test_schema import SMALL, problems
from xingtu_cli.rules import shape
from xingtu_cli.rules.load import loads


@pytest.mark.parametrize(("word", "meant"), [("true", True), ("false", False)])
def test_yes_or_no(word: str, meant: bool) -> None:
    text = SMALL.replace("    notes:", f"    sends: {word}\n    notes:")
    assert loads(text).steps["write"].sends is meant


def test_what_is_neither_yes_nor_no() -> None:
    for word in ("yes", "True", "[true]", "{true: true}"):
        (problem,) = problems(("    notes:", f"    sends: {word}\n    notes:"))
        assert problem.id == "XT108"


@pytest.mark.parametrize(
    ("kept", "missing"),
    [
        ("compute: compare-amounts", {"says", "of", "then"}),
        ("of: {}", {"says", "compute", "then"}),
        ("says: {zh: a, en: a}", {"compute", "of", "then"}),
    ],
)
def test_one_key_of_its_own_makes_a_decision(kept: str, missing: set[str]) -> None:
    told = [p.message.en for p in problems(("route:\n", f"route:\n  new: {{{kept}}}\n"))]
    assert {f"“{key}” is missing" for key in missing} <= set(told)
    assert "“ask” is missing" not in told


@pytest.mark.parametrize(
    ("location", "keys"),
    [
        (("title",), ["zh", "en"]),
        (("sources", "page"), ["title", "kind", "url", "date"]),
        (("steps", "write", "notes", 0), ["zh", "en", "when", "inferred", "hold"]),
        (("route", "late", "decision"), ["says", "compute", "of", "then", "sources", "warnings"]),
        (("route", "paid", "question", "choices", "yes"), ["label", "also", "then", "compares"]),
        (("labels",), []),
        (("steps", "write", "from"), []),
    ],
)
def test_the_keys_that_are_known(location: tuple[str | int, ...], keys: list[str]) -> None:
    assert shape.keys_at(location) == keys
