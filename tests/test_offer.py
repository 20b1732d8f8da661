"""What a user is asked for a draft, and how paths arrive."""

import shlex
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pdfs import scan
from xingtu_cli.diagnosis import Message
from xingtu_cli.layout import Line
from xingtu_cli.offer import Back, Offer, Stopped, _path, dropped
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Attachment

DETAILS = load().details
NAMES = tuple(DETAILS)
SHOTS = Attachment(zh="截图", en="shots", accept=("image", "pdf"), count="one-or-more")
SCAN = Attachment(zh="扫描件", en="the scan", accept=("pdf",))
PNG = b"\x89PNG\r\n\x1a\n"


class Script:
    """A user who types these lines; a key or the end of input comes as its exception."""

    def __init__(self, *typed: str | type[BaseException]) -> None:
        self.typed = list(typed)
        self.seen: list[str] = []

    width = 80

    def shows(self, character: str) -> bool:
        return True

    def say(self, *lines: Line) -> None:
        self.seen += [line.text for line in lines]

    def hear(self) -> str:
        next_ = self.typed.pop(0) if self.typed else EOFError
        if isinstance(next_, str):
            return next_ + "\n"
        raise next_


def message(*unfilled: str, wanted: Iterable[Attachment] = ()) -> Message:
    files = tuple(wanted)
    return Message(("a@b.cn",), "s", "b", tuple(f.en for f in files), unfilled, files)


@pytest.mark.parametrize(
    ("typed", "agreed"),
    [
        *(("y", True), ("Y ", True), ("ｙ", True), ("yes", True), ("是", True), ("1", True)),
        *(("", False), ("n", False), ("no", False), ("否", False), ("q", False), ("Ｑ", False)),
        *((KeyboardInterrupt, False), (EOFError, False)),
    ],
)
def test_an_offer_is_accepted_or_not(typed: str | type[BaseException], agreed: bool) -> None:
    assert Offer(Script(typed), "en").accepted(message()) is agreed


def test_a_message_that_is_held_is_offered_as_such() -> None:
    user = Script("y")
    assert Offer(user, "en").accepted(message()._replace(hold=("not yet",)))
    assert any("It is not to be sent yet" in seen for seen in user.seen)


def test_anything_else_is_asked_again() -> None:
    user = Script("maybe", "y")
    assert Offer(user, "en").accepted(message())
    assert "× type y or n." in user.seen


@pytest.mark.parametrize("back", ["b", "Ｂ", "back", "返回"])
def test_there_is_no_way_back_from_the_offer_and_it_says_so(back: str) -> None:
    user = Script(back, "y")
    assert Offer(user, "en").accepted(message())
    assert any(seen.startswith("× the result is there, and no answer can") for seen in user.seen)


def test_only_what_is_missing_is_asked() -> None:
    user = Script("小明", "SF1234567890123，YT1234567890123")
    told, files = Offer(user, "en").fill(message(NAMES[0], NAMES[2]), DETAILS, [])
    assert told == {NAMES[0]: ("小明",), NAMES[2]: ("SF1234567890123", "YT1234567890123")}
    assert files == []
    assert user.typed == []
    assert not any(DETAILS[NAMES[1]].label.en in line for line in user.seen)


def test_nothing_and_a_control_character_are_refused() -> None:
    user = Script("", "  ", "小\x1b[31m明", "小明")
    told, _ = Offer(user, "en").fill(message(NAMES[0]), DETAILS, [])
    assert told == {NAMES[0]: ("小明",)}
    refused = [line for line in user.seen if line.startswith("×")]
    assert refused[:2] == ["× the e-mail needs it."] * 2
    assert "control character" in refused[2]
    assert not any("\x1b" in line for line in user.seen)


def test_help_and_the_way_back() -> None:
    """`?` and `b` are keys here as everywhere, in any width, and never data."""
    user = Script("b", "？", "小明", "?", "Ｂ", "小红", "公司", "b", "公司二", "?", "")
    told, files = Offer(user, "zh").fill(message(*NAMES[:2], wanted=[SHOTS]), DETAILS, [])
    assert told == {NAMES[0]: ("小红",), NAMES[1]: ("公司二",)}
    assert files == []
    assert user.typed == []
    assert user.seen.count("已经是第一项了。") == 1
    for detail in (DETAILS[name] for name in NAMES[:2]):
        assert f"{detail.help.zh}。照原样填，会写进邮件，核对草稿时还能改。" in user.seen
    assert any(line.startswith("可以几份，格式：图片（PNG、JPG、") for line in user.seen)
    assert "? 怎么填，b 上一项，q 退出" in user.seen[1]


