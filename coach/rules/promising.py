"""What the coach adds to a request as it is asked: by when its desk promises to answer, and what the deal has cost so far."""

import numpy as np

from coach.events import PostedEvent, as_number
from coach.rules.live_book import LiveBook
from policies.engine.settings import SETTINGS, settings
from policies.record.records import ASKED_FOR, OPPORTUNITY
from policies.support.promise import promised_at
from policies.time.calendar_arrays import FIRM, NEVER

EXPENSE = ASKED_FOR.index("expense")


def completed(live: LiveBook, event: PostedEvent, now: int) -> PostedEvent:
    """A request with the time that its desk promises (H6), and with `spent_before` where it asks for money; any other event as
    it is. What was told stays as it was told."""
    if event.kind != "request" or event.event != "registered":
        return event
    added = {"promised_at": _promise(live, event, now), "spent_before": _spent_before(live, event)}
    told = {name: value for name, value in added.items() if value is not None and name not in event.payload}
    return event.model_copy(update={"payload": dict(event.payload) | told}) if told else event


def _promise(live: LiveBook, event: PostedEvent, now: int) -> float | None:
    desk = event.payload.get("desk")
    if desk is None:
        return None
    live.reach([event.acted_at], now)
    promises = settings(live.driver.policy).astype(SETTINGS).view(np.recarray)[0]
    asker = live.row_of.get(("unit", event.unit or ""), int(FIRM))
    promise = int(promised_at(live.driver.days, promises, int(as_number("request", "desk", desk)), asker, event.acted_at))
    return None if promise >= NEVER else float(promise)


def _spent_before(live: LiveBook, event: PostedEvent) -> float | None:
    asked, deal = event.payload.get("asked_for"), event.payload.get("opportunity")
    if asked is None or deal is None or as_number("request", "asked_for", asked) != EXPENSE:
        return None
    row = live.row_of.get(("opportunity", str(deal)))
    spent = np.nan if row is None else float(live.book.values[row, OPPORTUNITY.expenses])
    return 0.0 if np.isnan(spent) else spent
