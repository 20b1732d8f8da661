"""Whatever a user types is shown, sent and saved as the characters that it is."""

import csv
import email
import email.policy
import io
import json
import re
import shlex
from datetime import UTC, date, datetime
from email.message import EmailMessage
from functools import cache
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream
from markdown_it import MarkdownIt

from tests.conftest import Run
from tests.routes import CANCELLABLE
from xingtu_cli import answers, calendarfile, mail, render
from xingtu_cli.diagnosis import Message, diagnose
from xingtu_cli.errors import InvalidAnswer
from xingtu_cli.rules.load import load
from xingtu_cli.table.cells import FORMULA
from xingtu_cli.text import LANGS
from xingtu_cli.walk import Walk, walk

DAY = ("--today", "2026-11-24")
ANSWERS = {**CANCELLABLE, "new-amount": "not-yet", "invoiced-amount": "10000"}
FLAGS = [f"--{name}={value}" for name, value in ANSWERS.items()]

# what would mean something to a terminal library, a shell, a spreadsheet, a file system, HTML,
# Markdown, YAML, a calendar, a template or a command line
MEANINGFUL = [
    *("[bold red]x[/]", "[link=https://evil.example]x[/link]", "[/]", ":smile:", "\\[x]"),
    *("$(touch pwned)", "`touch pwned`", "; touch pwned", "'; touch pwned; '", '" & touch pwned'),
    *('=HYPERLINK("https://evil.example")', "+1+1", "-1+1|x", "@SUM(1)", "＝1+1", "%0A=1"),
    *("../../pwned", "/etc/pwned", "C:\\pwned", "CON", "nul.eml", "x. ", "....", "~/pwned", "-"),
    *("<script>alert(1)</script>", "![x](https://evil.example/x)", "[x](javascript:alert(1))"),
    *("| a | b |", "# x", "</code></pre><b>", "*a*", "https://evil.example", "&lt;b&gt;", "~~~"),
    *("!!python/object:os.system x", "*a", "&a b", "a: {b", "- a", "'", '"', "yes", "000001"),
    *("BEGIN:VEVENT", "x;ATTACH=https://evil.example", "a,b\\nc", "{company}", "{0.__class__}"),
    *("%s%n", "--eml", "--force", "x" * 300, "长" * 150, "😀" * 60),
]
CONTROLS = [
    *("\x1b[31m红", "\x1b]52;c;cHduZWQ=\x07", "\x1b]8;;https://evil.example\x07x", "\x9b31m"),
    *("a\r\nBcc: evil@example.com", "a\nBcc: evil@example.com", "a\u2028b", "a\x85b", "a\x0bb"),
    *("\u202egnp.exe", "\u2066x", "\x7f", "\x08\x08"),
]  # fmt: skip
# what is not made of the headings, lists and sources of a report
HTML = re.compile(
    "<(?!/?(h[12]|p|ol|ul|li|table|strong|pre|code|br|/a"
    '|a href="https://(www.xingtu.cn|www.jiutoushe.cn|jiutoushe.cn)/)\\b)[a-z!]'
)
_STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
# every character of Unicode, and more of those that mean something somewhere
TEXTS = st.lists(
    st.one_of(st.sampled_from([*MEANINGFUL, *CONTROLS]), st.text(max_size=8)), max_size=4
).map("".join)


@cache
def settled() -> Walk:
    tree, today = load(), date(2026, 11, 24)
    known = {k: answers.parse(tree.questions[k], v, today) for k, v in ANSWERS.items()}
    return walk(tree, known, today)


# ─── from the flag to every output ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", MEANINGFUL)
def test_a_text_with_a_meaning_has_none_here(text: str, xingtu: Run, tmp_path: Path) -> None:
    told = [f"--nickname={text}", f"--company={text}", "--tracking-number=SF1234567890123"]
    written = ["--eml", "out.eml", "--save", "out.yaml", "--ics", "out.ics"]
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n....")
    ran = xingtu("diagnose", *FLAGS, *told, *DAY, *written, "--attach", "scan.png",
                 "--format", "markdown", cwd=tmp_path)  # fmt: skip
    assert ran.code == 0, ran.err
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"out.eml", "out.yaml", "out.ics", "scan.png"}
    said = text.strip()

    html = MarkdownIt("commonmark").render(ran.out)
    assert not re.search('<(script|img|b>|em>b)|href="(javascript|https://evil)', html)
    repeated = next(line for line in ran.out.splitlines() if line.startswith("xingtu diagnose"))
    words = shlex.split(repeated)
    apart = pairwise(words)
    assert {("--nickname", text), ("--nickname", said)} & {*apart} or (
        {f"--nickname={text}", f"--nickname={said}"} & {*words}
    )

    draft = email.message_from_bytes((tmp_path / "out.eml").read_bytes(), policy=email.policy.SMTP)
    assert isinstance(draft, EmailMessage)
    assert set(draft.keys()) == {"X-Unsent", "To", "Subject", "MIME-Version", "Content-Type"}
    assert draft["To"] == "star-jihe@bytedance.com"
    assert draft["Subject"] == f"【即合打款失败】{said}-{said}"
    assert [part.get_filename() for part in draft.iter_attachments()] == ["scan.png"]

    saved = yaml.safe_load((tmp_path / "out.yaml").read_text("utf-8"))
    assert saved["details"]["nickname"] == saved["details"]["company"] == said
    assert "out.ics" in names
    calendar = IcsCalendarStream.calendar_from_ics((tmp_path / "out.ics").read_text("utf-8"))
    assert all(str(event.summary).startswith(f"{said}：") for event in calendar.events)
    assert len(calendar.events) == len(_events())


