"""An escalation carries what was recorded of the customer: in order, short, and only what its reader may see (P2)."""

import json

import pytest
from sqlalchemy import select

from apps.board.page import Board
from apps.board.place import Place
from coach.messages.outbox import add_webhook
from coach.messages.service_history import MOST
from coach.store import SYSTEM, Viewer, tables
from policies.documents.loader import load_policy
from tests.coach.firm import Firm
from tests.coach.signed_in import Desk

_OTHER, _DEAL = "Deal of 5 Jan 2026, 77,000", "Deal of 5 Jan 2026, 1,000"
DIRECTOR = Viewer("director", "manager", "company", "zh")


@pytest.fixture
def desk(tmp_path):
    """A deal that was escalated to the director, whose customer has a complaint and another deal, of another rep."""
    firm = Firm(tmp_path, load_policy("golden-48h"))
    for name, unit in (("firm", None), ("company", "company")):
        add_webhook(firm.store, SYSTEM, 0, name=name, form="generic", url="https://example.invalid/", unit=unit)
    firm.post("target_set", "rep-1", kind="unit", target=918_273.0, attained=1.0)
    firm.post("registered", "C", kind="customer", unit="rep-2", name="Lan Hua")
    firm.post("complained", "C", kind="customer", complaints=1)
    firm.now += 60_000
    firm.post("registered", "B", unit="rep-2", owner="rep-2", customer="Lan Hua", amount=77_000.0, stage=1)
    firm.post("won", "B")
    firm.now += 60_000
    firm.deal(customer="Lan Hua")
    firm.post("first_contact")
    firm.post("registered", "R", kind="request", unit="rep-1", owner="rep-1", desk="legal", opportunity="A")
    firm.deal("other", customer="Another")
    firm.post("next_step", "other", next_step_at=firm.now + 9e7)
    desk = Desk(firm)
    desk.person("director", "manager", "company")
    firm.until("2026-01-08 10:00")
    return desk


def escalated(desk, role: str) -> dict:
    (found,) = [each for each in desk.ask(role, "GET", "/notices").json() if each["effect"] == "escalated"]
    return found


@pytest.mark.system("P2")
def test_the_escalation_and_the_to_do_carry_the_customers_history_in_order_in_both_languages(desk):
    history = escalated(desk, "director")["history"]
    said = [line.partition(": ")[2] for line in history["en"]]
    assert said == [
        "return or complaint", f"deal opened ({_OTHER})", f"deal won ({_OTHER})", f"deal opened ({_DEAL})",
        f"conversation ({_DEAL})", f"first conversation ({_DEAL})", f"legal asked ({_DEAL})",
    ]  # fmt: skip
    assert "2026-01-05 09:00 rep-2: return or complaint" in history["en"]
    assert "2026-01-05 09:00 rep-2：退货或投诉" in history["zh"]
    (todo,) = desk.ask("manager", "GET", "/todos").json()
    assert todo["history"] == history
    told = str(history)
    assert "918" not in told
    assert "Another" not in told


@pytest.mark.system("P2")
def test_it_goes_with_the_message_to_channels_of_a_unit_and_stands_on_the_board(desk):
    with desk.firm.store.read() as connection:
        query = select(tables.webhook.c.name, tables.outbox.c.body).join(
            tables.webhook, tables.outbox.c.webhook == tables.webhook.c.id
        )
        told = [(name, json.loads(body)) for name, body in connection.execute(query)]
    texts = {name: body["zh"]["text"] for name, body in told if body["effect"] == "escalated"}
    assert "退货或投诉" in texts["company"]
    assert "退货或投诉" not in texts["firm"]
    board = Board(desk.firm.store, desk.firm.service, DIRECTOR)
    board.go(Place("messages"))
    assert "该客户的服务记录" in board.html
    assert "退货或投诉" in board.html


@pytest.mark.system("P2")
def test_who_leads_another_team_reads_nothing_of_it_and_a_team_reads_what_is_below_it(tmp_path):
    told = load_policy("golden-48h").model_dump(mode="json")
    for rule in told["rules"]:
        rule["then"] = [{"escalate": "manager"}]
    firm = Firm(tmp_path, type(load_policy("golden-48h")).model_validate(told))
    firm.post("registered", "team-2", kind="unit", level="team", parent="company")
    firm.post("registered", "rep-3", kind="unit", level="rep", parent="team-2")
    firm.post("registered", "B", unit="rep-3", owner="rep-3", customer="Lan Hua", amount=77_000.0, stage=1)
    firm.post("lost", "B")
    firm.deal(customer="Lan Hua")
    firm.post("first_contact")
    firm.until("2026-01-08 10:00")
    told = desk_history(Desk(firm))
    assert told
    assert "77,000" not in told


def desk_history(desk) -> str:
    return str([each["history"] for each in desk.ask("manager", "GET", "/notices").json()])


@pytest.mark.system("P2")
def test_a_long_history_is_cut_to_its_latest_entries_and_says_so_and_what_was_voided_is_left_out(desk):
    for number in range(MOST + 3):
        desk.firm.now += 60_000
        desk.firm.service.post([desk.firm.event("contact", key=f"c{number}")])
    desk.firm.post("voided", voids="c0")
    lines = escalated(desk, "director")["history"]["en"]
    assert (len(lines), lines[0]) == (MOST + 1, "9 earlier entries")
    assert all(line.endswith(f"conversation ({_DEAL})") for line in lines[1:])


def test_what_is_known_by_its_day_alone_is_told_without_a_time_and_a_deal_with_a_name_goes_by_it(desk):
    """A source that tells days puts what happened at their beginning: 00:00 is no time at which a customer was spoken to."""
    named = {"custom.name": "Roof of the hall", "customer": "Lan Hua", "amount": 5.0}
    desk.firm.post("registered", "N", unit="rep-1", owner="rep-1", **named)
    desk.firm.service.post([desk.firm.event("contact", "N", key="d", acted="2026-01-05 00:00")])
    history = escalated(desk, "director")["history"]
    assert "2026-01-05 rep-1: conversation (Roof of the hall)" in history["en"]
    assert "2026-01-05 rep-1：沟通（Roof of the hall）" in history["zh"]
    assert any(line.endswith("deal opened, 5 (Roof of the hall)") for line in history["en"])
