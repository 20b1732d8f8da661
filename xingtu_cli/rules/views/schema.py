"""The model → a JSON Schema by which editors complete, explain and check a rules file.

It is made from the model's shape, so a new key is in it at once, and then made right
for authors: in their words, and in what a YAML file may hold. Whether names lead anywhere only
`rules check` can tell.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from xingtu_cli.facts import FUNCTIONS, Function
from xingtu_cli.rules.check.names import NAME
from xingtu_cli.rules.model import ANY, ID_KEY
from xingtu_cli.rules.shape import json_schema
from xingtu_cli.rules.views.keys import KEYS, OBJECTS
from xingtu_cli.text import Text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "urn:xingtu:rules"

_NAMED = {"type": "string", "pattern": f"^{NAME.pattern}$"}
# a rules file keeps scalars as text, so 2026 and true are texts too, as an editor's YAML is not
_WORDS = {"type": ["string", "number", "boolean"], "minLength": 1}
_COUNT = {
    "type": ["integer", "string"],
    "minimum": 1,
    "maximum": 999,
    "pattern": "^[1-9][0-9]{0,2}$",
}

# the keys that hold names of other parts, and those whose own keys are names
_HOLD_NAMES = {
    *("start", "then", "steps", "meanwhile", "asks", "email", "sources", "from", "when", "of"),
}
_NAMES_ARE_KEYS = {
    *("sources", "route", "outcomes", "steps", "emails", "details", "choices", "when"),
}
_RESERVED = {"not": {"enum": ["b", "c", "q"]}}  # a conversation's own words


def schema() -> str:
    """Return the JSON Schema as a document in ASCII."""
    return json.dumps(as_data(), indent=2) + "\n"


def as_data() -> Mapping[str, Any]:
    """Return the JSON Schema (draft 2020-12)."""
    made = json_schema()
    shapes = {name: _object(name, shape) for name, shape in made["$defs"].items()}
    shapes["Decision"] |= {"allOf": [_computing(*each) for each in FUNCTIONS.items()]}
    return {"$schema": DIALECT, "$id": ID, **_object("Tree", made), "$defs": shapes}


def _object(name: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    keys = {key: each for key, each in shape["properties"].items() if key != ID_KEY}
    return {
        "title": name,
        "description": bilingual(OBJECTS[name]),
        "type": "object",
        "properties": {
            key: {"description": bilingual(KEYS[name][key]), **_value(key, each)}
            for key, each in keys.items()
        },
        "required": [key for key in shape["required"] if key != ID_KEY],
        "additionalProperties": False,
    }


def bilingual(text: Text) -> str:
    """Return a text in both languages, Chinese first."""
    return f"{text.zh}\n\n{text.en}"


def _value(key: str, shape: Any) -> dict[str, Any]:
    """Return what may stand under `key`."""
    if key == "compute":
        return {"oneOf": list(_functions())}
    # `oneOf` is what stands in a route; the two kinds have no key in common that tells
    if variants := shape.get("anyOf") or shape.get("oneOf"):
        return {"anyOf": [_value(key, each) for each in variants]}
    match shape.get("type"):
        case "string" if "enum" not in shape and "const" not in shape and "format" not in shape:
            return dict(_NAMED if key in _HOLD_NAMES else _WORDS)
        case "array":
            fewest = {k: v for k, v in shape.items() if k == "minItems"}
            return {"type": "array", "items": _value(key, shape["items"]), **fewest}
        case "object":
            return _mapping(key, shape)
        case _:
            return {k: v for k, v in shape.items() if k not in ("title", "default")} | _default(
                shape
            )


def _mapping(key: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    values = _value(key, shape["additionalProperties"])
    if key == "of":
        values = {"anyOf": [_NAMED, _COUNT]}
    made = {"type": "object", "additionalProperties": values}
    if key in _NAMES_ARE_KEYS:
        own = _RESERVED if key == "choices" else {}
        made["propertyNames"] = {"pattern": _NAMED["pattern"], **own}
    return made


def _default(shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"default": shape["default"]} if shape.get("default") is not None else {}


# ─── the functions ───────────────────────────────────────────────────────────────────────────────


def _functions() -> Iterator[Mapping[str, str]]:
    for name, function in FUNCTIONS.items():
        yield {"const": name, "description": bilingual(function.about)}


def _computing(name: str, function: Function) -> Mapping[str, Any]:
    """Return what a decision that uses this function takes, and where its results may lead."""
    arguments = {
        argument: {
            "description": bilingual(function.words[argument]),
            **(_COUNT if kind == "count" else _NAMED),
        }
        for argument, kind in function.takes.items()
    }
    results = {
        result: {"description": bilingual(function.words[result]), **_NAMED}
        for result in function.results
    }
    return {
        "if": {"properties": {"compute": {"const": name}}, "required": ["compute"]},
        "then": {
            "properties": {
                "of": {
                    "properties": arguments,
                    "required": list(arguments),
                    "additionalProperties": False,
                },
                "then": {
                    "anyOf": [
                        _NAMED,
                        {
                            "properties": {**results, ANY: _NAMED},
                            "additionalProperties": False,
                            "anyOf": [{"required": [ANY]}, {"required": list(results)}],
                            "type": "object",
                        },
                    ]
                },
            }
        },
    }
