"""Money has a currency: sums are in the firm's alone, at dated rates; a missing one counts the deal and prices nothing."""

import csv
import itertools
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from coach import money
from coach.events import PostedEvent, read_events
from coach.mapping.currencies import with_currencies
from coach.mapping.files import MappingError
from coach.mapping.importing import ImportReport, import_folder
from coach.mapping.loader import load_mapping
from coach.mapping.rates import read_rates
from coach.problems import CoachError
from coach.store import Store, tables
from coach.store.later_prices import priced_after
from coach.store.rates import Rate, add_rates, set_firm_currency
from coach.store.reading import record
from coach.store.viewer import Viewer
from policies.documents.errors import PolicyError
from tests.coach.firm import FREEZE, Firm, at, policy_of

NOW = 1_790_000_000_000
EVERYBODY = Viewer("ops", "operations", None)
NUMBERS = itertools.count()
MAPPING = """\
name: trade
title: {en: Trade, zh: 贸易}
source: trade
time_zone: Europe/Berlin
HEAD
units: rep
tables:
  - name: deals
    id: ID
    kind: opportunity
    snapshot: SNAPSHOT
    events:
      - event: registered
        unit: Owner
        at: Created
        payload: {owner: Owner, amount: AMOUNT}
      - event: won
        when: {Stage: Won}
        at: {column: Closed, missing: export}
"""
HEADER = ("ID", "Owner", "Created", "Amount", "Currency", "Stage", "Closed")
TRIED = (
    ("1", "Ann", "2021-03-01", "100", "EUR", "Won", "2021-03-20"),
    ("2", "Ann", "2021-03-01", "100", "VND", "Won", "2021-03-21"),
    ("3", "Bob", "2021-03-01", "1000", "JPY", "Open", ""),
)
KNOWN = ("2021-01-01,EUR,7.8", "2021-03-02,EUR,9", "2021-02-28,JPY,0.06")


def mapping_of(folder: Path, head: str = "currency: CNY\nrates: rates.csv", *, amount: str = "", snapshot: bool = False):
    amount = amount or "{column: Amount, currency: Currency}"
    text = MAPPING.replace("HEAD", head).replace("AMOUNT", amount).replace("SNAPSHOT", str(snapshot).lower())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trade.yaml").write_text(text, encoding="utf-8")
    return load_mapping(folder / "trade.yaml")


def files(folder: Path, rows, rates=None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "deals.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    if rates is not None:
        rates_file(folder, *rates)
    return folder


def rates_file(folder: Path, *lines: str, header: str = "date,currency,rate") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rates.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    return folder / "rates.csv"


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "store.db")
    yield opened
    opened.close()


def brought(store: Store, folder: Path, rows, rates=KNOWN, *, exported: str | None = None, **about) -> ImportReport:
    chosen = mapping_of(folder, **about)
    return import_folder(files(folder, rows, rates), chosen, store, now=NOW, exported_at=exported)


def deals(store: Store) -> dict[str, float | None]:
    """The amount of every opportunity, as sums see it."""
    with store.read() as connection:
        columns = tables.record.c
        found = connection.execute(select(columns.id, columns.amount).where(columns.kind == "opportunity"))
        return {identifier: amount for identifier, amount in found}


def told(store: Store, identifier: str) -> str | None:
    return record(store, EVERYBODY, "opportunity", identifier)["values"].get("original.amount")


def events(store: Store) -> list[tuple]:
    with store.read() as connection:
        columns = (tables.event.c.key, tables.event.c.event, tables.event.c.payload)
        return [tuple(each) for each in connection.execute(select(*columns).order_by(tables.event.c.sequence))]


def keep(store: Store, *rates: tuple[str, str, float], now: int = NOW):
    listed = [Rate(day, currency, rate, "rates.csv", row) for row, (day, currency, rate) in enumerate(rates, start=2)]
    return priced_after(store, lambda connection: add_rates(connection, listed), now)


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


@pytest.mark.parametrize(
    ("usual", "cells", "found"),
    [
        ("EUR", ["1 EUR", "USD 2", "3"], ["1 EUR", "2 USD", "3 EUR"]),
        (None, ["€ 1", "2", "£3", "4元"], ["1 EUR", 2.0, "3 GBP", None]),  # 元 is also said in Taipei and Hong Kong
        ("CNY", ["¥1", "2元", "RMB 3"], ["1 CNY", "2 CNY", "3 CNY"]),
        ("JPY", ["￥1", "2元"], ["1 JPY", None]),
        (None, ["$1", "2", "$3"], [1.0, 2.0, 3.0]),
        (None, ["$1", "€2"], [None, "2 EUR"]),
        ("EUR", ["$1", "USD $2", "EUR USD 3"], [None, "2 USD", None]),
        ("SGD", ["$1"], ["1 SGD"]),
        ("EUR", ["x", ""], [None, None]),
    ],
)
def test_the_currency_of_a_cell_is_told_by_itself_or_by_the_mapping_and_never_guessed(usual, cells, found):
    from coach.mapping import parsing

    texts = pd.Series(cells, dtype=object)
    assert with_currencies(texts, parsing.numbers(texts, "."), None, usual).values == found


