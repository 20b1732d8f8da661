"""`xingtu diagnose`: walk the tree by flags and prompts, and print the diagnosis."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import typer
from typer.core import TyperCommand

from xingtu_cli import answers, casefile, helptext, terminal
from xingtu_cli.answers import Answers, Details
from xingtu_cli.cli import clash, dates, drafting, saved
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
from xingtu_cli.cli.session import Session, day, is_set, not_one_of
from xingtu_cli.commandline import command
from xingtu_cli.diagnosis import Diagnosis, diagnose
from xingtu_cli.errors import Unfinished, UnneededAnswers
from xingtu_cli.rules.model import Question
from xingtu_cli.terminal import Line
from xingtu_cli.text import Text, join, same
from xingtu_cli.walk import Walk, walk

UNNEEDED = Text("这条路线用不到：{flags}", "not needed on this route: {flags}")
FORMATS = ("text", "json", "markdown")


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
    show = _reporter(session)
    tree, today = session.rules(), day(given["today"])
    own = clash.files_of(given, session)
    place = saved.place_to_save(given["save"], force=given["force"])
    wish, calendar = drafting.wished(given, session), dates.wished(given, session)
    opened = saved.open_answers(given["answers"], tree, today, session)
    flags = {each.id: given[parameter_of(each)] for each in tree.questions.values()}
    flags |= {each.id: given[parameter_of(each)] for each in tree.details.values()}
    known, flagged = answers.parse_all(tree, flags, today)
    details = {**opened.details, **flagged}
    saving = ("--save", str(place)) if place else ()

    def line(answers: Answers, details: Details, further: Sequence[str] = ()) -> str:
        own = (opened.beyond(answers), opened.beyond(details))
        force = ["--force"] if given["force"] and further else []
        to_day = ("--today", today.isoformat()) if given["today"] else ()
        return command(*own, [*opened.words(), *further, *force, *to_day, *session.repeat])

    asks = _may_ask(given)
    try:
        start = walk(tree, {**opened.answers, **known}, today, opened.done)
        finished = _walked(start, session, asks=asks)
    except Unfinished as error:
        if error.asked and (error.answers or details):
            further = [*saving, *wish.words(), *calendar.words()]
            error.resume = line(error.answers, details, further)
        raise
    told = [name for name in finished.unneeded if name in known or not opened.case]
    _report_unneeded(told, session, strict=given["strict"], quiet=given["quiet"])

    def save(diagnosis: Diagnosis, *, force: bool) -> str:
        """Save the case if that is wanted, and return its id, or that of the one taken up."""
        if not place:
            return opened.case.id if opened.case else ""
        case = casefile.from_walk(finished, diagnosis.details, place, opened.case)
        casefile.save(case, place, tree, force=force)
        return case.id

    desk = drafting.Desk(
        session=session,
        tree=tree,
        wish=wish,
        redo=lambda details: diagnose(finished, details, session.lang),
        line=lambda diagnosis, words: line(
            diagnosis.answers, diagnosis.details, [*([] if desk.reader else saving), *words]
        ),
        talk=terminal.Conversation(session.color) if asks else None,
        own=own,
        quiet=given["quiet"],
    )
    diagnosis = desk.before(diagnose(finished, details, session.lang))
    case_id = save(diagnosis, force=given["force"])
    dates.write(calendar, diagnosis, tree, session, case=case_id, quiet=given["quiet"])
    if not wish.to_stdout and not calendar.to_stdout:
        show(diagnosis, line(diagnosis.answers, diagnosis.details))
    if place and not given["quiet"]:
        saved.remark_saved(place, session)
    fuller = desk.after(diagnosis)
    if fuller.details != diagnosis.details:
        save(fuller, force=True)
    return 0


def _may_ask(given: Mapping[str, Any]) -> bool:
    """Tell whether anything may be asked: nobody forbade it, and someone is there."""
    forbidden = given["no_input"] or is_set("XINGTU_NO_INPUT") or given["answers"] == saved.STDIN
    return not forbidden and terminal.can_ask()


def _walked(so_far: Walk, session: Session, *, asks: bool) -> Walk:
    if not isinstance(so_far.at, Question):
        return so_far
    from xingtu_cli.ask import ask, missing

    if not asks:
        raise missing(so_far)
    return ask(so_far, terminal.Conversation(session.color), session.lang)


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


def _reporter(session: Session) -> Callable[[Diagnosis, str], None]:
    """Return what prints a diagnosis, with the line that repeats the run, in the format asked."""
    from xingtu_cli import render

    match session.format:
        case "json":
            return lambda diagnosis, _: terminal.write(render.as_json(diagnosis))
        case "markdown":
            return lambda diagnosis, again: terminal.write(render.as_markdown(diagnosis, again))
        case "text" | "":
            return lambda diagnosis, again: terminal.show(
                render.as_page(diagnosis, again, terminal.page_width()), color=session.color
            )
        case other:
            raise not_one_of("--format", other, FORMATS)