def test_back_takes_back_the_files_of_an_attachment(tmp_path: Path) -> None:
    one, two, scanned = (tmp_path / name for name in ("1.png", "2.png", "3.pdf"))
    one.write_bytes(PNG)
    two.write_bytes(PNG)
    scanned.write_bytes(scan())
    user = Script(str(one), "b", str(two), "", str(scanned), "b", str(scanned), "c.eml")
    offer, wanted = Offer(user, "en"), message(wanted=[SHOTS, SCAN])
    _, files = offer.fill(wanted, DETAILS, [])
    assert [file.path for file in files] == [two, scanned]
    with pytest.raises(Back):
        offer.place(tmp_path / "a.eml")
    _, files = offer.fill(wanted, DETAILS, [])  # the last one is asked again
    assert [seen for seen in user.seen if seen.startswith("Taken off")] == [
        "Taken off again: 1.png. Attach it anew.",
        "Taken off again: 3.pdf. Attach it anew.",
    ]
    assert [file.path for file in files] == [two, scanned]
    assert offer.place(tmp_path / "a.eml")[0] == Path("c.eml")
    assert user.typed == []


def test_there_is_no_way_back_from_the_only_question(tmp_path: Path) -> None:
    user = Script("b", "?", "")
    assert Offer(user, "en").place(tmp_path / "a.eml") == (tmp_path / "a.eml", False)
    assert "This is the first item." in user.seen
    assert any("a path with its folder" in line for line in user.seen)


def test_files_are_checked_as_they_come(tmp_path: Path) -> None:
    scanned, shot = tmp_path / "扫 描.pdf", tmp_path / "a.png"
    scanned.write_bytes(scan())
    shot.write_bytes(PNG)
    user = Script(str(shot), str(tmp_path / "none"), f"'{scanned}' ")
    _, files = Offer(user, "en").fill(message(wanted=[SCAN]), DETAILS, [])
    assert [file.path for file in files] == [scanned]
    refused = [line for line in user.seen if line.startswith("×")]
    assert "a.png is of the wrong kind" in refused[0]
    assert "there is no file" in refused[1]


def test_several_files_until_enter(tmp_path: Path) -> None:
    paths = [tmp_path / f"{n} 号.png" for n in range(3)]
    for n, path in enumerate(paths):
        path.write_bytes(PNG + bytes([n]))
    user = Script(f'"{paths[0]}" "{paths[1]}"', str(paths[2]).replace(" ", "\\ "), "")
    _, files = Offer(user, "en").fill(message(wanted=[SHOTS]), DETAILS, [])
    assert [file.path for file in files] == paths
    assert "Attached: 0 号.png, 1 号.png. More? Enter if not." in user.seen


def test_no_file_is_attached_twice(tmp_path: Path) -> None:
    one, copy, other = (tmp_path / name for name in ("1.png", "copy.png", "2.png"))
    one.write_bytes(PNG)
    copy.write_bytes(PNG)
    other.write_bytes(PNG + b"2")
    user = Script(f"'{one}' '{copy}'", str(one), str(copy), str(other), "")
    _, files = Offer(user, "zh").fill(message(wanted=[SHOTS]), DETAILS, [])
    assert [file.path for file in files] == [one, other]
    assert user.seen.count(f"× {copy} 已经附上了。") == 2


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("YT1234567890123", ("SF1234567890123", "YT1234567890123")),
        ("sf1 SF1234567890123", ("SF1234567890123", "sf1")),
        ("", ("SF1234567890123",)),
    ],
)
def test_the_number_of_the_parcel_mailed_last_is_asked_for(
    typed: str, numbers: tuple[str, ...]
) -> None:
    user, name = Script(typed), NAMES[2]
    lacking = message()._replace(short=(name,))
    told, _ = Offer(user, "zh").fill(lacking, DETAILS, [], known={name: ("SF1234567890123",)})
    assert told == {name: numbers}
    assert (
        "快递单号：已有 SF1234567890123。最近寄出的那份，单号也要写上；手头没有就回车。"
        in user.seen
    )


def test_a_file_may_be_left_for_later() -> None:
    _, files = Offer(Script(""), "en").fill(message(wanted=[SCAN]), DETAILS, [])
    assert files == []


@pytest.mark.parametrize(
    ("stop", "how"), [("q", "key"), (KeyboardInterrupt, "key"), (EOFError, "end")]
)
def test_a_stop_keeps_what_was_told(
    tmp_path: Path, stop: str | type[BaseException], how: str
) -> None:
    shot = tmp_path / "a.png"
    shot.write_bytes(PNG)
    user = Script("小明", str(shot), stop)
    with pytest.raises(Stopped) as caught:
        Offer(user, "en").fill(message(NAMES[0], wanted=[SHOTS]), DETAILS, [])
    assert caught.value.how == how
    assert caught.value.details == {NAMES[0]: ("小明",)}
    assert [file.path for file in caught.value.given] == [shot]


# ─── where to put it ─────────────────────────────────────────────────────────────────────────────


def test_a_place_by_enter_and_by_name(tmp_path: Path) -> None:
    default = tmp_path / "a.eml"
    assert Offer(Script(""), "en").place(default) == (default, False)
    other = tmp_path / "b c.eml"
    assert Offer(Script(f'"{other}"'), "en").place(default) == (other, False)


