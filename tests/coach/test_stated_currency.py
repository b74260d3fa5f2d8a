"""In which currency an amount is: its cell, a column, the mapping or the only one of the files says it, and nobody guesses."""


import pandas as pd
import pytest

from coach.events import PostedEvent
from coach.mapping.currencies import with_currencies
from coach.mapping.files import MappingError
from coach.problems import CoachError
from coach.store import Store
from coach.store.later_prices import priced_after
from coach.store.rates import Rate, add_rates, set_firm_currency
from policies.documents.errors import PolicyError
from tests.coach.trade import NOW, TRIED, brought, deals, keep, mapping_of


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "store.db")
    yield opened
    opened.close()


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
     ("Euro", "1 EUR", ()), ("Taler", None, ("unknown",)), ("$", None, ("unknown",))],
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
