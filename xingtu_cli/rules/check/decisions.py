"""Decisions: their function, its arguments, and that every result has a way on."""

from collections.abc import Iterator, Mapping

from xingtu_cli.facts import FUNCTIONS, Function, Kind
from xingtu_cli.rules.fault import Fault, Known
from xingtu_cli.rules.model import ANY, TODAY, Decision, Tree
from xingtu_cli.rules.source import KEY, Path
from xingtu_cli.text import Text

KINDS = {"date": Text("日期", "date"), "amount": Text("金额", "amount")}
COUNTS = range(1, 1000)


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT307 (unknown function), XT308 to XT311 (arguments), XT312 and XT313 (results)."""
    functions = Known("XT307", FUNCTIONS, "函数", "function")
    questions = Known("XT311", tree.questions, "问题", "question")
    days = Known("XT311", {**tree.questions, **tree.steps}, "问题或步骤", "question or step")
    for decision in tree.decisions.values():
        function = FUNCTIONS.get(decision.compute)
        if function is None:
            yield from functions.unknown(("route", decision.id, "compute"), decision.compute)
            continue
        yield from _arguments(tree, decision, function, {"date": days, "amount": questions})
        yield from _results(decision, function)


def _arguments(
    tree: Tree, decision: Decision, function: Function, known: Mapping[Kind, Known]
) -> Iterator[Fault]:
    """Yield XT308 (no such argument), XT309 (missing), XT310 and XT311 (what it is given)."""
    at: Path = ("route", decision.id, "of")
    arguments = Known("XT308", function.takes, "参数", "argument")
    for name, given in decision.of.items():
        kind = function.takes.get(name)
        if kind is None:
            yield from arguments.unknown((*at, name, KEY), name)
        elif kind == "count":
            yield from _count((*at, name), given)
        elif given != TODAY or kind != "date":
            yield from known[kind].unknown((*at, name), given)
            yield from _kind(tree, (*at, name), given, kind)
    for name in function.takes:
        if name not in decision.of:
            yield Fault(
                "XT309",
                at,
                Text(f"缺少参数“{name}”", f"the argument “{name}” is missing"),
                Text(f"请加上 {name}: …", f"add {name}: …"),
            )


def _count(path: Path, given: str) -> Iterator[Fault]:
    if not (given.isascii() and given.isdigit() and len(given) < 4 and int(given) in COUNTS):
        yield Fault(
            "XT310",
            path,
            Text(
                f"“{given}”应是 1 到 999 的整数", f"“{given}” must be a whole number from 1 to 999"
            ),
        )


def _kind(tree: Tree, path: Path, given: str, kind: Kind) -> Iterator[Fault]:
    question = tree.questions.get(given)
    if question and question.type != kind:
        yield Fault(
            "XT310",
            path,
            Text(
                f"“{given}”的类型是 {question.type}，不能用在这里",
                f"“{given}” is of type {question.type}, which does not fit here",
            ),
            Text(f"请改成一道{KINDS[kind].zh}题的名称", f"name a question of type {kind}"),
            given,
        )


def _results(decision: Decision, function: Function) -> Iterator[Fault]:
    """Yield XT312 (a result that the function never gives) and XT313 (one without a way on)."""
    at: Path = ("route", decision.id, "then")
    results = Known("XT312", function.results, "结果", "result")
    for result in decision.then:
        if result != ANY:
            yield from results.unknown((*at, result, KEY), result)
    if ANY not in decision.then:
        for result in function.results:
            if result not in decision.then:
                yield Fault(
                    "XT313",
                    at,
                    Text(f"结果“{result}”没有去处", f"the result “{result}” leads nowhere"),
                    Text(f"请加上 {result}: 下一步的名称", f"add {result}: with what follows"),
                )
