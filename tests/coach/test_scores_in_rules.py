"""Scores and chances of winning as quantities in rules: recorded once a day, so that rules of every kind take them."""

import pytest

from coach.scoring.past import Past
from coach.scoring.readings import READINGS
from coach.scoring.recording import QUANTITIES, ScoreRecorder, named_by, record_scores
from coach.scoring.scores import win_chances
from coach.store import SYSTEM, Viewer, reading
from policies.documents.loader import load_policy
from policies.language.policy import Policy
from policies.record.records import field
from policies.scores.score import DAY
from tests.coach.firm import Firm, at, policy_of
from tests.coach.scored import ScoredFirm

pytestmark = pytest.mark.file
POOR = {"id": "poor-journey", "on": "opportunity", "every": "week", "streak": 2,
        "when": {"status": "open", "journey": "< 75"}, "then": [{"escalate": "manager"}]}  # fmt: skip


def naming(quantity, **rule) -> Policy:
    looks = {"id": "look", "on": quantity.kind, "every": "week", "when": {quantity.field: "present"},
             "then": [{"notify": "owner"}]}  # fmt: skip
    return policy_of(looks | rule)


@pytest.mark.parametrize("quantity", QUANTITIES, ids=lambda each: f"{each.kind}-{each.field}")
class TestEachQuantity:
    def test_it_is_a_field_that_no_rule_sets_and_the_office_leaves_out(self, quantity):
        about = field(quantity.kind, quantity.field)
        assert quantity.score in (*READINGS, "within", "ever")
        assert not about.derived
        with pytest.raises(ValueError, match=quantity.field):
            naming(quantity, then=[{"set": {quantity.field: 1}}])
        (left,) = naming(quantity).cannot_rehearse
        assert left.rule == "look"

    def test_it_is_reckoned_only_where_a_rule_in_force_names_it(self, quantity):
        assert named_by(naming(quantity)) == [quantity]
        assert named_by(naming(quantity, mode="off")) == []
        assert named_by(load_policy("full-playbook")) == []


def journeys(firm: Firm) -> list[tuple[int, float | None]]:
    events = reading.history(firm.store, SYSTEM, "opportunity", "A")["events"]
    return [(each["recorded_at"], each["payload"]["journey"]) for each in events if each["source"] == "scores"]


@pytest.mark.system("S3")
class TestRecording:
    def test_a_number_is_recorded_where_it_changed_and_is_no_action(self, tmp_path):
        firm = Firm(tmp_path, policy_of(POOR))
        firm.deal()
        firm.post("first_contact")
        firm.until("2026-01-09 23:30")
        before = reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["last_action_at"]
        assert [record_scores(firm.service) for _ in range(2)] == [1, 0]
        assert [value for _, value in journeys(firm)] == [0.0]
        assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["last_action_at"] == before

    def test_two_weeks_running_below_the_limit_alarm_through_a_restart(self, tmp_path):
        firm = Firm(tmp_path, policy_of(POOR))
        firm.deal()
        firm.post("first_contact")
        firm.until("2026-01-09 23:30")
        record_scores(firm.service)
        firm.stand_still("2026-01-12 10:00")
        firm.service.tick()
        assert firm.fired() == []
        firm.until("2026-01-19 10:00")
        assert firm.fired() == ["01-19 00:00 poor-journey/A escalated manager"]

    def test_it_is_recorded_half_an_hour_before_midnight(self, tmp_path):
        firm = Firm(tmp_path, policy_of(POOR))
        recorder = ScoreRecorder(firm.service)
        for now, hours in (("2026-01-05 09:00", 14.5), ("2026-01-05 23:30", 24.0), ("2026-01-05 23:45", 23.75)):
            firm.now = at(now)
            assert recorder.seconds_to_next() == hours * 3600


def test_the_chance_of_winning_is_the_one_that_the_forecast_tells(tmp_path):
    firm = ScoredFirm(tmp_path)
    for number in range(120):
        opened = 340.0 - 2 * number
        firm.tell(opened, "registered", f"past-{number}", unit="rep-1", owner="rep-1", stage=1, amount=1000.0 + number)
        firm.tell(opened - 10 - number % 30, "lost" if number % 3 else "won", f"past-{number}")
    firm.tell(20.0, "registered", "A", unit="rep-1", owner="rep-1", stage=1, amount=5000.0)
    firm.write()
    likely = {"on": "opportunity", "since": "opened_at", "then": [{"notify": "manager"}]}
    named = {"win_chance": "> 0%", "win_ever": ">= field win_chance"}
    firm.service.activate(policy_of({"id": "likely", "when": {"status": "open"} | named} | likely), "tester")
    _, chances = win_chances(firm.store, firm.now)
    record_scores(firm.service)

    values = reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]
    assert values["win_chance"] == round(chances["A"].probability, 2) > 0
    assert values["win_ever"] == round(chances["A"].ever, 2) >= values["win_chance"]
    assert [each["event"] for each in reading.firings(firm.store, SYSTEM, rule="likely")] == ["fired", "notified"]


