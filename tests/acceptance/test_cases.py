"""A case that is saved, taken up again, shown, ticked off and listed, as a user does it."""

import json
import stat
from pathlib import Path

import pexpect
import pytest

from tests.conftest import PROGRAM, Run, clean_environment, flags
from tests.routes import CANCELLABLE, SENDER

NOT_GENERATED = {**CANCELLABLE, "new-amount": "not-yet"}


@pytest.fixture
def saved(xingtu: Run, tmp_path: Path) -> Path:
    """A case of November: the account is still to be changed."""
    ran = xingtu("diagnose", *flags(NOT_GENERATED), *flags(SENDER), "--today", "2026-11-24",
                 "--save", "case.yaml", cwd=tmp_path)  # fmt: skip
    assert ran.code == 0
    assert ran.err == "已存到 case.yaml。以后看进展：\nxingtu case show case.yaml\n"
    return tmp_path / "case.yaml"


# ─── --answers and --save ────────────────────────────────────────────────────────────────────────


def test_a_saved_case_gives_the_same_answers(xingtu: Run, saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    first = xingtu("diagnose", *flags(NOT_GENERATED), *flags(SENDER), "--today", "2026-11-24",
                   "--format", "json")  # fmt: skip
    again = xingtu("diagnose", "--answers", str(saved), "--today", "2026-11-24", "--format", "json")
    assert (again.code, again.err) == (0, "")
    assert json.loads(again.out) == json.loads(first.out)


def test_nothing_is_overwritten_without_force(xingtu: Run, saved: Path) -> None:
    before = saved.read_bytes()
    words = ["diagnose", "--answers", "case.yaml", "--today", "2026-11-25", "--save", "case.yaml"]
    refused = xingtu(*words, cwd=saved.parent)
    assert (refused.code, refused.out) == (1, "")
    assert "case.yaml 已存在，没有覆盖" in refused.err
    assert saved.read_bytes() == before
    assert xingtu(*words, "--force", cwd=saved.parent).code == 0
    assert b"diagnosed: '2026-11-25'" in saved.read_bytes()
    assert b"created: '2026-11-24'" in saved.read_bytes()


def test_where_nothing_can_be_saved_nothing_is_asked(xingtu: Run, tmp_path: Path) -> None:
    for name, told in (("none/case.yaml", "没有 none 这个文件夹"), (".", "是文件夹")):
        ran = xingtu("diagnose", "--save", name, cwd=tmp_path)
        assert (ran.code, ran.out) == (1, "")
        assert told in ran.err
    assert xingtu("diagnose", "--save", "-").code == 2


def test_flags_beat_the_file(xingtu: Run, saved: Path) -> None:
    words = ["--answers", str(saved), "--new-amount", "12000", "--invoiced-amount", "10000"]
    ran = xingtu("diagnose", *words, "--nickname", "小红", "--today", "2026-12-05",
                 "--format", "json")  # fmt: skip
    document = json.loads(ran.out)
    assert document["computed"]["difference"] == "2000.00"
    assert document["details"]["nickname"] == ["小红"]
    assert document["details"]["company"] == [SENDER["company"]]


def test_the_line_that_repeats_a_run_takes_the_same_file(xingtu: Run, saved: Path) -> None:
    ran = xingtu("diagnose", "--answers", "case.yaml", "--nickname", "小红", "--today",
                 "2026-11-26", cwd=saved.parent)  # fmt: skip
    again = ran.out.rstrip("\n").split("\n")[-1]
    assert again == "xingtu diagnose --nickname 小红 --answers case.yaml --today 2026-11-26"


def test_an_answers_file_on_standard_input(xingtu: Run) -> None:
    ran = xingtu("--answers", "-", "--format", "json", stdin='{"settled": "no"}')
    assert json.loads(ran.out)["outcome"] == "settle-first"
    some = xingtu("--answers", "-", stdin="settled: yes\nstamped: yes\n")
    assert (some.code, some.out) == (2, "")
    assert "--mailed-on" in some.err


def test_what_is_wrong_with_an_answers_file(xingtu: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("setled: 是\nmailed-on: 昨天\n".encode("gbk"))
    ran = xingtu("--answers", "a.yaml", cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "a.yaml:1:1: 没有叫“setled”的问题或补充信息，是不是“settled”？\n" in ran.err
    assert "a.yaml:2:12: mailed-on 不能是“昨天”：不是日期" in ran.err
    as_json = json.loads(xingtu("--answers", "a.yaml", "--format", "json", cwd=tmp_path).out)
    assert as_json["error"]["code"] == "invalid-answer"
    assert [problem["line"] for problem in as_json["error"]["problems"]] == [1, 2]
    assert xingtu("--answers", "none.yaml", cwd=tmp_path).code == 1


def test_answers_that_are_not_needed(xingtu: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("settled: no\nnew-amount: 5\n", "utf-8")
    ran = xingtu("--answers", "a.yaml", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "not needed on this route: --new-amount\n")
    assert xingtu("--answers", "a.yaml", "--strict", cwd=tmp_path).code == 2


def test_a_case_of_other_rules(xingtu: Run, saved: Path) -> None:
    text = saved.read_text("utf-8").replace("2026.11.1", "2025.1").replace("stamped:", "sealed:")
    saved.write_text(text, "utf-8")
    ran = xingtu("diagnose", "--answers", str(saved), "--stamped", "yes", "--lang", "en",
                 "--today", "2026-11-24")  # fmt: skip
    assert ran.code == 0
    assert "this case was saved under other rules (jihe-payout-failure 2025.1, now" in ran.err
    assert "there is no question or detail “sealed”" in ran.err


def test_what_the_file_answers_is_not_asked(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("settled: yes\nmailed-on: not-yet\n", "utf-8")
    child = pexpect.spawn(
        str(PROGRAM), ["--answers", "a.yaml", "--save", "case.yaml"],
        env=clean_environment(), encoding="utf-8", cwd=str(tmp_path), timeout=20,
    )  # fmt: skip
    child.expect("第 2 题，最多 2 题")
    child.expect_exact("> ")
    child.sendline("q")
    child.expect_exact("接着做，请运行：\r\nxingtu diagnose --answers a.yaml --save case.yaml\r\n")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert not (tmp_path / "case.yaml").exists()
