"""Drafts that the installed program writes, sent by real mail programs and read on arrival."""

import json
import shutil
import smtplib
import stat
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from fast_mail_parser import PyMimePart, parse_email_tree

from tests.conftest import PROGRAM, Run, clean_environment
from tests.delivery import Mailbox, mail_server
from tests.pdfs import pdf, scan
from xingtu_cli.rules.load import shipped_path

TODAY = ["--today", "2026-11-23"]
LATE = ["diagnose", "--settled", "yes", "--stamped", "yes", "--mailed-on", "2026-10-08"]
WRONG = [*LATE, "--wrong-fields", "bank", *TODAY]
CASE_1 = [*WRONG, "--statement-status", "cancellable"]
EQUAL = [*CASE_1, "--new-amount", "10000", "--invoiced-amount", "10000"]
CASE_2 = [*WRONG, "--statement-status", "withdrawn"]
SENDER = ["--nickname", "小明 & 小红", "--company", "某某（北京）文化传媒有限公司"]
NUMBERS = ["--tracking-number", "SF1234567890123，YT1234567890123"]
TO = "star-jihe@bytedance.com"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40

Deliver = Callable[[bytes], PyMimePart]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "更正并盖章的 结算单.pdf").write_bytes(scan(3))
    (tmp_path / "short.pdf").write_bytes(scan(2))
    (tmp_path / "statement.pdf").write_bytes(pdf(["1"], ["2"], ["3"]))
    (tmp_path / "签收截图 1.png").write_bytes(PNG)
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "empty.pdf").touch()
    return tmp_path


SCAN = ["--attach", "更正并盖章的 结算单.pdf"]
SHOT = ["--attach", "签收截图 1.png"]


# ─── delivery ────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mail_server() as mailbox:
        yield mailbox


def by_smtplib(draft: bytes, mailbox: Mailbox, folder: Path) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port) as server:
        server.sendmail("finance@example.com", [TO], draft)


def by_msmtp(draft: bytes, mailbox: Mailbox, folder: Path) -> None:
    """Send with `msmtp -t`, which takes the recipient from the draft itself."""
    if not shutil.which("msmtp"):
        pytest.skip("msmtp is not installed (apt-get install msmtp)")
    settings = folder / "msmtprc"
    settings.write_text(
        f"account default\nhost 127.0.0.1\nport {mailbox.port}\nfrom finance@example.com\n"
        "auth off\ntls off\n"
    )
    settings.chmod(0o600)
    subprocess.run(["msmtp", "-C", str(settings), "-t"], input=draft, check=True, timeout=30)


Send = Callable[[bytes, Mailbox, Path], None]


def arrived(mailbox: Mailbox) -> PyMimePart:
    ((recipients, raw),) = mailbox.arrived
    assert recipients == [TO]
    assert max(raw) < 128
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    mail = parse_email_tree(raw)
    assert mail.headers["To"] == [TO]
    assert not {"Bcc", "Cc"} & mail.headers.keys()
    return mail


@pytest.mark.loopback
@pytest.mark.parametrize("send", [by_smtplib, by_msmtp])
def test_case_2_arrives_whole(send: Send, xingtu: Run, folder: Path, mailbox: Mailbox) -> None:
    ran = xingtu(*CASE_2, *SENDER, *SCAN, "--eml", "draft.eml", cwd=folder)
    assert ran.code == 0
    send((folder / "draft.eml").read_bytes(), mailbox, folder)
    mail = arrived(mailbox)
    assert mail.headers["Subject"] == ["【即合打款失败】小明 & 小红--正确结算单扫描件"]
    body, attached = mail.children
    text = (body.content or b"").decode()
    assert "公司主体名称：某某（北京）文化传媒有限公司\r\n即合昵称：小明 & 小红" in text
    assert (attached.filename, attached.content_type) == (SCAN[1], "application/pdf")
    assert attached.content == (folder / SCAN[1]).read_bytes()


