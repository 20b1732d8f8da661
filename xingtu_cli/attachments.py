"""The files for an e-mail: read, known by their first bytes, held against what the e-mail wants."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, get_args

from xingtu_cli import files, pdf
from xingtu_cli.diagnosis import Message
from xingtu_cli.errors import CannotRead, InvalidAnswer, InvalidAnswers, MissingLibrary, install
from xingtu_cli.mail import Attached
from xingtu_cli.rules.model import Attachment, FileKind
from xingtu_cli.text import Text, has_control, join, same

FLAG = "attach"
STATEMENT = "statement"
MOST_BYTES = pdf.MOST_BYTES
LARGE = 20_000_000  # bytes of a whole message; many mail gateways refuse more than 20 to 25 MB

KINDS: Mapping[FileKind, Text] = {
    "pdf": same("PDF"),
    "image": Text(
        "图片（PNG、JPG、WEBP、GIF、BMP、TIFF、HEIC、AVIF）",
        "image (PNG, JPG, WEBP, GIF, BMP, TIFF, HEIC, AVIF)",
    ),
}
# how files of a kind begin: where the mark stands, the mark, and the media type
MARKS: Sequence[tuple[int, bytes, str]] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (8, b"WEBP", "image/webp"),
    (0, b"GIF8", "image/gif"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (4, b"ftyphei", "image/heic"),  # photographs of an iPhone
    (4, b"ftypmif1", "image/heif"),
    (4, b"ftypavif", "image/avif"),
)
PDF_START, PDF_END = b"%PDF-", b"%%EOF"
_ENDING = re.compile(r"\.(?=.*[A-Za-z])[A-Za-z0-9]{1,5}")  # “.2” of “签收.2” is none
NEAR = 1024  # bytes from the start and the end of a file within which PDF readers look for them

AT = Text("--{flag}：", "--{flag}: ")
EMPTY = Text("{file} 是空文件", "{file} is empty")
A_DEVICE = Text("{file} 是设备，不是文件", "{file} is a device, not a file")
BAD_NAME = Text(
    "文件名里有换行或无法识别的字符，请改名：{file}",
    "the file's name has a line break or characters that are no text; rename it: {file}",
)
NO_PDF = Text("{file} 不是 PDF 文件", "{file} is no PDF file")
NOT_COUNTED = Text(
    "没有安装 pypdfium2，PDF 能否打开、有几页都没有核对。要核对请先运行：{install}",
    "pypdfium2 is not installed, so that no PDF was opened and no page counted. To have that done"
    " run: {install}",
).format(install=install("pypdfium2"))
MISFIT = Text(
    "{file} 的内容不对，里面要真的是：{kinds}。要附的是：{wanted}",
    "{file} is of the wrong kind; what it holds must be: {kinds}. Wanted: {wanted}",
)
SURPLUS = Text(
    "多出一份文件 {file}。只要一份：{wanted}",
    "{file} is one file too many. Only one is wanted: {wanted}",
)
NOTHING_WANTED = Text("{file} 用不上：这封邮件不用附件", "{file}: this e-mail has no attachments")
OTHER_PAGES = Text(
    "{file} 有 {found} 页，而结算单有 {right} 页。请把所有页扫描成一份 PDF",
    "{file} has {found} pages, but the statement has {right}; scan all pages into one PDF",
)
AS_DOWNLOADED = Text(
    "{file} 和 --statement 是同一份文件：要附的是改好、盖章后重新扫描的那一份",
    "{file} is the statement as downloaded; attach the scan of the corrected, stamped printout",
)
PAGES = Text(
    "{file} 有 {pages} 页，请对照结算单，页数要一样。",
    "Pages of {file}: {pages}. Make sure that the statement has as many.",
)
HAS_TEXT = Text(
    "{file} 里有文字层，看起来不像扫描件，请确认附的是盖章后的扫描件",
    "{file} has a text layer and does not look like a scan; make sure it is the stamped one",
)
TOO_LARGE = Text(
    "邮件约 {size} MB。很多邮箱拒收超过 20 MB 的邮件，请压缩图片，或降低扫描分辨率",
    "the e-mail has about {size} MB, and many mailboxes refuse more than 20 MB; make the images"
    " smaller, or scan at a lower resolution",
)


class Opened(NamedTuple):
    """A file that was read: its kind (none that we know: `None`) and what goes into the e-mail.

    `pages` counts those of a PDF, and `has_text` tells that its last page is no mere picture, where
    the library for it is installed.
    """

    path: Path
    kind: FileKind | None
    attached: Attached
    pages: int | None = None
    has_text: bool = False

    @property
    def uncounted(self) -> bool:
        """Whether it is a PDF that nobody has opened, for want of the library."""
        return self.kind == "pdf" and self.pages is None


def opened(path: Path) -> Opened:
    """Read the file at `path`, and see what it is by its content.

    Raises `CannotRead` for one that is missing, empty, unreadable, or a PDF that does not open.
    """
    if has_control(path.name):
        raise CannotRead(BAD_NAME.format(file=path))
    if files.is_device(path):
        raise CannotRead(A_DEVICE.format(file=path))
    data = files.read(path, MOST_BYTES)
    if not data:
        raise CannotRead(EMPTY.format(file=path))
    if PDF_START in data[:NEAR]:
        attached = Attached(_named(path, "application/pdf"), "application/pdf", data)
        found = _read(path, data)
        if not found:
            return Opened(path, "pdf", attached)
        return Opened(path, "pdf", attached, found.pages, bool(found.last_page.strip()))
    media_type = next((kind for at, mark, kind in MARKS if data.startswith(mark, at)), "")
    kind: FileKind | None = "image" if media_type else None
    attached = Attached(_named(path, media_type), media_type or "application/octet-stream", data)
    return Opened(path, kind, attached)


def opened_statement(path: Path) -> Opened:
    """Read the statement that a scan was made from; raises `CannotRead` for what is no PDF."""
    found = opened(path)
    if found.kind != "pdf":
        raise CannotRead(NO_PDF.format(file=path))
    return found


def lacking(
    message: Message, given: Sequence[Opened], statement: Opened | None = None
) -> Sequence[int]:
    """Return which of the message's attachments have no file yet, by their place in it.

    Each file goes to the first attachment that takes its kind and has room. Raises `InvalidAnswers`
    with every file that has no place, or that has other pages than the `statement` or is it.
    """
    taken, errors = _placed(message, given, statement)
    if errors:
        raise InvalidAnswers(errors)
    return [n for n, found in taken.items() if not found]


def doubts(message: Message, given: Sequence[Opened]) -> Sequence[Text]:
    """Return what to make sure of: a file that should be a scan has text in it."""
    return [HAS_TEXT.format(file=file.path) for file in _scans(message, given) if file.has_text]


def to_count(message: Message, given: Sequence[Opened]) -> Sequence[Text]:
    """Return how many pages each scan has, for someone who has the statement to hold against it."""
    scans = _scans(message, given)
    return [PAGES.format(file=file.path, pages=file.pages) for file in scans if file.pages]


def _scans(message: Message, given: Sequence[Opened]) -> Sequence[Opened]:
    """Return the files that are scans of a statement."""
    taken, _ = _placed(message, given, None)
    return [file for n, found in taken.items() if message.files[n].pages for file in found]


def fewest_shown(message: Message, given: Sequence[Opened]) -> int | None:
    """Return of how many things the files give proof at most, where each thing wants its own.

    A page may show one of them. Nothing where the message wants no such files, or none is given.
    """
    taken, _ = _placed(message, given, None)
    counts = [
        sum(file.pages or 1 for file in found)
        for n, found in taken.items()
        if found and message.files[n].count == "one-or-more"
    ]
    return min(counts, default=None)


def _placed(
    message: Message, given: Sequence[Opened], statement: Opened | None
) -> tuple[Mapping[int, list[Opened]], list[InvalidAnswer]]:
    """Give each file its attachment; return the files of each, and what is wrong with the rest."""
    taken: dict[int, list[Opened]] = {n: [] for n, _ in enumerate(message.files)}
    errors: list[InvalidAnswer] = []
    for file in given:
        fitting = [n for n, each in enumerate(message.files) if file.kind in each.accept]
        room = [n for n in fitting if not taken[n] or message.files[n].count != "one"]
        if not room:
            errors.append(_no_place(file, message, SURPLUS if fitting else MISFIT))
            continue
        taken[room[0]].append(file)
        errors += _against_statement(message.files[room[0]], file, statement)
    return taken, errors


def accepted(message: Message) -> Sequence[FileKind]:
    """Return the kinds of file that the message takes."""
    return [kind for kind in get_args(FileKind) if any(kind in f.accept for f in message.files)]


def named(kinds: Sequence[FileKind]) -> Text:
    """Return what to call these kinds of file."""
    return join([KINDS[kind] for kind in kinds])


def too_large(draft: bytes) -> Text | None:
    """Return what to say of a draft that mail gateways may refuse for its size."""
    return TOO_LARGE.format(size=round(len(draft) / 1_000_000)) if len(draft) > LARGE else None


def _named(path: Path, media_type: str) -> str:
    """Return the file's name for the e-mail, with an ending by which the reader can open it."""
    if not media_type or _ENDING.fullmatch(path.suffix):
        return path.name
    return f"{path.name}.{media_type.partition('/')[2].replace('jpeg', 'jpg')}"


