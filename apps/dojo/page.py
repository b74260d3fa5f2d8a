"""The dojo: drills and the manager's chair, for trainers, reps and managers."""

import random
from pathlib import Path

import panel as pn

from apps.dojo import home
from apps.dojo.chair import Chair
from apps.dojo.drill import Drill
from apps.pages.frame import Site, argument, remember
from apps.pages.keeping import Keeping
from apps.pages.shelves import drills, offices, policies
from coach.problems import CoachError
from coach.store import Store, Viewer
from scenarios.chair.quarter import Quarter
from scenarios.roleplay.play import Play

FOLDER = Path(__file__).parent
LARGEST_NUMBER = 9999


class Dojo:
    """One visitor's dojo. `site.page` is what Panel serves."""

    def __init__(self, store: Store, viewer: Viewer):
        self.store, self.keeping = store, Keeping(store, viewer)
        self.problem = ""
        self.open: Drill | Chair | None = None
        self.site = Site("dojo", viewer, FOLDER, self._draw)
        self._reopen(argument("session"))
        self.site.refresh()

    def _draw(self) -> pn.viewable.Viewable:
        if self.open is not None:
            return self.open.draw()
        return home.draw(self)

    def _reopen(self, name: str) -> None:
        if not name:
            return
        try:
            kept = self.keeping.find(name)
        except CoachError:
            self.problem = "home.lost"
            return
        self.open = Drill(self, name, kept.data) if kept.kind == "play" else Chair(self, name, kept.data)

    def show(self, name: str | None) -> None:
        """Open a session, or the list of them."""
        self.problem, self.open = "", None
        remember(session=name)
        self._reopen(name or "")
        self.site.refresh()

    def start_drill(self, name: str) -> None:
        """Begin a drill of the library."""
        roleplay = drills()[name]
        play = Play(roleplay)
        self.show(self.keeping.begin("play", roleplay.title.model_dump(), *Drill.kept(play)))

    def start_quarter(self, scenario: str, policy: str, number: int | None = None) -> None:
        """Sit down in the chair of an office; without a number a new one is taken."""
        number = number or random.SystemRandom().randint(1, LARGEST_NUMBER)
        office = offices()[scenario]
        quarter = Quarter(office, policies()[policy], number)
        self.show(self.keeping.begin("quarter", office.title.model_dump(), *Chair.kept(quarter)))


def dojo(store: Store, viewer: Viewer) -> pn.viewable.Viewable:
    """The page for one visitor."""
    return Dojo(store, viewer).site.page
