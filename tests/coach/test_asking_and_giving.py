"""What rules do beyond messages: a record goes to somebody else, a desk is asked to approve, a to-do has a title and an end."""

import pytest

from apps.board.page import Board
from apps.board.place import Place
from apps.board.recording import Recording
from coach.problems import NotAllowed
from coach.store import SYSTEM, Viewer, reading
from coach.texts import notice_text
from policies.record.records import APPROVALS
from tests.coach.firm import Firm, at, policy_of
from tests.coach.signed_in import UNITS, Desk

pytestmark = pytest.mark.file
TITLE = {"en": "Ask for the budget", "zh": "询问预算"}
ONE_STAGE = [{"id": "talks", "name": {"en": "Talks", "zh": "洽谈"}}]


def rule(*then, **told) -> dict:
    """A rule that acts on an open deal a day after it was opened."""
    return {"id": "act", "on": "opportunity", "since": "opened_at", "after": "1d", "when": {"status": "open"},
            "then": list(then)} | told  # fmt: skip


def owner(firm: Firm, record: str = "A", kind: str = "opportunity") -> str | None:
    return reading.record(firm.store, SYSTEM, kind, record)["unit"]


class TestGivingToSomebodyElse:
    def test_a_deal_goes_to_the_named_person_who_hears_of_it(self, tmp_path):
        firm = Firm(tmp_path, policy_of(rule({"assign": "rep-2"})))
        firm.deal()
        firm.until("2026-01-06 10:00")

        assert owner(firm) == "rep-2"
        told = {each["unit"]: each for each in reading.notices(firm.store, SYSTEM)}
        given_at = at("2026-01-06 09:00") + 1
        assert {unit: each["at"] for unit, each in told.items()} == {"rep-1": given_at, "rep-2": given_at}
        titles = {unit: notice_text(each["effect"], each["role"], "A", None, each["rule"], "en")["title"]
                  for unit, each in told.items()}  # fmt: skip
        assert titles == {"rep-1": "No longer yours: A", "rep-2": "Now yours: A"}
        event = reading.history(firm.store, SYSTEM, "opportunity", "A")["events"][-1]
        assert (event["source"], event["event"], event["payload"]) == ("rules", "reassigned", {"owner": "rep-2"})

    @pytest.mark.parametrize("name", ["nobody-here", "rep-1"])
    def test_nothing_happens_where_nobody_has_the_name_or_the_record_is_that_persons(self, tmp_path, name):
        firm = Firm(tmp_path, policy_of(rule({"assign": name})))
        firm.deal()
        firm.until("2026-01-06 10:00")

        assert firm.fired() == [f"01-06 09:00 act/A passed_on {name}"]
        assert owner(firm) == "rep-1"

    def test_what_is_for_somebody_who_left_is_for_the_unit_above(self, tmp_path):
        firm = Firm(tmp_path, policy_of(rule({"assign": "rep-2"})))
        firm.post("absence_began", "rep-2", kind="unit", left_at=float(firm.now))
        firm.deal()
        firm.until("2026-01-06 10:00")

        assert owner(firm) == "team-1"

    def test_a_closed_deal_stays_where_it_is(self, tmp_path):
        firm = Firm(tmp_path, policy_of(rule({"set": {"status": "lost"}}, {"assign": "rep-2"})))
        firm.deal()
        firm.until("2026-01-06 10:00")

        assert owner(firm) == "rep-1"

    @pytest.mark.parametrize("kind", ["lead", "opportunity"])
    def test_routing_chooses_somebody_else(self, tmp_path, kind):
        since = {"lead": "registered_at", "opportunity": "opened_at"}[kind]
        acting = rule({"assign": "routing"}, on=kind, since=since, when={})
        firm = Firm(tmp_path, policy_of(acting, routing={"method": "best_suited"}))
        firm.post("registered", "A", kind=kind, unit="rep-1", owner="rep-1")
        firm.until("2026-01-06 10:00")

        assert owner(firm, kind=kind) == "rep-2"

    def test_a_restart_between_the_rule_and_the_hand_over_does_it_once(self, tmp_path):
        firm = Firm(tmp_path, policy_of(rule({"assign": "rep-2"})))
        firm.deal()
        firm.stand_still("2026-01-06 09:00")
        firm.service.tick()
        assert owner(firm) == "rep-1"

        for _ in range(3):
            firm.stand_still("2026-01-06 09:01")
            assert firm.service.next_due() in (None, at("2026-01-06 09:00") + 1) or owner(firm) == "rep-2"
            firm.service.tick()
        events = reading.history(firm.store, SYSTEM, "opportunity", "A")["events"]
        given = [each for each in events if each["source"] == "rules"]
        assert [(each["event"], each["recorded_at"]) for each in given] == [("reassigned", at("2026-01-06 09:00") + 1)]
        assert owner(firm) == "rep-2"

    def test_another_policy_at_the_next_instant_does_not_lose_it(self, tmp_path):
        firm = Firm(tmp_path, policy_of(rule({"assign": "rep-2"})))
        firm.deal()
        firm.until("2026-01-06 09:00")
        firm.service.activate(policy_of(name="other"), "tester")
        firm.stand_still("2026-01-06 09:05")
        firm.service.tick()

        assert owner(firm) == "rep-2"


