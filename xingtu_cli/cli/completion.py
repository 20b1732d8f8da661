"""`--install-completion` and `--show-completion`: the scripts are typer's, the words are ours.

typer writes the start file of a shell anew, in place; where the disk is full, what stood there
would be lost. So copies are kept meanwhile.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from xingtu_cli import files, terminal
from xingtu_cli.cli.session import INSTALL, Session
from xingtu_cli.errors import CannotWrite, XingtuError, reason
from xingtu_cli.text import Text, visible

# what typer writes for a shell below the home folder: its start file, and a script of ours
WRITTEN: Mapping[str, Sequence[str]] = {
    "bash": (".bashrc", ".bash_completions/xingtu.sh"),
    "zsh": (".zshrc", ".zfunc/_xingtu"),
    "fish": (".config/fish/completions/xingtu.fish",),
}
POWERSHELL = ("powershell", "pwsh")

INSTALLED = Text(
    "已为 {name} 安装命令补全：{file}\n新开的终端窗口里起作用。",
    "Completion for {name} is installed: {file}\nIt works in terminal windows opened from now on.",
)
NO_SHELL = Text(
    "没有认出当前的 shell。命令补全只支持 bash、zsh、fish 和 PowerShell，请在其中之一里再运行一次",
    "this shell was not recognised. Completion is there for bash, zsh, fish and PowerShell; run"
    " this again in one of them",
)
NO_HOME = Text(
    "没有安装：找不到你的主目录（环境变量 HOME）。请设好 HOME 再运行，"
    "或把 xingtu --show-completion 的输出加进 shell 的启动文件",
    "not installed: your home folder is not known (environment variable HOME). Set HOME and run"
    " this again, or add what xingtu --show-completion prints to the start file of the shell",
)
UNREADABLE = Text(
    "没有安装：shell 的启动文件（如 ~/.bashrc）不是 {encoding} 编码，没有动它。"
    "请把 xingtu --show-completion 的输出加进去",
    "not installed: the start file of the shell, such as ~/.bashrc, is not in {encoding}, and was"
    " left alone. Add what xingtu --show-completion prints to it",
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


def run(flag: str, session: Session) -> None:
    """Do what one of the two flags asks for, for the shell that the program is run in.

    Raises `XingtuError` for a shell without completion, and `CannotWrite` where it cannot be
    installed: where writing fails, where there is no home folder, and in PowerShell, since there
    typer would allow any script to run, and not find a folder with a Chinese name.
    """
    from typer import _completion_shared as scripts

    shell = scripts._get_shell_name()
    if shell not in (*WRITTEN, *POWERSHELL):
        raise XingtuError(NO_SHELL)
    if flag == INSTALL:
        if shell in POWERSHELL:
            raise CannotWrite(IN_POWERSHELL)
        with _harmless(WRITTEN[shell]):
            _, path = scripts.install(shell, prog_name="xingtu")
        told = INSTALLED.format(name=shell, file=visible(str(path))).in_(session.lang)
    else:
        told = scripts.get_completion_script(
            prog_name="xingtu", complete_var="_XINGTU_COMPLETE", shell=shell
        )
    terminal.write(f"{told}\n")


@contextmanager
def _harmless(written: Sequence[str]) -> Iterator[None]:
    """Raise `CannotWrite` where the block fails, and leave what it writes as it was before."""
    try:
        home = Path.home()
    except RuntimeError:
        raise CannotWrite(NO_HOME) from None
    if os.environ.get("HOME") == "" or not home.is_dir():  # an empty one would be the root folder
        raise CannotWrite(NO_HOME)
    with _keeping([home / name for name in written]):
        try:
            yield
        except UnicodeDecodeError as error:
            raise CannotWrite(UNREADABLE.format(encoding=error.encoding.upper())) from None
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
        except BaseException:
            for path, copy in copies.items():
                copy.replace(path)
            for path in new:
                with suppress(OSError):
                    path.unlink()
            raise
    finally:
        for copy in copies.values():
            copy.unlink(missing_ok=True)


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
