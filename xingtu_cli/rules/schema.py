"""Plain data → a Tree, or what does not fit the schema, in the words of the file.

Where something does not fit, it is mended for the sake of the further checks: a fault in one place
must not hide those in others. What cannot be mended leaves a gap, and whatever rests on a gap is
not told.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from pydantic_core import ErrorDetails, ValidationError

from xingtu_cli.rules import shape
from xingtu_cli.rules.fault import Fault, Known
from xingtu_cli.rules.model import ID_KEY, Tree
from xingtu_cli.rules.source import KEY, MOST_PROBLEMS, Data, Path
from xingtu_cli.text import NOTHING, Text, closest

UNKNOWN = "extra_forbidden"  # a key that the model does not have
KEY_MARK = "[key]"  # at the end of a location: the key, not its value
Location = tuple[str | int, ...]  # pydantic's path, with the tag of a route node in it

# what may stand in for a part that does not fit: enough to look at the rest of the file
_WORDS = {"zh": "?", "en": "?"}
_REQUIRED: Mapping[str, Mapping[str, Any]] = {
    "sources": {"title": "?", "kind": "copy", "date": "2000-01-01"},
    "outcomes": {"title": _WORDS, "summary": _WORDS, "steps": []},
    "steps": {"title": _WORDS, "text": _WORDS},
    "emails": {"to": ["nobody@example.com"], "subject": "?", "body": "?"},
    "details": {"label": _WORDS, "help": _WORDS},
}
_QUESTION = {"label": _WORDS, "ask": _WORDS, "help": _WORDS}
_TOP: Mapping[str, Any] = {
    "id": "?", "version": "?", "as_of": "?", "start": "?", "title": _WORDS, "route": {},
    "outcomes": {},
}  # fmt: skip

_WORDING = (("label",), ("also",))  # what a choice has that decides about nothing

# the fields that decide about more than themselves; a fault in one leaves a gap
_DECIDING = ("type", "choices", "then", "compute", "of", "steps", "email")

# the faults that are told only where all names, or all contents, of some sections are known
_REST_ON_NAMES = {
    "XT205": ("route", "outcomes"), "XT206": ("steps",), "XT207": ("emails",),
    "XT208": ("sources",), "XT211": ("labels",), "XT405": ("details",),
}  # fmt: skip
_REST_ON_CONTENTS = {
    **dict.fromkeys(("XT209", "XT210"), ("outcomes",)),
    **dict.fromkeys(("XT314", "XT401", "XT405", "XT502"), ("route", "start")),
    **dict.fromkeys(("XT403", "XT404", "XT406"), ("route", "start", "outcomes")),
}


class Fitted(NamedTuple):
    """A tree, what did not fit the schema, and the gaps that this leaves in the tree.

    There is no tree where nothing can be made of the data. A gap is a path such as `("steps",)` or
    `("route", "settled")`.
    """

    tree: Tree | None
    faults: Sequence[Fault] = ()
    gaps: frozenset[Path] = frozenset()

    def sound(self, faults: Iterable[Fault]) -> Iterator[Fault]:
        """Yield those of the tree's `faults` that do not come from a gap."""
        if not self.gaps:
            yield from faults
            return
        contents = {gap[0] for gap in self.gaps}
        names = {gap[0] for gap in self.gaps if len(gap) == 1}
        hollow = {gap[-1] for gap in self.gaps}
        for fault in faults:
            if not (
                fault.path[:2] in self.gaps
                or fault.name in hollow
                or contents.intersection(_REST_ON_CONTENTS.get(fault.id, ()))
                or names.intersection(_REST_ON_NAMES.get(fault.id, ()))
            ):
                yield fault


def fit(data: Data) -> Fitted:
    """Make a tree of `data`, as far as that can be done."""
    try:
        return Fitted(_tree(data))
    except ValidationError as error:
        many = error.error_count() > MOST_PROBLEMS
        errors = _some_errors(data) if many else error.errors(include_url=False)
    errors = [each for each in errors if _is_worth_telling(each)]
    faults = [_fault(each) for each in errors[:MOST_PROBLEMS]]
    if many or not isinstance(data, dict):
        return Fitted(None, faults)
    mended: dict[str, Any] = _copied(data)
    gaps = frozenset(gap for each in errors for gap in _mend(mended, each))
    try:
        return Fitted(_tree(mended), faults, gaps)
    except ValidationError:
        return Fitted(None, faults)


def _is_worth_telling(error: ErrorDetails) -> bool:
    """Tell whether an error does not only say again what another says.

    That an empty name is amiss is said of the key too; that a list has no items, where it has but
    wrong ones, is said of those.
    """
    if error["type"] == "too_short":
        return not error["input"]
    return error["loc"][-1:] != (ID_KEY,)


def _tree(data: Data) -> Tree:
    tree: Tree = shape.validator().validate_python(data)
    return tree


def _some_errors(data: Data) -> list[ErrorDetails]:
    """Return the errors of the beginning of each part; to list a million would take gigabytes."""
    try:
        _tree(_beginning(data))
    except ValidationError as error:
        errors = error.errors(include_url=False)
        return [each for each in errors if each["type"] != "missing" or _lacks(data, each["loc"])]
    return []


