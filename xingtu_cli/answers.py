"""What people type → an answer, and an answer → how it is written.

One place reads every answer, wherever it comes from: a flag, a file, a prompt or a table. It takes
what a Chinese input method produces (full-width digits and punctuation) and refuses whatever can be
read in two ways.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from xingtu_cli.errors import InvalidAnswer, InvalidAnswers, Wanted
from xingtu_cli.rules.model import Detail, Question, Tree
from xingtu_cli.text import (
    LANGS,
    Text,
    closest,
    did_you_mean,
    folded,
    has_control,
    join,
    plain,
    same,
    visible,
)

Answer = str | tuple[str, ...] | date | Decimal
Answers = Mapping[str, Answer]
Details = Mapping[str, tuple[str, ...]]

YEARS = range(2000, 2100)
LARGEST = Decimal("999999999999.99")  # yuan; more is a slip (an account number, say)

_SEPARATORS = re.compile(r"[,;、|\s]+")
_DATE = re.compile(
    r"(\d{4})(?:-(\d{1,2})-|/(\d{1,2})/|\.(\d{1,2})\.|年(\d{1,2})月)(\d{1,2})[日号]?"
)
_CLOCK = re.compile(r"(?<=\d)[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")  # as a database adds it
_DIGITS_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_0 = date(1899, 12, 30)  # from which spreadsheets count the days, since 1900-03-01
SERIAL = Text(
    "不是日期，像是 Excel 里日期变成的数字（{day}）。请按 2026-10-08 的写法；"
    "在表格里，先把这一列的格式设为“日期”再保存",
    "not a date, but perhaps the number that Excel has for one ({day}); write it like 2026-10-08,"
    " or in a table format the column as a date before saving",
)
_AMOUNT = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{1,2})?")
# what few people type; compiled when it is first looked for
_AND = r"(?i)[和与及跟]|\band\b"
_DENIAL = r"[不没未无非错]|\b(?:not|no|none|wrong)\b|\bun|\bin(?=correct)"
_CURRENCY_BEFORE = r"(?i)^(?:¥|rmb|cny|人民币)\s*"
_CURRENCY_AFTER = r"(?i)\s*(?:元整?|圆整?|yuan|rmb|cny)$"
ESTIMATED = Text("（暂估）", " (estimate)")  # behind a day that stands without its weekday
LONGEST_QUOTE = 200  # characters; what is typed or in a file may have a million
_GARBLED = re.compile(r"[\ud800-\udfff\ufffd]")
GARBLED = Text(
    "里面有乱码，可能是终端或文件的编码不对",
    "it has bytes that are no text; the encoding of the terminal or file may be wrong",
)
_GAP = re.compile(r"(?:…|\.\.\.)+")  # as lines of ours show one
GAP = Text(
    "这只是占位的省略号，请换成真的内容", "these dots only mark a gap; put in what belongs there"
)
BYTE_ORDER_MARK = "\ufeff"


def parse(question: Question, given: str | Sequence[str], today: date) -> Answer:
    """Read what was given for `question`; several values only fit a question of type `several`.

    Raises `InvalidAnswer`, which names the flag, the value, what is allowed and the nearest match.
    """
    values = [given] if isinstance(given, str) else list(given)
    if question.type == "several":
        return _several(question, values)
    if len(values) != 1:
        raise _refusal(
            question,
            "、".join(values),
            Text("这里只能答一个值", "this takes a single value"),
        )
    typed = values[0]
    if not typed.strip():
        raise refuse_empty(question)
    if question.type == "amount" and _AMOUNT.fullmatch(typed) and typed not in question.words:
        return _yuan(question, typed)  # as nearly all of a table's are; the rest takes longer
    if (choice := _choice(question, typed)) is not None:
        return choice
    match question.type:
        case "date":
            return _date(question, typed, today)
        case "amount":
            return _amount(question, typed)
        case _:
            raise _no_choice(question, typed)


def parse_all(
    tree: Tree, given: Mapping[str, str | Sequence[str] | None], today: date
) -> tuple[Answers, Details]:
    """Read answers and details, each under its name; `None` and an empty list are not given.

    Raises `InvalidAnswers` with all that is wrong with them.
    """
    known: dict[str, Answer] = {}
    details: dict[str, tuple[str, ...]] = {}
    errors: list[InvalidAnswer] = []
    for name, value in given.items():
        if not value and value != "":
            continue
        try:
            if name in tree.questions:
                known[name] = parse(tree.questions[name], value or "", today)
            elif name in tree.details:
                texts = [value] if isinstance(value, str) else value
                details[name] = parse_detail(tree.details[name], texts or ())
            else:
                raise _unknown(tree, name)
        except InvalidAnswer as error:
            errors.append(error)
    if errors:
        raise InvalidAnswers(errors)
    return known, {name: values for name, values in details.items() if values}


def _unknown(tree: Tree, name: str) -> InvalidAnswer:
    known = [*tree.questions, *tree.details]
    shown = quoted(name)
    message = Text(f"没有“{shown}”这一项", f"there is no “{shown}”").plus(did_you_mean(name, known))
    return InvalidAnswer(message, question=name, value="")


def parse_detail(detail: Detail, given: Sequence[str]) -> tuple[str, ...]:
    """Read the values of a detail, one text or many tracking numbers.

    Line breaks and control characters are refused: a name goes into an e-mail's header. A byte
    order mark, as it comes along from the beginning of a file, is taken out.
    """
    given = [text.replace(BYTE_ORDER_MARK, "") for text in given]
    if len(given) == 1 and detail.type == "text" and _is_plain(text := given[0].strip()):
        return (text,) if text else ()
    many = detail.type == "tracking-numbers"
    texts = given if not many else [part for each in given for part in split(each)]
    found = tuple(dict.fromkeys([stripped for text in texts if (stripped := text.strip())]))
    for text in found:
        if has_control(text):
            raise InvalidAnswer(
                Text(
                    f"--{detail.id} 里有换行、控制字符或乱码，请改掉：{quoted(text)}",
                    f"--{detail.id} has a line break or control character, or bytes that are no"
                    f" text; mend it: {quoted(text)}",
                ),
                question=detail.id,
                value=text,
                why=Text(
                    "里面有换行、控制字符或乱码，请改掉",
                    "it has a line break or control character, or bytes that are no text; mend it",
                ),
            )
        if _GAP.fullmatch(text):
            raise InvalidAnswer(
                Text(f"--{detail.id} 填的是“{text}”：", f"--{detail.id} is “{text}”: ").plus(GAP),
                question=detail.id,
                value=text,
                why=GAP,
            )
    if len(found) > 1 and not many:
        raise InvalidAnswer(
            Text(
                f"--{detail.id} 只能填一个值，现在有：{'、'.join(found)}",
                f"--{detail.id} takes one value, not: {', '.join(found)}",
            ),
            question=detail.id,
            value=", ".join(found),
        )
    return found


def _is_plain(text: str) -> bool:
    return not has_control(text) and not _GAP.fullmatch(text)


def split(text: str) -> list[str]:
    """Split a list however it was pasted: by `,` `，` `、` `;` `；`, spaces or line ends."""
    return [part for part in _SEPARATORS.split(plain(text)) if part]


def refuse_empty(question: Question) -> InvalidAnswer:
    """Return the refusal of an empty value."""
    return _refusal(question, "", Text("没有内容", "it is empty"))


def wanted(question: Question) -> Wanted:
    """Return the question's flag and the values it takes, for a message or a script."""
    return Wanted(question.id, f"--{question.id}", allowed(question))


