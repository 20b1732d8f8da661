"""`xingtu account` and the `c` key, as a script and as a person uses them."""

import json
import shlex
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.acceptance.test_conversation import Start, ended
from tests.acceptance.test_conversation import start as start  # the fixture
from tests.conftest import Run
from tests.pdfs import pdf, raw, scan, shown

SMALL = Path(__file__).parents[1] / "rules" / "valid" / "minimal.yaml"
NAME, NUMBER = "某某（北京）文化传媒有限公司", "0200001234567890123"
BANK = "中国工商银行股份有限公司北京朝阳支行"
RIGHT = ["--name", NAME, "--number", NUMBER, "--bank", BANK]
STATEMENT = ["--on-statement-name", NAME, "--on-statement-number", NUMBER]
STATEMENT += ["--on-statement-bank", BANK]


def test_all_equal(xingtu: Run) -> None:
    ran = xingtu("account", *STATEMENT, *RIGHT)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("\n--wrong-fields none\n")


def test_the_value_is_what_diagnose_takes(xingtu: Run) -> None:
    words = ["--on-statement-name", "某某(北京)文化传媒有限公司"]
    words += ["--on-statement-number", "0200 0012 3465 7890 123", "--on-statement-bank", BANK]
    compared = xingtu("account", *words, *RIGHT)
    assert compared.code == 0
    passed_on = compared.out.rstrip("\n").split("\n")[-1]
    assert passed_on == "--wrong-fields account-name,account-number"
    ran = xingtu(
        *("--settled", "yes", "--stamped", "yes", "--mailed-on", "2026-10-08"),
        *("--statement-status", "withdrawn", "--today", "2026-11-23", "--format", "json"),
        *shlex.split(passed_on),
    )
    assert json.loads(ran.out)["answers"]["wrong-fields"] == ["account-name", "account-number"]


def test_json(xingtu: Run) -> None:
    ran = xingtu("account", *STATEMENT, *RIGHT, "--format", "json", PYTHONIOENCODING="ascii")
    document = json.loads(ran.out)
    assert [field["result"] for field in document["fields"]] == ["identical"] * 3
    assert (document["flag"], document["value"]) == ("--wrong-fields", "none")
    assert document["complete"] is True
    assert document["rules"]["id"] == "jihe-payout-failure"


def test_part_of_it_is_marked_incomplete(xingtu: Run) -> None:
    number = ["--number", NUMBER, "--on-statement-number"]
    same = xingtu("account", *number, NUMBER)
    assert (same.code, same.err) == (0, "")
    assert "--wrong-fields" not in same.out
    assert "还没比对：账户名称、开户行信息。" in same.out
    other = xingtu("account", *number, NUMBER[1:], "--lang", "en")
    assert "Not compared yet: 账户名称 (account name), 开户行信息 (opening bank)." in other.out
    assert other.out.endswith("\n--wrong-fields account-number\n")