def test_a_file_is_overwritten_only_on_yes(tmp_path: Path) -> None:
    default, other = tmp_path / "a.eml", tmp_path / "b.eml"
    default.touch()
    assert Offer(Script("", "y"), "en").place(default) == (default, True)
    user = Script("", "", str(tmp_path / "nowhere" / "a"), str(tmp_path), str(other))
    assert Offer(user, "en").place(default) == (other, False)
    refused = [line for line in user.seen if line.startswith("×")]
    assert "there is no folder" in refused[0]
    assert "is a folder" in refused[1]


@pytest.mark.parametrize(
    ("typed", "named"), [("草稿", "草稿.eml"), ("a.txt", "a.txt.eml"), ("a.EML", "a.EML")]
)
def test_a_draft_is_named_so_that_it_opens(tmp_path: Path, typed: str, named: str) -> None:
    user = Script(str(tmp_path / typed))
    assert Offer(user, "en").place(tmp_path / "b.eml") == (tmp_path / named, False)


def test_the_ending_does_not_hide_that_a_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "草稿.eml").touch()
    user = Script(str(tmp_path / "草稿"), "n", "/dev/null")
    assert Offer(user, "en").place(tmp_path / "b.eml") == (Path("/dev/null"), False)
    assert any("草稿.eml exists. Overwrite it?" in line for line in user.seen)


def test_a_file_of_the_run_is_never_overwritten(tmp_path: Path) -> None:
    scanned, link, new = tmp_path / "a.pdf", tmp_path / "link", tmp_path / "b.eml"
    scanned.write_bytes(scan())
    link.symlink_to(scanned)
    user = Script(str(scanned), str(link), str(new))
    assert Offer(user, "zh").place(tmp_path / "c.eml", [scanned]) == (new, False)
    told = f"× {scanned} 是这次要用的文件，不能用作草稿的文件名，请换一个，如 草稿.eml。"
    assert told in user.seen
    assert not any("要覆盖吗" in line for line in user.seen)


def test_what_the_run_writes_is_not_attached(tmp_path: Path) -> None:
    scanned, other = tmp_path / "a.pdf", tmp_path / "b.pdf"
    scanned.write_bytes(scan())
    other.write_bytes(scan())
    user = Script(str(scanned), str(other))
    _, files = Offer(user, "en").fill(
        message(wanted=[SCAN]), DETAILS, [], to_write=[tmp_path / "." / "a.pdf"]
    )
    assert [file.path for file in files] == [other]
    assert f"× {scanned} is written by this run; attach another file." in user.seen


# ─── dropped files ───────────────────────────────────────────────────────────────────────────────


def test_paths_as_terminals_give_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    one, two = tmp_path / "扫描 件(1).pdf", tmp_path / "it's.png"
    one.touch()
    two.touch()
    for typed in (
        f"{one}",
        f" {one} \n",
        f"'{one}' ",
        f'"{one}"',
        str(one).replace(" ", "\\ ").replace("(", "\\(").replace(")", "\\)") + " ",
        one.as_uri(),
        "~/扫描 件(1).pdf",
    ):
        assert dropped(typed) == [one], typed
    assert dropped(f"{two}") == [two]
    assert dropped(f"'{one}' {shlex.quote(str(two))}") == [one, two]
    assert dropped("") == dropped("  \n") == []


def test_a_path_that_is_not_there_stays_whole(tmp_path: Path) -> None:
    assert dropped("no such file.pdf") == [Path("no such file.pdf")]
    assert dropped("'no such file.pdf'") == [Path("no such file.pdf")]
    assert dropped("it's.pdf") == [Path("it's.pdf")]
    assert dropped("~nobody-of-this-name/x") == [Path("~nobody-of-this-name/x")]
    assert dropped("x" * 5000) == [Path("x" * 5000)]


@given(st.text())
def test_no_line_breaks_it(typed: str) -> None:
    assert all(isinstance(path, Path) for path in dropped(typed))


def test_a_stop_while_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("xingtu_cli.attachments.opened", interrupted)
    with pytest.raises(Stopped) as caught:
        Offer(Script("小明", "a.png"), "en").fill(message(NAMES[0], wanted=[SHOTS]), DETAILS, [])
    assert caught.value.how == "key"
    assert caught.value.details == {NAMES[0]: ("小明",)}


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ("file:///home/a/%E6%88%AA%E5%9B%BE%201.png", "/home/a/截图 1.png"),
        ("file://localhost/home/a.png", "/home/a.png"),
        ("file:///C:/a%20b.png", "C:/a b.png"),
        ("file://[", "/"),
        ("file:///a%23b?c", "/a#b?c"),
    ],
)
def test_a_dropped_address_is_a_path(typed: str, path: str) -> None:
    assert _path(typed) == Path(path)


@pytest.mark.parametrize("typed", ["~\0", "~nobody-of-that-name/a.pdf", "~\udcff/a.pdf"])
def test_a_name_that_no_user_can_have_is_left_as_it_is(typed: str) -> None:
    assert _path(typed) == Path(typed)
