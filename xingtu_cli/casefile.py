"""A saved case ↔ readable YAML: the answers, the details, and the steps done with their days.

The file is written whole or not at all, readable by its owner alone. What the program writes it
writes anew each time, so a comment added by hand is lost; `note` is for that, and the file says so.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import yaml

from xingtu_cli import answers, answersfile, files
from xingtu_cli.answers import Details, written
from xingtu_cli.answersfile import Fitted, Said, Told
from xingtu_cli.errors import CannotRead, CannotWrite, CaseChanged, InvalidCase, Problem
from xingtu_cli.rules.fault import Fault, Known
from xingtu_cli.rules.model import Outcome, Tree
from xingtu_cli.rules.source import KEY, Document, Place
from xingtu_cli.rules.source import Path as At
from xingtu_cli.text import NOTHING, Text, visible
from xingtu_cli.walk import Done, Walk

VERSION = 1
MARK = "xingtu-case"
KEYS = (
    MARK,
    "id",
    "rules",
    "created",
    "diagnosed",
    "outcome",
    "note",
    "answers",
    "details",
    "done",
)

HEADER = """\
# xingtu 存档。里面有公司和账户信息，请妥善保管。
#   进展到哪一步：  xingtu case show 本文件
#   做完一步：      xingtu case done 本文件 步骤
#   补充新的回答：  xingtu diagnose --answers 本文件 --save 本文件 --force
# 程序保存时会整份重写，手工加的注释留不住；想留的话写在 note 里。
#
# A case saved by xingtu. It holds company and bank details: keep it to yourself.
#   where it stands:      xingtu case show FILE
#   a step is done:       xingtu case done FILE STEP
#   give further answers: xingtu diagnose --answers FILE --save FILE --force
# The program writes it anew on saving, and comments added by hand are lost; write them into note.
"""

NEWER = Text(
    "{file} 是更新版本的 xingtu 存的（格式 {version}），请先升级 xingtu。文件没有改动",
    "{file} was saved by a newer xingtu (format {version}); upgrade xingtu first. The file was left"
    " as it is",
)
NO_CASE = Text(
    "{file} 不是存档；存档用 xingtu diagnose --save 文件 生成",
    "{file} is no saved case; xingtu diagnose --save FILE makes one",
)
A_TEXT = Text("这里应是一段文字", "this must be a text")
TOO_LONG = Text(
    "写不进 {file}：存档会超过 1 MB，以后读不出来",
    "cannot write {file}: the case would be larger than 1 MB, and could not be read again",
)
A_LINK = Text(
    "{file} 是链接，没有改动；请直接给出它指向的文件",
    "{file} is a link and was left as it is; name the file that it leads to",
)
CHANGED = Text(
    "{file} 刚被别人改过（或已被移走），没有覆盖，请再运行一次",
    "{file} has been changed (or moved) by someone else just now and was left as it is; run again",
)
LATER = Text(
    "{step} 的完成日期 {day} 还没到（今天是 {today}），先不算完成",
    "{step} is done on {day}, which is still to come (today is {today}); not counted as done",
)


@dataclass(frozen=True)
class Case:
    """A diagnosis that goes on for days: what was answered when, and which steps are done.

    `answers` and `details` are as the file says them; the rules in force may not be those that the
    case was made by. `id` tells cases apart, in a calendar say. `diagnosed` is the day on which
    `outcome` was reached, `places` where the steps done stand in the file, and `read` the file's
    name and text as it was read.
    """

    id: str
    rules: tuple[str, str]
    created: date
    diagnosed: date
    outcome: str
    answers: Said
    details: Said
    done: Done = field(default_factory=dict)
    note: str = ""
    places: Mapping[str, Place] = field(default_factory=dict, compare=False, repr=False)
    read: tuple[str, str] | None = field(default=None, compare=False, repr=False)

    def is_of(self, tree: Tree) -> bool:
        """Tell whether it was made by the guide in force, in this version or another."""
        return self.rules[0] == tree.id

    def fitted(self, tree: Tree, file: str, today: date) -> tuple[Fitted, Done]:
        """Fit the case to the rules in force: what its answers, details and done steps are there.

        Raises `InvalidCase` for answers that do not fit the very rules that it was made by; under
        others, what does not fit is left out and in the problems. So is a step that does not exist
        or is done after `today`.
        """
        fitted = answersfile.fit(tree, self.answers, self.details, file, today)
        if fitted.problems and self.rules == (tree.id, tree.version):
            raise InvalidCase(fitted.problems)
        problems, done = list(fitted.problems), dict(self.done)
        steps = Known("", tree.steps, "步骤", "step")
        for name, day in self.done.items():
            faults = list(steps.unknown((), name))
            if day > today:
                faults.append(Fault("", (), LATER.format(step=name, day=day, today=today)))
            for fault in faults:
                place = self.places.get(name, Place(1, 1))
                at = (file, place.line, place.column)
                problems.append(Problem(*at, fault.message, "", fault.hint))
                done.pop(name, None)
        return replace(fitted, problems=tuple(problems)), done

    def known_steps(self, tree: Tree) -> Done:
        """Return the steps done that the rules in force have."""
        return {name: day for name, day in self.done.items() if name in tree.steps}


def from_walk(walk: Walk, details: Details, path: Path, before: Case | None = None) -> Case:
    """Make the case of a finished walk, to be saved at `path`, or renew the case `before`.

    All that was answered is kept, also what this route did not need: a later day's may.
    """
    if not isinstance(walk.at, Outcome):
        raise TypeError(f"the walk still stands at {walk.at.id}")
    said = {name: _told(answer) for name, answer in walk.answers.items()}
    kept = {name: Told(values) for name, values in details.items()}
    return Case(
        id=before.id if before else _new_id(walk, said, kept, path),
        rules=(walk.tree.id, walk.tree.version),
        created=before.created if before else walk.today,
        diagnosed=walk.today,
        outcome=walk.at.id,
        answers=said,
        details=kept,
        done={**(before.known_steps(walk.tree) if before else {}), **walk.done},
        note=before.note if before else "",
        read=before.read if before else None,
    )


def _told(answer: answers.Answer) -> Told:
    return Told(answer if isinstance(answer, tuple) else (written(answer),))


def _new_id(walk: Walk, said: Said, kept: Said, path: Path) -> str:
    """Make an id that another case, at another place or of other answers, will not have."""
    told = [(name, each.values) for name, each in {**said, **kept}.items()]
    what = repr((walk.tree.id, told, walk.today.isoformat(), str(path.absolute())))
    return sha256(what.encode("utf-8", "surrogatepass")).hexdigest()[:16]


# ─── reading ─────────────────────────────────────────────────────────────────────────────────────


def load(path: Path) -> Case:
    """Read the case at `path`.

    Raises `CannotRead` when there is none or a newer xingtu saved it, `InvalidCase` with every
    problem of its content.
    """
    document = answersfile.parse(files.read(path, answersfile.MOST_BYTES), str(path))
    if document.problems:
        raise InvalidCase(document.problems)
    return of(document)


def is_case(document: Document) -> bool:
    """Tell whether a file that was read says that it is a case."""
    return isinstance(document.data, dict) and MARK in document.data


def looks_like_case(head: bytes) -> bool:
    """Tell whether the beginning of a file, whole or broken, says that it is a case.

    So it may in UTF-16, or with lines that end as on an old Mac.
    """
    head = head.replace(b"\0", b"").replace(b"\r", b"\n")
    return (
        re.search(rb"^[\xef\xbb\xbf\xfe\xff]*[\"']?xingtu-case[\"']?\s*:", head, re.M) is not None
        or head.startswith(HEADER.partition("。")[0].encode())  # and is cut off before it is told
    )


def of(document: Document) -> Case:
    """Make a case of a file that was read; raises as `load` does."""
    if not is_case(document):
        raise CannotRead(NO_CASE.format(file=document.file))
    reading = _Reading(document)
    version = reading.text(MARK)
    if version.isascii() and version.isdigit() and int(version[:9]) > VERSION:
        raise CannotRead(NEWER.format(file=document.file, version=version))
    if version != str(VERSION):
        message = Text(f"“{visible(version)}”不是格式版本", f"“{visible(version)}” is no format")
        reading.problem((MARK,), message, Text(f"应是 {VERSION}", f"it is {VERSION}"))
    done = reading.names("done")
    case = Case(
        id=reading.text("id"),
        rules=(reading.text("rules", "id"), reading.text("rules", "version")),
        created=reading.day("created"),
        diagnosed=reading.day("diagnosed"),
        outcome=reading.text("outcome"),
        answers=answersfile.told(document, ("answers",)),
        details=answersfile.told(document, ("details",)),
        done={name: reading.day("done", name) for name in done},
        note=reading.text("note", needed=False),
        places={name: document.key_place(("done", name)) for name in done},
        read=(document.file, document.text),
    )
    known = Known("", KEYS, "项目", "key")
    for key in reading.names():
        for fault in known.unknown((key,), key):
            reading.problem((key, KEY), fault.message, fault.hint)
    if document.problems:
        raise InvalidCase(sorted(document.problems, key=lambda p: (p.line, p.column)))
    return case


class _Reading:
    """Takes single values out of a document; what is not as it should be is noted there."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def text(self, *path: str, needed: bool = True) -> str:
        value = self._at(path)
        if isinstance(value, str) and (value or not needed):
            return value
        if value is not None or needed:
            name = ".".join(path)
            missing = Text(f"缺少 {name}", f"{name} is missing")
            self.problem(path, missing if value in (None, "") else A_TEXT)
        return ""

    def day(self, *path: str) -> date:
        given = self.text(*path)
        try:
            return answers.parse_date(given)
        except ValueError as error:
            why: Text = error.args[0]
            if given:
                shown = answers.quoted(given)
                said = Text(f"“{shown}”：", f"“{shown}”: ")
                self.problem(path, said.plus(why))
            return date.min

    def names(self, *path: str) -> list[str]:
        value = self._at(path)
        if value and not isinstance(value, dict):
            self.problem(path, answersfile.A_MAPPING)
        return list(value) if isinstance(value, dict) else []

    def problem(self, path: At, message: Text, hint: Text = NOTHING) -> None:
        self.document.problem(self.document.telling_place(path), "", message, hint)

    def _at(self, path: tuple[str, ...]) -> object:
        value: object = self.document.data
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value


