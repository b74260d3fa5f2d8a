"""What each rule did in a period: fired, followed by an action or not, what became of the records, alerts and minutes (A4).

*Followed* means: within seven days of the firing somebody recorded an action or an entry on that record. It does not say that
they did it because of the rule; where the rule also ran in shadow, the same share stands for firings that nobody was told of.
Whether a rule changed an outcome cannot be said from the record: it fires on records that are in trouble. So only what became
of them is told, beside records of the same kind on which it never fired; the office can try the firm with and without the rule.
"""

from bisect import bisect_right
from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from coach.auditing.feedback import VERDICTS, Said
from coach.store import tables
from policies.language.policy import Policy

DAY_MS = 86_400_000
FOLLOWED_WITHIN_MS = 7 * DAY_MS
MINUTES_PER_ALERT = 1.0
"""Assumed: to read an alert and decide what to do."""
ACTIONS = (
    "attempt", "first_contact", "contact", "document", "needs_recorded", "field_recorded", "next_step", "advanced", "converted",
    "won", "lost", "no_decision", "stall_explained", "answered", "service_visit", "committed",
)  # fmt: skip
"""Entries by which people follow a rule."""
_FIRED = {"fired": "live", "refused": "live", "shadow_fired": "shadow"}
_firing, _notice, _event, _record = tables.firing.c, tables.notice.c, tables.event.c, tables.record.c


class Fate(NamedTuple):
    """What became of records by the end of the period: how many, how many of them were decided, how many won."""

    records: int
    decided: int
    won: int

    @property
    def share(self) -> float | None:
        """Share won of those decided."""
        return self.won / self.decided if self.decided else None


class RuleAudit(NamedTuple):
    """One rule in the period. `old_enough`: firings that had seven days to be followed; `shadow`: those in shadow."""

    rule: str
    kind: str
    mode: str
    gate: bool
    fired: int
    records: int
    old_enough: int
    followed: int
    shadow: int
    shadow_old_enough: int
    shadow_followed: int
    alerts: int
    minutes: float
    fired_on: Fate
    never_fired_on: Fate
    said: dict[str, int]
    in_force_since: int | None

    @property
    def share(self) -> float | None:
        """Share followed."""
        return self.followed / self.old_enough if self.old_enough else None

    @property
    def shadow_share(self) -> float | None:
        """Share followed of firings that nobody was told of."""
        return self.shadow_followed / self.shadow_old_enough if self.shadow_old_enough else None


def audit_rules(
    connection: Connection, policy: Policy, since: int, until: int, said: dict[str, list[Said]], begun: dict[str, int | None]
) -> list[RuleAudit]:
    """Every rule of a policy that is not off."""
    firings: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    query = select(_firing.rule, _firing.event, _firing.record, _firing.at).where(
        _firing.event.in_(tuple(_FIRED)), _firing.at >= since, _firing.at <= until
    )
    for rule, event, record, at in connection.execute(query):
        firings[rule, _FIRED[event]].append((record, at))
    sent_in = select(_notice.rule, func.count()).where(_notice.at >= since, _notice.at <= until, _notice.sent)
    alerts: dict[str, int] = {rule: number for rule, number in connection.execute(sent_in.group_by(_notice.rule))}
    acted = _acted(connection, since, until)
    statuses = _statuses(connection, since)
    found = []
    for rule in policy.rules:
        if rule.mode == "off":
            continue
        live, shadow = firings[rule.id, "live"], firings[rule.id, "shadow"]
        rows = {record for record, _ in live}
        others = {row for row, (kind, _) in statuses.items() if kind == rule.on} - rows
        words = said.get(rule.id, [])
        sent = alerts.get(rule.id, 0) + (len(live) if rule.before is not None else 0)
        found.append(
            RuleAudit(
                rule.id, rule.on, rule.mode, rule.before is not None, len(live), len(rows), *_followed(live, acted, until),
                len(shadow), *_followed(shadow, acted, until), sent, sent * MINUTES_PER_ALERT, _fate(rows, statuses),
                _fate(others, statuses), {verdict: sum(each.verdict == verdict for each in words) for verdict in VERDICTS},
                begun.get(rule.id),
            )
        )  # fmt: skip
    return found


def _acted(connection: Connection, since: int, until: int) -> dict[int, list[int]]:
    """Instants at which somebody recorded something on a record, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    query = select(_event.record, _event.recorded_at).where(
        _event.event.in_(ACTIONS), _event.recorded_at >= since, _event.recorded_at <= until
    )
    for record, at in connection.execute(query.order_by(_event.recorded_at)):
        found[record].append(at)
    return found


def _followed(firings: list[tuple[int, int]], acted: dict[int, list[int]], until: int) -> tuple[int, int]:
    """How many firings had their seven days, and how many of them were followed."""
    old = [(record, at) for record, at in firings if at + FOLLOWED_WITHIN_MS <= until]
    return len(old), sum(_next(acted.get(record, []), at) <= at + FOLLOWED_WITHIN_MS for record, at in old)


def _next(instants: list[int], at: int) -> float:
    place = bisect_right(instants, at)
    return instants[place] if place < len(instants) else float("inf")


def _statuses(connection: Connection, since: int) -> dict[int, tuple[str, str | None]]:
    query = select(_record.row, _record.kind, _record.status).where(_record.updated_at >= since)
    return {row: (kind, status) for row, kind, status in connection.execute(query)}


def _fate(rows: set[int], statuses: dict[int, tuple[str, str | None]]) -> Fate:
    told = [statuses[row][1] for row in rows if row in statuses]
    return Fate(
        len(rows), sum(each in ("won", "lost", "no_decision", "converted") for each in told),
        sum(each in ("won", "converted") for each in told),
    )  # fmt: skip
