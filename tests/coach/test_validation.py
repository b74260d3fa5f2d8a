"""Validating a policy over a store's past: every number here can be counted by hand."""

import random

import pytest

from coach.events import PostedEvent
from coach.problems import CoachError
from coach.validation.document import GuardrailDocument, HistoryLine, guardrail_schema, read_guardrail_document
from coach.validation.lines import check_lines, judge
from coach.validation.past import end_of_past, over_the_past, stored_events
from coach.validation.validate import history_of
from policies.documents.errors import PolicyError
from policies.engine.replay import RecordedEvent, replay
from policies.language.policy import Policy
from policies.record.records import EVENTS
from tests.coach.firm import CONTRACT, FREEZE, OFFICE, STALL, Firm, at, policy_of

NOTHING = Policy(name="nothing")
ASKING_NOTHING = [{"id": f"stage-{number}"} for number in range(1, 6)]
"""Stages that require no fields."""


@pytest.fixture
def firm(tmp_path):
    """Four opportunities from Monday 5 January 2026 on, without any policy in force.

    A (rep-1): one contact, idle for 30 days, then won. B (rep-1): one contact, idle for 20 days, then lost.
    C (rep-2): one contact, idle to the end. D (rep-2): a contact each week, won without a contract on 4 February.
    """
    firm = Firm(tmp_path)
    for record, unit in (("A", "rep-1"), ("B", "rep-1"), ("C", "rep-2"), ("D", "rep-2")):
        firm.deal(record, unit)
    for day, event, record in (
        ("2026-01-10", "contact", "D"), ("2026-01-16", "contact", "D"), ("2026-01-22", "contact", "D"),
        ("2026-01-25", "lost", "B"), ("2026-01-28", "contact", "D"), ("2026-02-03", "contact", "D"),
        ("2026-02-04", "won", "A"), ("2026-02-04", "won", "D"),
    ):  # fmt: skip
        firm.now = at(f"{day} 09:00")
        firm.post(event, record)
    return firm


def rule_of(history, rule: str, side: str = "policy"):
    return next(each for each in getattr(history, side).rules if each.rule == rule)


@pytest.mark.system("P3")
def test_a_freeze_tells_what_became_of_the_records_that_it_froze(firm):
    history = history_of(firm.store, policy_of(FREEZE), NOTHING)
    frozen = rule_of(history, "freeze-idle")
    assert frozen.firings == 3
    assert frozen.fates.later == {"lost": 1, "open": 1, "won": 1}
    assert frozen.fates.decided_before == 0
    assert frozen.sentence.en == (
        "Of the 3 opportunities frozen by this rule: 1 was won later, 1 was lost later, 1 is still open."
    )
    assert frozen.sentence.zh == "被此规则冻结的 3 个商机中：1 个后来赢单，1 个后来丢单，1 个仍在进行。"


def test_firings_and_notices_are_told_by_person_and_week(firm):
    history = history_of(firm.store, policy_of(STALL), NOTHING)
    assert history.weeks == ["2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26", "2026-02-02"]
    assert history.people == 2
    stall = rule_of(history, "stall")
    # A, B and C each stall once, on Monday 12 January; D is contacted in time, always.
    assert (stall.firings, stall.notices) == (3, 6)
    assert stall.per_person_week == pytest.approx(3 / (2 * 5))
    assert {(each.unit, each.week): (each.firings, each.notices) for each in history.policy.by_person_week} == {
        ("rep-1", "2026-01-12"): (2, 2),
        ("rep-2", "2026-01-12"): (1, 1),
        ("team-1", "2026-01-12"): (0, 3),
    }
    assert (history.policy.notices_busiest_week, history.policy.busiest_unit) == (3, "team-1")


def test_a_gate_counts_the_steps_that_it_would_have_refused(firm):
    policy = policy_of(CONTRACT, stages=ASKING_NOTHING)
    gate = rule_of(history_of(firm.store, policy, NOTHING), "contract-before-signing")
    assert (gate.gate, gate.firings) == (True, 2)
    assert gate.fates.later == {"won": 2}


