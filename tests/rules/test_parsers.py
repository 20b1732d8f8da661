"""YAML is read alike with libyaml and without, or refused; never differently.

PyYAML without libyaml is the stricter of the two, but for a colon at the end of a word in brackets.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from xingtu_cli.rules import source

pytestmark = pytest.mark.skipif(not yaml.__with_libyaml__, reason="there is no libyaml to compare")

FILES = [
    *(ROOT / "examples").glob("*.yaml"),
    *(ROOT / "tests" / "rules" / "valid").glob("*.yaml"),
    ROOT / "rules.yaml",
]
PIECES = [
    *"a?{}[]:,-\"'#|>&*!%@`",
    *("? ", ": ", ", ", "- ", "\n", "\n  ", " #", "\t", "\\x", "中", "："),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
FRAMES = ["{}", "k: {}", "k: {{{}}}", "k: [{}]", "k: '{}'", 'k: "{}"', "k:\n  a: {}\n  b: c"]


@contextmanager
def reading_with(loader: Any) -> Iterator[None]:
    before, source._Loader = source._Loader, loader
    try:
        yield
    finally:
        source._Loader = before


def read(text: str, loader: Any) -> tuple[bool, source.Data]:
    with reading_with(loader):
        document = source.read(text, "a.yaml")
    return not document.problems, document.data


fast = functools.partial(read, loader=getattr(yaml, "CSafeLoader", None))
slow = functools.partial(read, loader=yaml.SafeLoader)


@given(TEXTS, st.sampled_from(FRAMES))
def test_what_both_take_they_take_alike(text: str, frame: str) -> None:
    (taken, data), (also, same) = fast(frame.format(text)), slow(frame.format(text))
    if taken and also:
        assert data == same


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_sound_file_is_read_alike(file: Any) -> None:
    text = file.read_text("utf-8")
    assert fast(text) == slow(text)
    assert fast(text)[0]


@pytest.mark.parametrize(
    ("text", "with_libyaml", "without"),
    [
        ("k: {a: b, ?}", True, True),  # a key mark without a key, which the schema refuses
        ("k: [why?]", True, False),  # a question mark within brackets, not in quotes
        ("k: {a\t}", True, False),  # a tab after a word
        ("k: |#", True, False),  # a comment right after the mark of a block
        ("k: {a:}", False, True),  # a colon without a space within brackets
        ("k: ['why?', \"a\\t\"]", True, True),  # in quotes all is well
    ],
)
def test_what_each_of_them_refuses(text: str, with_libyaml: bool, without: bool) -> None:
    assert fast(text)[0] is with_libyaml
    assert slow(text)[0] is without
