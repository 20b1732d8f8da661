"""A finished walk → the Diagnosis: the steps that apply, texts filled, the e-mail, the sources.

Pure. A Diagnosis is in one language and complete: whoever renders it looks nothing up.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

from xingtu_cli import couriers
from xingtu_cli.answers import Answer, Answers, Details, show_amount, show_date, shown
from xingtu_cli.facts import Value
from xingtu_cli.rules.model import (
    PLACEHOLDER,
    TODAY,
    Attachment,
    Decision,
    Email,
    Note,
    Outcome,
    Source,
    Step,
    Tree,
)
from xingtu_cli.text import INFERRED, NOTHING, Lang, Text, same
from xingtu_cli.walk import Walk

INFERRED_STEP = Text("（推断）", " (our inference)")
ABOUT = Text("约 ", "about ")  # before an estimated number
UNFILLED = "〈{}〉"
FEW_NUMBERS = Text(
    "“{step}”做完了，{label}却还只有 {count} 个：邮件里要写全。把新的也加上：--{flag} {numbers},…",
    "“{step}” is done; {label}: still only {count}. The e-mail has to list them all; add the new"
    " one: --{flag} {numbers},…",
)


class Given(NamedTuple):
    """One answer as a person reads it back."""

    question: str
    label: str
    shown: str


class DoStep(NamedTuple):
    """One thing to do. `menu` is the path of platform labels to click, `glosses` their English.

    `done` is the day it was done. It cannot be done before `starts`, which may be `estimated`, and
    may hold only if the step named in `assumes` is done today. A `meanwhile` step waits for no
    other and no other for it; one that `sends` is the sending of the e-mail.
    """

    number: int
    id: str
    title: str
    text: str
    notes: tuple[str, ...]
    menu: tuple[str, ...]
    glosses: tuple[str, ...]
    inferred: bool
    sources: tuple[str, ...]
    done: date | None = None
    starts: date | None = None
    estimated: bool = False
    assumes: str = ""
    meanwhile: bool = False
    sends: bool = False

    @property
    def too_early(self) -> bool:
        """Whether it was done before it could be."""
        return bool(self.done and self.starts and self.done < self.starts and not self.assumes)


class Message(NamedTuple):
    """The e-mail to the platform, in simplified Chinese; `unfilled` names the details it lacks.

    `gaps` are their labels in the user's language; `files` says what each of the `attachments`
    may be, `hold` why it is not to be sent yet. `short` are the tracking numbers of which there
    must be more: another parcel has been mailed since.
    """

    to: tuple[str, ...]
    subject: str
    body: str
    attachments: tuple[str, ...] = ()
    unfilled: tuple[str, ...] = ()
    files: tuple[Attachment, ...] = ()
    hold: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    short: tuple[str, ...] = ()


class Rules(NamedTuple):
    """Which rules a diagnosis was made by."""

    id: str
    version: str
    as_of: str
    title: str


class Diagnosis(NamedTuple):
    """What is the matter and what to do, in one language.

    `answers` and `computed` hold typed values; `given` the same answers as a person reads them.
    """

    lang: Lang
    today: date
    rules: Rules
    outcome: str
    case: int | None
    title: str
    summary: str
    answers: Answers
    details: Details
    given: tuple[Given, ...]
    computed: Mapping[str, Value | str]
    path: tuple[str, ...]
    steps: tuple[DoStep, ...]
    email: Message | None
    warnings: tuple[str, ...]
    sources: tuple[Source, ...]


def headline(walk: Walk, details: Details, lang: Lang) -> tuple[str, str]:
    """Return a diagnosis' title and that of its next step, at a fraction of the cost of the rest.

    The next step is the first that can be done; where all must wait, the first that is not done.
    There may be none.
    """
    outcome, fill = _ended(walk), _Filler(walk, details)
    following = _next_step(walk, outcome)
    told = fill.in_(following.title, lang) + mark(following).in_(lang) if following else ""
    return fill.in_(outcome.title, lang), told


def subject(walk: Walk, details: Details) -> str:
    """Return the subject of a diagnosis' e-mail, nothing if it has none."""
    outcome = _ended(walk)
    if not outcome.email:
        return ""
    return _Filler(walk, details).one(walk.tree.emails[outcome.email].subject, "zh")


def _next_step(walk: Walk, outcome: Outcome) -> Step | None:
    todo = [step for step in _applying(walk, outcome) if step.id not in walk.done]
    first = next((step for step in todo if step.id not in outcome.meanwhile), None)
    free = [step for step in todo if step is first or step.id in outcome.meanwhile]
    return next((step for step in free if not _waits(walk, step)), todo[0] if todo else None)


def _waits(walk: Walk, step: Step) -> bool:
    starts = _starts(walk, step)
    return starts is not None and starts > walk.today


