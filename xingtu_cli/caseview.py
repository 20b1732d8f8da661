"""Where a case stands → a page, a table of many, or JSON."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xingtu_cli import answers
from xingtu_cli.answers import ESTIMATED, show_date
from xingtu_cli.casestate import CaseState
from xingtu_cli.diagnosis import DoStep, mark
from xingtu_cli.errors import XingtuError
from xingtu_cli.layout import STACKED, WIDEST, Line, Style, cells, padded, safe
from xingtu_cli.progress import Standing, State
from xingtu_cli.render import (
    diagnosis_body,
    dumped,
    email_lines,
    envelope,
    heading,
    source_lines,
    step_lines,
)
from xingtu_cli.rules.model import Question, Tree
from xingtu_cli.text import COLON, Lang, Text, join, same, visible, within_quotes

SAVED = Text(
    "存档：{file}（{created}建，{diagnosed}诊断）",
    "Case: {file} (begun {created}, diagnosed {diagnosed})",
)
CHANGED = Text(
    "存档时的结论“{before}”，今天已不成立。",
    "The diagnosis when it was saved, “{before}”, no longer holds today.",
)
OPEN = Text("情况有变，要补充回答", "Things have changed: further answers are needed")
ONE_LACKS = Text(
    "还要补充回答：{labels}。补上后给出完整结论。",
    "One answer is still missing: {labels}. The full diagnosis follows once it is given.",
)
SOME_LACK = Text(
    "还要补充回答：{labels}。补上后给出完整结论。",
    "Answers are still missing: {labels}. The full diagnosis follows once they are given.",
)
PROGRESS = Text("进展（今天是 {today}）", "Progress (today is {today})")
ASKED = Text("先补充这些回答", "First, answer these")
PERHAPS = Text("之后可能还要：{labels}", "Then perhaps: {labels}")
NEXT = Text("下一步", "Next step")
TOO = Text("现在也可以做", "Can be done now too")
NOTICE = Text("注意", "Please note")
AFTERWARDS = Text("做完之后", "Once it is done")
GO_ON = Text("补充回答，请运行：", "To answer them:")
DRAFT = Text("补上并写成草稿：", "To fill these in and write the draft:")
ALL_DONE = Text("√ 全部完成", "√ All done")
NOTE = Text("备注：", "Note: ")

DONE_ON = Text("{day}完成", "done {day}")
READY = Text("现在可以做", "can be done now")
READY_SINCE = Text("{day}起可以做", "can be done since {day}")
FROM = Text("{day}起", "from {day}")
DONE_EARLY = Text(
    "{day}完成，早于 {from_}（最早的日期），请核对",
    "done {day}, before {from_}, its earliest day; check",
)
AFTER_ONE = Text("等第 {numbers} 步", "after step {numbers}")
AFTER_TWO = Text("等第 {numbers} 步", "after steps {numbers}")
AFTER_ALL = Text("等前面的步骤", "after the steps before")
AND_FROM = Text("，最早 {day}", ", {day} at the earliest")
PROVISIONAL = Text("（按今天做完前面的步骤算）", " (if the steps before are done today)")
STYLES: Mapping[State, Style] = {
    "done": "dim",
    "ready": "strong",
    "waits-for-day": "plain",
    "waits-for-steps": "plain",
}
MARKS: Mapping[State, str] = {
    "done": "√",
    "ready": "●",
    "waits-for-day": "→",
    "waits-for-steps": "□",
}

MEANWHILE = Text("{main}；现在可以先做：{next}", "{main}; meanwhile: {next}")
AS_WELL = Text("{main}；现在也可以做：{others}", "{main}; can be done now too: {others}")
COLUMNS = (
    Text("日期", "Due"),
    Text("状态", "State"),
    Text("进展", "Done"),
    Text("存档", "Case"),
    Text("下一步", "Next"),
)
NEEDS = {
    "answer": Text("● 要补答", "● answer"),
    "act": Text("● 可以做", "● to do"),
    "later": Text("→ 再等等", "→ wait"),
    "nothing": Text("√ 已完成", "√ done"),
}
NO_CASES = Text("{folder} 里没有存档", "there are no saved cases in {folder}")


@dataclass(frozen=True)
class Listed:
    """One case of a list: its file and where it stands."""

    file: str
    state: CaseState


def ordered(cases: Sequence[Listed]) -> list[Listed]:
    """Put the cases into the order in which they are due, those with nothing left at the end."""
    return sorted(cases, key=lambda each: (each.state.day or date.max, each.file))


# ─── one case ────────────────────────────────────────────────────────────────────────────────────


def as_page(
    state: CaseState, tree: Tree, file: str, lines_to_run: Mapping[str, str], lang: Lang
) -> list[Line]:
    """Return where a case stands as lines of a page.

    `lines_to_run` has the command lines that `answer` the open questions, tick off the step that
    is `done`, and write the `draft`.
    """
    case, diagnosis = state.case, state.diagnosis
    days = {"created": show_date(case.created), "diagnosed": show_date(case.diagnosed)}
    page = [
        Line(tree.title.in_(lang), style="title"),
        Line(SAVED.format(file=file, **days).in_(lang), style="dim"),
        *([Line(NOTE.in_(lang) + part) for part in case.note.split("\n")] if case.note else []),
        Line(),
        *_result(state, tree, lang),
    ]
    if state.reached:
        page += [Line(), heading(PROGRESS.format(today=show_date(state.today)), lang)]
        page += [_standing(each, lang) for each in state.standings]
    if state.asked:
        page += [Line(), heading(ASKED, lang)]
        page += [Line(f"· {q.label.in_(lang)}", hanging=2) for q in state.asked]
        if state.possible:
            labels = join([question.label for question in state.possible])
            page.append(Line(PERHAPS.format(labels=labels).in_(lang), hanging=2))
        page += [Line(GO_ON.in_(lang)), Line(lines_to_run["answer"], verbatim=True)]
    if state.warnings:
        page += [Line(), heading(NOTICE, lang)]
        page += [Line(f"· {text}", style="note", hanging=2) for text in state.warnings]
    if state.reached and diagnosis and state.next and not state.asked:
        page += [Line(), heading(NEXT, lang), *step_lines(state.next.step, diagnosis)]
        if state.next.step.sends and diagnosis.email:
            page += [Line(), *email_lines(diagnosis.email, lang)]
            page += [Line(DRAFT.in_(lang)), Line(lines_to_run["draft"], verbatim=True)]
        if state.next.state == "ready":
            page += [Line(), heading(AFTERWARDS, lang), Line(lines_to_run["done"], verbatim=True)]
        for each in state.ready_too:
            page += [Line(), heading(TOO, lang), *step_lines(each.step, diagnosis)]
    if state.reached and diagnosis:
        page += [Line(), *source_lines(diagnosis)]
    return [safe(line) for line in page]


def what_next(state: CaseState, lines_to_run: Mapping[str, str], lang: Lang) -> list[Line]:
    """Return in a line or two what is next, for when a step has just been done."""
    page: list[Line] = []
    if state.asked:
        labels = join([question.label for question in state.asked])
        page.append(Line(ASKED.plus(COLON).plus(labels).in_(lang)))
        page.append(Line(lines_to_run["answer"], verbatim=True))
    elif state.next:
        head = NEXT.plus(COLON).in_(lang)
        following = _standing(state.next, lang).text.split(" ", 1)[1]
        page.append(Line(head + following, hanging=2))
    else:
        page.append(Line(ALL_DONE.in_(lang)))
    return [safe(line) for line in page]


def _result(state: CaseState, tree: Tree, lang: Lang) -> list[Line]:
    before = _title(state.case.outcome, tree)
    if state.reached and state.diagnosis:
        lines = [Line(f"★ {state.diagnosis.title}", style="heading", hanging=3)]
        lines += [Line(part) for part in state.diagnosis.summary.split("\n")]
    elif state.changed:
        lines = [Line(f"★ {OPEN.in_(lang)}", style="heading", hanging=3)]
    else:
        lacking = (ONE_LACKS if len(state.asked) == 1 else SOME_LACK).format(
            labels=join([question.label for question in state.asked])
        )
        lines = [Line(f"★ {lacking.in_(lang)}", style="heading", hanging=3)]
    if state.changed:
        lines.append(Line(CHANGED.format(before=within_quotes(before)).in_(lang), style="note"))
    if state.reached and state.need == "nothing":
        lines.append(Line(ALL_DONE.in_(lang), style="strong"))
    return lines


def _title(outcome: str, tree: Tree) -> Text:
    return tree.outcomes[outcome].title if outcome in tree.outcomes else same(outcome)


def _standing(standing: Standing, lang: Lang) -> Line:
    step = standing.step
    mark, when = MARKS[standing.state], _when(standing).in_(lang)
    text = f"{mark} {called(step).in_(lang)}{COLON.in_(lang)}{when}"
    style: Style = "note" if step.too_early else STYLES[standing.state]
    return Line(text, indent=2, hanging=5, style=style)


def _when(standing: Standing) -> Text:
    step = standing.step
    starts = show_date(step.starts, estimated=step.estimated) if step.starts else same("")
    match standing.state:
        case "done":
            return _when_done(step)
        case "ready":
            return READY_SINCE.format(day=starts) if step.starts else READY
        case "waits-for-day":
            return FROM.format(day=starts)
        case _:
            told = (AFTER_ONE, AFTER_TWO, AFTER_ALL)[min(len(standing.after), 3) - 1].format(
                numbers=join([same(str(n)) for n in standing.after])
            )
            if step.starts:
                told = told.plus(AND_FROM.format(day=starts))
            return told.plus(PROVISIONAL) if step.assumes else told


def _when_done(step: DoStep) -> Text:
    assert step.done is not None
    told = DONE_EARLY if step.too_early else DONE_ON
    return told.format(day=show_date(step.done), from_=show_date(step.starts or step.done))


# ─── many cases ──────────────────────────────────────────────────────────────────────────────────


def as_table(cases: Sequence[Listed], lang: Lang, width: int = WIDEST) -> list[Line]:
    """Return cases as a table, or one under the other where it is narrow."""
    rows = [_row(each, lang) for each in cases]
    head = [column.in_(lang) for column in COLUMNS]
    widths = [max(cells(row[n]) for row in [head, *rows]) for n in range(len(head) - 1)]
    left = sum(widths) + 2 * len(widths)
    if width < STACKED or left > width * 3 // 4:
        return [line for row in rows for line in _stacked(row)]

    def line(row: Sequence[str], style: Style) -> Line:
        columns = [padded(cell, width + 2) for cell, width in zip(row, widths, strict=False)]
        return Line("".join(columns) + row[-1], hanging=left, style=style)

    return [line(head, "heading"), *(line(row, "plain") for row in rows)]


def _row(each: Listed, lang: Lang) -> tuple[str, ...]:
    state = each.state
    done = sum(standing.state == "done" for standing in state.standings)
    count = f"{done}/{len(state.standings)}" if state.reached else "-"
    day = state.day.isoformat() if state.day else "-"
    if state.estimated:
        day += ESTIMATED.in_(lang)
    return (day, NEEDS[state.need].in_(lang), count, visible(each.file), _next(state, lang))


def _next(state: CaseState, lang: Lang) -> str:
    if state.asked:
        head = Text("补充回答：", "answer: ")
        return visible(head.plus(join([question.label for question in state.asked])).in_(lang))
    if state.main is None or state.next is None:
        return ""
    told = called(state.main.step)
    if state.next != state.main and state.next.state == "ready":
        told = MEANWHILE.format(main=told, next=called(state.next.step))
    elif state.ready_too:
        others = join([called(each.step) for each in state.ready_too])
        told = AS_WELL.format(main=told, others=others)
    return visible(told.in_(lang))


def called(step: DoStep) -> Text:
    """Return what a step is called in a list, by its number and title."""
    return same(f"{step.number}. {step.title}").plus(mark(step))


def _stacked(row: Sequence[str]) -> list[Line]:
    day, need, count, file, following = row
    lines = [Line(file, style="strong"), Line(f"{need}  {day}  {count}", indent=2)]
    return [*lines, *([Line(following, indent=2, hanging=2)] if following else [])]


# ─── JSON ────────────────────────────────────────────────────────────────────────────────────────


def as_json(state: CaseState, tree: Tree, file: str, lang: Lang) -> str:
    """Return where a case stands as one JSON document.

    It has all that the document of today's diagnosis has; where that lacks an answer, `outcome` is
    null and `asked` tells what to answer.
    """
    reached = state.diagnosis if state.reached else None
    body: dict[str, object] = {"lang": lang, "today": state.today.isoformat(), "outcome": None}
    body |= diagnosis_body(reached) if reached else {}
    body |= {
        "file": file,
        "saved": {
            "id": state.case.id,
            "outcome": state.case.outcome,
            "created": state.case.created.isoformat(),
            "diagnosed": state.case.diagnosed.isoformat(),
            "rules": dict(zip(("id", "version"), state.case.rules, strict=True)),
            "note": state.case.note,
        },
        "changed": state.changed,
        "warnings": list(state.warnings),
        **_state_json(state),
        "progress": [_standing_json(each) for each in (state.standings if reached else ())],
    }
    return dumped(envelope(tree, body))


def list_as_json(
    cases: Sequence[Listed],
    failed: Sequence[tuple[Path, XingtuError]],
    tree: Tree,
    today: date,
    lang: Lang,
) -> str:
    """Return many cases, and the files that could not be read, as one JSON document."""
    body = {
        "lang": lang,
        "today": today.isoformat(),
        "cases": [
            {
                "file": each.file,
                "outcome": each.state.diagnosis.outcome
                if each.state.reached and each.state.diagnosis
                else None,
                "saved": {"id": each.state.case.id, "outcome": each.state.case.outcome},
                **_state_json(each.state),
                "done": sum(standing.state == "done" for standing in each.state.standings),
                "steps": len(each.state.standings),
            }
            for each in cases
        ],
        "failed": [
            {"file": str(path), "code": error.code, "message": error.message.in_(lang)}
            for path, error in failed
        ],
    }
    return dumped(envelope(tree, body))


def _state_json(state: CaseState) -> Mapping[str, object]:
    step = state.next.step if state.next and state.reached else None
    return {
        "need": state.need,
        "day": state.day.isoformat() if state.day else None,
        "estimate": state.estimated,
        "asked": [_question_json(question) for question in state.asked],
        "next": _step_json(step) if step else None,
    }


def _step_json(step: DoStep) -> dict[str, object]:
    return {
        "number": step.number, "id": step.id, "title": step.title, "inferred": step.inferred
    }  # fmt: skip


def _question_json(question: Question) -> Mapping[str, object]:
    wanted = answers.wanted(question)
    return {"question": wanted.question, "flag": wanted.flag, "values": list(wanted.values)}


def _standing_json(standing: Standing) -> Mapping[str, object]:
    step = standing.step
    return {
        **_step_json(step),
        "state": standing.state,
        "after": list(standing.after),
        "from": step.starts.isoformat() if step.starts else None,
        "estimate": step.estimated,
        "if-done-today": step.assumes or None,
        "done": step.done.isoformat() if step.done else None,
    }
