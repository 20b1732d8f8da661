"""What a difference between two writings of an account detail may come from.

Pure. A hint helps to find the slip; it never decides whether the detail is right.
"""

import unicodedata
from collections.abc import Iterable

from xingtu_cli.comparison import BRANCH, Comparison, compact, squeezed, unformatted
from xingtu_cli.text import INFERRED, Text

USUAL_DIGITS = range(10, 31)  # of a corporate account
EXCEL_DIGITS = 15  # more than these, and Excel puts zeros in their place
CARD_DIGITS = (16, 19)  # the numbers of bank cards, which mostly satisfy Luhn's formula
SUFFIXES = ("股份有限公司", "有限责任公司", "有限公司", "公司")
BRACKETS = str.maketrans("[]【】〔〕［］{}〈〉", "()()()()()()")
ALIKE = (
    "账帐", "已己巳", "未末", "士土", "日曰", "人入八", "干千于", "戊戌戍", "侯候", "萧肖",
    "晴睛", "洛络", "拔拨", "折拆析", "治冶", "宫官", "陕峡", "杨扬", "柏伯", "钓钧", "堂棠",
    "祥详", "明朋", "天夫", "王玉", "贝见", "今令", "兰蓝", "辉晖", "瑞端", "源原", "0OoＯ〇",
    "1lI|", "·•・‧∙", "-—–－ー一",
)  # fmt: skip


def hints(comparison: Comparison) -> tuple[Text, ...]:
    """Return what may lie behind the differences of `comparison`, or beside its equality."""
    of_field = {"name": _name, "number": _number, "bank": _bank}[comparison.field]
    return (*of_field(comparison), *_alike(comparison), *_case(comparison))


# ─── the name ────────────────────────────────────────────────────────────────────────────────────


def _name(comparison: Comparison) -> Iterable[Text]:
    ours, theirs = unformatted(comparison.statement), unformatted(comparison.right)
    if comparison.result != "different":
        return
    (stem, suffix), (other, other_suffix) = _without_suffix(ours), _without_suffix(theirs)
    if stem == other and suffix != other_suffix:
        if not suffix:
            yield Text(
                f"只差公司后缀：结算单上没写“{other_suffix}”。",
                f"Only the company suffix is missing on the statement: “{other_suffix}”.",
            )
        elif not other_suffix:
            yield Text(
                f"只差公司后缀：结算单上是“{suffix}”，给出的正确名称没有后缀，请确认没有抄漏。",
                f"Only the suffix differs: the statement has “{suffix}”, the right name given has"
                " none; make sure it is complete.",
            )
        else:
            yield Text(
                f"只差公司后缀：“{suffix}”和“{other_suffix}”，以营业执照上的写法为准。",
                f"Only the company suffix differs: “{suffix}” and “{other_suffix}”; the business"
                " licence (营业执照) decides.",
            )
    elif ours.translate(BRACKETS) == theirs.translate(BRACKETS):
        yield Text("只差括号的样式。", "Only the style of the brackets differs.")
    elif ours and theirs and (ours in theirs or theirs in ours):
        yield Text(
            "一边是另一边的一部分，可能是抄漏了，或者用了简称。",
            "One is part of the other: something was left out, or it is a short form.",
        )
    elif _similarity(ours.casefold(), theirs.casefold()) < 0.5:
        yield INFERRED.plus(
            Text(
                "两个名称差别很大：可能填成了另一家公司，或公司改过名、结算单用的是旧名。",
                "The names have little in common: perhaps another company's, or the one from before"
                " a renaming.",
            )
        )


def _without_suffix(name: str) -> tuple[str, str]:
    suffix = next((suffix for suffix in SUFFIXES if name.endswith(suffix)), "")
    return name.removesuffix(suffix), suffix


# ─── the bank ────────────────────────────────────────────────────────────────────────────────────


def _bank(comparison: Comparison) -> Iterable[Text]:
    ours, theirs = unformatted(comparison.statement), unformatted(comparison.right)
    if comparison.result != "different":
        return
    (bank, branch), (other, other_branch) = _head(ours), _head(theirs)
    if bank and bank == other:
        yield _branches(bank, branch, other_branch)
    elif bank and other:
        yield _banks(bank, other)
    elif BRANCH.search(theirs) and not BRANCH.search(ours):
        yield Text("结算单没写支行、分行。", "The statement names no branch (支行/分行).")


def _branches(bank: str, branch: str, right: str) -> Text:
    """Tell how two writings with the same bank differ."""
    if branch == right:
        return Text(
            "只差银行全称里的“股份有限公司”等字样，以开户许可证为准。",
            "Only the legal form within the bank's name (股份有限公司 or the like) differs; the"
            " account-opening permit (开户许可证) decides.",
        )
    if not branch:
        return Text(
            f"结算单只写到“{bank}”，没写支行、分行。",
            f"The statement names the bank ({bank}) without its branch (支行/分行).",
        )
    if not right:
        return Text(
            "结算单写到了支行、分行，给出的正确开户行没有，请确认没有抄漏。",
            "The statement names a branch (支行/分行), the right bank given does not; make sure it"
            " is complete.",
        )
    return Text(
        f"银行相同（{bank}），只是支行、分行部分不同。",
        f"The bank is the same ({bank}); only the branch (支行/分行) differs.",
    )


