"""The Python interface: read a rules file, and diagnose by it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from xingtu_cli import ask, clock, diagnosis
from xingtu_cli.answers import YEARS, parse_all
from xingtu_cli.diagnosis import Diagnosis
from xingtu_cli.rules.load import load
from xingtu_cli.rules.model import Question, Tree
from xingtu_cli.text import Lang
from xingtu_cli.walk import walk

__all__ = ["diagnose", "load"]


def diagnose(
    given: Mapping[str, str | Sequence[str]],
    *,
    today: date | None = None,
    lang: Lang = "zh",
    tree: Tree | None = None,
) -> Diagnosis:
    """Diagnose a settlement from its answers and details, each under the name of its flag.

    Values are written as the flags take them. `today`, in 2000 to 2099 as every date, is China's
    where it is left out, `tree` the shipped rules. Amounts in the result are exact decimals in
    yuan, dates are `datetime.date`.

    Raises `InvalidAnswers` with every value refused, and `MissingAnswers` with the questions that
    the route still needs; both are in `xingtu_cli.errors`. Raises `TypeError` for a value that is
    no text and a `today` that is no date, and `ValueError` for one in another century.
    """
    rules, day = tree or load(), today or clock.today()
    if isinstance(day, datetime) or not isinstance(day, date):
        raise TypeError(f"today is {day!r}; give a datetime.date")
    if day.year not in YEARS:
        raise ValueError(f"today is {day}, not a day from {YEARS[0]} to {YEARS[-1]}")
    for name, value in given.items():
        texts = [value] if isinstance(value, str) else value
        if not (
            isinstance(texts, Sequence) and all(isinstance(text, str) for text in [name, *texts])
        ):
            raise TypeError(f"{name} is {value!r}; give a str, as its flag takes it, or several")
    answers, details = parse_all(rules, given, day)
    finished = walk(rules, answers, day)
    if isinstance(finished.at, Question):
        raise ask.missing(finished)
    return diagnosis.diagnose(finished, details, lang)