COLD = {"id": "cold", "on": "unit", "every": "week", "streak": 2, "when": {"temperature": "< 42"},
        "then": [{"escalate": "manager"}]}  # fmt: skip
UNHAPPY = {"id": "unhappy", "on": "customer", "since": "since_at", "when": {"temperature": "< 0"},
           "then": [{"notify": "owner"}]}  # fmt: skip


@pytest.mark.system("S6")
def test_a_unit_whose_customers_are_cold_at_two_looks_running_alarms_and_each_customer_has_the_own_answer(tmp_path):
    """Of 20 customers of team-1 six would recommend us and four would not: 10 of 100; the firm's are as cold."""
    firm = Firm(tmp_path, policy_of(COLD, UNHAPPY))
    answers = [9.0] * 6 + [8.0] * 10 + [3.0] * 4
    for number, answer in enumerate(answers):
        name = f"C{number:02}"
        firm.post("registered", name, kind="customer", unit="rep-1", owner="rep-1", name=f"Firm {number}")
        firm.post("purchase", name, kind="customer", purchases=1)
        firm.post("satisfaction", name, kind="customer", **{"custom.recommend": answer})
    for unit in ("team-1", "company"):
        firm.post("target_set", unit, kind="unit", target=1.0, attained=1.0)
    firm.until("2026-01-09 23:30")
    record_scores(firm.service)
    assert [values(firm, "unit", unit)["temperature"] for unit in ("team-1", "company")] == [10.0, 10.0]
    assert "temperature" not in values(firm, "unit", "rep-1")
    assert [values(firm, "customer", name)["temperature"] for name in ("C00", "C10", "C19")] == [100.0, 0.0, -100.0]
    firm.until("2026-01-26 10:00")
    fired = firm.fired()  # the week in which the units were registered does not count
    assert sorted(line for line in fired if "cold" in line) == [
        "01-26 00:00 cold/company escalated manager", "01-26 00:00 cold/team-1 escalated manager",
    ]  # fmt: skip
    assert len([line for line in fired if "unhappy" in line]) == 4


@pytest.mark.system("S7")
@pytest.mark.system("S8")
@pytest.mark.system("S9")
@pytest.mark.system("S10")
def test_what_the_scores_tell_of_units_and_reps_stands_on_their_records_and_reps_read_it_as_scores_alone(tmp_path):
    firm = ScoredFirm(tmp_path)
    for number in range(40):
        opened = 300.0 - 4 * number
        rep = ("rep-1", "rep-2", "rep-8", "rep-9")[number % 4]
        firm.tell(opened, "registered", f"D{number}", unit=rep, owner=rep, stage=1, amount=1000.0)
        for stage in (2.0, 3.0, 4.0, 5.0):
            firm.tell(opened - 2 * stage, "field_recorded", f"D{number}", stage=stage)
        firm.tell(opened - 20, "won" if number % 3 else "lost", f"D{number}")
        asked = {"desk": "presales", "custom__question": "?", "custom__reused": "Q0" if number % 4 else None}
        firm.tell(number + 1, "registered", f"Q{number}", kind="request", unit=rep, owner=rep, **asked)
        firm.tell(number + 0.5, "answered", f"Q{number}", kind="request")
        if number < 8:
            firm.tell(20 + number, "registered", f"O{number}", unit=rep, owner=rep, stage=1, amount=1000.0)
            firm.tell(2, "contact", f"O{number}")
    for number in range(6):
        begins = float(firm.now - (180 - 30 * number) * DAY)
        period = {"period_start_at": begins, "period_end_at": begins + 30 * DAY}
        for rep in ("rep-1", "rep-8"):
            firm.tell(180 - 30 * number, "target_set", rep, kind="unit", target=10_000.0, attained=5_000.0, **period)
            firm.tell(179 - 30 * number, "field_recorded", rep, kind="unit", need_change=1)
            if number % 2:
                firm.tell(178 - 30 * number, "adjusted", rep, kind="unit", target=9_000.0, adjustments=1)
    firm.write()
    names = {"knowledge_reuse": "S7", "target_resilience": "S8", "capability": "S9", "scorecard": "S10"}
    looks = {"id": "looks", "on": "unit", "every": "week", "when": {"any": [{name: "present"} for name in names]},
             "then": [{"notify": "manager"}]}  # fmt: skip
    firm.service.activate(policy_of(looks), "tester")
    record_scores(firm.service)
    past = Past.of(firm.store, firm.now)
    for name, score in names.items():
        rows = [row for row in READINGS[score](past) if row.kind == "unit" and row.score.value is not None]
        told, exact = {row.id: row.score.value for row in rows}, 0.51 if score in ("S9", "S10") else 0.006
        assert {unit: values(firm, "unit", unit).get(name) for unit in told} == pytest.approx(told, abs=exact)
        assert told
    own = reading.record(firm.store, Viewer("rep", "rep", "rep-1", "en"), "unit", "rep-1")["values"]
    assert not {"capability", "scorecard"} & own.keys()


def values(firm: Firm, kind: str, name: str) -> dict:
    return reading.record(firm.store, SYSTEM, kind, name)["values"]
