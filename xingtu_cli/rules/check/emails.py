"""E-mails: whom they go to, that a subject is one line, and what is to be attached."""

import re
from collections.abc import Iterator

from xingtu_cli.rules.fault import Fault
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import Text

# an address of one mailbox without quotes, comments or characters beyond ASCII (RFC 5321, 4.1.2)
ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT601 to XT604 for every e-mail, and for what bids it wait."""
    yield from _addresses(tree)
    yield from _subjects(tree)
    yield from _attachments(tree)
    yield from _holds(tree)


def _addresses(tree: Tree) -> Iterator[Fault]:
    """Yield XT601: `to: [pay at example.com]`."""
    for email in tree.emails.values():
        for n, address in enumerate(email.to):
            if not ADDRESS.fullmatch(address):
                yield Fault(
                    "XT601",
                    ("emails", email.id, "to", n),
                    Text(f"“{address}”不是邮箱地址", f"“{address}” is no e-mail address"),
                    Text("一项一个，写法如 a@example.com", "one each, like a@example.com"),
                )


def _subjects(tree: Tree) -> Iterator[Fault]:
    """Yield XT602: a subject with a line break could start a header of its own."""
    for email in tree.emails.values():
        if len(email.subject.splitlines()) > 1:
            yield Fault(
                "XT602",
                ("emails", email.id, "subject"),
                Text("邮件主题只能写一行", "a subject is a single line"),
                Text("请去掉换行", "take the line break out"),
            )


def _attachments(tree: Tree) -> Iterator[Fault]:
    """Yield XT603: only of a single PDF can the pages be counted."""
    for email in tree.emails.values():
        for n, wanted in enumerate(email.attachments):
            if wanted.pages and (wanted.accept != ("pdf",) or wanted.count != "one"):
                yield Fault(
                    "XT603",
                    ("emails", email.id, "attachments", n, "pages"),
                    Text("只有一份 PDF 才能核对页数", "pages can be counted of one PDF only"),
                    Text("请写 accept: pdf 和 count: one", "write accept: pdf and count: one"),
                )


def _holds(tree: Tree) -> Iterator[Fault]:
    """Yield XT604: a note that holds back an e-mail, in a step of outcomes that send none."""
    mailing = {
        step for outcome in tree.outcomes.values() if outcome.email for step in outcome.steps
    }
    for step in tree.steps.values():
        for n, note in enumerate(step.notes):
            if note.hold and step.id not in mailing:
                yield Fault(
                    "XT604",
                    ("steps", step.id, "notes", n, "hold"),
                    Text(
                        "用到这个步骤的结论都没有邮件，hold 用不上",
                        "hold is for an e-mail, and no outcome with this step sends one",
                    ),
                    Text("请删掉这一行", "remove it"),
                )