def allowed(question: Question) -> tuple[str, ...]:
    """Return the values that a question takes, its form of value first."""
    form = {"date": ("YYYY-MM-DD",), "amount": ("AMOUNT",)}.get(question.type, ())
    return (*form, *question.choices)


def pattern(question: Question) -> Text:
    """Return what to write after the question's flag, for a help text or a message."""
    if question.type == "several":
        together = [value for value, choice in question.choices.items() if not choice.then]
        alone = [value for value, choice in question.choices.items() if choice.then]
        return same("|".join([",".join(together), *alone]))
    return join(forms(question), zh="|", en="|")


def forms(question: Question) -> list[Text]:
    """Return the values that a question takes, and its form of value as it is called."""
    form = {"date": [same("YYYY-MM-DD")], "amount": [Text("金额", "AMOUNT")]}.get(question.type, [])
    return [*form, *(same(value) for value in question.choices)]


def written(answer: Answer) -> str:
    """Write an answer the way its flag takes it."""
    match answer:
        case tuple():
            return ",".join(answer)
        case date():
            return answer.isoformat()
        case Decimal():
            return f"{answer:.2f}"
        case _:
            return answer


def shown(question: Question, answer: Answer) -> Text:
    """Show an answer to a person: the labels of choices, a date with its weekday, yuan."""
    match answer:
        case tuple():
            return join([question.choices[value].label for value in answer])
        case date():
            return show_date(answer)
        case Decimal():
            return show_amount(answer)
        case _:
            return question.choices[answer].label