@pytest.mark.loopback
@pytest.mark.parametrize("send", [by_smtplib, by_msmtp])
def test_case_1_arrives_whole(send: Send, xingtu: Run, folder: Path, mailbox: Mailbox) -> None:
    """The draft goes down a pipe here, as `xingtu … --eml - | msmtp -t` does."""
    words = [*EQUAL, *SENDER, *NUMBERS, *SHOT, "--attach", "short.pdf", "--eml", "-"]
    ran = subprocess.run(
        [str(PROGRAM), *words], capture_output=True, cwd=folder, env=clean_environment(), check=True
    )
    send(ran.stdout, mailbox, folder)
    mail = arrived(mailbox)
    assert mail.headers["Subject"] == ["【即合打款失败】小明 & 小红-某某（北京）文化传媒有限公司"]
    body, shot, more = mail.children
    assert "SF1234567890123、YT1234567890123" in (body.content or b"").decode()
    assert (shot.filename, shot.content_type, shot.content) == (SHOT[1], "image/png", PNG)
    assert (more.filename, more.content) == ("short.pdf", (folder / "short.pdf").read_bytes())


def test_perl_reads_the_same(xingtu: Run, folder: Path) -> None:
    """MIME-tools, the parser of many mail gateways, finds the same name and bytes."""
    script = (
        "my $p = MIME::Parser->new; $p->output_to_core(1);"
        "my $part = ($p->parse(\\*STDIN)->parts)[1];"
        "binmode STDOUT; print $part->head->recommended_filename, qq(\\n);"
        "print $part->bodyhandle->as_string"
    )
    perl = ["perl", "-MMIME::Parser", "-e"]
    if not shutil.which("perl") or subprocess.run([*perl, "1"], capture_output=True).returncode:
        pytest.skip("Perl's MIME-tools are not installed (apt-get install libmime-tools-perl)")
    xingtu(*EQUAL, *SENDER, *NUMBERS, *SHOT, "--eml", "draft.eml", cwd=folder)
    ran = subprocess.run(
        [*perl, script], input=(folder / "draft.eml").read_bytes(), capture_output=True, check=True
    )
    name, _, content = ran.stdout.partition(b"\n")
    assert name.decode() == SHOT[1]
    assert content == PNG


# ─── in a script ─────────────────────────────────────────────────────────────────────────────────


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_draft_is_for_its_owner_alone(xingtu: Run, folder: Path) -> None:
    ran = xingtu(*CASE_2, *SENDER, *SCAN, "--eml", "draft.eml", cwd=folder)
    assert "√ 草稿已写到 draft.eml。" in ran.err
    assert "★ 结算单不能取消" in ran.out
    assert stat.S_IMODE((folder / "draft.eml").stat().st_mode) == 0o600
    again = xingtu(*CASE_2, *SENDER, *SCAN, "--eml", "draft.eml", cwd=folder)
    assert (again.code, again.out) == (1, "")
    assert "已存在" in again.err
    assert xingtu(*CASE_2, *SENDER, *SCAN, "--eml", "draft.eml", "--force", cwd=folder).code == 0
    quiet = xingtu(*CASE_2, *SENDER, *SCAN, "--eml", "q.eml", "--quiet", cwd=folder)
    assert (quiet.code, quiet.err) == (0, "")
    assert (folder / "q.eml").read_bytes() == (folder / "draft.eml").read_bytes()


def test_the_report_is_json_all_the_same(xingtu: Run, folder: Path) -> None:
    ran = xingtu(*CASE_2, *SENDER, *SCAN, "--eml", "a.eml", "--format", "json", cwd=folder)
    document = json.loads(ran.out)
    assert document["email"]["unfilled"] == []
    assert document["email"]["mailto"].startswith(f"mailto:{TO}?subject=%E3%80%90")
    assert (folder / "a.eml").exists()


