"""What the flags ask of a run beside its report, looked at before anything is asked or written.

Reading answers, saving the case, a draft and a calendar are each done in a room of their own, which
only a run that wants it has to load.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from xingtu_cli import files
from xingtu_cli.cli import clash
from xingtu_cli.cli.clash import STREAM, RunFiles
from xingtu_cli.cli.session import Session, day
from xingtu_cli.clock import CHINA, now
from xingtu_cli.commandline import file_word
from xingtu_cli.errors import UsageError
from xingtu_cli.text import Text, visible

NO_NAME = Text("--{flag} 后面要写文件名，或 -", "--{flag} needs the name of a file, or -")
NO_FILE_NAME = Text("--{flag} 后面要写文件名", "--{flag} needs the name of a file")
A_FOLDER_NAME = Text(
    "--{flag} 的“{name}”是文件夹，后面还要写文件名",
    "--{flag}: {name} is a folder; add the name of a file",
)
WITHOUT_EML = Text(
    "--{flag} 要和 --eml 一起用：它是给邮件草稿的", "--{flag} is for a draft; give --eml as well"
)
TWO_RESULTS = {
    "eml": Text(
        "--eml - 把草稿写到标准输出，不能再用 {other}",
        "--eml - writes the draft to standard output; {other} does not go with it",
    ),
    "ics": Text(
        "--ics - 把日历写到标准输出，不能再用 {other}",
        "--ics - writes the calendar to standard output; {other} does not go with it",
    ),
}


class Draft(NamedTuple):
    """A draft of the e-mail. `eml` is its file, `-` for standard output, or empty."""

    eml: str = ""
    given: tuple[Path, ...] = ()
    statement: Path | None = None
    force: bool = False

    @property
    def to_stdout(self) -> bool:
        """Whether the draft takes the place of the report."""
        return self.eml == STREAM

    def words(self, further: Sequence[Path] = ()) -> Sequence[str]:
        """Return the flags that ask for the draft again, with the files given since."""
        if not self.eml:
            return []
        words = ["--eml", self.eml if self.to_stdout else file_word(self.eml)]
        for path in dict.fromkeys([*self.given, *further]):
            words += ["--attach", file_word(str(path))]
        if self.statement:
            words += ["--statement", file_word(str(self.statement))]
        return words


class Calendar(NamedTuple):
    """A calendar of the dated steps. `ics` is its file, `-` for standard output, or empty.

    `stamp` is the time at which it is written.
    """

    ics: str
    force: bool
    stamp: datetime

    @property
    def to_stdout(self) -> bool:
        """Whether the calendar takes the place of the report."""
        return self.ics == STREAM

    def words(self) -> Sequence[str]:
        """Return the flags that ask for the calendar again."""
        return ["--ics", self.ics if self.to_stdout else file_word(self.ics)] if self.ics else []


class Wishes(NamedTuple):
    """What `diagnose` is to write beside the report; `own` are all the run's files."""

    own: RunFiles
    save: Path | None
    draft: Draft
    calendar: Calendar

    @property
    def to_stdout(self) -> bool:
        """Whether something else takes the place of the report."""
        return self.draft.to_stdout or self.calendar.to_stdout

    def saving(self) -> Sequence[str]:
        """Return the flags that save the case again."""
        return ["--save", file_word(str(self.save))] if self.save else []

    def words(self) -> Sequence[str]:
        """Return the flags that ask for all of it again."""
        return [*self.saving(), *self.draft.words(), *self.calendar.words()]


def wished(flags: Mapping[str, Any], session: Session) -> Wishes:
    """Read the flags of `diagnose`; raise `UsageError` or `CannotWrite` for what cannot be."""
    own = clash.files_of(flags, session)
    return Wishes(own, _save(flags), _draft(flags, session), calendar(flags, session))


def _save(flags: Mapping[str, Any]) -> Path | None:
    """Return the path that `--save` names, once it is sure that it may be written."""
    name = flags["save"]
    if name is None:
        return None
    if name in ("", STREAM):
        raise UsageError(NO_FILE_NAME.format(flag="save"))
    return _place("save", name, flags)


def _draft(flags: Mapping[str, Any], session: Session) -> Draft:
    """Read `--eml`, `--attach` and `--statement`."""
    eml, given, statement = flags["eml"], flags["attach"] or [], flags["statement"]
    if eml is None:
        for flag, value in (("attach", given), ("statement", statement)):
            if value:
                raise UsageError(WITHOUT_EML.format(flag=flag))
        return Draft()
    _check("eml", flags, session)
    for flag, names in (("attach", given), ("statement", [statement])):
        if "" in names:
            raise UsageError(NO_FILE_NAME.format(flag=flag))
    return Draft(
        eml, tuple(map(Path, given)), Path(statement) if statement else None, flags["force"]
    )


def calendar(flags: Mapping[str, Any], session: Session) -> Calendar:
    """Read `--ics`; the day that stands for today is also when the calendar was written."""
    if flags["ics"] is not None:
        _check("ics", flags, session)
    today = flags["today"]
    stamp = datetime.combine(day(today), time(), CHINA) if today else now()
    return Calendar(flags["ics"] or "", flags["force"], stamp)


def _check(flag: str, flags: Mapping[str, Any], session: Session) -> None:
    """Raise what is wrong with a flag that names a file to be written, or standard output."""
    name = flags[flag]
    if not name:
        raise UsageError(NO_NAME.format(flag=flag))
    if name != STREAM:
        _place(flag, name, flags)
        return
    if session.format not in ("", "text"):
        raise UsageError(TWO_RESULTS[flag].format(other=f"--format {session.format}"))
    if flag == "ics" and flags.get("eml") == STREAM:
        raise UsageError(TWO_RESULTS[flag].format(other="--eml -"))


def _place(flag: str, name: str, flags: Mapping[str, Any]) -> Path:
    """Return the path of a file to be written, once it is sure that it may be."""
    if files.names_a_folder(name):
        raise UsageError(A_FOLDER_NAME.format(flag=flag, name=visible(name)))
    files.check_place(Path(name), force=flags["force"])
    return Path(name)
