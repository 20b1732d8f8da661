"""What must be known before the flags can be: the global options, and the rules in force."""

import os
import shlex
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, cast, get_args

from xingtu_cli import answers, clock, terminal
from xingtu_cli.errors import UsageError, XingtuError
from xingtu_cli.rules.load import load, shipped_path
from xingtu_cli.rules.model import Tree
from xingtu_cli.terminal import Color
from xingtu_cli.text import LANGS, Lang, Text, did_you_mean, join, same

# the options that matter before the parser can be built, with the values they take
CHOICES: Mapping[str, Sequence[str]] = {"--lang": LANGS, "--color": get_args(Color)}
TAKE_VALUE = (*CHOICES, "--rules", "--format")
ALONE = ("--debug", "--version")

# each has a module of its name beside this one
COMMANDS = ("diagnose", "account", "case", "batch", "rules")
GROUPS = ("case", "rules")  # those that have commands of their own

NO_VALUE = Text("{flag} 后面要写一个值", "{flag} needs a value")

WRONG_CLOCK = Text(
    "这台电脑的日期是 {day}，不会是对的；请先校准系统时间，或用 --today 写明今天的日期",
    "this computer's date is {day}, which cannot be right; set its clock, or give today's date with"
    " --today",
)

# where no command is named, `diagnose` is meant; these words ask for something of xingtu itself
INSTALL = "--install-completion"
COMPLETION = (INSTALL, "--show-completion")
OWN = ("--help", "-h", *COMPLETION)


class Session(NamedTuple):
    """The settings that hold for the whole run, and the rules in force or why there are none.

    `format` is the output's as the user wrote it; each command knows which it has. `completing`
    tells that a shell asks for completions. `command` is the command that runs, `None` where the
    words name none there is, and `page` the words before `--help` for its page; `repeat` holds the
    global options for a command line that runs again.
    """

    lang: Lang
    color: Color = "auto"
    format: str = ""
    debug: bool = False
    version: bool = False
    completing: bool = False
    command: str | None = None
    page: str = "xingtu"
    rules_file: Path = Path()
    tree: Tree | None = None
    trouble: XingtuError | None = None
    repeat: tuple[str, ...] = ()

    def rules(self) -> Tree:
        """Return the rules in force, or raise what is wrong with them."""
        if self.tree is None:
            assert self.trouble is not None
            raise self.trouble
        return self.tree

    def format_among(self, known: Sequence[str]) -> str:
        """Return the output's format, the first of those `known` where none was given."""
        chosen = self.format or known[0]
        if chosen not in known:
            raise not_one_of("--format", chosen, known)
        return chosen


def open_session(argv: Sequence[str]) -> Session:
    """Read the global options out of the words, wherever they stand, and load the rules.

    Whatever is wrong, with an option or with the rules, is kept as the session's trouble.
    """
    completing = is_completing()
    words = _completed() if completing else argv
    chosen = dict(_options(words))
    trouble: XingtuError | None = None
    tree: Tree | None = None
    path = chosen.get("--rules") or os.environ.get("XINGTU_RULES")
    file = Path(path) if path else shipped_path()
    command = [] if completing else _command(argv)
    try:
        for flag, value in () if completing else chosen.items():
            if flag in TAKE_VALUE and not value:
                raise UsageError(NO_VALUE.format(flag=flag))
        for flag, allowed in CHOICES.items():
            if flag in chosen and chosen[flag] not in allowed:
                value = chosen.pop(flag)  # half typed, perhaps
                if not completing:
                    raise not_one_of(flag, value, allowed)
        tree = load(file)
    except XingtuError as error:
        trouble = error
    repeated = [(flag, chosen[flag]) for flag in ("--lang", "--rules") if flag in chosen]
    return Session(
        lang=terminal.language(chosen.get("--lang")),
        color=cast("Color", chosen.get("--color", "auto")),
        format=chosen.get("--format", ""),
        debug="--debug" in chosen,
        version="--version" in chosen and not completing,
        completing=completing,
        command=command[0] if command else None,
        page=" ".join(["xingtu", *command]),
        rules_file=file,
        tree=tree,
        trouble=trouble,
        repeat=tuple(word for pair in repeated for word in pair),
    )


def is_completing() -> bool:
    """Tell whether a shell asks for completions."""
    return "_XINGTU_COMPLETE" in os.environ


def _completed() -> list[str]:
    """Return the words that a shell asks completions for."""
    line = os.environ.get("_TYPER_COMPLETE_ARGS") or os.environ.get("COMP_WORDS") or ""
    try:
        return shlex.split(line)
    except ValueError:  # a quote is still open
        return line.split()


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each option that matters here with its value, wherever it stands; the last one wins.

    One whose value is missing at the end is left to the parser, which says so.
    """
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "--":
            return
        if name in TAKE_VALUE:
            given = value if equals else next(rest, None)
            if given is not None:
                yield name, given
        elif word in ALONE:
            yield word, ""


def with_command(argv: Sequence[str]) -> list[str]:
    """Put in `diagnose` where no command is named, so that bare `xingtu` is `xingtu diagnose`."""
    words = list(argv)
    at = first_own(words)
    if at > len(words):  # the last option lacks its value; what follows would be taken for it
        return ["diagnose", *words]
    if at == len(words) or (words[at].startswith("-") and words[at] not in OWN):
        words.insert(at, "diagnose")
    return words


def _command(argv: Sequence[str]) -> list[str]:
    """Return the command that the words name, and that of its group; nothing if there is none."""
    words = with_command(argv)
    at = first_own(words)
    if words[at] not in COMMANDS:
        return []
    own = first_own(words, at + 1)
    inner = words[own : own + 1] if words[at] in GROUPS else []
    return [words[at], *(word for word in inner if not word.startswith("-"))]


def first_own(words: Sequence[str], at: int = 0) -> int:
    """Return the place of the first word, from `at` on, that is no global option nor its value.

    That is beyond the end where there is none, by one more where the last option lacks its value.
    """
    while at < len(words):
        name, equals, _ = words[at].partition("=")
        if name not in ("--lang", "--rules", "--color", "--debug"):
            break
        at += 1 if equals or name == "--debug" else 2
    return at


def not_one_of(flag: str, value: str, allowed: Sequence[str]) -> UsageError:
    """Return the refusal of an option's value that is not one of `allowed`."""
    return UsageError(
        Text(
            "{flag} 只能是：{allowed}，不能是“{value}”",
            "{flag} is one of: {allowed}, not “{value}”",
        )
        .format(
            flag=flag,
            allowed=join([same(each) for each in allowed]),
            value=answers.quoted(value),
        )
        .plus(did_you_mean(value, allowed))
    )


def day(given: str | None, flag: str = "--today") -> date:
    """Return the day given to a flag, or today in China.

    Raises `UsageError` for no day, and `XingtuError` where the clock is wrong by decades.
    """
    if given is None:
        today = clock.today()
        if today.year not in answers.YEARS:  # what is saved by it could not be read again
            raise XingtuError(WRONG_CLOCK.format(day=today.isoformat()))
        return today
    try:
        return answers.parse_date(given)
    except ValueError as error:
        why: Text = error.args[0]
        raise UsageError(
            Text("{flag} 不能是“{given}”：{why}", "{flag} cannot be “{given}”: {why}").format(
                flag=flag, given=answers.quoted(given), why=why
            )
        ) from None


def is_set(variable: str) -> bool:
    """Tell whether an environment variable says yes."""
    return os.environ.get(variable, "").lower() not in ("", "0", "no", "false")
