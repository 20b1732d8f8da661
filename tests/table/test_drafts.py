"""The drafts of a table appear in their folder all together, or it is as it was."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from xingtu_cli import files
from xingtu_cli.errors import CannotWrite, FileExists, XingtuError
from xingtu_cli.rules.model import Tree
from xingtu_cli.table.columns import understand
from xingtu_cli.table.desk import Desk
from xingtu_cli.table.drafts import Drafts, drafts_in
from xingtu_cli.table.read import Row

HEADER = ["settled", "stamped", "mailed-on", "wrong-fields", "statement-status", "nickname"]
CELLS = ["yes", "yes", "2026-10-08", "bank", "withdrawn"]
ROWS = 5
Fill = Callable[..., None]


@pytest.fixture
def fill(tree: Tree) -> Fill:
    """Return what writes the drafts of five rows for a folder, and then runs `then`."""
    desk = Desk(tree, understand(tree, HEADER), date(2026, 11, 23), "en")

    def run(
        folder: Path, *, force: bool = False, then: Callable[[Drafts], None] = Drafts.place
    ) -> None:
        with drafts_in(folder, desk, force=force) as drafts:
            for number in range(2, 2 + ROWS):
                drafts.write(desk.judge(Row.of(number, [*CELLS, f"n{number}"])))
            then(drafts)

    return run


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.fixture
def drafts(fill: Fill, tmp_path: Path) -> Iterator[list[str]]:
    """Return how the drafts are called."""
    fill(tmp_path / "named")
    yield names(tmp_path / "named")
    assert not list(tmp_path.glob("**/.*"))  # nothing hidden stays, whatever the test has done


@contextmanager
def failing_at(
    monkeypatch: pytest.MonkeyPatch, name: str, *, error: BaseException, after: bool
) -> Iterator[None]:
    """Fail when the draft with this name comes, before it is in its place or `after` that."""
    place = files.put_in_place

    def failing(draft: Path, path: Path) -> None:
        if after:
            place(draft, path)
        if path.name == name:
            raise error
        if not after:
            place(draft, path)

    with monkeypatch.context() as patched:
        patched.setattr(files, "put_in_place", failing)
        yield


def test_a_new_folder_appears_whole(fill: Fill, drafts: list[str], tmp_path: Path) -> None:
    def look(filled: Drafts) -> None:
        assert not (tmp_path / "a").exists()
        filled.place()
        assert names(tmp_path / "a") == drafts

    assert len(drafts) == ROWS
    fill(tmp_path / "a", then=look)


def test_drafts_are_for_their_owner_alone_whatever_the_umask(fill: Fill, tmp_path: Path) -> None:
    for mask in (0, 0o777):
        folder = tmp_path / f"{mask}"
        before = os.umask(mask)
        try:
            fill(folder)
        finally:
            os.umask(before)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len(names(folder)) == ROWS
        assert not list(tmp_path.glob(".*"))
        assert not any(stat.S_IMODE(each.stat().st_mode) & 0o177 for each in folder.iterdir())


def test_a_folder_that_is_filled_at_the_last_moment_is_told_of(
    fill: Fill, drafts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def come_last(filled: Drafts) -> None:
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / "other").write_bytes(b"")
        monkeypatch.setattr(Path, "is_dir", lambda _: False)
        try:
            filled.place()
        finally:
            monkeypatch.undo()

    assert drafts
    with pytest.raises(CannotWrite, match="a: it has files in it"):
        fill(tmp_path / "a", then=come_last)
    assert names(tmp_path / "a") == ["other"]


def test_what_comes_into_the_folder_meanwhile_stays(
    fill: Fill, drafts: list[str], tmp_path: Path
) -> None:
    def come_between(filled: Drafts) -> None:
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "a" / drafts[3]).write_bytes(b"mine")
        filled.place()

    for _ in range(2):  # a folder that was not there when the run began, and one that was
        with pytest.raises(FileExists, match=f"{drafts[3]} exists"):
            fill(tmp_path / "a", then=come_between)
        assert names(tmp_path / "a") == [drafts[3]]
        assert (tmp_path / "a" / drafts[3]).read_bytes() == b"mine"
        (tmp_path / "a" / drafts[3]).unlink()


@pytest.mark.parametrize("error", [CannotWrite(files.NO_PLACE), KeyboardInterrupt()])
@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("links", [False, True])
def test_drafts_that_cannot_all_come_are_taken_back(
    error: BaseException,
    *,
    after: bool,
    links: bool,
    fill: Fill,
    drafts: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", _refuse)
    folder = tmp_path / "a"
    folder.mkdir()
    with failing_at(monkeypatch, drafts[2], error=error, after=after):
        with pytest.raises(type(error)):
            fill(folder)
        assert not names(folder)
        (folder / "other").write_bytes(b"other")
        for name in drafts[1:4]:
            (folder / name).write_bytes(b"old")
        with pytest.raises(type(error)):
            fill(folder, force=True)
    assert names(folder) == [*drafts[1:4], "other"]
    assert {(folder / name).read_bytes() for name in drafts[1:4]} == {b"old"}
    fill(folder, force=True)
    assert names(folder) == [*drafts, "other"]
    assert all(b"X-Unsent" in (folder / name).read_bytes() for name in drafts)
    assert {stat.S_IMODE((folder / name).stat().st_mode) for name in drafts} == {0o600}


def _refuse(*_: object) -> None:
    raise PermissionError


def test_drafts_that_came_are_taken_back_where_the_rest_fails(
    fill: Fill, drafts: list[str], tmp_path: Path
) -> None:
    def fail_later(filled: Drafts) -> None:
        filled.place()
        assert set(drafts) <= set(names(tmp_path / "a"))
        raise CannotWrite(files.NO_PLACE)  # as of the results, which appear after them

    with pytest.raises(XingtuError):
        fill(tmp_path / "a", then=fail_later)
    assert not (tmp_path / "a").exists()
    (tmp_path / "a").mkdir()
    with pytest.raises(XingtuError):
        fill(tmp_path / "a", then=fail_later)
    assert not names(tmp_path / "a")


def test_a_folder_where_a_draft_should_come_is_named_and_stays(
    fill: Fill, drafts: list[str], tmp_path: Path
) -> None:
    (tmp_path / "a" / drafts[4] / "within").mkdir(parents=True)
    with pytest.raises(CannotWrite, match=f"{drafts[4]} is a folder"):
        fill(tmp_path / "a", force=True)
    assert names(tmp_path / "a") == [drafts[4]]
    assert names(tmp_path / "a" / drafts[4]) == ["within"]


def test_a_ctrl_c_while_the_rest_is_removed_leaves_nothing(
    fill: Fill, drafts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "a")
    interrupts, whole = [KeyboardInterrupt()], shutil.rmtree

    def impatient(*words: object, **more: object) -> None:
        if interrupts:
            raise interrupts.pop()
        whole(*words, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(shutil, "rmtree", impatient)
    fill(tmp_path / "a", force=True)
    assert names(tmp_path / "a") == drafts


def test_names_that_the_system_cannot_have_are_numbers(
    fill: Fill, drafts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not drafts[0].isascii()
    monkeypatch.setattr(files, "can_be_a_name", str.isascii)
    fill(tmp_path / "a")
    assert names(tmp_path / "a") == [
        f"{number:05d}-incomplete.eml" for number in range(2, 2 + ROWS)
    ]
