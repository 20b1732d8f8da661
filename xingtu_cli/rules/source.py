"""YAML text → plain data, and where each part of it stands.

Only what a rules file needs is let through: mappings, lists and text. Scalars stay text (`yes`,
`000001` and `2021-07-30` are what they look like), nothing is constructed from a tag, and aliases
are refused, so no alias bomb can grow. The work is done over parser events in a loop; depth costs
no stack. A sound file is read once and its parts' places are never wanted; to tell the places of
faults it is read again, which keeps the usual run short and the memory small.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any, NamedTuple

import yaml

from xingtu_cli.errors import Problem
from xingtu_cli.text import LINE_END, NOTHING, Text, lines

DEPTH = 32  # the deepest a rules file nests is 7
MOST_PARTS = 5_000_000  # texts, lists and mappings; a hundred thousand questions have half as many
MOST_PROBLEMS = 1_000  # with more, something larger is amiss

Path = tuple[str | int, ...]
KEY = -1  # at the end of a path: the key, not its value
REMOVE = Text("请删掉", "remove it")
TOO_DEEP = (
    Text(f"嵌套超过 {DEPTH} 层", f"nested more than {DEPTH} deep"),
    Text("请检查缩进和括号，用不到这么多层", "look at indents and brackets; nothing needs that"),
)
Data = str | list[Any] | dict[str, Any]

# what YAML does not let stand in a text as it is, the line ends that no editor shows as such, and
# what turns the direction of writing round
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_ONLY_A_NAME = re.compile(r"[ \t]*(?:- +)?[\w\"'-]+\Z")
_PAIR = re.compile(r"[ \t]*(?:- +)?[\w\"'][\w\"'-]*:[ \t]+\S")

# libyaml where PyYAML was built with it (the wheels are), the same grammar in Python elsewhere. The
# two refuse a few different things (`[why?]`, a tab after a word: only libyaml takes them;
# `{a:}`: only the other), but what both take they take alike; tests/rules/test_parsers.py
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Place(NamedTuple):
    """A 1-based line and column."""

    line: int
    column: int


class Document:
    """The data of one file, and what was wrong with it as YAML.

    `whole` tells whether it was read to its end, so that the data is worth a look; else there is
    none.
    """

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.data: Data = ""
        self.whole = False
        self.problems: list[Problem] = []

    def problem(self, place: Place, kind: str, message: Text, hint: Text = NOTHING) -> None:
        """Note a problem of a kind (its id) at a place."""
        self.problems.append(Problem(self.file, place.line, place.column, message, kind, hint))

    @cached_property
    def _places(self) -> "Places":
        return Places(self.text)

    def place(self, path: Path) -> Place:
        """Return where the value at `path` stands, or the nearest thing around it."""
        return self._places.value(path)

    def key_place(self, path: Path) -> Place:
        """Return where the key at `path` stands, or the nearest thing around it."""
        return self._places.key(path)

    def telling_place(self, path: Path) -> Place:
        """Return the place that a person would point at, as `Places.telling` does."""
        return self._places.telling(path)


def read(text: str, file: str) -> Document:
    """Read YAML `text` of the file called `file`; the problems found are in the document."""
    document = Document(file, text)
    _refuse_controls(document)
    if document.problems:
        return document
    try:
        document.whole = _Reader(document).read(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        place = _place_of(error)
        further = _further(error, place)
        rows = lines(text, max([place.line, *further]))
        if place.line > len(rows):  # the parser counts a line too many at the end
            place = Place(len(rows), len(rows[-1]) + 1)
        # the parser often stumbles only over the next line
        near = [place.line, place.line - 1, *further]
        if wide := _wide((n, rows[n - 1]) for n in near if 1 <= n <= len(rows)):
            document.problem(*wide)
        elif amiss := _amiss(error, place, rows):
            document.problem(*amiss)
        else:
            document.problem(place, *_yaml_fault(error, place, rows[place.line - 1]))
    # nothing but such lines is one text to the parser
    lone = document.whole and isinstance(document.data, str)
    if lone and (wide := _wide(enumerate(lines(text, MOST_PROBLEMS), 1))):
        document.problem(*wide)
        document.whole = False
    if not document.whole:
        document.data = ""
    return document


def _refuse_controls(document: Document) -> None:
    number, begin = 1, 0
    for found in _CONTROL.finditer(document.text):
        for end in LINE_END.finditer(document.text, begin, found.start()):
            number, begin = number + 1, end.end()
        document.problem(
            Place(number, found.start() - begin + 1),
            "XT009",
            _no_control(found[0]),
            REMOVE,
        )
        if len(document.problems) >= MOST_PROBLEMS:
            return


def _no_control(character: str) -> Text:
    code = f"U+{ord(character):04X}"
    return Text(f"不能有控制字符（{code}）", f"a control character ({code}) is not allowed")


Told = tuple[Place, str, Text, Text]  # where, the kind's id, what is wrong, and how to mend it

# signs that a Chinese keyboard gives, after which the parser takes the line for mere text
_WIDE = (
    (
        re.compile(r"[ \t]*(?:- +)?[A-Za-z][\w-]*[ \t]*(：)"),
        "XT001",
        Text("这一行用了全角冒号“：”", "this line has a full-width colon “：”"),
        Text("请改成半角冒号加一个空格“: ”", "write “: ” (half-width, then a space)"),
    ),
    (
        re.compile(r"[ \t]*(?:- +)?[A-Za-z][\w-]*:[ \t]+([｛［])"),
        "XT001",
        Text("这一行用了全角括号", "this line has a full-width bracket"),
        Text("请改成半角的 { } 或 [ ]", "write { } or [ ]"),
    ),
    (
        re.compile(r"[ \t]*([\u3000\xa0])[ \t\u3000\xa0]*(?:- +)?[A-Za-z][\w-]*:"),
        "XT002",
        Text("这里用全角空格或特殊空格缩进了", "this is indented with a wide or special space"),
        Text("请改用普通空格", "use plain spaces instead"),
    ),
)


def _wide(rows: Iterable[tuple[int, str]]) -> Told | None:
    """Return what is told of the first such sign on some rows, each with its number."""
    for number, row in rows:
        for sign, kind, message, hint in _WIDE:
            if found := sign.match(row):
                return Place(number, found.start(1) + 1), kind, message, hint
    return None


def _amiss(error: yaml.MarkedYAMLError, place: Place, rows: Sequence[str]) -> Told | None:
    """Return what is told of a name where none can stand: its indent, or the line above, is amiss.

    The parser stops at the name's colon, having taken the line above for the beginning of a text.
    """
    row = rows[place.line - 1]
    known = "mapping values are not allowed" in str(error.problem)
    if not known or not _ONLY_A_NAME.match(row[: place.column - 1]):
        return None
    number = next((n for n in range(place.line - 1, 0, -1) if rows[n - 1].strip()), place.line)
    if _PAIR.match(rows[number - 1]):
        return _begin(row, place.line), "XT001", *_INDENT
    return _begin(rows[number - 1], number), "XT001", *_BROKEN


def _begin(row: str, number: int) -> Place:
    return Place(number, len(row) - len(row.lstrip()) + 1)


# what the parser says, in the words of someone who keeps a rules file
_IN_BRACKETS = Text(
    "引号要成对，各项之间用半角逗号；文字里有花括号、冒号或 # 的，请加英文双引号",
    "look for a quote or a half-width comma missing; put a text with brackets, a colon or # in"
    " double quotes",
)
_INDENT = (
    Text("这里的缩进或引号不对", "an indent or a quote is amiss here"),
    Text(
        "请与同一层的各项对齐，并检查引号", "align it with its neighbours, and look at the quotes"
    ),
)
_BROKEN = (
    Text("这一行没写对，下一行接不上", "this line is amiss, so that the next does not fit"),
    Text(
        "名称后是冒号加空格“: ”，列表的每一项以减号加空格“- ”开头，都用半角",
        "a name is followed by “: ”, an item of a list begins with “- ”",
    ),
)
_BACKSLASH = (
    Text("双引号里的反斜杠有特殊含义", "a backslash within double quotes has a meaning of its own"),
    Text("请写成 \\\\", "write \\\\ for one"),
)
_YAML: Mapping[str, tuple[Text, Text]] = {
    "mapping values are not allowed": (
        Text("这里不能再有冒号", "a colon is not allowed here"),
        Text(
            "文字里有冒号的，请给整段文字加英文双引号", "put a text with a colon in double quotes"
        ),
    ),
    "expected ',' or '}'": (
        Text("从这里开始的 { } 没有写完", "the { } that begins here is not complete"),
        _IN_BRACKETS,
    ),
    "expected ',' or ']'": (
        Text("从这里开始的 [ ] 没有写完", "the [ ] that begins here is not complete"),
        _IN_BRACKETS,
    ),
    "expected node content": (
        Text("这里缺少内容，或多了逗号、括号", "something is missing here, or one sign too many"),
        Text("请检查逗号和括号", "look at the commas and brackets"),
    ),
    "unexpected end of stream": (
        Text("从这里开始的引号没有配对", "the quote that begins here has no partner"),
        Text("请在文字末尾补上引号", "add the quote at the end of the text"),
    ),
    "could not find expected ':'": (
        Text("这一行缺少冒号", "this line lacks a colon"),
        Text("写法是“名称: 内容”，冒号后空一格", "write “name: contents”, a space after the colon"),
    ),
    "did not find expected key": _INDENT,
    "did not find expected '-'": (_INDENT[0], _BROKEN[1]),
    "unknown escape": _BACKSLASH,
    "hexdecimal": _BACKSLASH,  # libyaml's spelling
    "cannot start any token": (
        Text("文字不能以这个符号开头", "a text cannot begin with this sign"),
        Text("请给整段文字加英文双引号", "put the whole text in double quotes"),
    ),
    "nesting depth": TOO_DEEP,
}


def _place_of(error: yaml.MarkedYAMLError) -> Place:
    """Return where to look: where what is incomplete begins, else where the parser stopped."""
    begins = error.context_mark and re.search("flow|quoted|simple key", str(error.context))
    mark = error.context_mark if begins else error.problem_mark or error.context_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _further(error: yaml.MarkedYAMLError, place: Place) -> Sequence[int]:
    """Return the numbers of further lines to look at: of brackets, to where the parser stopped."""
    mark = error.problem_mark if "flow" in str(error.context) else None
    return range(place.line + 1, mark.line + 2) if mark else ()


def _yaml_fault(error: yaml.MarkedYAMLError, place: Place, row: str) -> tuple[str, Text, Text]:
    what = " ".join(filter(None, (error.context, error.problem)))
    sign = row[place.column - 1 : place.column]
    indent = row[: len(row) - len(row.lstrip())]
    if "\t" in indent:
        return (
            "XT002",
            Text("这里用 Tab 缩进了", "this is indented with a tab"),
            Text("请改用空格", "use spaces instead"),
        )
    if "did not find expected key" in what and sign in ("}", "]"):
        return (
            "XT001",
            Text(f"多了一个 {sign}", f"one {sign} too many"),
            Text("请检查括号是否成对", "see that each bracket has its partner"),
        )
    for fragment, told in _YAML.items():
        if fragment in what:
            return ("XT007" if told is TOO_DEEP else "XT001", *told)
    return (
        "XT001",
        Text(f"不是有效的 YAML（{what}）", f"this is not valid YAML ({what})"),
        Text(
            "请检查这里和上一行的引号、括号、冒号和缩进",
            "look for a quote, bracket, colon or indent amiss here or a line above",
        ),
    )


class _Stop(Exception):
    """Reading on would be of no use."""


class _Reader:
    """Builds the data out of parser events.

    `stack` holds the mappings and lists whose end has not come yet, but for the innermost.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[tuple[Any, dict[str, int]]] = []
        self.into: Any = None  # the innermost, whose parts come next
        self.key: str | None = None
        self.seen: dict[str, int] = {}  # the keys of this mapping, each with its line
        self.documents = 0
        self.parts = 0

    def read(self, events: Iterator[Any]) -> bool:
        """Read all events, and return whether it made sense to go on to the end."""
        take = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open,
            yaml.SequenceStartEvent: self._open,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        try:
            for event in events:
                if handle := take.get(event.__class__):
                    handle(event)
        except _Stop:
            return False
        return True

    def _scalar(self, event: Any) -> None:
        if event.tag is not None:
            self._refuse_tag(event)
        if event.style == '"' and (found := _CONTROL.search(event.value)):
            self._problem(event, "XT009", _no_control(found[0]), REMOVE)  # written as an escape
        self._text(event, event.value)

    def _text(self, event: Any, text: str) -> None:
        if self.key is not None:
            self.into[self.key] = text
            self.key = None
        elif type(self.into) is dict:
            self._key(event, text)
        elif self.into is None:
            self.document.data = text
        else:
            self.into.append(text)
        self._count(event)

    def _key(self, event: Any, key: str) -> None:
        if key == "<<":
            self._problem(
                event,
                "XT011",
                Text("不支持 YAML 的合并写法 <<", "YAML merge keys (<<) are not supported"),
                Text("请把内容写出来", "write the contents out"),
            )
        if key in self.into:
            first = self.seen[key]
            self._problem(
                event,
                "XT003",
                Text(
                    f"“{_short(key)}”重复了，第 {first} 行已有",
                    f"“{_short(key)}” is here twice, first on line {first}",
                ),
                Text("请删掉一处，或改个名称", "remove one of them, or rename it"),
            )
        else:
            self.seen[key] = event.start_mark.line + 1
        self.key = key

    def _open(self, event: Any) -> None:
        if event.tag is not None:
            self._refuse_tag(event)
        if self.key is None and type(self.into) is dict:
            self._problem(
                event,
                "XT006",
                Text("冒号前只能是一段文字", "what stands before a colon must be plain text"),
                Text(
                    "文字以 { 或 [ 开头时，请加引号", "put a text that starts with { or [ in quotes"
                ),
            )
            raise _Stop
        if len(self.stack) >= DEPTH:
            self._problem(event, "XT007", *TOO_DEEP)
            raise _Stop
        inner: Any = {} if event.__class__ is yaml.MappingStartEvent else []
        if self.key is not None:
            self.into[self.key] = inner
        elif self.into is None:
            self.document.data = inner
        else:
            self.into.append(inner)
        self.stack.append((self.into, self.seen))
        self.into, self.key, self.seen = inner, None, {}
        self._count(event)

    def _close(self, _event: Any) -> None:
        self.into, self.seen = self.stack.pop()

    def _alias(self, event: Any) -> None:
        self._problem(
            event,
            "XT004",
            Text(
                f"不支持 YAML 别名 *{event.anchor}",
                f"YAML aliases (*{event.anchor}) are not supported",
            ),
            Text("请把内容写出来", "write the text out"),
        )
        self._text(event, f"*{event.anchor}")

    def _document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self._problem(
                event,
                "XT008",
                Text("一个文件里只能有一份内容", "a file holds one document"),
                Text("请删掉这行 --- 及其后的内容", "remove this --- and what follows"),
            )
            raise _Stop

    def _refuse_tag(self, event: Any) -> None:
        if event.tag != "!":
            self._problem(
                event,
                "XT005",
                Text(
                    f"不支持 YAML 标签 {_short(event.tag)}",
                    f"YAML tags ({_short(event.tag)}) are not supported",
                ),
                REMOVE,
            )

    def _count(self, event: Any) -> None:
        self.parts += 1
        if self.parts <= MOST_PARTS:
            return
        self._problem(
            event,
            "XT012",
            Text(f"内容超过 {MOST_PARTS:,} 项", f"more than {MOST_PARTS:,} entries"),
            Text("这不像是规则文件", "this is no rules file"),
        )
        raise _Stop

    def _problem(self, event: Any, kind: str, message: Text, hint: Text) -> None:
        self.document.problem(_place(event), kind, message, hint)
        if len(self.document.problems) >= MOST_PROBLEMS:
            raise _Stop


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


