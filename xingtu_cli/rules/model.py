"""The rules file as frozen, typed objects: a Tree of Questions, Decisions and Outcomes.

The classes are the file's schema and the program's objects at once: `shape` reads off their
annotations what may stand in a file. Keys that the file spells as names (of a question, a step, …)
are carried by the objects as `id`.
"""

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum, auto
from functools import cached_property
from typing import Annotated, Literal, NamedTuple

from xingtu_cli.frozen import Frozen
from xingtu_cli.text import Text, folded, plain

ID_KEY = "\0id"  # cannot stand in a YAML file, so an author's own `id:` stays an unknown key
ANY = "*"  # in a decision's `then`: every result that is not named

TODAY = "today"  # the day of the run, as an argument of a decision or a placeholder
DONE, NOT_DONE = "done", "not-done"  # what a `when` may say of a step
NOT_REACHED = "not-reached"  # and of a question or decision that the route does not pass
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")  # in a text: {name}

FileKind = Literal["pdf", "image"]
_REMARK = re.compile(r"(?<=.)[(\[][^()\[\]]*[)\]]$")  # after a column's name: (元)

# further words for the choices `yes` and `no` of any question
YES = ("y", "是", "是的", "对", "有", "已", "true")
NO = ("n", "否", "不是", "没有", "没", "未", "无", "false")

QuestionType = Literal["choice", "several", "date", "amount"]
AccountField = Literal["name", "number", "bank"]
Compares = Literal["name", "number", "bank", "all-right"]
ALL_RIGHT = "all-right"


class Key(NamedTuple):
    """Beside an annotation: the key in the file, where Python cannot have it as a name."""

    name: str


class Form(Enum):
    """Beside an annotation: what a file may or must write."""

    ONE_OR_MANY = auto()  # a text alone for a list with that text
    ONE_FOR_ALL = auto()  # a text alone for a mapping that leads every result to it
    NOT_EMPTY = auto()  # at least one item


class Named(Frozen):
    """An object that the file keeps under a name."""

    id: Annotated[str, Key(ID_KEY)]


Results = Annotated[tuple[str, ...], Form.ONE_OR_MANY]
When = Mapping[str, Results]
Targets = Annotated[Mapping[str, str], Form.ONE_FOR_ALL]


class Source(Named):
    """A page that the rules were taken from. `date` is the day the page gives itself."""

    title: str
    kind: Literal["official", "copy"]
    url: str | None = None
    date: date


class Note(Frozen):
    """A remark of one step, decision or outcome, shown when `when` holds."""

    zh: str
    en: str
    when: When = {}
    inferred: bool = False

    @property
    def text(self) -> Text:
        """The remark in both languages."""
        return Text(self.zh, self.en)


class StepNote(Note):
    """A remark of a step; with `hold`, the outcome's e-mail is not to be sent while it holds."""

    hold: bool = False


class Choice(Frozen):
    """An answer that a question offers by name; `also` are further words people type for it.

    `compares` is the account field whose being wrong the choice stands for, so that the account on
    the statement can be compared; `all-right` marks the choice for none of them being wrong.
    """

    label: Text
    also: tuple[str, ...] = ()
    then: str | None = None
    compares: Compares | None = None


class Question(Named):
    """Something only the user knows. `then` is where a value leads, and a choice without its own.

    In a question of type `several`, a choice with a `then` of its own stands alone. `also` are
    further names under which a table may have it as a column.
    """

    label: Text
    ask: Text
    help: Text
    menu: tuple[str, ...] = ()
    type: QuestionType = "choice"
    latest: Literal["today"] | None = None
    choices: Mapping[str, Choice] = {}
    then: str | None = None
    also: tuple[str, ...] = ()

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Every word that stands for a choice, folded, with the choice's value."""
        words: dict[str, str] = {}
        for value, choice in self.choices.items():
            further = {"yes": YES, "no": NO}.get(value, ())
            for word in (value, choice.label.zh, choice.label.en, *choice.also, *further):
                words.setdefault(folded(word), value)
        return words


class Decision(Named):
    """Something the program works out by a function of `facts` named in `compute`.

    `of` gives each argument: the name of a question, `today`, a whole number, or the name of a
    step, which stands for the day on which it was done and, until then, for today.
    """

    says: Text
    compute: str
    of: Mapping[str, str]
    then: Targets
    sources: tuple[str, ...] = ()
    warnings: tuple[Note, ...] = ()

    def target(self, result: str) -> str:
        """Return the name of the node that `result` leads to."""
        return self.then[result] if result in self.then else self.then[ANY]


