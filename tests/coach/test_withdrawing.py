"""What was recorded and then withdrawn is as if it had not been: in the store's views, in the rules' book, in the history."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.rules.service import Service
from coach.store import SYSTEM, Store, reading
from coach.winning.history import records_at, states
from tests.coach.firm import FREEZE, Firm, policy_of

HOUR = 3_600_000
IGNORED = {"updated_at"}
PAYLOADS = st.fixed_dictionaries(
    {},
    optional={
        "amount": st.sampled_from([100.0, 250.0]), "competitor": st.sampled_from(["甲公司", "乙公司"]),
        "stage": st.sampled_from([1.0, 2.0, 3.0]), "custom.note": st.sampled_from([1.0, 2.0]),
        "custom.other": st.sampled_from(["a", "b"]), "owner": st.sampled_from(["rep-1", "rep-2"]),
    },
)  # fmt: skip
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(
            ["contact", "needs_recorded", "field_recorded", "forecast", "advanced", "won", "lost", "reassigned", "document"]
        ),
        PAYLOADS, st.sampled_from([None, "rep-1", "rep-2"]), st.integers(0, 48),
    ),
    min_size=1, max_size=8,
)  # fmt: skip
RULE = {"id": "big", "on": "opportunity", "when": {"custom.note": "> 1"}, "since": "last_action_at", "after": "900d",
        "then": [{"notify": "owner"}]}  # fmt: skip
_numbers = itertools.count()


def view(store: Store) -> dict:
    told = reading.record(store, SYSTEM, "opportunity", "A")
    return {name: value for name, value in told.items() if name not in IGNORED}


def story(firm: Firm, entries, gone: set[int], *, again: bool):
    """Register, post the entries but for those that are gone; with `again` post those too, and then withdraw them."""
    firm.post("registered", "A", unit="rep-1", owner="rep-1", stage=1.0)
    for place, (event, payload, unit, late) in enumerate(entries):
        firm.now += 60 * HOUR
        if place in gone and not again:
            continue
        told = firm.event(event, "A", unit=unit, key=f"e{place}", **payload)
        firm.service.post([told.model_copy(update={"acted_at": firm.now - late * HOUR})])
    firm.now += HOUR


def withdraw(firm: Firm, gone: set[int]):
    for place in sorted(gone, reverse=True):
        firm.post("voided", "A", key=f"v{place}", voids=f"e{place}")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entries=ENTRIES, data=st.data(), how=st.sampled_from(["same", "restarted", "without a policy"]))
def test_what_is_withdrawn_is_as_if_it_had_not_been(tmp_path: Path, entries, data, how):
    gone = data.draw(st.sets(st.sampled_from(range(len(entries))), min_size=1))
    policy = None if how == "without a policy" else policy_of(RULE)
    folders = [tmp_path / f"{next(_numbers)}" for _ in range(2)]
    for folder in folders:
        folder.mkdir()
    without, withdrawing = (Firm(folder, policy) for folder in folders)
    try:
        story(without, entries, gone, again=False)
        story(withdrawing, entries, gone, again=True)
        if how == "restarted":
            withdrawing.service = Service(withdrawing.store, lambda: withdrawing.now)
        withdraw(withdrawing, gone)
        assert view(withdrawing.store) == view(without.store)
        for firm in (without, withdrawing):
            (record,) = [each for each in records_at(firm.store, firm.now + HOUR) if each.kind == "opportunity"]
            (firm.told,) = states(record, [firm.now + HOUR])
        assert withdrawing.told == without.told
    finally:
        without.store.close()
        withdrawing.store.close()


@pytest.mark.parametrize(("event", "field"), [("first_contact", "contacted"), ("attempt", "attempts")])
def test_a_lead_that_was_not_touched_after_all_is_untouched_again(tmp_path, event, field):
    """A tap counts, and taken back it does not: otherwise the lead leaves today's list, or goes to somebody else, for good."""
    firm = Firm(tmp_path, policy_of())
    firm.post("registered", "L", kind="lead", unit="rep-1", owner="rep-1")
    before = reading.record(firm.store, SYSTEM, "lead", "L")["values"]
    firm.now += HOUR
    firm.post(event, "L", kind="lead", key="tap")
    assert reading.record(firm.store, SYSTEM, "lead", "L")["values"][field] == before[field] + 1
    firm.now += HOUR
    firm.post("voided", "L", kind="lead", voids="tap")
    after = reading.record(firm.store, SYSTEM, "lead", "L")["values"]
    firm.store.close()
    assert after == before


def test_a_freeze_that_the_withdrawn_entry_had_lifted_is_back(tmp_path):
    firm = Firm(tmp_path, policy_of(FREEZE))
    firm.post("registered", "A", unit="rep-1", owner="rep-1", stage=1.0)
    firm.post("contact", "A")
    firm.now += 16 * 24 * HOUR
    firm.service.tick()
    frozen = reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]
    firm.post("stall_explained", "A", key="reason", stall_reason="预算推迟")
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["frozen"] == 0.0
    firm.post("voided", "A", voids="reason")
    again = reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]
    firm.store.close()
    assert frozen["frozen"] == again["frozen"] == 1.0
    assert again == frozen
