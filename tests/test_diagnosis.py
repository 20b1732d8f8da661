"""What a diagnosis says, beyond the reports that are held as they are."""

from datetime import date

import pytest

from tests.routes import CANCELLABLE, LATE, ROUTES, SENDER, WRONG, Route
from tests.trees import OUTCOME, WORDS, decision, made, value
from xingtu_cli import answers
from xingtu_cli.diagnosis import ask_text, diagnose, headline, mark, subject
from xingtu_cli.progress import next_step
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Tree
from xingtu_cli.text import LANGS, Lang, Text
from xingtu_cli.walk import Done, Walk, walk

TREE = load()
NOV_24, DEC_1 = date(2026, 11, 24), date(2026, 12, 1)
NOT_GENERATED = {**CANCELLABLE, "new-amount": "not-yet"}
AMOUNTS = {**CANCELLABLE, "new-amount": "12000", "invoiced-amount": "10000"}
LOCKED = {**WRONG, "statement-status": "withdrawn"}


def walked(
    given: dict[str, str], today: date = NOV_24, done: Done | None = None, tree: Tree = TREE
) -> Walk:
    known = {k: answers.parse(tree.questions[k], v, today) for k, v in given.items()}
    return walk(tree, known, today, done)


def saying(title: str) -> Tree:
    """Return the shipped tree with another title for the outcome in which most is known."""
    outcome = TREE.outcomes["cancellable"].but(title=Text(title, title))
    return TREE.but(outcomes={**TREE.outcomes, "cancellable": outcome})


def title(walk: Walk, details: answers.Details, lang: Lang) -> str:
    return diagnose(walk, details, lang).title


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)
def test_the_short_forms_say_what_the_diagnosis_says(route: Route, lang: Lang) -> None:
    details = {name: (given,) for name, given in SENDER.items()}
    today = date.fromisoformat(route.today)
    steps = [step.id for step in diagnose(walked(route.answers, today), {}, lang).steps]
    for number in range(len(steps) + 1):
        end = walked(route.answers, today, dict.fromkeys(steps[:number], today))
        diagnosis = diagnose(end, details, lang)
        following = next_step(diagnosis)
        step = following.step if following else None
        told = (diagnosis.title, step.title + mark(step).in_(lang) if step else "")
        assert headline(end, details, lang) == told
        assert subject(end, details) == (diagnosis.email.subject if diagnosis.email else "")


def test_a_subject_is_chinese_and_shows_what_is_not_given() -> None:
    name = TREE.outcomes["cancellable"].email
    assert name
    email = TREE.emails[name].but(subject="{tracking-number} {company} {mailed-on}")
    end = walked(AMOUNTS, tree=TREE.but(emails={**TREE.emails, name: email}))
    details = {"tracking-number": ("SF1234567890123", "75312345678901")}
    told = "SF1234567890123、75312345678901 〈公司主体名称〉 2026-10-08（周四）"
    assert subject(end, details) == told


def test_a_step_can_be_done_from_its_day_on() -> None:
    done = dict.fromkeys(["cancel-statement", "change-account"], NOV_24)
    later = TREE.outcomes["cancellable"].but(meanwhile=("compare-later",))
    tree = TREE.but(outcomes={**TREE.outcomes, "cancellable": later})
    first, meanwhile = TREE.steps["generate-statement"], TREE.steps["compare-later"]
    for today, step in [(date(2026, 11, 30), meanwhile), (DEC_1, first)]:
        end = walked(NOT_GENERATED, today, done, tree)
        assert headline(end, {}, "en")[1] == step.title.en


def test_a_first_step_that_must_wait_holds_up_no_other_if_it_need_not() -> None:
    step = {"title": WORDS, "text": WORDS}
    data = {
        "id": "made", "version": "1", "as_of": "2026", "title": WORDS, "start": "since",
        "route": {
            "since": value("date", "late"),
            "late": decision(
                "working-days-over", {"since": "since", "until": "today", "days": "3"}, "end"
            ),
        },
        "outcomes": {"end": {**OUTCOME, "steps": ["wait", "act"], "meanwhile": ["wait"]}},
        "steps": {"wait": {**step, "from": "overdue-from"},
                  "act": {**step, "title": {"zh": "做", "en": "act"}}},
    }  # fmt: skip
    end = walk(made(data), {"since": NOV_24}, NOV_24)
    following = next_step(diagnose(end, {}, "en"))
    assert following
    assert headline(end, {}, "en")[1] == following.step.title == "act"


def test_a_step_is_too_early_only_before_a_day_that_is_certain() -> None:
    early = {"generate-statement": NOV_24}

    def too_early(done: Done) -> list[str]:
        return [s.id for s in diagnose(walked(NOT_GENERATED, DEC_1, done), {}, "zh").steps
                if s.too_early]  # fmt: skip

    assert too_early({}) == []
    assert too_early({**early, "change-account": NOV_24}) == ["generate-statement"]
    assert too_early({"generate-statement": DEC_1, "change-account": NOV_24}) == []
    assert too_early(early) == []  # the account may have been changed long ago
    assert too_early({"cancel-statement": NOV_24}) == []  # it may be done on any day


def test_what_a_step_starts_from_and_sends() -> None:
    steps = {step.id: step for step in diagnose(walked(NOT_GENERATED), {}, "zh").steps}
    assert steps["generate-statement"].assumes == "change-account"
    assert steps["cancel-statement"].assumes == ""
    assert steps["cancel-statement"].starts is None
    assert [name for name, step in steps.items() if step.sends] == ["send-reminder"]


