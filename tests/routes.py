"""Every route of rules.yaml: the answers that take it, the day, and where it ends.

`test_walk` holds this list against the tree: each choice of each question and each result of each
decision is on some route here, and each route answers all that it is asked.
"""

from dataclasses import dataclass, field

LATE = {"settled": "yes", "stamped": "yes", "mailed-on": "2026-10-08"}
WRONG = {**LATE, "wrong-fields": "account-number"}
CANCELLABLE = {**WRONG, "statement-status": "cancellable"}


@dataclass(frozen=True)
class Route:
    name: str
    outcome: str
    answers: dict[str, str]
    today: str = "2026-11-23"
    details: dict[str, str] = field(default_factory=dict)


def lacks(route: str, question: str) -> str:
    """Say what to do about a route that stops at a question, as one that is new to the rules."""
    return f"give the route “{route}” in tests/routes.py an answer to “{question}”"


SENDER = {
    "nickname": "小明",
    "company": "某某文化传媒有限公司",
    "tracking-number": "SF1234567890123",
}

ROUTES = [
    Route("not-settled", "settle-first", {"settled": "no"}),
    Route("not-stamped", "stamp-first", {"settled": "yes", "stamped": "no"}),
    Route("not-mailed", "mail-first", {"settled": "yes", "stamped": "yes", "mailed-on": "not-yet"}),
    Route("day-15", "wait", {**LATE, "mailed-on": "2026-11-02"}),
    Route("mailed-today", "wait", {**LATE, "mailed-on": "2026-11-23"}),
    Route("wait-estimate", "wait", {**LATE, "mailed-on": "2026-12-20"}, today="2027-01-04"),
    Route("all-correct", "account-correct", {**LATE, "wrong-fields": "none"}),
    Route(
        "late-by-estimate",
        "account-correct",
        {**LATE, "mailed-on": "2026-12-20", "wrong-fields": "none"},
        today="2027-01-09",
    ),
    Route(
        "long-ago",
        "account-correct",
        {**LATE, "wrong-fields": "none"},
        today="2027-02-01",
    ),
    Route("not-generated", "cancellable", {**CANCELLABLE, "new-amount": "not-yet"}),
    Route(
        "last-day-of-month",
        "cancellable",
        {**CANCELLABLE, "wrong-fields": "account-name,bank", "new-amount": "not-yet"},
        today="2026-11-30",
    ),
    Route(
        "equal",
        "cancellable",
        {**CANCELLABLE, "new-amount": "10000.00", "invoiced-amount": "10000.00"},
        details=SENDER,
    ),
    Route(
        "greater",
        "cancellable",
        {**CANCELLABLE, "new-amount": "12000.00", "invoiced-amount": "10000.00"},
        details=SENDER,
    ),
    Route(
        "less",
        "cancellable",
        {**CANCELLABLE, "new-amount": "9999.99", "invoiced-amount": "10000.00"},
        details={"nickname": "小明"},
    ),
    Route("under-review", "locked", {**WRONG, "statement-status": "under-review"}, details=SENDER),
    Route("withdrawn", "locked", {**WRONG, "statement-status": "withdrawn"}, details=SENDER),
    Route(
        "other-status",
        "locked",
        {**WRONG, "wrong-fields": "account-name,account-number,bank", "statement-status": "other"},
    ),
]
