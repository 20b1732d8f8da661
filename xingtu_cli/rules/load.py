"""A rules file → a Tree, or all of its problems, each with its line and column."""

from collections.abc import Sequence
from pathlib import Path as FilePath

from xingtu_cli import files
from xingtu_cli.errors import InvalidRules, Problem
from xingtu_cli.rules import schema, source
from xingtu_cli.rules.check import check
from xingtu_cli.rules.fault import placed
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.source import MOST_PROBLEMS
from xingtu_cli.text import Text

SHIPPED = "rules.yaml"
MOST_BYTES = 64 * 1024 * 1024  # about 200,000 questions; a rules file has a few dozen


def load(path: FilePath | None = None) -> Tree:
    """Read the rules file at `path`, or the shipped one.

    Raises `CannotRead` when there is no such text file and `InvalidRules` with every problem found.
    """
    path = path or shipped_path()
    return loads(_decode(files.read(path, MOST_BYTES), str(path)), str(path))


def loads(text: str, file: str = "<rules>") -> Tree:
    """Read rules from `text`; `file` is the name under which problems are reported."""
    document = source.read(text, file)
    if not document.whole:
        raise InvalidRules(_sorted(document.problems), text)
    fitted = schema.fit(document.data)
    faults = [*fitted.faults, *(fitted.sound(check(fitted.tree)) if fitted.tree else ())]
    if faults or document.problems or not fitted.tree:
        told = placed(faults[:MOST_PROBLEMS], text, file)
        # what stands for an alias or a tag is wrong in its own way; to say so once will do
        said = {(problem.line, problem.column) for problem in document.problems}
        told = (each for each in told if (each.line, each.column) not in said)
        raise InvalidRules(_sorted([*document.problems, *told]), text)
    return fitted.tree


def shipped_path() -> FilePath:
    """Return the rules file that came with the program.

    A wheel carries it inside the package. A checkout has it at the root, so there an edit takes
    effect at once.
    """
    package = FilePath(files.__file__).parent
    inside = package / SHIPPED
    return inside if inside.is_file() else package.parent / SHIPPED


def _decode(raw: bytes, file: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        message = Text("文件不是 UTF-8 编码", "the file is not encoded as UTF-8")
        hint = Text("请用编辑器另存为 UTF-8", "save it as UTF-8 in your editor")
        raise InvalidRules([Problem(file, line, column, message, "XT010", hint)]) from None


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(dict.fromkeys(problems), key=lambda p: (p.line, p.column, p.message.en))
