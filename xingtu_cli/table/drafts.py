"""The e-mail of each row as a draft in a folder of its own, all of them or none."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xingtu_cli import files, mail
from xingtu_cli.diagnosis import Message
from xingtu_cli.errors import CannotWrite
from xingtu_cli.table.desk import Desk, Judged
from xingtu_cli.text import Lang, Text

NOT_EMPTY = Text(
    "文件夹 {folder} 里已有文件，没有动它；换个空文件夹，或加 --force",
    "the folder {folder} has files in it and was left as it is; name an empty one or add --force",
)
NO_FOLDER = Text("{folder} 不是文件夹", "{folder} is no folder")
A_FOLDER = Text("{path} 是文件夹，草稿放不到这里", "{path} is a folder, where a draft should come")
# in the names of drafts that cannot be sent as they are: one must wait, one has gaps to fill
NOT_YET = Text("先别发", "not-yet")
INCOMPLETE = Text("有空缺", "incomplete")


class Drafts:
    """A folder of drafts while it is filled.

    `written` counts them, `held` those that must wait, `incomplete` those with gaps in them.

    They are filled into a hidden folder. What they take the place of is kept there till the end.
    All of it is for its owner alone, whatever the umask, and so is a folder that is new.
    """

    def __init__(self, folder: Path, hidden: Path, desk: Desk, *, force: bool) -> None:
        self._folder, self._desk, self._force = folder, desk, force
        self._new, self._old = hidden / "new", hidden / "old"
        self._names: list[str] = []  # of those that come into the folder one by one
        self.written = self.held = self.incomplete = 0
        for each in (self._new, self._old):
            each.mkdir()
            each.chmod(0o700)

    def write(self, judged: Judged) -> None:
        """Write the draft of a row whose diagnosis has an e-mail."""
        if judged.walk is None or not judged.results.email_subject:
            return
        message = self._desk.diagnosis(judged).email
        assert message is not None
        name = file_name(judged.row.number, message, self._desk.lang)
        data = mail.draft(message)
        with (  # not in place yet, so that no more care is due
            files.reporting(self._folder),
            open(self._new / name, "xb", opener=_private) as file,
        ):
            file.write(data)
        self.written += 1
        self.held += bool(message.hold)
        self.incomplete += bool(message.unfilled)

    def place(self) -> None:
        """Let all drafts appear in their folder; `take_back` is due whatever ends it.

        A new folder appears whole. Into one that is there already they come one by one, over those
        of the same names only where that was asked for. Raises `FileExists` and `CannotWrite`.
        """
        if not self._folder.is_dir():
            with files.reporting(self._folder):
                self._new.rename(self._folder)
            return
        self._names = [draft.name for draft in self._new.iterdir()]
        for name in self._names:
            path = self._folder / name
            with files.reporting(path):
                if self._force:
                    self._set_aside(path)
                files.put_in_place(self._new / name, path)
                (self._new / name).unlink(missing_ok=True)

    def _set_aside(self, path: Path) -> None:
        if path.is_dir():
            raise CannotWrite(A_FOLDER.format(path=path))
        with suppress(FileNotFoundError):
            path.replace(self._old / path.name)

    def take_back(self) -> None:
        """Leave the folder as it was before `place`, however far that came."""
        if not self._new.exists():
            with suppress(OSError):
                self._folder.rename(self._new)
        for name in self._names:
            new, path, old = self._new / name, self._folder / name, self._old / name
            with suppress(OSError):
                if not new.exists() or (path.exists() and path.samefile(new)):
                    path.unlink(missing_ok=True)
                if old.exists():
                    old.replace(path)


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def file_name(row: int, message: Message, lang: Lang) -> str:
    """Return a name that every system takes and no other row has: its number, then the subject."""
    marks = [*([NOT_YET] if message.hold else []), *([INCOMPLETE] if message.unfilled else [])]
    name = "-".join([f"{row:05d}", *(mark.in_(lang) for mark in marks), mail.file_name(message)])
    if files.can_be_a_name(name):
        return name
    return "-".join([f"{row:05d}", *(mark.en for mark in marks)]) + mail.SUFFIX


def refuse_full(folder: Path, *, force: bool) -> None:
    """Raise `CannotWrite` where `folder` is a file, or has files and `force` is not given."""
    with files.reporting(folder):
        if folder.exists() and not folder.is_dir():
            raise CannotWrite(NO_FOLDER.format(folder=folder))
        if not force and folder.is_dir() and any(folder.iterdir()):
            raise CannotWrite(NOT_EMPTY.format(folder=folder))


@contextmanager
def drafts_in(folder: Path, desk: Desk, *, force: bool) -> Iterator[Drafts]:
    """Give what fills a folder with drafts; whatever fails in the block, `folder` is as it was.

    Where `folder` exists the hidden one is in it, for it may be another drive; else beside it.
    Raises as `refuse_full` does, and `CannotWrite` where it cannot be written.
    """
    refuse_full(folder, force=force)
    with files.reporting(folder):
        place = folder if folder.is_dir() else folder.parent
        name = tempfile.mkdtemp(prefix=files.hidden(folder), suffix=".part", dir=place)
    hidden = Path(name)
    try:
        with files.reporting(folder):
            hidden.chmod(0o700)
            drafts = Drafts(folder, hidden, desk, force=force)
        try:
            yield drafts
        except BaseException:
            drafts.take_back()
            raise
    finally:
        _remove(hidden)


def _remove(folder: Path) -> None:
    """Remove a folder; a Ctrl-C meanwhile comes too late to stop what is done by now."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except KeyboardInterrupt:
        shutil.rmtree(folder, ignore_errors=True)
