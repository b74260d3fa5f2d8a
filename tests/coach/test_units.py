"""A unit stands in its own name in the store, whoever its entries are by: what a manager may see of it hangs on that."""

import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.problems import NotFound
from coach.rules.service import Service
from coach.store import SYSTEM, reading
from coach.store.viewer import Viewer
from tests.coach.firm import BEHIND, Firm, policy_of

HOUR = 3_600_000
BY = st.sampled_from([None, "company", "rep-2", "rep-3"])
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from([
            ("counted", {"effective_visits": 2}), ("target_set", {"target": 100.0}), ("absence_began", {}),
            ("field_recorded", {"need_change": 1.0}),
        ]),
        BY, st.booleans(),
    ),
    max_size=4,
)  # fmt: skip
_numbers = itertools.count()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=BY, entries=ENTRIES)
@pytest.mark.parametrize("how", ["without a policy", "under a policy", "restarted", "appended"])
def test_a_unit_is_its_own_whoever_its_entries_are_by(tmp_path: Path, how, first, entries):
    folder = tmp_path / f"{next(_numbers)}"
    folder.mkdir()
    firm = Firm(folder, None if how == "without a policy" else policy_of(BEHIND))

    def post(event: str, **told) -> None:
        firm.now += HOUR
        if how == "appended":
            firm.store.append([firm.event(event, "rep-3", kind="unit", **told)], firm.now)
            firm.service.tick()
        else:
            firm.post(event, "rep-3", kind="unit", **told)

    try:
        post("registered", unit=first, level="rep", parent="team-1")
        if how == "restarted":
            firm.service = Service(firm.store, lambda: firm.now)
        for place, ((event, payload), unit, withdrawn) in enumerate(entries):
            post(event, unit=unit, key=f"e{place}", **payload)
            if withdrawn:
                post("voided", unit=unit, voids=f"e{place}")
        assert reading.record(firm.store, SYSTEM, "unit", "rep-3")["unit"] == "rep-3"
        assert reading.record(firm.store, Viewer("their manager", "manager", "team-1"), "unit", "rep-3")
        with pytest.raises(NotFound):
            reading.record(firm.store, Viewer("a colleague", "rep", "rep-2"), "unit", "rep-3")
    finally:
        firm.store.close()
