"""Run `xingtu` or `python -m xingtu_cli`."""

import sys


def run() -> None:
    """Run the command line with the words of this process and exit with its code."""
    from xingtu_cli.cli import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
