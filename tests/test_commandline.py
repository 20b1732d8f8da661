import os
import sys
from pathlib import Path

import pytest

from xingtu_cli.commandline import program


def test_the_program_is_called_by_its_name_where_the_shell_finds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "xingtu").touch()
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
    monkeypatch.setattr(sys, "argv", ["/usr/bin/pytest"])
    assert program() == ("xingtu",)
