"""What each command does to the world outside, as the interpreter's audit hook saw it."""

import ast
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run, clean_environment
from tests.pdfs import pdf, scan
from tests.routes import CANCELLABLE
from xingtu_cli.pdf import READER

CANARY = "__import__('os').system('touch CANARY')"
DAY = ("--today", "2026-11-23")
ANSWERS = {**CANCELLABLE, "new-amount": "12000", "invoiced-amount": "10000"}
FLAGS = [f"--{name}={value}" for name, value in ANSWERS.items()]
DETAILS = [f"--nickname={CANARY}", f"--company=$(touch CANARY);{CANARY}"]
SENT = ["--tracking-number", "SF1234567890123"]
TABLE = "settled,nickname,x\nno,{0},=CANARY()\nCANARY,{0},{0}\n"
LOCKED = ["--settled=yes", "--stamped=yes", "--mailed-on=2026-10-08", "--wrong-fields=bank"]

# each command: its words, and the files that it may write
COMMANDS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "version": (["--version"], []),
    "help": (["--help"], []),
    "help of diagnose": (["diagnose", "--help"], []),
    "text": (["diagnose", *FLAGS, *DETAILS, *DAY], []),
    "colour": (["diagnose", *FLAGS, *DETAILS, *DAY, "--color", "always"], []),
    "json": (["diagnose", *FLAGS, *DETAILS, *DAY, "--format", "json"], []),
    "markdown": (["diagnose", *FLAGS, *DETAILS, *DAY, "--format", "markdown"], []),
    "a value that is none": (["diagnose", "--settled", CANARY], []),
    "a flag that is none": (["diagnose", f"--{CANARY}"], []),
    "debug": (["diagnose", "--settled", CANARY, "--debug"], []),
    "a draft, a case and a calendar": (
        ["diagnose", *FLAGS, *DETAILS, *SENT, *DAY, "--eml", "out.eml", "--save", "out.yaml"]
        + ["--ics", "out.ics", "--attach", "-CANARY; .png"],
        ["out.eml", "out.yaml", "out.ics"],
    ),
    "a draft with a scan": (
        ["diagnose", *LOCKED, "--statement-status=withdrawn", *DETAILS, *DAY, "--eml", "out.eml"]
        + ["--attach=--help.pdf", "--statement=$(CANARY).pdf"],
        ["out.eml"],
    ),
    "answers": (["diagnose", "--answers", "answers.yaml", *DAY], []),
    "account": (["account", "--name", CANARY, "--statement=--help.pdf"], []),
    "account by hand": (["account", "--name", CANARY, "--on-statement-name", "x"], []),
    "show": (["case", "show", "saved.yaml", "--ics", "out.ics"], ["out.ics"]),
    "done": (["case", "done", "saved.yaml", "1", *DAY], ["saved.yaml"]),
    "list": (["case", "list", "."], []),
    "csv": (["batch", "in.csv", "-o", "out.csv", *DAY], ["out.csv"]),
    "xlsx": (["batch", "in.csv", "-o", "out.xlsx", *DAY], ["out.xlsx"]),
    "jsonl": (["batch", "in.csv", "--format", "jsonl", *DAY], []),
    "from xlsx": (["batch", "in.xlsx", "-o", "out.csv", *DAY], ["out.csv"]),
    "drafts": (["batch", "all.csv", "-o", "out.csv", "--eml-dir", "d", *DAY], ["out.csv", "d"]),
    "template": (["batch", "--template", "out.xlsx"], ["out.xlsx"]),
    "check": (["rules", "check"], []),
    "check of a broken file": (["rules", "check", "broken.yaml"], []),
    "rules show": (["rules", "show"], []),
    "graph": (["rules", "graph", "--format", "dot"], []),
    "paths": (["rules", "paths"], []),
    "schema": (["rules", "schema"], []),
}  # fmt: skip
SPAWN = "os.posix_spawn"
READS_PDF = {"account": 1, "a draft with a scan": 2}


