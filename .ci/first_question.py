"""Run a command in a real terminal until it asks its first question, then quit with q."""

import os
import sys

import pexpect

child = pexpect.spawn(
    "bash",
    ["-c", sys.argv[1]],
    encoding="utf-8",
    env={**os.environ, "LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1"},
    timeout=600,
    logfile=sys.stdout,
)
child.expect_exact("第 1 题")
child.expect_exact("> ")
child.sendline("q")
child.expect(pexpect.EOF)
child.close()
sys.exit(0 if child.exitstatus == 130 else f"exit code {child.exitstatus}, expected 130")
