"""In place of a test run: try each mutant of some files on the tests that call its function.

A mutant lives in a process of its own, a fork of this one, in which all is imported already and
only the code of one function is exchanged: so it costs little more than its tests.
"""

import gc
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import _lru_cache_wrapper
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType, FunctionType
from typing import Any

import pytest

from tests.mutation.mutants import Mutant, mutants

SECONDS = 10.0  # of processor time; a test that takes longer is left out
MEMORY = 4 << 30  # bytes that a mutant may use
WAIT = 600  # seconds for a mutant that neither works nor ends
FAILED = 3  # the exit code of a trial in which a test failed
ENDS: Mapping[int | None, str] = {0: "survived", FAILED: "killed", -signal.SIGPROF: "timeout"}
FORK = multiprocessing.get_context("fork")

Line = tuple[str, int]  # of a file


@dataclass(frozen=True)
class Reach:
    """Which tests run a line, and how long each test takes: both by the tests' numbers."""

    tests: Mapping[Line, set[int]]
    seconds: Mapping[int, float]

    def to(self, mutant: Mutant) -> list[int]:
        """Return the tests that run a mutated statement, the quickest first."""
        found = set().union(*(self.tests.get((str(mutant.path), n), ()) for n in mutant.lines))
        return sorted(found, key=self.seconds.__getitem__)


class Trial:
    """Tries the mutants of `paths`; `tell` is told what became of each."""

    def __init__(self, paths: Sequence[Path], tell: Callable[[Mutant, str], None]) -> None:
        self.paths = paths
        self.tell = tell

    def pytest_collection(self) -> None:
        """Let hypothesis try the same each time, and stop at the first failure."""
        from hypothesis import Phase, settings  # pytest wants to import it itself

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", derandomize=True, deadline=None, phases=phases)
        settings.load_profile("mutation")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.session = session
        self.functions: dict[tuple[str, str], list[FunctionType]] = defaultdict(list)
        self.caches: list[_lru_cache_wrapper[Any]] = []
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename in map(str, self.paths):
                code = each.__code__
                self.functions[code.co_filename, code.co_qualname].append(each)
            elif isinstance(each, _lru_cache_wrapper) and "xingtu_cli" in each.__module__:
                self.caches.append(each)
        gc.freeze()
        reach = self._reach()
        for path in self.paths:
            for mutant in mutants(path):
                self.tell(mutant, self._end(mutant, reach))
        return True

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failure = f"{report.nodeid}\n{report.longreprtext}"

    def _reach(self) -> Reach:
        """Run each test once without a mutant."""
        here, there = FORK.Pipe(duplex=False)
        measuring = FORK.Process(target=self._measure, args=(there,))
        measuring.start()
        there.close()
        try:
            found: Reach = here.recv()
        except EOFError:
            pytest.exit("nothing was tried", returncode=1)
        measuring.join()
        return found

    def _measure(self, result: Connection) -> None:
        self._be_quiet()
        files = {str(path) for path in self.paths}
        lines: set[Line] = set()
        tests: dict[Line, set[int]] = defaultdict(set)
        seconds: dict[int, float] = {}

        def note(frame: FrameType, _event: str, _: object) -> Any:
            if frame.f_code.co_filename not in files:
                return None
            if time.process_time() - start > SECONDS:
                pytest.skip("it takes too long")
            lines.add((frame.f_code.co_filename, frame.f_lineno))
            return note

        start = time.process_time()
        sys.settrace(note)
        for number in self._run(range(self.session.testscollected)):
            sys.settrace(None)
            seconds[number] = time.process_time() - start
            if seconds[number] < SECONDS:
                if self.session.testsfailed:
                    sys.exit(f"fails without a mutant: {self.failure}")
                for line in lines:
                    tests[line].add(number)
            self.session.testsfailed = 0
            self._forget()
            lines.clear()
            start = time.process_time()
            sys.settrace(note)
        sys.settrace(None)
        result.send(Reach(tests, seconds))

    def _end(self, mutant: Mutant, reach: Reach) -> str:
        """Run the tests that reach a mutant, and return what became of it."""
        numbers = reach.to(mutant)
        if not numbers:
            return "not reached"
        trial = FORK.Process(target=self._try, args=(mutant, numbers, reach.seconds))
        trial.start()
        trial.join(WAIT)
        trial.kill()
        trial.join()
        return ENDS.get(trial.exitcode, "broke off")

    def _try(self, mutant: Mutant, numbers: Sequence[int], seconds: Mapping[int, float]) -> None:
        self._be_quiet()
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        self._forget()
        for function in self.functions[str(mutant.path), mutant.function]:
            function.__code__ = mutant.code
        running = self._run(numbers)
        for number in numbers:
            signal.setitimer(signal.ITIMER_PROF, 2 + 5 * seconds[number])  # of processor time
            next(running)
            if self.session.testsfailed:
                os._exit(FAILED)
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
