"""`xingtu batch` as an office and its scripts use it."""

import csv
import email
import email.policy
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import openpyxl
import pexpect
import pytest

from tests.conftest import PROGRAM, ROOT, Run, clean_environment, started
from tests.routes import ROUTES
from xingtu_cli.shell import quoted

CHINESE = """\
编号,即合昵称,公司主体名称,快递单号,已自助结算,结算单已盖章,发票寄出日期,有误的账户信息,结算单状态,新结算单金额,已寄发票金额,备注
1,小明,某某文化传媒有限公司,SF1234567890123,是,是,2026年10月8日,银行卡号,取消提现,"12,000.00",10000,加急
2,小红,甲乙（上海）文化有限公司,75312345678901,是,是,2026/10/8,"账户名称,开户行信息",审批中,,,=1+1
3,阿强,丙丁文化有限公司,6.22848E+17,是,是,2026/10/8,都对,,,,
4,老王,戊己文化有限公司,,是,,,,,,,
5,老李,庚辛文化有限公司,,是,是,2026/11/2,,,,,
"""
NAMES = "settled,stamped,mailed-on,wrong-fields,statement-status,new-amount,invoiced-amount"
DAY = ("--today", "2026-11-23")


def read_csv(data: bytes | str) -> list[dict[str, str]]:
    text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_csv_as_chinese_excel_saves_it(xingtu: Run, tmp_path: Path) -> None:
    table, results = tmp_path / "结算.csv", tmp_path / "结果.csv"
    table.write_bytes(CHINESE.replace("\n", "\r\n").encode("gbk"))
    ran = xingtu("batch", str(table), "-o", str(results), *DAY)
    assert (ran.code, ran.out) == (1, "")
    assert "注意：按 GBK 编码读取" in ran.err
    assert "共 5 行：" in ran.err
    assert "错误：5 行里有 2 行没有结论，原因写在各行的“错误”列" in ran.err
    assert results.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_csv(results.read_bytes())
    assert [row["编号"] for row in rows] == ["1", "2", "3", "4", "5"]
    assert [row["结论代码"] for row in rows] == ["cancellable", "locked", "", "", "wait"]
    assert rows[0]["差额"] == "2000.00"
    assert rows[0]["到期日"] == "2026-10-28"
    assert rows[0]["邮件主题"] == "【即合打款失败】小明-某某文化传媒有限公司"
    assert rows[0]["新结算单金额"] == "12,000.00"
    assert rows[1]["备注"] == "'=1+1"
    assert "被 Excel 改坏了（6.22848E+17）" in rows[2]["错误"]
    assert "设为“文本”" in rows[2]["错误"]
    assert rows[3]["错误"] == (
        "缺“结算单已盖章”，可填：yes（盖好了）、no（还没盖）；之后可能还要：“发票寄出日期”、"
        "“有误的账户信息”、“结算单状态”、“新结算单金额”、“已寄发票金额”"
    )


def test_every_route_comes_out_as_diagnose_says(xingtu: Run) -> None:
    routes = [route for route in ROUTES if route.today == DAY[1]]
    names = list(dict.fromkeys(n for r in routes for n in {**r.answers, **r.details}))
    file = io.StringIO()
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerows({**route.answers, **route.details} for route in routes)
    ran = xingtu("batch", "-", *DAY, "--format", "jsonl", "--quiet", stdin=file.getvalue())
    assert (ran.code, ran.err) == (0, "")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    for route, line in zip(routes, lines, strict=True):
        words = [w for k, v in {**route.answers, **route.details}.items() for w in (f"--{k}", v)]
        document = json.loads(xingtu("diagnose", *words, *DAY, "--format", "json").out)
        assert {k: v for k, v in line.items() if k not in ("row", "input")} == document


