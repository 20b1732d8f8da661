"""A raw stream that waits, but not for a reader whom the user has given up."""

import io
import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import filled
from xingtu_cli.patience import Patient

MUCH = 100_000  # bytes; more than a pipe holds


class Interrupted(io.FileIO):
    """A pipe to write to, where a Ctrl-C comes the first time."""

    interrupts = 1

    def write(self, data: Any, /) -> int:
        if self.interrupts:
            self.interrupts -= 1
            raise KeyboardInterrupt
        return super().write(data)


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """Make a pipe, and end the test where it waits for a reader."""

    def waited(*_: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, waited)
    signal.alarm(20)
    ends = os.pipe()
    yield ends
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    os.close(ends[0])


def interrupted(end: int, first: bytes) -> "io.BufferedWriter[Patient]":
    stream = io.BufferedWriter(Patient(Interrupted(end, "wb")))
    with pytest.raises(KeyboardInterrupt):
        stream.write(first)
        stream.flush()
    return stream


def test_what_is_read_is_written_after_a_ctrl_c(pipe: tuple[int, int]) -> None:
    stream = interrupted(pipe[1], b"one")
    stream.write(b"two")
    stream.close()
    assert os.read(pipe[0], 100) == b"onetwo"


@pytest.mark.parametrize("first", [b"one", bytes(MUCH)], ids=["little", "much"])
@pytest.mark.parametrize("room", [0, 4096])
def test_nobody_is_waited_for_after_a_ctrl_c(
    pipe: tuple[int, int], first: bytes, room: int
) -> None:
    held = filled(pipe[1])
    if room:
        held -= len(os.read(pipe[0], room))
    stream = interrupted(pipe[1], first)
    stream.write(bytes(MUCH))
    stream.close()
    os.set_blocking(pipe[0], False)
    assert held <= len(os.read(pipe[0], 10 * MUCH)) <= held + room
