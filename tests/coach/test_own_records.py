"""Six processes over records of a firm's own kinds, through the interface: quotes, visits, three-way checks, milestones, task
chains and orders per brand."""

from threading import Event

import pytest

from coach.mapping.importing import import_folder
from coach.problems import CoachError
from coach.rules.live_book import LiveBook
from coach.store import SYSTEM, Store, reading
from coach.store.appending import now_ms
from coach.store.backups import backup
from coach.store.policies import current
from coach.store.viewer import ROLES
from coach.validation.past import end_of_past, over_the_past, stored_events
from policies.language.policy import Policy
from policies.record.records import EVENTS
from tests.coach.firm import Firm, at, policy_of
from tests.coach.own_records import OwnRecords, mapping, processes
from tests.coach.test_api import FILLED, walk

DAY = 86_400_000


@pytest.fixture
def firm(tmp_path, request):
    desk = OwnRecords(tmp_path, request.param)
    desk.firm.deal("A", "rep-1", amount=1000.0)
    return desk


def under(process: str):
    return pytest.mark.parametrize("firm", [process], indirect=True)


@pytest.mark.system("P5")
@under("our-quotes")
def test_a_quote_goes_out_with_three_comparisons(firm):
    firm.post("registered", "quote", "Q", deal="A", name="Quote for Huaxia", total=900)
    for number in range(3):
        told = firm.refused("complete", "completed", "quote", "Q")
        assert told["rule"] == "three-comparisons"
        assert f"{number} of 3" in told["en"]
        assert "Huaxia" in told["en"]
        assert f" {number} 份" in told["zh"]
        firm.post("registered", "comparison", f"C{number}", quote="Q", competitor="Dongfang", price=800 + number)
    assert firm.refused("complete", "completed", "quote", "Q") == {}
    assert firm.record("quote", "Q")["values"]["status"] == "completed"


@pytest.mark.system("P5")
@under("visits-and-contracts")
def test_a_visit_with_samples_needs_a_tracking_number_and_a_signature_its_papers(firm):
    firm.post("registered", "visit", "V", deal="A", samples=True)
    firm.post("registered", "visit", "W", deal="A", samples=False)
    told = firm.refused("complete", "completed", "visit", "V")
    assert told["missing"] == ["tracking_number"]
    assert "tracking number" in told["en"]
    assert "快递单号" in told["zh"]
    assert firm.refused("complete", "completed", "visit", "W") == {}
    firm.post("field_recorded", "visit", "V", tracking_number="SF-1")
    assert firm.refused("complete", "completed", "visit", "V") == {}
    firm.post("field_recorded", "opportunity", "A", needs_summary="x")
    assert firm.refused("sign", "won", "opportunity", "A")["missing"] == ["contract_file", "legal_approval"]
    firm.post("field_recorded", "opportunity", "A", contract_file="c", legal_approval="l")
    assert firm.refused("sign", "won", "opportunity", "A") == {}


@pytest.mark.system("P6")
@under("after-each-visit")
def test_three_things_are_recorded_after_each_visit_once_per_visit(firm):
    assert firm.refused("create", "registered", "visit", "V", deal="A") == {}
    told = firm.refused("complete", "completed", "visit", "V")
    assert told["missing"] == ["role_change", "technical_checks", "hidden_concern"]
    assert all(words in told["en"] for words in ("decision maker's role", "three technical checks", "hidden concern"))
    assert all(words in told["zh"] for words in ("决策人角色变化", "三项技术验证", "隐性顾虑"))
    assert firm.refused("create", "registered", "visit", "W", deal="A")["rule"] == "no-next-visit-before"
    firm.firm.until("2026-01-06 10:00")
    assert firm.opens("/todos") == [("written-up-in-a-day", "V")]
    firm.post("field_recorded", "visit", "V", role_change="none", technical_checks="a, b, c")
    assert firm.refused("complete", "completed", "visit", "V")["missing"] == ["hidden_concern"]
    firm.post("field_recorded", "visit", "V", hidden_concern="who pays for downtime")
    assert firm.refused("complete", "completed", "visit", "V") == {}
    assert firm.opens("/todos") == []
    assert firm.refused("create", "registered", "visit", "W", deal="A") == {}
    assert len(firm.refused("complete", "completed", "visit", "W")["missing"]) == 3
    firm.firm.until("2026-01-08 10:00")
    assert firm.opens("/todos") == [("written-up-in-a-day", "W")]


