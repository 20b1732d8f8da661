"""Questions: their choices, and that every answer has a way on."""

from collections.abc import Iterator

from xingtu_cli.rules.check.names import FORM, NAME
from xingtu_cli.rules.fault import Fault
from xingtu_cli.rules.model import NOT_REACHED, Question, Tree
from xingtu_cli.rules.source import Path
from xingtu_cli.text import Text, folded

KEYS = frozenset({"b", "q", "c"})  # the words that a conversation keeps for itself
REWORD = Text("请改成不同的说法", "say it in different words")


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT301 to XT306 and XT318 for every question."""
    for question in tree.questions.values():
        yield from _choices(question)
        yield from _ways_on(question)
        yield from _words(question)
        if question.latest and question.type != "date":
            yield Fault(
                "XT306",
                ("route", question.id, "latest"),
                Text("只有日期题可以写 latest", "only a question of type date may have latest"),
                Text("请删掉这一行，或写上 type: date", "remove it, or write type: date"),
            )


def _choices(question: Question) -> Iterator[Fault]:
    """Yield XT301 (a choice question with fewer than two) and XT304 (a choice's name)."""
    at: Path = ("route", question.id)
    if question.type in ("choice", "several") and len(question.choices) < 2:
        yield Fault(
            "XT301",
            (*at, "choices") if question.choices else at,
            Text("选择题至少要有两个选项", "this type of question needs two choices or more"),
            Text(
                "请在 choices 里补上；要填日期或金额的，写 type: date 或 type: amount",
                "add them under choices; for a date or an amount write type: date or type: amount",
            ),
        )
    for value in question.choices:
        here: Path = (*at, "choices", value)
        if value in KEYS or value == NOT_REACHED:
            message = Text(
                f"选项不能叫“{value}”，它另有用处",
                f"a choice cannot be called “{value}”, which has a meaning of its own",
            )
            yield Fault("XT304", here, message, Text("请换个名称", "give it another name"))
        elif not NAME.fullmatch(value):
            message = Text(f"选项名“{value}”不合规定", f"“{value}” cannot name a choice")
            yield Fault("XT304", here, message, FORM)


def _ways_on(question: Question) -> Iterator[Fault]:
    """Yield XT302 and XT303 (no way on) and XT305 (a `then` that is never used)."""
    at: Path = ("route", question.id)
    if question.type != "choice" and not question.then:
        yield Fault(
            "XT302",
            at,
            Text(f"“{question.id}”答完之后没有去处", f"an answer to “{question.id}” leads nowhere"),
            Text("请加一行 then: 下一步的名称", "add a line then: with the name of what follows"),
        )
    for value, choice in question.choices.items():
        if not choice.then and not question.then:
            yield Fault(
                "XT303",
                (*at, "choices", value),
                Text(f"选“{value}”之后没有去处", f"the choice “{value}” leads nowhere"),
                Text(
                    "请给它写上 then: 下一步的名称", "give it a then: with the name of what follows"
                ),
            )
    ends = all(choice.then for choice in question.choices.values())
    if question.type == "choice" and question.then and question.choices and ends:
        yield Fault(
            "XT305",
            (*at, "then"),
            Text(
                "每个选项都有自己的 then，这个 then 用不到",
                "every choice has its own then; this one is never used",
            ),
            Text("请删掉这一行", "remove this line"),
        )


def _words(question: Question) -> Iterator[Fault]:
    """Yield XT304 and XT318: a word of a choice by which people would get something else."""
    for number, (value, choice) in enumerate(question.choices.items(), 1):
        at: Path = ("route", question.id, "choices", value)
        words = [(word, (*at, "also", n)) for n, word in enumerate(choice.also)]
        words += [(choice.label.zh, (*at, "label", "zh")), (choice.label.en, (*at, "label", "en"))]
        for word, path in words:
            plain = folded(word)
            if plain in {*KEYS, "?"} or (plain.isdecimal() and plain != str(number)):
                yield Fault(
                    "XT304",
                    path,
                    Text(
                        f"“{word}”在问答时另有用处，不能表示选项",
                        f"“{word}” means something else where people answer, so it cannot stand for"
                        " a choice",
                    ),
                    REWORD,
                )
                continue
            owner = word if word in question.choices else question.words[plain]
            if owner != value:
                yield Fault(
                    "XT318",
                    path,
                    Text(
                        f"选项“{owner}”也有“{word}”这个说法，用户填了会算成它",
                        f"“{word}” stands for the choice “{owner}” too, and would be taken for it",
                    ),
                    REWORD,
                )
