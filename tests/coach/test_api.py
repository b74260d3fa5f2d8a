"""The interface: events once each, gates that answer 409, roles, and private targets that no endpoint tells a peer."""

import json

import pytest
from fastapi.testclient import TestClient

from coach.scoring.readings import READINGS
from coach.store import SYSTEM, people
from coach.store.rates import Rate, add_rates, set_firm_currency
from coach.store.validations import keep_validation
from coach.store.viewer import ROLES
from policies.documents.loader import load_policy
from tests.coach.firm import BEHIND, CONTRACT, FREEZE, STALL, Firm, at, policy_of
from tests.coach.signed_in import PASSWORD, Desk

SECRET_TARGET, SECRET_ATTAINED = 918_273.0, 465_546.0
VISIBILITIES = ("private", "none", "private_rank", "anonymous", "public")


@pytest.fixture
def desk(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL, FREEZE, CONTRACT))
    firm.deal("A", "rep-1")
    firm.deal("B", "rep-2")
    return Desk(firm)


def posted(desk, **told) -> dict:
    return json.loads(desk.firm.event("contact", **told).model_dump_json())


def test_events_are_taken_once_and_faulty_ones_told_by_position(desk):
    good = posted(desk)
    batch = [good, {**good, "key": "x", "event": "frozen"}, {**good, "key": "y", "record": "unknown"}]
    first = desk.ask("operations", "POST", "/events", json={"events": batch}).json()
    again = desk.ask("operations", "POST", "/events", json={"events": batch}).json()
    assert (first["accepted"], [each["position"] for each in first["refused"]]) == (1, [1, 2])
    assert (again["accepted"], again["repeated"]) == (0, 1)
    assert all(each["en"].isascii() and not each["zh"].isascii() for each in first["refused"])


def test_a_rep_posts_about_own_records_only(desk):
    batch = {"events": [posted(desk, record="A"), posted(desk, record="B")]}
    told = desk.ask("rep", "POST", "/events", json=batch).json()
    assert (told["accepted"], [each["position"] for each in told["refused"]]) == (1, [1])
    own_target = json.loads(desk.firm.event("target_set", "rep-1", kind="unit", target=1).model_dump_json())
    assert desk.ask("rep", "POST", "/events", json={"events": [own_target]}).json()["accepted"] == 0


@pytest.mark.system("P5")
def test_a_gate_answers_409_with_what_is_missing_in_both_languages(desk):
    desk.firm.post("field_recorded", "A", needs_summary="x")
    sign = json.loads(desk.firm.event("won", "A").model_dump_json())
    answer = desk.ask("rep", "POST", "/gates/sign", json=sign)
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    told = answer.json()
    assert told["missing"] == ["contract_file"]
    assert "contract" in told["en"]
    assert "合同" in told["zh"]
    batch = desk.ask("rep", "POST", "/events", json={"events": [{**sign, "intent": "sign"}]})
    assert (batch.status_code, batch.json()["refusals"][0]["rule"]) == (409, "contract-before-signing")
    asked = desk.ask("rep", "GET", "/gates/sign/opportunity/A").json()
    assert (asked["allowed"], asked["missing"]) == (False, ["contract_file"])


def test_today_tells_obligations_first_then_actions_with_reasons_in_both_languages(desk):
    desk.firm.deal("C", "rep-1", amount=500.0)
    desk.firm.until("2026-01-14 00:00")
    told = desk.ask("rep", "GET", "/reps/rep-1/today").json()
    assert [(each["what"], each["rule"]) for each in told["obligations"]] == [("coming", "freeze-idle")] * 2
    assert [each["record"] for each in told["actions"]] == ["A", "C"]
    desk.firm.until("2026-01-21 00:00")
    frozen = desk.ask("rep", "GET", "/reps/rep-1/today").json()
    assert [(each["what"], each["missing"]) for each in frozen["obligations"]] == [("frozen", ["stall_reason"])] * 2
    assert frozen["actions"] == []
    texts = [each["text"] for each in frozen["obligations"]] + [
        {"en": " ".join(each["reasons"]["en"]), "zh": "".join(each["reasons"]["zh"])} for each in told["actions"]
    ]
    assert all(text["en"].isascii() and not text["zh"].isascii() for text in texts)


def test_the_better_a_stage_did_the_higher_its_deals_stand(desk):
    for number in range(12):
        desk.firm.deal(f"won-{number}", "rep-2", stage=3)
        desk.firm.post("won", f"won-{number}")
    desk.firm.deal("late-stage", "rep-1", stage=3, amount=1000.0)
    desk.firm.deal("stage-5", "rep-1", stage=5, amount=1000.0)
    actions = desk.ask("rep", "GET", "/reps/rep-1/today").json()["actions"]
    assert [each["record"] for each in actions] == ["A", "late-stage", "stage-5"]
    assert "12" in actions[0]["reasons"]["en"][0]


