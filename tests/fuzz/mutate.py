"""Mutations of a rules file: of its text, and of its tree."""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from xingtu_cli.rules import source

# fmt: off
SNIPPETS = (
    "\n", "  ", "\t", ":", ": ", "-", "- ", "#", "'", '"', "{", "}", "[", "]", ",", "|", ">", "&a",
    "*a", "!!python/name:os.x ", "<<: ", "---\n", "...", "?", "%", "@", "`", "\\", "\r", "\r\n",
    "\x00", "\x1b[31m", "\u2028", "\ufeff", "\ud7ff", "\U0001f600", "\u202e", "[bold]", "款", "’",
    "{due}", "{}", "{{", "yes", "null", "~", "1e9999", "000", "today", "*", "then: ", "when: {",
)
WORDS = (
    "", " ", "yes", "no", "today", "*", "not-yet", "choice", "several", "date", "amount", "true",
    "false", "0", "1", "-1", "999999999999999999999", "2021-02-30", "{due}", "{nothing}", "{", "款",
    "working-days-over", "compare-amounts", "next-calendar-month", "\x1b]0;x\x07", "a" * 5000, "b",
)
# fmt: on


def text(random: Random, base: str) -> str:
    """Return `base` with some of its characters, lines and spans changed."""
    for _ in range(random.choice((1, 1, 1, 2, 3, 8))):
        base = random.choice(_OF_TEXT)(random, base)
    return base


def _at(random: Random, base: str) -> int:
    return random.randrange(len(base) + 1)


def _insert(random: Random, base: str) -> str:
    at = _at(random, base)
    return base[:at] + random.choice(SNIPPETS) + base[at:]


def _delete(random: Random, base: str) -> str:
    at = _at(random, base)
    return base[:at] + base[at + random.choice((1, 1, 2, 5, 20, 200, 5000)) :]


def _repeat(random: Random, base: str) -> str:
    at, length = _at(random, base), random.choice((1, 3, 30, 300, 3000))
    return base[:at] + base[at : at + length] * random.choice((2, 2, 3, 10)) + base[at + length :]


def _move(random: Random, base: str) -> str:
    at, to, length = _at(random, base), _at(random, base), random.choice((3, 30, 300))
    return base[:to] + base[at : at + length] + base[to:]


def _lines(random: Random, base: str) -> str:
    rows = base.split("\n")
    one, other = random.randrange(len(rows)), random.randrange(len(rows))
    match random.randrange(4):
        case 0:
            del rows[one]
        case 1:
            rows[one], rows[other] = rows[other], rows[one]
        case 2:
            rows.insert(other, rows[one])
        case _:
            rows[one] = " " * random.randrange(9) + rows[one].lstrip()
    return "\n".join(rows)


def _word(random: Random, base: str) -> str:
    """Put one name of the file where another stands: the slip that people make."""
    at = _at(random, base)
    words = base[at : at + 60].split()
    other = base[(to := _at(random, base)) : to + 60].split()
    if len(words) < 3 or len(other) < 3:
        return base
    return base[:at] + base[at:].replace(words[1], other[1], 1)


_OF_TEXT: tuple[Callable[[Random, str], str], ...] = (
    _insert, _insert, _delete, _delete, _repeat, _move, _lines, _lines, _word, _word,
)  # fmt: skip


def tree(random: Random, base: str) -> str:
    """Return `base` as JSON, which is YAML too, with some of its parts changed."""
    data: Any = source.read(base, "base").data
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        places = list(_places(data))
        into, key = random.choice(places)
        other = random.choice(places)
        _OF_TREE[random.randrange(len(_OF_TREE))](random, into, key, other[0][other[1]])
    return json.dumps(data, ensure_ascii=False)


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    for key in data if isinstance(data, dict) else range(len(data)):
        yield data, key
        if isinstance(data[key], dict | list):
            yield from _places(data[key])


def _drop(random: Random, into: Any, key: Any, other: Any) -> None:
    del into[key]


def _swap(random: Random, into: Any, key: Any, other: Any) -> None:
    into[key] = json.loads(json.dumps(other))


def _say(random: Random, into: Any, key: Any, other: Any) -> None:
    into[key] = random.choice(WORDS)


def _rename(random: Random, into: Any, key: Any, other: Any) -> None:
    if isinstance(into, dict):
        name = other if isinstance(other, str) else random.choice(WORDS)
        into[name] = into.pop(key)
    else:
        into.insert(key, json.loads(json.dumps(other)))


def _empty(random: Random, into: Any, key: Any, other: Any) -> None:
    into[key] = random.choice(("", [], {}, [[]], {"": ""}, [""]))


_OF_TREE = (_drop, _swap, _swap, _say, _say, _rename, _rename, _empty)
