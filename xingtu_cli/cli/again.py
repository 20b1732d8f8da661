"""What a run starts from beside its flags, and the command line that repeats or resumes it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from xingtu_cli.answers import Answers, Details
from xingtu_cli.cli.clash import STREAM
from xingtu_cli.commandline import command, file_word
from xingtu_cli.walk import Done

if TYPE_CHECKING:
    from xingtu_cli.casefile import Case

Value = TypeVar("Value")


class Opened(NamedTuple):
    """What a file gave for a run; `case` is the case it is, `name` the file (empty: none).

    Answers that a step done has made untrue are not among the `answers`.
    """

    answers: Answers = {}
    details: Details = {}
    done: Done = {}
    case: "Case | None" = None
    name: str = ""

    def words(self) -> Sequence[str]:
        """Return the words of a command line that take the same file."""
        return ["--answers", file_word(self.name)] if self.name not in ("", STREAM) else []

    def beyond(self, given: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return what of the answers or details `given` the file does not say already."""
        if not self.words():
            return given
        said: Mapping[str, object] = {**self.answers, **self.details}
        return {name: value for name, value in given.items() if said.get(name) != value}


class Again(NamedTuple):
    """The command line that runs a diagnosis again; `options` stand at its end."""

    opened: Opened
    options: Sequence[str]
    force: bool

    def line(self, answers: Answers, details: Details, further: Sequence[str] = ()) -> str:
        """Return the line that gives these answers and details, and `further` flags for files."""
        own = (self.opened.beyond(answers), self.opened.beyond(details))
        force = ["--force"] if self.force and further else []
        return command(*own, [*self.opened.words(), *further, *force, *self.options])
