"""Drafts are read back by a parser that is not Python's, which wrote them."""

import re
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from fast_mail_parser import PyMimePart, parse_email_tree
from hypothesis import given
from hypothesis import strategies as st

from xingtu_cli.answers import parse_detail
from xingtu_cli.diagnosis import Message
from xingtu_cli.errors import InvalidAnswer, InvalidDraft
from xingtu_cli.mail import LONGEST_LINK, Attached, draft, file_name, mailto
from xingtu_cli.rules.model import Detail
from xingtu_cli.text import has_control, same

TO = ("star-jihe@bytedance.com",)
HEADERS = {"X-Unsent", "To", "Subject", "MIME-Version", "Content-Type"}
PLAIN = HEADERS | {"Content-Transfer-Encoding"}  # of a message without attachments

# what can go wrong in a header: spaces, quotes, brackets, what looks like an encoded word, emoji
TRICKY = st.sampled_from(
    [*" =?_\"'\\,;:()<>@[]%&+-—/", "=?utf-8?b?", "?=", "\r\n", "小", "明", "é", "😀", "\u0301", "A"]
)
TEXTS = st.lists(TRICKY | st.characters(exclude_categories=["Cs"]), max_size=120).map("".join)
NAMES = TEXTS.map(str.strip).filter(lambda text: text and not has_control(text))
NICKNAME = Detail(id="name", label=same("name"), help=same("name"))


def message(subject: str = "【主题】小明-公司", body: str = "您好：\n\n  见附件。\n") -> Message:
    return Message(TO, subject, body)


def parsed(raw: bytes) -> PyMimePart:
    assert max(raw) < 128
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    return parse_email_tree(raw)


def text_of(part: PyMimePart) -> str:
    assert part.content_type == "text/plain"
    return (part.content or b"").decode()


@given(NAMES, TEXTS)
def test_what_is_written_is_read_back(subject: str, body: str) -> None:
    mail = parsed(draft(message(subject, body)))
    assert mail.headers.keys() == PLAIN
    assert mail.headers["Subject"] == [subject]
    assert mail.headers["To"] == list(TO)
    assert mail.headers["X-Unsent"] == ["1"]
    assert text_of(mail).encode().splitlines() == (body or "\n").encode().splitlines()


@given(NAMES, st.binary(max_size=300))
def test_an_attachment_keeps_its_name_and_bytes(name: str, data: bytes) -> None:
    raw = draft(
        message(), [Attached(name, "application/pdf", data), Attached("b", "image/png", b"")]
    )
    mail = parsed(raw)
    assert mail.headers.keys() == HEADERS
    body, scan, empty = mail.children
    safe = re.sub(r'[\\/:*?"<>|;]', "-", name)
    assert text_of(body) == "您好：\r\n\r\n  见附件。\r\n"
    assert (scan.filename, scan.content_type, scan.content) == (safe, "application/pdf", data)
    assert scan.disposition == "attachment"
    assert (empty.filename, empty.content_type) == ("b", "image/png")


@given(TEXTS)
def test_no_name_that_is_let_in_starts_a_header(name: str) -> None:
    """Whatever `parse_detail` lets through is one line in one header; the rest is refused."""
    try:
        (let_in,) = parse_detail(NICKNAME, [name]) or ("",)
    except InvalidAnswer:
        assert has_control(name)
        with pytest.raises(InvalidDraft):
            draft(message(name))
        return
    mail = parsed(draft(message(f"【失败】{let_in}-某某")))
    assert mail.headers.keys() == PLAIN
    assert mail.headers["Subject"] == [f"【失败】{let_in}-某某"]