@pytest.fixture
def desk(tmp_path) -> Desk:
    """A firm under a rule that asks finance to approve each deal, and a deal that a day has passed over."""
    asking = rule({"ask_approval": "finance"}, says={"en": "Is {record} worth it?", "zh": "{record}值得做吗？"})
    desk = Desk(Firm(tmp_path, policy_of(asking, stages=ONE_STAGE, support={"finance_hours": 4})))
    desk.person("finance", "desk", "finance")
    desk.firm.deal(customer="Northern Valves")
    desk.firm.until("2026-01-06 10:00")
    return desk


def lacks(desk: Desk) -> list[str] | None:
    """What somebody who signs the deal now is told to be missing; None where it is signed."""
    refusal = desk.firm.service.gate(desk.firm.event("won"), "sign", "tester")
    return None if refusal is None else refusal.missing


class TestAskingForApproval:
    def test_the_desk_gets_a_request_with_its_promise_and_what_the_rule_says(self, desk):
        (request,) = desk.ask("finance", "GET", "/requests").json()

        assert (request["asked_for"], request["deal"], request["unit"]) == ("approval", "A", "rep-1")
        assert request["requested_at"] == at("2026-01-06 09:00") + 1
        assert request["promised_at"] == at("2026-01-06 14:30") + 1
        assert "worth it" in request["question"]
        assert "值得做吗" in request["question"]

    def test_nobody_signs_before_it_is_granted(self, desk):
        assert lacks(desk) == ["finance_approval"]
        (request,) = desk.ask("finance", "GET", "/requests").json()
        desk.firm.now += 60_000
        answer = desk.ask("finance", "POST", f"/requests/{request['id']}/answer", json={"answer": "Go.", "granted": True})

        assert answer.status_code == 200, answer.text
        assert lacks(desk) is None

    @pytest.mark.parametrize("who", ["rep", "manager", "finance", "desk"])
    def test_nobody_approves_by_recording_it_instead_of_the_desk(self, desk, who):
        for event, told in (
            ("field_recorded", {}), ("contact", {}), ("advanced", {"intent": "advance"}), ("won", {"intent": "sign"}),
        ):  # fmt: skip
            posted = desk.firm.event(event, **told, finance_approval="ok by me").model_dump(mode="json")
            answer = desk.ask(who, "POST", "/events", json={"events": [posted]}).json()
            assert (answer["accepted"], len(answer["refused"])) == (0, 1)
            if who in ("rep", "manager"):
                assert "Only finance can approve this" in answer["refused"][0]["en"]
                assert "财务" in answer["refused"][0]["zh"]
        assert lacks(desk) == ["finance_approval"]

    @pytest.mark.parametrize("field", APPROVALS)
    @pytest.mark.parametrize("who", ["rep", "manager"])
    def test_that_holds_for_every_desk_and_on_the_board(self, desk, who, field):
        viewer = Viewer(who, who, UNITS[who], "en")
        board = Recording(desk.firm.store, desk.firm.service, viewer)
        with pytest.raises(NotAllowed, match="by answering a request"):
            board.explain("opportunity", "A", {field: "ok by me"})
        assert field not in desk.ask("rep", "GET", "/records/opportunity/A").json()["values"]

    def test_operations_bring_in_what_another_system_answered(self, desk):
        posted = desk.firm.event("field_recorded", finance_approval="as in the ERP").model_dump(mode="json")
        assert desk.ask("operations", "POST", "/events", json={"events": [posted]}).json()["accepted"] == 1
        assert lacks(desk) is None

    def test_today_says_for_whom_the_deal_waits_and_counts_it_as_no_delay_of_the_rep(self, desk):
        desk.firm.until("2026-01-08 10:00")  # two days after the promise
        (told,) = desk.ask("rep", "GET", "/reps/rep-1/today").json()["obligations"]
        assert (told["what"], told["overdue"]) == ("waits", False)
        assert (told["text"]["en"], told["text"]["zh"]) == ("Asked, waits for finance.", "已申请，等待财务答复。")

        (request,) = desk.ask("finance", "GET", "/requests").json()
        desk.ask("finance", "POST", f"/requests/{request['id']}/answer", json={"answer": "Too thin.", "granted": False})
        (told,) = desk.ask("rep", "GET", "/reps/rep-1/today").json()["obligations"]
        assert (told["what"], told["overdue"]) == ("ask", True)
        assert "ask under Requests" in told["text"]["en"]

    @pytest.mark.parametrize("view", ["today", "pipeline"])
    def test_the_board_links_to_the_requests_and_has_no_form_for_an_approval(self, desk, view):
        board = Board(desk.firm.store, desk.firm.service, Viewer("rep", "rep", "rep-1", "en"))
        board.go(Place(view))
        html = board.html
        assert "Asked, waits for finance." in html
        assert "name='finance_approval'" not in html
        assert "view=requests&amp;lang=en'>Requests</a></div>" in html

    def test_after_a_refusal_the_deal_waits_until_somebody_asks_again_and_is_granted(self, desk):
        (request,) = desk.ask("finance", "GET", "/requests").json()
        desk.ask("finance", "POST", f"/requests/{request['id']}/answer", json={"answer": "Too thin.", "granted": False})
        assert lacks(desk) == ["finance_approval"]
        again = {"deal": "A", "desk": "finance", "asked_for": "approval", "question": "And at a better price?"}
        asked = desk.ask("rep", "POST", "/requests", json=again).json()
        desk.firm.now += 60_000
        desk.ask("finance", "POST", f"/requests/{asked['id']}/answer", json={"granted": True})

        assert lacks(desk) is None

    def test_a_desk_is_not_asked_again_while_it_has_not_answered(self, tmp_path):
        often = rule({"ask_approval": "manager"}, since="last_action_at")
        firm = Firm(tmp_path, policy_of(often))
        firm.deal()
        firm.until("2026-01-06 10:00")
        firm.post("contact")
        firm.until("2026-01-08 10:00")

        assert len([line for line in firm.fired() if "approval_asked" in line]) == 2
        assert len(reading.records(firm.store, SYSTEM, kind="request")) == 1


