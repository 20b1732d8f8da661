"""The lower bounds of pyproject.toml are those that are tested."""

import re
import subprocess
import tomllib
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import Specifier
from packaging.version import Version

from tests.conftest import ROOT

NOT_THE_PRODUCTS = {"dev", "bench", "mutation"}  # extras for those who work on it


def declared() -> dict[str, Requirement]:
    """Return what the product uses at run time, with every extra a user may ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = [*project["dependencies"]]
    lines += [each for name in extras if name not in NOT_THE_PRODUCTS for each in extras[name]]
    return {each.name: each for each in map(Requirement, lines)}


def lower_bound(requirement: Requirement) -> Version:
    (bound,) = (each for each in requirement.specifier if each.operator in (">=", "=="))
    return Version(bound.version)


def constraints() -> dict[str, Version]:
    text = (ROOT / "constraints" / "lowest.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==[0-9.]+", line) for line in lines)
    return {line.partition("==")[0]: Version(line.partition("==")[2]) for line in lines}


def test_every_lower_bound_is_tested_and_none_else() -> None:
    assert constraints() == {name: lower_bound(each) for name, each in declared().items()}


@pytest.mark.parametrize("name", declared())
def test_what_is_installed_is_within_the_bounds(name: str) -> None:
    assert declared()[name].specifier.contains(version(name))


def test_a_bound_is_read_as_pip_reads_it() -> None:
    assert Specifier(">=5").contains("5.0.0")
    assert lower_bound(Requirement("a>=5,<6")) == Version("5.0.0")


@pytest.mark.skipif(not (ROOT / ".ci").exists(), reason="not in the source distribution")
def test_the_command_of_the_docs_is_the_one_that_ci_runs() -> None:
    docs = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    command = re.search("^python3 -m venv .*constraints/lowest.txt.*$", docs, re.MULTILINE)
    assert command
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    extracting = next(line for line in ci.splitlines() if line.startswith("lowest_command="))
    found = subprocess.run(
        ["bash", "-c", f'here=.\n{extracting}\nprintf %s "$lowest_command"'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert found == command[0]
    assert re.search(r'^[^#]*bash -c "\$lowest_command"', ci, re.MULTILINE)
