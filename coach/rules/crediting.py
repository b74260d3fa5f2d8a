"""Sales count towards targets that the coach set, of the rep and of every unit above: as they are told, changed, withdrawn."""

import hashlib
from typing import NamedTuple

from sqlalchemy import Connection

from coach.events import PostedEvent
from coach.rules.live_book import LiveBook
from coach.store.prepared import Prepared
from coach.targets.due import SOURCE, counted
from policies.record.records import OPPORTUNITY, UNIT

_WON = 1.0


class _Sale(NamedTuple):
    unit: str | None
    amount: float
    at: float


class Crediting:
    """What the events of one stretch of time change in the attainment of units."""

    def __init__(self, connection: Connection, live: LiveBook):
        self._connection, self._live = connection, live
        live.counted = counted(connection, live.counted)

    def sale(self, row: int) -> _Sale | None:
        """The sale that a record stands for as it is now; None where it is none."""
        live = self._live
        if not live.counted.units or live.kinds[row] != "opportunity":
            return None
        values = live.book.values[row]
        if values[OPPORTUNITY.status] != _WON or not values[OPPORTUNITY.amount] > 0.0:
            return None
        return _Sale(live.units[row], float(values[OPPORTUNITY.amount]), float(values[OPPORTUNITY.won_at]))

    def moved(self, before: _Sale | None, by: Prepared, at: int) -> list[Prepared]:
        """Enter what an event changed in the attainment of units, given the sale before it; returns what was entered."""
        after = self.sale(by.row)
        changes: dict[str, float] = {}
        for sale, sign in ((before, -1.0), (after, 1.0)):
            if sale is None or before == after:
                continue
            for unit in self._live.line(sale.unit):
                if self._live.counts(unit, sale.at):
                    changes[unit] = changes.get(unit, 0.0) + sign * sale.amount
        return [self._entered(unit, change, by.event, at) for unit, change in changes.items() if change]

    def _entered(self, unit: str, change: float, by: PostedEvent, at: int) -> Prepared:
        row = self._live.row_of[("unit", unit)]
        key = hashlib.blake2b(repr((by.source, by.key, unit)).encode(), digest_size=16).hexdigest()
        so_far = float(self._live.book.values[row, UNIT.attained])
        event = PostedEvent(
            source=SOURCE, key=f"attained:{key}", event="attained", kind="unit", record=unit, acted_at=at,
            payload={"attained": round((so_far if so_far == so_far else 0.0) + change, 2)},
        )  # fmt: skip
        self._live.feed(self._connection, event, row, at)
        return Prepared(-1, event, row, False, at)
