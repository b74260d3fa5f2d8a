"""The lab: ask what a policy would do, and read the verdict; for managers and operations."""

from pathlib import Path

import panel as pn
from pydantic import ValidationError

from apps.lab.draft import Draft
from apps.lab.experiment import Experiment
from apps.lab.jobs import ExperimentJob
from apps.lab.question import Question
from apps.lab.reading import Reading
from apps.pages.frame import Site, argument, remember
from apps.pages.keeping import Keeping
from apps.pages.texts import LANGUAGES
from coach.problems import CoachError
from coach.store import Store, Viewer
from coach.store.reading import runs, saved_run

FOLDER = Path(__file__).parent


class Lab:
    """One visitor's lab. `site.page` is what Panel serves."""

    def __init__(self, store: Store, viewer: Viewer):
        self.store, self.viewer = store, viewer
        self.keeping = Keeping(store, viewer)
        self.problem = ""
        self._draft_name, self.draft = self._last_draft()
        self.open: Question | Experiment | Reading = Question(self)
        self.site = Site("lab", viewer, FOLDER, lambda: self.open.draw())
        self._reopen(argument("session"), argument("run"))
        self.site.refresh()

    def _last_draft(self) -> tuple[str, Draft]:
        for kept in self.keeping.all("draft")[:1]:
            try:
                return kept.id, Draft.model_validate(self.keeping.find(kept.id).data)
            except ValidationError:
                self.keeping.drop(kept.id)  # written by a version whose questions looked otherwise
        draft = Draft()
        return self.keeping.begin("draft", {"en": "", "zh": ""}, {}, draft.model_dump(mode="json")), draft

    def keep_draft(self) -> None:
        """Keep the question as it stands."""
        self.keeping.keep(self._draft_name, {}, self.draft.model_dump(mode="json"))

    def _reopen(self, session: str, run: str) -> None:
        try:
            if run:
                self.open = Reading(self, saved_run(self.store, self.viewer, run))
            elif session:
                self.open = Experiment(self, self.keeping.find(session))
        except CoachError:
            self.problem = "home.lost"

    def show(self, *, session: str | None = None, run: str | None = None) -> None:
        """Open an experiment, a saved run, or the question."""
        self.problem = ""
        self.open = Question(self)
        remember(session=session, run=run)
        self._reopen(session or "", run or "")
        self.site.refresh()

    def saved(self) -> list[dict]:
        """Saved runs, the latest first."""
        return runs(self.store, self.viewer)

    def start(self) -> None:
        """Run the question as it stands."""
        title = {language: self.draft.question(language) for language in LANGUAGES}
        name = self.keeping.begin("experiment", title, {"state": "running"}, self.draft.model_dump(mode="json"))
        self.go_on(name, self.draft.model_copy(deep=True))

    def go_on(self, name: str, draft: Draft) -> None:
        """Begin an experiment, or go on with one that was stopped."""
        kept = draft.model_dump(mode="json")
        keeping = self.keeping
        keeping.keep(name, {"state": "running"}, kept)
        ExperimentJob(
            name, draft, self.store, self.viewer, lambda state, about: keeping.keep(name, {"state": state, **about}, kept)
        ).start()
        self.show(session=name)


def lab(store: Store, viewer: Viewer) -> pn.viewable.Viewable:
    """The page for one visitor."""
    return Lab(store, viewer).site.page