def test_an_attachment_says_which_files_it_may_be() -> None:
    diagnosis = diagnose(walked(LOCKED), {}, "en")
    assert diagnosis.email
    assert tuple(each.text.en for each in diagnosis.email.files) == diagnosis.email.attachments


def test_an_answer_is_given_back_with_its_question() -> None:
    diagnosis = diagnose(walked(AMOUNTS), {}, "en")
    assert [each.question for each in diagnosis.given] == list(diagnosis.answers)


def test_a_walk_that_goes_on_has_no_diagnosis() -> None:
    with pytest.raises(TypeError, match=r"^the walk still stands at wrong-fields$"):
        diagnose(walked(LATE), {}, "zh")


def test_several_values_are_listed_as_the_language_does() -> None:
    end = walked(AMOUNTS, tree=saying("{tracking-number}"))
    details = {"tracking-number": ("SF1234567890123", "75312345678901")}
    assert title(end, details, "zh") == "SF1234567890123、75312345678901"
    assert title(end, details, "en") == "SF1234567890123, 75312345678901"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("{estimate}", "否", "no"),
        ("{working-days-elapsed}", "34", "34"),
        ("{difference}", "2,000.00 元", "2,000.00 yuan"),
        ("{company}", "〈公司主体名称〉", "〈company name (公司主体名称)〉"),
        ("{no-such-name}", "〈no-such-name〉", "〈no-such-name〉"),
    ],
)
def test_a_text_is_filled_with_what_is_known(text: str, zh: str, en: str) -> None:
    end = walked(AMOUNTS, tree=saying(text))
    assert (title(end, {}, "zh"), title(end, {}, "en")) == (zh, en)


def test_an_estimated_yes_or_no() -> None:
    end = walked(
        {**AMOUNTS, "mailed-on": "2026-12-18"}, date(2027, 1, 20), tree=saying("{estimate}")
    )
    assert (title(end, {}, "zh"), title(end, {}, "en")) == ("是", "yes")


def test_a_question_is_filled_with_the_answers_so_far() -> None:
    so_far = walked({**LATE, "mailed-on": "2026-10-08"})
    assert ask_text(so_far, Text("{mailed-on}？", "{mailed-on}?")) == Text(
        "2026-10-08（周四）？", "2026-10-08 (Thu)?"
    )
    assert ask_text(so_far, Text("{company}", "{due}")).zh == "〈公司主体名称〉"


@pytest.mark.parametrize(
    ("done", "numbers", "short"),
    [
        ({}, ["SF1234567890123"], False),  # it is not mailed yet, and the e-mail is held
        ({"check-cancelled": DEC_1}, ["SF1234567890123"], False),  # mails nothing
        ({"supplementary-invoice": DEC_1}, ["SF1234567890123"], True),
        ({"supplementary-invoice": DEC_1}, ["SF1234567890123", "75312345678901"], False),
        ({"supplementary-invoice": DEC_1}, [], False),  # a gap, which is asked for in any case
    ],
)
def test_another_parcel_has_another_number(done: Done, numbers: list[str], *, short: bool) -> None:
    details = {"tracking-number": tuple(numbers)} if numbers else {}
    found = diagnose(walked(AMOUNTS, DEC_1, done), details, "zh")
    assert found.email is not None
    assert found.email.short == (("tracking-number",) if short else ())
    told = (
        "“补开并寄出 2,000.00 元的发票”做完了，快递单号却还只有 1 个：邮件里要写全。"
        "把新的也加上：--tracking-number SF1234567890123,…"
    )
    assert (told in found.warnings) == short
    assert any("还只有" in warning for warning in found.warnings) == short


def test_a_step_may_ask_for_several_kinds_of_numbers() -> None:
    step = TREE.steps["supplementary-invoice"]
    parcel = TREE.details["tracking-number"].but(id="parcel")
    tree = TREE.but(
        details={**TREE.details, "parcel": parcel},
        steps={**TREE.steps, step.id: step.but(asks=("parcel", "tracking-number"))},
    )
    end = walked(AMOUNTS, DEC_1, {step.id: DEC_1}, tree)
    numbers = {"tracking-number": ("a", "b"), "parcel": ("c",)}
    email = diagnose(end, numbers, "en").email
    assert email is not None
    assert email.short == ("parcel",)


def test_two_parcels_more_have_two_numbers_more() -> None:
    mailed = [TREE.steps[name] for name in ("check-new-statement", "supplementary-invoice")]
    again = {step.id: step.but(asks=("tracking-number",)) for step in mailed}
    tree = TREE.but(steps={**TREE.steps, **again})
    end = walked(AMOUNTS, DEC_1, dict.fromkeys(again, DEC_1), tree)
    (told,) = (
        warning
        for warning in diagnose(end, {"tracking-number": ("SF1", "SF2")}, "en").warnings
        if "still only" in warning
    )
    assert told.startswith("“Issue and mail a supplementary invoice for 2,000.00 yuan” is done;")
    assert told.endswith(
        "courier tracking number (快递单号): still only 2. The e-mail has to list them all; add the"
        " new one: --tracking-number SF1,SF2,…"
    )
    three = {"tracking-number": ("SF1", "SF2", "SF3")}
    assert not any("still only" in warning for warning in diagnose(end, three, "en").warnings)
