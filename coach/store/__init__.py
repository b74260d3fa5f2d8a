"""The store: events, what rules made of them, people and policies; rows are filtered here, by viewer."""

from coach.store.appending import Refused, Report
from coach.store.store import Store
from coach.store.viewer import SYSTEM, Viewer

__all__ = ["SYSTEM", "Refused", "Report", "Store", "Viewer"]
