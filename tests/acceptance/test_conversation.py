"""The installed program in a real terminal."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from tests.conftest import PROGRAM, Run, clean_environment, flags
from tests.routes import ROUTES, Route

Start = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture
def start() -> Start:
    def spawn(words: str = "", columns: int = 80, **environment: str) -> "pexpect.spawn[str]":
        return pexpect.spawn(
            "sh",
            ["-c", f"exec {PROGRAM} {words}"],
            env=clean_environment(**environment),
            encoding="utf-8",
            dimensions=(200, columns),
            timeout=20,
        )

    return spawn


def ended(child: "pexpect.spawn[str]") -> tuple[int | None, str]:
    child.expect(pexpect.EOF)
    rest = child.before or ""
    child.close()
    return child.exitstatus, rest.replace("\r\n", "\n")


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_prompts_and_flags_agree(route: Route, start: Start, xingtu: Run, tmp_path: Path) -> None:
    details = subprocess.list2cmdline(list(flags(route.details)))
    asked = tmp_path / "asked.json"
    child = start(f"--today {route.today} {details} --format json > {asked}")
    for number, answer in enumerate(route.answers.values(), 1):
        child.expect(f"第 {number} 题，最多 7 题")
        child.expect("> ")
        child.sendline(answer)
    code, _ = ended(child)
    given = xingtu("diagnose", *flags(route.answers), *flags(route.details),
                   "--today", route.today, "--format", "json")  # fmt: skip
    assert (code, given.code) == (0, 0)
    assert json.loads(asked.read_text()) == json.loads(given.out)
    assert json.loads(given.out)["outcome"] == route.outcome


def test_a_walk_by_numbers_with_help_and_back(start: Start) -> None:
    child = start("--today 2026-11-23")
    child.expect("这笔结算，是你们自己在即合后台用「结算」功能提交的吗？")
    child.expect_exact("> ")
    child.sendline("b")
    child.expect("已经是第一题了")
    child.sendline("？")
    child.expect("菜单：登录账号 → 提现设置 → 财务管理 → 交易记录 → 结算单记录")
    child.sendline("9")
    child.expect("× 没有第 9 项。请重新输入。")
    child.sendline("１")
    child.expect("结算单盖好公司公章了吗？")
    child.sendline("b")
    child.expect("第 1 题")
    child.sendline("是")
    child.expect("第 2 题")
    child.sendline("1.")
    child.expect("发票是哪一天寄出的？")
    child.sendline("01/02/2026")
    child.expect("分不清哪个是月、哪个是日")
    child.sendline("2026年10月8日")
    child.expect("可以多选")
    child.sendline("1,4")
    child.expect_exact("× “三项都正确”（none）只能单独选。请重新输入。")
    child.sendline("2，1")
    child.expect("取消提现")
    child.sendline("3")
    child.expect_exact("要把这封邮件写成草稿文件吗？")
    report = (child.before or "").replace("\r\n", "\n")
    child.sendline("")
    code, _ = ended(child)
    assert code == 0
    assert "有误的账户信息  账户名称、银行卡号" in report
    assert "★ 结算单不能取消，按“情况二”处理" in report
    assert "主题：【即合打款失败】〈即合昵称〉--正确结算单扫描件" in report
    assert (
        "xingtu diagnose --settled yes --stamped yes --mailed-on 2026-10-08 --wrong-fields"
        " account-name,account-number --statement-status withdrawn --today 2026-11-23"
    ) in report


def test_flags_answer_and_the_rest_is_asked_in_english(start: Start) -> None:
    child = start("--lang en --settled yes --mailed-on not-yet")
    child.expect("Question 2 of at most 2")
    child.expect("Has the statement")
    child.sendline("maybe")
    child.expect("× Sorry, no such choice. Please try again.")
    child.sendline("Yes")
    code, report = ended(child)
    assert code == 0
    assert "★ The invoice has not been mailed; mail it first" in report


@pytest.mark.parametrize("typed", ["户名,2", "1、银行卡号", "2 户名", "账户名称和银行卡号"])
def test_words_and_numbers_may_be_mixed(start: Start, typed: str) -> None:
    child = start(
        "--settled yes --stamped yes --mailed-on 2026-10-08 --statement-status withdrawn"
        " --today 2026-11-23"
    )
    child.expect("哪几项不对")
    child.expect_exact("> ")
    child.sendline(typed)
    child.expect("有误的账户信息  账户名称、银行卡号")
    child.sendintr()


def test_a_word_that_does_not_stand_there_is_read_back(start: Start) -> None:
    child = start("--today 2026-11-23 --color never")
    for typed, read in (("y", "是"), ("盖了", "盖好了"), ("2026/10/8", "2026-10-08（周四）")):
        child.expect_exact("\n> ")
        child.sendline(typed)
        child.expect_exact(f"\n  = {read}\r\n")
    child.expect_exact("\n> ")
    child.sendline("2")
    child.expect_exact("第 5 题")
    assert "=" not in (child.before or "")
    child.expect_exact("\n> ")
    child.sendline("有")
    child.expect_exact("\n  = 有「取消提现」，或者已经取消了（状态写着「已提现」也算）\r\n")
    child.sendintr()


@pytest.mark.parametrize("key", ["ctrl-c", "q"])
def test_stopping_says_how_to_go_on(start: Start, key: str) -> None:
    child = start("--today 2026-11-23 --nickname 小明")
    child.expect_exact("> ")
    child.sendline("1")
    child.expect("第 2 题")
    child.expect_exact("> ")
    if key == "q":
        child.sendline("q")
    else:
        child.sendintr()
    code, said = ended(child)
    assert code == 130
    assert "已退出，还没有得出结论。" in said
    assert "接着做，请运行：\n" in said
    assert "\nxingtu diagnose --settled yes --nickname 小明 --today 2026-11-23\n" in said
    assert "Traceback" not in said


def test_the_end_of_input_names_what_is_missing(start: Start) -> None:
    child = start("--settled yes --stamped yes")
    child.expect_exact("> ")
    child.sendeof()
    code, said = ended(child)
    assert code == 2
    assert "--mailed-on YYYY-MM-DD|not-yet" in said
    assert "xingtu diagnose --settled yes --stamped yes" in said


def test_stopping_at_once_has_nothing_to_go_on_from(start: Start) -> None:
    child = start()
    child.expect_exact("> ")
    child.sendintr()
    code, said = ended(child)
    assert code == 130
    assert "接着做" not in said


@pytest.mark.parametrize(
    ("flags", "told", "again"),
    [
        ("--save {new}", "已存在，没有覆盖", " --save {new}"),
        ("--ics {new}", "已存在，没有覆盖", " --ics {new}"),
        ("> /dev/full", "写不出结果：磁盘满了", ""),
    ],
)
def test_answers_are_not_lost_where_a_file_cannot_be_written(
    start: Start, tmp_path: Path, flags: str, told: str, again: str
) -> None:
    new = tmp_path / "new.yaml"
    given = "--stamped yes --mailed-on 2026-11-20"
    child = start(f"{given} --today 2026-11-23 {flags.format(new=new)}")
    child.expect_exact("> ")
    new.write_text("meanwhile", "utf-8")
    child.sendline("1")
    code, said = ended(child)
    assert code == 1
    assert told in re.sub(r"\s", "", said)
    line = f"xingtu diagnose --settled yes {given}{again.format(new=new)} --today 2026-11-23"
    assert f"\n接着做，请运行：\n{line}\n" in said
    assert new.read_text("utf-8") == "meanwhile"


def test_prompts_go_to_stderr_and_the_result_to_stdout(start: Start, tmp_path: Path) -> None:
    result = tmp_path / "result"
    child = start(f"> {result}")
    child.expect_exact("> ")
    child.sendline("2")
    code, said = ended(child)
    assert code == 0
    assert "★" not in said
    text = result.read_text("utf-8")
    assert text.startswith("星图即合打款失败排查\n")
    assert "第 1 题" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("typed", "then"),
    [
        ("help", "xingtu"),
        ("帮助", "xingtu"),
        ("返回", "已经是第一题了"),
        ("Quit", "已退出"),
        ("退出", "已退出"),
    ],
)
def test_a_key_may_be_spelled_out(start: Start, typed: str, then: str) -> None:
    child = start("--today 2026-11-23")
    child.expect_exact("> ")
    child.sendline(typed)
    child.expect_exact("菜单：" if then == "xingtu" else then)
    child.sendintr()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("户名,卡号码", "× “卡号码”：没有这个选项"),
        ("1,9", "× 没有第 9 项"),
        ("1,00025", "× 没有第 00025 项"),
        ("卡号码", "× 没有这个选项"),
    ],
)
def test_a_refusal_names_the_part_that_is_wrong(start: Start, typed: str, says: str) -> None:
    child = start("--settled yes --stamped yes --mailed-on 2026-10-08 --today 2026-11-23")
    child.expect("哪几项不对")
    child.expect_exact("> ")
    child.sendline(typed)
    child.expect_exact(says)
    child.sendintr()