def test_without_a_terminal_it_names_what_is_missing(xingtu: Run) -> None:
    nothing = xingtu("account")
    assert (nothing.code, nothing.out) == (2, "")
    for flag in ("name", "number", "bank"):
        assert f"\n  --on-statement-{flag}  " in nothing.err
        assert f"\n  --{flag}  " in nothing.err
    assert "只比其中一项也行，两边都要填" in nothing.err
    assert "在终端里运行 xingtu account，会逐题询问。" in nothing.err
    half = xingtu("account", "--number", NUMBER, "--format", "json")
    error = json.loads(half.out)["error"]
    assert error["code"] == "missing-answers"
    assert [each["flag"] for each in error["missing"]] == ["--on-statement-number"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--number", "6.2E+18"], "--number 不能填“6.2E+18”：账号被 Excel 变成了科学计数法"),
        (["--number", "0200O012"], "第 5 位却是“O”"),
        (["--number", ""], "--number 不能填“”：没有内容"),
        (["--name", "银行卡号：0200"], "这一行写着“银行卡号”，这里要填的是账户名称"),
        (["--nam", "x"], "没有 --nam 这个参数，是不是“--name”？"),
        (["--format", "markdown"], "--format 只能是：text、json"),
        (["--statement", "", "--number", "1234567890"], "--statement 后面要写文件名"),
    ],
)
def test_usage_errors(xingtu: Run, words: list[str], told: str) -> None:
    ran = xingtu("account", *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_what_was_taken_off_is_said(xingtu: Run) -> None:
    words = ["account", "--number", f"银行卡号：{NUMBER}", "--on-statement-number", f" {NUMBER}"]
    ran = xingtu(*words)
    assert ran.err == (
        "--on-statement-number：去掉了首尾的空格\n--number：去掉了开头的“银行卡号”\n"
    )
    assert xingtu(*words, "--quiet").err == ""


def test_rules_without_such_a_question(xingtu: Run) -> None:
    ran = xingtu("account", "--rules", str(SMALL), *STATEMENT, *RIGHT)
    assert (ran.code, ran.err) == (0, "")
    assert "--wrong-fields" not in ran.out
    assert "这份规则里没有哪道题问账户信息" in ran.out
    document = json.loads(
        xingtu("account", "--rules", str(SMALL), *STATEMENT, *RIGHT, "--format", "json").out
    )
    assert (document["flag"], document["value"]) == (None, None)


def test_other_rules_give_their_own_flag(xingtu: Run) -> None:
    rules = str(SMALL.with_name("comparing.yaml"))
    ran = xingtu("account", "--rules", rules, "--name", "a", "--on-statement-name", "b")
    assert ran.out.endswith("\n--paid holder\n")


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_any_console(xingtu: Run, encoding: str) -> None:
    ran = xingtu(
        *("account", "--name", "某𬭎\u200b公司", "--on-statement-name", "某鋐公司"),
        PYTHONIOENCODING=encoding, PYTHONUTF8="0", LANG="C", XINGTU_LANG="en", encoding=encoding,
    )  # fmt: skip
    assert ran.code == 0
    assert "Traceback" not in ran.err
    if encoding == "gbk":
        assert "\n  statement  某鋐       ________公司\n" in ran.out
        assert "\n  should be  某<U+2CB4E><U+200B>公司\n" in ran.out


def test_nothing_is_written_to_disk(xingtu: Run, tmp_path: Path) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    ran = xingtu("account", *STATEMENT, *RIGHT, cwd=here, HOME=str(home), TMPDIR=str(here))
    assert ran.code == 0
    assert list(home.iterdir()) == list(here.iterdir()) == []


# ─── a statement as PDF ──────────────────────────────────────────────────────────────────────────


@pytest.fixture
def statement(tmp_path: Path) -> Path:
    file = tmp_path / "结算单.pdf"
    last = ["供应商账户信息", "账户名称", NAME, "银行卡号", "0200 0012 3465 7890 123"]
    file.write_bytes(pdf(["第一页"], [*last, "开户行信息", BANK[:12], BANK[12:]]))
    return file


def test_a_statement_is_searched_for_the_right_values(xingtu: Run, statement: Path) -> None:
    ran = xingtu("account", "--statement", str(statement), *RIGHT)
    assert (ran.code, ran.err) == (0, "")
    assert "√ 账户名称：完全一致" in ran.out
    assert "× 银行卡号：不一致\n  结算单  0200 0012 3465 7890 123\n" in ran.out
    assert "是程序猜的，请翻到最后一页看一眼" in ran.out
    assert "√ 开户行信息：完全一致" in ran.out
    assert ran.out.endswith("\n--wrong-fields account-number\n")


def test_what_is_typed_beats_the_statement(xingtu: Run, statement: Path) -> None:
    words = ["--statement", str(statement), "--on-statement-number", NUMBER]
    ran = xingtu("account", *words, *RIGHT)
    assert ran.out.endswith("\n--wrong-fields none\n")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (scan(), "的最后一页没有文字，应该是扫描件或图片。请看着它填 --on-statement-name"),
        (b"hello", "不是 PDF 文件"),
        (pdf([NAME], password="secret"), "有打开密码，读不了"),
        (pdf([NAME])[:500], "已损坏或不完整"),
        (pdf(["别的内容"]), "的最后一页里没有这些内容，也没有相近的"),
        (raw(b"/X Do " * 50 + shown("卡号", "utf-16-be")), "已损坏或不完整"),
    ],
)
def test_a_statement_that_does_not_help(
    xingtu: Run, tmp_path: Path, data: bytes, told: str
) -> None:
    file = tmp_path / "结算单.pdf"
    file.write_bytes(data)
    ran = xingtu("account", "--statement", str(file), *RIGHT)
    assert (ran.code, ran.out) == (1, "")
    assert f"错误：{file} {told}" in ran.err
    assert "Traceback" not in ran.err


def test_a_statement_needs_the_right_values(xingtu: Run, statement: Path) -> None:
    ran = xingtu("account", "--statement", str(statement))
    assert ran.code == 2
    assert "--on-statement" not in ran.err
    assert "\n  --number  正确的银行卡号\n" in ran.err


