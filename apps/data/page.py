"""The data page: files of a CRM are dropped, looked at, asked about, and brought in; for operations."""

from pathlib import Path

import panel as pn
from pydantic import ValidationError

from apps.data.done import Done
from apps.data.draft import Draft
from apps.data.home import Home
from apps.data.jobs import ImportJob, LookJob
from apps.data.looking import Looking
from apps.data.places import clear, clear_old, new_folder, private_folder
from apps.data.working import Working
from apps.pages.background import job
from apps.pages.frame import Site, argument, remember
from apps.pages.keeping import Keeping, Kept
from coach.problems import CoachError
from coach.rules.service import Service
from coach.store import Viewer
from coach.store.viewer import SEE_EVERYTHING, ask

FOLDER = Path(__file__).parent
KIND = "import"
SOON_SECONDS = 1.5
"""So long a step waits for files to be read, before the page shows how far that is."""


class Data:
    """One visitor's page. `site.page` is what Panel serves."""

    def __init__(self, service: Service, viewer: Viewer):
        self.service, self.store, self.viewer = service, service.store, viewer
        self.keeping = Keeping(self.store, viewer)
        self.problem = ""
        self.open: Home | Working | Looking | Done
        self.site = Site("data", viewer, FOLDER, lambda: self.open.draw())
        if viewer.role in SEE_EVERYTHING:
            clear_old(self.store)
            self.open = Home(self)
            self._reopen(argument("session"))
        self.site.refresh()

    def may_import(self) -> None:
        """Raises NotAllowed unless the visitor may record everything; asked at every step, not only at the door."""
        ask(self.viewer, *SEE_EVERYTHING)

    def show(self, session: str | None = None) -> None:
        """Open an import, or the list of them."""
        self.problem = ""
        self.open = Home(self)
        remember(session=session)
        self._reopen(session or "")
        self.site.refresh()

    def _reopen(self, name: str) -> None:
        if not name:
            return
        try:
            runs = job(name) is not None  # asked first: when it ends later, it has left its state
            kept = self.keeping.find(name)
            draft = Draft.model_validate(kept.data)
        except CoachError:
            self.problem = "home.lost"
        except ValidationError:  # written by a version whose imports looked otherwise
            self.keeping.drop(name)
            self.problem = "home.lost"
        else:
            self.open = self._view(kept, draft, runs)

    def _view(self, kept: Kept, draft: Draft, runs: bool) -> "Working | Looking | Done":
        state = kept.state["state"]
        if not runs and state == "looked":
            return Looking(self, kept.id, draft)
        if not runs and state == "done":
            return Done(self, draft)
        return Working(self, kept.id, draft, kept.state)

    def folder(self, draft: Draft | None) -> Path:
        """Where the files of an import are put; a new folder without one."""
        self.may_import()
        return new_folder(self.store) if draft is None else private_folder(self.store) / draft.folder

    def dropped(self, folder: Path, name: str | None = None, draft: Draft | None = None) -> None:
        """Files are there: look at them, as a new import or with those of an earlier one."""
        files = sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))
        if name is None or draft is None:
            draft = Draft(folder=folder.name, files=files)
            title = ", ".join(files)
            name = self.keeping.begin(KIND, {"en": title, "zh": title}, {"state": "looking"}, draft.model_dump(mode="json"))
        self.look(name, draft.model_copy(update={"files": files}))

    def look(self, name: str, draft: Draft) -> None:
        """Look at the files, by the answers that there are now."""
        self._start(name, draft, LookJob, "looking")

    def bring_in(self, name: str, draft: Draft) -> None:
        """Import what was shown."""
        self._start(name, draft, ImportJob, "importing")

    def go_on(self, name: str, draft: Draft) -> None:
        """Do once more what was stopped or failed: looking does no harm."""
        self.look(name, draft)

    def _start(self, name: str, draft: Draft, kind: type[LookJob | ImportJob], state: str) -> None:
        self.may_import()
        if job(name) is None:
            keeping = self.keeping
            keeping.keep(name, {"state": state}, draft.model_dump(mode="json"))

            def ended(state: str, told: dict) -> None:
                found = told.pop("draft", None)
                keeping.keep(name, {"state": state, **told}, draft.model_dump(mode="json") if found is None else found)

            working = kind(name, draft, self.service, self.viewer.name, ended)
            working.start()
            working.wait(SOON_SECONDS)
        self.show(name)

    def discard(self, name: str, draft: Draft) -> None:
        """Take the files away, and forget the import, unless it is under way."""
        if job(name) is not None:
            self.show(name)
            return
        clear(private_folder(self.store) / draft.folder)
        self.keeping.drop(name)
        self.show()


def data(service: Service, viewer: Viewer) -> pn.viewable.Viewable:
    """The page for one visitor."""
    return Data(service, viewer).site.page
