"""Files are written whole or not at all, and never over another by accident."""

import codecs
import errno
import io
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from xingtu_cli.errors import CannotRead, CannotWrite, FileExists, named, reason
from xingtu_cli.patience import Patient
from xingtu_cli.text import Text

PATIENCE = 5  # seconds to wait for a pipe, or for someone who is writing
LONGEST_NAME = 255  # bytes of a file's name in most file systems

NO_FILE = Text("没有 {path} 这个文件", "there is no file {path}")
NO_FOLDER = Text("没有 {path} 这个文件夹", "there is no folder {path}")
A_FOLDER = Text("{path} 是文件夹，请给出文件", "{path} is a folder; name a file")
NOT_A_FOLDER = Text("{path} 不是文件夹", "{path} is no folder")
CANNOT_READ = Text("读不了 {path}：{why}", "cannot read {path}: {why}")
TOO_LARGE = Text("{name} 超过 {size}", "{name} is larger than {size}")
NO_TEXT = Text(
    "{name} 不是文本文件，或编码既不是 UTF-8 也不是 GBK",
    "{name} is no text file, or neither in UTF-8 nor in GBK",
)
CANNOT_WRITE = Text("写不了 {path}：{why}", "cannot write {path}: {why}")
SYSTEM_LINKS = ("/dev/std", "/dev/fd/", "/proc/")
STANDARD = {"/dev/stdout": "/dev/fd/1", "/dev/stderr": "/dev/fd/2"}
NO_TEMPORARY = Text(
    "写不了临时文件：{why}；可以用环境变量 {variable} 换一个放临时文件的文件夹",
    "cannot write a temporary file: {why}; the environment variable {variable} may name another"
    " folder for it",
)
NO_PLACE = Text("没有能用的临时文件夹", "there is no folder for it")
BUSY = Text(
    "另一个 xingtu 正在改 {path}，等了 {seconds} 秒还没改完，请稍后再试",
    "another xingtu is changing {path} and has not finished within {seconds} seconds; try again",
)


class _Pipe:
    """A named pipe to read from; one to which nobody writes is given up after some seconds."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "_Pipe":
        # without O_NONBLOCK this would wait for a sender, and maybe for ever
        self.number = os.open(self.path, os.O_RDONLY | os.O_NONBLOCK)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.number)

    def read(self, most: int) -> bytes:
        """Return what is sent until the sender closes the pipe, but no more than `most` bytes."""
        from select import POLLIN, poll

        watch, data = poll(), bytearray()
        watch.register(self.number, POLLIN)
        while len(data) < most:
            if not watch.poll(PATIENCE * 1000):
                raise CannotRead(
                    Text(
                        "{path} 是管道，等了 {seconds} 秒没有内容",
                        "{path} is a pipe, and nothing came for {seconds} seconds",
                    ).format(path=self.path, seconds=PATIENCE)
                )
            sent = os.read(self.number, most - len(data))
            if not sent:
                break
            data += sent
        return bytes(data)


class _Written(io.FileIO):
    """A file to write to; what goes wrong with it, and nothing else, is `CannotWrite`."""

    def __init__(self, file: Path | int, path: Path) -> None:
        super().__init__(file, "wb")
        self.path = path

    def write(self, data: Any, /) -> int:
        """Write bytes, and return how many were."""
        with reporting(self.path):
            return super().write(data)


class Source(io.FileIO):
    """A file to read from; what goes wrong with reading it is `CannotRead`, whoever reads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with _reading(path):
            super().__init__(path, "rb")

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer, and return how many bytes it got."""
        try:
            return super().readinto(buffer)
        except OSError as error:
            raise CannotRead(why_not_read(self.path, error)) from None


def write(path: Path, data: bytes, *, force: bool = False, private: bool = False) -> None:
    """Write `data` to `path` as `replacing` does."""
    with replacing(path, force=force, private=private) as file:
        file.write(data)


@contextmanager
def replacing(path: Path, *, force: bool = False, private: bool = False) -> Iterator[BinaryIO]:
    """Open a file beside `path` that takes its place at the end, and is gone after a failure.

    A `private` file can be read by its owner alone. A link is replaced, not followed. Whatever
    kills the process, `path` holds the old file or the new one, whole. A device or pipe is simply
    written to. Raises `FileExists` where `path` exists and `force` is not given, `CannotWrite` when
    it cannot be written; what the block itself raises is passed on as it is.
    """
    with reporting(path):
        stream = _Written(_own(path), path) if _takes_a_stream(path) else None
    if stream:
        with io.BufferedWriter(Patient(stream)) as file:
            yield file
        return
    with reporting(path):
        refuse_existing(path, force=force)
        number, name = tempfile.mkstemp(prefix=hidden(path), suffix=".part", dir=path.parent)
    draft = Path(name)
    try:
        with io.BufferedWriter(_Written(number, path)) as file:
            yield file
            file.flush()
            with reporting(path):
                os.fsync(file.fileno())
        with reporting(path):
            draft.chmod(0o600 if private else 0o666 & ~_umask())
            if force:
                draft.replace(path)
            else:
                put_in_place(draft, path)
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Be the only one to change the file at `path`, among those that ask so, while the block runs.

    The system lets go of the lock when the process ends, however it does, and leaves nothing
    behind. Raises `CannotWrite` where someone else takes longer than `PATIENCE` seconds.
    """
    end = time.monotonic() + PATIENCE
    while (lock := _lock(path)) is None:
        if time.monotonic() > end:
            raise CannotWrite(BUSY.format(path=path, seconds=PATIENCE))
        time.sleep(0.02)
    try:
        yield
    finally:
        os.close(lock)


