"""The e-mail as a draft: `--eml`, `--attach`, `--statement`, and the offer to write one."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from xingtu_cli import attachments, files, helptext, mail, terminal
from xingtu_cli.answers import Details
from xingtu_cli.attachments import Opened
from xingtu_cli.cli.clash import RunFiles
from xingtu_cli.cli.session import Session
from xingtu_cli.cli.wishes import Draft
from xingtu_cli.diagnosis import Diagnosis, Message
from xingtu_cli.errors import (
    CannotRead,
    Interrupted,
    MissingAnswers,
    NoEmail,
    Unfinished,
    Wanted,
    XingtuError,
)
from xingtu_cli.layout import Line
from xingtu_cli.offer import Back, Offer, Stopped
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text, join, same

MISSING = Text("写邮件草稿还缺：", "The draft still lacks:")
FLAG_LINE = Text("  --{flag} {value}  {label}", "  --{flag} {value}  {label}")
STOPPED = Text("已退出，没有写草稿。", "Stopped; no draft was written.")
LATER = Text("以后要写草稿，请运行：", "To write the draft later:")

WRITTEN = Text(
    "√ 草稿已写到 {file}。用邮件软件打开，核对后发送。",
    "√ The draft is in {file}. Open it in a mail client, check it and send it.",
)
TO_ATTACH = Text(
    "√ 草稿已写到 {file}。用邮件软件打开，加上附件、核对后发送。",
    "√ The draft is in {file}. Open it in a mail client, add the attachment, check it and send it.",
)
HELD = Text(
    "√ 草稿已写到 {file}，先放着：{why}", "√ The draft is in {file}. Keep it for now: {why}"
)
HOLD = Text("草稿先放着：{why}", "Keep the draft for now: {why}")
NO_EML = Text(
    "文件名不以 .eml 结尾，双击可能打不开", "without .eml at the end a double click may not open it"
)
FEW_FILES = Text(
    "有 {numbers} 个快递单号，只附了 {files} 份文件。每个单号的签收截图都在里面吗？",
    "{numbers} tracking numbers, but files attached: {files}. Is each number shown as signed for?",
)
UNATTACHED = Text(
    "还没有附上：{what}。发送前请在邮件软件里加。",
    "Still to attach in the mail client before sending: {what}.",
)
FEW_NUMBERS = Text(
    "{label}还少最近寄出的那一份，发送前请在邮件里补上。",
    "{label}: that of the parcel mailed last is missing; add it to the e-mail before sending.",
)
WITH_ALL = Text(
    "连同刚才填的，这次诊断的命令（要存档，再加 --save 存档.yaml）：",
    "The command of this diagnosis with what was just filled in (to keep it as a case, add --save"
    " CASE.yaml):",
)
STATEMENT_UNNEEDED = Text(
    "用不到 --statement：这封邮件的附件不用核对页数。",
    "--statement is not needed: no attachment of this e-mail has pages to be counted.",
)


@contextmanager
def _naming(flag: str) -> Iterator[None]:
    try:
        yield
    except CannotRead as error:
        raise CannotRead(attachments.AT.format(flag=flag).plus(error.message)) from None


def check(wish: Draft) -> None:
    """Raise `CannotRead`, naming the flag, for a file to attach, or a statement, that is not there.

    To be called before anything is asked or saved; what is in them is looked at later.
    """
    statement = [wish.statement] if wish.statement else []
    for flag, paths in ((attachments.FLAG, wish.given), (attachments.STATEMENT, statement)):
        for path in paths:
            with _naming(flag):
                files.check_there(path)


def _opened(wish: Draft) -> tuple[list[Opened], Opened | None]:
    """Read the files to attach, and the statement; raise `CannotRead`, naming the flag."""
    with _naming(attachments.FLAG):
        given = [attachments.opened(path) for path in dict.fromkeys(wish.given)]
    with _naming(attachments.STATEMENT):
        path = wish.statement
        return given, attachments.opened_statement(path) if path else None


class Desk(NamedTuple):
    """Where a diagnosis' e-mail becomes a draft.

    `redo` makes the diagnosis again with all details; `line` gives the command line that repeats
    it, with further words; `talk` is the user, if there is one to ask, and the `reader` of the
    report in this terminal if they can be asked afterwards; `own` are the run's files.
    """

    session: Session
    tree: Tree
    wish: Draft
    redo: Callable[[Details], Diagnosis]
    line: Callable[[Diagnosis, Sequence[str]], str]
    talk: terminal.Conversation | None
    reader: bool
    own: RunFiles
    quiet: bool

    def before(self, diagnosis: Diagnosis) -> Diagnosis:
        """Do what comes before the report: all of it where nobody reads it in a terminal.

        So a failure is all that such a run prints.
        """
        return self.write(diagnosis) if self.wish.eml and not self.reader else diagnosis

    def after(self, diagnosis: Diagnosis) -> Diagnosis:
        """Do what comes after the report: a reader sees what the e-mail is before being asked."""
        if not self.reader:
            return diagnosis
        if self.wish.eml:
            return self.write(diagnosis)
        return diagnosis if self.quiet else self.offer(diagnosis)

    def write(self, diagnosis: Diagnosis) -> Diagnosis:
        """Write the draft that `--eml` asks for, and return the diagnosis with all details.

        Asks for what it lacks; raises `MissingAnswers` where nobody is there to ask, `NoEmail`
        where there is none to send, and `Interrupted` when the user stops.
        """
        if diagnosis.email is None:
            raise NoEmail(diagnosis.title)
        given, statement = _opened(self.wish)
        before = diagnosis.details
        known = () if self.wish.to_stdout else diagnosis.warnings  # the report has told them
        offer = Offer(self.talk, self.session.lang) if self.talk else None
        try:
            diagnosis, given = self._filled(diagnosis, given, statement, offer)
        except _Quit as quit_:
            raise self._unfinished(quit_) from None
        draft = _draft(diagnosis, given)
        place = None if self.wish.to_stdout else Path(self.wish.eml)
        if place:
            files.write(place, draft, force=self.wish.force, private=True)
        else:
            with terminal.binary_output() as stream:
                stream.write(draft)
        self._tell(place, diagnosis, given, draft, known)
        self._repeat(diagnosis, before)
        return diagnosis

    def offer(self, diagnosis: Diagnosis) -> Diagnosis:
        """Offer to write a draft, and return the diagnosis with all details told.

        To stop in the middle is no failure: the diagnosis is there already.
        """
        if self.talk is None or diagnosis.email is None:
            return diagnosis
        offer, known = Offer(self.talk, self.session.lang), diagnosis.warnings
        if not offer.accepted(diagnosis.email):
            return diagnosis
        full, given = diagnosis, list[Opened]()
        while True:
            try:
                full, given = self._filled(diagnosis, [], None, offer)
                draft = _draft(full, given)
                taken = [*self.own.all, *_paths(given)]
                place = _put(draft, offer, Path(mail.file_name(_email(full))), taken)
                break
            except Back:
                continue
            except _Quit as quit_:
                return self._later(quit_.diagnosis, quit_.given)
            except Stopped:
                return self._later(full, given)
        self._tell(place, full, given, draft, known)
        self._repeat(full, diagnosis.details)
        return full

    def _filled(
        self,
        diagnosis: Diagnosis,
        given: list[Opened],
        statement: Opened | None,
        offer: Offer | None,
    ) -> tuple[Diagnosis, list[Opened]]:
        """Ask for what the e-mail lacks; raise `_Quit` with what was told before a stop."""
        message = _email(diagnosis)
        lacking = attachments.lacking(message, given, statement)
        if offer is None and (message.unfilled or lacking):
            raise missing(diagnosis, self.tree, lacking)
        if offer is None or not (message.unfilled or message.short or lacking):
            return diagnosis, given
        try:
            to_write = list(self.own.written.values())
            told, given = offer.fill(
                message, self.tree.details, given, statement, to_write, known=diagnosis.details
            )
        except Stopped as stopped:
            so_far = self.redo({**diagnosis.details, **stopped.details})
            raise _Quit(stopped, so_far, stopped.given) from None
        return self.redo({**diagnosis.details, **told}), given

    def _unfinished(self, stop: "_Quit") -> Unfinished:
        """Return the failure of a draft that was asked for by flag and then stopped."""
        error: Unfinished
        if stop.by_key:
            error = Interrupted(STOPPED, answers=stop.diagnosis.answers, asked=True)
        else:
            lacking = attachments.lacking(_email(stop.diagnosis), stop.given)
            error = missing(stop.diagnosis, self.tree, lacking, asked=True)
        error.resume = self.line(stop.diagnosis, self.wish.words(_paths(stop.given)))
        return error

    def _later(self, diagnosis: Diagnosis, given: Sequence[Opened]) -> Diagnosis:
        """Say how to write the draft later, where something has been told for it already."""
        lines = [Line(STOPPED.in_(self.session.lang))]
        if diagnosis.details or given:
            wish = Draft(eml=mail.file_name(_email(diagnosis)))
            again = self.line(diagnosis, wish.words(_paths(given)))
            lines += [Line(LATER.in_(self.session.lang)), Line(again, verbatim=True)]
        terminal.remark(lines, color=self.session.color)
        return diagnosis

    def _tell(
        self,
        place: Path | None,
        diagnosis: Diagnosis,
        given: Sequence[Opened],
        draft: bytes,
        known: Sequence[str],
    ) -> None:
        """Say where the draft is, and what to mind before sending it."""
        if self.quiet:
            return
        lang, message = self.session.lang, _email(diagnosis)
        cautions = [same(text) for text in diagnosis.warnings if text not in known]
        cautions += self._cautions(place, diagnosis, given, draft)
        if self.wish.statement and not any(each.pages for each in message.files):
            cautions.append(STATEMENT_UNNEEDED)
        lines = [Line()] if self.reader else []
        lines += [Line(_written(place, message, given).in_(lang))] if place else []
        lines += [Line(f"· {text.in_(lang)}", style="note", hanging=2) for text in cautions]
        terminal.remark(lines, color=self.session.color)

    def _repeat(self, diagnosis: Diagnosis, before: Details) -> None:
        """Print the line that repeats the run with what was asked for the draft, if no case has it.

        The one of the report was made `before`.
        """
        if self.quiet or "save" in self.own.written or diagnosis.details == before:
            return
        lines = [Line(WITH_ALL.in_(self.session.lang))]
        lines.append(Line(self.line(diagnosis, ()), verbatim=True))
        terminal.remark(lines, color=self.session.color)

    def _cautions(
        self, place: Path | None, diagnosis: Diagnosis, given: Sequence[Opened], draft: bytes
    ) -> Iterator[Text]:
        """Yield what to mind before the draft is sent."""
        message = _email(diagnosis)
        if message.hold and not place:
            yield HOLD.format(why=_why_held(message))
        for n in attachments.lacking(message, given):
            yield UNATTACHED.format(what=message.files[n].text)
        for name in message.short if place else ():
            yield FEW_NUMBERS.format(label=self.tree.details[name].label)
        numbers = self._numbers(diagnosis.details)
        shown = attachments.fewest_shown(message, given)
        if shown is not None and shown < numbers:
            yield FEW_FILES.format(numbers=numbers, files=len(given))
        yield from attachments.doubts(message, given)
        if not self.wish.statement:
            yield from attachments.to_count(message, given)
        if any(file.uncounted for file in given):
            yield attachments.NOT_COUNTED
        if large := attachments.too_large(draft):
            yield large
        if place and place.is_file() and place.suffix.lower() != mail.SUFFIX:
            yield NO_EML

    def _numbers(self, details: Details) -> int:
        """Count the parcels that were told of."""
        known = self.tree.details
        return sum(len(v) for k, v in details.items() if known[k].type == "tracking-numbers")


class _Quit(Exception):
    """The user stopped while being asked for what the e-mail lacks; what was told is kept."""

    def __init__(self, stopped: Stopped, diagnosis: Diagnosis, given: Sequence[Opened]) -> None:
        super().__init__()
        self.by_key = stopped.how == "key"
        self.diagnosis = diagnosis
        self.given = given


def missing(
    diagnosis: Diagnosis, tree: Tree, lacking: Sequence[int], *, asked: bool = False
) -> MissingAnswers:
    """Return the error that names every flag that the draft still needs."""
    message, wanted, lines = _email(diagnosis), [], [MISSING]
    for name in message.unfilled:
        wanted.append(Wanted(name, f"--{name}", ()))
        lines.append(
            FLAG_LINE.format(flag=name, value=helptext.TEXT, label=tree.details[name].label)
        )
    for n in lacking:
        flag, kinds = attachments.FLAG, message.files[n].accept
        wanted.append(Wanted(flag, f"--{flag}", kinds))
        lines.append(FLAG_LINE.format(flag=flag, value=helptext.FILE, label=message.files[n].text))
    return MissingAnswers(
        join(lines, zh="\n", en="\n"),
        missing=wanted,
        possible=[],
        answers=diagnosis.answers,
        asked=asked,
    )


def _email(diagnosis: Diagnosis) -> Message:
    assert diagnosis.email is not None  # it was looked at before
    return diagnosis.email


def _draft(diagnosis: Diagnosis, given: Sequence[Opened]) -> bytes:
    return mail.draft(_email(diagnosis), [file.attached for file in given])


def _paths(given: Sequence[Opened]) -> Sequence[Path]:
    return [file.path for file in given]


def _put(draft: bytes, offer: Offer, default: Path, taken: Sequence[Path]) -> Path:
    """Write the draft where the user wants it; ask again where that cannot be."""
    while True:
        place, force = offer.place(default, taken)
        try:
            files.write(place, draft, force=force, private=True)
        except XingtuError as error:
            offer.refuse(error.message)
        else:
            return place


def _written(place: Path, message: Message, given: Sequence[Opened]) -> Text:
    """Say where the draft is and what is next: to wait, to attach, or to send it."""
    if message.hold:
        return HELD.format(file=place, why=_why_held(message))
    lacking = attachments.lacking(message, given)
    return (TO_ATTACH if lacking else WRITTEN).format(file=place)


def _why_held(message: Message) -> Text:
    return join([same(why) for why in message.hold], zh="", en=" ")
