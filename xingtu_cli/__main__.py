"""Run `xingtu` or `python -m xingtu_cli`."""

import sys


def run() -> None:
    """Run the command line with the words of this process and exit with its code."""
    try:
        from xingtu_cli.cli import main

        code = main(sys.argv[1:])
    except KeyboardInterrupt:  # before there is anything to say
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    run()
