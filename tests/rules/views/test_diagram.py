"""The diagrams: what Mermaid and Graphviz make of them."""

import json
import re
import shutil
import subprocess
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from tests.conftest import ROOT
from tests.trees import WORDS, chain, tree
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Tree
from xingtu_cli.rules.views import diagram
from xingtu_cli.rules.views.branches import one_line, text
from xingtu_cli.text import Lang, Text

SHIPPED = load()
MERMAID = ROOT / "tests" / "mermaid"

needs_dot = pytest.mark.skipif(not shutil.which("dot"), reason="Graphviz is not installed")
needs_mermaid = pytest.mark.skipif(
    not (shutil.which("node") and (MERMAID / "node_modules").is_dir()),
    reason="Mermaid is not installed: npm install --prefix tests/mermaid",
)

NASTY = [
    'say "yes" & <b>bold</b>',
    "end",
    "a;b #35; #quot; &amp; &#35;",
    r"back\slash \n \N \E",
    "%%{init: {}}%% x %% y",
    "1. first",
    "2) two",
    "- dash",
    "+ plus",
    "# head",
    "> quote",
    "---",
    "`code` *it* __b__ ~~s~~",
    "[x] {y} (z) |p| $$x^2$$",
    "@{ shape: rect }",
    "fa:fa-car",
    "x&nbsp;y",
    "' apostrophe",
    r"\x1b[31mred",
    "12.50 元；「标签」“引号” é 😀 \u200f",
    "subgraph style class click",
    "ends in a backslash \\",
]
# what can stand in a label: anything a rules file may hold, once its control characters are visible
LABELS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn"), exclude_characters="ﬂ¶°ß")
    | st.sampled_from("\"#&;<>\\%'`|{}[]()\n")
)


def mermaid_source(tree: Tree, lang: Lang = "zh") -> str:
    return "\n".join(diagram.mermaid(tree, lang))


def dot_source(tree: Tree, lang: Lang = "zh") -> str:
    return "\n".join(diagram.dot(tree, lang))


def with_labels(labels: list[str]) -> Tree:
    """A question whose choices and outcomes are called as `labels` say."""
    words = [{"zh": label, "en": label} for label in labels]
    choices = {f"c{n}": {"label": each, "then": f"o{n}"} for n, each in enumerate(words)}
    outcomes = {
        f"o{n}": {"title": each, "summary": WORDS, "steps": []} for n, each in enumerate(words)
    }
    asked = {"label": WORDS, "ask": WORDS, "help": WORDS, "choices": choices}
    return tree({"end": asked}, outcomes)


# ─── the text ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_shipped_rules(lang: Lang, snapshot: SnapshotAssertion) -> None:
    assert mermaid_source(SHIPPED, lang) == snapshot
    assert dot_source(SHIPPED, lang) == snapshot


def test_outcomes_have_the_shape_of_their_case() -> None:
    source = mermaid_source(SHIPPED)
    assert re.search(r'outcome_wait\(\["[^"]*"\]\):::case0', source)
    assert re.search(r'outcome_cancellable\{\{"[^"]*"\}\}:::case1', source)
    assert re.search(r'outcome_locked\[/"[^"]*"/\]:::case2', source)
    source = dot_source(SHIPPED)
    assert len(set(re.findall(r"outcome_\w+ \[label=.*shape=(\w+)", source))) == 3


@pytest.mark.parametrize("case", [1, 4, 5, 100])
def test_any_number_of_cases_has_shapes(case: int) -> None:
    made = chain(1)
    outcome = made.outcomes["end"].but(case=case)
    made = made.but(outcomes={"end": outcome})
    assert f":::case{(case - 1) % 4 + 1}" in mermaid_source(made)


@given(LABELS)
def test_a_mermaid_label_has_nothing_left_that_means_something(label: str) -> None:
    escaped = diagram.mermaid_label(label)
    assert not set(re.sub(r"#\d+;|<br>", "", escaped)) & set('"#;&<>\\%`*_~{}|$[]()\n')
    back = re.sub(r"#(\d+);", lambda match: chr(int(match[1])), escaped.replace("<br>", "\n"))
    assert back.replace(":\u200bfa-", ":fa-") == label


