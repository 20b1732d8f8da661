"""The command line that repeats or resumes a run."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from xingtu_cli.answers import Answers, Details, written
from xingtu_cli.shell import quoted

NAME = "xingtu"


def command(answers: Answers, details: Details, options: Sequence[str] = ()) -> str:
    """Return one line for the shell at hand that gives these answers and details as flags.

    `options` are further words, such as `--today 2026-11-23`, for the end of the line.
    """
    words = [*program(), "diagnose"]
    for name, answer in answers.items():
        words += [f"--{name}", written(answer)]
    for name, values in details.items():
        for value in values:
            words += [f"--{name}={value}"] if value.startswith("-") else [f"--{name}", value]
    return quoted([*words, *options])


def program() -> tuple[str, ...]:
    """Return the words that start this program again from the same shell.

    That is its name, unless it was called by a path that the shell does not search, or as a module.
    """
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return (sys.orig_argv[0], "-m", "xingtu_cli")
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    # unlike `exists`, this takes a folder that may not be entered for one without us
    searched = any(os.access(folder / called.name, os.X_OK) for folder in folders)
    return (sys.argv[0],) if called.stem == NAME and not searched else (NAME,)


def file_word(name: str) -> str:
    """Return the name of a file as a word that is not taken for a flag."""
    return f"./{name}" if name.startswith("-") else name
