"""A case that is saved, taken up again, shown, ticked off and listed, as a user does it."""

import email
import email.policy
import json
import shlex
import stat
import subprocess
from pathlib import Path
from typing import Any

import pexpect
import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from tests.conftest import PROGRAM, Ran, Run, clean_environment, flags
from tests.routes import CANCELLABLE, LATE, SENDER
from xingtu_cli import casefile
from xingtu_cli.text import Text, within_quotes

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


def test_an_answer_of_a_file_is_amended_by_its_flag(xingtu: Run, saved: Path) -> None:
    words = ("--today", "2026-11-24", "--lang", "en")
    for format_ in ("text", "markdown"):
        plain = xingtu("diagnose", *flags(NOT_GENERATED), *words, "--format", format_).out
        taken = xingtu("diagnose", "--answers", str(saved), *words, "--format", format_).out
        assert "Leave it out of the command" in plain
        assert "Leave it out" not in taken
        assert "Add the right one to the command as a flag, which goes before the file." in taken


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


def test_a_case_of_another_guide(xingtu: Run, saved: Path) -> None:
    text = saved.read_text("utf-8").replace("jihe-payout-failure", "invoice-returned")
    saved.write_text(text.replace("stamped:", "sealed:"), "utf-8")
    before = saved.read_bytes()
    for command, more in (("show", []), ("done", ["1"])):
        ran = xingtu("case", command, str(saved), *more, "--lang", "en", "--today", "2026-11-24")
        assert (ran.code, ran.out) == (2, "")
        assert "this case is of another guide (invoice-returned " in ran.err
        assert "add --rules and that guide's rules file." in ran.err
    ran = xingtu("case", "list", str(saved.parent), "--lang", "en", "--today", "2026-11-24")
    assert ran.code == 0
    assert "this case is of another guide (invoice-returned " in ran.err
    assert "there is no question or detail “sealed”" in ran.err
    again = ["--answers", str(saved), "--save", str(saved), "--force"]
    ran = xingtu("diagnose", *again, "--settled", "no", "--lang", "en")
    assert ran.code == 2
    assert "the case of --answers is of another guide (invoice-returned, now " in ran.err
    assert saved.read_bytes() == before


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


# ─── case show, done, list ───────────────────────────────────────────────────────────────────────


def case(xingtu: Run, saved: Path, *words: str, day: str = "2026-11-24") -> tuple[int, str, str]:
    ran = xingtu("case", *words, "--today", day, cwd=saved.parent)
    return ran.code, ran.out, ran.err


def shown(xingtu: Run, saved: Path, day: str) -> dict[str, Any]:
    code, out, err = case(xingtu, saved, "show", "case.yaml", "--format", "json", day=day)
    assert (code, err) == (0, "")
    found: dict[str, Any] = json.loads(out)
    return found


def test_show_on_the_day_it_was_saved(xingtu: Run, saved: Path) -> None:
    code, out, err = case(xingtu, saved, "show", "case.yaml")
    assert (code, err) == (0, "")
    assert out.startswith("星图即合打款失败排查\n存档：case.yaml（2026-11-24（周二）建")
    assert "  ● 1. 取消已生成的结算单：现在可以做\n" in out
    assert "  □ 2. 修改收款账户：等第 1 步\n" in out
    assert (
        "  □ 3. 次月重新生成结算单：等第 1、2 步，最早 2026-12-01（周二）"
        "（按今天做完前面的步骤算）\n" in out
    )
    assert "  □ 5. 给平台发提示邮件：等前面的步骤\n" in out
    assert "■ 下一步\n1. 取消已生成的结算单\n   菜单：登录账号 → 提现设置" in out
    line = "xingtu case done case.yaml cancel-statement --today 2026-11-24"
    assert f"■ 做完之后\n{line}\n\n■ 依据\n[1] 巨量星图帮助中心" in out
    assert "以上依据截至 2021-07-30 / 2022-03-12 的资料" in out