@pytest.fixture
def desk(tmp_path: Path, xingtu: Run) -> Path:
    """A folder with one file of each kind, named as unkindly as a system takes it."""
    desk = tmp_path / "desk"
    (desk / "d").mkdir(parents=True)
    (tmp_path / "temporary").mkdir()
    (desk / "-CANARY; .png").write_bytes(b"\x89PNG\r\n\x1a\n....")
    (desk / "--help.pdf").write_bytes(scan(1))
    (desk / "$(CANARY).pdf").write_bytes(pdf(["账户名称：某某公司"]))
    (desk / "in.csv").write_text(TABLE.format(CANARY), "utf-8")
    names = ",".join([*ANSWERS, "nickname"])
    (desk / "all.csv").write_text(f"{names}\n{','.join(ANSWERS.values())},{CANARY}\n", "utf-8")
    (desk / "answers.yaml").write_text(f'settled: "no"\nnickname: "{CANARY}"\n', "utf-8")
    shipped = (ROOT / "rules.yaml").read_text("utf-8")
    broken = shipped.replace("version:", "version: !!python/object/apply:os.system [CANARY] #", 1)
    (desk / "broken.yaml").write_text(broken, "utf-8")
    saving = xingtu("diagnose", *FLAGS, *DETAILS, *DAY, "--save", "saved.yaml", cwd=desk)
    assert saving.code == 0, saving.err
    assert xingtu("batch", "in.csv", "-o", "in.xlsx", "--quiet", cwd=desk).code == 1
    return desk


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_touches_what_it_was_told_to(name: str, desk: Path, xingtu: Run) -> None:
    words, may_write = COMMANDS[name]
    log, temporary = desk.parent / "log", desk.parent / "temporary"
    before = set(desk.rglob("*"))
    ran = xingtu(
        *words,
        cwd=desk,
        XINGTU_AUDIT=str(log),
        TMPDIR=str(temporary),
        HOME=str(temporary),
        PYTHONDONTWRITEBYTECODE="1",
        COVERAGE_PROCESS_START="",
        COVERAGE_PROCESS_CONFIG="",
    )
    assert ran.code in (0, 1, 2, 3), ran.err
    assert "Traceback" not in ran.err or name == "debug"
    seen = [ast.literal_eval(line) for line in log.read_text("utf-8").splitlines()]
    popen = [what[1] for event, what in seen if event == "subprocess.Popen"]
    others = [(event, what) for event, what in seen if event not in ("open", "import", SPAWN)]
    spawned = [what[1] for event, what in seen if event == SPAWN]  # how Popen does it, from 3.13 on
    assert popen == [[sys.executable, "-P", str(READER)]] * READS_PDF.get(name, 0)
    assert [event for event, _ in others] == ["subprocess.Popen"] * len(popen)
    assert spawned in ([], popen)
    for path in (Path(what) for event, what in seen if event == "open"):
        place = desk / path
        if temporary in (place, *place.parents) or path == Path(os.devnull):
            continue
        assert place.is_relative_to(desk), path
        *folders, file = place.relative_to(desk).parts
        beside = [file.removeprefix(".").removesuffix(".part"), *folders]
        assert any(
            part == mine or part.lstrip(".").startswith(f"{mine}.")
            for mine in may_write
            for part in beside
        ), path
    assert {p.relative_to(desk).parts[0] for p in set(desk.rglob("*")) - before} <= {*may_write}
    assert list(temporary.iterdir()) == []
    assert not (desk / "CANARY").exists()


def test_the_audit_sees_what_it_looks_for(tmp_path: Path) -> None:
    code = (
        "import os, pickle, smtplib, subprocess\nopen('made', 'w').close()\nos.system('true')\n"
        "subprocess.run(['true'])\nexec('CANARY = 1')\nPath = None\n"
        "pickle.loads(pickle.dumps(print))\n"
    )
    log = tmp_path / "log"
    environment = clean_environment(XINGTU_AUDIT=str(log))
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True)
    events = [ast.literal_eval(line)[0] for line in log.read_text().splitlines()]
    wanted = {"open", "os.system", "subprocess.Popen", "compile", "import", "pickle.find_class"}
    assert wanted <= set(events)
