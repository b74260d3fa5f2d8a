"""Parity: the same rules fire for the same records at the same instants in the simulated office and in the live service, and
the same targets are set.

The actor events of an office's journal go through real HTTP into a real store; half-way the service is started anew.
"""

import pytest

from coach.parity.check import chosen_by_record, office_with_journal, parity
from coach.parity.journal_events import OfficeJournal
from policies.documents.loader import edited, library_names, load_policy
from policies.language.duration import MINUTE
from policies.language.policy import Policy
from policies.record.records import EVENTS
from scenarios.loader import load_scenario
from tests.policies.stage_layouts import stages_of

pytestmark = pytest.mark.parity
WEEKS, SEED = 8, 1


def five_reps():
    """Eight weeks from the last days of the National Day holidays on."""
    small = load_scenario("small")
    people = small.people.model_copy(update={"reps": 5, "teams": 2})
    leads = small.leads.model_copy(update={"per_week": 40.0})
    # Desks with work of their own, so that some requests are late.
    desks = small.desks.model_copy(update={"own_load": 0.6, "own_job_hours": 8.0})
    # Entries on the wrong record, so that some are withdrawn.
    behaviour = {**small.behaviour, "misfiled_share": 0.05}
    return small.model_copy(update={"people": people, "leads": leads, "desks": desks, "behaviour": behaviour})


_offices: dict[str, object] = {}


def office(name: str):
    if name not in _offices:
        _offices[name] = office_with_journal(five_reps(), load_policy(name), SEED, WEEKS)
    return _offices[name]


@pytest.mark.parametrize("name", library_names())
def test_every_policy_of_the_library_fires_the_same_live(name):
    report = parity(office(name))
    assert (report.missing, report.extra) == ([], [])
    assert (report.missing_targets, report.extra_targets) == ([], [])
    assert report.events > 1000
    assert report.same > 0
    assert (report.same_targets > 0) == (load_policy(name).targets.cadence != "none")


GIVEN_OUT = [
    edited(load_policy(name), {"routing.assigned_by": "coach", **changes})
    for name, changes in (
        ("manual-routing", {}), ("fast-routing", {}), ("store-leads", {}), ("full-playbook", {}),
        ("full-playbook", {"routing.method": "round_robin", "routing.lead_cap": 2}),
        ("full-playbook", {"routing.method": "nearest", "routing.lead_cap": 2}),
        ("full-playbook", {"routing.lead_cap": 2, "routing.within_minutes": 0}),
    )
]  # fmt: skip


@pytest.mark.system("L1")
@pytest.mark.parametrize("policy", GIVEN_OUT, ids=lambda policy: f"{policy.name}-{policy.routing.method}")
def test_the_coach_gives_every_lead_to_whom_the_office_gives_it_at_the_same_instant(policy):
    run = office_with_journal(five_reps(), policy, 2, WEEKS)
    assigned = OfficeJournal(run).assigned()
    report = parity(run)
    assert (report.missing, report.extra) == ([], [])
    assert len(assigned) > 60
    by_record = chosen_by_record(policy.routing)
    assert by_record == (policy.routing.method != "manual")
    assert report.same >= len(assigned) * by_record
    if policy.routing.lead_cap == 2:
        waited = [each for each in assigned if each.at > registered_at(run)[each.record] + 3_600_000]
        assert waited  # nobody had room, or it was taken from somebody


def registered_at(run) -> dict[str, int]:
    said = OfficeJournal(run).events(gates=False)
    return {each.record: each.known_at for each in said if (each.event, each.kind) == ("registered", "lead")}


def test_another_way_of_giving_leads_out_is_noticed():
    run = office_with_journal(five_reps(), load_policy("fast-routing"), SEED, 2)
    assert not parity(run, edited(run.policy, {"routing.within_minutes": 6})).holds
    assert not parity(run, edited(run.policy, {"routing.method": "round_robin"})).holds


@pytest.mark.parametrize("said", [["discovery", None, None, None, "solution", "negotiation", "contract"], ["discovery", None]])
def test_stages_that_lie_over_the_work_as_a_firm_says_fire_the_same_live(said):
    asked = (["needs_summary"], ["pain_points"], ["decision_maker"], ["budget"], ["value_proof"], [], ["contract_file"])
    document = load_policy("full-playbook").model_dump(mode="json") | {"stages": stages_of(said, asked)}
    report = parity(office_with_journal(five_reps(), Policy.model_validate(document), SEED, WEEKS))
    assert (report.missing, report.extra) == ([], [])
    assert report.same > 100


@pytest.mark.system("P1")
def test_stages_with_conditions_fire_the_same_live():
    stages = stages_of(["discovery", None, None, None])
    stages[1] |= {"enter": {"needs_summary": "present"}, "leave": {"decision_maker": "present"}}
    stages[3] |= {"enter": {"not": {"budget": "missing"}}}
    document = load_policy("full-playbook").model_dump(mode="json") | {"stages": stages}
    report = parity(office_with_journal(five_reps(), Policy.model_validate(document), SEED, 5))
    assert (report.missing, report.extra) == ([], [])
    assert report.same > 100