def test_the_account_changed_in_november_is_in_force_in_december(xingtu: Run, saved: Path) -> None:
    case(xingtu, saved, "done", "case.yaml", "1")
    case(xingtu, saved, "done", "case.yaml", "change-account")
    for day, state in (("2026-11-30", "waits-for-day"), ("2026-12-05", "ready")):
        document = shown(xingtu, saved, day)
        assert document["computed"]["new-account-from"] == "2026-12-01"
        assert document["next"]["id"] == "generate-statement"
        assert document["day"] == "2026-12-01"
        assert document["progress"][2]["state"] == state
        assert document["progress"][2]["if-done-today"] is None
    _, out, _ = case(xingtu, saved, "show", "case.yaml", day="2026-12-05")
    assert "  √ 2. 修改收款账户：2026-11-24（周二）完成\n" in out
    assert "  ● 3. 次月重新生成结算单：2026-12-01（周二）起可以做\n" in out


def test_the_keys_of_show(xingtu: Run, saved: Path) -> None:
    document = shown(xingtu, saved, "2026-11-24")
    assert {
        *("schema", "program", "rules", "outcome", "case", "title", "steps", "email", "computed"),
        *("file", "saved", "changed", "need", "day", "asked", "next", "progress"),
    } <= document.keys()
    assert document["saved"].keys() == {*("id", "outcome", "created", "diagnosed", "rules", "note")}
    assert document["need"] == "act"
    assert document["progress"][2] == {
        "number": 3,
        "id": "generate-statement",
        "title": "次月重新生成结算单",
        "inferred": False,
        "state": "waits-for-steps",
        "after": [1, 2],
        "from": "2026-12-01",
        "estimate": False,
        "if-done-today": "change-account",
        "done": None,
    }


def test_done_by_number_by_name_on_another_day_and_taken_back(xingtu: Run, saved: Path) -> None:
    code, out, err = case(xingtu, saved, "done", "case.yaml", "１", "--on", "2026年11月23日")
    assert (code, err) == (0, "")
    assert out == (
        "√ 1. 取消已生成的结算单：2026-11-23（周一）完成\n下一步：2. 修改收款账户：现在可以做\n"
    )
    assert "cancel-statement: '2026-11-23'" in saved.read_text("utf-8")
    before = saved.read_bytes()
    code, out, _ = case(xingtu, saved, "done", "case.yaml", "cancel-statement", day="2026-11-25")
    assert code == 0
    assert "2026-11-23（周一）就已勾掉，存档没有改动" in out
    assert saved.read_bytes() == before
    case(xingtu, saved, "done", "case.yaml", "1", "--on", "2026-11-22")
    assert "cancel-statement: '2026-11-22'" in saved.read_text("utf-8")
    code, out, _ = case(xingtu, saved, "done", "case.yaml", "1", "--undo")
    assert (code, out.split("\n")[0]) == (0, "1. 取消已生成的结算单：已取消勾选")
    assert "done: {}" in saved.read_text("utf-8")
    code, out, _ = case(xingtu, saved, "done", "case.yaml", "1", "--undo")
    assert (code, out.split("\n")[0]) == (0, "1. 取消已生成的结算单：本来就没有勾掉，存档没有改动")
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


TAKE_BACK = "勾错了的话，在这行命令后面加 --undo 再运行，就取消\n"


