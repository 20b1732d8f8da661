"""Where a fault is told, and what is offered instead of a name that there is not."""

import pytest

from xingtu_cli.rules.fault import FEW, SHORT, Fault, Known, placed
from xingtu_cli.rules.source import KEY
from xingtu_cli.text import NOTHING, Text

TEXT = """\
a: first
b: |
 {due} some
   {end} more
c: x {due} {end}"""


def at(words: str, *path: str | int) -> tuple[int, int]:
    (problem,) = placed([Fault("XT405", path, NOTHING, words=words)], TEXT, "f")
    return problem.line, problem.column


@pytest.mark.parametrize(
    ("words", "path", "line", "column"),
    [
        ("", ("b",), 2, 4),
        ("", ("b", KEY), 2, 1),
        ("{due}", ("b",), 3, 2),
        ("{end}", ("c",), 5, 12),  # on the last line
        ("x", ("c",), 5, 4),
        ("c", ("c",), 5, 4),  # not before the text
        ("first", ("b",), 2, 4),  # nor before its line
        ("{none}", ("b",), 2, 4),
    ],
)
def test_words_are_pointed_at_from_their_text_on(
    words: str, path: tuple[str | int, ...], line: int, column: int
) -> None:
    assert at(words, *path) == (line, column)


def nearest(name: str, *names: str) -> str:
    return Known("XT206", names, "步骤", "step").nearest(name).en


def test_what_there_is_is_listed_where_it_is_not_much() -> None:
    names = [f"name-{letter * 4}" for letter in "abcdefghijklmnop"]
    assert nearest("?") == ""
    assert nearest("aXb", "aXc") == "did you mean “aXc”?"
    assert nearest("?", "only") == "there are: only"
    assert nearest("?", *names[:SHORT]) == f"there are: {', '.join(names[:SHORT])}"
    assert nearest("?", *names[: SHORT + 1]) == ""
    assert nearest("name-bbb", *names) == "did you mean “name-bbbb”?"


@pytest.mark.parametrize("sign", ["，", "、"])
def test_a_comma_of_another_keyboard(sign: str) -> None:
    assert nearest(f"a{sign}b", "a", "b") == "put a half-width comma between names"


@pytest.mark.parametrize("number", [0, 1, 42, FEW, 901, 999])
def test_of_many_names_those_that_begin_or_end_alike_are_offered(number: int) -> None:
    names = [f"{n:04d}-step-{n:04d}" for n in range(1000)]
    wanted = names[number]
    assert nearest(f"{wanted[:-1]}x", *names) == f"did you mean “{wanted}”?"
    assert nearest(f"x{wanted[1:]}", *names) == f"did you mean “{wanted}”?"
    assert nearest("?", *names) == ""


def test_a_name_that_there_is_not_is_told_with_its_place() -> None:
    known = Known("XT206", ["write"], "步骤", "step")
    assert list(known.unknown(("steps",), "write")) == []
    message, hint = Text("没有叫“wrte”的步骤", "there is no step “wrte”"), known.nearest("wrte")
    assert list(known.unknown(("steps",), "wrte", "{wrte}")) == [
        Fault("XT206", ("steps",), message, hint, "wrte", "{wrte}")
    ]
