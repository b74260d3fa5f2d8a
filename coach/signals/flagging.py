"""Falsely prosperous deals are flagged on their record, so that rules can act on them: `false_prosperity`, from S2 (M2)."""

from sqlalchemy import select

from coach.events import PostedEvent
from coach.rules.service import Service
from coach.scoring.past import Past
from coach.scoring.prosperity import SEEN_AT, rows, rows_of_flagged
from coach.serving.worker import Worker
from coach.store import Store, tables
from policies.scores.false_prosperity import ABOUT
from policies.scores.score import RED

SOURCE = "scores"
DAY_SECONDS = 24 * 3600.0
AFTER_THE_START_SECONDS, AFTER_A_FAILURE_SECONDS = 20.0, 3600.0


def flag_false_prosperity(service: Service) -> int:
    """Hold S2 of every open deal against its flag and record what changed; returns how many deals that were.

    A deal that was closed while it was flagged loses its flag when the signals agree; none gets one once it is closed.
    """
    if not _anybody_looked(service.store):
        return 0
    past = Past.of(service.store, service.clock())
    flagged = {record.id for record, values in past.each("opportunity") if values.get("false_prosperity")}
    events = []
    for row in [*rows(past), *rows_of_flagged(past)]:
        was, now = row.id in flagged, row.score.colour == RED
        if row.score.value is not None and was != now:
            events.append(_event(service, row.id, now))
    return service.post(events, "system").accepted if events else 0


def _anybody_looked(store: Store) -> bool:
    """Whether anything was ever seen outside: without it there is no S2, and nothing to fold the record for."""
    record = tables.record.c
    with store.read() as connection:
        return connection.scalar(select(record.row).where(record["values"].contains(f'"{SEEN_AT}"')).limit(1)) is not None


def _event(service: Service, deal: str, flagged: bool) -> PostedEvent:
    at = service.clock()
    return PostedEvent(
        source=SOURCE, key=f"{ABOUT.id}-{deal}-{at}"[:200], event="field_recorded", kind="opportunity", record=deal,
        acted_at=at, payload={"false_prosperity": flagged},
    )  # fmt: skip


class ProsperityWatch(Worker):
    """Flags once a day, and when looks come in: as days pass, contacts and looks grow old by themselves."""

    def __init__(self, service: Service):
        super().__init__("prosperity", AFTER_A_FAILURE_SECONDS, AFTER_THE_START_SECONDS)
        self.service = service

    def work(self) -> float:
        """Flag, until the next day."""
        flag_false_prosperity(self.service)
        return DAY_SECONDS