def test_done_out_of_order_or_too_early_warns(xingtu: Run, saved: Path) -> None:
    code, _, err = case(xingtu, saved, "done", "case.yaml", "2")
    assert (code, err) == (0, "请注意：前面还有没做的步骤：1. 取消已生成的结算单\n" + TAKE_BACK)
    case(xingtu, saved, "done", "case.yaml", "1")
    code, _, err = case(xingtu, saved, "done", "case.yaml", "3", day="2026-11-28")
    assert code == 0
    assert err == (
        "请注意：这一步最早 2026-12-01（周二）才能做，登记的日期是 2026-11-28（周六）\n" + TAKE_BACK
    )


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["done", "case.yaml", "chnge-account"], 2, "是不是“change-account”？"),
        (["done", "case.yaml", "9"], 2, "\n2. 修改收款账户（change-account）\n"),
        (["done", "case.yaml"], 2, "还缺“步骤”（步骤的编号、标题或名称，见 xingtu case show）"),
        (["done", "case.yaml", "1", "--on", "2026-11-25"], 2, "--on 不能是 2026-11-25：这一天"),
        (["done", "case.yaml", "1", "--on", "1/2/2026"], 2, "--on 不能是“1/2/2026”：分不清"),
        (["done", "none.yaml", "1"], 1, "没有 none.yaml 这个文件"),
        (["show", "none.yaml"], 1, "没有 none.yaml 这个文件"),
        (["show", "."], 1, "是文件夹"),
        (["show", "case.yaml", "--format", "markdown"], 2, "--format 只能是：text、json"),
        (["list", "none"], 1, "没有 none 这个文件夹"),
        ([], 2, "还要写一个命令：show、done、list"),
    ],
)  # fmt: skip
def test_what_is_refused(xingtu: Run, saved: Path, words: list[str], code: int, told: str) -> None:
    before = saved.read_bytes()
    ran = xingtu("case", *words, *(["--today", "2026-11-24"] if words else []), cwd=saved.parent)
    ended, out, err = ran.code, ran.out, ran.err
    assert (ended, out) == (code, "")
    assert told in err
    assert saved.read_bytes() == before


def test_done_refuses_a_link_and_a_newer_file(xingtu: Run, saved: Path) -> None:
    (saved.parent / "link.yaml").symlink_to(saved)
    before = saved.read_bytes()
    code, out, err = case(xingtu, saved, "done", "link.yaml", "1")
    assert (code, out) == (1, "")
    assert "link.yaml 是链接，没有改动" in err
    newer = saved.parent / "newer.yaml"
    newer.write_text("xingtu-case: 2\n", "utf-8")
    code, out, err = case(xingtu, saved, "done", "newer.yaml", "1")
    assert (code, out) == (1, "")
    assert "是更新版本的 xingtu 存的（格式 2），请先升级 xingtu" in err
    assert newer.read_text("utf-8") == "xingtu-case: 2\n"
    assert saved.read_bytes() == before


@pytest.fixture
def waiting(xingtu: Run, tmp_path: Path) -> Path:
    words = flags({**LATE, "mailed-on": "2026-11-02"})
    xingtu("diagnose", *words, "--today", "2026-11-10", "--save", "case.yaml", cwd=tmp_path)
    return tmp_path / "case.yaml"


def test_a_case_that_waited_until_it_is_late(xingtu: Run, waiting: Path) -> None:
    document = shown(xingtu, waiting, "2026-11-23")
    assert (document["outcome"], document["need"], document["day"]) == (
        *("wait", "later", "2026-11-24"),
    )
    assert document["next"]["id"] == "check-account-meanwhile"
    _, out, _ = case(xingtu, waiting, "show", "case.yaml", day="2026-11-24")
    assert "存档时的结论“还没到期，先等一等”，今天已不成立。" in out
    assert "■ 先补充这些回答\n· 有误的账户信息\n" in out
    line = "xingtu diagnose --answers case.yaml --save case.yaml --force --today 2026-11-24"
    assert line in out
    document = shown(xingtu, waiting, "2026-11-24")
    assert (document["outcome"], document["need"], document["changed"]) == (None, "answer", True)
    assert document["asked"][0]["flag"] == "--wrong-fields"
    ran = xingtu(*line.split()[1:], "--wrong-fields", "none", cwd=waiting.parent)
    assert ran.code == 0
    document = shown(xingtu, waiting, "2026-11-24")
    assert (document["outcome"], document["changed"]) == ("account-correct", False)
    assert document["saved"]["created"] == "2026-11-10"