def _beginning(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _beginning(value) for key, value in islice(data.items(), MOST_PROBLEMS)}
    return [_beginning(each) for each in data[:MOST_PROBLEMS]] if isinstance(data, list) else data


def _lacks(data: Any, location: Location) -> bool:
    for part in _path(location)[:-1]:
        data = data[part]
    return location[-1] not in data


# ─── mending ─────────────────────────────────────────────────────────────────────────────────────


def _copied(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _copied(value) for key, value in data.items()}
    return [_copied(value) for value in data] if isinstance(data, list) else data


def _mend(data: dict[str, Any], error: ErrorDetails) -> Iterator[Path]:
    """Take out of `data` what does not fit, and yield the gap that this leaves, if any."""
    path = _path(error["loc"])
    if error["type"] == UNKNOWN:
        _without(data, path)
        path = (*path[:-1], _closest(error["loc"]))
    if error["loc"][-1] == KEY_MARK:  # an empty name
        _without(data, path)
        path = path[:-1]
        if len(path) == 1:
            yield path
            return
    section, *rest = (str(part) for part in path)
    if not rest:
        yield from _mend_top(data, section, error)
    elif section in ("title", "about", "labels"):
        data[section] = {**data[section], rest[0]: "?"}
    else:
        yield from _mend_item(data[section], section, *rest)


def _mend_top(data: dict[str, Any], section: str, error: ErrorDetails) -> Iterator[Path]:
    if error["type"] == UNKNOWN and section in data:
        return
    if section in _TOP:
        data[section] = _TOP[section]
    else:
        data.pop(section, None)
    yield (section,)


def _mend_item(
    items: dict[str, Any], section: str, name: str, field: str = "", *rest: str
) -> Iterator[Path]:
    item = items.get(name)
    if not isinstance(item, dict):
        item = {}
    required = _QUESTION if section == "route" else _REQUIRED[section]
    if section == "route" and field == "says":
        required = {"says": _WORDS}
    choices = item.get("choices") if field == "choices" and rest[1:2] in _WORDING else None
    if isinstance(choices, dict) and isinstance(choices.get(rest[0]), dict):
        choices[rest[0]].update(label={"zh": rest[0], "en": rest[0]}, also=[])
    elif field in required and section in ("route", "outcomes", "steps") and field != "steps":
        item[field] = required[field]
    elif field and field not in _DECIDING and section in ("route", "outcomes", "steps"):
        item.pop(field, None)
    else:
        items[name] = dict(required)
        if section in ("route", "outcomes"):
            yield (section, name)


def _without(data: Any, path: Path) -> None:
    for part in path[:-1]:
        try:
            data = data[part]
        except (LookupError, TypeError):
            return  # taken out already
    if isinstance(data, dict):
        data.pop(path[-1], None)


# ─── pydantic's errors in the words of the file ──────────────────────────────────────────────────


def _fault(error: ErrorDetails) -> Fault:
    path = _path(error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    if kind == UNKNOWN:
        path, told = (*path, KEY), _unknown_key(error["loc"], error["input"])
    elif kind == "missing":
        # a mapping stands where its first key does; its own key is the better place to point at
        path, told = (*path[:-1], KEY), _missing_key(path)
    else:
        known = shape.keys_at(error["loc"]) if kind == "dict_type" else []
        if error["loc"][-1:] == (KEY_MARK,):
            path = (*path, KEY)
        told = _wrong_value("no_text" if known == ["zh", "en"] else kind, context, error["input"])
    number, message, hint = told
    return Fault(number, path, message, hint)


def _path(location: Location) -> Path:
    """Drop what pydantic adds to a path: the tags of the two kinds of route node, and key marks."""
    path = [part for part in location if part != KEY_MARK]
    if path[:1] == ["route"] and len(path) > 2:
        del path[2]
    return tuple(path)


Told = tuple[str, Text, Text]  # the kind's id, what is wrong, and how to mend it


def _unknown_key(path: Location, value: object) -> Told:
    key = str(path[-1])
    known = shape.keys_at(path[:-1])
    in_text = "zh" in known and not closest(key, known)
    name, colon, _ = key.replace("：", ":").partition(":")
    if value == "" and colon and name in known:
        return (
            "XT101",
            Text(f"“{name}”后面的冒号不对", f"the colon after “{name}” is amiss"),
            Text("请写成半角冒号加一个空格“: ”", "write “: ” (half-width, then a space)"),
        )
    if value == "" and (" " in key or in_text):
        return (
            "XT113",
            Text(f"“{key}”像是被英文逗号切断的文字", f"“{key}” looks like text cut at a comma"),
            Text("请给整段文字加英文双引号", "put the whole text in double quotes"),
        )
    hint = Known("", known, "", "").nearest(key)
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
        case "no_text":
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
                Text(
                    "写法：[第一项, 第二项]，或者每项一行，以“- ”开头",
                    "write it like [one, two], or one a line with “- ” before each",
                ),
            )
        case "dict_type":
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


def _closest(location: Location) -> str:
    """Return the key that an unknown key may be a slip for, or that key itself."""
    return closest(str(location[-1]), shape.keys_at(location[:-1])) or str(location[-1])
