"""Mutation testing: python -m tests.mutation [PATH ...]

Each PATH is a file or folder under `xingtu_cli/`; without one, all that is listed in `PATHS`.
Prints each mutant that no test noticed, and how many there were. `explained.txt` tells of those
that make no difference; the exit code is 1 if there are others.
"""

import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.mutation.plugin import Trial

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "xingtu_cli"
PATHS = ["walk.py", "facts.py", "diagnosis.py", "progress.py", "rules"]
TESTS = ["test_walk.py", "test_facts.py", "test_progress.py"]
TESTS += ["test_reports.py", "test_mail.py", "rules/views/test_routes.py"]
RULES = ["tests/rules", "--ignore=tests/rules/test_hostile.py"]
QUIET = [
    "-qq",
    "--no-cov",
    "--no-header",
    "--no-summary",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
]


def main(names: list[str]) -> int:
    """Try the mutants, print what became of them, and return the exit code."""
    paths = [each for name in names for each in sorted(_files(PACKAGE / name))]
    tests = [f"tests/{name}" for name in TESTS]
    if any(PACKAGE / "rules" in path.parents for path in paths):
        tests += RULES
    sys.argv[0] = "pytest"  # tests look at how the program was called
    trial = Trial(paths)
    pytest.main([*QUIET, "--rootdir", str(ROOT), *tests], plugins=[trial])
    explained = (Path(__file__).parent / "explained.txt").read_text("utf-8").splitlines()
    table, left = ["| file | mutants | killed | explained | left |", "|---|---|---|---|---|"], 0
    for path in paths:
        file = path.relative_to(PACKAGE).as_posix()
        counted: Counter[str] = Counter()
        for mutant, end in trial.ends.items():
            if mutant.path == path:
                line = f"{file} {mutant.function}: {mutant.change}"
                if end == "survived" and line in explained:
                    end = "explained"
                elif end != "killed":
                    print(f"{end}: {line}")
                counted[end] += 1
        killed = counted["killed"] + counted["timeout"]
        others = counted.total() - killed - counted["explained"]
        left += others
        table.append(
            f"| `{file}` | {counted.total()} | {killed} | {counted['explained']} | {others} |"
        )
    print(*table, sep="\n")
    return int(left > 0)


def _files(path: Path) -> list[Path]:
    return list(path.rglob("*.py")) if path.is_dir() else [path]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or PATHS))
