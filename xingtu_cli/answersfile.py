"""A file of answers → answers: YAML or JSON, each problem with its line and column.

The file maps questions and details to values. Values stay the text they are, so an account or
tracking number keeps its zeros and an amount its cents.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from xingtu_cli import answers, files
from xingtu_cli.answers import Answer, Answers, Details
from xingtu_cli.errors import InvalidAnswer, Problem
from xingtu_cli.rules import source
from xingtu_cli.rules.fault import Known
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.source import Document, Path, Place
from xingtu_cli.text import NOTHING, Text, is_deeper, join, same

MOST_BYTES = 1024 * 1024
A_MAPPING = Text("这里应是一组“名称: 内容”", "this must be a mapping of names to contents")
A_VALUE = Text("这里应是一个值，或一列值", "this must be a value, or a list of values")

# what JSON writes and YAML would not read alike: strings (for their escapes), null and tabs
_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|null|\t')
_ESCAPE = re.compile(r"\\(?:u([dD][89abAB]\w{2})\\u([dD][c-fC-F]\w{2})|(.))")


@dataclass(frozen=True)
class Told:
    """What a file says of one question or detail: the values as written, and where they stand.

    `at` is the place of its name.
    """

    values: tuple[str, ...]
    place: Place = field(default=Place(1, 1), compare=False)
    at: Place = field(default=Place(1, 1), compare=False)


Said = Mapping[str, Told]


@dataclass(frozen=True)
class Fitted:
    """The answers and details of a file that fit the rules, and the problems of the rest."""

    answers: Answers
    details: Details
    problems: tuple[Problem, ...]


def parse(data: bytes, name: str) -> Document:
    """Read the YAML or JSON of the file called `name`; what is wrong with it is in the document.

    It may be in UTF-8 or, as older Windows programs save it, in GBK.
    """
    document = source.read(text_of(data, name), name)
    if not document.problems and not isinstance(document.data, dict) and document.data != "":
        document.problem(Place(1, 1), "", A_MAPPING, NOTHING)
    return document


def text_of(data: bytes, name: str) -> str:
    """Return the text that `parse` reads; raise `CannotRead` for bytes that are no text."""
    return _as_yaml(files.decoded(data, name))


def told(document: Document, path: Path = ()) -> Said:
    """Return what the document says in the mapping at `path`; other things are its problems."""
    data: object = document.data
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    if not isinstance(data, dict):
        if data:
            document.problem(document.place(path), "", A_MAPPING, NOTHING)
        return {}
    found: dict[str, Told] = {}
    for key, value in data.items():
        values = value if isinstance(value, list) else [value]
        place = document.place((*path, key))
        if all(isinstance(each, str) for each in values):
            found[key] = Told(tuple(values), place, document.key_place((*path, key)))
        else:
            document.problem(place, "", A_VALUE, NOTHING)
    return found


def parted(tree: Tree, said: Said) -> tuple[Said, Said]:
    """Part what a plain file says into answers and details; what is neither is with the answers."""
    details = {name: each for name, each in said.items() if name in tree.details}
    return {name: each for name, each in said.items() if name not in details}, details


def fit(tree: Tree, answered: Said, detailed: Said, file: str, today: date) -> Fitted:
    """Fit the answers and details that a file gives to the rules.

    An empty value counts as not given.
    """
    fitted = _Fitting(tree, file, today)
    for name, each in answered.items():
        if name in tree.questions:
            fitted.answer(name, each)
        else:
            fitted.unknown(name, each)
    for name, each in detailed.items():
        if name in tree.details:
            fitted.detail(name, each)
        else:
            fitted.unknown(name, each)
    return fitted.result()


class _Fitting:
    def __init__(self, tree: Tree, file: str, today: date) -> None:
        self.tree, self.file, self.today = tree, file, today
        self.answers: dict[str, Answer] = {}
        self.details: dict[str, tuple[str, ...]] = {}
        self.problems: list[Problem] = []

    def answer(self, name: str, said: Told) -> None:
        if not any(value.strip() for value in said.values):
            return
        try:
            question = self.tree.questions[name]
            self.answers[name] = answers.parse(question, said.values, self.today)
        except InvalidAnswer as error:
            self._problem(said.place, _refusal(name, error))

    def detail(self, name: str, said: Told) -> None:
        try:
            if values := answers.parse_detail(self.tree.details[name], said.values):
                self.details[name] = values
        except InvalidAnswer as error:
            self._problem(said.place, error.message)

    def unknown(self, name: str, said: Told) -> None:
        names = {**self.tree.questions, **self.tree.details}
        for fault in Known("", names, "问题或补充信息", "question or detail").unknown((), name):
            self._problem(said.at, fault.message, fault.hint)

    def _problem(self, place: Place, message: Text, hint: Text = NOTHING) -> None:
        problem = Problem(self.file, place.line, place.column, message, "", hint)
        self.problems.append(problem)

    def result(self) -> Fitted:
        return Fitted(self.answers, self.details, tuple(self.problems))


def _refusal(name: str, error: InvalidAnswer) -> Text:
    return Text(
        "{name} 不能是“{value}”：{why}（可填：{allowed}）",
        "{name} cannot be “{value}”: {why} (it takes: {allowed})",
    ).format(
        name=name,
        value=answers.quoted(error.value),
        why=error.why,
        allowed=join([same(value) for value in error.allowed]),
    )


# ─── JSON ────────────────────────────────────────────────────────────────────────────────────────


def _as_yaml(text: str) -> str:
    r"""Return JSON in a form that YAML reads alike, place for place; anything else as it is.

    YAML has most of JSON in it, but neither its surrogate pairs and `\/` nor tabs between things,
    and takes `null` for a text here.
    """
    if not text.lstrip().startswith("{") or is_deeper(text, source.DEPTH):
        return text
    try:
        json.loads(text)
    except ValueError:
        return text  # YAML, or neither; the reader tells
    return _JSON.sub(_token_as_yaml, text)


def _token_as_yaml(match: re.Match[str]) -> str:
    word = match[0]
    if word == "null":
        return '""  '
    return " " if word == "\t" else _ESCAPE.sub(_escape_as_yaml, word)


def _escape_as_yaml(match: re.Match[str]) -> str:
    if match[1]:
        pair = bytes.fromhex(match[1] + match[2]).decode("utf-16-be")
        return f"\\U{ord(pair):08x}"
    return "/" if match[3] == "/" else match[0]
