"""The management systems at work in the office: each rule of the library does there what its row promises."""

import numpy as np
import pytest

from policies.documents.loader import edited, load_policy
from policies.language.policy import Policy
from policies.record.records import FLAGS, LEAD, OPPORTUNITY, REQUEST, UNIT
from sim.office.counting.outcomes import HISTOGRAM_EDGES, MEASURE_NAMES
from tests.sim.offices import WEEK, started


def run(policy: str | Policy, weeks: int = 9, seed: int = 2):
    """An office after some counted weeks, its journal, and its measures by name."""
    office = started(policy, seed)
    office.mark()
    office.run_until(office.now + weeks * WEEK)
    outcomes = office.outcomes()
    return office, office.journal(), dict(zip(MEASURE_NAMES, outcomes.totals[0], strict=True)), outcomes


def happened(journal, event: str):
    return journal[journal["event"] == event]


@pytest.mark.system("P1")
def test_no_stage_is_skipped_and_a_stage_is_left_only_with_its_required_fields():
    _, journal, _, _ = run("monthly-private")
    for _, steps in happened(journal, "advanced").dropna(subset="field").groupby("record"):
        assert steps["value"].tolist() == list(range(2, 2 + len(steps)))
    assert len(happened(journal, "refused")) > 0
    left_first = happened(journal, "advanced").query("field == 'stage' and value == 2")
    recorded = journal[(journal["field"] == "needs_summary") & (journal["kind"] == "opportunity")]
    assert set(left_first["record"]) <= set(recorded["record"])


@pytest.mark.system("P2")
def test_a_missing_summary_becomes_a_to_do_and_no_booked_conversation_an_escalation():
    _, journal, measures, _ = run("golden-48h")
    late = happened(journal, "todo_opened")
    assert len(late) > 0
    assert (late["due_at"] <= late["recorded_at"]).all()
    assert measures["escalations"] > 0
    assert len(happened(journal, "todo_closed")) > 0


@pytest.mark.system("P3")
def test_a_frozen_deal_does_not_move_until_its_stall_reason_is_recorded():
    _, journal, measures, _ = run("freeze-7d", 12)
    frozen = happened(journal, "frozen")
    assert len(frozen) == measures["freezes"] > 0
    for record, since in zip(frozen["record"], frozen["number"], strict=True):
        after = journal[(journal["record"] == record) & (journal["number"] > since)]
        explained = after[after["event"] == "stall_explained"]["number"].min()
        moved = after[after["event"].isin(["advanced", "won"])]["number"].min()
        assert np.isnan(moved) or explained < moved


@pytest.mark.system("P4")
def test_seven_days_without_progress_remind_the_owner_with_the_manager_copied():
    _, journal, measures, _ = run("stall-reminder")
    assert set(happened(journal, "notified")["value"]) == {0.0, 1.0}
    assert measures["alerts"] > 0


@pytest.mark.system("L1")
def test_routing_by_score_answers_sooner_than_assignment_by_hand():
    shares = []
    for policy in ("fast-routing", "manual-routing"):
        counts = run(policy)[3].histogram[0]
        shares.append(counts[HISTOGRAM_EDGES[1:] < 240].sum() / counts.sum())
    assert shares[0] > shares[1]


@pytest.mark.system("L2")
def test_store_leads_are_filed_on_the_spot_with_photo_and_reach_the_nearest_reps_list():
    office, journal, _, _ = run("store-leads")
    values = office.arrays.book.values
    registered = happened(journal, "registered")
    rows = registered[(registered["kind"] == "lead") & (registered["field"] == "photo")]["record"].unique()
    assert len(rows) > 5
    delay_minutes = (values[rows, LEAD.registered_at] - values[rows, LEAD.captured_at]) / 60_000
    assert np.median(delay_minutes) < 10
    assert len(happened(journal, "todo_opened")) > 0


@pytest.mark.system("G1")
def test_twelfths_ignore_season_and_pace_and_calibrated_targets_do_not():
    def monthly(policy):
        journal = run(policy, 14)[1]
        targets = journal[(journal["field"] == "target") & (journal["record"] < 5) & (journal["value"] > 0)]
        whole_months = targets[targets["recorded_at"] > targets["recorded_at"].min()]  # the office starts within a month
        return whole_months.groupby("record")["value"].nunique()

    assert (monthly("annual-twelfths") == 1).all()
    assert (monthly("monthly-private") > 1).all()


@pytest.mark.system("G2")
def test_weekly_actions_are_counted_start_again_on_monday_and_falling_short_is_told():
    office, journal, measures, _ = run("action-units")
    counted = happened(journal, "counted").dropna(subset="field")
    resets = counted[counted["value"] == 0]
    assert set(resets["recorded_at"].dt.tz_convert("Asia/Shanghai").dt.day_of_week) == {0}
    assert 0 <= measures["action_units_met"] < measures["action_unit_weeks"]
    assert len(happened(journal, "todo_opened")) > 0
    assert office.arrays.settings[0].action_visits == 3


