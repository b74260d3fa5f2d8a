"""Four eyes: what did not pass acts on people only with a reason and a second person, whichever way it is asked for."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from coach.problems import CoachError, NotAllowed, NotFound
from coach.rules import approving
from coach.store import Viewer, tables
from coach.store.validations import digest_of, keep_validation, latest_validation
from tests.coach.firm import BEHIND, FREEZE, STALL, Firm, policy_of
from tests.coach.signed_in import Desk

OPERATIONS, MANAGER = Viewer("Qi", "operations"), Viewer("Rui", "manager", "team-1")
SHADOW = {"mode": "shadow"}


@pytest.fixture
def firm(tmp_path):
    made = Firm(tmp_path)
    made.deal()
    return made


def audit(firm: Firm) -> list[tuple[str, str, dict]]:
    with firm.store.read() as connection:
        rows = connection.execute(select(tables.audit).order_by(tables.audit.c.id)).all()
    return [(each.actor, each.action, json.loads(each.detail)) for each in rows]


def in_force(firm: Firm) -> list[str]:
    return [rule.id for rule in firm.service.policy().rules if rule.mode == "live"]


def test_what_passed_goes_in_force_at_once_and_the_audit_names_the_validation(firm):
    number = keep_validation(firm.store, policy_of(STALL), True, firm.now, "Qi")
    outcome = approving.put_in_force(firm.service, OPERATIONS, policy_of(STALL))
    assert outcome.request is None
    assert in_force(firm) == ["stall"]
    actor, action, told = audit(firm)[-1]
    assert (actor, action, told["validation"], told["passed"]) == ("Qi", "policy_activate", number, True)


@pytest.mark.parametrize("passed", [False, None])
def test_what_did_not_pass_needs_a_reason_and_another_person(firm, passed):
    policy = policy_of(STALL)
    number = None if passed is None else keep_validation(firm.store, policy, passed, firm.now, "Qi")
    with pytest.raises(approving.ReasonNeeded) as caught:
        approving.put_in_force(firm.service, OPERATIONS, policy, reason="  ")
    assert ("never validated" if passed is None else "did not pass") in caught.value.en
    assert ("从未验证" if passed is None else "未通过验证") in caught.value.zh
    asked = approving.put_in_force(firm.service, OPERATIONS, policy, reason="the quarter ends")
    assert asked.version is None
    assert in_force(firm) == []
    (waiting,) = approving.requests(firm.store, MANAGER)
    assert (waiting.asked_by, waiting.reason, waiting.validation, waiting.passed) == ("Qi", "the quarter ends", number, passed)
    for other in (OPERATIONS, Viewer("Ann", "rep", "rep-1"), Viewer("Tao", "trainer")):
        with pytest.raises(NotAllowed):
            approving.confirm(firm.service, other, waiting.number)
    version = approving.confirm(firm.service, MANAGER, waiting.number)
    assert in_force(firm) == ["stall"]
    _, action, told = audit(firm)[-1]
    assert action == "policy_activate"
    assert told == {
        "version": version, "fired": 0, "asked_by": "Qi", "confirmed_by": "Rui", "request": waiting.number,
        "validation": number, "reason": "the quarter ends",
    }  # fmt: skip
    with pytest.raises(approving.Changed):
        approving.confirm(firm.service, MANAGER, waiting.number)


def test_who_asks_does_not_confirm_also_with_another_role(firm):
    asked = approving.put_in_force(firm.service, OPERATIONS, policy_of(STALL), reason="now")
    with pytest.raises(CoachError, match="Another person"):
        approving.confirm(firm.service, Viewer("Qi", "manager", "company"), asked.request)


def test_a_mode_is_no_way_around(firm):
    approving.put_in_force(firm.service, OPERATIONS, policy_of(STALL | SHADOW))
    assert in_force(firm) == []
    with pytest.raises(approving.ReasonNeeded):
        approving.set_mode(firm.service, OPERATIONS, "stall", "live")
    asked = approving.set_mode(firm.service, OPERATIONS, "stall", "live", reason="it fired rightly for a week")
    approving.confirm(firm.service, MANAGER, asked.request)
    assert in_force(firm) == ["stall"]
    for mode in ("shadow", "off"):
        assert approving.set_mode(firm.service, OPERATIONS, "stall", mode).request is None


def test_a_policy_that_passed_in_shadow_passed_as_live(firm):
    keep_validation(firm.store, policy_of(STALL | SHADOW), True, firm.now, "Qi")
    approving.put_in_force(firm.service, OPERATIONS, policy_of(STALL | SHADOW))
    assert approving.set_mode(firm.service, OPERATIONS, "stall", "live").request is None


def test_the_latest_validation_counts(firm):
    for passed in (True, False):
        keep_validation(firm.store, policy_of(STALL), passed, firm.now, "Qi")
    with firm.store.read() as connection:
        assert not latest_validation(connection, policy_of(STALL)).passed
    with pytest.raises(approving.ReasonNeeded):
        approving.put_in_force(firm.service, OPERATIONS, policy_of(STALL))


def test_a_request_is_void_once_another_policy_is_in_force(firm):
    asked = approving.put_in_force(firm.service, OPERATIONS, policy_of(STALL), reason="now")
    firm.service.activate(policy_of(FREEZE), "tester")
    with pytest.raises(approving.Changed, match="since this was asked for"):
        approving.confirm(firm.service, MANAGER, asked.request)
    approving.refuse(firm.service, MANAGER, asked.request)
    assert approving.requests(firm.store, OPERATIONS) == []
    assert approving.requests(firm.store, OPERATIONS, waiting=False)[0].decision == "refused"
    assert in_force(firm) == ["freeze-idle"]


def test_the_person_who_asked_may_withdraw_and_others_of_operations_may_not(firm):
    asked = approving.put_in_force(firm.service, OPERATIONS, policy_of(STALL), reason="now")
    with pytest.raises(NotAllowed):
        approving.refuse(firm.service, Viewer("Bo", "operations"), asked.request)
    approving.refuse(firm.service, OPERATIONS, asked.request)
    assert approving.requests(firm.store, MANAGER, waiting=False)[0].decision == "withdrawn"
    with pytest.raises(NotFound):
        approving.refuse(firm.service, MANAGER, 99)


RULES = st.lists(st.sampled_from([STALL, FREEZE, BEHIND]), max_size=3, unique_by=lambda rule: rule["id"])
MODES = st.sampled_from(["off", "shadow", "live"])


@given(RULES, st.data())
def test_modes_and_words_do_not_change_what_was_validated_and_anything_else_does(rules, data):
    policy = policy_of(*rules)
    moded = policy_of(*(rule | {"mode": data.draw(MODES)} for rule in rules), name="another-name")
    assert digest_of(moded) == digest_of(policy)
    other = policy_of(*rules, targets={"visibility": "public"})
    assert digest_of(other) != digest_of(policy)
    assert digest_of(policy_of(*rules, STALL | {"id": "one-more"})) != digest_of(policy)


@given(RULES, RULES, st.data())
def test_only_what_acts_on_people_anew_needs_a_second_person(before, after, data):
    now = policy_of(*(rule | {"mode": data.draw(MODES)} for rule in before))
    wanted = policy_of(*(rule | {"mode": data.draw(MODES)} for rule in after))
    live = [rule.id for rule in now.rules if rule.mode == "live"]
    assert approving.acts_anew(wanted, now) == any(rule.mode == "live" and rule.id not in live for rule in wanted.rules)
    assert approving.acts_anew(policy_of(*after, targets={"visibility": "public"}), now)


def test_the_interface_asks_the_same(tmp_path):
    desk = Desk(Firm(tmp_path))
    body = {"name": "freeze-7d"}
    assert desk.ask("operations", "POST", "/policies/activate", json=body).status_code == 409
    asked = desk.ask("operations", "POST", "/policies/activate", json=body | {"reason": "a pilot"}).json()
    assert asked["number"] is None
    assert desk.ask("rep", "GET", "/policies/requests").status_code == 403
    (waiting,) = desk.ask("manager", "GET", "/policies/requests").json()
    assert waiting["reason"] == "a pilot"
    address = f"/policies/requests/{asked['request']}"
    assert desk.ask("operations", "POST", f"{address}/confirm").status_code == 403
    assert desk.ask("manager", "POST", f"{address}/confirm").json()["number"] == 0
    assert desk.ask("manager", "POST", f"{address}/refuse").status_code == 409
    assert desk.ask("operations", "GET", "/policies/current").json()["document"]["name"] == "freeze-7d"
