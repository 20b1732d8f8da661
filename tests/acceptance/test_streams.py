"""The installed program with streams that are closed, full or left, and in every encoding."""

import json
import os
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import NO_ROOM, PROGRAM, clean_environment, filled

ANSWERS = (
    "--settled yes --stamped yes --mailed-on 2026-10-08 --wrong-fields bank"
    " --statement-status withdrawn --today 2026-11-23"
)
TABLE = "settled,stamped,mailed-on,wrong-fields,statement-status,new-amount\n"
ACCOUNT = "account --on-statement-number 0200001234657890123 --number 0200001234567890123"
FAMILIES = {
    "text": ANSWERS,
    "json": f"{ANSWERS} --format json",
    "markdown": f"{ANSWERS} --format markdown",
    "english": f"--lang en {ANSWERS}",
    "colour": f"{ANSWERS} --color always",
    "draft": f"{ANSWERS} --nickname 小明 --company 某某公司 --attach scan.pdf --eml -",
    "calendar": "--settled yes --stamped yes --mailed-on 2026-11-02 --today 2026-11-23 --ics -",
    "account": ACCOUNT,
    "account-json": f"{ACCOUNT} --format json",
    "case-show": "case show case.yaml",
    "case-list": "case list . --format json",
    "batch": "batch table.csv --today 2026-11-23",
    "rules-check": "rules check",
    "rules-show": "rules show",
    "rules-graph": "rules graph",
    "rules-paths": "rules paths",
    "rules-schema": "rules schema",
    "help": "--help",
    "help-of-one": "case done --help",
    "version": "--version",
}
# a reader who takes a line and leaves must find a second one to miss
LONG = sorted(set(FAMILIES) - {"rules-check", "version"})


