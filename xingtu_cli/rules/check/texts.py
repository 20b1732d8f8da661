"""Texts: their placeholders, and that each has a value wherever the text is shown."""

import re
from collections.abc import Iterator, Mapping, Sequence

from xingtu_cli.rules.check.parts import computable, texts, values
from xingtu_cli.rules.check.routes import Routes, destination
from xingtu_cli.rules.check.shown import shown
from xingtu_cli.rules.fault import Fault, Known
from xingtu_cli.rules.model import PLACEHOLDER, TODAY, Tree
from xingtu_cli.rules.source import Path
from xingtu_cli.text import Text

BRACE = re.compile(r"[{}]")


def faults(tree: Tree, routes: Routes) -> Iterator[Fault]:
    """Yield XT405 to XT408, all about placeholders."""
    yield from _words(tree)
    if routes.whole and computable(tree):
        yield from _values(tree, routes)


def _words(tree: Tree) -> Iterator[Fault]:
    """Yield XT405 (an unknown one), XT407 (one in one language only) and XT408 (a lone brace)."""
    names = dict.fromkeys([*tree.questions, *tree.details, *tree.steps, TODAY])
    for decision in tree.decisions.values():
        names.update(dict.fromkeys(values(decision)))
    if not computable(tree):  # then any name may be one that it would compute
        names.update(dict.fromkeys(n for _, text in texts(tree) for n in placeholders(text)))
    known = Known("XT405", names, "占位符", "placeholder")
    for path, text in texts(tree):
        if "{" in text.zh or "{" in text.en or "}" in text.zh or "}" in text.en:
            yield from _placeholders(path, text, known)


def _placeholders(path: Path, text: Text, known: Known) -> Iterator[Fault]:
    named = {"zh": PLACEHOLDER.findall(text.zh), "en": PLACEHOLDER.findall(text.en)}
    amiss = False
    # of a text in Chinese only each is found twice, at the same place; it is told once
    for lang, words in (("zh", text.zh), ("en", text.en)):
        at = (*path, lang)
        if lone := BRACE.search(PLACEHOLDER.sub("", words)):
            amiss = True
            yield Fault(
                "XT408",
                at,
                Text(f"大括号 {lone[0]} 不成对", f"the brace {lone[0]} has no partner"),
                Text("占位符的写法是 {名称}", "a placeholder is written {name}"),
            )
        for name in dict.fromkeys(named[lang]):
            for fault in known.unknown(at, name, words=f"{{{name}}}"):
                amiss = True
                yield fault
    if not amiss:
        yield from _differing(path, named)


def placeholders(text: Text) -> Sequence[str]:
    """Return the names of the placeholders in a text, in either language."""
    return PLACEHOLDER.findall(text.zh + text.en)


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


def _values(tree: Tree, routes: Routes) -> Iterator[Fault]:
    """Yield XT406: a placeholder in a text that some route shows without a value for it."""
    told: set[tuple[Path, str]] = set()
    known = {*tree.details, *tree.steps, TODAY}
    asked = {*tree.questions, *(v for d in tree.decisions.values() for v in values(d))}
    for path, text, when, end in shown(tree, routes):
        for name in dict.fromkeys(PLACEHOLDER.findall(text.zh)):
            if name in known or name not in asked or (path, name) in told:
                continue
            if not routes.knows(name, when, end):
                told.add((path, name))
                where = destination(tree, end)
                yield Fault(
                    "XT406",
                    (*path, "zh"),
                    Text(
                        f"{where.zh}，不一定有 {{{name}}} 的值",
                        f"{where.en} there may be no value for {{{name}}}",
                    ),
                    Text(
                        "请换一个占位符；步骤和提示也可以用 when 限定",
                        "use another placeholder; a step or note may also be limited by a when",
                    ),
                    words=f"{{{name}}}",
                )
