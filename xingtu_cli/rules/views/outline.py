"""A Tree → its drawing in a terminal.

Each question, decision and outcome is drawn once. A short way off is drawn inside its branch; the
main way on, and whatever several branches meet in, follows below in the same column, and `→ name`
points to it. So a chain of any length stays at the left margin.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from xingtu_cli.layout import Line, Style
from xingtu_cli.rules import graph
from xingtu_cli.rules.model import Decision, Node, Outcome, Question, Tree
from xingtu_cli.rules.views.branches import Branch, branches, in_order, one_line, text
from xingtu_cli.text import Lang, Text, same

DEEPEST = 4  # branches inside branches; a narrow terminal still has room for the words
HEAD = Text(
    "{title}（{id} {version}，资料截至 {as_of}）", "{title} ({id} {version}, as of {as_of})"
)
COUNTS = Text(
    "{questions} 个问题，{decisions} 个判断，{outcomes} 个结论",
    "questions: {questions}, decisions: {decisions}, outcomes: {outcomes}",
)
KEY = Text(
    "□ 问题　◇ 程序算的判断　● 结论　→ 接到这个名称的地方",
    "□ question   ◇ computed decision   ● outcome   → goes on where that name stands",
)
COMPUTED = Text("（{function}）", " ({function})")


def outline(tree: Tree, lang: Lang) -> Iterator[Line]:
    """Yield the drawing of `tree`, line by line."""
    yield from _head(tree, lang)
    plan = _plan(tree)
    work: list[Line | _Drawn] = [_Drawn(tree.start)]
    while work:
        item = work.pop()
        if isinstance(item, Line):
            yield item
            continue
        if not item.margin:
            yield Line()
        yield _node(tree, item, lang)
        work += reversed(list(_below(tree, plan, item, lang)))
    yield from (Line(), Line(KEY.in_(lang), style="dim"))


@dataclass(frozen=True)
class _Drawn:
    """A node to draw: the lines at its left, and inside how many branches it stands."""

    name: str
    margin: str = ""
    depth: int = 0


@dataclass
class _Plan:
    """Where each node is drawn: inside its only branch, or `below` the node that all ways pass.

    `inside` holds the nodes that may stand inside their branch.
    """

    inside: set[str] = field(default_factory=set)
    below: dict[str, list[str]] = field(default_factory=dict)


def _plan(tree: Tree) -> _Plan:
    """Decide where each node is drawn.

    A node belongs to its immediate dominator, the last node that every way to it passes. The
    heaviest of those that belong to a node goes on below it; so what stands inside a branch is at
    most half of what is left, and the drawing is nowhere deeper than log2 of its size.
    """
    ordered = in_order(tree)
    before: dict[str, list[str]] = {name: [] for name in ordered}
    for name in ordered:
        for branch in branches(tree, name):
            before[branch.target].append(name)
    dominator = graph.Dominators(ordered, before).nearest
    weight = dict.fromkeys(ordered, 1)
    for name in reversed(ordered[1:]):
        weight[dominator[name]] += weight[name]
    plan = _Plan(below={name: [] for name in ordered})
    for name in ordered[1:]:
        plan.below[dominator[name]].append(name)
    for owned in plan.below.values():
        heaviest = max(owned, key=lambda name: weight[name], default="")
        for name in owned:
            if len(before[name]) == 1 and (name != heaviest or name in tree.outcomes):
                plan.inside.add(name)
    return plan


def _below(tree: Tree, plan: _Plan, drawn: _Drawn, lang: Lang) -> Iterator[Line | _Drawn]:
    """Yield the branches of a node, each with what stands inside it, and what follows below."""
    ways = branches(tree, drawn.name)
    for way in ways:
        last = way is ways[-1]
        inner = drawn.margin + ("   " if last else "│  ")
        inside = way.target in plan.inside and drawn.depth < DEEPEST
        yield Line(
            _branch(way, lang) + ("" if inside else f" → {way.target}"),
            lead=drawn.margin + ("└─ " if last else "├─ "),
            under=inner + "  ",
        )
        if inside:
            yield _Drawn(way.target, inner, drawn.depth + 1)
    for name in plan.below[drawn.name]:
        if name not in plan.inside or drawn.depth >= DEEPEST:
            yield _Drawn(name, drawn.margin, drawn.depth)


def _head(tree: Tree, lang: Lang) -> Iterator[Line]:
    about = HEAD.format(title=tree.title, id=tree.id, version=tree.version, as_of=tree.as_of)
    counts = COUNTS.format(
        questions=len(tree.questions), decisions=len(tree.decisions), outcomes=len(tree.outcomes)
    )
    yield Line(one_line(about, lang), style="title")
    yield Line(one_line(counts, lang), style="dim")


def _node(tree: Tree, drawn: _Drawn, lang: Lang) -> Line:
    mark, style, extra = _looks(tree.nodes[drawn.name])
    return Line(
        f"{mark} {drawn.name}  {text(tree, drawn.name, lang)}{extra.in_(lang)}",
        style=style,
        lead=drawn.margin,
        under=drawn.margin + ("│ " if drawn.name in tree.route else "  "),
    )


def _looks(node: Node) -> tuple[str, Style, Text]:
    """Return a node's mark, its style and what is added to its text."""
    match node:
        case Question():
            return "□", "strong", same("")
        case Decision():
            return "◇", "strong", COMPUTED.format(function=node.compute)
        case _:
            return "●", "menu", same("")


def _branch(branch: Branch, lang: Lang) -> str:
    return f"{branch.value}  {one_line(branch.label, lang)}"


# ─── the same for a program ──────────────────────────────────────────────────────────────────────


def as_data(tree: Tree, lang: Lang) -> Mapping[str, object]:
    """Return the tree as plain data: where it starts, and each node with its branches."""
    ordered = in_order(tree)
    return {"start": tree.start, "nodes": [_as_data(tree, name, lang) for name in ordered]}


def _as_data(tree: Tree, name: str, lang: Lang) -> Mapping[str, object]:
    kinds: Mapping[str, object]
    match tree.nodes[name]:
        case Question() as question:
            kinds = {"kind": "question", "type": question.type, "text": question.ask.in_(lang)}
        case Decision() as decision:
            kinds = {"kind": "decision", "compute": decision.compute, "of": dict(decision.of)}
            kinds = {**kinds, "text": decision.says.in_(lang)}
        case Outcome() as outcome:
            kinds = {"kind": "outcome", "case": outcome.case, "text": outcome.title.in_(lang)}
    return {
        "id": name,
        **kinds,
        "branches": [
            {"value": way.value, "label": way.label.in_(lang), "to": way.target}
            for way in branches(tree, name)
        ],
    }
