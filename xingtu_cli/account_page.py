"""A comparison of account details → a page of text, or JSON.

Both texts stand one under the other by the cell, and what differs is marked on a line below: seen
without colour, on a screen reader and in a console of 40 columns.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from xingtu_cli.account import FIELDS, Account, Finding
from xingtu_cli.comparison import Column, Difference, Result, code_point
from xingtu_cli.layout import Line, cells, padded
from xingtu_cli.render import dumped, envelope, heading
from xingtu_cli.rules.model import AccountField, Tree
from xingtu_cli.text import COLON, Lang, Text, join

Shows = Callable[[str], bool]  # whether the output's encoding has a character

TITLE = Text("账户信息逐字核对", "Account details, character by character")
SIDES = {"statement": Text("结算单", "statement"), "right": Text("应为", "should be")}
RESULTS: Mapping[Result, Text] = {
    "identical": Text("完全一致", "identical"),
    "formatting": Text("只有括号、全半角或空格不同", "only brackets, width or spaces differ"),
    "different": Text("不一致", "different"),
}
SIGNS: Mapping[Result, str] = {"identical": "√", "formatting": "≈", "different": "×"}
GUESSED = Text(
    "最后一页里没有这个内容。上面是页面里最接近的一段，是程序猜的，请翻到最后一页看一眼。",
    "The last page does not have it. What stands above is the page's most similar stretch, a guess;"
    " have a look at the last page.",
)
NOT_COMPARED = Text("没有比对", "not compared")
CONCLUSION = Text("结论", "Conclusion")
WRONG = Text("有误：{fields}。", "Wrong: {fields}.")
ALL_RIGHT = Text("比对的各项都完全一致。", "All that was compared is identical.")
FORM_COUNTS = Text(
    "{fields}只差括号、全半角或空格，这里也按有误算：资料要求账户名称一致，银行卡号、开户行信息完全正确。"
    "请先确认不是抄录时输入法造成的。",
    "{fields}: though only brackets, width or spaces differ, this counts as wrong here, as the"
    " sources ask for identical text. First make sure that it does not come from your own typing.",
)
FORM_MAY_PASS = Text(
    "（推断）有的银行不计较这类差别，照样入账，所以它不一定是打款失败的原因。"
    "如果别的都对、只差这一点，动手改之前先问问平台或开户行。",
    "(our inference) Some banks let such differences pass, so this need not be why the payout"
    " failed. If all else is right, ask the platform or your bank before you change anything.",
)
NOT_YET = Text("还没比对：{fields}。", "Not compared yet: {fields}.")
MAY_BE_INCOMPLETE = Text("所以这个回答可能不完整。", "So this answer may be incomplete.")
NO_ANSWER_YET = Text(
    "比对完才知道是不是全对，所以先不给出回答。",
    "Only then is it known whether all are right, so there is no answer yet.",
)
LOOK_FIRST = Text(
    "带“猜”的请先看过最后一页，再用下面的值。",
    "Have a look at what is only a guess before you use the value below.",
)
PASS_ON = Text("接着排查，运行 xingtu diagnose，后面加上：", "To go on, run xingtu diagnose with:")
NO_QUESTION = Text(
    "这份规则里没有哪道题问账户信息，所以没有可以传下去的值。",
    "No question of these rules asks about the account, so there is no value to pass on.",
)

_GAP, _MARK = "_", "^"
_GROUP = 4  # digits


def as_page(
    account: Account,
    lang: Lang,
    width: int,
    shows: Shows,
    *,
    quiet: bool = False,
    pass_on: bool = True,
) -> list[Line]:
    """Return the comparison as lines for a terminal of `width` cells.

    `quiet` leaves out hints, and without `pass_on` it does not end with the value for `diagnose`.
    """
    page = [Line(TITLE.in_(lang), style="title")]
    found = {finding.field: finding for finding in account.findings}
    for field in FIELDS:
        if field in found:
            page += [Line(), *_finding_lines(found[field], lang, width, shows, quiet=quiet)]
        elif field in account.open_fields:
            head = f"? {account.asked.label(field).in_(lang)}{COLON.in_(lang)}"
            page += [Line(), Line(head + NOT_COMPARED.in_(lang), style="heading", hanging=2)]
    page += [Line(), heading(CONCLUSION, lang)]
    page += [Line(text.in_(lang)) for text in conclusion(account, quiet=quiet)]
    if pass_on and account.flag and account.value:
        page.append(Line(PASS_ON.in_(lang)))
        page.append(Line(f"{account.flag} {','.join(account.value)}", verbatim=True))
    return page


def conclusion(account: Account, *, quiet: bool = False) -> Iterator[Text]:
    """Yield what the findings come to, in whole sentences."""
    wrong = [f for f in account.findings if f.comparison.result != "identical"]
    formal = [f.label for f in wrong if f.comparison.result == "formatting"]
    if wrong:
        yield WRONG.format(fields=join([finding.label for finding in wrong]))
    elif account.findings:
        yield ALL_RIGHT
    if formal and not quiet:
        yield FORM_COUNTS.format(fields=join(formal))
        yield FORM_MAY_PASS
    if account.open_fields:
        labels = join([account.asked.label(field) for field in account.open_fields])
        yield NOT_YET.format(fields=labels)
        if account.flag:
            yield MAY_BE_INCOMPLETE if account.value else NO_ANSWER_YET
    if any(finding.guessed for finding in account.findings) and account.value:
        yield LOOK_FIRST
    if not account.flag:
        yield NO_QUESTION


def _finding_lines(
    finding: Finding, lang: Lang, width: int, shows: Shows, *, quiet: bool
) -> Iterator[Line]:
    comparison = finding.comparison
    head = f"{SIGNS[comparison.result]} {finding.label.in_(lang)}{COLON.in_(lang)}"
    yield Line(head + RESULTS[comparison.result].in_(lang), style="heading", hanging=2)
    yield from _aligned(comparison.columns, comparison.field, lang, width, shows)
    texts = [difference.text for difference in comparison.differences]
    if finding.guessed:
        texts.append(GUESSED)
    for text in (*texts, *(() if quiet else finding.hints)):
        yield Line(f"· {text.in_(lang)}", indent=2, hanging=2)


# ─── aligning by the cell ────────────────────────────────────────────────────────────────────────


def _aligned(
    columns: Sequence[Column], field: AccountField, lang: Lang, width: int, shows: Shows
) -> Iterator[Line]:
    """Yield the pair of texts, in as many pieces as the width takes, with marks below."""
    labels = [SIDES[side].in_(lang) for side in ("statement", "right")]
    if not any(column.differs for column in columns):
        labels = [""]
    room = max(cells(label) for label in labels) + (2 if labels[0] else 0)
    drawn = [_cells(column, shows) for column in columns]
    groups = _groups(columns, field)
    widths = [len(marks) for _, _, marks in drawn]
    for start, end in _pieces(widths, groups, width - room - 2):
        rows = [
            "".join(" " * (place in groups and place > start) + drawn[place][side]
                    for place in range(start, end))
            for side in range(3)
        ]  # fmt: skip
        shown = [*zip(labels, rows, strict=False)]
        if rows[2].strip():
            shown.append(("", rows[2]))
        for label, row in shown:
            text = padded(label, room) + row
            yield Line(text.rstrip(), indent=2, verbatim=True)


def _cells(column: Column, shows: Shows) -> tuple[str, str, str]:
    """Return what a column shows on each line, all three of the same width."""
    ours, theirs = (_shown(c, shows) for c in (column.statement, column.right))
    width = max(cells(ours), cells(theirs))
    return (
        padded(ours or _GAP * width, width),
        padded(theirs or _GAP * width, width),
        (_MARK if column.differs else " ") * width,
    )


def _shown(character: str, shows: Shows) -> str:
    """Return a character as it can be seen: one that shows nothing is given by its number."""
    if character in ("", " ") or (
        character.isprintable() and cells(character) and shows(character)
    ):
        return character
    return f"<{code_point(character)}>"


def _groups(columns: Sequence[Column], field: AccountField) -> frozenset[int]:
    """Return before which columns of a number a space stands: every four of its right digits."""
    places, digits = [], 0
    for place, column in enumerate(columns):
        if digits and digits % _GROUP == 0 and column.right and field == "number":
            places.append(place)
        digits += bool(column.right)
    return frozenset(places)


def _pieces(widths: Sequence[int], groups: frozenset[int], room: int) -> Iterator[tuple[int, int]]:
    """Cut columns of these widths into pieces that fit, between groups where there are any."""
    start, taken = 0, 0
    for place, width in enumerate(widths):
        space = place in groups and place > start
        if taken + space + width > room and place > start:
            end = max((group for group in groups if start < group <= place), default=place)
            yield start, end
            start = end
            taken = sum(widths[end:place])
            space = place in groups and place > start
        taken += space + width
    yield start, len(widths)


# ─── JSON ────────────────────────────────────────────────────────────────────────────────────────


def as_json(account: Account, tree: Tree, lang: Lang) -> str:
    """Return the comparison as one JSON document in ASCII."""
    choices = account.asked.choices
    document = envelope(
        tree,
        {
            "lang": lang,
            "fields": [
                {
                    "field": choices.get(finding.field, finding.field),
                    "compares": finding.field,
                    "label": finding.label.in_(lang),
                    "result": finding.comparison.result,
                    "guessed": finding.guessed,
                    "statement": finding.comparison.statement,
                    "right": finding.comparison.right,
                    "differences": [
                        _difference_json(each, lang) for each in finding.comparison.differences
                    ],
                    "hints": _in(lang, finding.hints),
                }
                for finding in account.findings
            ],
            "not_compared": [choices.get(field, field) for field in account.open_fields],
            "flag": account.flag,
            "value": ",".join(account.value) or None,
            "complete": account.complete,
            "conclusion": _in(lang, conclusion(account)),
        },
    )
    return dumped(document)


def _difference_json(difference: Difference, lang: Lang) -> Mapping[str, object]:
    return {
        "change": difference.change,
        "statement": difference.statement,
        "right": difference.right,
        "statement_at": difference.statement_at,
        "right_at": difference.right_at,
        "text": difference.text.in_(lang),
    }


def _in(lang: Lang, texts: Iterable[Text]) -> list[str]:
    return [text.in_(lang) for text in texts]
