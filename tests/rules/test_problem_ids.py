"""`docs/problems.md` explains every id, with an example that fails and one that passes."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from xingtu_cli.errors import InvalidRules
from xingtu_cli.rules.load import loads

DOC = (ROOT / "docs" / "problems.md").read_text("utf-8")
GUIDE = (ROOT / "docs" / "problems.yaml").read_text("utf-8")
ENTRIES = {entry[:5]: entry for entry in DOC.split("\n### ")[1:]}
DIFF = re.compile(r"```diff\n(.*?)```", re.DOTALL)
EXAMPLES = {name: found[1] for name, entry in ENTRIES.items() if (found := DIFF.search(entry))}

# what no line of a sensible file shows: depth, control characters, encodings, five million entries
WITHOUT_EXAMPLE = {"XT007", "XT009", "XT010", "XT012"}

WITHOUT_HINT = {"XT114", "XT310"}  # the message says it all


def ids(room: Path) -> list[str]:
    return re.findall(r'"(XT\d{3})"', room.read_text("utf-8"))


def test_every_id_is_explained_and_none_that_is_not() -> None:
    used = {each for room in (ROOT / "xingtu_cli").rglob("*.py") for each in ids(room)}
    assert used == ENTRIES.keys()
    assert list(ENTRIES) == sorted(ENTRIES)
    assert ENTRIES.keys() - EXAMPLES.keys() == WITHOUT_EXAMPLE


def test_an_id_belongs_to_one_theme() -> None:
    rooms = (ROOT / "xingtu_cli" / "rules" / "check").glob("*.py")
    themes = {room.stem: set(ids(room)) for room in rooms}
    for name, own in themes.items():
        for other, others in themes.items():
            assert name == other or not own & others, (name, other)


def test_the_guide_is_sound() -> None:
    assert loads(GUIDE).id == "small"


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of(name: str) -> None:
    rows = EXAMPLES[name].splitlines()
    failing = "".join(f"{row[1:]}\n" for row in rows if row.startswith("-"))
    passing = "".join(f"{row[1:]}\n" for row in rows if row.startswith("+"))
    assert f"\n{passing}" in GUIDE
    with pytest.raises(InvalidRules) as caught:
        loads(GUIDE.replace(f"\n{passing}", f"\n{failing}", 1))
    told = {problem.id: problem.hint for problem in caught.value.problems}
    assert name in told
    assert all(told[name]) or name in WITHOUT_HINT


def test_the_report_in_the_document_is_a_real_one() -> None:
    shown = DOC.split("```")[1].split("\n", 2)[2]
    with pytest.raises(InvalidRules) as caught:
        loads(GUIDE.replace("then: mailed}", "then: mail}"), "my-rules.yaml")
    from xingtu_cli.report import as_page

    lines = as_page(caught.value, "zh", 100)
    assert "".join(f"{' ' * line.indent}{line.text}\n" for line in lines) == shown
