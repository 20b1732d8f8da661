"""The dated steps as a calendar file: `--ics`."""

from pathlib import Path

from xingtu_cli import calendarfile, files, terminal
from xingtu_cli.answers import ESTIMATED
from xingtu_cli.cli.session import Session
from xingtu_cli.cli.wishes import Calendar
from xingtu_cli.diagnosis import Diagnosis, DoStep, mark
from xingtu_cli.layout import Line
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import NOTHING, Text, join, same, visible

NO_DATES = Text(
    "现在没有要等的日期，没有写日历文件。", "There is no day to wait for; no calendar was written."
)
WRITTEN = Text(
    "√ 日历已写到 {file}，导入日历软件即可：{days}",
    "√ The calendar is in {file}, to be imported into yours: {days}",
)


def write(
    wish: Calendar,
    diagnosis: Diagnosis | None,
    tree: Tree,
    session: Session,
    *,
    case: str,
    quiet: bool,
) -> None:
    """Write the calendar that `--ics` asks for, and say so on standard error.

    `case` is the id of the saved case, if there is one. Where there is no day, that is said and
    nothing written.
    """
    if not wish.ics:
        return
    steps = calendarfile.dated(diagnosis) if diagnosis else []
    if not diagnosis or not steps:
        _remark(NO_DATES, session)
        return
    data = calendarfile.calendar(diagnosis, tree, wish.stamp, case)
    if wish.to_stdout:
        with terminal.binary_output() as stream:
            stream.write(data)
        return
    files.write(Path(wish.ics), data, force=wish.force, private=True)
    if not quiet:
        days = join([_dated(step) for step in steps], zh="；", en="; ")
        _remark(WRITTEN.format(file=wish.ics, days=days), session)


def _dated(step: DoStep) -> Text:
    day = same(f"{step.starts}").plus(ESTIMATED if step.estimated else NOTHING)
    return day.plus(same(f" {step.title}")).plus(mark(step))


def _remark(text: Text, session: Session) -> None:
    line = Line(visible(text.in_(session.lang)), style="note", hanging=2)
    terminal.remark([line], color=session.color)
