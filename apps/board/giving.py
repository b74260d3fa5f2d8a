"""Leads that wait, who got which and why, and hand-over: what one visitor sees and does."""

from apps.board.taps import Tap
from coach.problems import CoachError
from coach.routing import by_hand, handing_over, reading
from coach.rules.service import Service
from coach.store import Store, Viewer
from coach.store.viewer import SEE_EVERYTHING

LATEST = 30


class Giving:
    """What is given out on one board. `looked_over`: what a hand-over would move, and to whom; None before it was looked at."""

    def __init__(self, store: Store, service: Service, viewer: Viewer):
        self._store, self._service, self._viewer = store, service, viewer
        self.looked_over: tuple[dict, str] | None = None

    @property
    def leads_others(self) -> bool:
        """Whether the viewer gives leads to others and has others hand over."""
        return self._viewer.role in ("manager", *SEE_EVERYTHING)

    def waiting(self) -> list[dict]:
        """Leads that wait for somebody."""
        return reading.waiting(self._store, self._service.policy().routing, self._viewer)

    def given_out(self) -> list[dict]:
        """The leads that were given out last."""
        return reading.latest(self._store, self._viewer, LATEST)

    def assign(self, lead: str, unit: str) -> None:
        """Give a lead to somebody."""
        by_hand.assign(self._service, self._viewer, lead, unit)

    def take(self, lead: str) -> None:
        """Take a lead from the pool."""
        by_hand.take(self._service, self._viewer, lead)

    def look_over(self, unit: str, to: str) -> None:
        """See what a hand-over would move, before it does."""
        self.looked_over = None
        if unit == to:
            raise CoachError("The successor is somebody else than who hands over.", "接手人不能是交接人本人。")
        self.looked_over = handing_over.would_move(self._store, self._viewer, unit), to

    def hand_over(self, unit: str, to: str) -> dict:
        """Move all of it."""
        moved = handing_over.hand_over(self._service, self._viewer, unit, to)
        self.looked_over = None
        return moved


def _assign(board, tap: Tap) -> None:
    unit = tap.fields.get("unit", "")
    board.giving.assign(tap.record, unit)
    board.tell(board.say("leads.assigned", unit=unit), "better")


def _take(board, tap: Tap) -> None:
    board.giving.take(tap.record)
    board.tell(board.say("leads.taken"), "better")


def _look_over(board, tap: Tap) -> None:
    board.giving.look_over(tap.fields.get("unit", ""), tap.fields.get("to", ""))


def _hand_over(board, tap: Tap) -> None:
    moved = board.giving.hand_over(tap.value, tap.rep)
    number = sum(moved[kind] for kind in ("customer", "opportunity", "lead", "request", "own"))
    board.tell(board.say("leads.handed_over", to=tap.rep, number=number, todos=moved["todos"]), "better")


TAPS = {"assign": _assign, "take_lead": _take, "look_over": _look_over, "hand_over": _hand_over}
