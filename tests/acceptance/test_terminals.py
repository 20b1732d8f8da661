"""The installed program in terminals of every size and kind, and under hands of every kind.

`test_conversation` says what is asked and answered; here is how it looks and what it endures.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from rich.cells import cell_len
from wcwidth import wcswidth

from tests.acceptance.screen import END, INTERRUPT, Screen, rows, squeezed
from tests.acceptance.test_drafts import PNG
from tests.conftest import flags

Open = Callable[..., Screen]

DAY = ("--today", "2026-11-23")
RULE = "─" * 36
LATE = {"settled": "yes", "stamped": "yes", "mailed-on": "2026-10-08"}
LOCKED = {**LATE, "wrong-fields": "account-name,bank", "statement-status": "withdrawn"}
GREATER = {
    **LATE,
    "wrong-fields": "account-number",
    "statement-status": "cancellable",
    "new-amount": "12000",
    "invoiced-amount": "10000",
}
SENDER = ("--nickname", "小明", "--company", "某某（北京）文化传媒有限公司")
NAMES = ("某某（北京）公司", "0200001234657890123", "某某银行")
RIGHT = ("某某(北京) 公司", "0200001234567890123", "某某银行北京分行")


@pytest.fixture
def sit_down(tmp_path: Path) -> Iterator[Open]:
    """Open terminals in an empty folder, and close those that a test leaves."""
    screens: list[Screen] = []

    def start(*words: str, **more: object) -> Screen:
        screens.append(Screen(*words, cwd=tmp_path, **more))  # type: ignore[arg-type]
        return screens[-1]

    yield start
    for screen in screens:
        screen.close()


def walked(screen: Screen, *answers: str) -> Screen:
    """Answer each prompt, and wait for a peaceful end."""
    screen.answer(*answers)
    assert screen.ended() == 0, screen.text
    return screen


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_became_of_a_table_fits_any_window(sit_down: Open, tmp_path: Path, lang: str) -> None:
    head = "settled,stamped,mailed-on,wrong-fields,statement-status\n"
    right, wrong = "yes,yes,2026-10-08,none,\n", "yes,yes,2026-10-08,bank,other\n"
    (tmp_path / "t.csv").write_text(head + right + wrong)
    words = ("batch", "t.csv", "-o", "out.csv", "--force", "--lang", lang, *DAY)
    for columns in (40, 58, 60, 62, 66, 72, 80, 84, 90, 200):
        screen = walked(sit_down(*words, columns=columns))
        told = screen.text.split("\n")
        assert all(wcswidth(line) <= min(columns, 100) for line in told[-8:])
        assert "account-correct" in "".join(told).replace(" ", "")


# ─── to the cell ─────────────────────────────────────────────────────────────────────────────────

WALKS: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "wait": (DAY, ["1", "1", "2026-11-02"]),
    "account-correct": (DAY, ["?", "1", "1", "2026-10-08", "4"]),
    "greater": ((*DAY, *SENDER), ["9", *GREATER.values(), "n"]),
    "locked": ((*DAY, *flags(LATE)), ["?", "1,3", "?", "3", ""]),
    "estimate": (("--today", "2027-01-09", *flags(LATE), "--mailed-on", "2026-12-20"), ["none"]),
    "draft": (
        (*DAY, *flags(LOCKED)),
        ["?", "y", "?", "小明", "", "某某公司", "?", "none.pdf", "", "?", "b", "", "q"],
    ),
    "account": (("account",), [*NAMES, *RIGHT]),
    "compare": ((*DAY, *flags(LATE)), ["c", "?", *NAMES, *RIGHT, "x", "y", "3", ""]),
    "case": (("case", "show", "case.yaml", *DAY), []),
    "rules": (("rules", "show"), []),
    "help": (("diagnose", "--help"), []),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", WALKS)
def test_every_row_fits_and_nothing_is_lost(name: str, lang: str, sit_down: Open) -> None:
    words, answers = WALKS[name]
    if name == "case":
        walked(sit_down(*DAY, *flags(LOCKED), "--save", "case.yaml", "--no-input"))
    seen = {
        columns: walked(sit_down(*words, "--lang", lang, columns=columns), *answers)
        for columns in (40, 80, 200)
    }
    for columns, screen in seen.items():
        assert_laid_out(screen, min(columns, 100))
        assert screen.sane
    if name not in ("account", "compare", "rules", "help"):  # those are drawn anew for each width
        assert same_words(seen[40]) == same_words(seen[80]) == same_words(seen[200])


def assert_laid_out(screen: Screen, width: int) -> None:
    """See that each line fits into one row, but for those to be copied, which are never broken."""
    shown = set(rows(screen.page))
    body = False
    for line in screen.lines:
        assert wcswidth(line) == cell_len(line), f"its width is not agreed on: {line}"
        body ^= line == RULE
        if body or line.startswith(("xingtu ", "--", "收件人", "主题", "To:", "Subject:")):
            continue
        if "https://" in line or "mailto:" in line:
            continue
        assert wcswidth(line) <= width, f"wider than {width}: {line}"
        assert line in shown, f"not in one row: {line}"


def same_words(screen: Screen) -> str:
    """Return what is said, however it is laid out: a narrow table has colons for columns."""
    return squeezed(screen.text).replace("：", "").replace(":", "")


def test_a_table_has_its_columns_one_under_the_other(sit_down: Open) -> None:
    for columns in (60, 80, 200):
        screen = walked(sit_down(*DAY, *flags(GREATER), *SENDER, "--no-input", columns=columns))
        shown = cells(screen)
        start = rows(screen.page).index("■ 你的回答") + 1
        table = shown[start : start + len(GREATER)]
        begins = {second_column(row) for row in table}
        assert len(begins) == 1
        label = "发票寄出日期"
        assert "".join(table[2][2 : begins.pop() - 2]).rstrip() == label


def test_marks_stand_under_what_differs(sit_down: Open) -> None:
    for columns in (40, 80):
        screen = walked(sit_down("account", columns=columns), *NAMES, *RIGHT)
        shown = [(ours, theirs, marks) for ours, theirs, marks in triples(cells(screen))]
        assert len(shown) == 3
        for ours, theirs, marks in shown:
            begin = 2 + 8  # the indent, and 结算单 with its gap
            assert "".join(ours[:begin]).strip() == "结算单"
            for x in range(begin, columns):
                assert (marks[x] == "^") == (ours[x] != theirs[x]), (x, ours, theirs)


def test_the_branches_of_a_tree_are_unbroken(sit_down: Open) -> None:
    for columns in (40, 80):
        shown = cells(walked(sit_down("rules", "show", columns=columns)))
        drawn = 0
        for above, below in pairwise(shown):
            for x, character in enumerate(above):
                if character in ("│", "├"):
                    drawn += 1
                    assert below[x] in ("│", "├", "└"), (x, above, below)
        assert drawn


def cells(screen: Screen) -> list[list[str]]:
    """Return the cells of each row; the right half of a wide character is an empty one."""
    shown = screen.page
    height = len(rows(shown))
    return [[shown.buffer[y][x].data for x in range(screen.columns)] for y in range(height)]


def second_column(row: Sequence[str]) -> int:
    """Return where the second column of an indented row begins."""
    gap = next(x for x in range(3, len(row)) if row[x] == row[x + 1] == " ")
    return next(x for x in range(gap, len(row)) if row[x] != " ")


def triples(shown: list[list[str]]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Yield the two texts of a comparison and the marks below them."""
    for ours, theirs, marks in zip(shown, shown[1:], shown[2:], strict=False):
        if {"^", " "} == set(marks):
            yield ours, theirs, marks


