"""Validations under way on this server. They go on when the browser goes away."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

import platformdirs

from apps.gate.draft import Draft, chosen, lines_of
from apps.pages.shelves import offices, policies
from coach.store import Store
from coach.validation.parts import Validation
from coach.validation.past import Stopped
from coach.validation.validate import Rehearsal, Step, validate

Ended = Callable[[str, dict], None]
"""Told once when a job ends: the state (done, stopped or failed), and the report or what went wrong."""

_jobs: dict[str, "Job"] = {}
_lock = Lock()


class Job:
    """One validation in a thread of its own."""

    def __init__(self, name: str, draft: Draft, store: Store, ended: Ended):
        self.name, self.draft, self.store = name, draft, store
        self.step: Step | None = None
        self.cancel = Event()
        self._ended = ended
        self._thread = Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Begin; pairs that an earlier run of the same name finished are taken up."""
        with _lock:
            _jobs[self.name] = self
        self._thread.start()

    def _work(self) -> None:
        try:
            report = self._validated()
            shutil.rmtree(folder_of(self.name), ignore_errors=True)
            self._ended("done", report.model_dump(mode="json"))
        except Stopped:
            self._ended("stopped", {})
        except ValueError as problem:
            self._ended("failed", _told(problem))
            if not hasattr(problem, "zh"):
                raise
        except Exception as problem:
            self._ended("failed", _told(problem))
            raise
        finally:
            with _lock:
                _jobs.pop(self.name, None)

    def _validated(self) -> Validation:
        draft = self.draft
        proposed = chosen(draft, self.store)
        rehearsal = Rehearsal(
            offices()[draft.office], weeks=draft.weeks, max_pairs=draft.max_pairs, threads=max(1, (os.cpu_count() or 1) - 1)
        )
        return validate(
            proposed.policy, self.store, lines_of(draft.lines), rehearsal, problems=proposed.problems,
            against=policies()[draft.against] if draft.against else None, resume=folder_of(self.name), told=self._tell,
            cancel=self.cancel,
        )  # fmt: skip

    def _tell(self, step: Step) -> None:
        self.step = step


def _told(problem: Exception) -> dict:
    if hasattr(problem, "en") and hasattr(problem, "zh"):
        return {"en": problem.en, "zh": problem.zh}
    return {"en": f"The validation failed: {problem}", "zh": f"验证失败：{problem}"}


def job(name: str) -> Job | None:
    """The job of that name, if it runs on this server."""
    with _lock:
        return _jobs.get(name)


def folder_of(name: str) -> Path:
    """Where the finished pairs of a rehearsal are kept until the validation is done."""
    return Path(platformdirs.user_cache_dir("rehearse")) / "validations" / name
