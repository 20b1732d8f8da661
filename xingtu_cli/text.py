"""Say one thing in both languages, and read a word however it was typed."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Literal, NamedTuple, get_args

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


class Text(NamedTuple):
    """A message in Chinese and in English; the reader's language is chosen when it is shown."""

    zh: str
    en: str

    def in_(self, lang: Lang) -> str:
        """Return the text in `lang`."""
        return self.zh if lang == "zh" else self.en

    def plus(self, other: "Text") -> "Text":
        """Return this text followed by another."""
        return Text(self.zh + other.zh, self.en + other.en)

    def format(self, **values: object) -> "Text":
        """Fill `{name}` fields in both languages; a `Text` value is taken in the matching one.

        A path is made visible: a file may be called anything.
        """
        shown = {k: visible(str(v)) if isinstance(v, PurePath) else v for k, v in values.items()}
        return Text(
            self.zh.format(**{k: v.zh if isinstance(v, Text) else v for k, v in shown.items()}),
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in shown.items()}),
        )


NOTHING = Text("", "")
COLON = Text("：", ": ")
INFERRED = Text("（推断）", "(our inference) ")  # before what no source says in words
LINE_END = re.compile("\r\n|\r|\n")
# control characters, line ends, what turns the direction of writing, and bytes that were no text
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd-\uffff]"
)
_JSON_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*"?|[][{}]', re.DOTALL)
# zero-width spaces and joiners, marks of direction, a byte order mark
_UNSEEN = dict.fromkeys(
    [*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF]
)


def same(text: str) -> Text:
    """Return a `Text` that reads the same in both languages (a name, a value)."""
    return Text(text, text)


def join(texts: Sequence[Text], *, zh: str = "、", en: str = ", ") -> Text:
    """Join texts with each language's own separator."""
    return Text(zh.join(t.zh for t in texts), en.join(t.en for t in texts))


def within_quotes(text: Text) -> Text:
    """Return a text whose own quotes are single, to stand within double ones."""
    single = str.maketrans("“”", "‘’")
    return Text(text.zh.translate(single), text.en.translate(single))


def lines(text: str, last: int) -> list[str]:
    """Return the lines of a text up to number `last`, as YAML and editors count them."""
    return LINE_END.split(text, last)[:last] if last > 0 else []  # 0 is no limit to `split`


def has_control(text: str) -> bool:
    """Tell whether a text has a line end or a control character, or is not text throughout."""
    return _CONTROL.search(text) is not None


def visible(text: str) -> str:
    """Make control characters visible, so that no text can steer a terminal."""
    return _CONTROL.sub(lambda match: _escape(ord(match[0])), text)


def _escape(code: int) -> str:
    byte = code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code  # one that was no text
    return f"\\x{byte:02x}" if byte <= 0xFF else f"\\u{code:04x}"


def plain(typed: str) -> str:
    """Fold full-width letters, digits and punctuation (， ： （ ￥ …) to their plain forms.

    What nobody sees, as a web page or a chat puts it into what is copied, is taken out.
    """
    if typed.isascii():
        return typed.strip()
    return unicodedata.normalize("NFKC", typed.translate(_UNSEEN)).strip()


def folded(typed: str) -> str:
    """Fold what makes no difference between two words: width, case, the number of spaces."""
    return " ".join(plain(typed).split()).casefold()


def is_deeper(json: str, most: int) -> bool:
    """Tell whether a text has more than `most` brackets of JSON within each other.

    Python's reader goes a level of its own stack deeper for each, and that may be small.
    """
    if json.count("[") + json.count("{") <= most:
        return False
    depth = 0
    for match in _JSON_BRACKETS.finditer(json):
        depth += match[0] in "[{"
        depth -= match[0] in "]}"
        if depth > most:
            return True
    return False


def did_you_mean(word: str, known: Iterable[str]) -> Text:
    """Return “, did you mean …?” for the closest of `known` words, or nothing."""
    near = closest(word, known)
    return Text(f"，是不是“{near}”？", f"; did you mean “{near}”?") if near else same("")


def closest(word: str, known: Iterable[str]) -> str:
    """Return the one of `known` words that `word` may be a slip for, or nothing."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1)
    return near[0] if near else ""