# ─── writing ─────────────────────────────────────────────────────────────────────────────────────


def save(case: Case, path: Path, tree: Tree, *, force: bool = False) -> None:
    """Write a case to `path`, for its owner alone, whole or not at all.

    A link is replaced, not followed. Raises `FileExists` where there is something and `force` is
    not given, `CaseChanged` where it is the file that the case was read from, and another now.
    """
    data = dump(case, tree).encode("utf-8")
    if len(data) > answersfile.MOST_BYTES:
        raise CannotWrite(TOO_LONG.format(file=path))
    if not case.read or not files.same_file(path, Path(case.read[0])):
        files.write(path, data, force=force, private=True)
        return
    with files.alone(path):
        if _text_at(path) != case.read[1]:
            raise CaseChanged(CHANGED.format(file=path))
        files.write(path, data, force=force, private=True)


def _text_at(path: Path) -> str | None:
    with suppress(CannotRead):
        return answersfile.text_of(files.read(path, answersfile.MOST_BYTES), str(path))
    return None


def update(case: Case, path: Path, tree: Tree) -> None:
    """Write a case over the file at `path` that it was read from; a link is refused."""
    refuse_link(path)
    save(case, path, tree, force=True)


def refuse_link(path: Path) -> None:
    """Raise `CannotWrite` for a link: replaced, it would leave the file that it led to behind."""
    if path.is_symlink():
        raise CannotWrite(A_LINK.format(file=path))


