"""Raw streams that wait where the system says “not now”, whoever told it to."""

import io
import sys
from select import select
from typing import Any

LONG = 0.1  # seconds; what takes that long to be written is not being read
AT_ONCE = 512  # bytes that a pipe takes whole where it takes any (PIPE_BUF is no less anywhere)


class Patient(io.RawIOBase):
    """A raw stream that waits until something comes, or is taken.

    A program before us, or beside us, may have made a stream that we share give up instead, as node
    and event loops do. To Python's own buffers that is the end of the input, or a failure.

    A Ctrl-C while it is written to ends the waiting for good: from then on it takes what somebody
    reads, and drops the rest, or the buffers would wait once more on their way out.
    """

    def __init__(self, raw: io.RawIOBase) -> None:
        self._raw, self._interrupted, self._given_up = raw, False, False

    def readable(self) -> bool:
        """Tell whether it can be read from."""
        return self._raw.readable()

    def writable(self) -> bool:
        """Tell whether it can be written to."""
        return self._raw.writable()

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return self._raw.isatty()

    def fileno(self) -> int:
        """Return its descriptor."""
        return self._raw.fileno()

    def readinto(self, buffer: Any, /) -> int:
        """Read into a buffer, and return how many bytes it got: 0 at the end."""
        while (read := self._raw.readinto(buffer)) is None:
            select((self.fileno(),), (), ())
        return int(read)

    def write(self, data: Any, /) -> int:
        """Write bytes, and return how many were."""
        if self._interrupted:
            return self._in_passing(memoryview(data).cast("B"))
        try:
            while (written := self._raw.write(data)) is None:
                select((), (self.fileno(),), ())
        except KeyboardInterrupt:
            self._interrupted = True
            self._given_up = sys.platform == "win32"  # which cannot tell whether anybody reads
            raise
        return written

    def _in_passing(self, data: memoryview) -> int:
        """Write as much as is taken without waiting, or drop it where nobody reads."""
        self._given_up = self._given_up or not select((), (self.fileno(),), (), LONG)[1]
        if self._given_up:
            return data.nbytes
        return self._raw.write(data[:AT_ONCE]) or 0  # more could wait in the system

    def close(self) -> None:
        """Close the stream that it is made of."""
        try:
            super().close()
        finally:
            self._raw.close()
