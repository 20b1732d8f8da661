"""The few ways xingtu can fail; what nobody on the way can mend, the command line tells.

Each kind carries a bilingual message that says what is wrong and what to do next, a stable `code`
for scripts, and the exit code of the process.
"""

import errno
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from xingtu_cli.shell import quoted
from xingtu_cli.text import NOTHING, Lang, Text, join, same, visible

STANDARD_INPUT = Text("标准输入", "standard input")
_STREAMS = ("-", "<stdin>")

_FORBIDDEN = Text("没有权限，或正被别的程序占用", "no permission, or another program has it open")
_NO_ROOM = Text("磁盘满了", "the disk is full")
NO_MEMORY = Text("内存不够", "there is not enough memory")
_BAD_NAME = Text("名称里有不能用的字符", "no name can have such a character")
# what the system says in English only; anything rarer is left in its own words
_REASONS: Mapping[int, Text] = {
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.ENOENT: Text("没有这个文件或文件夹", "there is no such file or folder"),
    errno.EEXIST: Text("已经存在", "it exists already"),
    errno.EISDIR: Text("是文件夹", "it is a folder"),
    errno.ENOTDIR: Text("不是文件夹", "it is no folder"),
    errno.ENOTEMPTY: Text("里面已有文件", "it has files in it"),
    errno.ENOSPC: _NO_ROOM,
    errno.EDQUOT: _NO_ROOM,
    errno.EROFS: Text("磁盘是只读的", "the disk is read-only"),
    errno.ENXIO: Text("没有这个设备", "there is no such device"),
    errno.EIO: Text("磁盘出错，或终端已断开", "the disk failed, or the terminal is gone"),
    errno.EPIPE: Text("接收的程序已经退出", "the program that read it has ended"),
    errno.EBADF: Text("已经关闭", "it is closed"),
    errno.EFBIG: Text("文件太大", "it is too large"),
    errno.ENAMETOOLONG: Text("名称太长", "its name is too long"),
    errno.ELOOP: Text("链接绕成了圈", "its links lead in a circle"),
    errno.ENOMEM: NO_MEMORY,
    errno.EMFILE: Text("打开的文件太多", "too many files are open"),
    errno.ENFILE: Text("打开的文件太多", "too many files are open"),
    errno.EAGAIN: Text("系统正忙，请稍后再试", "the system is busy; try again later"),
}


def reason(error: OSError | ValueError) -> Text:
    """Say in words why the system refused; a `ValueError` is what it raises for a NUL in a name."""
    if not isinstance(error, OSError):
        return _BAD_NAME
    return _REASONS.get(error.errno or 0) or same(error.strerror or str(error))


def named(file: str) -> Text:
    """Return how a file is called in a message: standard input is no `-`."""
    return STANDARD_INPUT if file in _STREAMS else same(visible(file))


def install(library: str) -> str:
    """Return the line that installs a library where this program runs, whatever `pip` may be."""
    return quoted([sys.executable, "-m", "pip", "install", library])


class Wanted(NamedTuple):
    """A question that still needs an answer: its id, its flag and the values it takes."""

    question: str
    flag: str
    values: tuple[str, ...]


class Problem(NamedTuple):
    """One fault of a file, at a 1-based line and column.

    `id` names its kind for good where it has one (`XT205`), `hint` says how to mend it where that
    is known.
    """

    file: str
    line: int
    column: int
    message: Text
    id: str
    hint: Text = NOTHING

    def at(self, lang: Lang) -> str:
        """Return the problem as `file:line:column: message; hint [id]`."""
        kind = f" [{self.id}]" if self.id else ""
        file = STANDARD_INPUT.in_(lang) if self.file == "-" else self.file
        return f"{file}:{self.line}:{self.column}: {self.told(lang)}{kind}"

    def told(self, lang: Lang) -> str:
        """Return the message with its hint."""
        hint = self.hint.in_(lang)
        return self.message.in_(lang) + (("，" if lang == "zh" else "; ") + hint if hint else "")


class XingtuError(Exception):
    """Something the user can mend. `message` says what is wrong, where, and what to do.

    Where answers that somebody typed would be lost, `resume` is a command line that gives them.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message
        self.resume = ""

    def details(self, lang: Lang) -> Mapping[str, object]:
        """Return the further keys that this kind adds to a JSON error."""
        return {}


class CannotRead(XingtuError):
    """A file that is missing, unreadable or not what it should be."""

    code = "cannot-read"


class CannotWrite(XingtuError):
    """Output that could not be written (a full disk, a closed stream)."""

    code = "cannot-write"


class CaseChanged(CannotWrite):
    """A saved case that someone else changed after it was read."""

    code = "case-changed"


class InvalidDraft(XingtuError):
    """An e-mail that cannot be written as asked."""

    code = "invalid-draft"


class NoEmail(XingtuError):
    """A draft that was asked for where the outcome has no e-mail; `title` is the outcome's."""

    code = "no-email"

    def __init__(self, title: str) -> None:
        super().__init__(
            Text(
                f"没有写草稿：这个结论（{title}）没有要发的邮件",
                f"no draft was written: this outcome ({title}) has no e-mail to send",
            )
        )


class MissingLibrary(XingtuError):
    """A library that is only needed for `purpose`, and is not installed, or not whole."""

    code = "missing-library"

    def __init__(self, library: str, purpose: Text) -> None:
        super().__init__(
            Text(
                "{purpose}要用到 {library}，还没有装好。请先运行：\n{install}",
                "{purpose} needs {library}, which is not installed properly; run:\n{install}",
            ).format(purpose=purpose, library=library, install=install(library))
        )
        self.library = library


