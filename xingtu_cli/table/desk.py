"""A row of a table → its diagnosis: the same walk as everywhere, a row at a time.

Nothing is loaded, checked or parsed twice: what a cell says is kept for the next row that says the
same, within bounds, so that memory does not grow with the rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from xingtu_cli import answers
from xingtu_cli.answers import Answer, Details, visible
from xingtu_cli.diagnosis import Diagnosis, brief, diagnose
from xingtu_cli.errors import (
    BadRow,
    InvalidAnswer,
    InvalidAnswers,
    MissingAnswers,
    UnneededAnswers,
    XingtuError,
)
from xingtu_cli.facts import calendar_until
from xingtu_cli.rules.model import Detail, Question, Tree
from xingtu_cli.table import cells
from xingtu_cli.table.columns import Columns
from xingtu_cli.table.read import Row
from xingtu_cli.text import Lang, Text, join, same
from xingtu_cli.walk import Walk, outlook, walk

REMEMBERED = 2048  # texts of each column
_DATED = frozenset({"due", "overdue-from"})  # the columns whose dates may be estimates

MISSING = Text("缺{column}，可填：{values}", "{column} is missing; it takes: {values}")
REFUSED = Text("{column}不能填“{typed}”：{why}", "{column} cannot be “{typed}”: {why}")
ALLOWED = Text("（可填：{values}）", " (it takes: {values})")
UNNEEDED = Text("这条路线用不到：{columns}", "not needed on this route: {columns}")
ESTIMATE = Text("暂估：节假日数据只到 {until}", "estimate 暂估: holidays are known until {until}")


class Results(NamedTuple):
    """What is added to a row, in the order of `columns.RESULTS`; dates and amounts typed."""

    outcome: str = ""
    title: str = ""
    due: date | None = None
    overdue_from: date | None = None
    estimate: str = ""
    difference: Decimal | None = None
    new_account_from: date | None = None
    next_step: str = ""
    email_subject: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with its results; either `walk` ended at an outcome or there is an `error`."""

    row: Row
    results: Results
    walk: Walk | None = None
    details: Details = field(default_factory=dict)
    error: XingtuError | None = None


