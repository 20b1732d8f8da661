"""The columns of a table: which of them is which question or detail, and those of the results."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from xingtu_cli.errors import InvalidTable
from xingtu_cli.rules.model import Detail, Question, Tree, column_key
from xingtu_cli.text import Text, join, same, visible

ALIKE = 0.75  # a column whose name is this close to a known one may be a slip


@dataclass(frozen=True)
class Result:
    """A column that is added: its name for scripts, its label, its kind and width in a sheet."""

    name: str
    label: str
    kind: Literal["text", "date", "amount"] = "text"
    width: int = 16


# a row's results in their order; the check of rules keeps their names free, and `desk.Results` has
# a field for each
RESULTS = (
    Result("outcome", "结论代码"),
    Result("title", "结论", width=34),
    Result("due", "到期日", "date", 12),
    Result("overdue-from", "逾期起始日", "date", 12),
    Result("estimate", "暂估说明", width=24),
    Result("difference", "差额", "amount", 14),
    Result("new-account-from", "新账户生效日", "date", 14),
    Result("next-step", "下一步", width=34),
    Result("email-subject", "邮件主题", width=40),
    Result("error", "错误", width=50),
)

NO_KNOWN = Text(
    "没有认出任何一列{read_as}。第一行要是表头，列名写成：{names}。"
    "也可以用 --template 生成空表来填",
    "no column was recognised{read_as}. The first row must name the columns, as: {names}; or fill"
    " in an empty table from --template",
)
TWICE = Text(
    "“{first}”和“{second}”两列说的是同一件事（{name}），请只留一列",
    "the columns “{first}” and “{second}” both stand for {name}; keep one of them",
)
TAKEN = Text(
    "表里已经有结果要用的列：{names}。请先改名；如果是上次的结果，删掉即可",
    "the table has columns that the results need: {names}; rename them, or remove them if they are"
    " results of an earlier run",
)
SLIP = Text(
    "“{column}”这一列没有用上，是不是“{near}”？如果是，请改列名",
    "the column “{column}” was not used; did you mean “{near}”? If so, rename it",
)


@dataclass(frozen=True)
class Columns:
    """A header as it was understood.

    `asked` maps the place of each column that was recognised to its question or detail. `kept` are
    the places of the columns that are written again: all, but for results of an earlier run.
    """

    header: tuple[str, ...]
    asked: Mapping[int, Question | Detail]
    kept: tuple[int, ...]
    chinese: bool
    slips: tuple[Text, ...]

    @property
    def results(self) -> tuple[str, ...]:
        """The headers of the results: Chinese labels beside Chinese headers, else their names."""
        return tuple(result.label if self.chinese else result.name for result in RESULTS)

    @property
    def written(self) -> tuple[str, ...]:
        """The whole header of the output."""
        return (*(self.header[place] for place in self.kept), *self.results)

    def naming(self, asked: Question | Detail) -> Text:
        """Return how to name a question or detail to someone who looks at the table."""
        named = self.called(asked)
        if any(each is asked for each in self.asked.values()):
            return named
        return named.plus(Text("（表里没有这一列）", " (the table has no such column)"))

    def called(self, asked: Question | Detail) -> Text:
        """Return what a question or detail is called in the table, or would be."""
        for place, each in self.asked.items():
            if each is asked:
                return same(f"“{visible(self.header[place])}”")
        return Text(f"“{asked.label.zh}”", f"“{asked.id}”")


def understand(tree: Tree, header: Sequence[str], *, read_as: Text | None = None) -> Columns:
    """Find out what each column of a header stands for.

    Raises `InvalidTable` where none is known, where two stand for the same, or where one has the
    name of a result. The results of an earlier run are left out.
    """
    earlier = _earlier_results(header)
    kept = tuple(place for place in range(len(header)) if place not in earlier)
    asked = {
        place: tree.columns[key]
        for place in kept
        if (key := column_key(header[place])) in tree.columns
    }
    if not any(isinstance(each, Question) for each in asked.values()):
        names = join([question.label for question in tree.questions.values()])
        remark = Text("（{how}）", " ({how})").format(how=read_as) if read_as else same("")
        raise InvalidTable(NO_KNOWN.format(names=names, read_as=remark))
    _refuse_two_for_one(header, asked)
    _refuse_names_of_results([header[place] for place in kept])
    return Columns(
        header=tuple(header),
        asked=asked,
        kept=kept,
        chinese=any(not header[place].isascii() for place in asked),
        slips=tuple(_slips(tree, header, kept, asked)),
    )


def _earlier_results(header: Sequence[str]) -> Collection[int]:
    """Return the places of the results of an earlier run, wherever they were moved.

    Some may have been deleted. Fewer than half of them may be columns of the user's own.
    """
    for names in ({r.name for r in RESULTS}, {r.label for r in RESULTS}):
        places = [place for place, name in enumerate(header) if name in names]
        found = {header[place] for place in places}
        if 2 * len(found) >= len(RESULTS) and len(found) == len(places):
            return places
    return ()


def _refuse_two_for_one(header: Sequence[str], asked: Mapping[int, Question | Detail]) -> None:
    """Refuse two columns for one value; tracking numbers may stand in several columns."""
    seen: dict[str, str] = {}
    for place, each in asked.items():
        if each.id in seen and not (isinstance(each, Detail) and each.type == "tracking-numbers"):
            first, second = visible(seen[each.id]), visible(header[place])
            raise InvalidTable(TWICE.format(first=first, second=second, name=each.id))
        seen[each.id] = header[place]


def _refuse_names_of_results(header: Sequence[str]) -> None:
    names = {column_key(name) for result in RESULTS for name in (result.name, result.label)}
    if taken := [visible(name) for name in header if column_key(name) in names]:
        raise InvalidTable(TAKEN.format(names=join([same(name) for name in taken])))


def _slips(
    tree: Tree, header: Sequence[str], kept: Sequence[int], asked: Mapping[int, Question | Detail]
) -> Iterator[Text]:
    """Yield a word on each unknown column whose name is close to one that is missing."""
    present = {each.id for each in asked.values()}
    missing = {key: each for key, each in tree.columns.items() if each.id not in present}
    for place in kept:
        name = header[place]
        if place not in asked and (near := get_close_matches(column_key(name), missing, 1, ALIKE)):
            named = missing[near[0]]
            shown = named.id if name.isascii() else named.label.zh
            yield SLIP.format(column=visible(name), near=shown)