class FileExists(XingtuError):
    """A file that would be overwritten."""

    code = "file-exists"

    def __init__(self, path: Path) -> None:
        super().__init__(
            Text(
                "{path} 已存在，没有覆盖；确定要覆盖请加 --force",
                "{path} exists and was left as it is; add --force to overwrite it",
            ).format(path=path)
        )
        self.path = path


class InvalidTable(XingtuError):
    """A table that cannot be used as a whole: its header, its format, its encoding."""

    code = "invalid-table"


class BadRow(XingtuError):
    """A row of a table that cannot be used, which is no fault of the others."""

    code = "bad-row"


class RowsFailed(XingtuError):
    """A table that was written, some rows of it without a diagnosis."""

    code = "rows-failed"


class UsageError(XingtuError):
    """An unknown flag, a missing value, a word too many; `command` is whose help would tell."""

    code = "usage"
    exit_code = 2

    def __init__(self, message: Text, *, command: str = "") -> None:
        super().__init__(message)
        self.command = command


class InvalidAnswer(UsageError):
    """A value that its question does not take.

    `allowed` lists what it does take; `why` is the reason alone, for a prompt that shows the rest.
    """

    code = "invalid-answer"

    def __init__(
        self,
        message: Text,
        *,
        question: str,
        value: str,
        allowed: Sequence[str] = (),
        why: Text | None = None,
    ) -> None:
        super().__init__(message)
        self.why = why or message
        self.question = question
        self.value = value
        self.allowed = tuple(allowed)


class InvalidAnswers(UsageError):
    """Several answers at once that their questions do not take."""

    code = "invalid-answer"

    def __init__(self, errors: Sequence[InvalidAnswer]) -> None:
        super().__init__(join([error.message for error in errors], zh="\n", en="\n"))
        self.errors = tuple(errors)

    def details(self, lang: Lang) -> Mapping[str, object]:
        """Return `invalid`: each value refused, with what is allowed and why it was refused."""
        return {
            "invalid": [
                {
                    "question": error.question,
                    "flag": f"--{error.question}",
                    "value": error.value,
                    "values": list(error.allowed),
                    "message": error.message.in_(lang),
                }
                for error in self.errors
            ]
        }


class UnneededAnswers(UsageError):
    """Answers that the route never asked for, under `--strict`."""

    code = "unneeded-answers"


class Unfinished(XingtuError):
    """A walk that stopped before its outcome.

    `answers` are those given so far, and `asked` tells whether the user was being asked.
    """

    def __init__(self, message: Text, *, answers: Mapping[str, Any], asked: bool) -> None:
        super().__init__(message)
        self.answers = answers
        self.asked = asked


class MissingAnswers(Unfinished):
    """The route needs answers that nobody gave.

    `missing` is needed whatever the other answers are; `possible` depends on them.
    """

    code = "missing-answers"
    exit_code = 2

    def __init__(
        self,
        message: Text,
        *,
        missing: Sequence[Wanted],
        possible: Sequence[Wanted],
        answers: Mapping[str, Any],
        asked: bool,
    ) -> None:
        super().__init__(message, answers=answers, asked=asked)
        self.missing = tuple(missing)
        self.possible = tuple(possible)

    def details(self, lang: Lang) -> Mapping[str, object]:
        """Return `missing` and `possible`, each a list of question, flag and values."""

        def listed(wanted: Sequence[Wanted]) -> list[Mapping[str, object]]:
            return [
                {"question": w.question, "flag": w.flag, "values": list(w.values)} for w in wanted
            ]

        return {"missing": listed(self.missing), "possible": listed(self.possible)}


class InvalidFile(XingtuError):
    """A file with problems, all that can be told.

    `kind` is what it is called, `text` what it holds, where that is known; `more` tells that there
    may be others, too many to list or hidden behind these.
    """

    code = "invalid-file"
    kind: ClassVar[Text]

    def __init__(self, problems: Sequence[Problem], text: str = "", *, more: bool = False) -> None:
        count, plural = len(problems), "s" if len(problems) > 1 else ""
        super().__init__(
            Text(
                f"{self.kind.zh}有 {count} 处问题，改好后再运行：",
                f"the {self.kind.en} has {count} problem{plural}; mend and run again:",
            )
        )
        self.problems = tuple(problems)
        self.text = text
        self.more = more

    def details(self, lang: Lang) -> Mapping[str, object]:
        """Return `problems`: each with its file, line, column and message."""
        return {
            "problems": [
                {
                    "file": p.file,
                    "line": p.line,
                    "column": p.column,
                    "id": p.id,
                    "message": p.message.in_(lang),
                    "hint": p.hint.in_(lang) or None,
                }
                for p in self.problems
            ]
        }


class InvalidRules(InvalidFile):
    """A rules file with problems."""

    code = "invalid-rules"
    exit_code = 3
    kind = Text("规则文件", "rules file")


class InvalidAnswersFile(InvalidFile):
    """An answers file with problems."""

    code = "invalid-answer"
    exit_code = 2
    kind = Text("回答文件", "answers file")


class InvalidCase(InvalidFile):
    """A saved case with problems."""

    code = "invalid-case"
    kind = Text("存档", "saved case")


class Interrupted(Unfinished):
    """The user stopped a conversation (Ctrl-C or `q`)."""

    code = "interrupted"
    exit_code = 130
