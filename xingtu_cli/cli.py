"""The command line: commands, flags, help and exit codes. The only module that knows typer.

The flags of `diagnose` are made from the rules file in force, so the rules are loaded first and the
Typer app is built from them.
"""

import inspect
import os
import re
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException

from xingtu_cli import __version__, answers, helptext, terminal
from xingtu_cli.answers import Answer, Details
from xingtu_cli.commandline import command
from xingtu_cli.errors import (
    Interrupted,
    InvalidAnswer,
    InvalidAnswers,
    InvalidRules,
    MissingAnswers,
    Unfinished,
    UnneededAnswers,
    UsageError,
    XingtuError,
)
from xingtu_cli.helptext import Entry, Group, HelpPage
from xingtu_cli.render import Format
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Detail, Question, Tree
from xingtu_cli.terminal import Color, Line
from xingtu_cli.text import LANGS, Lang, Text, join, same
from xingtu_cli.walk import Walk, walk

CHINA = timezone(timedelta(hours=8))  # Asia/Shanghai; no daylight saving since 1991

ERROR = Text("错误：", "Error: ")
HINT = Text(
    "用法见：xingtu --help、xingtu diagnose --help", "See: xingtu --help, xingtu diagnose --help"
)
ASKABLE = Text(
    "在终端里运行 xingtu，会逐题询问。", "In a terminal, xingtu asks for them one by one."
)
RESUME = Text("接着做，请运行：", "To go on from here:")
UNNEEDED = Text("这条路线用不到：{flags}", "not needed on this route: {flags}")