@pytest.mark.parametrize(
    "attack", ["小明\r\nBcc: a@b.c", "a\nb", "a\rb", "a\x00b", "a\x85b", "a\u2028b"]
)
def test_a_line_break_reaches_no_header(attack: str) -> None:
    for broken, attached in [
        (message(attack), []),
        (Message((attack,), "s", "b"), []),
        (message(), [Attached(attack, "image/png", b"x")]),
    ]:
        with pytest.raises(InvalidDraft, match="line break or control character"):
            draft(broken, attached)
    with pytest.raises(InvalidAnswer, match="line break or control character"):
        parse_detail(NICKNAME, [attack])


def test_bytes_that_are_no_text_are_refused_early() -> None:
    undecodable = "明".encode("gbk").decode("utf-8", "surrogateescape")
    with pytest.raises(InvalidAnswer):
        parse_detail(NICKNAME, [undecodable])


def test_the_draft_to_the_letter() -> None:
    raw = draft(message("【即合打款失败】小明-某某", "您好\n"))
    assert raw.decode("ascii").split("\r\n") == [
        "X-Unsent: 1",
        "To: star-jihe@bytedance.com",
        "Subject: =?utf-8?b?44CQ5Y2z5ZCI5omT5qy+5aSx6LSl44CR5bCP5piOLeafkOafkA==?=",
        'Content-Type: text/plain; charset="utf-8"',
        "Content-Transfer-Encoding: base64",
        "MIME-Version: 1.0",
        "",
        "5oKo5aW9DQo=",
        "",
    ]


def test_a_long_chinese_file_name_is_an_rfc_2231_parameter() -> None:
    name = "更正并加盖公章的结算单" * 7 + ".pdf"  # 235 bytes, near what a file system takes
    raw = draft(message(), [Attached(name, "application/pdf", b"x")])
    assert b"filename*0*=utf-8''" in raw
    assert parsed(raw).children[1].filename == name


def test_the_same_message_gives_the_same_draft() -> None:
    attached = [Attached("a.pdf", "application/pdf", b"\n--=_xingtu_draft--\n")]
    raw = draft(message(), attached)
    assert raw == draft(message(), attached)
    assert parsed(raw).children[1].content == attached[0].data


# ─── mailto ──────────────────────────────────────────────────────────────────────────────────────


@given(NAMES, TEXTS)
def test_a_link_carries_subject_and_body(subject: str, body: str) -> None:
    link = mailto(message(subject, body))
    if not link:
        assert len(subject + body) > 100
        return
    assert len(link) <= LONGEST_LINK
    assert link.isascii()
    assert not set(link) & set(" \r\n\"<>'")
    parts = urlsplit(link)
    assert (parts.scheme, unquote(parts.path), parts.fragment) == ("mailto", TO[0], "")
    fields = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert fields["subject"] == [subject]
    assert fields.keys() == {"subject", "body"}
    lines = fields["body"][0].split("\r\n")
    assert "\n".join(lines) == body.rstrip("\n") or "\r" in body


def test_a_link_that_would_be_too_long_is_left_out() -> None:
    room = LONGEST_LINK - len(mailto(message("s", "b"))) + 1
    assert len(mailto(message("s", "b" * room))) == LONGEST_LINK
    assert mailto(message("s", "b" * (room + 1))) == ""


# ─── the file's name ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("【即合打款失败】小明-某某公司", "【即合打款失败】小明-某某公司.eml"),
        ('a/b\\c:d*e?f"g<h>i|j  k', "a-b-c-d-e-f-g-h-i-j-k.eml"),
        ("../../etc/passwd", "etc-passwd.eml"),
        ("..", "draft.eml"),
        ("小" * 300, "小" * 60 + ".eml"),
    ],
)
def test_a_file_name_from_a_subject(subject: str, name: str) -> None:
    assert file_name(message(subject)) == name


@given(TEXTS)
def test_a_file_name_is_taken_by_every_system(subject: str) -> None:
    name = file_name(message(subject))
    assert not has_control(name)
    assert not set(name) & set('\\/:*?"<>|\n\r\t ')
    assert len(name.encode()) <= 255
    assert name.endswith(".eml")
    assert not name.startswith(".")
