import errno
import io
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from xingtu_cli import files
from xingtu_cli.errors import CannotRead, CannotWrite, FileExists


def modes(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_written_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "结算.yaml"
    files.write(path, b"one")
    assert path.read_bytes() == b"one"
    assert os.listdir(tmp_path) == ["结算.yaml"]


def test_a_private_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    files.write(tmp_path / "open", b"")
    files.write(tmp_path / "private", b"", private=True)
    assert modes(tmp_path / "private") == 0o600
    assert modes(tmp_path / "open") & 0o044 == 0o044 & ~files._umask()


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(FileExists, match="add --force"):
        files.write(path, b"new")
    assert path.read_bytes() == b"old"
    files.write(path, b"new", force=True)
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


def test_someone_faster_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with pytest.raises(FileExists), files.replacing(path) as file:
        file.write(b"ours")
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert os.listdir(tmp_path) == ["a"]


def test_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    files.write(tmp_path / "a", b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a"]


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"precious")
    link.symlink_to(target)
    with pytest.raises(FileExists):
        files.write(link, b"new")
    files.write(link, b"new", force=True)
    assert target.read_bytes() == b"precious"
    assert not link.is_symlink()
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExists):
        files.write(dangling, b"new")
    assert not (tmp_path / "nowhere").exists()


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), files.replacing(path, force=True) as file:
        file.write(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a"]


KILLED = """
import itertools, pathlib, sys
from xingtu_cli import files
for n in itertools.count():
    files.write(pathlib.Path(sys.argv[1]), str(n % 10).encode() * 200_000, force=True)
    if n == 3:
        print("running", flush=True)
"""


def test_a_kill_leaves_the_old_or_the_new_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a"
    for wait in (0, 0.003, 0.011):
        writer = subprocess.Popen([sys.executable, "-c", KILLED, str(path)], stdout=subprocess.PIPE)
        assert writer.stdout
        writer.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(wait)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        data = path.read_bytes()
        assert len(data) == 200_000
        assert len(set(data)) == 1


def test_a_device_is_written_to(tmp_path: Path) -> None:
    files.write(Path(os.devnull), b"gone")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="is a folder"):
        files.write(tmp_path, b"", force=True)
    with pytest.raises(CannotWrite, match="there is no folder"):
        files.write(tmp_path / "none" / "a", b"")
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(CannotWrite, match="a is no folder"):
        files.write(tmp_path / "a" / "b", b"")
    with pytest.raises(CannotWrite, match="no name can have such a character"):
        files.write(tmp_path / "a\0b", b"")


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"12345")
    assert files.read(path, 5) == b"12345"
    with pytest.raises(CannotRead, match="larger than"):
        files.read(path, 4)
    with pytest.raises(CannotRead, match="is a folder"):
        files.read(tmp_path, 5)
    with pytest.raises(CannotRead, match="there is no file"):
        files.read(tmp_path / "none", 5)
    with pytest.raises(CannotRead, match="no name can have such a character"):
        files.read(tmp_path / "a\0b", 5)


def test_one_file_by_several_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a").write_bytes(b"a")
    Path("b").write_bytes(b"a")
    Path("link").symlink_to("a")
    Path("new-link").symlink_to("new")
    Path("ring").symlink_to("ring")
    for other in ("a", "./a", "link", str(tmp_path / "a")):
        assert files.same_file(Path("a"), Path(other)), other
    assert files.same_file(Path("new"), Path("./new"))
    assert files.same_file(Path("new"), Path("new-link"))
    for one, other in (("a", "b"), ("a", "new"), ("ring", "a"), ("a\0", "a"), (".", ".")):
        assert not files.same_file(Path(one), Path(other)), (one, other)
    assert not files.same_file(Path("/dev/null"), Path("/dev/null"))


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (errno.ENOENT, "没有 箱/a 这个文件", "there is no file 箱/a"),
        (errno.ENOTDIR, "箱/a 不是文件夹", "箱/a is no folder"),
        (errno.EACCES, "读不了 箱/a：没有权限，或正被别的程序占用", "no permission"),
        (errno.ENOSPC, "读不了 箱/a：磁盘满了", "cannot read 箱/a: the disk is full"),
        (errno.EISDIR, "读不了 箱/a：是文件夹", "cannot read 箱/a: it is a folder"),
        (errno.ESTALE, "读不了 箱/a：Stale file handle", "cannot read 箱/a: Stale file handle"),
    ],
)
def test_why_a_file_cannot_be_read_is_said_in_words(number: int, zh: str, en: str) -> None:
    told = files.why_not_read(Path("箱/a"), OSError(number, os.strerror(number)))
    assert told.zh == zh
    assert en in told.en


