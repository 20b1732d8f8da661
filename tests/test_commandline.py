import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from xingtu_cli.commandline import command, file_word, program
from xingtu_cli.errors import install
from xingtu_cli.shell import quoted
from xingtu_cli.text import visible


def test_the_program_is_called_by_its_name_where_the_shell_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xingtu").touch(0o755)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "xingtu")])
    monkeypatch.setenv("PATH", os.pathsep.join(["/nowhere", str(tmp_path)]))
    assert program() == ("xingtu",)


def test_elsewhere_it_is_called_as_the_user_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/xingtu"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert program() == (".venv/bin/xingtu",)
    monkeypatch.setattr(sys, "argv", ["/somewhere/site-packages/xingtu_cli/__main__.py"])
    monkeypatch.setattr(sys, "orig_argv", ["python3", "-m", "xingtu_cli"])
    assert program() == ("python3", "-m", "xingtu_cli")
    monkeypatch.setenv("PATH", "a" * 300)  # not even a name
    assert program() == ("python3", "-m", "xingtu_cli")
    monkeypatch.setattr(sys, "argv", [".venv/bin/xingtu"])
    assert program() == (".venv/bin/xingtu",)
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    assert program() == ("xingtu",)


def test_a_file_is_no_flag() -> None:
    assert file_word("--help") == "./--help"
    assert file_word("a-b.yaml") == "a-b.yaml"


@pytest.mark.skipif(os.name == "nt", reason="for a POSIX shell")
@pytest.mark.parametrize(
    "name",
    [
        "a\tb",
        "it's\nno\\n",
        "\x1b[31m红",
        "\u202e倒",
        "gbk\udcb0\udca1",
        "a b",
        "\t'; echo ran; '",
        "\x077",
    ],
)
def test_a_line_shows_no_control_and_means_the_same_to_a_shell(name: str) -> None:
    line = quoted(["printf", "%s", name])
    assert line == visible(line)
    assert subprocess.run(
        ["bash", "-c", line], capture_output=True, check=True
    ).stdout == os.fsencode(name)


@pytest.mark.skipif(not which("dash"), reason="dash is not installed")
@pytest.mark.parametrize("name", ["\t'; echo ran; '", "\n\\'; echo ran #", "\x1b$(echo ran)"])
def test_a_shell_that_knows_no_such_quotes_runs_nothing_of_a_name(name: str) -> None:
    line = quoted(["printf", "%s", name])
    taken = subprocess.run(["dash", "-c", line], capture_output=True, check=True).stdout
    spelled = line.removeprefix("printf %s ").replace("'", "").encode()
    assert taken in (spelled, os.fsencode(name))


def test_a_value_is_no_flag() -> None:
    line = command({"settled": "no"}, {"nickname": ("--force",), "company": ("a",)})
    assert line.endswith("diagnose --settled no --nickname=--force --company a")


@pytest.mark.parametrize("name", ["python", "我的 python"])
def test_the_line_that_installs_a_library_runs_the_python_at_hand(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / name
    python.write_text('#!/bin/sh\necho "$@"\n', "utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    ran = subprocess.run(["sh", "-c", install("openpyxl")], capture_output=True, check=True)
    assert ran.stdout == b"-m pip install openpyxl\n"
