"""Where pairs run: threads of this machine, whose compiled clock releases the interpreter lock, or a Dask cluster by address.

Both are `concurrent.futures` executors, so one loop serves both. Which worker runs a pair, and when, never enters a result.
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, ThreadPoolExecutor, wait
from typing import TypeVar

from policies.jit.compiled import source_digest
from sim.experiment.problems import ExperimentError

Result = TypeVar("Result")
_HEED_EVERY = 0.2  # seconds between looks at the cancel event


@contextlib.contextmanager
def threads(count: int | None = None) -> Iterator[Executor]:
    """A pool of threads, one per core unless told; pairs not yet begun are dropped at the end."""
    pool = ThreadPoolExecutor(count or os.cpu_count() or 1)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextlib.contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a Dask scheduler, e.g. `tcp://10.0.0.5:8786`.

    ExperimentError if nobody answers there or the workers have other sources than this program: their results would differ.
    """
    from distributed import Client  # half a second that a run on this machine need not pay

    try:
        client = Client(address, set_as_default=False, timeout="10s")
    except (OSError, ValueError) as problem:
        raise ExperimentError(f"no Dask scheduler answers at {address}: {problem}", f"{address} 没有 Dask 调度器应答") from None
    try:
        _same_sources(client, address)
        yield client.get_executor(pure=False)
    finally:
        client.close()


def _same_sources(client, address: str) -> None:
    digests = client.run(source_digest)
    if not digests:
        raise ExperimentError(f"the cluster at {address} has no workers", f"{address} 的集群没有工作进程")
    others = [worker for worker, digest in digests.items() if digest != source_digest()]
    if others:
        raise ExperimentError(
            f"these workers run another version of Rehearse: {', '.join(others)}",
            f"以下工作进程的 Rehearse 版本不同：{'、'.join(others)}",
        )


def run(
    pool: Executor, task: Callable[[int], Result], indices: Iterable[int], cancelled: Callable[[], bool]
) -> Iterator[tuple[int, Result]]:
    """Yield (index, result) as results come in, until all are there or `cancelled()`; a failure in a task is raised here."""
    waiting = {pool.submit(task, index): index for index in indices}
    try:
        while waiting and not cancelled():
            done, _ = wait(waiting, timeout=_HEED_EVERY, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=waiting.__getitem__):
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()
