"""S12, customer tiers and early warning of churn, with how often the warning proved right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.scores.churn import FEWEST, WARNED_FROM, PastLook, churn_warning, hit_rate, signs_of, tiers
from policies.scores.score import DAY, Words
from tests.coach.firm import at
from tests.coach.scored import NOW, ScoredFirm, rows, words
from tests.coach.signed_in import Desk

TODAY = at(NOW)
CALM = {"last_action_at": TODAY - 3.0 * DAY, "satisfaction": 9.0, "payments": 5.0, "late_payments": 0.0}
ORDERS = [TODAY - days * DAY for days in (90.0, 60.0, 30.0)]
looks = st.lists(st.builds(PastLook, st.integers(0, 6), st.booleans()), max_size=80)


def test_a_calm_customer_has_no_sign():
    assert signs_of(CALM, CALM, ORDERS, TODAY) == []


@pytest.mark.parametrize(
    ("changed", "sign"),
    [
        ({"last_action_at": TODAY - 60.0 * DAY}, "no contact for 60 days"),
        ({"satisfaction": 6.0}, "last satisfaction 6 of 10"),
        ({"payments": 6.0, "late_payments": 2.0}, "2 of 6 payments late"),
        ({"complaints": 2.0}, "2 new complaint in 90 days"),
        ({"risk_events": 1.0}, "1 new risk event in 90 days"),
    ],
)
def test_each_sign_is_told_in_both_languages(changed, sign):
    (only,) = signs_of(CALM | changed, CALM, ORDERS, TODAY)
    assert only.en == sign
    assert only.zh


def test_a_customer_whom_nobody_ever_contacted_is_silent_from_the_registration_on():
    unmet = {"since_at": TODAY - 200.0 * DAY}
    (only,) = signs_of(unmet, unmet, [], TODAY)
    assert (only.en, only.zh) == ("no contact recorded in 200 days as a customer", "成为客户 200 天以来没有联系记录")
    assert signs_of({"since_at": TODAY - 59.0 * DAY}, {}, [], TODAY) == []


@given(at_once=st.lists(st.floats(0, DAY - 1), min_size=3, max_size=9))
def test_orders_of_one_day_have_no_rhythm(at_once):
    assert signs_of(CALM, CALM, sorted(TODAY - 40 * DAY + each for each in at_once), TODAY) == []


def test_silence_is_measured_against_the_customers_own_rhythm():
    later = TODAY + 31 * DAY
    (only,) = signs_of(CALM | {"last_action_at": later}, CALM, ORDERS, later)
    assert only.en == "no order for 61 days, usually every 30"


@given(past=looks, count=st.integers(0, 5))
def test_the_share_is_that_of_customers_with_as_many_signs(past, count):
    score = churn_warning([Words("sign", "信号")] * count, None, past)
    like = [look.left for look in past if min(look.signs, 3) == min(count, 3)]
    assert (score.colour == "red") == (count >= WARNED_FROM)
    if len(like) < FEWEST:
        assert score.value is None
    else:
        assert (score.value, score.cases) == (sum(like) / len(like), len(like))


@given(past=looks)
def test_the_hit_rate_is_that_of_the_warnings(past):
    told, warned = hit_rate(past).en, [look for look in past if look.signs >= WARNED_FROM]
    if len(warned) < FEWEST:
        assert "cannot be judged yet" in told
    else:
        assert told.startswith(f"Of {len(warned)} warnings in the past {sum(look.left for look in warned)} came true")


@given(revenue=st.dictionaries(st.text(min_size=1, max_size=3), st.floats(-10, 1e6), max_size=30))
def test_tiers_follow_revenue_and_a_brings_most_of_it(revenue):
    found = tiers(revenue)
    order = sorted(revenue, key=lambda name: -revenue[name])
    assert set(found) == set(revenue)
    assert all(found[first] <= found[second] for first, second in zip(order, order[1:], strict=False))
    whole = sum(amount for amount in revenue.values() if amount > 0)
    if whole > 0:
        assert sum(revenue[name] for name in found if found[name] == "A") >= 0.7 * whole - 1e-6


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Thirty customers of rep-2, dissatisfied and late 200 days ago: twelve left soon after. One of rep-1 is like them now."""
    firm = ScoredFirm(tmp_path_factory.mktemp("churn"))
    for number in range(30):
        name = f"C{number}"
        firm.tell(300, "registered", name, kind="customer", unit="rep-2")
        firm.tell(200, "satisfaction", name, kind="customer", satisfaction=3.0)
        firm.tell(190, "paid", name, kind="customer", payments=4.0, late_payments=3.0)
        if number < 12:
            firm.tell(120, "churned", name, kind="customer")
    firm.tell(60, "registered", "mine", kind="customer", unit="rep-1", custom__name="East", revenue=500.0)
    firm.tell(50, "satisfaction", "mine", kind="customer", satisfaction=3.0)
    firm.tell(40, "paid", "mine", kind="customer", payments=4.0, late_payments=3.0)
    firm.write()
    return Desk(firm)


@pytest.mark.system("S12")
def test_an_owner_is_warned_with_the_measured_hit_rate_and_a_peer_is_not(desk):
    (mine,) = rows(desk, "rep", "S12")
    assert (mine["title"]["en"], mine["colour"]) == ("East", "red")
    assert mine["value"] == pytest.approx(12 / 48)  # 30 looks 180 days ago, and 18 at those who stayed 90 days ago
    assert "tier A by revenue" in words(mine)
    assert "Of 48 warnings in the past 12 came true within 90 days (25%" in words(mine)
    assert all(each["id"] != "mine" for each in rows(desk, "peer", "S12"))
