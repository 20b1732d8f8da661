"""The installed program as a shell script uses it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import NO_ROOM, PROGRAM, Ran, Run, clean_environment, flags, started
from tests.routes import ROUTES, Route

LATE = ["--settled", "yes", "--stamped", "yes", "--mailed-on", "2026-10-08"]
SENDER = ["--nickname", "小明", "--company", "某某文化传媒有限公司"]
ISSUE = [*LATE, "--wrong-fields", "account-number", *SENDER, "--today", "2026-11-23"]
ISSUE += ["--tracking-number", "SF1234567890123", "--format", "json"]
AMOUNTS = ["--new-amount", "12000", "--invoiced-amount", "10000"]


def test_the_example_of_case_1(xingtu: Run) -> None:
    ran = xingtu("diagnose", *ISSUE, "--statement-status", "cancellable", *AMOUNTS)
    assert (ran.code, ran.err) == (0, "")
    document = json.loads(ran.out)
    assert document["outcome"] == "cancellable"
    assert document["computed"]["amounts"] == "greater"
    assert document["computed"]["difference"] == "2000.00"
    assert document["email"]["subject"] == "【即合打款失败】小明-某某文化传媒有限公司"


def test_the_example_of_case_2(xingtu: Run) -> None:
    ran = xingtu("diagnose", *ISSUE, "--statement-status", "withdrawn")
    document = json.loads(ran.out)
    assert document["outcome"] == "locked"
    assert document["email"]["subject"] == "【即合打款失败】小明--正确结算单扫描件"


@pytest.mark.parametrize("words", [[], ["diagnose"]])
def test_without_a_terminal_it_names_what_is_missing(xingtu: Run, words: list[str]) -> None:
    ran = xingtu(*words)
    assert (ran.code, ran.out) == (2, "")
    assert "还缺这些回答：\n  --settled yes|no  已自助结算\n" in ran.err
    assert "--wrong-fields account-name,account-number,bank|none" in ran.err


def test_missing_answers_as_json(xingtu: Run) -> None:
    ran = xingtu("--format", "json", "--settled", "yes", "--stamped", "yes", LANG="en_US.UTF-8")
    assert (ran.code, ran.err) == (2, "")
    document = json.loads(ran.out)
    assert "outcome" not in document
    assert document["rules"]["id"] == "jihe-payout-failure"
    error = document["error"]
    assert error["code"] == "missing-answers"
    assert error["missing"] == [
        {"question": "mailed-on", "flag": "--mailed-on", "values": ["YYYY-MM-DD", "not-yet"]}
    ]
    assert [each["question"] for each in error["possible"]] == [
        *("wrong-fields", "statement-status", "new-amount", "invoiced-amount")
    ]


def test_no_input_never_asks(xingtu: Run) -> None:
    assert xingtu("diagnose", "--no-input").code == 2
    assert xingtu("diagnose", XINGTU_NO_INPUT="1").code == 2


@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_the_line_that_repeats_a_run_repeats_it(xingtu: Run, route: Route) -> None:
    words = [*flags(route.answers), *flags(route.details), "--today", route.today]
    first = xingtu("diagnose", *words)
    assert (first.code, first.err) == (0, "")
    again = first.out.rstrip("\n").split("\n")[-1]
    second = subprocess.run(
        ["sh", "-c", again],
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(PATH=f"{PROGRAM.parent}:{os.environ['PATH']}"),
        check=True,
    )
    assert second.stdout == first.out


def test_all_that_is_wrong_is_said_at_once(xingtu: Run) -> None:
    ran = xingtu("--settled", "maybe", "--mailed-on", "01/02/2026", "--new-amount", "1,2000")
    assert ran.code == 2
    for flag in ("--settled", "--mailed-on", "--new-amount"):
        assert f"{flag} 不能填" in ran.err
    ran = xingtu("--settled", "maybe", "--nickname", "a\nb", "--format", "json")
    invalid = json.loads(ran.out)["error"]["invalid"]
    assert [each["flag"] for each in invalid] == ["--settled", "--nickname"]
    assert invalid[0]["values"] == ["yes", "no"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["diagnose", "--setled", "yes"], "没有 --setled 这个参数，是不是“--settled”？"),
        (["diagnose", "--settled"], "--settled 后面要写一个值"),
        (["diagnos"], "没有 diagnos 这个命令，是不是“diagnose”？"),
        (["diagnose", "extra"], "多出来的内容：extra"),
        (["--quiet=1"], "--quiet 后面不写值"),
        (["rules"], "还要写一个命令：check"),
        (["rules", "chek"], "没有 chek 这个命令，是不是“check”？\n用法见：xingtu rules --help"),
        (["rules", "check", "--x"], "没有 --x 这个参数\n用法见：xingtu rules check --help"),
        (["--format", "jsn"], "--format 只能是：text、json、markdown，不能是“jsn”，是不是“json”？"),
        (["--lang", "fr"], "--lang 只能是：zh、en，不能是“fr”"),
        (["--color", "maybe"], "--color 只能是：auto、always、never，不能是“maybe”"),
        (["--today", "tomorrow"], "--today 不能是“tomorrow”：不是日期"),
        (["--settled", ""], "--settled 不能填“”：没有内容"),
        (["--wrong-fields", ""], "--wrong-fields 不能填“”：没有内容"),
    ],
)
def test_usage_errors(xingtu: Run, words: list[str], told: str) -> None:
    ran = xingtu(*words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_an_answer_that_is_not_needed(xingtu: Run) -> None:
    words = ["--settled", "no", "--new-amount", "5", "--lang", "en"]
    ran = xingtu(*words)
    assert (ran.code, ran.err) == (0, "not needed on this route: --new-amount\n")
    assert xingtu(*words, "--quiet").err == ""
    strict = xingtu(*words, "--strict")
    assert (strict.code, strict.out) == (2, "")
    assert "not needed on this route: --new-amount" in strict.err


def test_several_values_repeated_or_with_commas(xingtu: Run) -> None:
    words = ["--settled", "yes", "--stamped", "yes", "--mailed-on", "2026-10-08"]
    words += ["--statement-status", "other", "--today", "2026-11-23", "--format", "json"]
    one = xingtu(*words, "--wrong-fields", "bank,account-name")
    two = xingtu(*words, "--wrong-fields", "bank", "--wrong-fields", "account-name")
    assert one == two
    assert json.loads(one.out)["answers"]["wrong-fields"] == ["account-name", "bank"]
    numbers = ["--tracking-number", "SF1,SF2", "--tracking-number", "SF3"]
    details = json.loads(xingtu(*words, *numbers, "--wrong-fields", "bank").out)["details"]
    assert details == {"tracking-number": ["SF1", "SF2", "SF3"]}


def test_global_options_work_before_and_after_the_command(xingtu: Run) -> None:
    words = ["--settled", "no"]
    before = xingtu("--lang", "en", "diagnose", *words)
    after = xingtu("diagnose", *words, "--lang=en")
    assert "Not settled yet" in before.out
    assert before.out == after.out
    assert xingtu("--lang", "en", *words).out == after.out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_names_every_question_with_its_values(xingtu: Run, lang: str) -> None:
    page = xingtu("diagnose", "--help", "--lang", lang).out
    for words in (
        "--settled yes|no",
        "--mailed-on YYYY-MM-DD|not-yet",
        "--wrong-fields account-name,account-number,bank|none",
        "--statement-status cancellable|under-review|withdrawn|other",
        "；几个用逗号或空格隔开，也可写多次"
        if lang == "zh"
        else "with commas or spaces, or repeated",
        "--today",
        "--lang zh|en",
        "-h, --help",
        "130",
        "XINGTU_RULES",
    ):
        assert words in page
    assert xingtu("-h", "--lang", lang).out.startswith("用法" if lang == "zh" else "Usage")


SMALL = Path(__file__).parents[1] / "rules" / "valid" / "minimal.yaml"


def test_flags_come_from_the_rules_in_force(xingtu: Run) -> None:
    page = xingtu("diagnose", "--help", "--rules", str(SMALL)).out
    assert "--paid yes|no" in page
    assert "--mailed YYYY-MM-DD|never" in page
    assert "--who" in page
    assert "--settled" not in page
    by_flag = xingtu("--rules", str(SMALL), "--paid", "yes", "--format", "json")
    assert json.loads(by_flag.out)["outcome"] == "fine"
    by_variable = xingtu("--paid", "no", "--mailed", "2020-01-02", "--lang", "en",
                         XINGTU_RULES=str(SMALL))  # fmt: skip
    assert "★ Ask" in by_variable.out
    assert f"--rules {SMALL}" not in by_variable.out


def test_broken_rules(xingtu: Run, tmp_path: Path) -> None:
    broken = SMALL.parents[1] / "broken" / "dangling-choice.yaml"
    ran = xingtu("--rules", str(broken), "--paid", "yes", "--lang", "en")
    assert (ran.code, ran.out) == (3, "")
    assert (
        f"{broken}:18:46: there is no question, decision or outcome “mail”; did you mean “mailed”?"
    ) in ran.err
    document = json.loads(xingtu("--rules", str(broken), "--format", "json").out)
    assert document["rules"] is None
    assert document["error"]["code"] == "invalid-rules"
    assert document["error"]["problems"][0]["line"] == 18
    missing = xingtu("--rules", str(tmp_path / "none.yaml"))
    assert missing.code == 1
    assert "none.yaml 这个文件" in missing.err


def test_an_edit_of_the_root_file_takes_effect_at_once(xingtu: Run) -> None:
    root = Path(__file__).parents[2]
    import xingtu_cli

    assert Path(xingtu_cli.__file__).parents[1] == root, "the tests run the checkout"
    assert not (root / "xingtu_cli" / "rules.yaml").exists()
    version = next(
        line.split(":")[1].strip()
        for line in (root / "rules.yaml").read_text("utf-8").splitlines()
        if line.startswith("version:")
    )
    assert version in xingtu("--version").out


def test_version(xingtu: Run) -> None:
    from xingtu_cli import __version__

    ran = xingtu("--version")
    assert ran.out.startswith(f"xingtu {__version__}\njihe-payout-failure ")
    assert ran.code == 0


def test_as_a_module(xingtu: Run) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "xingtu_cli", "--version"],
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(),
        check=True,
    )
    assert ran.stdout == xingtu("--version").out


def test_completion_offers_questions_and_values(xingtu: Run) -> None:
    def complete(line: str, **environment: str) -> list[str]:
        return xingtu(
            _XINGTU_COMPLETE="complete_bash",
            COMP_WORDS=line,
            COMP_CWORD=str(len(line.split(" ")) - 1),
            **environment,
        ).out.split("\n")[:-1]

    assert complete("xingtu diagnose --statement-status ") == [
        *("cancellable", "under-review", "withdrawn", "other")
    ]
    assert complete("xingtu diagnose --wrong-fields bank,acc") == [
        *("bank,account-name", "bank,account-number")
    ]
    assert "--settled" in complete("xingtu diagnose --se")
    assert complete(f"xingtu --rules {SMALL} diagnose --pa") == ["--paid"]
    assert complete("xingtu diagnose --pa", XINGTU_RULES=str(SMALL)) == ["--paid"]
    assert complete("xingtu diagnose --format j") == ["json"]


def test_a_traceback_only_when_asked_for(xingtu: Run) -> None:
    assert "Traceback" not in xingtu("--settled", "maybe").err
    assert "Traceback" in xingtu("--settled", "maybe", "--debug").err


@pytest.mark.parametrize(
    "words",
    [
        ["--lang"],
        ["--rules"],
        ["--lang", "zh", "--color"],
        ["--lang="],
        ["--rules", ""],
        ["diagnose", "--format", ""],
        ["rules", "--lang"],
        ["--debug", "--lang"],
    ],
)
def test_a_global_option_needs_its_value(xingtu: Run, words: list[str]) -> None:
    ran = xingtu(*words)
    assert ran.code == 2
    assert re.search(r"错误：--(lang|rules|color|format) 后面要写一个值\n", ran.err)


@pytest.mark.parametrize(
    ("words", "page"),
    [
        (["--today", "z"], "xingtu diagnose"),
        (["case", "--lang", "zh", "list", "--today", "z"], "xingtu case list"),
        (["rules", "graph", "--format", "z"], "xingtu rules graph"),
        (["rules", "--nosuch"], "xingtu rules"),
        (["nosuch"], "xingtu"),
    ],
)
def test_a_usage_error_names_the_page_that_has_the_flag(
    xingtu: Run, words: list[str], page: str
) -> None:
    ran = xingtu(*words)
    assert ran.code == 2
    assert ran.err.endswith(f"用法见：{page} --help\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--answers", ""], "--answers 后面要写文件名，或 -"),
        (["--eml", "a.eml", "--attach", ""], "--attach 后面要写文件名"),
        (["--eml", "a.eml", "--statement", ""], "--statement 后面要写文件名"),
        (["--save", "drafts/"], "--save 的“drafts/”是文件夹，后面还要写文件名"),
        (["--ics", "drafts/"], "--ics 的“drafts/”是文件夹，后面还要写文件名"),
    ],
)
def test_a_file_must_have_a_name(xingtu: Run, tmp_path: Path, words: list[str], says: str) -> None:
    ran = xingtu("diagnose", "--settled", "no", *words, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert not list(tmp_path.iterdir())


def test_a_name_cannot_forge_a_line_of_ours(xingtu: Run, tmp_path: Path) -> None:
    ran = xingtu("case", "show", "no\nError: all is lost.yaml", cwd=tmp_path)
    assert ran.err == "错误：没有 no\\x0aError: all is lost.yaml 这个文件\n"


def test_completion_is_for_the_shell_at_hand(xingtu: Run) -> None:
    for flag in ("--install-completion", "--show-completion"):
        ran = xingtu(flag, "zsh")
        assert (ran.code, ran.out) == (2, "")
        assert f"{flag} 后面不写值" in ran.err
    assert xingtu("--show-completion", "--lang", "en", "zsh").code == 2
    assert "takes no value" not in xingtu("--show-completion", "--lang", "en").err


@pytest.mark.parametrize("flag", ["--install-completion", "--show-completion"])
def test_a_shell_without_completion_is_told_so(flag: str, tmp_path: Path) -> None:
    for lang, told in (
        ("zh", "错误：没有认出当前的 shell。命令补全只支持 bash"),
        ("en", "Error: this shell was not recognised. Completion is there for bash"),
    ):
        command = f"{PROGRAM} {flag} --lang {lang}; exit $?"
        ran = started("dash", "-c", command, HOME=str(tmp_path))
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith(told)
    assert not list(tmp_path.iterdir())


def test_an_installed_completion_is_said_in_the_language_of_the_user(tmp_path: Path) -> None:
    for lang, told in (
        ("zh", "已为 bash 安装命令补全：{}\n新开的终端窗口里起作用。\n"),
        ("en", "Completion for bash is installed: {}\nIt works in terminal windows"),
    ):
        ran = started(
            "bash",
            "-c",
            f"{PROGRAM} --install-completion --lang {lang}; exit $?",
            HOME=str(tmp_path),
        )
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(told.format(tmp_path / ".bash_completions" / "xingtu.sh"))


INSTALL = f"{PROGRAM} --install-completion; exit $?"


def test_a_start_file_that_is_no_utf_8_is_left_alone(tmp_path: Path) -> None:
    start, written = tmp_path / ".bashrc", "# 别名\n".encode("gbk")
    start.write_bytes(written)
    ran = started("bash", "-c", INSTALL, HOME=str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "不是 UTF-8 编码，没有动它" in ran.err
    assert start.read_bytes() == written


@pytest.mark.parametrize("size", [8190, 9000], ids=["no-room-for-it", "no-room-for-a-copy"])
@pytest.mark.parametrize("linked", [False, True])
def test_a_start_file_is_never_cut_off(tmp_path: Path, size: int, *, linked: bool) -> None:
    start, written = tmp_path / ".bashrc", b"# x\n" * (size // 4)
    if linked:
        start.symlink_to("dotfiles.sh")
    start.write_bytes(written)
    start.chmod(0o640)
    there = {*tmp_path.iterdir()}
    ran = started("bash", "-c", f"{NO_ROOM.format(8)} {INSTALL}", HOME=str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert "文件太大" in ran.err
    assert start.read_bytes() == written
    assert (start.stat().st_mode & 0o777, start.is_symlink()) == (0o640, linked)
    assert {*tmp_path.iterdir()} - {tmp_path / ".bash_completions"} == there
    assert not list(tmp_path.glob(".bash_completions/*"))


@pytest.mark.parametrize("reader", ["", "| true"])
def test_what_is_installed_stays(tmp_path: Path, reader: str) -> None:
    start = tmp_path / ".bashrc"
    start.write_text("# mine\n", "utf-8")
    for _ in range(2):
        install = f"{PROGRAM} --install-completion {reader}; exit ${{PIPESTATUS[0]}}"
        assert started("bash", "-c", install, HOME=str(tmp_path)).code == 0
        script = tmp_path / ".bash_completions" / "xingtu.sh"
        assert start.read_text("utf-8").startswith(f"# mine\n\nsource '{script}'\n")
        assert "_XINGTU_COMPLETE" in script.read_text("utf-8")
        assert {*tmp_path.iterdir()} == {start, script.parent}


def test_in_powershell_nothing_is_installed_unasked(tmp_path: Path) -> None:
    shell = tmp_path / "pwsh"  # a shell of this name
    shutil.copy("/bin/bash", shell)
    path = f"{tmp_path}:{os.environ['PATH']}"
    ran = started(str(shell), "-c", INSTALL, HOME=str(tmp_path), PATH=path)
    assert (ran.code, ran.out) == (1, "")
    assert "没有安装：在 PowerShell 里请自己运行下面两行" in ran.err
    assert "\nxingtu --show-completion | Add-Content $PROFILE\n" in ran.err
    assert list(tmp_path.iterdir()) == [shell]


@pytest.mark.parametrize("home", ["~nobody-here", "", "/nonexistent/here"])
def test_where_there_is_no_home_nothing_is_installed(home: str) -> None:
    ran = started("bash", "-c", INSTALL, HOME=home)
    assert (ran.code, ran.out) == (1, "")
    assert "没有安装：找不到你的主目录（环境变量 HOME）。" in ran.err


def test_an_installation_that_is_not_whole_is_called_so() -> None:
    blocker = "import sys; sys.modules['typer'] = None; from xingtu_cli.cli import main;"
    for lang, told in (("zh", "安装不完整，缺少 typer；请重新安装"), ("en", "typer is missing;")):
        code = f"{blocker} sys.exit(main(['diagnose', '--lang', '{lang}']))"
        ran = started(sys.executable, "-c", code)
        assert (ran.code, ran.out) == (1, "")
        assert told in ran.err


def test_a_damaged_cache_of_python_is_told_with_its_cure(xingtu: Run, tmp_path: Path) -> None:
    def run(*more: str) -> Ran:
        words, cache = ("case", "list", str(tmp_path), *more), str(tmp_path)
        return xingtu(*words, PYTHONPYCACHEPREFIX=cache, PYTHONDONTWRITEBYTECODE="")

    whole = run()
    assert whole.code == 0
    (cached,) = tmp_path.rglob("cli/case.*.pyc")
    cached.write_bytes(cached.read_bytes()[:4096])
    for lang, told in (("zh", f"请删除文件夹 {cached.parent} 再"), ("en", "is damaged, perhaps")):
        ran = run("--lang", lang)
        assert (ran.code, ran.out) == (1, "")
        assert told in ran.err
    shutil.rmtree(cached.parent)
    assert run().out == whole.out


LOST = """
import os, signal, sys, time, weakref
from xingtu_cli.__main__ import Ends

