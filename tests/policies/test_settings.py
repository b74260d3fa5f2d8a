"""The settings of a policy as numbers for compiled code."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.documents.loader import library_names, load_policy
from policies.engine.settings import CADENCES, LEVEL_METHODS, REGISTRATIONS, ROUTING_METHODS, SETTINGS, VISIBILITIES, settings
from policies.language.policy import Policy
from policies.record.phases import PHASES
from policies.record.records import FIELDS, MAX_STAGES
from policies.record.supplying import askable

EXPECTED_NAMES = (
    "cadence", "visibility", "level_method", "stretch", "fixed_target", "market_correction", "core_share", "seasonal",
    "ratchet_up", "ratchet_down", "action_visits", "action_quotes", "action_upsells", "elasticity_day",
    "elasticity_per_quarter", "elasticity_evidence", "approved_by_manager", "approved_by_director",
    "approved_by_finance", "moves_reviewed", "moves_behind", "moves_gives_from", "moves_leads_share",
    "moves_presales_hours", "moves_by_director", "registration", "routing_method", "route_within_minutes", "lead_cap",
    "fields_asked",
    "advanced_fields", "recording_reward_day", "programme_days", "entry_within_hours", "entries_day",
    "filled_share", "base_month", "commission", "bonus", "accelerator", "cap_multiple",
    "pay_cadence", "presales_hours", "legal_hours", "delivery_hours", "finance_hours", "coaching_hours_rep_month",
    "escalation_hours_week", "quiet_start_minute", "quiet_end_minute", "digest_above", "deputy", "discount_authority",
    "discount_max", "stage_count", "expenses_on_record", "action_cards",
)  # fmt: skip


def of(**sections):
    return settings(Policy(name="mine", **sections))


def test_the_layout_is_one_record_of_numbers_a_bit_mask_for_each_stage_and_a_stage_for_each_phase():
    assert SETTINGS.names == (*EXPECTED_NAMES, "required", "stage_at")
    assert all(SETTINGS[name] == np.float64 for name in EXPECTED_NAMES)
    assert SETTINGS["required"].subdtype == (np.int64, (MAX_STAGES,))
    assert SETTINGS["stage_at"].subdtype == (np.int64, (PHASES,))


@pytest.mark.parametrize("name", library_names())
def test_every_policy_of_the_library_gives_one_finite_record(name):
    record = settings(load_policy(name))

    assert record.shape == (1,)
    assert all(np.isfinite(record[name][0]).all() for name in SETTINGS.names)


def test_choices_are_numbered_as_compiled_code_expects():
    assert CADENCES == ("none", "daily", "weekly", "monthly", "quarterly")
    assert VISIBILITIES == ("none", "private", "public", "anonymous", "private_rank")
    assert LEVEL_METHODS == ("calibrated", "annual_twelfths", "fixed")
    assert REGISTRATIONS == ("manual", "automatic", "on_the_spot")
    assert ROUTING_METHODS == ("random", "round_robin", "best_suited", "nearest", "manual", "pool")


@pytest.mark.parametrize(
    ("section", "field", "choices", "name"),
    [
        ("targets", "cadence", CADENCES, "cadence"),
        ("targets", "visibility", VISIBILITIES, "visibility"),
        ("routing", "registration", REGISTRATIONS, "registration"),
        ("routing", "method", ROUTING_METHODS, "routing_method"),
    ],
)
def test_a_choice_is_its_position(section, field, choices, name):
    for position, choice in enumerate(choices):
        assert of(**{section: {field: choice}})[0][name] == position


@given(
    st.floats(0, 0.5), st.integers(0, 1_000_000), st.floats(0.1, 3), st.floats(-0.15, 0.15), st.integers(0, 60), st.booleans()
)
def test_numbers_arrive_unchanged(commission, bonus, stretch, correction, visits, deputy):
    record = of(
        pay={"commission": commission, "bonus": bonus},
        targets={"level": {"stretch": stretch, "market_correction": correction}, "action_units": {"effective_visits": visits}},
        notices={"deputy": deputy},
    )[0]

    assert (record.commission, record.bonus, record.stretch) == (commission, bonus, stretch)
    assert (record.market_correction, record.action_visits, record.deputy) == (correction, visits, deputy)


def test_every_number_of_a_policy_reaches_its_own_place():
    quarters = {"presales_hours": 1, "legal_hours": 2, "delivery_hours": 3, "finance_hours": 4}
    record = of(
        targets={"level": {"fixed_target": 5, "core_share": 0.6, "seasonal": False, "method": "fixed"},
                 "ratchet": {"up": 0.7, "down": 0.8},
                 "action_units": {"tailored_quotes": 9, "upsells": 10}, "elasticity": {"day": 11, "per_quarter": 2},
                 "moves": {"reviewed": "week", "behind": 0.3, "gives_from": 1.3, "leads_share": 0.4, "presales_hours": 28,
                           "decided_by": "director"}},
        routing={"within_minutes": 12, "lead_cap": 13},
        recording={"fields_asked": 14, "advanced_fields": 15, "reward_day": 16, "programme_days": 24, "within_hours": 26,
                   "entries_day": 27, "filled": 0.28},
        pay={"base_month": 17, "accelerator": 1.8, "cap": 1.9},
        support=quarters, coaching={"hours_per_rep_month": 20}, escalation={"hours_per_week": 21},
        notices={"digest_above": 22}, discount={"authority": 0.23, "max": 0.24},
    )[0]  # fmt: skip

    assert (record.fixed_target, record.core_share, record.seasonal, record.level_method) == (5, 0.6, 0, 2)
    assert (record.ratchet_up, record.ratchet_down) == (0.7, 0.8)
    assert (record.action_quotes, record.action_upsells, record.elasticity_day, record.elasticity_per_quarter) == (9, 10, 11, 2)
    assert (record.moves_reviewed, record.moves_behind, record.moves_gives_from) == (2, 0.3, 1.3)
    assert (record.moves_leads_share, record.moves_presales_hours, record.moves_by_director) == (0.4, 28, 1)
    assert (record.route_within_minutes, record.lead_cap) == (12, 13)
    assert (record.fields_asked, record.advanced_fields, record.recording_reward_day) == (14, 15, 16)
    assert (record.programme_days, record.entry_within_hours) == (24, 26)
    assert (record.entries_day, record.filled_share) == (27, 0.28)
    assert (record.base_month, record.accelerator, record.cap_multiple) == (17, 1.8, 1.9)
    assert [record[name] for name in quarters] == [1, 2, 3, 4]
    assert (record.coaching_hours_rep_month, record.escalation_hours_week, record.digest_above) == (20, 21, 22)
    assert (record.discount_authority, record.discount_max) == (0.23, 0.24)


@given(st.integers(0, 23), st.integers(0, 59))
def test_quiet_hours_are_minutes_after_midnight(hour, minute):
    record = of(notices={"quiet_from": f"{hour:02}:{minute:02}", "quiet_to": "08:00"})[0]

    assert (record.quiet_start_minute, record.quiet_end_minute) == (60 * hour + minute, 480)


def test_without_quiet_hours_there_is_no_minute():
    record = of()[0]

    assert (record.quiet_start_minute, record.quiet_end_minute) == (-1, -1)


@pytest.mark.parametrize("cadence", CADENCES)
def test_pay_follows_the_targets_unless_it_has_a_period_of_its_own(cadence):
    assert of(targets={"cadence": cadence})[0].pay_cadence == CADENCES.index(cadence)
    assert of(targets={"cadence": cadence}, pay={"period": "quarterly"})[0].pay_cadence == CADENCES.index("quarterly")
    assert of(targets={"cadence": "weekly"}, pay={"period": cadence})[0].pay_cadence == CADENCES.index(cadence)


@pytest.mark.system("P1")
@given(st.lists(st.lists(st.sampled_from(askable("opportunity")), max_size=4), min_size=1, max_size=MAX_STAGES))
def test_what_a_stage_asks_for_is_a_mask_of_columns(requirements):
    stages = [{"id": f"s{n}", "requires": names} for n, names in enumerate(requirements)]
    record = of(stages=stages)[0]

    assert record.stage_count == len(requirements)
    for mask, names in zip(record.required, [*requirements, *[[]] * MAX_STAGES], strict=False):
        asked = {field.name for column, field in enumerate(FIELDS["opportunity"]) if mask >> column & 1}
        assert asked == set(names)