def _starts(walk: Walk, step: Step) -> date | None:
    """Return the day before which a step cannot be done; none where the route computed none."""
    starts = walk.computed.get(step.starts or "")
    assert starts is None or isinstance(starts, date)  # the rules were checked
    return starts


def diagnose(walk: Walk, details: Details, lang: Lang) -> Diagnosis:
    """Make the diagnosis of a finished walk.

    `details` fill the texts and the e-mail; what is not given stays a visible placeholder.
    """
    tree, outcome = walk.tree, _ended(walk)
    fill = _Filler(walk, details)
    applying = applying_steps(walk)
    return Diagnosis(
        lang=lang,
        today=walk.today,
        rules=Rules(tree.id, tree.version, tree.as_of, tree.title.in_(lang)),
        outcome=outcome.id,
        case=outcome.case,
        title=fill.in_(outcome.title, lang),
        summary=fill.in_(outcome.summary, lang),
        answers={name: walk.answers[name] for name in walk.asked},
        details=details,
        given=tuple(
            Given(name, tree.questions[name].label.in_(lang), _shown(walk, name).in_(lang))
            for name in walk.asked
        ),
        computed={
            **walk.computed,
            **{name: finding.result for name, finding in walk.findings.items()},
        },
        path=walk.path,
        steps=tuple(
            _step(walk, fill, step, number, lang) for number, step in enumerate(applying, 1)
        ),
        email=_email(walk, fill, tree.emails[outcome.email], lang) if outcome.email else None,
        warnings=(
            *warnings_so_far(walk, details, lang),
            *_notes(walk, fill, outcome.warnings, lang),
            *_odd_numbers(tree, details, lang),
            *_few_numbers(walk, fill, lang),
        ),
        sources=_sources(tree, outcome, applying, _decisions(walk)),
    )


def warnings_so_far(walk: Walk, details: Details, lang: Lang) -> tuple[str, ...]:
    """Return what the decisions of a walk have to say, wherever it stands."""
    fill = _Filler(walk, details)
    return tuple(
        text
        for decision in _decisions(walk)
        for text in _notes(walk, fill, decision.warnings, lang)
    )


def _decisions(walk: Walk) -> list[Decision]:
    """Return the decisions that a walk has passed."""
    decisions = walk.tree.decisions
    return [decisions[name] for name in walk.path if name in decisions]


def applying_steps(walk: Walk) -> list[Step]:
    """Return the steps that apply at the end of a walk, in order; one that is done stays."""
    return list(_applying(walk, _ended(walk)))


def _applying(walk: Walk, outcome: Outcome) -> Iterator[Step]:
    steps = (walk.tree.steps[name] for name in outcome.steps)
    return (step for step in steps if step.id in walk.done or walk.holds(step.when))


def _ended(walk: Walk) -> Outcome:
    if isinstance(walk.at, Outcome):
        return walk.at
    raise TypeError(f"the walk still stands at {walk.at.id}")


def ask_text(walk: Walk, text: Text) -> Text:
    """Fill a question's text with what the walk knows so far."""
    return _Filler(walk, {})(text)


def mark(step: Step | DoStep) -> Text:
    """Return what stands behind the title of a step: that it is our inference, where it is one."""
    return INFERRED_STEP if step.inferred else NOTHING


def _step(walk: Walk, fill: "_Filler", step: Step, number: int, lang: Lang) -> DoStep:
    assert isinstance(walk.at, Outcome)
    return DoStep(
        number=number,
        id=step.id,
        title=fill.in_(step.title, lang),
        text=fill.in_(step.text, lang),
        notes=tuple(_notes(walk, fill, step.notes, lang)),
        menu=step.menu,
        glosses=glosses(walk.tree, step.menu),
        inferred=step.inferred,
        sources=step.sources,
        done=walk.done.get(step.id),
        starts=_starts(walk, step),
        estimated=step.starts in walk.estimated,
        assumes=walk.assuming.get(step.starts or "", ""),
        meanwhile=step.id in walk.at.meanwhile,
        sends=step.sends,
    )


def glosses(tree: Tree, menu: Iterable[str]) -> tuple[str, ...]:
    """Return the English gloss of each platform label of a menu path."""
    return tuple(tree.labels[label] for label in menu)


def _notes(walk: Walk, fill: "_Filler", notes: Iterable[Note], lang: Lang) -> Iterable[str]:
    for note in notes:
        if walk.holds(note.when):
            text = fill.in_(note.text, lang)
            yield INFERRED.in_(lang) + text if note.inferred else text


