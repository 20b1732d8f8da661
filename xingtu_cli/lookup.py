"""An account detail looked up in the text of a PDF page, whatever the page's layout.

Pure. A page's text has its lines broken and its spaces set by the layout, so spaces prove nothing
here: neither one more nor one less counts as a difference.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xingtu_cli.comparison import BRANCH, compact, is_blank, squeezed, unformatted
from xingtu_cli.rules.model import AccountField

LIKE = 0.6  # of two texts, from 0 to 1: enough in common to be the same detail with a slip in it
LONGEST_LINE = 1_000  # characters; what is longer is no line of a statement
MOST_STRETCHES = 3_000  # to compare one by one; a statement's last page has about a hundred
SHORTEST_NUMBER = 8

_ENDS = "：:，,。；;|｜│/、"  # what may stand right before or after a detail
_DIGITS = re.compile(r"[\d０-９][\d０-９ \-－\xa0]*[\d０-９]")
_PIECES = re.compile(r"[：:|｜│\t]+|\s+")


@dataclass(frozen=True)
class Sighting:
    """What the page has for a detail. `sure` where it is the very text that was looked for.

    Otherwise it is the stretch most like it, and a guess.
    """

    text: str
    sure: bool


def look_up(
    field: AccountField, right: str, page: str, labels: Sequence[str] = ()
) -> Sighting | None:
    """Look for the right value of a detail on a page, or for what is most like it.

    `labels` are the words that may lead a detail without a space between them (账户名称某某公司).
    A value found only within a longer one is no sighting of it: the longer one is.
    """
    page = "\n".join(line for line in page.split("\n") if len(line) <= LONGEST_LINE)
    if field == "number":
        return _number(right, page)
    occurrences = list(_occurrences(right, page))
    whole = [found for found in occurrences if _stands_alone(page, found, labels)]
    for start, end in whole:
        if squeezed(page[start:end]) == squeezed(right) and not _goes_on(field, page, (start, end)):
            return Sighting(right, sure=True)
    for start, end in whole:
        if not _goes_on(field, page, (start, end)):
            return Sighting(squeezed(page[start:end]), sure=True)
    for found in occurrences:
        return Sighting(_widened(page, found, labels), sure=False)
    return _nearest(right, _stretches(page, labels))


# ─── finding it ──────────────────────────────────────────────────────────────────────────────────


def _occurrences(right: str, page: str) -> Iterator[tuple[int, int]]:
    """Yield where the page has `right`, read without width and spaces, as start and end."""
    letters, places = [], []
    for place, character in enumerate(page):
        for letter in unformatted(character):
            letters.append(letter)
            places.append(place)
    text, sought = "".join(letters), unformatted(right)
    at = text.find(sought) if sought else -1
    while at >= 0:
        yield places[at], places[at + len(sought) - 1] + 1
        at = text.find(sought, at + 1)


def _stands_alone(page: str, found: tuple[int, int], labels: Sequence[str]) -> bool:
    start, end = found
    before, after = page[:start].rpartition("\n")[2], page[end:].partition("\n")[0]
    return (not before or _ends(before[-1]) or before.endswith(tuple(labels))) and (
        not after or _ends(after[0]) or after.startswith(tuple(labels))
    )


def _ends(character: str) -> bool:
    return is_blank(character) or character in _ENDS


def _goes_on(field: AccountField, page: str, found: tuple[int, int]) -> bool:
    """Tell whether the next line looks like the rest of the detail: a bank's branch."""
    rest, _, following = page[found[1] :].partition("\n")
    following = squeezed(following.partition("\n")[0])
    named = BRANCH.search(squeezed(page[found[0] : found[1]]))
    return field == "bank" and not named and not squeezed(rest) and bool(BRANCH.search(following))


def _widened(page: str, found: tuple[int, int], labels: Sequence[str]) -> str:
    start, end = found
    while start and not _ends(page[start - 1]) and not page[:start].endswith(tuple(labels)):
        start -= 1
    while end < len(page) and not _ends(page[end]):
        end += 1
    if end < len(page) and page[end] == "\n" and BRANCH.search(_line_at(page, end + 1)):
        end += 1 + len(_line_at(page, end + 1))
    return squeezed(page[start:end])


def _line_at(page: str, start: int) -> str:
    return page[start:].partition("\n")[0]


def _number(right: str, page: str) -> Sighting | None:
    sought = compact(right)
    numbers = [match[0] for line in page.split("\n") for match in _DIGITS.finditer(line)]
    parts = [compact(number) for number in numbers]
    joined = [one + other for one, other in pairwise(parts)]
    pieces = [compact(piece) for number in numbers for piece in number.split(" ")]
    candidates = [*parts, *joined, *pieces]
    if sought in candidates:
        return Sighting(right, sure=True)
    for candidate in candidates:
        if unformatted(candidate) == unformatted(sought):
            return Sighting(candidate, sure=True)
    return _nearest(sought, [c for c in candidates if len(c) >= SHORTEST_NUMBER])


# ─── finding what is most like it ────────────────────────────────────────────────────────────────


def _nearest(right: str, stretches: Iterable[str]) -> Sighting | None:
    from difflib import SequenceMatcher

    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(unformatted(right))
    best, likeness = "", LIKE
    for stretch in list(dict.fromkeys(stretches))[:MOST_STRETCHES]:
        matcher.set_seq1(unformatted(stretch))
        if matcher.real_quick_ratio() >= likeness and matcher.quick_ratio() >= likeness:
            ratio = matcher.ratio()
            if ratio > likeness or (ratio == likeness and not best):
                best, likeness = stretch, ratio
    return Sighting(best, sure=False) if best else None


def _stretches(page: str, labels: Sequence[str]) -> Iterator[str]:
    """Yield what may be a detail: a line, a piece of one, or the end of one and all of the next."""
    lines = [line.strip() for line in page.split("\n") if line.strip()]
    for n, line in enumerate(lines):
        pieces = [_unlabelled(piece, labels) for piece in _PIECES.split(line) if piece]
        for piece in pieces:
            yield squeezed(piece)
        for longer in (_unlabelled(line, labels), *(one + two for one, two in pairwise(pieces))):
            yield squeezed(longer)
        if pieces and n + 1 < len(lines):
            yield squeezed(pieces[-1] + lines[n + 1])


def _unlabelled(text: str, labels: Sequence[str]) -> str:
    for label in labels:
        if text.startswith(label):
            return text.removeprefix(label).lstrip("：: \t")
    return text
