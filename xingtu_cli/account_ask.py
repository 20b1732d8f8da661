"""The account details asked for one by one: as they stand on the statement, then the right ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xingtu_cli.account import FIELDS, Account, Asked, examine, tidied
from xingtu_cli.account_page import as_page
from xingtu_cli.layout import Line
from xingtu_cli.rules.model import AccountField
from xingtu_cli.terminal import Talk
from xingtu_cli.text import Lang, Text, folded, join

PATIENCE = 3  # refusals of what is typed, after which it is told where to find it
INTRO = Text(
    "先填结算单最后一页上的，再填正确的。照原样粘贴，直接回车跳过这一项。"
    "? 怎么查，b 上一项，q 退出。",
    "First as it stands on the statement's last page, then as it should be. Paste it as it is;"
    " Enter alone skips it. ? where to find it, b back, q quit.",
)
INTRO_RIGHT = Text(
    "请填正确的账户信息。照原样粘贴，直接回车跳过这一项。? 怎么查，b 上一项，q 退出。",
    "Give the right values. Paste them as they are; Enter alone skips one. ? where to find it,"
    " b back, q quit.",
)
PROGRESS = Text("第 {number} 项，最多 {most} 项", "Item {number} of at most {most}")
ASK_STATEMENT = Text("结算单上的{label}？", "{label} on the statement?")
ASK_RIGHT = Text("正确的{label}？", "The right {label}?")
RIGHT_FROM = Text(
    "照开户许可证（或基本存款账户信息）填，一个字、一个括号都不要改。",
    "Copy it from the account-opening permit (开户许可证), every bracket as it is.",
)
FIRST = Text("已经是第一项了。", "This is the first item.")
REFUSED = Text(
    "× {why}。请重新输入，或直接回车跳过这一项。",
    "× Sorry, {why}. Please try again, or press Enter to skip it.",
)
NOTHING = Text("没有两边都填了的项目，没法比对。", "Nothing was given on both sides to compare.")
TAKE = Text(
    "回车或 y：就用这个结果回答（{value}）。b：不用，回到这道题。",
    "Enter or y: take this as the answer ({value}). b: no, back to the question.",
)
TAKE_INCOMPLETE = Text(
    "y 采用（{value}，不完整），b 回到问题",
    "y take it ({value}, incomplete), b back to the question",
)


@dataclass(frozen=True)
class Details:
    """The details given on each side."""

    statement: Mapping[AccountField, str]
    right: Mapping[AccountField, str]


@dataclass(frozen=True)
class _Item:
    """One detail to ask for."""

    field: AccountField
    on_statement: bool


def ask_details(
    asked: Asked, given: Details, talk: Talk, lang: Lang, *, on_page: bool = False
) -> Details | None:
    """Ask for every detail that is not given, those on the statement first.

    With `on_page`, a PDF stands for the statement. Returns nothing when the user goes back beyond
    the first. Raises `KeyboardInterrupt` on `q`, `EOFError` when the input ends.
    """
    items = _items(asked, given, on_page=on_page)
    if items:
        intro = INTRO if any(item.on_statement for item in items) else INTRO_RIGHT
        talk.say(Line(intro.in_(lang), style="dim"))
    answered: dict[_Item, str] = {}
    while wanted := _wanted(items, answered):
        place = (len(answered) + 1, len(answered) + len(wanted))
        typed = _ask_one(asked, wanted[0], place, talk, lang)
        if typed is not None:
            answered[wanted[0]] = typed
        elif answered:
            answered.popitem()
        else:
            return None
    return Details(
        {**given.statement, **{i.field: t for i, t in answered.items() if t and i.on_statement}},
        {**given.right, **{i.field: t for i, t in answered.items() if t and not i.on_statement}},
    )


def compare_by_asking(asked: Asked, talk: Talk, lang: Lang) -> tuple[str, ...] | None:
    """Ask for the details, show the comparison, and return its answer if the user takes it.

    Raises as `ask_details` does.
    """
    details = ask_details(asked, Details({}, {}), talk, lang)
    if details is None:
        return None
    account = examine(asked, details.statement, details.right)
    if not account.findings:
        talk.say(Line(), Line(NOTHING.in_(lang)))
        return None
    talk.say(Line(), *as_page(account, lang, talk.width, talk.shows, pass_on=False))
    return account.value if account.value and _taken(account, talk, lang) else None


def _taken(account: Account, talk: Talk, lang: Lang) -> bool:
    question = account.asked.question
    assert question is not None
    value = join([question.choices[name].label for name in account.value])
    ask = TAKE if account.complete else TAKE_INCOMPLETE
    while True:
        talk.say(Line(ask.format(value=value).in_(lang), style="strong"))
        match folded(talk.hear()):
            case "y":
                return True
            case "" if account.complete:  # a stray Enter takes nothing that is incomplete
                return True
            case "b":
                return False
            case "q":
                raise KeyboardInterrupt


def _items(asked: Asked, given: Details, *, on_page: bool) -> Sequence[_Item]:
    fields = [field for field in FIELDS if field in asked.choices or not asked.question]
    ours = [_Item(field, on_statement=True) for field in fields if field not in given.statement]
    theirs = [_Item(field, on_statement=False) for field in fields if field not in given.right]
    return [*([] if on_page else ours), *theirs]


def _wanted(items: Sequence[_Item], answered: Mapping[_Item, str]) -> Sequence[_Item]:
    """Return what is still to ask: not the right value of what was skipped on the statement."""
    skipped = {item.field for item, typed in answered.items() if not typed}
    return [item for item in items if item not in answered and item.field not in skipped]


def _ask_one(
    asked: Asked, item: _Item, place: tuple[int, int], talk: Talk, lang: Lang
) -> str | None:
    """Return what was typed for an item, nothing for `b`, and an empty text to skip it."""
    ask = ASK_STATEMENT if item.on_statement else ASK_RIGHT
    number, most = place
    talk.say(
        Line(),
        Line(PROGRESS.format(number=number, most=most).in_(lang), style="dim"),
        Line(ask.format(label=asked.label(item.field)).in_(lang), style="strong"),
    )
    refused = 0
    while True:
        typed = talk.hear()
        match folded(typed):
            case "":
                return ""
            case "?":
                talk.say(*_help_lines(asked, item, lang))
            case "q":
                raise KeyboardInterrupt
            case "b":
                return None
            case _:
                try:
                    text, notes = tidied(asked, item.field, typed, on_statement=item.on_statement)
                except ValueError as error:
                    why: Text = error.args[0]
                    talk.say(Line(REFUSED.format(why=why).in_(lang), style="error", hanging=2))
                    refused += 1
                    if refused % PATIENCE == 0:
                        talk.say(*_help_lines(asked, item, lang))
                else:
                    talk.say(*(Line(f"· {note.in_(lang)}", style="dim") for note in notes))
                    return text


def _help_lines(asked: Asked, item: _Item, lang: Lang) -> Sequence[Line]:
    if not item.on_statement:
        return [Line(RIGHT_FROM.in_(lang), indent=2)]
    help_text = asked.question.help.in_(lang) if asked.question else INTRO.in_(lang)
    return [Line(part, indent=2) for part in help_text.split("\n")]