def test_an_estimated_day_is_called_one_wherever_it_stands(xingtu: Run, tmp_path: Path) -> None:
    words = flags({**LATE, "mailed-on": "2026-12-11"})
    ran = xingtu("diagnose", *words, "--today", "2026-12-20", "--save", "case.yaml", "--ics",
                 "a.ics", cwd=tmp_path)  # fmt: skip
    assert "：2027-01-02（暂估） 等到期，还没到账再查一次" in ran.err
    listed = ("case", "list", "--today", "2026-12-21")
    assert "2027-01-02（暂估）  → 再等等" in xingtu(*listed, cwd=tmp_path).out
    assert "2027-01-02 (estimate)  → wait" in xingtu(*listed, "--lang", "en", cwd=tmp_path).out
    (found,) = json.loads(xingtu(*listed, "--format", "json", cwd=tmp_path).out)["cases"]
    assert (found["day"], found["estimate"]) == ("2027-01-02", True)
    saved = tmp_path / "case.yaml"
    code, out, _ = case(xingtu, saved, "show", "case.yaml", day="2027-01-02")
    assert code == 0
    assert "★ 情况有变，要补充回答" in out
    assert "“已经逾期”也是暂估" in out
    warnings = shown(xingtu, saved, "2027-01-02")["warnings"]
    assert any("“已经逾期”也是暂估" in warning for warning in warnings)


def test_no_advice_of_a_saved_case_is_out_of_date_next_month(xingtu: Run, saved: Path) -> None:
    case(xingtu, saved, "done", "case.yaml", "change-account")
    _, out, _ = case(xingtu, saved, "show", "case.yaml", day="2026-12-05")
    assert "1. 取消已生成的结算单" in out
    assert "新账户 2026-12-01（周二）起才生效，在那之前先别重新结算" in out


def test_all_that_can_be_done_now_is_shown(xingtu: Run, tmp_path: Path) -> None:
    words = flags({**CANCELLABLE, "statement-status": "withdrawn"})
    xingtu("diagnose", *words, "--today", "2026-11-30", "--save", "case.yaml", cwd=tmp_path)
    saved = tmp_path / "case.yaml"
    _, out, _ = case(xingtu, saved, "show", "case.yaml", day="2026-11-30")
    assert "■ 下一步\n1. 在结算单打印件上更正账户并盖章\n" in out
    assert "■ 现在也可以做\n3. 修改收款账户\n   菜单：提现设置" in out
    _, out, _ = case(xingtu, saved, "list", day="2026-11-30")
    assert "1. 在结算单打印件上更正账户并盖章；现在也可以做：3. 修改收款账户\n" in out
    case(xingtu, saved, "done", "case.yaml", "3", day="2026-11-30")
    _, out, _ = case(xingtu, saved, "show", "case.yaml", day="2026-12-01")
    assert "现在也可以做" not in out


def test_what_may_be_asked_after_the_next_answer_is_said(xingtu: Run, saved: Path) -> None:
    for step in ("cancel-statement", "change-account", "generate-statement"):
        case(xingtu, saved, "done", "case.yaml", step, day="2026-12-02")
    _, out, _ = case(xingtu, saved, "show", "case.yaml", day="2026-12-02")
    assert "■ 先补充这些回答\n· 新结算单金额\n之后可能还要：已寄发票金额\n" in out


def test_an_inferred_step_is_called_one_in_every_list(xingtu: Run, waiting: Path) -> None:
    _, out, _ = case(xingtu, waiting, "list", day="2026-11-10")
    assert "现在可以先做：2. 等的时候先核对账户（推断）" in out
    _, out, _ = case(xingtu, waiting, "show", "case.yaml", day="2026-11-10")
    assert "● 2. 等的时候先核对账户（推断）：现在可以做" in out
    assert shown(xingtu, waiting, "2026-11-10")["next"]["inferred"]
    code, out, _ = case(xingtu, waiting, "done", "case.yaml", "等的时候先核对账户（推断）",
                        day="2026-11-10")  # fmt: skip
    assert (code, out.partition("：")[0]) == (0, "√ 2. 等的时候先核对账户（推断）")


