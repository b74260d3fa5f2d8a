"""Mechanisms that only some firms have: action cards, expenses, customers' health, standing customers, busy support desks."""

import numpy as np
import pytest

from policies.documents.loader import load_policy
from policies.record.records import CUSTOMER, CUSTOMER_KIND, EVENT, GATES, OPPORTUNITY, OPPORTUNITY_KIND
from policies.support.promise import LEGAL
from sim.office.counting.tally import MEASURES
from sim.office.engine.events import ACTIVITY
from sim.office.office import Office
from sim.office.scenario import Scenario
from tests.sim.offices import WEEK, started, tiny, written


def firm(**changes) -> Scenario:
    setting = tiny().model_dump()
    for part, values in changes.items():
        setting[part] |= values
    return Scenario.model_validate(setting)


def run(policy: str, weeks: float, scenario: Scenario | None = None, **behaviour) -> Office:
    setting = scenario or tiny()
    office = Office.start(setting, load_policy(policy), behaviour, 1, journal=True)
    office.mark()
    office.run_until(office.now + int(weeks * WEEK))
    return office


def total(office: Office, measure: str) -> float:
    return float(office.arrays.totals[0, MEASURES.index(measure)])


def on_record(office: Office, kind: int, column: int) -> float:
    """Sum of a field over all records of a kind."""
    book = office.arrays.book
    rows = int(book.counts[0].rows)
    return float(np.nansum(book.values[:rows, column][book.rows.kind[:rows] == kind]))


def stages_per_touch(office: Office) -> float:
    """How much of the touches finished a stage."""
    cases = office.arrays.cases[: int(office.arrays.state[0].cases)]
    worked = cases[(cases.opened_at > 0) & (cases.touches > 0)]
    return float(worked.stage.sum() / worked.touches.sum())


class TestPeople:
    def test_everybody_who_was_hired_is_remembered(self):
        office = run("monthly-private", 40, quit_rate=0.45, quit_pay=4.0)
        arrays = office.arrays
        people = arrays.people[: int(arrays.state[0].people)]
        hired = people[people.newcomer == 1]
        assert total(office, "quits") == (people.left_at > 0).sum() > 0
        assert len(hired) > 0
        assert (people[people.first_win_at > 0].first_win_at >= people[people.first_win_at > 0].hired_at).all()
        present = people[people.left_at == 0]
        assert sorted(present.seat) == sorted(np.flatnonzero(arrays.seats.vacant == 0))


@pytest.mark.system("H1")
class TestActionCards:
    def test_cards_help_newcomers_where_wins_are_on_record(self):
        def outcome(policy, **behaviour):
            office = started(policy)
            office.arrays.seats.hired_at[:] = office.now  # everybody is new
            office.arrays.behaviour[0].ramp_gap = 2.0
            office.arrays.behaviour[0].card_minutes = 0.0
            office.arrays.strength[:, :, 0] = behaviour["wins"]
            office.run_until(office.now + 12 * WEEK)
            return stages_per_touch(office)

        assert outcome("action-cards", wins=50.0) > outcome("monthly-private", wins=50.0)

    def test_cards_change_nothing_for_those_who_are_no_longer_new(self):
        offices = [started(policy) for policy in ("action-cards", "monthly-private")]
        for office in offices:
            office.arrays.seats.hired_at[:] = office.now - 400 * 86_400_000
            office.arrays.seats.quit_left[:] = 1e9
            office.run_until(office.now + 6 * WEEK)
        assert written(offices[0]).tobytes() == written(offices[1]).tobytes()


