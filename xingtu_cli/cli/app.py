"""The Typer app: the commands, each from a module of its own that is loaded when it is wanted."""

import os
from collections.abc import Sequence
from importlib import import_module
from itertools import pairwise
from typing import Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from xingtu_cli import helptext, terminal
from xingtu_cli.cli.failing import usage_error
from xingtu_cli.cli.flags import flag, global_flags, signed
from xingtu_cli.cli.pages import about, diagnose_examples, page_class
from xingtu_cli.cli.session import (
    COMMANDS,
    COMPLETION,
    NO_VALUE,
    Session,
    first_own,
    with_command,
)
from xingtu_cli.errors import UsageError
from xingtu_cli.text import Text

# rich, which renders the descriptions of completions, wraps them at this; a shell wants each in one
# line, and might have set what is no number
ONE_LINE = {"TERMINAL_WIDTH": "10000", "COLUMNS": "10000", "LINES": "25"}


def run(argv: Sequence[str], session: Session) -> int:
    """Run the command that the words name, and return its exit code."""
    if session.completing:
        os.environ.update(ONE_LINE)
    words = with_command(argv)
    at = first_own(words)
    if words[at] in COMPLETION and not session.completing:
        _refuse_words_after_completion(words, at)
        from xingtu_cli.cli import completion

        completion.run(words[at], session)
        return 0
    try:
        command = typer.main.get_command(build(session))
        _refuse_missing_value(command, words)
        code = command.main(words, prog_name="xingtu", standalone_mode=False)
    except TyperException as error:
        raise usage_error(error) from None
    except SystemExit as end:  # so typer ends where the reader of a help page left
        if isinstance(end.__context__, BrokenPipeError):
            raise terminal.ReaderLeft from None
        raise
    return code if isinstance(code, int) else 0


def _refuse_missing_value(command: Any, words: Sequence[str]) -> None:
    """Raise `UsageError` where a flag stands that takes a value, and the next word is a flag too.

    The parser would take that flag for the value, and complain about something else.
    """
    path = "xingtu"
    for word, following in pairwise([*words, ""]):
        if word == "--":
            return
        if word in getattr(command, "commands", {}):
            command, path = command.commands[word], f"{path} {word}"
        flags = {name: each for each in command.params for name in each.opts}
        if word in flags and not getattr(flags[word], "is_flag", False) and following in flags:
            raise UsageError(NO_VALUE.format(flag=word), command=path)


def _refuse_words_after_completion(words: Sequence[str], at: int) -> None:
    """Raise `UsageError` for `--install-completion zsh`: it is for the shell at hand."""
    if first_own(words, at + 1) < len(words):
        raise UsageError(
            Text(
                f"{words[at]} 后面不写值：它用于当前的 shell，请在要用的 shell 里运行",
                f"{words[at]} takes no value: it is for the shell that you run it in",
            )
        )


def build(session: Session) -> typer.Typer:
    """Build the app for the rules in force: all commands, or the session's where it has one.

    A command's module has `add(app, session)`, which puts it into the app.
    """
    app = typer.Typer(
        name="xingtu",
        cls=page_class(TyperGroup, session, diagnose_examples(session)),
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help=about(session).in_(session.lang),
    )

    def root(**_: Any) -> None:
        """Take the global options, which the session has read already."""

    version = flag("version", session, panel=helptext.GLOBAL, kind=bool)
    app.callback()(signed(root, [version, *global_flags(session)]))
    for name in [session.command] if session.command else COMMANDS:
        import_module(f"xingtu_cli.cli.{name}").add(app, session)
    return app