@pytest.mark.system("G3")
@pytest.mark.parametrize(("policy", "periods"), [("weekly-private", 9), ("monthly-private", 2), ("quarterly-private", 0)])
def test_the_cadence_decides_how_many_periods_end(policy, periods):
    _, _, _, outcomes = run(policy)
    assert abs(outcomes.attainment.shape[1] - periods) <= 1


@pytest.mark.system("G4")
@pytest.mark.parametrize(
    ("policy", "ranked"),
    [("monthly-private", False), ("monthly-unseen", False), ("monthly-public", True), ("monthly-anonymous", True)],
)
def test_only_a_shown_ranking_tells_anybody_a_rank(policy, ranked):
    office, journal, _, _ = run(policy)
    assert (len(happened(journal, "ranked")) > 0) == ranked
    assert (np.nanmax(np.append(office.arrays.book.values[:5, UNIT.rank], -1)) > 0) == ranked


@pytest.mark.system("G6")
def test_targets_are_adjusted_only_in_the_window_with_evidence_and_at_most_twice_a_quarter():
    _, journal, measures, _ = run("elastic-targets", 26)
    adjusted = journal[(journal["event"] == "adjusted") & (journal["field"] == "adjustments")]
    assert len(adjusted) == measures["adjustments"] > 0
    assert adjusted["value"].max() <= 2
    assert (adjusted["recorded_at"].dt.tz_convert("Asia/Shanghai").dt.day >= 5).all()
    evidence = journal[journal["field"] == "need_change"]
    assert set(adjusted["record"]) <= set(evidence["record"])


@pytest.mark.system("G7")
def test_two_weeks_behind_pace_turn_a_unit_red_and_alert():
    _, journal, measures, _ = run("behind-pace", 12)
    flagged = happened(journal, "flagged")
    assert set(flagged["value"]) == {float(FLAGS.index("red"))}
    assert set(flagged["recorded_at"].dt.tz_convert("Asia/Shanghai").dt.hour) == {0}
    assert len(happened(journal, "flag_closed")) > 0
    assert measures["alerts"] > 0


@pytest.mark.system("H5")
def test_alerts_and_coaching_compete_for_the_managers_hours():
    def spent(escalation_hours):
        policy = edited(
            load_policy("golden-48h"), {"coaching.hours_per_rep_month": "20", "escalation.hours_per_week": escalation_hours}
        )
        measures = run(policy)[2]
        return measures["hours_training"], measures["alerts_acted"] / measures["alerts"]

    coached_more, heard_less = spent("1")
    coached_less, heard_more = spent("12")
    assert coached_less < coached_more
    assert heard_less < heard_more


@pytest.mark.system("H2")
def test_who_leaves_hands_over_what_is_open_and_what_was_never_recorded_is_lost():
    leaving = {"quit_rate": 8.0}
    told = started("heavy-recording", 2, beyond=leaving)
    told.run_until(told.now + 12 * WEEK)
    handed = happened(told.journal(), "reassigned").query("kind == 'opportunity' and field == 'owner'")
    office, lost = started("heavy-recording", 2, beyond=leaving), 0
    facts = range(OPPORTUNITY.needs_summary, OPPORTUNITY.contract_file + 1)
    for left_at, records in handed.groupby("recorded_at")["record"]:
        instant = int(left_at.timestamp() * 1000)
        office.run_until(instant - 1)
        knew, owners = office.arrays.cases.known.copy(), office.arrays.cases.owner.copy()
        office.run_until(instant)
        cases, seats, values = office.arrays.cases, office.arrays.seats, office.arrays.book.values
        mine = np.flatnonzero(np.isin(cases.row, records))
        assert len(mine) == len(records)
        assert (seats.vacant[owners[mine]] == 1).all()
        assert (seats.vacant[cases.owner[mine]] == 0).all()
        recorded = [sum(1 << column for column in facts if not np.isnan(values[row, column])) for row in cases.row[mine]]
        assert (cases.known[mine] & ~np.array(recorded) == 0).all()
        lost += int((knew[mine] & ~cases.known[mine] != 0).sum())
    assert lost > 0


@pytest.mark.system("H6")
def test_desks_promise_a_time_and_what_is_late_is_escalated_and_moved_up():
    office, journal, measures, _ = run("support-promises", 14)
    requests = office.arrays.requests[: int(office.arrays.state[0].requests)]
    values = office.arrays.book.values
    assert np.isfinite(values[requests.row, REQUEST.promised_at]).all()
    late = happened(journal, "field_set")
    assert measures["support_requests"] > 0
    assert (values[late["record"].to_numpy(), REQUEST.escalated] == 1.0).all()


@pytest.mark.system("E1")
def test_idle_days_in_the_record_are_never_fewer_than_true_ones():
    office, _, _, _ = run("heavy-recording")
    o = office.arrays
    cases = o.cases[: int(o.state[0].cases)]
    open_deals = cases[(cases.row >= 0) & (cases.state == 3)]
    recorded = o.book.values[open_deals.row, OPPORTUNITY.last_action_at]
    assert (recorded <= open_deals.last_touch_at + 1).all()
    assert (recorded < open_deals.last_touch_at).any()
