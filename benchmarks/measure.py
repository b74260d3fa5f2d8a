"""How benchmarks measure: medians of interleaved runs, and programs in processes of their own."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Row(NamedTuple):
    """One figure: `ratio` is `value` divided by what `against` names, or by the figure to reach that `against` gives."""

    name: str
    value: float
    unit: str
    against: str
    ratio: float


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


def interleaved(rounds: int, *measures: Callable[[], float]) -> list[float]:
    """Median of each measure; they take turns, so that a busy spell of the machine meets all of them."""
    found = [[measure() for measure in measures] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def run_python(*arguments: str, cache: str | None = None) -> tuple[str, float]:
    """Run this Python with arguments from the root of the sources; what it printed, and wall seconds from start to end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    if cache is not None:
        environment["NUMBA_CACHE_DIR"] = cache
    start = time.perf_counter()
    answer = subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, encoding="utf-8", env=environment, cwd=ROOT, check=False
    )
    elapsed = time.perf_counter() - start
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    return answer.stdout, elapsed


def first_and_second(*arguments: str) -> tuple[float, float]:
    """Wall seconds of a program with nothing compiled yet, and again with everything compiled."""
    with tempfile.TemporaryDirectory() as cache:
        return run_python(*arguments, cache=cache)[1], run_python(*arguments, cache=cache)[1]


def run_module(name: str) -> dict:
    """Run `python -m name`, which prints one JSON object."""
    return json.loads(run_python("-m", name)[0])
