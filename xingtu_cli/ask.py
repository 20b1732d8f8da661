"""The conversation: asks each question of a walk until it ends.

Numbered choices, printed once and never redrawn, so that it works with a screen reader, over SSH
and in a dumb terminal. Prompts go to standard error; the result is somebody else's.
"""

from xingtu_cli import account, answers
from xingtu_cli.account_ask import PATIENCE, compare_by_asking
from xingtu_cli.diagnosis import ask_text, glosses
from xingtu_cli.errors import Interrupted, InvalidAnswer, MissingAnswers
from xingtu_cli.layout import Line
from xingtu_cli.render import MENU, menu_path
from xingtu_cli.rules.model import Question
from xingtu_cli.terminal import Talk
from xingtu_cli.text import LANGS, NOTHING, Lang, Text, folded, join, plain
from xingtu_cli.walk import Walk, answer, back, outlook

KEYS = Text(
    "输入编号或内容后按回车。? 怎么查，b 上一题，q 退出。",
    "Type a number or a value, then Enter. ? = where to find it, b = back, q = quit.",
)
KEY_WORDS = {  # the keys, as people spell them out
    **dict.fromkeys(("help", "h", "帮助"), "?"),
    **dict.fromkeys(("back", "返回", "上一题"), "b"),
    **dict.fromkeys(("quit", "exit", "退出"), "q"),
}
PROGRESS = Text("第 {number} 题，最多 {most} 题", "Question {number} of at most {most}")
FORMS = {
    "several": Text(
        "可以多选，用逗号隔开，如 1,2", "Several may apply; separate them by commas: 1,2"
    ),
    "date": Text("请填日期，如 2026-10-08", "Type a date, like 2026-10-08"),
    "amount": Text(
        "请填金额（元），如 12000 或 12,000.00", "Type an amount in yuan, like 12000 or 12,000.00"
    ),
}
COMPARE = Text(
    "c 逐字核对：把结算单上的和正确的贴进来，由程序逐字比较",
    "c compare: paste both sides, and the program compares them to the character",
)
READ = Text("= {shown}", "= {shown}")
OR_TYPE = Text("或输入：{label}（{value}）", "Or type: {label} ({value})")
FIRST = Text("已经是第一题了。", "This is the first question.")
NO_NUMBER = Text("没有第 {number} 项", "there is no choice {number}")
REFUSED = Text("× {why}请重新输入。", "× Sorry, {why} Please try again.")
STOPPED = Text("已退出，还没有得出结论。", "Stopped before a diagnosis was reached.")
MISSING = Text("还缺这些回答：", "These answers are still missing:")
POSSIBLE = Text("视前面的回答，可能还需要：", "Depending on those, these may be needed too:")


def ask(walk: Walk, talk: Talk, lang: Lang) -> Walk:
    """Ask from where `walk` stands until it ends, and return the finished walk.

    Raises `Interrupted` on Ctrl-C and `q`, and `MissingAnswers` when the input ends; both carry the
    answers so far.
    """
    talk.say(Line(walk.tree.title.in_(lang), style="title"), Line(KEYS.in_(lang), style="dim"))
    while isinstance(walk.at, Question):
        try:
            walk = _ask_one(walk, walk.at, talk, lang)
        except KeyboardInterrupt:
            talk.say(Line())
            raise Interrupted(STOPPED, answers=walk.answers, asked=True) from None
        except EOFError:
            talk.say(Line())
            raise missing(walk, asked=True) from None
    talk.say(Line())
    return walk


def missing(walk: Walk, *, asked: bool = False) -> MissingAnswers:
    """Return the error that names every flag the rest of the route needs, or may need.

    `asked` tells whether it ends a conversation.
    """
    ahead = outlook(walk)
    needed = [answers.wanted(question) for question in ahead.needed]
    possible = [answers.wanted(question) for question in ahead.possible]
    lines = [MISSING, *_flag_lines(ahead.needed)]
    if possible:
        lines += [POSSIBLE, *_flag_lines(ahead.possible)]
    return MissingAnswers(
        join(lines, zh="\n", en="\n"),
        missing=needed,
        possible=possible,
        answers=walk.answers,
        asked=asked,
    )


def _flag_lines(questions: tuple[Question, ...]) -> list[Text]:
    return [
        Text("  --{flag} {pattern}  {label}", "  --{flag} {pattern}  {label}").format(
            flag=question.id, pattern=answers.pattern(question), label=question.label
        )
        for question in questions
    ]


