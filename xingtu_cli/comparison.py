"""Two writings of one account detail, compared character by character.

Pure. A payout is refused over a single bracket, so nothing counts as equal that is not: what only
differs in brackets, width or spaces is a class of its own, and says what differs.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Literal

from xingtu_cli.rules.model import AccountField as Field
from xingtu_cli.text import Text

Result = Literal["identical", "formatting", "different"]
Change = Literal["swapped", "missing", "extra", "replaced"]

LONGEST = 200  # characters of one detail; the longest company names have about 60
SPACE_NAMES = {
    " ": Text("空格", "space"),
    "\t": Text("制表符（Tab）", "tab"),
    "\u3000": Text("全角空格（U+3000）", "full-width space (U+3000)"),
    "\xa0": Text("不换行空格（U+00A0）", "no-break space (U+00A0)"),
    "\u200b": Text("看不见的零宽空格（U+200B）", "invisible zero-width space (U+200B)"),
    "\ufeff": Text("看不见的字节顺序标记（U+FEFF）", "invisible byte order mark (U+FEFF)"),
}
IS_AND_SHOULD_BE = Text(
    "{where}：结算单是{ours}，应为{theirs}",
    "{where}: {ours} on the statement, should be {theirs}",
)
LACKS = Text("结算单漏了{lacking}（应在{where}）", "the statement lacks {lacking} ({where})")
HAS_EXTRA = Text(
    "结算单多了{extra}（结算单{where}）", "the statement has an extra {extra} (its {where})"
)
WIDE_DIGITS = Text("{where}都是全角数字，应为半角", "{where} are full-width, should be half-width")
INVISIBLE = Text("看不见的字符（{code}）", "invisible character ({code})")
BRACKETS = "()（）"
BRANCH = re.compile(r"(?:支行|分行|营业部|分理处|营业室|储蓄所|营业所|分社|信用社)$")

# the price of a change: a swap or a gap is likelier than a wrong character, a space likelier still
SLIGHT, GAP, WRONG = 1, 2, 3

_DIGITS = frozenset("0123456789")
_WIDE_DIGITS = frozenset("０１２３４５６７８９")
_HYPHENS = "-‐‑‒–—−－"


@dataclass(frozen=True)
class Column:
    """One character of the statement beside one of the right text; "" where there is none.

    Two neighbours that change places are two columns, both `swapped`.
    """

    statement: str
    right: str
    swapped: bool = False

    @property
    def differs(self) -> bool:
        """Whether the two are not the same character."""
        return self.statement != self.right

    @property
    def slight(self) -> bool:
        """Whether they differ in nothing but brackets, width or spaces."""
        return self.differs and unformatted(self.statement) == unformatted(self.right)


@dataclass(frozen=True)
class Difference:
    """A stretch that differs, as seen from the statement: what it lacks is `missing` there.

    `statement_at` and `right_at` count from 1, for a stretch that one side lacks to where it would
    stand. `text` says it in words.
    """

    change: Change
    statement: str
    right: str
    statement_at: int
    right_at: int
    text: Text


@dataclass(frozen=True)
class Comparison:
    """How one detail on the statement compares with the right one.

    `statement` and `right` are the texts given; the columns align them, for a number without the
    spaces and hyphens that people write into it.
    """

    field: Field
    statement: str
    right: str
    result: Result
    columns: tuple[Column, ...]
    differences: tuple[Difference, ...]


def compare(field: Field, statement: str, right: str) -> Comparison:
    """Compare a detail as it stands on the statement with the right one.

    Identical means the same characters in the same order; only in a number do spaces and hyphens
    not count. The result does not depend on which side is which.
    """
    ours, theirs = (compact(statement), compact(right)) if field == "number" else (statement, right)
    result: Result = "different"
    if ours == theirs:
        result = "identical"
    elif unformatted(ours) == unformatted(theirs):
        result = "formatting"
    columns = align(ours, theirs)
    if field != "number":
        columns = _gaps_at_word_ends(columns)
    differences = tuple(_differences(columns, field))
    return Comparison(field, statement, right, result, columns, differences)


def compact(number: str) -> str:
    """Return a number without the spaces and hyphens that people write into it."""
    return "".join(c for c in number if not (c.isspace() or c in _HYPHENS))


def squeezed(text: str) -> str:
    """Return a text without its spaces and invisible characters."""
    return "".join(c for c in text if not is_blank(c))


def is_blank(character: str) -> bool:
    """Tell whether a character is a space of any width, or shows nothing at all."""
    return character.isspace() or unicodedata.category(character) in ("Cf", "Cc", "Zs")


@lru_cache(maxsize=4096)
def unformatted(text: str) -> str:
    """Return a text without what is only formatting: width, the form of brackets, spaces."""
    return squeezed(unicodedata.normalize("NFKC", squeezed(text)))


# ─── aligning ────────────────────────────────────────────────────────────────────────────────────


def align(statement: str, right: str) -> tuple[Column, ...]:
    """Align two texts at the least total price of changes, neighbours that changed places included.

    Joined, the columns' sides give both texts again (but for a swap, they stand in order).
    """
    price = _prices(statement, right)
    columns: list[Column] = []
    i, j = len(statement), len(right)
    while i or j:
        for step, cost in _steps(statement, right, i, j):
            if price[i][j] == price[i - step[0]][j - step[1]] + cost:
                columns += reversed(_columns(statement, right, (i, j), step))
                i, j = i - step[0], j - step[1]
                break
    return tuple(reversed(columns))


def _prices(statement: str, right: str) -> list[list[int]]:
    price = [[0] * (len(right) + 1) for _ in range(len(statement) + 1)]
    for i in range(len(statement) + 1):
        for j in range(len(right) + 1):
            if i or j:
                price[i][j] = min(
                    price[i - step[0]][j - step[1]] + cost
                    for step, cost in _steps(statement, right, i, j)
                )
    return price


def _steps(statement: str, right: str, i: int, j: int) -> Iterable[tuple[tuple[int, int], int]]:
    """Yield the ways to end at `i` and `j`: how many characters each takes of both, and its price.

    The likeliest comes first, so that equal prices are settled the same way everywhere.
    """
    if i and j:
        if statement[i - 1] == right[j - 1]:
            yield (1, 1), 0
        else:
            slight = unformatted(statement[i - 1]) == unformatted(right[j - 1])
            yield (1, 1), SLIGHT if slight else WRONG
    if i > 1 and j > 1 and _are_swapped(statement[i - 2 : i], right[j - 2 : j]):
        yield (2, 2), GAP
    if j:
        yield (0, 1), SLIGHT if is_blank(right[j - 1]) else GAP
    if i:
        yield (1, 0), SLIGHT if is_blank(statement[i - 1]) else GAP


def _are_swapped(two: str, other: str) -> bool:
    return two != other and two == other[::-1]


def _columns(
    statement: str, right: str, end: tuple[int, int], step: tuple[int, int]
) -> list[Column]:
    ours, theirs = statement[end[0] - step[0] : end[0]], right[end[1] - step[1] : end[1]]
    if step == (2, 2):
        return [Column(a, b, swapped=True) for a, b in zip(ours, theirs, strict=True)]
    return [Column(ours, theirs)]


def _gaps_at_word_ends(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Move each gap to the right as far as both texts allow: “分行” is a word, “行分” is none."""
    moved, start = list(columns), 0
    while start < len(moved):
        end = start
        while end < len(moved) and _is_gap(moved[end], like=moved[start]):
            end += 1
        if end == start:
            start += 1
            continue
        while (
            end < len(moved)
            and not moved[end].differs
            and (moved[end].right == moved[start].statement + moved[start].right)
        ):
            moved[start], moved[end] = moved[end], moved[start]
            start, end = start + 1, end + 1
        start = end
    return tuple(moved)