def test_a_todo_is_done_by_whom_it_is_for(desk):
    desk.firm.until("2026-01-13 00:00")
    todos = desk.ask("manager", "GET", "/todos").json()
    assert {each["record_id"] for each in todos} == {"A", "B"}
    number = todos[0]["id"]
    assert desk.ask("rep", "POST", f"/todos/{number}/done").status_code == 404
    assert desk.ask("manager", "POST", f"/todos/{number}/done").json()["done_by"] == "manager"
    assert len(desk.ask("manager", "GET", "/todos").json()) == 1


def test_a_policy_is_previewed_put_in_force_and_taken_back_by_operations_alone(desk):
    for role in ("rep", "manager", "trainer"):
        assert desk.ask(role, "POST", "/policies/activate", json={"name": "freeze-7d"}).status_code == 403
    preview = desk.ask("operations", "POST", "/policies/preview", json={"name": "freeze-7d"}).json()
    assert [each["rule"] for each in preview] == ["freeze-idle"]
    keep_validation(desk.firm.store, load_policy("freeze-7d"), True, desk.firm.now, "operations")
    assert desk.ask("operations", "POST", "/policies/activate", json={"name": "freeze-7d"}).status_code == 200
    assert desk.ask("operations", "PUT", "/policies/rules/freeze-idle/mode", json={"mode": "shadow"}).status_code == 200
    assert desk.ask("rep", "GET", "/policies/current").json()["document"]["rules"][0]["mode"] == "shadow"
    assert desk.ask("operations", "POST", "/policies/rollback").status_code == 200
    assert desk.ask("operations", "POST", "/policies/rollback").status_code == 200
    assert desk.ask("rep", "GET", "/policies/current").json()["document"]["name"] == "written-here"
    actions = [each["action"] for each in desk.ask("operations", "GET", "/audit").json()]
    assert actions[:4] == ["policy_rollback", "policy_rollback", "policy_mode", "policy_activate"]


def test_a_faulty_policy_is_told_with_every_problem(desk):
    faulty = {**policy_of().model_dump(mode="json"), "rules": [{**STALL, "when": {"statsu": "open"}}], "colour": 1}
    answer = desk.ask("operations", "POST", "/policies/preview", json={"document": faulty})
    assert answer.status_code == 422
    assert "status" in answer.json()["en"]
    assert desk.ask("operations", "POST", "/policies/preview", json={"name": "../../etc/passwd"}).status_code == 422


def test_a_session_is_a_cookie_that_scripts_and_other_sites_cannot_reach(desk):
    people.add_person(desk.firm.store, SYSTEM, desk.firm.now, name="Wei", role="rep", unit="rep-1", password=PASSWORD)
    client = TestClient(desk.app)
    assert client.post("/api/v1/sign-in", json={"name": "Wei", "password": "wrong password"}).status_code == 401
    answer = client.post("/api/v1/sign-in", json={"name": "Wei", "password": PASSWORD})
    assert answer.json()["unit"] == "rep-1"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.get("/api/v1/me").json()["name"] == "Wei"
    client.post("/api/v1/sign-out")
    client.cookies.set("rehearse_session", answer.cookies["rehearse_session"])
    assert client.get("/api/v1/me").status_code == 401


def test_who_guesses_passwords_is_stopped(desk):
    client = TestClient(desk.app)
    codes = [client.post("/api/v1/sign-in", json={"name": "Wei", "password": f"guess {n}"}).status_code for n in range(12)]
    assert codes == [401] * 10 + [429] * 2


@pytest.mark.file
def test_no_secret_is_kept_or_told(desk):
    url = "https://example.invalid/hook?key=topsecret"
    webhook = {"name": "chat", "format": "wecom", "url": url, "secret": "hidden"}
    assert desk.ask("admin", "POST", "/webhooks", json=webhook).status_code == 200
    told = desk.ask("admin", "GET", "/webhooks").text + desk.ask("admin", "GET", "/audit").text
    assert "topsecret" not in told
    assert "hidden" not in told
    token = desk.ask("admin", "POST", "/people/rep/tokens", json={"label": "phone"}).json()["token"]
    desk.firm.store.close()
    assert token.encode() not in desk.firm.path.read_bytes()


def endpoints(app) -> list[tuple[str, str, dict]]:
    """Every (method, path, operation) of the OpenAPI document."""
    paths = app.openapi()["paths"]
    return [(method.upper(), path, told) for path, methods in paths.items() for method, told in methods.items()]


