"""The account on the statement against the right one: each field's finding, and what to pass on.

Pure. The rules file says which question the finding answers, and which choice each field is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from xingtu_cli.answers import GARBLED, is_garbled
from xingtu_cli.comparison import LONGEST, Comparison, compact, compare, is_blank, squeezed
from xingtu_cli.hints import hints
from xingtu_cli.lookup import look_up
from xingtu_cli.rules.model import ALL_RIGHT, AccountField, Question, Tree
from xingtu_cli.text import Text, visible

FIELDS: tuple[AccountField, ...] = get_args(AccountField)
LABELS: Mapping[AccountField, Text] = {
    "name": Text("账户名称", "account name (账户名称)"),
    "number": Text("银行卡号", "account number (银行卡号)"),
    "bank": Text("开户行信息", "opening bank (开户行信息)"),
}

LAYOUT_SPACES = Text(
    "PDF 里的空格由排版决定，多一个少一个读不出来，请在纸面上再看一眼。",
    "Spaces in a PDF come from its layout, so one more or less cannot be read off it; have a look"
    " at the page itself.",
)

_EXCEL = re.compile(r"\d+(?:[.,]\d+)?[eE][+-]?\d+")
_HALF_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_QUOTES = "'\"‘’“”`"


@dataclass(frozen=True)
class Asked:
    """What the rules in force ask about the account: the question, if any, and its choices."""

    question: Question | None
    choices: Mapping[AccountField, str]
    all_right: str

    def label(self, field: AccountField) -> Text:
        """Return what the field is called."""
        choice = self.choices.get(field)
        return self.question.choices[choice].label if self.question and choice else LABELS[field]

    def words(self, field: AccountField) -> tuple[str, ...]:
        """Return the words that may stand before a value of the field, the longest first."""
        found = [LABELS[field].zh]
        if self.question and (name := self.choices.get(field)):
            choice = self.question.choices[name]
            found += [choice.label.zh, choice.label.en, *choice.also]
        return tuple(sorted(dict.fromkeys(found), key=len, reverse=True))

    @property
    def all_words(self) -> tuple[str, ...]:
        """The words of every field."""
        words = [word for field in FIELDS for word in self.words(field)]
        return tuple(sorted(words, key=len, reverse=True))


@dataclass(frozen=True)
class Finding:
    """What became of one field.

    `guessed` where its text on the statement is what a PDF page has most like the right one; then
    somebody has to look.
    """

    field: AccountField
    label: Text
    comparison: Comparison
    hints: tuple[Text, ...]
    guessed: bool = False


@dataclass(frozen=True)
class Account:
    """The findings of a comparison, and the answer that they make.

    `value` holds the choices that answer the question, none while that is open; `open_fields` are
    those that were not compared, without which the answer may be incomplete.
    """

    asked: Asked
    findings: tuple[Finding, ...]
    open_fields: tuple[AccountField, ...]
    value: tuple[str, ...]

    @property
    def flag(self) -> str | None:
        """The flag of `diagnose` that takes the value."""
        return f"--{self.asked.question.id}" if self.asked.question else None

    @property
    def complete(self) -> bool:
        """Whether every field that the question asks about was compared."""
        return not self.open_fields


def asked(tree: Tree) -> Asked:
    """Find the question of `tree` that a comparison answers."""
    for question in tree.questions.values():
        compares: dict[str, str] = {
            choice.compares: name for name, choice in question.choices.items() if choice.compares
        }
        if compares:
            return Asked(
                question,
                {field: compares[field] for field in FIELDS if field in compares},
                compares[ALL_RIGHT],
            )
    return Asked(None, {}, "")


def examine(
    asked: Asked,
    statement: Mapping[AccountField, str],
    right: Mapping[AccountField, str],
    page: str | None = None,
) -> Account:
    """Compare every field given on both sides.

    Where the `statement` does not give a field, its `page`, the text of a PDF's last one, is
    searched for the right value.
    """
    findings: list[Finding] = []
    for field in FIELDS:
        if field not in right:
            continue
        if field in statement:
            comparison = compare(field, statement[field], right[field])
            findings.append(Finding(field, asked.label(field), comparison, hints(comparison)))
        elif page is not None and (found := _on_page(asked, field, right[field], page)):
            findings.append(found)
    done = {finding.field for finding in findings}
    wanted = asked.choices if asked.question else FIELDS
    open_fields = tuple(field for field in FIELDS if field in wanted and field not in done)
    return Account(asked, tuple(findings), open_fields, _value(asked, findings, open_fields))


def _on_page(asked: Asked, field: AccountField, right: str, page: str) -> Finding | None:
    """Compare the right value of a field with what a PDF page has for it, if it has anything."""
    sighting = look_up(field, right, page, asked.all_words)
    if sighting is None:
        return None
    same_spaces = field == "number" or sighting.text == right
    comparison = compare(field, sighting.text, right if same_spaces else squeezed(right))
    found = hints(comparison)
    if field != "number":
        found = (*found, LAYOUT_SPACES)
    return Finding(field, asked.label(field), comparison, found, not sighting.sure)


def _value(
    asked: Asked, findings: Sequence[Finding], open_fields: Sequence[AccountField]
) -> tuple[str, ...]:
    wrong = {f.field for f in findings if f.comparison.result != "identical"}
    if chosen := tuple(asked.choices[f] for f in FIELDS if f in wrong and f in asked.choices):
        return chosen
    return (asked.all_right,) if asked.question and not open_fields else ()


# ─── what people paste ───────────────────────────────────────────────────────────────────────────


SPACES = Text("去掉了首尾的空格", "spaces around it were taken off")
QUOTES = Text("去掉了首尾的引号", "quotes around it were taken off")
HALF_WIDTH = Text("全角数字换成了半角", "full-width digits were made half-width")
ONLY_DIGITS = Text(
    "这里要填的是{label}，填的却只有数字，像是贴错了行",
    "the {label} is wanted here, but this is digits only, as if another line was pasted",
)
NO_DIGIT = Text(
    "账号只能是数字，第 {place} 位却是“{character}”",
    "a number has digits only, but character {place} is “{character}”",
)
PRINTED_SO = Text(
    "。若结算单上真是这样印的，这一项就是错的",
    ". If the statement really says so, this field is wrong",
)
UNSEEN = Text("去掉了首尾看不见的字符", "characters around it that cannot be seen were taken off")


def tidied(
    asked: Asked, field: AccountField, given: str, *, on_statement: bool
) -> tuple[str, tuple[Text, ...]]:
    """Take off what is not part of a pasted value, and say so: a label, spaces around it.

    Raises `ValueError` with a `Text` for what cannot be this field.
    """
    if is_garbled(given):
        raise ValueError(GARBLED)
    text, notes = given, []
    stripped = _stripped(text)
    if stripped != text.strip("\r\n"):
        notes.append(SPACES if stripped == text.strip() else UNSEEN)
    text = stripped
    if label := _label(text, asked.words(field)):
        text = _stripped(text[len(label) :].lstrip("：:"))
        notes.append(Text(f"去掉了开头的“{label}”", f"“{label}” was taken off its start"))
    for other in FIELDS:
        if other != field and (wrong := _label(text, asked.words(other))):
            raise ValueError(
                Text(
                    "这一行写着“{wrong}”，这里要填的是{label}",
                    "this line says “{wrong}”, but the {label} is wanted",
                ).format(wrong=wrong, label=asked.label(field))
            )
    if field == "number":
        text, more = _tidied_number(text, on_statement=on_statement)
        notes += more
    elif text and all(character.isdecimal() for character in compact(text)):
        raise _misfit(ONLY_DIGITS.format(label=asked.label(field)), on_statement=on_statement)
    if not text:
        raise ValueError(Text("没有内容", "it is empty"))
    if len(text) > LONGEST:
        raise ValueError(
            Text(f"超过 {LONGEST} 个字，像是贴多了", f"it has more than {LONGEST} characters")
        )
    return text, tuple(notes)


def _tidied_number(text: str, *, on_statement: bool) -> tuple[str, Sequence[Text]]:
    """Take quotes off a number, and make its digits half-width, as all of a right one are.

    A Chinese input method makes full-width ones. On the statement they stay: there they may be what
    is wrong.
    """
    notes = []
    if text != text.strip(_QUOTES):
        text = text.strip(_QUOTES)
        notes.append(QUOTES)
    _refuse_no_number(text, on_statement=on_statement)
    if not on_statement and text != text.translate(_HALF_WIDTH):
        text = text.translate(_HALF_WIDTH)
        notes.append(HALF_WIDTH)
    return text, notes


def _stripped(text: str) -> str:
    start, end = 0, len(text)
    while start < end and is_blank(text[start]):
        start += 1
    while start < end and is_blank(text[end - 1]):
        end -= 1
    return text[start:end]


def _label(text: str, words: Sequence[str]) -> str:
    """Return the label that `text` begins with: one of `words`, then a colon or a space."""
    for word in words:
        after = text[len(word) : len(word) + 1]
        if text.startswith(word) and (after in ("：", ":") or (after and is_blank(after))):
            return word
    return ""


def _refuse_no_number(text: str, *, on_statement: bool) -> None:
    digits = compact(text)
    if _EXCEL.fullmatch(digits):
        raise ValueError(
            Text(
                "账号被 Excel 变成了科学计数法，后面的数字已经丢了。请从原始单据上抄；"
                "在 Excel 里先把单元格格式改成“文本”再填",
                "Excel has turned the number into scientific notation, and its digits are lost."
                " Copy it from the original document; in Excel, set the cell's format to Text"
                " (文本) first",
            )
        )
    for place, character in enumerate(digits, 1):
        if not (character.isdecimal() or is_blank(character)):
            why = NO_DIGIT.format(place=place, character=visible(character))
            raise _misfit(why, on_statement=on_statement)


def _misfit(why: Text, *, on_statement: bool) -> ValueError:
    """Return the refusal of what a field never holds; a statement may still be printed so."""
    return ValueError(why.plus(PRINTED_SO) if on_statement else why)