@pytest.mark.system("P7")
@under("three-way-check")
def test_a_stage_that_the_records_contradict_is_red_and_escalated(firm):
    firm.firm.post("registered", "north", kind="unit", level="region", parent="company")
    firm.firm.post("field_recorded", "team-1", kind="unit", parent="north")
    for stage in range(2, 6):
        firm.post("advanced", "opportunity", "A", stage=stage)
    assert firm.record("opportunity", "A")["values"]["flag"] == "red"
    [notice] = firm.ask("operations", "GET", "/notices").json()
    assert (notice["effect"], notice["role"], notice["unit"]) == ("escalated", "regional_director", "north")
    assert "0 orders" in notice["text"]["en"]
    firm.post("registered", "purchase_order", "P", deal="A", total=1000)
    assert firm.record("opportunity", "A")["values"]["flag"] == "green"
    firm.firm.now += 60_000
    firm.post("won", "opportunity", "A")
    assert firm.record("opportunity", "A")["values"]["flag"] == "red"
    firm.post("registered", "shipment", "S", deal="A")
    firm.post("registered", "payment", "Y", deal="A", paid=400)
    assert firm.record("opportunity", "A")["values"]["flag"] == "red"
    firm.post("registered", "payment", "Z", deal="A", paid=600)
    values = firm.record("opportunity", "A")["values"]
    assert (values["flag"], values["orders"], values["shipments"], values["paid"]) == ("green", 1, 1, 1000)


@pytest.mark.system("P8")
@under("project-milestones")
def test_milestones_have_deliverables_and_acceptance_and_invoices_hang_on_them(firm):
    firm.post("registered", "milestone", "M", deal="A", name="Prototype")
    firm.post("registered", "deliverable", "D", milestone="M")
    refused = firm.refused("create", "registered", "invoice", "I", milestone="M", total=500)
    assert (refused["rule"], refused["missing"]) == ("invoice-after-acceptance", ["milestone.accepted_at"])
    assert refused["en"].startswith("Prototype is not accepted.")
    assert firm.refused("create", "registered", "invoice", "I", total=500)["rule"] == "invoice-after-acceptance"
    firm.post("field_recorded", "milestone", "M", delivered_at=firm.firm.now)
    firm.firm.until("2026-01-10 08:59")
    assert firm.opens("/notices") == []
    firm.firm.until("2026-01-10 09:00")
    assert firm.opens("/notices") == [("accepted-in-five-days", "M")]
    assert firm.refused("complete", "completed", "milestone", "M")["rule"] == "deliverables-first"
    firm.post("field_recorded", "milestone", "M", accepted_at=firm.firm.now)
    assert firm.refused("complete", "completed", "milestone", "M")["rule"] == "deliverables-first"
    firm.post("field_recorded", "deliverable", "D", file="drawing.pdf")
    assert firm.refused("complete", "completed", "milestone", "M") == {}
    assert firm.refused("create", "registered", "invoice", "I", milestone="M", total=500) == {}


