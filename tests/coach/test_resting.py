"""Clocks that rest in the live service: through restarts, withdrawals, absences and a policy that brings them."""

import pytest

from tests.coach.firm import Firm, policy_of

pytestmark = pytest.mark.file
WAIT = {"id": "wait", "on": "opportunity", "since": "opened_at", "after": "3d", "when": {"status": "open"},
        "rests": {"while": {"custom.waiting_for": "desk"}}, "then": [{"notify": "owner"}]}  # fmt: skip
AWAY = WAIT | {"id": "away", "rests": {"owner_absent": True}}


def waits(firm: Firm, since: str, until: str | None = None, key: str = "waits") -> None:
    """A deal waits for a desk between two instants."""
    firm.until(since)
    firm.post("field_recorded", key=key, **{"custom.waiting_for": "desk"})
    if until is not None:
        firm.until(until)
        firm.post("field_recorded", **{"custom.waiting_for": "nobody"})


@pytest.mark.parametrize("restarts", [False, True])
def test_a_day_of_waiting_puts_the_due_off_by_a_day(tmp_path, restarts):
    firm = Firm(tmp_path, policy_of(WAIT))
    firm.deal()
    waits(firm, "2026-01-06 09:00", "2026-01-07 09:00")
    if restarts:
        firm.stand_still("2026-01-07 12:00")
    firm.until("2026-01-20 09:00")

    assert firm.fired() == ["01-09 09:00 wait/A notified owner"]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_tap_taken_back_never_made_it_rest(tmp_path, restarts):
    firm = Firm(tmp_path, policy_of(WAIT))
    firm.deal()
    waits(firm, "2026-01-06 09:00")
    if restarts:
        firm.stand_still("2026-01-06 12:00")
    firm.until("2026-01-07 09:00")
    assert firm.service.coming("rep-1", firm.now + 30 * 86_400_000) == []
    firm.post("voided", voids="waits")
    firm.until("2026-01-20 09:00")

    assert firm.fired() == ["01-08 09:00 wait/A notified owner"]


def test_the_absence_of_the_owner_counts_for_what_the_owner_has(tmp_path):
    firm = Firm(tmp_path, policy_of(AWAY))
    firm.deal("A", "rep-1")
    firm.deal("B", "rep-2")
    firm.until("2026-01-06 09:00")
    firm.post("absence_began", "rep-1", kind="unit")
    firm.stand_still("2026-01-08 09:00")
    firm.service.tick()
    firm.post("absence_ended", "rep-1", kind="unit")
    firm.until("2026-01-20 09:00")

    assert [line.split(" (")[0] for line in firm.fired()] == [
        "01-08 09:00 away/B notified owner", "01-10 09:00 away/A notified owner",
    ]  # fmt: skip


def test_a_policy_that_brings_rests_counts_those_from_before(tmp_path):
    """Who waited when it came into force waits on, though nobody had to remember it until then."""
    firm = Firm(tmp_path, policy_of(WAIT | {"rests": None}))
    firm.deal()
    waits(firm, "2026-01-06 09:00")
    firm.service.activate(policy_of(WAIT), "tester")
    firm.until("2026-01-12 09:00")
    assert firm.fired() == []
    firm.post("field_recorded", **{"custom.waiting_for": "nobody"})
    firm.until("2026-01-20 09:00")

    assert firm.fired() == ["01-14 09:00 wait/A notified owner"]