@dataclass(frozen=True)
class Done:
    code: int
    out: bytes
    err: bytes

    @property
    def told(self) -> str:
        return self.err.decode()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a case, a table and a scan; no test may change it."""
    from tests.pdfs import scan

    folder = tmp_path_factory.mktemp("desk")
    (folder / "table.csv").write_text(TABLE + "yes,yes,2026-10-08,bank,other,\n" * 200)
    (folder / "scan.pdf").write_bytes(scan(2))
    assert shell(f"xingtu {ANSWERS} --save case.yaml", folder).code == 0
    return folder


def shell(
    script: str, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Done:
    ran = subprocess.run(
        ["bash", "-o", "pipefail", "-c", script],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=cwd,
        env=clean_environment(**(environment or {})),
        check=False,
        timeout=120,
    )
    for stream in (ran.stdout, ran.stderr):
        assert b"Traceback" not in stream
        assert b"Exception ignored" not in stream
        assert "程序内部出错".encode() not in stream
    return Done(ran.returncode, ran.stdout, ran.stderr)


# ─── nobody can be told ──────────────────────────────────────────────────────────────────────────

FULL = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


@FULL
@pytest.mark.parametrize("family", FAMILIES)
def test_standard_output_is_full_or_closed(family: str, desk: Path) -> None:
    before = sorted(desk.iterdir())
    english = family == "english"
    for after, zh, en in (
        ("> /dev/full", "写不出结果：磁盘满了", "cannot write the result: the disk is full"),
        (">&-", "写不出结果：标准输出已关闭", "the result: standard output is closed"),
    ):
        ran = shell(f"xingtu {FAMILIES[family]} {after}", desk)
        assert ran.code == 1
        assert (en if english else zh) in ran.told
        assert ran.told.count("\n") == 1
    assert sorted(desk.iterdir()) == before


@FULL
@pytest.mark.parametrize("family", FAMILIES)
def test_standard_error_is_full_or_closed(family: str, desk: Path) -> None:
    """The result comes out whole all the same; what could not be said on a full disk is told."""
    plain = shell(f"xingtu {FAMILIES[family]}", desk)
    assert plain.code == 0
    closed = shell(f"xingtu {FAMILIES[family]} 2>&-", desk)
    assert (closed.code, closed.out) == (0, plain.out)
    full = shell(f"xingtu {FAMILIES[family]} 2> /dev/full", desk)
    assert (full.code, full.out) == (1 if plain.err else 0, plain.out)


@FULL
def test_both_are_full_or_closed(desk: Path) -> None:
    for after in ("> /dev/full 2>&1", ">&- 2>&-", "<&- >&- 2>&-"):
        assert shell(f"xingtu {ANSWERS} {after}", desk) == Done(1, b"", b"")
        assert shell(f"xingtu --settled maybe {after}", desk) == Done(2, b"", b"")


@FULL
def test_an_error_that_standard_output_does_not_take_is_told_beside_it() -> None:
    ran = shell("xingtu --settled maybe --format json > /dev/full")
    assert ran.code == 2
    assert "--settled 不能填“maybe”" in ran.told
    assert "写不出结果：磁盘满了" in ran.told
    assert shell("xingtu --settled maybe --debug 2> /dev/full").code == 2
    told = shell("xingtu --settled maybe --debug --format json 2>&-").out
    assert json.loads(told)["error"]["code"] == "invalid-answer"


@FULL
def test_what_was_saved_stays_saved(tmp_path: Path) -> None:
    """A case is written before the report, and not taken back when nobody can read that."""
    assert shell(f"xingtu {ANSWERS} --save case.yaml > /dev/full", tmp_path).code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["case.yaml"]
    assert shell("xingtu case show case.yaml", tmp_path).code == 0


@FULL
def test_a_workbook_that_does_not_get_out_is_told_of_in_one_line(desk: Path) -> None:
    """An archive that is given up says nothing of its own when Python lets go of it."""
    words = "xingtu batch table.csv --format xlsx --quiet"
    for after, told in (
        ("> /dev/full", "磁盘满了"),
        (">&- ", "标准输出已关闭"),
        ("< /dev/null >&0", "标准输出已关闭"),
    ):
        ran = shell(f"{words} {after}", desk)
        assert ran == Done(1, b"", f"错误：写不出结果：{told}\n".encode())
    assert shell(f"{words} | true", desk) == Done(0, b"", b"")


def test_drafts_on_a_full_disk_are_told_of_by_their_folder(desk: Path, tmp_path: Path) -> None:
    ran = shell(f"{NO_ROOM.format(0)} xingtu batch {desk}/table.csv --eml-dir em --quiet", tmp_path)
    assert (ran.code, ran.told) == (1, "错误：写不了 em：文件太大\n")
    assert not list(tmp_path.iterdir())


def test_temporary_files_that_cannot_be_written_are_told_of(desk: Path, tmp_path: Path) -> None:
    workbook = f"xingtu batch {desk}/table.csv -o o.xlsx"
    for limit, words, why in (
        (0, workbook, "没有能用的临时文件夹；"),
        (1, workbook, "文件太大；"),
        (1, "xingtu batch --template t.xlsx", "文件太大；"),
        (1, f"cat {desk}/table.csv | xingtu batch - -o o.csv", "文件太大；"),
        (1, f"head -c 6000 {desk}/table.csv | xingtu batch - -o o.csv", "文件太大；"),
    ):
        ran = shell(f"{NO_ROOM.format(limit)} {words}", tmp_path)
        assert (ran.code, ran.told.count("\n")) == (1, 1)
        assert f"错误：写不了临时文件：{why}可以用环境变量 TMPDIR" in ran.told
        assert not list(tmp_path.iterdir())


def test_workbooks_are_written_in_one_way_whatever_else_is_installed(
    desk: Path, tmp_path: Path
) -> None:
    other = tmp_path / "path" / "lxml"
    other.mkdir(parents=True)
    (other / "__init__.py").write_bytes(b"")
    (other / "etree.py").write_text("LXML_VERSION = (9, 0, 0, 0)\n")  # there, and of no use
    ran = shell(f"PYTHONPATH={other.parent} xingtu batch {desk}/table.csv -o o.xlsx", tmp_path)
    assert ran.code == 0
    assert (tmp_path / "o.xlsx").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("", 2, "还缺这些回答：\n  --settled yes|no"),
        ("account", 2, "--on-statement-name"),
        (ANSWERS, 0, ""),
        ("--answers -", 1, "标准输入已关闭"),
        ("batch -", 1, "标准输入已关闭"),
        ("rules check -", 1, "标准输入已关闭"),
    ],
)
def test_standard_input_is_closed(words: str, code: int, told: str) -> None:
    ran = shell(f"xingtu {words} <&-")
    assert ran.code == code
    assert told in ran.told + ran.out.decode()


def test_standard_input_is_called_by_its_name() -> None:
    for script, told in (
        ("printf '\\xff\\xfe\\xff' | xingtu --answers -", "标准输入 不是文本文件"),
        ("head -c 1100000 /dev/zero | xingtu --answers -", "标准输入 超过 1 MB"),
        ("printf '\\xff\\xff' | xingtu --answers - --lang en", "standard input is no text file"),
        ("echo 'settled: [' | xingtu --answers -", "标准输入:"),
        ("xingtu batch - 0> /dev/null", "读不了 标准输入：已经关闭"),
    ):
        assert told in shell(script).told


@pytest.mark.parametrize("family", LONG)
def test_a_reader_that_leaves_early_is_no_error(family: str, desk: Path) -> None:
    whole = shell(f"xingtu {FAMILIES[family]}", desk).out
    words = f"xingtu {FAMILIES[family]}"
    if family in ("batch", "draft"):  # what it says on standard error is said to someone else
        words += " --quiet"
    assert shell(f"{words} | head -1", desk) == Done(0, whole.splitlines(keepends=True)[0], b"")
    assert shell(f"{words} | true", desk) == Done(0, b"", b"")


def test_who_reads_the_errors_may_leave_too() -> None:
    """The result does not depend on it."""
    ran = shell("xingtu --settled no --new-amount 5 2> >(exec true); sleep 0")
    assert ran.out == shell("xingtu --settled no").out
    assert shell("xingtu --settled maybe 2> >(exec true)").code == 2


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    here = "mkdir gone && cd gone && rmdir ../gone && xingtu"
    assert shell(f"{here} {ANSWERS}", tmp_path).code == 0
    ran = shell(f"{here} {ANSWERS} --save case.yaml", tmp_path)
    assert ran.code == 1
    assert "没有 . 这个文件夹" in ran.told


# ─── encodings ───────────────────────────────────────────────────────────────────────────────────

NAMED = f"xingtu {ANSWERS} --nickname '小明😀¥' --company x"
OLD = {"PYTHONUTF8": "0"}
NOTE = {
    "zh": "注意：有的字符在 {} 编码里没有，写成了 \\uXXXX 这样的编号。",
    "en": "Note: characters that the encoding {} lacks were written as codes like \\uXXXX.",
}


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_an_encoding_that_has_chinese(encoding: str) -> None:
    ran = shell(NAMED, None, {"PYTHONIOENCODING": encoding, "LANG": "C", **OLD})
    shown = ran.out.decode(encoding)
    plain = shell(NAMED).out.decode()
    assert ran.code == 0
    if encoding in ("gbk", "cp936"):
        assert shown == plain.replace("😀", "\\U0001f600").replace("¥", "￥")
        assert ran.err.decode(encoding).startswith(NOTE["zh"].format("gbk"))
        assert ran.err.count(b"\n") == 1
    else:
        assert (shown, ran.err) == (plain, b"")


@pytest.mark.parametrize("encoding", ["ascii", "iso8859-1", "cp437", "big5"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_encoding_that_lacks_it(encoding: str, lang: str) -> None:
    """Whatever it lacks is there as a number, and nothing else is changed."""
    ran = shell(f"{NAMED} --lang {lang}", None, {"PYTHONIOENCODING": encoding, **OLD})
    plain = shell(f"{NAMED} --lang {lang}").out.decode()
    assert ran.code == 0
    numbers = "".join(_or_number(character, encoding) for character in plain)
    assert ran.out.decode(encoding) == numbers
    assert ran.err.decode(encoding).startswith(NOTE["en"].format(encoding))


def _or_number(character: str, encoding: str) -> str:
    for each in (character, {"¥": "￥", "–": "-"}.get(character, character)):
        with suppress(UnicodeEncodeError):
            each.encode(encoding)
            return each
    return character.encode("ascii", "backslashreplace").decode()


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", **OLD},
        {"LANG": "", "LC_ALL": "POSIX", "PYTHONUTF8": ""},
        {"LANG": "zh_CN.GB18030", **OLD},
        {"LANG": "nonsense", "LC_ALL": "nonsense", "LANGUAGE": "nonsense"},
        {"PYTHONIOENCODING": "gbk:strict", **OLD},
        {"PYTHONIOENCODING": ":surrogateescape", **OLD},
    ],
)
def test_any_locale(environment: dict[str, str]) -> None:
    for words in ("--help", ANSWERS, "rules show", "--settled 也许", ACCOUNT):
        ran = shell(f"xingtu {words}", None, environment)
        assert ran.code == (2 if "也许" in words else 0)
        assert ran.out or ran.err
    as_json = shell(f"{NAMED} --format json", None, environment)
    assert json.loads(as_json.out)["email"]["subject"].startswith("【即合打款失败】小明😀¥")


def test_an_encoding_is_not_told_of_where_nobody_would_read_it() -> None:
    asked = {
        "_XINGTU_COMPLETE": "complete_fish",
        "_TYPER_COMPLETE_ARGS": "xingtu diagnose --se",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    ran = shell("xingtu", None, {**asked, "PYTHONIOENCODING": "ascii", **OLD})
    assert b"--settled" in ran.out
    assert ran.err == b""


@pytest.mark.parametrize("asked", [{}, {"COMP_WORDS": "xingtu '", "COMP_CWORD": "many"}])
def test_within_a_line_being_typed_nothing_is_said_of_what_went_wrong(
    asked: dict[str, str],
) -> None:
    ran = shell("xingtu", None, {"_XINGTU_COMPLETE": "complete_bash", **asked})
    assert (ran.code, ran.out, ran.err) == (1, b"", b"")


@pytest.mark.parametrize("encoding", ["idna", "undefined"])
def test_an_encoding_that_is_not_for_texts_counts_as_utf_8(encoding: str) -> None:
    ran = shell(NAMED, None, {"PYTHONIOENCODING": encoding, **OLD})
    assert ran == shell(NAMED, None, {"PYTHONIOENCODING": "utf-8", **OLD})


# ─── bytes that are no text ──────────────────────────────────────────────────────────────────────

BAD = "$'a\\xffb'"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (f"--nickname {BAD} {ANSWERS}", 2),
        (f"--settled {BAD}", 2),
        (f"--mailed-on {BAD}", 2),
        (f"--new-amount {BAD} --format json", 2),
        (f"--{BAD} 1", 2),
        (BAD, 2),
        (f"--lang {BAD}", 2),
        (f"--today {BAD}", 2),
        (f"--rules {BAD}", 1),
        (f"--answers {BAD}", 1),
        (f"account --on-statement-name {BAD} --name b", 2),
        (f"account --statement {BAD} --name b", 1),
        (f"case show {BAD}", 1),
        (f"case done {BAD} {BAD}", 1),
        (f"case list {BAD}", 1),
        (f"batch {BAD}", 1),
        (f"rules check {BAD}", 1),
        (f"rules {BAD}", 2),
    ],
)
def test_words_that_are_no_text(words: str, code: int, tmp_path: Path) -> None:
    ran = shell(f"xingtu {words}", tmp_path)
    assert ran.code == code
    assert (ran.out + ran.err).count(b"\n") >= 1
    assert not list(tmp_path.iterdir())


def test_garbled_text_is_called_so() -> None:
    for words in ("--nickname", "--settled", "--mailed-on"):
        assert "乱码" in shell(f"xingtu {words} {BAD}").told
    assert "乱码" in shell(f"xingtu account --name {BAD} --on-statement-name b").told


def test_a_file_whose_name_is_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff.yaml")
    assert shell(f"xingtu {ANSWERS} --save {shlex.quote(name)}", tmp_path).code == 0
    assert [path.name for path in tmp_path.iterdir()] == [name]
    for words, shown in (
        (f"show {shlex.quote(name)}", b"\\xff.yaml"),
        ("list .", b"\\xff.yaml"),
        ("list . --format json", b"\\udcff.yaml"),
    ):
        assert shown in shell(f"xingtu case {words}", tmp_path).out


# ─── colour ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "environment", "coloured"),
    [
        ("", {}, False),
        ("--color always", {}, True),
        ("", {"FORCE_COLOR": "1"}, True),
        ("--color never", {"FORCE_COLOR": "1"}, False),
        ("", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("--color always", {"NO_COLOR": "1"}, True),
        ("", {"FORCE_COLOR": "", "NO_COLOR": ""}, False),
    ],
)
def test_colour_is_never_in_a_pipe_unless_asked_for(
    words: str, environment: dict[str, str], coloured: bool
) -> None:
    ran = shell(f"xingtu --settled no {words}", None, environment)
    assert (b"\x1b[" in ran.out) == coloured


@pytest.mark.parametrize("size", ["0", "1", "²", "-5", "many", "9" * 5000])
def test_colour_hangs_on_no_size_that_is_told(size: str) -> None:
    told = {"COLUMNS": size, "LINES": size}
    for words in ("--settled no", "--help", "rules check"):
        usual = shell(f"xingtu {words} --color always")
        assert usual.code == 0
        assert shell(f"xingtu {words} --color always", None, told) == usual


# ─── streams that do not wait ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("from_the_start", [True, False])
def test_input_that_does_not_wait_is_waited_for(desk: Path, *, from_the_start: bool) -> None:
    table = (desk / "table.csv").read_bytes()
    ours, theirs = os.pipe()
    os.set_blocking(ours, not from_the_start)
    command = [str(PROGRAM), "batch", "-", "--today", "2026-11-23"]
    with os.fdopen(ours, "rb") as stdin, os.fdopen(theirs, "wb") as giving:
        running = subprocess.Popen(
            command, stdin=stdin, stdout=subprocess.PIPE, env=clean_environment()
        )
        for part in (table[:1000], table[1000:]):
            time.sleep(1)
            giving.write(part)
            giving.flush()
            os.set_blocking(ours, False)  # as another program may do that reads from it too
        giving.close()
        out, _ = running.communicate(timeout=60)
        assert not os.get_blocking(ours)  # as it was left
    assert running.returncode == 0
    assert out == shell("xingtu batch table.csv --today 2026-11-23", desk).out


def test_a_terminal_that_does_not_wait_is_waited_for() -> None:
    master, terminal = os.openpty()
    running = subprocess.Popen(
        [str(PROGRAM)],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=clean_environment(TERM="dumb"),
    )
    time.sleep(2)
    os.set_blocking(terminal, False)
    for answer in (b"1\n", b"2\n"):  # settled, but not stamped
        os.write(master, answer)
        time.sleep(0.5)
    assert running.wait(60) == 0
    os.close(terminal)
    shown = os.read(master, 1 << 16).decode()
    os.close(master)
    assert shown.count("> ") == 2
    assert "结算单还没盖章，先盖公章" in shown


def test_output_that_does_not_wait_is_waited_for(desk: Path) -> None:
    words = ["batch", "table.csv", "--format", "jsonl", "--today", "2026-11-23"]
    ours, theirs = os.pipe()
    os.set_blocking(theirs, False)
    with os.fdopen(ours, "rb") as taking:
        running = subprocess.Popen(
            [str(PROGRAM), *words], stdout=theirs, env=clean_environment(), cwd=desk
        )
        os.close(theirs)
        time.sleep(3)
        out = taking.read()
        assert running.wait(60) == 0
    assert out == shell(f"xingtu {' '.join(words)}", desk).out
    assert len(out) > 1 << 17  # more than a pipe holds


def test_without_a_buffer_nothing_is_cut_off_in_silence(tmp_path: Path) -> None:
    ran = shell(
        f"{NO_ROOM.format(8)} xingtu rules schema > schema.json",
        tmp_path,
        {"PYTHONUNBUFFERED": "1"},
    )
    assert ran.code == 1
    assert ran.told.startswith("错误：写不出结果：")
    whole = shell("xingtu rules schema", None, {"PYTHONUNBUFFERED": "1"})
    assert whole == shell("xingtu rules schema")


def test_a_reader_on_a_socket_may_leave_too(desk: Path) -> None:
    for words in ("batch table.csv --quiet", "rules schema", "diagnose --help"):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            running = subprocess.Popen(
                [str(PROGRAM), *words.split()],
                stdout=theirs.fileno(),
                stderr=subprocess.PIPE,
                env=clean_environment(),
                cwd=desk,
            )
            theirs.sendall(b"unread")  # so that what follows is refused as a reset connection
            theirs.close()
            ours.close()
            _, told = running.communicate(timeout=60)
        assert (running.returncode, told) == (0, b"")


def let_wait_for_a_pipe(running: subprocess.Popen[bytes], seconds: float = 0.5) -> None:
    """Wait until a program has been waiting for a reader for some seconds."""
    waiting = Path(f"/proc/{running.pid}/wchan")
    while "pipe" not in waiting.read_text():
        assert running.poll() is None
        time.sleep(0.01)
    time.sleep(seconds)


@pytest.mark.parametrize("output", ["csv", "jsonl"])
@pytest.mark.parametrize("seconds", [0, 0.5])
def test_a_ctrl_c_ends_what_waits_for_a_reader(output: str, seconds: float, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text("settled\n" + "no\n" * 8000)
    ours, theirs = os.pipe()
    words = ["batch", "table.csv", "--quiet", "--format", output]
    with os.fdopen(ours, "rb"):  # read by nobody
        running = subprocess.Popen(
            [str(PROGRAM), *words],
            stdout=theirs,
            stderr=subprocess.PIPE,
            env=clean_environment(),
            cwd=tmp_path,
        )
        os.close(theirs)
        let_wait_for_a_pipe(running, seconds)
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=20)
    assert (running.returncode, told.decode()) == (130, "已中断，没有写出任何文件。\n")


@pytest.mark.parametrize(("sent", "code"), [("INT", 130), ("TERM", 143), ("HUP", 129)])
@pytest.mark.parametrize("words", ["diagnose --settled no", "rules check /nonexistent"])
def test_an_end_while_nobody_reads_what_went_wrong(words: str, sent: str, code: int) -> None:
    ours, theirs = os.pipe()
    filled(theirs)
    with os.fdopen(ours, "rb"), Path("/dev/full").open("wb") as full:
        running = subprocess.Popen(
            [str(PROGRAM), *words.split()], stdout=full, stderr=theirs, env=clean_environment()
        )
        os.close(theirs)
        let_wait_for_a_pipe(running)
        running.send_signal(getattr(signal, f"SIG{sent}"))
        assert running.wait(timeout=20) == code


# ─── names of our own streams ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_what_stands_before_ours_in_a_file_stays(desk: Path, tmp_path: Path, name: str) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"old\n")
    ran = shell(f"xingtu batch table.csv --quiet -o {name} --format csv >> {log}", desk)
    assert (ran.code, ran.err) == (0, b"")
    assert log.read_bytes().startswith(b"old\n\xef\xbb\xbfsettled,")
    told = f"--nickname a --company b --attach scan.pdf --eml {name} --quiet"
    assert shell(f"xingtu {ANSWERS} {told} > {log}", desk).code == 0
    assert b"X-Unsent: 1" in log.read_bytes()
    assert "再次运行".encode() in log.read_bytes()


def test_a_table_does_not_grow_by_its_own_results(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("settled\n" + "no\n" * 2000)
    ran = shell("xingtu batch t.csv >> t.csv", tmp_path)
    assert ran.code == 2
    assert "正是要读的表" in ran.told
    assert table.read_text() == "settled\n" + "no\n" * 2000
