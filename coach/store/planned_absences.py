"""Leave that is planned: a unit is absent from an instant on, until another, and nobody has to be there to say so.

What is planned stands in the settings of the store. When its instant has come it is recorded as an event, so that a coach that
stood still makes it good at the right instant.
"""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection

from coach.events import PostedEvent
from coach.store.settings import set_setting, setting

SOURCE = "absences"
_PLANNED = "planned_absences"


class Planned(NamedTuple):
    """Leave of a unit from an instant (ms) until another, None for nobody knows; `begun`: whether its beginning is recorded,
    `key`: a name of its own."""

    key: str
    unit: str
    begins: int
    ends: int | None
    begun: bool = False

    def overlaps(self, other: "Planned") -> bool:
        """Whether both hold at some instant."""
        return (self.ends is None or other.begins < self.ends) and (other.ends is None or self.begins < other.ends)


def planned(connection: Connection) -> list[Planned]:
    """All that is planned or going on, by its beginning."""
    return [Planned(*each) for each in setting(connection, _PLANNED, [])]


def keep(connection: Connection, plans: Iterable[Planned]) -> None:
    """Keep these plans instead of the present ones."""
    in_order = sorted(plans, key=lambda each: (each.begins, each.unit))
    set_setting(connection, _PLANNED, [list(each) for each in in_order])


def due_absences(connection: Connection, now: int) -> list[PostedEvent]:
    """Events of the plans whose beginning or end has come by now (ms), which are thereby done."""
    plans, left, events = planned(connection), [], []
    for each in plans:
        if not each.begun and each.begins <= now:
            events.append(_event("absence_began", each, each.begins))
            each = each._replace(begun=True)
        if each.ends is not None and each.ends <= now:
            events.append(_event("absence_ended", each, each.ends))
        elif each.ends is not None or not each.begun:
            left.append(each)
    if left != plans:
        keep(connection, left)
    return events


def next_absence(connection: Connection) -> int | None:
    """The next instant (ms) at which a plan begins or ends; None for nothing planned."""
    return min((instant for each in planned(connection) if (instant := _next(each)) is not None), default=None)


def _next(plan: Planned) -> int | None:
    return plan.ends if plan.begun else plan.begins


def _event(name: str, plan: Planned, at: int) -> PostedEvent:
    return PostedEvent(
        source=SOURCE, key=f"{plan.key}/{name}", event=name, kind="unit", record=plan.unit, acted_at=at, recorded_at=at,
    )  # fmt: skip
