"""Where each step stands, and that nothing drifts once a step is done."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.routes import CANCELLABLE, LATE, ROUTES, WRONG, Route
from xingtu_cli import answers
from xingtu_cli.diagnosis import Diagnosis, diagnose
from xingtu_cli.progress import next_step, outdated, standings
from xingtu_cli.rules.load import load, loads
from xingtu_cli.text import Lang
from xingtu_cli.walk import Done, Walk, walk

TREE = load()
NOT_GENERATED = {**CANCELLABLE, "new-amount": "not-yet"}
NOV_24, DEC_1, DEC_5 = date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 5)


def walked(given_: dict[str, str], today: date, done: Done | None = None) -> Walk:
    known = {k: answers.parse(TREE.questions[k], v, today) for k, v in given_.items()}
    return walk(TREE, known, today, done)


def diagnosed(
    given_: dict[str, str], today: date, done: Done | None = None, lang: Lang = "zh"
) -> Diagnosis:
    return diagnose(walked(given_, today, done), {}, lang)


def told(diagnosis: Diagnosis) -> str:
    parts = [part for s in diagnosis.steps for part in (s.title, s.text, *s.notes)]
    return "\n".join([diagnosis.summary, *diagnosis.warnings, *parts])


def states(diagnosis: Diagnosis) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(each.step.id, each.state, each.after) for each in standings(diagnosis)]


def test_steps_wait_for_those_before_them() -> None:
    assert states(diagnosed(NOT_GENERATED, NOV_24)) == [
        ("cancel-statement", "ready", ()),
        ("change-account", "waits-for-steps", (1,)),
        ("generate-statement", "waits-for-steps", (1, 2)),
        ("compare-later", "waits-for-steps", (1, 2, 3)),
        ("send-reminder", "waits-for-steps", (1, 2, 3, 4)),
    ]


def test_a_step_waits_for_its_day_and_is_then_ready() -> None:
    done = {"cancel-statement": NOV_24, "change-account": NOV_24}
    waiting = next_step(diagnosed(NOT_GENERATED, date(2026, 11, 30), done))
    assert waiting
    assert (waiting.step.id, waiting.state) == ("generate-statement", "waits-for-day")
    assert waiting.step.starts == DEC_1
    ready = next_step(diagnosed(NOT_GENERATED, DEC_1, done))
    assert ready
    assert (ready.step.id, ready.state, ready.after) == ("generate-statement", "ready", ())


def test_a_step_that_need_not_wait() -> None:
    locked = diagnosed({**WRONG, "statement-status": "withdrawn"}, NOV_24)
    assert states(locked) == [
        ("correct-printout", "ready", ()),
        ("email-scan", "waits-for-steps", (1,)),
        ("change-account", "ready", ()),
    ]
    waiting = diagnosed({**LATE, "mailed-on": "2026-11-10"}, NOV_24)
    assert states(waiting) == [
        ("wait-until-overdue", "waits-for-day", ()),
        ("check-account-meanwhile", "ready", ()),
    ]
    assert next_step(waiting) == standings(waiting)[1]  # the first that can be done today
    checked = {"check-account-meanwhile": NOV_24}
    left = diagnosed({**LATE, "mailed-on": "2026-11-10"}, NOV_24, checked)
    assert next_step(left) == standings(left)[0]


def test_when_all_is_done_nothing_is_next() -> None:
    done = dict.fromkeys(TREE.steps, NOV_24)
    diagnosis = diagnosed(NOT_GENERATED, DEC_5, done)
    assert {each.state for each in standings(diagnosis)} == {"done"}
    assert tuple(each.step for each in standings(diagnosis)) == diagnosis.steps
    assert next_step(diagnosis) is None


@given(st.dates(NOV_24, date(2029, 1, 1)), st.integers(0, 400))
def test_the_day_of_the_new_account_does_not_drift(submitted: date, later: int) -> None:
    done = {"change-account": submitted}
    first = diagnosed(NOT_GENERATED, submitted, done)
    again = diagnosed(NOT_GENERATED, submitted + timedelta(days=later), done)
    assert first.steps == again.steps
    assert again.computed["new-account-from"] == first.computed["new-account-from"]
    assert again.steps[2].starts == again.computed["new-account-from"]
    assert again.steps[2].assumes == ""


def test_until_the_account_is_changed_the_day_supposes_it_is_today() -> None:
    generate = diagnosed(NOT_GENERATED, DEC_5).steps[2]
    assert generate.starts == date(2027, 1, 1)
    assert generate.assumes == "change-account"


def test_an_estimated_day_is_known_to_be_one() -> None:
    step = diagnosed({**LATE, "mailed-on": "2026-12-20"}, date(2027, 1, 4)).steps[0]
    assert step.starts
    assert step.estimated
    assert not diagnosed({**LATE, "mailed-on": "2026-11-10"}, NOV_24).steps[0].estimated


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_what_is_done_is_not_spoken_of_as_today(route: Route, lang: Lang) -> None:
    today = date.fromisoformat(route.today)
    said = told(diagnosed(route.answers, today, dict.fromkeys(TREE.steps, today), lang))
    assert ("今天" if lang == "zh" else "today") not in said.lower()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_change_on_the_last_day_of_a_month_is_remembered(lang: Lang) -> None:
    last = date(2026, 11, 30)
    done = {"cancel-statement": last, "change-account": last}
    diagnosis = diagnosed(NOT_GENERATED, DEC_5, done, lang)
    assert any("2026-11-30" in warning for warning in diagnosis.warnings)
    assert "2026-11-30" in "".join(diagnosis.steps[1].notes)
    assert not any("2026-12-05" in part for part in told(diagnosis).split("\n"))


def test_a_done_step_makes_an_answer_out_of_date() -> None:
    done = {"generate-statement": DEC_1}
    assert outdated(walked(NOT_GENERATED, DEC_5, done)) == ("new-amount",)
    assert outdated(walked(NOT_GENERATED, DEC_5)) == ()
    known = {**CANCELLABLE, "new-amount": "12000", "invoiced-amount": "10000"}
    assert outdated(walked(known, DEC_5, done)) == ()
    before = {"submit-settlement": NOV_24, "mail-invoice": NOV_24}
    assert outdated(walked({"settled": "no"}, DEC_5, before)) == ("settled",)


STEP_NAMED = """
id: named
version: "1"
as_of: "2026"
title: {zh: 名, en: name}
start: sum
route:
  sum:
    says: {zh: 何时, en: when}
    compute: next-calendar-month
    of: {after: act}
    then: end
outcomes:
  end:
    title: {zh: 终, en: end}
    summary: {zh: "{act}做的，{new-account-from}起", en: "done {act}, from {new-account-from}"}
    steps: [act]
steps:
  act:
    title: {zh: 做, en: act}
    text: {zh: 做, en: act}
    notes:
      - {zh: 做了, en: it is done, when: {act: done}}
      - {zh: 没做, en: still to do, when: {act: not-done}}
"""


def test_a_step_may_be_named_wherever_a_day_may() -> None:
    tree = loads(STEP_NAMED)
    before = diagnose(walk(tree, {}, DEC_5), {}, "en")
    after = diagnose(walk(tree, {}, DEC_5, {"act": NOV_24}), {}, "en")
    assert before.summary == "done 2026-12-05 (Sat), from 2027-01-01 (Fri)"
    assert after.summary == "done 2026-11-24 (Tue), from 2026-12-01 (Tue)"
    assert before.steps[0].notes == ("still to do",)
    assert after.steps[0].notes == ("it is done",)
