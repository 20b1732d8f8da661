"""The JSON Schema of a rules file, as an editor uses it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.conftest import ROOT, Run
from xingtu_cli.facts import FUNCTIONS
from xingtu_cli.frozen import Frozen
from xingtu_cli.rules import model
from xingtu_cli.rules.model import ID_KEY, Key, Named
from xingtu_cli.rules.views import keys
from xingtu_cli.rules.views.schema import as_data, schema

COPY = ROOT / "docs" / "rules.schema.json"
RULES = Path(__file__).parents[1]
OURS = [ROOT / "rules.yaml", *sorted((ROOT / "examples").glob("*.yaml"))]
SOUND = [*OURS, *sorted((RULES / "valid").glob("*.yaml"))]

# faults of the schema's kind that no JSON Schema sees, for the parser has dropped or mended them
BEYOND = {"XT112", "XT113", "XT114"}

VALIDATOR = Draft202012Validator(as_data(), format_checker=FormatChecker())


class _Loader(yaml.SafeLoader):
    """Reads YAML as an editor does: `yes`, `no` and dates are text (YAML 1.2)."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, found) for tag, found in resolvers if "timestamp" not in tag and "bool" not in tag
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), _Loader)


def test_it_is_a_schema_of_its_dialect() -> None:
    Draft202012Validator.check_schema(as_data())
    assert as_data()["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    assert schema().isascii()


def test_check_jsonschema_agrees() -> None:
    commands: list[list[Path | str]] = [["--check-metaschema", COPY], ["--schemafile", COPY, *OURS]]
    for words in commands:
        done = subprocess.run(
            [sys.executable, "-m", "check_jsonschema", *words],
            capture_output=True,
            encoding="utf-8",
            env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"},  # urllib3 tries IPv6
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout


def test_the_command_prints_it(xingtu: Run) -> None:
    ran = xingtu("rules", "schema")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == schema()


def test_the_copy_in_the_repository_is_this_one() -> None:
    again = "xingtu rules schema > docs/rules.schema.json"
    assert COPY.read_text("utf-8") == schema(), again


@pytest.mark.parametrize("path", SOUND, ids=lambda p: p.stem)
def test_a_sound_file_fits(path: Path) -> None:
    errors = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(read(path))]
    assert errors == []


@pytest.mark.parametrize("path", OURS, ids=lambda p: p.stem)
def test_a_file_of_the_repository_points_to_it(path: Path) -> None:
    first = path.read_text("utf-8").split("\n", 1)[0]
    pointed = re.fullmatch(r"# yaml-language-server: \$schema=(.+)", first)
    assert pointed
    assert (path.parent / pointed[1]).resolve() == COPY


def broken() -> Iterator[Path]:
    for path in sorted((RULES / "broken").glob("*.yaml")):
        told = path.with_suffix(".expected").read_text("utf-8")
        if set(re.findall(r"\[(XT1\d\d)\]", told)) - BEYOND:
            yield path


@pytest.mark.parametrize("path", list(broken()), ids=lambda p: p.stem)
def test_what_the_program_refuses_for_its_form_an_editor_refuses_too(path: Path) -> None:
    assert not VALIDATOR.is_valid(read(path))


def test_scalars_that_a_rules_file_takes_as_text_fit() -> None:
    rules = read(RULES / "valid" / "minimal.yaml")
    rules |= {"version": 2026, "as_of": 2026.5}
    rules["title"] = {"zh": 1, "en": True}
    assert VALIDATOR.is_valid(rules)
    for empty in ("", None):
        assert not VALIDATOR.is_valid({**rules, "version": empty})


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({"of": {"since": "mailed", "until": "today", "days": 15}}, True),
        ({"of": {"since": "mailed", "until": "today", "days": "15"}}, True),
        ({"of": {"since": "mailed", "until": "today", "days": 0}}, False),
        ({"of": {"since": "mailed", "until": "today", "days": 1000}}, False),
        ({"of": {"since": "mailed", "until": "today"}}, False),
        ({"of": {"since": "mailed", "until": "today", "days": 15, "more": "x"}}, False),
        ({"compute": "working-days"}, False),
        ({"compute": "compare-amounts"}, False),
        ({"then": "fine"}, True),
        ({"then": {"yes": "ask-them", "*": "fine"}}, True),
        ({"then": {"yes": "ask-them"}}, False),
        ({"then": {"yes": "ask-them", "no": "fine", "maybe": "fine"}}, False),
        ({"then": {"yes": "Ask Them", "no": "fine"}}, False),
    ],
)
def test_a_decision_fits_its_function(change: Mapping[str, Any], *, fits: bool) -> None:
    rules = read(RULES / "valid" / "minimal.yaml")
    rules["route"]["late"] |= change
    assert VALIDATOR.is_valid(rules) == fits


def properties(shape: Any, at: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    if isinstance(shape, dict):
        for key, each in shape.get("properties", {}).items():
            if "const" not in each:
                yield f"{at}/{key}", each
        for key, each in shape.items():
            if key != "if":
                yield from properties(each, f"{at}/{key}")
    elif isinstance(shape, list):
        for n, each in enumerate(shape):
            yield from properties(each, f"{at}/{n}")


def test_every_key_is_explained_in_both_languages() -> None:
    found = dict(properties(as_data()))
    # within the rules of one function, `of`, `then` and `*` are the keys explained above
    unexplained = [
        at
        for at, shape in found.items()
        if not re.search(r"[一-鿿].*\n\n.*[a-z]", shape.get("description", ""), re.DOTALL)
        and not re.search(r"/allOf/.*/(of|then|\*)$", at)
    ]
    assert unexplained == []
    assert ID_KEY not in json.dumps(as_data())


def models() -> Iterator[type[Frozen]]:
    for each in vars(model).values():
        if isinstance(each, type) and issubclass(each, Frozen) and each not in (Frozen, Named):
            yield each


def key_of(name: str, annotation: Any) -> str:
    marks = getattr(annotation, "__metadata__", ())
    return next((mark.name for mark in marks if isinstance(mark, Key)), name)


def test_no_key_is_explained_that_there_is_not() -> None:
    known = {
        each.__name__: {
            key_of(name, annotation)
            for name, annotation in each.annotations.items()
            if key_of(name, annotation) != ID_KEY
        }
        for each in models()
    }
    assert {name: set(words) for name, words in keys.KEYS.items()} == {
        **known,
        "Text": {"zh", "en"},
    }
    assert keys.OBJECTS.keys() == keys.KEYS.keys()


def test_the_functions_are_those_there_are() -> None:
    compute = as_data()["$defs"]["Decision"]["properties"]["compute"]
    assert [each["const"] for each in compute["oneOf"]] == list(FUNCTIONS)
