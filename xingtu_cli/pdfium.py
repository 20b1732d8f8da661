"""The child process that reads a PDF: a script, run by `pdf`, with the file on standard input.

PDFium is quick and knows the Chinese encodings, but it is C++ and a PDF may be hostile: here it can
crash, hang or eat memory without taking the program with it. Nothing of ours is imported, so that
the script runs wherever it lies.
"""

import json
import sys
from contextlib import suppress
from typing import Any

MOST_TEXT = 100_000  # characters; a page of a statement has a few thousand
MEMORY = 1 << 30  # bytes of address space; a 100 MB scan takes about a third
WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD


def main() -> None:
    """Print what `found` finds as one line of JSON in ASCII."""
    _set_limits()
    line = json.dumps(found(sys.stdin.buffer.read())) + "\n"
    sys.stdout.buffer.write(line.encode("ascii"))


def found(data: bytes) -> dict[str, Any]:
    """Return the number of pages and the last one's text, or a fault.

    That is `password`, `damaged`, or `library` where PDFium itself cannot be loaded.
    """
    try:
        import pypdfium2
    except (ImportError, OSError):
        return {"fault": "library"}
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
        if not pages:
            return {"fault": "damaged"}
        text = document[pages - 1].get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == WRONG_PASSWORD
        return {"fault": "password" if locked else "damaged"}
    return {"pages": pages, "text": text.replace("\r\n", "\n")[:MOST_TEXT]}


def _set_limits() -> None:
    with suppress(ImportError, OSError, ValueError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash leaves no account details behind
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


if __name__ == "__main__":
    main()
