"""Instants as a firm's clock shows them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from coach.store import Store


def clock(store: Store, instant: int) -> str:
    """An instant (ms) in the store's time zone."""
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(store.calendar.zone)).strftime("%Y-%m-%d %H:%M")
