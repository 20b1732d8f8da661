"""The e-mail of each row as a draft in a folder of its own, all of them or none."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
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
NOT_YET = Text("先别发", "not-yet")  # in the name of a draft that must wait


class Drafts:
    """A folder of drafts while it is filled; `written` counts them, `held` those that must wait."""

    def __init__(self, folder: Path, beside: Path, desk: Desk) -> None:
        self._folder, self._beside, self._desk = folder, beside, desk
        self.written = self.held = 0

    def write(self, judged: Judged) -> None:
        """Write the draft of a row whose diagnosis has an e-mail."""
        if judged.walk is None or not judged.results.email_subject:
            return
        message = self._desk.diagnosis(judged).email
        assert message is not None
        name = file_name(judged.row.number, message, self._desk.lang)
        path, data = self._beside / name, mail.draft(message)
        with files.reporting(self._folder):  # not in place yet, so that no more care is due
            path.touch(mode=0o600, exist_ok=False)
            path.write_bytes(data)
        self.written += 1
        self.held += bool(message.hold)


def file_name(row: int, message: Message, lang: Lang) -> str:
    """Return a name that every system takes and no other row has: its number, then the subject."""
    held = f"{NOT_YET.in_(lang)}-" if message.hold else ""
    return f"{row:05d}-{held}{mail.file_name(message)}"


def refuse_full(folder: Path, *, force: bool) -> None:
    """Raise `CannotWrite` where `folder` is a file, or has files and `force` is not given."""
    with files.reporting(folder):
        if folder.exists() and not folder.is_dir():
            raise CannotWrite(NO_FOLDER.format(folder=folder))
        if not force and folder.is_dir() and any(folder.iterdir()):
            raise CannotWrite(NOT_EMPTY.format(folder=folder))


@contextmanager
def drafts_in(folder: Path, desk: Desk, *, force: bool) -> Iterator[Drafts]:
    """Fill a hidden folder whose drafts come into `folder` at the end, and none after a failure.

    They are moved one by one, over those of the same names. Where `folder` exists the hidden one is
    in it, for it may be another drive; else beside it.
    Raises as `refuse_full` does, and `CannotWrite` where it cannot be written.
    """
    refuse_full(folder, force=force)
    with files.reporting(folder):
        place = folder if folder.is_dir() else folder.parent
        name = tempfile.mkdtemp(prefix=files.hidden(folder), suffix=".part", dir=place)
    beside = Path(name)
    try:
        yield Drafts(folder, beside, desk)
        with files.reporting(folder):
            folder.mkdir(exist_ok=True)
            for draft in beside.iterdir():
                draft.replace(folder / draft.name)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
