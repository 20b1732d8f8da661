"""How long a scripted run takes, against an empty Typer program and well-known command-line tools.

    .venv/bin/pip install -e '.[bench]' && .venv/bin/python benchmarks/startup.py

All commands are run in turn, round after round, so that a slow moment of the machine meets all of
them alike. The ratio is the median, over the rounds, of a command's time to that of the empty Typer
program in the same round.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = Path(sys.executable).parent
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 20

EMPTY = """
import typer
app = typer.Typer()
@app.command()
def main(word: str = "nothing") -> None:
    print(word)
app()
"""
ANSWERS = [
    *("--settled", "yes", "--stamped", "yes", "--mailed-on", "2026-10-08"),
    *("--wrong-fields", "account-number", "--statement-status", "cancellable"),
    *("--new-amount", "12000", "--invoiced-amount", "10000", "--today", "2026-11-23"),
]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY, "utf-8")
        xingtu = str(BIN / "xingtu")
        commands = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "an empty Typer program": [sys.executable, str(empty)],
            "xingtu --version": [xingtu, "--version"],
            "xingtu diagnose … (text)": [xingtu, "diagnose", *ANSWERS],
            "xingtu diagnose … (json)": [xingtu, "diagnose", *ANSWERS, "--format", "json"],
        }
        for peer in ("copier", "cookiecutter", "http"):
            commands[f"{peer} --version"] = [str(BIN / peer), "--version"]
        for words in commands.values():  # fills the disk's cache and writes byte code
            seconds(words)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(ROUNDS):
            for name, words in commands.items():
                times[name].append(seconds(words))
        show(times)


def seconds(words: list[str]) -> float:
    environment = {**os.environ, "LANG": "zh_CN.UTF-8", "PYTHONUTF8": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled
    start = time.perf_counter()
    subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start


def show(times: dict[str, list[float]]) -> None:
    base = times["an empty Typer program"]
    print(f"{'':26}{'ms, median':>12}{'ratio, median':>15}   ({ROUNDS} rounds in turn)")
    for name, own in times.items():
        ratio = statistics.median(mine / theirs for mine, theirs in zip(own, base, strict=True))
        print(f"{name:26}{statistics.median(own) * 1000:12.0f}{ratio:15.2f}")


if __name__ == "__main__":
    main()
