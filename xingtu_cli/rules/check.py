"""The faults of a rules file that its schema cannot see: where the tree leads and what texts name.

Every check is a generator of faults, each a path into the file and a message; none of them prints,
and all of them run, so a file's problems come out together.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from xingtu_cli.errors import Problem
from xingtu_cli.facts import FUNCTIONS, Function, Kind
from xingtu_cli.rules import graph
from xingtu_cli.rules.model import ANY, PLACEHOLDER, TODAY, Decision, Note, Question, Tree, When
from xingtu_cli.rules.source import KEY, Document, Path
from xingtu_cli.text import Text, did_you_mean

Fault = tuple[Path, Text]

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")

# the words a conversation keeps for itself, and the flags that the program has already
KEYS = frozenset({"b", "q", "c"})
FLAGS = frozenset(
    {
        *("answers", "attach", "color", "debug", "eml", "force", "format", "help", "ics", "lang"),
        *("install-completion", "no-input", "quiet", "rules", "save", "show-completion", "strict"),
        *("today", "version"),
    }
)


def check(tree: Tree, document: Document) -> Iterator[Problem]:
    """Yield every problem of `tree`, which was read from `document`."""
    for path, message in _faults(tree):
        place = document.telling_place(path)
        yield Problem(document.file, place.line, place.column, message)


def _faults(tree: Tree) -> Iterator[Fault]:
    yield from _names(tree)
    yield from _references(tree)
    for question in tree.questions.values():
        yield from _question(question)
    for decision in tree.decisions.values():
        yield from _decision(tree, decision)
    yield from _conditions(tree)
    yield from _placeholders(tree)
    yield from _labels(tree)
    yield from _ways(tree)


# ─── names and references ────────────────────────────────────────────────────────────────────────


def _names(tree: Tree) -> Iterator[Fault]:
    for section in ("route", "outcomes", "steps", "emails", "details", "sources"):
        for name in getattr(tree, section):
            if not NAME.fullmatch(name):
                yield (
                    (section, name),
                    Text(
                        f"名称“{name}”只能用小写字母、数字和连字符，以字母开头",
                        f"the name “{name}” may only have lower-case letters, digits and hyphens,"
                        " and starts with a letter",
                    ),
                )
    for name in tree.outcomes.keys() & tree.route.keys():
        yield (
            ("outcomes", name),
            Text(f"“{name}”在 route 里已用过，请改名", f"“{name}” is in route too; rename one"),
        )
    flags = [("route", name) for name in tree.questions] + [("details", n) for n in tree.details]
    for section, name in flags:
        taken = name in FLAGS or (section == "details" and name in tree.questions)
        if taken:
            yield (
                (section, name),
                Text(f"--{name} 已被占用，请换个名称", f"--{name} is taken already; rename it"),
            )
    computed = {value for d in tree.decisions.values() for value in _values(d)}
    for name in computed & (tree.questions.keys() | tree.details.keys()):
        section = "route" if name in tree.questions else "details"
        yield (
            (section, name),
            Text(
                f"“{name}”是某个判断算出的值的名称，请改名",
                f"“{name}” is the name of a value that a decision computes; rename it",
            ),
        )


def _references(tree: Tree) -> Iterator[Fault]:
    yield from _unknown(("start",), tree.start, tree.nodes)
    for outcome in tree.outcomes.values():
        at: Path = ("outcomes", outcome.id)
        for n, step in enumerate(outcome.steps):
            yield from _unknown((*at, "steps", n), step, tree.steps, "步骤", "step")
        if outcome.email:
            yield from _unknown((*at, "email"), outcome.email, tree.emails, "邮件", "e-mail")
    for section in ("route", "outcomes", "steps", "emails"):
        for name, part in getattr(tree, section).items():
            for n, cited in enumerate(getattr(part, "sources", ())):
                path = (section, name, "sources", n)
                yield from _unknown(path, cited, tree.sources, "资料", "source")
    used = {step for outcome in tree.outcomes.values() for step in outcome.steps}
    for name in tree.steps.keys() - used:
        yield (
            ("steps", name),
            Text(f"没有结论用到步骤“{name}”", f"no outcome uses the step “{name}”"),
        )
    for name in tree.emails.keys() - {outcome.email for outcome in tree.outcomes.values()}:
        yield (
            ("emails", name),
            Text(f"没有结论用到邮件“{name}”", f"no outcome uses the e-mail “{name}”"),
        )


def _unknown(
    path: Path,
    name: str,
    known: Iterable[str],
    zh: str = "问题、判断或结论",
    en: str = "question, decision or outcome",
) -> Iterator[Fault]:
    if name not in known:
        yield (
            path,
            Text(f"没有叫“{name}”的{zh}", f"there is no {en} “{name}”").plus(
                did_you_mean(name, known)
            ),
        )


# ─── questions and decisions ─────────────────────────────────────────────────────────────────────


def _question(question: Question) -> Iterator[Fault]:
    at: Path = ("route", question.id)
    listed = question.type in ("choice", "several")
    if listed and len(question.choices) < 2:
        yield (
            (*at, "choices") if question.choices else at,
            Text("选择题至少要有两个选项", "this type of question needs two choices or more"),
        )
    if question.type != "choice" and not question.then:
        yield (
            at,
            Text("缺少 then：答完之后去哪里", "then is missing: where does a value of it lead?"),
        )
    if question.latest and question.type != "date":
        yield (
            (*at, "latest"),
            Text("只有日期题可以写 latest", "only a question of type date may have latest"),
        )
    for value, choice in question.choices.items():
        here: Path = (*at, "choices", value)
        if not choice.then and not question.then:
            yield (
                here,
                Text(
                    f"选“{value}”之后没有去处，请写 then",
                    f"“{value}” leads nowhere; give it a then",
                ),
            )
        if value in KEYS or not NAME.fullmatch(value):
            yield (
                here,
                Text(
                    f"选项名“{value}”不能用：要小写字母开头，且不能是 b、c、q",
                    f"“{value}” cannot name a choice: it starts with a lower-case letter and is not"
                    " b, c or q",
                ),
            )
    if (
        question.type == "choice"
        and question.then
        and all(c.then for c in question.choices.values())
    ):
        yield (
            (*at, "then"),
            Text(
                "每个选项都有自己的 then，这个 then 用不到",
                "every choice has its own then; this one is never used",
            ),
        )


def _question_targets(question: Question) -> Iterator[tuple[Path, str]]:
    at: Path = ("route", question.id)
    if question.then:
        yield (*at, "then"), question.then
    for value, choice in question.choices.items():
        if choice.then:
            yield (*at, "choices", value, "then"), choice.then


def _decision(tree: Tree, decision: Decision) -> Iterator[Fault]:
    at: Path = ("route", decision.id)
    function = FUNCTIONS.get(decision.compute)
    if function is None:
        yield from _unknown((*at, "compute"), decision.compute, FUNCTIONS, "函数", "function")
        return
    yield from _arguments(tree, decision, function)
    for result in decision.then.keys() - {ANY}:
        path = (*at, "then", result, KEY)
        yield from _unknown(path, result, function.results, "结果", "result")
    if ANY not in decision.then:
        for result in function.results:
            if result not in decision.then:
                yield (
                    (*at, "then"),
                    Text(f"结果“{result}”没有去处", f"the result “{result}” leads nowhere"),
                )


def _arguments(tree: Tree, decision: Decision, function: Function) -> Iterator[Fault]:
    at: Path = ("route", decision.id, "of")
    for name, given in decision.of.items():
        kind = function.takes.get(name)
        if kind is None:
            yield from _unknown((*at, name, KEY), name, function.takes, "参数", "argument")
        elif kind == "count":
            if not (given.isascii() and given.isdigit() and 0 < int(given) < 1000):
                yield (
                    (*at, name),
                    Text(
                        f"“{given}”应是 1 到 999 的整数",
                        f"“{given}” must be a whole number from 1 to 999",
                    ),
                )
        elif not (given == TODAY and kind == "date"):
            question = tree.questions.get(given)
            if question is None:
                yield from _unknown((*at, name), given, tree.questions, "问题", "question")
            elif question.type != kind:
                yield (
                    (*at, name),
                    Text(
                        f"“{given}”是 {question.type} 类型，这里要 {kind}",
                        f"“{given}” is of type {question.type}; {kind} is needed here",
                    ),
                )
    for name in function.takes.keys() - decision.of.keys():
        yield at, Text(f"缺少参数“{name}”", f"the argument “{name}” is missing")


def _values(decision: Decision) -> Mapping[str, Kind]:
    function = FUNCTIONS.get(decision.compute)
    return function.values if function else {}


# ─── conditions and texts ────────────────────────────────────────────────────────────────────────


def _conditions(tree: Tree) -> Iterator[Fault]:
    known = _results(tree)
    complete = all(decision.compute in FUNCTIONS for decision in tree.decisions.values())
    for path, when in _whens(tree):
        for name, results in when.items():
            if name not in known:
                if complete:
                    where: Path = (*path, name, KEY)
                    yield from _unknown(where, name, known, "判断或选择题", "decision or choice")
                continue
            for result in results:
                if known[name] and result not in known[name]:
                    yield from _unknown((*path, name), result, known[name], "结果", "result")


def _results(tree: Tree) -> Mapping[str, tuple[str, ...]]:
    """Return all that a `when` may name, each with its possible results.

    A decision whose function is unknown has none: that fault is told once, where it stands.
    """
    known: dict[str, tuple[str, ...]] = {}
    for question in tree.questions.values():
        if question.choices:
            known[question.id] = tuple(question.choices)
    for decision in tree.decisions.values():
        known[decision.id] = ()
        if function := FUNCTIONS.get(decision.compute):
            known[decision.id] = function.results
            flags = [value for value, kind in function.values.items() if kind == "flag"]
            known.update(dict.fromkeys(flags, ("yes", "no")))
    return known


def _whens(tree: Tree) -> Iterator[tuple[Path, When]]:
    for name, step in tree.steps.items():
        yield ("steps", name, "when"), step.when
    for path, note in _notes(tree):
        yield (*path, "when"), note.when


def _notes(tree: Tree) -> Iterator[tuple[Path, Note]]:
    for name, step in tree.steps.items():
        for n, note in enumerate(step.notes):
            yield ("steps", name, "notes", n), note
    for section, parts in (("route", tree.decisions), ("outcomes", tree.outcomes)):
        for name, part in parts.items():
            for n, note in enumerate(part.warnings):
                yield (section, name, "warnings", n), note


def _placeholders(tree: Tree) -> Iterator[Fault]:
    if any(decision.compute not in FUNCTIONS for decision in tree.decisions.values()):
        return  # what it would have computed is not known
    known = {*tree.questions, *tree.details, TODAY}
    for decision in tree.decisions.values():
        known.update(_values(decision))
    for path, text in _texts(tree):
        named = {"zh": PLACEHOLDER.findall(text.zh), "en": PLACEHOLDER.findall(text.en)}
        one = text.zh is text.en  # in Chinese only
        faults = [
            fault
            for lang in (("zh",) if one else ("zh", "en"))
            for name in dict.fromkeys(named[lang])
            for fault in _unknown(
                path if one else (*path, lang), name, known, "占位符", "placeholder"
            )
        ]
        yield from faults or _differing(path, named)


def _differing(path: Path, named: Mapping[str, list[str]]) -> Iterator[Fault]:
    for name in sorted(set(named["zh"]) ^ set(named["en"])):
        lang, other = ("zh", "en") if name in named["zh"] else ("en", "zh")
        yield (
            (*path, other),
            Text(
                f"{{{name}}} 只出现在 {lang} 里，{other} 里没有",
                f"{{{name}}} stands in {lang} but not in {other}",
            ),
        )


def _texts(tree: Tree) -> Iterator[tuple[Path, Text]]:
    """Yield every text of the file; one that is in Chinese only has one string for both."""
    for question in tree.questions.values():
        at: Path = ("route", question.id)
        yield (*at, "ask"), question.ask
        yield (*at, "help"), question.help
    for outcome in tree.outcomes.values():
        yield ("outcomes", outcome.id, "title"), outcome.title
        yield ("outcomes", outcome.id, "summary"), outcome.summary
    for step in tree.steps.values():
        yield ("steps", step.id, "title"), step.title
        yield ("steps", step.id, "text"), step.text
    for path, note in _notes(tree):
        yield path, note.text
    for email in tree.emails.values():
        yield ("emails", email.id, "subject"), Text(email.subject, email.subject)
        yield ("emails", email.id, "body"), Text(email.body, email.body)


def _labels(tree: Tree) -> Iterator[Fault]:
    menus = [("route", q.id, q.menu) for q in tree.questions.values()]
    menus += [("steps", s.id, s.menu) for s in tree.steps.values()]
    for section, name, menu in menus:
        for n, label in enumerate(menu):
            if label not in tree.labels:
                yield (
                    (section, name, "menu", n),
                    Text(
                        f"“{label}”在 labels 里没有英文注解",
                        f"“{label}” has no English gloss under labels",
                    ),
                )


# ─── the ways through the tree ───────────────────────────────────────────────────────────────────


def _ways(tree: Tree) -> Iterator[Fault]:
    dangling = list(_dangling(tree))
    yield from dangling
    if dangling or tree.start not in tree.nodes:
        return
    ordered, cycle = graph.order(tree.start, lambda name: graph.targets(tree, name))
    if cycle:
        yield (
            ("route", cycle[-2]),
            Text(
                f"绕成了一圈：{' → '.join(cycle)}",
                f"this goes round in a circle: {' → '.join(cycle)}",
            ),
        )
        return
    reached = set(ordered)
    for section in ("route", "outcomes"):
        for name in getattr(tree, section):
            if name not in reached:
                yield (
                    (section, name),
                    Text(f"走不到“{name}”", f"no way leads to “{name}”"),
                )
    yield from _unready(tree, ordered)


def _dangling(tree: Tree) -> Iterator[Fault]:
    for question in tree.questions.values():
        for path, target in _question_targets(question):
            yield from _unknown(path, target, tree.nodes)
    for decision in tree.decisions.values():
        for result, target in decision.then.items():
            path = ("route", decision.id, "then", *([result] if result else []))
            yield from _unknown(path, target, tree.nodes)


def _unready(tree: Tree, ordered: list[str]) -> Iterator[Fault]:
    """Yield decisions that some way reaches without a value for one of their arguments.

    A value is known where every way passes "this question was answered with a value", so that
    answer stands in the graph as a node of its own before its target.
    """
    expanded: list[str] = []
    before: dict[str, list[str]] = {name: [] for name in ordered}
    for name in ordered:
        expanded.append(name)
        node = tree.route.get(name)
        if isinstance(node, Question) and node.type not in ("choice", "several") and node.then:
            valued = _valued(name)
            expanded.append(valued)
            before[valued] = [name]
            before[node.then].append(valued)
            for choice in node.choices.values():
                before[choice.then or node.then].append(name)
        else:
            for target in graph.targets(tree, name):
                before[target].append(name)
    dominator = graph.dominators(expanded, before)
    for decision in tree.decisions.values():
        if decision.id not in dominator:
            continue
        passed = set(_up(decision.id, dominator))
        for argument, given in decision.of.items():
            asked = tree.questions.get(given)
            if asked and asked.type in ("date", "amount") and _valued(given) not in passed:
                yield (
                    ("route", decision.id, "of", argument),
                    Text(
                        f"走到这里时不一定有“{given}”的值",
                        f"not every way here has a value for “{given}”",
                    ),
                )


def _valued(question: str) -> str:
    return f"{question}="


def _up(name: str, dominator: Mapping[str, str]) -> Iterator[str]:
    while dominator[name] != name:
        name = dominator[name]
        yield name
