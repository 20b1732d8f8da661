"""What each key of a rules file is for, in both languages: the words an editor shows to an author.

By the model's object and the key as the file spells it.
"""

from collections.abc import Mapping

from xingtu_cli.text import Text

OBJECTS: Mapping[str, Text] = {
    "Tree": Text(
        "规则文件：一份完整的问答指南。",
        "A rules file: a whole guide of questions and answers.",
    ),
    "Source": Text("一份资料。", "A source."),
    "Question": Text("一道要问用户的题。", "A question that the user is asked."),
    "Choice": Text("一个选项。", "A choice."),
    "Decision": Text(
        "一个由程序算出的判断，不问用户。",
        "A decision that the program works out without asking.",
    ),
    "Outcome": Text("一个结论。", "An outcome."),
    "Step": Text("一个步骤，可以被多个结论共用。", "A step, which several outcomes may share."),
    "Email": Text("一封邮件，一律用简体中文。", "An e-mail, always in simplified Chinese."),
    "Attachment": Text("一个附件。", "An attachment."),
    "Detail": Text(
        "一项补充信息，只用来填文字和邮件，不影响走哪条路。",
        "A detail that only fills in texts and the e-mail and never changes the route.",
    ),
    "Note": Text("一条备注。", "A note."),
    "StepNote": Text("一条备注。", "A note."),
    "Text": Text("同一句话的中文和英文。", "One text in Chinese and in English."),
}

_LANGUAGES = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}
_SOURCES = Text(
    "依据的资料，写 sources 里的名称。", "The sources this rests on, by their names in sources."
)
_INFERRED = Text(
    "true 表示这是我们的推断，资料里没有明说；显示时会标“推断”。",
    "true where no source says so in words; it is shown as our inference.",
)
_MENU = Text(
    "要依次点开的平台菜单，一项一个；每个都要在 labels 里有英文注解。",
    "The platform's menus to click, one by one; each needs an English gloss under labels.",
)
_ALSO = Text(
    "批量表格里这一列还可以叫什么名字。", "Further names that a table's column may have for this."
)
_WHEN = Text(
    "只有前面得到这些结果时才显示：题目或判断的名称: 选项或结果（多个用方括号括起来），"
    "没走到写 not-reached；也可以写步骤的名称: done 或 not-done。",
    "Shown only under these earlier results: the name of a question or decision, then a choice or"
    " result, or several in square brackets, or not-reached; or the name of a step, then done or"
    " not-done.",
)
_WARNINGS = Text("报告里“注意”部分的提醒。", "The remarks under “Please note” in the report.")
_NOTE = {**_LANGUAGES, "when": _WHEN, "inferred": _INFERRED}

