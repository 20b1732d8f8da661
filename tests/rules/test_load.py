"""Each file under broken/ gives exactly the problems in the .expected file beside it."""

import gc
from pathlib import Path

import pytest

from xingtu_cli import files
from xingtu_cli.errors import CannotRead, InvalidRules
from xingtu_cli.rules import load
from xingtu_cli.rules.model import NO, YES, Decision, Question

GBK = "the file is not encoded as UTF-8, it looks like GBK"
HERE = Path(__file__).parent
VALID = sorted((HERE / "valid").glob("*.yaml"))
BROKEN = sorted((HERE / "broken").glob("*.yaml"))


@pytest.mark.parametrize("path", VALID, ids=lambda p: p.stem)
def test_a_valid_file_loads(path: Path) -> None:
    tree = load.load(path)
    assert tree.start in tree.nodes


@pytest.mark.parametrize("path", BROKEN, ids=lambda p: p.stem)
def test_a_broken_file_gives_all_its_problems_with_their_places(path: Path) -> None:
    with pytest.raises(InvalidRules) as caught:
        load.load(path)
    told = [
        problem.at(lang).removeprefix(f"{path}:")
        for problem in caught.value.problems
        for lang in ("en", "zh")
    ]
    assert told == path.with_suffix(".expected").read_text("utf-8").splitlines()
    mended = [problem for problem in caught.value.problems if problem.id != "XT310"]
    assert all(problem.hint.zh and problem.hint.en for problem in mended)


def test_the_shipped_file_is_the_one_at_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = Path(__file__).parents[2]
    assert load.shipped_path() == root / "rules.yaml"
    monkeypatch.setattr(files, "__file__", str(tmp_path / "xingtu_cli" / "files.py"))
    inside = tmp_path / "xingtu_cli" / "rules.yaml"
    assert load.shipped_path() == tmp_path / "rules.yaml"
    inside.parent.mkdir()
    inside.touch()
    assert load.shipped_path() == inside  # as in a wheel


@pytest.mark.parametrize(
    ("raw", "line", "column", "message", "text"),
    [
        (b"id: \xff", 1, 5, "the file is no text in UTF-8", ""),
        (b"id: \xe4\xbd\xa0\xe5\xa5\xbd\xff", 1, 7, "the file is no text in UTF-8", ""),
        (b"\n\n\xff", 3, 1, "the file is no text in UTF-8", ""),
        # the first three look like two in UTF-8
        ("浣犲ソ模板".encode("gbk"), 1, 5, GBK, "浣犲ソ模板"),
        # UTF-8 ends in the midst of the second
        ("浣犲模".encode("gbk"), 1, 3, GBK, "浣犲模"),
    ],
)
def test_another_encoding_is_told_where_it_shows(
    raw: bytes, line: int, column: int, message: str, text: str
) -> None:
    with pytest.raises(InvalidRules) as caught:
        load.loads_bytes(raw, "f")
    (problem,) = caught.value.problems
    assert (problem.line, problem.column, problem.message.en) == (line, column, message)
    assert caught.value.text == text


def broken(questions: int) -> str:
    """Return rules with a fault in each question."""
    words = "{zh: a, en: a}"
    rows = [f"  q{n}: {{label: {words}, ask: {words}, help: {words}, type: date, then: end}}"
            for n in range(questions)]  # fmt: skip
    return "\n".join(
        [f'id: a\nversion: "1"\nas_of: "1"\ntitle: {words}\nstart: q0\nroute:', *rows]
        + [f"outcomes: {{end: {{title: {words}, summary: {words}, steps: []}}}}"]
    )


@pytest.mark.parametrize(
    ("text", "number", "more"),
    [
        ("\x00" * 1000, 1000, True),
        ("\x00" * 999, 999, True),
        (broken(1001), 1000, True),
        (broken(1000), 999, False),
        ("a: !x b\n" + "- c", 2, True),
    ],
)
def test_a_report_says_whether_it_tells_all(text: str, number: int, more: bool) -> None:
    with pytest.raises(InvalidRules) as caught:
        load.loads(text)
    assert (len(caught.value.problems), caught.value.more) == (number, more)
    assert caught.value.text == text


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("unclosed", True),  # broken YAML
        ("not-a-mapping-at-all", True),
        ("not-a-list", True),  # a gap
        ("dangling-choice", True),  # a way that leads nowhere
        ("cycle", True),
        ("unknown-function", True),
        ("unreachable", False),
        ("unknown-key", False),
        ("placeholder-in-one-language", False),
    ],
)
def test_it_says_so_where_a_check_had_to_wait(name: str, more: bool) -> None:
    with pytest.raises(InvalidRules) as caught:
        load.load(HERE / "broken" / f"{name}.yaml")
    assert caught.value.more is more


def test_what_stands_for_another_file_is_one_problem() -> None:
    with pytest.raises(InvalidRules) as caught:
        load.loads("id：a\nversion：1")
    assert [problem.id for problem in caught.value.problems] == ["XT001"]


@pytest.mark.parametrize("collecting", [True, False])
def test_the_garbage_collector_is_left_as_it_was(collecting: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collecting else gc.disable)()
        load.load()
        assert gc.isenabled() is collecting
    finally:
        (gc.enable if before else gc.disable)()


def test_scalars_stay_text() -> None:
    text = (HERE / "valid" / "minimal.yaml").read_text("utf-8")
    tree = load.loads(text.replace('version: "1"', "version: 000001").replace('"yes":', "yes:"))
    assert tree.version == "000001"
    paid = tree.route["paid"]
    assert isinstance(paid, Question)
    assert list(paid.choices) == ["yes", "no"]


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    copy = tmp_path / "rules.yaml"
    copy.write_bytes(b"\xef\xbb\xbf" + (HERE / "valid" / "minimal.yaml").read_bytes())
    assert load.load(copy).id == "small"


def test_what_is_no_readable_file(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="is a folder"):
        load.load(tmp_path)
    with pytest.raises(CannotRead, match="there is no file"):
        load.load(tmp_path / "none.yaml")


def test_an_absurdly_large_file_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "MOST_BYTES", 100)
    large = tmp_path / "rules.yaml"
    large.write_text("x" * 101, "utf-8")
    with pytest.raises(CannotRead, match="is larger than"):
        load.load(large)


def test_pure_python_yaml_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from xingtu_cli.rules import source

    by_libyaml = load.load()
    monkeypatch.setattr(source, "_Loader", yaml.SafeLoader)
    assert load.load() == by_libyaml


def test_a_decision_may_send_all_results_one_way() -> None:
    change = load.load().route["account-change"]
    assert isinstance(change, Decision)
    assert change.target("last-day") == change.target("earlier-day") == "statement-status"


def test_yes_and_no_have_further_words() -> None:
    words = load.load().questions["settled"].words
    assert {words[word] for word in YES} == {"yes"}
    assert {words[word] for word in NO} == {"no"}
