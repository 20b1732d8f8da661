"""In place of a test run: try each mutant of some files on the tests that call its function.

A mutant lives in a process of its own, a fork of this one, in which all is imported already and
only the code of one function is exchanged: so it costs little more than its tests.
"""

import gc
import multiprocessing
import os
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant, mutants

SECONDS = 2.0  # a test that takes longer is left out
MEMORY = 4 << 30  # bytes that a mutant may use
FORK = multiprocessing.get_context("fork")

Place = tuple[str, str]  # a file, and the qualified name of a function in it


@dataclass(frozen=True)
class Caller:
    """A test that calls a function, and how long it takes."""

    number: int
    seconds: float


class Trial:
    """Tries the mutants of `paths`; `ends` says what became of each."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.paths = paths
        self.ends: dict[Mutant, str] = {}

    def pytest_collection(self) -> None:
        """Let hypothesis try the same each time, and stop at the first failure."""
        from hypothesis import Phase, settings  # pytest wants to import it itself

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", derandomize=True, deadline=None, phases=phases)
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.session = session
        self.functions: dict[Place, list[FunctionType]] = defaultdict(list)
        self.caches: list[_lru_cache_wrapper[Any]] = []
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename in map(str, self.paths):
                self.functions[_place(each.__code__)].append(each)
            elif isinstance(each, _lru_cache_wrapper) and "xingtu_cli" in each.__module__:
                self.caches.append(each)
        gc.freeze()
        callers = self._callers()
        for path in self.paths:
            for mutant in mutants(path):
                self.ends[mutant] = self._end(mutant, callers[str(path), mutant.function])
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failure = f"{report.nodeid}\n{report.longreprtext}"

    def _callers(self) -> dict[Place, list[Caller]]:
        """Return the tests that call each function, the quickest first."""
        here, there = FORK.Pipe(duplex=False)
        measuring = FORK.Process(target=self._measure, args=(there,))
        measuring.start()
        there.close()
        try:
            found: dict[Place, list[Caller]] = here.recv()
        except EOFError:
            pytest.exit("nothing was tried", returncode=1)
        measuring.join()
        return found

    def _measure(self, result: Connection) -> None:
        self._be_quiet()
        called: set[Place] = set()
        found: dict[Place, list[Caller]] = defaultdict(list)

        def note(frame: FrameType, event: str, _: object) -> None:
            if event == "call":
                called.add(_place(frame.f_code))

        start = time.perf_counter()
        sys.setprofile(note)
        for number in self._run(range(self.session.testscollected)):
            sys.setprofile(None)
            caller = Caller(number, time.perf_counter() - start)
            for place in called & self.functions.keys():
                if caller.seconds < SECONDS:
                    found[place].append(caller)
            if self.session.testsfailed:
                sys.exit(f"fails without a mutant: {self.failure}")
            self._forget()
            called.clear()
            start = time.perf_counter()
            sys.setprofile(note)
        sys.setprofile(None)
        for callers in found.values():
            callers.sort(key=lambda caller: caller.seconds)
        result.send(found)

    def _end(self, mutant: Mutant, callers: list[Caller]) -> str:
        """Run the tests that call a mutated function."""
        if not callers:
            return "not reached"
        trial = FORK.Process(target=self._try, args=(mutant, callers))
        trial.start()
        trial.join(10 + 10 * sum(caller.seconds for caller in callers))
        if trial.exitcode is None:
            trial.kill()
            trial.join()
            return "timeout"
        return "killed" if trial.exitcode else "survived"

    def _try(self, mutant: Mutant, callers: list[Caller]) -> None:
        self._be_quiet()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        self._forget()
        for function in self.functions[str(mutant.path), mutant.function]:
            function.__code__ = mutant.code
        for _ in self._run([caller.number for caller in callers]):
            if self.session.testsfailed:
                os._exit(1)
        os._exit(0)

    def _run(self, numbers: Sequence[int]) -> Iterator[int]:
        """Run tests; yield the number of each when it has ended."""
        items = [self.session.items[number] for number in numbers]
        for number, item, following in zip(numbers, items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            yield number

    def _be_quiet(self) -> None:
        self.session.config.pluginmanager.unregister(name="terminalreporter")

    def _forget(self) -> None:
        """Empty our caches: a result remembered would hide a mutant."""
        for cache in self.caches:
            cache.cache_clear()


def _place(code: Any) -> Place:
    return code.co_filename, code.co_qualname.partition(".<locals>")[0]