class Thing:
    pass

def gone(_):
    os.kill(os.getpid(), getattr(signal, sys.argv[1]))
    for _ in range(1000):
        pass

ends, thing = Ends(), Thing()
ends.heed()
watch = weakref.ref(thing, gone)
try:
    del thing
    time.sleep(20)
except KeyboardInterrupt:
    print("ended", ends.code)
"""


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 0), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_an_end_that_falls_where_none_can_be_raised_comes_a_moment_later(
    sent: str, code: int
) -> None:
    ran = started(sys.executable, "-c", LOST, sent)
    assert ran == Ran(0, f"ended {code}\n", "")


TURNED = """
import os, signal, sys
from xingtu_cli import cli
from xingtu_cli.__main__ import run

class Library:
    def __set_name__(self, owner, name):
        if sys.argv[1] == "killed":
            os.kill(os.getpid(), signal.SIGTERM)
        if sys.argv[1] != "broken":
            os.kill(os.getpid(), signal.SIGINT)
        raise ValueError

def load(*_):
    class Loaded:
        part = Library()

cli.open_session = load
run()
"""


@pytest.mark.parametrize(("how", "code"), [("interrupted", 130), ("killed", 143), ("broken", 1)])
def test_what_a_library_makes_of_a_ctrl_c_is_no_error(how: str, code: int) -> None:
    ran = started(sys.executable, "-c", TURNED, how)
    assert ran.code == code
    assert ("程序内部出错" in ran.err) == (how == "broken")
    assert bool(ran.err) == (how == "broken")


LOADING = """
import os, signal, sys

