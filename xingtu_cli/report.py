"""The problems of a rules file → a page: each with the line it stands in, and a mark under it."""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate

from xingtu_cli.errors import InvalidRules, Problem
from xingtu_cli.layout import Line, cells
from xingtu_cli.text import Lang, Text, lines, visible

HINT = Text("建议：", "Hint: ")
COUNT = Text("{file}：{count} 处问题", "{file}: problems: {count}")
MORE = Text(
    "{file}：{count} 处问题，也许更多；请先改这些",
    "{file}: problems: {count}, maybe more; begin with these",
)
TAB = "→   "  # a tab, made visible
CUT = "..."  # of one width in every font, unlike an ellipsis
WORD = re.compile(r"\"[^\"]*\"?|'[^']*'?|\{[^{}]*\}|[^\s,:{}\[\]]+")
LONGEST = 40  # characters to mark
NEAR = 200  # characters to look at on either side


def as_page(error: InvalidRules, lang: Lang, width: int) -> list[Line]:
    """Return the problems as lines for a page of `width` cells, the count last."""
    last = max(problem.line for problem in error.problems)
    rows = lines(error.text, last) if error.text else []
    page: list[Line] = []
    for problem in error.problems:
        page += [*_problem(problem, rows, lang, width), Line()]
    count = MORE if error.more else COUNT
    file = visible(error.problems[0].file)
    text = count.format(file=file, count=len(error.problems)).in_(lang)
    return [*page, Line(text, style="strong")]


def _problem(problem: Problem, rows: Sequence[str], lang: Lang, width: int) -> Iterable[Line]:
    place = f"{problem.file}:{problem.line}:{problem.column}: "
    message = f"{problem.message.in_(lang)} [{problem.id}]"
    yield Line(visible(place + message), hanging=4, style="strong")
    if 0 < problem.line <= len(rows):
        yield from _excerpt(problem, rows[problem.line - 1], width)
    if hint := problem.hint.in_(lang):
        yield Line(visible(HINT.in_(lang) + hint), indent=4, hanging=6, style="note")


# ─── the line and the mark ───────────────────────────────────────────────────────────────────────


def _excerpt(problem: Problem, row: str, width: int) -> Iterable[Line]:
    gutter = f"{problem.line:>5} | "
    before, marked, after = _parts(row, problem.column - 1)
    room = max(width - len(gutter), 20)
    before, marked, after = _fitted(before, marked, after, room)
    yield Line(gutter + before + marked + after, verbatim=True)
    mark = "^" * max(cells(marked), 1)
    blank = " " * (len(gutter) - 2) + "| " + " " * cells(before)
    yield Line(blank + mark, style="error", verbatim=True)


def _parts(row: str, at: int) -> tuple[str, str, str]:
    """Return what stands before the fault, the word at fault, and what follows, all visible.

    Of a long line only what stands near is looked at.
    """
    begin = max(at - NEAR, 0)
    word = WORD.match(row[at : at + LONGEST])
    end = at + (len(word[0]) if word else 1)
    lead = CUT if begin else ""
    return lead + _shown(row[begin:at]), _shown(row[at:end]), _shown(row[end : end + NEAR])


def _shown(text: str) -> str:
    return "".join(TAB if character == "\t" else visible(character) for character in text)


def _fitted(before: str, marked: str, after: str, room: int) -> tuple[str, str, str]:
    """Cut a line to `room` cells around the word at fault."""
    if cells(before + marked + after) <= room:
        return before, marked, after
    marked, rest = _split(marked, room // 2)
    after = rest + after
    share = (room - cells(marked)) * 2 // 3
    if cells(before) > share:
        before = CUT + _split(before[::-1], share - len(CUT))[0][::-1]
    left = room - cells(before + marked)
    fits = cells(after) <= left
    return before, marked, after if fits else _split(after, left - len(CUT))[0] + CUT


def _split(text: str, room: int) -> tuple[str, str]:
    """Return as much of the beginning of a text as fits into `room` cells, and the rest."""
    taken = accumulate(cells(character) for character in text)
    end = sum(1 for each in taken if each <= room)
    return text[:end], text[end:]
