"""S1, S3, S4, S5 and S11 through the interface: to the owner and those above, with what to do."""

import pytest

from tests.coach.scored import ScoredFirm, rows, words
from tests.coach.signed_in import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    firm = ScoredFirm(tmp_path_factory.mktemp("told"))
    for number in range(40):
        owner = ("rep-2", "rep-8", "rep-9", "rep-1")[number % 4]
        firm.tell(200, "registered", f"D{number}", unit=owner, owner=owner, stage=1.0)
        if owner != "rep-1":
            firm.tell(190, "advanced", f"D{number}", stage=2.0)
        firm.tell(180, "lost", f"D{number}")
    firm.tell(60, "registered", "mine", unit="rep-1", owner="rep-1", stage=1.0, customer="North")
    firm.tell(58, "first_contact", "mine")
    firm.tell(300, "registered", "sick", kind="customer", unit="rep-1", industry=2.0, region=1.0, custom__name="East")
    firm.tell(200, "satisfaction", "sick", kind="customer", satisfaction=1.0)
    firm.tell(190, "paid", "sick", kind="customer", payments=5.0, late_payments=5.0)
    for name, unit, industry in (("L1", "rep-1", 2.0), ("L2", "rep-2", 2.0), ("L3", "rep-1", 3.0)):
        firm.tell(5, "registered", name, kind="lead", unit=unit, industry=industry, region=1.0, score=80.0, custom__name=name)
    minutes = {"custom__minutes_worked": 100.0, "custom__minutes_forms": 60.0}
    firm.tell(3, "field_recorded", "rep-1", kind="unit", **minutes)
    firm.write()
    return Desk(firm)


@pytest.mark.system("S1")
def test_the_health_of_a_deal_with_its_alarm(desk):
    (mine,) = rows(desk, "rep", "S1")
    assert (mine["title"]["en"], mine["colour"]) == ("North", "red")
    assert "below 60 two weeks running" in words(mine)
    assert rows(desk, "peer", "S1") == []


@pytest.mark.system("S3")
def test_the_journey_names_the_step_that_is_lacking(desk):
    (mine,) = rows(desk, "rep", "S3")
    assert (mine["value"], mine["missing"]) == (0, ["needs_summary"])
    assert rows(desk, "peer", "S3") == []


@pytest.mark.system("S4")
def test_two_red_months_propose_substitutes_that_the_viewer_may_see(desk):
    (mine,) = rows(desk, "rep", "S4")
    assert (mine["colour"], [each["id"] for each in mine["like"]]) == ("red", ["L1"])
    assert "red for two months: plan a substitute" in words(mine)
    assert mine["like_of"]["zh"] == "可规划的替代客户"
    assert "routing score 80" in mine["like"][0]["en"]
    (above,) = rows(desk, "manager", "S4")
    assert {each["id"] for each in above["like"]} == {"L1", "L2"}


@pytest.mark.system("S5")
def test_time_lost_is_told_to_the_rep_and_those_above(desk):
    (mine,) = rows(desk, "rep", "S5")
    assert (mine["value"], mine["colour"]) == (0.6, "red")
    assert rows(desk, "peer", "S5") == []


@pytest.mark.system("S11")
def test_the_funnel_names_where_a_rep_falls_behind_the_firm(desk):
    told = {each["id"]: each for each in rows(desk, "rep", "S11")}
    assert told["stage-1"]["value"] == pytest.approx(30 / 40)
    assert told["rep-1"]["value"] == 0
    assert "stage 1 is the bottleneck: 0% go on against 75%" in words(told["rep-1"])
    assert "rep-2" not in told