class Part:
    def __set_name__(self, *_):  # of whose errors Python makes its own
        os.kill(os.getpid(), getattr(signal, sys.argv[1]))
        for _ in range(1000):
            pass

class Finder:
    @staticmethod
    def find_spec(name, *_):
        if name == "xingtu_cli.rules.model":
            class Loaded:
                part = Part()

sys.meta_path.insert(0, Finder)
from xingtu_cli.__main__ import run
run()
"""


@pytest.mark.parametrize(("sent", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_what_python_makes_of_a_ctrl_c_while_loading_is_no_error(sent: str, code: int) -> None:
    assert started(sys.executable, "-c", LOADING, sent) == Ran(code, "", "")


def test_what_else_cannot_be_raised_is_told_as_ever() -> None:
    code = "import sys; from xingtu_cli.__main__ import Ends; Ends().heed()\nclass A:\n"
    code += "    def __del__(self): raise ValueError('no end')\nA()"
    ran = started(sys.executable, "-c", code)
    assert "ValueError: no end" in ran.err


@pytest.mark.parametrize("closed", ["", "2>&-"])
def test_a_program_that_cannot_even_start_says_so(closed: str) -> None:
    blocker = "import sys; sys.modules['yaml'] = None; from xingtu_cli.__main__ import run; run()"
    ran = started("bash", "-c", f'exec "$0" -c "$1" {closed}', sys.executable, blocker)
    assert (ran.code, ran.out) == (1, "")
    if not closed:
        zh, en = ran.err.rstrip("\n").split("\n")
        assert zh.startswith("错误：xingtu 启动不了，内存不够或安装不完整（ModuleNotFoundError: ")
        assert en.startswith("Error: xingtu cannot start; too little memory, or an incomplete inst")


def test_where_something_is_to_be_waited_for_it_says_how_to_save(
    xingtu: Run, tmp_path: Path
) -> None:
    def told(route: Route, *words: str) -> bool:
        ran = xingtu(
            "diagnose", *flags(route.answers), "--today", route.today, "--lang", "en", *words,
            cwd=tmp_path,
        )  # fmt: skip
        assert ran.code == 0
        return "add --save CASE.yaml to the command" in ran.out

    saying = {route.name for route in ROUTES if told(route)}
    assert saying == {
        *("day-15", "mailed-today", "wait-estimate"),
        *("not-generated", "last-day-of-month", "greater", "less"),
    }
    waiting = next(route for route in ROUTES if route.name == "day-15")
    assert told(waiting, "--format", "markdown")
    assert not told(waiting, "--save", "case.yaml")
    assert not told(waiting, "--answers", "case.yaml")


def test_an_endless_word_is_not_repeated_in_full(xingtu: Run) -> None:
    for words in (["1" * 100_000], ["--" + "1" * 100_000], ["account", "1" * 100_000]):
        ran = xingtu(*words)
        assert ran.code == 2
        assert len(ran.err) < 500
