"""Nothing is lost and nothing appears from nowhere: cases, hours, money, opening hours."""

import numpy as np
import pytest

from policies.record.records import CUSTOMER, EVENT, OPPORTUNITY, OPPORTUNITY_KIND, UNIT
from policies.time.calendar_arrays import is_open, open_between
from sim.office.engine.events import ACTIVITIES, STATE
from sim.office.office import Office
from tests.sim.offices import WEEK, started, tiny, written


@pytest.fixture(scope="module")
def office():
    office = started("full-playbook", 4)
    office.mark()
    office.run_until(office.now + 12 * WEEK)
    return office


def test_every_case_is_in_exactly_one_state_and_on_the_list_of_its_owner_alone(office):
    o = office.arrays
    cases = o.cases[: int(o.state[0].cases)]
    listed = []
    for seat in o.seats:
        case = int(seat.first_case)
        while case >= 0:
            listed.append(case)
            case = int(o.work[case].next)
    at_work = np.flatnonzero(np.isin(cases.state, (STATE.assigned, STATE.open)))
    assert sorted(listed) == at_work.tolist()
    assert o.seats.cases.sum() == len(at_work)
    assert o.seats.leads_open.sum() == (cases.state == STATE.assigned).sum()
    assert np.isin(cases.state, tuple(STATE)).all()


def test_hours_worked_are_hours_in_activities():
    office = started("monthly-private", 9, tiny())
    begin = office.now
    office.mark()
    office.run_until(begin + 12 * WEEK)
    o = office.arrays
    journal = office.journal()
    away = _absent_open_ms(journal, o, office.now)
    for seat in range(len(o.seats)):
        booked = o.hours[seat].sum()
        rep = o.seats[seat]
        running = open_between(o.days, int(rep.started_at), office.now) if rep.activity >= 0 else 0
        present = open_between(o.days, begin, office.now) - away[seat]
        slack = 31 * 60_000  # everybody's first minutes, before the first choice
        assert 0 <= present - booked - running + (running if away[seat] else 0) <= slack + running


def _absent_open_ms(journal, o, end: int) -> list[float]:
    gone = [0.0] * len(o.seats)
    since: dict[int, int] = {}
    rows = journal[journal["event"].isin(["absence_began", "absence_ended"])]
    for record, event, at in zip(rows["record"], rows["event"], rows["recorded_at"], strict=True):
        instant = int(at.value // 1_000_000)
        if event == "absence_began":
            since[record] = instant
        elif record in since:
            gone[record] += open_between(o.days, since.pop(record), instant)
    for record, instant in since.items():
        gone[record] += open_between(o.days, instant, end)
    return gone


def test_money_adds_up(office):
    o = office.arrays
    won = o.book.values[: int(o.book.counts[0].rows)]
    kinds = o.book.rows.kind[: len(won)]
    deals = won[(kinds == OPPORTUNITY_KIND) & (won[:, OPPORTUNITY.status] == 1.0)]
    customers = o.customers.row[: int(o.state[0].customers)]
    assert deals[:, OPPORTUNITY.amount].sum() == np.nansum(won[customers, CUSTOMER.revenue])


def test_units_add_up_exactly(office):
    o = office.arrays
    for column in (UNIT.target, UNIT.attained):
        for unit in range(len(o.units)):
            members = [child for child in range(len(o.units)) if o.units[child].parent == unit]
            if members:
                assert o.book.values[unit, column] == sum(o.book.values[child, column] for child in members)


def test_nobody_works_outside_the_calendar(office):
    rows = written(office)
    acts = rows[np.isin(rows["event"], (EVENT.contact, EVENT.first_contact, EVENT.attempt, EVENT.document, EVENT.advanced))]
    assert len(acts) > 100
    o = office.arrays
    assert all(is_open(o.days, int(instant) - 1) for instant in acts["acted_at"])


def test_the_journal_is_in_order_of_recording_and_nothing_is_recorded_before_it_happened(office):
    rows = written(office)
    assert (np.diff(rows["recorded_at"]) >= 0).all()
    assert (rows["acted_at"] <= rows["recorded_at"]).all()
    assert (rows["acted_at"] < rows["recorded_at"]).any()


def test_the_hours_of_the_activities_are_those_counted(office):
    assert office.arrays.hours.shape == (5, len(ACTIVITIES))
    assert (office.arrays.hours >= 0).all()


def test_an_office_may_be_open_around_the_clock():
    scenario = tiny()
    always = scenario.model_copy(update={"calendar": scenario.calendar.model_copy(update={"always_open": True})})
    office = Office.start(always, started("monthly-private").policy, None, 1)
    office.mark()
    office.run_until(office.now + WEEK)
    assert office.arrays.hours.sum() > 5 * 7 * 20 * 3_600_000