def _banks(bank: str, other: str) -> Text:
    """Tell how two names of banks are related."""
    if bank.endswith(other) or other.endswith(bank):
        return Text(
            f"“{bank}”和“{other}”像是同一家银行的简称和全称，以开户许可证为准。",
            f"“{bank}” and “{other}” look like the short and the full name of one bank; the"
            " account-opening permit (开户许可证) decides.",
        )
    likeness = _similarity(bank.removesuffix("银行"), other.removesuffix("银行"))
    kind = Text("两家不同的银行", "two different banks")
    if likeness >= 0.5:
        kind = Text("两家名称相近的银行", "two banks with similar names")
    return Text("“{a}”和“{b}”是{kind}。", "“{a}” and “{b}” are {kind}.").format(
        a=bank, b=other, kind=kind
    )


def _head(text: str) -> tuple[str, str]:
    """Split “贵阳银行股份有限公司南明支行” into “贵阳银行” and “南明支行”."""
    bank, found, branch = text.partition("银行")
    for suffix in SUFFIXES:
        branch = branch.removeprefix(suffix)
    return (bank + found, branch) if found else ("", text)


# ─── the number ──────────────────────────────────────────────────────────────────────────────────


def _number(comparison: Comparison) -> Iterable[Text]:
    ours, theirs = compact(comparison.statement), compact(comparison.right)
    if ours == theirs and comparison.statement != comparison.right:
        yield Text(
            "只是书写时的空格或连字符不同，数字完全一致。",
            "Only the spaces or hyphens of the writing differ; the digits are the same.",
        )
    has, should = len(squeezed(ours)), len(squeezed(theirs))
    if has != should:
        yield Text(
            f"位数不同：结算单 {has} 位，应为 {should} 位。",
            f"The lengths differ: {_digits(has)} on the statement, should be {should}.",
        )
    if should not in USUAL_DIGITS:
        yield Text(
            f"给出的正确账号有 {should} 位；对公账号一般是 10-30 位，请确认没有抄漏或抄多。",
            f"The right number given has {_digits(should)}; corporate accounts have 10-30. Make"
            " sure it is complete.",
        )
    for side, number in (
        (Text("结算单上的账号", "The number on the statement"), ours),
        (Text("给出的正确账号", "The right number given"), theirs),
    ):
        if len(number) > EXCEL_DIGITS + 1 and not number[EXCEL_DIGITS:].strip("0"):
            yield Text(
                "{side}从第 16 位起全是 0，像是被 Excel 改过，请拿原始单据核对。",
                "{side} has nothing but zeros from digit 16 on, as Excel leaves it; check it"
                " against the original document.",
            ).format(side=side)
        if ours == theirs:
            break
    yield from _luhn(ours, theirs)


def _digits(number: int) -> str:
    return "1 digit" if number == 1 else f"{number} digits"


def _luhn(ours: str, theirs: str) -> Iterable[Text]:
    """Yield what the check digit of a bank card suggests, where a number has a card's length.

    Corporate accounts need not have one, so this proves nothing.
    """
    passes = {n: len(n) in CARD_DIGITS and satisfies_luhn(n) for n in (ours, theirs)}
    if ours != theirs and len(ours) == len(theirs) and passes[ours] != passes[theirs]:
        which = Text("给出的正确账号", "the right number given")
        if passes[ours]:
            which = Text("结算单上的账号", "the number on the statement")
        yield INFERRED.plus(
            Text(
                "按银行卡校验位（Luhn）算，只有{which}通得过；对公账号不一定有校验位，仅供参考。",
                "By the check digit of bank cards (Luhn), only {which} is valid; corporate accounts"
                " need not have one, so this is just a hint.",
            ).format(which=which)
        )
    if passes[theirs] and theirs.startswith("62"):
        yield INFERRED.plus(
            Text(
                "给出的正确账号像是银行卡号（62 开头）。打款要用对公账户；"
                "若是个人卡，请换成公司的对公账号。",
                "The right number given looks like a bank card's (it starts with 62). The payout"
                " needs a corporate account (对公账户), not a personal card.",
            )
        )


def satisfies_luhn(number: str) -> bool:
    """Tell whether the last digit checks the others by Luhn's formula (ISO/IEC 7812-1)."""
    if not (number.isascii() and number.isdigit()):
        return False
    doubled = [int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(number))]
    return sum(d // 10 + d % 10 for d in doubled) % 10 == 0


# ─── any field ───────────────────────────────────────────────────────────────────────────────────


def _alike(comparison: Comparison) -> Iterable[Text]:
    pairs = dict.fromkeys(
        (column.statement, column.right)
        for column in comparison.columns
        if column.differs and column.statement and column.right and not column.swapped
    )
    for ours, theirs in pairs:
        if any(ours in group and theirs in group for group in ALIKE) or _same_letter(ours, theirs):
            yield Text(
                f"“{ours}”和“{theirs}”字形相近，容易看错。",
                f"“{ours}” and “{theirs}” look alike and are easily confused.",
            )


def _same_letter(one: str, other: str) -> bool:
    """Tell whether two letters have the same name in two scripts, like a Latin and a Greek A."""
    names = [unicodedata.name(letter, "").split(" ", 1) for letter in (one, other)]
    named = all(len(name) == 2 and "LETTER" in name[1] for name in names)
    return named and names[0][1] == names[1][1]


def _case(comparison: Comparison) -> Iterable[Text]:
    ours, theirs = comparison.statement, comparison.right
    if ours != theirs and ours.lower() == theirs.lower():
        yield Text("只差字母大小写。", "Only upper and lower case differ.")


def _similarity(one: str, other: str) -> float:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other, autojunk=False).ratio()
