"""S8, target resilience: the share of targets that were adjusted when conditions changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.scores.score import DAY
from policies.scores.target_resilience import FEWEST, target_resilience
from tests.coach.scored import ScoredFirm, rows, words
from tests.coach.signed_in import Desk


@given(changed=st.integers(0, 60), share=st.floats(0, 1))
def test_limits_are_those_of_the_list(changed, share):
    adjusted = round(changed * share)
    score = target_resilience(adjusted, changed)
    if changed < FEWEST:
        assert (score.value, score.missing) == (None, ("need_change",))
        return
    assert score.value == adjusted / changed
    assert score.colour == ("green" if score.value > 0.82 else "red" if score.value < 0.5 else "amber")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """rep-1 filed a changed need in six of eight months and was adjusted in two; rep-9 was adjusted without a reason."""
    firm = ScoredFirm(tmp_path_factory.mktemp("resilience"))
    for unit in ("rep-1", "rep-9"):
        firm.tell(250, "target_set", unit, kind="unit", target=918_273.0)
        for month in range(8):
            begun = 240 - 30 * month
            firm.tell(begun, "target_set", unit, kind="unit", target=918_273.0)
            if unit == "rep-1" and month < 6:
                firm.tell(begun - 5, "field_recorded", unit, kind="unit", need_change=True)
            if month < 2:
                firm.tell(begun - 6, "adjusted", unit, kind="unit", target=800_001.0, adjustments=1.0)
    firm.tell(2, "field_recorded", "rep-9", kind="unit", need_change=True)  # filed in the running period, not decided yet
    firm.write()
    return Desk(firm)


@pytest.mark.system("S8")
def test_what_was_adjusted_without_a_filed_change_or_is_not_decided_does_not_count(desk):
    firm = next(each for each in rows(desk, "rep", "S8") if each["id"] == "firm")
    assert (firm["value"], firm["cases"], firm["colour"]) == (pytest.approx(2 / 6), 6, "red")
    assert "2 of 6 targets were adjusted" in words(firm)


@pytest.mark.system("S8")
def test_a_target_that_is_told_anew_within_its_period_is_the_same_target(tmp_path):
    firm = ScoredFirm(tmp_path)
    for month in range(12):
        begun = 360 - 30 * month
        period = {"period_start_at": firm.now - begun * DAY + 0.0, "period_end_at": firm.now - (begun - 30) * DAY + 0.0}
        for day in range(5):
            told = {"target": 100_000.0 if day < 4 else 80_000.0, "attained": 1_000.0 * day}
            firm.tell(begun - 5 * day - 1, "target_set", "rep-1", kind="unit", **told, **period)
        firm.tell(begun - 7, "field_recorded", "rep-1", kind="unit", need_change=True)
        firm.tell(begun - 18, "adjusted", "rep-1", kind="unit", target=80_000.0, adjustments=1.0)
    firm.write()
    whole = next(each for each in rows(Desk(firm), "rep", "S8") if each["id"] == "firm")
    assert (whole["value"], whole["cases"]) == (1.0, 12)


@pytest.mark.system("S8")
def test_units_are_told_to_those_above_and_no_target_is_told_at_all(desk):
    assert {each["id"] for each in rows(desk, "peer", "S8")} == {"firm"}
    assert {each["id"] for each in rows(desk, "manager", "S8")} == {"firm", "team-1"}
    everything = desk.ask("admin", "GET", "/scores/S8").text + desk.ask("peer", "GET", "/scores/S8").text
    assert "918273" not in everything
    assert "800001" not in everything
