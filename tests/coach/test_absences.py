"""Leave that is planned takes hold at its instants, whether or not a policy is in force and the coach was running."""

import pytest

from coach import absences
from coach.problems import CoachError, NotAllowed
from coach.store import SYSTEM, Viewer, reading
from tests.coach.firm import STALL, Firm, at, policy_of

BEGINS, ENDS = at("2026-01-06 00:00"), at("2026-01-08 00:00")


def told(firm) -> list[tuple[str, int, int]]:
    events = reading.history(firm.store, SYSTEM, "unit", "rep-1")["events"]
    return [(each["event"], each["acted_at"], each["recorded_at"]) for each in events if each["event"].startswith("absence")]


@pytest.mark.parametrize("policy", [None, policy_of(STALL)], ids=["no policy", "a policy"])
@pytest.mark.parametrize("stands_still", [False, True], ids=["running", "standing still"])
def test_planned_leave_is_recorded_at_its_own_instants(tmp_path, policy, stands_still):
    firm = Firm(tmp_path, policy)
    absences.plan(firm.service, SYSTEM, "rep-1", BEGINS, ENDS)
    assert (told(firm), firm.service.next_due() is None) == ([], False)
    if stands_still:
        firm.stand_still("2026-01-09 12:00")
        firm.service.tick()
    else:
        firm.until("2026-01-09 12:00")
    assert told(firm) == [("absence_began", BEGINS, BEGINS), ("absence_ended", ENDS, ENDS)]
    assert reading.record(firm.store, SYSTEM, "unit", "rep-1")["values"]["absent"] == 0.0
    firm.service.tick()
    assert len(told(firm)) == 2


def test_leave_that_was_called_back_may_be_planned_anew_from_the_same_day(tmp_path):
    firm = Firm(tmp_path)
    for _ in range(2):
        absences.plan(firm.service, SYSTEM, "rep-1", firm.now, None)
        assert reading.record(firm.store, SYSTEM, "unit", "rep-1")["values"]["absent"] == 1.0
        absences.end_now(firm.service, SYSTEM, "rep-1")
    assert firm.service.next_due() is None


@pytest.mark.parametrize(("begins", "ends"), [(ENDS, BEGINS), (BEGINS, BEGINS), (BEGINS, at("2026-01-07 00:00"))])
def test_leave_that_ends_before_it_begins_or_stands_already_is_refused(tmp_path, begins, ends):
    firm = Firm(tmp_path)
    absences.plan(firm.service, SYSTEM, "rep-1", BEGINS, ENDS)
    with pytest.raises(CoachError):
        absences.plan(firm.service, SYSTEM, "rep-1", begins, ends)


@pytest.mark.parametrize("role", ["rep", "manager", "desk", "trainer"])
def test_leave_is_planned_by_operations_and_administrators(tmp_path, role):
    with pytest.raises(NotAllowed):
        absences.plan(Firm(tmp_path).service, Viewer("x", role, "team-1"), "rep-1", BEGINS, ENDS)
