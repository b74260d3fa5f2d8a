"""Targets live: reckoned from the record, adding up over the tree, put in force by a manager, counted from what is won."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coach.rules.service import Service
from coach.store import SYSTEM, reading
from coach.targets import rolling
from coach.targets.figures import Figures
from coach.targets.periods import period_of
from coach.targets.units import Unit, Units, units_of
from policies.documents.loader import load_policy
from policies.targets.level import calibrated_rate, fixed_level, next_ratchet, season_index, twelfths_level
from policies.targets.season import season_of
from policies.targets.tree import children, line, rolled_up, shared_out, uneven, with_total
from policies.time.calendar import Calendar
from tests.coach.firm import BEHIND, Firm, at, policy_of
from tests.coach.signed_in import Desk

FIXED = {"cadence": "monthly", "level": {"method": "fixed", "fixed_target": 30_437.5}}
"""A thousand a calendar day."""
JANUARY, FEBRUARY = 31_000, 28_000


@st.composite
def trees(draw):
    """Parents of up to 24 units; those behind stand under those before, or at the top."""
    names = [f"u{number}" for number in range(draw(st.integers(1, 24)))]
    return {
        name: draw(st.sampled_from([None, *names[:place]])) if place else None for place, name in enumerate(names)
    }  # fmt: skip


@st.composite
def filled(draw):
    parents = draw(trees())
    leaves = parents.keys() - children(parents).keys()
    return parents, rolled_up({leaf: draw(st.integers(0, 10**9)) for leaf in leaves}, parents)


@pytest.mark.system("G8")
@given(filled())
def test_units_above_add_up_to_the_leaves_below_them(tree):
    parents, amounts = tree
    assert not uneven(amounts, parents)
    leaves = parents.keys() - children(parents).keys()
    for unit in parents:
        assert amounts[unit] == sum(amounts[leaf] for leaf in leaves if unit in line(leaf, parents))


@pytest.mark.system("G8")
@given(filled(), st.data())
def test_another_total_for_a_unit_is_shared_out_below_and_followed_above(tree, data):
    parents, amounts = tree
    unit, total = data.draw(st.sampled_from(list(parents))), data.draw(st.integers(0, 10**9))
    changed = with_total(amounts, parents, unit, total)
    assert changed[unit] == total
    assert not uneven(changed, parents)
    own = set(line(unit, parents))
    assert all(changed[other] == amounts[other] for other in parents if other not in own and unit not in line(other, parents))


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=30))
def test_parts_differ_from_the_exact_share_by_less_than_one(total, weights):
    parts, whole = shared_out(total, weights), sum(weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        exact = total * weight / whole if whole else total / len(weights)
        assert abs(part - exact) < 1.0 + 1e-6 * exact


@given(filled(), st.data())
def test_one_unit_more_anywhere_is_found_with_its_difference(tree, data):
    parents, amounts = tree
    inner = list(children(parents))
    if not inner:
        return
    unit, more = data.draw(st.sampled_from(inner)), data.draw(st.integers(1, 1000))
    found = {each.unit: each.difference for each in uneven(amounts | {unit: amounts[unit] + more}, parents)}
    assert found[unit] == more
    assert set(found) <= {unit, parents[unit]}


@given(st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.5, 2))
def test_a_calibrated_rate_lies_between_the_own_pace_and_that_of_the_region(share, own, region, corrected):
    rate = calibrated_rate(share, own, region, corrected, 60.0)
    low, high = sorted((own, region))
    assert low * corrected / 60.0 * (1 - 1e-9) <= rate <= high * corrected / 60.0 * (1 + 1e-9)


def test_fixed_ones_go_by_calendar_days_and_twelfths_by_months():
    assert [fixed_level(30_437.5, days) for days in (7, 28, 31)] == [7_000, 28_000, 31_000]
    assert [twelfths_level(1_200_000, days) for days in (28, 31, 91)] == [100_000, 100_000, 300_000]


def test_a_beat_raises_the_next_level_and_a_miss_lowers_it_within_bounds():
    assert next_ratchet(1.0, 1.5, 0.5, 0.2, 91.3) == pytest.approx(1.25)
    assert next_ratchet(1.0, 0.5, 0.5, 0.2, 91.3) == pytest.approx(0.9)
    assert next_ratchet(1.4, 9.0, 1.0, 0.0, 91.3) == 1.5
    assert next_ratchet(0.7, 0.0, 0.0, 1.0, 91.3) == 0.7


def test_a_season_is_told_only_where_chance_would_not_make_it():
    days = [day for day in range(365) for _ in range(30)]
    swing = season_of(days, [season_index(0.3, 100.0, float(day)) for day in days])
    assert swing.amplitude == pytest.approx(0.3, abs=0.01)
    assert swing.peak_day == pytest.approx(100, abs=2)
    assert season_of([10, 40, 200], [1e6, 2e6, 1e6]).amplitude == 0.0
    assert season_of([], []).amplitude == 0.0


@pytest.fixture
def firm(tmp_path):
    made = Firm(tmp_path, policy_of(BEHIND, targets=FIXED))
    yield made
    made.store.close()


@pytest.fixture
def desk(firm):
    found = Desk(firm)
    found.tokens["director"] = found._token("director", "manager", "company")
    found.tokens["finance"] = found._token("money", "desk", "finance")
    return found


def in_force(desk, period: str = "running", **given) -> dict[str, dict]:
    """Targets of a period, proposed and put in force through the interface; by unit."""
    number = desk.ask("director", "POST", "/targets/sets", json={"period": period, **given}).json()["number"]
    answer = desk.ask("director", "POST", f"/targets/sets/{number}/confirm")
    assert answer.status_code == 200, answer.text
    return unit_values(desk)


def unit_values(desk) -> dict[str, dict]:
    return {each["unit"]: each for each in desk.ask("operations", "GET", "/targets").json()}


def won(firm, record: str, unit: str, amount: float, **told) -> None:
    firm.deal(record, unit, amount=amount)
    firm.post("won", record, amount=amount, **told)


@pytest.mark.system("G8")
def test_nothing_is_set_before_a_manager_above_everybody_confirms(desk):
    told = desk.ask("director", "GET", "/targets/proposal?period=running").json()
    assert {each["unit"]: each["target"] for each in told["units"]} == {
        "company": 2 * JANUARY, "team-1": 2 * JANUARY, "rep-1": JANUARY, "rep-2": JANUARY,
    }  # fmt: skip
    assert all(each["target"] is None for each in unit_values(desk).values())
    for role in ("rep", "manager", "trainer"):
        assert desk.ask(role, "POST", "/targets/sets", json={"period": "running"}).status_code == 403
    number = desk.ask("operations", "POST", "/targets/sets", json={"period": "running"}).json()["number"]
    for role in ("rep", "manager", "operations"):
        assert desk.ask(role, "POST", f"/targets/sets/{number}/confirm").status_code == 403
    assert all(each["target"] is None for each in unit_values(desk).values())
    assert desk.ask("director", "POST", f"/targets/sets/{number}/confirm").status_code == 200
    assert unit_values(desk)["company"]["target"] == 2 * JANUARY
    assert desk.ask("director", "POST", f"/targets/sets/{number}/confirm").status_code == 422


@pytest.mark.system("G8")
def test_a_tree_that_does_not_add_up_is_refused_with_unit_sum_and_difference(desk):
    amounts = {"company": 50_000, "team-1": 61_000, "rep-1": 30_000, "rep-2": 30_000}
    answer = desk.ask("director", "POST", "/targets/sets", json={"period": "running", "amounts": amounts})
    assert answer.status_code == 409
    for said in ("company has 50,000", "add up to 61,000", "-11,000", "team-1 has 61,000", "add up to 60,000", "+1,000"):
        assert said in answer.json()["en"]
    assert "相差 -11,000" in answer.json()["zh"]
    assert desk.ask("director", "GET", "/targets/sets").json() == []
    amounts |= {"company": 60_000, "team-1": 60_000}
    assert in_force(desk, amounts=amounts)["rep-1"]["target"] == 30_000


@pytest.mark.system("G8")
def test_a_total_given_for_one_unit_is_shared_out_and_said_to_be_changed_by_hand(desk):
    told = in_force(desk, totals={"company": 70_001})
    assert {unit: told[unit]["target"] for unit in told} == {
        "company": 70_001, "team-1": 70_001, "rep-1": 35_001, "rep-2": 35_000,
    }  # fmt: skip
    kept = desk.ask("director", "GET", "/targets/sets").json()[0]["units"]
    said = next(each for each in kept if each["unit"] == "rep-1")["reasons"][-1]
    assert (said["en"], said["zh"]) == ("Changed by hand; reckoned were 31,000.", "人工调整；测算值为 31,000。")
    both = {"period": "running", "totals": {"company": 70_000, "rep-2": 30_000}}
    answer = desk.ask("director", "POST", "/targets/sets", json=both)
    assert (answer.status_code, answer.json()["title"]) == (409, "does not add up")


@pytest.mark.system("G3")
@given(st.sampled_from(["daily", "weekly", "monthly", "quarterly"]), st.integers(1, 12), st.integers(0, 700),
       st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "UTC"]))  # fmt: skip
def test_the_coming_period_begins_where_the_running_one_ends_whatever_calendar(cadence, month, day, zone):
    calendar = Calendar(zone=zone, fiscal_year_start_month=month)
    now = at("2025-01-01 12:00") + day * 86_400_000
    running, coming = (period_of(calendar, cadence, now, which) for which in ("running", "coming"))
    assert running.start <= now < running.end == coming.start < coming.end
    begins, ends = calendar.local_date(running.start), calendar.local_date(running.end)
    assert {calendar.midnight(each) for each in (begins, ends)} == {running.start, running.end}
    if cadence == "quarterly":
        assert (begins.day, (begins.month - month) % 3, (ends.month - begins.month) % 12) == (1, 0, 3)
    lengths = {"daily": {1}, "weekly": {7}, "monthly": {28, 29, 30, 31}, "quarterly": {90, 91, 92}}
    assert (ends - begins).days in lengths[cadence]


@pytest.mark.system("G3")
def test_targets_confirmed_before_their_period_take_hold_when_it_begins_even_after_standing_still(desk, firm):
    told = in_force(desk, "coming")
    assert told["rep-1"]["target"] is None
    assert firm.service.next_due() <= at("2026-02-01 00:00") + 1
    firm.stand_still("2026-02-03 09:00")
    firm.service.tick()
    told = {each["unit"]: each for each in reading.targets(firm.store, SYSTEM)}
    assert told["company"]["target"] == 2 * FEBRUARY
    assert told["rep-1"]["period_start_at"] == at("2026-02-01 00:00")
    assert told["rep-1"]["period_end_at"] == at("2026-03-01 00:00")
    events = reading.history(firm.store, SYSTEM, "unit", "rep-1")["events"]
    assert [each["recorded_at"] for each in events if each["event"] == "target_set"] == [at("2026-02-01 00:00") + 1]


@pytest.mark.system("G8")
def test_what_is_won_counts_for_the_rep_and_every_unit_above_once(desk, firm):
    won(firm, "A", "rep-1", 700.0)
    in_force(desk)
    won(firm, "B", "rep-1", 1_000.0, key="b")
    firm.post("won", "B", amount=1_000.0, key="b")
    won(firm, "C", "rep-2", 30.5)
    assert {unit: each["attained"] for unit, each in unit_values(desk).items()} == {
        "company": 1_730.5, "team-1": 1_730.5, "rep-1": 1_700.0, "rep-2": 30.5,
    }  # fmt: skip
    firm.post("field_recorded", "C", amount=40.0)
    firm.post("voided", "B", voids="b")
    assert {unit: each["attained"] for unit, each in unit_values(desk).items()} == {
        "company": 740.0, "team-1": 740.0, "rep-1": 700.0, "rep-2": 40.0,
    }  # fmt: skip
    again = Service(firm.store, lambda: firm.now)
    again.post([firm.event("registered", "D", unit="rep-2", stage=1, amount=60.0), firm.event("won", "D", amount=60.0)])
    assert unit_values(desk)["company"]["attained"] == 800.0


def test_what_an_import_brings_counts_when_the_coach_next_works_and_a_deal_moves_with_its_owner(desk, firm):
    in_force(desk)
    firm.now += 60_000
    firm.store.append([firm.event("registered", "A", unit="rep-1", stage=1, amount=90.0), firm.event("won", "A")], firm.now)
    firm.service.tick()
    assert [unit_values(desk)[unit]["attained"] for unit in ("company", "rep-1", "rep-2")] == [90.0, 90.0, 0.0]
    firm.post("reassigned", "A", unit="rep-2", owner="rep-2")
    assert [unit_values(desk)[unit]["attained"] for unit in ("company", "rep-1", "rep-2")] == [90.0, 0.0, 90.0]
    events = reading.history(firm.store, SYSTEM, "unit", "rep-2")["events"]
    assert [each["payload"]["attained"] for each in events if each["event"] == "attained"] == [90.0]


@pytest.mark.system("G3")
def test_sales_of_the_last_day_told_with_the_first_of_the_next_period_count_for_their_own(desk, firm):
    in_force(desk)
    firm.until("2026-01-31 20:00")
    in_force(desk, "coming")
    firm.deal("A", "rep-1", amount=10.0)
    firm.deal("B", "rep-1", amount=7.0)
    firm.now = at("2026-02-02 09:00")
    late = firm.event("won", "A", amount=10.0, acted="2026-01-31 23:00", recorded="2026-01-31 23:00")
    firm.service.post([late, firm.event("won", "B", amount=7.0)])
    told = [each for each in reading.history(firm.store, SYSTEM, "unit", "rep-1")["events"] if "attained" in each["payload"]]
    assert [each["payload"]["attained"] for each in told] == [0.0, 10.0, 0.0, 7.0]


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(["rep-1", "rep-2"]), st.integers(1, 10**6), st.booleans()), max_size=8))
def test_the_company_always_attains_what_its_reps_do(tmp_path_factory, wins):
    firm = Firm(tmp_path_factory.mktemp("firm"), policy_of(BEHIND, targets=FIXED))
    desk = Desk(firm)
    desk.tokens["director"] = desk._token("director", "manager", "company")
    in_force(desk)
    stand = {"rep-1": 0.0, "rep-2": 0.0}
    for place, (unit, amount, withdrawn) in enumerate(wins):
        won(firm, f"D{place}", unit, amount / 100, key=f"won-{place}")
        if withdrawn:
            firm.post("voided", f"D{place}", voids=f"won-{place}")
        else:
            stand[unit] += amount / 100
    told = unit_values(desk)
    assert {unit: told[unit]["attained"] for unit in stand} == pytest.approx(stand)
    assert told["company"]["attained"] == told["team-1"]["attained"] == pytest.approx(sum(stand.values()), abs=0.02)
    firm.store.close()


@pytest.mark.system("G7")
def test_a_unit_behind_pace_for_two_weeks_turns_red_for_rep_team_and_company_with_targets_of_the_coach(tmp_path):
    firm = Firm(tmp_path, load_policy("behind-pace").model_copy(update={"targets": policy_of(targets=FIXED).targets}))
    desk = Desk(firm)
    desk.tokens["director"] = desk._token("director", "manager", "company")
    in_force(desk)
    won(firm, "A", "rep-2", 20_000.0)
    firm.until("2026-01-20 09:00")  # in the week of their registration units were partly absent
    assert firm.fired() == []
    firm.until("2026-01-27 09:00")
    red = [line for line in firm.fired() if "flagged red" in line]
    assert [line.split("/")[1].split()[0] for line in red] == ["company", "team-1", "rep-1"]
    assert all(line.startswith("01-26 00:00") for line in red)
    told = [(each["role"], each["unit"], each["record_id"]) for each in reading.notices(firm.store, SYSTEM)]
    assert ("manager", "team-1", "rep-1") in told
    firm.store.close()


def units_in(parents: dict[str, str | None], counted: set[str]) -> Units:
    """Units of which all run in one period, and only the counted reps have a target in it; every other of the rest has left."""
    above = set(parents.values())
    return Units(
        Unit(name, "team" if name in above else "rep", parent, 0, 1.0 if place % 2 and name not in counted else None,
             {"period_start_at": 1.0, "target": 5.0 if name in counted or name in above or place % 2 else None})
        for place, (name, parent) in enumerate(parents.items())
    )  # fmt: skip


@pytest.mark.system("G8")
@given(trees(), st.data())
def test_from_the_sums_that_somebody_is_told_no_peers_figure_can_be_told(parents, data):
    counted = set(data.draw(st.lists(st.sampled_from(list(parents)), unique=True)))
    units = units_in(parents, counted)
    unit = data.draw(st.sampled_from(list(parents)))
    above = units.above(unit)
    told = rolling._tellable(units, above)
    assert told[0] == unit
    known = [set(units.reps_under(each)) for each in told]
    steps = [larger - smaller for smaller, larger in zip(known, known[1:], strict=False)]
    assert all(not step or len(step & counted) >= 3 for step in steps)


@pytest.mark.system("G8")
@pytest.mark.parametrize("period", ["running", "coming"])
def test_who_left_has_no_target_once_another_set_is_in_force_and_the_tree_adds_up(desk, period):
    in_force(desk)
    desk.firm.post("absence_began", "rep-2", kind="unit", left_at=float(desk.firm.now))
    desk.firm.now += 1
    in_force(desk, period)
    desk.firm.until("2026-01-31 09:00" if period == "running" else "2026-02-02 09:00")
    told = {unit: each["target"] for unit, each in unit_values(desk).items()}
    own = JANUARY if period == "running" else FEBRUARY
    assert told == {"company": own, "team-1": own, "rep-1": own, "rep-2": 0}


def test_a_target_that_was_withdrawn_is_of_no_past_period(firm):
    span = {"period_start_at": float(at("2025-12-01 00:00")), "period_end_at": float(at("2026-01-01 00:00"))}
    for key, target in (("right", 500.0), ("mistaken", 900.0)):
        assert not firm.post("target_set", "rep-1", kind="unit", key=key, target=target, **span).refused
    assert not firm.post("voided", "rep-1", kind="unit", voids="mistaken").refused
    with firm.store.read() as connection:
        figures = Figures(connection, units_of(connection), Calendar(), firm.now + 60_000)
        assert [course.target for course in figures.courses("rep-1")] == [500.0]


@pytest.mark.system("G8")
def test_newcomers_without_a_target_and_those_who_left_hide_no_peer(desk):
    firm = desk.firm
    in_force(desk)
    for number in (3, 4):
        firm.post("registered", f"rep-{number}", kind="unit", level="rep", parent="team-1")
    assert [each["target"] for each in desk.ask("peer", "GET", "/targets/line").json()] == [JANUARY, None, None]
    in_force(desk)
    assert [each["target"] for each in desk.ask("peer", "GET", "/targets/line").json()] == [JANUARY, 4 * JANUARY, 4 * JANUARY]
    assert desk.ask("peer", "GET", "/targets/commitment").json()["benchmark"]["reps"] == 4
    for number in (3, 4):
        firm.post("absence_began", f"rep-{number}", kind="unit", left_at=float(firm.now))
    firm.now += 1
    in_force(desk)
    assert [each["target"] for each in desk.ask("peer", "GET", "/targets/line").json()] == [JANUARY, None, None]
    assert desk.ask("peer", "GET", "/targets/commitment").json()["benchmark"] is None


@pytest.mark.system("G8")
@pytest.mark.parametrize("visibility", ["private", "none", "private_rank", "anonymous", "public"])
def test_a_rep_sees_how_the_own_work_rolls_up_and_no_peers_target(tmp_path, visibility):
    firm = Firm(tmp_path, policy_of(targets=FIXED | {"visibility": visibility}))
    desk = Desk(firm)
    desk.tokens["director"] = desk._token("director", "manager", "company")
    in_force(desk, totals={"rep-1": 918_273, "rep-2": 100_000})
    line = desk.ask("peer", "GET", "/targets/line").json()
    assert [each["unit"] for each in line] == ["rep-2", "team-1", "company"]
    assert line[0]["target"] == 100_000
    assert (line[0]["attained"] is None) == (visibility == "none")
    team = line[1]["target"]
    assert team == (1_018_273 if visibility == "public" else None)
    firm.store.close()
