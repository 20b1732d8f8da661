"""`xingtu rules …`: tools for whoever maintains the rules file."""

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from xingtu_cli import helptext, terminal
from xingtu_cli.answers import quoted
from xingtu_cli.cli import checking
from xingtu_cli.cli.flags import flag, format_flag, global_flags, signed, word
from xingtu_cli.cli.pages import Examples, page_class
from xingtu_cli.cli.session import Session, day
from xingtu_cli.errors import UsageError
from xingtu_cli.layout import Line
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text, same

ABOUT = Text("维护规则文件的工具。", "Tools for whoever maintains the rules file.")
CHECK = Text(
    "检查规则文件，逐条列出问题：在哪一行、怎么改。",
    "Check a rules file: every problem found, with its line and how to mend it.",
)
WHICH = Text(
    "规则文件；不写就用当前生效的那份", "the rules file; the one in force where it is left out"
)
WHICH_ALL = Text(
    "规则文件，可以写几个，- 表示标准输入；不写就用当前生效的那份",
    "rules files, - for standard input; the one in force where they are left out",
)
FILES = Text("文件...", "FILE...")
SHOW = Text("把规则画成一棵树：问题、分支、结论。", "Draw the tree: questions, branches, outcomes.")
GRAPH = Text(
    "输出流程图的源文件，给 Mermaid 或 Graphviz 用。",
    "Print a diagram's source, for Mermaid or for Graphviz.",
)
PATHS = Text(
    "列出每一条路线：一行可以直接运行的命令，和它的结论。",
    "List every route: a command that can be run as it is, and its outcome.",
)
SCHEMA = Text(
    "输出规则文件的 JSON Schema，编辑器用它来提示和检查。",
    "Print the JSON Schema of a rules file, by which editors complete and check it.",
)
LIMIT = Text("最多列出几条（默认 {most}）", "list so many at most (default {most})")
MOST = 1000
LISTINGS = ("text", "json")
DIAGRAMS = ("mermaid", "dot")
COUNT = Text("数量", "COUNT")
NO_COUNT = Text(
    "--limit 要写大于 0 的整数，不能是“{given}”",
    "--limit is a whole number above 0, not “{given}”",
)
LISTED = Text("共 {total} 条路线。", "Routes: {total}.")
MANY = Text("{total} 条以上", "{total} or more")
LEFT_OFF = Text(
    "共 {total} 条路线，列出了前 {shown} 条；多列一些请加 --limit。",
    "Routes: {total}; the first {shown} are listed, use --limit for more.",
)
EACH_ALONE = Text(
    "多选题只列出各选一项的路线，没有列出各种组合。",
    "Of a question that takes several choices each is tried alone, not every combination.",
)
WITHOUT = Text("没有找到能走通的例子：{turns}", "no example was found that leads here: {turns}")
SOME_WITHOUT = Text(
    "其中 {count} 条没有找到例子，已用“# ×”标出；可能这些条件不会同时成立。",
    "For {count} of them no example was found, see “# ×”; perhaps they exclude each other.",
)
EXAMPLES: Examples = [
    ("xingtu rules check rules.yaml", Text("检查一份规则文件", "check a rules file")),
    ("xingtu rules check --format json", Text("在脚本里用", "in a script")),
    ("xingtu rules show", Text("看看现在的规则是怎么走的", "see how the rules in force run")),
    (
        "xingtu rules graph --format dot | dot -Tsvg -o route.svg",
        Text("画成图片（要装 Graphviz）", "make a picture (needs Graphviz)"),
    ),
    ("xingtu rules paths | sh", Text("把每条路线都跑一遍", "run every route")),
]


