"""`--install-completion`: typer's own, where it can do no harm.

typer writes the start file of a shell anew, in place; where the disk is full, what stood there
would be lost.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xingtu_cli import files, terminal
from xingtu_cli.errors import CannotWrite, reason
from xingtu_cli.text import Text

# what typer writes below the home folder: the start files of shells, and scripts of ours
START_FILES = (".bashrc", ".zshrc")
SCRIPTS = (".bash_completions/xingtu.sh", ".zfunc/_xingtu", ".config/fish/completions/xingtu.fish")

NO_HOME = Text(
    "没有安装：找不到你的主目录（环境变量 HOME）。请设好 HOME 再运行，"
    "或把 xingtu --show-completion 的输出加进 shell 的启动文件",
    "not installed: your home folder is not known (environment variable HOME). Set HOME and run"
    " this again, or add what xingtu --show-completion prints to the start file of the shell",
)
NOT_UTF_8 = Text(
    "没有安装：shell 的启动文件（如 ~/.bashrc）不是 UTF-8 编码，没有动它。"
    "请把 xingtu --show-completion 的输出加进去",
    "not installed: the start file of the shell, such as ~/.bashrc, is not in UTF-8, and was left"
    " alone. Add what xingtu --show-completion prints to it",
)
NOT_WRITTEN = Text(
    "没有安装，shell 的启动文件没有变：{why}", "not installed, and no start file changed: {why}"
)
IN_POWERSHELL = Text(
    "没有安装：在 PowerShell 里请自己运行下面两行，然后新开一个窗口：\n{lines}\n"
    "如果新窗口说禁止运行脚本，再运行：\n{policy}",
    "not installed: in PowerShell, run these two lines yourself and open a new window:\n{lines}\n"
    "If that says that running scripts is disabled, run:\n{policy}",
).format(
    lines="if (!(Test-Path $PROFILE)) { New-Item $PROFILE -Force }\n"
    "xingtu --show-completion | Add-Content $PROFILE",
    policy="Set-ExecutionPolicy RemoteSigned -Scope CurrentUser",
)


@contextmanager
def installing() -> Iterator[None]:
    """Let typer install its completion in the block; where that fails, all is as it was before.

    Raises `CannotWrite` where it fails, where there is no home folder, and in PowerShell: there
    typer would allow any script to run, and not find a folder with a Chinese name.
    """
    from typer._completion_shared import _get_shell_name

    if _get_shell_name() in ("powershell", "pwsh"):
        raise CannotWrite(IN_POWERSHELL)
    try:
        home = Path.home()
    except RuntimeError:
        raise CannotWrite(NO_HOME) from None
    with _keeping([home / name for name in (*START_FILES, *SCRIPTS)]):
        try:
            yield
        except UnicodeDecodeError:
            raise CannotWrite(NOT_UTF_8) from None
        except terminal.LEFT:
            raise
        except OSError as error:
            raise CannotWrite(NOT_WRITTEN.format(why=reason(error))) from None


@contextmanager
def _keeping(paths: list[Path]) -> Iterator[None]:
    """Keep copies of files while the block runs, and put them back where it fails.

    What was not there before is then removed. To put a copy in its place takes no room on the disk.
    """
    copies: dict[Path, Path] = {}
    try:
        for path in paths:
            if path.is_file():
                real = path.resolve()  # a link stays one
                copies[real] = _copied(real)
        new = [path for path in paths if not os.path.lexists(path)]
        try:
            yield
        except BaseException as error:
            if not _is_done(error):
                for path, copy in copies.items():
                    copy.replace(path)
                for path in new:
                    with suppress(OSError):
                        path.unlink()
            raise
    finally:
        for copy in copies.values():
            copy.unlink(missing_ok=True)


def _is_done(error: BaseException) -> bool:
    """Tell whether all was written: typer ends so, also where nobody reads what it says of it."""
    left = isinstance(error, terminal.LEFT) or isinstance(error.__context__, terminal.LEFT)
    return left or (isinstance(error, SystemExit) and not error.code)


def _copied(path: Path) -> Path:
    with files.reporting(path):
        number, name = tempfile.mkstemp(prefix=files.hidden(path), dir=path.parent)
        os.close(number)
        copy = Path(name)
        try:
            shutil.copy2(path, copy)
        except BaseException:
            copy.unlink()
            raise
    return copy
