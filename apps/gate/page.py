"""The gate: validate a policy before it goes live, put it in force, take it back; for operations."""

from pathlib import Path

import panel as pn
from pydantic import ValidationError

from apps.gate.draft import Draft, settled
from apps.gate.jobs import ValidationJob
from apps.gate.question import Question
from apps.gate.reading import Reading
from apps.gate.requests import Deciding
from apps.gate.working import Working
from apps.pages.frame import Site, argument, remember
from apps.pages.keeping import Keeping
from coach.problems import CoachError
from coach.rules.approving import WHO_ASKS, WHO_CONFIRMS
from coach.rules.service import Service
from coach.store import Viewer
from coach.store.validations import keep_validation
from coach.store.viewer import ask

FOLDER = Path(__file__).parent
KIND = "validation"
DRAFT = "gate-draft"


class Gate:
    """One visitor's gate. `site.page` is what Panel serves."""

    def __init__(self, service: Service, viewer: Viewer):
        self.service, self.store, self.viewer = service, service.store, viewer
        self.keeping = Keeping(self.store, viewer)
        self.problem = ""
        self.open: Question | Working | Reading | Deciding
        self.site = Site("gate", viewer, FOLDER, lambda: self.open.draw())
        if viewer.role in WHO_ASKS:
            self._draft_name, self.draft = self._last_draft()
            self.open = Question(self)
            self._reopen(argument("session"))
        elif viewer.role in WHO_CONFIRMS:
            self.open = Deciding(self)
        self.site.refresh()

    def _last_draft(self) -> tuple[str, Draft]:
        for kept in self.keeping.all(DRAFT)[:1]:
            try:
                return kept.id, Draft.model_validate(self.keeping.find(kept.id).data)
            except ValidationError:
                self.keeping.drop(kept.id)  # written by a version whose questions looked otherwise
        draft = Draft()
        return self.keeping.begin(DRAFT, {"en": "", "zh": ""}, {}, draft.model_dump(mode="json")), draft

    def keep_draft(self) -> None:
        """Keep the question as it stands."""
        self.keeping.keep(self._draft_name, {}, self.draft.model_dump(mode="json"))

    def _reopen(self, name: str) -> None:
        if not name:
            return
        try:
            kept = self.keeping.find(name)
        except CoachError:
            self.problem = "home.lost"
            return
        self.open = Reading(self, kept) if kept.state["state"] == "done" else Working(self, kept)

    def show(self, session: str | None = None) -> None:
        """Open a validation, or the question."""
        self.problem = ""
        self.open = Question(self)
        remember(session=session)
        self._reopen(session or "")
        self.site.refresh()

    def start(self) -> None:
        """Validate the policy of the question as it stands."""
        policy = settled(self.draft, self.store).policy
        title = {each: getattr(policy.title, each) or policy.name for each in ("en", "zh")}
        data = {"draft": self.draft.model_dump(mode="json")}
        self.go_on(self.keeping.begin(KIND, title, {"state": "running"}, data), self.draft.model_copy(deep=True))

    def go_on(self, name: str, draft: Draft) -> None:
        """Begin a validation, or go on with one that was stopped."""
        policy, keeping = settled(draft, self.store).policy, self.keeping
        # The document itself is kept: what is put in force later is what was validated, whatever the library says by then.
        asked = {"draft": draft.model_dump(mode="json"), "policy": policy.model_dump(mode="json")}
        keeping.keep(name, {"state": "running"}, asked)

        def ended(state: str, told: dict) -> None:
            if state == "done":
                passed, by = told["decision"]["passed"], self.viewer.name
                keep_validation(self.store, policy, passed, self.service.clock(), by)
                keeping.keep(name, {"state": state, "passed": told["decision"]["passed"]}, {**asked, "report": told})
            else:
                keeping.keep(name, {"state": state, **told}, asked)

        ValidationJob(name, draft, self.store, ended).start()
        self.show(name)

    def may_rule(self) -> None:
        """Raises NotAllowed unless the visitor may put policies in force; asked again at every step, not only at the door."""
        ask(self.viewer, *WHO_ASKS)


def gate(service: Service, viewer: Viewer) -> pn.viewable.Viewable:
    """The page for one visitor."""
    return Gate(service, viewer).site.page