FILLED = {
    "score": "S10",
    "kind": "unit",
    "record": "rep-1",
    "rep": "rep-1",
    "gate": "sign",
    "name": "rep",
    "rule": "stall",
    "number": "0",
    "run": "x",
    "answer": "end",
    "task": "0",
    "request": "x",
    "lead": "L",
    "deal": "A",
    "secret": "x",
    "unit": "rep-1",
}


def bodies(desk) -> dict[str, dict]:
    return {
        "/events": {"events": [posted(desk, record="A")]},
        "/gates/{gate}": json.loads(desk.firm.event("won", "A").model_dump_json()),
        "/policies/preview": {"name": "freeze-7d"},
        "/policies/activate": {"name": "freeze-7d"},
        "/policies/rules/{rule}/mode": {"mode": "off"},
        "/people": {"name": "new", "role": "rep"},
        "/people/{name}/tokens": {"label": "x"},
        "/webhooks": {"name": "w", "format": "slack", "url": "https://example.invalid/"},
        "/sign-in": {"name": "nobody", "password": "wrong"},
        "/pursuits": {"kind": "opportunity", "record": "A"},
        "/tasks/of/{number}": {"text": "x"},
        "/signals": {"signals": []},
        "/requests": {"deal": "A", "desk": "presales", "question": "x"},
        "/requests/{request}/answer": {"answer": "x"},
        "/reviews": {"title": "Why deal A was lost"},
        "/reviews/{number}/causes": {"kind": "process_gap", "text": "No check of the delivery date before the quote"},
        "/reviews/{number}/evidence": {"kind": "record", "text": "The quote", "source": "deal A"},
        "/reviews/{number}/improvements": {"cause": 0, "department": "team-1", "text": "Check the date"},
        "/improvements/{number}/close": {"outcome": "The date is checked"},
        "/rules/{rule}/feedback": {"verdict": "helps", "kind": "opportunity", "record": "A"},
        "/rules/{rule}/lessons": {"text": "It helps newcomers"},
        "/notes/read": {"record": "A", "text": "Budget 80k, the CFO decides. Call back on Friday at 10am."},
        "/notes": {"record": "A", "text": "预算80万", "budget": "80万", "met": False},
        "/leads/{lead}/assign": {"unit": "rep-1"},
        "/leads/store": {"customer": "Huaxin"},
        "/coaching/marks": {"rep": "rep-1", "number": 0, "held": True},
        "/offers/figures": {"investment": 1000, "yearly_saving": 400},
        "/offers/open/{secret}/figures": {"investment": 1000, "yearly_saving": 400},
        "/offers/open/{secret}/looks": {"look": "a1b2c3d4", "seconds": 5},
        "/deals/{deal}/offers": {"investment": 1000, "yearly_saving": 400},
        "/units/{unit}/hand-over": {"unit": "rep-1"},
        "/targets/sets": {"period": "running"},
        "/targets/moves": {"resource": "leads", "from_unit": "rep-1", "to_unit": "rep-2", "amount": 1, "reason": "x"},
        "/targets/commitment": {"shown": "x"},
        "/targets/adjustments": {"target": 1},
        "/targets/adjustments/{number}/refuse": {},
    }


def walk(desk, role: str | None):
    """(method, path, answer) of every endpoint, asked by somebody about rep-1."""
    given = bodies(desk)
    for method, path, _ in endpoints(desk.app):
        short = path.removeprefix("/api/v1")
        if short in ("/sign-out", "/policies/activate", "/policies/rollback", "/policies/rules/{rule}/mode"):
            continue  # they would change what the walk looks at
        told = {"json": given[short]} if short in given else {}
        for score in READINGS if "{score}" in short else (None,):
            name = short if score is None else short.replace("{score}", score)
            yield method, name, desk.ask(role, method, name.format(**FILLED), **told)


def with_targets(firm: Firm) -> None:
    quarter = {"period_start_at": at("2026-01-01 00:00"), "period_end_at": at("2026-04-01 00:00")}
    firm.post("target_set", "rep-1", kind="unit", target=SECRET_TARGET, attained=SECRET_ATTAINED, **quarter)
    firm.post("target_set", "rep-2", kind="unit", target=100.0, attained=50.0, **quarter)
    firm.post("ranked", "rep-1", kind="unit", rank=1)


