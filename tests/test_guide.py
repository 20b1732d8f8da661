"""The author's guide builds the example file step by step, and tells nothing that is not so."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run
from tests.guide import EXAMPLE, GUIDES, Stage, stages, with_tables
from xingtu_cli.rules.load import loads
from xingtu_cli.text import Lang

STAGES = {lang: list(stages(path.read_text("utf-8"))) for lang, path in GUIDES.items()}
AGAIN = "python -m tests.guide"


def finished(lang: Lang) -> str:
    return [stage for stage in STAGES[lang] if not stage.practice][-1].text


@pytest.mark.parametrize("stage", STAGES["zh"], ids=lambda s: str(STAGES["zh"].index(s) + 1))
def test_the_file_is_sound_wherever_the_reader_checks_it(stage: Stage) -> None:
    loads(stage.text)


def test_it_is_checked_at_every_step_and_grows() -> None:
    sizes = [len(stage.text) for stage in STAGES["zh"]]
    assert len(sizes) == 7
    assert sizes == sorted(set(sizes))


@pytest.mark.parametrize("lang", GUIDES)
def test_the_steps_end_with_the_example(lang: Lang) -> None:
    assert finished(lang) == EXAMPLE.read_text("utf-8"), AGAIN


def test_both_languages_build_the_same_files() -> None:
    assert STAGES["zh"] == STAGES["en"]


@pytest.mark.parametrize("lang", GUIDES)
def test_the_tables_are_the_programs(lang: Lang) -> None:
    text = GUIDES[lang].read_text("utf-8")
    assert with_tables(text, lang) == text, AGAIN


@pytest.mark.parametrize("lang", GUIDES)
def test_the_fault_shown_is_the_fault_reported(lang: Lang, xingtu: Run, tmp_path: Path) -> None:
    text = STAGES[lang][1].text.replace("then: creator-not-yet\n", "then: creator-not-yte\n", 1)
    (tmp_path / "opening.yaml").write_text(text, "utf-8")
    ran = xingtu("rules", "check", "opening.yaml", "--lang", lang, cwd=tmp_path)
    assert ran.code == 3
    shown = re.search(r"(opening\.yaml:\d.*?)\n```", GUIDES[lang].read_text("utf-8"), re.DOTALL)
    assert shown
    assert shown[1] in ran.out + ran.err


@pytest.mark.parametrize("lang", GUIDES)
def test_what_the_guide_shows_is_what_the_program_prints(
    lang: Lang, xingtu: Run, tmp_path: Path
) -> None:
    """Each `$ xingtu …` of the guide whose output is shown, on the file as it stands there."""
    checked = 0
    for at, command, shown in consoles(GUIDES[lang].read_text("utf-8")):
        (tmp_path / "opening.yaml").write_text(built_before(lang, at), "utf-8")
        ran = xingtu(*command.split()[1:], cwd=tmp_path)
        for part in filter(None, (part.strip("\n") for part in shown.split("…\n"))):
            assert f"{part}\n" in ran.out, command
            checked += 1
    assert checked == 4


def consoles(guide: str) -> list[tuple[int, str, str]]:
    found = re.finditer(r"^( *)\$ (xingtu (?:.|\n(?! *(?:\$|```)))*)", guide, re.MULTILINE)
    each = [(m.start(), re.sub(rf"(?m)^{m[1]}", "", m[2]).partition("\n")) for m in found]
    return [
        (at, command, f"{shown}\n")
        for at, (command, _, shown) in each
        if shown.strip() and "creator-not-yte" not in shown
    ]


def built_before(lang: Lang, at: int) -> str:
    return list(stages(GUIDES[lang].read_text("utf-8")[:at]))[-1].text


@pytest.mark.parametrize("lang", GUIDES)
def test_no_link_leads_nowhere(lang: Lang) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", GUIDES[lang].read_text("utf-8")):
        assert (ROOT / "docs" / target).exists(), target