@pytest.mark.system("P9")
@under("task-chain")
def test_of_twelve_tasks_each_starts_when_all_before_it_are_confirmed(firm):
    departments = ("sales", "design", "engineering", "purchasing")
    for number in range(12):
        firm.post("registered", "task", f"T{number}", deal="A", department=departments[number % 4], name=f"Step {number}")
    # Steps 0 to 2 (three departments confirm the material standard) all come before step 3; from there one after another.
    pairs = [(3, 0), (3, 1), (3, 2), *((number, number - 1) for number in range(4, 12))]
    for task, before in pairs:
        firm.post("registered", "precedence", f"{before}-{task}", task=f"T{task}", before=f"T{before}")
    for number in range(12):
        waiting = [before for task, before in pairs if task == number]
        assert firm.record("task", f"T{number}")["values"]["waiting_for"] == 0
        for later in {task for task, _ in pairs if task > number}:
            told = firm.refused("start", "started", "task", f"T{later}")
            assert told["rule"] == "predecessors-first"
            assert f"Step {later} waits for" in told["en"]
        assert firm.refused("start", "started", "task", f"T{number}") == {}
        assert all(firm.record("task", f"T{before}")["values"]["status"] == "completed" for before in waiting)
        if number == 5:
            firm.firm.until("2026-01-08 09:00")
            assert firm.opens("/todos") == [("three-days-each", "T5")]
        assert firm.refused("complete", "completed", "task", f"T{number}") == {}
    assert firm.opens("/todos") == []


@pytest.mark.system("P9")
@under("task-chain")
def test_a_predecessor_that_nobody_has_on_record_holds_a_task_back(firm):
    firm.post("registered", "task", "T", deal="A", name="Quote")
    firm.post("registered", "precedence", "P", task="T", before="S")
    assert firm.refused("start", "started", "task", "T")["rule"] == "predecessors-first"
    firm.post("registered", "task", "S", deal="A")
    firm.post("completed", "task", "S")
    assert firm.refused("start", "started", "task", "T") == {}


@pytest.mark.system("P10")
@under("brand-orders")
def test_an_order_is_refused_by_the_rules_of_its_brand_with_the_way_to_comply(firm):
    firm.post("registered", "brand", "X", name="Aurora", least_coverage=0.6, most_response_hours=24, most_rebate=0.1, stock=50)
    firm.post("registered", "brand", "Y", name="Boreal", most_rebate=0.2)
    good = {"brand": "X", "coverage": 0.7, "response_hours": 12, "rebate": 0.05, "quantity": 10}
    cases = {
        "launch-coverage": ({"coverage": 0.5}, "Aurora asks for a launch coverage of at least 60%", "不低于 60%"),
        "service-response": ({"response_hours": 48}, "within 24 hours", "24 小时内响应"),
        "rebate": ({"rebate": 0.15}, "at most 10%", "上限为 10%"),
        "stock": ({"quantity": 51}, "50 in stock", "库存为 50"),
        "brand-is-known": ({"brand": "Z"}, "Name a brand", "已登记的品牌"),
    }
    for rule, (change, en, zh) in cases.items():
        told = firm.refused("create", "registered", "brand_order", "O", **{**good, **change})
        assert told["rule"] == rule
        assert en in told["en"]
        assert zh in told["zh"]
    assert firm.refused("create", "registered", "brand_order", "O", **good) == {}
    assert firm.refused("create", "registered", "brand_order", "P", brand="Y", rebate=0.15, quantity=500) == {}


@under("project-milestones")
def test_records_survive_a_restart_and_policies_that_do_not_declare_them(firm):
    firm.post("registered", "milestone", "M", deal="A", delivered_at=at("2026-01-05 09:00"))
    firm.firm.service.activate(policy_of(), "tester")
    assert firm.post("field_recorded", "milestone", "M", name="Prototype")["done_by_rules"] == 0
    firm.firm.stand_still("2026-01-12 09:00")
    assert firm.record("milestone", "M")["values"]["delivered_at"] == at("2026-01-05 09:00")
    assert firm.record("milestone", "M")["title"] == {"en": "Prototype", "zh": "Prototype"}
    firm.firm.service.rollback("tester")
    firm.firm.until("2026-01-12 10:00")
    assert firm.opens("/notices") == [("accepted-in-five-days", "M")]


@under("after-each-visit")
def test_every_endpoint_answers_about_records_of_own_kinds(firm, monkeypatch):
    firm.post("registered", "visit", "V", deal="A")
    firm.firm.until("2026-01-07 00:00")
    for name, value in {"kind": "visit", "record": "V", "gate": "complete", "rule": "must-fills"}.items():
        monkeypatch.setitem(FILLED, name, value)
    answers = [(method, path, answer) for role in (*ROLES, "peer") for method, path, answer in walk(firm, role)]
    assert [(method, path, answer.text) for method, path, answer in answers if answer.status_code >= 500] == []