def test_every_missing_flag_is_named_and_nothing_is_written(xingtu: Run, folder: Path) -> None:
    before = files_in(folder)
    ran = xingtu(*EQUAL, "--eml", "draft.eml", "--save", "case.yaml", cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(
        "错误：写邮件草稿还缺：\n  --nickname 文字  即合昵称\n  --company 文字  公司主体名称\n"
        "  --tracking-number 文字  快递单号\n  --attach 文件  寄送发票的快递签收截图"
    )
    ran = xingtu(*EQUAL, SENDER[0], "小明", "--eml", "-", "--lang", "en", cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert "--tracking-number TEXT" in ran.err
    assert "--nickname" not in ran.err
    assert files_in(folder) == before


def test_what_is_missing_as_json(xingtu: Run, folder: Path) -> None:
    ran = xingtu(*CASE_2, *SENDER[2:], "--eml", "a.eml", "--format", "json", cwd=folder)
    assert (ran.code, ran.err) == (2, "")
    error = json.loads(ran.out)["error"]
    assert error["code"] == "missing-answers"
    assert error["missing"] == [
        {"question": "nickname", "flag": "--nickname", "values": []},
        {"question": "attach", "flag": "--attach", "values": ["pdf"]},
    ]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--attach", "none.pdf"], 1, "--attach: there is no file none.pdf"),
        (["--attach", "empty.pdf"], 1, "--attach: empty.pdf is empty"),
        (["--attach", "broken.pdf"], 1, "--attach: broken.pdf is damaged or incomplete"),
        (["--attach", "."], 1, "--attach: . is a folder"),
        (SHOT, 2, "--attach: 签收截图 1.png is of the wrong kind; what it holds must be: PDF"),
        ([*SCAN, "--attach", "short.pdf"], 2, "--attach: short.pdf is one file too many"),
        (
            ["--attach", "short.pdf", "--statement", "statement.pdf"],
            2,
            "--attach: short.pdf has 2 pages, but the statement has 3; scan all pages",
        ),
        (
            ["--attach", "statement.pdf", "--statement", "statement.pdf"],
            2,
            "--attach: statement.pdf is the statement as downloaded; attach the scan",
        ),
        ([*SCAN, "--statement", "none.pdf"], 1, "--statement: there is no file none.pdf"),
        ([*SCAN, "--statement", SHOT[1]], 1, "--statement: 签收截图 1.png is no PDF file"),
    ],
)
def test_a_wrong_file_names_its_flag(
    xingtu: Run, folder: Path, words: Sequence[str], code: int, told: str
) -> None:
    before = files_in(folder)
    ran = xingtu(*CASE_2, *SENDER, *words, "--eml", "a.eml", "--lang", "en", cwd=folder)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith(f"Error: {told}")
    assert files_in(folder) == before


def test_a_file_that_is_not_there_is_told_before_anything_is_asked_or_saved(
    xingtu: Run, folder: Path
) -> None:
    before = files_in(folder)
    for flag in ("attach", "statement"):
        words = ["--save", "case.yaml", "--eml", "a.eml", f"--{flag}", "…"]
        ran = xingtu(*words, *(SCAN if flag == "statement" else []), cwd=folder)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err == f"错误：--{flag}：没有 … 这个文件\n"
    assert files_in(folder) == before


def test_a_scan_with_all_pages(xingtu: Run, folder: Path) -> None:
    words = [*CASE_2, *SENDER, *SCAN, "--statement", "statement.pdf", "--eml", "a.eml"]
    assert xingtu(*words, cwd=folder).code == 0
    words = [*EQUAL, *SENDER, *NUMBERS, *SHOT, "--statement", "statement.pdf", "--eml", "b.eml"]
    ran = xingtu(*words, cwd=folder)
    assert ran.code == 0
    assert "用不到 --statement" in ran.err


