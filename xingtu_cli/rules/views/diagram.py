"""A Tree → a diagram's source, for Mermaid or for Graphviz.

A question is a box with round corners, a decision a diamond, an outcome has the shape and colour of
its case. Whatever a label holds, it is shown as it stands and never read as markup.
"""

import re
from collections.abc import Iterator, Mapping

from xingtu_cli.layout import wrap
from xingtu_cli.rules.model import Decision, Question, Tree
from xingtu_cli.rules.views.branches import branches, in_order, one_line, text
from xingtu_cli.text import Lang

# for an outcome without a case, then for case 1, 2, …; further cases begin again at case 1
CASE_SHAPES = (
    ("([{}])", "note", "#eef7ee", "#4a7d4a"),
    ("{{{{{}}}}}", "hexagon", "#fff4dc", "#a8700e"),
    ("[/{}/]", "parallelogram", "#fdeaea", "#a83232"),
    ("[\\{}\\]", "trapezium", "#f1eafb", "#6a3fa0"),
    ("[[{}]]", "box3d", "#e7f3f7", "#2b6f86"),
)
FONT = "Noto Sans CJK SC,Microsoft YaHei,PingFang SC,sans-serif"

# all that ends a string, begins an entity, a tag or a directive, or is Markdown, which labels are
# read as too: there a line begins a list with `1. ` or `- `
_MARKUP = re.compile(r"""["'`#&;<>\\%*_~{}|$\[\]()^=@]|(?<=\d)\.(?=\s|$)|[-+](?=\s|$)""")

NODE_CELLS, EDGE_CELLS = 28, 24  # where Graphviz, which wraps nothing itself, breaks a label


# ─── Mermaid ─────────────────────────────────────────────────────────────────────────────────────


def mermaid(tree: Tree, lang: Lang) -> Iterator[str]:
    """Yield the lines of a Mermaid flowchart."""
    yield f"%% {one_line(tree.title, lang)}"
    yield "flowchart TD"
    ordered = in_order(tree)
    for name in ordered:
        yield f"  {_identifier(tree, name)}{_mermaid_shape(tree, name, lang)}"
    for source, target, label in _edges(tree, ordered, lang):
        names = _identifier(tree, source), _identifier(tree, target)
        yield f'  {names[0]} -->|"{mermaid_label(label)}"| {names[1]}'
    yield "  classDef question fill:#ffffff,stroke:#333333,color:#000000"
    yield "  classDef decision fill:#e8eefc,stroke:#3b5ba9,color:#000000"
    for n, (_, _, fill, stroke) in enumerate(CASE_SHAPES):
        yield f"  classDef case{n} fill:{fill},stroke:{stroke},color:#000000"


def mermaid_label(label: str) -> str:
    """Return a label for between Mermaid's double quotes, line breaks kept."""
    shown = label.replace(":fa-", ":\u200bfa-")  # would be an icon; no entity prevents it
    return "<br>".join(
        _MARKUP.sub(lambda match: f"#{ord(match[0])};", line) for line in shown.split("\n")
    )


def _mermaid_shape(tree: Tree, name: str, lang: Lang) -> str:
    label = f'"{mermaid_label(text(tree, name, lang))}"'
    match tree.nodes[name]:
        case Question():
            return f"({label}):::question"
        case Decision():
            return f"{{{label}}}:::decision"
        case _:
            n = _case(tree, name)
            return f"{CASE_SHAPES[n][0].format(label)}:::case{n}"


# ─── Graphviz ────────────────────────────────────────────────────────────────────────────────────


def dot(tree: Tree, lang: Lang) -> Iterator[str]:
    """Yield the lines of a Graphviz digraph."""
    yield f"digraph {dot_label(tree.id)} {{"
    yield f"  graph [rankdir=TB, tooltip={dot_label(one_line(tree.title, lang))}]"
    yield f'  node [fontname="{FONT}", fontsize=11, style=filled, fillcolor="#ffffff"]'
    yield f'  edge [fontname="{FONT}", fontsize=10]'
    ordered = in_order(tree)
    for name in ordered:
        label = dot_label("\n".join(wrap(text(tree, name, lang), NODE_CELLS)))
        looks = "".join(f", {key}={value}" for key, value in _dot_looks(tree, name).items())
        yield f"  {_identifier(tree, name)} [label={label}{looks}]"
    for source, target, label in _edges(tree, ordered, lang):
        names = _identifier(tree, source), _identifier(tree, target)
        lines = [f" {line}" for line in wrap(label, EDGE_CELLS)]  # the space keeps it off the edge
        shown = dot_label("\n".join(lines))
        yield f"  {names[0]} -> {names[1]} [label={shown}]"
    yield "}"


def dot_label(label: str) -> str:
    """Return a label as a double-quoted string of the DOT language, line breaks kept."""
    quoted = label.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
    return '"' + quoted.replace("\n", "\\n") + '"'


def _dot_looks(tree: Tree, name: str) -> Mapping[str, str]:
    match tree.nodes[name]:
        case Question():
            return {"shape": "box", "style": '"rounded,filled"'}
        case Decision():
            return {"shape": "diamond", "fillcolor": '"#e8eefc"', "color": '"#3b5ba9"'}
        case _:
            _, shape, fill, stroke = CASE_SHAPES[_case(tree, name)]
            return {"shape": shape, "fillcolor": f'"{fill}"', "color": f'"{stroke}"'}


# ─── for both ────────────────────────────────────────────────────────────────────────────────────


def _edges(tree: Tree, ordered: list[str], lang: Lang) -> Iterator[tuple[str, str, str]]:
    """Yield each two nodes that are joined, with the labels of all branches between them."""
    for name in ordered:
        labels: dict[str, list[str]] = {}
        for way in branches(tree, name):
            labels.setdefault(way.target, []).append(one_line(way.label, lang))
        for target, each in labels.items():
            yield name, target, "\n".join(f"· {label}" for label in each) if each[1:] else each[0]


def _identifier(tree: Tree, name: str) -> str:
    """Return a node's name in the diagram, which no word of either language can be.

    A name has no underscore, so two names never become one.
    """
    kind = "outcome" if name in tree.outcomes else "route"
    return f"{kind}_{name.replace('-', '_')}"


def _case(tree: Tree, name: str) -> int:
    case = tree.outcomes[name].case
    return 0 if case is None else (case - 1) % (len(CASE_SHAPES) - 1) + 1
