"""Every recipe of docs/scripting.md runs, in bash, and prints what the page says."""

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
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=clean_environment(PATH=f"{PROGRAM.parent}:/usr/local/bin:/usr/bin:/bin"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert ran.stdout == shown, ran.stderr


def test_every_script_on_the_page_is_a_recipe() -> None:
    assert len(recipes()) == PAGE.count("```sh\n") >= 5
