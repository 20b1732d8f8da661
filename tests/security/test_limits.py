"""Absurd input is refused, or read, within bounds of memory and time, and with a clear word."""

import re
import resource
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import PROGRAM, Ran, clean_environment
from xingtu_cli.errors import CannotRead
from xingtu_cli.rules.load import load
from xingtu_cli.table import read

BYTES = 1 << 30  # of address space
SECONDS = 30


def run(*words: str, cwd: Path, stdin: str | None = None, memory: int = BYTES) -> Ran:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    with Path(stdin or "/dev/null").open("rb") as given:
        done = subprocess.run(
            [str(PROGRAM), *words],
            stdin=given,
            capture_output=True,
            encoding="utf-8",
            env=clean_environment(),
            check=False,
            timeout=SECONDS,
            preexec_fn=limit,
            cwd=cwd,
        )
    assert "Traceback" not in done.stderr
    assert len(done.stderr) < 100_000
    return Ran(done.returncode, done.stdout, done.stderr)


BOMB = "a: &a [x, x]\n" + "".join(f"k{n}: &k{n} [*a, *a, *a, *a]\n" for n in range(50))
ANSWERS: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "aliases": (lambda: BOMB, "不支持 YAML 别名"),
    "flows within flows": (lambda: "a: " + "[" * 100_000, "嵌套超过 32 层"),
    "objects within objects": (lambda: '{"a":' * 100_000 + "1" + "}" * 100_000, "嵌套超过 32 层"),
    "blocks": (lambda: "\n".join(" " * n + "a:" for n in range(1_000)), "嵌套超过 32 层"),
    "too much": (lambda: "nickname: " + "x" * (2 << 20), "超过 1 MB"),
    "a long number": (lambda: "new-amount: " + "9" * 1_000_000, "new-amount"),
    "a tag": (lambda: "settled: !!python/object/apply:os.system [touch pwned]", "不支持 YAML 标签"),
    "zeros": (lambda: bytes(1_000_000), "控制字符"),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.parametrize("way", ["diagnose", "case show"])
def test_an_answers_file_and_a_case(name: str, way: str, tmp_path: Path) -> None:
    make, told = ANSWERS[name]
    content = make()
    data = content if isinstance(content, bytes) else content.encode()
    (tmp_path / "a.yaml").write_bytes(data)
    start = time.monotonic()
    words = ["--answers", "a.yaml"] if way == "diagnose" else ["a.yaml"]
    ran = run(*way.split(), *words, cwd=tmp_path)
    assert ran.code in (1, 2)
    assert told in ran.err or (way == "case show" and "不是存档" in ran.err), ran.err[:500]
    assert time.monotonic() - start < 60
    assert [path.name for path in tmp_path.iterdir()] == ["a.yaml"]


@pytest.mark.parametrize("end", ["", "\n", '"\n'])
def test_a_line_of_100_mb(end: str, tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w") as file:
        file.write('settled,x\nno,first\nno,"' if end == '"\n' else "settled,x\nno,first\nno,")
        for _ in range(100):
            file.write("x" * (1 << 20))
        file.write(end + "no,last\n")
    ran = run("batch", "a.csv", "--quiet", cwd=tmp_path)
    assert ran.code in (0, 1)
    assert "settle-first" in ran.out
    assert "没有结论" in ran.err


def test_a_json_line_of_100_mb(tmp_path: Path) -> None:
    with (tmp_path / "a.jsonl").open("w") as file:
        file.write('{"settled": "no"}\n{"settled": "')
        for _ in range(100):
            file.write("x" * (1 << 20))
        file.write('"}\n{"settled": "no"}\n')
    ran = run("batch", "a.jsonl", "--quiet", cwd=tmp_path)
    assert ran.code == 1
    assert ran.out.count("settle-first") == 2
    assert "太长了，没有读" in ran.out


def test_a_header_of_a_million_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(f"c{n}" for n in range(100_000)) + "\nx\n")
    assert run("batch", "a.csv", "--quiet", cwd=tmp_path).code in (1, 2)


