"""Answers that a file gives, and a diagnosis that is saved: `--answers` and `--save`."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from xingtu_cli import answersfile, casefile, files, terminal
from xingtu_cli.casefile import Case
from xingtu_cli.cli.again import Opened
from xingtu_cli.cli.clash import STREAM
from xingtu_cli.cli.session import Session
from xingtu_cli.commandline import file_word, program
from xingtu_cli.errors import InvalidAnswersFile, Problem
from xingtu_cli.layout import Line
from xingtu_cli.progress import outdated
from xingtu_cli.rules.model import Outcome, Tree
from xingtu_cli.shell import quoted
from xingtu_cli.text import Text, visible
from xingtu_cli.walk import walk

OTHER_RULES = Text(
    "这份存档是按另一版规则做的（{saved}，现在是 {now}）。对不上、没有采用的：",
    "this case was saved under other rules ({saved}, now {now}). Left out, as it does not fit:",
)
OTHER_GUIDE = Text(
    "这份存档是另一份指南的（{saved}，现在用的是 {now}）。请加上 --rules 和那份指南的规则文件。"
    "对不上、没有采用的：",
    "this case is of another guide ({saved}, now {now}); add --rules and that guide's rules file."
    " Left out, as it does not fit:",
)
LEFT_OUT = Text("没有采用：", "left out:")
SAVED = Text("已存到 {file}。以后看进展：", "Saved to {file}. To see where it stands:")


def open_answers(name: str, tree: Tree, today: date, session: Session) -> Opened:
    """Read the answers file, or the case, that `--answers` names; `-` is standard input.

    Says on standard error what of a case does not fit the rules in force.
    """
    document = answersfile.parse(_bytes_of(name), name)
    if document.problems:
        raise InvalidAnswersFile(document.problems)
    if casefile.is_case(document):
        return opened_case(casefile.of(document), name, tree, today, session)
    said = answersfile.told(document)
    fitted = answersfile.fit(tree, *answersfile.parted(tree, said), name, today)
    if problems := [*document.problems, *fitted.problems]:
        raise InvalidAnswersFile(problems)
    return Opened(fitted.answers, fitted.details, name=name)


def opened_case(case: Case, name: str, tree: Tree, today: date, session: Session) -> Opened:
    """Take up a case that was read from the file `name`."""
    fitted, done = case.fitted(tree, name, today)
    remark_left_out(case, fitted.problems, tree, session)
    so_far = walk(tree, fitted.answers, today, done)
    untrue = outdated(so_far) if isinstance(so_far.at, Outcome) else ()
    true = {k: answer for k, answer in fitted.answers.items() if k not in untrue}
    return Opened(true, fitted.details, done, case, name)


def with_rules(told: Text, case: Case, tree: Tree) -> Text:
    """Fill in under which rules a case was saved, and which are in force."""
    return told.format(saved=" ".join(case.rules), now=f"{tree.id} {tree.version}")


def remark_left_out(case: Case, problems: Sequence[Problem], tree: Tree, session: Session) -> None:
    """Say on standard error what of a case does not fit the rules in force."""
    if not problems:
        return
    lead = LEFT_OUT
    if case.rules != (tree.id, tree.version):
        lead = OTHER_RULES if case.is_of(tree) else OTHER_GUIDE
    told = with_rules(lead, case, tree).in_(session.lang)
    lines = [Line(told, style="note")]
    lines += [Line(visible(each.at(session.lang)), style="note", indent=2) for each in problems]
    terminal.remark(lines, color=session.color)


def _bytes_of(name: str) -> bytes:
    if name != STREAM:
        return files.read(Path(name), answersfile.MOST_BYTES)
    return files.bounded(terminal.binary_input(), answersfile.MOST_BYTES, name)


# ─── saving ──────────────────────────────────────────────────────────────────────────────────────


def remark_saved(path: Path, session: Session) -> None:
    """Say on standard error where the case was saved, and how to see it again."""
    again = quoted([*program(), "case", "show", file_word(str(path)), *session.repeat])
    told = SAVED.format(file=path).in_(session.lang)
    lines = [Line(visible(told)), Line(visible(again), verbatim=True)]
    terminal.remark(lines, color=session.color)