# ─── where things stand ──────────────────────────────────────────────────────────────────────────


class Spot:
    """Where the key and the value at one path stand, and those of its parts."""

    __slots__ = ("key", "parts", "text", "value")

    def __init__(self) -> None:
        self.key: Place | None = None
        self.value: Place | None = None
        self.text = False
        self.parts: dict[str | int, Spot] = {}


class Places:
    """The places of paths such as `("route", "settled", "choices", "yes")`: of some, or of all."""

    def __init__(self, text: str, paths: Iterable[Path] | None = None) -> None:
        self.root = Spot()
        for path in paths or ():
            spot = self.root
            for part in path:
                spot = spot.parts.setdefault(part, Spot())
        # what is broken in its midst has places up to there
        with suppress(yaml.MarkedYAMLError):
            _locate(text, self.root, every=paths is None)

    def value(self, path: Path) -> Place:
        """Return where the value at `path` stands, or the nearest thing around it."""
        return next((spot.value for spot in self._up(path) if spot.value), Place(1, 1))

    def key(self, path: Path) -> Place:
        """Return where the key at `path` stands, or the nearest thing around it."""
        spot = next(self._up(path))
        return spot.key or self.value(path)

    def telling(self, path: Path) -> Place:
        """Return the place that a person would point at: a text itself, the key of anything more.

        A path that ends in `KEY` means its key in any case.
        """
        if path and path[-1] == KEY:
            return self.key(path[:-1])
        return self.value(path) if next(self._up(path)).text else self.key(path)

    def _up(self, path: Path) -> Iterator[Spot]:
        """Yield the spot at `path` and all those around it, the innermost first."""
        spots = [self.root]
        for part in path:
            spots.append(spots[-1].parts.get(part, Spot()))
        return reversed(spots)