# ─── kinds of terminals ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("words", "before", "environment", "styled"),
    [
        ((), "exec", {}, True),
        ((), "exec", {"TERM": "dumb"}, False),
        ((), "exec", {"TERM": ""}, False),
        ((), "unset TERM; exec", {}, False),
        ((), "exec", {"NO_COLOR": "1"}, False),
        ((), "exec", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (("--color", "never"), "exec", {"FORCE_COLOR": "1"}, False),
        ((), "exec", {"TERM": "dumb", "FORCE_COLOR": "1"}, True),
    ],
)
def test_escape_sequences_only_where_they_are_understood(
    words: Sequence[str], before: str, environment: dict[str, str], styled: bool, sit_down: Open
) -> None:
    screen = sit_down(*DAY, *flags(LATE), *words, before=before, **environment)
    walked(screen, "x", "?", "account-name", "b", "1", "4", "n")
    assert (b"\x1b" in screen.raw) == styled
    assert screen.sane


@pytest.mark.parametrize("size", [(10, 24), (40, 1), (0, 0), (1, 1), (3000, 500)])
def test_any_size_of_window(size: tuple[int, int], sit_down: Open) -> None:
    columns, height = size
    screen = sit_down(*DAY, *flags(LATE), columns=columns, rows=height)
    walked(screen, "?", "x", "1,2", "3", "n")
    lines = screen.lines
    width = max(40, min(100, columns or 80))
    wide = [line for line in lines if cell_len(line) > width and not line.startswith("xingtu")]
    assert len(wide) <= 5  # the e-mail and the addresses, which are copied
    assert any(cell_len(line) > width - 12 for line in lines)


