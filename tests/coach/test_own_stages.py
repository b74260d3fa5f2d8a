"""A firm's own stages in the live service: what hangs on the work follows the work with which a stage begins."""

import pytest
from hypothesis import HealthCheck, example, given, settings

from apps.board.deals import open_deals
from coach.rules.advice import MINUTES, today
from coach.scoring.scores import score_store
from coach.store import SYSTEM, reading
from policies.record.phases import PHASES
from policies.scores.opportunity_health import KNOWLEDGE
from tests.coach.firm import Firm, policy_of
from tests.policies.stage_layouts import layouts, stages_of

pytestmark = pytest.mark.system("P1")
HOUR = 3_600_000


def cross_department_is_due(journey) -> bool:
    """Whether the journey's third step counts, which does from the contract on."""
    return any("contract" in reason.en for reason in journey.reasons)


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(layouts())
@example(["discovery", None, None, None, "solution", "negotiation", "contract"])
@example(["discovery", "proof", "contract", None])
@example(["discovery", None])
@example([None] * 6)
def test_minutes_facts_that_are_due_and_the_contract_follow_the_work(tmp_path_factory, said):
    policy = policy_of(stages=stages_of(said))
    firm = Firm(tmp_path_factory.mktemp("firm"), policy)
    try:
        firm.deal()
        for stage in range(1, len(said) + 1):
            if stage > 1:
                firm.post("advanced", "A", stage=stage)
            firm.now += HOUR
            phase = policy.begins[stage - 1]
            (action,) = today(firm.store, firm.service, SYSTEM, "rep-1", firm.now)["actions"]
            assert (action["stage"], action["minutes"]) == (stage, MINUTES[phase - 1])
            assert f"about {MINUTES[phase - 1]:.0f} minutes" in action["reasons"]["en"][0]
            (shown,) = open_deals(firm.store, firm.service, SYSTEM, ["rep-1"], firm.now)
            (scored,) = score_store(firm.store, firm.now).opportunities
            due = set(KNOWLEDGE[: phase + 1])
            assert due == set(shown.health.missing) & set(KNOWLEDGE) == set(scored.health.missing) & set(KNOWLEDGE)
            assert cross_department_is_due(scored.journey) == (phase == PHASES)
    finally:
        firm.store.close()


@given(layouts())
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([None])
@example([None] * 9)
def test_other_stages_that_come_into_force_leave_what_is_recorded_and_go_on_from_its_number(tmp_path_factory, said):
    firm = Firm(tmp_path_factory.mktemp("firm"), policy_of(name="before"))
    try:
        firm.deal(stage=4)
        after = policy_of(name="after", stages=stages_of(said, [["contract_file"]] * len(said)))
        firm.service.activate(after, "tester")
        assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["stage"] == 4
        (action,) = today(firm.store, firm.service, SYSTEM, "rep-1", firm.now)["actions"]
        assert action["minutes"] == MINUTES[after.begins[min(4, len(said)) - 1] - 1]
        beyond = len(said) < 4
        assert bool(firm.post("won", "A", intent="sign").refusals) == (not beyond)  # beyond the last stage nothing is asked for
    finally:
        firm.store.close()
