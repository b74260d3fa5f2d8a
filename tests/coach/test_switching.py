"""Policies are switched, looked at beforehand and taken back: what begins, what ends, and what is as if it had not been."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from coach.problems import CoachError, NotFound
from coach.store import SYSTEM, reading, tables
from tests.coach.firm import BEHIND, FREEZE, STALL, Firm, at, policy_of


def test_switching_on_over_old_records_shows_what_catching_up_would_do_and_starts_the_clocks_now(tmp_path):
    firm = Firm(tmp_path)
    for number in range(3):
        firm.deal(f"old-{number}", "rep-1" if number else "rep-2")
    firm.now = at("2026-03-02 09:00")
    (preview,) = firm.service.preview(policy_of(STALL))
    assert (preview.firings, preview.people) == (3, [("rep-1", 2), ("rep-2", 1)])
    assert [each["record"] for each in preview.records] == ["old-0", "old-1", "old-2"]
    assert firm.fired() == []
    firm.service.activate(policy_of(STALL), "tester")
    firm.until("2026-03-09 08:59")
    assert firm.fired() == []
    firm.until("2026-03-09 09:00")
    assert len([line for line in firm.fired() if "todo_opened" in line]) == 3


def test_catching_up_is_the_explicit_alternative(tmp_path):
    firm = Firm(tmp_path)
    firm.deal()
    firm.now = at("2026-03-02 09:00")
    firm.service.activate(policy_of(STALL), "tester", catch_up=True)
    assert firm.fired() == ["03-02 09:00 stall/A notified owner", "03-02 09:00 stall/A todo_opened manager"]


def test_a_rule_in_shadow_does_nothing_and_one_step_back_restores_the_policy_before(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.service.activate(firm.service.with_mode("stall", "shadow"), "tester", change="mode")
    firm.deal()
    firm.until("2026-01-13 00:00")
    assert firm.fired() == ["01-12 09:00 stall/A shadow_fired"]
    firm.service.rollback("tester")
    firm.deal("B")
    firm.until("2026-01-20 00:00")
    assert [line for line in firm.fired() if "/B" in line] == [
        "01-20 00:00 stall/B notified owner", "01-20 00:00 stall/B todo_opened manager",
    ]  # fmt: skip
    with pytest.raises(CoachError, match="earlier"):
        firm.service.rollback("tester")
    with pytest.raises(NotFound):
        firm.service.with_mode("no-such-rule", "off")


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["contact", "advanced", "won", "absence"]), st.sampled_from(["A", "B", "C"]), st.integers(1, 9 * 24)
    ),
    max_size=8,
)
POLICIES = st.lists(
    st.sampled_from(
        [STALL, FREEZE, BEHIND, STALL | {"after": "3d"}, STALL | {"id": "other"}, STALL | {"then": [{"todo": "owner"}]}]
    ),
    max_size=3,
    unique_by=lambda rule: rule["id"],
)


@given(POLICIES, POLICIES, CHANGES)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_preview_tells_what_activation_then_begins_and_ends(tmp_path_factory, before, after, changes):
    firm = Firm(tmp_path_factory.mktemp("firm"), policy_of(*before))
    for record in ("A", "B", "C"):
        firm.deal(record)
    happen(firm, changes)
    firm.service.tick()
    told = {each.rule: (each.firings, each.ends) for each in firm.service.preview(policy_of(*after))}
    known = len(done(firm))
    firm.service.activate(policy_of(*after), "tester", catch_up=True)
    came = {rule: (0, 0) for rule in told}
    for rule, event in done(firm)[known:]:
        fired, ended = came.get(rule, (0, 0))
        fired += event in ("fired", "shadow_fired")
        ended += event in ("todo_closed", "flag_closed")
        came[rule] = fired, ended
    assert came == told


RED = {"id": "red", "on": "opportunity", "when": {"status": "open"}, "since": "last_progress_at", "after": "5d",
       "then": [{"flag": "red"}, {"todo": "owner"}]}  # fmt: skip
OTHER = STALL | {"id": "other", "after": "2d"}
SET = {"id": "set", "on": "opportunity", "when": {"status": "open"}, "since": "last_progress_at", "after": "1d",
       "then": [{"set": {"amount": 7, "custom.mood": 2}}, {"require": "competitor"}, {"flag": "amber"}]}  # fmt: skip
COLD = FREEZE | {"id": "cold", "after": "1d"}


SHORT = st.lists(
    st.tuples(st.sampled_from(["contact", "advanced", "won"]), st.sampled_from(["A", "B", "C"]), st.integers(1, 48)), max_size=5
)


@given(
    st.lists(st.sampled_from([STALL, RED]), min_size=1, max_size=2, unique_by=lambda rule: rule["id"]),
    st.lists(st.sampled_from([STALL, RED, OTHER, SET, COLD]), max_size=4, unique_by=lambda rule: rule["id"]),
    CHANGES, SHORT,
)  # fmt: skip
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_step_back_leaves_what_was_open_as_if_the_policy_between_had_not_been(
    tmp_path_factory, first, between, before, during
):
    """Beside the same firm without the step: what was open then and would be open still is; nothing else is open or written."""
    taken, never = (Firm(tmp_path_factory.mktemp(name), policy_of(*first)) for name in ("taken", "never"))
    for firm in (taken, never):
        for record in ("A", "B", "C"):
            firm.deal(record)
        happen(firm, before)
        firm.service.tick()
    was_open, _ = standing(taken)
    taken.service.activate(policy_of(*between), "tester")
    for firm in (taken, never):
        happen(firm, during)
        firm.service.tick()
    taken.service.rollback("tester")
    (todos, values), (expected, without) = standing(taken), standing(never)
    due, expected_due = ({each[:3]: each[3] for each in some} for some in (todos, expected))
    assert due.keys() <= expected_due.keys()
    assert {each[:3] for each in was_open} & expected_due.keys() <= due.keys()
    assert all(due[each] <= expected_due[each] for each in due)  # earlier where it was renewed in between, which is not made up
    if not expected - was_open:
        assert values == without


def test_two_steps_back_undo_what_the_first_of_the_policies_did(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal()
    firm.until("2026-01-13 00:00")
    firm.service.activate(policy_of(COLD), "tester")
    firm.until("2026-01-16 00:00")
    firm.service.activate(policy_of(RED), "tester")
    firm.service.rollback("tester")
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["frozen"] == 1.0
    firm.service.rollback("tester")
    firm.stand_still("2026-01-16 01:00")
    (todo,) = reading.todos(firm.store, SYSTEM)
    assert (todo["rule"], todo["due_at"]) == ("stall", at("2026-01-12 09:00"))
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["frozen"] == 0.0


def test_what_a_step_back_took_away_does_not_come_again_with_a_withdrawal(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal()
    firm.post("contact", key="call-2", amount=2000.0)
    firm.service.activate(policy_of(SET), "tester")
    firm.until("2026-01-09 00:00")
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["amount"] == 7.0
    firm.service.rollback("tester")
    assert reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]["amount"] == 2000.0
    firm.post("voided", voids="call-2")
    record = reading.record(firm.store, SYSTEM, "opportunity", "A")
    assert (record["values"]["amount"], record["required"], record["values"].get("flag")) == (1000.0, [], None)


def test_an_entry_is_withdrawn_where_a_rule_wrote_a_field_of_the_firms_own(tmp_path):
    firm = Firm(tmp_path, policy_of(SET))
    firm.deal()
    firm.post("contact", key="call-2", amount=2000.0)
    firm.until("2026-01-09 00:00")
    firm.post("voided", voids="call-2")
    values = reading.record(firm.store, SYSTEM, "opportunity", "A")["values"]
    assert (values["amount"], values["custom.mood"]) == (7.0, 2.0)


def test_a_clock_goes_on_after_a_step_back_from_where_it_was(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.deal()
    firm.until("2026-01-08 09:00")
    firm.service.activate(policy_of(RED), "tester")
    firm.until("2026-01-09 09:00")
    firm.service.rollback("tester")
    assert firm.service.next_due() == at("2026-01-12 09:00")
    firm.until("2026-01-12 09:00")
    assert firm.fired() == ["01-12 09:00 stall/A notified owner", "01-12 09:00 stall/A todo_opened manager"]


def happen(firm: Firm, changes: list) -> None:
    for event, record, hours in changes:
        firm.now += hours * 3_600_000
        firm.service.tick()
        if event != "absence":
            firm.post(event, record, **({"stage": 2.0} if event == "advanced" else {}))


def standing(firm: Firm) -> tuple[set, dict]:
    """Open to-dos with their dues, and what is recorded of every deal."""
    with firm.store.read() as connection:
        todo = tables.todo.c
        query = select(todo.rule, todo.record, todo.role, todo.due_at).where(todo.closed_at.is_(None), todo.done_at.is_(None))
        todos = {tuple(row) for row in connection.execute(query)}
    deals = reading.records(firm.store, SYSTEM, kind="opportunity")
    return todos, {
        each["id"]: (each["values"], reading.record(firm.store, SYSTEM, "opportunity", each["id"])["required"])
        for each in deals
    }


def done(firm: Firm) -> list[tuple[str, str]]:
    """Everything that rules did, in order."""
    with firm.store.read() as connection:
        return [(each.rule, each.event) for each in connection.execute(select(tables.firing).order_by(tables.firing.c.number))]
