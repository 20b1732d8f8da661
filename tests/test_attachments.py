"""Files for an e-mail: what they are, and whether the e-mail takes them."""

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import pytest

from tests.pdfs import pdf, scan
from xingtu_cli import attachments
from xingtu_cli.attachments import Opened, lacking, opened, opened_statement, too_large
from xingtu_cli.diagnosis import Message
from xingtu_cli.errors import CannotRead, InvalidAnswers, install
from xingtu_cli.rules.model import Attachment

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
SCAN = Attachment(zh="扫描件", en="the scan", accept=("pdf",), count="one", pages="as-statement")
SHOTS = Attachment(zh="截图", en="the screenshots", accept=("image", "pdf"), count="one-or-more")


def message(*wanted: Attachment) -> Message:
    return Message(("a@example.com",), "s", "b", tuple(w.zh for w in wanted), files=wanted)


@pytest.fixture
def open_all(tmp_path: Path) -> "Opener":
    return Opener(tmp_path)


def test_what_comes_through_a_pipe_is_read_once(tmp_path: Path) -> None:
    pipe = tmp_path / "scan.pdf"
    os.mkfifo(pipe)
    writing = Thread(target=pipe.write_bytes, args=(scan(2),))
    writing.start()
    assert opened(pipe).pages == 2
    writing.join()