@lru_cache(maxsize=1024)
def show_date(day: date, *, estimated: bool = False) -> Text:
    """Show a date with its weekday, and that it is an estimate where it is one."""
    zh = "一二三四五六日"[day.weekday()]
    en = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    guess = Text("，暂估", ", estimate 暂估") if estimated else Text("", "")
    return Text(f"{day.isoformat()}（周{zh}{guess.zh}）", f"{day.isoformat()} ({en}{guess.en})")


def show_amount(amount: Decimal) -> Text:
    """Show an amount in yuan with thousands and cents."""
    return Text(f"{amount:,.2f} 元", f"{amount:,.2f} yuan")


def is_garbled(text: str) -> bool:
    """Tell whether a text has bytes in it that its encoding does not know."""
    return not text.isascii() and _GARBLED.search(text) is not None


def quoted(text: str) -> str:
    """Return as much of what someone typed as a message should repeat, made visible."""
    return visible(text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1] + "…")


# ─── each type of question ───────────────────────────────────────────────────────────────────────


def _choice(question: Question, typed: str) -> str | None:
    if typed in question.choices:
        return typed
    return question.words.get(folded(typed))


def _several(question: Question, values: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for typed in values:
        if not split(typed):
            continue
        for part in _parts(question, typed):
            choice = _choice(question, part)
            if choice is None:
                raise _no_choice(question, part)
            found.append(choice)
    if not found:
        raise refuse_empty(question)
    chosen = tuple(value for value in question.choices if value in found)
    for value in chosen:
        if question.choices[value].then and len(chosen) > 1:
            label = question.choices[value].label
            raise _refusal(
                question,
                ",".join(chosen),
                Text(
                    f"“{label.zh}”（{value}）只能单独选",
                    f"“{label.en}” ({value}) cannot be combined with others",
                ),
            )
    return chosen


def _parts(question: Question, typed: str) -> list[str]:
    """Split what was typed into choices, and those joined by “and” too."""
    if _choice(question, typed):
        return [typed]
    parts: list[str] = []
    for part in split(typed):
        known = _choice(question, part)
        parts += [part] if known else split(re.sub(_AND, ",", part))
    return parts


def _date(question: Question, typed: str, today: date) -> date:
    try:
        day = parse_date(typed)
    except ValueError as error:
        raise _refusal(question, typed, error.args[0]) from None
    if question.latest == "today" and day > today:
        raise _refusal(
            question,
            typed,
            Text(
                f"这一天还没到，今天是 {today.isoformat()}",
                f"this day is in the future; today is {today.isoformat()}",
            ),
        )
    return day


def parse_date(typed: str) -> date:
    """Read a date such as 2026-10-08, 2026/10/8, 2026年10月8日 or 20261008, without its time.

    Raises `ValueError` with a `Text` for anything else, `01/02/2026` included: it has two readings.
    """
    text = re.sub(r"\s+", "", _CLOCK.sub("", plain(typed))).replace("。", ".")
    match = _DATE.fullmatch(text) or _DIGITS_DATE.fullmatch(text)
    if not match:
        if re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text):
            raise ValueError(
                Text(
                    "分不清哪个是月、哪个是日，请按 2026-10-08 的写法，年份在前",
                    "day and month cannot be told apart; write it like 2026-10-08, year first",
                )
            )
        if re.fullmatch(r"\d{1,2}(?:[-/.]\d{1,2}|月\d{1,2}[日号]?)", text):
            raise ValueError(
                Text(
                    "缺少年份，请按 2026-10-08 的写法",
                    "the year is missing; write it like 2026-10-08",
                )
            )
        if re.fullmatch(r"\d{5}", text) and (meant := _DAY_0 + timedelta(int(text))).year in YEARS:
            raise ValueError(SERIAL.format(day=meant.isoformat()))
        raise ValueError(
            Text("不是日期，请按 2026-10-08 的写法", "not a date; write it like 2026-10-08")
        )
    year, month, day = (int(part) for part in match.groups() if part)
    if year not in YEARS:
        raise ValueError(
            Text(
                f"年份应在 {YEARS[0]} 到 {YEARS[-1]} 之间",
                f"the year must be from {YEARS[0]} to {YEARS[-1]}",
            )
        )
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(Text("日历上没有这一天", "there is no such day")) from None