# ─── in a terminal ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("columns", [40, 80])
def test_what_is_missing_is_asked(start: Start, columns: int) -> None:
    child = start("account --color never", columns=columns)
    child.expect("结算单上的账户名称？")
    child.sendline("b")
    child.expect("已经是第一项了")
    child.sendline("账户名称：某某(北京)文化传媒有限公司")
    child.expect("去掉了开头的“账户名称”")
    child.expect("结算单上的银行卡号？")
    child.sendline("6.2E+18")
    child.expect("科学计数法")
    child.sendline("0200 0012 3465 7890 123")
    child.expect("结算单上的开户行信息？")
    child.sendline("")
    child.expect("第 4 项，最多 5 项")
    child.expect("正确的账户名称？")
    child.sendline(NAME)
    child.expect("正确的银行卡号？")
    child.sendline("b")
    child.expect("正确的账户名称？")
    child.sendline(NAME)
    child.expect("正确的银行卡号？")
    child.sendline("？")
    child.expect("开户许可证")
    child.sendline(NUMBER)
    child.expect("账户信息逐字核对")
    code, said = ended(child)
    assert code == 0
    assert "  应为    0200 0012 3456 7890 123\n" + " " * 22 + "^^\n" in said
    assert "还没比对：开户行信息。" in said.replace("\n", "")
    assert said.endswith("\n--wrong-fields account-name,account-number\n")
    lines = said.split("\n")[:-2]
    assert max(cell_len(line) for line in lines) <= columns


def test_three_lines_pasted_at_once(start: Start) -> None:
    child = start(shlex.join(["account", *RIGHT]))
    child.expect("结算单上的账户名称？")
    child.send(f"账户名称：{NAME}\n银行卡号：{NUMBER}\n开户行信息：{BANK}\n")
    code, said = ended(child)
    assert code == 0
    assert said.endswith("\n--wrong-fields none\n")


@pytest.mark.parametrize(("key", "code"), [("q", 130), ("ctrl-c", 130), ("ctrl-d", 2)])
def test_stopping(start: Start, key: str, code: int) -> None:
    child = start("account --number 0200001234567890123")
    child.expect("结算单上的账户名称？")
    if key == "q":
        child.sendline("q")
    elif key == "ctrl-c":
        child.sendintr()
    else:
        child.sendeof()
    ended_with, said = ended(child)
    assert ended_with == code
    assert "Traceback" not in said
    assert (
        "--on-statement-number  结算单上的银行卡号" if key == "ctrl-d" else "已退出，还没有比对。"
    ) in said


DIAGNOSE = "--settled yes --stamped yes --mailed-on 2026-10-08 --today 2026-11-23"


def test_c_compares_and_takes_over_the_answer(start: Start) -> None:
    child = start(DIAGNOSE)
    child.expect("c 逐字核对")
    child.sendline("c")
    child.expect("结算单上的账户名称？")
    for value in (NAME, NUMBER, BANK, NAME, NUMBER, BANK.replace("朝阳", "海淀")):
        child.expect_exact("> ")
        child.sendline(value)
    child.expect("× 开户行信息：不一致")
    child.expect("回车或 y：就用这个结果回答（开户行信息）。b：不用，回到这道题。")
    child.sendline("y")
    child.expect("第 5 题")
    child.sendline("b")
    child.expect("哪几项不对")
    child.sendline("3")
    child.expect("第 5 题")
    child.sendline("3")
    child.expect_exact("要把这封邮件写成草稿文件吗？")
    report = child.before or ""
    child.sendline("")
    code, _ = ended(child)
    assert code == 0
    assert "--wrong-fields bank" in report.replace("\r\n", "")
    assert NUMBER not in report


def test_c_can_be_left_at_any_point(start: Start) -> None:
    child = start(DIAGNOSE)
    child.expect("哪几项不对")
    child.sendline("Ｃ")
    child.expect("结算单上的账户名称？")
    child.sendline("b")
    child.expect("第 4 题，最多 7 题")
    child.sendline("c")
    for value in ("", NUMBER, "", NUMBER):
        child.expect_exact("> ")
        child.sendline(value)
    child.expect("先不给出回答")
    child.expect("哪几项不对")
    child.sendline("c")
    for value in ("", NUMBER[1:], "", NUMBER):
        child.expect_exact("> ")
        child.sendline(value)
    child.expect("这个回答可能不完整")
    child.expect_exact("> ")
    for wrong in ("what?", ""):
        child.sendline(wrong)
        child.expect_exact("y 采用（银行卡号，不完整），b 回到问题")
    child.sendline("b")
    child.expect("哪几项不对")
    child.sendline("c")
    child.expect("结算单上的账户名称？")
    child.sendintr()
    code, said = ended(child)
    assert code == 130
    assert f"xingtu diagnose {DIAGNOSE}" in said


def test_c_is_offered_only_where_it_answers(start: Start) -> None:
    child = start("--settled yes")
    child.expect("结算单盖好公司公章了吗？")
    child.expect_exact("> ")
    assert "逐字核对" not in (child.before or "")
    child.sendline("c")
    child.expect("没有这个选项")
    child.sendintr()
    ended(child)
