"""Experiments under way on this server. They go on when the browser goes away, and what is finished of them is on disk."""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

import platformdirs

from apps.lab.draft import Draft, checked
from apps.pages.shelves import offices, policies
from coach.store import Store, Viewer
from coach.store.reading import save_run
from sim.experiment.experiment import Progress, compare
from sim.experiment.problems import ExperimentError, Interrupted
from sim.experiment.report.page import write_page
from sim.experiment.verdict import Verdict

Ended = Callable[[str, dict], None]
"""Told once when a job ends: the state (done, stopped or failed) and what to say about it."""

_jobs: dict[str, "Job"] = {}
_lock = Lock()


class Job:
    """One experiment in a thread of its own; the compiled clock lets go of the interpreter, so that pages stay alive."""

    def __init__(self, name: str, draft: Draft, store: Store, viewer: Viewer, ended: Ended):
        self.name, self.draft, self.store, self.viewer = name, draft, store, viewer
        self.progress: Progress | None = None
        self.cancel = Event()
        self._ended = ended
        self._thread = Thread(target=self._work, name=name, daemon=True)

    @property
    def working(self) -> bool:
        """Whether it still runs."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin, or go on where an earlier run of the same name stopped."""
        with _lock:
            _jobs[self.name] = self
        self._thread.start()

    def _work(self) -> None:
        try:
            self._end(self._verdict(), "done")
        except Interrupted as stop:
            if stop.verdict is None:
                self._ended("stopped", {"pairs": stop.pairs})
            else:
                self._end(stop.verdict, "stopped")
        except ExperimentError as problem:
            self._ended("failed", {"en": problem.en, "zh": problem.zh})
        except Exception as problem:
            self._ended("failed", {"en": f"The run failed: {problem}", "zh": f"实验失败：{problem}"})
            raise
        finally:
            with _lock:
                _jobs.pop(self.name, None)

    def _verdict(self) -> Verdict:
        draft = self.draft
        proposed = policies()[draft.proposed] if draft.edited is None else checked(draft.edited)[0]
        return compare(
            policies()[draft.today], proposed, offices()[draft.office], weeks=draft.weeks, metric=draft.metric,
            precision=draft.precision, max_pairs=draft.max_pairs, seed=draft.seed, resume=folder_of(self.name),
            threads=max(1, (os.cpu_count() or 1) - 1), progress=self._tell, cancel=self.cancel,
        )  # fmt: skip

    def _tell(self, progress: Progress) -> None:
        self.progress = progress

    def _end(self, verdict: Verdict, state: str) -> None:
        title = " → ".join(getattr(card.title, self.viewer.language) for card in (verdict.policies.a, verdict.policies.b))
        number = f"{self.name}-{verdict.pairs}"
        page = page_of(verdict, self.viewer.language)
        save_run(self.store, self.viewer, number, title, verdict.model_dump(mode="json"), page, time.time_ns() // 1_000_000)
        if state == "done":
            shutil.rmtree(folder_of(self.name), ignore_errors=True)
        self._ended(state, {"run": number, "pairs": verdict.pairs})


def job(name: str) -> Job | None:
    """The job of that name, if it runs on this server."""
    with _lock:
        return _jobs.get(name)


def folder_of(name: str) -> Path:
    """Where the finished pairs of an experiment are kept until it is done."""
    return Path(platformdirs.user_cache_dir("rehearse")) / "experiments" / name


def finished(name: str) -> int:
    """Pairs of an experiment that are on disk."""
    return sum(1 for _ in folder_of(name).glob("pair-*.npz"))


def page_of(verdict: Verdict, language: str) -> str:
    """The verdict's page, which holds both languages."""
    with tempfile.TemporaryDirectory() as folder:
        return write_page(verdict, Path(folder) / "verdict.html", language).read_text(encoding="utf-8")
