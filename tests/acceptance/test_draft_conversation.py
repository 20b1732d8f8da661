"""The offer to write a draft, in a real terminal."""

import json
import subprocess
from pathlib import Path

import pexpect
import pytest
from fast_mail_parser import parse_email_tree

from tests.acceptance.test_drafts import CASE_1, CASE_2, EQUAL, PNG, SENDER, TO
from tests.conftest import PROGRAM, Run, clean_environment
from tests.pdfs import scan

OFFER = "要把这封邮件写成草稿文件吗？"
NAME = "【即合打款失败】小明--正确结算单扫描件.eml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "扫 描.pdf").write_bytes(scan(3))
    (tmp_path / "1.png").write_bytes(PNG)
    (tmp_path / "2 号.png").write_bytes(PNG + b"2")
    return tmp_path


def start(folder: Path, *words: str, after: str = "", columns: int = 80) -> "pexpect.spawn[str]":
    quoted = subprocess.list2cmdline([str(PROGRAM), *words])
    return pexpect.spawn(
        "sh", ["-c", f"exec {quoted} {after}"], cwd=str(folder), env=clean_environment(),
        encoding="utf-8", dimensions=(200, columns), timeout=20,
    )  # fmt: skip


def answer(child: "pexpect.spawn[str]", expected: str, typed: str) -> None:
    child.expect_exact(expected)
    child.expect_exact("\n> ")
    child.sendline(typed)


def ended(child: "pexpect.spawn[str]") -> tuple[int | None, str]:
    child.expect(pexpect.EOF)
    rest = child.before or ""
    child.close()
    return child.exitstatus, rest.replace("\r\n", "\n")


def test_only_what_is_missing_is_asked_and_the_draft_written(folder: Path) -> None:
    child = start(folder, *CASE_2, "--company", "某某公司", "--color", "never")
    child.expect_exact("■ 再次运行本次诊断")
    answer(child, OFFER, "y")
    answer(child, "即合昵称：你们在星图即合的昵称", "小明")
    answer(child, "附件：修改并加盖公章的结算单扫描件", "1.png")
    child.expect_exact("× 1.png 的内容不对，里面要真的是：PDF")
    child.expect_exact("\n> ")
    child.sendline("'扫 描.pdf' ")
    answer(child, f"草稿存为哪个文件？回车用 {NAME}", "")
    code, said = ended(child)
    assert code == 0
    assert f"√ 草稿已写到 {NAME}" in said
    mail = parse_email_tree((folder / NAME).read_bytes())
    assert mail.headers["To"] == [TO]
    assert mail.headers["Subject"] == ["【即合打款失败】小明--正确结算单扫描件"]
    assert mail.children[1].filename == "扫 描.pdf"
    assert mail.children[1].content == (folder / "扫 描.pdf").read_bytes()


def test_what_was_told_for_the_draft_stands_in_a_line_that_repeats_the_run(folder: Path) -> None:
    child = start(folder, *CASE_2, "--color", "never", columns=300)
    answer(child, OFFER, "y")
    answer(child, "即合昵称：", "小明")
    answer(child, "公司主体名称：", "某某公司")
    answer(child, "附件：", "扫 描.pdf")
    answer(child, "草稿存为哪个文件？", "a.eml")
    code, said = ended(child)
    assert code == 0
    assert "· 扫 描.pdf 有 3 页，请对照结算单，页数要一样。\n" in said
    told, line = said.rstrip("\n").split("\n")[-2:]
    assert told == "连同刚才填的，这次诊断的命令（要存档，再加 --save 存档.yaml）："
    assert " --nickname 小明 --company 某某公司 --today " in line


