"""Whether the sessions of open pages still stand: looked at every two seconds, and at once when this process ends one."""

from collections.abc import Callable
from threading import Lock

from coach.serving.worker import Worker
from coach.store import Store, Viewer
from coach.store.sessions import known_by, standing

PAUSE_SECONDS = 2.0
ENDED, CHANGED = "ended", "changed"
"""What can become of a session that stood: nobody knows it any more, or its person has another role or unit by now."""


class Watched:
    """The session of one open page. `ended` is told ENDED or CHANGED, once, on any thread."""

    def __init__(self, store: Store, clock: Callable[[], int], secret: str, viewer: Viewer, ended: Callable[[str], None]):
        self._store, self._clock, self.secret, self._viewer, self.ended = store, clock, secret, viewer, ended

    def fate(self) -> str | None:
        """ENDED, CHANGED, or None while everything is as it was when the page was opened; asks the store."""
        return self.fate_by(known_by(self._store, self.secret, self._clock()))

    def fate_by(self, present: Viewer | None) -> str | None:
        """The same, where it is known already whose session it is now."""
        if present is None:
            return ENDED
        rights = [(each.name, each.role, each.unit) for each in (self._viewer, present)]
        return None if rights[0] == rights[1] else CHANGED


class SessionWatch(Worker):
    """One question to the store for all open pages; none while no page is open."""

    def __init__(self, store: Store, clock: Callable[[], int]):
        super().__init__("sessions", PAUSE_SECONDS)
        self._store, self._clock = store, clock
        self._watched: list[Watched] = []
        self._lock = Lock()
        store.sessions_changed = self.wake

    def watch(self, secret: str, viewer: Viewer, ended: Callable[[str], None]) -> Watched:
        """Watch the session of a page that was opened by this viewer, until it ends or is let go."""
        watched = Watched(self._store, self._clock, secret, viewer, ended)
        with self._lock:
            self._watched.append(watched)
        return watched

    def let_go(self, watched: Watched) -> None:
        """The page is closed."""
        with self._lock:
            if watched in self._watched:
                self._watched.remove(watched)

    def work(self) -> float:
        """Tell the pages whose sessions stand no more."""
        with self._lock:
            watched = list(self._watched)
        if watched:
            present = standing(self._store, {each.secret for each in watched}, self._clock())
            for each in watched:
                fate = each.fate_by(present.get(each.secret))
                if fate is not None:
                    self.let_go(each)
                    each.ended(fate)
        return PAUSE_SECONDS
