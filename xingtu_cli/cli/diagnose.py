"""`xingtu diagnose`: walk the tree by flags and prompts, and print the diagnosis."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import typer
from typer.core import TyperCommand

from xingtu_cli import answers, casefile, helptext, terminal
from xingtu_cli.answers import Answer, Answers, Details
from xingtu_cli.cli import saved
from xingtu_cli.cli.flags import (
    detail_flags,
    flag,
    format_flag,
    global_flags,
    parameter_of,
    question_flags,
    signed,
)
from xingtu_cli.cli.pages import diagnose_examples, page_class
from xingtu_cli.cli.session import Session, day, is_set, not_one_of
from xingtu_cli.commandline import command
from xingtu_cli.diagnosis import Diagnosis, diagnose
from xingtu_cli.errors import InvalidAnswer, InvalidAnswers, Unfinished, UnneededAnswers
from xingtu_cli.rules.model import Question, Tree
from xingtu_cli.terminal import Line
from xingtu_cli.text import Text, join, same
from xingtu_cli.walk import Walk, walk

UNNEEDED = Text("这条路线用不到：{flags}", "not needed on this route: {flags}")
FORMATS = ("text", "json", "markdown")


def add(app: typer.Typer, session: Session) -> None:
    """Put `diagnose` into the app, with a flag for each question of the rules in force."""

    def run(**given: Any) -> int:
        return _diagnose(session, given)

    panel = helptext.RUN
    flags = [
        *question_flags(session),
        *detail_flags(session),
        flag("today", session, panel=panel, values=helptext.DATE.in_(session.lang)),
        flag("answers", session, panel=panel, values=f"{helptext.FILE.in_(session.lang)}|-"),
        flag("no-input", session, panel=panel, kind=bool),
        format_flag(session, FORMATS),
        flag("save", session, panel=panel, values=helptext.FILE.in_(session.lang)),
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
        help=helptext.ABOUT_DIAGNOSE.in_(session.lang),
        context_settings=loose,
    )(signed(run, flags))


def _diagnose(session: Session, given: Mapping[str, Any]) -> int:
    show = _reporter(session)
    tree, today = session.rules(), day(given["today"])
    place = saved.place_to_save(given["save"], force=given["force"])
    opened = saved.open_answers(given["answers"], tree, today, session)
    known, flagged = _parsed(tree, given, today)
    details = {**opened.details, **flagged}
    options = (*(("--today", today.isoformat()) if given["today"] else ()), *session.repeat)

    def line(answers: Answers, *further: str) -> str:
        own = (opened.beyond(answers), opened.beyond(details))
        return command(*own, [*opened.words(), *further, *options])

    try:
        start = walk(tree, {**opened.answers, **known}, today, opened.done)
        no_input = given["no_input"] or given["answers"] == saved.STDIN
        finished = _walked(start, session, no_input=no_input)
    except Unfinished as error:
        if error.asked and (error.answers or details):
            save = ("--save", str(place)) if place else ()
            error.resume = line(error.answers, *save, *(["--force"] if given["force"] else []))
        raise
    told = [name for name in finished.unneeded if name in known or not opened.case]
    _report_unneeded(told, session, strict=given["strict"], quiet=given["quiet"])
    diagnosis = diagnose(finished, details, session.lang)
    if place:
        case = casefile.from_walk(finished, details, place, opened.case)
        casefile.save(case, place, tree, force=given["force"])
    show(diagnosis, line(diagnosis.answers))
    if place and not given["quiet"]:
        saved.remark_saved(place, session)
    return 0


def _parsed(
    tree: Tree, given: Mapping[str, Any], today: date
) -> tuple[Mapping[str, Answer], Details]:
    """Read every answer and detail that a flag gave, and raise all that is wrong with them."""
    known: dict[str, Answer] = {}
    details: dict[str, tuple[str, ...]] = {}
    errors: list[InvalidAnswer] = []
    for question in tree.questions.values():
        if value := given[parameter_of(question)]:
            try:
                known[question.id] = answers.parse(question, value, today)
            except InvalidAnswer as error:
                errors.append(error)
        elif value == "":
            errors.append(answers.refuse_empty(question))
    for detail in tree.details.values():
        try:
            if values := answers.parse_detail(detail, given[parameter_of(detail)] or ()):
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

    if no_input or is_set("XINGTU_NO_INPUT") or not terminal.can_ask():
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
