"""Money has a currency: sums are in the firm's alone, at dated rates; a missing one counts the deal and prices nothing."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.store import Store
from tests.coach.trade import NUMBERS, TRIED, brought, deals, events, keep, told


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "store.db")
    yield opened
    opened.close()


def test_three_currencies_in_a_column_are_never_added_up_as_one_money(tmp_path, store):
    report = brought(store, tmp_path / "a", TRIED)
    assert deals(store) == {"1": pytest.approx(780), "2": None, "3": pytest.approx(60)}
    assert {name: told(store, name) for name in "123"} == {"1": "100 EUR", "2": "100 VND", "3": "1000 JPY"}
    assert report.currency == "CNY"
    assert [tuple(each) for each in report.unpriced] == [("VND", 1, "2021-03-01", "2021-03-01")]
    (remark,) = report.remarks
    assert (remark.row, remark.column, remark.found) == (3, "amount", "100 VND, 2021-03-01")
    assert "rehearse store rates" in remark.en
    assert "汇率" in remark.zh


def test_a_rate_that_comes_later_prices_what_waited_and_changes_nothing_that_had_one(tmp_path, store):
    brought(store, tmp_path / "a", TRIED)
    report = brought(store, tmp_path / "b", TRIED, ["2021-01-01,EUR,1", "2021-01-01,VND,0.0003"])
    assert (report.accepted, report.priced, report.unpriced) == (0, 1, [])
    assert deals(store) == {"1": pytest.approx(780), "2": pytest.approx(0.03), "3": pytest.approx(60)}
    before = events(store)
    assert brought(store, tmp_path / "b", TRIED, ["2021-01-01,EUR,1", "2021-01-01,VND,0.0003"]).priced == 0
    assert events(store) == before


CODES = ("CNY", "EUR", "JPY", "VND")
DAYS = st.dates(date(2021, 1, 1), date(2021, 1, 12))
DEALS = st.lists(
    st.tuples(DAYS, st.floats(-1e6, 1e6).map(lambda x: round(x, 2)), st.sampled_from(CODES)), min_size=1, max_size=8
)
RATES = st.dictionaries(
    st.tuples(DAYS, st.sampled_from(CODES[1:])), st.floats(1e-4, 1e3).map(lambda x: round(x, 6)), max_size=8
)


def in_force(rates: dict, day: date, currency: str) -> float | None:
    known = {dated: rate for (dated, of), rate in rates.items() if of == currency and dated <= day}
    return 1.0 if currency == "CNY" else known[max(known)] if known else None


def priced(found: list[tuple], rates: dict) -> dict[str, float | None]:
    told = {str(place): (amount, in_force(rates, day, currency)) for place, (day, amount, currency) in enumerate(found)}
    return {name: None if rate is None else amount * rate for name, (amount, rate) in told.items()}


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEALS, RATES, RATES, st.booleans())
def test_the_total_is_the_sum_over_priced_deals_at_the_rate_in_force_and_every_deal_counts(
    tmp_path, found, rates, more, snapshot
):
    folder = tmp_path / str(next(NUMBERS))
    store = Store.open(folder / "store.db")
    rows = [(place, "Ann", day, repr(amount), currency, "", "") for place, (day, amount, currency) in enumerate(found)]
    lines = [[f"{day},{currency},{rate!r}" for (day, currency), rate in some.items()] for some in (rates, {**rates, **more})]
    expected = priced(found, rates)
    report = brought(store, folder / "a", rows, lines[0], snapshot=snapshot, exported="2021-02-01")
    assert deals(store) == {name: None if value is None else pytest.approx(value) for name, value in expected.items()}
    assert sum(each.amounts for each in report.unpriced) == sum(value is None for value in expected.values())
    later = priced(found, {**rates, **more})
    again = brought(store, folder / "b", rows, lines[1], snapshot=snapshot, exported="2021-02-02")
    expected |= {name: later[name] for name, value in expected.items() if value is None}
    assert deals(store) == {name: None if value is None else pytest.approx(value) for name, value in expected.items()}
    assert (again.accepted, sum(each.amounts for each in again.unpriced)) == (
        0,
        sum(each is None for each in expected.values()),
    )
    before = events(store)
    brought(store, folder / "b", rows, lines[1], snapshot=snapshot, exported="2021-02-03")
    assert events(store) == before
    store.close()


def test_a_day_is_one_of_the_firms_time_zone(tmp_path, store):
    late = ("1", "Ann", "2021-03-01T23:30:00Z", "10", "EUR", "", "")  # 2 March in Berlin
    brought(store, tmp_path / "a", [late])
    assert deals(store) == {"1": 90.0}


def test_a_later_export_is_compared_as_it_was_told_so_that_a_rate_alone_is_no_change(tmp_path, store):
    brought(store, tmp_path / "a", TRIED, snapshot=True, exported="2021-04-01")
    before = events(store)
    brought(store, tmp_path / "b", TRIED, ["2021-01-01,EUR,2", "2021-03-31,EUR,3"], snapshot=True, exported="2021-05-01")
    assert events(store) == before
    dearer = (("1", "Ann", "2021-03-01", "120", "EUR", "Won", "2021-03-20"), *TRIED[1:])
    brought(store, tmp_path / "c", dearer, [], snapshot=True, exported="2021-06-01")
    assert deals(store)["1"] == pytest.approx(120 * 3)  # it changed when the later rate was in force
    assert told(store, "1") == "120 EUR"
    own = (("1", "Ann", "2021-03-01", "360", "CNY", "Won", "2021-03-20"), *TRIED[1:])
    brought(store, tmp_path / "d", own, [], snapshot=True, exported="2021-07-01")
    assert (deals(store)["1"], told(store, "1")) == (360, None)


def test_a_price_given_meanwhile_does_not_hide_a_new_amount_of_an_export(tmp_path, store):
    brought(store, tmp_path / "a", TRIED, snapshot=True, exported="2021-04-01")
    assert keep(store, ("2021-01-01", "VND", 0.5)).priced == 1
    dearer = (*TRIED[:1], ("2", "Ann", "2021-03-01", "300", "VND", "Won", "2021-03-21"), *TRIED[2:])
    brought(store, tmp_path / "b", dearer, [], snapshot=True, exported="2021-04-02")
    assert deals(store)["2"] == pytest.approx(150)
