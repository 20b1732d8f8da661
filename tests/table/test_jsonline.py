"""A line of JSON Lines, and why it holds no object: in words, and in both languages."""

import json
import re

import pytest

from xingtu_cli.table.jsonline import _OTHERWISE, parse_object
from xingtu_cli.text import Text, is_deeper


def test_an_object() -> None:
    assert parse_object('{"a": 1, "b": [1.5, null, true], "c": "NaN"}\n') == {
        "a": 1,
        "b": [1.5, None, True],
        "c": "NaN",
    }


@pytest.mark.parametrize(
    ("line", "zh", "en"),
    [
        ("{\n", "第 2 个字符处应该是加双引号的键", "at character 2 a key in double quotes"),
        ("{a: 1}", "第 2 个字符处应该是加双引号的键", "at character 2 a key in double quotes"),
        ("settled,x", "第 1 个字符处应该是一个值", "at character 1 a value is expected"),
        ('{"a" 1}', "第 6 个字符处少了冒号", "at character 6 a colon is missing"),
        ('{"a": 1 "b": 2}', "第 9 个字符处少了逗号或右括号", "a comma or a closing bracket"),
        ('{"a": 1} {"b": 2}', "第 10 个字符处多出了内容", "there is more than one value"),
        ('{"a": "b}', "第 7 个字符处引号没有配对", "a quotation mark is never closed"),
        ('{"a": "\t"}', "第 8 个字符处有控制字符", "there is a control character"),
        (r'{"a": "\q"}', "反斜杠的写法不对", "a backslash is used wrongly"),
        (r'{"a": "\u00"}', "反斜杠的写法不对", "a backslash is used wrongly"),
        ('{"a": NaN}', "NaN 在 JSON 里不是数", "NaN is no number in JSON"),
        ('{"a": -Infinity}', "-Infinity 在 JSON 里不是数", "-Infinity is no number in JSON"),
        ('{"a": 1e999}', "1e999 这个数太大", "the number 1e999 is too large"),
        ('{"a": ' + "9" * 5000 + "}", "9" * 40 + "… 这个数太大", "9… is too large"),
        ('{"a": ' + "[" * 100_000, "括号套得太深", "nested too deeply"),
        ('{"a": ' + "[" * 100 + "1" + "]" * 100 + "}", "括号套得太深", "nested too deeply"),
        ('{"a": ' * 500 + "1" + "}" * 500, "括号套得太深", "nested too deeply"),
        ("[1]", "不是 JSON 对象", "this is no JSON object"),
        ('{"a": 1, "b": 2, "b": 2}', "“b”这个键写了两次", "the key “b” is there twice"),
        ('{"a": [{"\\n": 1, "\\n": 2}]}', "“\\x0a”这个键写了两次", "“\\x0a” is there twice"),
    ],
)
def test_why_there_is_none(line: str, zh: str, en: str) -> None:
    why = parse_object(line)
    assert isinstance(why, Text)
    assert zh in why.zh
    assert en in why.en
    assert not re.search("Error|Expecting|Exceeds", "".join(why))


@pytest.mark.parametrize("inner", ['"[[["', r'"\"[["', '"[[[', "[] [] []", "[[", "}}[["])
def test_brackets_in_texts_are_none(inner: str) -> None:
    assert not is_deeper(inner, 2)


@pytest.mark.parametrize("inner", ["[[[", '["{", {"a": [', '{"\\\\": [[[]]]}', "]]}[[[[[["])
def test_brackets_are_counted_as_they_close(inner: str) -> None:
    assert is_deeper(inner, 2)


def test_as_deep_as_that_and_as_many() -> None:
    for inner in ("[" * 99 + "1" + "]" * 99, "[" + "[], {}, " * 500 + "1]"):
        line = f'{{"a": {inner}}}'
        assert parse_object(line) == json.loads(line)


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        ("0.1", 0.1),
        ("1e4", 10000.0),
        ("12000.500000000000000", 12000.5),
        ("0.12345678901234567890", "0.12345678901234567890"),
        ("-123456789012345678.25", "-123456789012345678.25"),
        ("1e22", "1e22"),
        ("-1e15", "-1e15"),
        ("1e-4", 0.0001),
        ("1e-400", "1e-400"),
        ("1E-99999999999999999999", "1E-99999999999999999999"),
        ("999999999999999.0", 999999999999999.0),
    ],
)
def test_no_digit_of_a_number_is_lost(number: str, cell: object) -> None:
    assert parse_object(f'{{"a": {number}}}') == {"a": cell}


def test_all_that_python_says_of_json_is_said_in_words() -> None:
    """Whatever is cut out of an object or put into it, the words are ours."""
    whole = '{"a": [1, "\\u4e2d"], "b": {"c": -1.5e3, "d": null}}'
    for at in range(len(whole)):
        for other in ("", ",", '"', "x", "]", "\\", "\x01"):
            line = whole[:at] + other + whole[at + 1 :]
            why = parse_object(line)
            if isinstance(why, Text):
                assert _OTHERWISE.en not in why.en, line
            else:
                assert json.loads(line) == why