@cache
def _events() -> list[bytes]:
    diagnosis = diagnose(settled(), {"nickname": ("小明",)}, "zh")
    made = calendarfile.calendar(diagnosis, load(), datetime(2026, 11, 24, tzinfo=UTC))
    return [line for line in made.splitlines() if line == b"BEGIN:VEVENT"]


@pytest.mark.parametrize("text", MEANINGFUL[:5])
def test_markup_is_shown_in_colour_as_it_stands(text: str, xingtu: Run) -> None:
    ran = xingtu("diagnose", *FLAGS, f"--nickname={text}", *DAY, "--color", "always")
    assert ran.code == 0
    assert text in ran.out
    assert "\x1b]" not in ran.out
    assert set(re.findall("\x1b(.)", ran.out)) == {"["}


@pytest.mark.parametrize("text", CONTROLS)
@pytest.mark.parametrize("way", ["flag", "file", "wrong answer", "wrong flag", "account"])
def test_what_steers_a_terminal_never_reaches_one(
    text: str, way: str, xingtu: Run, tmp_path: Path
) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({**ANSWERS, "nickname": text}), "utf-8")
    words = {
        "flag": ["diagnose", *FLAGS, *DAY, f"--nickname={text}"],
        "file": ["diagnose", "--answers", str(file), *DAY],
        "wrong answer": ["diagnose", f"--settled={text}"],
        "wrong flag": ["diagnose", f"--{text}"],
        "account": ["account", "--name", text, "--on-statement-name", f"x{text}"],
    }
    ran = xingtu(*words[way])
    assert ran.code in (0, 2), ran.err
    assert not _STEERS.search(ran.out + ran.err)
    assert "Traceback" not in ran.err


@given(TEXTS, TEXTS)
def test_no_output_is_steered_by_any_text(nickname: str, company: str) -> None:
    tree = load()
    try:
        details = {
            name: answers.parse_detail(tree.details[name], (text,))
            for name, text in (("nickname", nickname), ("company", company))
        }
    except InvalidAnswer as error:
        for lang in LANGS:
            assert not _STEERS.search(error.message.in_(lang))
        return
    details = {name: values for name, values in details.items() if values}
    for lang in LANGS:
        diagnosis = diagnose(settled(), details, lang)
        page = "\n".join(line.text for line in render.as_page(diagnosis, "xingtu", 80))
        markdown = render.as_markdown(diagnosis, "xingtu")
        assert not _STEERS.search(page + markdown)
        html = MarkdownIt("commonmark").render(markdown)
        assert not HTML.search(html)
        assert json.loads(render.as_json(diagnosis))["email"]
    assert diagnosis.email
    draft = email.message_from_bytes(mail.draft(diagnosis.email), policy=email.policy.SMTP)
    assert "Bcc" not in draft
    assert len(draft.keys()) == 6


# ─── names of files ──────────────────────────────────────────────────────────────────────────────

RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@given(TEXTS)
def test_a_draft_has_a_name_that_stays_in_its_folder(subject: str) -> None:
    name = mail.file_name(Message(to=("a@example.com",), subject=subject, body=""))
    assert Path(name).name == name
    assert name.endswith(".eml")
    assert len(name.encode()) <= 255
    assert not re.search(r'[\\/:*?"<>|\s]', name)
    assert not RESERVED.fullmatch(name)
    assert name[0] not in ".-~"
    assert not _STEERS.search(name)


@pytest.mark.parametrize("device", ["CON", "nul", "Aux", "COM1", "lpt9.txt", "PRN"])
def test_no_draft_is_named_as_a_device_of_windows(device: str) -> None:
    name = mail.file_name(Message(to=(), subject=device, body=""))
    assert name == f"_{device}.eml"


# ─── tables ──────────────────────────────────────────────────────────────────────────────────────


def test_a_table_of_such_texts(xingtu: Run, tmp_path: Path) -> None:
    texts = [*MEANINGFUL, *CONTROLS]
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow([*ANSWERS, "nickname", "company", "tracking-number", "=remark"])
    writer.writerows([*ANSWERS.values(), text, text, "SF1234567890123", text] for text in texts)
    (tmp_path / "in.csv").write_text(table.getvalue(), "utf-8", newline="")
    for name in ("out.csv", "out.xlsx", "out.jsonl"):
        ran = xingtu("batch", "in.csv", "-o", name, "--eml-dir", f"{name} drafts", *DAY,
                     cwd=tmp_path)  # fmt: skip
        assert ran.code in (0, 1), ran.err
        assert not _STEERS.search(ran.err)
    assert {path.name for path in tmp_path.iterdir()} == {
        *("in.csv", "out.csv", "out.xlsx", "out.jsonl"),
        *("out.csv drafts", "out.xlsx drafts", "out.jsonl drafts"),
    }
    drafts = [path.name for path in (tmp_path / "out.csv drafts").iterdir()]
    assert len(MEANINGFUL) <= len(drafts) <= len(texts)
    assert not any(RESERVED.fullmatch(name) or len(name.encode()) > 255 for name in drafts)

    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[-11] == "'=remark" or "'=remark" in header
    assert len(rows) == len(texts)
    for cell in (cell for row in [header, *rows] for cell in row):
        assert cell[:1] not in FORMULA or re.fullmatch(r"[+-]?[\d.,]*%?|-+", cell), cell
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink]
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("ascii").splitlines()]
    assert [line["input"]["=remark"] for line in lines] == texts
