"""The conversation about a draft: whether to write it, what it still lacks, and where to put it.

It asks for nothing that is known already. Prompts go to standard error, as those of `ask` do.
"""

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from xingtu_cli import answers, attachments, files, mail
from xingtu_cli.answers import Details
from xingtu_cli.ask import KEY_WORDS
from xingtu_cli.attachments import Opened
from xingtu_cli.diagnosis import Message
from xingtu_cli.errors import FileExists, InvalidAnswer, InvalidAnswers, XingtuError
from xingtu_cli.layout import Line
from xingtu_cli.rules.model import Detail
from xingtu_cli.terminal import Talk
from xingtu_cli.text import Lang, Text, folded, has_control, join, same

OFFER = Text(
    "要把这封邮件写成草稿文件吗？用邮件软件打开，核对后就能发送。[y/N]",
    "Write this e-mail as a draft, to open in a mail client, check and send? [y/N]",
)
OFFER_HELD = Text(
    "要把这封邮件写成草稿文件吗？现在先别发；到时用邮件软件打开，核对后发送。[y/N]",
    "Write this e-mail as a draft? It is not to be sent yet; when it is time, open it in a mail"
    " client, check and send it. [y/N]",
)
OVERWRITE = Text("{file} 已存在，要覆盖吗？[y/N]", "{file} exists. Overwrite it? [y/N]")
YES_OR_NO = Text("请输入 y 或 n", "type y or n")
TOO_LATE = Text(
    "结果已经出来，这里不能再改回答。要改，用上面“再次运行本次诊断”的那行命令；"
    "写草稿请输入 y，不写输入 n",
    "the result is there, and no answer can be changed here. For that, use the command above, under"
    " “To run this diagnosis again”; type y to write the draft, or n",
)
OFFER_HELP = Text(
    "草稿是一个 .eml 文件：收件人、主题、正文都已写好，附件在下面添加。y 是写，n 或回车是不写；"
    "不写也不影响上面的结果，以后随时可以再写。",
    "A draft is a file (.eml) with the recipient, subject and text filled in; its attachments are"
    " asked for next. y writes it, n or Enter does not; it can be written later just as well.",
)
OVERWRITE_HELP = Text(
    "y 用草稿盖掉原来的文件，n 或回车保留它、另取一个名字。",
    "y puts the draft in the place of that file, n or Enter keeps it and asks for another name.",
)
QUIT = Text(
    "写草稿还需要下面几项。? 怎么填，b 上一项，q 退出（不写草稿）。",
    "This is still needed for the draft. ? what to fill in, b back, q quit without a draft.",
)
FIRST = Text("已经是第一项了。", "This is the first item.")
AS_IT_IS = Text(
    "{help}。照原样填，会写进邮件，核对草稿时还能改。",
    "{help}. Type it as it is written; it goes into the e-mail, and can be changed in the draft.",
)
NUMBERS = Text(
    "{help}。几个单号用逗号、顿号或空格隔开。",
    "{help}. Separate several numbers by commas or spaces.",
)
ONE_FILE = Text("一份，格式：{kinds}。{drop}", "One file ({kinds}). {drop}")
SEVERAL_FILES = Text("可以几份，格式：{kinds}。{drop}", "One file or more ({kinds}). {drop}")
PLACE_HELP = Text(
    "输入文件名，或连同文件夹的路径；直接回车就用上面给出的名字。",
    "Type a name, or a path with its folder; Enter takes the name given above.",
)
ABOUT = Text("{label}：{help}", "{label}: {help}")
NOT_EMPTY = Text("邮件里要写，不能空着", "the e-mail needs it")
ATTACH = Text("附件：{what}", "Attachment: {what}")
MORE_NUMBERS = Text(
    "{label}：已有 {numbers}。最近寄出的那份，单号也要写上；手头没有就回车。",
    "{label}: {numbers} so far. Add that of the parcel mailed last; Enter if it is not at hand.",
)
DROP = Text(
    "把文件拖进窗口，或输入路径；直接回车就先不附，发送前在邮件软件里加。",
    "Drag the file in or type its path; Enter leaves it for you to attach in the mail client.",
)
MORE = Text("已附上 {files}。还有吗？没有就回车。", "Attached: {files}. More? Enter if not.")
ALREADY = Text("{file} 已经附上了", "{file} is attached already")
TAKEN_OFF = Text("{files} 已取下，请重新附上。", "Taken off again: {files}. Attach it anew.")
PLACE = Text("草稿存为哪个文件？回车用 {default}", "Save the draft as? Enter for {default}")
TAKEN = Text(
    "{file} 是这次要用的文件，不能用作草稿的文件名，请换一个，如 草稿.eml",
    "{file} is one of this run's own files; give the draft another name, such as draft.eml",
)
A_FOLDER = Text(
    "只写了文件夹 {folder}，后面还要写文件名，如 草稿.eml",
    "only a folder is named, {folder}; add the name of a file, such as draft.eml",
)
CONTROL = Text("文件名里有控制字符", "the name has control characters")
TO_WRITE = Text(
    "{file} 是这次要写的文件，不能当附件", "{file} is written by this run; attach another file"
)
REFUSED = Text("× {why}。", "× {why}.")

