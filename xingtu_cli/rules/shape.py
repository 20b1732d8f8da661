"""The model's annotations → what pydantic checks a file by.

pydantic could read annotations itself. It is made for any there are, and took 30 of a short run's
233 ms; the dozen forms that a rules file has are named here instead, in one. The checking, with all
of its errors and their places, is pydantic's own, and so is the JSON Schema.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic_core import SchemaValidator, core_schema
from pydantic_core.core_schema import CoreSchema

from xingtu_cli.frozen import Frozen
from xingtu_cli.rules.model import ANY, ID_KEY, Decision, Form, Key, Question, Tree
from xingtu_cli.text import Text

_TEXT = core_schema.str_schema(min_length=1)  # YAML's scalars come as text
_PLAIN: Mapping[Any, Callable[[], CoreSchema]] = {
    str: lambda: _TEXT,
    int: lambda: core_schema.int_schema(ge=1),
    date: core_schema.date_schema,
    bool: lambda: _before(_true_or_false, core_schema.bool_schema(strict=True)),
}


@cache
def validator() -> SchemaValidator:
    """Return what makes a `Tree` of a file's data, or raises pydantic's `ValidationError`."""
    return SchemaValidator(_whole())


def json_schema() -> dict[str, Any]:
    """Return pydantic's JSON Schema of a `Tree`, each further class in `$defs` under its name."""
    from pydantic.json_schema import GenerateJsonSchema

    return GenerateJsonSchema().generate(_whole())


def keys_at(location: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the model knows for what stands at one of pydantic's locations.

    There are none where it does not know of a mapping with keys of its own.
    """
    at: Any = Tree
    for part in location:
        at = _within(at, part)
    keys = [_key(field, hint) for field, hint in _annotations(at).items()]
    return [key for key in keys if key != ID_KEY]


def _within(annotation: Any, part: str | int) -> Any:
    """Return the annotation of one part of what an annotation stands for."""
    kinds = _kinds(annotation)
    if kinds[1:]:
        return next(kind for kind in kinds if kind.__name__.lower() == part)  # told by its tag
    if fields := _annotations(kinds[0]):
        return next((hint for field, hint in fields.items() if _key(field, hint) == part), None)
    of = get_args(kinds[0])
    return of[1 if get_origin(kinds[0]) is Mapping else 0] if of else None


def _whole() -> CoreSchema:
    classes: dict[str, CoreSchema] = {}
    tree = _of(Tree, classes)
    return core_schema.definitions_schema(tree, list(classes.values()))


def _of(annotation: Any, classes: dict[str, CoreSchema]) -> CoreSchema:
    """Return the schema of an annotation, and put those of the classes in it into `classes`."""
    kinds = _kinds(annotation)
    if kinds == (Question, Decision):
        tagged = {kind.__name__.lower(): _of(kind, classes) for kind in kinds}
        return core_schema.tagged_union_schema(tagged, _tag)
    (kind,), marks = kinds, _marks(annotation)
    if kind in _PLAIN:
        return _PLAIN[kind]()
    if _annotations(kind):
        return _object(kind, classes)
    of = get_args(kind)
    if get_origin(kind) is Literal:
        return core_schema.literal_schema(list(of))
    if get_origin(kind) is tuple:
        return _list(_of(of[0], classes), marks)
    assert get_origin(kind) is Mapping, annotation
    return _mapping(_of(of[1], classes), marks, named="id" in _annotations(_kinds(of[1])[0]))


def _list(item: CoreSchema, marks: Sequence[object]) -> CoreSchema:
    fewest = 1 if Form.NOT_EMPTY in marks else None
    content = core_schema.tuple_variable_schema(item, min_length=fewest)
    return _short(_one_or_many, item, content) if Form.ONE_OR_MANY in marks else content


def _mapping(value: CoreSchema, marks: Sequence[object], *, named: bool) -> CoreSchema:
    content = core_schema.dict_schema(_TEXT, value)
    if Form.ONE_FOR_ALL in marks:
        return _short(_one_for_all, value, content)
    return _before(_with_ids, content) if named else content


def _kinds(annotation: Any) -> tuple[Any, ...]:
    """Return what an annotation stands for; a file says `None` by leaving the key out."""
    if get_origin(annotation) is Annotated:
        return _kinds(annotation.__origin__)
    if get_origin(annotation) in (UnionType, Union):
        return tuple(each for each in get_args(annotation) if each is not NoneType)
    return (annotation,)


def _marks(annotation: Any) -> Sequence[object]:
    marks: Sequence[object] = getattr(annotation, "__metadata__", ())
    return marks


def _annotations(kind: Any) -> Mapping[str, Any]:
    """Return the annotations of a class by field; none where it is no class of the model."""
    if kind is Text:
        return Text.__annotations__
    return kind.annotations if isinstance(kind, type) and issubclass(kind, Frozen) else {}


def _key(field: str, annotation: Any) -> str:
    return next((mark.name for mark in _marks(annotation) if isinstance(mark, Key)), field)


def _object(kind: Any, classes: dict[str, CoreSchema]) -> CoreSchema:
    name = f"{kind.__module__}.{kind.__name__}"
    if name not in classes:
        defaults = {} if kind is Text else kind.defaults
        content = core_schema.typed_dict_schema(
            {
                field: core_schema.typed_dict_field(
                    _field(_of(hint, classes), field, defaults),
                    required=field not in defaults,
                    validation_alias=_key(field, hint),
                )
                for field, hint in _annotations(kind).items()
            },
            extra_behavior="forbid",
        )
        classes[name] = core_schema.no_info_after_validator_function(
            lambda values: kind(**values), content, ref=name
        )
    return core_schema.definition_reference_schema(name)


def _field(content: CoreSchema, field: str, defaults: Mapping[str, Any]) -> CoreSchema:
    if field not in defaults:
        return content
    return core_schema.with_default_schema(content, default=defaults[field])


# ─── what is read before pydantic looks at it ────────────────────────────────────────────────────

Reading = Callable[[Any], Any]


def _before(reading: Reading, content: CoreSchema, written: CoreSchema | None = None) -> CoreSchema:
    """Return a schema of what `reading` makes of a value, which a file has as `written`."""
    return core_schema.no_info_before_validator_function(
        reading, content, json_schema_input_schema=written
    )


def _short(reading: Reading, lone: CoreSchema, content: CoreSchema) -> CoreSchema:
    """Return a schema of many where a file may have one alone."""
    return _before(reading, content, core_schema.union_schema([lone, content]))


def _with_ids(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {k: {**v, ID_KEY: k} if isinstance(v, dict) else v for k, v in value.items()}


def _one_or_many(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _one_for_all(value: Any) -> Any:
    return {ANY: value} if isinstance(value, str) else value


def _true_or_false(value: Any) -> Any:
    return {"true": True, "false": False}.get(value, value) if isinstance(value, str) else value


def _tag(value: Any) -> str:
    own = isinstance(value, dict) and not value.keys().isdisjoint(("compute", "of", "says"))
    return "decision" if own else "question"
