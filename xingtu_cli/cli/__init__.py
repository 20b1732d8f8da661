"""The command line: commands, flags, help and exit codes. The only package that knows typer.

The flags of `diagnose` are made from the rules file in force, so a session is opened first: it
finds the global options wherever they stand and loads the rules. The Typer app is built from it.
"""

from collections.abc import Callable, Sequence

from xingtu_cli import __version__, terminal
from xingtu_cli.cli.failing import fail, fault
from xingtu_cli.cli.session import Session, is_completing, open_session
from xingtu_cli.errors import CannotWrite, Interrupted, UsageError, XingtuError


def main(argv: Sequence[str], ending: Callable[[], bool] = lambda: False) -> int:
    """Run the program with the words after its name, and return its exit code.

    `ending` tells whether a Ctrl-C has just come: a library in whose midst it falls may make an
    error of its own of it.
    """
    terminal.set_up()
    session = Session(
        lang=terminal.language(None), debug="--debug" in argv, completing=is_completing()
    )
    try:
        try:
            session = open_session(argv)
            code = _run(argv, session)
        except (terminal.ReaderLeft, *terminal.LEFT):
            terminal.close()
            return 0
        except XingtuError as error:
            code = fail(error, session)
        except Exception as error:
            if ending():
                raise KeyboardInterrupt from None
            # within a line being typed nothing may be said
            code = XingtuError.exit_code if session.completing else fail(fault(error), session)
        if not session.completing:
            terminal.remark_escaped(session.lang, color=session.color)
    except KeyboardInterrupt:  # also while something is said of a failure
        code = Interrupted.exit_code
    return code if terminal.close() else code or CannotWrite.exit_code


def _run(argv: Sequence[str], session: Session) -> int:
    if isinstance(session.trouble, UsageError):
        raise session.trouble
    if session.version:
        _show_version(session)
        return 0
    from xingtu_cli.cli.app import run

    return run(argv, session)


def _show_version(session: Session) -> None:
    terminal.write(f"xingtu {__version__}\n")
    tree = session.rules()
    as_of = f"（{tree.as_of}）" if session.lang == "zh" else f" ({tree.as_of})"
    terminal.write(f"{tree.id} {tree.version}{as_of}\n")