def test_stdout_and_the_three_formats_say_the_same(xingtu: Run, tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text(CHINESE, "utf-8")
    plain = xingtu("batch", str(table), *DAY, "--quiet")
    assert "行里有 2 行没有结论" in plain.err
    rows = read_csv(plain.out)
    book_file = tmp_path / "out.xlsx"
    assert xingtu("batch", str(table), *DAY, "-o", str(book_file)).code == 1
    book = openpyxl.load_workbook(book_file)
    header, *cells = book.worksheets[0].iter_rows(values_only=True)
    assert list(header) == list(rows[0])
    for row, values in zip(rows, cells, strict=True):
        for name, value in zip(header, values, strict=True):
            if isinstance(value, datetime):
                assert value.date().isoformat() == row[str(name)]
            elif name == "差额":
                assert f"{value or 0:.2f}" == (row["差额"] or "0.00")
            else:
                assert str(value or "") == row[str(name)].removeprefix("'")
    lines_file = tmp_path / "out.jsonl"
    assert xingtu("batch", str(table), *DAY, "-o", str(lines_file)).code == 1
    lines = [json.loads(line) for line in lines_file.read_text("ascii").splitlines()]
    assert [line.get("outcome", "") for line in lines] == [row["结论代码"] for row in rows]
    assert [line["row"] for line in lines] == [2, 3, 4, 5, 6]


def test_a_workbook_by_libreoffice(xingtu: Run, tmp_path: Path) -> None:
    table = Path(__file__).parents[1] / "table" / "made-by-libreoffice.xlsx"
    ran = xingtu("batch", str(table), *DAY)
    assert ran.code == 1
    rows = read_csv(ran.out)
    assert [row["结论代码"] for row in rows] == [
        *("cancellable", "locked", "", "stamp-first", "wait")
    ]
    assert rows[0]["差额"] == "1999.90"
    assert rows[1]["快递单号"] == "75312345678901"
    assert rows[3]["备注"] == "-5"
    again = tmp_path / "again.xlsx"
    assert xingtu("batch", str(table), *DAY, "-o", str(again)).code == 1
    second = xingtu("batch", str(again), *DAY)
    assert read_csv(second.out) == rows  # its own output, taken up again


def test_a_number_of_a_workbook_comes_out_as_it_is(xingtu: Run, tmp_path: Path) -> None:
    """Refused is only what lost its last digits; and nothing else is ever written for it."""
    numbers = (1234567890123456, 1234567890123450, 6228480402564890000, 12000.5)
    book = openpyxl.Workbook()
    for line in (("settled", "id"), *(("no", number) for number in numbers)):
        book.active.append(line)  # type: ignore[union-attr]
    book.save(tmp_path / "in.xlsx")
    ran = xingtu("batch", str(tmp_path / "in.xlsx"))
    rows = read_csv(ran.out)
    assert [row["id"] for row in rows] == [str(number) for number in numbers]
    assert [bool(row["error"]) for row in rows] == [False, True, True, False]
    again = xingtu("batch", str(tmp_path / "in.xlsx"), "-o", str(tmp_path / "out.xlsx"))
    assert again.code == 1
    second = xingtu("batch", str(tmp_path / "out.xlsx"))
    assert read_csv(second.out) == rows


def test_a_date_that_became_a_number_is_told_for_what_it_is(xingtu: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in (NAMES.split(","), ("yes", "yes", 46303)):
        book.active.append(line)  # type: ignore[union-attr]
    book.save(tmp_path / "in.xlsx")
    told = "不是日期，像是 Excel 里日期变成的数字（2026-10-08）"
    ran = xingtu("batch", str(tmp_path / "in.xlsx"), *DAY)
    assert told in read_csv(ran.out)[0]["error"]
    ran = xingtu("batch", "-", *DAY, stdin=f"{NAMES}\nyes,yes,46303,,,,\n")
    assert told in read_csv(ran.out)[0]["error"]


def test_a_nul_is_written_so_that_the_table_can_be_read_again(xingtu: Run) -> None:
    first = xingtu("batch", "-", stdin='{"settled":"no","id":"a\\u0000b","x\\u0000":1}\n')
    assert (first.code, "\0" in first.out) == (0, False)
    row = read_csv(first.out)[0]
    assert (row["id"], row["x\\x00"]) == ("a\\x00b", "1")
    second = xingtu("batch", "-", stdin=first.out)
    assert (second.code, second.out) == (0, first.out)


def test_results_are_filled_in_again(xingtu: Run) -> None:
    first = xingtu("batch", "-", stdin="settled,remark\nno,a\n,b\n").out
    mended = first.replace("\n,b,", "\nno,b,")
    second = xingtu("batch", "-", stdin=mended)
    assert second.code == 0
    assert [row["outcome"] for row in read_csv(second.out)] == ["settle-first"] * 2
    assert len(read_csv(second.out)[0]) == len(read_csv(first)[0])
    rows = list(csv.reader(io.StringIO(second.out.removeprefix("\ufeff"), newline="")))
    at = rows[0].index("title")
    fewer = "".join(",".join([*row[:at], *row[at + 1 :]]) + "\n" for row in rows)
    assert xingtu("batch", "-", stdin=fewer).out == second.out


def test_what_is_refused_before_the_work(xingtu: Run, tmp_path: Path) -> None:
    table, other = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("settled\nno\n")
    other.write_text("mine")
    link = tmp_path / "link.csv"
    link.symlink_to(table)
    cases: list[tuple[list[str], int, str]] = [
        ([str(table), "-o", str(other)], 1, "已存在，没有覆盖"),
        ([str(table), "-o", str(table), "--force"], 2, "是这次要读的文件，不能覆盖"),
        ([str(table), "-o", str(link), "--force"], 2, "是这次要读的文件，不能覆盖"),
        ([str(table), "-o", "out.ods"], 2, "看不出 out.ods 是什么格式"),
        ([str(table), "--format", "ods"], 2, "--format 只能是：csv、xlsx、jsonl"),
        ([str(table), "--input-format", "xls"], 2, "--input-format 只能是"),
        ([str(table), "-o", str(tmp_path / "none" / "out.csv")], 1, "none 这个文件夹"),
        ([str(tmp_path / "none.csv")], 1, "none.csv 这个文件"),
        ([], 2, "还缺要排查的表"),
        (["--template", "x.jsonl"], 2, "要以 .csv 或 .xlsx 结尾"),
        (["--template", str(other)], 1, "已存在，没有覆盖"),
        ([str(table), "--template", str(table), "--force"], 2, "--template 只写一张空表"),
        (
            [str(table), "-o", str(tmp_path / "o.csv"), "--eml-dir", str(tmp_path)],
            2,
            "同一个文件夹",
        ),
        ([str(table), "-o", "new.csv", "--eml-dir", "./new.csv"], 2, "都写成了 new.csv"),
        (["--template", "x.csv", "-o", "out.csv"], 2, "--template 只写一张空表"),
        (["--template", "x.csv", "--eml-dir", "mail"], 2, "--template 只写一张空表"),
    ]
    for words, code, told in cases:
        ran = xingtu("batch", *words)
        assert (ran.code, ran.out) == (code, ""), words
        assert told in ran.err
    assert other.read_text() == "mine"
    assert xingtu("batch", str(table), "-o", str(other), "--force").code == 0
    assert "settle-first" in other.read_text("utf-8")
    assert sorted(tmp_path.iterdir()) == sorted([table, other, link])


def test_remarks_and_quiet(xingtu: Run) -> None:
    table = "setled,stamped\nyes,yes\n"
    ran = xingtu("batch", "-", "--lang", "en", stdin=table)
    assert "the column “setled” was not used; did you mean “settled”?" in ran.err
    quiet = xingtu("batch", "-", "--lang", "en", "--quiet", stdin=table)
    assert quiet.err.startswith("Error: rows without a diagnosis: 1 of 1; each says why")
    assert quiet.err.count("\n") == 1
    assert "\nRows in all: 1\n" in ran.err
    assert xingtu("batch", "-", "--quiet", stdin="settled\nno\n").err == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([""], "错误：表的文件名是空的，请写文件名，或 -\n"),
        (["-", "-o", ""], "错误：-o 后面要写文件名，或 -\n"),
        (["-", "--eml-dir", ""], "错误：--eml-dir 后面要写文件夹名\n"),
        (["--template", ""], "错误：--template 后面要写文件名\n"),
        (["-", "--format", ""], "错误：--format 后面要写一个值\n"),
        (["-", "--input-format", ""], "错误：--input-format 只能是：csv、xlsx、jsonl，不能是“”\n"),
    ],
)
def test_a_word_that_is_empty_is_told_of(xingtu: Run, words: list[str], told: str) -> None:
    """A variable of a shell that was never set must not pass for a wish left out."""
    ran = xingtu("batch", *words, stdin="settled\nno\n")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(told)


