"""Resources that move between units of the office (G9): reviewed, decided in a manager's time, obeyed until the period ends."""

import numpy as np
import pytest

from policies.documents.loader import edited, load_policy
from policies.record.records import REQUEST_KIND
from policies.support.promise import PRESALES
from sim.office.engine.events import HOUR
from sim.office.people.moving import LEADS, PRESALES_HOURS, UNDECIDED
from tests.sim.offices import WEEK, same_journals, started, tiny, written

pytestmark = pytest.mark.system("G9")
MOVES = {"targets.moves.reviewed": "week", "targets.cadence": "quarterly"}


def firm(**people):
    return tiny(reps=8, teams=4, regions=2, **people)


def ran(changes=None, policy="monthly-private", weeks=20, scenario=None, seed=3):
    office = started(edited(load_policy(policy), MOVES | (changes or {})), seed, scenario or firm())
    office.mark()
    office.run_until(office.now + weeks * WEEK)
    return office


@pytest.fixture(scope="module")
def office():
    return ran()


def moves(office) -> np.recarray:
    return office.arrays.moves[: int(office.arrays.state[0].moves)]


def test_each_move_waits_for_a_manager_above_both_and_holds_from_then_on(office):
    made = moves(office)
    parents = office.arrays.units.parent
    assert set(made.resource) == {LEADS}
    assert (parents[made.giver] == parents[made.taker]).all()
    decided = made[made.made_at != UNDECIDED]
    assert len(decided) > 3
    assert (decided.made_at - decided.proposed_at >= 8 * HOUR).all()  # proposed at midnight, decided at work
    assert (decided.gone <= decided.amount * np.ceil((office.now - decided.made_at) / WEEK) + 1).all()
    assert decided.gone.sum() > 3


def test_in_one_period_a_unit_is_part_of_one_move(office):
    for start in set(moves(office).start_at):
        of_period = moves(office)[moves(office).start_at == start]
        units = [*of_period.giver, *of_period.taker]
        assert len(units) == len(set(units))


def test_without_a_review_nothing_moves_whatever_else_the_policy_says_and_targets_stay():
    usual = started("monthly-private", 3, firm())
    other = started(
        edited(load_policy("monthly-private"), {"targets.moves.leads_share": 1, "targets.moves.presales_hours": 9}), 3, firm()
    )
    for run in (usual, other):
        run.run_until(run.now + 8 * WEEK)
    assert same_journals(usual, other)
    switched = usual.branch(edited(usual.policy, MOVES | {"targets.cadence": "monthly"}))
    assert switched.arrays.state[0].period_start == usual.arrays.state[0].period_start


def test_the_director_decides_where_the_policy_says_so(office):
    by_director = ran({"targets.moves.decided_by": "director"})
    first = [moves(run)[moves(run).proposed_at == moves(office)[0].proposed_at] for run in (office, by_director)]
    told = [list(zip(each.giver, each.taker, each.amount, strict=True)) for each in first]
    assert told[0] == told[1]
    assert set(moves(office).made_at) != set(moves(by_director).made_at)
    one_after_another = np.sort(first[1].made_at)
    assert (np.diff(one_after_another) > 0).all()


def test_a_unit_that_gets_leads_gets_more_of_them_and_the_one_that_gives_gets_fewer():
    """Of all leads routed while moves are in force: none more than without is lost on the way."""
    without, with_moves = ran({"targets.moves.leads_share": 0}), ran({"targets.moves.leads_share": 0.5})
    assert len(moves(without)) == 0
    decided = moves(with_moves)[moves(with_moves).made_at != UNDECIDED]
    gone = decided.gone.sum()
    assert gone > 5
    outcomes = [run.outcomes() for run in (without, with_moves)]
    assert written(without).tobytes() != written(with_moves).tobytes()
    assert outcomes[0].totals[0, 7] == pytest.approx(outcomes[1].totals[0, 7], rel=0.1)


def test_presales_takes_up_requests_of_the_unit_behind_before_those_of_the_one_that_gives():
    busy = firm().model_dump()
    busy["desks"] |= {"own_load": 0.9, "own_job_hours": 12.0}
    scenario = type(firm()).model_validate(busy)
    run = ran({"targets.moves.presales_hours": 40, "targets.moves.leads_share": 0}, weeks=26, scenario=scenario)
    made = moves(run)
    assert set(made.resource) == {PRESALES_HOURS}
    ahead = made[made.gone > 0]
    assert len(ahead) > 0
    requests = run.arrays.requests[: int(run.arrays.state[0].requests)]
    asked = requests[(requests.desk == PRESALES) & (requests.owner >= 0) & (requests.started_at > 0)]
    assert (run.arrays.book.rows.kind[asked.row] == REQUEST_KIND).all()
    overtaken = [
        (one.asked_at, other.asked_at)
        for move in ahead
        for one in asked if below(run, one, move.taker)
        for other in asked if below(run, other, move.giver)
        if other.asked_at < one.asked_at < other.started_at and one.started_at < other.started_at
    ]  # fmt: skip
    assert overtaken


def below(run, request, unit) -> bool:
    above = int(run.arrays.seats[request.owner].unit)
    while above >= 0 and above != unit:
        above = int(run.arrays.units[above].parent)
    return above >= 0