class TestToDos:
    TASK = rule(
        {"todo": {"for": "owner", "title": TITLE, "within": "2bd"}}, until={"budget": "present"}, when={"stage": 1},
    )  # fmt: skip

    def todo(self, firm: Firm) -> dict:
        (todo,) = reading.todos(firm.store, SYSTEM, open_only=False)
        return todo

    def test_it_is_due_in_working_time_after_it_was_opened(self, tmp_path):
        firm = Firm(tmp_path, policy_of(self.TASK), start="2026-01-08 09:00")
        firm.deal()
        firm.until("2026-01-09 10:00")  # a Friday

        assert self.todo(firm)["due_at"] == at("2026-01-13 09:00")

    def test_it_says_its_title_and_who_did_not_do_it_reads_it_on_the_list(self, tmp_path):
        desk = Desk(Firm(tmp_path, policy_of(self.TASK)))
        desk.firm.deal()
        desk.firm.until("2026-01-06 10:00")

        (told,) = desk.ask("rep", "GET", "/todos").json()
        assert told["text"] == TITLE
        (obligation,) = desk.ask("rep", "GET", "/reps/rep-1/today").json()["obligations"]
        assert obligation["named"] == TITLE
        (notice,) = desk.ask("rep", "GET", "/notices").json()
        assert notice["role"] == "owner"

    def test_it_ends_by_its_own_condition_and_not_with_the_rules(self, tmp_path):
        firm = Firm(tmp_path, policy_of(self.TASK))
        firm.deal()
        firm.until("2026-01-06 10:00")
        firm.post("advanced", stage=2)
        firm.until("2026-01-07 10:00")
        assert self.todo(firm)["closed_at"] is None

        firm.post("field_recorded", budget=5.0)
        assert firm.fired()[-1] == "01-07 10:00 act/A todo_closed owner"

    def test_it_ends_by_being_done_and_a_restart_keeps_it(self, tmp_path):
        firm = Firm(tmp_path, policy_of(self.TASK))
        firm.deal()
        firm.until("2026-01-06 10:00")
        reading.finish_todo(firm.store, SYSTEM, self.todo(firm)["id"], firm.now)
        firm.stand_still("2026-01-20 10:00")
        firm.service.tick()

        assert reading.todos(firm.store, SYSTEM) == []
        assert self.todo(firm)["due_at"] == at("2026-01-08 09:00")
