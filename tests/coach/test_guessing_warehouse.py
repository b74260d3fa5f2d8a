"""Tables of CRMs as Fivetran and Airbyte load them into a warehouse: read without a question."""

import csv
from collections import Counter

import pytest

from tests.coach.crm_exports import Truth, deals
from tests.coach.test_guessing import amount_of, brought, told, true

STAGES = {"open": ("11111", "22222", "33333"), "won": ("44444",), "lost": ("55555",)}
SYNCED = "2025-06-21 02:00:01"


def ids(truth: list[Truth]) -> dict[str, str]:
    return {name: f"0051G0000060{place}" for place, name in enumerate(sorted({deal.owner for deal in truth}))}


def stage_of(deal: Truth) -> str:
    known = STAGES[deal.state]
    return known[deal.step % len(known)]


def moment(at) -> str:
    return "" if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def flag(value: bool) -> str:
    return "true" if value else "false"


def write(folder, name: str, rows: list[dict]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def fivetran_salesforce(folder, truth) -> None:
    own, stages = ids(truth), {"open": ("Prospecting", "Proposal", "Review"), "won": ("Closed Won",), "lost": ("Closed Lost",)}
    write(folder, "opportunity", [
        {"_fivetran_synced": SYNCED, "id": f"006q{deal.id}AAB", "is_deleted": "false", "account_id": f"001{deal.customer}",
         "amount": deal.amount, "close_date": moment(deal.closed or deal.expected), "created_date": moment(deal.created),
         "fiscal_quarter": 1, "has_open_activity": "false", "is_closed": flag(deal.state != "open"),
         "is_won": flag(deal.state == "won"), "last_activity_date": moment(deal.created), "name": deal.title,
         "owner_id": own[deal.owner], "probability": {"open": 10 + 20 * (deal.step % 3), "won": 100, "lost": 0}[deal.state],
         "stage_name": stages[deal.state][deal.step % len(stages[deal.state])],
         "type": "", "_fivetran_active": "true"}
        for deal in truth
    ])  # fmt: skip
    write(folder, "user", [
        {"_fivetran_deleted": "false", "_fivetran_synced": SYNCED, "id": id_, "name": name, "email": f"{place}@firm.example",
         "first_name": name.split()[0], "last_name": name.split()[1], "is_active": "true", "username": f"u{place}"}
        for place, (name, id_) in enumerate(own.items())
    ])  # fmt: skip
    write(folder, "task", [
        {"id": f"00T{place}", "_fivetran_synced": SYNCED, "what_id": f"006q{deal.id}AAB", "who_id": "", "task_subtype": "Call",
         "status": "Completed", "activity_date": moment(deal.created), "owner_id": own[deal.owner]}
        for place, deal in enumerate(truth)
    ])  # fmt: skip


def stage_table(folder, name: str) -> None:
    write(folder, name, [
        {"_fivetran_deleted": "false", "_fivetran_synced": SYNCED, "active": "true", "closed_won": flag(state == "won"),
         "is_closed": flag(state != "open"), "display_order": place, "probability": place / 10, "stage_id": id_,
         "label": f"Phase {id_[0]}", "pipeline_id": "default", "created_at": SYNCED, "updated_at": SYNCED}
        for place, (state, id_) in enumerate((state, id_) for state, some in STAGES.items() for id_ in some)
    ])  # fmt: skip


def fivetran_hubspot(folder, truth) -> None:
    own = {name: str(44_023_290 + place) for place, name in enumerate(sorted({deal.owner for deal in truth}))}
    write(folder, "deal", [
        {"deal_id": f"12444{deal.id}", "is_deleted": "false", "deal_pipeline_id": "default",
         "deal_pipeline_stage_id": stage_of(deal), "owner_id": own[deal.owner], "portal_id": "4727653",
         "property_dealname": deal.title, "property_description": "", "property_amount": deal.amount,
         "property_closedate": moment(deal.closed), "property_createdate": moment(deal.created), "_fivetran_synced": SYNCED}
        for deal in truth
    ])  # fmt: skip
    stage_table(folder, "deal_pipeline_stage")
    write(folder, "owner", [
        {"owner_id": id_, "_fivetran_synced": SYNCED, "created_at": SYNCED, "portal_id": "4727653", "type": "PERSON",
         "email": "a@firm.example", "first_name": name.split()[0], "last_name": name.split()[1], "active_user_id": "9"}
        for name, id_ in own.items()
    ])  # fmt: skip
    write(folder, "deal_stage", [
        {"_fivetran_start": moment(deal.created), "deal_id": f"12444{deal.id}", "_fivetran_active": "true",
         "_fivetran_synced": SYNCED, "date_entered": moment(deal.created), "source": "CRM_UI", "value": id_}
        for deal in truth for id_ in STAGES["open"][: deal.step % 3 + 1]
    ])  # fmt: skip


def airbyte_hubspot(folder, truth) -> None:
    own = {name: str(44_023_290 + place) for place, name in enumerate(sorted({deal.owner for deal in truth}))}
    stages = {"open": ("appointmentscheduled", "contractsent", "decisionmakerboughtin"), "won": ("closedwon",),
              "lost": ("closedlost",)}  # fmt: skip
    write(folder, "deals", [
        {"_airbyte_raw_id": f"0b{deal.id}", "_airbyte_extracted_at": SYNCED, "_airbyte_meta": "{}", "id": f"12444{deal.id}",
         "archived": "false", "updatedAt": SYNCED, "properties_amount": deal.amount, "properties_dealname": deal.title,
         "properties_dealstage": stages[deal.state][deal.step % len(stages[deal.state])], "properties_pipeline": "default",
         "properties_createdate": moment(deal.created), "properties_closedate": moment(deal.closed),
         "properties_hubspot_owner_id": own[deal.owner]}
        for deal in truth
    ])  # fmt: skip
    write(folder, "owners", [
        {"_airbyte_raw_id": f"0c{id_}", "_airbyte_extracted_at": SYNCED, "id": id_, "email": "a@firm.example",
         "firstName": name.split()[0], "lastName": name.split()[1], "archived": "false", "createdAt": SYNCED}
        for name, id_ in own.items()
    ])  # fmt: skip


def airbyte_salesforce(folder, truth) -> None:
    own = ids(truth)
    stages = {"open": "Needs Analysis", "won": "Closed Won", "lost": "Closed Lost"}
    write(folder, "Opportunity", [
        {"_airbyte_raw_id": f"0b{deal.id}", "_airbyte_extracted_at": SYNCED, "Id": f"006q{deal.id}AAB", "IsDeleted": "false",
         "Name": deal.title, "StageName": stages[deal.state], "Amount": deal.amount, "IsWon": flag(deal.state == "won"),
         "IsClosed": flag(deal.state != "open"), "CloseDate": f"{deal.closed or deal.expected:%Y-%m-%d}",
         "CreatedDate": moment(deal.created), "OwnerId": own[deal.owner], "SystemModstamp": SYNCED}
        for deal in truth
    ])  # fmt: skip
    write(folder, "User", [
        {"_airbyte_raw_id": id_, "_airbyte_extracted_at": SYNCED, "Id": id_, "Name": name, "Email": "a@firm.example"}
        for name, id_ in own.items()
    ])  # fmt: skip


@pytest.mark.parametrize("layout", [fivetran_salesforce, fivetran_hubspot, airbyte_hubspot, airbyte_salesforce])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_deal_of_a_warehouse_is_what_it_is_without_a_question(layout, seed, tmp_path):
    truth = deals(seed, "en", 40)
    layout(tmp_path, truth)
    found, reading = brought(tmp_path)
    assert ([each.key for each in found.open], found.mapping.time_zone) == ([], "UTC")
    seen = list(told(reading, "UTC").values())
    assert len(seen) == len(truth)
    for deal, expected in zip(seen, map(true, truth), strict=True):
        assert {**deal, "amount": pytest.approx(amount_of(deal["amount"]))} == expected
    counts = Counter(each.event for each in reading.events if each.kind == "opportunity")
    assert counts["contact"] == (len(truth) if layout is fivetran_salesforce else 0)
    assert (counts["advanced"] > 0) == (layout in (fivetran_hubspot, fivetran_salesforce))
