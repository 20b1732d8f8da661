"""The day in China, by which the platform counts. The only place that reads the clock."""

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))  # Asia/Shanghai; no daylight saving since 1991


def now() -> datetime:
    """Return the time in China."""
    return datetime.now(CHINA)


def today() -> date:
    """Return the day in China."""
    return now().date()
