"""Which column is which."""

import pytest

from xingtu_cli.errors import InvalidTable
from xingtu_cli.rules.model import Detail, Question, Tree
from xingtu_cli.table.columns import RESULTS, understand
from xingtu_cli.table.desk import Results
from xingtu_cli.text import Text


def named(tree: Tree, *header: str) -> list[str | None]:
    columns = understand(tree, header)
    return [columns.asked[at].id if at in columns.asked else None for at in range(len(header))]


def test_the_names_of_flags_and_their_labels(tree: Tree) -> None:
    every: list[Question | Detail] = [*tree.questions.values(), *tree.details.values()]
    for each in every:
        for name in (each.id, each.label.zh, each.label.en, *each.also):
            first = "stamped" if each.id == "settled" else "settled"
            assert named(tree, first, name) == [first, each.id]


@pytest.mark.parametrize(
    "written",
    [
        *("mailed-on", "MAILED_ON", "Mailed On", "ｍａｉｌｅｄ－ｏｎ", " mailed-on ", "mailedon*"),
        *(
            "发票寄出日期",
            "发票寄出日期（必填）",
            "发票\n寄出日期",
            "发票寄出日期：",
            "寄出日期 (年月日)",
        ),
    ],
)
def test_spaces_width_and_remarks_make_no_difference(tree: Tree, written: str) -> None:
    assert named(tree, "id", written) == [None, "mailed-on"]


def test_a_slip_is_pointed_out_unless_the_column_is_there(tree: Tree) -> None:
    columns = understand(tree, ["setled", "stamped", "发票寄出日", "remark"])
    said = [slip.zh for slip in columns.slips]
    assert [("setled" in s, "“settled”" in s) for s in said[:1]] == [(True, True)]
    assert "“发票寄出日”这一列没有用上，是不是“发票寄出日期”？" in said[1]
    assert len(said) == 2
    assert understand(tree, ["setled", "settled"]).slips == ()


def test_nothing_known_is_refused_with_what_there_is(tree: Tree) -> None:
    with pytest.raises(InvalidTable, match="no column was recognised") as caught:
        understand(tree, ["a", "nickname"])
    assert "发票寄出日期" in caught.value.message.zh
    with pytest.raises(InvalidTable, match=r"recognised \(read as GBK\)"):
        understand(tree, ["a"], read_as=Text("按 GBK", "read as GBK"))


def test_two_columns_for_one_are_refused_but_for_tracking_numbers(tree: Tree) -> None:
    with pytest.raises(InvalidTable, match="“mailed-on” and “寄出日期” both stand for mailed-on"):
        understand(tree, ["mailed-on", "寄出日期"])
    header = ["settled", "快递单号", "tracking-number"]
    assert named(tree, *header) == ["settled", "tracking-number", "tracking-number"]
    assert named(tree, "settled", "remark", "remark") == ["settled", None, None]


def test_results_of_an_earlier_run_are_replaced_and_no_other_column(tree: Tree) -> None:
    for again in ([r.name for r in RESULTS], [r.label for r in RESULTS]):
        columns = understand(tree, ["settled", "remark", *again])
        assert columns.kept == (0, 1)
        assert columns.written == ("settled", "remark", *[r.name for r in RESULTS])
    with pytest.raises(InvalidTable, match="need: title, 下一步"):
        understand(tree, ["settled", "title", "下一步"])


def test_results_of_an_earlier_run_are_known_where_some_were_deleted_or_moved(tree: Tree) -> None:
    names = [r.label for r in RESULTS]
    for gone in range(len(names)):
        left = names[:gone] + names[gone + 1 :]
        columns = understand(tree, [left[0], "已结算", *reversed(left[1:]), "备注"])
        assert columns.kept == (1, len(left) + 1)
        assert columns.written == ("已结算", "备注", *names)
    assert understand(tree, ["已结算", *names[5:]]).kept == (0,)
    for own in (names[6:], [*names, names[0]]):  # which of the two is the user's cannot be told
        with pytest.raises(InvalidTable, match="results need"):
            understand(tree, ["已结算", *own])


def test_the_results_are_labelled_as_the_table_is(tree: Tree) -> None:
    assert understand(tree, ["settled", "备注"]).results[0] == "outcome"
    assert understand(tree, ["已结算", "remark"]).results[0] == "结论代码"


def test_the_order_of_results_is_that_of_their_columns() -> None:
    assert tuple(r.name for r in RESULTS) == tuple(f.replace("_", "-") for f in Results._fields)
    assert len({r.label for r in RESULTS}) == len(RESULTS)


def test_a_name_goes_before_a_label(tree: Tree) -> None:
    for question in tree.questions.values():
        assert isinstance(tree.columns[question.id.replace("-", "")], Question)
