"""The help: its words, and a command's help → a page with its flags in groups."""

from collections.abc import Sequence
from typing import NamedTuple

from xingtu_cli.layout import STACKED, Line, cells, padded
from xingtu_cli.text import Lang, Text

# for rules that do not say what they are for, or that are broken
ABOUT = Text(
    "按规则文件问几个问题，给出结论和要做的步骤。",
    "Asks the questions of a rules file, and prints the outcome and the steps to take.",
)
ABOUT_DIAGNOSE = Text(
    "走一遍问答，得出结论和步骤。参数里没给的回答会逐题询问；"
    "在脚本里（或加 --no-input）不询问，缺什么报什么。",
    "Walk the questions to an outcome and its steps. What no flag answers is asked; in a script (or"
    " with --no-input) nothing is asked, and the missing flags are named.",
)
ANSWERS = Text("回答", "Answers")
DETAILS = Text("补充信息（只填进文字和邮件）", "Details (only fill in texts and the e-mail)")
RUN = Text("本次运行", "This run")
GLOBAL = Text("通用参数（写在命令前后都可以）", "Global options (before or after the command)")
WORDS = Text("位置参数", "Arguments")
COMMANDS = Text("命令", "Commands")
EXIT_CODES = Text("退出码", "Exit codes")
ENVIRONMENT = Text("环境变量", "Environment variables")
EXAMPLES = Text("例子", "Examples")

HELP = {
    "--today": Text(
        "把这一天当作今天（默认为中国的今天）", "take this day as today (default: today in China)"
    ),
    "--answers": Text(
        "从文件取回答（YAML 或 JSON，也可以是存档；- 为标准输入），参数优先于文件",
        "take answers from a file (YAML or JSON, or a saved case; - is standard input); flags beat"
        " the file",
    ),
    "--save": Text(
        "存档：保存回答和进展，以后用 xingtu case 接着办",
        "save the answers as a case, to go on with later: xingtu case",
    ),
    "--eml": Text(
        "把邮件写成草稿文件，用邮件软件打开就能发；- 写到标准输出（不再输出报告）",
        "write the e-mail as a draft that a mail client opens; - is standard output (then no report"
        " is printed)",
    ),
    "--attach": Text(
        "草稿的附件（PDF 或图片），可写多次；配合 --eml 使用",
        "a file for the draft (PDF or image), repeatable; with --eml",
    ),
    "--statement": Text(
        "后台下载的结算单（PDF），用来核对扫描件的页数；配合 --eml 使用",
        "the statement as downloaded (PDF), to see that the scan has as many pages; with --eml",
    ),
    "--ics": Text(
        "把要等的日期写成日历文件（.ics），可导入日历；- 写到标准输出（不再输出报告）",
        "write the days to wait for as a calendar file (.ics); - is standard output (then no report"
        " is printed)",
    ),
    "--force": Text("允许覆盖已有的文件", "allow existing files to be overwritten"),
    "--no-input": Text("不询问；也可设 XINGTU_NO_INPUT=1", "never ask; or set XINGTU_NO_INPUT=1"),
    "--strict": Text("给了用不到的回答就报错", "fail when an answer is not needed on the route"),
    "--quiet": Text("不输出提醒，只输出结果", "print the result only, no remarks"),
    "--lang": Text(
        "语言：zh 或 en；也可设 XINGTU_LANG，默认按系统语言",
        "language: zh or en; or set XINGTU_LANG; default: the locale's",
    ),
    "--rules": Text(
        "使用这份规则文件；也可设 XINGTU_RULES，默认用自带的",
        "use this rules file; or set XINGTU_RULES; default: the shipped one",
    ),
    "--color": Text("颜色：auto（默认）、always、never", "colour: auto (default), always or never"),
    "--debug": Text("出错时显示详细的调用栈", "show a traceback on errors"),
    "--version": Text("显示程序和规则的版本", "show the versions of the program and the rules"),
    "--help": Text("显示帮助", "show this help"),
    "--install-completion": Text("为当前 shell 安装命令补全", "install completion for this shell"),
    "--show-completion": Text(
        "显示当前 shell 的补全脚本", "show the completion script for this shell"
    ),
}
EXIT_CODE_HELP = (
    ("0", Text("得出了结论，或命令已完成", "a diagnosis was reached, or the command did its work")),
    ("1", Text("未能完成：文件不存在、读写失败等", "it could not: a file missing, unreadable, …")),
    (
        "2",
        Text(
            "用法有误：未知参数、缺少或不对的回答",
            "usage: an unknown flag, a missing or invalid answer",
        ),
    ),
    ("3", Text("规则文件有问题", "the rules file is invalid")),
    ("130", Text("中途退出（Ctrl-C 或 q）", "interrupted (Ctrl-C or q)")),
)
ENVIRONMENT_HELP = (
    ("XINGTU_LANG", Text("同 --lang", "as --lang")),
    ("XINGTU_RULES", Text("同 --rules", "as --rules")),
    ("XINGTU_NO_INPUT", Text("设为 1 等于 --no-input", "1 means --no-input")),
    ("NO_COLOR, FORCE_COLOR", Text("不用颜色 / 总用颜色", "never / always use colour")),
)
EXAMPLE_ASK = Text("逐题询问", "ask question by question")
EXAMPLE_FLAG = Text("先给出这一项，其余再问", "give this answer, be asked the rest")
EXAMPLE_SCRIPT = Text("在脚本里用", "in a script")
FILE = Text("文件", "FILE")
DATE = Text("日期", "DATE")
TEXT = Text("文字", "TEXT")
SEVERAL = Text("；几个用逗号或空格隔开，也可写多次", "; several with commas or spaces, or repeated")
NO_RULES = Text(
    "规则文件读不了，这里没有列出问题的参数；请先运行 xingtu rules check。",
    "The rules file cannot be read, so no question's flag is listed; run xingtu rules check.",
)
USAGE = Text("用法", "Usage")
COLUMN = 30  # cells for the names; longer ones stand on a line of their own


class Entry(NamedTuple):
    """A flag, an argument or a command: how it is written, and what it is for."""

    names: str
    about: str


class Group(NamedTuple):
    """Entries under one heading."""

    title: str
    entries: tuple[Entry, ...]


class HelpPage(NamedTuple):
    """All there is to say about a command."""

    usage: str
    about: str
    groups: tuple[Group, ...]
    closing: tuple[Group, ...] = ()


def as_page(page: HelpPage, lang: Lang, width: int) -> list[Line]:
    """Return the help as lines for a terminal of `width` cells."""
    lines = [Line(f"{USAGE.in_(lang)}{'：' if lang == 'zh' else ': '}{page.usage}", hanging=6)]
    lines += [Line(), *(Line(part) for part in page.about.split("\n"))]
    for group in (*page.groups, *page.closing):
        lines += [Line(), Line(group.title, style="heading"), *_entries(group.entries, width)]
    return lines


def _entries(entries: Sequence[Entry], width: int) -> list[Line]:
    lines: list[Line] = []
    for entry in entries:
        if width >= STACKED and cells(entry.names) <= COLUMN - 2:
            first, *further = entry.about.split("\n")
            lines.append(Line(padded(entry.names, COLUMN) + first, indent=2, hanging=COLUMN))
            lines += [Line(text, indent=2 + COLUMN, hanging=2) for text in further]
        else:
            lines.append(Line(entry.names, indent=2, hanging=4))
            about = entry.about.split("\n") if entry.about else []
            lines += [Line(text, indent=6, hanging=2) for text in about]
    return lines
