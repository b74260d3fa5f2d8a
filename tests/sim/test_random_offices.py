"""Journals of random offices under library policies hold their invariants; `benchmarks.random_offices` searches further."""

import numpy as np
import pytest

from benchmarks.random_offices import INVARIANTS, drawn, failures, run
from policies.record.records import EVENT, LEAD_KIND, OPPORTUNITY, OPPORTUNITY_KIND


@pytest.mark.parametrize("number", [3, 19, 34])
def test_invariants_hold(number):
    assert failures(number) == []


@pytest.fixture(scope="module")
def ran():
    return run(drawn(34))


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
