"""Run `xingtu` or `python -m xingtu_cli`."""

import gc
import signal
import sys
from types import FrameType

PARTS = 100_000  # objects; what a short run makes nearly all stays until its end

INTERRUPTED = 130


def run() -> None:
    """Run the command line with the words of this process and exit with its code."""
    gc.set_threshold(PARTS)  # from 700, by which it would be at work 89 times
    ended_by: list[int] = []
    try:
        _end_cleanly_by(ended_by)
        from xingtu_cli.cli import main

        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # before there is anything to say, or a second one after
        code = INTERRUPTED
    if ended_by:
        code = 128 + ended_by[0]  # as a shell says it
    if ended_by or code == INTERRUPTED:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one more would tell of itself while we leave
    gc.freeze()  # nor is it looked for what could be freed now: all of it is about to be
    sys.exit(code)


def _end_cleanly_by(ended_by: list[int]) -> None:
    """Let a kill and a window that closes end the run as Ctrl-C does, with nothing left behind.

    Which it was is added to `ended_by`. What is ignored already, as under `nohup`, stays so.
    """
    wanted = [signal.SIGTERM] if sys.platform == "win32" else [signal.SIGTERM, signal.SIGHUP]
    heeded = [each for each in wanted if signal.getsignal(each) is signal.SIG_DFL]

    def end(number: int, _: FrameType | None) -> None:
        ended_by.append(number)
        for each in heeded:  # a window that closes says so twice, by its shell too
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    for each in heeded:
        signal.signal(each, end)


if __name__ == "__main__":
    run()
