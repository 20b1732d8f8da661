"""A row of a table → its diagnosis: the same walk as everywhere, a row at a time.

Nothing is loaded or checked again for a row. What its cells say but for names, numbers and amounts
comes again and again in a table, so how far that carries is remembered, within bounds: memory does
not grow with the rows.
"""

from collections.abc import Callable, Collection, Sequence, Set
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple, cast

from xingtu_cli import answers
from xingtu_cli.answers import Answer, Answers, Details
from xingtu_cli.diagnosis import Diagnosis, applying_steps, diagnose, headline, subject
from xingtu_cli.errors import (
    BadRow,
    InvalidAnswer,
    InvalidAnswers,
    MissingAnswers,
    UnneededAnswers,
    XingtuError,
)
from xingtu_cli.facts import calendar_until
from xingtu_cli.rules.model import PLACEHOLDER, Detail, Outcome, Question, Tree
from xingtu_cli.table.cells import unmarked
from xingtu_cli.table.columns import Columns
from xingtu_cli.table.read import Row
from xingtu_cli.text import Lang, Text, join, visible
from xingtu_cli.walk import Walk, onward, outlook, walk

STEMS = 2048  # how many are remembered
LONG = 2000  # characters of a stem; a longer one is no answer, and is not remembered
_DATED = frozenset({"due", "overdue-from"})  # the columns whose dates may be estimates

MISSING = Text("缺{column}，可填：{values}", "{column} is missing; it takes: {values}")
THEN = Text("；之后可能还要：{columns}", "; then perhaps {columns}")
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


_SUBJECT = Results._fields.index("email_subject")


class Judged(NamedTuple):
    """A row with its results; either `walk` ended at an outcome or there is an `error`."""

    row: Row
    results: Results
    walk: Walk | None = None
    details: Details = MappingProxyType({})
    error: XingtuError | None = None


class Stem(NamedTuple):
    """What the cells of a row say but for its amounts; many rows of a table share one.

    `walk` goes as far as these carry. Where it ends, `results` are its own but for the e-mail's
    subject, if no detail could change them.
    """

    walk: Walk
    invalid: Sequence[InvalidAnswer]
    results: Results | None = None


