"""`xingtu rules check`: all problems on standard output, exit 3; as text and as JSON."""

import json
import os
import threading
from pathlib import Path

import pytest

from tests.conftest import PROGRAM, Ran, Run, started

RULES = Path(__file__).parents[1] / "rules"
SOUND = RULES / "valid" / "minimal.yaml"
DANGLING = RULES / "broken" / "dangling-choice.yaml"
CYCLE = RULES / "broken" / "cycle.yaml"


@pytest.mark.parametrize("more", ["", "--format json"])
def test_a_reader_who_leaves_changes_nothing_about_the_rules(more: str) -> None:
    line = f'"$0" rules check "$1" {more} | (exec <&-; sleep 2); exit ${{PIPESTATUS[0]}}'
    assert started("bash", "-c", line, str(PROGRAM), str(DANGLING)) == Ran(3, "", "")


def test_the_rules_in_force_are_sound(xingtu: Run) -> None:
    ran = xingtu("rules", "check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("rules.yaml：没有问题\n")
    assert xingtu("rules", "check", XINGTU_RULES=str(DANGLING)).code == 3


def test_a_problem_as_a_person_sees_it(xingtu: Run) -> None:
    ran = xingtu("rules", "check", str(DANGLING), "--lang", "en")
    assert (ran.code, ran.err) == (3, "")
    assert ran.out == (
        f"{DANGLING}:18:46: there is no question, decision or outcome “mail” [XT205]\n"
        '   18 |       "no": {label: {zh: 否, en: "No"}, then: mail}\n'
        "      |                                               ^^^^\n"
        "    Hint: did you mean “mailed”?\n"
        "\n"
        f"{DANGLING}: problems: 1, maybe more; begin with these\n"
    )


def test_several_files_and_the_worst_of_them_decides(xingtu: Run, tmp_path: Path) -> None:
    none = tmp_path / "none.yaml"
    ran = xingtu("rules", "check", str(SOUND), str(none), str(CYCLE), str(SOUND))
    assert ran.code == 3
    assert ran.out.count("没有问题") == 1
    assert f"没有 {none} 这个文件" in ran.out
    assert f"{CYCLE}:32:35: " in ran.out
    assert xingtu("rules", "check", str(SOUND), str(none)).code == 1


def test_json_says_the_same(xingtu: Run) -> None:
    ran = xingtu("rules", "check", str(CYCLE), str(SOUND), "--format", "json", "--lang", "en")
    assert ran.code == 3
    assert ran.out.isascii()
    document = json.loads(ran.out)
    broken, sound = document["files"]
    assert broken["problems"] == document["error"]["problems"]
    assert broken["problems"] == [
        {
            "file": str(CYCLE),
            "line": 32,
            "column": 35,
            "id": "XT501",
            "message": "this goes round in a circle: paid → mailed → late → paid",
            "hint": "let this then lead elsewhere",
        }
    ]
    assert document["error"]["code"] == "invalid-rules"
    assert sound["rules"] == {"id": "small", "version": "1", "as_of": "2026"}
    assert (sound["problems"], sound["error"]) == ([], None)
    clean = json.loads(xingtu("rules", "check", str(SOUND), "--format", "json").out)
    assert "error" not in clean
    assert clean["rules"]["id"] == "small"


def test_standard_input(xingtu: Run) -> None:
    ran = xingtu("rules", "check", "-", stdin=SOUND.read_text("utf-8"))
    assert (ran.code, ran.out) == (0, "<stdin>：没有问题\n")
    ran = xingtu("rules", "check", "-", stdin="id: x\n\tstart: y\n")
    assert ran.code == 3
    assert ran.out.startswith("<stdin>:2:1: 这里用 Tab 缩进了 [XT002]\n    2 | →   start: y\n")


def test_an_unknown_format(xingtu: Run) -> None:
    ran = xingtu("rules", "check", "--format", "xml")
    assert ran.code == 2
    assert "text" in ran.err


def test_a_terminal_that_cannot_show_chinese(xingtu: Run) -> None:
    ran = xingtu("rules", "check", str(DANGLING), PYTHONIOENCODING="gbk", encoding="gbk")
    assert ran.code == 3
    assert "没有叫“mail”的问题、判断或结论" in ran.out


def test_a_pipe_is_read_once_someone_writes(xingtu: Run, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = threading.Thread(target=lambda: pipe.write_bytes(SOUND.read_bytes()))
    writing.start()
    ran = xingtu("rules", "check", str(pipe))
    writing.join()
    assert (ran.code, ran.out) == (0, f"{pipe}：没有问题\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(xingtu: Run, tmp_path: Path) -> None:
    closed = tmp_path / "closed.yaml"
    closed.write_text("id: x")
    closed.chmod(0)
    ran = xingtu("rules", "check", str(closed))
    assert ran.code == 1
    assert "读不了" in ran.out
