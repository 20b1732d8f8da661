"""A raw stream that waits, but not for a reader whom the user has given up."""

import io
import time
from typing import Any

import pytest

from xingtu_cli import patience
from xingtu_cli.patience import Patient


class Pipe(io.RawIOBase):
    """A pipe that is interrupted after some seconds, the first time that it is written to."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.taken = seconds, b""
        self.interrupts = 1

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        if self.interrupts:
            self.interrupts -= 1
            time.sleep(self.seconds)
            raise KeyboardInterrupt
        self.taken += bytes(data)
        return len(data)


@pytest.mark.parametrize(("seconds", "taken"), [(0, b"onetwo"), (2 * patience.LONG, b"")])
def test_what_nobody_reads_is_dropped_after_a_ctrl_c(seconds: float, taken: bytes) -> None:
    pipe = Pipe(seconds)
    stream = io.BufferedWriter(Patient(pipe))
    stream.write(b"one")
    with pytest.raises(KeyboardInterrupt):
        stream.flush()
    stream.write(b"two")
    stream.flush()
    assert pipe.taken == taken
