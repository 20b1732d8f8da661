"""The dated steps as a calendar file: `--ics`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from xingtu_cli import answers, calendarfile, files, terminal
from xingtu_cli.cli.session import Session, day
from xingtu_cli.clock import CHINA, now
from xingtu_cli.diagnosis import Diagnosis
from xingtu_cli.errors import UsageError
from xingtu_cli.rules.model import Tree
from xingtu_cli.terminal import Line
from xingtu_cli.text import Text, join, same

STDOUT = "-"
NO_NAME = Text("--ics 后面要写文件名，或 -", "--ics needs the name of a file, or -")
TWO_RESULTS = Text(
    "--ics - 把日历写到标准输出，不能再用 {other}",
    "--ics - writes the calendar to standard output; {other} does not go with it",
)
NO_DATES = Text(
    "现在没有要等的日期，没有写日历文件。", "There is no day to wait for; no calendar was written."
)
WRITTEN = Text(
    "√ 日历已写到 {file}，导入日历软件即可：{days}",
    "√ The calendar is in {file}, to be imported into yours: {days}",
)


class Wish(NamedTuple):
    """What the flags say of a calendar. `ics` is its file, `-` for standard output, or empty.

    `stamp` is the time at which it is written.
    """

    ics: str
    force: bool
    stamp: datetime

    @property
    def to_stdout(self) -> bool:
        """Whether the calendar takes the place of the report."""
        return self.ics == STDOUT

    def words(self) -> Sequence[str]:
        """Return the flags that ask for the calendar again."""
        return ["--ics", self.ics] if self.ics else []


def wished(flags: Mapping[str, Any], session: Session) -> Wish:
    """Read the flags, and raise what can be known to be wrong before anything is asked."""
    ics = flags["ics"]
    if ics == "":
        raise UsageError(NO_NAME)
    if ics == STDOUT:
        if session.format not in ("", "text"):
            raise UsageError(TWO_RESULTS.format(other=f"--format {session.format}"))
        if flags.get("eml") == STDOUT:
            raise UsageError(TWO_RESULTS.format(other="--eml -"))
    elif ics:
        files.check_place(Path(ics), force=flags["force"])
    return Wish(ics or "", flags["force"], _stamp(flags["today"]))


def _stamp(today: str | None) -> datetime:
    """Return the time of writing: now, or the beginning of the day that stands for today."""
    return datetime.combine(day(today), time(), CHINA) if today else now()


def write(
    wish: Wish, diagnosis: Diagnosis | None, tree: Tree, session: Session, *, case: str, quiet: bool
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
        days = join([same(f"{step.starts} {step.title}") for step in steps], zh="；", en="; ")
        _remark(WRITTEN.format(file=wish.ics, days=days), session)


def _remark(text: Text, session: Session) -> None:
    line = Line(answers.visible(text.in_(session.lang)), style="note", hanging=2)
    terminal.remark([line], color=session.color)