def test_what_a_policy_requires_refuses_later_steps(firm):
    history = history_of(firm.store, policy_of(FREEZE, stages=ASKING_NOTHING), NOTHING)
    assert history.policy.other_refusals == {"requirement": 1}  # A was frozen, and won without its reason


def test_the_first_day_differs_between_catching_up_and_starting_now(firm):
    first = history_of(firm.store, policy_of(FREEZE), NOTHING).policy.first_day
    assert (first.from_now, first.catch_up, first.catch_up_people) == (0, 1, [("rep-2", 1)])  # only C is open and idle


def test_what_fired_in_the_store_does_not_fire_again_on_the_first_day(firm):
    firm.service.activate(policy_of(FREEZE), "tester", catch_up=True)
    history = history_of(firm.store, policy_of(FREEZE, name="again"), policy_of(FREEZE))
    assert history.policy.first_day.catch_up == 0
    assert rule_of(history, "freeze-idle").firings == 3  # the past is looked at anew


def test_a_late_entry_does_not_undo_what_fired_before_it(firm):
    firm.post("contact", "C", acted="2026-01-15 09:00")
    assert rule_of(history_of(firm.store, policy_of(FREEZE), NOTHING), "freeze-idle").fates.later["open"] == 1


def test_a_voided_entry_moves_the_clock_back(firm):
    firm.now = at("2026-02-05 09:00")
    firm.service.post([firm.event("contact", "C", key="mistake")])
    firm.post("voided", "C", voids="mistake")
    worked, live = over_the_past(firm.store, policy_of(FREEZE), *_past(firm), lambda *_: None, _never())
    row = live.row_of["opportunity", "C"]
    assert live.book.values[row, _column("last_action_at")] == at("2026-01-05 09:00")


def test_the_policy_in_shadow_fires_and_tells_nobody(firm):
    history = history_of(firm.store, policy_of({**STALL, "mode": "shadow"}), NOTHING)
    stall = rule_of(history, "stall")
    assert (stall.firings, stall.notices) == (3, 0)


LOOK = {"id": "idle-look", "on": "opportunity", "every": "week", "when": {"status": "open", "days_idle": "> 4"}, "streak": 2,
        "then": [{"flag": "amber"}, {"notify": "owner"}]}  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_the_same_things_fire_as_in_a_replay_of_the_journal(tmp_path, seed):
    """One evaluator: the past of a store and `replay` over its events agree to the instant, on events at random."""
    firm = Firm(tmp_path)
    firm.service.post(at_random(firm, random.Random(seed)))
    policy = policy_of(FREEZE, STALL, LOOK)
    events, until = _past(firm)
    worked, live = over_the_past(firm.store, policy, events, until, lambda *_: None, _never())
    mine = [(each.rule_id, live.ids[each.row], EVENTS[each.event], each.due_at, each.at) for each in worked.done]
    numbers = {each.event.key: number for number, each in enumerate(events)}
    journal = [
        RecordedEvent(
            number, each.at, each.event.acted_at, each.event.event, each.event.kind, each.row, 0,
            {name: value for name, value in each.event.payload.items() if isinstance(value, float)},
            numbers.get(each.event.voids),
        )
        for number, each in enumerate(events)
    ]  # fmt: skip
    theirs = replay(policy, OFFICE, journal, until)
    assert {rule for rule, *_ in mine} == {"freeze-idle", "stall", "idle-look"}
    assert mine == [(each.rule_id, live.ids[each.record], each.event, each.due_at, each.fired_at) for each in theirs]