def test_instant_by_instant_and_week_by_week_come_to_the_same():
    two_weeks = office_with_journal(five_reps(), load_policy("full-playbook"), SEED, 2)
    by_instant, by_week = (parity(two_weeks, batch_ms=batch) for batch in (0, 7 * 86_400_000))
    assert by_instant.batches > 50 * by_week.batches
    assert by_instant.holds
    assert by_week.holds
    assert by_instant.same == by_week.same > 100


FOLLOWED = Policy.model_validate({
    "name": "what-follows", "routing": {"method": "best_suited", "assigned_by": "coach"}, "support": {"finance_hours": 4},
    "rules": [
        {"id": "hand-on", "on": "opportunity", "since": "last_action_at", "after": "6d", "when": {"status": "open"},
         "then": [{"assign": "rep-2"}]},
        {"id": "spread", "on": "opportunity", "since": "last_action_at", "after": "9d", "when": {"status": "open"},
         "then": [{"assign": "routing"}]},
        {"id": "leads-any", "on": "lead", "since": "registered_at", "after": "1h", "when": {"status": ["new", "open"]},
         "then": [{"assign": "rep-3"}]},
        {"id": "approvals", "on": "opportunity", "since": "stage_changed_at", "when": {"status": "open", "stage": ">= 2"},
         "then": [{"ask_approval": "finance"}, {"ask_approval": "manager"}, {"ask_approval": "legal"}]},
        {"id": "task", "on": "opportunity", "since": "opened_at", "after": "1d", "when": {"status": "open"},
         "until": {"stage": ">= 2"}, "then": [{"todo": {"for": "owner", "within": "2bd"}}]},
        {"id": "late", "on": "request", "since": "requested_at", "after": "4h", "when": {"status": "open"},
         "then": [{"escalate": "manager"}]},
    ],
})  # fmt: skip


def test_what_follows_from_rules_follows_in_both_worlds():
    run = office_with_journal(five_reps(), FOLLOWED, SEED, 6)
    report, effects = parity(run), {did.effect for did in OfficeJournal(run).followed()}
    assert (report.missing, report.extra) == ([], [])
    assert effects == {"reassigned", "registered"}


RESTING = Policy.model_validate({
    "name": "rests", "rules": [
        {"id": f"rule-{place}-{number}", "on": kind, "since": since, "after": after, "rests": rests,
         "then": [{"notify": "owner"}], **({"repeat": {"every": "1bd", "times": 3}} if number else {})}
        for place, (kind, since, rested) in enumerate((
            ("opportunity", "opened_at", {"needs_summary": "missing"}), ("lead", "registered_at", {"source": "website"}),
            ("opportunity", "last_action_at", {"stage": "< 2"}),
        ))
        for number, (after, rests) in enumerate((
            ("30h", {"while": rested}), ("3bd", {"while": rested, "owner_absent": True}), ("5bh", {"owner_absent": True}),
        ))
    ],
})  # fmt: skip


def test_clocks_rest_alike_in_both_worlds_and_through_a_restart():
    run = office_with_journal(five_reps(), RESTING, SEED, 5)
    report = parity(run)
    assert (report.missing, report.extra) == ([], [])
    assert len(OfficeJournal(run).did()) > 300


def fired_rules(name: str) -> set[str]:
    return {did.rule for did in OfficeJournal(office(name)).did() if did.effect == "fired"}


def shifted(policy, rule_id: str):
    """The policy with one rule that waits a minute longer."""
    rule = policy.rule(rule_id)
    hours = rule.delay.amount / (60 * MINUTE) + 1 / 60
    return edited(policy, {f"{rule_id}.after": f"{hours:.9f}{'bh' if rule.delay.unit == 'bh' else 'h'}"})


PLAYBOOK = load_policy("full-playbook")
SHIFTABLE = [rule.id for rule in PLAYBOOK.rules if rule.since and rule.delay.unit != "bd"]


@pytest.mark.parametrize("rule_id", SHIFTABLE)
def test_a_rule_that_waits_a_minute_longer_is_noticed(rule_id):
    if rule_id not in fired_rules("full-playbook"):
        pytest.skip("the office gave it no occasion to fire")
    report = parity(office("full-playbook"), shifted(PLAYBOOK, rule_id), restart=False)
    assert not report.holds
    assert rule_id in {did.rule for did in (*report.missing, *report.extra)}


def test_the_policies_together_do_everything_that_rules_of_the_library_can():
    did = {each.effect for name in library_names() for each in OfficeJournal(office(name)).did()}
    promised = {effect.code for name in library_names() for rule in load_policy(name).rules for effect in rule.effects}
    promised.remove("offered")  # customers of the office look at nothing that is sent, so that nothing more is offered
    assert did >= promised | {"fired", "shadow_fired", "refused", "todo_closed", "flag_closed"}
    assert did <= set(EVENTS)
    posted = [event for name in library_names() for event in OfficeJournal(office(name)).events()]
    assert {event.event for event in posted} >= {"voided", "advanced", "won", "target_set", "stall_explained", "absence_began"}
    assert sum(event.recorded_at - event.acted_at > 60 * MINUTE for event in posted) > 1000
