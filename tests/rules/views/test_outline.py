"""The drawing of a tree in the terminal."""

import itertools
import json
from pathlib import Path

import pytest
from rich.cells import cell_len
from syrupy.assertion import SnapshotAssertion

from tests import trees
from tests.trees import chain, diamonds, ladder, made
from xingtu_cli.layout import laid_out
from xingtu_cli.rules import source
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.views import outline
from xingtu_cli.text import LANGS, Lang

SHIPPED = load()


def drawn(tree: Tree, lang: Lang = "zh", width: int = 0) -> list[str]:
    lines = outline.outline(tree, lang)
    return [str(part) for line in lines for part in (laid_out(line, width) if width else [line])]


@pytest.mark.parametrize("width", [0, 40, 80])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_shipped_rules(lang: Lang, width: int, snapshot: SnapshotAssertion) -> None:
    assert "\n".join(drawn(SHIPPED, lang, width)) == snapshot


@pytest.mark.parametrize("tree", [SHIPPED, chain(5), diamonds(4), ladder(40)])
def test_each_node_is_drawn_once_and_each_branch_says_where_it_leads(tree: Tree) -> None:
    lines = drawn(tree)
    heads = [line.lstrip("│├└─ ").split(" ")[1] for line in lines if _is_node(line)]
    assert sorted(heads) == sorted(tree.nodes)
    for line, after in itertools.pairwise(lines):
        if "─ " in line:
            assert " → " in line or after.lstrip("│ ")[0] in "□◇●"


def _is_node(line: str) -> bool:
    return line.lstrip("│ ")[:1] in tuple("□◇●") and not line.startswith("□ 问题")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("tree", [SHIPPED, ladder(300)])
def test_it_fits_a_narrow_terminal(tree: Tree, lang: Lang) -> None:
    assert max(cell_len(line) for line in drawn(tree, lang, 40)) <= 40


def test_a_chain_of_any_length_stays_at_the_margin() -> None:
    lines = drawn(chain(100_000))
    assert max(len(line) - len(line.lstrip("│ ")) for line in lines) <= 3
    assert sum(_is_node(line) for line in lines) == 200_001 - 100_000


def test_a_bushy_tree_goes_on_at_the_margin_where_it_gets_too_deep() -> None:
    lines = drawn(ladder(2_000))
    depth = max((len(line) - len(line.lstrip("│ "))) // 3 for line in lines)
    assert depth == outline.DEEPEST


def test_the_branch_with_more_behind_it_goes_on_below() -> None:
    less, more = trees.question("same", "same"), trees.question("one", "other")
    route = {"first": trees.question("less", "more"), "less": less, "more": more}
    lines = drawn(trees.tree(route, ["same", "one", "other"]))
    assert "├─ yes  问" in lines
    assert "│  □ less  问" in lines
    assert "└─ no  问 → more" in lines
    assert "□ more  问" in lines


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_chinese_console_can_show_it(lang: Lang) -> None:
    for line in drawn(SHIPPED, lang):
        line.encode("gbk")


def test_no_text_steers_the_terminal() -> None:
    text = (Path(__file__).parents[1] / "valid" / "minimal.yaml").read_text("utf-8")
    # the loader refuses such a text; what is drawn must not rest on that
    read = source.read(text.replace("到账了吗？", '"\\e[31m红\\n[bold]"'), "hostile.yaml")
    lines = drawn(made(read.data))
    assert any(r"\x1b[31m红 [bold]" in line for line in lines)
    assert not any("\x1b" in line or "\n" in line for line in lines)


def test_the_same_for_a_program() -> None:
    data = json.loads(json.dumps(outline.as_data(SHIPPED, "en")))
    assert data["start"] == "settled"
    nodes = {node["id"]: node for node in data["nodes"]}
    assert nodes.keys() == SHIPPED.nodes.keys()
    assert nodes["overdue"] == {
        "id": "overdue",
        "kind": "decision",
        "compute": "working-days-over",
        "of": {"since": "mailed-on", "until": "today", "days": "15"},
        "text": "Have 15 working days passed since the invoice was mailed?",
        "branches": [
            {"value": "yes", "label": "they are over", "to": "wrong-fields"},
            {"value": "no", "label": "they are not over yet", "to": "wait"},
        ],
    }
    assert nodes["locked"]["case"] == 2
    assert {to["to"] for node in nodes.values() for to in node["branches"]} < nodes.keys()


def test_what_a_line_says_is_seen_by_its_style() -> None:
    styles = {line.text[:1]: line.style for line in outline.outline(SHIPPED, "zh")}
    lines = [line for line in outline.outline(SHIPPED, "zh") if line.text]
    assert [line.style for line in (*lines[:2], lines[-1])] == ["title", "dim", "dim"]
    assert (styles["◇"], styles["●"]) == ("strong", "menu")
    assert next(line.style for line in lines if line.text.startswith("□")) == "strong"


@pytest.mark.parametrize("lang", LANGS)
def test_each_kind_of_node_as_data(lang: Lang) -> None:
    made = trees.tree(
        {
            "sent": trees.value("date", "late", latest="today"),
            "late": trees.decision("next-calendar-month", {"after": "sent"}, {"*": "sure"}),
            "sure": trees.question("end", "end"),
        },
        ["end"],
    )
    made = made.but(outcomes={"end": made.outcomes["end"].but(case=3)})
    data = json.loads(json.dumps(outline.as_data(made, lang)))
    ask = trees.WORDS[lang]
    assert data["start"] == "sent"
    sent, late, sure, end = data["nodes"]
    assert {key: sent[key] for key in ("id", "kind", "type", "text")} == {
        "id": "sent",
        "kind": "question",
        "type": "date",
        "text": ask,
    }
    assert (late["kind"], late["text"], end["kind"]) == ("decision", ask, "outcome")
    assert (end["case"], end["text"]) == (3, ask)
    labels = {branch["value"]: branch["label"] for branch in sure["branches"]}
    assert labels == {"yes": ask, "no": ask}
