"""A rules file → a Tree, or its problems, each with its line and column."""

import codecs
import gc
from collections.abc import Iterator, Sequence, Sized
from contextlib import contextmanager
from itertools import islice
from pathlib import Path as FilePath

from xingtu_cli import files
from xingtu_cli.errors import InvalidRules, Problem
from xingtu_cli.rules import schema, source
from xingtu_cli.rules.check import check, complete
from xingtu_cli.rules.fault import placed
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.source import MOST_PROBLEMS
from xingtu_cli.text import Text, lines

SHIPPED = "rules.yaml"
SAVE_AS = Text("请用编辑器另存为 UTF-8 编码", "save it as UTF-8 in your editor")
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
MOST_BYTES = 64 * 1024 * 1024  # about 200,000 questions; a rules file has a few dozen


def load(path: FilePath | str | None = None) -> Tree:
    """Read the rules file at `path`, or the shipped one.

    Raises `CannotRead` when there is no such file and `InvalidRules` with every problem found.
    """
    file = shipped_path() if path is None else FilePath(path)
    return loads_bytes(files.read(file, MOST_BYTES), str(file))


def loads_bytes(raw: bytes, file: str) -> Tree:
    """Read rules from bytes in UTF-8; `file` is the name under which problems are reported."""
    return loads(_decode(raw, file), file)


def loads(text: str, file: str = "<rules>") -> Tree:
    """Read rules from `text`; `file` is the name under which problems are reported."""
    with undisturbed():
        return _loads(text, file)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Keep the garbage collector away: a large file's parts all stay, and it would go over them."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _loads(text: str, file: str) -> Tree:
    document = source.read(text, file)
    if not document.whole:
        raise InvalidRules(_sorted(document.problems), text, more=True)
    fitted = schema.fit(document.data)
    further = fitted.sound(check(fitted.tree)) if fitted.tree else ()
    faults = [*fitted.faults, *islice(further, MOST_PROBLEMS)]
    if faults or document.problems or not fitted.tree:
        told = placed(faults[:MOST_PROBLEMS], text, file)
        # what stands for an alias or a tag is wrong in its own way; to say so once will do
        said = {(problem.line, problem.column) for problem in document.problems}
        told = (each for each in told if (each.line, each.column) not in said)
        problems = _sorted([*document.problems, *told])
        many = _many(faults) or _many(document.problems)
        raise InvalidRules(problems, text, more=many or not _seen_whole(fitted))
    return fitted.tree


def _seen_whole(fitted: schema.Fitted) -> bool:
    """Tell whether nothing is so amiss that some check had to wait for it to be mended."""
    return fitted.tree is not None and not fitted.gaps and complete(fitted.tree)


def _many(found: Sized) -> bool:
    return len(found) >= MOST_PROBLEMS


def shipped_path() -> FilePath:
    """Return the rules file that came with the program.

    A wheel carries it inside the package. A checkout has it at the root, so there an edit takes
    effect at once.
    """
    package = FilePath(files.__file__).parent
    inside = package / SHIPPED
    return inside if inside.is_file() else package.parent / SHIPPED


def _decode(raw: bytes, file: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark.

    Anything else is refused at the first place where it shows, with what it looks like.
    """
    for mark, name in _MARKS:
        if raw.startswith(mark):
            raise InvalidRules([Problem(file, 1, 1, _encoded(name), "XT010", SAVE_AS)])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
    try:
        text, message = raw.decode("gb18030"), _encoded("GBK")
    except UnicodeDecodeError:
        text, message = "", Text("文件不是 UTF-8 编码的文本", "the file is no text in UTF-8")
    seen = before.decode("gb18030" if text else "utf-8", "replace")
    rows = lines(seen, len(seen) + 1)
    problem = Problem(file, len(rows), len(rows[-1]) + 1, message, "XT010", SAVE_AS)
    raise InvalidRules([problem], text)


def _encoded(name: str) -> Text:
    return Text(
        f"文件不是 UTF-8 编码，像是 {name}",
        f"the file is not encoded as UTF-8, it looks like {name}",
    )


def _sorted(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(set(problems))
