"""The named functions that a decision of the rules file may use, and the arithmetic under them.

Pure: the day of the run comes in as an argument, and nothing here reads a clock or a file.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from xingtu_cli.text import Text

Kind = Literal["date", "amount", "count", "flag"]
Value = date | Decimal | int | bool


class Finding(NamedTuple):
    """What a function found: the named result that decides the way on, and the values beside it.

    `estimated` names the values that rest on guessed working days.
    """

    result: str
    values: Mapping[str, Value] = {}
    estimated: frozenset[str] = frozenset()


class Function(NamedTuple):
    """A function as the rules file sees it: what it takes, its results and the values it gives.

    `takes` and `values` map a name to its kind; dates are `datetime.date`, amounts exact decimals
    in yuan, counts whole numbers, flags yes or no. A date may also be given as `today`. `about` and
    `words` tell an author what it does and what each of those names means.

    `examples` gives arguments that lead to a wanted result: it is called with the result, the
    arguments known already and a day to stay near, and yields whole sets of arguments.
    """

    about: Text
    takes: Mapping[str, Kind]
    results: tuple[str, ...]
    values: Mapping[str, Kind]
    words: Mapping[str, Text]
    run: Callable[..., Finding]
    examples: Callable[[str, Mapping[str, Any], date], Iterator[Mapping[str, Value]]]


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

    `month-end` is the last day on which a change still counts for that month.

    An account change takes effect the next calendar month (《抖音星图-即合收款账户修改流程》:
    changed 2021-04-21, in force for statements from 2021-05-01).
    """
    first = date(after.year + after.month // 12, after.month % 12 + 1, 1)
    last_day = after + timedelta(days=1) == first
    return Finding(
        result="last-day" if last_day else "earlier-day",
        values={"new-account-from": first, "month-end": first - timedelta(days=1)},
    )


def working_days_over_examples(
    wanted: str, known: Mapping[str, Any], near: date
) -> Iterator[Mapping[str, Value]]:
    """Yield dates for which `working_days_over` finds `wanted`, the closest first."""
    reach = range(2 * known["days"] + 60)  # calendar days; no holiday season outlasts that
    start = known.get("since", near)
    untils = [known["until"]] if "until" in known else [start + timedelta(n) for n in reach]
    for until in untils:
        sinces = [start] if "since" in known else [until - timedelta(n) for n in reach]
        for since in sinces:
            found = {"since": since, "until": until, "days": known["days"]}
            if working_days_over(**found).result == wanted:
                yield found


def compare_amounts_examples(
    wanted: str,
    known: Mapping[str, Any],
    near: date,  # noqa: ARG001
) -> Iterator[Mapping[str, Value]]:
    """Yield amounts for which `compare_amounts` finds `wanted`."""
    usual = Decimal("10000.00")
    olds = [known["old"]] if "old" in known else _amounts_around(known.get("new", usual))
    for old in olds:
        for new in [known["new"]] if "new" in known else _amounts_around(old):
            if min(new, old) > 0 and compare_amounts(new=new, old=old).result == wanted:
                yield {"new": new, "old": old}


def next_calendar_month_examples(
    wanted: str, known: Mapping[str, Any], near: date
) -> Iterator[Mapping[str, Value]]:
    """Yield days for which `next_calendar_month` finds `wanted`: near ones, past ones first."""
    days = [near + timedelta(n) for n in (*range(0, -32, -1), *range(1, 32))]
    for after in [known["after"]] if "after" in known else days:
        if next_calendar_month(after=after).result == wanted:
            yield {"after": after}


def _amounts_around(amount: Decimal) -> list[Decimal]:
    steps = (Decimal(0), Decimal(2000), Decimal("0.01"))
    return list(dict.fromkeys(each for step in steps for each in (amount + step, amount - step)))


FUNCTIONS: Mapping[str, Function] = {
    "working-days-over": Function(
        about=Text(
            "从某一天起，满若干个工作日了吗？起算日不算，下一个工作日算第 1 天；"
            "按国务院的放假和调休安排数。",
            "Is a number of working days since a day over? That day is day 0 and the next working"
            " day is day 1; holidays and make-up working days follow the State Council's calendar.",
        ),
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
        words={
            "since": Text("起算日", "the day from which to count"),
            "until": Text("数到哪一天，一般是 today", "the day up to which to count, mostly today"),
            "days": Text("几个工作日（1 到 999）", "how many working days (1 to 999)"),
            "yes": Text("已经满了", "they are over"),
            "no": Text("还没满", "they are not over yet"),
            "due": Text("最后一个工作日", "the last of these working days"),
            "overdue-from": Text("逾期的第一天", "the first day on which it is late"),
            "estimate": Text("这两个日期是不是暂估", "whether these dates are an estimate"),
            "working-days-elapsed": Text("已过几个工作日", "how many working days have gone by"),
            "working-days-left": Text("还剩几个工作日", "how many working days are left"),
            "elapsed-estimate": Text(
                "已过的天数是不是估算（到期日不是）",
                "whether the days gone by are an estimate, though the due day is not",
            ),
            "calendar-until": Text(
                "节假日数据到哪一天为止", "the last day for which the holidays are known"
            ),
        },
        run=working_days_over,
        examples=working_days_over_examples,
    ),
    "compare-amounts": Function(
        about=Text("比较两个金额，精确到分。", "Compare two amounts, to the cent."),
        takes={"new": "amount", "old": "amount"},
        results=("equal", "greater", "less"),
        values={"difference": "amount"},
        words={
            "new": Text("新的金额", "the new amount"),
            "old": Text("原来的金额", "the old amount"),
            "equal": Text("两个金额一样", "both are the same"),
            "greater": Text("新的更大", "the new one is greater"),
            "less": Text("新的更小", "the new one is less"),
            "difference": Text("差额，总是正数或 0", "the difference, never negative"),
        },
        run=compare_amounts,
        examples=compare_amounts_examples,
    ),
    "next-calendar-month": Function(
        about=Text(
            "从某一天看，下个月几号开始？当天是不是本月最后一天？",
            "When does the month after a day begin, and is that day the last of its month?",
        ),
        takes={"after": "date"},
        results=("last-day", "earlier-day"),
        values={"new-account-from": "date", "month-end": "date"},
        words={
            "after": Text("从哪一天看，一般是 today", "the day in question, mostly today"),
            "last-day": Text("当天是本月最后一天", "that day is the last of its month"),
            "earlier-day": Text("当天不是本月最后一天", "that day is not the last of its month"),
            "new-account-from": Text("下个月的第一天", "the first day of the next month"),
            "month-end": Text("本月的最后一天", "the last day of that month"),
        },
        run=next_calendar_month,
        examples=next_calendar_month_examples,
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
