"""An empty table to fill in: its header, a help row, and in a workbook lists to choose from."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from xingtu_cli.errors import CannotWrite
from xingtu_cli.files import temporary
from xingtu_cli.rules.model import Detail, Question, Tree
from xingtu_cli.table.read import HELP_MARK, MOST_COLUMNS
from xingtu_cli.table.sheet import AMOUNT, column_letter, emphasise, pack
from xingtu_cli.table.workbook import library
from xingtu_cli.table.write import BOM
from xingtu_cli.text import NOTHING, Lang, Text

WIDTH, LINE = 24, 15  # of a column in characters, and the height of a line of text in points
LAST_ROW = 5000  # down to which the lists are offered
TEXT_FORMAT, DATE_FORMAT = "@", "yyyy-mm-dd"
SHEETS = {"rows": Text("填写", "Rows"), "choices": Text("选项", "Choices")}

ONE_OF = Text("填：{choices}", "one of: {choices}")
SOME_OF = Text("可填多项，用逗号隔开：{choices}", "one or more, with commas: {choices}")
DATE = Text("写成 2026-10-08", "like 2026-10-08")
AMOUNT_OF = Text("写成 12000.00（元）", "like 12000.00 (yuan)")
OR = Text("；或填：{choices}", "; or: {choices}")
SEVERAL = Text("；几个用逗号或空格隔开", "; several with commas or spaces")
TOO_WIDE = Text(
    f"规则要问的超过 {MOST_COLUMNS:,} 项，一张 Excel 表放不下；请改用 CSV（--template 文件名.csv）",
    f"the rules ask more than {MOST_COLUMNS:,} things, which do not fit a sheet; write CSV instead"
    " (--template NAME.csv)",
)
NOT_A_CHOICE = Text("请从列表里选", "Choose from the list")


def csv_template(tree: Tree, lang: Lang) -> bytes:
    """Return an empty CSV table with its help row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    asked = _asked(tree)
    writer.writerow([_name(each, lang) for each in asked])
    writer.writerow([_help(each, lang) for each in asked])
    return BOM + text.getvalue().encode()


def xlsx_template(tree: Tree, lang: Lang) -> bytes:
    """Return an empty workbook; its text columns keep long numbers whole.

    Raises `CannotWrite` where the rules ask more than a sheet has columns.
    """
    if len(_asked(tree)) > MOST_COLUMNS:
        raise CannotWrite(TOO_WIDE)
    openpyxl = library()
    from openpyxl.styles import Alignment

    book = openpyxl.Workbook()
    sheet, choices = book.active, book.create_sheet(SHEETS["choices"].in_(lang))
    sheet.title = SHEETS["rows"].in_(lang)
    choices.sheet_state = "hidden"
    sheet.freeze_panes = "A3"
    lines = 1
    for number, each in enumerate(_asked(tree), 1):
        letter = column_letter(number)
        sheet.column_dimensions[letter].width = WIDTH
        sheet.column_dimensions[letter].number_format = _number_format(each)
        emphasise(sheet.cell(1, number, _name(each, lang)))
        help_ = sheet.cell(2, number, _help(each, lang))
        help_.alignment = Alignment(wrap_text=True, vertical="top")
        lines = max(lines, 1 + _width(help_.value) // (WIDTH - 2))
        if isinstance(each, Question):
            _offer(sheet, choices, each, number, lang)
    sheet.row_dimensions[2].height = LINE * lines  # LibreOffice does not work it out
    file = io.BytesIO()
    with temporary():  # openpyxl writes each sheet to one
        pack(book, file)
    return file.getvalue()


def _asked(tree: Tree) -> Sequence[Question | Detail]:
    """Return what a row may hold: first whose it is, then the questions in their order."""
    return [*tree.details.values(), *tree.questions.values()]


def _name(asked: Question | Detail, lang: Lang) -> str:
    return asked.label.zh if lang == "zh" else asked.id


def _help(asked: Question | Detail, lang: Lang) -> str:
    if isinstance(asked, Detail):
        text = asked.help.plus(SEVERAL if asked.type == "tracking-numbers" else NOTHING)
        return f"{HELP_MARK} {text.in_(lang)}"
    alone = [value for value, choice in asked.choices.items() if choice.then]
    match asked.type:
        case "choice":
            text = ONE_OF.format(choices=_listed(asked, list(asked.choices)))
            return f"{HELP_MARK} {text.in_(lang)}"
        case "several":
            together = [value for value in asked.choices if value not in alone]
            text = SOME_OF.format(choices=_listed(asked, together))
        case "date":
            text = DATE
        case "amount":
            text = AMOUNT_OF
    if alone:
        text = text.plus(OR.format(choices=_listed(asked, alone)))
    return f"{HELP_MARK} {text.in_(lang)}"


def _listed(question: Question, values: Sequence[str]) -> Text:
    """Return choices as a table takes them: by their labels in Chinese, by name in English."""
    labels = [question.choices[value].label.zh for value in values]
    return Text(" / ".join(labels), " / ".join(values))


def _width(text: str) -> int:
    """Return the width of a text in a sheet: a Chinese character is as wide as two others."""
    return sum(2 if character >= "\u2e80" else 1 for character in text)


def _number_format(asked: Question | Detail) -> str:
    formats = {"date": DATE_FORMAT, "amount": AMOUNT}
    return formats.get(asked.type, TEXT_FORMAT)


def _offer(sheet: Any, choices: Any, question: Question, number: int, lang: Lang) -> None:
    """Say in a cell what it is for, and where one choice is due offer the list of them."""
    from openpyxl.worksheet.datavalidation import DataValidation

    letter, listed = column_letter(number), None
    if question.type == "choice":
        for row, (value, choice) in enumerate(question.choices.items(), 1):
            choices.cell(row, number, choice.label.zh if lang == "zh" else value)
        listed = f"='{choices.title}'!${letter}$1:${letter}${len(question.choices)}"
    offer = DataValidation(
        type="list" if listed else None,
        formula1=listed,
        allow_blank=True,
        showInputMessage=True,
        showErrorMessage=listed is not None,
        errorStyle="warning",
        error=NOT_A_CHOICE.in_(lang),
        promptTitle=_name(question, lang)[:32],
        prompt=question.ask.in_(lang)[:255],
    )
    offer.add(f"{letter}3:{letter}{LAST_ROW}")
    sheet.add_data_validation(offer)