_YES = ("y", "yes", "是", "好", "1")
_NO = ("", "n", "no", "否", "不", "不用", "2")


class Back(Exception):
    """The user wants the last item again: `b`."""


class Stopped(Exception):
    """The user wants no draft after all: `q`, Ctrl-C (`how` is "key") or the end of input.

    `details` and `given` are what was told before.
    """

    def __init__(self, how: Literal["key", "end"]) -> None:
        super().__init__(how)
        self.how = how
        self.details: Details = {}
        self.given: Sequence[Opened] = ()


class Offer:
    """A conversation with one user, in one language."""

    def __init__(self, talk: Talk, lang: Lang) -> None:
        self.talk = talk
        self.lang = lang
        self._told: dict[str, tuple[str, ...]] = {}
        self._added: dict[int, list[Opened]] = {}

    def accepted(self, message: Message) -> bool:
        """Offer to write a draft; Enter, `q`, Ctrl-C and the end of input all decline."""
        question = OFFER_HELD if message.hold else OFFER
        try:
            return self._agreed(question, OFFER_HELP, back=TOO_LATE)
        except Stopped:
            return False

    def fill(
        self,
        message: Message,
        details: Mapping[str, Detail],
        given: Sequence[Opened],
        statement: Opened | None = None,
        to_write: Sequence[Path] = (),
        known: Details = MappingProxyType({}),
    ) -> tuple[Details, list[Opened]]:
        """Ask for the details and files that the message lacks; one `to_write` is not taken.

        To numbers `known` of which there must be more, more are added. Returns the details told,
        and the files given with those added; a file or another number may be left for later. Called
        again, it asks the last item again. Raises `Stopped` with what was told before.
        """
        lacking = attachments.lacking(message, given, statement)
        items: list[str | int] = [*message.unfilled, *message.short, *lacking]
        try:
            if not self._back():
                self._say(Line(), Line(QUIT.in_(self.lang), style="dim"))
            while left := [i for i in items if i not in self._told and i not in self._added]:
                try:
                    if isinstance(item := left[0], str):
                        self._told[item] = self._detail(details[item], known.get(item, ()))
                    else:
                        self._add_files(message, item, given, statement, to_write)
                except Back:
                    if not self._back():
                        self._say(Line(FIRST.in_(self.lang)))
        except (Stopped, KeyboardInterrupt) as stop:  # the key may come while a file is read
            stopped = stop if isinstance(stop, Stopped) else Stopped("key")
            stopped.details, stopped.given = self._told, self._with_added(given)
            raise stopped from None
        return dict(self._told), self._with_added(given)

    def _back(self) -> bool:
        """Forget the item that was told last; tell whether there was one."""
        if self._added:
            _, added = self._added.popitem()
            if names := [same(file.path.name) for file in added]:
                self._say(Line(TAKEN_OFF.format(files=join(names)).in_(self.lang)))
        elif self._told:
            self._told.popitem()
        else:
            return False
        return True

    def _with_added(self, given: Sequence[Opened]) -> list[Opened]:
        return [*given, *(file for added in self._added.values() for file in added)]

    def place(self, default: Path, taken: Sequence[Path] = ()) -> tuple[Path, bool]:
        """Ask where to write the draft, and return the file and whether to overwrite it.

        A name without `.eml` gets it: by its ending the mail client is found.
        The files `taken` are the run's own, and are not overwritten even on a yes. Raises `Back`
        where the last item is to be asked again.
        """
        while True:
            self._say(Line(), self._strong(PLACE.format(default=default)))
            try:
                typed = self._entered(PLACE_HELP, file=True)
            except Back:
                if self._told or self._added:
                    raise
                self._say(Line(FIRST.in_(self.lang)))
                continue
            if why := _no_name(typed):
                self.refuse(why)
                continue
            path = (dropped(typed) or [default])[0]
            named, path = path, _with_ending(path)
            if _among(named, taken) or _among(path, taken):
                self.refuse(TAKEN.format(file=named))
                continue
            try:
                files.check_place(path, force=False)
            except FileExists:
                if self._agreed(OVERWRITE.format(file=path), OVERWRITE_HELP):
                    return path, True
            except XingtuError as error:
                self.refuse(error.message)
            else:
                return path, False

    def refuse(self, why: Text) -> None:
        """Say why something will not do."""
        self._say(Line(REFUSED.format(why=why).in_(self.lang), style="error", hanging=2))

    def _detail(self, detail: Detail, known: tuple[str, ...]) -> tuple[str, ...]:
        """Ask for a detail; what is told is added to the numbers `known`, if there are any."""
        ask = ABOUT.format(label=detail.label, help=detail.help)
        if known:
            numbers = join([same(each) for each in known])
            ask = MORE_NUMBERS.format(label=detail.label, numbers=numbers)
        self._say(Line(), self._strong(ask))
        more = (NUMBERS if detail.type == "tracking-numbers" else AS_IT_IS).format(help=detail.help)
        while True:
            try:
                told = answers.parse_detail(detail, [self._entered(more)])
                if values := tuple(dict.fromkeys([*known, *told])):
                    return values
                self.refuse(NOT_EMPTY)
            except InvalidAnswer as error:
                self.refuse(error.why)

    def _add_files(
        self,
        message: Message,
        n: int,
        given: Sequence[Opened],
        statement: Opened | None,
        to_write: Sequence[Path],
    ) -> None:
        """Ask for the files of the message's attachment `n`, and keep them, or that none came.

        Kept one by one: a stop loses none of them, and `b` takes back those of this attachment.
        """
        wanted = message.files[n]
        count = ONE_FILE if wanted.count == "one" else SEVERAL_FILES
        more_help = count.format(kinds=attachments.named(wanted.accept), drop=DROP)
        what = ATTACH.format(what=message.attachments[n])
        self._say(Line(), self._strong(what), Line(DROP.in_(self.lang), style="dim"))
        while paths := dropped(self._entered(more_help, file=True)):
            if lost := [path for path in paths if _among(path, to_write)]:
                self.refuse(TO_WRITE.format(file=lost[0]))
                continue
            try:
                more = [attachments.opened(path) for path in paths]
                if again := _again(more, self._with_added(given)):
                    self.refuse(ALREADY.format(file=again.path))
                    continue
                attachments.lacking(message, [*self._with_added(given), *more], statement)
            except InvalidAnswers as error:
                self.refuse(error.errors[0].why)
                continue
            except XingtuError as error:
                self.refuse(error.message)
                continue
            self._added.setdefault(n, []).extend(more)
            if wanted.count == "one":
                break
            names = join([same(path.name) for path in paths])
            self._say(Line(MORE.format(files=names).in_(self.lang)))
        self._added.setdefault(n, [])

    def _agreed(self, question: Text, help_: Text, *, back: Text | None = None) -> bool:
        """Ask for a yes or a no; `back` says why there is no way back, which is else a no."""
        self._say(Line(), self._strong(question))
        while True:
            typed = _key(self._heard())
            if typed == "q":
                raise Stopped("key")
            if typed == "?":
                self._say(Line(help_.in_(self.lang), indent=2))
            elif typed == "b" and back:
                self.refuse(back)
            elif typed in (*_YES, *_NO, "b"):
                return typed in _YES
            else:
                self.refuse(YES_OR_NO)

    def _entered(self, help_: Text, *, file: bool = False) -> str:
        """Return the line typed; on `?` help and listen again, on `b` raise `Back`.

        Where a `file` is wanted the keys may be spelled out, unless there is one that is called so.
        """
        while True:
            typed = self._heard()
            spelled = file and not _exists(Path(typed.strip()))
            match _key(typed) if spelled else folded(typed):
                case "?":
                    self._say(Line(help_.in_(self.lang), indent=2))
                case "b":
                    raise Back
                case "q":
                    raise Stopped("key")
                case _:
                    return typed

    def _heard(self) -> str:
        """Return the line typed, without its end; raise `Stopped` where the user wants to stop."""
        try:
            typed = self.talk.hear().rstrip("\r\n")
        except KeyboardInterrupt:
            self._say(Line())
            raise Stopped("key") from None
        except EOFError:
            self._say(Line())
            raise Stopped("end") from None
        if folded(typed) == "q":
            raise Stopped("key")
        return typed

    def _say(self, *lines: Line) -> None:
        self.talk.say(*lines)

    def _strong(self, text: Text) -> Line:
        return Line(text.in_(self.lang), style="strong")


