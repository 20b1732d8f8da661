"""What a run is told before its flags can be read."""

from datetime import datetime

import pytest

from xingtu_cli import clock
from xingtu_cli.cli.session import day
from xingtu_cli.errors import UsageError, XingtuError


@pytest.mark.parametrize("year", [1970, 1999, 2100, 2262])
def test_a_clock_that_is_wrong_by_decades_dates_nothing(
    year: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(year, 1, 3, tzinfo=clock.CHINA))
    with pytest.raises(XingtuError, match=f"date is {year}-01-03, which cannot be right") as told:
        day(None)
    assert not isinstance(told.value, UsageError)
    assert "用 --today 写明今天的日期" in told.value.message.zh
    assert day("2026-11-23").isoformat() == "2026-11-23"


@pytest.mark.parametrize("year", [2000, 2099])
def test_the_first_and_last_years(year: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(year, 12, 31, tzinfo=clock.CHINA))
    assert day(None).year == year