def _lock(path: Path) -> int | None:
    """Return what to close to let others in, or nothing while someone else has it."""
    if sys.platform == "win32":  # which locks no folder, but deletes a file of the dead
        name, flags = path.with_name(hidden(path) + "lock"), os.O_CREAT | os.O_EXCL | os.O_RDWR
        with suppress(FileExistsError, PermissionError):  # the latter: it is just being deleted
            return os.open(name, flags | os.O_TEMPORARY)
        return None
    import fcntl

    with reporting(path):
        try:
            lock = os.open(path.parent, os.O_RDONLY)
        except PermissionError:  # a folder that may be entered, but not listed
            lock = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    except OSError:
        pass  # some network drives lock no folder; whoever writes still sees what has changed
    return lock


def refuse_existing(path: Path, *, force: bool) -> None:
    """Raise `FileExists` where something stands at `path` already, unless `force` is given.

    A folder is refused in any case (`CannotWrite`).
    """
    if path.is_dir():
        raise CannotWrite(
            Text("{path} 是文件夹，请给出文件名", "{path} is a folder; name a file in it").format(
                path=path
            )
        )
    if not force and os.path.lexists(path):
        raise FileExists(path)


def is_device(path: Path) -> bool:
    """Tell whether a terminal or another device stands at `path`."""
    try:
        return path.is_char_device()
    except (OSError, ValueError):  # longer than a path can be, or with a NUL in it
        return False


def can_be_a_name(name: str) -> bool:
    """Tell whether the encoding that the system has for names has this one; it may be ASCII."""
    try:
        os.fsencode(name)
    except UnicodeEncodeError:
        return False
    return True


def names_a_folder(name: str) -> bool:
    """Tell whether a name can only be a folder's, by its end (`Path` would drop that)."""
    return name.endswith((os.sep, os.altsep or os.sep))


def check_place(path: Path, *, force: bool) -> None:
    """Raise what would keep a file from being written to `path`, as far as can be told before.

    To be called before anything is asked: nobody should answer seven questions in vain.
    """
    with reporting(path):
        if _takes_a_stream(path):
            return
        refuse_existing(path, force=force)
        if not path.parent.is_dir():
            raise CannotWrite(NO_FOLDER.format(path=path.parent))


def check_there(path: Path) -> None:
    """Raise `CannotRead` where nothing stands at `path` that could be read.

    To be called, as `check_place`, before anything is asked.
    """
    with _reading(path):
        path.stat()


