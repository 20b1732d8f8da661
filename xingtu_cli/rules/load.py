"""A rules file → a Tree, or all of its problems, each with its line and column."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path as FilePath
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from xingtu_cli import files
from xingtu_cli.errors import InvalidRules, Problem
from xingtu_cli.rules import source
from xingtu_cli.rules.check import check
from xingtu_cli.rules.fault import Known
from xingtu_cli.rules.model import ID_KEY, Tree
from xingtu_cli.rules.source import Document, Path
from xingtu_cli.text import NOTHING, Text

SHIPPED = "rules.yaml"
MOST_BYTES = 64 * 1024 * 1024  # about 200,000 questions; a rules file has a few dozen


def load(path: FilePath | None = None) -> Tree:
    """Read the rules file at `path`, or the shipped one.

    Raises `CannotRead` when there is no such text file and `InvalidRules` with every problem found.
    """
    path = path or shipped_path()
    return loads(_decode(files.read(path, MOST_BYTES), str(path)), str(path))


def loads(text: str, file: str = "<rules>") -> Tree:
    """Read rules from `text`; `file` is the name under which problems are reported."""
    document = source.read(text, file)
    problems = list(document.problems)
    if document.data or not problems:
        try:
            tree = Tree.model_validate(document.data)
            problems += check(tree, document)
        except ValidationError as error:
            faults = error.errors(include_url=False)
            problems += [_schema_problem(document, fault) for fault in faults]
    if problems:
        raise InvalidRules(_sorted(problems))
    return tree


def shipped_path() -> FilePath:
    """Return the rules file that came with the program.

    A wheel carries it inside the package. A checkout has it at the root, so there an edit takes
    effect at once.
    """
    package = FilePath(str(resources.files("xingtu_cli")))
    inside = package / SHIPPED
    return inside if inside.is_file() else package.parent / SHIPPED


def _decode(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = Text("文件不是 UTF-8 编码", "the file is not encoded as UTF-8")
        hint = Text("请用编辑器另存为 UTF-8", "save it as UTF-8 in your editor")
        raise InvalidRules([Problem(file, line, column, message, "XT010", hint)]) from None


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda p: (p.line, p.column, p.message.en))


# ─── pydantic's errors in the words of the file ──────────────────────────────────────────────────


def _schema_problem(document: Document, error: ErrorDetails) -> Problem:
    path = _path(error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("extra_forbidden", "unexpected_keyword_argument"):
        place, told = document.key_place(path), _unknown_key(error["loc"], error["input"])
    elif kind == "missing":
        # a mapping stands where its first key does; its own key is the better place to point at
        place, told = document.key_place(path[:-1]), _missing_key(path)
    else:
        place, told = document.place(path), _wrong_value(kind, context, error["input"])
    number, message, hint = told
    return Problem(document.file, place.line, place.column, message, number, hint)


def _path(location: tuple[str | int, ...]) -> Path:
    """Drop what pydantic adds to a path: the tags of the two kinds of route node, and key marks."""
    path = [part for part in location if part != "[key]"]
    if path[:1] == ["route"] and len(path) > 2:
        del path[2]
    return tuple(path)


Told = tuple[str, Text, Text]  # the kind's id, what is wrong, and how to mend it


def _unknown_key(path: tuple[str | int, ...], value: object) -> Told:
    key = str(path[-1])
    if value == "" and " " in key:
        return (
            "XT113",
            Text(f"“{key}”像是被英文逗号切断的文字", f"“{key}” looks like text cut at a comma"),
            Text("请给整段文字加引号", "put the whole text in quotes"),
        )
    hint = Known("", _known_keys(path[:-1]), "", "").nearest(key)
    return "XT101", Text(f"不认识“{key}”", f"unknown key “{key}”"), hint


def _missing_key(path: Path) -> Told:
    key = path[-1]
    if key in ("zh", "en"):
        return (
            "XT103",
            Text(
                f"缺少{'中文' if key == 'zh' else '英文'}",
                f"the {'Chinese' if key == 'zh' else 'English'} text is missing",
            ),
            Text(f"请补上 {key}: …", f"add {key}: …"),
        )
    return "XT102", Text(f"缺少“{key}”", f"“{key}” is missing"), _add(key)


def _add(key: str | int) -> Text:
    return Text(f"请加一行 {key}: …", f"add a line {key}: …")


def _wrong_value(kind: str, context: Mapping[str, Any], value: object) -> Told:
    shown = value if isinstance(value, str) else "…"
    match kind:
        case "string_too_short":
            return (
                "XT104",
                Text("这里不能为空", "this must not be empty"),
                Text("请写上内容，或删掉这一行", "write something, or remove the line"),
            )
        case "string_type":
            return (
                "XT105",
                Text("这里应是一段文字", "this must be a text"),
                Text(
                    "文字里有冒号、括号的，请加引号", "put a text with colons or brackets in quotes"
                ),
            )
        case "dataclass_type" | "dataclass_exact_type":
            return (
                "XT106",
                Text("这里要写中英两种文字", "this needs both languages"),
                Text("写法：{zh: 中文, en: English}", "write it like {zh: 中文, en: English}"),
            )
        case "literal_error":
            allowed = str(context["expected"]).replace("'", "").replace(" or ", ", ").split(", ")
            hint = Known("", allowed, "", "").nearest(shown)
            return "XT107", Text(f"不能写“{shown}”", f"this cannot be “{shown}”"), hint
        case "bool_type":
            return (
                "XT108",
                Text(f"不能写“{shown}”", f"this cannot be “{shown}”"),
                Text("请写 true（是）或 false（否）", "write true or false"),
            )
        case "tuple_type":
            return (
                "XT109",
                Text("这里应是一个列表", "this must be a list"),
                Text("写法：[第一项, 第二项]", "write it like [one, two]"),
            )
        case "mapping_type" | "dict_type" | "model_type" | "model_attributes_type":
            return (
                "XT110",
                Text("这里应是一组“名称: 内容”", "this must be a mapping of names to contents"),
                Text(
                    "一行一项，冒号后空一格，比上一行多缩进两格",
                    "one a line, a space after the colon, indented by two more than the line above",
                ),
            )
        case _ if kind.startswith("date_"):
            return (
                "XT111",
                Text(f"“{shown}”不是日期", f"“{shown}” is not a date"),
                Text("写法如 2021-07-30", "write it like 2021-07-30"),
            )
        case _ if kind.startswith("int_") or kind == "greater_than_equal":
            return (
                "XT112",
                Text(f"应是正整数，不是“{shown}”", f"this must be a whole number, not “{shown}”"),
                Text("写法如 1", "write it like 1"),
            )
        case _:
            return (
                "XT114",
                Text(f"“{shown}”不能用在这里", f"“{shown}” does not fit here"),
                NOTHING,
            )


@cache
def _shape() -> Mapping[str, Any]:
    return Tree.model_json_schema(mode="validation")


def _known_keys(location: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the schema knows for the mapping at one of pydantic's locations."""
    known: dict[str, None] = {}
    for shape in _shapes_at(_shape(), location):
        known.update(dict.fromkeys(k for k in shape.get("properties", {}) if k != ID_KEY))
    return list(known)


def _shapes_at(shape: Mapping[str, Any], at: tuple[str | int, ...]) -> Iterator[Mapping[str, Any]]:
    variants = list(_variants(shape))
    tagged = [each for each in variants if at and each.get("title", "").lower() == at[0]]
    if len(variants) > 1 and tagged:
        variants, at = tagged, at[1:]
    for variant in variants:
        if not at:
            yield variant
        elif isinstance(at[0], int):
            yield from _shapes_at(variant.get("items", {}), at[1:])
        else:
            further = variant.get("additionalProperties", {})
            inner = variant.get("properties", {}).get(at[0], further)
            if isinstance(inner, dict):
                yield from _shapes_at(inner, at[1:])


def _variants(shape: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "$ref" in shape:
        yield from _variants(_shape()["$defs"][shape["$ref"].rsplit("/", 1)[1]])
    elif choices := shape.get("anyOf") or shape.get("oneOf"):
        for choice in choices:
            yield from _variants(choice)
    else:
        yield shape
