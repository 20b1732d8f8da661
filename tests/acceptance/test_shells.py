"""Completion in the real shells: flags and values of the questions, also of other rules."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.conftest import PROGRAM, clean_environment

SMALL = Path(__file__).parents[1] / "rules" / "valid" / "minimal.yaml"
ENVIRONMENT = clean_environment(
    PATH=f"{PROGRAM.parent}:/usr/local/bin:/usr/bin:/bin", LANG="C.UTF-8", XINGTU_LANG="zh"
)
PROMPT = "ready> "
SET_UP = {
    "bash": 'bind "set completion-query-items 0"; eval "$(xingtu --show-completion)"',
    "zsh": (
        "autoload -U compinit; compinit -D; zstyle ':completion:*' list-prompt '';"
        ' eval "$(xingtu --show-completion)"'
    ),
}
START = {"bash": ["--norc", "--noprofile", "-i"], "zsh": ["-f", "-i"]}


def needs(shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")


@pytest.fixture(params=["bash", "zsh"])
def shell(request: pytest.FixtureRequest) -> "Iterator[pexpect.spawn[str]]":
    name = request.param
    needs(name)
    child = pexpect.spawn(
        name,
        START[name],
        env={**ENVIRONMENT, "PS1": PROMPT, "TERM": "dumb", "SHELL": shutil.which(name) or name},
        encoding="utf-8",
        codec_errors="replace",
        dimensions=(60, 200),
        timeout=20,
    )
    child.expect_exact(PROMPT)
    child.sendline(SET_UP[name])
    child.expect_exact(PROMPT)
    yield child
    child.close(force=True)


def offered(shell: "pexpect.spawn[str]", typed: str, *expected: str) -> None:
    """Type words and Tab twice, and see that the shell shows all of `expected`."""
    shell.send(typed)
    shell.expect_exact(typed)
    shell.send("\t\t")
    for words in expected:
        shell.expect_exact(words.removeprefix(typed.rsplit(" ", 1)[1]))


def test_a_question_is_a_flag(shell: "pexpect.spawn[str]") -> None:
    offered(shell, "xingtu diagnose --statement-st", "--statement-status")


def test_its_choices_are_values(shell: "pexpect.spawn[str]") -> None:
    offered(shell, "xingtu diagnose --statement-status ", "cancellable", "under-review")


def test_a_value_is_completed(shell: "pexpect.spawn[str]") -> None:
    offered(shell, "xingtu diagnose --statement-status canc", "cancellable ")


def test_a_command_is_completed(shell: "pexpect.spawn[str]") -> None:
    offered(shell, "xingtu diagn", "diagnose")


def test_other_rules_bring_other_flags(shell: "pexpect.spawn[str]") -> None:
    offered(shell, f"xingtu --rules {SMALL} diagnose --mai", "--mailed")


def test_other_rules_by_the_environment(shell: "pexpect.spawn[str]") -> None:
    shell.sendline(f"export XINGTU_RULES={SMALL}")
    shell.expect_exact(PROMPT)
    offered(shell, "xingtu diagnose --pai", "--paid")


@pytest.mark.parametrize(
    "hostile",
    [
        "$({run})",
        "`{run}`",
        "a\\$({run})",
        "a\\\\$({run})",
        "a\\`{run}`",
        'a\\" <({run}) "',
        "a\\' $({run}) '",
        "'; {run}; '",
        ")) ; {run} ; ((",
        "=({run})",
        "a:\\$({run}):\\",
    ],
)
def test_no_shell_runs_what_a_rules_file_says(
    shell: "pexpect.spawn[str]", hostile: str, tmp_path: Path
) -> None:
    ran, rules = tmp_path / "ran", tmp_path / "rules.yaml"
    said = json.dumps(hostile.format(run=f"touch {ran}"))
    text = SMALL.read_text("utf-8").replace("{zh: 是, en: ", f"{{zh: {said}, en: ")
    rules.write_text(text.replace("{zh: 到账了吗？", f"{{zh: {said}"), "utf-8")
    assert rules.read_text("utf-8").count(said) == 2
    offered(shell, f"xingtu --rules {rules} diagnose --paid ", "no", "yes")
    shell.send("\x15")
    offered(shell, f"xingtu --rules {rules} diagnose --", "--paid")
    assert not ran.exists()


def fish(script: str) -> str:
    return subprocess.run(
        ["fish", "--no-config", "-c", script],
        env={**ENVIRONMENT, "SHELL": shutil.which("fish") or "fish"},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=60,
    ).stdout


def fish_offers(typed: str) -> list[str]:
    needs("fish")
    script = f'xingtu --show-completion | source; complete -C "{typed}"'
    return [line.split("\t")[0] for line in fish(script).splitlines()]


def test_markup_in_a_label_is_plain_text(tmp_path: Path) -> None:
    hostile = tmp_path / "rules.yaml"
    text = SMALL.read_text("utf-8")
    assert "{zh: 是, en: " in text
    assert "{zh: 到账了吗？" in text
    text = text.replace("{zh: 是, en: ", "{zh: '[/]是[b]', en: ")
    hostile.write_text(text.replace("{zh: 到账了吗？", "{zh: '[/]到账了吗？'"), "utf-8")
    assert fish_offers(f"xingtu --rules {hostile} diagnose --paid ") == ["no", "yes"]
    assert fish_offers(f"xingtu --rules {hostile} diagnose --pai") == ["--paid"]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", ["", "0", "1", "²"])
@pytest.mark.parametrize("typed", ["", "--", "diagnose --settled ", "batch --", "case "])
def test_what_is_offered_is_told_in_one_line(lang: str, size: str, typed: str) -> None:
    asked = {
        "_XINGTU_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_ARGS": f"xingtu {typed}",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    told = {"XINGTU_LANG": lang, "COLUMNS": size, "LINES": size, "TERMINAL_WIDTH": size}
    ran = subprocess.run(
        [PROGRAM], env=clean_environment(**asked, **told), capture_output=True, check=True
    )
    for line in ran.stdout.decode().splitlines():
        value, tab, about = line.partition("\t")
        assert " " not in value
        assert bool(tab) == (about != "")
        assert "..." not in about
        assert lang == "en" or not tab or re.search("[一-龥]", about)
    assert b"\t" in ran.stdout
    assert ran.stderr == b""


def test_fish() -> None:
    assert "--statement-status" in fish_offers("xingtu diagnose --statement-st")
    assert fish_offers("xingtu diagnose --statement-status ") == [
        *("cancellable", "other", "under-review", "withdrawn")
    ]
    assert fish_offers(f"xingtu --rules {SMALL} diagnose --pai") == ["--paid"]
    assert "diagnose" in fish_offers("xingtu diagn")