def test_the_list_puts_what_is_due_first(xingtu: Run, tmp_path: Path) -> None:
    def save(name: str, today: str, answers: dict[str, str]) -> None:
        ran = xingtu("diagnose", *flags(answers), "--today", today, "--save", name, cwd=tmp_path)
        assert ran.code == 0

    save("等.yaml", "2026-11-24", {**LATE, "mailed-on": "2026-11-23"})
    save("late.yml", "2026-11-10", {**LATE, "mailed-on": "2026-11-02"})
    save("now.yaml", "2026-11-24", NOT_GENERATED)
    save("all.yaml", "2026-11-24", {**LATE, "wrong-fields": "none"})
    for step in ("1", "2", "3"):
        xingtu("case", "done", "all.yaml", step, "--on", "2026-11-24", cwd=tmp_path)
    (tmp_path / "rules.yaml").write_text("id: other\n", "utf-8")
    (tmp_path / "broken.yaml").write_text("xingtu-case: [\n", "utf-8")
    (tmp_path / "half.yaml").write_bytes((tmp_path / "now.yaml").read_bytes()[:400])
    (tmp_path / "link.yaml").symlink_to(tmp_path / "now.yaml")
    ran = xingtu("case", "list", "--today", "2026-11-25", cwd=tmp_path)
    assert ran.code == 1
    assert ran.out == (
        "日期        状态      进展  存档      下一步\n"
        "2026-11-24  ● 要补答  -     late.yml  补充回答：有误的账户信息\n"
        "2026-11-24  ● 可以做  0/5   now.yaml  1. 取消已生成的结算单\n"
        "2026-12-15  → 再等等  0/2   等.yaml   1. 等到期，还没到账再查一次；"
        "现在可以先做：2. 等的时候先核对账户（推断）\n"
        "-           √ 已完成  3/3   all.yaml  \n"
    )
    assert "broken.yaml:2:1: 这里缺少内容" in ran.err
    assert "half.yaml 不是" in ran.err
    assert "rules.yaml" not in ran.err + ran.out
    as_json = xingtu("case", "list", ".", "--today", "2026-11-25", "--format", "json", cwd=tmp_path)
    assert (as_json.code, as_json.err) == (1, "")
    document = json.loads(as_json.out)
    assert [(each["file"], each["need"], each["day"]) for each in document["cases"]] == [
        ("late.yml", "answer", "2026-11-24"),
        ("now.yaml", "act", "2026-11-24"),
        ("等.yaml", "later", "2026-12-15"),
        ("all.yaml", "nothing", None),
    ]
    assert document["cases"][1]["next"]["id"] == "cancel-statement"
    assert [each["code"] for each in document["failed"]] == ["invalid-case", "cannot-read"]


def test_an_answer_that_lacks_says_nothing_against_the_saved_result(
    xingtu: Run, saved: Path
) -> None:
    text = saved.read_text("utf-8")
    assert "new-amount: 'not-yet'" in text
    saved.write_text(text.replace("'not-yet'", "12，000.00元"), "utf-8")
    code, out, err = case(xingtu, saved, "show", "case.yaml")
    assert (code, err) == (0, "")
    assert "★ 还要补充回答：已寄发票金额。补上后给出完整结论。\n" in out
    assert "情况有变" not in out
    assert "不成立" not in out
    assert not shown(xingtu, saved, "2026-11-24")["changed"]
    ran = xingtu("case", "show", "case.yaml", "--today", "2026-11-24", "--lang", "en",
                 cwd=saved.parent)  # fmt: skip
    assert "★ One answer is still missing: " in ran.out
    code, out, err = case(xingtu, saved, "done", "case.yaml", "1")
    assert (code, out) == (2, "")
    assert "这份存档还缺回答，没有步骤可勾。先补上：\n" in err
    assert "diagnose --answers case.yaml --save case.yaml --force" in err
    code, out, undone = case(xingtu, saved, "done", "case.yaml", "1", "--undo")
    assert (code, out, undone) == (2, "", err)


def test_a_title_within_quotes_has_single_ones() -> None:
    assert within_quotes(Text("按“情况一”处理", "“case 1”")) == Text("按‘情况一’处理", "‘case 1’")


def test_an_empty_list(xingtu: Run, tmp_path: Path) -> None:
    ran = xingtu("case", "list", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.out, ran.err) == (0, "", "there are no saved cases in .\n")


