"""A PDF file → how many pages it has, and the text of its last page."""

import json
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xingtu_cli import files
from xingtu_cli.errors import CannotRead, MissingLibrary
from xingtu_cli.text import Text

MOST_BYTES = 100 << 20  # a scan of a hundred pages has about half of that
SECONDS = 20  # a 500-page statement takes a tenth of one
READER = Path(__file__).with_name("pdfium.py")

PURPOSE = Text("读 PDF 文件", "reading a PDF file")
NO_PDF = Text(
    "{file} 不是 PDF 文件。请给出从后台下载的结算单（PDF）",
    "{file} is no PDF file; give the statement as you downloaded it (PDF)",
)
LOCKED = Text(
    "{file} 有打开密码，读不了。请先用 PDF 阅读器去掉密码，另存一份",
    "{file} needs a password to open; save a copy without one in your PDF reader",
)
DAMAGED = Text(
    "{file} 已损坏或不完整，读不了。请重新下载或重新扫描",
    "{file} is damaged or incomplete; download or scan it again",
)
TOO_SLOW = Text(
    "{file} 读了 {seconds} 秒还没读完，已放弃。请换一份，或用 PDF 阅读器另存一份再试",
    "{file} could not be read within {seconds} seconds; take another copy, or save it anew in your"
    " PDF reader",
)


@dataclass(frozen=True)
class Pdf:
    """What a PDF holds: the number of its `pages`, and the text of the last one.

    `last_page` has the page's lines in PDFium's reading order; it is empty for a scan. Spaces in it
    come from the layout (several may be read as one), so they prove nothing.
    """

    pages: int
    last_page: str


def read(path: Path) -> Pdf:
    """Read the PDF at `path`; raises `CannotRead` where it cannot be, and as `parse` does."""
    return parse(files.read(path, MOST_BYTES), path)


def parse(data: bytes, path: Path) -> Pdf:
    """Read a PDF out of its bytes, in a process of its own that is given up after `SECONDS`.

    `path` is its name in messages. Raises `CannotRead` for what is no PDF, locked, damaged, empty
    or endless, and `MissingLibrary` where the extra `pdf` is not installed.
    """
    if b"%PDF-" not in data[:1024]:
        raise CannotRead(NO_PDF.format(file=path))
    try:
        # our own script, by full names, and nothing of the user's among its words
        ran = subprocess.run(  # noqa: S603
            [sys.executable, "-P", str(READER)],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CannotRead(TOO_SLOW.format(file=path, seconds=SECONDS)) from None
    found: dict[str, Any] = {"fault": "damaged"}
    if ran.returncode == 0:
        with suppress(ValueError):  # where children are not waited for, each seems to end well
            found = json.loads(ran.stdout)
    if found.get("fault") == "library":
        raise MissingLibrary("pypdfium2", PURPOSE)
    if fault := found.get("fault"):
        raise CannotRead((LOCKED if fault == "password" else DAMAGED).format(file=path))
    return Pdf(found["pages"], found["text"])