@under("after-each-visit")
def test_faulty_events_on_own_kinds_are_refused_with_what_is_wrong(firm):
    cases = {
        ("registered", "vist"): ({}, "did you mean 'visit'", "是否想写“visit”"),
        ("registered", "visit"): ({"role": "x"}, "visit has no field 'role'; did you mean 'role_change'", "没有字段“role”"),
        ("field_recorded", "visit"): ({"deal": 5}, "an id is a text", "编号须为文本"),
        ("completed", "visit"): ({"status": "gone"}, "must be one of open, started", "须为以下之一"),
    }
    for (event, kind), (payload, en, zh) in cases.items():
        told = firm.ask("operations", "POST", "/events", json={"events": [firm.event(event, kind, "V", **payload)]}).json()
        assert told["accepted"] == 0
        assert en in told["refused"][0]["en"]
        assert zh in told["refused"][0]["zh"]
    created = firm.ask("rep", "POST", "/gates/create", json=firm.event("registered", "visit", "V", role="x"))
    assert created.status_code == 422
    assert "did you mean 'role_change'" in created.json()["en"]


@under("three-way-check")
def test_what_comes_over_links_is_the_same_after_a_restart_a_withdrawal_and_a_backup(firm, tmp_path):
    orders = [firm.event("registered", "purchase_order", f"P{number}", deal="A", total=100 * number) for number in range(3)]
    firm.ask("operations", "POST", "/events", json={"events": orders})
    firm.post("field_recorded", "purchase_order", "P1", deal="B")
    firm.post("withdrawn", "purchase_order", "P2")
    assert firm.record("opportunity", "A")["values"]["orders"] == 1
    firm.firm.deal("B", "rep-1")
    assert firm.record("opportunity", "B")["values"]["orders"] == 1
    firm.firm.stand_still("2026-01-06 09:00")
    firm.post("voided", "purchase_order", "P0", voids=orders[0]["key"])
    assert firm.record("opportunity", "A")["values"]["orders"] == 0
    backup(firm.firm.path, tmp_path / "copy.db")
    with Store.open(tmp_path / "copy.db").read() as connection:
        live = LiveBook(connection, current(connection), firm.firm.now)
    column = live.custom["opportunity", "orders"]
    told = [float(live.book.values[live.row_of["opportunity", deal], column]) for deal in "AB"]
    assert told == [0, 1]


@under("visits-and-contracts")
def test_records_of_own_kinds_come_from_a_file(firm, tmp_path):
    rows = ["id,rep,visited,deal,samples,tracking", "7,rep-1,2026-01-05 08:00,A,yes,", "8,rep-1,2026-01-05 08:30,A,no,x"]
    (tmp_path / "visits.csv").write_text("\n".join(rows), encoding="utf-8")
    for accepted, repeated in ((2, 0), (0, 2)):
        report = import_folder(tmp_path, mapping(), firm.firm.store, now=firm.firm.now)
        assert (report.accepted, report.repeated) == (accepted, repeated)
    firm.firm.now = now_ms() + 60_000  # an import is received by the clock of the machine
    firm.firm.service.tick()
    assert firm.record("visit", "7")["values"]["samples"] == 1.0
    assert firm.refused("complete", "completed", "visit", "7")["missing"] == ["tracking_number"]
    assert firm.refused("complete", "completed", "visit", "8") == {}


@under("brand-orders")
def test_a_file_of_a_kind_that_nobody_declares_is_told_row_by_row(firm, tmp_path):
    rows = ["id,rep,visited,deal,samples,tracking", "7,rep-1,2026-01-05 08:00,A,yes,"]
    (tmp_path / "visits.csv").write_text("\n".join(rows), encoding="utf-8")
    report = import_folder(tmp_path, mapping(), firm.firm.store, now=firm.firm.now)
    assert report.accepted == 0
    [told] = report.remarks
    assert (told.row, "visit" in told.en, "visit" in told.zh) == (2, True, True)


