"""A case and a day → where it stands on that day: what is done, what is next, what waits for what.

Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from xingtu_cli.answers import Answers, Details
from xingtu_cli.casefile import Case
from xingtu_cli.diagnosis import Diagnosis, diagnose, warnings_so_far
from xingtu_cli.progress import Standing, next_step, outdated, standings
from xingtu_cli.rules.model import Outcome, Question, Tree
from xingtu_cli.text import Lang
from xingtu_cli.walk import Done, Walk, outlook, walk

Need = Literal["answer", "act", "later", "nothing"]


@dataclass(frozen=True)
class CaseState:
    """Where a case stands on `today`.

    `diagnosis` is today's, or the saved one's if today's still lacks an answer (`reached` tells
    which), or none where the rules in force reach neither. `asked` are the questions to answer
    before it goes on: those that came up since, and those whose answers a done step made untrue;
    `possible` are those that may come up then.
    `next` is what to do first; `main` the first step that holds up others, which gives the case its
    `need` and the `day` from which it goes on. There is none of these when nothing is left.
    `warnings` are today's, the diagnosis' or those on the way to the question that came up.
    """

    case: Case
    today: date
    diagnosis: Diagnosis | None
    reached: bool
    asked: tuple[Question, ...]
    possible: tuple[Question, ...]
    standings: tuple[Standing, ...]
    next: Standing | None
    main: Standing | None
    need: Need
    day: date | None
    warnings: tuple[str, ...]

    @property
    def changed(self) -> bool:
        """Tell whether the saved diagnosis holds no longer; an answer that lacks does not tell."""
        return self.diagnosis is not None and (
            not self.reached or self.diagnosis.outcome != self.case.outcome
        )

    @property
    def ready_too(self) -> tuple[Standing, ...]:
        """The steps that can be done now beside the next one."""
        ready = (each for each in self.standings if each.state == "ready")
        return tuple(each for each in ready if each != self.next)

    @property
    def estimated(self) -> bool:
        """Tell whether the `day` is an estimate."""
        step = self.main.step if self.main else None
        return bool(step and step.estimated and step.starts == self.day)


def state_of(
    case: Case, tree: Tree, answers: Answers, details: Details, done: Done, today: date, lang: Lang
) -> CaseState:
    """Tell where `case` stands on `today`, given what of it fits the rules in force."""
    now = walk(tree, answers, today, done)
    reached = isinstance(now.at, Outcome)
    asked, possible = _asked(now)
    ended = now if reached else walk(tree, answers, min(case.diagnosed, today), done)
    diagnosis = diagnose(ended, details, lang) if isinstance(ended.at, Outcome) else None
    todays = diagnosis.warnings if diagnosis and reached else warnings_so_far(now, details, lang)
    stand = standings(diagnosis) if diagnosis else ()
    following = next_step(diagnosis) if diagnosis else None
    # a case is as urgent as what holds up the others, not as a step that can be done meanwhile
    todo = [each for each in stand if each.state != "done"]
    main = next((each for each in todo if not each.step.meanwhile), following)
    return CaseState(
        case=case,
        today=today,
        diagnosis=diagnosis,
        reached=reached,
        asked=asked,
        possible=possible,
        standings=stand,
        next=following,
        main=main,
        need=_need(asked, main),
        day=_day(case, now, asked, main),
        warnings=todays,
    )


def _need(asked: Sequence[Question], following: Standing | None) -> Need:
    if asked:
        return "answer"
    if following is None:
        return "nothing"
    return "act" if following.state == "ready" else "later"


def _asked(now: Walk) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """Return the questions to answer, and those that may come up then."""
    if isinstance(now.at, Question):
        ahead = outlook(now)
        return ahead.needed, ahead.possible
    untrue = outdated(now)
    kept = {name: given for name, given in now.answers.items() if name not in untrue}
    ahead = outlook(walk(now.tree, kept, now.today, now.done))
    rest = (each for each in (*ahead.needed, *ahead.possible) if each.id not in untrue)
    return tuple(now.tree.questions[name] for name in untrue), tuple(rest)


def _day(case: Case, now: Walk, asked: Sequence[Question], awaited: Standing | None) -> date | None:
    """Return the day from which the next thing can be done.

    Where nothing else gives it, that is the day on which the last thing was done.
    """
    names = {question.id for question in asked}
    changes = [day for step, day in now.done.items() if names & set(now.tree.steps[step].asks)]
    if changes:
        return max(changes)
    if awaited and awaited.step.starts:
        return awaited.step.starts
    if awaited or asked:
        return min(max([case.diagnosed, *now.done.values()]), now.today)
    return None
