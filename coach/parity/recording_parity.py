"""Days with complete records of an office against those that the coach counts from what the office recorded (E2).

Who took whose seat when is told to the coach (`Spell`): in an office's record a seat is one unit whoever sits in it.
"""

from datetime import timedelta
from typing import NamedTuple

import numpy as np

from coach.parity.target_parity import people_by_seat
from coach.recording.programme import Programme, Spell
from coach.store import Store
from sim.office.office import Office
from sim.office.people.habit import FULL, NOT_JUDGED


class Judged(NamedTuple):
    """A day of a rep as it was judged: the local day (ISO), entries in time, whether the records were complete."""

    unit: str
    day: str
    entries: int
    full: bool


def office_days(office: Office) -> list[Judged]:
    """Every day that an office judged, in order."""
    o, calendar = office.arrays, office.scenario.calendar
    found = []
    for day in np.flatnonzero((o.judged != NOT_JUDGED).any(axis=0)):
        local = calendar.local_date(int(o.days.days[day].midnight)).isoformat()
        found += [
            Judged(f"rep-{seat + 1}", local, int(o.entered[seat, day]), bool(o.judged[seat, day] == FULL))
            for seat in np.flatnonzero(o.judged[:, day] != NOT_JUDGED)
        ]
    return found


def coach_days(office: Office, store: Store) -> list[Judged]:
    """What the coach counts for the days that are over when the office stopped."""
    calendar = store.calendar
    first, today = calendar.local_date(office.scenario.start_at), calendar.local_date(office.now)
    spells = {
        f"rep-{seat + 1}": [Spell(int(person.hired_at), int(person.left_at) or np.inf) for person in people]
        for seat, people in people_by_seat(office)
    }
    last = today if office.now > int(calendar.midnight(today)) else today - timedelta(days=1)
    with store.read() as connection:
        told = Programme(connection, calendar, first, last, spells).days(list(spells))
    return [Judged(each.unit, each.day.isoformat(), each.entries, each.full) for each in told if each.day < last]
