"""`xingtu account`: the account on the statement against the right one, to the character."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from xingtu_cli import account_page, helptext, pdf, terminal
from xingtu_cli.account import FIELDS, LABELS, Account, Asked, asked, examine, tidied
from xingtu_cli.account_ask import FIRST, NOTHING, Details, ask_details
from xingtu_cli.answers import quoted
from xingtu_cli.cli.flags import flag, format_flag, global_flags, signed
from xingtu_cli.cli.pages import Examples, page_class
from xingtu_cli.cli.session import Session, is_set
from xingtu_cli.cli.wishes import NO_FILE_NAME
from xingtu_cli.errors import (
    CannotRead,
    Interrupted,
    InvalidAnswer,
    InvalidAnswers,
    MissingAnswers,
    UsageError,
    Wanted,
)
from xingtu_cli.layout import Line
from xingtu_cli.rules.model import AccountField
from xingtu_cli.text import Text, join

ABOUT = Text(
    "把结算单最后一页上的收款账户和正确的账户逐字核对：哪个字、哪一位、哪个括号不同，一一标出。"
    "只比对给出的项目；不往磁盘写任何东西。",
    "Compare the account on the statement's last page with the right one, to the character: each"
    " letter, digit and bracket that differs is marked. What is given is compared; nothing is"
    " written to disk.",
)
STATEMENT = Text("结算单上的（照最后一页填）", "On the statement (from its last page)")
RIGHT = Text(
    "正确的（照开户许可证或银行出具的账户信息填）",
    "The right ones (from the account licence or the bank's confirmation of the account)",
)
FILE = Text(
    "从这份结算单（PDF）的最后一页读取", "read them from the last page of this statement (PDF)"
)
FORMATS = ("text", "json")
EXAMPLES: Examples = [
    ("xingtu account", Text("逐项粘贴、比对", "paste the details one by one")),
    (
        "xingtu account --on-statement-number 0200001234657890123 --number 0200001234567890123",
        Text("只比账号", "compare the number alone"),
    ),
    (
        "xingtu account --statement 结算单.pdf --name 某某公司 --number 0200001234567890123"
        " --bank 某某银行某某支行",
        Text("在结算单里找正确的内容", "look for the right values in the statement"),
    ),
]
MISSING = Text("还缺这些，没法比对：", "These are missing for a comparison:")
NOTHING_GIVEN = Text(
    "还缺这些，没法比对（只比其中一项也行，两边都要填）：",
    "These are missing for a comparison (one field will do, given on both sides):",
)
ON_STATEMENT = Text("  --{flag}  结算单上的{label}", "  --{flag}  {label}, as on the statement")
THE_RIGHT = Text("  --{flag}  正确的{label}", "  --{flag}  {label}, the right one")
REFUSED = Text("--{flag} 不能填“{given}”：{why}", "--{flag} cannot be “{given}”: {why}")
NO_TEXT = Text(
    "{file} 的最后一页没有文字，应该是扫描件或图片。请看着它填"
    " --on-statement-name、--on-statement-number、--on-statement-bank",
    "the last page of {file} has no text, so it is a scan or a picture; look at it and give"
    " --on-statement-name, --on-statement-number and --on-statement-bank",
)
NOT_THERE = Text(
    "{file} 的最后一页里没有这些内容，也没有相近的。请确认是不是这张结算单；"
    "是的话，请看着它填 --on-statement-…",
    "the last page of {file} has nothing like these; make sure it is the right statement, and if so"
    " look at it and give --on-statement-…",
)
STOPPED = Text("已退出，还没有比对。", "Stopped before anything was compared.")
NOTED = Text("--{flag}：{note}", "--{flag}: {note}")


def add(app: typer.Typer, session: Session) -> None:
    """Put `account` into the app."""

    def run(**given: Any) -> int:
        return _account(session, given)

    words = helptext.TEXT.in_(session.lang)
    flags = [
        *(
            flag(_flag(field, on_statement=True), session, panel=STATEMENT,
                 about=LABELS[field], values=words)
            for field in FIELDS
        ),
        flag("statement", session, panel=STATEMENT, about=FILE,
             values=helptext.FILE.in_(session.lang)),
        *(
            flag(_flag(field), session, panel=RIGHT, about=LABELS[field], values=words)
            for field in FIELDS
        ),
        flag("no-input", session, panel=helptext.RUN, kind=bool),
        format_flag(session, FORMATS),
        flag("quiet", session, panel=helptext.RUN, kind=bool),
        *global_flags(session),
    ]  # fmt: skip
    app.command(
        "account",
        cls=page_class(TyperCommand, session, EXAMPLES),
        help=ABOUT.in_(session.lang),
    )(signed(run, flags))


def _flag(field: AccountField, *, on_statement: bool = False) -> str:
    return f"on-statement-{field}" if on_statement else field


def _account(session: Session, given: Mapping[str, Any]) -> int:
    as_json = session.format_among(FORMATS) == "json"
    tree = session.rules()
    question = asked(tree)
    details = _given(session, question, given)
    page = _page(given["statement"])
    if _may_ask(given):
        details = _asked(session, question, details, on_page=page is not None)
    elif missing := _missing(details, on_page=page is not None):
        raise _missing_error(question, missing)
    account = examine(question, details.statement, details.right, page)
    if not account.findings:
        raise CannotRead(NOT_THERE.format(file=given["statement"]))
    _show(session, account, as_json=as_json, quiet=given["quiet"])
    return 0


def _given(session: Session, question: Asked, given: Mapping[str, Any]) -> Details:
    """Read the details that flags gave, and raise all that is wrong with them."""
    statement: dict[AccountField, str] = {}
    right: dict[AccountField, str] = {}
    errors: list[InvalidAnswer] = []
    for side, on_statement in ((statement, True), (right, False)):
        for field in FIELDS:
            name = _flag(field, on_statement=on_statement)
            typed = given[name.replace("-", "_")]
            if typed is None:
                continue
            try:
                side[field], notes = tidied(question, field, typed, on_statement=on_statement)
            except ValueError as error:
                why: Text = error.args[0]
                message = REFUSED.format(flag=name, given=quoted(typed), why=why)
                errors.append(InvalidAnswer(message, question=name, value=typed, why=why))
            else:
                if not given["quiet"]:
                    _remark(session, [NOTED.format(flag=name, note=note) for note in notes])
    if errors:
        raise InvalidAnswers(errors)
    return Details(statement, right)


def _remark(session: Session, texts: list[Text]) -> None:
    lines = [Line(text.in_(session.lang), style="note") for text in texts]
    if lines:
        terminal.remark(lines, color=session.color)


def _page(file: str | None) -> str | None:
    if file is None:
        return None
    if file == "":
        raise UsageError(NO_FILE_NAME.format(flag="statement"))
    text = pdf.read(Path(file)).last_page
    if not text.strip():
        raise CannotRead(NO_TEXT.format(file=file))
    return text


def _may_ask(given: Mapping[str, Any]) -> bool:
    return not (given["no_input"] or is_set("XINGTU_NO_INPUT")) and terminal.can_ask()


def _asked(session: Session, question: Asked, details: Details, *, on_page: bool) -> Details:
    """Ask for what no flag gave."""
    talk = terminal.Conversation(session.color)
    try:
        while True:
            found = ask_details(question, details, talk, session.lang, on_page=on_page)
            if found is None:
                talk.say(Line(FIRST.in_(session.lang)))
            elif found.right.keys() & (set(FIELDS) if on_page else found.statement.keys()):
                talk.say(Line())
                return found
            else:
                talk.say(Line(), Line(NOTHING.in_(session.lang)))
    except KeyboardInterrupt:
        talk.say(Line())
        raise Interrupted(STOPPED, answers={}, asked=True) from None
    except EOFError:
        talk.say(Line())
        raise _missing_error(question, _missing(details, on_page=on_page), at_prompt=True) from None


def _missing(details: Details, *, on_page: bool) -> list[tuple[str, AccountField]]:
    """Return the flags that a comparison lacks, each with its field.

    What is given on one side alone needs the other; where nothing is given, everything does.
    """
    touched = {*details.statement, *details.right} or set(FIELDS)
    ours = [f for f in FIELDS if f in touched and f not in details.statement and not on_page]
    theirs = [f for f in FIELDS if f in touched and f not in details.right]
    return [
        *((_flag(field, on_statement=True), field) for field in ours),
        *((_flag(field), field) for field in theirs),
    ]


def _missing_error(
    question: Asked, missing: list[tuple[str, AccountField]], *, at_prompt: bool = False
) -> MissingAnswers:
    lines = [
        (ON_STATEMENT if flag == _flag(field, on_statement=True) else THE_RIGHT).format(
            flag=flag, label=question.label(field)
        )
        for flag, field in missing
    ]
    return MissingAnswers(
        join(
            [NOTHING_GIVEN if len(missing) == 2 * len(FIELDS) else MISSING, *lines],
            zh="\n",
            en="\n",
        ),
        missing=[Wanted(flag, f"--{flag}", ()) for flag, _ in missing],
        possible=[],
        answers={},
        asked=at_prompt,
    )


def _show(session: Session, account: Account, *, as_json: bool, quiet: bool) -> None:
    if as_json:
        terminal.write(account_page.as_json(account, session.rules(), session.lang))
        return
    width = terminal.page_width()
    page = account_page.as_page(account, session.lang, width, terminal.shows, quiet=quiet)
    terminal.show(page, color=session.color)