@pytest.mark.parametrize(
    ("named", "found", "faults"),
    [("EUR", "1 EUR", ()), ("eur", "1 EUR", ()), ("", "1 CNY", ()), ("RMB", "1 CNY", ()), ("¥", "1 CNY", ()),
     ("Euro", None, ("unknown",)), ("$", None, ("unknown",))],
)  # fmt: skip
def test_a_column_of_currencies_says_it_before_the_mapping(named, found, faults):
    told = with_currencies(pd.Series(["1"], dtype=object), pd.Series([1.0]), pd.Series([named], dtype=object), "CNY")
    assert told.values == [found]
    assert tuple(name for name in ("unknown", "unclear") if getattr(told, name).any()) == faults


def test_a_row_that_names_two_currencies_is_counted_without_its_amount_and_told(tmp_path, store):
    report = brought(store, tmp_path / "a", [("1", "Ann", "2021-03-01", "USD 5", "EUR", "", "")])
    assert deals(store) == {"1": None}
    assert ["two" in each.en for each in report.remarks] == [True]


def test_the_only_currency_of_the_first_files_is_the_firms(tmp_path, store):
    rows = [("1", "Ann", "2021-03-01", "€ 1.5", "", "", ""), ("2", "Ann", "2021-03-01", "2", "", "", "")]
    report = brought(store, tmp_path / "a", rows, None, head="note: {en: n, zh: n}", amount="Amount")
    assert (report.currency, deals(store)) == ("EUR", {"1": 1.5, "2": 2.0})


def test_amounts_of_several_currencies_wait_until_somebody_says_which_is_the_firms(tmp_path, store):
    report = brought(store, tmp_path / "a", TRIED, None, head="note: {en: n, zh: n}")
    assert (report.currency, deals(store)) == (None, {"1": None, "2": None, "3": None})
    assert {"nobody said which the firm's is" in each.en for each in report.remarks} == {True}
    assert priced_after(store, lambda connection: set_firm_currency(connection, "EUR")).priced == 1
    assert deals(store) == {"1": 100.0, "2": None, "3": None}
    assert keep(store, ("2021-01-01", "JPY", 0.0077)).priced == 1
    assert deals(store) == {"1": 100.0, "2": None, "3": pytest.approx(7.7)}


def test_the_firms_currency_is_said_once(store):
    with store.write() as connection:
        set_firm_currency(connection, "CNY")
        add_rates(connection, [Rate("2021-01-01", "EUR", 7.8, "rates.csv", 2)])
        set_firm_currency(connection, "EUR")  # nothing was recorded yet
    store.append([PostedEvent(source="t", key="1", event="registered", kind="unit", record="u", acted_at=NOW)], NOW)
    with store.write() as connection, pytest.raises(CoachError, match="currency: CNY"):
        set_firm_currency(connection, "CNY")
    assert store.currency == "EUR"


def test_a_sign_that_cannot_be_the_firms_currency_stops_the_import(tmp_path, store):
    with store.write() as connection:
        set_firm_currency(connection, "CNY")
    rows = [("1", "Ann", "2021-03-01", "$5", "", "", "")]
    with pytest.raises(MappingError) as caught:
        brought(store, tmp_path / "a", rows, None, head="note: {en: n, zh: n}", amount="Amount")
    assert "currency: USD" in caught.value.en
    assert deals(store) == {}


@pytest.mark.parametrize(
    ("head", "amount", "told"),
    [
        ("currency: euro", "Amount", "'euro'"),
        ("currency: CNY", "{column: Amount, currency: {constant: euro}}", "'euro'"),
        ("currency: CNY", "Amount, custom.x: {column: Amount, currency: Currency}", "'currency'"),
    ],
)
def test_a_mapping_says_currencies_by_code_and_of_amounts_only(tmp_path, head, amount, told):
    with pytest.raises(PolicyError) as caught:
        mapping_of(tmp_path, head, amount=amount)
    assert told in caught.value.text("en")


def test_a_currency_may_be_the_same_in_every_row_or_stand_beside_the_amount_in_the_payload(tmp_path):
    rows = [("1", "Ann", "2021-03-01", "2", "EUR", "", "")]
    for place, amount in enumerate(("{column: Amount, currency: {constant: EUR}}", "Amount, currency: Currency")):
        store = Store.open(tmp_path / f"{place}.db")
        brought(store, tmp_path / "a", rows, amount=amount)
        assert deals(store) == {"1": pytest.approx(15.6)}
        store.close()


