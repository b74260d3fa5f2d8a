"""Parity of moves: from what an office recorded the coach proposes the moves that the office's reviews proposed, and gives
leads out by those that its managers decided."""

import pytest

from coach.parity.check import office_with_journal, parity
from coach.parity.journal_events import OfficeJournal
from coach.parity.moves_parity import MOVES, decided
from policies.documents.loader import edited, load_policy
from tests.coach.test_parity import five_reps

pytestmark = [pytest.mark.parity, pytest.mark.system("G9")]
BY_COACH = {"routing.assigned_by": "coach", "targets.moves.reviewed": "week", "targets.moves.presales_hours": 4}


@pytest.fixture(scope="module")
def run():
    """Ten reps in four teams of two regions; two moves of leads at once lie in each other's way."""
    small = five_reps()
    people = small.people.model_copy(update={"reps": 10, "teams": 4, "regions": 2})
    scenario = small.model_copy(update={"people": people})
    return office_with_journal(scenario, edited(load_policy("fast-routing"), BY_COACH), 3, 14)


def test_the_coach_proposes_what_the_office_proposes_and_sends_the_same_leads_another_way(run):
    report = parity(run, batch_ms=7 * 86_400_000)
    assert (report.missing, report.extra) == ([], [])
    made = decided(run)
    assert {each.resource for each in made} == {"leads", "presales_hours"}
    assert {each.to_unit.partition("-")[0] for each in made} == {"rep", "team", "region"}
    assert run.arrays.moves.gone.sum() > 5
    assert report.same >= len(OfficeJournal(run).assigned()) + len(made)


def test_moves_that_the_office_did_not_propose_are_noticed(run):
    report = parity(run, edited(run.policy, {"targets.moves.leads_share": 0.1}), batch_ms=7 * 86_400_000)
    assert MOVES in {did.rule for did in (*report.missing, *report.extra)}
