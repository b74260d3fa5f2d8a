"""Experiments under way on this server; what is finished of them is on disk."""

import os
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import platformdirs

from apps.lab.draft import Draft
from apps.pages.background import Ended, Job
from apps.pages.shelves import offices, policies
from coach.store import Store, Viewer
from coach.store.reading import save_run
from policies.documents.loader import policy_yaml
from policies.documents.own import keep_own
from sim.experiment.problems import ExperimentError, Interrupted
from sim.experiment.report.page import write_page
from sim.experiment.running.experiment import compare
from sim.experiment.verdict.verdict import Verdict


class ExperimentJob(Job):
    """One experiment; the compiled clock lets go of the interpreter, so that pages stay alive."""

    def __init__(self, name: str, draft: Draft, store: Store, viewer: Viewer, ended: Ended):
        super().__init__(name, ended)
        self.draft, self.store, self.viewer = draft, store, viewer

    def work(self) -> None:
        """Compare, and keep the verdict with its page."""
        try:
            self._end(self._verdict(), "done")
        except Interrupted as stop:
            if stop.verdict is None:
                self.ended("stopped", {"pairs": stop.pairs})
            else:
                self._end(stop.verdict, "stopped")
        except ExperimentError as problem:
            self.ended("failed", {"en": problem.en, "zh": problem.zh})
        except Exception as problem:
            self.ended("failed", {"en": f"The run failed: {problem}", "zh": f"实验失败：{problem}"})
            raise

    def _verdict(self) -> Verdict:
        draft = self.draft
        today, proposed = draft.policies()
        if proposed.name not in policies():
            keep_own(proposed.name, policy_yaml(proposed))
        return compare(
            today, proposed, offices()[draft.office], weeks=draft.weeks, metric=draft.metric,
            precision=draft.precision, max_pairs=draft.max_pairs, seed=draft.seed, resume=folder_of(self.name),
            threads=max(1, (os.cpu_count() or 1) - 1), progress=self.tell, cancel=self.cancel,
        )  # fmt: skip

    def _end(self, verdict: Verdict, state: str) -> None:
        title = " → ".join(getattr(card.title, self.viewer.language) for card in (verdict.policies.a, verdict.policies.b))
        number = f"{self.name}-{verdict.pairs}"
        page = page_of(verdict, self.viewer.language)
        save_run(self.store, self.viewer, number, title, verdict.model_dump(mode="json"), page, time.time_ns() // 1_000_000)
        if state == "done":
            shutil.rmtree(folder_of(self.name), ignore_errors=True)
        self.ended(state, {"run": number, "pairs": verdict.pairs})


def folder_of(name: str) -> Path:
    """Where the finished pairs of an experiment are kept until it is done."""
    return Path(platformdirs.user_cache_dir("rehearse")) / "experiments" / name


def finished(name: str) -> int:
    """Pairs of an experiment that are on disk."""
    return sum(1 for _ in folder_of(name).glob("pair-*.npz"))


def page_of(verdict: Verdict, language: str) -> str:
    """The verdict's page, which holds both languages.

    It is drawn in a process of its own: drawing takes seconds of the interpreter, and the plotting libraries keep one current
    document for all threads, which here may be that of somebody's page.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_drawn, verdict, language).result()


def _drawn(verdict: Verdict, language: str) -> str:
    with tempfile.TemporaryDirectory() as folder:
        return write_page(verdict, Path(folder) / "verdict.html", language).read_text(encoding="utf-8")
