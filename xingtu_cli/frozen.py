"""Immutable objects with named fields, whose classes take no time to make.

A frozen dataclass of the standard library compiles its methods when its class is made: half a
millisecond each, at every start. These share the methods below. Where the fields need no parent
class and nothing is worked out from them, `typing.NamedTuple` is the shorter way.
"""

from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Frozen:
    """The base of a class whose annotated names are its fields, set to their defaults if any.

    Fields are given by name. Two objects are equal if they are of one class and all their fields
    are. `functools.cached_property` works.
    """

    annotations: ClassVar[dict[str, Any]] = {}  # each field's, the parent's first
    defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        """Add the fields of a class to those of its parent."""
        own = cls.__annotations__
        cls.annotations = {**cls.annotations, **own}
        given = {name: cls.__dict__[name] for name in own if name in cls.__dict__}
        cls.defaults = {**cls.defaults, **given}

    def __init__(self, **values: Any) -> None:
        """Set the fields. Raises `TypeError` for one too many or too few."""
        known = self.annotations.keys()
        if unknown := values.keys() - known:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        if missing := known - values.keys() - self.defaults.keys():
            raise TypeError(f"{type(self).__name__} needs {', '.join(sorted(missing))}")
        self.__dict__.update(values)  # what is left out is the class's own

    def but(self, **changes: Any) -> Self:
        """Return one like this with some fields changed."""
        return type(self)(**{**self._values(), **changes})

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.annotations}

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} stays as it is")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen: {name} stays as it is")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        assert isinstance(other, Frozen)
        return self is other or self._values() == other._values()

    __hash__ = None  # type: ignore[assignment]  # a mapping may be among the fields

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self._values().items())
        return f"{type(self).__name__}({shown})"