class Opener:
    """Writes files and opens them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *contents: bytes) -> list[Opened]:
        paths = [self.folder / f"{n}.dat" for n, _ in enumerate(contents)]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content)
        return [opened(path) for path in paths]


@pytest.mark.parametrize(
    ("content", "kind", "media_type"),
    [
        (scan(), "pdf", "application/pdf"),
        (b"\r\n" + scan(), "pdf", "application/pdf"),
        (PNG, "image", "image/png"),
        (b"\xff\xd8\xff\xe0....JFIF", "image", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image", "image/webp"),
        (b"GIF89a", "image", "image/gif"),
        (b"BM1234", "image", "image/bmp"),
        (b"MM\0*", "image", "image/tiff"),
        (b"\0\0\0\x18ftypheic", "image", "image/heic"),
        (b"PK\3\4", None, "application/octet-stream"),
        (b"RIFF\x10\0\0\0WAVE", None, "application/octet-stream"),
        (b"hello", None, "application/octet-stream"),
    ],
)
def test_a_file_is_known_by_its_content(
    open_all: Opener, content: bytes, kind: str | None, media_type: str
) -> None:
    (file,) = open_all(content)
    assert (file.kind, file.attached.media_type) == (kind, media_type)
    assert file.attached.data == content
    assert file.pages == (1 if kind == "pdf" else None)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.pdf", b"", "empty.pdf is empty"),
        ("broken.pdf", b"%PDF-1.4 nothing", "broken.pdf is damaged or incomplete"),
        ("cut.pdf", scan(3)[:500], "cut.pdf is damaged or incomplete"),
        ("locked.pdf", pdf(["x"], password="secret"), "locked.pdf needs a password"),
        ("a\nBcc: b", PNG, "line break or characters that are no text; rename it: .*x0aBcc"),
    ],
)
def test_what_cannot_be_attached(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(CannotRead, match=told):
        opened(file)


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / b"\xc3\xf7.png".decode("utf-8", "surrogateescape")
    file.write_bytes(PNG)
    with pytest.raises(CannotRead, match="rename it"):
        opened(file)


def test_a_folder_and_nothing(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="is a folder"):
        opened(tmp_path)
    with pytest.raises(CannotRead, match="there is no file"):
        opened(tmp_path / "none.pdf")


def test_a_file_too_large_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "MOST_BYTES", 10)
    (tmp_path / "big.png").write_bytes(PNG)
    with pytest.raises(CannotRead, match="is larger than"):
        opened(tmp_path / "big.png")


@pytest.mark.parametrize(
    ("wanted", "given", "left"),
    [
        ([SCAN], [], [0]),
        ([SCAN], [scan()], []),
        ([SHOTS], [PNG, PNG, scan()], []),
        ([SCAN, SHOTS], [scan()], [1]),
        ([SCAN, SHOTS], [PNG], [0]),
        ([SCAN, SHOTS], [PNG, scan(), scan()], []),
        ([], [], []),
    ],
)
def test_what_is_still_lacking(
    open_all: Opener, wanted: Sequence[Attachment], given: Sequence[bytes], left: list[int]
) -> None:
    assert lacking(message(*wanted), open_all(*given)) == left


@pytest.mark.parametrize(
    ("wanted", "given", "told"),
    [
        (
            [SCAN],
            [PNG],
            ["0.dat is of the wrong kind; what it holds must be: PDF. Wanted: the scan"],
        ),
        ([SHOTS], [b"hello"], ["0.dat is of the wrong kind; what it holds must be: PDF, image"]),
        ([SCAN], [scan(), scan()], ["1.dat is one file too many. Only one is wanted: the scan"]),
        ([], [PNG], ["0.dat: this e-mail has no attachments"]),
        ([SCAN], [PNG, scan(), b"x"], ["0.dat is of the wrong", "2.dat is of the wrong"]),
    ],
)
def test_a_file_without_a_place_is_named_with_its_flag(
    open_all: Opener, wanted: Sequence[Attachment], given: Sequence[bytes], told: list[str]
) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        lacking(message(*wanted), open_all(*given))
    lines = caught.value.message.en.split("\n")
    assert len(lines) == len(told)
    for line, part in zip(lines, told, strict=True):
        assert line.startswith("--attach: ")
        assert part in line
    assert {error.question for error in caught.value.errors} == {"attach"}


def test_a_scan_has_as_many_pages_as_the_statement(open_all: Opener, tmp_path: Path) -> None:
    (tmp_path / "statement.pdf").write_bytes(pdf(["1"], ["2"], ["3"]))
    statement = opened_statement(tmp_path / "statement.pdf")
    assert lacking(message(SCAN), open_all(scan(3)), statement) == []
    with pytest.raises(InvalidAnswers, match=r"has 2 pages, but the statement has 3"):
        lacking(message(SCAN), open_all(scan(2)), statement)
    assert lacking(message(SHOTS), open_all(scan(2)), statement) == []


def test_the_statement_itself_is_no_scan_of_it(open_all: Opener, tmp_path: Path) -> None:
    (tmp_path / "statement.pdf").write_bytes(pdf(["1"]))
    statement = opened_statement(tmp_path / "statement.pdf")
    (copy,) = open_all(statement.attached.data)
    with pytest.raises(InvalidAnswers) as caught:
        lacking(message(SCAN), [copy], statement)
    assert "是同一份文件：要附的是改好、盖章后重新扫描的那一份" in caught.value.message.zh
    assert "attach the scan of the corrected, stamped printout" in caught.value.message.en
    assert lacking(message(SHOTS), [copy], statement) == []


def test_a_scan_with_text_is_doubted(open_all: Opener) -> None:
    scanned, typed = open_all(scan(2), pdf(["1"], ["2"]))
    assert attachments.doubts(message(SCAN), [scanned]) == []
    assert attachments.doubts(message(SHOTS), [typed]) == []
    (doubt,) = attachments.doubts(message(SCAN), [typed])
    assert "1.dat has a text layer and does not look like a scan" in doubt.en


def test_how_many_things_files_can_show(open_all: Opener) -> None:
    shot, three = open_all(PNG, scan(3))
    assert attachments.fewest_shown(message(SHOTS), [shot]) == 1
    assert attachments.fewest_shown(message(SHOTS), [shot, three]) == 4
    assert attachments.fewest_shown(message(SHOTS), []) is None
    assert attachments.fewest_shown(message(SCAN), [three]) is None


@pytest.mark.parametrize(
    ("name", "content", "sent"),
    [
        ("noext", PNG, "noext.png"),
        ("签收.2", b"\xff\xd8\xff\xe0", "签收.2.jpg"),
        ("截图.顺丰", PNG, "截图.顺丰.png"),
        ("扫描", scan(), "扫描.pdf"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "a.jpeg"),
        ("a.HEIC", PNG, "a.HEIC"),
        ("what", b"hello", "what"),
    ],
)
def test_a_name_without_an_ending_gets_one(
    tmp_path: Path, name: str, content: bytes, sent: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert opened(tmp_path / name).attached.name == sent


def test_the_image_kinds_are_named(open_all: Opener) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        lacking(message(SHOTS), open_all(b"hello"))
    assert "图片（PNG、JPG、" in caught.value.message.zh


def test_a_statement_is_a_pdf(tmp_path: Path) -> None:
    (tmp_path / "s.png").write_bytes(PNG)
    with pytest.raises(CannotRead, match=r"s\.png is no PDF file"):
        opened_statement(tmp_path / "s.png")


def test_without_the_library_no_page_is_counted(
    open_all: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pypdfium2.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    whole, other = open_all(scan(2), scan(3))
    assert whole.uncounted
    assert attachments.NOT_COUNTED.zh.endswith(f"请先运行：{install('pypdfium2')}")
    assert lacking(message(SCAN), [whole], other) == []
    with pytest.raises(CannotRead, match="is damaged or incomplete"):
        open_all(scan(2)[:-100] + b" " * 2000)


def test_a_draft_that_gateways_may_refuse() -> None:
    assert too_large(b"x" * 20_000_000) is None
    told = too_large(b"x" * 26_600_000)
    assert told
    assert "about 27 MB" in told.en