def test_a_label_is_neither_an_icon_nor_an_entity() -> None:
    assert diagram.mermaid_label("a :fa-b") == "a :\u200bfa-b"
    assert diagram.dot_label("a &amp; b") == '"a &amp;amp; b"'


@given(LABELS)
def test_a_dot_label_is_one_string(label: str) -> None:
    escaped = diagram.dot_label(label)
    assert re.fullmatch(r'"(?:[^"\\\n]|\\["\\n])*"', escaped)
    back = re.sub(r"\\(.)", lambda match: {"n": "\n"}.get(match[1], match[1]), escaped[1:-1])
    assert back.replace("&amp;", "&") == label


def test_words_on_one_line_keep_their_spaces() -> None:
    assert one_line(Text("a  b\nc", "d\n\ne"), "zh") == "a  b c"
    assert one_line(Text("a  b\nc", "d\n\ne"), "en") == "d  e"


# ─── the tools themselves ────────────────────────────────────────────────────────────────────────


def parsed_by_mermaid(charts: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(
        ["node", "labels.js"],
        input=json.dumps(charts),
        cwd=MERMAID,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


@needs_mermaid
def test_mermaid_accepts_the_shipped_rules_and_shows_their_texts() -> None:
    for lang in ("zh", "en"):
        (found,) = parsed_by_mermaid([mermaid_source(SHIPPED, lang)])
        shown = [text(SHIPPED, name, lang) for name in SHIPPED.nodes]
        assert sorted(found["nodes"].values()) == sorted(shown)


@needs_mermaid
@settings(max_examples=5, deadline=None)
@given(st.lists(LABELS.filter(str.strip), min_size=20, max_size=60))
@example(NASTY)
def test_mermaid_shows_any_label_as_it_stands(labels: list[str]) -> None:
    made = with_labels(labels)
    (found,) = parsed_by_mermaid([mermaid_source(made)])
    for name in made.outcomes:
        assert squeezed(found["nodes"][f"outcome_{name}"]) == squeezed(text(made, name, "zh"))
    assert [squeezed(label) for label in found["edges"]] == [
        squeezed(one_line(choice.label, "zh")) for choice in made.questions["end"].choices.values()
    ]


@needs_dot
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_graphviz_accepts_the_shipped_rules(lang: Lang) -> None:
    assert texts(drawn(dot_source(SHIPPED, lang)))


@needs_dot
@settings(max_examples=10, deadline=None)
@given(st.lists(LABELS.filter(str.strip), min_size=20, max_size=60))
@example(NASTY)
def test_graphviz_shows_any_label_as_it_stands(labels: list[str]) -> None:
    made = with_labels(labels)
    shown = "".join(texts(drawn(dot_source(made))))
    for outcome in made.outcomes:
        assert squeezed(text(made, outcome, "zh")) in shown


@needs_dot
@pytest.mark.parametrize(("lang", "name"), [("zh", "route.svg"), ("en", "route.en.svg")])
def test_the_picture_in_the_readme_is_of_these_rules(lang: Lang, name: str) -> None:
    picture = (ROOT / "docs" / name).read_text("utf-8")
    again = f"xingtu rules graph --format dot --lang {lang} | dot -Tsvg -o docs/{name}"
    assert sorted(texts(picture)) == sorted(texts(drawn(dot_source(SHIPPED, lang)))), again


def drawn(source: str) -> str:
    done = subprocess.run(
        ["dot", "-Tsvg"],
        input=source,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def texts(picture: str) -> list[str]:
    """Each line of text in a picture, as it is broken there."""
    root = ElementTree.fromstring(picture)
    return [
        squeezed(each.text or "") for each in root.iterfind(".//{http://www.w3.org/2000/svg}text")
    ]


def squeezed(label: str) -> str:
    return re.sub(r"[\s\u200b]+", "", label)