def _amount(question: Question, typed: str) -> Decimal:
    text = plain(typed).replace("。", ".")
    if not _AMOUNT.fullmatch(text):
        text = re.sub(_CURRENCY_AFTER, "", re.sub(_CURRENCY_BEFORE, "", text))
    if not _AMOUNT.fullmatch(text):
        raise _refusal(question, typed, _why_no_amount(text))
    return _yuan(question, text)


def _yuan(question: Question, typed: str) -> Decimal:
    amount = Decimal(typed.replace(",", ""))
    if not amount:
        raise _refusal(question, typed, Text("金额要大于 0", "the amount must be above 0"))
    if amount > LARGEST:
        raise _refusal(
            question, typed, Text("金额太大，请检查是否填错", "the amount is too large; check it")
        )
    return amount.quantize(Decimal("0.01"))


def _why_no_amount(text: str) -> Text:
    if re.fullmatch(r"-[\d,.]+", text):
        return Text("金额要大于 0", "the amount must be above 0")
    if re.fullmatch(r"[\d,]+\.\d{3,}", text):
        return Text("最多两位小数，到分为止", "at most 2 decimals")
    if re.fullmatch(r"\d*,[\d,]*(\.\d+)?", text):
        return Text(
            "千分位逗号的位置不对，可写 12000 或 12,000.00",
            "the commas are misplaced; write 12000 or 12,000.00",
        )
    return Text("不是金额，可写 12000 或 12,000.00", "not an amount; write 12000 or 12,000.00")


# ─── refusals ────────────────────────────────────────────────────────────────────────────────────


def _no_choice(question: Question, typed: str) -> InvalidAnswer:
    word = folded(typed[:100])  # no word is near as long; comparing takes its time
    if len(named := [value for value in question.choices if _names(question, value, word)]) > 1:
        why = Text("分不清是哪一项，有 {n} 项提到它", "not clear which: {n} choices mention it")
        return _refusal(question, typed, why.format(n=len(named)))
    alike = [each for each in question.words if _denies(each) == _denies(word)]
    near = closest(word, alike)
    if not near:
        return _refusal(question, typed, Text("没有这个选项", "no such choice"))
    value = question.words[near]
    why = Text(
        "没有这个选项，是不是 {value}（{label}）？",
        "no such choice, did you mean {value} ({label})?",
    )
    label = question.choices[value].label
    return _refusal(question, typed, why.format(value=value, label=label))


def _names(question: Question, value: str, word: str) -> bool:
    """Tell whether the label of a choice has a word in it, of two letters at least."""
    label = question.choices[value].label
    return len(word) > 1 and any(word in folded(label.in_(lang)) for lang in LANGS)


def _denies(word: str) -> bool:
    """Tell whether a word says no: its opposite is spelt much like it, and must not be offered."""
    return re.search(_DENIAL, word) is not None


def _refusal(question: Question, typed: str, why: Text) -> InvalidAnswer:
    values = allowed(question)
    why = GARBLED if is_garbled(typed) else why
    message = Text(
        "--{flag} 不能填“{typed}”：{why}（可填：{values}）",
        "--{flag} cannot be “{typed}”: {why} (it takes: {values})",
    ).format(
        flag=question.id,
        typed=quoted(typed),
        why=why,
        values=join(forms(question)),
    )
    return InvalidAnswer(message, question=question.id, value=typed, allowed=values, why=why)