def add(app: typer.Typer, session: Session) -> None:
    """Put the group `rules` and its commands into the app."""
    group = typer.Typer(
        cls=page_class(TyperGroup, session, EXAMPLES),
        rich_markup_mode=None,
        help=ABOUT.in_(session.lang),
    )

    def root(**_: Any) -> None:
        """Take the global options, which the session has read already."""

    group.callback()(signed(root, global_flags(session)))

    def command(name: str, about: Text, run: Callable[..., int], flags: Sequence[Any]) -> None:
        def called(**given: Any) -> int:
            return run(session, **given)

        group.command(
            name, cls=page_class(TyperCommand, session, []), help=about.in_(session.lang)
        )(signed(called, [*flags, *global_flags(session)]))

    run = helptext.RUN
    which = word(
        "file", session, about=WHICH, kind=str | None, values=helptext.FILE.in_(session.lang)
    )
    all_of = word(
        "files", session, about=WHICH_ALL, kind=list[str] | None, values=FILES.in_(session.lang)
    )
    today = flag("today", session, panel=run, values=helptext.DATE.in_(session.lang))
    most = flag(
        "limit", session, panel=run, about=LIMIT.format(most=MOST),
        values=COUNT.in_(session.lang),
    )  # fmt: skip
    command("check", CHECK, checking.check, [all_of, format_flag(session, checking.FORMATS)])
    command("show", SHOW, _show, [which, format_flag(session, LISTINGS)])
    command("graph", GRAPH, _graph, [which, format_flag(session, DIAGRAMS)])
    command("paths", PATHS, _paths, [which, today, most, format_flag(session, LISTINGS)])
    command("schema", SCHEMA, _schema, [])
    app.add_typer(group, name="rules")


def _show(session: Session, file: str | None, **_: Any) -> int:
    chosen = session.format_among(LISTINGS)
    tree = _tree(session, file)
    from xingtu_cli.rules.views.outline import as_data, outline

    if chosen == "json":
        _write_document(tree, as_data(tree, session.lang))
    else:
        terminal.show(outline(tree, session.lang), color=session.color)
    return 0


def _graph(session: Session, file: str | None, **_: Any) -> int:
    chosen = session.format_among(DIAGRAMS)
    tree = _tree(session, file)
    from xingtu_cli.rules.views import diagram

    lines = (diagram.dot if chosen == "dot" else diagram.mermaid)(tree, session.lang)
    terminal.write("".join(f"{line}\n" for line in lines))
    return 0


def _paths(
    session: Session, file: str | None, today: str | None, limit: str | None, **_: Any
) -> int:
    chosen, most = session.format_among(LISTINGS), _limit(limit)
    tree, on = _tree(session, file), day(today)
    from xingtu_cli.rules.views import listing, routes

    options = (*session.repeat, *(("--rules", file) if file else ()))
    found = islice(routes.routes(tree, on), most)
    total = routes.count(tree)
    if chosen == "json":
        _write_document(tree, listing.as_data(found, total, options, session.lang))
        return 0
    shown = without = 0
    for route in found:
        shown += 1
        line = listing.line(route, options)
        if line is None:
            without += 1
            line = "# × " + WITHOUT.format(turns=listing.turns(route)).in_(session.lang)
        terminal.write(f"{listing.headed(route, tree, session.lang)}\n{line}\n")
    _sum_up(session, tree, total=total, shown=shown, without=without)
    return 0


def _sum_up(session: Session, tree: Tree, *, total: int, shown: int, without: int) -> None:
    from xingtu_cli.rules.views.routes import MOST as COUNTED

    number = MANY.format(total=total) if total >= COUNTED else same(str(total))
    remarks = [(LISTED if shown == total else LEFT_OFF).format(total=number, shown=shown)]
    if any(question.type == "several" for question in tree.questions.values()):
        remarks.append(EACH_ALONE)
    if without:
        remarks.append(SOME_WITHOUT.format(count=without))
    terminal.remark(
        [Line(each.in_(session.lang), style="note") for each in remarks], color=session.color
    )


def _write_document(tree: Tree, body: Mapping[str, object]) -> None:
    from xingtu_cli.render import dumped, envelope

    terminal.write(dumped(envelope(tree, body)))


def _limit(given: str | None) -> int:
    if given is None:
        return MOST
    digits = given.lstrip("0")
    if not (digits.isascii() and digits.isdigit()):
        raise UsageError(NO_COUNT.format(given=quoted(given)), command="xingtu rules paths")
    return int(digits[:9])


def _schema(session: Session, **_: Any) -> int:  # noqa: ARG001
    from xingtu_cli.rules.views.schema import schema

    terminal.write(schema())
    return 0


def _tree(session: Session, file: str | None) -> Tree:
    """Return the rules of `file`, or those in force."""
    return load(Path(file)) if file else session.rules()
