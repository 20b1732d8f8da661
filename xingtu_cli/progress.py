"""A diagnosis and what has been done about it → where each step stands today, and what is next.

Pure.
"""

from datetime import date
from typing import Literal, NamedTuple

from xingtu_cli.diagnosis import Diagnosis, DoStep, applying_steps
from xingtu_cli.walk import Walk

State = Literal["done", "ready", "waits-for-day", "waits-for-steps"]


class Standing(NamedTuple):
    """Where one step stands; `after` are the numbers of the steps that must be done before it."""

    step: DoStep
    state: State
    after: tuple[int, ...] = ()


def standings(diagnosis: Diagnosis) -> tuple[Standing, ...]:
    """Tell where each step of a diagnosis stands on its day.

    Steps are done in order. One that waits for earlier steps may have to wait for its day too.
    """
    todo = [step.number for step in diagnosis.steps if not step.done and not step.meanwhile]
    return tuple(
        _standing(
            step,
            () if step.meanwhile else tuple(n for n in todo if n < step.number),
            diagnosis.today,
        )
        for step in diagnosis.steps
    )


def _standing(step: DoStep, after: tuple[int, ...], today: date) -> Standing:
    if step.done:
        return Standing(step, "done")
    if after:
        return Standing(step, "waits-for-steps", after)
    if step.starts and step.starts > today:
        return Standing(step, "waits-for-day")
    return Standing(step, "ready")


def next_step(diagnosis: Diagnosis) -> Standing | None:
    """Return where the next step stands; none when all are done.

    It is the first that can be done now; where each must wait, the first that is not done.
    """
    todo = [each for each in standings(diagnosis) if each.state != "done"]
    return next((each for each in todo if each.state == "ready"), todo[0] if todo else None)


def outdated(walk: Walk) -> tuple[str, ...]:
    """Return the questions of a finished walk whose answers are no longer true.

    A step that is done changed them (`asks` in the rules file), yet they say it is still to do.
    """
    done = [step for step in applying_steps(walk) if step.id in walk.done]
    changed = {name for step in done if walk.holds(step.when) for name in step.asks}
    return tuple(name for name in walk.asked if name in changed)