@pytest.mark.parametrize("typed", ["YT1234567890123", ""])
def test_the_number_of_the_parcel_mailed_since_is_asked_for(folder: Path, typed: str) -> None:
    number = ("--tracking-number", "SF1234567890123")
    amounts = ("--new-amount", "12000", "--invoiced-amount", "10000")
    child = start(folder, *CASE_1, *amounts, *SENDER, *number, "--save", "case.yaml")
    answer(child, OFFER, "n")
    assert ended(child)[0] == 0
    ticked = "check-cancelled", "check-new-statement", "supplementary-invoice"
    for step in ticked:
        child = start(folder, "case", "done", "case.yaml", step)
        assert ended(child)[0] == 0
    child = start(folder, "diagnose", "--answers", "case.yaml", "--color", "never", columns=300)
    answer(child, OFFER, "y")
    answer(child, "快递单号：已有 SF1234567890123。最近寄出的那份，单号也要写上；", typed)
    answer(child, "附件：", "1.png")
    answer(child, "还有吗？", "")
    answer(child, "草稿存为哪个文件？", "a.eml")
    code, said = ended(child)
    assert code == 0
    assert ("快递单号还少最近寄出的那一份，发送前请在邮件里补上。" in said) == (not typed)
    body = (parse_email_tree((folder / "a.eml").read_bytes()).children[0].content or b"").decode()
    assert "SF1234567890123" in body
    assert "YT1234567890123" in body or not typed


def test_case_1_takes_several_screenshots_and_says_to_wait(folder: Path) -> None:
    child = start(folder, *CASE_1, "--new-amount", "not-yet", *SENDER, "--save", "case.yaml")
    answer(child, OFFER, "是")
    answer(child, "快递单号：", "SF12、YT1234567890123")
    answer(child, "附件：寄送发票的快递签收截图", r"1.png 2\ 号.png")
    answer(child, "已附上 1.png、2 号.png。还有吗？", "")
    answer(child, "草稿存为哪个文件？", "草稿.eml")
    code, said = ended(child)
    assert code == 0
    assert "快递单号“SF12”不像顺丰的单号" in said
    assert "√ 草稿已写到 草稿.eml，先放着：现在先别发，" in said
    mail = parse_email_tree((folder / "草稿.eml").read_bytes())
    assert [part.filename for part in mail.children[1:]] == ["1.png", "2 号.png"]
    case = (folder / "case.yaml").read_text("utf-8")
    assert "SF12" in case  # what was told for the draft is saved with the case


