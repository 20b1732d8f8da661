import io

import pytest

from xingtu_cli import encoding as encodings
from xingtu_cli.encoding import adapt, has


def encoded(text: str, encoding: str) -> bytes:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding)
    adapt(stream, reads=False)
    stream.write(text)
    stream.flush()
    return raw.getvalue()


def test_a_chinese_windows_console_gets_what_it_can_show() -> None:
    assert encoded("√ ¥ • 中 😀", "gbk") == "√ ￥ · 中 \\U0001f600".encode("gbk")


def test_ascii_loses_nothing() -> None:
    assert encoded("中¥", "ascii") == b"\\u4e2d\\xa5"


def test_what_was_written_as_a_number_is_remembered_until_forgotten() -> None:
    encodings.forget()
    encoded("√ ¥ 中 😀", "gbk")
    assert encodings.numbered() == "😀"
    encodings.forget()
    assert encodings.numbered() == ""


def test_what_an_encoding_has() -> None:
    assert has("gbk", "中￥√")
    assert not has("gbk", "中😀")


@pytest.mark.parametrize("encoding", ["idna", "undefined", "utf-16", "utf-16-le", "punycode"])
def test_an_encoding_that_is_not_for_texts_is_none_to_read_either(encoding: str) -> None:
    typed = io.TextIOWrapper(io.BytesIO("1\n已提现\n".encode()), encoding)
    adapt(typed, reads=True)
    assert typed.readlines() == ["1\n", "已提现\n"]


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "gb18030", "big5", "hz", "latin-1", "ascii"])
def test_an_encoding_for_texts_is_kept(encoding: str) -> None:
    typed = io.TextIOWrapper(io.BytesIO("1\n".encode(encoding)), encoding)
    adapt(typed, reads=True)
    assert typed.encoding == encoding
    assert typed.readlines() == ["1\n"]
