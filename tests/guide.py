"""The author's guide: the file it builds, step by step, and the tables it takes from the program.

`python -m tests.guide` writes the tables into docs/rules.md and docs/rules.en.md anew, and what the
steps build into examples/opening-conditions.yaml.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from xingtu_cli.facts import FUNCTIONS, Function
from xingtu_cli.rules.views.keys import KEYS, OBJECTS
from xingtu_cli.rules.views.schema import as_data
from xingtu_cli.text import Lang, Text

GUIDES: Mapping[Lang, Path] = {
    "zh": ROOT / "docs" / "rules.md",
    "en": ROOT / "docs" / "rules.en.md",
}
EXAMPLE = ROOT / "examples" / "opening-conditions.yaml"

_BLOCK = re.compile(
    r"<!-- (step|practice): (new|change|add to (\w+)|add at the end) -->\n"
    r"```(?:yaml|diff)\n(.*?)\n```\n(<!-- check -->)?",
    re.DOTALL,
)


@dataclass(frozen=True)
class Stage:
    """The file as it stands where the reader is told to check it."""

    text: str
    practice: bool


def stages(guide: str) -> Iterator[Stage]:
    """Do what a guide says, and yield the file at each point at which it is to be checked."""
    text = ""
    for kind, way, section, body, check in _BLOCK.findall(guide):
        if way == "new":
            text = body + "\n"
        elif way == "change":
            text = _changed(text, body)
        elif section:
            text = _added(text, section, body)
        else:
            text = f"{text.rstrip()}\n\n{body}\n"
        if check:
            yield Stage(text, practice=kind == "practice")


def _changed(text: str, diff: str) -> str:
    lines = diff.split("\n")
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
    new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
    assert text.count(old) == 1, f"a reader would not know where to put this:\n{diff}"
    return text.replace(old, new)


def _added(text: str, section: str, body: str) -> str:
    before, start, rest = text.partition(f"\n{section}:\n")
    assert start, f"there is no section {section} yet"
    end = re.search(r"^\w", rest, re.MULTILINE)
    inside, after = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    return f"{before}{start}{inside.rstrip()}\n\n{body}\n" + (f"\n{after}" if after else "")


# ─── the tables ──────────────────────────────────────────────────────────────────────────────────

_HEADS: Mapping[str, Text] = {
    "Tree": Text("文件最外层", "The file itself"),
    "Source": Text("`sources`：资料", "`sources`"),
    "Question": Text("`route`：问题", "`route`: a question"),
    "Choice": Text("问题的 `choices`：选项", "a question's `choices`"),
    "Decision": Text("`route`：判断", "`route`: a decision"),
    "Outcome": Text("`outcomes`：结论", "`outcomes`"),
    "Step": Text("`steps`：步骤", "`steps`"),
    "StepNote": Text("`notes` 和 `warnings`：备注和提醒", "`notes` and `warnings`"),
    "Email": Text("`emails`：邮件", "`emails`"),
    "Attachment": Text("邮件的 `attachments`：附件", "an e-mail's `attachments`"),
    "Detail": Text("`details`：补充信息", "`details`"),
}
_KEY, _MEANS = Text("名称", "key"), Text("含义", "meaning")
_WHAT = Text("是什么", "what it is")
_ARGUMENT, _RESULT, _VALUE = Text("参数", "argument"), Text("结果", "result"), Text("值", "value")
_KINDS = {
    "date": Text("日期", "date"),
    "amount": Text("金额", "amount"),
    "count": Text("整数", "whole number"),
    "flag": Text("是不是", "whether"),
}


def with_tables(guide: str, lang: Lang) -> str:
    """Return a guide with its tables as the program has them."""
    for name, table in (("functions", _functions(lang)), ("keys", _keys(lang))):
        before, start, rest = guide.partition(f"<!-- {name} -->\n")
        _, end, after = rest.partition(f"<!-- /{name} -->")
        guide = f"{before}{start}\n{table}\n{end}{after}"
    return guide


def _functions(lang: Lang) -> str:
    return "\n".join(
        f"**`{name}`** {function.about.in_(lang)}\n\n{_function(function, lang)}"
        for name, function in FUNCTIONS.items()
    )


def _function(function: Function, lang: Lang) -> str:
    rows: list[tuple[Text, str, str]] = [
        *((_ARGUMENT, each, kind) for each, kind in function.takes.items()),
        *((_RESULT, each, "") for each in function.results),
        *((_VALUE, each, kind) for each, kind in function.values.items()),
    ]
    return _table(
        (_WHAT, _KEY, _MEANS),
        [
            (what.in_(lang) + _kind(kind, lang), f"`{each}`", function.words[each].in_(lang))
            for what, each, kind in rows
        ],
        lang,
    )


def _kind(kind: str, lang: Lang) -> str:
    if not kind:
        return ""
    name = _KINDS[kind].in_(lang)
    return f"（{name}）" if lang == "zh" else f" ({name})"


def _keys(lang: Lang) -> str:
    data = as_data()
    shapes: Mapping[str, Any] = {"Tree": data, **data["$defs"]}
    parts = []
    for name, head in _HEADS.items():
        required = shapes[name]["required"]
        rows = [
            (f"**`{key}`**" if key in required else f"`{key}`", words.in_(lang))
            for key, words in KEYS[name].items()
        ]
        parts.append(
            f"### {head.in_(lang)}\n\n{OBJECTS[name].in_(lang)}\n\n"
            + _table((_KEY, _MEANS), rows, lang)
        )
    return "\n".join(parts)


def _table(head: tuple[Text, ...], rows: Sequence[tuple[str, ...]], lang: Lang) -> str:
    lines = [tuple(text.in_(lang) for text in head), ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


if __name__ == "__main__":
    for lang, path in GUIDES.items():
        path.write_text(with_tables(path.read_text("utf-8"), lang), "utf-8")
    built = [each for each in stages(GUIDES["zh"].read_text("utf-8")) if not each.practice]
    EXAMPLE.write_text(built[-1].text, "utf-8")