@pytest.mark.parametrize("how", ["enter", "n", "q", "ctrl-c", "ctrl-d"])
def test_declining_loses_nothing(folder: Path, how: str) -> None:
    before = set(folder.iterdir())
    child = start(folder, *CASE_2)
    child.expect_exact("★ 结算单不能取消，按“情况二”处理")
    child.expect_exact(OFFER)
    child.expect_exact("\n> ")
    if how == "ctrl-c":
        child.sendintr()
    elif how == "ctrl-d":
        child.sendeof()
    else:
        child.sendline("" if how == "enter" else how)
    code, said = ended(child)
    assert code == 0
    assert "Traceback" not in said
    assert "错误" not in said
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize("how", ["q", "ctrl-c", "ctrl-d"])
def test_stopping_in_the_middle_says_how_to_write_it_later(folder: Path, how: str) -> None:
    before = set(folder.iterdir())
    child = start(folder, *EQUAL, *SENDER, "--color", "never", columns=300)
    answer(child, OFFER, "y")
    answer(child, "快递单号：", "SF1234567890123")
    answer(child, "附件：", "'2 号.png'")
    child.expect_exact("还有吗？")
    child.expect_exact("\n> ")
    if how == "q":
        child.sendline("q")
    elif how == "ctrl-c":
        child.sendintr()
    else:
        child.sendeof()
    code, said = ended(child)
    assert code == 0
    assert "已退出，没有写草稿。" in said
    later = said.split("以后要写草稿，请运行：\n")[1].strip()
    assert set(folder.iterdir()) == before
    ran = subprocess.run(
        ["bash", "-c", later.replace("xingtu", str(PROGRAM), 1)],
        cwd=folder, env=clean_environment(), stdin=subprocess.DEVNULL, capture_output=True,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode()
    (draft,) = set(folder.iterdir()) - before
    assert parse_email_tree(draft.read_bytes()).children[1].filename == "2 号.png"


def test_a_file_left_for_later_is_recalled(folder: Path) -> None:
    child = start(folder, *CASE_2, *SENDER)
    answer(child, OFFER, "y")
    answer(child, "附件：", "")
    answer(child, "草稿存为哪个文件？", "a.eml")
    code, said = ended(child)
    assert code == 0
    assert "加上附件、核对后发送" in said
    assert "还没有附上：修改并加盖公章的结算单扫描件" in said
    assert not parse_email_tree((folder / "a.eml").read_bytes()).children


def test_nothing_is_overwritten_without_asking(folder: Path) -> None:
    (folder / "a.eml").write_text("mine")
    child = start(folder, *CASE_2, *SENDER)
    answer(child, OFFER, "y")
    answer(child, "附件：", "")
    answer(child, "草稿存为哪个文件？", "a.eml")
    answer(child, "a.eml 已存在，要覆盖吗？", "")
    answer(child, "草稿存为哪个文件？", "nowhere/a.eml")
    child.expect_exact("× 没有 nowhere 这个文件夹")
    answer(child, "草稿存为哪个文件？", "q")
    assert ended(child)[0] == 0
    assert (folder / "a.eml").read_text() == "mine"


@pytest.mark.parametrize("long", ["x" * 3000, "一" * 300, "~" * 300, "a/" * 1000])
def test_a_path_that_is_too_long_is_asked_for_again(folder: Path, long: str) -> None:
    child = start(folder, *CASE_2, *SENDER, "--color", "never", columns=300)
    answer(child, OFFER, "y")
    answer(child, "附件：", long)
    answer(child, "× ", "")
    answer(child, "草稿存为哪个文件？", long)
    answer(child, "× ", "a.eml")
    assert ended(child)[0] == 0
    assert (folder / "a.eml").exists()


def test_the_attachment_outlives_a_draft_of_its_name(folder: Path) -> None:
    before = (folder / "扫 描.pdf").read_bytes()
    child = start(folder, *CASE_2, *SENDER, "--save", "case.yaml", "--color", "never", columns=300)
    answer(child, OFFER, "y")
    answer(child, "附件：", "扫 描.pdf")
    answer(child, "草稿存为哪个文件？", "./扫 描.pdf")
    answer(child, "× 扫 描.pdf 是这次要用的文件，不能用作草稿的文件名", "case.yaml")
    answer(child, "× case.yaml 是这次要用的文件", "a.eml")
    assert ended(child)[0] == 0
    assert (folder / "扫 描.pdf").read_bytes() == before
    assert "# xingtu 存档" in (folder / "case.yaml").read_text("utf-8")
    assert len(parse_email_tree((folder / "a.eml").read_bytes()).children) == 2


def test_help_and_the_way_back(folder: Path) -> None:
    child = start(folder, *CASE_2, "--color", "never", columns=300)
    answer(child, OFFER, "y")
    answer(child, "? 怎么填，b 上一项，q 退出", "小明")
    answer(child, "公司主体名称：", "?")
    answer(child, "照原样填，会写进邮件", "b")
    answer(child, "即合昵称：", "小红")
    answer(child, "公司主体名称：", "某某公司")
    answer(child, "附件：", "扫 描.pdf")
    answer(child, "草稿存为哪个文件？回车用 【即合打款失败】小红", "b")
    answer(child, "附件：", "b")
    answer(child, "公司主体名称：", "某某二公司")
    answer(child, "附件：", "扫 描.pdf")
    answer(child, "草稿存为哪个文件？", "a.eml")
    assert ended(child)[0] == 0
    body, attached = parse_email_tree((folder / "a.eml").read_bytes()).children
    assert "某某二公司" in (body.content or b"").decode()
    assert attached.filename == "扫 描.pdf"


@pytest.mark.parametrize(
    ("words", "after"),
    [
        (["--format", "json"], ""),
        (["--format", "markdown"], ""),
        (["--quiet"], ""),
        (["--no-input"], ""),
        ([], "> report.txt"),
        ([], "| cat"),
        ([], "< /dev/null"),
        ([], "2> errors.txt"),
    ],
)
def test_the_offer_is_only_for_a_reader(folder: Path, words: list[str], after: str) -> None:
    child = start(folder, *CASE_2, *words, after=after)
    code, said = ended(child)
    assert code == 0
    assert "草稿" not in said


def test_an_outcome_without_an_email_has_no_offer(folder: Path) -> None:
    code, said = ended(start(folder, "--settled", "no"))
    assert code == 0
    assert "草稿" not in said


# ─── --eml in a terminal ─────────────────────────────────────────────────────────────────────────


def test_a_draft_asked_for_by_flag_is_not_offered_but_completed(folder: Path) -> None:
    child = start(folder, *CASE_2, "--eml", "a.eml", "--attach", "扫 描.pdf")
    child.expect_exact("■ 再次运行本次诊断")
    answer(child, "即合昵称：", "小明")
    answer(child, "公司主体名称：", "某某公司")
    code, said = ended(child)
    assert code == 0
    assert "√ 草稿已写到 a.eml" in said
    assert len(parse_email_tree((folder / "a.eml").read_bytes()).children) == 2


@pytest.mark.parametrize(("how", "code"), [("q", 130), ("ctrl-c", 130), ("ctrl-d", 2)])
def test_stopping_it_is_told_by_the_exit_code(folder: Path, how: str, code: int) -> None:
    child = start(folder, *CASE_2, "--eml", "a.eml", "--color", "never", columns=300)
    answer(child, "即合昵称：", "小明")
    child.expect_exact("公司主体名称：")
    child.expect_exact("\n> ")
    if how == "q":
        child.sendline("q")
    elif how == "ctrl-c":
        child.sendintr()
    else:
        child.sendeof()
    ended_with, said = ended(child)
    assert ended_with == code
    assert "--nickname 小明 --eml a.eml --today 2026-11-23" in said
    assert ("还缺" in said) == (how == "ctrl-d")
    assert not (folder / "a.eml").exists()


def test_what_is_missing_is_asked_before_a_report_that_goes_elsewhere(folder: Path) -> None:
    """Prompts go to standard error, so a pipe gets the draft alone, or the report with it."""
    child = start(folder, *CASE_2, "--eml", "-", "--attach", "扫 描.pdf", after="> a.eml")
    answer(child, "即合昵称：", "小明")
    answer(child, "公司主体名称：", "某某公司")
    assert ended(child)[0] == 0
    assert (folder / "a.eml").read_bytes().startswith(b"X-Unsent: 1\r\n")
    words = [*CASE_2, "--eml", "b.eml", "--attach", "扫 描.pdf", "--format", "json"]
    child = start(folder, *words, after="> report.json")
    answer(child, "即合昵称：", "小明")
    answer(child, "公司主体名称：", "某某公司")
    assert ended(child)[0] == 0
    report = json.loads((folder / "report.json").read_text())
    assert report["email"]["subject"] == "【即合打款失败】小明--正确结算单扫描件"
    assert report["email"]["unfilled"] == []


def test_in_a_script_the_same_names_what_is_missing(xingtu: Run, folder: Path) -> None:
    ran = xingtu(*CASE_2, "--eml", "a.eml", cwd=folder)
    assert ran.code == 2
    assert "--nickname" in ran.err


def test_the_offer_explains_itself(folder: Path) -> None:
    child = start(folder, *CASE_2, *SENDER)
    answer(child, OFFER, "?")
    answer(child, "草稿是一个 .eml 文件", "y")
    answer(child, "附件：", "")
    answer(child, "草稿存为哪个文件？", "drafts/")
    answer(child, "只写了文件夹 drafts/", "a.eml")
    assert ended(child)[0] == 0
    assert (folder / "a.eml").exists()
    assert not (folder / "drafts.eml").exists()


def test_a_key_may_be_spelled_out_where_a_file_is_named(folder: Path) -> None:
    child = start(folder, *CASE_2, *SENDER)
    answer(child, OFFER, "帮助")
    answer(child, "草稿是一个 .eml 文件", "y")
    answer(child, "附件：", "help")
    answer(child, "一份，格式：", "")
    answer(child, "草稿存为哪个文件？", "返回")
    answer(child, "附件：", "")
    answer(child, "草稿存为哪个文件？", "a\x01.eml")
    answer(child, "文件名里有控制字符", "退出")
    assert ended(child)[0] == 0
    assert not list(folder.glob("*.eml"))
    (folder / "quit").write_bytes((folder / "扫 描.pdf").read_bytes())  # a file comes first
    child = start(folder, *CASE_2, *SENDER)
    answer(child, OFFER, "y")
    answer(child, "附件：", "quit")
    answer(child, "草稿存为哪个文件？", "a.eml")
    assert ended(child)[0] == 0
    assert (folder / "a.eml").exists()


def test_a_device_is_no_attachment(folder: Path) -> None:
    child = start(folder, *CASE_2, *SENDER)
    answer(child, OFFER, "y")
    answer(child, "附件：", "/dev/tty")
    answer(child, "/dev/tty 是设备，不是文件", "")
    answer(child, "草稿存为哪个文件？", "a.eml")
    assert ended(child)[0] == 0
