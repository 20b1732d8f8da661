"""The named functions that a decision of the rules file may use, and the arithmetic under them.

Pure: the day of the run comes in as an argument, and nothing here reads a clock or a file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["date", "amount", "count", "flag"]
Value = date | Decimal | int | bool


@dataclass(frozen=True)
class Finding:
    """What a function found: the named result that decides the way on, and the values beside it.

    `estimated` names the values that rest on guessed working days.
    """

    result: str
    values: Mapping[str, Value] = field(default_factory=dict)
    estimated: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Function:
    """A function as the rules file sees it: what it takes, its results and the values it gives.

    `takes` and `values` map a name to its kind; dates are `datetime.date`, amounts exact decimals
    in yuan, counts whole numbers, flags yes or no. A date may also be given as `today`.
    """

    takes: Mapping[str, Kind]
    results: tuple[str, ...]
    values: Mapping[str, Kind]
    run: Callable[..., Finding]


def working_days_over(*, since: date, until: date, days: int) -> Finding:
    """Tell whether `days` working days after `since` were over before the day `until`.

    The day of mailing is day 0 and the next working day is day 1; it is late from the calendar day
    after the last one. The help page gives only the number of days; the way of counting is our
    inference, by analogy with article 201 of the Civil Code (民法典).
    """
    due, due_estimated = _nth_working_day(since, days)
    elapsed, elapsed_estimated = _working_days_between(since, until)
    return Finding(
        result="yes" if until > due else "no",
        values={
            "due": due,
            "overdue-from": due + timedelta(days=1),
            "estimate": due_estimated,
            "working-days-elapsed": elapsed,
            "working-days-left": max(days - elapsed, 0),
            "elapsed-estimate": elapsed_estimated and not due_estimated,
            "calendar-until": calendar_until(),
        },
        estimated=frozenset(
            [
                *(("due", "overdue-from") if due_estimated else ()),
                *(("working-days-elapsed", "working-days-left") if elapsed_estimated else ()),
            ]
        ),
    )


def compare_amounts(*, new: Decimal, old: Decimal) -> Finding:
    """Compare two amounts in yuan to the cent; `difference` is never negative."""
    result = "equal" if new == old else "greater" if new > old else "less"
    return Finding(result=result, values={"difference": abs(new - old)})


def next_calendar_month(*, after: date) -> Finding:
    """Give the first day of the month after `after`, and whether `after` is a month's last day.

    An account change takes effect the next calendar month (《抖音星图-即合收款账户修改流程》:
    changed 2021-04-21, in force for statements from 2021-05-01).
    """
    first = date(after.year + after.month // 12, after.month % 12 + 1, 1)
    last_day = after + timedelta(days=1) == first
    return Finding(
        result="last-day" if last_day else "earlier-day", values={"new-account-from": first}
    )


FUNCTIONS: Mapping[str, Function] = {
    "working-days-over": Function(
        takes={"since": "date", "until": "date", "days": "count"},
        results=("yes", "no"),
        values={
            "due": "date",
            "overdue-from": "date",
            "estimate": "flag",
            "working-days-elapsed": "count",
            "working-days-left": "count",
            "elapsed-estimate": "flag",
            "calendar-until": "date",
        },
        run=working_days_over,
    ),
    "compare-amounts": Function(
        takes={"new": "amount", "old": "amount"},
        results=("equal", "greater", "less"),
        values={"difference": "amount"},
        run=compare_amounts,
    ),
    "next-calendar-month": Function(
        takes={"after": "date"},
        results=("last-day", "earlier-day"),
        values={"new-account-from": "date"},
        run=next_calendar_month,
    ),
}


@lru_cache(maxsize=4096)
def _nth_working_day(since: date, days: int) -> tuple[date, bool]:
    """Return the `days`-th working day after `since`, and whether it is an estimate."""
    day, estimated = since, False
    while days:
        day += timedelta(days=1)
        working, guessed = is_working_day(day)
        days -= working
        estimated = estimated or guessed
    return day, estimated


@lru_cache(maxsize=4096)
def _working_days_between(since: date, until: date) -> tuple[int, bool]:
    """Count the working days after `since` up to and with `until`, and whether any was guessed."""
    found = [is_working_day(since + timedelta(days=n)) for n in range(1, (until - since).days + 1)]
    return sum(working for working, _ in found), any(guessed for _, guessed in found)


@lru_cache(maxsize=65536)
def is_working_day(day: date) -> tuple[bool, bool]:
    """Tell whether `day` is a working day in mainland China, and whether that is a guess.

    Within the data of `chinesecalendar` (the State Council's yearly notices) holidays and make-up
    working days count; outside it Monday to Friday do, and the answer is a guess.
    """
    import chinese_calendar

    try:
        return chinese_calendar.is_workday(day), False
    except NotImplementedError:
        return day.weekday() < 5, True


@lru_cache(maxsize=1)
def calendar_until() -> date:
    """Return the last day for which the holidays are known."""
    from chinese_calendar.constants import holidays

    return date(max(holidays).year, 12, 31)