def test_the_next_page_is_as_wide_as_the_window_is_then(sit_down: Open) -> None:
    screen = sit_down(*DAY, *flags(LATE), columns=100)
    screen.answer("?")
    assert max(map(cell_len, screen.latest.split("\n"))) > 40
    screen.resize(40)
    for typed in ("?", "1", "?"):
        screen.answer(typed)
        assert max(map(cell_len, screen.latest.split("\n"))) <= 40
    screen.resize(100)
    screen.answer("?")
    assert max(map(cell_len, screen.latest.split("\n"))) > 40


def test_put_aside_and_taken_up_again(sit_down: Open) -> None:
    screen = sit_down(*DAY, before="set -m;", after="; fg; exit $?")
    screen.prompt()
    screen.answer("1")
    time.sleep(1)  # it is the shell that waits, not the program, so it cannot be told when it reads
    screen.key(b"\x1a")  # Ctrl-Z; the shell takes it up again
    screen.see("xingtu")
    screen.prompt()  # once more
    screen.enter("2")
    screen.see("★ 结算单还没盖章，先盖公章")
    assert screen.ended() == 0
    assert screen.sane


@pytest.mark.parametrize("words", [DAY, ("account",), (*DAY, *flags(LOCKED))])
@pytest.mark.parametrize("before", ["exec", "trap '' HUP; exec"])
def test_the_window_is_closed(
    words: Sequence[str], before: str, sit_down: Open, tmp_path: Path
) -> None:
    """The program ends, as under `nohup`, where nobody ends it."""
    screen = sit_down(*words, before=before)
    screen.prompt()
    status = screen.hang_up()
    assert os.WIFEXITED(status)
    assert os.WEXITSTATUS(status) in ((129,) if before == "exec" else (1, 2))
    assert not list(tmp_path.iterdir())


def test_a_bar_leaves_the_cursor_whatever_ends_it(sit_down: Open, tmp_path: Path) -> None:
    """A kill leaves nobody to bring back what was hidden, so nothing is."""
    head = "settled,stamped,mailed-on,wrong-fields,statement-status\n"
    (tmp_path / "t.csv").write_text(head + "yes,yes,2026-10-08,bank,other\n" * 4000)
    screen = sit_down("batch", "t.csv", *DAY, after="> out.csv")
    screen.see("已排查")
    screen.send(signal.SIGTERM)
    assert screen.ended() in (0, 128 + signal.SIGTERM)  # it may be done already
    assert screen.sane


# ─── at every prompt ─────────────────────────────────────────────────────────────────────────────

STOPPED, NO_DRAFT = "已退出，还没有得出结论。", "已退出，没有写草稿。"
NOT_COMPARED, MISSING = "已退出，还没有比对。", "还缺"


@dataclass(frozen=True)
class Prompt:
    """A prompt, how to get there, and what is said and returned on Ctrl-C and on Ctrl-D."""

    name: str
    words: tuple[str, ...]
    answers: tuple[str, ...] = ()
    interrupt: tuple[int, str] = (130, STOPPED)
    end: tuple[int, str] = (2, MISSING)


def every_prompt() -> Iterator[Prompt]:
    for n, name in enumerate(GREATER):
        yield Prompt(name, (*DAY, *flags(dict(list(GREATER.items())[:n]))))
    late = (*DAY, *flags(LATE))
    for n in range(6):
        yield Prompt(f"compare-{n}", late, ("c", *(*NAMES, *RIGHT)[:n]))
    yield Prompt("compare-take", late, ("c", *NAMES, *RIGHT))
    for n in range(6):
        typed = (*NAMES, *RIGHT)[:n]
        yield Prompt(f"account-{n}", ("account",), typed, (130, NOT_COMPARED), (2, MISSING))
    asked = ("y", "小明", "某某公司", "SF1234567890123", "1.png", "", "taken.eml")
    told = (0, ""), *[(0, NO_DRAFT)] * len(asked)
    for n, said in enumerate(told):
        yield Prompt(f"offer-{n}", (*DAY, *flags(GREATER)), asked[:n], said, said)
    for n in range(5):
        asked_for = (*DAY, *flags(GREATER), "--eml", "a.eml")
        yield Prompt(f"eml-{n}", asked_for, asked[1 : n + 1], (130, NO_DRAFT), (2, MISSING))