def read(path: Path, most: int) -> bytes:
    """Return what is in the file at `path`, if it is no larger than `most` bytes.

    A pipe is given some seconds to send something. Raises `CannotRead` for a folder, a larger file
    and one that cannot be read.
    """
    with _reading(path), _Pipe(path) if path.is_fifo() else path.open("rb") as file:
        return bounded(file, most, str(path))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Raise `CannotRead` for a folder, and for what the system refuses in the reading block."""
    try:
        if path.is_dir():
            raise CannotRead(A_FOLDER.format(path=path))
        yield
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise CannotRead(why_not_read(path, error)) from None


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two names mean one file, there already or not, also through links.

    A device or pipe is none: what goes into it is not lost, and what comes out is not in it.
    """
    try:
        if one.exists() and other.exists():
            return one.is_file() and one.samefile(other)
        return os.path.normcase(one.resolve()) == os.path.normcase(other.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a ring, a NUL in the name
        return False


def bounded(file: BinaryIO | _Pipe, most: int, name: str) -> bytes:
    """Return what an open file holds.

    Raises `CannotRead`, with its name, for over `most` bytes and for what cannot be read.
    """
    try:
        data = file.read(most + 1)
    except OSError as error:
        raise CannotRead(CANNOT_READ.format(path=named(name), why=reason(error))) from None
    if len(data) > most:
        size = f"{most >> 20} MB"
        raise CannotRead(TOO_LARGE.format(name=named(name), size=size))
    return data


def decoded(data: bytes, name: str) -> str:
    """Return the text of the file called `name`: by its byte order mark, else UTF-8, else GBK.

    GBK (read as GB18030, which has all of it) is what older Windows programs save. Raises
    `CannotRead` when it is none of them.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise CannotRead(NO_TEXT.format(name=named(name)))
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf_16 else ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    raise CannotRead(NO_TEXT.format(name=named(name)))


def why_not_read(path: Path, error: OSError | ValueError, *, folder: bool = False) -> Text:
    """Say in words why the file, or the `folder`, at `path` could not be read."""
    if _number(error) == errno.ENOENT:
        return NO_FOLDER.format(path=path) if folder else NO_FILE.format(path=path)
    return _no_folder_on(path, error) or CANNOT_READ.format(path=path, why=reason(error))


def why_not_written(path: Path, error: OSError | ValueError) -> Text:
    """Say in words why nothing could be written to `path`."""
    if _number(error) == errno.ENOENT:
        return NO_FOLDER.format(path=path.parent)
    return _no_folder_on(path, error) or CANNOT_WRITE.format(path=path, why=reason(error))


def _no_folder_on(path: Path, error: OSError | ValueError) -> Text | None:
    """Name what stands on the way to `path` and is no folder, if that is the matter."""
    if _number(error) != errno.ENOTDIR:
        return None
    stands = (each for each in (path, *path.parents) if os.path.lexists(each) and not each.is_dir())
    return NOT_A_FOLDER.format(path=next(stands, path))


def _number(error: OSError | ValueError) -> int:
    return (error.errno or 0) if isinstance(error, OSError) else 0


def hidden(path: Path) -> str:
    """Return the start of a name for a file beside `path` that no list shows; it has room to end.

    A name may be so long that with more it would be too long for the file system.
    """
    return f".{os.fsencode(path.name)[: LONGEST_NAME - 20].decode('utf-8', 'ignore')}."


def _takes_a_stream(path: Path) -> bool:
    """Tell whether what stands at `path` is written to and not replaced: a device or a pipe.

    So is what is behind `/dev/stdout`, `>(…)` and their like: those links belong to the system.
    """
    if str(path.absolute()).startswith(SYSTEM_LINKS) and path.exists():
        return not path.is_dir()
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)


def _own(path: Path) -> Path | int:
    """Return a descriptor for the name of one of our own, such as `/dev/stdout`, else the path.

    Opened anew, a file behind it would be cut off, and written over from its beginning.
    """
    name = STANDARD.get(str(path.absolute()), path.absolute())
    found = re.fullmatch(r"/(?:dev|proc/self)/fd/(\d{1,9})", str(name))
    return os.dup(int(found[1])) if found else path


def put_in_place(draft: Path, path: Path) -> None:
    """Let a file appear at `path`, whole; where a link does it, `draft` stays as well.

    Raises `FileExists` where something stands there, however short its being there, and `OSError`.
    """
    try:
        path.hardlink_to(draft)  # unlike a rename, this fails where someone was faster
    except FileExistsError:
        raise FileExists(path) from None
    except OSError:  # a file system without hard links
        refuse_existing(path, force=False)
        draft.replace(path)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


@contextmanager
def temporary() -> Iterator[None]:
    """Raise `CannotWrite` for what the system refuses of the temporary file the block writes."""
    try:
        yield
    except OSError as error:  # Python's own ENOENT names the folders that it tried, in English
        why = NO_PLACE if error.errno == errno.ENOENT else reason(error)
        variable = "TEMP" if os.name == "nt" else "TMPDIR"
        raise CannotWrite(NO_TEMPORARY.format(why=why, variable=variable)) from None


@contextmanager
def reporting(path: Path) -> Iterator[None]:
    """Raise `CannotWrite` for what the system refuses in the block, which writes to `path`."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise CannotWrite(why_not_written(path, error)) from None