@given(st.floats(allow_nan=False, allow_infinity=False, width=64), st.sampled_from(CODES))
def test_an_amount_as_a_text_is_the_same_amount(number, code):
    assert money.amount_of(money.text_of(number, code)) == (number, code)


@pytest.mark.parametrize(
    ("payload", "wrong"),
    [
        ({"amount": 5, "currency": "Euro"}, "three capitals"),
        ({"amount": 5, "currency": 7}, "three capitals"),
        ({"currency": "EUR"}, "goes with an amount"),
        ({"amount": "five EUR"}, "'100 EUR'"),
        ({"amount": "1e999 EUR"}, "'100 EUR'"),
        ({"amount": "1e30 EUR"}, "finite number"),
        ({"original.amount": "5 EUR"}, "no field"),
    ],
)
def test_a_posted_amount_that_makes_no_sense_is_refused_in_both_languages(payload, wrong):
    event = {"source": "t", "key": "1", "event": "registered", "kind": "opportunity", "record": "A", "acted_at": NOW}
    _, ((_, fault),) = read_events([event | {"payload": payload}])
    assert wrong in fault.en
    assert not fault.zh.isascii()


@pytest.mark.parametrize("policy", [None, policy_of(FREEZE)])
def test_posted_amounts_are_priced_told_where_not_and_withdrawn_with_their_price(tmp_path, policy):
    firm = Firm(tmp_path, policy)
    with firm.store.write() as connection:
        set_firm_currency(connection, "CNY")
        add_rates(connection, [Rate("2026-01-01", "EUR", 8.0, "rates.csv", 2)])
    firm.deal("A", "rep-1")
    posted = [
        firm.event("forecast", "A", amount=50), firm.event("forecast", "A", amount=100, currency="EUR"),
        firm.event("forecast", "A", key="late", amount=100, budget="5 EUR", currency="VND"),
    ]  # fmt: skip
    answers = []
    for each in posted:
        firm.now += 1000
        answers.append((firm.service.post([each]).unpriced, deals(firm.store)["A"]))
    assert [amount for _, amount in answers] == [50, 800, None]
    ((missing,),) = [unpriced for unpriced, _ in answers if unpriced]
    assert (missing.position, missing.unpriced.field, missing.unpriced.amount) == (0, "amount", (100.0, "VND"))
    assert "rehearse store rates" in missing.unpriced.en
    firm.now += 1000
    assert keep(firm.store, ("2026-01-05", "VND", 0.25), now=firm.now).priced == 1
    firm.now += 1000
    firm.service.tick()
    values = record(firm.store, EVERYBODY, "opportunity", "A")["values"]
    assert (values["amount"], values["original.amount"], values["budget"]) == (25.0, "100 VND", 40.0)
    firm.now += 1000
    assert firm.service.post([firm.event("voided", "A", voids="late")]).accepted == 1
    values = record(firm.store, EVERYBODY, "opportunity", "A")["values"]
    assert (values["amount"], values["original.amount"], values.get("budget")) == (800.0, "100 EUR", None)
    firm.now += 1000
    firm.service.post([firm.event("forecast", "A", amount=70)])
    values = record(firm.store, EVERYBODY, "opportunity", "A")["values"]
    assert (values["amount"], values.get("original.amount")) == (70, None)


def test_a_gate_rules_on_amounts_in_the_firms_currency_and_on_none_that_nobody_knows(tmp_path):
    large = {"id": "large", "on": "opportunity", "before": "create", "when": {"amount": "> 1000"}}
    firm = Firm(tmp_path, policy_of(large))
    with firm.store.write() as connection:
        set_firm_currency(connection, "CNY")
        add_rates(connection, [Rate("2026-01-01", "EUR", 8.0, "rates.csv", 2)])
    new = {"unit": "rep-1", "stage": 1, "owner": "rep-1"}
    assert firm.service.gate(firm.event("registered", "B", amount=200, currency="EUR", **new), "create", "t").rule == "large"
    assert firm.service.gate(firm.event("registered", "B", amount=100, currency="EUR", **new), "create", "t") is None
    with pytest.raises(CoachError, match="no rate of VND"):
        firm.service.gate(firm.event("registered", "C", amount=100, currency="VND", **new), "create", "t")
    with pytest.raises(CoachError, match="no rate of VND"):
        firm.service.gate(firm.event("advanced", "B", amount=100, currency="VND", stage=2), "advance", "t")
    assert deals(firm.store) == {"B": 800.0}


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