PROMPTS = [*every_prompt()]


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "1.png").write_bytes(PNG)
    (tmp_path / "taken.eml").write_text("mine")
    return tmp_path


@pytest.mark.parametrize("key", [INTERRUPT, END], ids=["ctrl-c", "ctrl-d"])
@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.name)
def test_help_and_the_way_out(prompt: Prompt, key: bytes, desk: Path, sit_down: Open) -> None:
    before = {path.name: path.read_bytes() for path in desk.iterdir()}
    screen = sit_down(*prompt.words)
    screen.answer(*prompt.answers, "?")
    assert squeezed(screen.latest) not in ("", "?>")  # it always has something to say
    screen.prompt()
    screen.key(key)
    code, said = prompt.interrupt if key == INTERRUPT else prompt.end
    assert screen.ended() == code
    assert squeezed(said) in squeezed(screen.latest)
    assert "Traceback" not in screen.text
    assert "程序内部出错" not in screen.text
    assert screen.sane
    assert {path.name: path.read_bytes() for path in desk.iterdir()} == before


def test_a_second_ctrl_c_changes_nothing(sit_down: Open) -> None:
    for words in (DAY, ("account",)):
        screen = sit_down(*words)
        screen.prompt()
        for _ in range(5):
            screen.key(INTERRUPT)
        assert screen.ended() == 130
        assert "Traceback" not in screen.text
        assert screen.sane


def test_a_case_is_written_when_there_is_a_diagnosis(desk: Path, sit_down: Open) -> None:
    """So a stop at the offer that follows loses nothing, and one before leaves nothing."""
    for answers, saved in (((), False), (("3",), True)):
        words = (*DAY, *flags(LATE), "--wrong-fields", "bank", "--save", "case.yaml")
        screen = sit_down(*words)
        screen.answer(*answers)
        screen.key(INTERRUPT)
        assert screen.ended() == (0 if saved else 130)
        assert (desk / "case.yaml").exists() == saved


WRONG = ("x", "九", "-1", "1..2", "\x1b[A", "《》", "1-2-3-4-5", "0x10", "01/02/2026", "好像对")


@pytest.mark.parametrize(
    ("words", "before", "right", "help_"),
    [
        (DAY, [], "1", "打开结算单记录"),
        ((*DAY, *flags({"settled": "yes", "stamped": "yes"})), [], "2026-10-08", "寄件日期"),
        ((*DAY, *flags(LATE)), [], "bank", "每一位都对"),
        ((*DAY, *flags(dict(list(GREATER.items())[:-2]))), [], "12000", "新结算单上的"),
        (("account",), ["某某公司"], "0200001234567890123", "每一位都对"),
        ((*DAY, *flags(LOCKED)), [], "n", "请输入 y 或 n"),
    ],
    ids=["choice", "date", "several", "amount", "number", "yes-or-no"],
)
def test_ten_wrong_answers_and_then_a_right_one(
    words: Sequence[str], before: Sequence[str], right: str, help_: str, sit_down: Open
) -> None:
    """Each is refused with its reason, and in between it is told again where to look."""
    screen = sit_down(*words)
    screen.answer(*before)
    wrong = [f"甲{each}" for each in WRONG] if words[0] == "account" else WRONG
    said = [screen.answer(typed) for typed in wrong]
    assert all("× " in each for each in said), said
    assert sum(squeezed(help_) in squeezed(each) for each in said) >= 3
    assert "× " not in screen.answer(right)


# ─── what is pasted ──────────────────────────────────────────────────────────────────────────────

LINES = ("yes", "yes", "2026-10-08", "bank", "withdrawn", "n")


@pytest.mark.parametrize(
    "pasted",
    [
        "\n".join(LINES) + "\n",
        "\r".join(LINES) + "\r",
        "\r\n".join(LINES) + "\r\n",
        "  \n".join(LINES) + " \t \n",
        "\x1b[200~" + "\n".join(LINES) + "\x1b[201~\n",
        "１．\n１）\n２０２６年１０月８日\n３，\n３、\nｎ\n",
        "是\u200b\n\ufeff盖好了\n2026-10-08\u200b\n开户行\n没有「取消提现」，状态是「已提现」\u2060\nn\n",
        "y" * 3000 + "\n" + "\n".join(LINES) + "\n",
    ],
    ids=["lf", "cr", "crlf", "blanks", "bracketed", "full-width", "unseen", "over-long"],
)
def test_all_answers_pasted_at_once(pasted: str, sit_down: Open) -> None:
    screen = sit_down(*DAY)
    screen.prompt()
    screen.key(pasted.encode())
    screen.see("★ 结算单不能取消，按“情况二”处理")
    assert screen.ended() == 0
    assert "--wrong-fields bank --statement-status withdrawn" in screen.text
    assert screen.sane