def test_why_nothing_can_be_written_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite) as caught:
        files.write(tmp_path / "none" / "a", b"")
    assert caught.value.message.zh == f"没有 {tmp_path / 'none'} 这个文件夹"
    full = files.why_not_written(Path("a"), OSError(errno.ENOSPC, "No space left on device"))
    assert (full.zh, full.en) == ("写不了 a：磁盘满了", "cannot write a: the disk is full")


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_a_private_file_is_private_whatever_the_umask(tmp_path: Path, mask: int) -> None:
    path = tmp_path / "open to all"
    path.write_bytes(b"old")
    path.chmod(0o644)
    tmp_path.chmod(0o777)
    before = os.umask(mask)
    try:
        with files.replacing(path, force=True, private=True) as file:
            file.write(b"account")
            file.flush()
            (part,) = tmp_path.glob(".*.part")
            assert modes(part) == 0o600
        files.write(tmp_path / "new", b"", private=True)
    finally:
        os.umask(before)
    assert modes(path) == modes(tmp_path / "new") == 0o600
    assert path.read_bytes() == b"account"


def test_only_its_own_writing_is_its_business(tmp_path: Path) -> None:
    for error in (OSError(errno.EIO, "the input failed"), ValueError("a fault of the program")):
        with pytest.raises(type(error)) as caught, files.replacing(tmp_path / "a"):
            raise error
        assert caught.value is error
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_told_however_it_is_written(tmp_path: Path) -> None:
    for size in (1, 100_000):  # within what is buffered, and beyond it
        with (
            pytest.raises(CannotWrite, match="cannot write /dev/full: the disk is full"),
            files.replacing(Path("/dev/full")) as file,
        ):
            file.write(bytes(size))


def test_what_cannot_be_read_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"ab")
    source = files.Source(tmp_path / "a")
    reader = io.BufferedReader(source)
    os.close(source.fileno())  # as good as a disk that fails
    with pytest.raises(CannotRead, match=r"cannot read .*/a: it is closed"):
        reader.read(1)
    with pytest.raises(OSError, match="Bad file descriptor"):
        reader.close()
    with pytest.raises(CannotRead, match="there is no file"):
        files.Source(tmp_path / "b")


def test_a_name_of_full_length_is_written(tmp_path: Path) -> None:
    path = tmp_path / ("长" * 84 + ".yaml"[:3])
    assert len(os.fsencode(path.name)) == 255
    files.write(path, b"a")
    with files.alone(path):
        files.write(path, b"b", force=True)
    assert path.read_bytes() == b"b"


def test_one_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    path = tmp_path / "a"
    busy = pytest.raises(CannotWrite, match="another xingtu is changing")
    with files.alone(path), busy, files.alone(path):
        pytest.fail("two at once")
    with files.alone(path):
        assert os.listdir(tmp_path) == []
    with pytest.raises(CannotWrite, match="there is no folder"), files.alone(tmp_path / "b" / "c"):
        pass


def test_a_folder_that_cannot_be_listed_has_locks_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def enter_only(path: Path, flags: int) -> int:
        if path == tmp_path:
            raise PermissionError
        return usual(path, flags)

    usual, path = os.open, tmp_path / "a"
    path.write_bytes(b"")
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    monkeypatch.setattr(os, "open", enter_only)
    busy = pytest.raises(CannotWrite, match="another xingtu is changing")
    with files.alone(path), busy, files.alone(path):
        pytest.fail("two at once")


def test_a_drive_without_locks_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    with files.alone(tmp_path / "a"):
        files.write(tmp_path / "a", b"")
    assert os.listdir(tmp_path) == ["a"]


def test_as_on_windows_a_file_is_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(os, "O_TEMPORARY", 0, raising=False)  # there the system deletes the file
    monkeypatch.setattr(files, "PATIENCE", 0.1)
    busy = pytest.raises(CannotWrite, match="another xingtu is changing")
    with files.alone(tmp_path / "a"), busy, files.alone(tmp_path / "a"):
        pytest.fail("two at once")
    (tmp_path / ".a.lock").unlink()
    with files.alone(tmp_path / "a"):
        pass


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE) as reader:
        files.write(pipe, b"draft", private=True)
        assert reader.communicate()[0] == b"draft"
    assert pipe.is_fifo()
    assert os.listdir(tmp_path) == ["pipe"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such links")
@pytest.mark.parametrize("force", [False, True])
def test_what_the_system_calls_its_streams_is_written_to(tmp_path: Path, *, force: bool) -> None:
    with (tmp_path / "file").open("wb") as file:
        link = tmp_path / "link"
        link.symlink_to("/dev/null")
        for path in (Path(f"/dev/fd/{file.fileno()}"), link):
            files.check_place(path, force=force)
            files.write(path, b"there", force=force)
    assert (tmp_path / "file").read_bytes() == b"there"
    assert link.is_symlink()


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-be"])
def test_what_no_program_saves_is_no_text(encoding: str) -> None:
    with pytest.raises(CannotRead) as caught:
        files.decoded("\ufeffsettled: no".encode(encoding), "a.yaml")
    assert caught.value.message.en.startswith("a.yaml is no text file")
