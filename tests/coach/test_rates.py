"""A file of dated rates: its columns and rows, what is wrong with one, and which rate is in force on a day."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from coach.events import PostedEvent
from coach.mapping.files import MappingError
from coach.mapping.rates import read_rates
from coach.problems import CoachError
from coach.store import Store, tables
from coach.store.rates import Rate, add_rates, set_firm_currency
from coach.store.reading import record
from tests.coach.firm import at
from tests.coach.trade import EVERYBODY, NUMBERS, TRIED, brought, rates_file


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "store.db")
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("lines", "row", "field", "remedy"),
    [
        (["2021-01-01,EURO,7.8"], 2, "currency 'EURO'", "three capitals"),
        (["2021-01-01,eur,7.8"], 2, "currency 'eur'", "three capitals"),
        (["2021-01-01,,7.8"], 2, "currency ''", "three capitals"),
        (["2021-01-01,EUR,7.8", "", "2021-01-01,EUR,7.8"], 4, "date '2021-01-01'", "in row 2; keep one"),
        (["2021-01-01,EUR,-1"], 2, "rate '-1'", "above zero"),
        (["2021-01-01,EUR,0"], 2, "rate '0'", "above zero"),
        (["2021-01-01,EUR,"], 2, "rate ''", "above zero"),
        (["2021-01-01,EUR,nan"], 2, "rate 'nan'", "above zero"),
        (['2021-01-01,EUR,"7,8"'], 2, "rate '7,8'", "with a point"),
        (["2021-02-30,EUR,7.8"], 2, "date '2021-02-30'", "2021-03-01"),
        (["01.02.2021,EUR,7.8"], 2, "date '01.02.2021'", "2021-03-01"),
        (["2021-01-01,EUR"], 2, "rate '2021-01-01,EUR'", "2 cells instead of 3"),
        (["2021-01-01,JPY,0.06", "2021-01-01,CNY,1"], 3, "currency 'CNY'", "take the row out"),
    ],
)
def test_a_faulty_file_of_rates_is_told_with_file_row_field_and_remedy_and_nothing_is_stored(
    tmp_path, store, lines, row, field, remedy
):
    with pytest.raises(CoachError) as caught:
        brought(store, tmp_path / "a", TRIED, lines)
    for part in ("rates.csv", f"row {row}", field, remedy):
        assert part in caught.value.en
    assert f"rates.csv 第 {row} 行" in caught.value.zh
    with store.read() as connection:
        assert connection.scalar(select(tables.record.c.row).limit(1)) is None
        assert connection.scalars(select(tables.setting.c.name)).all() == ["schema_version"]


@pytest.mark.parametrize("header", ["date,currency,value", "date,currency", "date,currency,rate,per", "", "date;rate"])
def test_a_file_of_rates_has_these_columns_and_no_other(tmp_path, header):
    with pytest.raises(MappingError) as caught:
        read_rates(rates_file(tmp_path, header=header))
    assert "rates.csv, row 1" in caught.value.en
    assert "date、currency、rate" in caught.value.zh


def test_columns_of_rates_may_stand_in_any_order_and_be_parted_by_semicolons(tmp_path):
    (found,) = read_rates(rates_file(tmp_path, "7.85; EUR ;2021-01-01", header="Rate;Currency;Date"))
    assert tuple(found[:3]) == ("2021-01-01", "EUR", 7.85)


@given(
    st.lists(st.tuples(st.integers(0, 30), st.floats(0.01, 100)), max_size=6, unique_by=lambda each: each[0]),
    st.integers(0, 40),
)
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_rate_in_force_is_the_latest_on_or_before_the_day(tmp_path, lines, day):
    store = Store.open(tmp_path / f"{next(NUMBERS)}.db")
    start = date(2026, 1, 1)
    with store.write() as connection:
        set_firm_currency(connection, "CNY")
        add_rates(connection, [Rate(str(start + timedelta(each)), "EUR", rate, "r.csv", 2) for each, rate in lines])
    acted = at(f"{start + timedelta(day)} 00:00")
    event = PostedEvent(source="t", key="1", event="registered", kind="customer", record="K", acted_at=acted,
                        payload={"revenue": "1 EUR"})  # fmt: skip
    store.append([event], acted)
    before = [rate for each, rate in sorted(lines) if each <= day]
    assert record(store, EVERYBODY, "customer", "K")["values"].get("revenue") == (before[-1] if before else None)
    store.close()
