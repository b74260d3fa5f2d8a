"""One customer, one id, through the interface: search before create, likely duplicates with their owner, joint pursuits."""

import json

import pytest

from coach.customers.pairs import duplicates
from coach.customers.register import Register
from coach.customers.searching import search, sought
from coach.store import SYSTEM, reading
from tests.coach.firm import Firm, policy_of
from tests.coach.signed_in import Desk

pytestmark = pytest.mark.system("P12")
NAME, SHORT, PHONE = "北京澜信科技有限公司", "澜信科技", "13910045521"
SECRET_AMOUNT = 734_512.0


@pytest.fixture
def firm(tmp_path):
    """A customer and an open deal of rep-1, and a customer of nobody."""
    made = Firm(tmp_path, policy_of())
    made.post("registered", "C-1", kind="customer", unit="rep-1", name=NAME, phone=PHONE)
    made.deal("D-1", "rep-1", customer=NAME, amount=SECRET_AMOUNT)
    made.post("registered", "C-2", kind="customer", name="上海拓方贸易有限公司")
    return made


@pytest.fixture
def desk(firm):
    return Desk(firm)


def found(desk: Desk, role: str, **asked) -> list[dict]:
    answer = desk.ask(role, "GET", "/customers/search", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["found"]


def new_lead(firm: Firm, record: str, unit: str = "rep-2", *, apart: tuple[str, ...] = (), **payload) -> dict:
    event = firm.event("registered", record, kind="lead", unit=unit, intent="create", **payload)
    return event.model_copy(update={"not_the_same": apart}).model_dump(mode="json")


def post(desk: Desk, role: str, *events: dict):
    return desk.ask(role, "POST", "/events", json={"events": list(events)})


class TestSearch:
    @pytest.mark.parametrize("asked", [SHORT, NAME, "澜信（北京）科技", "Beijing Lanxin Technology", "139 1004 5521"])
    def test_a_customer_is_found_by_name_or_number_with_its_owner(self, desk, asked):
        (first, *_) = found(desk, "peer", q=asked)
        assert (first["name"], first["owner"]) == (NAME, "rep-1")
        assert first["verdict"] in ("likely", "perhaps")
        assert first["reasons"]["en"]
        assert len(first["reasons"]["en"]) == len(first["reasons"]["zh"])

    def test_a_peer_is_told_the_owner_and_no_figure_or_number(self, desk):
        answer = found(desk, "peer", q=NAME)
        assert answer[0]["open_deals"] is None
        assert not answer[0]["yours"]
        assert PHONE not in json.dumps(answer)
        assert str(SECRET_AMOUNT)[:6] not in json.dumps(answer)

    @pytest.mark.parametrize("further", [0, 1, 4])
    def test_a_peer_cannot_tell_how_many_deals_there_are_nor_how_they_went(self, firm, desk, further):
        """What is told is the same whether the owner has one deal or five, open or lost."""
        first = found(desk, "peer", q=NAME)
        assert [each["records"] for each in first] == [[{"kind": "customer", "id": "C-1", "active": None}]]
        for number in range(further):
            firm.deal(f"D-1{number}", "rep-1", customer=NAME)
        firm.post("lost", "D-1")
        assert found(desk, "peer", q=NAME) == first

    def test_a_peer_is_told_a_customer_that_only_deals_name_once(self, firm, desk):
        for number in range(4):
            firm.deal(f"D-1{number}", "rep-1", customer="苏州瑞珂机械有限公司")
        firm.post("lost", "D-13")
        (told,) = found(desk, "peer", q="苏州瑞珂机械")
        assert (told["owner"], told["open_deals"], told["yours"]) == ("rep-1", None, False)
        assert [(each["kind"], each["active"]) for each in told["records"]] == [("opportunity", None)]
        refused = post(desk, "peer", new_lead(firm, "L-1", customer="苏州瑞珂机械")).json()["refusals"][0]
        assert refused["known"][0]["records"] == told["records"]
        apart = (told["records"][0]["id"],)
        assert post(desk, "peer", new_lead(firm, "L-1", apart=apart, customer="苏州瑞珂机械")).status_code == 200

    @pytest.mark.parametrize("role", ["rep", "manager", "operations"])
    def test_who_may_see_the_deals_is_told_how_many_are_open(self, desk, role):
        (first, *_) = found(desk, role, q=NAME)
        assert first["open_deals"] == 1
        assert {(each["kind"], each["id"]) for each in first["records"]} == {("customer", "C-1"), ("opportunity", "D-1")}

    def test_nobody_owns_what_nobody_owns(self, desk):
        assert found(desk, "rep", q="拓方贸易")[0]["owner"] is None

    @pytest.mark.parametrize("asked", ["", " ", "北京", "科", "12", "有限公司"])
    def test_what_means_no_one_customer_is_not_searched(self, desk, asked):
        answer = desk.ask("peer", "GET", "/customers/search", params={"q": asked})
        assert answer.status_code == 422 or answer.json()["found"] == []

    @pytest.mark.parametrize("name", ["大连泰安雅食品有限公司", "大连雅食品有限公司", "HP Inc.", "3M Company"])
    def test_a_whole_legal_name_is_searched_however_short_the_name_in_it(self, firm, desk, name):
        firm.post("registered", "C-7", kind="customer", unit="rep-1", name=name)
        assert [(each["name"], each["verdict"]) for each in found(desk, "peer", q=name)] == [(name, "likely")]

    @pytest.mark.parametrize("asked", ["HP", "雅", "雅有限公司", "H Inc."])
    def test_a_short_name_alone_is_not(self, desk, asked):
        assert desk.ask("peer", "GET", "/customers/search", params={"q": asked}).status_code == 422

    def test_the_end_of_a_mobile_number_finds_nobody(self, firm, desk):
        firm.post("registered", "C-7", kind="customer", unit="rep-1", name="苏州瑞珂机械有限公司", phone="13812345678")
        assert found(desk, "peer", q="12345678") == []
        assert found(desk, "peer", q="13812345678")

    def test_a_trainer_does_not_search(self, desk):
        assert desk.ask("trainer", "GET", "/customers/search", params={"q": NAME}).status_code == 403

    def test_what_was_recorded_last_is_what_is_found(self, firm, desk):
        assert found(desk, "rep", q="青岛海澄化工") == []
        firm.post("field_recorded", "C-2", kind="customer", name="青岛海澄化工有限公司")
        assert found(desk, "rep", q="青岛海澄化工")[0]["records"][0]["id"] == "C-2"
        assert found(desk, "rep", q="上海拓方贸易") == []

    def test_a_voided_name_is_found_no_more(self, firm, desk):
        firm.post("field_recorded", "C-2", kind="customer", key="renamed", name="青岛海澄化工有限公司")
        assert found(desk, "rep", q="青岛海澄化工")
        firm.post("voided", "C-2", kind="customer", voids="renamed")
        assert found(desk, "rep", q="青岛海澄化工") == []
        assert found(desk, "rep", q="上海拓方贸易")

    def test_the_owner_is_whoever_has_it_now(self, firm, desk):
        firm.post("reassigned", "C-1", kind="customer", unit="rep-2", owner="rep-2")
        owners = {each["owner"] for each in found(desk, "manager", q=NAME)}
        assert owners == {"rep-2", "rep-1"}  # the deal is still the first one's

    def test_a_deal_without_a_record_of_its_customer_is_found_by_the_name_that_it_has(self, firm, desk):
        firm.deal("D-9", "rep-2", customer="Nordwerk Maschinenbau GmbH")
        (first,) = found(desk, "rep", q="NORDWERK Maschinenbau")
        assert (first["owner"], first["records"]) == ("rep-2", [{"kind": "opportunity", "id": "D-9", "active": None}])


class TestCreate:
    def test_a_likely_duplicate_is_refused_with_its_owner_named(self, firm, desk):
        answer = post(desk, "peer", new_lead(firm, "L-1", customer=SHORT))
        assert answer.status_code == 409
        (refusal,) = answer.json()["refusals"]
        assert (refusal["rule"], refusal["gate"]) == ("duplicate", "create")
        assert [(each["name"], each["owner"]) for each in refusal["known"]] == [(NAME, "rep-1")]
        assert refusal["known"][0]["open_deals"] is None
        assert not answer.json()["zh"].isascii()
        assert desk.ask("operations", "GET", "/records/lead/L-1").status_code == 404

    def test_the_gate_says_the_same(self, firm, desk):
        event = new_lead(firm, "L-1", customer=SHORT) | {"intent": None}
        answer = desk.ask("peer", "POST", "/gates/create", json=event)
        assert answer.status_code == 409
        assert answer.json()["known"][0]["owner"] == "rep-1"

    def test_it_goes_on_when_somebody_says_that_it_is_not_the_same_and_that_is_recorded(self, firm, desk):
        answer = post(desk, "peer", new_lead(firm, "L-1", apart=("C-1",), customer=SHORT))
        assert answer.status_code == 200, answer.text
        assert answer.json()["accepted"] == 1
        assert desk.ask("peer", "GET", "/records/lead/L-1").status_code == 200
        told = [each for each in reading.audit(firm.store, SYSTEM) if each["action"] == "not_the_same"]
        assert [(each["actor"], each["subject"]) for each in told] == [("peer", "L-1")]
        assert "C-1" in told[0]["detail"]["others"]

    def test_saying_so_of_one_does_not_do_for_another(self, firm, desk):
        firm.post("registered", "C-3", kind="customer", unit="rep-1", name="澜信科技股份有限公司")
        answer = post(desk, "peer", new_lead(firm, "L-1", apart=("C-1",), customer=SHORT))
        assert answer.status_code == 409
        assert [each["records"][0]["id"] for each in answer.json()["refusals"][0]["known"]] == ["C-3"]

    def test_saying_so_of_something_else_is_refused(self, firm, desk):
        answer = post(desk, "peer", new_lead(firm, "L-1", apart=("C-2",), customer=SHORT))
        assert "C-2" in answer.json()["refused"][0]["en"]

    def test_another_customer_is_created_at_once(self, firm, desk):
        answer = post(desk, "peer", new_lead(firm, "L-1", customer="苏州瑞珂机械有限公司", phone="0512-66180042"))
        assert (answer.status_code, answer.json()["accepted"]) == (200, 1)

    def test_two_of_one_batch_are_held_against_each_other(self, firm, desk):
        first = new_lead(firm, "L-1", customer="苏州瑞珂机械有限公司")
        second = new_lead(firm, "L-2", customer="苏州瑞珂机械")
        answer = post(desk, "peer", first, second)
        assert answer.status_code == 409
        assert (answer.json()["accepted"], answer.json()["refusals"][0]["record"]) == (1, "L-2")
        assert answer.json()["refusals"][0]["position"] == 1

    def test_posting_again_changes_nothing(self, firm, desk):
        event = new_lead(firm, "L-1", customer="苏州瑞珂机械有限公司")
        post(desk, "peer", event)
        again = post(desk, "peer", event)
        assert (again.status_code, again.json()["accepted"], again.json()["repeated"]) == (200, 0, 1)

    def test_a_new_lead_of_ones_own_customer_is_its_next_story(self, firm, desk):
        assert post(desk, "rep", new_lead(firm, "L-1", "rep-1", customer=NAME)).status_code == 200

    def test_an_own_lead_twice_is_a_duplicate(self, firm, desk):
        post(desk, "rep", new_lead(firm, "L-1", "rep-1", customer=NAME))
        assert post(desk, "rep", new_lead(firm, "L-2", "rep-1", customer=NAME)).status_code == 409

    def test_a_lead_that_was_lost_is_free_again(self, firm, desk):
        firm.post("registered", "L-0", kind="lead", unit="rep-1", customer="苏州瑞珂机械有限公司")
        firm.post("lost", "L-0", kind="lead")
        assert post(desk, "peer", new_lead(firm, "L-1", customer="苏州瑞珂机械有限公司")).status_code == 200

    def test_it_holds_where_no_policy_was_ever_in_force(self, tmp_path):
        firm = Firm(tmp_path)
        firm.post("registered", "C-1", kind="customer", unit="rep-1", name=NAME)
        assert post(Desk(firm), "peer", new_lead(firm, "L-1", customer=SHORT)).status_code == 409

    def test_a_rule_of_the_policy_is_asked_as_well(self, tmp_path):
        rule = {"id": "phone-first", "on": "lead", "before": "create", "when": {"phone": "missing"}}
        firm = Firm(tmp_path, policy_of(rule))
        answer = post(Desk(firm), "peer", new_lead(firm, "L-1", customer=SHORT))
        assert (answer.status_code, answer.json()["refusals"][0]["missing"]) == (409, ["phone"])


class TestFacts:
    def test_what_another_system_brings_is_kept_and_reported(self, firm, desk):
        event = firm.event("registered", "L-1", kind="lead", unit="rep-2", customer=SHORT).model_dump(mode="json")
        answer = post(desk, "operations", event)
        assert answer.status_code == 200
        (told,) = answer.json()["likely_known"]
        assert (told["record"], told["known"][0]["owner"]) == ("L-1", "rep-1")
        (breach,) = desk.ask("manager", "GET", "/breaches").json()
        assert (breach["gate"], breach["rule"], breach["record_id"]) == ("create", "duplicate", "L-1")
        assert desk.ask("operations", "GET", "/records/lead/L-1").status_code == 200

    def test_it_is_reported_once(self, firm, desk):
        event = firm.event("registered", "L-1", kind="lead", unit="rep-2", customer=SHORT).model_dump(mode="json")
        post(desk, "operations", event)
        assert post(desk, "operations", event).json()["likely_known"] == []
        assert len(desk.ask("manager", "GET", "/breaches").json()) == 1

    def test_who_posts_for_a_peer_learns_no_more_than_by_searching(self, firm, desk):
        event = firm.event("registered", "L-1", kind="lead", unit="rep-2", customer=SHORT).model_dump(mode="json")
        assert post(desk, "peer", event).json()["likely_known"][0]["known"][0]["open_deals"] is None


class TestPairs:
    def pairs(self, firm) -> list[set[str]]:
        with firm.store.read() as connection:
            return [{each.record.id, each.other.id} for each in duplicates(connection, Register())]

    def test_likely_duplicates_of_a_store_are_listed_once(self, firm):
        firm.post("registered", "C-3", kind="customer", unit="rep-2", name="澜信科技（北京）有限公司")
        firm.post("registered", "C-4", kind="customer", unit="rep-2", name="拓方贸易")
        assert sorted(map(sorted, self.pairs(firm))) == [["C-1", "C-3"], ["C-2", "C-4"]]

    def test_a_lead_and_its_customer_in_the_same_hands_are_no_pair(self, firm):
        firm.post("registered", "L-1", kind="lead", unit="rep-1", customer=NAME)
        assert self.pairs(firm) == []

    def test_what_somebody_told_apart_is_listed_no_more(self, firm, desk):
        post(desk, "peer", new_lead(firm, "L-1", apart=("C-1",), customer=SHORT))
        assert self.pairs(firm) == []


class TestPursuits:
    @pytest.fixture
    def number(self, desk):
        asked = {"kind": "customer", "record": "C-1", "reason": "they build a second plant in my region"}
        answer = desk.ask("peer", "POST", "/pursuits", json=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()["number"]

    @pytest.fixture
    def task(self, desk, number):
        assert desk.ask("rep", "POST", f"/pursuits/{number}/agree").status_code == 200
        return desk.ask("peer", "POST", f"/tasks/of/{number}", json={"text": "visit the plant together"}).json()["task"]

    def seen(self, desk, role) -> list[dict]:
        return desk.ask(role, "GET", "/pursuits").json()

    def test_the_asker_the_owner_and_their_manager_see_it_and_nobody_else(self, firm, desk, number):
        firm.post("registered", "rep-3", kind="unit", level="rep", parent="company")
        desk.tokens["third"] = desk._token("third", "rep", "rep-3")
        for role in ("peer", "rep", "manager", "operations"):
            (told,) = self.seen(desk, role)
            assert (told["number"], told["title"]["zh"], told["state"]) == (number, NAME, "asked")
        assert self.seen(desk, "third") == []

    def test_asking_twice_is_once(self, desk, number):
        again = desk.ask("peer", "POST", "/pursuits", json={"kind": "customer", "record": "C-1"})
        assert again.json()["number"] == number

    def test_nobody_asks_for_the_own_customer(self, desk):
        assert desk.ask("rep", "POST", "/pursuits", json={"kind": "customer", "record": "C-1"}).status_code == 422

    def test_the_owner_decides_not_the_asker(self, desk, number):
        assert desk.ask("peer", "POST", f"/pursuits/{number}/agree").status_code == 403
        assert desk.ask("rep", "POST", f"/pursuits/{number}/decline").status_code == 200
        assert self.seen(desk, "peer") == []
        assert desk.ask("peer", "GET", "/pursuits", params={"open_only": False}).json()[0]["decided_by"] == "rep"

    def test_tasks_wait_until_the_owner_has_agreed(self, desk, number):
        assert desk.ask("peer", "POST", f"/tasks/of/{number}", json={"text": "call"}).status_code == 422

    def test_whoever_takes_a_task_stands_in_it(self, desk, task):
        assert desk.ask("rep", "POST", f"/tasks/{task}/take").status_code == 200
        taken = desk.ask("peer", "POST", f"/tasks/{task}/take")
        assert (taken.status_code, "rep has taken" in taken.json()["en"]) == (422, True)
        for role in ("peer", "rep", "manager"):
            assert [each["taken_by"] for each in self.seen(desk, role)[0]["tasks"]] == ["rep"]

    def test_who_took_a_task_says_that_it_is_done(self, desk, task):
        desk.ask("rep", "POST", f"/tasks/{task}/take")
        assert desk.ask("peer", "POST", f"/tasks/{task}/done").status_code == 403
        assert desk.ask("rep", "POST", f"/tasks/{task}/done").status_code == 200
        assert self.seen(desk, "peer")[0]["tasks"][0]["done_by"] == "rep"

    @pytest.mark.usefixtures("task")
    def test_a_peer_sees_the_customers_name_and_no_figure(self, desk):
        assert str(SECRET_AMOUNT)[:6] not in json.dumps(self.seen(desk, "peer"))
        assert desk.ask("peer", "GET", "/records/opportunity/D-1").status_code == 404

    @pytest.mark.usefixtures("task")
    def test_either_side_ends_it(self, desk, number):
        assert desk.ask("peer", "POST", f"/pursuits/{number}/end").status_code == 200
        assert self.seen(desk, "rep") == []

    def test_all_of_it_is_in_the_audit_log(self, firm, desk, task):
        desk.ask("rep", "POST", f"/tasks/{task}/take")
        told = {(each["actor"], each["action"]) for each in reading.audit(firm.store, SYSTEM)}
        assert {("peer", "asked_to_join"), ("rep", "pursuit_joint"), ("peer", "task_added"), ("rep", "task_taken")} <= told


class TestDealsOfOneName:
    """Deals have no record of their customer of their own: the name that they have stands for it."""

    def found(self, firm, register, asked) -> list[tuple[str, str | None, int]]:
        known = search(firm.store, register, SYSTEM, sought(asked, "CN"))
        return [(each.name, each.owner, len(each.records)) for each in known]

    def test_a_deal_that_is_renamed_is_found_by_its_new_name_alone(self, firm):
        register = Register()
        firm.deal("D-5", "rep-2", customer="苏州瑞珂机械有限公司")
        firm.deal("D-6", "rep-2", customer="苏州瑞珂机械有限公司")
        assert self.found(firm, register, "苏州瑞珂机械") == [("苏州瑞珂机械有限公司", "rep-2", 2)]
        firm.post("field_recorded", "D-5", customer="青岛海澄化工有限公司")
        assert self.found(firm, register, "苏州瑞珂机械") == [("苏州瑞珂机械有限公司", "rep-2", 1)]
        assert self.found(firm, register, "青岛海澄化工") == [("青岛海澄化工有限公司", "rep-2", 1)]

    def test_a_number_of_one_of_them_is_a_number_of_all_until_it_is_taken_away(self, firm):
        register = Register()
        firm.deal("D-5", "rep-2", customer="苏州瑞珂机械有限公司", **{"custom.phone": "0512-66180042"})
        firm.deal("D-6", "rep-2", customer="苏州瑞珂机械有限公司")
        assert self.found(firm, register, "0512 66180042") == [("苏州瑞珂机械有限公司", "rep-2", 2)]
        firm.post("field_recorded", "D-5", **{"custom.phone": None})
        assert self.found(firm, register, "0512 66180042") == []

    def test_a_customers_record_stands_for_the_deals_that_name_it_by_name_or_id(self, firm):
        register = Register()
        firm.deal("D-5", "rep-1", customer="C-1")
        assert self.found(firm, register, NAME) == [(NAME, "rep-1", 3)]

    def test_a_register_that_follows_finds_what_one_made_anew_finds(self, firm):
        following = Register()
        self.found(firm, following, NAME)
        firm.deal("D-5", "rep-2", customer="青岛海澄化工有限公司")
        firm.post("field_recorded", "C-1", kind="customer", name="青岛海澄化工有限公司")
        firm.post("field_recorded", "D-1", customer="上海拓方贸易有限公司")
        for asked in (NAME, "青岛海澄化工", "上海拓方贸易"):
            assert sorted(map(str, self.found(firm, following, asked))) == sorted(map(str, self.found(firm, Register(), asked)))
