"""How long a rules file takes to load and check, for 100 to 100,000 questions.

    python benchmarks/rules_scale.py [SIZE ...]

Each tree has choices, amounts, decisions, outcomes that many questions share, and steps whose
conditions and placeholders hang on the way. It is processor time that counts; the sizes are taken
turn about and the fastest of the rounds counts, so that one slow moment of the machine does not
decide. The last lines compare the time per question of the largest and the smallest tree.
"""

import gc
import sys
import time
from collections.abc import Iterator

from xingtu_cli.rules import schema, source
from xingtu_cli.rules.check import check
from xingtu_cli.rules.load import loads, undisturbed

SIZES = (100, 1_000, 10_000, 100_000)
ROUNDS = 3
LINEAR = 2.0  # the most that the time per question may grow by and still be called linear
STAGES = ("read", "validate", "check")


def tree(questions: int) -> str:
    """Return a sound rules file with so many questions; each is reached on some route."""
    return "".join(_parts(questions))


def _parts(questions: int) -> Iterator[str]:
    yield "id: large\nversion: '1'\nas_of: '2026'\ntitle: {zh: 大, en: large}\nstart: q0\nroute:\n"
    for n in range(questions):
        following = f"q{n + 1}" if n + 1 < questions else "end"
        yield _amount(n, following) if n % 10 == 8 else _choice(n, following)
    yield "outcomes:\n  end: {title: {zh: 完, en: end}, summary: {zh: 完。, en: End}, steps: []}\n"
    for n in range(0, questions, 10):
        yield (
            f"  o{n}:\n    title: {{zh: 结论 {n}, en: outcome {n}}}\n"
            f"    summary: {{zh: '因为 {{q{n}}}。', en: 'Because of {{q{n}}}.'}}\n"
            f"    steps: [s{n}, t{n}]\n"
        )
    yield "\nsteps:\n"
    for n in range(0, questions, 10):
        own = f"q{n + 1}" if n + 1 < questions and (n + 1) % 10 != 8 else f"q{n}"
        yield (
            f"  s{n}: {{title: {{zh: 先, en: first}}, text: {{zh: '{{q{n}}}', en: '{{q{n}}}'}}}}\n"
            f"  t{n}:\n    title: {{zh: 再做, en: then}}\n    when: {{{own}: 'no'}}\n"
            f"    text: {{zh: '{{{own}}}。', en: '{{{own}}}.'}}\n"
        )


def _choice(n: int, following: str) -> str:
    """Return a question that goes on, or to the outcome that its ten share."""
    return (
        f"  q{n}:\n    label: {{zh: 第 {n} 题, en: number {n}}}\n"
        f"    ask: {{zh: 第 {n} 题，是吗？, en: 'Number {n}: is it?'}}\n"
        f"    help: {{zh: 看一看。, en: Look.}}\n    choices:\n"
        f"      'yes': {{label: {{zh: 是, en: 'Yes'}}, then: {following}}}\n"
        f"      'no': {{label: {{zh: 否, en: 'No'}}, then: o{n // 10 * 10}}}\n"
    )


def _amount(n: int, following: str) -> str:
    """Return a question for an amount and the decision that compares it."""
    return (
        f"  q{n}:\n    label: {{zh: 金额 {n}, en: sum {n}}}\n    ask: {{zh: 多少？, en: What?}}\n"
        f"    help: {{zh: 看。, en: Look.}}\n    type: amount\n    then: d{n}\n"
        f"  d{n}:\n    says: {{zh: 一样吗, en: same}}\n    compute: compare-amounts\n"
        f"    of: {{new: q{n}, old: q{n}}}\n    then: {following}\n"
    )


def measure(text: str) -> dict[str, float]:
    """Return the seconds of processor time that each stage of loading takes."""
    gc.collect()
    taken: dict[str, float] = {}
    start = time.process_time()
    document = source.read(text, "large.yaml")
    taken["read"] = time.process_time() - start
    fitted = schema.fit(document.data)
    taken["validate"] = time.process_time() - start - taken["read"]
    if fitted.tree is None or fitted.faults or list(check(fitted.tree)):
        raise SystemExit("the generated tree has problems")
    taken["check"] = time.process_time() - start - sum(taken.values())
    return taken


def main(sizes: list[int]) -> None:
    """Print the table and the verdict."""
    loads(tree(sizes[0]))  # what is done once is no part of it
    texts = {size: tree(size) for size in sizes}
    fastest: dict[int, dict[str, float]] = {}
    for _ in range(ROUNDS):
        for size in sizes:
            # a small tree is measured several times over, as one run is too short to tell
            for _ in range(max(1, min(50, 10_000 // size))):
                with undisturbed():
                    taken = measure(texts[size])
                known = fastest.setdefault(size, taken)
                if sum(taken.values()) < sum(known.values()):
                    fastest[size] = taken
    print(f"{'questions':>10} {'MB':>6}" + "".join(f"{stage:>10}" for stage in STAGES), end="")
    print(f"{'total s':>10} {'µs/question':>12}")
    each = {}
    for size, taken in fastest.items():
        total = sum(taken.values())
        each[size] = total / size * 1e6
        print(f"{size:>10,} {len(texts[size].encode()) / 1e6:>6.2f}", end="")
        print("".join(f"{taken[stage]:>10.4f}" for stage in STAGES), end="")
        print(f"{total:>10.4f} {each[size]:>12.1f}")
    ratio = each[max(sizes)] / each[min(sizes)]
    print(f"time per question, largest to smallest: {ratio:.2f}")
    print("verdict: " + ("linear" if ratio <= LINEAR else f"not linear (above {LINEAR})"))


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or list(SIZES))
