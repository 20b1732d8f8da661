"""The code calls nothing that runs a text, starts a shell or builds objects out of bytes."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_architecture import MODULES, PACKAGE, room

CALLS = {
    *("eval", "exec", "compile", "__import__", "input", "breakpoint"),
    *("os.system", "os.popen", "os.startfile", "tempfile.mktemp", "importlib.import_module"),
    *("subprocess.call", "subprocess.check_call", "subprocess.check_output", "subprocess.Popen"),
    *("subprocess.getoutput", "subprocess.getstatusoutput", "runpy.run_path", "ctypes.CDLL"),
    *("yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load", "shelve.open"),
}
IMPORTS = {
    *("pickle", "marshal", "shelve", "dill", "ctypes", "socket", "ssl", "http", "urllib.request"),
    *("smtplib", "ftplib", "webbrowser", "requests", "httpx", "asyncio", "multiprocessing"),
    *("code", "codeop", "pty", "runpy", "telnetlib", "xmlrpc", "socketserver"),
}


def faults(source: str) -> Iterator[str]:
    """Yield what a module's source has of what it must not have."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call():
                name = ast.unparse(node.func)
                if name in CALLS or name.startswith(("os.exec", "os.spawn", "os.posix_spawn")):
                    yield name
                for keyword in node.keywords:
                    said = getattr(keyword.value, "value", None)
                    if keyword.arg == "shell" or (keyword.arg == "markup" and said is True):
                        yield f"{name}({keyword.arg}=…)"
            case ast.Import():
                yield from (each.name for each in node.names if _is_bad(each.name))
            case ast.ImportFrom():
                names = {node.module or "", *(f"{node.module}.{a.name}" for a in node.names)}
                yield from (name for name in names if _is_bad(name))
            case ast.Attribute(attr="UnsafeLoader" | "FullLoader" | "Loader" | "CLoader") as found:
                yield ast.unparse(found)


def _is_bad(module: str) -> bool:
    return module in IMPORTS or module.split(".")[0] in IMPORTS or module in CALLS


# the command line loads its own commands by their names, which are a list in the program; and it is
# typer that calls the kind of a shell, whose completion is wanted, `shell`
ALLOWED = {
    "cli/app": ["importlib.import_module"],
    "cli/completion": ["scripts.get_completion_script(shell=…)"],
}


@pytest.mark.parametrize("path", MODULES, ids=room)
def test_a_module_calls_nothing_dangerous(path: Path) -> None:
    assert list(faults(path.read_text("utf-8"))) == ALLOWED.get(room(path), [])


def test_one_module_starts_programs_and_none_a_shell() -> None:
    running = {room(path) for path in MODULES if "subprocess.run" in path.read_text("utf-8")}
    knowing = {room(path) for path in MODULES if "import subprocess" in path.read_text("utf-8")}
    assert running == {"pdf"}
    assert knowing == {"pdf", "shell"}  # the latter quotes a line for Windows
    assert "list2cmdline" in (PACKAGE / "shell.py").read_text("utf-8")


@pytest.mark.parametrize(
    "source",
    [
        "eval(x)",
        "import os\nos.system(x)",
        "subprocess.run(x, shell=True)",
        "subprocess.run(x, shell=flag)",
        "from subprocess import Popen",
        "import pickle",
        "from urllib import request",
        "import urllib.request as r",
        "yaml.load(x)",
        "yaml.parse(x, Loader=yaml.UnsafeLoader)",
        "tempfile.mktemp()",
        "os.execvp(x, y)",
        "Console(markup=True)",
    ],
)
def test_what_is_dangerous_is_found(source: str) -> None:
    assert list(faults(source))