def test_strict(xingtu: Run) -> None:
    table = "settled,new-amount\nno,100\n"
    assert xingtu("batch", "-", stdin=table).code == 0
    ran = xingtu("batch", "-", "--strict", stdin=table)
    assert ran.code == 1
    assert read_csv(ran.out)[0]["error"] == "这条路线用不到：“new-amount”"


def test_without_openpyxl_it_says_how_to_install_it(tmp_path: Path) -> None:
    blocker = "import sys; sys.modules['openpyxl'] = None; from xingtu_cli.cli import main;"
    words = ["batch", "--template", str(tmp_path / "x.xlsx")]
    ran = started(sys.executable, "-c", f"{blocker} sys.exit(main({words!r}))")
    told = "错误：读写 Excel 文件要用到 openpyxl，还没有装好。请先运行："
    assert ran.code == 1
    assert ran.err == f"{told}\n{quoted([sys.executable, '-m', 'pip', 'install', 'openpyxl'])}\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_template_filled_in(xingtu: Run, tmp_path: Path, lang: str) -> None:
    for name in ("t.csv", "t.xlsx"):
        template = tmp_path / name
        made = xingtu("batch", "--template", str(template), "--lang", lang)
        assert (made.code, made.out) == (0, "")
        assert str(template) in made.err
        again = xingtu("batch", "--template", str(template), "--lang", lang, "--force", "--quiet")
        assert (again.code, again.err) == (0, "")
        empty = xingtu("batch", str(template), "--lang", lang)
        assert empty.code == 0
        assert {"zh": "表里还没有要排查的行", "en": "the table has no rows"}[lang] in empty.err
        assert read_csv(empty.out) == []
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = book.active
    assert sheet is not None
    names = [cell.value for cell in sheet[1]]
    helped = {name: str(cell.value) for name, cell in zip(names, sheet[2], strict=True)}
    number = helped["快递单号" if lang == "zh" else "tracking-number"]
    assert number.endswith(
        "几个用逗号或空格隔开" if lang == "zh" else "; several with commas or spaces"
    )
    assert "隔开" not in helped.get("公司主体名称", "")
    yes, no = ("是", "还没有") if lang == "zh" else ("yes", "no")
    wanted = ("已自助结算", "结算单已盖章") if lang == "zh" else ("settled", "stamped")
    sheet.append([yes if n == wanted[0] else no if n == wanted[1] else None for n in names])
    book.save(tmp_path / "filled.xlsx")
    ran = xingtu("batch", str(tmp_path / "filled.xlsx"), "--lang", lang)
    assert ran.code == 0
    row = read_csv(ran.out)[0]
    assert row["结论代码" if lang == "zh" else "outcome"] == "stamp-first"


