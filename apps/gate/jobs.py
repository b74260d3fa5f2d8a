"""Validations under way on this server."""

import os
import shutil
from pathlib import Path

import platformdirs

from apps.gate.draft import Draft, lines_of, settled
from apps.pages.background import Ended, Job
from apps.pages.shelves import offices, policies
from coach.store import Store
from coach.validation.parts import Validation
from coach.validation.past import Stopped
from coach.validation.validate import Rehearsal, validate


class ValidationJob(Job):
    """One validation; pairs that an earlier run of the same name finished are taken up."""

    def __init__(self, name: str, draft: Draft, store: Store, ended: Ended):
        super().__init__(name, ended)
        self.draft, self.store = draft, store

    def work(self) -> None:
        """Validate, and hand the report over."""
        try:
            report = self._validated()
            shutil.rmtree(folder_of(self.name), ignore_errors=True)
            self.ended("done", report.model_dump(mode="json"))
        except Stopped:
            self.ended("stopped", {})
        except ValueError as problem:
            self.ended("failed", _told(problem))
            if not hasattr(problem, "zh"):
                raise
        except Exception as problem:
            self.ended("failed", _told(problem))
            raise

    def _validated(self) -> Validation:
        draft = self.draft
        proposed = settled(draft, self.store)
        rehearsal = Rehearsal(
            offices()[draft.office], weeks=draft.weeks, max_pairs=draft.max_pairs, threads=max(1, (os.cpu_count() or 1) - 1)
        )
        return validate(
            proposed.policy, self.store, lines_of(draft.lines), rehearsal, problems=proposed.problems,
            against=policies()[draft.against] if draft.against else None, resume=folder_of(self.name), told=self.tell,
            cancel=self.cancel,
        )  # fmt: skip


def _told(problem: Exception) -> dict:
    if hasattr(problem, "en") and hasattr(problem, "zh"):
        return {"en": problem.en, "zh": problem.zh}
    return {"en": f"The validation failed: {problem}", "zh": f"验证失败：{problem}"}


def folder_of(name: str) -> Path:
    """Where the finished pairs of a rehearsal are kept until the validation is done."""
    return Path(platformdirs.user_cache_dir("rehearse")) / "validations" / name