def main(argv: Sequence[str]) -> int:
    """Run the program with the words after its name, and return its exit code."""
    terminal.set_up()
    session = open_session(argv)
    if isinstance(session.trouble, UsageError):
        return _fail(session.trouble, session)
    try:
        app = typer.main.get_command(build(session))
        code = app.main(_with_command(argv), prog_name="xingtu", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except terminal.ReaderLeft:
        return 0
    except TyperException as error:
        return _fail(_usage_error(error), session)
    except XingtuError as error:
        return _fail(error, session)
    except Exception as error:
        return _fail(_fault(error), session)
    finally:
        terminal.close_quietly()


# ─── the session: what must be known before the flags can be ─────────────────────────────────────


@dataclass(frozen=True)
class Session:
    """The settings that hold for the whole run, and the rules in force or why there are none."""

    lang: Lang
    color: Color = "auto"
    format: Format = "text"
    debug: bool = False
    tree: Tree | None = None
    trouble: XingtuError | None = None
    repeat: tuple[str, ...] = ()

    def rules(self) -> Tree:
        """Return the rules in force, or raise what is wrong with them."""
        if self.tree is None:
            assert self.trouble is not None
            raise self.trouble
        return self.tree


def open_session(argv: Sequence[str]) -> Session:
    """Read the global options out of the words, wherever they stand, and load the rules.

    Whatever is wrong, with an option or with the rules, is kept as the session's trouble.
    """
    completing = _completing()
    chosen = dict(_scan(completing or argv))
    trouble: XingtuError | None = None
    tree: Tree | None = None
    try:
        for flag, allowed in CHOICES.items():
            if flag in chosen and chosen[flag] not in allowed:
                value = chosen.pop(flag)  # half typed, perhaps
                if not completing:
                    raise _not_one_of(flag, value, allowed)
        path = chosen.get("--rules") or os.environ.get("XINGTU_RULES")
        tree = load(Path(path) if path else None)
    except XingtuError as error:
        trouble = error
    repeated = [(flag, chosen[flag]) for flag in ("--lang", "--rules") if flag in chosen]
    return Session(
        lang=terminal.language(chosen.get("--lang")),
        color=cast("Color", chosen.get("--color", "auto")),
        format=cast("Format", chosen.get("--format", "text")),
        debug="--debug" in chosen,
        tree=tree,
        trouble=trouble,
        repeat=tuple(word for pair in repeated for word in pair),
    )


def _completing() -> list[str]:
    """Return the words that a shell asks completions for; none in an ordinary run."""
    if "_XINGTU_COMPLETE" not in os.environ:
        return []
    return (os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS") or "").split()


CHOICES: Mapping[str, Sequence[str]] = {
    "--lang": LANGS,
    "--color": get_args(Color),
    "--format": get_args(Format),
}
TAKE_VALUE = (*CHOICES, "--rules")


def _scan(words: Sequence[str]) -> Mapping[str, str]:
    """Return the last value of each option that matters before the parser can be built."""
    found: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "--":
            break
        if name in TAKE_VALUE:
            found[name] = value if equals else next(rest, "")
        elif word == "--debug":
            found[word] = ""
    return found


def _with_command(argv: Sequence[str]) -> list[str]:
    """Put in `diagnose` where no command is named, so that bare `xingtu` is `xingtu diagnose`."""
    words = list(argv)
    at = 0
    while at < len(words):
        name, equals, _ = words[at].partition("=")
        if name in ("--help", "-h", "--version", "--install-completion", "--show-completion"):
            return words
        if name not in ("--lang", "--rules", "--color", "--debug"):
            break
        at += 1 if equals or name == "--debug" else 2
    if at >= len(words) or words[at].startswith("-"):
        words.insert(min(at, len(words)), "diagnose")
    return words


def _not_one_of(flag: str, value: str, allowed: Sequence[str]) -> UsageError:
    near = get_close_matches(value, allowed, 1)
    hint = Text(f"，是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else Text("", "")
    listed = join([same(each) for each in allowed])
    raise UsageError(
        Text(
            "{flag} 只能是：{allowed}，不能是“{value}”",
            "{flag} is one of: {allowed}, not “{value}”",
        )
        .format(flag=flag, allowed=listed, value=answers.visible(value))
        .plus(hint)
    )


# ─── the app ─────────────────────────────────────────────────────────────────────────────────────


def build(session: Session) -> typer.Typer:
    """Build the Typer app for the rules in force."""
    lang = session.lang
    app = typer.Typer(
        name="xingtu",
        cls=_page_class(TyperGroup, session),
        context_settings={"help_option_names": ["-h", "--help"]},
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        help=helptext.ABOUT.in_(lang),
    )

    def root(**given: Any) -> None:
        if given["version"]:
            _show_version(session)
            raise typer.Exit

    def run(**given: Any) -> int:
        return diagnose_command(session, given)

    version = _flag("version", "--version", bool, lang, panel=helptext.GLOBAL, default=False)
    app.callback(invoke_without_command=True)(_signed(root, [version, *_global_flags(lang)]))
    diagnose_flags = [
        *_question_flags(session),
        *_run_flags(lang),
        *_global_flags(lang),
    ]
    # with broken rules the flags are not known; the command then says what is wrong with the rules
    loose = {"ignore_unknown_options": True, "allow_extra_args": True} if session.trouble else {}
    app.command(
        "diagnose",
        cls=_page_class(TyperCommand, session),
        help=helptext.ABOUT_DIAGNOSE.in_(lang),
        context_settings=loose,
    )(_signed(run, diagnose_flags))
    return app


def _show_version(session: Session) -> None:
    tree = session.rules()
    terminal.write(
        f"xingtu {__version__}\n{tree.id} {tree.version}（{tree.as_of}）\n"
        if session.lang == "zh"
        else f"xingtu {__version__}\n{tree.id} {tree.version} ({tree.as_of})\n"
    )


def _signed(
    function: Callable[..., Any], parameters: list[inspect.Parameter]
) -> Callable[..., Any]:
    """Give a function that takes keywords the signature that Typer makes its flags from."""
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return function


def _flag(
    name: str,
    flag: str,
    kind: Any,
    lang: Lang,
    *,
    panel: Text,
    default: Any = None,
    about: Text | None = None,
    metavar: str | None = None,
    complete: Callable[[str], list[tuple[str, str]]] | None = None,
) -> inspect.Parameter:
    option = typer.Option(
        flag,
        help=(about or helptext.HELP[flag]).in_(lang),
        metavar=metavar,
        rich_help_panel=panel.in_(lang),
        autocompletion=complete,
        show_default=False,
    )
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, option]
    )


def _global_flags(lang: Lang) -> list[inspect.Parameter]:
    """Return the options that every level of the command line takes; `_scan` has read them."""
    return [
        _flag(
            "lang", "--lang", str | None, lang, panel=helptext.GLOBAL, metavar="zh|en",
            complete=_among("--lang"),
        ),
        _flag("rules", "--rules", str | None, lang, panel=helptext.GLOBAL, metavar="FILE"),
        _flag(
            "color", "--color", str | None, lang, panel=helptext.GLOBAL,
            metavar="auto|always|never", complete=_among("--color"),
        ),
        _flag("debug", "--debug", bool, lang, panel=helptext.GLOBAL, default=False),
    ]  # fmt: skip


def _run_flags(lang: Lang) -> list[inspect.Parameter]:
    return [
        _flag("today", "--today", str | None, lang, panel=helptext.RUN, metavar="DATE"),
        _flag("no_input", "--no-input", bool, lang, panel=helptext.RUN, default=False),
        _flag(
            "format", "--format", str | None, lang, panel=helptext.RUN,
            metavar="text|json|markdown", complete=_among("--format"),
        ),
        _flag("strict", "--strict", bool, lang, panel=helptext.RUN, default=False),
        _flag("quiet", "--quiet", bool, lang, panel=helptext.RUN, default=False),
    ]  # fmt: skip


def _question_flags(session: Session) -> list[inspect.Parameter]:
    """Return a flag for every question and detail of the rules in force."""
    if session.tree is None:
        return []
    lang = session.lang
    flags = [
        _flag(
            _name(question), f"--{question.id}",
            list[str] if question.type == "several" else str | None, lang,
            panel=helptext.ANSWERS, about=question.ask, metavar=answers.pattern(question).in_(lang),
            complete=_choices(question, lang),
        )
        for question in session.tree.questions.values()
    ]  # fmt: skip
    flags += [
        _flag(
            _name(detail), f"--{detail.id}", list[str], lang,
            panel=helptext.DETAILS, about=detail.label.plus(Text("：", ": ")).plus(detail.help),
            metavar={"zh": "文字", "en": "TEXT"}[lang],
        )
        for detail in session.tree.details.values()
    ]  # fmt: skip
    return flags


def _name(asked: Question | Detail) -> str:
    """Return the parameter's name, which cannot clash with the program's own."""
    return f"given_{asked.id}".replace("-", "_")


def _among(flag: str) -> Callable[[str], list[tuple[str, str]]]:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        return [(value, "") for value in CHOICES[flag] if value.startswith(incomplete)]

    return complete


def _choices(question: Question, lang: Lang) -> Callable[[str], list[tuple[str, str]]]:
    def complete(incomplete: str) -> list[tuple[str, str]]:
        before, comma, last = incomplete.rpartition(",")
        if question.type != "several":
            before, comma, last = "", "", incomplete
        return [
            (before + comma + value, choice.label.in_(lang))
            for value, choice in question.choices.items()
            if value.startswith(last)
        ]

    return complete


# ─── diagnose ────────────────────────────────────────────────────────────────────────────────────


def diagnose_command(session: Session, given: Mapping[str, Any]) -> int:
    """Walk the tree by flags and prompts, and print the diagnosis."""
    tree = session.rules()
    today = _today(given["today"])
    options = (*(("--today", today.isoformat()) if given["today"] else ()), *session.repeat)
    known, details = _parsed(tree, given, today)
    try:
        finished = _walked(walk(tree, known, today), session, no_input=given["no_input"])
    except Unfinished as error:
        if error.asked and (error.answers or details):
            error.resume = command(error.answers, details, options)
        raise
    _report_unneeded(finished, session, strict=given["strict"], quiet=given["quiet"])
    _print_diagnosis(finished, details, session, options)
    return 0


def _today(given: str | None) -> date:
    if given is None:
        return datetime.now(CHINA).date()
    try:
        return answers.parse_date(given)
    except ValueError as error:
        why: Text = error.args[0]
        raise UsageError(
            Text("--today 不能是“{given}”：{why}", "--today cannot be “{given}”: {why}").format(
                given=answers.visible(given), why=why
            )
        ) from None


def _parsed(
    tree: Tree, given: Mapping[str, Any], today: date
) -> tuple[Mapping[str, Answer], Details]:
    """Read every answer and detail that a flag gave, and raise all that is wrong with them."""
    known: dict[str, Answer] = {}
    details: dict[str, tuple[str, ...]] = {}
    errors: list[InvalidAnswer] = []
    for question in tree.questions.values():
        if value := given[_name(question)]:
            try:
                known[question.id] = answers.parse(question, value, today)
            except InvalidAnswer as error:
                errors.append(error)
        elif value == "":
            errors.append(answers.refuse_empty(question))
    for detail in tree.details.values():
        try:
            if values := answers.parse_detail(detail, given[_name(detail)] or ()):
                details[detail.id] = values
        except InvalidAnswer as error:
            errors.append(error)
    if errors:
        raise InvalidAnswers(errors)
    return known, details


def _walked(so_far: Walk, session: Session, *, no_input: bool) -> Walk:
    if not isinstance(so_far.at, Question):
        return so_far
    from xingtu_cli.ask import ask, missing

    if no_input or _set("XINGTU_NO_INPUT") or not terminal.can_ask():
        raise missing(so_far)
    return ask(so_far, terminal.Conversation(session.color), session.lang)


def _set(variable: str) -> bool:
    return os.environ.get(variable, "").lower() not in ("", "0", "no", "false")


def _report_unneeded(finished: Walk, session: Session, *, strict: bool, quiet: bool) -> None:
    if not finished.unneeded:
        return
    flags = [same(f"--{name}") for name in finished.unneeded]
    message = UNNEEDED.format(flags=join(flags))
    if strict:
        raise UnneededAnswers(message)
    if not quiet:
        terminal.remark([Line(message.in_(session.lang), style="note")], color=session.color)


def _print_diagnosis(
    finished: Walk, details: Details, session: Session, options: Sequence[str]
) -> None:
    from xingtu_cli import render
    from xingtu_cli.diagnosis import diagnose

    diagnosis = diagnose(finished, details, session.lang)
    again = command(diagnosis.answers, details, options)
    match session.format:
        case "json":
            terminal.write(render.as_json(diagnosis))
        case "markdown":
            terminal.write(render.as_markdown(diagnosis, again))
        case "text":
            terminal.show(render.as_page(diagnosis, again), color=session.color)


# ─── failing ─────────────────────────────────────────────────────────────────────────────────────


def _fail(error: XingtuError, session: Session) -> int:
    """Tell the user, or the script, what is wrong; return the exit code."""
    if session.debug:
        traceback.print_exc()
    try:
        if session.format == "json":
            from xingtu_cli.render import error_as_json

            terminal.write(error_as_json(error, session.lang, session.tree))
        else:
            terminal.remark(_error_lines(error, session), color=session.color)
        if isinstance(error, Unfinished) and error.resume:
            lines = [Line(RESUME.in_(session.lang)), Line(error.resume, verbatim=True)]
            terminal.remark(lines, color=session.color)
    except (XingtuError, terminal.ReaderLeft):
        pass  # nobody is left to tell
    return error.exit_code


def _error_lines(error: XingtuError, session: Session) -> list[Line]:
    lang = session.lang
    first, *rest = error.message.in_(lang).split("\n")
    lead = "" if isinstance(error, Interrupted) else ERROR.in_(lang)
    lines = [Line(lead + answers.visible(first), style="error", hanging=2)]
    lines += [Line(answers.visible(line), hanging=4) for line in rest]
    if isinstance(error, InvalidRules):
        lines += [Line(answers.visible(problem.at(lang)), hanging=4) for problem in error.problems]
    if type(error) is UsageError:
        lines.append(Line(HINT.in_(lang)))
    if isinstance(error, MissingAnswers) and not error.asked:
        lines.append(Line(ASKABLE.in_(lang)))
    return lines


def _fault(error: Exception) -> XingtuError:
    what = f"{type(error).__name__}: {error}"
    return XingtuError(
        Text(
            f"程序内部出错（{what}）。请加 --debug 再运行一次，把输出发给维护者。",
            f"internal error ({what}). Please run again with --debug and send us the output.",
        )
    )


def _usage_error(error: TyperException) -> UsageError:
    """Say what the parser found wrong in both languages."""
    message = error.format_message()
    option = getattr(error, "option_name", None)
    if option and hasattr(error, "possibilities"):
        near = error.possibilities or []
        hint = Text(f"，是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else Text("", "")
        shown = answers.visible(option)
        return UsageError(Text(f"没有 {shown} 这个参数", f"there is no flag {shown}").plus(hint))
    if option:
        return UsageError(Text(f"{option} 后面要写一个值", f"{option} needs a value"))
    if match := re.match(r"No such command '(.*?)'\.(?: Did you mean '(.*?)')?", message):
        near_command = match[2]
        hint = (
            Text(f"，是不是 {near_command}？", f"; did you mean {near_command}?")
            if near_command
            else Text("", "")
        )
        return UsageError(
            Text(f"没有 {match[1]} 这个命令", f"there is no command {match[1]}").plus(hint)
        )
    if match := re.match(r"Got unexpected extra argument\(s\) \((.*)\)", message):
        return UsageError(Text(f"多出来的内容：{match[1]}", f"unexpected: {match[1]}"))
    return UsageError(Text(message, message))


# ─── help ────────────────────────────────────────────────────────────────────────────────────────


def _page_class(base: type[Any], session: Session) -> type[Any]:
    """Return a command class that shows its help as one of our pages, in the user's language."""

    def format_help(self: Any, ctx: typer.Context, formatter: Any) -> None:  # noqa: ARG001
        terminal.show(
            helptext.as_page(_help_page(self, ctx, session), session.lang, terminal.page_width()),
            color=session.color,
        )

    return type(base.__name__, (base,), {"format_help": format_help})


def _help_page(shown: Any, ctx: typer.Context, session: Session) -> HelpPage:
    lang = session.lang
    groups: dict[str, list[Entry]] = {}
    if isinstance(shown, TyperGroup):
        groups[helptext.COMMANDS.in_(lang)] = [
            Entry(name, each.get_short_help_str(200)) for name, each in shown.commands.items()
        ]
    for parameter in shown.get_params(ctx):
        if isinstance(parameter, TyperOption | TyperArgument) and not parameter.hidden:
            panel = getattr(parameter, "rich_help_panel", None) or helptext.GLOBAL.in_(lang)
            groups.setdefault(panel, []).append(_entry(parameter, lang))
    closing: Iterable[tuple[Text, Iterable[tuple[str, Text]]]] = (
        (helptext.EXAMPLES, _examples(session)),
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
        ),
    )


def _examples(session: Session) -> list[tuple[str, Text]]:
    first = session.tree.nodes[session.tree.start] if session.tree else None
    given = "xingtu diagnose"
    if isinstance(first, Question):
        given += f" --{first.id} {answers.allowed(first)[0]}"
    return [
        ("xingtu", helptext.EXAMPLE_ASK),
        (given, helptext.EXAMPLE_FLAG),
        (f"{given} --format json", helptext.EXAMPLE_SCRIPT),
    ]


def _usage(shown: Any, ctx: typer.Context, lang: Lang) -> str:
    pieces = {"zh": "[参数]", "en": "[OPTIONS]"}[lang]
    if isinstance(shown, TyperGroup):
        pieces += {"zh": " [命令] …", "en": " [COMMAND] …"}[lang]
    return f"{ctx.command_path} {pieces}"


def _entry(parameter: Any, lang: Lang) -> Entry:
    flags = sorted(parameter.opts, key=len)
    known = helptext.HELP.get(flags[-1])
    about = known.in_(lang) if known else parameter.help or ""
    return Entry(", ".join(flags) + (f" {parameter.metavar}" if parameter.metavar else ""), about)
