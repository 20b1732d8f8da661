"""`xingtu batch`: diagnose the rows of a table, and write them again with their results."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, get_args

import typer
from typer.core import TyperCommand

from xingtu_cli import files, helptext, terminal
from xingtu_cli.cli import clash
from xingtu_cli.cli.clash import STREAM
from xingtu_cli.cli.flags import among, flag, format_flag, global_flags, signed, word
from xingtu_cli.cli.pages import Examples, page_class
from xingtu_cli.cli.session import Session, day, not_one_of
from xingtu_cli.cli.wishes import A_FOLDER_NAME
from xingtu_cli.errors import Interrupted, RowsFailed, UsageError
from xingtu_cli.layout import Line
from xingtu_cli.render import table
from xingtu_cli.table.columns import Columns, understand
from xingtu_cli.table.desk import Desk
from xingtu_cli.table.drafts import Drafts, drafts_in, refuse_full
from xingtu_cli.table.read import Format, Table, open_table
from xingtu_cli.table.tally import Tally
from xingtu_cli.table.write import Writer, open_writer
from xingtu_cli.text import Lang, Text, join, same, visible

FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: Mapping[str, Format] = {
    ".csv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
}
END_OF_INPUT = Text("Ctrl-Z、回车", "Ctrl-Z and Enter") if os.name == "nt" else same("Ctrl-D")
TICK = 256  # rows from one step of the bar to the next

ABOUT = Text(
    "一次排查一张表：每行一笔，原有各列后面加上结论、到期日、差额、下一步等结果列。"
    "列名用参数名，或用 --template 生成的空表里的中文名。"
    "有问题的行只在自己的“错误”列里说明，不影响其他行。",
    "Diagnose a whole table, one case per row: every column is written again, followed by the"
    " diagnosis, due date, difference, next step and so on. Columns are named as the flags, or as"
    " in an empty table from --template. A bad row says why in its own error column and stops"
    " nothing.",
)
WHICH = Text(
    "CSV、XLSX 或 JSON Lines 文件；- 为标准输入",
    "a CSV, XLSX or JSON Lines file; - is standard input",
)
HELP = {
    "output": Text(
        "结果写到这个文件，格式看扩展名；不写或写 - 为标准输出",
        "write the results to this file, in the format of its name; left out or -: standard output",
    ),
    "force": Text("允许覆盖已有的文件", "allow overwriting files"),
    "format": Text(
        "结果的格式：csv、xlsx、jsonl；默认看 -o 的扩展名，没有 -o 时是 csv",
        "of the results: csv, xlsx, jsonl; default: as -o is named, csv without it",
    ),
    "input-format": Text(
        "输入的格式；默认看内容", "format of the input; default: seen from its contents"
    ),
    "eml-dir": Text(
        "把各行的邮件草稿（.eml）写进这个文件夹",
        "write each row's e-mail as a draft (.eml) into this folder",
    ),
    "template": Text(
        "写一张空表（.csv 或 .xlsx）供填写，不做排查",
        "write an empty table (.csv or .xlsx) to fill in, and diagnose nothing",
    ),
    "strict": Text(
        "有用不到的回答的行算出错", "a row with an answer its route does not need fails"
    ),
    "quiet": Text("不显示进度条、提醒和汇总", "no progress bar, remarks or summary"),
}
EXAMPLES: Examples = [
    ("xingtu batch --template 表.xlsx", Text("先要一张空表", "an empty table to begin with")),
    ("xingtu batch 表.xlsx -o 结果.xlsx", Text("填好后排查", "diagnose it")),
    ("xingtu batch - < a.csv > b.csv", Text("在脚本里用", "in a script")),
]
FOLDER = Text("文件夹", "FOLDER")
ROWS = Text("已排查", "Rows")
SLIPS = Text("注意：", "Note: ")
SUMMARY = Text("共 {rows} 行：", "Rows in all: {rows}")
NO_ROWS = Text(
    "表里还没有要排查的行（表头下面、说明下面一行一笔）",
    "the table has no rows to diagnose yet (one each, below the header and the row of help)",
)
TEMPLATE = Text(
    "√ 空表已写到 {file}。第 2 行是说明，从第 3 行起一行填一笔",
    "√ The empty table is in {file}. Row 2 is help; fill in one case per row from row 3 on",
)
NOT_DIAGNOSED = Text("没有结论", "no diagnosis")
WRITTEN = Text("结果写在 {file}", "The results are in {file}")
CUT = Text(
    "{count} 格超过 Excel 一格能放的字数，只写了开头（以“…”结尾）；原表没有动",
    "cells longer than Excel takes, of which only the start was written: {count}; the table that"
    " was read is unchanged",
)
DRAFTS = Text("{folder} 里有 {count} 封邮件草稿", "E-mail drafts in {folder}: {count}")
ATTACH = Text("，附件要自己加", "; add the attachments yourself")
HELD = Text("{count} 封现在先别发", "not to be sent yet: {count}")
INCOMPLETE = Text("{count} 封有空缺〈…〉要补", "with gaps 〈…〉 to fill in: {count}")
MARKED = Text("；其中 {which}（文件名里有标记）", ". Of them {which} (their names say so)")
FAILED = Text(
    "{rows} 行里有 {failed} 行没有结论，原因写在各行的“{column}”列",
    "rows without a diagnosis: {failed} of {rows}; each says why in its column “{column}”",
)
READING = Text(
    "正在从标准输入读表：请输入或粘贴，最后另起一行按 {keys}",
    "reading the table from standard input: type or paste it, then {keys} on a line of its own",
).format(keys=END_OF_INPUT)
STOPPED = Text("已中断，没有写出任何文件。", "Interrupted; no file was written.")
NO_TERMINAL = Text(
    "Excel 文件不能显示在终端里，请加 -o 文件名",
    "a workbook cannot be shown in a terminal; add -o FILE",
)
WHICH_TEMPLATE = Text(
    "--template 的文件名要以 .csv 或 .xlsx 结尾",
    "--template takes a name that ends in .csv or .xlsx",
)
WHICH_FORMAT = Text(
    "看不出 {file} 是什么格式，请用 .csv、.xlsx 或 .jsonl 结尾，或加 --format",
    "the format of {file} is not known; end it in .csv, .xlsx or .jsonl, or add --format",
)
INTO_ITSELF = Text(
    "结果会写进 {file}，而它正是要读的表；请写到另一个文件",
    "the result would go into {file}, the table that is read; write it to another file",
)
AMONG_DRAFTS = Text(
    "-o 和 --eml-dir 不能在同一个文件夹里：草稿要一个空文件夹",
    "-o cannot be in the folder of --eml-dir, which has to be empty",
)
DRAFTS_TOO = Text(
    "-o 和 --eml-dir 都写成了 {file}；结果是文件，草稿是文件夹，请给其中一个换个名字",
    "-o and --eml-dir both name {file}, one for a file, the other for a folder; give one of them"
    " another name",
)
TEMPLATE_ALONE = Text(
    "--template 只写一张空表，不做排查；不能同时写要排查的表、-o 或 --eml-dir",
    "--template only writes an empty table; name no table to diagnose, and no -o or --eml-dir",
)
NO_FILE = Text("还缺要排查的表，或 --template", "name the table to diagnose, or --template")
# what is said where a word is empty, as a variable of a shell is that was never set
EMPTY = {
    "file": Text("表的文件名是空的，请写文件名，或 -", "the table has no name; name a file, or -"),
    "output": Text("-o 后面要写文件名，或 -", "-o needs the name of a file, or -"),
    "eml_dir": Text("--eml-dir 后面要写文件夹名", "--eml-dir needs the name of a folder"),
    "template": Text("--template 后面要写文件名", "--template needs the name of a file"),
}


def add(app: typer.Typer, session: Session) -> None:
    """Put `batch` into the app."""

    def run(**given: Any) -> int:
        _refuse_no_name(given)
        if given["template"]:
            if any(given[name] for name in ("file", "output", "eml_dir")):
                raise UsageError(TEMPLATE_ALONE)
            return _template(
                session, Path(given["template"]), force=given["force"], quiet=given["quiet"]
            )
        return _batch(session, given)

    panel, file = helptext.RUN, helptext.FILE.in_(session.lang)
    folder = FOLDER.in_(session.lang)
    flags = [
        word("file", session, about=WHICH, kind=str | None, values=file),
        flag("output", session, panel=panel, about=HELP["output"], values=file, short="-o"),
        flag("force", session, panel=panel, about=HELP["force"], kind=bool),
        format_flag(session, FORMATS, HELP["format"]),
        flag(
            "input-format", session, panel=panel, about=HELP["input-format"],
            values="|".join(FORMATS), complete=among(FORMATS),
        ),
        flag("eml-dir", session, panel=panel, about=HELP["eml-dir"], values=folder),
        flag("template", session, panel=panel, about=HELP["template"], values=file),
        flag("today", session, panel=panel, values=helptext.DATE.in_(session.lang)),
        flag("strict", session, panel=panel, about=HELP["strict"], kind=bool),
        flag("quiet", session, panel=panel, about=HELP["quiet"], kind=bool),
        *global_flags(session),
    ]  # fmt: skip
    app.command(
        "batch", cls=page_class(TyperCommand, session, EXAMPLES), help=ABOUT.in_(session.lang)
    )(signed(run, flags))


def _batch(session: Session, given: Mapping[str, Any]) -> int:
    tree, today, lang = session.rules(), day(given["today"]), session.lang
    output = None if given["output"] in (None, STREAM) else Path(given["output"])
    folder = Path(given["eml_dir"]) if given["eml_dir"] else None
    format_ = _output_format(_format("--format", session.format or None), output)
    input_format = _format("--input-format", given["input_format"])
    source = _source(given["file"])
    clash.files_of(given, session)
    _refuse_before_work(source, output, folder, format_, force=given["force"])
    if folder is not None:
        refuse_full(folder, force=given["force"])
    if given["file"] == STREAM and terminal.input_is_typed() and not given["quiet"]:
        terminal.remark([Line(READING.in_(lang), style="note")], color=session.color)
    tally = Tally(today)
    try:
        with open_table(source, tree, input_format) as read:
            columns = understand(tree, read.header, read_as=read.read_as)
            if not given["quiet"]:
                _remark(read, columns, session)
            desk = Desk(tree, columns, today, lang, strict=given["strict"])
            with (  # the results appear last: if they cannot, the drafts are taken back
                _drafts(folder, desk, force=given["force"]) as drafts,
                _output(output, force=given["force"]) as file,
            ):
                shown = output is None and terminal.shows_output()
                writer = open_writer(format_, file, desk, shown=shown)
                _work(read, desk, tally, writer, drafts, session, quiet=given["quiet"])
                if drafts is not None:
                    drafts.place()
    except KeyboardInterrupt:
        raise Interrupted(STOPPED, answers={}, asked=False) from None
    if not given["quiet"]:
        lines = _summary(tally, lang, output)
        if writer.cut:
            lines.append(Line(CUT.format(count=writer.cut).in_(lang), style="note"))
        if folder is not None and drafts is not None:
            lines.append(_about_drafts(drafts, folder, lang))
        terminal.remark(lines, color=session.color)
    if tally.failed:
        column = columns.results[-1]
        raise RowsFailed(FAILED.format(rows=tally.rows, failed=tally.failed, column=column))
    return 0


def _work(
    read: Table,
    desk: Desk,
    tally: Tally,
    writer: Writer,
    drafts: Drafts | None,
    session: Session,
    *,
    quiet: bool,
) -> None:
    about, color = ROWS.in_(session.lang), session.color
    try:
        with terminal.progress(about, wanted=not quiet, color=color) as show:
            for row in read.rows:
                judged = desk.judge(row)
                writer.write(judged)
                tally.add(judged)
                if drafts is not None:
                    drafts.write(judged)
                if not tally.rows % TICK:
                    show(tally.rows, read.progress())
        writer.finish(tally)
    except BaseException:
        writer.drop()
        raise


def _template(session: Session, path: Path, *, force: bool, quiet: bool) -> int:
    from xingtu_cli.table import template

    makers: Mapping[str, Callable[..., bytes]] = {
        ".csv": template.csv_template,
        ".xlsx": template.xlsx_template,
    }
    make = makers.get(path.suffix.lower())
    if make is None:
        raise UsageError(WHICH_TEMPLATE)
    clash.files_of({"template": str(path)}, session)
    files.check_place(path, force=force)
    files.write(path, make(session.rules(), session.lang), force=force)
    if not quiet:
        line = Line(TEMPLATE.format(file=path).in_(session.lang), hanging=2)
        terminal.remark([line], color=session.color)
    return 0


def _refuse_no_name(given: Mapping[str, Any]) -> None:
    for name, message in EMPTY.items():
        if given[name] == "":
            raise UsageError(message)
    for name in ("output", "template"):
        if given[name] and files.names_a_folder(given[name]):
            raise UsageError(A_FOLDER_NAME.format(flag=name, name=visible(given[name])))


# ─── what comes from where and goes where ────────────────────────────────────────────────────────


def _source(given: str | None) -> Path | BinaryIO:
    if given is None:
        raise UsageError(NO_FILE)
    return terminal.binary_input() if given == STREAM else Path(given)


def _format(flag: str, given: str | None) -> Format | None:
    if given is not None and given not in FORMATS:
        raise not_one_of(flag, given, FORMATS)
    return given


def _output_format(given: Format | None, output: Path | None) -> Format:
    if given:
        return given
    if output is None:
        return "csv"
    if output.suffix.lower() not in SUFFIXES:
        raise UsageError(WHICH_FORMAT.format(file=output))
    return SUFFIXES[output.suffix.lower()]


def _refuse_before_work(
    source: Path | BinaryIO,
    output: Path | None,
    folder: Path | None,
    format_: Format,
    *,
    force: bool,
) -> None:
    """Raise at once what would else be found out when the work is done."""
    if output is None:
        if format_ == "xlsx" and terminal.shows_output():
            raise UsageError(NO_TERMINAL)
        if isinstance(source, Path) and terminal.writes_to(source):
            raise UsageError(INTO_ITSELF.format(file=source))
        return
    files.check_place(output, force=force)
    if folder is not None and files.same_file(output, folder):
        raise UsageError(DRAFTS_TOO.format(file=folder))
    if folder is not None and not force and folder.is_dir() and output.parent.samefile(folder):
        raise UsageError(AMONG_DRAFTS)


@contextmanager
def _output(output: Path | None, *, force: bool) -> Iterator[BinaryIO]:
    if output is None:
        with terminal.binary_output() as file:
            yield file
    else:
        with files.replacing(output, force=force) as file:
            yield file


@contextmanager
def _drafts(folder: Path | None, desk: Desk, *, force: bool) -> Iterator[Drafts | None]:
    if folder is None:
        yield None
    else:
        with drafts_in(folder, desk, force=force) as drafts:
            yield drafts


# ─── what is said on standard error ──────────────────────────────────────────────────────────────


def _remark(read: Table, columns: Columns, session: Session) -> None:
    said = [*([read.read_as] if read.read_as else []), *columns.slips]
    lines = [Line(SLIPS.plus(text).in_(session.lang), style="note", hanging=6) for text in said]
    terminal.remark(lines, color=session.color)


def _summary(tally: Tally, lang: Lang, output: Path | None) -> list[Line]:
    rows = [
        (f"{tally.titles[name]} ({name})", str(count))
        for name, count in tally.outcomes.most_common()
    ]
    if tally.failed:
        rows.append((NOT_DIAGNOSED.in_(lang), str(tally.failed)))
    summary = SUMMARY.format(rows=tally.rows) if tally.rows else NO_ROWS
    lines = [Line(summary.in_(lang), style="strong")]
    lines += table(rows, lang, terminal.errors_width())
    if output is not None:
        lines.append(Line(WRITTEN.format(file=output).in_(lang)))
    return lines


def _about_drafts(drafts: Drafts, folder: Path, lang: Lang) -> Line:
    said = DRAFTS.format(folder=folder, count=drafts.written)
    if drafts.written:
        said = said.plus(ATTACH)
    kinds = ((HELD, drafts.held), (INCOMPLETE, drafts.incomplete))
    if which := [told.format(count=count) for told, count in kinds if count]:
        said = said.plus(MARKED.format(which=join(which)))
    return Line(said.in_(lang))
