"""Weekly action units counted from what is recorded, for the reps whose targets the coach set (G2).

- An effective visit is a conversation on an opportunity whose record has, within 24 hours of it, the needs, the solution shown
  (pages of the proposal) and a next step that lies after it; one a day and opportunity.
- A tailored quote is a document sent on an opportunity; one a day and opportunity.
- An upsell is an opportunity won whose source is an existing customer.
"""

import numpy as np
from sqlalchemy import Connection, select

from coach.events import PostedEvent
from coach.rules.live_book import LiveBook
from coach.store import tables
from coach.store.prepared import Prepared
from coach.targets.due import SOURCE
from policies.record.records import OPPORTUNITY, SOURCES, UNIT
from policies.time.calendar_arrays import DAY_MS

VISITS = ("contact", "first_contact")
VISIT_MS = DAY_MS
"""Within this time of a visit all three parts must be on record."""
_AGAIN = float(SOURCES.index("existing_customer"))
_event = tables.event.c


class Counting:
    """What the events of one stretch of time add to the action units of reps."""

    def __init__(self, connection: Connection, live: LiveBook, processed: int):
        self._connection, self._live = connection, live
        self._asked = live.asks_action_units
        if self._asked and live.visits is None:
            live.visits = _latest_visits(connection, processed)

    def moved(self, by: Prepared, at: int) -> list[Prepared]:
        """Enter what an event makes count; returns what was entered."""
        live, event = self._live, by.event
        if not self._asked or live.visits is None or live.kinds[by.row] != "opportunity":
            return []
        if event.event in VISITS:
            live.visits[by.row] = event.acted_at
        units = live.units[by.row]
        if units is None or not live.counts(units, at):
            return []
        found: list[tuple[str, int | None]] = []
        if self._is_effective(by.row, at):
            found.append(("effective_visits", live.visits[by.row]))
        if event.event == "document":
            found.append(("tailored_quotes", event.acted_at))
        if event.event == "won" and live.book.values[by.row, OPPORTUNITY.source] == _AGAIN:
            found.append(("upsells", None))
        entered = [self._entered(units, field, by.row, day, at) for field, day in found]
        return [each for each in entered if each is not None]

    def _is_effective(self, row: int, at: int) -> bool:
        visit = (self._live.visits or {}).get(row)
        if visit is None or not visit <= at <= visit + VISIT_MS:
            return False
        values = self._live.book.values[row]
        on_record = not np.isnan(values[[OPPORTUNITY.needs_summary, OPPORTUNITY.proposal_pages]]).any()
        return bool(on_record and values[OPPORTUNITY.next_step_at] > visit)

    def _entered(self, unit: str, field: str, row: int, day: int | None, at: int) -> Prepared | None:
        """One more; None where it was counted before."""
        live = self._live
        when = "" if day is None else live.calendar.local_date(day).isoformat()
        key = f"{field}:{row}:{when}"
        if key in live.counted_keys or self._is_stored(key):
            return None
        live.counted_keys.add(key)
        place = live.row_of["unit", unit]
        so_far = float(live.book.values[place, getattr(UNIT, field)])
        event = PostedEvent(
            source=SOURCE, key=key, event="counted", kind="unit", record=unit, acted_at=at,
            payload={field: (so_far if so_far == so_far else 0.0) + 1.0},
        )  # fmt: skip
        live.feed(self._connection, event, place, at)
        return Prepared(-1, event, place, False, at)

    def _is_stored(self, key: str) -> bool:
        query = select(_event.sequence).where(_event.source == SOURCE, _event.key == key)
        return self._connection.scalar(query) is not None


def _latest_visits(connection: Connection, now: int) -> dict[int, int]:
    """The latest visit of each record that is not too long ago to become effective."""
    since = now - 2 * VISIT_MS
    query = select(_event.record, _event.acted_at).where(_event.recorded_at > since, _event.event.in_(VISITS))
    return dict(connection.execute(query.order_by(_event.recorded_at, _event.sequence)).all())
