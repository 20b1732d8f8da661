"""Where a fault of the YAML is told, and what a reading leaves behind."""

import pytest
import yaml

from xingtu_cli.rules import source
from xingtu_cli.rules.source import DEPTH, KEY, MOST_PROBLEMS, Places, read

NO_SUCH_LINE = "this line is amiss, so that the next does not fit"


def told(text: str) -> list[tuple[int, int, str, str]]:
    return [(p.line, p.column, p.id, p.message.en) for p in read(text, "f").problems]


def hints(text: str) -> list[str]:
    return [problem.hint.en for problem in read(text, "f").problems]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("id：a\nversion：1", 1, 3, "this line has a full-width colon “：”"),
        ("# a\n\n\nid：a\nversion：1", 4, 3, "this line has a full-width colon “：”"),
        ("id: a\nversion：1\nb: c", 2, 8, "this line has a full-width colon “：”"),
        ("a: {\n  b：c,\n", 2, 4, "this line has a full-width colon “：”"),
        ("a: {\n  b: c,\n  d：e\nf: g", 3, 4, "this line has a full-width colon “：”"),
        ("a: {\n  b：c\n  d: e}", 2, 4, "this line has a full-width colon “：”"),
        ("a: |\n  b：c\n  d\ne: {f: g\nh: i", 4, 4, "the { } that begins here is not complete"),
        ("a: {b: c\nd: e\nf：g", 1, 4, "the { } that begins here is not complete"),
        ("a: 'b\nc：d", 1, 4, "the quote that begins here has no partner"),
        ("version\n\nb: x", 1, 1, NO_SUCH_LINE),
        ("  version\n  bank: x", 1, 3, NO_SUCH_LINE),
        ("id: a\n\n  version\n\n\n  b: x", 3, 3, NO_SUCH_LINE),
        ("id: a\n  b: x", 2, 3, "an indent or a quote is amiss here"),
        ("id: a\nversion\nb: x\n", 2, 1, "this line lacks a colon"),
        ('id: "a\tb', 1, 5, "the quote that begins here has no partner"),
        ("a: b\n]", 2, 1, "one ] too many"),
        ("a: }", 1, 4, "something is missing here, or one sign too many"),
        ("%YAML 9.9\n---\na: b", 1, 1, "this is not valid YAML (found incompatible YAML document)"),
    ],
)
def test_where_it_is_not_yaml(text: str, line: int, column: int, message: str) -> None:
    assert told(text) == [(line, column, "XT001", message)]
    document = read(text, "f")
    assert (document.whole, document.data) == (False, "")
    assert all(problem.hint.zh and problem.hint.en for problem in document.problems)


def test_both_things_that_the_parser_says_are_repeated() -> None:
    ((*_, message),) = told("%FOO\na: b")
    assert "(while scanning a directive found unknown directive name)" in message


def test_a_control_character_is_refused_however_it_is_written() -> None:
    character = "a control character (U+0000) is not allowed"
    assert told("id: a\x00") == [(1, 6, "XT009", character)]
    assert told("a: b\r\nid: a\x00") == [(2, 6, "XT009", character)]
    assert told('id: "\\0"') == [(1, 5, "XT009", character)]
    for text in ("\x00", '"\\0"'):
        (problem,) = read(text, "f").problems
        assert problem.hint == source.REMOVE


def test_of_very_many_problems_the_first_are_told() -> None:
    assert len(told("\x00" * (MOST_PROBLEMS + 5))) == MOST_PROBLEMS
    document = read("- !x y\n" * (MOST_PROBLEMS + 5), "f")
    assert (len(document.problems), document.whole) == (MOST_PROBLEMS, False)


def test_as_deep_as_that_and_no_deeper() -> None:
    assert read("[" * DEPTH + "]" * DEPTH, "f").whole
    assert told("[" * (DEPTH + 1)) == [(1, DEPTH + 1, "XT007", "nested more than 32 deep")]
    ((_, _, *same),) = told("[" * 2000)  # the parser itself goes no deeper than a thousand
    assert same == ["XT007", "nested more than 32 deep"]


def test_as_many_parts_as_that_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_PARTS", 5)  # a mapping, two keys, two texts
    assert read("a: b\nc: d", "f").whole
    assert told("a: b\nc: d\ne: f") == [(3, 1, "XT012", "more than 5 entries")]
    assert read("a: [[], {}]", "f").whole
    assert told("a: [[], {}, []]") == [(1, 13, "XT012", "more than 5 entries")]
    assert hints("a: b\nc: d\ne: f") == ["this is no rules file"]


def test_what_is_merged_is_to_be_written_out() -> None:
    assert told("<<: {a: b}") == [(1, 1, "XT011", "YAML merge keys (<<) are not supported")]
    assert hints("<<: {a: b}") == ["write the contents out"]


def test_an_alias_is_refused_and_stands_for_itself() -> None:
    document = read("a: &x b\n*x : *x", "f")
    assert [problem.id for problem in document.problems] == ["XT004", "XT004"]
    assert document.data == {"a": "b", "*x": "*x"}


def test_a_tag_that_only_says_text_does_no_harm() -> None:
    assert (told("a: ! b"), read("a: ! b", "f").data) == ([], {"a": "b"})


@pytest.mark.parametrize(("length", "shown"), [(60, "k" * 60), (61, "k" * 59 + "…")])
def test_a_long_name_is_shortened(length: int, shown: str) -> None:
    row = f"{'k' * length}: a\n"
    assert told(row * 2) == [(2, 1, "XT003", f"“{shown}” is here twice, first on line 1")]


def test_a_mark_is_not_needed_to_tell_of_an_error() -> None:
    assert source._place_of(yaml.MarkedYAMLError()) == (1, 1)


def test_a_place_is_that_of_the_nearest_thing_around() -> None:
    places = Places("a: {b: c}\n*x : {d: e}")
    assert places.value(("a", "b")) == (1, 8)
    assert places.value(("a", "z", "z")) == (1, 4)
    assert places.value(("z",)) == (1, 1)
    assert places.key(("*x", "d")) == (2, 7)
    assert places.telling(("a",)) == (1, 1)
    assert places.telling(("a", "b", KEY)) == (1, 5)
    assert places.telling(("a", "z")) == (1, 4)


def test_what_breaks_off_has_places_up_to_there() -> None:
    assert Places("a: b\nc: [").value(("a",)) == (1, 4)
