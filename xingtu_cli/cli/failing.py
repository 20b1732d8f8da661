"""What a run says when it fails, and the code it exits with."""

import re
import traceback
from pathlib import Path
from typing import Any

from xingtu_cli import terminal
from xingtu_cli.answers import quoted
from xingtu_cli.cli.session import NO_VALUE, Session
from xingtu_cli.errors import (
    NO_MEMORY,
    CannotWrite,
    Interrupted,
    InvalidFile,
    MissingAnswers,
    MissingLibrary,
    UsageError,
    XingtuError,
    reason,
)
from xingtu_cli.layout import Line
from xingtu_cli.text import Text, did_you_mean, join, same, visible

ERROR = Text("错误：", "Error: ")
HINT = Text("用法见：{command} --help", "See: {command} --help")
ASKABLE = Text(
    "在终端里运行 {command}，会逐题询问。", "In a terminal, {command} asks for them one by one."
)
SYSTEM = Text("系统出错：{why}", "the system failed: {why}")
SYSTEM_ON = Text("系统出错（{file}）：{why}", "the system failed ({file}): {why}")
INCOMPLETE = Text(
    "安装不完整，缺少 {module}；请重新安装 xingtu-cli",
    "the installation is incomplete: {module} is missing; install xingtu-cli again",
)
DAMAGED = Text(
    "Python 缓存的程序文件坏了（可能是写的时候磁盘满了）；请删除文件夹 {folder} 再运行",
    "Python's cached copy of the program is damaged, perhaps since the disk was full when it was"
    " written; delete the folder {folder} and run this again",
)
RESUME = Text("接着做，请运行：", "To go on from here:")


def fail(error: XingtuError, session: Session) -> int:
    """Tell the user, or the script, what is wrong; return the exit code."""
    if session.debug:
        terminal.remark([Line(traceback.format_exc().rstrip(), verbatim=True)])
    try:
        if session.format == "json":
            from xingtu_cli.render import error_as_json

            terminal.write(error_as_json(error, session.lang, session.tree))
        else:
            terminal.remark(error_lines(error, session), color=session.color)
    except terminal.ReaderLeft:
        pass  # nobody is left to tell
    except XingtuError as worse:
        told = [worse] if isinstance(error, CannotWrite) else [error, worse]
        for each in told:
            terminal.remark(error_lines(each, session), color=session.color)
    if error.resume:
        lines = [Line(RESUME.in_(session.lang)), Line(error.resume, verbatim=True)]
        terminal.remark(lines, color=session.color)
    return error.exit_code


def error_lines(error: XingtuError, session: Session) -> list[Line]:
    """Return what to say about an error: what is wrong, and what to do next."""
    lang = session.lang
    first, *rest = error.message.in_(lang).split("\n")
    lead = "" if isinstance(error, Interrupted) else ERROR.in_(lang)
    lines = [Line(lead + visible(first), style="error", hanging=2)]
    copied = isinstance(error, MissingLibrary)  # the rest is a line to run
    lines += [Line(visible(line), hanging=4, verbatim=copied) for line in rest]
    if isinstance(error, InvalidFile):
        lines += [Line(visible(problem.at(lang)), hanging=4) for problem in error.problems]
    if type(error) is UsageError:
        lines.append(Line(HINT.format(command=error.command or session.page).in_(lang)))
    if isinstance(error, MissingAnswers) and not error.asked:
        command = "xingtu" if session.command == "diagnose" else f"xingtu {session.command}"
        lines.append(Line(ASKABLE.format(command=command).in_(lang)))
    return lines


def fault(error: Exception) -> XingtuError:
    """Return what the system or the program itself did not do, as an error that can be shown."""
    if isinstance(error, MemoryError):
        return XingtuError(SYSTEM.format(why=NO_MEMORY))
    if isinstance(error, OSError):
        told = SYSTEM_ON if error.filename else SYSTEM
        return XingtuError(told.format(file=visible(str(error.filename)), why=reason(error)))
    if isinstance(error, ModuleNotFoundError):
        return XingtuError(INCOMPLETE.format(module=error.name or str(error)))
    if (cached := _damaged_cache(error)) is not None:
        return XingtuError(DAMAGED.format(folder=cached.parent))
    what = f"{type(error).__name__}: {error}"
    return XingtuError(
        Text(
            f"程序内部出错（{what}）。请加 --debug 再运行一次，把输出发给维护者。",
            f"internal error ({what}). Please run again with --debug and send us the output.",
        )
    )


def _damaged_cache(error: BaseException | None) -> Path | None:
    """Return the cached bytecode that could not be loaded, if that is the matter.

    Before 3.12.8 and 3.13.1 Python leaves half of it behind on a full disk (python/cpython#126606).
    """
    while error is not None:
        for frame, _ in traceback.walk_tb(error.__traceback__):
            if frame.f_code.co_name == "_compile_bytecode":
                return Path(frame.f_locals["bytecode_path"])
        error = error.__cause__ or error.__context__
    return None


def usage_error(error: Any) -> UsageError:
    """Say in both languages what the parser found wrong."""
    context = getattr(error, "ctx", None)
    return UsageError(_what_is_wrong(error), command=context.command_path if context else "")


def _what_is_wrong(error: Any) -> Text:
    message = error.format_message()
    option = getattr(error, "option_name", None)
    if option and hasattr(error, "possibilities"):
        shown = quoted(option)
        near = did_you_mean(option, error.possibilities or [])
        return Text(f"没有 {shown} 这个参数", f"there is no flag {shown}").plus(near)
    if option and "does not take a value" in message:
        return Text(f"{option} 后面不写值", f"{option} takes no value")
    if option:
        return NO_VALUE.format(flag=option)
    if hasattr(error, "param_type"):  # a word that is required
        name, about = error.param.metavar, error.param.help
        return Text(f"还缺“{name}”（{about}）", f"{name} is missing ({about})")
    if message == "Missing command.":
        known = join([same(name) for name in error.ctx.command.commands])
        return Text("还要写一个命令：", "name a command: ").plus(known)
    if match := re.match(r"No such command '(.*?)'\.(?: Did you mean '(.*?)')?", message):
        name = quoted(match[1])
        near = did_you_mean(match[2] or "", [match[2]] if match[2] else [])
        return Text(f"没有 {name} 这个命令", f"there is no command {name}").plus(near)
    if match := re.match(r"Got unexpected extra argument\(s\) \((.*)\)", message):
        return Text(f"多出来的内容：{quoted(match[1])}", f"unexpected: {quoted(match[1])}")
    return same(message)
