"""Run `xingtu` or `python -m xingtu_cli`."""

import _thread
import gc
import signal
import sys
import time
from contextlib import suppress
from types import FrameType

PARTS = 100_000  # objects; what a short run makes nearly all stays until its end
MOMENT = 0.01  # seconds until it is tried again to end
GRACE = 5  # seconds to tidy up in, before one more Ctrl-C breaks that off

FAILED, INTERRUPTED = 1, 130
NO_START = (
    "错误：xingtu 启动不了，内存不够或安装不完整（{why}）\n"
    "Error: xingtu cannot start; too little memory, or an incomplete installation ({why})\n"
)


def run() -> None:
    """Run the command line with the words of this process and exit with its code."""
    gc.set_threshold(PARTS)  # from 700, by which it would be at work 89 times
    ends = Ends()
    try:
        ends.heed()
        from xingtu_cli.cli import main

        code = main(sys.argv[1:], ends.are_near)
    except KeyboardInterrupt:  # before there is anything to say, or one more after the grace
        code = INTERRUPTED
    except Exception as error:  # while loading, when there are no words of ours yet
        code = INTERRUPTED if ends.are_near() else FAILED  # Python may make its own of a Ctrl-C
        if sys.stderr and code == FAILED:
            sys.stderr.write(NO_START.format(why=f"{type(error).__name__}: {error}"))
    ends.ignore()  # all that is left is to leave
    gc.freeze()  # nor is it looked for what could be freed now: all of it is about to be
    sys.exit(ends.code or code)


class Ends:
    """Lets Ctrl-C, a kill and a window that closes end the run by a `KeyboardInterrupt`.

    More of them, as an impatient hand or a shell sends, do not break off the tidying up. What was
    ignored before us, as under `nohup`, stays so. `code` is the exit code of a run that was killed
    or whose window was closed, as a shell says it, and 0 of any other.
    """

    def __init__(self) -> None:
        signals = [signal.SIGINT, signal.SIGTERM]
        if sys.platform != "win32":
            signals.append(signal.SIGHUP)
        usual = (signal.SIG_DFL, signal.default_int_handler)
        self.signals = [each for each in signals if signal.getsignal(each) in usual]
        self.code = 0
        self.graced = 0.0  # until when, by the monotonic clock
        self.last, self.main = int(signal.SIGINT), _thread.get_ident()

    def heed(self) -> None:
        """Begin to end by them."""
        sys.unraisablehook = self._lost
        for each in self.signals:
            signal.signal(each, self._end)

    def are_near(self) -> bool:
        """Tell whether one has come, and what fails now may fail because of it."""
        return time.monotonic() < self.graced

    def ignore(self) -> None:
        """Let all of them pass from now on."""
        for each in self.signals:
            signal.signal(each, signal.SIG_IGN)

    def _end(self, number: int, _: FrameType | None) -> None:
        now = time.monotonic()
        if now < self.graced:
            return
        self.graced, self.last = now + GRACE, number
        if number != signal.SIGINT:
            self.code = self.code or 128 + number
        raise KeyboardInterrupt

    def _lost(self, told: "sys.UnraisableHookArgs") -> None:
        """End a moment later where the end was lost, and tell of anything else as Python does.

        So it is in a callback of Python's own, in a `__del__`, in a library that is not Python.
        """
        if not issubclass(told.exc_type, KeyboardInterrupt):
            sys.__unraisablehook__(told)
            return
        self.graced = 0.0
        with suppress(RuntimeError):  # where no thread is to be had, the next Ctrl-C will do
            _thread.start_new_thread(self._again, ())

    def _again(self) -> None:
        time.sleep(MOMENT)
        if sys.platform == "win32":
            _thread.interrupt_main(self.last)
        else:
            signal.pthread_kill(self.main, self.last)  # so that it waits for nothing


if __name__ == "__main__":
    run()
