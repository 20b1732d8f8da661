"""`xingtu rules …`: tools for whoever maintains the rules file."""

from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from xingtu_cli import helptext, terminal
from xingtu_cli.cli.flags import global_flags, signed, word
from xingtu_cli.cli.pages import Examples, page_class
from xingtu_cli.cli.session import Session
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text

ABOUT = Text("维护规则文件的工具。", "Tools for whoever maintains the rules file.")
CHECK = Text(
    "检查规则文件，一次列出所有问题。", "Check a rules file and report all of its problems at once."
)
WHICH = Text(
    "规则文件；不写就用当前生效的那份", "the rules file; the one in force where it is left out"
)
SOUND = Text("{file}：没有问题", "{file}: no problems")
EXAMPLES: Examples = [
    ("xingtu rules check rules.yaml", Text("检查一份规则文件", "check a rules file"))
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

    def check(**given: Any) -> int:
        return _check(session, given["file"])

    which = word(
        "file", session, about=WHICH, kind=str | None, values=helptext.FILE.in_(session.lang)
    )
    group.command("check", cls=page_class(TyperCommand, session, []), help=CHECK.in_(session.lang))(
        signed(check, [which, *global_flags(session)])
    )
    app.add_typer(group, name="rules")


def _check(session: Session, file: str | None) -> int:
    _tree(session, file)
    name = file or session.rules_file
    terminal.write(SOUND.format(file=name).in_(session.lang) + "\n")
    return 0


def _tree(session: Session, file: str | None) -> Tree:
    """Return the rules of `file`, or those in force."""
    return load(Path(file)) if file else session.rules()