@pytest.mark.parametrize("words", ["show case.yaml", "list"])
def test_no_line_of_a_case_is_wider_than_the_terminal(saved: Path, words: str) -> None:
    from rich.cells import cell_len

    child = pexpect.spawn(
        str(PROGRAM), ["case", *words.split(), "--today", "2026-12-05", "--color", "never"],
        env=clean_environment(), encoding="utf-8", cwd=str(saved.parent), timeout=20,
        dimensions=(100, 40),
    )  # fmt: skip
    child.expect(pexpect.EOF)
    lines = (child.before or "").replace("\r", "").split("\n")
    told = [line for line in lines if not line.startswith(("xingtu case done", "    https:"))]
    assert max(map(cell_len, told)) <= 40
    assert any("case.yaml" in line for line in told)


# ─── --ics ───────────────────────────────────────────────────────────────────────────────────────


def test_the_days_to_wait_for_as_a_calendar(xingtu: Run, saved: Path) -> None:
    code, _, err = case(xingtu, saved, "show", "case.yaml", "--ics", "a.ics")
    assert code == 0
    assert err == "√ 日历已写到 a.ics，导入日历软件即可：2026-12-01 次月重新生成结算单\n"
    (event,) = calendar((saved.parent / "a.ics").read_text("utf-8"))
    assert str(event.dtstart) == "2026-12-01"
    assert event.summary == f"{SENDER['nickname']}：次月重新生成结算单"
    code, out, err = case(xingtu, saved, "show", "case.yaml", "--ics", "a.ics")
    assert (code, out) == (1, "")
    assert "a.ics 已存在，没有覆盖" in err
    for step in ("1", "2"):
        case(xingtu, saved, "done", "case.yaml", step, day="2026-12-02")
    words = ["diagnose", "--answers", "case.yaml", "--ics", "-", "--today", "2026-12-02"]
    ran = xingtu(*words, cwd=saved.parent)
    assert (ran.code, ran.err) == (0, "")
    (again,) = calendar(ran.out)
    assert again.uid == event.uid
    assert str(again.dtstart) == "2027-01-01"
    assert (again.sequence or 0) > (event.sequence or 0)


def calendar(text: str) -> list[Event]:
    return IcsCalendarStream.calendar_from_ics(text).events


def test_where_there_is_no_day_to_wait_for(xingtu: Run, tmp_path: Path) -> None:
    ran = xingtu("--settled", "no", "--ics", "a.ics", "--lang", "en", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "There is no day to wait for; no calendar was written.\n")
    assert not (tmp_path / "a.ics").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--ics", "-", "--format", "json"], "--format json"),
        (["--ics", "-", "--eml", "-"], "--eml -"),
        (["--ics", ""], "--ics 后面要写文件名，或 -"),
    ],
)
def test_one_result_only_on_standard_output(xingtu: Run, words: list[str], told: str) -> None:
    ran = xingtu("diagnose", "--settled", "no", *words)
    assert ran.code == 2
    assert told in (ran.err or json.loads(ran.out)["error"]["message"])


# ─── the whole of case 1 ─────────────────────────────────────────────────────────────────────────


