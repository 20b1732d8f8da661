"""Words as the shell at hand takes them."""

import os
import shlex
from collections.abc import Sequence

from xingtu_cli.text import has_control


def quoted(words: Sequence[str]) -> str:
    """Quote words for a POSIX shell, or for Windows' command line there."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    if _plain(word):
        return word
    if not has_control(word):
        return shlex.quote(word)
    # $'…', which bash, zsh and POSIX 2024 take: what no terminal should be sent is spelled out. So
    # are quotes and backslashes: to an older shell, as dash, this is a wrong name, never a command
    spelled = (
        "".join(f"\\{byte:03o}" for byte in os.fsencode(each))
        if has_control(each) or each in "\\'"
        else each
        for each in word
    )
    return f"$'{''.join(spelled)}'"


def _plain(word: str) -> bool:
    """Tell whether a word needs no quotes; Chinese letters and digits do not."""
    return bool(word) and all(c.isalnum() or c in "@%+=:,./-_" for c in word)
