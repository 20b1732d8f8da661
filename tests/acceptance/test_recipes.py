"""What the pages show is what is printed.

That is every recipe of docs/scripting.md, and the table that the READMEs diagnose, run in bash.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROGRAM, ROOT, clean_environment
from tests.pdfs import scan

PAGE = (ROOT / "docs" / "scripting.md").read_text("utf-8")
RECIPES = re.findall(r"^## ([^\n]+)\n|^```sh\n(.*?)^```\n+```\n(.*?)^```", PAGE, re.M | re.S)


def recipes() -> list[tuple[str, str, str]]:
    heading, found = "", []
    for title, script, shown in RECIPES:
        heading = title or heading
        if script:
            found.append((heading, script, shown))
    return found


@pytest.mark.skipif(not shutil.which("jq"), reason="no jq here")
@pytest.mark.parametrize(("heading", "script", "shown"), recipes())
def test_a_recipe_prints_what_the_page_says(
    heading: str, script: str, shown: str, tmp_path: Path
) -> None:
    (tmp_path / "扫描件.pdf").write_bytes(scan())
    ran = in_bash(script, tmp_path)
    assert ran.stdout == shown, ran.stderr


def test_every_script_on_the_page_is_a_recipe() -> None:
    assert len(recipes()) == PAGE.count("```sh\n") >= 5


@pytest.mark.skipif(not shutil.which("jq"), reason="no jq here")
@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_the_table_of_a_readme_gives_what_is_shown(page: str, tmp_path: Path) -> None:
    (block,) = re.findall(r"^```\n\$ cat (.*?)^```", (ROOT / page).read_text("utf-8"), re.M | re.S)
    (name, table), *runs = [part.split("\n", 1) for part in block.split("\n$ ")]
    (tmp_path / name).write_text(f"{table}\n", "utf-8")
    assert len(runs) == 2
    for script, shown in runs:
        while script.endswith(("\\", "|")):
            line, shown = shown.split("\n", 1)
            script += f"\n{line}"
        printed = in_bash(f"{{ {script}\n}} 2>&1", tmp_path).stdout
        assert printed.removeprefix("\ufeff").rstrip("\n") == shown.rstrip("\n")


def in_bash(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=clean_environment(PATH=f"{PROGRAM.parent}:/usr/local/bin:/usr/bin:/bin"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
