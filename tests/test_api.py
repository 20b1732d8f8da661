import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

import xingtu_cli
from tests.conftest import ROOT
from tests.routes import CANCELLABLE, SENDER
from xingtu_cli import diagnose, load
from xingtu_cli.errors import InvalidAnswers, MissingAnswers

TODAY = date(2026, 11, 23)


def test_a_diagnosis() -> None:
    given = {**CANCELLABLE, "new-amount": "12000", "invoiced-amount": "10,000", **SENDER}
    found = diagnose(given, today=TODAY, lang="en")
    assert (found.outcome, found.case) == ("cancellable", 1)
    assert found.computed["difference"] == Decimal("2000.00")
    assert found.email
    assert found.email.subject == "【即合打款失败】小明-某某文化传媒有限公司"


def test_several_values_and_other_rules() -> None:
    path = ROOT / "tests" / "rules" / "valid" / "minimal.yaml"
    tree = load(path)
    assert load(str(path)) == tree
    assert diagnose({"paid": "yes"}, tree=tree).outcome == "fine"
    given = {**CANCELLABLE, "wrong-fields": ["bank", "account-name"], "new-amount": "not-yet"}
    assert diagnose(given, today=TODAY).answers["wrong-fields"] == ("account-name", "bank")


def test_what_is_missing() -> None:
    with pytest.raises(MissingAnswers) as caught:
        diagnose({"settled": "yes"}, today=TODAY)
    assert [wanted.question for wanted in caught.value.missing] == ["stamped"]


def test_all_that_is_wrong_at_once() -> None:
    with pytest.raises(InvalidAnswers) as caught:
        diagnose({"setled": "yes", "stamped": "maybe", "nickname": "a\nb"})
    assert [error.question for error in caught.value.errors] == ["setled", "stamped", "nickname"]
    assert "did you mean “settled”?" in str(caught.value)


@pytest.mark.parametrize("value", [12000, True, date(2026, 10, 8), b"yes", [1], None, {"a": "b"}])
def test_a_value_that_is_no_text(value: Any) -> None:
    with pytest.raises(TypeError, match=r"settled is .*; give a str"):
        diagnose({"settled": value}, today=TODAY)


@pytest.mark.parametrize("today", [datetime(2026, 11, 23), "2026-11-23", 20261123])
def test_a_day_that_is_no_date(today: Any) -> None:
    with pytest.raises(TypeError, match=r"today is .*; give a datetime\.date"):
        diagnose(CANCELLABLE, today=today)


def test_a_name_that_is_no_text() -> None:
    with pytest.raises(TypeError, match="7 is 'yes'; give a str"):
        diagnose({**CANCELLABLE, 7: "yes"}, today=TODAY)  # type: ignore[dict-item]


@pytest.mark.parametrize("today", [date.min, date(1999, 12, 31), date(2100, 1, 1), date.max])
def test_a_day_of_another_century(today: date) -> None:
    with pytest.raises(ValueError, match="not a day from 2000 to 2099"):
        diagnose(CANCELLABLE, today=today)


def test_there_is_nothing_else() -> None:
    with pytest.raises(AttributeError, match="no attribute 'batch'"):
        _ = xingtu_cli.batch


def test_the_example_in_the_docs_runs_as_shown() -> None:
    text = (ROOT / "docs" / "scripting.md").read_text("utf-8")
    example = text.split("```python\n")[1].split("```")[0]
    shown = [line.removeprefix("# ") for line in example.splitlines() if line.startswith("# ")]
    ran = subprocess.run(
        [sys.executable, "-c", example], capture_output=True, encoding="utf-8", check=True
    )
    assert ran.stdout.splitlines() == shown
