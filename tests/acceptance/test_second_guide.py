"""Another guide, walked by the same program: its own flags, prompts, help and reports."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pexpect
import pytest

from tests.conftest import PROGRAM, Run, clean_environment
from tests.guide import EXAMPLE
from xingtu_cli.answers import written
from xingtu_cli.cli import main
from xingtu_cli.rules.load import load
from xingtu_cli.rules.views.routes import Route, routes
from xingtu_cli.text import LANGS, Lang

TREE = load(EXAMPLE)
ROUTES = list(routes(TREE, date(2026, 11, 25)))
SHIPPED = load()


def named(route: Route) -> str:
    return "-".join(turn.by or "value" for turn in route.turns)


def words(route: Route) -> Iterator[str]:
    assert route.example
    for name, answer in route.example.answers.items():
        yield from (f"--{name}", written(answer))
    yield from ("--today", route.example.today.isoformat())


def test_it_has_every_route_that_the_source_tells_of() -> None:
    assert len(ROUTES) == 17
    assert all(route.example for route in ROUTES)
    assert {route.outcome.id for route in ROUTES} == set(TREE.outcomes)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_by_flags(route: Route, capsys: pytest.CaptureFixture[str]) -> None:
    for lang in LANGS:
        given = [*words(route), "--rules", str(EXAMPLE), "--lang", lang, "--strict"]
        assert main(["diagnose", *given, "--format", "json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["outcome"] == route.outcome.id
        assert document["path"] == [turn.node for turn in route.turns]
        assert document["rules"]["id"] == "xingtu-opening"
        assert main(["diagnose", *given]) == 0
        report = capsys.readouterr().out
        assert report.startswith(TREE.title.in_(lang))
        assert "{" not in report
        assert "〈" not in report
        assert not any(title in report for title in (SHIPPED.title.zh, SHIPPED.title.en))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_by_prompts(route: Route, lang: Lang, tmp_path: Path) -> None:
    assert route.example
    result = tmp_path / "result.json"
    today = route.example.today.isoformat()
    child = pexpect.spawn(
        "sh",
        ["-c", f"exec {PROGRAM} --rules {EXAMPLE} --lang {lang} --today {today}"
               f" --format json > {result}"],
        env=clean_environment(), encoding="utf-8", dimensions=(200, 80), timeout=20,
    )  # fmt: skip
    for name, answer in route.example.answers.items():
        question = TREE.questions[name]
        child.expect_exact(question.ask.in_(lang))
        child.expect_exact("> ")
        numbers = {value: str(n) for n, value in enumerate(question.choices, 1)}
        child.sendline(numbers.get(written(answer), written(answer)))
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert json.loads(result.read_text())["outcome"] == route.outcome.id


def test_its_help_is_its_own(xingtu: Run) -> None:
    ran = xingtu("--rules", str(EXAMPLE), "--help")
    assert "\n星图开通条件自查\n问几个问题，看达人或 MCN 机构够不够开通星图的条件" in ran.out
    ran = xingtu("diagnose", "--help", XINGTU_RULES=str(EXAMPLE), LANG="en_US.UTF-8")
    assert "\n星图 opening conditions\nWalk the questions" in ran.out
    assert "--lacking qualifications,creators,capability|none" in ran.out
    assert "--settled" not in ran.out
    assert "payout" not in ran.out


def test_what_is_missing_is_named_by_its_own_flags(xingtu: Run) -> None:
    ran = xingtu("--rules", str(EXAMPLE), "--applicant", "mcn", "--format", "json")
    assert ran.code == 2
    missing = json.loads(ran.out)["error"]["missing"]
    assert [each["flag"] for each in missing] == ["--founded"]


def test_several_conditions_at_once_give_their_steps_and_no_others(xingtu: Run) -> None:
    ran = xingtu(
        *("diagnose", "--rules", str(EXAMPLE), "--applicant", "mcn", "--founded", "over-a-year"),
        *("--lacking", "creators,capability", "--format", "json"),
    )
    document = json.loads(ran.out)
    assert [step["id"] for step in document["steps"]] == [
        *("sign-creators", "build-capability", "apply")
    ]
