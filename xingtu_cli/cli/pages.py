"""A command's help as one of our own pages, in the user's language."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from xingtu_cli import answers, helptext, terminal
from xingtu_cli.cli.session import Session
from xingtu_cli.helptext import Entry, Group, HelpPage
from xingtu_cli.layout import Line
from xingtu_cli.rules.model import Question
from xingtu_cli.text import Lang, Text, join

Examples = Sequence[tuple[str, Text]]


def page_class(base: type[Any], session: Session, examples: Examples) -> type[Any]:
    """Return a command class that shows its help as a page that ends with `examples`.

    In a list it is told by a sentence; typer would cut Chinese, which has no blanks, to nothing.
    """

    def format_help(self: Any, ctx: typer.Context, formatter: Any) -> None:  # noqa: ARG001
        page = _help_page(self, ctx, session.lang, examples)
        terminal.show(
            helptext.as_page(page, session.lang, terminal.page_width()), color=session.color
        )
        if session.tree is None:
            lines = [Line(helptext.NO_RULES.in_(session.lang), style="note")]
            terminal.remark(lines, color=session.color)

    def get_short_help_str(self: Any, limit: int = 0) -> str:  # noqa: ARG001
        return self.short_help or _first_sentence(self.help or "")

    def get_params(self: Any, ctx: typer.Context) -> list[Any]:
        parameters: list[Any] = base.get_params(self, ctx)
        for each in parameters:
            if not each.rich_help_panel:  # typer's own options speak English only
                each.help = helptext.HELP[max(each.opts, key=len)].in_(session.lang)
        return parameters

    own = (format_help, get_short_help_str, get_params)
    return type(base.__name__, (base,), {each.__name__: each for each in own})


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=。)|(?<=\.)\s", text, maxsplit=1)[0]


def _help_page(shown: Any, ctx: typer.Context, lang: Lang, examples: Examples) -> HelpPage:
    groups: dict[str, list[Entry]] = {}
    if isinstance(shown, TyperGroup):
        groups[helptext.COMMANDS.in_(lang)] = [
            Entry(name, each.get_short_help_str()) for name, each in shown.commands.items()
        ]
    for parameter in shown.get_params(ctx):
        if isinstance(parameter, TyperOption | TyperArgument) and not parameter.hidden:
            panel = getattr(parameter, "rich_help_panel", None) or helptext.GLOBAL.in_(lang)
            groups.setdefault(panel, []).append(_entry(parameter))
    closing: Iterable[tuple[Text, Iterable[tuple[str, Text]]]] = (
        (helptext.EXAMPLES, examples),
        (helptext.ENVIRONMENT, helptext.ENVIRONMENT_HELP),
        (helptext.EXIT_CODES, helptext.EXIT_CODE_HELP),
    )
    return HelpPage(
        usage=_usage(shown, ctx, lang),
        about=shown.help or "",
        groups=tuple(Group(title, tuple(entries)) for title, entries in groups.items()),
        closing=tuple(
            Group(title.in_(lang), tuple(Entry(name, about.in_(lang)) for name, about in entries))
            for title, entries in closing
            if entries
        ),
    )


def _usage(shown: Any, ctx: typer.Context, lang: Lang) -> str:
    pieces = [ctx.command_path, {"zh": "[参数]", "en": "[OPTIONS]"}[lang]]
    if isinstance(shown, TyperGroup):
        pieces.append({"zh": "[命令] …", "en": "[COMMAND] …"}[lang])
    for parameter in shown.get_params(ctx):
        if isinstance(parameter, TyperArgument):
            name = str(parameter.metavar)
            pieces.append(name if parameter.required else f"[{name}]")
    return " ".join(pieces)


def _entry(parameter: Any) -> Entry:
    if isinstance(parameter, TyperArgument):
        return Entry(str(parameter.metavar), parameter.help or "")
    flags = sorted(parameter.opts, key=len)
    name = ", ".join(flags) + (f" {parameter.metavar}" if parameter.metavar else "")
    return Entry(name, parameter.help or "")


def about(session: Session, purpose: Text | None = None) -> Text:
    """Return a help's first lines: the title of the rules in force, and what it is all for.

    That is `purpose`, or else what the rules say of themselves.
    """
    if session.tree is None:
        return purpose or helptext.ABOUT
    tree = session.tree
    return join([tree.title, purpose or tree.about or helptext.ABOUT], zh="\n", en="\n")


def diagnose_examples(session: Session) -> Examples:
    """Return example lines whose flags fit the rules in force."""
    first = session.tree.nodes[session.tree.start] if session.tree else None
    given = "xingtu diagnose"
    if isinstance(first, Question):
        given += f" --{first.id} {answers.allowed(first)[0]}"
    return [
        ("xingtu", helptext.EXAMPLE_ASK),
        (given, helptext.EXAMPLE_FLAG),
        (f"{given} --format json", helptext.EXAMPLE_SCRIPT),
    ]
