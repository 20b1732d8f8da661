"""Every route's report is pinned, in both languages and all three formats."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import yaml
from markdown_it import MarkdownIt
from syrupy.assertion import SnapshotAssertion

from tests.conftest import ROOT
from tests.routes import ROUTES, SENDER, Route, lacks
from xingtu_cli import answers, render
from xingtu_cli.commandline import command
from xingtu_cli.diagnosis import Diagnosis, diagnose
from xingtu_cli.errors import InvalidRules, Problem
from xingtu_cli.layout import laid_out
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Question
from xingtu_cli.text import Lang, Text
from xingtu_cli.walk import walk

TREE = load()


def diagnosed(route: Route, lang: Lang) -> Diagnosis:
    today = date.fromisoformat(route.today)
    known = {k: answers.parse(TREE.questions[k], v, today) for k, v in route.answers.items()}
    details = {k: (v,) for k, v in route.details.items()}
    end = walk(TREE, known, today)
    assert not isinstance(end.at, Question), lacks(route.name, end.at.id)
    return diagnose(end, details, lang)


def text(diagnosis: Diagnosis, width: int | None = None) -> str:
    again = command(diagnosis.answers, diagnosis.details, ["--today", str(diagnosis.today)])
    lines = render.as_page(diagnosis, again, width or 100)
    if width:
        lines = [part for line in lines for part in laid_out(line, width)]
    return "\n".join(" " * line.indent + line.text for line in lines)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_the_report_of_every_route(route: Route, lang: Lang, snapshot: SnapshotAssertion) -> None:
    assert text(diagnosed(route, lang)) == snapshot


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_as_markdown(lang: Lang, snapshot: SnapshotAssertion) -> None:
    diagnosis = diagnosed(named("last-day-of-month"), lang)
    assert render.as_markdown(diagnosis, command(diagnosis.answers, {})) == snapshot


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_report_laid_out(lang: Lang, width: int, snapshot: SnapshotAssertion) -> None:
    assert text(diagnosed(named("greater"), lang), width) == snapshot


def named(name: str) -> Route:
    return next(route for route in ROUTES if route.name == name)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_json_of_a_route(lang: Lang, snapshot: SnapshotAssertion) -> None:
    document = render.as_json(diagnosed(named("greater"), lang))
    assert document.isascii()
    assert json.loads(document) == snapshot


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_the_contracts_keys_are_always_there(route: Route) -> None:
    document = json.loads(render.as_json(diagnosed(route, "zh")))
    assert document["schema"] == 1
    assert document["program"].keys() == {"name", "version"}
    assert document["rules"].keys() == {"id", "version", "as_of"}
    assert {
        *("outcome", "case", "title", "summary", "answers", "computed", "path", "steps"),
        *("email", "warnings", "sources"),
    } <= document.keys()
    assert "error" not in document
    step_keys = {"number", "id", "title", "text", "notes", "menu", "inferred", "sources"}
    step_keys |= {"from", "done"}
    for number, step in enumerate(document["steps"], 1):
        assert step.keys() == step_keys
        assert step["number"] == number
        assert step["menu"] is None or all(isinstance(label, str) for label in step["menu"])
    if document["email"]:
        assert document["email"].keys() == {
            *("to", "subject", "body", "attachments", "unfilled", "hold", "mailto"),
        }
    for source in document["sources"]:
        assert {"id", "title", "url", "date"} <= source.keys()
    for value in document["computed"].values():
        assert not isinstance(value, float)


def test_the_computed_values_of_the_contracts_example() -> None:
    document = json.loads(render.as_json(diagnosed(named("greater"), "zh")))
    expected = {
        "due": "2026-10-28",
        "overdue-from": "2026-10-29",
        "estimate": False,
        "working-days-elapsed": 33,
        "working-days-left": 0,
        "amounts": "greater",
        "difference": "2000.00",
        "new-account-from": "2026-12-01",
    }
    assert {name: document["computed"][name] for name in expected} == expected
    assert document["path"][:4] == ["settled", "stamped", "mailed-on", "overdue"]
    assert document["answers"]["wrong-fields"] == ["account-number"]
    assert document["answers"]["new-amount"] == "12000.00"


@pytest.mark.parametrize(
    ("route", "steps"),
    [
        (
            "not-generated",
            ["cancel-statement", "change-account", "generate-statement", "compare-later"],
        ),
        ("equal", ["check-cancelled", "check-new-statement", "no-new-invoice"]),
        ("greater", ["check-cancelled", "check-new-statement", "supplementary-invoice"]),
        ("less", ["check-cancelled", "check-new-statement", "ask-about-less"]),
    ],
)
def test_case_1_lists_exactly_what_applies(route: str, steps: list[str]) -> None:
    diagnosis = diagnosed(named(route), "zh")
    assert [step.id for step in diagnosis.steps] == [*steps, "send-reminder"]


def test_the_two_emails_to_the_letter() -> None:
    one = diagnosed(named("greater"), "en").email
    two = diagnosed(named("withdrawn"), "en").email
    assert one
    assert two
    assert one.to == two.to == ("star-jihe@bytedance.com",)
    assert one.subject == "【即合打款失败】小明-某某文化传媒有限公司"
    assert two.subject == "【即合打款失败】小明--正确结算单扫描件"
    assert "SF1234567890123" in one.body
    assert "公司主体名称：某某文化传媒有限公司" in two.body
    assert "即合昵称：小明" in two.body
    assert one.unfilled == two.unfilled == ()


def test_what_is_not_filled_stays_visible() -> None:
    email = diagnosed(replace(named("less"), details={}), "en").email
    assert email
    assert email.subject == "【即合打款失败】〈即合昵称〉-〈公司主体名称〉"
    assert email.unfilled == ("nickname", "company", "tracking-number")
    assert diagnosed(named("less"), "en").email != email


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_no_route_shows_a_gap_outside_the_email(route: Route, lang: Lang) -> None:
    diagnosis = diagnosed(replace(route, details=SENDER), lang)
    shown = text(diagnosis)
    assert "〈" not in shown
    assert "{" not in shown
    assert shown.encode("gbk")  # a Chinese Windows console can show it all


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_an_estimate_is_never_shown_as_certain(route: Route) -> None:
    diagnosis = diagnosed(route, "zh")
    steps = [part for step in diagnosis.steps for part in (step.title, step.text, *step.notes)]
    shown = "\n".join([diagnosis.title, diagnosis.summary, *steps])
    days = [str(diagnosis.computed.get(name)) for name in ("due", "overdue-from")]
    guessed = bool(diagnosis.computed.get("estimate"))
    for day in days:
        for after in shown.split(day)[1:]:
            assert re.match(r"（周.，暂估）" if guessed else r"（周.）", after)
    assert guessed == any("暂估" in warning for warning in diagnosis.warnings)


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_every_report_says_how_old_its_sources_are(route: Route) -> None:
    assert "2021-07-30 / 2022-03-12" in text(diagnosed(route, "zh"))
    assert "2021-07-30 / 2022-03-12" in text(diagnosed(route, "en"))


@pytest.mark.parametrize("name", ["rules.yaml", "examples/opening-conditions.yaml"])
def test_in_english_a_platform_label_has_its_gloss(name: str) -> None:
    texts = list(english(yaml.safe_load((ROOT / name).read_text("utf-8"))))
    assert len(texts) > 50
    bare = {
        label: text
        for text in texts
        for label in dict.fromkeys(re.findall("「[^」]*」", text))
        if not re.match(r" \(|,", text[text.index(label) + len(label) :])
    }
    assert bare == {}


def english(part: object) -> Iterator[str]:
    """Yield every English text of a rules file."""
    if isinstance(part, dict):
        if isinstance(part.get("en"), str):
            yield part["en"]
        for inner in part.values():
            yield from english(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from english(inner)


@pytest.mark.parametrize(("status", "said"), [("cancellable", "取消"), ("withdrawn", "打印件")])
def test_a_wrong_name_is_asked_about_before_the_month_ends(status: str, said: str) -> None:
    given = {**named("withdrawn").answers, "wrong-fields": "account-name,bank"}
    given |= {"statement-status": status, "new-amount": "not-yet"}
    route = Route("name", "", given, "2026-11-30")
    warnings = diagnosed(route, "zh").warnings
    (ask,) = [text for text in warnings if "先问平台名称怎么改" in text]
    assert said in ask
    last_day = next(n for n, text in enumerate(warnings) if "今天是本月最后一天" in text)
    assert "就别赶在今天改" in warnings[last_day + 1]


def test_an_estimated_number_stands_as_close_to_chinese_as_any() -> None:
    route = replace(named("wait-estimate"), today="2027-01-01")
    early = replace(route, answers={**route.answers, "mailed-on": "2026-12-11"})
    assert "目前数到约 15 个工作日" in diagnosed(early, "zh").summary
    assert "(not the day of mailing): about 15;" in diagnosed(early, "en").summary


def test_hostile_text_is_shown_as_plain_characters() -> None:
    route = replace(named("withdrawn"), details={"nickname": "[bold]a`b|c*[/]", "company": "<b>"})
    diagnosis = diagnosed(route, "zh")
    assert "[bold]a`b|c*[/]" in text(diagnosis)
    markdown = render.as_markdown(diagnosis, "xingtu")
    assert "\\[bold\\]a\\`b\\|c\\*\\[/\\]" in markdown


@pytest.mark.parametrize(
    "text", ["A&copy;B", "- one", "+ one", "1. one", "12) one", "=", "-----", "    code", "# x"]
)
def test_markdown_shows_a_text_as_it_stands(text: str) -> None:
    diagnosis = diagnosed(named("equal"), "en")
    step = diagnosis.steps[0]._replace(text=f"Do this:\n{text}\n2. and this", notes=(text,))
    shown = diagnosis._replace(steps=(step,), summary=text, warnings=(text,))
    tokens = MarkdownIt("commonmark").parse(render.as_markdown(shown, "xingtu"))
    texts = [
        each.content
        for token in tokens
        for each in token.children or ()
        if each.type in ("text", "text_special")
    ]
    seen = "".join(texts)
    assert seen.count(text.strip()) == 4
    assert "2. and this" in seen
    assert "\\" not in seen


def test_a_fence_is_longer_than_any_run_of_backticks_in_it() -> None:
    route = replace(named("withdrawn"), details={"nickname": "````", "company": "x"})
    assert "`````text\n" in render.as_markdown(diagnosed(route, "zh"), "xingtu")


def test_an_error_in_the_same_envelope() -> None:
    error = InvalidRules([Problem("r.yaml", 3, 4, Text("错", "wrong"), "XT000")])
    document = json.loads(render.error_as_json(error, "zh"))
    assert document["rules"] is None
    assert "outcome" not in document
    assert document["error"] == {
        "code": "invalid-rules",
        "message": "规则文件有 1 处问题，改好后再运行：",
        "problems": [
            {
                "file": "r.yaml",
                "line": 3,
                "column": 4,
                "id": "XT000",
                "message": "错",
                "hint": None,
            }
        ],
    }


def test_an_odd_tracking_number_is_a_warning() -> None:
    usual = diagnosed(named("greater"), "en")
    route = replace(named("greater"), details={"tracking-number": "SF123"})
    odd = diagnosed(route, "en")
    assert not any("SF" in warning for warning in usual.warnings)
    assert "“SF123” does not look like one of SF Express" in odd.warnings[-1]
    assert "courier tracking number (快递单号) “SF123”" in odd.warnings[-1]
    assert "“SF123”不像顺丰的单号" in diagnosed(route, "zh").warnings[-1]


@pytest.mark.parametrize(
    ("route", "why"),
    [
        ("not-generated", "Do not send it yet"),
        ("greater", "after the supplementary invoice has been delivered"),
        ("less", "only after the platform has answered"),
        ("equal", None),
        ("withdrawn", None),
    ],
)
def test_an_email_that_must_wait_says_why(route: str, why: str | None) -> None:
    diagnosis = diagnosed(named(route), "en")
    assert diagnosis.email
    assert len(diagnosis.email.hold) == (why is not None)
    assert (why or "") in "".join(diagnosis.email.hold)
    assert set(diagnosis.email.hold) <= {note for step in diagnosis.steps for note in step.notes}
