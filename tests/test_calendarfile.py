"""The calendar is written by one library and read by another."""

import sys
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from tests.routes import CANCELLABLE, LATE
from xingtu_cli import answers, calendarfile
from xingtu_cli.diagnosis import Diagnosis, diagnose
from xingtu_cli.errors import MissingLibrary
from xingtu_cli.rules.load import load
from xingtu_cli.text import Lang
from xingtu_cli.walk import Done, walk

TREE = load()
NOV_24, DEC_5 = date(2026, 11, 24), date(2026, 12, 5)
STAMP = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
NOT_GENERATED = {**CANCELLABLE, "new-amount": "not-yet"}
NAMES = {"nickname": ("小明",), "company": ("某某公司",)}


def diagnosed(
    given_: dict[str, str], today: date = NOV_24, done: Done | None = None, lang: Lang = "zh"
) -> Diagnosis:
    known = {k: answers.parse(TREE.questions[k], v, today) for k, v in given_.items()}
    return diagnose(walk(TREE, known, today, done), NAMES, lang)


def events(diagnosis: Diagnosis, stamp: datetime = STAMP, case: str = "") -> list[Event]:
    data = calendarfile.calendar(diagnosis, TREE, stamp, case)
    return IcsCalendarStream.calendar_from_ics(data.decode()).events


def test_the_day_of_the_new_statement() -> None:
    (event,) = events(diagnosed(NOT_GENERATED))
    assert (event.dtstart, event.dtend) == (date(2026, 12, 1), date(2026, 12, 2))
    assert event.summary == "小明：次月重新生成结算单"
    assert event.transparency == "TRANSPARENT"
    assert event.alarm[0].trigger == timedelta(hours=9)
    assert event.description
    assert "每个自然月只能生成一张结算单" in event.description
    assert "“修改收款账户”做完后请再导出一次" in event.description
    assert "今天" not in event.description  # who reads it reads it on another day


def test_the_first_day_on_which_it_is_late() -> None:
    (event,) = events(
        diagnosed({**LATE, "mailed-on": "2026-11-02"}, date(2026, 11, 10), None, "en")
    )
    assert event.dtstart == NOV_24
    assert event.summary == "小明: Once it is late, check again"


def test_an_estimate_says_so_in_the_summary_and_why_in_the_description() -> None:
    given_ = {**LATE, "mailed-on": "2026-12-20"}
    (event,) = events(diagnosed(given_, date(2027, 1, 4)))
    assert event.summary
    assert event.summary.startswith("【暂估】小明：")
    assert event.description
    assert "节假日数据只有 2004 年到 2026-12-31" in event.description


@pytest.mark.parametrize(("year", "sequence"), [(2000, 0), (2099, 2**31 - 1)])
def test_a_sequence_is_one_that_a_calendar_takes(year: int, sequence: int) -> None:
    stamp = datetime(year, 12, 31, tzinfo=UTC)
    (event,) = events(diagnosed(NOT_GENERATED), stamp, "c1")
    assert event.sequence == sequence


def test_a_second_file_updates_the_same_event() -> None:
    later = datetime(2026, 12, 2, 8, tzinfo=UTC)
    done = {"change-account": date(2026, 12, 1)}
    (first,) = events(diagnosed(NOT_GENERATED), STAMP, "c1")
    (second,) = events(diagnosed(NOT_GENERATED, DEC_5, done), later, "c1")
    assert first.uid == second.uid
    assert second.dtstart == date(2027, 1, 1)
    assert first.sequence is not None
    assert second.sequence is not None
    assert second.sequence > first.sequence
    assert second.dtstamp > first.dtstamp
    assert second.description
    assert "请再导出一次" not in second.description


def test_two_cases_in_one_calendar_do_not_collide() -> None:
    one, two = diagnosed(NOT_GENERATED), diagnosed({**NOT_GENERATED, "mailed-on": "2026-10-09"})
    other = one._replace(details={"nickname": ("小红",)})
    uids = {events(each)[0].uid for each in (one, two, other)}
    uids |= {events(one, case="c1")[0].uid, events(one, case="c2")[0].uid}
    uids |= {events(diagnosed({**LATE, "mailed-on": "2026-11-10"}), case="c1")[0].uid}
    assert len(uids) == 6
    assert events(one)[0].uid == events(diagnosed(NOT_GENERATED, DEC_5))[0].uid


def test_a_step_that_is_done_has_no_day_any_more() -> None:
    done = {"generate-statement": DEC_5}
    assert calendarfile.dated(diagnosed(NOT_GENERATED, DEC_5, done)) == []
    assert calendarfile.dated(diagnosed({"settled": "no"})) == []


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
def test_any_name_comes_through_and_no_line_is_too_long(name: str) -> None:
    diagnosis = diagnosed(NOT_GENERATED)._replace(details={"nickname": (name,)})
    data = calendarfile.calendar(diagnosis, TREE, STAMP)
    (event,) = IcsCalendarStream.calendar_from_ics(data.decode()).events
    assert event.summary == f"{name}：次月重新生成结算单"
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(MissingLibrary, match="pip install icalendar"):
        calendarfile.calendar(diagnosed(NOT_GENERATED), TREE, STAMP)
