"""A2 and A4: what people say of a rule and what was learned stays with it; what rules and fields cost, and what to drop."""

from pathlib import Path

import pytest

import coach.winning.looks
import policies.record.health
import policies.scores.customer_health
import policies.scores.decision_chain
import policies.scores.journey_completeness
import policies.scores.quote_risk
from coach.auditing.fields import USES
from coach.events import FIELD_OF
from policies.documents.document import plain_yaml
from policies.documents.loader import load_policy
from tests.coach.firm import Firm, policy_of
from tests.coach.signed_in import Desk

HOUR, DAY = 3_600_000, 86_400_000
PLAN = {"id": "plan-next", "on": "opportunity", "when": {"status": "open", "next_step_at": "missing"},
        "since": "opened_at", "after": "2d", "then": [{"todo": "owner"}]}  # fmt: skip
NEVER = {"id": "never", "on": "opportunity", "when": {"status": "open", "amount": "> 900000000"},
         "since": "opened_at", "after": "1d", "then": [{"notify": "owner"}]}  # fmt: skip
STAGES = [
    {"id": "first", "name": {"en": "First", "zh": "一"}, "requires": ["needs_summary"]},
    {"id": "second", "name": {"en": "Second", "zh": "二"}, "requires": ["contract_file"]},
    {"id": "third", "name": {"en": "Third", "zh": "三"}},
]


@pytest.fixture
def desk(tmp_path):
    firm = Firm(tmp_path, policy_of(PLAN, NEVER, stages=STAGES), "2026-01-05 09:00")
    for place in range(12):
        firm.deal(f"D{place}", "rep-1" if place % 2 else "rep-2", amount=1000.0, stage=1)
    firm.until("2026-01-12 09:00")  # plan-next fired on all
    for place in range(3):
        firm.post("next_step", f"D{place}", next_step_at=float(firm.now + DAY))
    for place in range(12):
        firm.post("needs_recorded", f"D{place}", needs_summary="x", contract_file="file") if place > 2 else None
    firm.post("won", "D0")
    firm.until("2026-04-20 09:00")
    return Desk(firm)


