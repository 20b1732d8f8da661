import os
import signal
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.routes import CANCELLABLE
from xingtu_cli import answers, casefile
from xingtu_cli.answersfile import Told
from xingtu_cli.casefile import Case
from xingtu_cli.errors import CannotRead, CannotWrite, CaseChanged, FileExists, InvalidCase
from xingtu_cli.rules.load import load
from xingtu_cli.walk import Done, Walk, walk

TREE = load()
NOV_24, DEC_5 = date(2026, 11, 24), date(2026, 12, 5)
DETAILS = {"nickname": ("小明",), "tracking-number": ("0012345", "SF123")}
HERE = Path("case.yaml")


def finished(
    today: date = NOV_24, done: Done | None = None, more: dict[str, str] | None = None
) -> Walk:
    given_ = {**CANCELLABLE, "new-amount": "not-yet", "invoiced-amount": "10000", **(more or {})}
    known = {k: answers.parse(TREE.questions[k], v, today) for k, v in given_.items()}
    return walk(TREE, known, today, done)


def case(done: Done | None = None, more: dict[str, str] | None = None) -> Case:
    return casefile.from_walk(finished(done=done, more=more), DETAILS, HERE)


def written(text: str, tmp_path: Path) -> Path:
    path = tmp_path / "case.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_case_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    saved = replace(case({"cancel-statement": NOV_24}), note="平台说：\n  再等等 # 是吗\t?")
    casefile.save(saved, path, TREE)
    assert casefile.load(path) == saved
    fitted, done = casefile.load(path).fitted(TREE, str(path), DEC_5)
    assert fitted.answers == finished().answers
    assert fitted.details == DETAILS
    assert done == {"cancel-statement": NOV_24}
    assert fitted.problems == ()


def test_what_was_answered_but_not_needed_is_kept() -> None:
    assert case().answers["invoiced-amount"] == Told(("10000.00",))


def test_it_is_readable_and_every_value_is_text_to_any_reader() -> None:
    text = casefile.dump(case({"cancel-statement": NOV_24}), TREE)
    assert "nickname: '小明'  # 即合昵称" in text
    assert "cancel-statement: '2026-11-24'  # 取消已生成的结算单" in text
    assert text.encode("gbk")
    by_another: dict[str, Any] = yaml.safe_load(text)
    assert by_another.pop("xingtu-case") == 1
    assert by_another["answers"]["settled"] == "yes"
    assert by_another["answers"]["mailed-on"] == "2026-10-08"
    assert by_another["details"]["tracking-number"] == ["0012345", "SF123"]
    assert by_another["created"] == by_another["diagnosed"] == "2026-11-24"


# what a file may not have is refused, or taken out, before it can get into a case
REFUSED = "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=REFUSED))
DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
NAMES = st.sampled_from(["settled", "yes", "on", "null", "e12", "x"])


@given(
    st.builds(
        Case,
        id=ANY_TEXT.filter(bool),
        rules=st.tuples(ANY_TEXT.filter(bool), ANY_TEXT.filter(bool)),
        created=DAYS,
        diagnosed=DAYS,
        outcome=ANY_TEXT.filter(bool),
        answers=st.dictionaries(NAMES, st.lists(ANY_TEXT).map(lambda v: Told(tuple(v)))),
        details=st.dictionaries(NAMES, st.lists(ANY_TEXT).map(lambda v: Told(tuple(v)))),
        done=st.dictionaries(NAMES, DAYS),
        note=ANY_TEXT,
        places=st.just({}),
    )
)
def test_any_case_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, any_: Case
) -> None:
    path = tmp_path_factory.mktemp("case") / "case.yaml"
    casefile.save(any_, path, TREE)
    assert casefile.load(path) == any_
    assert yaml.safe_load(path.read_text("utf-8"))["note"] == any_.note


