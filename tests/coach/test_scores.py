"""The scores S1, S3, S4, S5 and S11: from recorded fields only, with reasons, and no number where the record allows none."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policies import scores
from policies.language.policy import Policy
from policies.record.health import customer_health as customer_health_of_rules
from policies.record.health import opportunity_health as opportunity_health_of_rules
from policies.record.phases import stage_at
from policies.record.records import WIDTH, column
from policies.scores.customer_health import customer_health
from policies.scores.funnel import Way, funnel
from policies.scores.journey_completeness import Journey, journey_completeness
from policies.scores.opportunity_health import opportunity_health
from policies.scores.score import DAY, HOUR, alarm
from policies.scores.selling_energy import selling_energy
from tests.policies.stage_layouts import layouts, stages_of

NOW = 1_750_000_000_000
HEALTHY = {
    "status": "open", "stage": 2.0, "opened_at": NOW - 20 * DAY, "last_action_at": NOW - 1 * DAY,
    "last_progress_at": NOW - 3 * DAY, "next_step_at": NOW + 2 * DAY, "close_at": NOW + 30 * DAY,
    "needs_summary": "two lines", "pain_points": "slow", "decision_maker": "head of purchasing",
}  # fmt: skip


def told(score) -> str:
    return " | ".join(reason.en for reason in score.reasons) + " | ".join(reason.zh for reason in score.reasons)


@pytest.mark.system("S1")
def test_an_opportunity_that_moves_is_healthy():
    score = opportunity_health(HEALTHY, NOW)
    assert (score.value, score.colour, score.missing) == (100.0, "green", ())


@pytest.mark.system("S1")
def test_health_falls_with_idle_days_and_says_so_first():
    idle = [opportunity_health(HEALTHY | {"last_action_at": NOW - days * DAY}, NOW) for days in (2, 9, 15, 30)]
    values = [score.value for score in idle]
    assert values[0] == 100
    assert values[1] == pytest.approx(85)
    assert values[2] == values[3] == pytest.approx(70)
    assert idle[3].reasons[0].en == "last action 30 days ago"
    assert idle[3].reasons[0].zh == "最近动作在 30 天前"


@pytest.mark.system("S1")
def test_neglect_is_red_and_two_weeks_of_it_an_alarm():
    neglected = {"status": "open", "opened_at": NOW - 60 * DAY, "stage": 1.0}
    score = opportunity_health(neglected, NOW)
    assert score.colour == "red"
    assert "next_step_at" in score.missing
    assert "no next conversation is booked" in told(score)
    assert alarm([score.value, score.value], 60, 2)
    assert not alarm([80.0, score.value], 60, 2)
    assert not alarm([score.value], 60, 2)
    assert not alarm([None, score.value], 60, 2)


@pytest.mark.system("S1")
def test_signals_take_points_off():
    signals = {
        "custom.document_open_rate": 0.2,
        "custom.question_asked_at": NOW - 30 * HOUR,
        "custom.question_answered_at": NOW - 40 * HOUR,
    }
    score = opportunity_health(HEALTHY | signals, NOW)
    assert score.value == 80
    assert "20%" in score.reasons[0].en
    assert "30 hours" in score.reasons[1].en
    assert opportunity_health(HEALTHY | {"custom.question_asked_at": NOW - 20 * HOUR}, NOW).value == 100
    assert opportunity_health(HEALTHY | {"frozen": 1.0}, NOW).value == 40


@pytest.mark.system("S1")
def test_no_health_without_a_start_or_for_what_is_closed():
    assert opportunity_health({"status": "open"}, NOW).value is None
    assert opportunity_health(HEALTHY | {"status": "won"}, NOW).value is None
    assert "closed" in told(opportunity_health(HEALTHY | {"status": "lost"}, NOW))


@pytest.mark.system("S3")
def test_a_complete_journey_has_four_steps():
    deal = {
        "first_contact_at": NOW - 90 * DAY, "quote_sent_at": NOW - 70 * DAY, "pain_points": "slow", "proposal_pages": "3, 4",
        "legal_approval": "yes",
    }  # fmt: skip
    customer = {"delivered_at": NOW - 50 * DAY, "service_visit_at": NOW - 40 * DAY}
    whole = Journey(deal, customer, needs_at=NOW - 89 * DAY, contract_at=NOW - 60 * DAY)
    assert journey_completeness(whole, NOW).value == 100
    late = whole._replace(needs_at=NOW - 80 * DAY)
    assert journey_completeness(late, NOW).value == 75
    assert journey_completeness(late, NOW).colour == "green"
    unvisited = late._replace(customer={"delivered_at": NOW - 50 * DAY})
    score = journey_completeness(unvisited, NOW)
    assert (score.value, score.missing) == (50, ("service_visit_at",))


@pytest.mark.system("S3")
def test_steps_that_are_not_due_yet_do_not_count():
    fresh = Journey({"first_contact_at": NOW - 1 * DAY}, {})
    assert journey_completeness(fresh, NOW).value is None
    later = journey_completeness(fresh, NOW + 3 * DAY)
    assert (later.value, later.missing) == (0, ("needs_summary",))
    assert "0 of 1 steps" in later.reasons[0].en


@pytest.mark.system("S3")
def test_a_desks_answer_counts_only_before_the_contract():
    deal = Journey({"legal": ""}, {}, contract_at=NOW - 5 * DAY)
    early, late = (journey_completeness(deal._replace(answered_at=NOW - days * DAY), NOW) for days in (9, 2))
    assert "another department took part" in told(early)
    assert "no other department" in told(late)


@pytest.mark.system("S4")
def test_customer_health_weighs_as_the_list_says():
    best = {
        "status": "active", "payments": 4.0, "late_payments": 0.0, "satisfaction": 10.0, "last_action_at": NOW - DAY,
        "complaints": 0.0, "risk_events": 0.0,
    }  # fmt: skip
    assert customer_health(best, NOW).value == 100
    for name, worst, lost in (
        ("late_payments", 4.0, 30),
        ("satisfaction", 0.0, 25),
        ("last_action_at", NOW - 120 * DAY, 20),
        ("complaints", 9.0, 12.5),
        ("risk_events", 5.0, 12.5),
    ):
        assert customer_health(best | {name: worst}, NOW).value == pytest.approx(100 - lost)


@pytest.mark.system("S4")
def test_no_customer_health_from_less_than_half_of_its_weight():
    score = customer_health({"last_action_at": NOW}, NOW)
    assert score.value is None
    assert "only 45%" in told(score)
    assert "payments" in score.missing
    assert customer_health({"satisfaction": 8.0, "payments": 10.0, "late_payments": 1.0}, NOW).colour == "green"
    assert customer_health({"status": "churned"}, NOW).value is None


@pytest.mark.system("S4")
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "payments": st.integers(0, 20).map(float),
            "late_payments": st.integers(0, 3).map(float),
            "satisfaction": st.floats(0, 10),
            "last_action_at": st.integers(0, 200).map(lambda days: float(NOW - days * DAY)),
            "complaints": st.integers(0, 6).map(float),
            "risk_events": st.integers(0, 3).map(float),
        },
    )
)
def test_rules_and_people_are_told_the_same_health(recorded):
    values = np.full((1, WIDTH), np.nan)
    for name, value in recorded.items():
        values[0, column("customer", name)] = value
    assume(recorded.get("late_payments", 0) <= recorded.get("payments", 0))
    told_to_people, told_to_rules = customer_health(recorded, NOW).value, customer_health_of_rules(values, 0, NOW)
    assert told_to_rules == pytest.approx(np.nan if told_to_people is None else told_to_people, nan_ok=True)


SIGNALS = ("custom.document_open_rate", "custom.question_asked_at", "custom.question_answered_at")
ago = st.integers(-30, 120).map(lambda days: float(NOW - days * DAY))
facts = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("opened_at", "last_action_at", "last_progress_at", "next_step_at", "close_at"), ago)
    | dict.fromkeys(("needs_summary", "pain_points", "decision_maker", "value_proof", "competitor", "budget"), st.just(1.0))
    | {
        "stage": st.integers(1, 9).map(float), "frozen": st.sampled_from([0.0, 1.0]), SIGNALS[0]: st.floats(0, 1),
        "status": st.sampled_from(["open", "open", "open", "won", "no_decision"]), SIGNALS[1]: ago, SIGNALS[2]: ago,
    },
)  # fmt: skip


@pytest.mark.system("S1")
@given(recorded=facts, said=layouts(), has_signals=st.booleans())
def test_rules_and_people_are_told_the_same_health_of_a_deal(recorded, said, has_signals):
    begins = Policy(name="laid-out", stages=stages_of(said)).begins
    if not has_signals:
        recorded = {name: value for name, value in recorded.items() if name not in SIGNALS}
    values = np.full((1, WIDTH + 3), np.nan)
    places = {name: WIDTH + place for place, name in enumerate(SIGNALS)}
    for name, value in recorded.items():
        place = places[name] if name in SIGNALS else column("opportunity", name)
        statuses = ("open", "won", "lost", "no_decision")
        values[0, place] = statuses.index(value) if isinstance(value, str) else value
    signals = np.array([places[name] if has_signals else -1 for name in SIGNALS])
    told_to_people = opportunity_health(recorded, NOW, begins).value
    told_to_rules = opportunity_health_of_rules(values, 0, NOW, np.array(begins), signals)
    assert told_to_rules == pytest.approx(np.nan if told_to_people is None else told_to_people, nan_ok=True)


@pytest.mark.system("S5")
def test_selling_energy_is_the_share_of_time_lost():
    week = {"custom.minutes_worked": 2400.0, "custom.minutes_forms": 600.0, "custom.minutes_searching": 480.0}
    score = selling_energy(week)
    assert score.value == pytest.approx(0.45)
    assert score.colour == "amber"
    assert score.reasons[0].en == "forms 25%"
    assert "at least this much" in told(score)
    assert selling_energy(week | {"custom.minutes_approvals": 300.0}).colour == "red"
    assert selling_energy(week | {"custom.minutes_forms": 100.0}).colour == "green"


@pytest.mark.system("S5")
def test_no_selling_energy_without_the_time_worked():
    assert selling_energy({"custom.minutes_forms": 60.0}).value is None
    assert selling_energy({"custom.minutes_worked": 2400.0}).value is None
    assert selling_energy({"custom.minutes_worked": 60.0, "custom.minutes_forms": 90.0}).value is None
    assert selling_energy({}).missing[0] == "custom.minutes_worked"


@pytest.mark.system("S11")
def test_the_funnel_names_the_bottleneck_against_the_benchmark():
    ways = [Way(1, "lost")] * 40 + [Way(2, "lost")] * 82 + [Way(3, "won")] * 18 + [Way(1, "open")] * 500
    found = funnel(ways, 3, {1: 0.7, 2: 0.35})
    assert [(each.known, each.went_on) for each in found.stages] == [(140, 100), (100, 18), (18, 18)]
    assert found.stages[1].share == 0.18
    assert found.bottleneck == 2
    assert "18% go on against 35%" in found.reason.en


@pytest.mark.system("S11")
def test_a_gap_that_chance_explains_is_no_bottleneck():
    ways = [Way(1, "lost")] * 8 + [Way(2, "won")] * 4
    assert funnel(ways, 2, {1: 0.4}).bottleneck is None
    assert funnel(ways * 30, 2, {1: 0.4}).bottleneck == 1


@pytest.mark.system("S11")
def test_too_few_opportunities_give_no_share():
    found = funnel([Way(1, "lost")] * 5, 2)
    assert found.stages[0].share is None
    assert "no number" in found.reason.en
    assert "no benchmark" in funnel([Way(1, "lost")] * 20, 2).reason.en


def test_no_score_is_compiled_so_that_editing_one_recompiles_nothing():
    sources = [file.read_text(encoding="utf-8") for file in Path(scores.__file__).parent.glob("*.py")]
    assert len(sources) > 5
    assert not any("import compiled" in source or "numba" in source for source in sources)


@pytest.mark.system("S1")
@given(layouts())
def test_health_does_not_depend_on_how_many_names_the_same_work_has(said):
    begins = Policy(name="mine", stages=stages_of(said)).begins
    for phase in set(begins):
        values = {name: value for name, value in HEALTHY.items() if name not in ("budget", "decision_maker")}
        by_five = opportunity_health(values | {"stage": float(phase)}, NOW)
        assert opportunity_health(values | {"stage": float(stage_at(phase, begins))}, NOW, begins) == by_five


@pytest.mark.system("S11")
@given(st.integers(0, 100), st.integers(200, 5000))
def test_a_bottleneck_falls_short_by_what_can_be_seen(lost, cases):
    ways = [Way(2, "won")] * cases + [Way(1, "lost")] * lost
    found = funnel(ways, 2, {1: 1.0})
    if found.bottleneck is not None:
        assert f"{found.stages[0].share:.0%}" != "100%"
        assert "100% go on against 100%" not in found.reason.en
