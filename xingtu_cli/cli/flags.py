"""Flags and words of commands: the parameters that Typer makes its options and arguments from."""

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any

import typer

from xingtu_cli import answers, helptext
from xingtu_cli.cli.session import CHOICES, Session
from xingtu_cli.rules.model import Detail, Question
from xingtu_cli.text import NOTHING, Text, join, same

Completion = Callable[[str], list[tuple[str, str]]]

_NAMES = re.compile(r"[\w,-]*")


def signed(
    function: Callable[..., Any], parameters: Iterable[inspect.Parameter]
) -> Callable[..., Any]:
    """Give a function that takes keywords the signature that Typer makes its flags from."""
    function.__signature__ = inspect.Signature(list(parameters))  # type: ignore[attr-defined]
    return function


def flag(
    name: str,
    session: Session,
    *,
    panel: Text,
    about: Text | None = None,
    kind: Any = str | None,
    values: str | None = None,
    complete: Completion | None = None,
    parameter: str | None = None,
    short: str | None = None,
) -> inspect.Parameter:
    """Return the option `--name`, listed in the help under `panel`.

    `kind` is its type (a `bool` is a switch, a list may be repeated), `values` what the help shows
    after it; `about` is looked up among the help's words where it is left out.
    """
    option = typer.Option(
        *([short] if short else []),
        f"--{name}",
        help=_plain((about or helptext.HELP[f"--{name}"]).in_(session.lang), session),
        metavar=values,
        rich_help_panel=panel.in_(session.lang),
        autocompletion=complete,
        show_default=False,
    )
    return inspect.Parameter(
        parameter or name.replace("-", "_"),
        inspect.Parameter.KEYWORD_ONLY,
        default=False if kind is bool else None,
        annotation=Annotated[kind, option],
    )


def word(
    name: str, session: Session, *, about: Text, kind: Any = str, values: str
) -> inspect.Parameter:
    """Return the argument `name`, shown as `values`; it must be given if its `kind` is `str`."""
    argument = typer.Argument(
        help=about.in_(session.lang),
        metavar=values,
        rich_help_panel=helptext.WORDS.in_(session.lang),
        show_default=False,
    )
    default = inspect.Parameter.empty if kind is str else None
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, argument]
    )


def _plain(text: str, session: Session) -> str:
    """Keep a text that is shown beside a completion from being anything but a text.

    typer would read markup in it. zsh evaluates it in double quotes, where typer escapes `$` and
    the backquote, but no backslash before them, so that what follows would be run.
    """
    return text.replace("\\", "＼").replace("[", "\\[") if session.completing else text


def among(values: Sequence[str]) -> Completion:
    """Return a completion that offers `values`."""

    def complete(incomplete: str) -> list[tuple[str, str]]:
        return [(value, "") for value in values if value.startswith(incomplete)]

    return complete


def format_flag(
    session: Session, formats: Sequence[str], about: Text | None = None
) -> inspect.Parameter:
    """Return `--format` with the formats that a command has; the first is the default, if any is.

    `about` says where the default comes from if it is another.
    """
    about = about or Text(
        f"输出格式：{formats[0]}（默认）、{'、'.join(formats[1:])}",
        f"output: {formats[0]} (default), {', '.join(formats[1:])}",
    )
    return flag(
        "format", session, panel=helptext.RUN, about=about, values="|".join(formats),
        complete=among(formats),
    )  # fmt: skip


def global_flags(session: Session) -> list[inspect.Parameter]:
    """Return the options that every command takes; the session has read them already."""
    panel = helptext.GLOBAL
    choices = [
        flag(
            name.removeprefix("--"), session, panel=panel, values="|".join(values),
            complete=among(values),
        )
        for name, values in CHOICES.items()
    ]  # fmt: skip
    return [
        *choices,
        flag("rules", session, panel=panel, values=helptext.FILE.in_(session.lang)),
        flag("debug", session, panel=panel, kind=bool),
    ]


# ─── the flags that the rules file makes ─────────────────────────────────────────────────────────


def question_flags(session: Session) -> list[inspect.Parameter]:
    """Return a flag for every question of the rules in force; none where they are broken."""
    lang = session.lang
    return [
        flag(
            question.id, session, panel=helptext.ANSWERS, about=_about(question, session),
            kind=list[str] if question.type == "several" else str | None,
            values=answers.pattern(question).in_(lang), complete=_choices(question, session),
            parameter=parameter_of(question),
        )
        for question in (session.tree.questions.values() if session.tree else ())
    ]  # fmt: skip


def detail_flags(session: Session) -> list[inspect.Parameter]:
    """Return a flag for every detail of the rules in force; none where they are broken."""
    return [
        flag(
            detail.id, session, panel=helptext.DETAILS, kind=list[str],
            about=_about_detail(detail),
            values=helptext.TEXT.in_(session.lang), parameter=parameter_of(detail),
        )
        for detail in (session.tree.details.values() if session.tree else ())
    ]  # fmt: skip


def _about(question: Question, session: Session) -> Text:
    """Return the question, and what each choice means where a help page has room for it."""
    if session.completing:
        return question.ask
    meanings = [same(f"{value}  ").plus(choice.label) for value, choice in question.choices.items()]
    return join([question.ask, *meanings], zh="\n", en="\n")


def _about_detail(detail: Detail) -> Text:
    more = helptext.SEVERAL if detail.type == "tracking-numbers" else NOTHING
    return detail.label.plus(Text("：", ": ")).plus(detail.help).plus(more)


def parameter_of(asked: Question | Detail) -> str:
    """Return the name of the flag's parameter, which cannot clash with the program's own."""
    return f"given_{asked.id}".replace("-", "_")


def _choices(question: Question, session: Session) -> Completion:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        before, comma, last = incomplete.rpartition(",")
        if not _NAMES.fullmatch(before):  # a shell may evaluate what is offered
            return []
        if question.type != "several":
            before, comma, last = "", "", incomplete
        chosen = before.split(",") if before else []
        return [
            (before + comma + value, _plain(choice.label.in_(session.lang), session))
            for value, choice in question.choices.items()
            if value.startswith(last) and value not in chosen and not (chosen and choice.then)
        ]

    return complete