def dump(case: Case, tree: Tree) -> str:
    """Write a case as YAML whose every value is quoted, so that any reader takes it for text.

    `tree` gives the names by which people know questions and steps, for comments.
    """
    labels: Mapping[str, str] = {
        **{name: question.label.zh for name, question in tree.questions.items()},
        **{name: detail.label.zh for name, detail in tree.details.items()},
    }
    titles = {name: step.title.zh for name, step in tree.steps.items() if "{" not in step.title.zh}
    rules_id, rules_version = map(_quoted, case.rules)
    lines = [
        f"{MARK}: {VERSION}",
        f"id: {_quoted(case.id)}",
        f"rules: {{id: {rules_id}, version: {rules_version}}}",
        f"created: {_quoted(case.created.isoformat())}",
        f"diagnosed: {_quoted(case.diagnosed.isoformat())}",
        f"outcome: {_quoted(case.outcome)}",
        f"note: {_quoted(case.note)}",
        *_section("answers", {name: _values(each) for name, each in case.answers.items()}, labels),
        *_section("details", {name: _values(each) for name, each in case.details.items()}, labels),
        *_section("done", {k: _quoted(v.isoformat()) for k, v in case.done.items()}, titles),
    ]
    return HEADER + "\n" + "\n".join(lines) + "\n"


def _section(name: str, values: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    if not values:
        return ["", f"{name}: {{}}"]
    lines = ["", f"{name}:"]
    for key, value in values.items():
        label = f"  # {visible(labels[key])}" if key in labels else ""
        lines.append(f"  {_key(key)}: {value}{label}")
    return lines


def _values(said: Told) -> str:
    if len(said.values) == 1:
        return _quoted(said.values[0])
    return f"[{', '.join(map(_quoted, said.values))}]"


def _key(name: str) -> str:
    return _scalar(name, None) if re.fullmatch(r"[a-z][a-z0-9-]*", name) else _quoted(name)


def _quoted(text: str) -> str:
    return _scalar(text, '"' if len(text.splitlines()) > 1 else "'")


def _scalar(text: str, style: str | None) -> str:
    """Write a text as YAML on one line, in quotes of the `style` or where it needs them."""
    node = yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)
    line: str = yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=float("inf"))
    return line.removesuffix("\n").removesuffix("\n...")