def _no_name(typed: str) -> Text | None:
    """Say why no draft can be called what was typed, if that can be seen by its letters."""
    if files.names_a_folder(typed.strip()):
        return A_FOLDER.format(folder=answers.quoted(typed.strip()))
    return CONTROL if has_control(typed) else None


def _with_ending(path: Path) -> Path:
    if path.suffix.lower() == mail.SUFFIX or (_exists(path) and not path.is_file()):
        return path  # a folder or a device is what it is
    return path.with_name(path.name + mail.SUFFIX) if path.name else path


def _among(path: Path, others: Sequence[Path]) -> bool:
    return any(files.same_file(path, other) for other in others)


def _again(more: Sequence[Opened], attached: Sequence[Opened]) -> Opened | None:
    """Return the first of some files that is attached already, under whatever name, if any is."""
    held = {file.attached.data for file in attached}
    for file in more:
        if file.attached.data in held:
            return file
        held.add(file.attached.data)
    return None


def _key(typed: str) -> str:
    """Return what was typed, folded, and a key that is spelled out as its sign."""
    word = folded(typed)
    return KEY_WORDS.get(word, word)


# ─── paths as a terminal gives them ──────────────────────────────────────────────────────────────


def dropped(typed: str) -> list[Path]:
    """Return the paths in a line that was typed, or made by dragging files into the terminal.

    Those come in quotes or with backslashes before blanks, several on a line, with a blank at the
    end, or as `file://` addresses; `~` is the home folder.
    """
    text = typed.strip()
    whole = _path(text)
    if not text or _exists(whole):
        return [whole] if text else []
    try:
        words = shlex.split(text, posix=os.name != "nt")
    except ValueError:  # a quote without its partner
        return [whole]
    paths = [_path(word) for word in words]
    several_or_quoted = len(paths) == 1 or all(_exists(path) for path in paths)
    return paths if several_or_quoted else [whole]


def _path(text: str) -> Path:
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        text = text[1:-1]
    if text.startswith("file://"):
        from urllib.parse import unquote

        text = "/" + unquote(text.removeprefix("file://").partition("/")[2])
        text = text[1:] if re.match("/[A-Za-z]:", text) else text  # a drive of Windows
    path = Path(text)
    try:
        return path.expanduser()
    except (RuntimeError, ValueError):  # no such user, or no name that one could have
        return path


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # longer than a path can be, or with a NUL in it
        return False