class Desk:
    """Whoever diagnoses the rows of one table, by one set of rules, on one day."""

    def __init__(
        self, tree: Tree, columns: Columns, today: date, lang: Lang, *, strict: bool = False
    ) -> None:
        self.tree, self.columns, self.today, self.lang = tree, columns, today, lang
        self._strict = strict
        self._questions = [
            (place, question.id, self._reader(question))
            for place, question in columns.asked.items()
            if isinstance(question, Question)
        ]
        self._details = [
            (place, detail.id, self._detail_reader(detail))
            for place, detail in columns.asked.items()
            if isinstance(detail, Detail)
        ]

    def judge(self, row: Row) -> Judged:
        """Diagnose a row; whatever is wrong with it becomes its error and is never raised."""
        if row.fault:
            return self._failed(row, BadRow(row.fault))
        known, details, invalid = self._read(row.cells)
        if invalid:
            return self._failed(row, InvalidAnswers(invalid))
        walked = walk(self.tree, known, self.today)
        if isinstance(walked.at, Question):
            return self._failed(row, self._missing(walked, walked.at))
        if self._strict and walked.unneeded:
            return self._failed(row, self._unneeded(walked))
        return Judged(row, self._results(walked, details), walked, details)

    def diagnosis(self, judged: Judged) -> Diagnosis:
        """Return the full diagnosis of a row that has one."""
        assert judged.walk is not None
        return diagnose(judged.walk, judged.details, self.lang)

    def error(self, judged: Judged) -> XingtuError:
        """Return the error of a row that failed, with all that the rest of its route may need."""
        assert judged.error is not None
        if not isinstance(judged.error, MissingAnswers):
            return judged.error
        ahead = outlook(walk(self.tree, judged.error.answers, self.today))
        return MissingAnswers(
            judged.error.message,
            missing=[answers.wanted(question) for question in ahead.needed],
            possible=[answers.wanted(question) for question in ahead.possible],
            answers=judged.error.answers,
            asked=False,
        )

    # ─── reading ─────────────────────────────────────────────────────────────────────────────────

    def _read(
        self, row: Sequence[cells.Cell]
    ) -> tuple[dict[str, Answer], dict[str, tuple[str, ...]], list[InvalidAnswer]]:
        known: dict[str, Answer] = {}
        details: dict[str, tuple[str, ...]] = {}
        invalid: list[InvalidAnswer] = []
        for place, name, read in self._questions:
            cell = row[place]
            found = read(cell if isinstance(cell, str) else cells.text(cell))
            if isinstance(found, InvalidAnswer):
                invalid.append(found)
            elif found is not None:
                known[name] = found
        for place, name, read_detail in self._details:
            cell = row[place]
            values = read_detail(cell if isinstance(cell, str) else cells.text(cell))
            if isinstance(values, InvalidAnswer):
                invalid.append(values)
            elif values:
                details[name] = (*details[name], *values) if name in details else values
        return known, details, invalid

    def _reader(self, question: Question) -> Callable[[str], Answer | InvalidAnswer | None]:
        """Return what reads the cells of a question's column; an empty one gives no answer."""

        @lru_cache(maxsize=REMEMBERED)
        def read(text: str) -> Answer | InvalidAnswer | None:
            typed = cells.given(text)
            if not typed.strip():
                return None
            try:
                return answers.parse(question, typed, self.today)
            except InvalidAnswer as error:
                return self._named(question, error)

        return read

    def _detail_reader(self, detail: Detail) -> Callable[[str], tuple[str, ...] | InvalidAnswer]:
        @lru_cache(maxsize=REMEMBERED)
        def read(text: str) -> tuple[str, ...] | InvalidAnswer:
            try:
                return answers.parse_detail(detail, [cells.given(text)])
            except InvalidAnswer as error:
                return self._named(detail, error)

        return read

    # ─── what is wrong with a row ────────────────────────────────────────────────────────────────

    def _failed(self, row: Row, error: XingtuError) -> Judged:
        message = error.message.in_(self.lang).replace("\n", "；" if self.lang == "zh" else "; ")
        return Judged(row, Results(error=visible(message)), error=error)

    def _named(self, asked: Question | Detail, error: InvalidAnswer) -> InvalidAnswer:
        """Say what is wrong with a value by its column instead of its flag."""
        message = REFUSED.format(
            column=self.columns.naming(asked), typed=visible(error.value[:80]), why=error.why
        )
        if error.allowed:
            message = message.plus(ALLOWED.format(values=_listed(error.allowed)))
        return InvalidAnswer(
            message,
            question=asked.id,
            value=error.value,
            allowed=error.allowed,
            why=error.why,
        )

    def _missing(self, walked: Walk, first: Question) -> MissingAnswers:
        return MissingAnswers(
            MISSING.format(
                column=self.columns.naming(first), values=_listed(answers.allowed(first))
            ),
            missing=[answers.wanted(first)],
            possible=(),
            answers=walked.answers,
            asked=False,
        )

    def _unneeded(self, walked: Walk) -> UnneededAnswers:
        named = [self.columns.naming(self.tree.questions[name]) for name in walked.unneeded]
        return UnneededAnswers(UNNEEDED.format(columns=join(named)))

    # ─── what is found ───────────────────────────────────────────────────────────────────────────

    def _results(self, walked: Walk, details: Details) -> Results:
        said = brief(walked, details, self.lang)
        computed = walked.computed
        guessed = not walked.estimated.isdisjoint(_DATED)
        return Results(
            said.outcome,
            said.title,
            computed.get("due"),  # type: ignore[arg-type]
            computed.get("overdue-from"),  # type: ignore[arg-type]
            ESTIMATE.format(until=calendar_until()).in_(self.lang) if guessed else "",
            computed.get("difference"),  # type: ignore[arg-type]
            computed.get("new-account-from"),  # type: ignore[arg-type]
            said.next_step,
            said.subject,
        )


_SHOWN = frozenset(
    {"due", "overdue-from"}
)  # the values of `facts` that have columns and may be guessed


def _listed(values: Sequence[str]) -> Text:
    return join([same(value) for value in values])
