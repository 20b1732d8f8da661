"""`xingtu diagnose`: walk the tree by flags and prompts, and print the diagnosis."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand

from xingtu_cli import answers, helptext, terminal
from xingtu_cli.cli.again import Again, Opened
from xingtu_cli.cli.clash import STREAM
from xingtu_cli.cli.delivery import FORMATS, Delivery, reporter
from xingtu_cli.cli.flags import (
    detail_flags,
    flag,
    format_flag,
    global_flags,
    parameter_of,
    question_flags,
    signed,
)
from xingtu_cli.cli.pages import about, diagnose_examples, page_class
from xingtu_cli.cli.session import Session, day, is_set
from xingtu_cli.cli.wishes import NO_NAME, wished
from xingtu_cli.errors import Unfinished, UnneededAnswers, UsageError
from xingtu_cli.files import same_file
from xingtu_cli.layout import Line
from xingtu_cli.rules.model import Detail, Question, Tree
from xingtu_cli.text import Lang, Text, join, same
from xingtu_cli.walk import Walk, walk

if TYPE_CHECKING:
    from xingtu_cli.casefile import Case

UNNEEDED = Text("这条路线用不到：{flags}", "not needed on this route: {flags}")

OTHER_GUIDE = Text(
    "--answers 的存档是另一份指南的（{saved}，现在用的是 {now}），"
    "按现在的规则存下去会丢掉原来的回答。请加上 --rules 和那份指南的规则文件",
    "the case of --answers is of another guide ({saved}, now {now}); to save it under these rules"
    " would lose its answers. Add --rules and that guide's rules file",
)


def add(app: typer.Typer, session: Session) -> None:
    """Put `diagnose` into the app, with a flag for each question of the rules in force."""

    def run(**given: Any) -> int:
        return _diagnose(session, given)

    panel, file = helptext.RUN, helptext.FILE.in_(session.lang)
    flags = [
        *question_flags(session),
        *detail_flags(session),
        flag("today", session, panel=panel, values=helptext.DATE.in_(session.lang)),
        flag("answers", session, panel=panel, values=f"{file}|-"),
        flag("no-input", session, panel=panel, kind=bool),
        format_flag(session, FORMATS),
        flag("save", session, panel=panel, values=file),
        flag("eml", session, panel=panel, values=f"{file}|-"),
        flag("attach", session, panel=panel, kind=list[str], values=file),
        flag("statement", session, panel=panel, values=file),
        flag("ics", session, panel=panel, values=f"{file}|-"),
        flag("force", session, panel=panel, kind=bool),
        flag("strict", session, panel=panel, kind=bool),
        flag("quiet", session, panel=panel, kind=bool),
        *global_flags(session),
    ]
    # with broken rules the flags are not known; the command then says what is wrong with the rules
    loose = {"ignore_unknown_options": True, "allow_extra_args": True} if session.trouble else {}
    app.command(
        "diagnose",
        cls=page_class(TyperCommand, session, diagnose_examples(session)),
        help=about(session, helptext.ABOUT_DIAGNOSE).in_(session.lang),
        short_help=helptext.ABOUT_DIAGNOSE.in_(session.lang),
        context_settings=loose,
    )(signed(run, flags))


def _diagnose(session: Session, given: Mapping[str, Any]) -> int:
    show = reporter(session)
    tree, today = session.rules(), day(given["today"])
    wishes = wished(given, session)
    if wishes.draft.eml:
        from xingtu_cli.cli.drafting import check

        check(wishes.draft)
    opened = _opened(given["answers"], tree, today, session)
    if wishes.save and opened.case:
        _refuse_to_lose(opened.case, opened.name, wishes.save, tree)
    known, details = answers.parse_all(tree, _flags(tree, given), today)
    details = {**opened.details, **details}
    to_day = ("--today", today.isoformat()) if given["today"] else ()
    again = Again(opened, [*to_day, *session.repeat], force=given["force"])
    talk = terminal.Conversation(session.color) if _may_ask(given) else None
    try:
        start = walk(tree, {**opened.answers, **known}, today, opened.done)
        finished = _walked(start, talk, session.lang)
    except Unfinished as error:
        if error.asked and (error.answers or details):
            error.resume = again.line(error.answers, details, wishes.words())
        raise
    told = [name for name in finished.unneeded if name in known or not opened.case]
    _report_unneeded(told, session, strict=given["strict"], quiet=given["quiet"])
    Delivery(session, tree, finished, wishes, again, talk, show, given["quiet"]).deliver(details)
    return 0


def _refuse_to_lose(case: "Case", name: str, place: Path, tree: Tree) -> None:
    """Raise what would lose a case that is saved again: another guide's rules, a link to it."""
    if not case.is_of(tree):
        raise UsageError(OTHER_GUIDE.format(saved=case.rules[0], now=tree.id))
    if same_file(place, Path(name)):
        from xingtu_cli.casefile import refuse_link

        refuse_link(place)


def _opened(name: str | None, tree: Tree, today: date, session: Session) -> Opened:
    if name is None:
        return Opened()
    if not name:
        raise UsageError(NO_NAME.format(flag="answers"))
    from xingtu_cli.cli.saved import open_answers

    return open_answers(name, tree, today, session)


def _flags(tree: Tree, given: Mapping[str, Any]) -> Mapping[str, str | Sequence[str] | None]:
    """Return what the flags of the rules were given, each under its name there."""
    asked: list[Question | Detail] = [*tree.questions.values(), *tree.details.values()]
    return {each.id: given[parameter_of(each)] for each in asked}


def _may_ask(given: Mapping[str, Any]) -> bool:
    """Tell whether anything may be asked: nobody forbade it, and someone is there."""
    forbidden = given["no_input"] or is_set("XINGTU_NO_INPUT") or given["answers"] == STREAM
    return not forbidden and terminal.can_ask()


def _walked(so_far: Walk, talk: terminal.Conversation | None, lang: Lang) -> Walk:
    if not isinstance(so_far.at, Question):
        return so_far
    from xingtu_cli.ask import ask, missing

    if talk is None:
        raise missing(so_far)
    return ask(so_far, talk, lang)


def _report_unneeded(
    unneeded: Sequence[str], session: Session, *, strict: bool, quiet: bool
) -> None:
    if not unneeded:
        return
    message = UNNEEDED.format(flags=join([same(f"--{name}") for name in unneeded]))
    if strict:
        raise UnneededAnswers(message)
    if not quiet:
        terminal.remark([Line(message.in_(session.lang), style="note")], color=session.color)
