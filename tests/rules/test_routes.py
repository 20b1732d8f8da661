"""Conditions on what a route does not pass, as the checker sees them."""

from pathlib import Path

import pytest

from xingtu_cli.errors import InvalidRules
from xingtu_cli.rules.load import loads

SMALL = (Path(__file__).parent / "valid" / "minimal.yaml").read_text("utf-8")


def problems(when: str) -> list[str]:
    """What is wrong where the step of `ask-them`, reached only past `mailed`, has this `when`."""
    before = "    title: {zh: 写信, en: Write}\n"
    assert before in SMALL
    try:
        loads(SMALL.replace(before, f"{before}    when: {when}\n"))
    except InvalidRules as error:
        return [problem.id for problem in error.problems]
    return []


@pytest.mark.parametrize("when", ["{mailed: not-reached}", "{late: not-reached}"])
def test_what_every_route_passes_is_always_reached(when: str) -> None:
    assert problems(when) == ["XT403"]


def test_around_a_condition_there_may_be_no_way() -> None:
    assert problems("{paid: 'no', mailed: not-reached}") == ["XT403"]


@pytest.mark.parametrize("when", ["{paid: 'no'}", "{mailed: [never, not-reached]}"])
def test_what_may_hold_is_not_complained_about(when: str) -> None:
    assert problems(when) == []
