"""A Diagnosis or an error → JSON, a page of text, or Markdown."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from xingtu_cli import __version__
from xingtu_cli.answers import written
from xingtu_cli.diagnosis import Diagnosis, DoStep, Message, Rules, mark
from xingtu_cli.errors import XingtuError
from xingtu_cli.layout import STACKED, WIDEST, Line, cells, padded, safe
from xingtu_cli.rules.model import Source, Tree
from xingtu_cli.text import COLON, Lang, Text, join, visible

SCHEMA = 1

ANSWERS = Text("你的回答", "Your answers")
STEPS = Text("步骤", "Steps")
NOTICE = Text("注意", "Please note")
EMAIL = Text("邮件（复制发送）", "E-mail (to copy)")
SOURCES = Text("依据", "Sources")
REPEAT = Text("再次运行本次诊断", "To run this diagnosis again")
AMEND = Text(
    "答错了？从命令里删掉那一项再运行，就会重新问。",
    "A wrong answer? Leave it out of the command, and you will be asked again.",
)
AMEND_FILE = Text(
    "答错了？把正确的那一项作为参数加上再运行，以参数为准。要连文件一起改，再加 --save 这个文件"
    " --force。",
    "A wrong answer? Add the right one to the command as a flag, which goes before the file. To"
    " change it in the file too, add --save with that FILE, and --force.",
)
SAVE = Text(
    "后面还要等：命令后加 --save 存档.yaml 存下来，到时用 xingtu case show 存档.yaml 看下一步。",
    "There is something to wait for: add --save CASE.yaml to the command, and xingtu case show"
    " CASE.yaml then tells what is next.",
)
MENU = Text("菜单：", "Menu: ")
DONE_ON = Text("（{day} 已完成）", "(done {day})")
RULE = "─" * 36
FIELDS = {
    "to": Text("收件人", "To"),
    "subject": Text("主题", "Subject"),
    "attachments": Text("附件", "Attach"),
    "body": Text("正文", "Body"),
}
KINDS = {
    "official": Text("官方", "official"),
    "copy": Text("转载", "a copy"),
}
AS_OF = Text(
    "以上依据截至 {as_of} 的资料（规则版本 {version}）。平台此后有没有改，无从确认；"
    "与平台页面不一致时，以平台为准。",
    "As of {as_of} (rules version {version}). Nothing confirms that the platform has not"
    " changed since; where its own pages differ, they are right.",
)
UNFILLED = Text(
    "还没填：{names}。发送前换成你们自己的，或加上括号里的参数再运行一次。",
    "Still to fill in: {names}. Put in your own before sending, or run again with these flags.",
)
# what CommonMark takes for more than text: anywhere, or where it begins a line, as `- ` and `1. `
# begin a list
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~&]|^[-+=]")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
LINK = Text(
    "点开这个链接，邮件软件会填好收件人、主题和正文；附件要自己加：",
    "This link fills in a mail client with all but the attachments:",
)


# ─── JSON ────────────────────────────────────────────────────────────────────────────────────────


def as_json(diagnosis: Diagnosis) -> str:
    """Return the diagnosis as one JSON document in ASCII; dates and money are strings."""
    return dumped(document(diagnosis))


def document(diagnosis: Diagnosis) -> Mapping[str, object]:
    """Return the diagnosis as the object of its JSON; dates and money are strings."""
    return envelope(diagnosis.rules, diagnosis_body(diagnosis))


def diagnosis_body(diagnosis: Diagnosis) -> Mapping[str, object]:
    """Return what the object of a diagnosis has beside its head."""
    return {
        "lang": diagnosis.lang,
        "today": diagnosis.today.isoformat(),
        "outcome": diagnosis.outcome,
        "case": diagnosis.case,
        "title": diagnosis.title,
        "summary": diagnosis.summary,
        "answers": {name: _plain(answer) for name, answer in diagnosis.answers.items()},
        "details": {name: list(values) for name, values in diagnosis.details.items()},
        "computed": {name: _plain(value) for name, value in diagnosis.computed.items()},
        "path": list(diagnosis.path),
        "steps": [_step_json(step) for step in diagnosis.steps],
        "email": _email_json(diagnosis.email) if diagnosis.email else None,
        "warnings": list(diagnosis.warnings),
        "sources": [_source_json(source) for source in diagnosis.sources],
    }


def error_as_json(error: XingtuError, lang: Lang, tree: Tree | None = None) -> str:
    """Return an error as one JSON document in ASCII."""
    return dumped(error_document(error, lang, tree))


def error_document(
    error: XingtuError, lang: Lang, tree: Tree | None = None
) -> Mapping[str, object]:
    """Return an error in the same envelope, without an outcome."""
    return envelope(tree, {"error": _error_json(error, lang)})


def checked_as_json(checked: Mapping[str, Tree | XingtuError], lang: Lang) -> str:
    """Return what was found in rules files; `error` is there, as in any error, if one has any."""
    files: list[Mapping[str, object]] = []
    for name, found in checked.items():
        rules = None if isinstance(found, XingtuError) else _rules_json(found)
        error = _error_json(found, lang) if isinstance(found, XingtuError) else None
        problems = error.pop("problems", []) if error else []
        files.append({"file": name, "rules": rules, "problems": problems, "error": error})
    failed = [each for each in checked.values() if isinstance(each, XingtuError)]
    worst = max(failed, key=lambda error: error.exit_code, default=None)
    body = {"files": files, **({"error": _error_json(worst, lang)} if worst else {})}
    only = next(iter(checked.values())) if len(checked) == 1 else None
    return dumped(envelope(None if isinstance(only, XingtuError) else only, body))


def _error_json(error: XingtuError, lang: Lang) -> dict[str, object]:
    return {"code": error.code, "message": error.message.in_(lang), **error.details(lang)}


def _rules_json(rules: Rules | Tree) -> Mapping[str, object]:
    return {"id": rules.id, "version": rules.version, "as_of": rules.as_of}


def envelope(rules: Rules | Tree | None, body: Mapping[str, object]) -> Mapping[str, object]:
    """Return an object of JSON: the head that all have, and a body."""
    by = _rules_json(rules) if rules else None
    head = {"schema": SCHEMA, "program": {"name": "xingtu", "version": __version__}, "rules": by}
    return {**head, **body}


def _link(email: Message) -> str:
    from xingtu_cli.mail import mailto

    return mailto(email)


def dumped(document: Mapping[str, object]) -> str:
    """Return an object as one JSON document in ASCII."""
    import json

    return json.dumps(document, indent=2) + "\n"


def _plain(value: object) -> object:
    match value:
        case tuple():
            return list(value)
        case date() | Decimal():
            return written(value)
        case _:
            return value


def _step_json(step: DoStep) -> Mapping[str, object]:
    return {
        "number": step.number,
        "id": step.id,
        "title": step.title,
        "text": step.text,
        "notes": list(step.notes),
        "menu": list(step.menu) or None,
        "inferred": step.inferred,
        "sources": list(step.sources),
        "from": step.starts.isoformat() if step.starts else None,
        "done": step.done.isoformat() if step.done else None,
    }


def _email_json(email: Message) -> Mapping[str, object]:
    return {
        "to": list(email.to),
        "subject": email.subject,
        "body": email.body,
        "attachments": list(email.attachments),
        "unfilled": list(email.unfilled),
        "hold": list(email.hold),
        "mailto": _link(email) or None,
    }


def _source_json(source: Source) -> Mapping[str, object]:
    return {
        "id": source.id,
        "title": source.title,
        "url": source.url,
        "date": source.date.isoformat(),
        "kind": source.kind,
    }


def advised(diagnosis: Diagnosis, *, from_file: bool, saved: bool) -> Sequence[Text]:
    """Return what can be done with the line that repeats a run.

    Some of its answers may be `from_file`, and it may be `saved` as a case already.
    """
    ahead = any(step.starts and step.starts > diagnosis.today for step in diagnosis.steps)
    waits = ahead or bool(diagnosis.email and diagnosis.email.hold)
    return [AMEND_FILE if from_file else AMEND, *([SAVE] if waits and not saved else [])]


# ─── a page of text ──────────────────────────────────────────────────────────────────────────────


def as_page(
    diagnosis: Diagnosis, command: str, width: int = WIDEST, advice: Sequence[Text] = (AMEND,)
) -> list[Line]:
    """Return the diagnosis as lines, to be wrapped and styled for a terminal of `width` cells.

    `command` is the line that repeats this run, and `advice` what to do with it.
    """
    lang = diagnosis.lang
    page = [Line(diagnosis.rules.title, style="title"), Line(), heading(ANSWERS, lang)]
    page += table([(given.label, given.shown) for given in diagnosis.given], lang, width)
    page += [Line(), Line(f"★ {diagnosis.title}", style="heading", hanging=3)]
    page += _paragraphs(diagnosis.summary)
    if diagnosis.warnings:
        page += [Line(), heading(NOTICE, lang)]
        page += [_bullet(text, 0, style="note") for text in diagnosis.warnings]
    page += [Line(), heading(STEPS, lang)]
    for step in diagnosis.steps:
        page += [*([Line()] if step.number > 1 else []), *_step_lines(step, diagnosis)]
    if diagnosis.email:
        page += [Line(), heading(EMAIL, lang), *_email_lines(diagnosis.email, lang)]
    page += [Line(), heading(SOURCES, lang), *_source_lines(diagnosis)]
    page += [Line(), heading(REPEAT, lang), *(Line(text.in_(lang)) for text in advice)]
    page.append(Line(command, verbatim=True))
    return [safe(line) for line in page]


def step_lines(step: DoStep, diagnosis: Diagnosis) -> list[Line]:
    """Return one step of a diagnosis as lines of a page."""
    return [safe(line) for line in _step_lines(step, diagnosis)]


def email_lines(email: Message, lang: Lang) -> list[Line]:
    """Return an e-mail, to be copied, as lines of a page."""
    return [safe(line) for line in (heading(EMAIL, lang), *_email_lines(email, lang))]


def source_lines(diagnosis: Diagnosis) -> list[Line]:
    """Return the sources of a diagnosis, and how old they are, as lines of a page."""
    page = (heading(SOURCES, diagnosis.lang), *_source_lines(diagnosis))
    return [safe(line) for line in page]


def heading(text: Text, lang: Lang) -> Line:
    """Return the heading of a part of a page."""
    return Line(f"■ {text.in_(lang)}", style="heading")


def table(rows: Sequence[tuple[str, str]], lang: Lang, width: int) -> list[Line]:
    """Return two columns side by side, or each row as “label: text” where it is narrow.

    It is also narrow where the labels leave too little room.
    """
    column = max((cells(label) for label, _ in rows), default=0) + 2
    wanted = min(max((cells(text) for _, text in rows), default=0), width // 4)
    if width < max(STACKED, 2 + column + wanted):
        return [
            Line(f"{label}{COLON.in_(lang)}{text}", indent=2, hanging=2) for label, text in rows
        ]
    return [Line(padded(label, column) + text, indent=2, hanging=column) for label, text in rows]


def _paragraphs(text: str, indent: int = 0) -> list[Line]:
    return [Line(part, indent=indent) for part in text.split("\n")]


def _bullet(text: str, indent: int, style: Literal["plain", "note"] = "plain") -> Line:
    return Line(f"· {text}", indent=indent, style=style, hanging=2)


def _step_lines(step: DoStep, diagnosis: Diagnosis) -> list[Line]:
    lang = diagnosis.lang
    lines = [Line(f"{step.number}. {_step_title(step, lang)}", style="strong", hanging=3)]
    if step.menu:
        path = MENU.in_(lang) + menu_path(step.menu, step.glosses, lang)
        lines.append(Line(path, indent=3, style="menu", hanging=2))
    lines += _paragraphs(step.text, indent=3)
    lines += [_bullet(note, 3) for note in step.notes]
    if step.sources:
        references = " ".join(f"[{n}]" for n in _reference_numbers(step, diagnosis))
        lines.append(Line(f"{SOURCES.in_(lang)} {references}", indent=3, style="dim"))
    return lines


def _step_title(step: DoStep, lang: Lang) -> str:
    title, gap = step.title + mark(step).in_(lang), "" if lang == "zh" else " "
    if step.done:
        title = f"√ {title}{gap}{DONE_ON.format(day=step.done).in_(lang)}"
    return title


def menu_path(menu: Iterable[str], glosses: Iterable[str], lang: Lang) -> str:
    """Return a path of platform labels to click, in English with their glosses."""
    labels = [
        label if lang == "zh" else f"{label} ({gloss})"
        for label, gloss in zip(menu, glosses, strict=True)
    ]
    return " → ".join(labels)


def _reference_numbers(step: DoStep, diagnosis: Diagnosis) -> list[int]:
    numbers = {source.id: n for n, source in enumerate(diagnosis.sources, 1)}
    return [numbers[name] for name in step.sources]


def _email_lines(email: Message, lang: Lang) -> list[Line]:
    def field(name: str, value: str) -> str:
        return f"{FIELDS[name].in_(lang)}{COLON.in_(lang)}{value}".rstrip()

    copied = [field("to", ", ".join(email.to)), field("subject", email.subject)]
    lines = [Line(text, verbatim=True) for text in copied]
    lines += [Line(field("attachments", text), hanging=2) for text in email.attachments]
    lines += [Line(text, verbatim=True) for text in (field("body", ""), RULE)]
    lines += [Line(text, verbatim=True) for text in email.body.rstrip("\n").split("\n")]
    lines.append(Line(RULE, verbatim=True))
    if email.unfilled:
        lines.append(Line(_unfilled(email, lang), style="note"))
    if link := _link(email):
        lines += [Line(LINK.in_(lang)), Line(link, verbatim=True)]
    return lines


def _unfilled(email: Message, lang: Lang) -> str:
    names = [
        Text(f"{label}（--{name}）", f"{label} (--{name})")
        for label, name in zip(email.gaps, email.unfilled, strict=True)
    ]
    return UNFILLED.format(names=join(names)).in_(lang)


def _source_lines(diagnosis: Diagnosis) -> list[Line]:
    lang, lines = diagnosis.lang, []
    for n, source in enumerate(diagnosis.sources, 1):
        lines.append(Line(f"[{n}] {source.title} {_about(source, lang)}", hanging=4))
        if source.url:
            lines.append(Line(f"    {source.url}", verbatim=True))
    lines.append(Line(_as_of(diagnosis)))
    return lines


def _about(source: Source, lang: Lang) -> str:
    return source.date.isoformat() + Text("，", ", ").plus(KINDS[source.kind]).in_(lang)


def _as_of(diagnosis: Diagnosis) -> str:
    rules = diagnosis.rules
    return AS_OF.format(as_of=rules.as_of, version=rules.version).in_(diagnosis.lang)


# ─── Markdown ────────────────────────────────────────────────────────────────────────────────────


def as_markdown(diagnosis: Diagnosis, command: str, advice: Sequence[Text] = (AMEND,)) -> str:
    """Return the diagnosis as CommonMark with a table, for a ticket or a chat.

    `command` is the line that repeats this run, and `advice` what to do with it.
    """
    lang = diagnosis.lang
    parts = [f"# {_escaped(diagnosis.title)}", _escaped(diagnosis.summary)]
    parts.append(f"## {ANSWERS.in_(lang)}")
    parts.append(
        "\n".join(
            ["| | |", "|---|---|"]
            + [f"| {_escaped(g.label)} | {_escaped(g.shown)} |" for g in diagnosis.given]
        )
    )
    if diagnosis.warnings:
        parts.append(f"## {NOTICE.in_(lang)}")
        parts.append("\n".join(f"- {_escaped(text)}" for text in diagnosis.warnings))
    parts.append(f"## {STEPS.in_(lang)}")
    parts += [_step_markdown(step, diagnosis) for step in diagnosis.steps]
    if diagnosis.email:
        parts += [f"## {EMAIL.in_(lang)}", *_email_markdown(diagnosis.email, lang)]
    parts += [f"## {SOURCES.in_(lang)}", _sources_markdown(diagnosis), _escaped(_as_of(diagnosis))]
    parts += [f"## {REPEAT.in_(lang)}", *(_escaped(text.in_(lang)) for text in advice)]
    parts.append(_fenced(command, "sh"))
    return "\n\n".join(parts) + "\n"


def _step_markdown(step: DoStep, diagnosis: Diagnosis) -> str:
    lang = diagnosis.lang
    lines = [f"**{_escaped(_step_title(step, lang))}**"]
    if step.menu:
        lines.append(_escaped(menu_path(step.menu, step.glosses, lang)))
    lines += [_escaped(part) for part in step.text.split("\n")]
    if step.sources:
        references = " ".join(f"\\[{n}\\]" for n in _reference_numbers(step, diagnosis))
        lines.append(f"{SOURCES.in_(lang)} {references}")
    lead = f"{step.number}. "
    body = f"\\\n{' ' * len(lead)}".join(lines)
    notes = "".join(f"\n{' ' * len(lead)}- {_escaped(note)}" for note in step.notes)
    return f"{lead}{body}{notes}"


def _email_markdown(email: Message, lang: Lang) -> list[str]:
    head = [("to", ", ".join(email.to)), ("subject", email.subject)]
    head += [("attachments", text) for text in email.attachments]
    parts = [
        "\n".join(
            f"- {FIELDS[name].in_(lang)}{COLON.in_(lang)}{_escaped(text)}" for name, text in head
        ),
        _fenced(email.body.rstrip("\n"), "text"),
    ]
    if email.unfilled:
        parts.append(_escaped(_unfilled(email, lang)))
    if link := _link(email):
        parts.append(f"[{_escaped(LINK.in_(lang).rstrip('：:'))}]({link})")
    return parts


def _sources_markdown(diagnosis: Diagnosis) -> str:
    return "\n".join(
        f"{n}. {_escaped(source.title)} {_about(source, diagnosis.lang)}"
        + (f" <{source.url}>" if source.url else "")
        for n, source in enumerate(diagnosis.sources, 1)
    )


def _fenced(text: str, language: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{visible_lines(text)}\n{fence}"


def visible_lines(text: str) -> str:
    """Make control characters visible, but keep line ends."""
    return "\n".join(visible(line) for line in text.split("\n"))


def _escaped(text: str) -> str:
    """Escape what Markdown would read as markup, and make control characters visible."""
    marked = _MARKUP.sub(r"\\\g<0>", visible(text.replace("\n", " ").strip(" ")))
    return _NUMBERED.sub(r"\1\\\2", marked)
