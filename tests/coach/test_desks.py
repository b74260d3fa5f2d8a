"""Desks: what is asked of them, by when they promise to answer, who may see and answer it, and what a grant lets through."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.desks import queue
from coach.rules.service import Service
from coach.store import SYSTEM, Store
from policies.time.calendar import Calendar
from tests.coach.firm import Firm, policy_of
from tests.coach.signed_in import Desk
from tests.policies.oracle_calendar import PlainCalendar

pytestmark = pytest.mark.file
ONE_STAGE = [{"id": "talks", "name": {"en": "Talks", "zh": "洽谈"}}]
PROMISES = {"presales_hours": 8, "legal_hours": 16, "finance_hours": 4}


@pytest.fixture
def desk(tmp_path):
    """A firm with two deals, under a policy that promises times and has finance look at expenses."""
    firm = Firm(tmp_path, policy_of(stages=ONE_STAGE, support=PROMISES, discount={"authority": 0.1, "max": 0.25}))
    desk = Desk(firm)
    for name, unit in (("legal", "legal"), ("finance", "finance"), ("delivery", "delivery")):
        desk.person(name, "desk", unit)
    firm.deal("A", "rep-1", customer="Northern Valves", amount=50_000.0)
    firm.deal("B", "rep-2", customer="Southern Pumps", amount=20_000.0)
    return desk


def asked(desk: Desk, role: str = "rep", deal: str = "A", to: str = "presales", **told) -> dict:
    answer = desk.ask(role, "POST", "/requests", json={"deal": deal, "desk": to, **({"question": "Fits it?"} | told)})
    assert answer.status_code == 200, answer.text
    return answer.json()


def answered(desk: Desk, role: str, request: dict, **told):
    return desk.ask(role, "POST", f"/requests/{request['id']}/answer", json=told)


def open_hours_after(start: int, hours: float) -> int:
    """By the calendar that counts in small steps."""
    return PlainCalendar.of(Calendar()).after_open_time(start, round(hours * 3_600_000))


@pytest.mark.system("H6")
class TestAsking:
    def test_a_request_gets_the_time_that_its_desk_promises_and_waits_at_that_desk_alone(self, desk):
        made = asked(desk)

        assert made["promised_at"] == open_hours_after(desk.firm.now, 8)
        assert [each["id"] for each in desk.ask("desk", "GET", "/requests").json()] == [made["id"]]
        assert desk.ask("legal", "GET", "/requests").json() == []
        assert desk.ask("peer", "GET", "/requests").json() == []

    def test_a_desk_that_promises_nothing_names_no_time(self, desk):
        assert asked(desk, to="delivery")["promised_at"] is None

    def test_the_promise_of_another_system_stays_as_it_was_told(self, desk):
        promise = float(desk.firm.now + 1000)
        desk.firm.post("registered", "r", kind="request", unit="rep-1", desk="presales", opportunity="A", promised_at=promise)

        assert desk.ask("rep", "GET", "/requests").json()[0]["promised_at"] == promise

    def test_what_is_promised_first_stands_first_and_each_says_how_many_are_ahead(self, desk):
        desk.firm.post("registered", "late", kind="request", unit="rep-2", desk="presales", opportunity="B")
        desk.firm.now += 60_000
        desk.firm.post(
            "registered", "soon", kind="request", unit="rep-1", desk="presales", opportunity="A",
            promised_at=float(desk.firm.now + 60_000),
        )  # fmt: skip
        told = desk.ask("desk", "GET", "/requests").json()

        assert [(each["id"], each["place"]) for each in told] == [("soon", 0), ("late", 1)]
        assert desk.ask("peer", "GET", "/requests").json()[0]["place"] == 1

    def test_a_desk_is_told_what_it_needs_of_the_deal_and_sees_no_other_record(self, desk):
        desk.firm.post("needs_recorded", "A", needs_summary="Sealed to 40 bar")
        asked(desk)
        told = desk.ask("desk", "GET", "/requests").json()[0]

        assert told["title"]["en"].startswith("Northern Valves")
        assert told["about"]["needs_summary"] == "Sealed to 40 bar"
        assert desk.ask("desk", "GET", "/records").json() == []
        assert desk.ask("desk", "GET", "/records/opportunity/A").status_code == 404

    @pytest.mark.parametrize("told", [
        {"to": "presales", "asked_for": "expense", "sum": 10.0}, {"to": "finance", "asked_for": "expense"},
        {"to": "manager", "asked_for": "discount", "discount": 0.3}, {"to": "presales", "question": "  "},
    ])  # fmt: skip
    def test_what_cannot_be_asked_is_refused_with_the_remedy_and_nothing_is_recorded(self, desk, told):
        wanted = {"deal": "A", "desk": told.pop("to"), "question": "why"} | told
        answer = desk.ask("rep", "POST", "/requests", json=wanted)

        assert answer.status_code == 422
        assert answer.json()["en"]
        assert answer.json()["zh"]
        assert desk.ask("admin", "GET", "/requests").json() == []

    @pytest.mark.parametrize("text", ["a\x0bb", "a\x00b", "a\x7fb"])
    def test_a_text_with_control_characters_is_refused(self, desk, text):
        wanted = {"deal": "A", "desk": "presales", "question": text}

        assert desk.ask("rep", "POST", "/requests", json=wanted).status_code == 422

    def test_nobody_asks_about_a_deal_of_a_peer(self, desk):
        answer = desk.ask("rep", "POST", "/requests", json={"deal": "B", "desk": "presales", "question": "x"})

        assert answer.status_code == 404


@pytest.mark.system("H6")
class TestAnswering:
    def test_its_desk_answers_and_who_asked_reads_it(self, desk):
        made = asked(desk)
        desk.firm.now += 3_600_000

        assert answered(desk, "desk", made, answer="Yes, with the 40 bar seal").status_code == 200
        told = desk.ask("rep", "GET", "/requests?open_only=false").json()[0]
        assert (told["status"], told["answer"], told["answered_at"]) == ("answered", "Yes, with the 40 bar seal", desk.firm.now)
        assert desk.ask("desk", "GET", "/requests").json() == []

    @pytest.mark.parametrize("role", ["rep", "peer", "manager", "legal"])
    def test_nobody_else_answers_it_by_whatever_way(self, desk, role):
        made = asked(desk)
        event = desk.firm.event("answered", made["id"], kind="request", answer="x").model_dump(mode="json")

        assert answered(desk, role, made, answer="x").status_code in (403, 404)
        assert desk.ask(role, "POST", "/events", json={"events": [event]}).json()["accepted"] == 0
        assert desk.ask("desk", "GET", "/requests").json()[0]["status"] == "open"

    def test_a_late_answer_is_told_as_late_and_an_answered_request_takes_no_second(self, desk):
        made = asked(desk, to="finance", asked_for="expense", sum=100.0)
        desk.firm.now = made["promised_at"] + 1

        assert answered(desk, "finance", made, granted=True).json()["late"]
        assert answered(desk, "finance", made, granted=False, answer="no").status_code == 422

    def test_a_refusal_needs_its_reason(self, desk):
        made = asked(desk, to="finance", asked_for="expense", sum=100.0)

        assert answered(desk, "finance", made, granted=False).status_code == 422
        assert answered(desk, "finance", made).status_code == 422

    def test_a_request_is_taken_back_until_it_is_answered(self, desk):
        first, second = asked(desk), asked(desk)
        answered(desk, "desk", second, answer="done")

        assert desk.ask("rep", "POST", f"/requests/{first['id']}/withdraw").json()["status"] == "withdrawn"
        assert desk.ask("rep", "POST", f"/requests/{second['id']}/withdraw").status_code == 422

    def test_what_legal_grants_stands_on_the_deal(self, desk):
        made = asked(desk, to="legal", asked_for="approval", question="Contract as sent?")
        answered(desk, "legal", made, granted=True, answer="As sent on Monday")

        assert desk.ask("rep", "GET", "/records/opportunity/A").json()["values"]["legal_approval"] == "As sent on Monday"

    def test_a_restart_changes_nothing(self, desk):
        made = asked(desk)
        again = Store.open(desk.firm.path)
        service = Service(again, lambda: desk.firm.now)
        service.tick()
        assert [each.id for each in queue.requests(again, SYSTEM)] == [made["id"]]
        again.close()


def win(desk: Desk, role: str = "rep", **payload):
    event = desk.firm.event("won", "A", intent="sign", **payload).model_dump(mode="json")
    return desk.ask(role, "POST", "/gates/sign", json=event)


class TestDiscounts:
    @pytest.mark.parametrize(("discount", "passes"), [(0.05, True), (0.1, True), (0.11, False), (0.25, False), (0.26, False)])
    def test_a_rep_goes_as_far_as_the_own_authority(self, desk, discount, passes):
        answer = win(desk, discount=discount)

        assert (answer.status_code == 200) is passes
        if not passes:
            assert answer.json()["rule"] == ("discount_max" if discount > 0.25 else "discount_authority")
            assert "%" in answer.json()["zh"]

    def test_with_the_managers_approval_further_and_no_further_than_approved(self, desk):
        made = asked(desk, to="manager", asked_for="discount", discount=0.18)

        assert win(desk, discount=0.18).status_code == 409
        assert answered(desk, "manager", made, granted=True).status_code == 200
        assert win(desk, discount=0.2).status_code == 409
        assert win(desk, discount=0.18).status_code == 200

    def test_a_rep_approves_nothing(self, desk):
        made = asked(desk, to="manager", asked_for="discount", discount=0.18)
        event = desk.firm.event("field_recorded", "A", approved_discount=0.2).model_dump(mode="json")

        assert answered(desk, "rep", made, granted=True).status_code == 403
        assert desk.ask("rep", "POST", "/events", json={"events": [event]}).json()["accepted"] == 0

    def test_what_another_system_reports_is_kept_as_a_breach(self, desk):
        desk.firm.post("won", "A", discount=0.4)

        assert [each["rule"] for each in desk.ask("admin", "GET", "/breaches").json()] == ["discount_max"]


def spend(desk: Desk, total: float):
    event = desk.firm.event("spent", "A", intent="expense", expenses=total).model_dump(mode="json")
    return desk.ask("rep", "POST", "/gates/expense", json=event)


@pytest.mark.system("M1")
class TestExpenses:
    def test_a_rep_passes_the_gates_whether_or_not_the_step_names_them(self, desk):
        spent = desk.firm.event("spent", "A", expenses=80.0).model_dump(mode="json")
        signed = desk.firm.event("won", "A", discount=0.5).model_dump(mode="json")
        told = desk.ask("rep", "POST", "/events", json={"events": [spent, signed]})

        assert told.status_code == 409
        assert [each["rule"] for each in told.json()["refusals"]] == ["expense_grant", "discount_max"]

    def test_what_a_deal_has_cost_is_never_below_nothing(self, desk):
        event = {"source": "x", "key": "1", "event": "spent", "kind": "opportunity", "record": "A", "acted_at": desk.firm.now}
        told = desk.ask("admin", "POST", "/events", json={"events": [event | {"payload": {"expenses": -5}}]}).json()

        assert "not below nothing" in told["refused"][0]["en"]

    def test_finance_grants_first(self, desk):
        assert spend(desk, 80.0).json()["rule"] == "expense_grant"
        made = asked(desk, to="finance", asked_for="expense", sum=100.0)
        assert spend(desk, 80.0).status_code == 409
        answered(desk, "finance", made, granted=True)

        assert spend(desk, 80.0).status_code == 200
        assert spend(desk, 101.0).json()["rule"] == "expense_sum"
        assert spend(desk, 100.0).status_code == 200

    def test_what_finance_refuses_is_no_grant(self, desk):
        made = asked(desk, to="finance", asked_for="expense", sum=100.0)
        answered(desk, "finance", made, granted=False, answer="No progress")

        assert spend(desk, 80.0).status_code == 409

    def test_on_record_it_is_granted_at_once(self, desk):
        desk.firm.service.activate(policy_of(name="on-record", expenses={"approval": "on_record"}), "tester")

        assert spend(desk, 80.0).status_code == 200

    def test_an_answer_without_a_sum_lets_one_expense_through(self, desk):
        desk.firm.post("registered", "r", kind="request", unit="rep-1", desk="finance", asked_for="expense", opportunity="A")
        desk.firm.now += 1000
        desk.firm.post("answered", "r", kind="request")
        desk.firm.now += 1000

        assert spend(desk, 80.0).status_code == 200
        desk.firm.now += 1000
        assert spend(desk, 90.0).status_code == 409

    @given(st.lists(st.tuples(st.booleans(), st.integers(1, 500)), min_size=1, max_size=8), st.integers(0, 1000))
    def test_expenses_never_go_beyond_what_was_spent_before_and_granted(self, steps, before):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            firm = Firm(Path(folder), policy_of())
            firm.deal("A", "rep-1")
            if before:
                firm.service.activate(policy_of(name="on-record", expenses={"approval": "on_record"}), "tester")
                firm.post("spent", "A", expenses=float(before))
                firm.service.activate(policy_of(name="by-finance"), "tester")
            spent, granted, requests = before, 0, 0
            for is_grant, amount in steps:
                firm.now += 1000
                if is_grant:
                    requests += 1
                    named = {"kind": "request", "unit": "rep-1"}
                    firm.post(
                        "registered", f"r{requests}", desk="finance", asked_for="expense", opportunity="A", sum=float(amount),
                        **named,
                    )  # fmt: skip
                    firm.post("answered", f"r{requests}", kind="request", granted=True)
                    granted += amount
                    continue
                event = firm.event("spent", "A", intent="expense", expenses=float(spent + amount))
                refusal = firm.service.gate(event, "expense", "rep")
                allowed = granted > 0 and spent + amount <= before + granted
                assert (refusal is None) is allowed
                spent += amount if allowed else 0
            firm.store.close()


def test_a_gate_that_is_asked_says_the_same_as_the_step(tmp_path):
    firm = Firm(tmp_path, policy_of(stages=ONE_STAGE))
    desk = Desk(firm)
    firm.deal("A", "rep-1", discount=0.15)

    assert desk.ask("rep", "GET", "/gates/expense/opportunity/A").json()["rule"] == "expense_grant"
    assert desk.ask("rep", "GET", "/gates/sign/opportunity/A").json()["rule"] == "discount_authority"


def test_somebody_at_a_desk_that_there_is_not_is_refused(tmp_path):
    desk = Desk(Firm(tmp_path))
    answer = desk.ask("admin", "POST", "/people", json={"name": "n", "role": "desk", "unit": "kitchen"})

    assert answer.status_code == 422
    assert "presales" in answer.json()["en"]
