"""Resources that move between units of an office against those that the coach proposes from its record (G9).

At each review of the office the coach is asked what could move; what managers of the office decided is decided in the coach at
the same instants, so that both give leads out by it.
"""

from collections.abc import Iterator
from typing import NamedTuple

import httpx
import numpy as np

from coach.parity.journal_events import Did
from coach.store import SYSTEM, Store, people
from policies.targets.moves import RESOURCES
from sim.office.engine.build import unit_names
from sim.office.office import Office
from sim.office.people.moving import UNDECIDED

MOVES = "moves"
"""What stands in place of a rule for what is proposed."""
_DIRECTOR = "parity director"


class Decided(NamedTuple):
    """A move that a manager of the office decided at an instant (ms), by names of units."""

    at: int
    resource: str
    from_unit: str
    to_unit: str
    amount: float


def office_proposals(office: Office) -> list[Did]:
    """What the office's reviews proposed, in order."""
    names = unit_names(office.scenario)
    return [
        proposed(RESOURCES[m.resource], names[m.giver], names[m.taker], float(m.amount), int(m.proposed_at))
        for m in _moves(office)
    ]


def proposed(resource: str, from_unit: str, to_unit: str, amount: float, at: int) -> Did:
    """That so much of a resource could move from one unit to another."""
    return Did(MOVES, "unit", to_unit, at, "proposed", f"{resource} {amount:g} {from_unit}")


def reviews(office: Office) -> list[int]:
    """Instants (ms) at which the office went through what could move."""
    reviewed, days = office.policy.targets.moves.reviewed, office.arrays.days.days
    if reviewed is None:
        return []
    first, last = np.searchsorted(days.midnight, [office.scenario.start_at, office.now - 1])
    return [
        int(days[day].midnight) + 1
        for day in range(first, last + 1)
        if days[day].midnight < office.now and (reviewed == "day" or days[day].week != days[day - 1].week)
    ]


def decided(office: Office) -> list[Decided]:
    """What managers decided, in the order of their decisions."""
    names = unit_names(office.scenario)
    made = sorted((m for m in _moves(office) if m.made_at != UNDECIDED), key=lambda m: m.made_at)
    return [
        Decided(int(m.made_at), RESOURCES[m.resource], names[m.giver], names[m.taker], float(m.amount)) for m in made
    ]


def _moves(office: Office) -> Iterator[np.record]:
    yield from office.arrays.moves[: int(office.arrays.state[0].moves)]


class Director:
    """The manager above everybody, who asks the coach what the office's managers asked, and decides what they decided."""

    def __init__(self, office: Office, store: Store):
        people.add_person(store, SYSTEM, office.scenario.start_at, name=_DIRECTOR, role="manager", unit="company")
        self._token = people.new_token(store, SYSTEM, _DIRECTOR, _DIRECTOR, office.scenario.start_at)
        self._acts: list[tuple[int, Decided | None]] = sorted(
            [*((at, None) for at in reviews(office)), *((each.at, each) for each in decided(office))], key=lambda act: act[0]
        )
        self.proposals: list[Did] = []

    @property
    def instants(self) -> list[int]:
        """When something is asked or decided, in order."""
        return [at for at, _ in self._acts]

    def next_before(self, at: float) -> int | None:
        """When something is asked or decided next, if that is before an instant."""
        return self._acts[0][0] if self._acts and self._acts[0][0] < at else None

    def act(self, client: httpx.Client) -> None:
        """Do what comes next; the client's clock stands at its instant."""
        at, move = self._acts.pop(0)
        headers = {"Authorization": f"Bearer {self._token}"}
        if move is not None:
            body = move._asdict() | {"reason": "as in the office"}
            del body["at"]
            client.post("/targets/moves", json=body, headers=headers).raise_for_status()
            return
        answer = client.get("/targets/moves/proposed", headers=headers).raise_for_status()
        self.proposals += [
            proposed(each["resource"], each["from_unit"], each["to_unit"], each["amount"], at) for each in answer.json()
        ]
