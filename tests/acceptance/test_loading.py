"""A run loads what it needs and no more, whatever the machine's speed; see the README."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import clean_environment, flags

ANSWERS = flags(
    {
        "settled": "yes",
        "stamped": "yes",
        "mailed-on": "2026-10-08",
        "wrong-fields": "account-number",
        "statement-status": "cancellable",
        "new-amount": "12000",
        "invoiced-amount": "10000",
        "today": "2026-11-23",
    }
)
# what only some runs want; coverage, which looks on here, has loaded others of the library's own
UNWANTED = {
    *("xingtu_cli.ask", "xingtu_cli.answersfile", "xingtu_cli.casefile", "xingtu_cli.calendarfile"),
    *("xingtu_cli.attachments", "xingtu_cli.offer", "xingtu_cli.pdf"),
    *("xingtu_cli.cli.drafting", "xingtu_cli.cli.saved", "xingtu_cli.cli.dates"),
    *("xingtu_cli.cli.batch", "xingtu_cli.cli.account", "xingtu_cli.rules.views"),
    *("rich.console", "openpyxl", "icalendar", "pypdfium2"),
}


def loaded(*words: str) -> set[str]:
    """Run the program, and return the modules it has loaded at its end."""
    telling = (
        "import sys; from xingtu_cli.cli import main; code = main(sys.argv[1:]);"
        "sys.stderr.write('\\n'.join(sys.modules)); sys.exit(code)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", telling, *words],
        capture_output=True,
        encoding="utf-8",
        env=clean_environment(),
        check=True,
    )
    assert ran.stdout
    return set(ran.stderr.split("\n"))


def test_a_scripted_diagnosis() -> None:
    for words in (ANSWERS, [*ANSWERS, "--format", "json"]):
        modules = loaded("diagnose", *words)
        assert {"typer", "xingtu_cli.diagnosis"} <= modules
        assert not UNWANTED & modules


def test_the_version() -> None:
    modules = loaded("--version")
    assert "xingtu_cli.rules.load" in modules  # it tells the version of the rules too
    assert not {*UNWANTED, "typer", "pydantic", "xingtu_cli.walk"} & modules


def test_what_is_wanted_is_loaded(tmp_path: Path) -> None:
    early = flags({"settled": "yes", "stamped": "yes", "mailed-on": "2026-11-20"})
    files = ["--save", str(tmp_path / "case.yaml"), "--ics", str(tmp_path / "case.ics")]
    modules = loaded("diagnose", *early, "--today", "2026-11-23", *files)
    assert {"xingtu_cli.casefile", "xingtu_cli.calendarfile", "icalendar"} <= modules
