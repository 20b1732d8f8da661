import io
import os
import pty
import sys
import termios
from pathlib import Path

import pytest

from xingtu_cli import terminal


@pytest.mark.parametrize(
    ("environment", "lang"),
    [
        ({}, "zh"),
        ({"LANG": "C"}, "zh"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "en_US.UTF-8", "XINGTU_LANG": "zh"}, "zh"),
        ({"LANG": "en_US.UTF-8", "XINGTU_LANG": "fr"}, "en"),
    ],
)
def test_the_language_of_the_locale(
    environment: dict[str, str], lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG", "XINGTU_LANG"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert terminal.language(None) == lang
    assert terminal.language("en") == "en"


@pytest.mark.parametrize(
    ("columns", "width"), [("0", 80), ("20", 40), ("40", 40), ("72", 72), ("250", 100)]
)
def test_a_page_is_between_40_and_100_wide(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, int(columns)))
    with os.fdopen(ours, "rb"), os.fdopen(theirs, "w") as stream:
        assert terminal.page_width(stream) == width
        monkeypatch.setenv("COLUMNS", "60")
        assert terminal.page_width(stream) == 60
        for columns in ("many", "0", "²", "-5", "", "6" * 5000):
            monkeypatch.setenv("COLUMNS", columns)
            assert terminal.page_width(stream) == width


def test_a_page_for_no_terminal_is_wide(tmp_path: Path) -> None:
    with (tmp_path / "page").open("w") as stream:
        assert terminal.page_width(stream) == 100


def test_a_stream_without_a_buffer_gets_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    with io.TextIOWrapper(path.open("wb", buffering=0), "gbk", write_through=True) as stream:
        for name in ("stdout", "__stdout__"):
            monkeypatch.setattr(sys, name, stream)
        terminal.set_up()
        with sys.stdout as buffered:
            assert isinstance(buffered.buffer, io.BufferedWriter)
            terminal.write("打款\n")
    assert path.read_bytes() == "打款\n".encode("gbk")
