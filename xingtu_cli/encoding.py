"""What the encoding of a stream can carry, and what stands in for the rest.

Characters that had to be written as numbers are remembered, so that it can be said.
"""

import codecs
import io
from contextlib import suppress
from typing import TextIO

# signs that a Chinese Windows console (code page 936) lacks, and what it has for them
_STAND_INS = {"¥": "￥", "•": "·", "–": "-", "−": "-", "✓": "√", "✗": "×", "\xa0": " "}

_numbered: set[str] = set()  # the characters that had to be written as numbers


def adapt(stream: TextIO | None, *, reads: bool) -> None:
    """Make a stream carry all that its encoding can, and never fail on the rest.

    One whose encoding is not for texts gets UTF-8. What cannot be read is `�`.
    """
    if not isinstance(stream, io.TextIOWrapper):
        return
    codecs.register_error("xingtu", _stand_in)
    own = (_reads_text if reads else _carries_text)(stream.encoding)
    stream.reconfigure(encoding=None if own else "utf-8", errors="replace" if reads else "xingtu")


def numbered() -> str:
    """Return the characters that had to be written as numbers since the last `forget`."""
    return "".join(_numbered)


def forget() -> None:
    """Forget which characters had to be written as numbers."""
    _numbered.clear()


def has(encoding: str, text: str) -> bool:
    """Tell whether an encoding has all the characters of a text."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _carries_text(encoding: str) -> bool:
    """Tell whether an encoding that Python knows is one for texts, as `idna` is not."""
    try:
        "★".encode(encoding, "xingtu")
    except (UnicodeError, LookupError):
        return False
    return True


def _reads_text(encoding: str) -> bool:
    """Tell whether what is typed can be read in an encoding, whatever bytes come.

    It cannot in UTF-16, which no terminal sends.
    """
    try:
        read = codecs.getincrementaldecoder(encoding)("replace").decode(b"1\xff\n")
    except (UnicodeError, LookupError):
        return False
    return read[:1] == "1" and read[-1:] == "\n"


def _stand_in(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(_stand_in_for(c, error.encoding) for c in lost), error.end


def _stand_in_for(character: str, encoding: str) -> str:
    if stand_in := _STAND_INS.get(character):
        with suppress(UnicodeEncodeError):
            stand_in.encode(encoding)
            return stand_in
    if not "\ud800" <= character <= "\udfff":  # half of a character, which no encoding has
        _numbered.add(character)
    return character.encode("ascii", "backslashreplace").decode("ascii")