def _email(walk: Walk, fill: "_Filler", email: Email, lang: Lang) -> Message:
    used = dict.fromkeys(PLACEHOLDER.findall(email.subject + email.body))
    wanted = (name for name in used if name in walk.tree.details)
    unfilled = tuple(name for name in wanted if not fill.details.get(name))
    holding = [note for step in applying_steps(walk) for note in step.notes if note.hold]
    return Message(
        to=email.to,
        subject=fill.one(email.subject, "zh"),
        body=fill.one(email.body, "zh"),
        attachments=tuple(fill.in_(each.text, lang) for each in email.attachments),
        unfilled=unfilled,
        gaps=tuple(walk.tree.details[name].label.in_(lang) for name in unfilled),
        files=email.attachments,
        hold=tuple(_notes(walk, fill, holding, lang)),
        short=tuple(_short(walk, fill.details)),
    )


def _odd_numbers(tree: Tree, details: Details, lang: Lang) -> Iterable[str]:
    """Yield a warning for each tracking number that looks like no courier's."""
    for detail in tree.details.values():
        if detail.type == "tracking-numbers":
            for number in details.get(detail.id, ()):
                if remark := couriers.odd(number, detail.label):
                    yield remark.in_(lang)


def _few_numbers(walk: Walk, fill: "_Filler", lang: Lang) -> Iterable[str]:
    """Yield a warning for the numbers of parcels of which the last is not among them."""
    for name, step in _short(walk, fill.details).items():
        detail, numbers = walk.tree.details[name], fill.details[name]
        yield FEW_NUMBERS.format(
            step=fill(step.title),
            count=len(numbers),
            label=detail.label,
            flag=name,
            numbers=",".join(numbers),
        ).in_(lang)


def _short(walk: Walk, details: Details) -> Mapping[str, Step]:
    """Return each detail that has a tracking number too few, with the step that made another.

    One that has none is a gap, and asked for in any case.
    """
    done = [step for step in applying_steps(walk) if step.id in walk.done]
    asking = {name: [step for step in done if name in step.asks] for name in walk.tree.details}
    return {
        name: steps[-1]
        for name, steps in asking.items()
        if 0 < len(details.get(name, ())) <= len(steps)
    }


def _sources(
    tree: Tree, outcome: Outcome, steps: Iterable[Step], decisions: Iterable[Decision]
) -> tuple[Source, ...]:
    """Return every source cited by what is shown, in the order of the file."""
    citing = (outcome.sources, *(s.sources for s in steps), *(d.sources for d in decisions))
    cited = {name for names in citing for name in names}
    return tuple(source for name, source in tree.sources.items() if name in cited)


# ─── filling texts ───────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str, ...]:
    """Cut a text at its placeholders: what stands between them, and their names in turn."""
    return tuple(PLACEHOLDER.split(text))


class _Filler:
    """Replaces `{name}` by an answer, a detail, a computed value or a visible gap."""

    def __init__(self, walk: Walk, details: Details) -> None:
        self.walk = walk
        self.details = details

    def __call__(self, text: Text) -> Text:
        return Text(self.one(text.zh, "zh"), self.one(text.en, "en"))

    def in_(self, text: Text, lang: Lang) -> str:
        """Fill the text of one language."""
        return self.one(text.in_(lang), lang)

    def one(self, text: str, lang: Lang) -> str:
        """Fill a text of which there is one only, in its language."""
        if "{" not in text:
            return text
        parts = list(_parts(text))
        for n in range(1, len(parts), 2):
            parts[n] = self._value(parts[n], lang)
            if parts[n].startswith(ABOUT.zh):  # needs no space after Chinese, as a digit does
                parts[n - 1] = parts[n - 1].removesuffix(" ")
        return "".join(parts)

    @cached_property
    def computed(self) -> Mapping[str, Value]:
        return self.walk.computed

    def _value(self, name: str, lang: Lang) -> str:
        if values := self.details.get(name):
            return ("、" if lang == "zh" else ", ").join(values)
        return self._text(name).in_(lang)

    def _text(self, name: str) -> Text:
        if name in self.walk.path:
            return _shown(self.walk, name)
        if name in self.computed:
            return _show_value(self.computed[name], estimated=name in self.walk.estimated)
        if name == TODAY or name in self.walk.tree.steps:
            return show_date(self.walk.done.get(name, self.walk.today))
        label = self._label(name)
        return Text(UNFILLED.format(label.zh), UNFILLED.format(label.en))

    def _label(self, name: str) -> Text:
        tree = self.walk.tree
        if name in tree.questions:
            return tree.questions[name].label
        return tree.details[name].label if name in tree.details else same(name)


def _shown(walk: Walk, name: str) -> Text:
    answer: Answer = walk.answers[name]
    return shown(walk.tree.questions[name], answer)


def _show_value(value: Value, *, estimated: bool) -> Text:
    match value:
        case Decimal():
            return show_amount(value)
        case date():
            return show_date(value, estimated=estimated)
        case bool():
            return Text("是", "yes") if value else Text("否", "no")
        case _:
            return (ABOUT if estimated else same("")).plus(same(str(value)))