def _ask_one(walk: Walk, question: Question, talk: Talk, lang: Lang) -> Walk:
    talk.say(*_question_lines(walk, question, lang))
    refused = 0
    while True:
        typed = talk.hear()
        match _key(question, typed):
            case "?":
                talk.say(*_help_lines(walk, question, lang))
            case "c" if _comparable(walk, question):
                found = compare_by_asking(account.asked(walk.tree), talk, lang)
                if found is not None:
                    return answer(walk, found)
                talk.say(*_question_lines(walk, question, lang))
            case "q":
                raise KeyboardInterrupt
            case "b" if walk.asked:
                return back(walk)
            case "b":
                talk.say(Line(FIRST.in_(lang)))
            case _:
                try:
                    given = _read(question, typed, walk)
                except InvalidAnswer as error:
                    refused += 1
                    talk.say(Line(_refused(error, typed).in_(lang), style="error", hanging=2))
                    talk.say(*_more_help(walk, question, lang, refused))
                    continue
                if not _as_listed(question, typed):  # a slip of the finger is seen here
                    text = READ.format(shown=answers.shown(question, given))
                    talk.say(Line(text.in_(lang), indent=2, style="dim"))
                return answer(walk, given)


def _as_listed(question: Question, typed: str) -> bool:
    """Tell whether choices were typed as they stand there: their numbers, values or labels."""
    if question.type in ("date", "amount"):
        return False
    labels = {folded(each.label.in_(lang)) for each in question.choices.values() for lang in LANGS}
    parts = [typed] if question.type == "choice" else answers.split(typed)
    return all(
        _number(part) or part.strip() in question.choices or folded(part) in labels
        for part in parts
    )


def _key(question: Question, typed: str) -> str:
    """Return what was typed; a key that is spelled out as its sign, if no choice is called so."""
    word = folded(typed)
    return word if word in question.words else KEY_WORDS.get(word, word)


def _more_help(walk: Walk, question: Question, lang: Lang, refused: int) -> list[Line]:
    """Return the question and its help after some refusals: it may have scrolled away."""
    if refused % PATIENCE:
        return []
    return [*_question_lines(walk, question, lang), *_help_lines(walk, question, lang)]


def _comparable(walk: Walk, question: Question) -> bool:
    """Tell whether a comparison of the account answers the question."""
    return account.asked(walk.tree).question is question


def _refused(error: InvalidAnswer, typed: str) -> Text:
    """Say why an answer is refused, and which part of it where several were typed."""
    part = answers.quoted(error.value.strip())
    one = len(answers.split(error.value)) == 1  # else it is the whole that is refused
    several = one and error.value.strip() != typed.strip() and part not in error.why.zh
    lead = Text(f"“{part}”：", f"“{part}”: ") if several else NOTHING
    end = Text("", "") if error.why.en.endswith("?") else Text("。", ".")
    return REFUSED.format(why=lead.plus(error.why).plus(end))


def _read(question: Question, typed: str, walk: Walk) -> answers.Answer:
    if question.type == "several":
        parts = [_numbered(question, part) for part in answers.split(typed)]
        known = all(folded(part) in question.words for part in parts)
        return answers.parse(question, parts if parts and known else typed, walk.today)
    if question.type == "choice":
        typed = _numbered(question, typed)
    return answers.parse(question, typed, walk.today)


def _numbered(question: Question, typed: str) -> str:
    """Return the choice that a number stands for, and anything else as it is."""
    if not (number := _number(typed)):
        return typed
    by_number = {str(n): value for n, value in enumerate(question.choices, 1)}
    chosen = by_number.get(number.lstrip("0"))
    if chosen is None:
        why = NO_NUMBER.format(number=answers.quoted(number))
        raise InvalidAnswer(why, question=question.id, value=typed)
    return chosen


def _number(typed: str) -> str:
    """Return the number typed, as it stands before a choice; nothing where it is none."""
    number = plain(typed).rstrip(".)、")
    return number if number.isascii() and number.isdigit() else ""


def _question_lines(walk: Walk, question: Question, lang: Lang) -> list[Line]:
    number = len(walk.asked) + 1
    most = number - 1 + outlook(walk).most
    lines = [
        Line(),
        Line(PROGRESS.format(number=number, most=most).in_(lang), style="dim"),
        Line(ask_text(walk, question.ask).in_(lang), style="strong"),
    ]
    if question.type in FORMS:
        lines.append(Line(FORMS[question.type].in_(lang), indent=2, style="dim"))
    if _comparable(walk, question):
        lines.append(Line(COMPARE.in_(lang), indent=2, style="dim"))
    listed = question.type in ("choice", "several")
    for n, (value, choice) in enumerate(question.choices.items(), 1):
        if listed:
            lines.append(Line(f"{n}. {choice.label.in_(lang)}", indent=2, hanging=3))
        else:
            text = OR_TYPE.format(label=choice.label, value=value)
            lines.append(Line(text.in_(lang), indent=2, style="dim"))
    return lines


def _help_lines(walk: Walk, question: Question, lang: Lang) -> list[Line]:
    text = ask_text(walk, question.help).in_(lang)
    lines = [Line(part, indent=2) for part in text.split("\n")]
    if question.menu:
        path = menu_path(question.menu, glosses(walk.tree, question.menu), lang)
        lines.append(Line(MENU.in_(lang) + path, indent=2, hanging=2, style="menu"))
    return lines