def test_case_1_over_two_months(xingtu: Run, tmp_path: Path) -> None:
    def run(day: str, line: str) -> Ran:
        ran = xingtu(*shlex.split(line)[1:], "--today", day, cwd=tmp_path)
        assert ran.code == 0, ran.err
        return ran

    answered = " ".join(flags({**LATE, "wrong-fields": "account-number"}))
    november = run(
        "2026-11-24",
        f"xingtu diagnose {answered} --statement-status cancellable --new-amount not-yet"
        " --nickname 小明 --save 小明.yaml",
    )
    show = november.err.rstrip("\n").split("\n")[-1]
    assert show == "xingtu case show 小明.yaml"
    run("2026-11-24", "xingtu case done 小明.yaml cancel-statement")
    after = run("2026-11-24", "xingtu case done 小明.yaml change-account").out
    assert "下一步：3. 次月重新生成结算单：2026-12-01（周二）起\n" in after

    december = run("2026-12-05", show).out
    assert "● 3. 次月重新生成结算单：2026-12-01（周二）起可以做" in december
    after = run("2026-12-05", "xingtu case done 小明.yaml generate-statement").out
    assert "先补充这些回答：新结算单金额\n" in after
    go_on = after.rstrip("\n").split("\n")[-1].replace(" --today 2026-12-05", "")
    asked = xingtu(*shlex.split(go_on)[1:], "--today", "2026-12-05", cwd=tmp_path)
    assert asked.code == 2
    assert "--new-amount" in asked.err
    again = run("2026-12-05", f"{go_on} --new-amount 12000 --invoiced-amount 10000")
    assert "√ 取消已生成的结算单（2026-11-24 已完成）" in again.out
    assert "补开并寄出 2,000.00 元的发票" in again.out
    for step in ("check-new-statement", "supplementary-invoice"):
        after = run("2026-12-06", f"xingtu case done 小明.yaml {step}").out
    assert "下一步：6. 给平台发提示邮件：现在可以做\n" in after
    shown_ = run("2026-12-08", show).out
    assert "主题：【即合打款失败】小明-〈公司主体名称〉" in shown_
    assert "补开的发票 2026-12-06（周日）已寄出" in shown_
    (tmp_path / "签收.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    draft = run(
        "2026-12-08",
        "xingtu diagnose --answers 小明.yaml --company 某某公司 --tracking-number SF1234567890123"
        " --save 小明.yaml --force --eml 草稿.eml --attach 签收.png",
    )
    assert "√ 草稿已写到 草稿.eml" in draft.err
    message = email.message_from_bytes(
        (tmp_path / "草稿.eml").read_bytes(), policy=email.policy.default
    )
    assert message["Subject"] == "【即合打款失败】小明-某某公司"
    assert "supplementary-invoice: '2026-12-06'" in (tmp_path / "小明.yaml").read_text("utf-8")
    after = run("2026-12-08", "xingtu case done 小明.yaml send-reminder").out
    assert after.endswith("√ 全部完成\n")
    case = json.loads(run("2026-12-09", f"{show} --format json").out)
    assert case["need"] == "nothing"
    assert case["saved"]["created"] == "2026-11-24"
    assert {step["id"]: step["done"] for step in case["progress"]} == {
        "cancel-statement": "2026-11-24",
        "change-account": "2026-11-24",
        "generate-statement": "2026-12-05",
        "check-new-statement": "2026-12-06",
        "supplementary-invoice": "2026-12-06",
        "send-reminder": "2026-12-08",
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_step_is_named_as_it_is_seen(xingtu: Run, saved: Path, lang: str) -> None:
    on = ("--today", "2026-11-24", "--lang", lang)
    shown = json.loads(xingtu("case", "show", str(saved), *on, "--format", "json").out)
    first, second = shown["steps"][:2]
    for typed in (first["title"], f" {first['title'].upper()} ", "1", first["id"]):
        assert xingtu("case", "done", str(saved), typed, *on).code == 0
        assert xingtu("case", "done", str(saved), typed, "--undo", *on).code == 0
    wrong = xingtu("case", "done", str(saved), second["title"][:-1], *on)
    assert wrong.code == 2
    assert f"“{second['title']}”" in wrong.err.split("\n")[0]  # did you mean
    brackets = ("（", "）") if lang == "zh" else (" (", ")")
    for step in shown["steps"]:
        name = step["id"].join(brackets)
        assert f"\n{step['number']}. {step['title']}{name}\n" in wrong.err


def test_what_does_not_fit_is_said_once(xingtu: Run, saved: Path) -> None:
    late = ("--today", "2026-12-20")
    assert xingtu("case", "done", str(saved), "1", "--on", "2026-12-20", *late).code == 0
    ran = xingtu("case", "done", str(saved), "2", "--today", "2026-12-05")
    assert ran.code == 0
    assert ran.err.count("还没到（今天是 2026-12-05") == 1


def test_the_line_for_the_draft_asks_for_the_number_of_the_parcel_mailed_since(
    xingtu: Run, tmp_path: Path
) -> None:
    on = ("--today", "2026-12-06")
    answers = {**NOT_GENERATED, "new-amount": "12000", "invoiced-amount": "10000"}
    xingtu("diagnose", *flags(answers), *flags(SENDER), *on, "--save", "case.yaml", cwd=tmp_path)
    for step in ("check-cancelled", "check-new-statement", "supplementary-invoice"):
        assert xingtu("case", "done", "case.yaml", step, *on, cwd=tmp_path).code == 0
    shown = xingtu("case", "show", "case.yaml", *on, cwd=tmp_path).out
    number = SENDER["tracking-number"]
    assert (
        f"快递单号却还只有 1 个：邮件里要写全。把新的也加上：--tracking-number {number},…" in shown
    )
    (line,) = (line for line in shown.split("\n") if "--eml" in line)
    assert line.endswith(f" --attach … --tracking-number {number},…")
    both = f"{number},75312345678901"
    words = ("--tracking-number", both, "--save", "case.yaml", "--force", *on)
    assert xingtu("diagnose", "--answers", "case.yaml", *words, cwd=tmp_path).code == 0
    shown = xingtu("case", "show", "case.yaml", *on, cwd=tmp_path).out
    assert "还只有" not in shown
    assert "--tracking-number" not in shown


def test_two_people_tick_off_at_the_same_moment(xingtu: Run, saved: Path) -> None:
    on = ("--today", "2026-12-05")
    shown = json.loads(xingtu("case", "show", str(saved), *on, "--format", "json").out)
    steps = [step["id"] for step in shown["steps"]]
    assert len(steps) >= 3
    for _ in range(3):
        running = [
            subprocess.Popen(
                [str(PROGRAM), "case", "done", str(saved), step, *on],
                env=clean_environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for step in steps
        ]
        told = [each.communicate()[1] for each in running]
        assert [each.returncode for each in running] == [0] * len(steps), told
        assert set(casefile.load(saved).done) == {*steps}
        for step in steps:
            assert xingtu("case", "done", str(saved), step, "--undo", *on).code == 0
    assert [path.name for path in saved.parent.iterdir()] == ["case.yaml"]


def test_a_day_before_the_case_itself_is_pointed_out(xingtu: Run, saved: Path) -> None:
    on = ("--today", "2026-12-05")
    ran = xingtu("case", "done", str(saved), "1", "--on", "2020-11-24", *on)
    assert ran.code == 0
    assert "登记的日期 2020-11-24（周二）早于“发票寄出日期”2026-10-08（周四）" in ran.err
    mended = xingtu("case", "done", str(saved), "1", "--on", "2026-11-24", *on)
    assert (mended.code, mended.err) == (0, "")


def in_bash(line: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-c", line],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("name", ["-x.yaml", "--help", "a\tb.yaml", "小明 的.yaml"])
def test_the_line_to_see_a_case_again_can_be_run(xingtu: Run, tmp_path: Path, name: str) -> None:
    late = ["--settled", "yes", "--stamped", "yes", "--mailed-on", "2026-11-20"]
    ran = xingtu("diagnose", *late, "--today", "2026-11-23", "--save", name, cwd=tmp_path)
    assert ran.code == 0
    again = ran.err.splitlines()[-1]
    shown = in_bash(f"{again} --today 2026-11-24", tmp_path)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "存档：" in shown.stdout
    (onward,) = (line for line in shown.stdout.splitlines() if line.startswith("xingtu case done"))
    done = in_bash(onward, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_case_behind_a_link_is_not_left_behind(xingtu: Run, saved: Path) -> None:
    link = saved.with_name("link.yaml")
    link.symlink_to(saved)
    before = saved.read_bytes()
    again = ["--answers", str(link), "--save", str(link), "--force", "--today", "2026-11-24"]
    ran = xingtu("diagnose", *again)
    assert ran.code == 1
    assert "link.yaml 是链接，没有改动；请直接给出它指向的文件" in ran.err
    assert link.is_symlink()
    assert saved.read_bytes() == before


def test_what_is_refused_is_not_repeated_whole(xingtu: Run, saved: Path) -> None:
    long = "某" * 40_000
    for words in (
        ["account", "--name", long, "--on-statement-name", "某某"],
        ["case", "done", str(saved), long],
        ["--format", long],
        ["--today", long],
        ["rules", "paths", "--limit", long],
    ):
        ran = xingtu(*words)
        assert (ran.code, ran.out) == (2, ""), words[:2]
        assert 200 < len(ran.err) < 900, ran.err[:300]
        assert "某…”" in ran.err
