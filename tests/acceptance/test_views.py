"""`xingtu rules show`, `graph` and `paths` as whoever maintains the rules uses them."""

import json
import os
import subprocess
from pathlib import Path

import pexpect
import pytest

from tests.conftest import PROGRAM, ROOT, Run, clean_environment

SMALL = str(ROOT / "tests" / "rules" / "valid" / "minimal.yaml")
BROKEN = str(ROOT / "tests" / "rules" / "broken" / "cycle.yaml")


def test_show_draws_the_rules_in_force_or_a_file(xingtu: Run) -> None:
    ran = xingtu("rules", "show")
    assert (ran.code, ran.err) == (0, "")
    assert "\n□ settled  这笔结算" in ran.out
    assert "\n   ● settle-first  还没结算，先在即合后台提交结算\n" in ran.out
    assert "\x1b" not in ran.out
    ran = xingtu("rules", "show", SMALL, "--lang", "en")
    assert "◇ late  late (working-days-over)\n" in ran.out
    assert ran.out == xingtu("--rules", SMALL, "rules", "show", LANG="en_US.UTF-8").out


@pytest.mark.parametrize("command", ["show", "graph", "paths"])
def test_broken_rules_are_told_with_their_places(xingtu: Run, command: str) -> None:
    ran = xingtu("rules", command, BROKEN)
    assert (ran.code, ran.out) == (3, "")
    assert f"{BROKEN}:" in ran.err
    assert "Traceback" not in ran.err


def test_show_as_json(xingtu: Run) -> None:
    document = json.loads(xingtu("rules", "show", "--format", "json", SMALL).out)
    assert document["schema"] == 1
    assert document["rules"] == {"id": "small", "version": "1", "as_of": "2026"}
    assert [node["id"] for node in document["nodes"]] == [
        *("paid", "mailed", "late", "ask-them", "fine")
    ]


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_show_on_a_console_that_lacks_characters(xingtu: Run, encoding: str) -> None:
    ran = xingtu("rules", "show", PYTHONIOENCODING=encoding, PYTHONUTF8="0", encoding=encoding)
    assert ran.code == 0
    assert ("└─ no" in ran.out) == (encoding == "gbk")


def test_graph_prints_the_source_of_a_diagram(xingtu: Run) -> None:
    ran = xingtu("rules", "graph")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("%% 星图即合打款失败排查\nflowchart TD\n")
    assert xingtu("rules", "graph", "--format", "mermaid").out == ran.out
    assert xingtu("rules", "graph", "--format", "dot").out.startswith("digraph ")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["graph", "--format", "svg"], "--format 只能是：mermaid、dot，不能是“svg”"),
        (["show", "--format", "dot"], "--format 只能是：text、json，不能是“dot”"),
        (["paths", "--limit", "0"], "--limit 要写大于 0 的整数，不能是“0”"),
        (["paths", "--limit", "-1"], "--limit 要写大于 0 的整数，不能是“-1”"),
        (["paths", "--today", "soon"], "--today 不能是“soon”"),
    ],
)
def test_usage_errors(xingtu: Run, words: list[str], told: str) -> None:
    ran = xingtu("rules", *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_paths_are_commands_that_a_shell_runs(xingtu: Run) -> None:
    ran = xingtu("rules", "paths", SMALL, "--today", "2026-11-25", "--lang", "en")
    assert (ran.code, ran.err) == (0, "Routes: 4.\n")
    assert ran.out.splitlines()[4:6] == [
        "# ask-them  Ask",
        "xingtu diagnose --paid no --mailed 2026-11-03 --today 2026-11-25 --lang en"
        f" --rules {SMALL}",
    ]
    reports = subprocess.run(
        ["sh", "-e"],
        input=ran.out,
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(PATH=f"{PROGRAM.parent}:{os.environ['PATH']}"),
        check=True,
    )
    ends = [line for line in reports.stdout.splitlines() if line.startswith("★ ")]
    assert ends == ["★ Fine", "★ Fine", "★ Ask", "★ Fine"]


def test_paths_beyond_the_limit_are_counted(xingtu: Run) -> None:
    ran = xingtu("rules", "paths", "--limit", "3")
    assert len(ran.out.splitlines()) == 6
    assert "共 47 条路线，列出了前 3 条；多列一些请加 --limit。\n多选题只列出各选一项" in ran.err
    document = json.loads(
        xingtu("rules", "paths", "--limit", "00000000003", "--format", "json").out
    )
    assert (document["total"], document["left_off"], len(document["routes"])) == (47, 44, 3)
    first = document["routes"][0]
    assert first["command"].startswith("xingtu diagnose --settled no --today ")
    assert (first["outcome"], first["path"], first["answers"]) == (
        *("settle-first", ["settled"], {"settled": "no"}),
    )


def test_a_route_without_an_example_is_told(xingtu: Run, tmp_path: Path) -> None:
    rules = (ROOT / "tests" / "rules" / "valid" / "minimal.yaml").read_text("utf-8")
    again = """  late-again:
    says: {zh: 又, en: again}
    compute: working-days-over
    of: {since: mailed, until: today, days: 30}
    then: {"yes": ask-them, "no": fine}
  late:"""
    rules = rules.replace("  late:", again, 1).replace("then: late\n", "then: late-again\n")
    rules = rules.replace('then: {"yes": ask-them, "no": fine}', 'then: {"*": late}', 1)
    changed = tmp_path / "rules.yaml"
    changed.write_text(rules, "utf-8")
    ran = xingtu("rules", "paths", str(changed))
    assert ran.code == 0
    assert "# × 没有找到能走通的例子：paid=no → mailed → late-again=yes → late=no → fine" in ran.out
    assert "其中 1 条没有找到例子" in ran.err


def test_a_reader_that_leaves_is_no_error() -> None:
    done = subprocess.run(
        ["sh", "-c", f"{PROGRAM} rules paths | head -1; {PROGRAM} rules show | head -1"],
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(),
        check=True,
    )
    assert (len(done.stdout.splitlines()), done.stderr) == (2, "")


def test_show_in_a_narrow_terminal() -> None:
    from rich.cells import cell_len

    child = pexpect.spawn(
        str(PROGRAM), ["rules", "show", "--color", "never"],
        env=clean_environment(), encoding="utf-8", dimensions=(200, 40), timeout=20,
    )  # fmt: skip
    child.expect(pexpect.EOF)
    lines = (child.before or "").split("\r\n")
    assert max(cell_len(line) for line in lines) <= 40
    assert "□ settled  这笔结算，是你们自己在即合后" in lines
    assert "│ 台用「结算」功能提交的吗？" in lines
