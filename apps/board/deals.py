"""Open deals as the board shows them: health, idle days, what last reset the clock, and what comes next."""

from collections.abc import Sequence
from typing import NamedTuple

from coach.rules.advice import to_approve, to_record
from coach.rules.service import Service
from coach.store import Store, Viewer, reading
from coach.store.last_actions import LastAction, last_actions
from policies.scores.opportunity_health import opportunity_health
from policies.scores.score import Score
from policies.time.calendar_arrays import DAY_MS

AHEAD_MS = 30 * DAY_MS
"""How far ahead the next act of a rule is told."""
LATE_ENTRY_MS = 3_600_000
"""From when on it is told that an entry was made after what it tells."""


class Next(NamedTuple):
    """What a rule is going to do with a deal unless something is recorded before; instant in ms."""

    rule: str
    due_at: int


class Deal(NamedTuple):
    """One open deal; `title` is what it is called, by language.

    `idle_days` counts from the last action, None without one; `missing` names what a rule asks to record, `approvals` the
    desks that have to approve.
    """

    row: int
    id: str
    title: dict[str, str]
    unit: str | None
    values: dict
    health: Score
    idle_days: float | None
    last: LastAction | None
    next: Next | None
    frozen: bool
    missing: list[str]
    approvals: list[str]


def open_deals(store: Store, service: Service, viewer: Viewer, units: Sequence[str | None], now: int) -> list[Deal]:
    """Open deals of some units, or of nobody (None), that the viewer may see: the frozen first, then the worst health."""
    told = [deal for unit in units for deal in reading.open_opportunities(store, viewer, unit)]
    actions = last_actions(store, viewer, [deal["row"] for deal in told])
    coming = {(kind, record): step for unit in units if unit is not None for kind, record, step in _coming(service, unit, now)}
    begins = service.policy().begins
    deals = [_deal(each, actions.get(each["row"]), coming.get(("opportunity", each["id"])), now, begins) for each in told]
    return sorted(deals, key=lambda each: (not each.frozen, each.health.value is None, each.health.value or 0.0, each.row))


def _coming(service: Service, unit: str, now: int):
    found = sorted(service.coming(unit, now + AHEAD_MS), key=lambda each: -each[3])
    return [(kind, record, Next(rule, due_at)) for kind, record, rule, due_at in found]  # the first due comes last and stays


def _deal(told: dict, last: LastAction | None, step: Next | None, now: int, begins: Sequence[int]) -> Deal:
    values = told["values"]
    acted_at = values.get("last_action_at")
    frozen = values.get("frozen") == 1.0
    return Deal(
        told["row"], told["id"], told["title"], told["unit"], values, opportunity_health(values, now, begins),
        None if acted_at is None else max(0.0, (now - acted_at) / DAY_MS), last, step, frozen,
        to_record(told), to_approve(told),
    )  # fmt: skip


def reopened_last(deal: Deal) -> bool:
    """Whether reopening, which is no action, restarted the clock of the freeze after the last action."""
    reopened = deal.values.get("reopened_at")
    return reopened is not None and reopened > deal.values.get("last_action_at", 0.0)
