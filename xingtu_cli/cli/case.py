"""`xingtu case …`: a saved case: where it stands, what is done, and an overview of many."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from xingtu_cli import answers, casefile, caseview, files, helptext, terminal
from xingtu_cli.casefile import Case
from xingtu_cli.casestate import CaseState, state_of
from xingtu_cli.caseview import Listed
from xingtu_cli.cli import clash, dates, wishes
from xingtu_cli.cli.failing import error_lines
from xingtu_cli.cli.flags import flag, format_flag, global_flags, signed, word
from xingtu_cli.cli.pages import Examples, page_class
from xingtu_cli.cli.saved import OTHER_GUIDE, remark_left_out, with_rules
from xingtu_cli.cli.session import Session, day
from xingtu_cli.commandline import file_word, program
from xingtu_cli.diagnosis import DoStep, mark
from xingtu_cli.errors import CannotRead, CaseChanged, UsageError, XingtuError
from xingtu_cli.layout import Line
from xingtu_cli.progress import Standing
from xingtu_cli.rules.model import Tree
from xingtu_cli.shell import quoted
from xingtu_cli.text import Text, did_you_mean, folded, join, plain, same

FORMATS = ("text", "json")
ATTACH = "attach"
DRAFT = Text("草稿.eml", "draft.eml")
HELP_OF_DONE = "xingtu case done"
TRIES = 20  # at ticking off a step of a case that others change at the same moment
HEAD = 64 * 1024  # bytes in which a file says that it is a case
ABOUT = Text(
    "存档：看进展、勾掉做完的步骤、列出很多份。",
    "Saved cases: where one stands, which steps are done, and an overview of many.",
)
ABOUT_SHOW = Text(
    "看一份存档今天进展到哪里、下一步做什么、哪天做。",
    "Show where a saved case stands today: what is done, what is next, and when.",
)
ABOUT_DONE = Text("在存档里勾掉做完的一步。", "Tick off a step of a saved case.")
ABOUT_LIST = Text(
    "列出文件夹里的存档，最急的在前。", "List the saved cases of a folder, the most urgent first."
)
FILE = Text("存档文件", "the saved case")
STEP_WORD = Text("步骤", "STEP")
STEP = Text(
    "步骤的编号、标题或名称，见 xingtu case show",
    "its number, title or name; see xingtu case show",
)
FOLDER_WORD = Text("文件夹", "FOLDER")
FOLDER = Text("默认为当前文件夹", "default: the current one")
ON = Text("哪一天做完的（默认今天）", "the day on which it was done (default: today)")
UNDO = Text("取消勾选：这一步其实没做", "take it back: the step is not done")
EXAMPLES: Examples = [
    ("xingtu diagnose --save case.yaml", Text("诊断并存档", "diagnose and save")),
    ("xingtu case show case.yaml", Text("看进展和下一步", "see where it stands")),
    ("xingtu case done case.yaml 1", Text("第 1 步做完了", "step 1 is done")),
    ("xingtu case list", Text("哪一份最急", "which is most urgent")),
]

NO_STEP = Text("这份存档没有“{step}”这一步", "this case has no step “{step}”")
NO_STEPS_YET = Text(
    "这份存档还缺回答，没有步骤可勾。先补上：\n{line}",
    "an answer is missing in this case, so it has no steps yet. Give it first:\n{line}",
)
LISTED = Text("{step}（{name}）", "{step} ({name})")
THERE_ARE = Text("现在的步骤：\n{steps}", "its steps are:\n{steps}")
NOT_YET = Text(
    "--on 不能是 {day}：这一天还没到（今天是 {today}）",
    "--on cannot be {day}: this day is still to come (today is {today})",
)
TICKED = Text("√ {step}：{day}完成", "√ {step}: done {day}")
ALREADY = Text(
    "{step}：{day}就已勾掉，存档没有改动", "{step}: ticked off on {day} already; nothing changed"
)
NOT_DONE = Text("{step}：本来就没有勾掉，存档没有改动", "{step}: not ticked off; nothing changed")
TAKEN_BACK = Text("{step}：已取消勾选", "{step}: no longer ticked off")
OUT_OF_ORDER = Text(
    "请注意：前面还有没做的步骤：{steps}", "Please note: steps before it are not done: {steps}"
)
TOO_EARLY = Text(
    "请注意：这一步最早 {from_}才能做，登记的日期是 {day}",
    "Please note: this step can be done from {from_}, and {day} was entered",
)
TAKE_BACK = Text(
    "勾错了的话，在这行命令后面加 --undo 再运行，就取消",
    "If that was a slip, run the command again with --undo to take it back",
)
BEFORE = Text(
    "请注意：登记的日期 {day}早于“{label}”{answer}，请核对年份和月份；写错了，用 --on 再登记一次",
    "Please note: {day} was entered, before “{label}” {answer}; check the year and month, and if it"
    " is wrong, enter it again with --on",
)


def add(app: typer.Typer, session: Session) -> None:
    """Put the group `case` and its commands into the app."""
    group = typer.Typer(
        cls=page_class(TyperGroup, session, EXAMPLES),
        rich_markup_mode=None,
        help=ABOUT.in_(session.lang),
    )

    def root(**_: Any) -> None:
        """Take the global options, which the session has read already."""

    group.callback()(signed(root, global_flags(session)))

    def show(**given: Any) -> int:
        return _show(session, given)

    def done(**given: Any) -> int:
        return _done(session, given)

    def list_(**given: Any) -> int:
        return _list(session, given)

    lang, panel = session.lang, helptext.RUN
    file = word("file", session, about=FILE, values=helptext.FILE.in_(lang))
    step = word("step", session, about=STEP, values=STEP_WORD.in_(lang))
    folder = word("folder", session, about=FOLDER, kind=str | None, values=FOLDER_WORD.in_(lang))
    on = flag("on", session, panel=panel, about=ON, values=helptext.DATE.in_(lang))
    ics = flag("ics", session, panel=panel, values=f"{helptext.FILE.in_(lang)}|-")
    force = flag("force", session, panel=panel, kind=bool)
    undo = flag("undo", session, panel=panel, about=UNDO, kind=bool)
    shared = [
        flag("today", session, panel=panel, values=helptext.DATE.in_(lang)),
        format_flag(session, FORMATS),
        *global_flags(session),
    ]
    for name, about, run, own in (
        ("show", ABOUT_SHOW, show, [file, ics, force]),
        ("done", ABOUT_DONE, done, [file, step, on, undo]),
        ("list", ABOUT_LIST, list_, [folder]),
    ):
        group.command(name, cls=page_class(TyperCommand, session, []), help=about.in_(lang))(
            signed(run, [*own, *shared])
        )
    app.add_typer(group, name="case")


# ─── show ────────────────────────────────────────────────────────────────────────────────────────


def _show(session: Session, given: Mapping[str, Any]) -> int:
    as_json = session.format_among(FORMATS) == "json"
    tree, today, file = session.rules(), day(given["today"]), given["file"]
    clash.files_of(given, session)
    calendar = wishes.calendar(given, session)
    case = _of_this_guide(casefile.load(Path(file)), tree)
    state = _state(case, file, tree, today, session)
    reached = state.diagnosis if state.reached else None
    dates.write(calendar, reached, tree, session, case=case.id, quiet=False)
    if calendar.to_stdout:
        return 0
    if as_json:
        terminal.write(caseview.as_json(state, tree, file, session.lang))
        return 0
    lines = _lines_to_run(file, state, given, session)
    terminal.show(caseview.as_page(state, tree, file, lines, session.lang), color=session.color)
    return 0


def _of_this_guide(case: Case, tree: Tree) -> Case:
    """Return a case, or raise `UsageError` where nothing in it would fit the rules in force."""
    if not case.is_of(tree):
        raise UsageError(with_rules(OTHER_GUIDE, case, tree))
    return case


def _state(
    case: Case, file: str, tree: Tree, today: date, session: Session, *, told: bool = False
) -> CaseState:
    """Tell where a case stands, and say on standard error what of it does not fit the rules.

    Nothing is said where that was `told` already.
    """
    fitted, done = case.fitted(tree, file, today)
    if not told:
        remark_left_out(case, fitted.problems, tree, session)
    return state_of(case, tree, fitted.answers, fitted.details, done, today, session.lang)


def _lines_to_run(
    file: str, state: CaseState, given: Mapping[str, Any], session: Session
) -> Mapping[str, str]:
    today = ["--today", state.today.isoformat()] if given["today"] else []
    end = [*today, *session.repeat]
    file = file_word(file)
    answer = [*program(), "diagnose", "--answers", file, "--save", file, "--force", *end]
    done = [*program(), "case", "done", file, state.next.step.id if state.next else "", *end]
    known, email = (found.details, found.email) if (found := state.diagnosis) else ({}, None)
    draft = quoted([*answer, "--eml", DRAFT.in_(session.lang)])
    if email:
        lacking = [*email.unfilled, *([ATTACH] if email.files else [])]
        draft += "".join(f" --{name} …" for name in lacking)
        draft += "".join(f" --{name} {','.join(known[name])},…" for name in email.short)
    return {"answer": quoted(answer), "done": quoted(done), "draft": draft}


# ─── done ────────────────────────────────────────────────────────────────────────────────────────


def _done(session: Session, given: Mapping[str, Any]) -> int:
    as_json = session.format_among(FORMATS) == "json"
    tree, today, file = session.rules(), day(given["today"]), given["file"]
    on = _day_done(given["on"], today)
    path = Path(file)
    for left in reversed(range(TRIES)):
        case = _of_this_guide(casefile.load(path), tree)
        state = _state(case, file, tree, today, session, told=left < TRIES - 1)
        # what was done can be taken back by its id all the same
        if not state.standings and not (given["undo"] and _wanted(given["step"]) in case.done):
            line = _lines_to_run(file, state, given, session)["answer"]
            raise UsageError(NO_STEPS_YET.format(line=line))
        if given["undo"]:
            renewed, told = _undone(case, given["step"], state)
        else:
            standing = _named(given["step"], state)
            renewed, told = _ticked(case, standing.step, on, explicit=given["on"] is not None)
        try:
            if renewed != case:
                casefile.update(renewed, path, tree)
            break
        except CaseChanged:  # somebody ticked off another step meanwhile: both shall stand
            if not left:
                raise
    if renewed != case:
        if not given["undo"]:
            _warn(standing, state, on, tree, session)
        state = _state(renewed, file, tree, today, session, told=True)
    if as_json:
        terminal.write(caseview.as_json(state, tree, file, session.lang))
        return 0
    lines = _lines_to_run(file, state, given, session)
    page = [
        Line(told.in_(session.lang), hanging=2),
        *caseview.what_next(state, lines, session.lang),
    ]
    terminal.show(page, color=session.color)
    return 0


def _day_done(given: str | None, today: date) -> date:
    if given is None:
        return today
    on = day(given, flag="--on")
    if on > today:
        raise UsageError(NOT_YET.format(day=on, today=today), command=HELP_OF_DONE)
    return on


def _named(typed: str, state: CaseState) -> Standing:
    """Return the step that a number, a name or a title means."""
    wanted = _wanted(typed)
    for standing in state.standings:
        step = standing.step
        titles = (
            step.title,
            *same(step.title).plus(mark(step)),
        )  # with the mark, in both languages
        if wanted in (str(step.number), step.id) or folded(typed) in map(folded, titles):
            return standing
    steps = [standing.step for standing in state.standings]
    known = [name for step in steps for name in (step.id, step.title)]
    message = NO_STEP.format(step=answers.quoted(typed)).plus(did_you_mean(wanted, known))
    listed = [LISTED.format(step=caseview.called(step), name=step.id) for step in steps]
    there_are = THERE_ARE.format(steps=join(listed, zh="\n", en="\n"))
    raise UsageError(message.plus(same("\n")).plus(there_are), command=HELP_OF_DONE)


def _wanted(typed: str) -> str:
    return plain(typed).rstrip(".")


def _ticked(case: Case, step: DoStep, on: date, *, explicit: bool) -> tuple[Case, Text]:
    before = case.done.get(step.id)
    if before and (before == on or not explicit):
        return case, ALREADY.format(step=caseview.called(step), day=answers.show_date(before))
    renewed = replace(case, done={**case.done, step.id: on})
    return renewed, TICKED.format(step=caseview.called(step), day=answers.show_date(on))


def _undone(case: Case, typed: str, state: CaseState) -> tuple[Case, Text]:
    name, called = _wanted(typed), same(typed)
    if name not in case.done:  # a number, or a step that is not done
        step = _named(typed, state).step
        name, called = step.id, caseview.called(step)
    if name not in case.done:
        return case, NOT_DONE.format(step=called)
    left = {step: on for step, on in case.done.items() if step != name}
    return replace(case, done=left), TAKEN_BACK.format(step=called)


def _warn(standing: Standing, state: CaseState, on: date, tree: Tree, session: Session) -> None:
    step, told = standing.step, []
    if standing.after:
        earlier = [each.step for each in state.standings if each.step.number in standing.after]
        told.append(OUT_OF_ORDER.format(steps=join([caseview.called(each) for each in earlier])))
    if step.starts and on < step.starts and not step.assumes:
        told.append(
            TOO_EARLY.format(from_=answers.show_date(step.starts), day=answers.show_date(on))
        )
    if told:
        told.append(TAKE_BACK)
    for name, answer in state.diagnosis.answers.items() if state.diagnosis else ():
        question = tree.questions[name]
        if isinstance(answer, date) and question.latest == "today" and on < answer:
            day, before = answers.show_date(on), answers.show_date(answer)
            told.append(BEFORE.format(day=day, label=question.label, answer=before))
    lines = [Line(text.in_(session.lang), style="note", hanging=2) for text in told]
    terminal.remark(lines, color=session.color)


# ─── list ────────────────────────────────────────────────────────────────────────────────────────


def _list(session: Session, given: Mapping[str, Any]) -> int:
    as_json = session.format_among(FORMATS) == "json"
    tree, today = session.rules(), day(given["today"])
    folder = Path(given["folder"] or ".")
    found: list[Listed] = []
    failed: list[tuple[Path, XingtuError]] = []
    for path in _candidates(folder):
        try:
            if _is_case(path):
                state = _state(casefile.load(path), str(path), tree, today, session)
                found.append(Listed(str(path), state))
        except XingtuError as error:
            failed.append((path, error))
    cases = caseview.ordered(found)
    if as_json:
        terminal.write(caseview.list_as_json(cases, failed, tree, today, session.lang))
    else:
        _show_list(cases, failed, folder, session)
    return 1 if failed else 0


def _candidates(folder: Path) -> Sequence[Path]:
    """Return the files of a folder that may be cases; links may lead anywhere and are left out."""
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in (".yaml", ".yml")
            and not path.name.startswith(".")
            and not path.is_symlink()
            and path.is_file()
        )
    except OSError as error:
        raise CannotRead(files.why_not_read(folder, error, folder=True)) from None


def _is_case(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return casefile.looks_like_case(file.read(HEAD))
    except OSError as error:
        raise CannotRead(files.why_not_read(path, error)) from None


def _show_list(
    cases: Sequence[Listed],
    failed: Sequence[tuple[Path, XingtuError]],
    folder: Path,
    session: Session,
) -> None:
    if cases:
        table = caseview.as_table(cases, session.lang, terminal.page_width())
        terminal.show(table, color=session.color)
    elif not failed:
        told = caseview.NO_CASES.format(folder=folder).in_(session.lang)
        terminal.remark([Line(told)], color=session.color)
    for _, error in failed:
        terminal.remark(error_lines(error, session), color=session.color)
