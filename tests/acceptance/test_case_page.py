"""What `case show` says of the e-mail step, and of a step done too early."""

from pathlib import Path

from tests.conftest import Run, flags
from tests.routes import CANCELLABLE, WRONG

LOCKED = {**WRONG, "statement-status": "withdrawn"}
NOT_GENERATED = {**CANCELLABLE, "new-amount": "not-yet"}


def test_the_email_step_ends_in_the_line_that_writes_the_draft(xingtu: Run, tmp_path: Path) -> None:
    words = ["--company", "某公司", "--today", "2026-11-24"]
    xingtu("diagnose", *flags(LOCKED), *words, "--save", "z.yaml", cwd=tmp_path)
    xingtu("case", "done", "z.yaml", "1", "--today", "2026-11-24", cwd=tmp_path)
    shown = xingtu("case", "show", "z.yaml", cwd=tmp_path).out
    line = shown.partition("补上并写成草稿：\n")[2].partition("\n")[0]
    start = "xingtu diagnose --answers z.yaml --save z.yaml --force --eml 草稿.eml"
    assert line.startswith(start)
    assert " --nickname …" in line
    assert line.endswith(" --attach …")
    assert "--company" not in line


def test_a_step_done_too_early_says_so_on_its_line(xingtu: Run, tmp_path: Path) -> None:
    words = [*flags(NOT_GENERATED), "--today", "2026-12-02"]
    xingtu("diagnose", *words, "--save", "z.yaml", cwd=tmp_path)
    for step, day in (("1", "2026-12-02"), ("2", "2026-12-02"), ("3", "2026-12-04")):
        xingtu("case", "done", "z.yaml", step, "--today", day, cwd=tmp_path)
    zh = xingtu("case", "show", "z.yaml", "--today", "2026-12-05", cwd=tmp_path).out
    assert "2026-12-04（周五）完成，早于 2027-01-01（周五）（最早的日期），请核对" in zh
    words = ["case", "show", "z.yaml", "--today", "2026-12-05", "--lang", "en"]
    en = xingtu(*words, cwd=tmp_path).out
    assert "done 2026-12-04 (Fri), before 2027-01-01 (Fri), its earliest day; check" in en


def test_a_day_to_come_names_the_help_of_done(xingtu: Run, tmp_path: Path) -> None:
    xingtu("diagnose", *flags(LOCKED), "--today", "2026-11-24", "--save", "z.yaml", cwd=tmp_path)
    words = ["case", "done", "z.yaml", "1", "--on", "2026-11-30", "--today", "2026-11-24"]
    refused = xingtu(*words, cwd=tmp_path)
    assert refused.code == 2
    assert "xingtu case done --help" in refused.err
