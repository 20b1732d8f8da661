"""A line of JSON Lines → its object, or why there is none."""

import json
import math
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from xingtu_cli.table.cells import EXACT_DIGITS, INEXACT, Cell
from xingtu_cli.text import Text, is_deeper, visible

SHOWN = 40  # characters of a number or key
DEEPEST = 100  # brackets within each other

AT = Text("不是 JSON，第 {at} 个字符处{what}", "this is no JSON; at character {at} {what}")
NO_OBJECT = Text("不是 JSON 对象", "this is no JSON object")
TOO_DEEP = Text("括号套得太深", "its brackets are nested too deeply")
NO_NUMBER = Text(
    "{shown} 在 JSON 里不是数；请改成文本（加双引号）或 null",
    "{shown} is no number in JSON; make it a text, in double quotes, or null",
)
TOO_LARGE = Text(
    "{shown} 这个数太大；请改成文本（加双引号）",
    "the number {shown} is too large; make it a text, in double quotes",
)
TWICE = Text(
    "“{shown}”这个键写了两次，不知道算哪个；请只留一个",
    "the key “{shown}” is there twice, and which of them counts is not known; keep one",
)
# what Python's parser says, by how that begins
_WRONG: Mapping[str, Text] = {
    "Expecting value": Text("应该是一个值", "a value is expected"),
    "Expecting property name": Text("应该是加双引号的键", "a key in double quotes is expected"),
    "Expecting ':'": Text("少了冒号", "a colon is missing"),
    "Expecting ','": Text("少了逗号或右括号", "a comma or a closing bracket is missing"),
    "Illegal trailing comma": Text("多了一个逗号", "there is a comma too many"),
    "Extra data": Text("多出了内容", "there is more than one value"),
    "Unterminated string": Text("引号没有配对", "a quotation mark is never closed"),
    "Invalid control": Text("有控制字符", "there is a control character"),
    "Invalid \\": Text("反斜杠的写法不对", "a backslash is used wrongly"),
}
_OTHERWISE = Text("写得不对", "it is written wrongly")


def parse_object(line: str) -> dict[str, Cell] | Text:
    """Return the object that a line holds, or say why it holds none; its numbers are finite."""
    if is_deeper(line, DEEPEST):
        return TOO_DEEP
    try:
        found = json.loads(
            line.rstrip("\r\n"),
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_refuse,
            object_pairs_hook=_once,
        )
    except json.JSONDecodeError as error:
        return AT.format(at=error.pos + 1, what=_what(error.msg))
    except _Refused as error:
        return error.why
    return found if isinstance(found, dict) else NO_OBJECT


class _Refused(Exception):
    """What JSON, or Python's reading of it, lets pass; `shown` is the number or the key."""

    def __init__(self, why: Text, shown: str) -> None:
        short = shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"
        self.why = why.format(shown=visible(short))


def _once(pairs: list[tuple[str, Cell]]) -> dict[str, Cell]:
    found = dict(pairs)
    if len(found) < len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise _Refused(TWICE, twice)
    return found


def _what(said: str) -> Text:
    return next((text for start, text in _WRONG.items() if said.startswith(start)), _OTHERWISE)


def _whole(number: str) -> int:
    try:
        return int(number)
    except ValueError:  # more digits than Python turns into a number
        raise _Refused(TOO_LARGE, number) from None


def _finite(number: str) -> float | str:
    """Return a fraction, or its text where a `float` would lose some of its digits."""
    value = float(number)
    if not math.isfinite(value):
        raise _Refused(TOO_LARGE, number)
    return value if _keeps(value, number) else number


def _keeps(value: float, number: str) -> bool:
    """Tell whether the digits of a `float` that count are all those of a number."""
    if abs(value) >= INEXACT:
        return False
    if len(number) <= EXACT_DIGITS + 1 and "e" not in number.lower():
        return True
    try:
        return Decimal(f"{value:.{EXACT_DIGITS}g}") == Decimal(number)
    except InvalidOperation:  # an exponent beyond all bounds
        return False


def _refuse(number: str) -> float:
    raise _Refused(NO_NUMBER, number)