def test_back_to_the_first_question_and_forward_another_way(sit_down: Open) -> None:
    screen = sit_down(*DAY)
    screen.answer(*list(GREATER.values())[:6])
    for number in (6, 5, 4, 3, 2, 1):
        assert f"第 {number} 题" in screen.answer("b")
    assert "已经是第一题了" in screen.answer("ｂ")
    walked(screen, "是", "盖好了", "2026年9月1日", "2", "other", "n")
    again = screen.text.split("xingtu diagnose ")[1].split("\n")[0]
    assert again == (
        "--settled yes --stamped yes --mailed-on 2026-09-01 --wrong-fields account-number"
        " --statement-status other --today 2026-11-23"
    )


# ─── encodings ───────────────────────────────────────────────────────────────────────────────────

GBK = {"encoding": "gbk", "PYTHONUTF8": "0"}


@pytest.mark.parametrize("encoding", ["gbk", "cp936", "gb18030"])
def test_a_walk_in_gbk(encoding: str, sit_down: Open) -> None:
    screen = sit_down(*DAY, **GBK, PYTHONIOENCODING=encoding)
    walked(screen, "是", "盖好了", "２０２６年１０月８日", "开户行，账号", "审批中", "否")
    assert "开户行信息、银行卡号" in screen.text or "银行卡号、开户行信息" in screen.text
    assert_laid_out(screen, 80)
    assert "\\u" not in screen.text


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_walk_where_chinese_cannot_be_shown(encoding: str, sit_down: Open) -> None:
    screen = sit_down(*DAY, PYTHONIOENCODING=encoding, PYTHONUTF8="0", LANG="C")
    walked(screen, "x", "yes", "1", "2026-10-08", "bank", "3", "n")
    assert "\\u7ed3\\u7b97\\u5355" in screen.text
    assert "characters that the encoding" in screen.text


@pytest.mark.parametrize(
    ("typed", "more"),
    [
        (b"\xff\xfe", {}),
        (b"\xe6\x98", {}),
        ("是".encode("gbk"), {}),
        ("中国".encode() + b"\xff", {**GBK, "PYTHONIOENCODING": "gbk"}),
        ("是".encode(), {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}),
    ],
)
def test_bytes_that_are_no_text_are_called_so(
    typed: bytes, more: dict[str, str], sit_down: Open
) -> None:
    """At a question, at a detail that goes into the e-mail, and at one that is compared."""
    told = "乱码" if more.get("PYTHONIOENCODING") != "ascii" else "\\u4e71\\u7801"
    screen = sit_down(*DAY, **more)
    assert told in screen.answer(typed)
    assert "× " not in screen.answer("1").replace("\\xd7", "×")
    screen = sit_down(*DAY, *flags(LOCKED), **more)
    screen.answer("y")
    assert told in screen.answer(typed)
    screen = sit_down("account", **more)
    assert told in screen.answer(typed)


# ─── streams beside the terminal ─────────────────────────────────────────────────────────────────


def test_a_walk_whose_result_cannot_be_written(sit_down: Open) -> None:
    for after, told in ((">&-", "标准输出已关闭"), ("> /dev/full", "磁盘满了")):
        screen = sit_down(*DAY, after=after)
        screen.answer("no")
        assert screen.ended() == 1
        assert f"写不出结果：{told}" in screen.latest


def test_a_walk_whose_result_nobody_reads(sit_down: Open) -> None:
    screen = sit_down(*DAY, before="set -o pipefail;", after="| true")
    screen.answer("no")
    assert screen.ended() == 0
    assert "错误" not in screen.text


@pytest.mark.parametrize("after", ["<&-", "2>&-", "2> /dev/full", "< /dev/null"])
def test_who_cannot_be_asked_is_not(after: str, sit_down: Open) -> None:
    screen = sit_down(*DAY, after=after)
    assert screen.ended() == 2
    assert ("--settled yes|no" in screen.text) == after.startswith("<")
