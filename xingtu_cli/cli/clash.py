"""The files of one run: nothing it writes may be what it reads, or written twice."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from xingtu_cli.cli.session import Session
from xingtu_cli.errors import UsageError
from xingtu_cli.files import same_file
from xingtu_cli.text import Text

STREAM = "-"
READ = ("answers", "attach", "statement", "file")  # the last: the case shown, or the table
WRITTEN = ("eml", "save", "ics", "output", "template")
TAKEN_UP = ("save", "answers")  # a case is saved where it was taken up

READ_TOO = Text(
    "--{flag}：{file} 是这次要读的文件，不能覆盖，请换一个文件名",
    "--{flag}: {file} is read by this run and would be lost; give another name",
)
TWICE = Text(
    "--{one} 和 --{other} 写的是同一个文件 {file}，请给其中一个换个文件名",
    "--{one} and --{other} would write the same file {file}; give one of them another name",
)


class RunFiles(NamedTuple):
    """The files that the flags name, by flag: those the run reads, and those it writes."""

    read: Mapping[str, Sequence[Path]]
    written: Mapping[str, Path]

    @property
    def all(self) -> Sequence[Path]:
        """All of them, read and written."""
        return [*(path for paths in self.read.values() for path in paths), *self.written.values()]


def files_of(flags: Mapping[str, Any], session: Session) -> RunFiles:
    """Return the files of a run; raise `UsageError` where it would overwrite one of its own.

    To be called before anything is read, asked or written; `--force` makes no difference.
    """
    found = RunFiles(
        {**{flag: _paths(flags.get(flag)) for flag in READ}, "rules": [session.rules_file]},
        {flag: path for flag in WRITTEN for path in _paths(flags.get(flag))},
    )
    for flag, path in found.written.items():
        for other, paths in found.read.items():
            if (flag, other) != TAKEN_UP and any(same_file(path, each) for each in paths):
                raise UsageError(READ_TOO.format(flag=flag, file=path))
    for (one, path), (other, again) in combinations(found.written.items(), 2):
        if same_file(path, again):
            raise UsageError(TWICE.format(one=one, other=other, file=again))
    return found


def _paths(given: str | list[str] | None) -> Sequence[Path]:
    names = [given] if isinstance(given, str) else given or []
    return [Path(name) for name in names if name not in ("", STREAM)]
