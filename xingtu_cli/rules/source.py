"""YAML text → plain data whose every part knows its line and column.

Only what a rules file needs is let through: mappings, lists and text. Scalars stay text (`yes`,
`000001` and `2021-07-30` are what they look like), nothing is constructed from a tag, and aliases
are refused, so no alias bomb can grow. The work is done over parser events in a loop; depth costs
no stack.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from xingtu_cli.errors import Problem
from xingtu_cli.text import Text

DEPTH = 32  # the deepest a rules file nests is 7

Path = tuple[str | int, ...]
KEY = -1  # at the end of a path: the key, not its value
REMOVE = Text("请删掉", "remove it")
Data = str | list[Any] | dict[str, Any]

# what YAML 1.1 does not let stand in a text as it is
_CONTROL = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

# libyaml where PyYAML was built with it (the wheels are), the same grammar in Python elsewhere
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Place:
    """A 1-based line and column."""

    line: int
    column: int


@dataclass
class Document:
    """The data of one file, where each part of it stands, and what was wrong with it.

    `values` and `keys` give the place of the value and of the key at a path such as
    `("route", "settled", "choices", "yes")`; `texts` are the paths of plain texts.
    """

    file: str
    data: Data = ""
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)
    texts: set[Path] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, kind: str, message: Text, hint: Text) -> None:
        """Note a problem of a kind (its id) at a place."""
        self.problems.append(Problem(self.file, place.line, place.column, message, kind, hint))

    def place(self, path: Path) -> Place:
        """Return where the value at `path` stands, or the nearest thing around it."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.values:
                return self.values[path[:end]]
        return Place(1, 1)

    def telling_place(self, path: Path) -> Place:
        """Return the place that a person would point at: a text itself, the key of anything more.

        A path that ends in `KEY` means its key in any case.
        """
        if path and path[-1] == KEY:
            return self.key_place(path[:-1])
        return self.place(path) if path in self.texts else self.key_place(path)

    def key_place(self, path: Path) -> Place:
        """Return where the key at `path` stands, or the nearest thing around it."""
        return self.keys.get(path) or self.place(path)


def read(text: str, file: str) -> Document:
    """Read YAML `text` of the file called `file`; the problems found are in the document."""
    document = Document(file)
    controls = list(_CONTROL.finditer(text))
    for match in controls:
        code = f"U+{ord(match[0]):04X}"
        document.problem(
            _place_of(text, match.start()),
            "XT009",
            Text(f"有不允许的控制字符（{code}）", f"a control character ({code}) is not allowed"),
            REMOVE,
        )
    if controls:
        return document
    try:
        _Reader(document).read(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)
        document.data = ""
        document.problem(place, *_yaml_fault(error, text.split("\n")[place.line - 1 :][:1]))
    return document


def _yaml_fault(error: yaml.MarkedYAMLError, line: list[str]) -> tuple[str, Text, Text]:
    if line and line[0][: len(line[0]) - len(line[0].lstrip())].count("\t"):
        return (
            "XT002",
            Text("这里用 Tab 缩进了", "this is indented with a tab"),
            Text("请改用空格", "use spaces instead"),
        )
    what = " ".join(filter(None, (error.context, error.problem)))
    return (
        "XT001",
        Text(f"不是有效的 YAML（{what}）", f"this is not valid YAML ({what})"),
        Text(
            "请检查这里和上一行的引号、括号、冒号和缩进",
            "look for a quote, bracket, colon or indent amiss here or a line above",
        ),
    )


def _place_of(text: str, position: int) -> Place:
    before = text[:position]
    return Place(before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)


class _Stop(Exception):
    """Reading on would be of no use."""


@dataclass
class _Open:
    """A mapping or list whose end has not come yet."""

    path: Path
    into: Any
    key: str | None = None


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[_Open] = []
        self.documents = 0

    def read(self, events: Iterator[Any]) -> None:
        try:
            for event in events:
                self._take(event)
        except _Stop:
            self.document.data = ""

    def _take(self, event: Any) -> None:
        match event:
            case yaml.ScalarEvent():
                self._refuse_tag(event)
                self._scalar(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_tag(event)
                self._open(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()
            case yaml.AliasEvent():
                self._problem(
                    event,
                    "XT004",
                    Text(
                        f"不支持 YAML 别名 *{event.anchor}",
                        f"YAML aliases (*{event.anchor}) are not supported",
                    ),
                    Text("请把内容写出来", "write the text out"),
                )
                self._scalar(event, "")
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._problem(
                        event,
                        "XT008",
                        Text("一个文件里只能有一份内容", "a file holds one document"),
                        Text("请删掉这行 --- 及其后的内容", "remove this --- and what follows"),
                    )
                    raise _Stop

    def _scalar(self, event: Any, value: str | None = None) -> None:
        value = event.value if value is None else value
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.into, dict) and top.key is None:
            self._key(event, top, value)
        else:
            self._put(event, value)

    def _key(self, event: Any, top: _Open, key: str) -> None:
        path = (*top.path, key)
        if path in self.document.keys:
            first = self.document.keys[path]
            self._problem(
                event,
                "XT003",
                Text(
                    f"“{key}”重复了，第 {first.line} 行已有",
                    f"“{key}” is here twice, first on line {first.line}",
                ),
                Text("请删掉一处，或改个名称", "remove one of them, or rename it"),
            )
        top.key = key
        self.document.keys[path] = _place(event)

    def _put(self, event: Any, value: Any) -> Path:
        if not self.stack:
            self.document.data = value
            self.document.values[()] = _place(event)
            return ()
        top = self.stack[-1]
        part: str | int = len(top.into) if isinstance(top.into, list) else str(top.key)
        path = (*top.path, part)
        if isinstance(top.into, list):
            top.into.append(value)
        else:
            top.into[part] = value
            top.key = None
        self.document.values[path] = _place(event)
        if isinstance(value, str):
            self.document.texts.add(path)
        return path

    def _open(self, event: Any, value: Any) -> None:
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.into, dict) and top.key is None:
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
            self._problem(
                event,
                "XT007",
                Text(f"嵌套超过 {DEPTH} 层", f"nested more than {DEPTH} deep"),
                Text("请检查缩进，用不到这么多层", "look at the indents; nothing here needs that"),
            )
            raise _Stop
        self.stack.append(_Open(self._put(event, value), value))

    def _refuse_tag(self, event: Any) -> None:
        if event.tag not in (None, "!"):
            self._problem(
                event,
                "XT005",
                Text(f"不支持 YAML 标签 {event.tag}", f"YAML tags ({event.tag}) are not supported"),
                REMOVE,
            )

    def _problem(self, event: Any, kind: str, message: Text, hint: Text) -> None:
        self.document.problem(_place(event), kind, message, hint)


def _place(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)