def audit(desk, role="operations", weeks=16) -> dict:
    answer = desk.ask(role, "GET", f"/rules/audit?weeks={weeks}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def rule(told: dict, name: str) -> dict:
    return next(each for each in told["rules"] if each["rule"] == name)


def say(desk, role: str, verdict: str, why: str = "", record: str | None = "D1"):
    told = {"verdict": verdict, "why": why} | ({} if record is None else {"kind": "opportunity", "record": record})
    return desk.ask(role, "POST", "/rules/plan-next/feedback", json=told)


def loaded(proposal: dict, folder: Path):
    """The policy of a proposal, through a file as somebody would rehearse it."""
    place = folder / f"{proposal['name']}.yaml"
    place.write_text(proposal["document"], encoding="utf-8")
    return load_policy(place)


@pytest.mark.system("A4")
def test_what_a_rule_did_is_counted_and_what_cannot_be_said_is_not_said(desk):
    found = rule(audit(desk), "plan-next")
    assert (found["fired"], found["records"]) == (12, 12)
    assert found["old_enough"] == 12
    assert found["followed"] == 12  # an entry within seven days on each: a next step, or the needs
    assert (found["fired_on"]["records"], found["fired_on"]["decided"], found["fired_on"]["won"]) == (12, 1, 1)
    assert found["never_fired_on"]["records"] == 0
    assert found["changed_an_outcome"] is None


@pytest.mark.system("A4")
def test_a_firing_counts_as_followed_only_by_an_entry_within_seven_days_behind_it(tmp_path):
    firm = Firm(tmp_path, policy_of(PLAN), "2026-01-05 09:00")
    for name in ("before", "at once", "late", "young"):
        if name != "young":
            firm.deal(name, "rep-1")
    firm.until("2026-01-06 09:00")
    firm.post("contact", "before")
    firm.until("2026-01-07 10:00")
    firm.post("contact", "at once")
    firm.until("2026-01-15 09:00")
    firm.post("contact", "late")
    firm.until("2026-02-01 09:00")
    firm.deal("young", "rep-1")
    firm.until("2026-02-04 09:00")
    found = rule(audit(Desk(firm)), "plan-next")
    assert (found["fired"], found["old_enough"], found["followed"]) == (4, 3, 1)


@pytest.mark.system("A4")
def test_fields_are_told_with_who_asks_who_uses_them_and_how_often_they_are_there(desk):
    desk.firm.post("needs_recorded", "D1", needs_summary="x", contract_file="f")
    for place in range(12):
        desk.firm.post("field_recorded", f"D{place}", stage=3.0)
    desk.firm.now += HOUR
    told = {each["field"]: each for each in audit(desk)["fields"]}
    needs, contract = told["needs_summary"], told["contract_file"]
    assert needs["asked_by"] == ["first"]
    assert {"S1", "S3", "win_model"} <= set(needs["used_by"])
    assert (needs["records"], needs["filled"]) == (12, 10)
    assert (contract["records"], contract["used_by"]) == (12, [])
    assert contract["entries"] == 10
    assert contract["minutes"] == 2.5


@pytest.mark.system("A4")
def test_every_proposal_is_a_whole_policy_that_can_be_loaded_and_lacks_what_it_drops(desk, tmp_path):
    for place in range(12):
        desk.firm.post("field_recorded", f"D{place}", stage=3.0)
    told = {each["name"]: each for each in audit(desk, weeks=15)["proposals"]}
    drop_rule = next(each for each in told.values() if each["what"] == "never")
    drop_field = next(each for each in told.values() if each["what"] == "contract_file")
    assert (drop_rule["action"], drop_field["action"]) == ("drop", "drop")
    for each in told.values():
        assert loaded(each, tmp_path).name == each["name"]
        assert {"en", "zh"} == set(each["why"])
    assert "never" not in {each["id"] for each in plain_yaml(drop_rule["document"])["rules"]}
    assert all("contract_file" not in stage["requires"] for stage in plain_yaml(drop_field["document"])["stages"])


@pytest.mark.system("A2")
def test_what_reps_say_of_a_rule_leads_to_a_proposal_and_what_was_learned_stays_with_it(desk, tmp_path):
    say(desk, "rep", "helps", record="D1")
    say(desk, "rep", "in_the_way", "I plan on Mondays", record="D1")  # the latest word counts
    say(desk, "peer", "wrong", record="D2")
    say(desk, "manager", "helps", record="D3")
    assert rule(audit(desk), "plan-next")["said"] == {"helps": 1, "in_the_way": 1, "wrong": 1}
    loosen = next(each for each in audit(desk)["proposals"] if each["what"] == "plan-next")
    assert loosen["action"] == "loosen"
    assert next(each["mode"] for each in plain_yaml(loosen["document"])["rules"] if each["id"] == "plan-next") == "shadow"
    desk.firm.service.activate(loaded(loosen, tmp_path), "ops")
    desk.firm.now += HOUR
    lesson = {"text": "Two days is too short for those who plan weekly."}
    assert desk.ask("manager", "POST", "/rules/plan-next/lessons", json=lesson).status_code == 200
    in_force = desk.ask("rep", "GET", "/policies/current").json()
    assert [(each["rule"], each["text"]) for each in in_force["learned"]] == [("plan-next", lesson["text"])]
    told = desk.ask("manager", "GET", "/rules/plan-next/learned").json()
    assert told["said"] == {"helps": 1, "in_the_way": 1, "wrong": 1}
    assert [(each["fired"], each["said"]["in_the_way"]) for each in told["versions"]] == [(12, 1), (0, 0)]
    assert [each["text"] for each in told["lessons"]] == [lesson["text"]]
    assert [each["why"] for each in told["words"]] == ["I plan on Mondays"]


@pytest.mark.system("A2")
def test_a_rep_reads_own_words_and_all_lessons_and_nobody_elses(desk):
    say(desk, "rep", "helps", "good")
    say(desk, "peer", "wrong", "bad", record="D2")
    desk.ask("manager", "POST", "/rules/plan-next/lessons", json={"text": "Keep it."})
    told = desk.ask("rep", "GET", "/rules/plan-next/learned").json()
    assert told["said"] == {"helps": 1, "in_the_way": 0, "wrong": 0}
    assert [each["text"] for each in told["lessons"]] == ["Keep it."]
    assert told["versions"] == []
    assert desk.ask("rep", "GET", "/rules/audit").status_code == 403
    assert desk.ask("rep", "POST", "/rules/plan-next/lessons", json={"text": "x"}).status_code == 403
    assert say(desk, "rep", "helps", record="D2").status_code == 404  # not theirs to see
    assert desk.ask("rep", "POST", "/rules/no-such/feedback", json={"verdict": "helps"}).status_code == 404


SOURCES = {
    "S1": policies.record.health, "S3": policies.scores.journey_completeness, "S14": policies.scores.decision_chain,
    "S15": policies.scores.quote_risk, "S4": policies.scores.customer_health, "win_model": coach.winning.looks,
}  # fmt: skip


@pytest.mark.parametrize("reader", SOURCES)
def test_what_is_said_to_use_a_field_names_it(reader):
    text = Path(SOURCES[reader].__file__).read_text(encoding="utf-8")
    for kind, readers in USES.items():
        for field in readers.get(reader, ()):
            assert field in FIELD_OF[kind]
            assert field in text, field
