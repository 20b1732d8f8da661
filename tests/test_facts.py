from datetime import date, timedelta
from decimal import Decimal

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingtu_cli.facts import (
    FUNCTIONS,
    compare_amounts,
    is_working_day,
    next_calendar_month,
    working_days_over,
)

KNOWN = st.dates(date(2018, 1, 1), date(2026, 11, 30))
AMOUNTS = st.decimals(Decimal("0.01"), Decimal("999999999999.99"), places=2)


@pytest.mark.parametrize(
    ("mailed", "due"),
    [
        (date(2026, 11, 2), date(2026, 11, 23)),
        (date(2026, 2, 2), date(2026, 2, 28)),  # a make-up Saturday
        (date(2026, 9, 15), date(2026, 10, 12)),
        (date(2026, 10, 8), date(2026, 10, 28)),
        (date(2026, 12, 10), date(2026, 12, 31)),  # the last that the data of 2026 can answer
    ],
)
def test_the_fifteenth_working_day(mailed: date, due: date) -> None:
    found = working_days_over(since=mailed, until=mailed, days=15)
    assert found.values["due"] == due
    assert found.values["overdue-from"] == due + timedelta(days=1)
    assert found.values["estimate"] is False
    assert not found.estimated


def test_every_day_of_2018_to_2026_agrees_with_holidays() -> None:
    other = holidays.country_holidays("CN", years=range(2018, 2027))
    day, differing = date(2018, 1, 1), []
    while day.year < 2027:
        if is_working_day(day) != (other.is_working_day(day), False):
            differing.append(day)
        day += timedelta(days=1)
    assert differing == []


def test_the_fifteenth_working_day_itself_is_still_in_time() -> None:
    on_the_day = working_days_over(since=date(2026, 11, 2), until=date(2026, 11, 23), days=15)
    the_day_after = working_days_over(since=date(2026, 11, 2), until=date(2026, 11, 24), days=15)
    assert (on_the_day.result, on_the_day.values["working-days-left"]) == ("no", 0)
    assert the_day_after.result == "yes"


def test_the_days_of_the_contracts_example() -> None:
    found = working_days_over(since=date(2026, 10, 8), until=date(2026, 11, 23), days=15)
    assert found.result == "yes"
    assert found.values["working-days-elapsed"] == 33
    assert found.values["working-days-left"] == 0
    assert found.values["elapsed-estimate"] is False


def test_past_the_data_the_day_is_an_estimate() -> None:
    found = working_days_over(since=date(2026, 12, 11), until=date(2026, 12, 31), days=15)
    assert found.values["due"] == date(2027, 1, 1)  # a holiday, but that is not known yet
    assert found.values["estimate"] is True
    assert found.values["calendar-until"] == date(2026, 12, 31)
    assert found.estimated == {"due", "overdue-from"}
    later = working_days_over(since=date(2026, 12, 11), until=date(2027, 1, 31), days=15)
    assert later.values["elapsed-estimate"] is False  # one warning will do
    assert later.estimated >= {"due", "working-days-elapsed", "working-days-left"}


def test_a_certain_due_day_with_a_guessed_number_of_days_since() -> None:
    found = working_days_over(since=date(2026, 11, 2), until=date(2027, 1, 15), days=15)
    assert found.values["estimate"] is False
    assert found.values["elapsed-estimate"] is True
    assert found.estimated == {"working-days-elapsed", "working-days-left"}


def test_before_the_data_too() -> None:
    assert is_working_day(date(2003, 12, 25)) == (True, True)
    assert is_working_day(date(2003, 12, 27)) == (False, True)


@given(KNOWN, st.integers(1, 60))
def test_the_due_day_is_a_working_day_with_the_right_number_before_it(
    mailed: date, days: int
) -> None:
    due = working_days_over(since=mailed, until=mailed, days=days).values["due"]
    assert isinstance(due, date)
    assert is_working_day(due)[0]
    between = (mailed + timedelta(days=n) for n in range(1, (due - mailed).days + 1))
    assert sum(is_working_day(day)[0] for day in between) == days


@given(KNOWN, st.integers(0, 120))
def test_elapsed_and_left_add_up_until_it_is_late(mailed: date, later: int) -> None:
    found = working_days_over(since=mailed, until=mailed + timedelta(days=later), days=15)
    elapsed, left = found.values["working-days-elapsed"], found.values["working-days-left"]
    assert isinstance(elapsed, int)
    assert isinstance(left, int)
    assert (elapsed + left == 15) == (elapsed <= 15)
    assert left >= 0
    if found.result == "no":
        assert elapsed <= 15
    else:
        assert elapsed >= 15