class Desk:
    """Whoever diagnoses the rows of one table, by one set of rules, on one day."""

    def __init__(
        self, tree: Tree, columns: Columns, today: date, lang: Lang, *, strict: bool = False
    ) -> None:
        self.tree, self.columns, self.today, self.lang = tree, columns, today, lang
        self._strict = strict
        asked = columns.asked.items()
        questions = [(place, each) for place, each in asked if isinstance(each, Question)]
        self._steady = [(place, each) for place, each in questions if each.type != "amount"]
        self._amounts = [(place, each) for place, each in questions if each.type == "amount"]
        self._details = [(place, each) for place, each in asked if isinstance(each, Detail)]
        self._stem = lru_cache(maxsize=STEMS)(self._read_stem)
        self._missing = lru_cache(maxsize=STEMS)(self._look_ahead)
        places = [place for place, _ in self._steady]
        self._pick = itemgetter(*places) if len(places) > 1 else _picking(places)
        self._titles_are_steady = not _titles_name_details(tree)
        self._changes = _changing_steps(tree)

    def judge(self, row: Row) -> Judged:
        """Diagnose a row; whatever is wrong with it becomes its error and is never raised."""
        if row.fault:
            return self._failed(row, BadRow(row.fault))
        own = row.texts
        key = self._pick(own)
        stem = self._stem(key) if len("".join(key)) <= LONG else self._read_stem(key)
        invalid = list(stem.invalid)
        amounts = self._read_amounts(own, invalid)
        details = self._read_details(own, invalid)
        if invalid:
            return self._failed(row, InvalidAnswers(invalid))
        results, walked = stem.results, stem.walk
        if results is None:
            walked = onward(walked, amounts)
            if not isinstance(walked.at, Outcome):
                return self._failed(row, self._missing(tuple(walked.answers.items())))
            results = self._results(walked, details)
        if self._strict and (names := {*walked.answers, *amounts} - {*walked.path}):
            return self._failed(row, self._unneeded(names))
        return Judged(row, _with_subject(results, walked, details), walked, details)

    def diagnosis(self, judged: Judged) -> Diagnosis:
        """Return the full diagnosis of a row that has one."""
        assert judged.walk is not None
        return diagnose(judged.walk, judged.details, self.lang)

    # ─── reading ─────────────────────────────────────────────────────────────────────────────────

    def _read_stem(self, texts: tuple[str, ...]) -> Stem:
        """Read the cells of all questions but the amounts, and walk as far as they carry."""
        known: dict[str, Answer] = {}
        invalid: list[InvalidAnswer] = []
        for text, (_, question) in zip(texts, self._steady, strict=True):
            found = self._answer(question, text)
            if isinstance(found, InvalidAnswer):
                invalid.append(found)
            elif found is not None:
                known[question.id] = found
        walked = walk(self.tree, known, self.today)
        done = isinstance(walked.at, Outcome) and self._titles_are_steady and not invalid
        return Stem(walked, invalid, self._results(walked, {}) if done else None)

    def _answer(self, question: Question, text: str) -> Answer | InvalidAnswer | None:
        """Read a cell of a question's column; an empty one gives no answer."""
        typed = unmarked(text)
        if not typed.strip():
            return None
        try:
            return answers.parse(question, typed, self.today)
        except InvalidAnswer as error:
            return self._named(question, error)

    def _read_amounts(self, row: Sequence[str], invalid: list[InvalidAnswer]) -> Answers:
        """Read the amounts; what is wrong with them is added to `invalid`."""
        known: dict[str, Answer] = {}
        for place, question in self._amounts:
            found = self._answer(question, row[place])
            if isinstance(found, InvalidAnswer):
                invalid.append(found)
            elif found is not None:
                known[question.id] = found
        return known

    def _read_details(self, row: Sequence[str], invalid: list[InvalidAnswer]) -> Details:
        """Read the details; one may stand in several columns."""
        details: dict[str, tuple[str, ...]] = {}
        for place, detail in self._details:
            try:
                values = answers.parse_detail(detail, (unmarked(row[place]),))
            except InvalidAnswer as error:
                invalid.append(self._named(detail, error))
                continue
            if values:
                name = detail.id
                details[name] = (*details[name], *values) if name in details else values
        return details

    # ─── what is wrong with a row ────────────────────────────────────────────────────────────────

    def _failed(self, row: Row, error: XingtuError) -> Judged:
        message = error.message.in_(self.lang).replace("\n", "；" if self.lang == "zh" else "; ")
        return Judged(row, Results(error=visible(message)), error=error)

    def _named(self, asked: Question | Detail, error: InvalidAnswer) -> InvalidAnswer:
        """Say what is wrong with a value by its column instead of its flag."""
        message = REFUSED.format(
            column=self.columns.naming(asked), typed=visible(error.value[:80]), why=error.why
        )
        if isinstance(asked, Question):
            message = message.plus(ALLOWED.format(values=_listed(asked)))
        return InvalidAnswer(
            message,
            question=asked.id,
            value=error.value,
            allowed=error.allowed,
            why=error.why,
        )

    def _look_ahead(self, given: tuple[tuple[str, Answer], ...]) -> MissingAnswers:
        """Say what lacks beyond the answers given, which carry to no outcome."""
        walked = walk(self.tree, dict(given), self.today)
        ahead, first = outlook(walked), walked.at
        assert isinstance(first, Question)
        message = MISSING.format(column=self.columns.naming(first), values=_listed(first))
        coming = [question for question in (*ahead.needed, *ahead.possible) if question != first]
        if coming:
            columns = join([self.columns.called(question) for question in coming])
            message = message.plus(THEN.format(columns=columns))
        return MissingAnswers(
            message,
            missing=[answers.wanted(question) for question in ahead.needed],
            possible=[answers.wanted(question) for question in ahead.possible],
            answers=walked.answers,
            asked=False,
        )

    def _unneeded(self, names: Collection[str]) -> UnneededAnswers:
        named = [
            self.columns.naming(each) for each in self.tree.questions.values() if each.id in names
        ]
        return UnneededAnswers(UNNEEDED.format(columns=join(named)))

    # ─── what is found ───────────────────────────────────────────────────────────────────────────

    def _results(self, walked: Walk, details: Details) -> Results:
        """Return the results of a walk that ended, but for the e-mail's subject."""
        title, next_step = headline(walked, details, self.lang)
        get = walked.computed.get
        guessed = not walked.estimated.isdisjoint(_DATED)
        return Results(
            outcome=walked.at.id,
            title=title,
            due=cast("date | None", get("due")),
            overdue_from=cast("date | None", get("overdue-from")),
            estimate=ESTIMATE.format(until=calendar_until()).in_(self.lang) if guessed else "",
            difference=_difference(walked),
            new_account_from=self._new_account(walked),
            next_step=next_step,
        )

    def _new_account(self, walked: Walk) -> date | None:
        """Return when a new account is in force, where the change is among what is to be done."""
        found = cast("date | None", walked.computed.get("new-account-from"))
        changes = self._changes
        if found and changes and changes.isdisjoint(s.id for s in applying_steps(walked)):
            return None
        return found


def _difference(walked: Walk) -> Decimal | None:
    """Return by how much the new amount is greater; below zero where it is less."""
    for finding in walked.findings.values():
        if "difference" in finding.values:
            difference = cast("Decimal", finding.values["difference"])
            return -difference if finding.result == "less" else difference
    return None


def _with_subject(results: Results, walked: Walk, details: Details) -> Results:
    about = subject(walked, details)
    return Results._make((*results[:_SUBJECT], about, results.error)) if about else results


def _changing_steps(tree: Tree) -> Set[str]:
    """Return the steps from whose day on it is counted when a new account is in force."""
    counts = [d for d in tree.decisions.values() if d.compute == "next-calendar-month"]
    return tree.steps.keys() & {name for decision in counts for name in decision.of.values()}


def _picking(places: Sequence[int]) -> Callable[[Sequence[str]], tuple[str, ...]]:
    return lambda row: tuple([row[place] for place in places])


def _titles_name_details(tree: Tree) -> bool:
    """Tell whether the title of an outcome or step has a detail in it, as a name."""
    titles = [outcome.title for outcome in tree.outcomes.values()]
    titles += [step.title for step in tree.steps.values()]
    named = {name for title in titles for name in PLACEHOLDER.findall(title.zh + title.en)}
    return not named.isdisjoint(tree.details)


def _listed(question: Question) -> Text:
    """Return what a question takes, in Chinese with the labels of its choices."""
    labels = {value: f"（{choice.label.zh}）" for value, choice in question.choices.items()}
    return join([form.plus(Text(labels.get(form.en, ""), "")) for form in answers.forms(question)])