def _read(path: Path, data: bytes) -> pdf.Pdf | None:
    """Open a PDF and read it; without the library see at least that it has an end."""
    try:
        return pdf.parse(data, path)
    except MissingLibrary:
        if PDF_END not in data[-NEAR:]:
            raise CannotRead(pdf.DAMAGED.format(file=path)) from None
        return None


def _against_statement(
    wanted: Attachment, file: Opened, statement: Opened | None
) -> Iterator[InvalidAnswer]:
    if not wanted.pages or not statement:
        return
    if file.attached.data == statement.attached.data:
        yield _refused(file, AS_DOWNLOADED.format(file=file.path), wanted.accept)
    elif None not in (file.pages, statement.pages) and file.pages != statement.pages:
        why = OTHER_PAGES.format(file=file.path, found=file.pages, right=statement.pages)
        yield _refused(file, why, wanted.accept)


def _no_place(file: Opened, message: Message, why: Text) -> InvalidAnswer:
    kinds = accepted(message)
    if not kinds:
        return _refused(file, NOTHING_WANTED.format(file=file.path))
    wanted = join([each.text for each in message.files], zh="；", en="; ")
    told = why.format(file=file.path, kinds=named(kinds), wanted=wanted)
    return _refused(file, told, kinds)


def _refused(file: Opened, why: Text, allowed: Sequence[str] = ()) -> InvalidAnswer:
    return InvalidAnswer(
        AT.format(flag=FLAG).plus(why),
        question=FLAG,
        value=str(file.path),
        allowed=allowed,
        why=why,
    )
