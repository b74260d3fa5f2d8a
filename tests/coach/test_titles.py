"""What a record is called: something that people recognise, the same wherever it is named, and never a system's number."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.rules.advice import today
from coach.store import SYSTEM, reading
from coach.store.titles import record_name
from tests.coach.firm import Firm, policy_of

ID = "5805028000025634471"
ZONES = st.sampled_from(["Asia/Shanghai", "America/New_York", "Asia/Kathmandu"])
NAMED = st.sampled_from(["custom.name", "custom.title", "customer"])
BEGUN = {"lead": "registered_at", "opportunity": "opened_at", "customer": "since_at", "request": "requested_at"}


@given(kind=st.sampled_from(list(BEGUN)), name=st.text("abc 宏达", min_size=1).filter(str.strip), field=NAMED, zone=ZONES)
def test_a_name_or_customer_is_what_a_record_is_called(kind, name, field, zone):
    assert record_name(kind, ID, {field: name, "amount": 10.0}, zone, None) == {"en": name, "zh": name}


@given(
    kind=st.sampled_from(list(BEGUN)), at=st.integers(946_684_800_000, 1_900_000_000_000), zone=ZONES,
    amount=st.none() | st.floats(0, 1e9), owner=st.none() | st.just("Ann"), customer=st.none() | st.just(ID),
    currency=st.sampled_from([None, "CNY"]),
)  # fmt: skip
def test_without_one_it_is_told_by_day_and_amount_or_owner(kind, at, zone, amount, owner, customer, currency):
    told = {BEGUN[kind]: float(at), "amount": amount, "owner": owner, "customer": customer}
    found = record_name(kind, ID, {name: value for name, value in told.items() if value is not None}, zone, currency)
    local = datetime.fromtimestamp(at / 1000, ZoneInfo(zone))
    assert f"{local.day} {local:%b} {local.year}" in found["en"]
    assert f"{local.year} 年 {local.month} 月 {local.day} 日" in found["zh"]
    for words in found.values():
        assert ID not in words
        assert kind not in words
        assert (f"{amount:,.0f}" in words) if amount is not None else (owner is None or owner in words)
        assert amount is None or currency is None or words.endswith(currency)
    assert found["en"].isascii()
    assert not found["zh"].isascii()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from([None, "宏达 Ltd"]))
def test_a_record_has_one_name_wherever_it_is_named(tmp_path_factory, name):
    rule = {"id": "stall", "on": "opportunity", "when": {"status": "open"}, "since": "last_action_at", "after": "7d",
            "then": [{"notify": "owner"}, {"todo": "owner"}]}  # fmt: skip
    firm = Firm(tmp_path_factory.mktemp("firm"), policy_of(rule))
    try:
        firm.deal(ID, "rep-1", **({} if name is None else {"customer": name}))
        firm.until("2026-01-15 09:00")
        plain = {"en": "Deal of 5 Jan 2026, 1,000", "zh": "2026 年 1 月 5 日的商机，1,000"}
        title = plain if name is None else {"en": name, "zh": name}
        listed = today(firm.store, firm.service, SYSTEM, "rep-1", firm.now)
        told = [
            reading.record(firm.store, SYSTEM, "opportunity", ID), *reading.todos(firm.store, SYSTEM),
            *reading.notices(firm.store, SYSTEM), *reading.firings(firm.store, SYSTEM), *listed["obligations"],
            *listed["actions"],
        ]  # fmt: skip
        assert len(told) >= 6
        assert all(each["title"] == title for each in told)
    finally:
        firm.store.close()