def test_a_renewed_case_keeps_its_id_its_first_day_its_note_and_what_is_done() -> None:
    first = replace(case({"cancel-statement": NOV_24}), note="n")
    later = finished(DEC_5, {"cancel-statement": NOV_24}, {"new-amount": "12000"})
    second = casefile.from_walk(later, {}, HERE, first)
    assert (second.id, second.created, second.note) == (first.id, NOV_24, "n")
    assert second.diagnosed == DEC_5
    assert second.done == first.done
    earlier = casefile.from_walk(finished(date(2026, 11, 1)), {}, HERE, first)
    assert earlier.done == first.done  # not lost by a look back in time


def test_two_cases_have_two_ids() -> None:
    ids = {
        case().id,
        case(more={"mailed-on": "2026-10-09"}).id,
        casefile.from_walk(finished(), DETAILS, Path("other.yaml")).id,
        casefile.from_walk(finished(), {}, HERE).id,
    }
    assert len(ids) == 4
    assert case().id == case().id


def test_it_is_for_its_owner_alone_and_overwrites_nothing(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    casefile.save(case(), path, TREE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    long = replace(case(), note="很" * 400_000)
    with pytest.raises(CannotWrite, match="larger than 1 MB"):
        casefile.save(long, path, TREE, force=True)
    with pytest.raises(FileExists):
        casefile.save(case(), path, TREE)
    path.chmod(0o644)
    casefile.update(case(), path, TREE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_update_refuses_a_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.yaml", tmp_path / "link.yaml"
    casefile.save(case(), target, TREE)
    before = target.read_bytes()
    link.symlink_to(target)
    with pytest.raises(CannotWrite, match="is a link and was left as it is"):
        casefile.update(case({"cancel-statement": NOV_24}), link, TREE)
    assert link.is_symlink()
    assert target.read_bytes() == before
    casefile.save(case(), link, TREE, force=True)
    assert not link.is_symlink()
    assert target.read_bytes() == before


UPDATING = """
import pathlib, sys
from datetime import date, timedelta
from dataclasses import replace
from xingtu_cli import casefile
from xingtu_cli.rules.load import load
path, tree = pathlib.Path(sys.argv[1]), load()
for n in range(100_000):
    day = date(2026, 1, 1) + timedelta(days=n % 300)
    case = replace(casefile.load(path), note="长" * 10_000)
    casefile.update(replace(case, done={"cancel-statement": day}), path, tree)
    if n == 1:
        print("running", flush=True)
"""


def test_a_kill_leaves_a_whole_case(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    casefile.save(case(), path, TREE)
    for wait in (0.001, 0.02, 0.05):
        writer = subprocess.Popen(
            [sys.executable, "-c", UPDATING, str(path)], stdout=subprocess.PIPE
        )
        assert writer.stdout
        writer.stdout.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(wait)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert casefile.load(path).answers == case().answers
    assert len(casefile.load(path).note) == 10_000
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    text = casefile.dump(case(), TREE).replace("xingtu-case: 1", "xingtu-case: 2\nmore: {a: b}")
    path = written(text, tmp_path)
    with pytest.raises(CannotRead, match=r"newer xingtu \(format 2\)"):
        casefile.load(path)
    assert path.read_text("utf-8") == text


def test_what_is_no_case(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="is no saved case"):
        casefile.load(written("settled: yes\n", tmp_path))
    with pytest.raises(CannotRead, match="there is no file"):
        casefile.load(tmp_path / "none")


def test_every_problem_with_its_place(tmp_path: Path) -> None:
    path = written(
        "xingtu-case: one\nid: [a]\nrules: {id: r}\ncreated: 24.11.2026\noutcom: x\n"
        "answers: [a]\ndone: {a: yesterday, b: {}}\n",
        tmp_path,
    )
    with pytest.raises(InvalidCase) as caught:
        casefile.load(path)
    assert [problem.at("en").removeprefix(f"{path}:") for problem in caught.value.problems] == [
        "1:1: diagnosed is missing",
        "1:1: outcome is missing",
        "1:14: “one” is no format; it is 1",
        "2:1: this must be a text",
        "3:8: rules.version is missing",
        "4:10: “24.11.2026”: day and month cannot be told apart; write it like 2026-10-08, year"
        " first",
        "5:1: there is no key “outcom”; did you mean “outcome”?",
        "6:10: this must be a mapping of names to contents",
        "7:11: “yesterday”: not a date; write it like 2026-10-08",
        "7:22: this must be a text",
    ]


def test_one_problem_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    casefile.save(case({"cancel-statement": NOV_24}), path, TREE)
    text = path.read_text("utf-8")
    begin = text.index("\ndone:")
    path.write_text(f"{text[:begin]}\ndone: [a, b]\n", "utf-8")
    with pytest.raises(InvalidCase) as caught:
        casefile.load(path)
    assert [problem.message.en for problem in caught.value.problems] == [
        "this must be a mapping of names to contents"
    ]


def test_under_its_own_rules_an_answer_must_fit(tmp_path: Path) -> None:
    path = written(
        casefile.dump(case(), TREE).replace("'cancellable'  #", "'cancelable'  #"), tmp_path
    )
    with pytest.raises(InvalidCase) as caught:
        casefile.load(path).fitted(TREE, str(path), NOV_24)
    assert "did you mean cancellable" in caught.value.problems[0].at("en")


def test_under_other_rules_what_fits_is_used_and_what_does_not_is_named(tmp_path: Path) -> None:
    text = casefile.dump(case({"cancel-statement": NOV_24}), TREE)
    text = text.replace("2026.11.1", "2025.1").replace("  stamped:", "  sealed:")
    text = text.replace("'account-number'", "'account-nr'").replace("  nickname:", "  nick:")
    text = text.replace("  cancel-statement:", "  cancel-it:")
    path = written(text, tmp_path)
    fitted, done = casefile.load(path).fitted(TREE, "c", NOV_24)
    assert set(fitted.answers) == {
        *("settled", "mailed-on", "statement-status", "new-amount", "invoiced-amount")
    }
    assert fitted.details == {"tracking-number": ("0012345", "SF123")}
    assert done == {}
    told = "\n".join(problem.at("en") for problem in fitted.problems)
    for word in ("“sealed”", "“account-nr”", "“nick”", "no step “cancel-it”"):
        assert word in told


def test_a_step_done_on_a_day_to_come_is_not_done_yet() -> None:
    fitted, done = case({"cancel-statement": DEC_5}).fitted(TREE, "c", NOV_24)
    assert done == {}
    assert "is done on 2026-12-05, which is still to come" in fitted.problems[0].at("en")


def test_what_looks_like_a_case_though_broken() -> None:
    assert casefile.looks_like_case(b"# x\nxingtu-case: 1\n a: [")
    assert casefile.looks_like_case(b'"xingtu-case" : 1')
    assert casefile.looks_like_case(b"# x\rxingtu-case: 1\r")
    for encoding in ("utf-8-sig", "utf-16"):
        assert casefile.looks_like_case("xingtu-case: 1".encode(encoding))
    assert not casefile.looks_like_case(b"about: xingtu-case: 1")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotWrite, match="Permission denied"):
        casefile.save(case(), tmp_path / "case.yaml", TREE)


def test_what_someone_else_wrote_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    casefile.save(case(), path, TREE)
    mine, theirs = casefile.load(path), casefile.load(path)
    casefile.update(replace(theirs, note="theirs"), path, TREE)
    with pytest.raises(CaseChanged, match="has been changed"):
        casefile.update(mine, path, TREE)
    renewed = casefile.from_walk(finished(), DETAILS, path, mine)  # as `--save` does after asking
    with pytest.raises(CaseChanged, match="has been changed"):
        casefile.save(renewed, path, TREE, force=True)
    assert casefile.load(path).note == "theirs"
    casefile.save(mine, tmp_path / "elsewhere.yaml", TREE)
    path.unlink()
    with pytest.raises(CaseChanged, match="or moved"):
        casefile.update(mine, path, TREE)
    assert not path.exists()
