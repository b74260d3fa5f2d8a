"""Posted amounts: priced in the firm's currency, told where they have no price, and refused where they make no sense."""


import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach import money
from coach.event_rows import read_events
from coach.problems import CoachError
from coach.store.rates import Rate, add_rates, set_firm_currency
from coach.store.reading import record
from tests.coach.firm import FREEZE, Firm, policy_of
from tests.coach.trade import EVERYBODY, NOW, deals, keep

CODES = ("CNY", "EUR", "JPY", "VND")


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
        ({"amount": "1e30 EUR"}, "must lie between"),
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