@pytest.mark.parametrize(
    "name", ["小明\nBcc: a@example.com", "小明\r\n\r\n正文", "a\x00b", "a\x1b[2J"]
)
def test_no_name_gets_into_a_header_of_its_own(xingtu: Run, folder: Path, name: str) -> None:
    if "\0" in name:  # no shell can pass it on, but an answers file can
        (folder / "answers.json").write_text(json.dumps({"nickname": name}))
        given = ["--answers", "answers.json"]
    else:
        given = ["--nickname", name]
    ran = xingtu(*CASE_2, *given, *SENDER[2:], *SCAN, "--eml", "-", cwd=folder)
    assert ran.code != 0
    assert ran.out == ""
    assert "\x1b" not in ran.err
    assert "Bcc: a@example.com" not in ran.err.split("\n")


def test_an_email_that_must_wait_is_written_and_says_so(xingtu: Run, folder: Path) -> None:
    words = [*CASE_1, "--new-amount", "not-yet", *SENDER, *NUMBERS, *SHOT, "--lang", "en"]
    ran = xingtu(*words, "--eml", "a.eml", cwd=folder)
    assert ran.code == 0
    assert "√ The draft is in a.eml. Keep it for now: Do not send it yet; send it once" in ran.err
    assert "and send it." not in ran.err
    assert (folder / "a.eml").exists()
    assert "Keep it" not in xingtu(*words, "--eml", "b.eml", "--quiet", cwd=folder).err
    assert (
        "· Keep the draft for now: Do not send it yet; "
        in xingtu(*words, "--eml", "-", cwd=folder).err
    )


def test_what_to_make_sure_of_is_asked(xingtu: Run, folder: Path) -> None:
    three = ["--tracking-number", "SF1234567890123，YT1234567890123，YT1234567890124"]
    ran = xingtu(*EQUAL, *SENDER, *three, *SHOT, "--eml", "draft", cwd=folder)
    assert ran.code == 0
    assert "· 有 3 个快递单号，只附了 1 份文件。每个单号的签收截图都在里面吗？" in ran.err
    assert "· 文件名不以 .eml 结尾，双击可能打不开" in ran.err
    pages = ["--attach", "更正并盖章的 结算单.pdf", "--eml", "a.eml"]
    assert "只附了" not in xingtu(*EQUAL, *SENDER, *three, *pages, cwd=folder).err
    ran = xingtu(*CASE_2, *SENDER, "--attach", "statement.pdf", "--eml", "b.eml", cwd=folder)
    assert ran.code == 0
    assert "· statement.pdf 里有文字层，看起来不像扫描件" in ran.err
    assert ".eml 结尾" not in ran.err


def test_the_draft_alone_on_standard_output(xingtu: Run, folder: Path) -> None:
    ran = subprocess.run(
        [str(PROGRAM), *CASE_2, "--nickname", "x", *SENDER[2:], *SCAN, "--eml", "-"],
        capture_output=True,
        cwd=folder,
        env=clean_environment(PYTHONIOENCODING="gbk"),
        check=True,
    )
    assert ran.stdout.startswith(b"X-Unsent: 1\r\nTo: star-jihe@bytedance.com\r\nSubject: =?utf-8?")
    assert "★" not in ran.stderr.decode("gbk")
    for form in ("json", "markdown"):
        refused = xingtu(*CASE_2, "--eml", "-", "--format", form, cwd=folder)
        assert refused.code == 2
        assert "--eml -" in refused.out + refused.err


def test_an_odd_number_is_told_where_no_report_is_printed(xingtu: Run, folder: Path) -> None:
    words = [*EQUAL, *SENDER, "--tracking-number", "SF12", *SHOT, "--eml", "-"]
    ran = xingtu(*words, cwd=folder)
    assert ran.code == 0
    assert "快递单号“SF12”不像顺丰的单号" in ran.err