@given(AMOUNTS, AMOUNTS)
def test_amounts_compare_to_the_cent(new: Decimal, old: Decimal) -> None:
    found = compare_amounts(new=new, old=old)
    difference = found.values["difference"]
    assert isinstance(difference, Decimal)
    match found.result:
        case "equal":
            assert new == old
            assert difference == 0
        case "greater":
            assert new == old + difference > old
        case "less":
            assert new == old - difference < old


def test_a_cent_is_a_difference() -> None:
    found = compare_amounts(new=Decimal("0.30"), old=Decimal("0.29"))
    assert (found.result, found.values["difference"]) == ("greater", Decimal("0.01"))


@pytest.mark.parametrize(
    ("day", "first", "result"),
    [
        (date(2021, 4, 21), date(2021, 5, 1), "earlier-day"),  # the source's example
        (date(2026, 11, 30), date(2026, 12, 1), "last-day"),
        (date(2026, 12, 1), date(2027, 1, 1), "earlier-day"),
        (date(2026, 12, 31), date(2027, 1, 1), "last-day"),
        (date(2028, 2, 28), date(2028, 3, 1), "earlier-day"),
        (date(2028, 2, 29), date(2028, 3, 1), "last-day"),
    ],
)
def test_the_account_change_takes_effect_next_month(day: date, first: date, result: str) -> None:
    found = next_calendar_month(after=day)
    assert (found.values["new-account-from"], found.result) == (first, result)
    assert found.values["month-end"] == first - timedelta(days=1)


def test_functions_give_what_they_announce() -> None:
    examples: dict[str, dict[str, object]] = {
        "working-days-over": {"since": date(2026, 1, 5), "until": date(2026, 1, 6), "days": 15},
        "compare-amounts": {"new": Decimal(2), "old": Decimal(1)},
        "next-calendar-month": {"after": date(2026, 1, 5)},
    }
    kinds = {"date": date, "amount": Decimal, "count": int, "flag": bool}
    assert examples.keys() == FUNCTIONS.keys()
    for name, function in FUNCTIONS.items():
        assert examples[name].keys() == function.takes.keys()
        found = function.run(**examples[name])
        assert found.result in function.results
        assert {k: type(v) for k, v in found.values.items()} == {
            k: kinds[kind] for k, kind in function.values.items()
        }
        assert found.estimated <= found.values.keys()


def examples(name: str, wanted: str, **known: object) -> list[dict[str, object]]:
    near = date(2026, 11, 23)
    return [dict(each) for each in FUNCTIONS[name].examples(wanted, known, near)]


def test_examples_of_amounts_are_round_positive_and_around_what_is_known() -> None:
    usual, greater = Decimal(10000), {"new": Decimal(12000), "old": Decimal(10000)}
    assert examples("compare-amounts", "greater")[0] == greater
    assert examples("compare-amounts", "less")[0] == {"new": Decimal(8000), "old": usual}
    assert examples("compare-amounts", "equal")[0] == {"new": usual, "old": usual}
    five = Decimal(5)
    assert examples("compare-amounts", "less", new=five)[0] == {"new": five, "old": Decimal(2005)}
    known = examples("compare-amounts", "greater", old=five)
    assert [each["new"] for each in known] == [Decimal(2005), Decimal("5.01")]
    cents = {"new": Decimal("0.02"), "old": Decimal("0.01")}
    assert examples("compare-amounts", "greater", new=Decimal("0.02")) == [cents]
    assert examples("compare-amounts", "greater", new=Decimal("0.01")) == []  # none is 0


def test_examples_of_days_are_near_and_past_ones_come_first() -> None:
    near = date(2026, 11, 23)
    days = [near - timedelta(n) for n in range(32)] + [near + timedelta(n) for n in range(1, 32)]
    lasts = [{"after": date(2026, 10, 31)}, {"after": date(2026, 11, 30)}]
    assert examples("next-calendar-month", "last-day") == lasts
    earlier = [{"after": day} for day in days if {"after": day} not in lasts]
    assert examples("next-calendar-month", "earlier-day") == earlier
