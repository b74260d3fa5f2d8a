"""What a reading would bring in, before anything is stored."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from coach.mapping.document import Mapping
from coach.mapping.reading import Reading
from coach.mapping.report import TableCount, counted

_ENDS = ("won", "lost")


class Deal(NamedTuple):
    """A deal as it would stand in the store; dates in the mapping's zone."""

    name: str
    owner: str | None
    amount: float | str | None
    created: str
    state: str
    closed: str | None

    @property
    def amount_text(self) -> str:
        """The amount as it is shown; with its currency where the files name one."""
        return "–" if self.amount is None else self.amount if isinstance(self.amount, str) else f"{self.amount:,.2f}"


def first_deals(reading: Reading, mapping: Mapping, count: int) -> list[Deal]:
    """The first deals that the rows tell."""
    zone = ZoneInfo(mapping.time_zone)
    found: dict[str, Deal] = {}
    for event in reading.events:
        if event.kind != "opportunity":
            continue
        if event.event == "registered" and len(found) < count:
            payload = event.payload
            name = str(payload.get("custom.title") or payload.get("customer") or event.record)
            found[event.record] = Deal(name, event.unit, payload.get("amount"), _day(event.acted_at, zone), "open", None)
        elif event.record in found:
            deal = found[event.record]
            if event.payload.get("amount") is not None:
                deal = deal._replace(amount=event.payload["amount"])
            if event.event in _ENDS:
                deal = deal._replace(state=event.event, closed=_day(event.acted_at, zone) if event.dated else None)
            found[event.record] = deal
    return list(found.values())


def rows_by_fate(reading: Reading) -> list[TableCount]:
    """What would become of the rows of each table in an empty store."""
    return counted(reading, reading.remarks, set(reading.origins))


def _day(instant: int, zone: ZoneInfo) -> str:
    return f"{datetime.fromtimestamp(instant / 1000, zone):%Y-%m-%d}"
