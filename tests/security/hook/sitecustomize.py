"""Run by every Python that a test starts: ends it at once where it would use the network.

With `XINGTU_AUDIT` set to a file, also notes there what the program does to the world outside: the
programs it starts, the files it opens for writing, the libraries for networks that it imports, and
the texts it compiles that have the word `CANARY` in them.
"""

import os
import sys
from collections.abc import Callable

NETWORK = (
    *("socket.bind", "socket.connect", "socket.getaddrinfo", "socket.getnameinfo"),
    *("socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto", "socket.sendmsg"),
)
STARTS = (
    *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn"),
    *("os.spawn", "os.startfile", "pty.spawn", "webbrowser.open"),
)
LIBRARIES = ("socket", "_socket", "ssl", "http.client", "urllib.request", "smtplib", "ctypes")
AF_UNIX = 1
FORBIDDEN = 86  # the exit code


def is_network(event: str, arguments: tuple[object, ...]) -> bool:
    """Tell whether an audit event is the use of a network; a pair of pipes within is none."""
    if event == "socket.__new__":
        return arguments[1] not in (AF_UNIX, -1)  # -1: the family of a descriptor it was given
    return event in NETWORK


def _writes(arguments: tuple[object, ...]) -> bool:
    path, mode, flags = arguments
    if isinstance(path, int):
        return False
    wanted = isinstance(mode, str) and any(letter in mode for letter in "wax+")
    return wanted or (isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR)))


def _noted(event: str, arguments: tuple[object, ...]) -> object:
    """Return what to note of an event, if anything."""
    if event in STARTS:
        return arguments
    if event == "open" and _writes(arguments):
        path = arguments[0]
        return os.fsdecode(path) if isinstance(path, str | bytes) else str(path)
    if event == "import" and arguments[0] in LIBRARIES:
        return arguments[0]
    if event in ("compile", "exec") and "CANARY" in str(arguments[0]):
        return str(arguments[0])
    return str(arguments) if event == "pickle.find_class" else None


def _watching(log: int | None) -> Callable[[str, tuple[object, ...]], None]:
    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if is_network(event, arguments):
            os.write(2, f"network: {event} {arguments}\n".encode(errors="replace"))
            os._exit(FORBIDDEN)
        if log is not None and (noted := _noted(event, arguments)) is not None:
            os.write(log, f"{(event, noted)!r}\n".encode(errors="backslashreplace"))

    return watch


def _log() -> int | None:
    name = os.environ.get("XINGTU_AUDIT")
    return os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) if name else None


if __name__ == "sitecustomize":
    sys.addaudithook(_watching(_log()))