def at_random(firm, chance: random.Random) -> list[PostedEvent]:
    """Seventy days of events on five opportunities: late entries, withdrawn ones, explained stalls, wins and losses."""
    start, day = firm.now, 86_400_000
    events = [firm.event("registered", f"R{number}", unit=f"rep-{1 + number % 2}", stage=1) for number in range(5)]
    for number in range(5):
        events.append(firm.event("contact", f"R{number}"))
    firm.now = start + 90 * day
    for _ in range(60):
        recorded = start + chance.randrange(70 * day)
        told = ("contact", "contact", "document", "needs_recorded", "stall_explained", "lost", "won")
        event = firm.event(chance.choices(told, (8, 8, 4, 4, 4, 1, 1))[0], f"R{chance.randrange(5)}")
        acted = recorded - chance.choice((0, 0, chance.randrange(5 * day)))
        events.append(event.model_copy(update={"acted_at": max(start, acted), "recorded_at": recorded}))
        if event.event == "contact" and chance.random() < 0.2:
            void = firm.event("voided", event.record, voids=event.key)
            events.append(void.model_copy(update={"acted_at": recorded, "recorded_at": recorded + chance.randrange(day)}))
    return [each if each.recorded_at else each.model_copy(update={"recorded_at": start}) for each in events]


@pytest.mark.file
def test_the_store_is_left_as_it_was(firm):
    before = firm.path.read_bytes()
    history_of(firm.store, policy_of(FREEZE, STALL), NOTHING)
    assert firm.path.read_bytes() == before


def test_an_empty_store_has_no_past(tmp_path):
    from coach.store import Store

    assert history_of(Store.open(tmp_path / "empty.db"), policy_of(FREEZE), NOTHING) is None


@pytest.mark.parametrize(
    ("figure", "rule", "at_most", "value", "state"),
    [
        ("notices_busiest_week", None, 3, 3, "held"),
        ("notices_busiest_week", None, 2, 3, "broken"),
        ("first_day_catch_up", "freeze-idle", 0, 1, "broken"),
        ("first_day_from_now", None, 0, 0, "held"),
        ("refused_steps", None, 100, 2, "held"),
        ("won_later", "freeze-idle", 1, None, "undecided"),  # two decided records say nothing
    ],
)
def test_lines_over_the_past(firm, figure, rule, at_most, value, state):
    policy = policy_of({**FREEZE, "then": ["freeze"]}, STALL, CONTRACT, stages=ASKING_NOTHING)
    line = HistoryLine(figure=figure, rule=rule, at_most=at_most)
    (result,) = judge(history_of(firm.store, policy, NOTHING), [line])
    assert (result.value, result.state) == (value, state)


def test_without_a_past_every_line_is_undecided():
    (result,) = judge(None, [HistoryLine(figure="refused_steps", at_most=1)])
    assert result.state == "undecided"


def test_a_line_about_a_rule_that_is_not_there_is_an_error():
    with pytest.raises(CoachError, match="freeze-idle"):
        check_lines(policy_of(FREEZE), [HistoryLine(figure="won_later", rule="freeze-idl", at_most="10%")])


@pytest.mark.parametrize(
    ("text", "line", "found"),
    [
        ("history:\n  - {figure: won_later, at_most: 110%}\n", 2, "at_most"),
        ("history:\n  - {figure: notice_busiest_week, at_most: 3}\n", 2, "notices_busiest_week"),
        ("history:\n  - {figure: refused_steps}\n", 2, "at_most"),
        ("guardrails: []\nhistory: []\n", 2, "guardrails"),
        ("guardrail: []\n", 1, "guardrails"),
    ],
)
def test_a_faulty_document_is_told_with_its_line(tmp_path, text, line, found):
    file = tmp_path / "lines.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as error:
        read_guardrail_document(file)
    problem = next(each for each in error.value.problems if found in each.en)
    assert problem.zh != problem.en
    assert problem.line == line


def test_the_schema_takes_what_the_model_takes():
    from jsonschema import Draft202012Validator

    good = {"history": [{"figure": "won_later", "rule": "freeze-idle", "at_most": "15%"}]}
    check = Draft202012Validator(guardrail_schema())
    GuardrailDocument.model_validate(good)
    assert check.is_valid(good)
    assert not check.is_valid({"history": [{"figure": "won", "at_most": 1}]})
    assert not check.is_valid({})


def _past(firm):
    with firm.store.read() as connection:
        return stored_events(connection), end_of_past(connection)


def _never():
    from threading import Event

    return Event()


def _column(name: str) -> int:
    from policies.record.records import column

    return column("opportunity", name)
