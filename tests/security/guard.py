"""No network: an audit hook over this process, and one in every Python program that it starts.

An audit hook is told by the interpreter itself of each socket that is made, looked up or connected,
whichever library does it. It cannot be taken down again, so it has a switch.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.security.hook.sitecustomize import is_network

HOOK = Path(__file__).parent / "hook"  # on the PYTHONPATH of children, which run its sitecustomize


class NetworkForbidden(BaseException):
    """A test would have opened a network connection. No `except Exception` hides it."""


_switch = {"up": False}


def put_up() -> None:
    """Forbid sockets in this process."""
    if not _switch["up"]:
        sys.addaudithook(_refuse)
    _switch["up"] = True


@contextmanager
def lifted(*, when: bool) -> Iterator[None]:
    """Allow sockets in this process while the block runs, if it is so."""
    before = _switch["up"]
    _switch["up"] = before and not when
    try:
        yield
    finally:
        _switch["up"] = before


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if _switch["up"] and is_network(event, arguments):
        raise NetworkForbidden(event, arguments)