@pytest.mark.system("M1")
class TestExpenses:
    COSTLY = firm(deals={"expense_share": 0.6})

    def test_finance_looks_at_each_and_the_deal_waits(self):
        office = run("monthly-private", 12, self.COSTLY)
        assert total(office, "expenses_asked") > 5
        assert total(office, "expense_wait_hours") > 0
        assert on_record(office, OPPORTUNITY_KIND, OPPORTUNITY.expenses) == total(office, "expenses") > 0

    def test_on_record_nobody_waits_and_a_deal_without_progress_gets_no_more(self):
        office = run("expenses-on-record", 12, self.COSTLY)
        assert total(office, "expenses_asked") > 5
        assert total(office, "expense_wait_hours") == 0
        refused = [row for row in written(office) if row["event"] == EVENT.refused and row["value"] == GATES.index("expense")]
        assert len(refused) == total(office, "expenses_refused") > 0

    def test_a_firm_without_expenses_is_asked_for_none(self):
        assert total(run("monthly-private", 8, firm(deals={"expense_share": 0.0})), "expenses_asked") == 0


@pytest.mark.system("S4")
@pytest.mark.system("S3")
@pytest.mark.parametrize("policy", ["customer-health", "customer-journey"])
def test_what_rules_say_of_customers_brings_the_rep_to_them(policy):
    setting = firm(customers={"per_rep": 12})
    base, ruled = (run(name, 26, setting, satisfaction_base=6.5, service_worth=0.3) for name in ("monthly-private", policy))
    fired = [row for row in written(ruled) if row["event"] == EVENT.todo_opened]
    assert len(fired) > 0
    service = [office.arrays.hours[:, ACTIVITY.service].sum() for office in (base, ruled)]
    assert service[1] > service[0]


@pytest.mark.system("S4")
def test_customers_who_are_less_content_pay_later_and_complain_more():
    def troubles(base):
        office = run("monthly-private", 40, firm(customers={"per_rep": 20}), satisfaction_base=base, need_again_days=60.0)
        return on_record(office, CUSTOMER_KIND, CUSTOMER.late_payments) / on_record(office, CUSTOMER_KIND, CUSTOMER.payments)

    assert troubles(6.5) > troubles(8.5)


@pytest.mark.system("H6")
class TestBusyDesks:
    BUSY = firm(desks={"own_load": 0.85, "own_job_hours": 6.0})

    def waited(self, office: Office) -> float:
        requests = office.arrays.requests[: int(office.arrays.state[0].requests)]
        answered = requests[(requests.case >= 0) & (requests.answered_at > 0)]
        assert len(answered) > 20
        return float((answered.answered_at - answered.asked_at).mean())

    def test_work_of_other_departments_keeps_sales_waiting_and_a_promise_puts_sales_first(self):
        idle, busy = self.waited(run("monthly-private", 16)), self.waited(run("monthly-private", 16, self.BUSY))
        assert busy > 1.5 * idle
        assert self.waited(run("support-promises", 16, self.BUSY)) < 0.8 * busy

    def test_the_own_work_takes_its_share_of_the_desk(self):
        office = run("monthly-private", 26, firm(desks={"own_load": 0.5, "own_job_hours": 2.0}))
        requests = office.arrays.requests[: int(office.arrays.state[0].requests)]
        own = requests[(requests.case < 0) & (requests.desk == LEGAL)]
        staff = office.scenario.people.legal
        open_minutes = 26 * 5 * office.arrays.firm[0].working_day / 60_000
        assert own.work.sum() / (staff * open_minutes) == pytest.approx(0.5, abs=0.1)


def test_a_firm_begins_with_the_customers_it_is_said_to_have():
    office = started("monthly-private", scenario=firm(customers={"per_rep": 9}))
    assert int(office.arrays.state[0].customers) == 9 * 5
    assert (office.arrays.customers[:45].active == 1).all()


@pytest.mark.system("P1")
def test_what_is_not_on_record_is_asked_again():
    careless, careful = (
        run(name, 26, presales_share=0.7, field_fatigue=0.06) for name in ("heavy-recording", "light-recording")
    )
    asked = [total(office, "asked_again") / total(office, "support_requests") for office in (careless, careful)]
    assert asked[0] > asked[1]
