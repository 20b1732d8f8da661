"""The command line that repeats or resumes a run."""

import os
import shlex
import subprocess
from collections.abc import Sequence

from xingtu_cli.answers import Answers, Details, written


def command(answers: Answers, details: Details, options: Sequence[str] = ()) -> str:
    """Return one line for the shell at hand that gives these answers and details as flags.

    `options` are further words, such as `--today 2026-11-23`, for the end of the line.
    """
    words = ["xingtu", "diagnose"]
    for name, answer in answers.items():
        words += [f"--{name}", written(answer)]
    for name, values in details.items():
        for value in values:
            words += [f"--{name}", value]
    return quoted([*words, *options])


def quoted(words: Sequence[str]) -> str:
    """Quote words for a POSIX shell, or for Windows' command line there."""
    if os.name == "nt":
        return subprocess.list2cmdline(words)
    return " ".join(word if _plain(word) else shlex.quote(word) for word in words)


def _plain(word: str) -> bool:
    """Tell whether a word needs no quotes; Chinese letters and digits do not."""
    return bool(word) and all(c.isalnum() or c in "@%+=:,./-_" for c in word)