class _Frame:
    """A mapping or list whose end has not come yet: its spot, and which of its parts comes next.

    `number` counts the parts of a list and is -1 in a mapping, whose `key` is set once it is read.
    With `every`, a spot is made for each part.
    """

    __slots__ = ("every", "key", "number", "spot")

    def __init__(self, spot: Spot | None, number: int, *, every: bool) -> None:
        self.spot, self.number, self.every = spot, number, every
        self.key: str | None = None

    def next(self, event: Any) -> Spot | None:
        """Return the spot of the part that begins with `event`, unless it is a key."""
        part: str | int | None = self.key if self.number < 0 else self.number
        if part is None:
            self.key = getattr(event, "value", f"*{event.anchor}")
            if inner := self._part(self.key):
                inner.key = _place(event)
            return None
        self.key, self.number = None, self.number + (self.number >= 0)
        return self._part(part)

    def _part(self, part: str | int) -> Spot | None:
        if self.spot and self.every:
            return self.spot.parts.setdefault(part, Spot())
        return self.spot.parts.get(part) if self.spot else None


def _locate(text: str, root: Spot, *, every: bool) -> None:
    """Fill in the places under `root`; where a key is there twice, the last one's."""
    ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
    frames: list[_Frame] = []
    for event in yaml.parse(text, Loader=_Loader):
        kind = event.__class__
        if kind in ends:
            frames.pop()
        elif issubclass(kind, yaml.NodeEvent):
            spot = frames[-1].next(event) if frames else root
            if spot:
                spot.value, spot.text = _place(event), kind is yaml.ScalarEvent
            if issubclass(kind, yaml.CollectionStartEvent):
                first = 0 if kind is yaml.SequenceStartEvent else -1
                frames.append(_Frame(spot, first, every=every))