KEYS: Mapping[str, Mapping[str, Text]] = {
    "Tree": {
        "id": Text("这份规则的名称，出现在结果里。", "The name of these rules, shown in results."),
        "version": Text(
            "版本，每次修改后换一个。", "The version; give a new one after each change."
        ),
        "as_of": Text(
            "资料截至哪一天，每份报告都会写明。", "The date of the sources; every report says so."
        ),
        "title": Text("标题，显示在第一行。", "The title, shown on the first line."),
        "about": Text(
            "一句话说明这份规则做什么，显示在帮助里标题的下面。",
            "What these rules are for, in a sentence; shown in the help under the title.",
        ),
        "start": Text("从哪道题开始，写 route 里的名称。", "Where to begin, by its name in route."),
        "sources": Text("规则依据的资料。", "The sources that the rules were taken from."),
        "route": Text(
            "要问的题和程序算的判断，按对话的顺序。",
            "The questions to ask and the decisions to compute, in the order of the conversation.",
        ),
        "outcomes": Text("结论。", "The outcomes."),
        "steps": Text("步骤。", "The steps."),
        "emails": Text("要发的邮件。", "The e-mails to send."),
        "details": Text(
            "补充信息：昵称、公司名等，只用来填文字和邮件。",
            "Details such as names; they only fill in texts and the e-mail.",
        ),
        "labels": Text(
            "平台菜单的英文注解：菜单: 英文。", "English glosses of the platform's menus."
        ),
    },
    "Source": {
        "title": Text("资料的标题。", "The source's title."),
        "kind": Text(
            "official 是官方页面，copy 是转载。", "official for the platform's own page, or copy."
        ),
        "url": Text("网址，没有可以不写。", "Its address, if it has one."),
        "date": Text("资料自己注明的日期，写法如 2021-07-30。", "The date it gives itself."),
    },
    "Question": {
        "label": Text(
            "短名称，用在“你的回答”一栏。", "A short name, for the table of answers given."
        ),
        "ask": Text("问题本身。", "The question itself."),
        "help": Text(
            "输入 ? 时的说明：去哪里查、怎么判断。",
            "Shown for “?”: where to look and how to tell.",
        ),
        "menu": _MENU,
        "type": Text(
            "choice 单选（不写就是它）、several 多选、date 日期、amount 金额。",
            "choice (the default) for one, several for one or more, date, or amount in yuan.",
        ),
        "latest": Text(
            "写 today，就不接受今天以后的日期。", "today refuses a date that is still to come."
        ),
        "choices": Text(
            "选项，按显示的顺序。", "The choices, in the order in which they are shown."
        ),
        "then": Text(
            "答完去哪里；选项自己写了 then 的，以选项的为准。",
            "Where an answer leads; a choice's own then goes before it.",
        ),
        "also": _ALSO,
    },
    "Choice": {
        "label": Text("选项的文字。", "The choice's words."),
        "also": Text(
            "用户还可能打的字，也算选了它。", "Further words that people type for this choice."
        ),
        "then": Text(
            "选了它去哪里；在多选题里，写了 then 的选项只能单独选。",
            "Where it leads; in a question of type several, a choice with a then stands alone.",
        ),
        "compares": Text(
            "逐字核对账户时对应哪一项：name 户名、number 账号、bank 开户行、all-right 全对。",
            "The account field that a comparison finds wrong, or all-right for none.",
        ),
    },
    "Decision": {
        "says": Text("这个判断在问什么。", "What this decision finds out."),
        "compute": Text("用哪个函数来算。", "The function that works it out."),
        "of": Text(
            "函数的参数：题目的名称、步骤的名称（做完的那天）、today，或一个整数。",
            "The function's arguments: a question's name, a step's (the day it was done), today or"
            " a whole number.",
        ),
        "then": Text(
            "每个结果去哪里；只写一个名称表示所有结果都去那里，* 表示其余的结果。",
            "Where each result leads; a single name is for all results, * for all others.",
        ),
        "sources": _SOURCES,
        "warnings": _WARNINGS,
    },
    "Outcome": {
        "title": Text("结论的标题。", "The outcome's title."),
        "summary": Text("结论的说明，几句话。", "What it means, in a few sentences."),
        "case": Text("情况的编号，没有可以不写。", "The number of the case, if it has one."),
        "steps": Text("要做的步骤，按顺序写名称。", "What to do, by the steps' names in order."),
        "meanwhile": Text(
            "不用等前面步骤的步骤。", "The steps that need not wait for those before them."
        ),
        "email": Text("要发哪封邮件，写 emails 里的名称。", "The e-mail to send, by its name."),
        "warnings": _WARNINGS,
        "sources": _SOURCES,
    },
    "Step": {
        "title": Text("步骤的标题。", "The step's title."),
        "text": Text("怎么做。", "How to do it."),
        "when": Text(
            "只有前面得到这些结果时才有这一步。", "The step applies only under these results."
        ),
        "from": Text(
            "最早哪天能做：写一个算出的日期的名称。",
            "The name of the computed date before which it cannot be done.",
        ),
        "asks": Text(
            "做完这一步后要重新回答的题，或要多写一个的快递单号。",
            "The questions to answer anew once it is done, or the tracking numbers of which there"
            " is one more then.",
        ),
        "sends": Text("true 表示这一步就是发邮件。", "true for the step that sends the e-mail."),
        "menu": _MENU,
        "notes": Text("备注。", "Notes."),
        "inferred": _INFERRED,
        "sources": _SOURCES,
    },
    "Note": _NOTE,
    "StepNote": {
        **_NOTE,
        "hold": Text(
            "只用在步骤的备注里：true 表示这条备注成立时，邮件先别发。",
            "Of a step's note only: true where the e-mail is not to be sent while it holds.",
        ),
    },
    "Email": {
        "to": Text("收件人邮箱，可以有几个。", "The addresses to send it to."),
        "subject": Text("主题。", "The subject."),
        "body": Text("正文，可以分行。", "The body, of one or more lines."),
        "attachments": Text("要附上的文件。", "What to attach."),
        "sources": _SOURCES,
    },
    "Attachment": {
        **_LANGUAGES,
        "accept": Text(
            "可以是哪种文件：pdf、image（图片），或两种都行。",
            "Which kinds of file it may be: pdf, image, or both.",
        ),
        "count": Text(
            "one 一个（不写就是它），one-or-more 至少一个。", "one (the default), or one-or-more."
        ),
        "pages": Text(
            "as-statement 表示页数应与结算单相同。",
            "as-statement where it has as many pages as the statement.",
        ),
    },
    "Detail": {
        "label": Text("名称。", "Its name."),
        "help": Text("填什么。", "What to fill in."),
        "type": Text(
            "text 文字（不写就是它），tracking-numbers 快递单号，可以有多个。",
            "text (the default), or tracking-numbers, of which there may be several.",
        ),
        "also": _ALSO,
    },
    "Text": _LANGUAGES,
}
