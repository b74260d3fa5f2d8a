"""A rule with `repeat` says it again while nothing is done, through restarts and stand-stills."""

import pytest

from coach.store import SYSTEM, reading
from tests.coach.firm import STALL, Firm, at, policy_of

AGAIN = STALL | {"repeat": {"every": "2d", "times": 2}}
STILL = STALL | {"id": "still", "after": "14d", "then": [{"escalate": "director"}]}


@pytest.mark.system("P4")
def test_an_owner_is_reminded_three_times_and_then_the_next_level_hears_of_it(tmp_path):
    firm = Firm(tmp_path, policy_of(AGAIN, STILL))
    firm.deal()
    firm.until("2026-02-20 00:00")
    assert firm.fired() == [
        "01-12 09:00 stall/A notified owner", "01-12 09:00 stall/A todo_opened manager",
        "01-14 09:00 stall/A notified owner", "01-14 09:00 stall/A todo_opened manager",
        "01-16 09:00 stall/A notified owner", "01-16 09:00 stall/A todo_opened manager",
        "01-19 09:00 still/A escalated director",
    ]  # fmt: skip
    assert len(reading.todos(firm.store, SYSTEM, open_only=False)) == 1


def test_a_new_action_starts_the_clock_and_the_count_anew(tmp_path):
    firm = Firm(tmp_path, policy_of(AGAIN))
    firm.deal()
    firm.until("2026-01-14 10:00")
    firm.post("contact")
    firm.until("2026-02-20 00:00")
    notified = [line.split()[0] for line in firm.fired() if "notified" in line]
    assert notified == ["01-12", "01-14", "01-21", "01-23", "01-25"]


def test_a_restart_changes_nothing_and_a_stand_still_sends_the_latest_reminder_only(tmp_path):
    firm = Firm(tmp_path, policy_of(AGAIN))
    firm.deal()
    firm.until("2026-01-12 10:00")
    firm.stand_still("2026-01-25 12:00")
    firm.service.tick()
    notices = [each for each in reading.notices(firm.store, SYSTEM, sent_only=False) if each["effect"] == "notified"]
    assert sorted((each["at"], each["late"], each["sent"]) for each in notices) == [
        (at("2026-01-12 09:00"), False, True),
        (at("2026-01-14 09:00"), True, False),
        (at("2026-01-16 09:00"), True, True),
    ]


def test_what_comes_is_told_with_its_repetitions(tmp_path):
    firm = Firm(tmp_path, policy_of(AGAIN))
    firm.deal()
    firm.until("2026-01-12 10:00")
    assert firm.service.coming("rep-1", at("2026-01-15 00:00")) == [
        ("opportunity", "A", "stall", at("2026-01-14 09:00"))
    ]