def test_an_outcome_without_an_email(xingtu: Run, folder: Path) -> None:
    before = files_in(folder)
    ran = xingtu("--settled", "no", "--eml", "a.eml", cwd=folder)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("错误：没有写草稿：这个结论（还没结算")
    ran = xingtu("--settled", "no", "--eml", "a.eml", "--format", "json", cwd=folder)
    assert ran.code == 1
    assert json.loads(ran.out)["error"]["code"] == "no-email"
    assert files_in(folder) == before


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--attach", "a.png"], 2, "--attach is for a draft; give --eml as well"),
        (["--statement", "a.pdf"], 2, "--statement is for a draft"),
        (["--eml", ""], 2, "--eml needs the name of a file, or -"),
        (["--eml", "nowhere/a.eml"], 1, "there is no folder nowhere"),
        (["--eml", "."], 1, ". is a folder"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_asked(
    xingtu: Run, folder: Path, words: Sequence[str], code: int, told: str
) -> None:
    ran = xingtu("diagnose", *words, "--lang", "en", cwd=folder)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
    assert "--settled" not in ran.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([*SCAN, "--eml", SCAN[1]], "--eml: 更正并盖章的 结算单.pdf is read by this run"),
        ([*SCAN, "--eml", "./link.eml"], "--eml: link.eml is read by this run"),
        ([*SCAN, "--save", SCAN[1]], "--save: 更正并盖章的 结算单.pdf is read by this run"),
        (
            ["--attach", "short.pdf", "--statement", "statement.pdf", "--eml", "statement.pdf"],
            "--eml: statement.pdf is read by this run",
        ),
        ([*SCAN, "--answers", "case.yaml", "--eml", "case.yaml"], "--eml: case.yaml is read by"),
        ([*SCAN, "--answers", "case.yaml", "--ics", "case.yaml"], "--ics: case.yaml is read by"),
        ([*SCAN, "--eml", "new", "--save", "new"], "--eml and --save would write the same file"),
        ([*SCAN, "--eml", "new", "--ics", "./new"], "--eml and --ics would write the same file"),
        (["--save", "new", "--ics", "new"], "--save and --ics would write the same file new"),
        (["--rules", "own.yaml", "--save", "own.yaml"], "--save: own.yaml is read by this run"),
    ],
)
def test_no_file_of_the_run_is_overwritten(
    xingtu: Run, folder: Path, words: Sequence[str], told: str
) -> None:
    (folder / "link.eml").symlink_to(SCAN[1])
    shutil.copy(shipped_path(), folder / "own.yaml")
    assert xingtu(*CASE_2, "--save", "case.yaml", cwd=folder).code == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    ran = xingtu(*CASE_2, *SENDER, *words, "--force", "--lang", "en", cwd=folder)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_case_is_saved_where_it_was_taken_up(xingtu: Run, folder: Path) -> None:
    xingtu(*CASE_2, "--save", "case.yaml", cwd=folder)
    words = ["--answers", "case.yaml", "--save", "./case.yaml", "--force", *TODAY]
    ran = xingtu("diagnose", *words, *SENDER, *SCAN, "--eml", "a.eml", cwd=folder)
    assert ran.code == 0
    assert "小明 & 小红" in (folder / "case.yaml").read_text("utf-8")
    shown = ["case", "show", "case.yaml", "--ics", "case.yaml", "--force", *TODAY]
    before = (folder / "case.yaml").read_bytes()
    assert xingtu(*shown, cwd=folder).code == 2
    assert (folder / "case.yaml").read_bytes() == before


def test_a_reader_that_leaves_early_is_no_error(folder: Path) -> None:
    words = [*CASE_2, *SENDER, *SCAN, "--eml", "-"]
    quoted = subprocess.list2cmdline([str(PROGRAM), *words])
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {quoted} | head -c 10"],
        capture_output=True, cwd=folder, env=clean_environment(), check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (0, b"X-Unsent: ")
    assert b"Traceback" not in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_is_told(folder: Path) -> None:
    words = [*CASE_2, *SENDER, *SCAN, "--eml", "-"]
    quoted = subprocess.list2cmdline([str(PROGRAM), *words])
    ran = subprocess.run(
        ["bash", "-c", f"{quoted} > /dev/full"],
        capture_output=True, cwd=folder, env=clean_environment(), check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "写不出结果：磁盘满了" in ran.stderr.decode()
