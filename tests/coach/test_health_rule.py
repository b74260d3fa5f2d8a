"""S1 in rules: an open deal that is below 60 at two week ends running alarms, with the signals of the customer's own system."""

import pytest

from coach.store import SYSTEM, reading
from policies.documents.loader import load_policy
from policies.language.policy import Policy
from tests.coach.firm import Firm
from tests.coach.signed_in import Desk


def alarms(firm: Firm) -> list[str]:
    return [each for each in firm.fired() if "flagged" in each]


@pytest.mark.system("S1")
def test_below_60_two_weeks_running_turns_red_and_tells_owner_and_manager(tmp_path):
    firm = Firm(tmp_path, load_policy("deal-health"))
    desk = Desk(firm)
    firm.deal()
    firm.until("2026-01-18 23:00")
    assert alarms(firm) == []
    firm.until("2026-01-19 09:00")
    (red,) = alarms(firm)
    assert red.startswith("01-19 00:00 sick-two-weeks/A")
    assert desk.ask("rep", "GET", "/records/opportunity/A").json()["values"]["flag"] == "red"
    assert {each["role"] for each in desk.ask("manager", "GET", "/notices").json()} == {"owner", "manager"}
    assert desk.ask("peer", "GET", "/notices").json() == []


@pytest.mark.system("S1")
def test_a_step_forward_in_between_breaks_the_row(tmp_path):
    firm = Firm(tmp_path, load_policy("deal-health"))
    firm.deal()
    firm.until("2026-01-15 09:00")
    firm.post("advanced", stage=2)
    firm.post("contact", next_step_at=firm.now + 30 * 86_400_000.0)
    firm.until("2026-02-01 09:00")
    assert alarms(firm) == []


@pytest.mark.system("S1")
def test_a_question_that_lies_unanswered_counts_against_health_in_a_rule(tmp_path):
    """The rule names no custom field: it looks at the signals where they are recorded."""
    rule = {"id": "look", "on": "opportunity", "every": "week", "when": {"status": "open", "health": "< 95"},
            "then": [{"notify": "owner"}]}  # fmt: skip
    for number, asks in enumerate((False, True)):
        (tmp_path / str(number)).mkdir()
        firm = Firm(tmp_path / str(number), Policy(name="looking", rules=[rule]), "2026-01-09 09:00")
        firm.deal(needs_summary="known", next_step_at=firm.now + 9 * 86_400_000.0, pain_points="known")
        if asks:
            firm.post("field_recorded", **{"custom.question_asked_at": float(firm.now)})
        firm.until("2026-01-12 09:00")
        fired = [each for each in reading.firings(firm.store, SYSTEM) if each["event"] == "notified"]
        assert bool(fired) == asks
