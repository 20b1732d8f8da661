"""Hostile and broken files: a clear message, exit 3 or 1, within bounds of time and memory.

Each runs in a process of its own, whose address space and processor time the system limits; the
limits are generous, so that a slow machine passes and whatever grows without bound does not.
"""

import os
import resource
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import PROGRAM, ROOT, clean_environment

SECONDS = 120
BYTES = 3 << 30

RULES = (ROOT / "rules.yaml").read_text("utf-8")
MB_50 = 50_000_000
WORDS = "{zh: a, en: a}"


def alias_bomb() -> str:
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    for here, before in zip("bcdefghijklm", "abcdefghijkl", strict=True):
        rows.append(f"{here}: &{here} [{', '.join([f'*{before}'] * 9)}]")
    return "\n".join(rows)


def bad_targets(count: int = 5_000) -> str:
    question = (
        f"  q%d: {{label: {WORDS}, ask: {WORDS}, help: {WORDS}, choices: {{"
        f"a: {{label: {WORDS}, then: nope%d}}, d: {{label: {{zh: d, en: d}}, then: q%d}}}}}}\n"
    )
    return (
        f"id: a\nversion: a\nas_of: a\ntitle: {WORDS}\nstart: q0\nroute:\n"
        + "".join(question % (n, n, n + 1) for n in range(count))
        + f"outcomes:\n  q{count}: {{title: {WORDS}, summary: {WORDS}, steps: []}}\n"
    )


def circle(count: int = 5_000) -> str:
    return bad_targets(count).replace("nope", "q").replace(f"then: q{count}}}", "then: q0}")


HOSTILE: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "an alias bomb": (alias_bomb, "不支持 YAML 别名 *a [XT004]"),
    "a flow 10,000 deep": (lambda: "a: " + "[" * 10_000, "嵌套超过 32 层 [XT007]"),
    "mappings 10,000 deep": (lambda: "a: " + "{a: " * 10_000, "嵌套超过 32 层 [XT007]"),
    "blocks 10,000 deep": (
        lambda: "\n".join(" " * n + "a:" for n in range(10_000)),
        "嵌套超过 32 层 [XT007]",
    ),
    "dashes 10,000 deep": (lambda: "- " * 10_000 + "x", "嵌套超过 32 层 [XT007]"),
    "a text of 50 MB": (lambda: "id: " + "x" * MB_50, "缺少“version” [XT102]"),
    "50 MB of NULs": (lambda: bytes(MB_50), "控制字符（U+0000） [XT009]"),
    "50 MB of line ends": (lambda: "\n" * MB_50, "[XT110]"),
    "50 MB of one key": (lambda: "a: b\n" * (MB_50 // 5), "“a”重复了，第 1 行已有 [XT003]"),
    "50 MB of list items": (lambda: "- x\n" * (MB_50 // 4), "内容超过 5,000,000 项 [XT012]"),
    "39 MB of empty lists": (
        lambda: "a: [" + "[]," * 13_000_000 + "]",
        "内容超过 5,000,000 项 [XT012]",
    ),
    "50 MB of brackets": (lambda: "[" * MB_50, "嵌套超过 32 层 [XT007]"),
    "70 MB": (lambda: "#" * 70_000_000, "超过 64 MB"),
    "a million keys": (
        lambda: "".join(f"k{n}: v\n" for n in range(1_000_000)),
        "不认识“k0” [XT101]",
    ),
    "200,000 broken questions": (
        lambda: "route:\n" + "".join(f"  q{n}: x\n" for n in range(200_000)),
        "这里应是一组“名称: 内容” [XT110]",
    ),
    "100,000 keys of a kind unknown": (
        lambda: RULES + "\nx:\n" + "".join(f"  k{n}: {{}}\n" for n in range(100_000)),
        "不认识“x” [XT101]",
    ),
    "targets that do not exist": (bad_targets, "没有叫“nope0”的问题、判断或结论 [XT205]"),
    "a circle": (circle, "绕成了一圈"),
    "random bytes": (lambda: bytes(range(256)) * 1000, "不是 UTF-8 编码"),
    "UTF-16": (lambda: RULES.encode("utf-16"), "不是 UTF-8 编码，像是 UTF-16 [XT010]"),
    "UTF-32": (lambda: RULES.encode("utf-32"), "不是 UTF-8 编码，像是 UTF-32 [XT010]"),
    "GBK": (lambda: RULES.encode("gb18030"), "不是 UTF-8 编码，像是 GBK [XT010]"),
    "a tab": (lambda: RULES.replace("\n  settled:", "\n\tsettled:"), "这里用 Tab 缩进了 [XT002]"),
    "a merge key": (
        lambda: RULES.replace("steps:\n\n", "steps:\n  <<: {a: b}\n", 1),
        "不支持 YAML 的合并写法 << [XT011]",
    ),
    "a tag that would run a command": (
        lambda: RULES.replace("version: ", "version: !!python/object/apply:os.system ", 1),
        "不支持 YAML 标签 tag:yaml.org,2002:python/object/apply:os.system [XT005]",
    ),
    "a key of 200,000 letters": (lambda: "x" * 200_000 + ": a", "[XT001]"),
    "an empty file": (lambda: "", "这里应是一组“名称: 内容” [XT110]"),
    "escape sequences in quotes": (
        lambda: RULES.replace("title:\n  zh: ", 'title:\n  zh: "\\e]0;x\\a" # ', 1),
        "不能有控制字符（U+001B） [XT009]",
    ),
    "letters that turn the line round": (
        lambda: RULES.replace("title:\n  zh: ", "title:\n  zh: \u202e", 1),
        "不能有控制字符（U+202E） [XT009]",
    ),
    "escape sequences as such": (
        lambda: RULES.replace("title:\n  zh: ", "title:\n  zh: \x1b]0;x\x07", 1),
        "控制字符（U+001B） [XT009]",
    ),
}


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def check(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(PROGRAM), "rules", "check", str(file)],
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(),
        check=False,
        timeout=5 * SECONDS,
        preexec_fn=limited,
    )


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_within_bounds(name: str, tmp_path: Path) -> None:
    make, message = HOSTILE[name]
    content = make()
    file = tmp_path / "hostile.yaml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = check(file)
    assert done.returncode in (1, 3), done.stderr[-2000:]
    assert message in done.stdout
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert len(done.stdout) < 1_000_000


def test_many_sound_entries_are_no_trouble(tmp_path: Path) -> None:
    file = tmp_path / "large.yaml"
    file.write_text(RULES + "".join(f"  标签{n}: x\n" for n in range(100_000)), "utf-8")
    assert check(file).returncode == 0


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/urandom", "/", "/nowhere/at/all"])
def test_what_is_no_file(path: str) -> None:
    done = check(Path(path))
    assert (done.returncode, done.stderr) == (1, "")
    assert path in done.stdout


def test_a_pipe_that_nobody_writes_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    done = check(pipe)
    assert done.returncode == 1
    assert "是管道，等了 5 秒没有内容" in done.stdout
