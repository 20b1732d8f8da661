"""References: names that stand for something elsewhere in the file, and things nobody refers to."""

from collections.abc import Iterator

from xingtu_cli.rules.check.parts import computable, targets, values
from xingtu_cli.rules.fault import Fault, Known
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT205 to XT208 (dangling), XT209 and XT210 (unused), XT211 (no gloss), XT212 to XT215.

    The last four are of steps: what they wait for, change and send.
    """
    yield from _targets(tree)
    yield from _steps_and_emails(tree)
    yield from _sources(tree)
    yield from _unused(tree)
    yield from _glosses(tree)
    yield from _meanwhile(tree)
    yield from _asks(tree)
    yield from _starts(tree)
    yield from _sends(tree)


def _targets(tree: Tree) -> Iterator[Fault]:
    """Yield XT205: `then: maild-on` where there is only `mailed-on`."""
    nodes = Known("XT205", tree.nodes, "问题、判断或结论", "question, decision or outcome")
    yield from nodes.unknown(("start",), tree.start)
    for name in tree.route:
        for path, target in targets(tree, name):
            yield from nodes.unknown(path, target)


def _steps_and_emails(tree: Tree) -> Iterator[Fault]:
    """Yield XT206 and XT207: an outcome that names a step or e-mail which does not exist."""
    steps = Known("XT206", tree.steps, "步骤", "step")
    emails = Known("XT207", tree.emails, "邮件", "e-mail")
    for outcome in tree.outcomes.values():
        for n, step in enumerate(outcome.steps):
            yield from steps.unknown(("outcomes", outcome.id, "steps", n), step)
        if outcome.email:
            yield from emails.unknown(("outcomes", outcome.id, "email"), outcome.email)


def _sources(tree: Tree) -> Iterator[Fault]:
    """Yield XT208: a citation of a source that does not exist."""
    sources = Known("XT208", tree.sources, "资料", "source")
    for section in ("route", "outcomes", "steps", "emails"):
        for name, part in getattr(tree, section).items():
            for n, cited in enumerate(getattr(part, "sources", ())):
                yield from sources.unknown((section, name, "sources", n), cited)


def _unused(tree: Tree) -> Iterator[Fault]:
    """Yield XT209 and XT210: a step or e-mail that no outcome uses."""
    steps = {step for outcome in tree.outcomes.values() for step in outcome.steps}
    emails = {outcome.email for outcome in tree.outcomes.values()}
    for name in tree.steps:
        if name not in steps:
            yield Fault(
                "XT209",
                ("steps", name),
                Text(f"没有结论用到步骤“{name}”", f"no outcome uses the step “{name}”"),
                Text(
                    "请写进某个结论的 steps，或删掉这个步骤", "list it in an outcome, or remove it"
                ),
            )
    for name in tree.emails:
        if name not in emails:
            yield Fault(
                "XT210",
                ("emails", name),
                Text(f"没有结论用到邮件“{name}”", f"no outcome uses the e-mail “{name}”"),
                Text(
                    "请写进某个结论的 email，或删掉这封邮件", "name it in an outcome, or remove it"
                ),
            )


def _glosses(tree: Tree) -> Iterator[Fault]:
    """Yield XT211: a platform label in a `menu` without its English gloss under `labels`."""
    menus = [("route", q.id, q.menu) for q in tree.questions.values()]
    menus += [("steps", s.id, s.menu) for s in tree.steps.values()]
    for section, name, menu in menus:
        for n, label in enumerate(menu):
            if label not in tree.labels:
                yield Fault(
                    "XT211",
                    (section, name, "menu", n),
                    Text(f"菜单“{label}”没有英文注解", f"the label “{label}” has no English gloss"),
                    Text(f"请在 labels 里加一行 {label}: …", f"add {label}: … under labels"),
                )


def _meanwhile(tree: Tree) -> Iterator[Fault]:
    """Yield XT212: an outcome's `meanwhile` names something that is not among its steps."""
    for outcome in tree.outcomes.values():
        steps = Known("XT212", outcome.steps, "步骤（本结论里）", "step of this outcome")
        for n, name in enumerate(outcome.meanwhile):
            yield from steps.unknown(("outcomes", outcome.id, "meanwhile", n), name)


def _asks(tree: Tree) -> Iterator[Fault]:
    """Yield XT213: a step `asks` something that is no question, and no tracking numbers."""
    numbers = [name for name, each in tree.details.items() if each.type == "tracking-numbers"]
    known = Known(
        "XT213", [*tree.questions, *numbers], "问题或快递单号", "question or tracking number"
    )
    for step in tree.steps.values():
        for n, name in enumerate(step.asks):
            yield from known.unknown(("steps", step.id, "asks", n), name)


def _starts(tree: Tree) -> Iterator[Fault]:
    """Yield XT214: a step's `from` names something that is no date which a decision computes."""
    if not computable(tree):
        return
    computed = {k: kind for d in tree.decisions.values() for k, kind in values(d).items()}
    days = [name for name, kind in computed.items() if kind == "date"]
    known = Known("XT214", days, "计算日期", "computed date")
    for step in tree.steps.values():
        if step.starts:
            yield from known.unknown(("steps", step.id, "from"), step.starts)


def _sends(tree: Tree) -> Iterator[Fault]:
    """Yield XT215: a step `sends` an e-mail that its outcome does not have."""
    for outcome in tree.outcomes.values():
        for n, name in enumerate(outcome.steps):
            if not outcome.email and name in tree.steps and tree.steps[name].sends:
                yield Fault(
                    "XT215",
                    ("outcomes", outcome.id, "steps", n),
                    Text(
                        f"步骤“{name}”要发邮件，这个结论却没有邮件",
                        f"the step “{name}” sends an e-mail, but this outcome has none",
                    ),
                    Text("请写上 email: 邮件名称", "add email: with the name of one"),
                )