@under("three-way-check")
def test_validation_over_the_past_does_what_the_coach_did(firm):
    for number in range(4):
        firm.firm.deal(f"D{number}", "rep-1", amount=1000.0)
        firm.post("registered", "payment", f"Y{number}", deal=f"D{number}", paid=1000)
        firm.firm.until(f"2026-01-{6 + number:02d} 09:00")
        firm.post("won", "opportunity", f"D{number}")
        firm.post("registered", "shipment", f"S{number}", deal=f"D{number}")
    with firm.firm.store.read() as connection:
        events, end = stored_events(connection), end_of_past(connection)
    policy = processes()["three-way-check"]
    worked, live = over_the_past(firm.firm.store, policy, events, end, lambda *_: None, Event())
    told = sorted((live.ids[each.row], EVENTS[each.event], each.at) for each in worked.done)
    done = reading.firings(firm.firm.store, SYSTEM, limit=500)
    assert told == sorted((each["record_id"], each["event"], each["at"]) for each in done)
    assert len(done) == 16


@under("task-chain")
def test_a_field_that_a_rule_asks_for_holds_a_record_back_until_it_is_recorded(firm):
    rule = {"id": "who", "on": "task", "since": "registered_at", "after": "1h", "when": {"department": "missing"},
            "then": [{"require": "department"}, {"require": "owner"}]}  # fmt: skip
    document = processes()["task-chain"].model_dump(mode="json")
    firm.firm.service.activate(Policy.model_validate(document | {"rules": [*document["rules"], rule]}), "tester")
    firm.post("registered", "task", "T", deal="A")
    firm.firm.until("2026-01-05 10:30")
    assert firm.record("task", "T")["required"] == ["owner", "department"]
    told = firm.refused("start", "started", "task", "T")
    assert (told["rule"], told["missing"]) == ("requirement", ["owner", "department"])
    firm.firm.stand_still("2026-01-05 11:00")
    firm.firm.service.activate(processes()["our-quotes"], "tester")
    firm.post("field_recorded", "task", "T", department="design")
    assert firm.record("task", "T")["required"] == ["owner"]
    firm.post("field_recorded", "task", "T", owner="Li")
    assert firm.record("task", "T")["required"] == []


def test_more_kinds_than_a_store_has_room_for_are_refused_with_the_remedy(tmp_path):
    firm = Firm(tmp_path)
    for batch in range(2):
        kinds = {f"kind_{batch}_{number}": {"title": {"en": "Kind", "zh": "类型"}} for number in range(16)}
        firm.service.activate(policy_of(name=f"batch-{batch}", kinds=kinds), "tester")
    with pytest.raises(CoachError, match="32 kinds"):
        firm.service.activate(policy_of(name="one-more", kinds={"one_more": {"title": {"en": "Kind", "zh": "类型"}}}), "tester")
    assert firm.service.policy().name == "batch-1"


@pytest.mark.system("P11")
@under("capacity-promises")
def test_a_delivery_is_promised_only_within_the_capacity_left(firm):
    firm.post("registered", "week", "W", name="Week 12", units=100)
    assert firm.refused("create", "registered", "promise", "P", week="V", units=10)["rule"] == "week-is-known"
    firm.post("registered", "promise", "P", week="W", units=60, deal="A")
    assert firm.refused("complete", "completed", "promise", "P") == {}
    firm.post("registered", "promise", "Q", week="W", units=50)
    told = firm.refused("complete", "completed", "promise", "Q")
    assert "Week 12 can make 100; with this promise 110 are asked of it" in told["en"]
    assert "可产 100" in told["zh"]
    firm.post("field_recorded", "promise", "Q", units=40)
    assert firm.refused("complete", "completed", "promise", "Q") == {}
    firm.post("registered", "promise", "R", week="W", units=1)
    assert firm.refused("complete", "completed", "promise", "R")["rule"] == "within-capacity"
    firm.post("withdrawn", "promise", "P")
    assert firm.refused("complete", "completed", "promise", "R") == {}