def test_drafts_into_a_folder(xingtu: Run, tmp_path: Path) -> None:
    table, folder = tmp_path / "in.csv", tmp_path / "邮件"
    rows = [
        "nickname,company,tracking-number," + NAMES,
        "小明,甲公司,SF1234567890123,yes,yes,2026-10-08,bank,cancellable,10000,10000",
        "小明,甲公司,SF1234567890124,yes,yes,2026-10-08,bank,cancellable,not-yet,",
        "CON,,,yes,yes,2026-10-08,bank,withdrawn,,",
        f"a/b:..\\{'长' * 300},,,yes,yes,2026-10-08,bank,withdrawn,,",
        ",,,no,,,,,,",
        ",,,?,,,,,,",
    ]
    table.write_text("\n".join(rows), "utf-8")
    ran = xingtu("batch", str(table), *DAY, "--eml-dir", str(folder))
    assert ran.code == 1
    told = f"{folder} 里有 4 封邮件草稿，附件要自己加；其中 1 封现在先别发、2 封有空缺〈…〉要补"
    assert f"{told}（文件名里有标记）\n" in ran.err
    drafts = sorted(folder.iterdir())
    names = [draft.name for draft in drafts]
    assert names[:3] == [
        "00002-【即合打款失败】小明-甲公司.eml",
        "00003-先别发-【即合打款失败】小明-甲公司.eml",
        "00004-有空缺-【即合打款失败】CON--正确结算单扫描件.eml",
    ]
    assert re.fullmatch(r"00005-有空缺-【即合打款失败】a-b-..-长+\.eml", names[3])
    assert all(len(name.encode()) < 255 for name in names)
    message = email.message_from_bytes(drafts[0].read_bytes(), policy=email.policy.default)
    assert message["Subject"] == "【即合打款失败】小明-甲公司"
    assert message["X-Unsent"] == "1"
    body = message.get_body()
    assert body is not None
    assert "SF1234567890123" in body.get_content()
    refused = xingtu("batch", str(table), *DAY, "--eml-dir", str(folder))
    assert (refused.code, refused.out) == (1, "")
    assert "里已有文件，没有动它" in refused.err
    again = xingtu("batch", str(table), *DAY, "--eml-dir", str(folder), "--force")
    assert sorted(folder.iterdir()) == drafts
    assert again.out == ran.out
    assert sorted(tmp_path.iterdir()) == sorted([table, folder])
    on_a_file = xingtu("batch", str(table), "--eml-dir", str(table))
    assert "不是文件夹" in on_a_file.err


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text("settled\n" + "no\n" * 20_000)
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {PROGRAM} batch {table} --quiet | head -1"],
        capture_output=True,
        env=clean_environment(),
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout.startswith(b"\xef\xbb\xbfsettled,outcome")


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_an_interrupted_run_leaves_no_half_file(
    name: str, sent: signal.Signals, code: int, tmp_path: Path
) -> None:
    table, temporary = tmp_path / "in.csv", tmp_path / "tmp"
    temporary.mkdir()
    table.write_text(NAMES + "\n" + "yes,yes,2026-10-08,bank,withdrawn,,\n" * 400_000)
    more = ["--eml-dir", str(tmp_path / "mail")] if name == "out.csv" else []
    running = subprocess.Popen(
        [str(PROGRAM), "batch", str(table), "-o", str(tmp_path / name), *DAY, *more],
        stderr=subprocess.PIPE,
        env=clean_environment(TMPDIR=str(temporary)),
    )
    try:
        while not list(tmp_path.glob(f".{name}.*.part")):
            assert running.poll() is None
            time.sleep(0.02)
        time.sleep(0.2)
        running.send_signal(sent)
        if sent == signal.SIGHUP:  # a shell passes on what the terminal has sent already
            running.send_signal(sent)
        _, told = running.communicate(timeout=30)
        assert running.returncode == code
        assert told.decode() == "已中断，没有写出任何文件。\n"
    finally:
        running.kill()
    assert sorted(tmp_path.iterdir()) == [table, temporary]
    assert not list(temporary.iterdir())