class Step(Named):
    """One thing to do, shown when `when` holds.

    `starts` (`from` in the file) names the computed date before which it cannot be done; `asks` the
    questions whose answers are no longer true once it is done, and the tracking numbers of which
    there is one more then. A step that `sends` is the one in which the outcome's e-mail is sent.
    """

    title: Text
    text: Text
    when: When = {}
    starts: Annotated[str | None, Key("from")] = None
    asks: tuple[str, ...] = ()
    sends: bool = False
    menu: tuple[str, ...] = ()
    notes: tuple[StepNote, ...] = ()
    inferred: bool = False
    sources: tuple[str, ...] = ()


class Attachment(Frozen):
    """Something to attach to an e-mail: what it is, which kinds of file it may be, how many.

    With `pages`, the file has as many pages as the statement that it was made from.
    """

    zh: str
    en: str
    accept: Annotated[tuple[FileKind, ...], Form.ONE_OR_MANY, Form.NOT_EMPTY]
    count: Literal["one", "one-or-more"] = "one"
    pages: Literal["as-statement"] | None = None

    @property
    def text(self) -> Text:
        """What to attach, in both languages."""
        return Text(self.zh, self.en)


class Email(Named):
    """A message to the platform, in simplified Chinese; `attachments` says what to add."""

    to: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()
    sources: tuple[str, ...] = ()


class Outcome(Named):
    """A diagnosis with its steps in order; each waits for those before it.

    The steps in `meanwhile` wait for none, and none waits for them.
    """

    title: Text
    summary: Text
    case: int | None = None
    steps: tuple[str, ...]
    meanwhile: tuple[str, ...] = ()
    email: str | None = None
    warnings: tuple[Note, ...] = ()
    sources: tuple[str, ...] = ()


class Detail(Named):
    """A value that fills in texts and never changes the route.

    `also` are further names under which a table may have it as a column.
    """

    label: Text
    help: Text
    type: Literal["text", "tracking-numbers"] = "text"
    also: tuple[str, ...] = ()


Node = Question | Decision | Outcome


def column_key(name: str) -> str:
    """Fold what makes no difference between the names of two columns.

    Width, case, spaces, hyphens and underscores do not, nor does a remark in brackets at the end.
    """
    return re.sub(r"[\s_:*-]+", "", _REMARK.sub("", plain(name))).casefold()


class Tree(Frozen):
    """A whole rules file; `about` says what it is for, in the help under its title."""

    id: str
    version: str
    as_of: str
    title: Text
    about: Text | None = None
    start: str
    sources: Mapping[str, Source] = {}
    route: Mapping[str, Question | Decision]
    outcomes: Mapping[str, Outcome]
    steps: Mapping[str, Step] = {}
    emails: Mapping[str, Email] = {}
    details: Mapping[str, Detail] = {}
    labels: Mapping[str, str] = {}

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """Every question, decision and outcome by its name."""
        return {**self.route, **self.outcomes}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The questions in the order of the file."""
        return {k: n for k, n in self.route.items() if isinstance(n, Question)}

    @cached_property
    def decisions(self) -> Mapping[str, Decision]:
        """The decisions in the order of the file."""
        return {k: n for k, n in self.route.items() if isinstance(n, Decision)}

    @cached_property
    def columns(self) -> Mapping[str, Question | Detail]:
        """Every name that a table may give a column, as its key, with what stands in it.

        A name, which is the flag's, goes before a label and a label before `also`.
        """
        asked: list[Question | Detail] = [*self.questions.values(), *self.details.values()]
        names: dict[str, Question | Detail] = {}
        for naming in (_own_name, _labels, _further_names):
            for each in asked:
                for name in naming(each):
                    names.setdefault(column_key(name), each)
        return names


def _own_name(asked: Question | Detail) -> tuple[str, ...]:
    return (asked.id,)


def _labels(asked: Question | Detail) -> tuple[str, ...]:
    return asked.label.zh, asked.label.en


def _further_names(asked: Question | Detail) -> tuple[str, ...]:
    return asked.also