@pytest.mark.system("G4")
@pytest.mark.parametrize("visibility", VISIBILITIES)
def test_every_endpoint_as_every_role_and_a_private_target_is_told_to_no_peer(tmp_path, visibility):
    firm = Firm(tmp_path, policy_of(STALL, BEHIND, CONTRACT, targets={"visibility": visibility}))
    firm.deal("A", "rep-1", amount=31_415_926.0)
    with_targets(firm)
    firm.until("2026-01-20 00:00")
    desk = Desk(firm)
    seen = {}
    for role in (*ROLES, "peer", None):
        for method, path, answer in walk(desk, role):
            assert answer.status_code < 500, (role, method, path, answer.text)
            seen[role, method, path] = answer
    for (role, method, path), answer in seen.items():
        if role is None:
            allowed = path in ("/health", "/sign-in") or path.startswith("/offers/open/")  # for whoever has a link
            assert (answer.status_code == 401 and path != "/health") or allowed, (method, path)
        if role in ("peer", "trainer", None):
            assert "31415926" not in answer.text, (role, path)
        if role in ("peer", "trainer") and (visibility != "public" or path != "/targets"):
            assert str(int(SECRET_TARGET)) not in answer.text, (role, method, path)
            assert str(int(SECRET_ATTAINED)) not in answer.text, (role, method, path)
    told = {role: seen[role, "GET", "/targets"].json() for role in (*ROLES, "peer")}
    assert str(int(SECRET_TARGET)) in seen["rep", "GET", "/targets"].text
    assert str(int(SECRET_TARGET)) in seen["manager", "GET", "/targets"].text
    peers = [each for each in told["peer"] if not each["own"]]
    if visibility == "public":
        assert SECRET_TARGET in [each["target"] for each in peers]
    elif visibility == "anonymous":
        assert peers
        assert all(each["unit"] is None and each["target"] is None for each in peers)
    else:
        assert peers == []
    if visibility == "none":
        assert all(each["attained"] is None for each in told["rep"])


def test_a_managers_rows_are_those_of_the_own_team(tmp_path):
    firm = Firm(tmp_path, policy_of(STALL))
    firm.post("registered", "team-2", kind="unit", level="team", parent="company")
    firm.post("registered", "rep-3", kind="unit", level="rep", parent="team-2")
    firm.deal("A", "rep-1")
    firm.deal("Z", "rep-3")
    desk = Desk(firm)
    records = {each["id"] for each in desk.ask("manager", "GET", "/records", params={"kind": "opportunity"}).json()}
    assert records == {"A"}
    assert desk.ask("manager", "GET", "/reps/rep-3/today").status_code == 404
    assert desk.ask("manager", "GET", "/reps/rep-1/today").status_code == 200


def test_every_endpoint_is_described_and_speaks_of_its_problems(desk):
    for method, path, told in endpoints(desk.app):
        assert told.get("summary"), (method, path)
        assert {"401", "422"} <= set(told["responses"]), (method, path)
    assert len(endpoints(desk.app)) > 25


def test_amounts_in_other_currencies_are_priced_or_told_with_the_remedy(desk):
    with desk.firm.store.write() as connection:
        set_firm_currency(connection, "CNY")
        add_rates(connection, [Rate("2026-01-01", "EUR", 8.0, "rates.csv", 2)])
    amounts = ({"amount": 100, "currency": "EUR"}, {"amount": "7 VND"}, {"amount": 5, "currency": "Euro"})
    batch = [{**posted(desk), "event": "forecast", "payload": payload} for payload in amounts]
    told = desk.ask("operations", "POST", "/events", json={"events": batch[:1]}).json()
    assert (told["accepted"], told["unpriced"]) == (1, [])
    deal = desk.ask("rep", "GET", "/records/opportunity/A").json()
    assert (deal["values"]["amount"], deal["values"]["original.amount"], deal["currency"]) == (800.0, "100 EUR", "CNY")
    told = desk.ask("operations", "POST", "/events", json={"events": batch[1:]}).json()
    assert (told["accepted"], [each["position"] for each in told["refused"]]) == (1, [1])
    (unpriced,) = told["unpriced"]
    assert [unpriced[name] for name in ("position", "field", "currency", "day")] == [0, "amount", "VND", "2026-01-05"]
    assert "rehearse store rates" in unpriced["en"]
    assert "汇率" in unpriced["zh"]
    assert "amount" not in desk.ask("rep", "GET", "/records/opportunity/A").json()["values"]


def test_nothing_of_an_attainment_is_told_in_another_currency_to_whom_it_is_hidden_from(desk):
    with desk.firm.store.write() as connection:
        set_firm_currency(connection, "CNY")
    desk.firm.service.activate(policy_of(targets={"visibility": "none"}), "tester")
    event = desk.firm.event("attained", "rep-1", kind="unit", attained=SECRET_ATTAINED, currency="EUR")
    desk.firm.service.post([event])
    for path in ("/records/unit/rep-1", "/records/unit/rep-1/history"):
        assert str(int(SECRET_ATTAINED)) not in desk.ask("rep", "GET", path).text
        assert str(int(SECRET_ATTAINED)) in desk.ask("operations", "GET", path).text
