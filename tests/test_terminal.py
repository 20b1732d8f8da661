import io
import os
import pty
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from xingtu_cli import terminal
from xingtu_cli.shell import quoted
from xingtu_cli.terminal import Line, laid_out, wrap

CLOSING = "，。；：、？！）】」』》"
OPENING = "（【「『《"
TEXT = st.text(
    st.sampled_from("结算单打款失败，。；：、？！）】」』》（【「『《 abc 123-.,%→·"), max_size=80
)


@given(TEXT, st.integers(20, 100), st.integers(0, 6))
def test_no_line_is_wider_than_asked(text: str, width: int, hanging: int) -> None:
    for n, line in enumerate(wrap(text, width, hanging)):
        assert cell_len(line) <= (width - hanging if n else width)


@given(TEXT, st.integers(20, 100))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")


def test_closing_punctuation_never_begins_a_line() -> None:
    text = "结算单，已经「取消」。发票（补开）：寄出！" * 8
    for width in range(20, 60):
        lines = wrap(text, width)
        assert all(line[0] not in CLOSING for line in lines)
        assert all(line[-1] not in OPENING for line in lines[:-1])


def test_a_label_in_an_english_text_stays_whole() -> None:
    text = "Download the statement and see 「供应商账户信息」 on its very last page"
    for width in range(20, 70):
        assert any("「供应商账户信息」" in line for line in wrap(text, width))


def test_a_word_too_long_is_cut() -> None:
    assert wrap("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    assert wrap("", 10) == [""]


def test_a_verbatim_line_is_left_alone() -> None:
    line = Line("x" * 200, verbatim=True)
    assert list(laid_out(line, 40)) == [line]


def encoded(text: str, encoding: str) -> bytes:
    terminal.set_up()
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="xingtu")
    stream.write(text)
    stream.flush()
    return raw.getvalue()


def test_a_chinese_windows_console_gets_what_it_can_show() -> None:
    assert encoded("√ ¥ • 中 😀", "gbk") == "√ ￥ · 中 \\U0001f600".encode("gbk")


def test_ascii_loses_nothing() -> None:
    assert encoded("中¥", "ascii") == b"\\u4e2d\\xa5"


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


def test_words_are_quoted_for_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["xingtu", "--company", "某某（北京）公司", "--nickname", "小明", "a b", "it's", ""]
    assert (
        quoted(words) == "xingtu --company '某某（北京）公司' --nickname 小明 'a b' 'it'\"'\"'s' ''"
    )
    monkeypatch.setattr("os.name", "nt")
    assert quoted(["a b", "小明"]) == '"a b" 小明'


@pytest.mark.parametrize("encoding", ["idna", "undefined", "utf-16", "utf-16-le", "punycode"])
def test_an_encoding_that_is_not_for_texts_is_none_to_read_either(
    encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.TextIOWrapper(io.BytesIO("1\n已提现\n".encode()), encoding)
    monkeypatch.setattr(sys, "stdin", typed)
    terminal.set_up()
    assert typed.readlines() == ["1\n", "已提现\n"]


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "gb18030", "big5", "hz", "latin-1", "ascii"])
def test_an_encoding_for_texts_is_kept(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = io.TextIOWrapper(io.BytesIO("1\n".encode(encoding)), encoding)
    monkeypatch.setattr(sys, "stdin", typed)
    terminal.set_up()
    assert typed.encoding == encoding
    assert typed.readlines() == ["1\n"]


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
