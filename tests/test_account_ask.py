"""What is said before the account details are asked for."""

from dataclasses import dataclass, field

import pytest

from xingtu_cli.account import FIELDS, asked
from xingtu_cli.account_ask import INTRO, INTRO_RIGHT, Details, ask_details
from xingtu_cli.layout import Line
from xingtu_cli.rules.load import load

TREE = load()
RIGHT = dict(zip(FIELDS, ("某公司", "0200001234567890123", "某银行"), strict=True))


@dataclass
class Enter:
    """A user who presses Enter at each question."""

    width: int = 80
    seen: list[str] = field(default_factory=list)

    def say(self, *lines: Line) -> None:
        self.seen += [line.text for line in lines]

    def hear(self) -> str:
        return ""

    def shows(self, character: str) -> bool:
        return True


@pytest.mark.parametrize(
    ("given", "on_page", "intro"),
    [
        (Details({}, RIGHT), True, []),
        (Details({}, {}), True, [INTRO_RIGHT.zh]),
        (Details({}, {}), False, [INTRO.zh]),
    ],
)
def test_the_intro_says_what_is_asked(given: Details, on_page: bool, intro: list[str]) -> None:
    user = Enter()
    ask_details(asked(TREE), given, user, "zh", on_page=on_page)
    assert user.seen[:1] == intro
