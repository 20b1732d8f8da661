"""How fast `xingtu batch` is: against a hand-written loop, and against a rules engine in Rust.

    python benchmarks/batch.py [ROWS]

On the same rows, in one run, each in a process of its own, by processor time (so that whatever
else the machine does counts little) and the best of three:

- `batch`: the installed program, CSV to CSV;
- `hand-written`: csv.DictReader, the same decision as if/else, csv.DictWriter: the practical limit;
- `zen-engine`: the decision alone, as a decision table of the `zen-engine` package (it is given
  whether the payout is overdue, which it cannot compute), against our decision alone.

Then the peak memory of `batch` for a tenth of the rows and for all of them. Needs
`pip install -e '.[bench]'`. The three outputs are compared before anything is reported.
"""

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

TODAY = date(2026, 11, 23)
TIMES = 3
SAME = ("outcome", "due", "overdue-from", "difference", "email-subject")


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        table, tenth = Path(folder, "in.csv"), Path(folder, "tenth.csv")
        generate(table, rows)
        generate(tenth, rows // 10)
        outputs = {name: Path(folder, f"{name}.csv") for name in ("batch", "hand-written")}
        batch = best(lambda: run_batch(table, outputs["batch"]).seconds)
        by_hand = best(lambda: run([__file__, "hand", table, outputs["hand-written"]]).seconds)
        check_same(outputs["batch"], outputs["hand-written"])
        ours = best(lambda: float(run([__file__, "decide", table]).said))
        zen_s = best(lambda: float(run([__file__, "zen", table]).said))
        small = run_batch(tenth, Path(folder, "small.csv")).peak
        large = run_batch(table, Path(folder, "large.csv")).peak
    print(f"{rows:,} rows, Python {sys.version.split()[0]}, best of {TIMES}")
    print(f"end to end   batch         {rows / batch:10,.0f} rows/s")
    print(f"             hand-written  {rows / by_hand:10,.0f} rows/s")
    print(f"             batch takes {batch / by_hand:.2f} times the hand-written loop")
    print(f"a decision   xingtu        {rows / ours:10,.0f} /s")
    print(f"             zen-engine    {rows / zen_s:10,.0f} /s")
    print(f"             xingtu is {zen_s / ours:.2f} times as fast")
    print(f"peak memory  {rows // 10:>9,} rows {small / 1024:.1f} MB")
    print(f"             {rows:>9,} rows {large / 1024:.1f} MB")


def best(measure: Callable[[], float]) -> float:
    return min(measure() for _ in range(TIMES))


class Ran(NamedTuple):
    """What a process took, start included: seconds of processor time, and KiB at its peak."""

    seconds: float
    peak: int
    said: str


def run(words: Sequence[object]) -> Ran:
    process = subprocess.Popen(
        [sys.executable, *map(str, words)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, code, used = os.wait4(process.pid, 0)
    assert code == 0
    return Ran(used.ru_utime + used.ru_stime, used.ru_maxrss, said)


def run_batch(table: Path, output: Path) -> Ran:
    options = ["--force", "--quiet", "--today", TODAY]
    return run(["-m", "xingtu_cli", "batch", table, "-o", output, *options])


def check_same(one: Path, other: Path) -> None:
    with one.open(encoding="utf-8-sig", newline="") as a, other.open(encoding="utf-8-sig") as b:
        for first, second in zip(csv.DictReader(a), csv.DictReader(b), strict=True):
            assert [first[name] for name in SAME] == [second[name] for name in SAME], first


# ─── the rows ────────────────────────────────────────────────────────────────────────────────────


def generate(path: Path, rows: int) -> None:
    """Write rows over all outcomes: every name, number and amount is another one."""
    columns = "id nickname company tracking-number settled stamped mailed-on wrong-fields"
    columns += " statement-status new-amount invoiced-amount remark"
    chance = random.Random(1)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split())
        for n in range(rows):
            writer.writerow(_row(n, chance))


def _row(n: int, chance: random.Random) -> list[str]:
    def amount() -> str:
        return f"{chance.randrange(100, 10**7) / 100:.2f}"

    mailed = (TODAY - timedelta(days=chance.randrange(120))).isoformat()
    return [
        *(f"C{n:07d}", f"达人{n}", f"某某{n}文化传媒有限公司", f"SF{10**12 + n}"),
        *(chance.choice(["yes"] * 30 + ["no"]), chance.choice(["yes"] * 30 + ["no"])),
        chance.choice([mailed] * 30 + ["not-yet"]),
        chance.choice(["account-number", "bank", "account-name,bank", "none"]),
        chance.choice(["cancellable", "cancellable", "under-review", "withdrawn", "other"]),
        chance.choice([amount(), amount(), amount(), "not-yet"]),
        *(amount(), "备注文字"),
    ]


# ─── the same decision by hand ───────────────────────────────────────────────────────────────────


def hand(table: Path, output: Path) -> None:
    """Decide as rules.yaml does, with nothing checked and every text a constant."""
    with (
        table.open(encoding="utf-8-sig", newline="") as source,
        output.open("w", encoding="utf-8-sig", newline="") as target,
    ):
        reader = csv.DictReader(source)
        names = "outcome title due overdue-from estimate difference new-account-from next-step"
        added = [*names.split(), "email-subject", "error"]
        writer = csv.DictWriter(target, [*(reader.fieldnames or ()), *added])
        writer.writeheader()
        for row in reader:
            row.update(_by_hand(row))
            writer.writerow(row)


@lru_cache(maxsize=4096)
def _due(mailed: str) -> date:
    import chinese_calendar

    day, left = date.fromisoformat(mailed), 15
    while left:
        day += timedelta(days=1)
        left -= chinese_calendar.is_workday(day)
    return day


def _by_hand(row: Mapping[str, str]) -> dict[str, str]:
    if row["settled"] == "no":
        return {"outcome": "settle-first", "title": "还没结算", "next-step": "提交结算"}
    if row["stamped"] == "no":
        return {"outcome": "stamp-first", "title": "还没盖章", "next-step": "盖章"}
    if row["mailed-on"] == "not-yet":
        return {"outcome": "mail-first", "title": "还没寄", "next-step": "寄发票"}
    due = _due(row["mailed-on"])
    overdue = (due + timedelta(days=1)).isoformat()
    dates = {"due": due.isoformat(), "overdue-from": overdue}
    if due >= TODAY:
        return {**dates, "outcome": "wait", "title": "还没到期", "next-step": f"等到 {overdue}"}
    if row["wrong-fields"] == "none":
        found = {"outcome": "account-correct", "title": "都对", "next-step": "先别改"}
        return {**dates, **found}
    dates["new-account-from"] = "2026-12-01"
    nickname = row["nickname"]
    if row["statement-status"] != "cancellable":
        subject = f"【即合打款失败】{nickname}--正确结算单扫描件"
        found = {"outcome": "locked", "title": "情况二", "next-step": "更正打印件"}
        return {**dates, **found, "email-subject": subject}
    if row["new-amount"] != "not-yet":
        difference = abs(Decimal(row["new-amount"]) - Decimal(row["invoiced-amount"]))
        dates["difference"] = str(difference)
    subject = f"【即合打款失败】{nickname}-{row['company']}"
    found = {"outcome": "cancellable", "title": "情况一", "next-step": "取消结算单"}
    return {**dates, **found, "email-subject": subject}


# ─── the decision alone ──────────────────────────────────────────────────────────────────────────


def decide(table: Path) -> float:
    """Diagnose rows that are read already: answers, walk, title, next step, subject."""
    from xingtu_cli.rules.load import load
    from xingtu_cli.table.columns import understand
    from xingtu_cli.table.desk import Desk
    from xingtu_cli.table.read import open_table

    tree = load()
    with open_table(table, tree) as read:
        desk = Desk(tree, understand(tree, read.header), TODAY, "zh")
        rows = list(read.rows)
    start = time.process_time()
    for row in rows:
        desk.judge(row)
    return time.process_time() - start


def zen(table: Path) -> float:
    """Decide rows that are read already by a decision table, first match first."""
    import zen as engine

    decision = engine.ZenEngine().create_decision(json.dumps(_decision_model()))
    given = list(_contexts(table))
    for context in given[:1000]:
        assert decision.evaluate(context)["result"]["outcome"]
    start = time.process_time()
    for context in given:
        decision.evaluate(context)
    return time.process_time() - start


def _contexts(table: Path) -> Iterator[dict[str, object]]:
    with table.open(encoding="utf-8-sig", newline="") as source:
        for row in csv.DictReader(source):
            mailed, new = row["mailed-on"], row["new-amount"]
            yield {
                "settled": row["settled"],
                "stamped": row["stamped"],
                "mailed": mailed != "not-yet",
                "overdue": mailed != "not-yet" and _due(mailed) < TODAY,
                "wrong": row["wrong-fields"],
                "status": row["statement-status"],
                "new": 0 if new == "not-yet" else float(new),
                "invoiced": float(row["invoiced-amount"]),
                "nickname": row["nickname"],
                "company": row["company"],
            }


def _decision_model() -> Mapping[str, object]:
    conditions = ["settled", "stamped", "mailed", "overdue", "wrong", "status"]
    results = ["outcome", "title", "next", "subject", "difference"]
    to = "'【即合打款失败】' + nickname + "
    rules: list[tuple[list[str], list[str]]] = [
        (["'no'"], ["'settle-first'", "'还没结算'", "'提交结算'", "''", "0"]),
        (["", "'no'"], ["'stamp-first'", "'还没盖章'", "'盖章'", "''", "0"]),
        (["", "", "false"], ["'mail-first'", "'还没寄'", "'寄发票'", "''", "0"]),
        (["", "", "", "false"], ["'wait'", "'还没到期'", "'等'", "''", "0"]),
        (["", "", "", "", "'none'"], ["'account-correct'", "'都对'", "'先别改'", "''", "0"]),
        (
            ["", "", "", "", "", "'cancellable'"],
            ["'cancellable'", "'情况一'", "'取消'", f"{to}'-' + company", "abs(new - invoiced)"],
        ),
        ([], ["'locked'", "'情况二'", "'更正'", f"{to}'--正确结算单扫描件'", "0"]),
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": name, "name": name, "field": name} for name in conditions],
        "outputs": [{"id": f"out-{name}", "name": name, "field": name} for name in results],
        "rules": [
            {
                "_id": f"rule-{number}",
                **dict(zip(conditions, [*given, *[""] * 6][:6], strict=True)),
                **{f"out-{name}": said for name, said in zip(results, found, strict=True)},
            }
            for number, (given, found) in enumerate(rules)
        ],
    }
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [
            {"id": "in", "type": "inputNode", "name": "in", "position": {"x": 0, "y": 0}},
            {
                "id": "table", "type": "decisionTableNode", "name": "table", "content": table,
                "position": {"x": 1, "y": 0},
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "a", "sourceId": "in", "targetId": "table", "type": "edge"},
            {"id": "b", "sourceId": "table", "targetId": "out", "type": "edge"},
        ],
    }  # fmt: skip


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["hand", table, output]:
            hand(Path(table), Path(output))
        case ["decide", table]:
            print(decide(Path(table)))
        case ["zen", table]:
            print(zen(Path(table)))
        case rows:
            main(int(rows[0]) if rows else 200_000)