def _is_gap(column: Column, *, like: Column) -> bool:
    """Tell whether the same side lacks a character as in the column `like`."""
    sides = (bool(column.statement), bool(column.right))
    one_lacks = sides in ((True, False), (False, True)) and not column.slight
    return one_lacks and sides == (bool(like.statement), bool(like.right))


# ─── saying what differs ─────────────────────────────────────────────────────────────────────────


def _differences(columns: Sequence[Column], field: Field) -> Iterable[Difference]:
    at = {"statement": 1, "right": 1}
    for kind, group in groupby(_numbered(columns), key=lambda numbered: numbered[0]):
        run = [column for _, column in group]
        ours = "".join(column.statement for column in run)
        theirs = "".join(column.right for column in run)
        if kind[0]:
            change: Change = (
                "swapped" if run[0].swapped
                else "missing" if not ours
                else "extra" if not theirs
                else "replaced"
            )  # fmt: skip
            here = _Place(columns, field, at["statement"], at["right"])
            words = _slight if run[0].slight else _IN_WORDS[change]
            text = words(here, ours, theirs)
            yield Difference(change, ours, theirs, at["statement"], at["right"], text)
        at["statement"] += len(ours)
        at["right"] += len(theirs)


def _numbered(columns: Sequence[Column]) -> Iterable[tuple[tuple[object, ...], Column]]:
    """Yield each column with a mark that it shares with those of the same stretch.

    Slight differences stand apart from real ones, one by one unless they are gaps of one kind or
    full-width digits; so does each pair that changed places.
    """
    swaps = 0
    for n, column in enumerate(columns):
        if column.swapped:
            swaps += 1
            yield (True, "swap", (swaps - 1) // 2), column
        elif column.slight:
            if column.statement in _WIDE_DIGITS and column.right in _DIGITS:
                yield (True, "wide"), column
                continue
            single = n if column.statement and column.right else -1
            yield (True, "slight", single, column.statement or column.right), column
        else:
            yield (column.differs, "real"), column


@dataclass(frozen=True)
class _Place:
    """Where a difference begins, on both sides."""

    columns: Sequence[Column]
    field: Field
    statement: int
    right: int

    def of(self, start: int, length: int) -> Text:
        """Name a stretch of `length` characters or digits from `start`."""
        end = start + length - 1
        span = f"{start}" if length == 1 else f"{start}-{end}"
        if self.field == "number":
            return Text(f"第 {span} 位", f"digit{'s' if length > 1 else ''} {span}")
        return Text(f"第 {span} 个字", f"character{'s' if length > 1 else ''} {span}")

    def in_right(self, length: int) -> Text:
        """Name a stretch of the right text, and where it is on the statement if elsewhere."""
        if self.statement == self.right:
            return self.of(self.right, length)
        there = Text("（结算单上从第 {n} 位起）", " (from {n} on the statement)")
        if self.field != "number":
            there = Text("（结算单上从第 {n} 个字起）", " (from {n} on the statement)")
        return self.of(self.right, length).plus(there.format(n=self.statement))


def _swapped(here: _Place, ours: str, theirs: str) -> Text:
    return Text(
        "{where}颠倒了：结算单是{ours}，应为{theirs}",
        "{where} are swapped: {ours} on the statement, should be {theirs}",
    ).format(where=here.in_right(2), ours=_quoted(ours), theirs=_quoted(theirs))


def _replaced(here: _Place, ours: str, theirs: str) -> Text:
    return IS_AND_SHOULD_BE.format(
        where=here.in_right(len(theirs)), ours=_quoted(ours), theirs=_quoted(theirs)
    )


def _missing(here: _Place, _: str, theirs: str) -> Text:
    if run := _run([c.right for c in here.columns], here, here.right - 1, theirs):
        start, count = run
        return Text(
            "{where}应是 {count} 个{one}，结算单漏了 {lacking} 个",
            "{where} should be {count} × {one}, of which the statement lacks {lacking}",
        ).format(
            where=here.of(start + 1, count),
            count=count,
            one=_quoted(theirs[0]),
            lacking=len(theirs),
        )
    return LACKS.format(where=here.of(here.right, len(theirs)), lacking=_in_quotes(theirs))


def _extra(here: _Place, ours: str, _: str) -> Text:
    if run := _run([c.statement for c in here.columns], here, here.statement - 1, ours):
        start, count = run
        return Text(
            "结算单{where}是 {count} 个{one}，多了 {over} 个",
            "{where} of the statement are {count} × {one}, which is {over} too many",
        ).format(where=here.of(start + 1, count), count=count, one=_quoted(ours[0]), over=len(ours))
    return HAS_EXTRA.format(where=here.of(here.statement, len(ours)), extra=_in_quotes(ours))


_IN_WORDS = {"swapped": _swapped, "replaced": _replaced, "missing": _missing, "extra": _extra}


def _run(side: Sequence[str], here: _Place, at: int, stretch: str) -> tuple[int, int] | None:
    """Return start and length of the run of one character that `stretch` is part of, if longer.

    Which of several equal digits is missing cannot be told, only how many there should be. `side`
    has a text character by character, "" for its gaps. A run that has other faults is none.
    """
    places = [n for n, character in enumerate(side) if character]
    text = "".join(side)
    start, end = at, at + len(stretch)
    while start and text[start - 1] == stretch[0]:
        start -= 1
    while end < len(text) and text[end] == stretch[0]:
        end += 1
    around = here.columns[places[start] : places[end - 1] + 1]
    alone = sum(column.differs for column in around) == len(stretch)
    longer = end - start > len(stretch)
    return (start, end - start) if longer and alone and len(set(stretch)) == 1 else None


def _slight(here: _Place, ours: str, theirs: str) -> Text:
    if not theirs:
        where = here.of(here.statement, len(ours))
        return HAS_EXTRA.format(where=where, extra=_named(ours, theirs))
    if not ours:
        lacking = Text("", "" if len(theirs) > 1 else "a ").plus(_named(theirs, ours))
        return LACKS.format(where=here.of(here.right, len(theirs)), lacking=lacking)
    if len(ours) > 1:
        return WIDE_DIGITS.format(where=here.in_right(len(theirs)))
    return IS_AND_SHOULD_BE.format(
        where=here.in_right(len(theirs)), ours=_named(ours, theirs), theirs=_named(theirs, ours)
    )


def _named(text: str, other: str) -> Text:
    """Name what only differs in form from `other`, so that the two can be told apart."""
    if is_blank(text[0]):
        name = SPACE_NAMES.get(text[0]) or INVISIBLE.format(code=code_point(text[0]))
        if len(text) > 1:
            return Text(f" {len(text)} 个", f"{len(text)} × ").plus(name)
        return name
    bracket = Text("括号", "bracket ") if text in BRACKETS else Text("", "")
    if _is_full_width(text):
        form = Text("全角", "full-width ")
    elif _is_full_width(other):
        form = Text("半角", "half-width ")
    else:
        return _quoted(text).plus(Text("（{code}）", " ({code})").format(code=code_point(text)))
    return form.plus(bracket).plus(_quoted(text))


def code_point(character: str) -> str:
    """Return a character's number as Unicode writes it, such as `U+200B`."""
    return f"U+{ord(character):04X}"


def _is_full_width(text: str) -> bool:
    return len(text) == 1 and "\uff01" <= text <= "\uff5e"


def _quoted(text: str) -> Text:
    if text.isascii() and text.isdigit():
        return Text(f" {text}", text)
    return _in_quotes(text)


def _in_quotes(text: str) -> Text:
    """Put a text in quotes, so that it is not taken for a count of digits."""
    shown = "".join(c if c == " " or c.isprintable() else f"<{code_point(c)}>" for c in text)
    return Text(f"“{shown}”", f"“{shown}”")
