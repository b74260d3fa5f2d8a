"""Parity of false prosperity (S2, M2): the coach flags from an office's record what the office flagged."""

import pytest

from coach.events import PostedEvent
from coach.parity.journal_events import OfficeJournal
from coach.rules.service import Service
from coach.scoring.past import Past
from coach.scoring.prosperity import rows
from coach.store import Store
from policies.documents.loader import load_policy
from policies.record.records import OPPORTUNITY
from policies.scores.score import RED
from sim.office.office import Office
from tests.coach.test_parity import five_reps

pytestmark = [pytest.mark.parity, pytest.mark.system("M2"), pytest.mark.system("S2")]


def test_the_coach_finds_of_an_offices_deals_the_same_falsely_prosperous(tmp_path):
    small = five_reps()
    changes = {
        "deals": small.deals.model_copy(update={"joint_calls_week": 2}),
        "leads": small.leads.model_copy(update={"per_week": 120.0}),
    }
    office = Office.start(small.model_copy(update=changes), load_policy("commission-freeze"), seed=2, journal=True)
    day = int(office.arrays.state[0].day_index) + 90
    office.run_until(int(office.arrays.days.days[day].midnight) + 1)
    journal = OfficeJournal(office)
    o = office.arrays
    looked = [
        PostedEvent(
            source="looks", key=f"look-{case.row}", event="field_recorded", kind="opportunity", record=journal.name(case.row),
            acted_at=int(case.outside_at),
            payload={"custom.outside_seen_at": int(case.outside_at), "custom.outside_tenders": float(case.outside)},
        )
        for case in o.cases[: int(o.state[0].cases)]
        if case.outside_at > 0
    ]  # fmt: skip
    store = Store.open(tmp_path / "store.db")
    try:
        store.set_calendar(small.calendar)
        Service(store, lambda: office.now).post([*journal.events(gates=False), *looked], "tester")
        found = {row.id: row.score.colour == RED for row in rows(Past.of(store, office.now))}
    finally:
        store.close()
    flags = {journal.name(row): o.book.values[row, OPPORTUNITY.false_prosperity] == 1.0 for row in o.cases.row if row > 0}
    assert {name: flags[name] for name in found} == found
    assert 1 < sum(found.values()) < len(found)