def test_an_impatient_hand_does_not_break_off_the_tidying_up(tmp_path: Path) -> None:
    table, folder = tmp_path / "in.csv", tmp_path / "mail"
    table.write_text(NAMES + "\n" + "yes,yes,2026-10-08,bank,withdrawn,,\n" * 20_000)
    running = subprocess.Popen(
        [str(PROGRAM), "batch", str(table), "-o", str(tmp_path / "o.csv"), *DAY, "--quiet"]
        + ["--eml-dir", str(folder)],
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    try:
        while len(list(tmp_path.glob(".mail.*.part/new/*"))) < 3000:
            assert running.poll() is None
            time.sleep(0.02)
        for sent in (signal.SIGINT, signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            running.send_signal(sent)
            time.sleep(0.01)
        _, told = running.communicate(timeout=30)
    finally:
        running.kill()
    assert (running.returncode, told.decode()) == (130, "已中断，没有写出任何文件。\n")
    assert list(tmp_path.iterdir()) == [table]


def test_under_nohup_a_window_may_close(tmp_path: Path) -> None:
    table, output = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("settled\n" + "no\n" * 100_000)
    running = subprocess.Popen(
        ["bash", "-c", f"trap '' HUP; exec {PROGRAM} batch {table} -o {output} --quiet"],
        stderr=subprocess.PIPE,
        env=clean_environment(),
    )
    while not list(tmp_path.glob(".out.csv.*.part")):
        assert running.poll() is None
        time.sleep(0.02)
    running.send_signal(signal.SIGHUP)
    _, told = running.communicate(timeout=30)
    assert (running.returncode, told) == (0, b"")
    assert len(read_csv(output.read_bytes())) == 100_000


def test_a_bar_in_a_terminal_only(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    table.write_text(NAMES + "\n" + "yes,yes,2026-10-08,bank,withdrawn,,\n" * 30_000)
    words = ["batch", str(table), "-o", str(tmp_path / "out.csv"), "--force", *DAY]

    def shown(*more: str, **changes: str) -> str:
        child = pexpect.spawn(
            str(PROGRAM),
            [*words, *more],
            env=clean_environment(**changes),
            encoding="utf-8",
            dimensions=(24, 80),
            timeout=60,
        )
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
        return str(child.before)

    bar = shown()
    assert re.search(r"已排查.*\d+%", bar)
    assert "共 30000 行：" in bar
    colored = re.compile(r"\x1b\[[0-9;]*m")
    assert colored.search(bar)
    assert not colored.search(shown("--color", "never"))
    assert shown("--quiet") == ""
    dumb = shown(TERM="dumb")
    assert "%" not in dumb
    assert "共 30000 行：" in dumb
    ran = subprocess.run(
        [str(PROGRAM), *words], capture_output=True, env=clean_environment(), check=True
    )
    assert b"%" not in ran.stderr
    assert b"\x1b" not in ran.stderr


def test_a_bar_that_nobody_can_see_stops_nothing(tmp_path: Path) -> None:
    table, output = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text(NAMES + "\n" + "yes,yes,2026-10-08,bank,withdrawn,,\n" * 30_000)
    ours, theirs = os.openpty()
    running = subprocess.Popen(
        [str(PROGRAM), "batch", str(table), "-o", str(output), *DAY],
        stderr=theirs,
        env=clean_environment(TERM="xterm"),
        start_new_session=True,
    )
    os.close(theirs)
    assert os.read(ours, 1)
    os.close(ours)
    running.wait(60)
    assert len(read_csv(output.read_bytes())) == 30_000


def test_a_table_in_a_terminal_and_one_written_from_there(tmp_path: Path) -> None:
    table, output = tmp_path / "in.csv", tmp_path / "out.csv"
    table.write_text("id,settled\n\x1b]0;title\x07\x9b31m,no\n")

    def shown(*words: str) -> str:
        child = pexpect.spawn(
            str(PROGRAM),
            ["batch", str(table), "--quiet", *words],
            env=clean_environment(),
            encoding="utf-8",
            timeout=20,
        )
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
        return str(child.before)

    assert shown("-o", str(output)) == ""
    assert output.read_bytes().startswith(b"\xef\xbb\xbf")  # or Excel would garble it
    assert "\x1b]0;title\x07" in output.read_text("utf-8-sig")
    seen = shown()
    assert seen.startswith("id,settled,")
    assert "\\x1b]0;title\\x07\\x9b31m,no,settle-first" in seen


def test_in_a_terminal_it_says_that_it_reads_and_ends_at_the_first_end() -> None:
    child = pexpect.spawn(
        str(PROGRAM),
        ["batch", "-"],
        env=clean_environment(),
        encoding="utf-8",
        dimensions=(24, 100),
        timeout=20,
    )
    child.expect_exact("正在从标准输入读表：请输入或粘贴，最后另起一行按 Ctrl-D")
    child.send("settled\nno\n")
    child.sendeof()
    child.expect_exact("共 1 行：")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


SOFFICE = shutil.which("soffice")


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")
@pytest.mark.parametrize("name", ["out.csv", "out.xlsx", "template.xlsx"])
def test_libreoffice_opens_the_output(xingtu: Run, tmp_path: Path, name: str) -> None:
    table, output, converted = tmp_path / "in.csv", tmp_path / name, tmp_path / "converted"
    table.write_bytes(CHINESE.encode("gbk"))
    words = ["--template"] if name == "template.xlsx" else [str(table), *DAY, "-o"]
    xingtu("batch", *words, str(output))
    read_as = ["--infilter=CSV:44,34,76,1"] if name == "out.csv" else []
    write_as = "csv:Text - txt - csv (StarCalc):44,34,76"
    subprocess.run(
        [
            *(str(SOFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"),
            *(*read_as, "--convert-to", write_as, "--outdir", str(converted), str(output)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    rows = read_csv((converted / output.with_suffix(".csv").name).read_bytes())
    if name == "template.xlsx":
        assert list(rows[0])[:3] == ["即合昵称", "公司主体名称", "快递单号"]
        return
    assert [row["结论代码"] for row in rows] == ["cancellable", "locked", "", "", "wait"]
    assert rows[1]["备注"] == ("'=1+1" if name == "out.csv" else "=1+1")  # not run: no 2
    assert rows[0]["快递单号"] == "SF1234567890123"


def test_no_file_of_the_run_is_written_over(xingtu: Run, tmp_path: Path) -> None:
    rules, table = tmp_path / "rules.xlsx", tmp_path / "in.csv"
    shipped = (ROOT / "rules.yaml").read_bytes()
    rules.write_bytes(shipped)
    table.write_text("settled\nno\n")
    for words in ([str(table), "-o", str(rules)], ["--template", str(rules)]):
        ran = xingtu("batch", *words, "--rules", str(rules), "--force")
        assert (ran.code, ran.out) == (2, "")
        assert "是这次要读的文件，不能覆盖" in ran.err
        assert rules.read_bytes() == shipped


def test_another_guide_is_spoken_of_in_its_own_words(xingtu: Run, tmp_path: Path) -> None:
    guide = ("--rules", str(ROOT / "examples" / "opening-conditions.yaml"))
    book = tmp_path / "empty.xlsx"
    for lang in ("zh", "en"):
        ran = xingtu("batch", "--help", *guide, "--lang", lang)
        made = xingtu("batch", "--template", str(book), *guide, "--lang", lang, "--force")
        assert (ran.code, made.code) == (0, 0)
        sheets = "".join(openpyxl.load_workbook(book).sheetnames)
        assert not re.search("结算|打款|settle|payout|statement", ran.out + sheets, re.IGNORECASE)


def test_drafts_are_for_their_owner_alone(xingtu: Run, tmp_path: Path) -> None:
    table, folder = tmp_path / "in.csv", tmp_path / "drafts"
    table.write_text(CHINESE, "utf-8")
    ran = xingtu("batch", str(table), "-o", str(tmp_path / "out.csv"), "--eml-dir", str(folder))
    assert ran.code == 1
    modes = {stat.S_IMODE(draft.stat().st_mode) for draft in folder.iterdir()}
    assert modes == {0o600}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["{long}"], "读不了"),
        (["t.csv", "-o", "{long}"], "写不了"),
        (["--template", "{long}"], "写不了"),
        (["t.csv", "--eml-dir", "{long}"], "写不了"),
    ],
)
def test_a_name_that_is_too_long_is_named(
    xingtu: Run, tmp_path: Path, words: list[str], says: str
) -> None:
    (tmp_path / "t.csv").write_text("settled\nno\n", "utf-8")
    long = "长" * 100 + ".csv"
    ran = xingtu("batch", *(word.format(long=long) for word in words), cwd=tmp_path)
    assert ran.code == 1
    assert "名称太长" in ran.err
    assert says in ran.err
    assert long in ran.err
    assert [each.name for each in tmp_path.iterdir()] == ["t.csv"]


def test_drafts_go_into_a_folder_with_a_name_as_long_as_can_be(xingtu: Run, tmp_path: Path) -> None:
    folder = "长" * 85  # 255 bytes
    header = "settled,stamped,mailed-on,wrong-fields,statement-status"
    table = f"{header}\nyes,yes,2026-10-08,bank,withdrawn\n"
    ran = xingtu(
        "batch", "-", "--eml-dir", folder, "--today", "2026-11-23", stdin=table, cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    assert len(list((tmp_path / folder).iterdir())) == 1
