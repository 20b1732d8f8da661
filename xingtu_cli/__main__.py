"""Run `xingtu` or `python -m xingtu_cli`."""

import gc
import sys

PARTS = 100_000  # objects; what a short run makes nearly all stays until its end

INTERRUPTED = 130


def run() -> None:
    """Run the command line with the words of this process and exit with its code."""
    gc.set_threshold(PARTS)  # from 700, by which it would be at work 89 times
    try:
        from xingtu_cli.cli import main

        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # before there is anything to say, or a second one after
        code = INTERRUPTED
    if code == INTERRUPTED:
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)  # one more would tell of itself while we leave
    gc.freeze()  # nor is it looked for what could be freed now: all of it is about to be
    sys.exit(code)


if __name__ == "__main__":
    run()
