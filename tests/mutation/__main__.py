"""Mutation testing: python -m tests.mutation [PATH ...]

Each PATH is a file or folder under `xingtu_cli/`; without one, all that is listed in `PATHS`.
Prints each mutant that no test noticed, and then how many there were. `explained.txt` tells of
those that make no difference; the exit code is 1 if there are others, or if it tells of one that
is noticed or is no more.
"""

import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.mutation.mutants import Mutant
from tests.mutation.plugin import Trial

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "xingtu_cli"
PATHS = ["walk.py", "facts.py", "diagnosis.py", "progress.py", "rules"]
TESTS = ["test_walk.py", "test_facts.py", "test_diagnosis.py", "test_progress.py"]
TESTS += ["test_reports.py"]
RULES = ["rules", "test_answersfile.py", "test_casefile.py"]
OPTIONS = ["-qq", "--no-cov", "--no-header", "--no-summary", "-p", "no:cacheprovider"]
OPTIONS += ["-p", "no:xdist", "--ignore=tests/rules/test_hostile.py", f"--rootdir={ROOT}"]
EXPLAINED = (Path(__file__).parent / "explained.txt").read_text("utf-8").splitlines()


def main(names: list[str]) -> int:
    """Try the mutants, print what became of them, and return the exit code."""
    paths = [path for name in names for path in sorted(_files(PACKAGE / name))]
    in_rules = any(PACKAGE / "rules" in path.parents for path in paths)
    tests = [*TESTS, *(RULES if in_rules else ["rules/views/test_routes.py"])]
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    explained = set(EXPLAINED)

    def tell(mutant: Mutant, end: str) -> None:
        file = mutant.path.relative_to(PACKAGE).as_posix()
        line = f"{file} {mutant.function}: {mutant.change}"
        if end == "survived" and line in EXPLAINED:
            end = "explained"
            explained.discard(line)
        elif end != "killed":
            print(f"{end}: {line}", flush=True)
        counts[file][end] += 1

    sys.argv[0] = "pytest"  # tests look at how the program was called
    pytest.main([*OPTIONS, *(f"tests/{name}" for name in tests)], plugins=[Trial(paths, tell)])
    print("| file | mutants | killed | explained | left |", "|---|---|---|---|---|", sep="\n")
    left = 0
    for file, count in counts.items():
        killed = count["killed"] + count["timeout"]
        others = count.total() - killed - count["explained"]
        print(f"| `{file}` | {count.total()} | {killed} | {count['explained']} | {others} |")
        left += others
    stale = [line for line in EXPLAINED if line in explained and line.partition(" ")[0] in counts]
    for line in stale:
        print(f"explained, but noticed or no more: {line}")
    return int(left > 0 or not counts or bool(stale))


def _files(path: Path) -> list[Path]:
    return list(path.rglob("*.py")) if path.is_dir() else [path]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PATHS))
