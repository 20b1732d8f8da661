"""Texts: the placeholders in them."""

from collections.abc import Iterator, Mapping, Sequence

from xingtu_cli.rules.check.parts import computable, texts, values
from xingtu_cli.rules.fault import Fault, Known
from xingtu_cli.rules.model import PLACEHOLDER, TODAY, Tree
from xingtu_cli.rules.source import Path
from xingtu_cli.text import Text


def faults(tree: Tree) -> Iterator[Fault]:
    """Yield XT405 (an unknown placeholder) and XT407 (one that only one language has)."""
    if not computable(tree):
        return  # what it would have computed is not known
    names = dict.fromkeys([*tree.questions, *tree.details, *tree.steps, TODAY])
    for decision in tree.decisions.values():
        names.update(dict.fromkeys(values(decision)))
    known = Known("XT405", names, "占位符", "placeholder")
    for path, text in texts(tree):
        if "{" in text.zh or "{" in text.en:
            yield from _placeholders(path, text, known)


def _placeholders(path: Path, text: Text, known: Known) -> Iterator[Fault]:
    named = {"zh": PLACEHOLDER.findall(text.zh), "en": PLACEHOLDER.findall(text.en)}
    one = text.zh is text.en  # in Chinese only
    unknown = [
        fault
        for lang in (("zh",) if one else ("zh", "en"))
        for name in dict.fromkeys(named[lang])
        for fault in known.unknown(path if one else (*path, lang), name)
    ]
    yield from unknown or _differing(path, named)


def _differing(path: Path, named: Mapping[str, Sequence[str]]) -> Iterator[Fault]:
    for name in sorted(set(named["zh"]) ^ set(named["en"])):
        lang, other = ("zh", "en") if name in named["zh"] else ("en", "zh")
        yield Fault(
            "XT407",
            (*path, other),
            Text(
                f"{{{name}}} 只出现在 {lang} 里，{other} 里没有",
                f"{{{name}}} stands in {lang} but not in {other}",
            ),
            Text("两种文字要写同样的占位符", "both languages need the same placeholders"),
        )
