"""What `xingtu rules check` does: reads rules files and says all that is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from xingtu_cli import terminal
from xingtu_cli.cli.session import Session
from xingtu_cli.errors import CannotRead, InvalidRules, XingtuError
from xingtu_cli.files import bounded
from xingtu_cli.layout import Line
from xingtu_cli.rules.load import MOST_BYTES, load, loads_bytes
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text, visible

FORMATS = ("text", "json")
STDIN = "<stdin>"
SOUND = Text("{file}：没有问题", "{file}: no problems")

# each file by its name: its rules, or why there are none
Checked = Mapping[str, Tree | XingtuError]


def check(session: Session, files: Sequence[str] | None, **_: Any) -> int:
    """Check the files named, `-` for standard input, or the rules in force; return the exit code.

    3 if one has problems, else 1 if one cannot be read, else 0. The report goes to standard output.
    """
    as_json = session.format_among(FORMATS) == "json"
    checked = _checked(session, files or ())
    with suppress(terminal.ReaderLeft):  # `| head` and `| true` change nothing about the rules
        if as_json:
            from xingtu_cli.render import checked_as_json

            terminal.write(checked_as_json(checked, session.lang))
        else:
            terminal.show(_page(checked, session), color=session.color)
    failed = [each for each in checked.values() if isinstance(each, XingtuError)]
    return max((error.exit_code for error in failed), default=0)


def _checked(session: Session, names: Sequence[str]) -> Checked:
    readings: Mapping[str, Callable[[], Tree]] = {
        STDIN if name == "-" else name: _from_stdin if name == "-" else partial(load, Path(name))
        for name in names
    } or {str(session.rules_file): session.rules}
    checked: dict[str, Tree | XingtuError] = {}
    for name, reading in readings.items():
        try:
            checked[name] = reading()
        except (InvalidRules, CannotRead) as error:
            checked[name] = error
    return checked


def _from_stdin() -> Tree:
    return loads_bytes(bounded(terminal.binary_input(), MOST_BYTES, STDIN), STDIN)


def _page(checked: Checked, session: Session) -> list[Line]:
    from xingtu_cli import report

    page: list[Line] = []
    for name, found in checked.items():
        match found:
            case InvalidRules():
                page += report.as_page(found, session.lang, terminal.page_width())
            case XingtuError():
                page.append(Line(visible(found.message.in_(session.lang)), style="error"))
            case _:
                sound = SOUND.format(file=visible(name)).in_(session.lang)
                page.append(Line(sound))
    return page
