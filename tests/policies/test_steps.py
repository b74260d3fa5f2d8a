"""Steps of a stage: it changes in one way, whatever kind of event tells it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.engine.compile import compile_rules
from policies.language.policy import Policy
from policies.record.book import add_row, enter_at, new_book, put, put_by_rule
from policies.record.records import EVENT, MOVES, OPPORTUNITY, OPPORTUNITY_KIND
from policies.record.voiding import void

pytestmark = pytest.mark.system("P1")
RULES = compile_rules(Policy(name="empty"), activated_at=0)
OPENED = 1
STAGES = st.integers(1, 7).map(float)
TOLD = st.tuples(st.sampled_from(("advanced", "field_recorded", "forecast")), STAGES, st.integers(2, 60))
STEPS = st.lists(TOLD, max_size=10)


class Deal:
    """An opportunity in a book of its own."""

    def __init__(self, stage: float = math.nan):
        self.book = new_book(RULES, 4)
        self.row = add_row(self.book, OPPORTUNITY_KIND, -1)
        self.tell("registered", stage, OPENED)

    def tell(self, event: str, stage: float, acted_at: int) -> int:
        entry = enter_at(self.book, self.row, getattr(EVENT, event), acted_at, stage)
        if stage == stage:
            put(self.book, self.row, OPPORTUNITY.stage, stage)
        return entry

    def __getattr__(self, name: str) -> float:
        return float(self.book.values[self.row, getattr(OPPORTUNITY, name)])

    @property
    def clocks(self) -> tuple[float, float]:
        return self.stage_changed_at, self.last_progress_at


@given(STAGES, STEPS)
def test_the_stage_changed_when_another_was_told_and_went_forward_when_a_later_one_was(first, steps):
    deal, stage = Deal(first), first
    changed, forward = [OPENED], [OPENED]
    for event, told, acted_at in steps:
        deal.tell(event, told, acted_at)
        changed += [acted_at] if told != stage else []
        forward += [acted_at] if told > stage else []
        stage = told
    assert (deal.stage, *deal.clocks) == (stage, max(changed), max(forward))


@given(STAGES, STEPS)
def test_it_makes_no_difference_how_a_stage_is_told(first, steps):
    ways = [Deal(first) for _ in range(2)]
    for deal, event in zip(ways, ("advanced", "field_recorded"), strict=True):
        for _, told, acted_at in steps:
            deal.tell(event, told, acted_at)
    assert ways[0].clocks == ways[1].clocks


@given(st.one_of(st.just(math.nan), STAGES), STEPS, st.data())
def test_after_a_withdrawal_the_others_are_steps_as_if_it_had_never_been_told(first, steps, data):
    gone = data.draw(st.sets(st.integers(0, max(0, len(steps) - 1))))
    deal, other = Deal(first), Deal(first)
    entries = [deal.tell(*step) for step in steps]
    for place in data.draw(st.permutations(sorted(place for place in gone if place < len(steps)))):
        void(deal.book, entries[place])
    for place, step in enumerate(steps):
        if place not in gone:
            other.tell(*step)
    assert str((deal.stage, *deal.clocks)) == str((other.stage, *other.clocks))


@given(STEPS.filter(bool))
def test_a_withdrawn_registration_leaves_the_others_to_be_counted_from_the_first_stage(steps):
    deal = Deal(7.0)
    for _, told, acted_at in steps:
        deal.tell("advanced", told, acted_at)
    void(deal.book, 0)
    stages = [1.0, *(told for _, told, _ in steps)]
    forward = [at for (_, told, at), before in zip(steps, stages, strict=False) if told > before]
    assert deal.last_progress_at == max(forward) if forward else math.isnan(deal.last_progress_at)


def test_an_advance_that_names_no_stage_is_a_step_forward_as_told():
    deal = Deal(3.0)
    deal.tell("advanced", math.nan, 9)
    assert deal.clocks == (9, 9)


@pytest.mark.parametrize(("event", "stage", "clocks"), [
    ("advanced", 1.0, (OPENED, OPENED)), ("advanced", 2.0, (9, 9)), ("field_recorded", 2.0, (OPENED, OPENED)),
])  # fmt: skip
def test_where_no_stage_was_recorded_an_advance_counts_from_the_first_and_a_field_only_tells(event, stage, clocks):
    deal = Deal()
    deal.tell(event, stage, 9)
    assert deal.clocks == clocks


def test_what_an_event_does_besides_stays():
    deal = Deal(3.0)
    deal.tell("needs_recorded", 2.0, 9)  # needs are progress, the step back is none
    assert deal.clocks == (9, 9)
    assert MOVES["needs_recorded"]["opportunity"] == ("last_progress_at",)


def test_a_stage_that_a_rule_set_moves_no_clock_and_is_what_the_next_step_is_counted_from():
    deal = Deal(1.0)
    put_by_rule(deal.book, deal.row, OPPORTUNITY.stage, 4.0)
    assert deal.clocks == (OPENED, OPENED)
    deal.tell("advanced", 3.0, 9)
    assert deal.clocks == (9, OPENED)
