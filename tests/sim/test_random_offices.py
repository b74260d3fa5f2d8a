"""Journals of random offices under library policies hold their invariants; `benchmarks.random_offices` searches further."""

import numpy as np
import pytest

from benchmarks.journal_invariants import INVARIANTS
from benchmarks.random_offices import Drawn, drawn, failures, run
from policies.documents.loader import load_policy
from policies.record.records import EVENT, LEAD_KIND, OPPORTUNITY, OPPORTUNITY_KIND
from scenarios.loader import load_scenario
from sim.office.behaviour import PARAMETERS
from sim.office.counting.tally import M
from sim.office.scenario import Scenario


@pytest.mark.parametrize("number", [3, 19])
def test_invariants_hold(number):
    assert failures(number) == []


@pytest.fixture(scope="module")
def ran():
    return run(drawn(53))


class TestTheInvariantsSeeWhatIsWrong:
    """Each is shown a journal with one fault; a check that cannot fail would say nothing."""

    @staticmethod
    def spoilt(ran, which, **values):
        rows = ran.rows.copy()
        place = np.flatnonzero(which(rows))[-1]
        for name, value in values.items():
            rows[name][place] = value
        return ran._replace(rows=rows)

    @staticmethod
    def told_by(ran) -> set[str]:
        """The invariants that hold no longer; the import reads the office itself and is left out."""
        return {holds.__name__ for holds in INVARIANTS[:-1] if list(holds(ran))}

    def test_nothing_is_wrong_to_begin_with(self, ran):
        assert self.told_by(ran) == set()

    def test_an_instant_of_a_millisecond(self, ran):
        which = lambda rows: (rows["kind"] == OPPORTUNITY_KIND) & (rows["column"] == OPPORTUNITY.close_at)  # noqa: E731
        assert self.told_by(self.spoilt(ran, which, value=1.0)) == {"instants_are_instants"}

    def test_an_event_before_it_happened(self, ran):
        which = lambda rows: rows["event"] == EVENT.contact  # noqa: E731
        assert "in_order" in self.told_by(self.spoilt(ran, which, acted_at=ran.office.now + 1))

    def test_a_stranger_at_work(self, ran):
        which = lambda rows: (rows["event"] == EVENT.contact) & (rows["column"] < 0) & (rows["kind"] == OPPORTUNITY_KIND)  # noqa: E731
        assert self.told_by(self.spoilt(ran, which, actor=len(ran.office.arrays.seats))) == {"owners_act"}

    def test_a_record_that_closes_twice(self, ran):
        which = lambda rows: (rows["event"] == EVENT.lost) & (rows["kind"] == LEAD_KIND)  # noqa: E731
        other = ran.rows["row"][np.flatnonzero(which(ran.rows))[0]]
        assert "lives_in_order" in self.told_by(self.spoilt(ran, which, row=other))

    def test_a_stage_too_many(self, ran):
        which = lambda rows: (rows["event"] == EVENT.advanced) & (rows["column"] == OPPORTUNITY.stage)  # noqa: E731
        assert self.told_by(self.spoilt(ran, which, value=9.0)) == {"stages_in_range"}

    def test_money_that_was_not_counted(self, ran):
        end = ran.office.arrays.state[0].end_at
        which = lambda rows: (  # noqa: E731
            (rows["event"] == EVENT.won) & (rows["column"] == OPPORTUNITY.amount) & (rows["recorded_at"] <= end)
        )
        assert self.told_by(self.spoilt(ran, which, value=1e9)) == {"sums_agree"}


def test_who_takes_over_a_deal_knows_facts_of_it_and_no_instants():
    """Many short deals, many who leave, many entries on the wrong record: a quote's date that was withdrawn stays away."""
    short = load_scenario("short-cycle").model_dump()
    named = ("quit_rate", "quit_pay", "misfiled_share", "volunteered_share")
    highest = {each.name: each.high for each in PARAMETERS if each.name in named}
    changes = {
        "warmup_weeks": 2,
        "runoff_weeks": 1,
        "people": short["people"] | {"outside_pay": 60_000.0, "reps": 12, "teams": 2, "regions": 1},
        "leads": short["leads"] | {"per_week": 240},
        "behaviour": short["behaviour"] | highest,
    }
    ran = run(Drawn(5, Scenario.model_validate(short | changes), load_policy("monthly-private"), 8))
    assert ran.office.arrays.totals[0, M.quits] > 3
    assert [problem for holds in INVARIANTS for problem in holds(ran)] == []