def workbook() -> dict[str, bytes]:
    made = Path(__file__).parents[1] / "table" / "made-by-libreoffice.xlsx"
    with zipfile.ZipFile(made) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def packed(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)


ENTITIES = '<!ENTITY a0 "' + "x" * 100 + '">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
)  # fmt: skip
STRINGS = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
SHEET = "xl/worksheets/sheet1.xml"
BOMBS: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "texts that unpack to 600 MB": (
        "xl/sharedStrings.xml",
        lambda _: STRINGS + b"x" * (600 << 20) + b"</t></si></sst>",
        "大得反常",
    ),
    "a cell that unpacks to 600 MB": (
        SHEET,
        lambda old: old.replace(b"</sheetData>", b" " * (600 << 20) + b"</sheetData>"),
        "大得反常",
    ),
    "a row beyond the last": (
        SHEET,
        lambda old: re.sub(rb'<row ([^>]*)r="2"', rb'<row \1r="999999999999"', old),
        "读不了",
    ),
    "entities that grow": (
        "xl/sharedStrings.xml",
        lambda _: f"<!DOCTYPE x [{ENTITIES}]>".encode() + STRINGS + b"&a9;</t></si></sst>",
        "读不了",
    ),
    "an entity that is a file": (
        "xl/sharedStrings.xml",
        lambda _: (
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            + STRINGS
            + b"&a;</t></si></sst>"
        ),
        "",
    ),
}


def test_many_sheets_whose_only_row_is_their_last(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for _ in range(100):
        book.create_sheet().append(["x"])
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        forged = {name: parts.read(name) for name in parts.namelist()}
    for name in [name for name in forged if name.startswith("xl/worksheets/")]:
        sheet = re.sub(rb"<dimension[^>]*>", b"", forged[name])
        forged[name] = sheet.replace(b'<row r="1"', b'<row r="1048576"')
    packed(tmp_path / "a.xlsx", forged)
    ran = run("batch", "a.xlsx", cwd=tmp_path)  # a second for each sheet would be too long
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("错误：")


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_is_a_bomb(name: str, tmp_path: Path) -> None:
    part, change, told = BOMBS[name]
    parts = workbook()
    parts[part] = change(parts[part])
    packed(tmp_path / "a.xlsx", parts)
    del parts
    start = time.monotonic()
    ran = run("batch", "a.xlsx", cwd=tmp_path)
    assert ran.code in (1, 2)
    assert told in ran.err, ran.err
    assert "root:" not in ran.out + ran.err
    assert time.monotonic() - start < 60


@pytest.mark.parametrize("megabytes", range(115, 150, 5))
def test_a_workbook_for_which_there_is_too_little_memory(megabytes: int, tmp_path: Path) -> None:
    parts, sheet = workbook(), "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<sheetData>", b"<sheetData>" + b"<x>" * 200_000)
    packed(tmp_path / "a.xlsx", parts)
    ran = run("batch", "a.xlsx", cwd=tmp_path, memory=megabytes << 20)
    assert (ran.code, ran.out) == (1, "")
    assert re.search("内存不够|已经损坏", ran.err)


def test_a_stream_without_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MOST_COPIED", 1 << 21)
    too_much = pytest.raises(CannotRead, match="larger than 2 MB")
    with Path("/dev/zero").open("rb") as stream, too_much, read.open_table(stream, load()):
        pass


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_device_without_an_end(device: str, tmp_path: Path) -> None:
    for words in (
        ["batch", device],
        ["diagnose", "--answers", device],
        ["case", "show", device],
        ["account", "--name", "x", "--statement", device],
    ):
        ran = run(*words, cwd=tmp_path)
        assert (ran.code, ran.out) == (1, ""), words
        assert ran.err.startswith("错误：")
    assert run("diagnose", "--answers", "-", cwd=tmp_path, stdin=device).code == 1
