"""Names: their form, and names that would clash."""

import re
from collections.abc import Iterator, Mapping

from xingtu_cli.facts import FUNCTIONS
from xingtu_cli.rules.fault import Fault
from xingtu_cli.rules.model import TODAY, Decision, Tree, column_key
from xingtu_cli.rules.source import Path
from xingtu_cli.text import Text

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
FORM = Text(
    "只用小写英文字母、数字和连字符，以字母开头，如 new-amount",
    "use lower-case letters, digits and hyphens and start with a letter, like new-amount",
)
RENAME = Text("请换个名称", "give it another name")

# the flags that the program has already
FLAGS = frozenset(
    {
        *("answers", "attach", "color", "debug", "eml", "eml-dir", "force", "format", "help"),
        *("ics", "input-format", "lang", "limit", "on", "output", "template", "undo"),
        *("install-completion", "no-input", "quiet", "rules", "save", "show-completion", "strict"),
        *("today", "version"),
        *("bank", "name", "number", "statement"),
        *("on-statement-bank", "on-statement-name", "on-statement-number"),
    }
)

# the columns that a table gets with its results
RESULTS = (
    *("outcome", "title", "due", "overdue-from", "estimate", "difference", "new-account-from"),
    *("next-step", "email-subject", "error"),
    *("结论代码", "结论", "到期日", "逾期起始日", "暂估说明", "差额", "新账户生效日"),
    *("下一步", "邮件主题", "错误"),
)


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT201 (a name's form), XT202 to XT204, XT216 and XT217 (names that clash)."""
    yield from _forms(tree)
    yield from _in_two_places(tree)
    yield from _taken_flags(tree)
    yield from _computed_values(tree)
    yield from _columns(tree)
    yield from _columns_of_results(tree)


def _forms(tree: Tree) -> Iterator[Fault]:
    """Yield XT201: `Who_am: …` should be `who-am: …`."""
    for section in ("route", "outcomes", "steps", "emails", "details", "sources"):
        for name in getattr(tree, section):
            if not NAME.fullmatch(name):
                message = Text(f"名称“{name}”不合规定", f"“{name}” cannot be a name")
                yield Fault("XT201", (section, name), message, FORM)


def _in_two_places(tree: Tree) -> Iterator[Fault]:
    """Yield XT202: an outcome or step may not have the name of a question or decision.

    A step's name stands for a day in texts, so a detail may not have it either, nor may it be
    `today`.
    """
    for name in tree.outcomes:
        if name in tree.route:
            message = Text(
                f"结论“{name}”和 route 里的一项重名",
                f"the outcome “{name}” has the name of something under route",
            )
            yield Fault("XT202", ("outcomes", name), message, RENAME)
    for name in tree.steps:
        if name in tree.route or name in tree.details or name == TODAY:
            message = Text(
                f"步骤“{name}”和一个问题、判断、补充信息或“今天”（today）重名",
                f"the step “{name}” has the name of a question, decision or detail, or of today",
            )
            yield Fault("XT202", ("steps", name), message, RENAME)


def _taken_flags(tree: Tree) -> Iterator[Fault]:
    """Yield XT203: a question `format` would make a second `--format`."""
    flags = [("route", name) for name in tree.questions] + [("details", n) for n in tree.details]
    for section, name in flags:
        if name in FLAGS or (section == "details" and name in tree.questions):
            message = Text(
                f"会生成参数 --{name}，而它已被占用",
                f"this would make the flag --{name}, which is taken already",
            )
            yield Fault("XT203", (section, name), message, RENAME)


def _computed_values(tree: Tree) -> Iterator[Fault]:
    """Yield XT204: a detail `due` could not be told from the `due` that a decision computes."""
    computed = _computed(tree)
    sections = {"route": tree.route, "details": tree.details, "steps": tree.steps}
    for section, names in sections.items():
        for name in names:
            if name in computed:
                message = Text(
                    f"“{name}”和判断“{computed[name].id}”算出的值重名",
                    f"“{name}” is also a value that the decision “{computed[name].id}” computes",
                )
                yield Fault("XT204", (section, name), message, RENAME)


def _computed(tree: Tree) -> Mapping[str, Decision]:
    """Return the names of the values that decisions compute, with the decision of each."""
    return {
        value: decision
        for decision in tree.decisions.values()
        if decision.compute in FUNCTIONS
        for value in FUNCTIONS[decision.compute].values
    }


def _columns(tree: Tree) -> Iterator[Fault]:
    """Yield XT216: under `also`, a name of a table's column that is another question's already."""
    for section, parts in (("route", tree.questions), ("details", tree.details)):
        for part in parts.values():
            for n, name in enumerate(part.also):
                owner = tree.columns[column_key(name)]
                if owner is not part:
                    message = Text(
                        f"列名“{name}”已经是“{owner.id}”的",
                        f"the column “{name}” is that of “{owner.id}” already",
                    )
                    yield Fault("XT216", (section, part.id, "also", n), message, RENAME)


def _columns_of_results(tree: Tree) -> Iterator[Fault]:
    """Yield XT217: a table with a column `title` of its own could not be given its results.

    Some results are computed values, of which XT204 has told.
    """
    taken = {column_key(name) for name in RESULTS}
    computed = _computed(tree)
    for section, parts in (("route", tree.questions), ("details", tree.details)):
        for part in parts.values():
            at: Path = (section, part.id)
            names: list[tuple[Path, str]] = [
                (at, part.id),
                ((*at, "label", "zh"), part.label.zh),
                ((*at, "label", "en"), part.label.en),
                *(((*at, "also", n), name) for n, name in enumerate(part.also)),
            ]
            for path, name in names:
                if column_key(name) in taken and not (path == at and name in computed):
                    message = Text(
                        f"“{name}”是批量结果的列名，表里不能再有一列",
                        f"“{name}” is a column of the results of batch; a table cannot have two",
                    )
                    yield Fault("XT217", path, message, RENAME)
