"""What lies beside the deals: changes of stage, activities, users and leads, in the shapes that the ten systems write."""

import csv
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from coach.guessing.guess import guess
from coach.guessing.preview import rows_by_fate
from coach.guessing.sources import tables
from coach.mapping.importing import read_folder
from tests.coach.test_guessing import EXPORTED, NOW, brought, day

OPEN = ("Qualification", "Proposal", "Negotiation")
COUNT = 24


def written(folder: Path, file: str, head: str, rows: list[list]) -> None:
    with (folder / file).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([head.split(","), *rows])


def state(number: int) -> str:
    return ("open", "won", "lost")[number % 3]


def stage(number: int) -> str:
    return {"won": "Closed Won", "lost": "Closed Lost"}.get(state(number)) or OPEN[number // 3 % 3]


def at(number: int, written_as: str = "%Y-%m-%d %H:%M:%S", days: int = 0) -> str:
    return (datetime(2024, 3, 1, 9) + timedelta(days=number + days)).strftime(written_as)


def deals(folder: Path, *, file="Opportunity.csv", head="Id,Name,StageName,Amount,CloseDate,CreatedDate,OwnerId,Probability",
          name="006A{:04d}", owner="005B{:02d}", stage_of=stage) -> None:  # fmt: skip
    chance = {"won": "100", "lost": "0"}
    written(folder, file, head, [
        [name.format(n), f"Deal {n}", stage_of(n), 100 * n + 5, at(n, "%Y-%m-%d", 60), at(n), owner.format(n % 4),
         chance.get(state(n)) or 10 + 20 * (n // 3 % 3)]
        for n in range(COUNT)
    ])  # fmt: skip


def steps(reading) -> set[tuple[str, float, str]]:
    """Steps beyond the first stage that were dated: deal, stage, day. Some systems tell of the first one too, others do not."""
    return {
        (each.record, each.payload["stage"], day(each.acted_at, "UTC"))
        for each in reading.events
        if each.event == "advanced" and not each.key.startswith("deals/") and each.payload["stage"] > 1
    }


def went(number: int) -> int:
    """How many open stages a deal went through."""
    return 3 if state(number) != "open" else number // 3 % 3 + 1


STEPS = {(f"006A{n:04d}", float(step + 1), at(n, "%Y-%m-%d", 5 * step)) for n in range(COUNT) for step in range(1, went(n))}


def passed(number: int) -> list[str]:
    return [*OPEN[: went(number)], *([stage(number)] if state(number) != "open" else [])]


def by_row(folder):
    """A row for each stage, with other things that changed: OpportunityHistory."""
    rows = [
        [f"008{n:03d}{step}", f"006A{n:04d}", name, 5, at(n, days=5 * step)]
        for n in range(COUNT)
        for step, name in enumerate(passed(n))
    ]
    written(folder, "OpportunityHistory.csv", "Id,OpportunityId,StageName,Amount,CreatedDate", rows)


def by_field(folder):
    """A row for each change of any field: OpportunityFieldHistory."""
    rows = []
    for n in range(COUNT):
        names = passed(n)
        rows += [
            [f"017{n:03d}s{s}", f"006A{n:04d}", "StageName", names[s - 1], names[s], at(n, days=5 * s)]
            for s in range(1, len(names))
        ]
        rows += [[f"017{n:03d}a{s}", f"006A{n:04d}", "Amount", 1, 2, at(n, days=5 * s)] for s in range(1, 4)]
        rows += [[f"017{n:03d}o", f"006A{n:04d}", "Owner", "Ann", "Bob", at(n, days=1)]]
    written(folder, "OpportunityFieldHistory.csv", "Id,OpportunityId,Field,OldValue,NewValue,CreatedDate", rows)


def by_property(folder):
    """Without an id of its own: the history of properties."""
    rows = [
        [f"006A{n:04d}", "dealstage", name, at(n, days=5 * step), "CRM_UI"]
        for n in range(COUNT)
        for step, name in enumerate(passed(n))
    ]
    rows += [[f"006A{n:04d}", "amount", 100 * n, at(n), "CRM_UI"] for n in range(COUNT)]
    written(folder, "deal property history.csv", "Deal ID,Property,Value,Timestamp,Source", rows)


def from_and_to(folder):
    """Spans: a stage until an instant, and the next one from then on."""
    rows = []
    for n in range(COUNT):
        names = passed(n)
        rows += [
            [f"006A{n:04d}", names[s - 1], names[s], at(n, days=5 * s - 5), at(n, days=5 * s)] for s in range(1, len(names))
        ]
    written(folder, "CRM Status Change Log.csv", "Parent,From,To,From Date,To Date", rows)


def in_german(folder):
    """Days first, the deal by its name."""
    rows = [[f"Deal {n}", name, at(n, "%d.%m.%Y %H:%M", 5 * step)] for n in range(COUNT) for step, name in enumerate(passed(n))]
    written(folder, "Phasenverlauf.csv", "Verkaufschance,Phase,Geändert am", rows)


@pytest.mark.parametrize("history", [by_row, by_field, by_property, from_and_to, in_german])
def test_changes_of_stage_are_steps_at_their_own_time(history, tmp_path):
    deals(tmp_path)
    history(tmp_path)
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert (found.open, found.unused) == ([], [])
    assert steps(reading) == STEPS
    for fate in rows_by_fate(reading):
        assert (fate.set_aside, fate.imported + fate.repaired + fate.empty) == (0, fate.rows)


def test_a_deal_that_went_back_to_the_first_stage_is_there(tmp_path):
    deals(tmp_path)
    by_row(tmp_path)
    with (tmp_path / "OpportunityHistory.csv").open("a", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerow(["008back", "006A0006", OPEN[0], 5, at(6, days=30)])
    _, reading = brought(tmp_path, {"zone": "UTC"})
    told = [each for each in reading.events if each.event == "advanced" and each.record == "006A0006"]
    last = max((each for each in told if not each.key.startswith("deals/")), key=lambda each: each.acted_at)
    assert (last.payload["stage"], day(last.acted_at, "UTC")) == (1.0, at(6, "%Y-%m-%d", 30))


def test_tasks_events_and_calls_are_contacts_of_their_deal_or_lead(tmp_path):
    deals(tmp_path)
    leads = [[f"00Q{n:05d}", f"Firm {n}", "Ann", at(n), "Open", "false"] for n in range(12)]
    written(tmp_path, "Lead.csv", "Id,Company,Owner,CreatedDate,Status,IsConverted", leads)
    tasks = [[f"00T{n:05d}", f"006A{n:04d}", "", "Call", "Completed", at(n, "%Y-%m-%d", 2)] for n in range(COUNT)]
    tasks += [[f"00T1{n:04d}", "", f"00Q{n:05d}", "Call", "Completed", at(n, "%Y-%m-%d", 2)] for n in range(12)]
    tasks += [["00T99999", "006A0001", "", "Call", "Not Started", at(1, "%Y-%m-%d", 2)]]
    written(tmp_path, "Task.csv", "Id,WhatId,WhoId,TaskSubtype,Status,ActivityDate", tasks)
    visits = [[f"00U{n:05d}", f"006A{n:04d}", "Meeting", at(n, "%Y-%m-%dT%H:%M:%S.000+0000", 3)] for n in range(COUNT)]
    written(tmp_path, "Event.csv", "Id,WhatId,Subject,StartDateTime", visits)
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert (found.open, found.unused) == ([], [])
    assert Counter((each.kind, each.event) for each in reading.events if each.event == "contact") == {
        ("opportunity", "contact"): 2 * COUNT,
        ("lead", "contact"): 12,
    }


LEADS = {
    "Lead.csv": (
        "Id,Name,Company,OwnerId,LeadSource,Status,CreatedDate,IsConverted,ConvertedDate",
        lambda n, end: [f"00Q{n:05d}", f"Person {n}", f"Firm {n}", "005B01", "Web",
                        {"lost": "Unqualified", "converted": "Qualified"}.get(end, "Working"), at(n), end == "converted",
                        at(n, "%Y-%m-%d", 9) if end == "converted" else ""],
    ),
    "Leads_001.csv": (
        "Record Id,Lead Owner,Company,Last Name,Lead Status,Lead Source,Created Time,Converted",
        lambda n, end: [f"zcrm_3{n:05d}", "Ann", f"Firm {n}", f"Person {n}", "Junk Lead" if end == "lost" else "Contacted",
                        "Ads", at(n), "Yes" if end == "converted" else "No"],
    ),
    "hubspot-contacts.csv": (
        "Record ID,First Name,Last Name,Email,Contact owner,Lifecycle Stage,Lead Status,Create Date,Became an Opportunity Date",
        lambda n, end: [f"5510{n:04d}", "Kim", f"Person {n}", f"k{n}@firm.example", "Ann",
                        {"converted": "Opportunity"}.get(end, "Marketing Qualified Lead"),
                        "Unqualified" if end == "lost" else "In Progress", at(n), at(n, days=9) if end == "converted" else ""],
    ),
    "My Open Leads.csv": (
        "(Do Not Modify) Lead,Name,Topic,Company Name,Status,Status Reason,Owner,Created On",
        lambda n, end: [f"7f-{n:05d}", f"Person {n}", "Interest", f"Firm {n}",
                        {"lost": "Disqualified", "converted": "Qualified"}.get(end, "Open"), "x", "Ann", at(n)],
    ),
    "销售线索.csv": (
        "线索编号,姓名,公司名称,线索状态,负责人,创建时间,线索来源",
        lambda n, end: [f"XS{n:05d}", f"联系人{n}", f"公司{n}", {"lost": "无效", "converted": "已转换"}.get(end, "跟进中"),
                        "李倩", at(n), "官网"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("file", LEADS)
def test_leads_are_records_of_their_own_open_converted_or_lost(file, tmp_path):
    deals(tmp_path)
    head, row = LEADS[file]
    ends = [("open", "converted", "lost")[n % 3] for n in range(30)]
    written(tmp_path, file, head, [row(n, end) for n, end in enumerate(ends)])
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert (found.open, found.unused) == ([], [])
    told: dict[str, dict] = {}
    for each in reading.events:
        if each.kind == "lead":
            told.setdefault(each.record, {})[each.event] = each
    assert [next((end for end in ("converted", "lost") if end in each), "open") for each in told.values()] == ends
    assert all(each["registered"].unit for each in told.values())
    assert list(told.values())[1]["converted"].dated == ("ConvertedDate" in head or "Became" in head)
    first = list(told.values())[1]
    if first["converted"].dated:
        assert day(first["converted"].acted_at, "UTC") == at(1, "%Y-%m-%d", 9)
    for fate in rows_by_fate(reading):
        assert (fate.set_aside, fate.empty) == (0, 0)


STATUSES = {
    "Open - Not Contacted": "open", "Working - Contacted": "open", "Closed - Converted": "converted",
    "Closed - Not Converted": "lost", "Attempted to Contact": "open", "Lost Lead": "lost", "Not Qualified": "lost",
    "Converted": "converted", "Dead": "lost",
}  # fmt: skip


def test_the_state_of_a_lead_says_what_became_of_it(tmp_path):
    deals(tmp_path)
    rows = [[f"00Q{n:05d}", "Ann", at(n), status] for n, status in enumerate([*STATUSES, *STATUSES])]
    written(tmp_path, "Leads.csv", "Lead ID,Lead Owner,Created Time,Lead Status", rows)
    _, reading = brought(tmp_path, {"zone": "UTC"})
    ends = {each.record: each.event for each in reading.events if each.kind == "lead" and each.event != "registered"}
    assert [ends.get(row[0], "open") for row in rows] == [*STATUSES.values(), *STATUSES.values()]
    assert reading.unsaid == []


def test_a_lead_that_was_converted_since_the_last_export_is_a_change(tmp_path):
    deals(tmp_path)
    head, row = LEADS["Lead.csv"]
    written(tmp_path, "Lead.csv", head, [row(n, "open") for n in range(12)])
    mapping = guess(tables(tmp_path), {"zone": "UTC"}).mapping
    first = read_folder(tmp_path, mapping, now=NOW, exported_at=EXPORTED)
    assert Counter(each.event for each in first.events if each.kind == "lead") == {"registered": 12}
    written(tmp_path, "Lead.csv", head, [row(n, "converted" if n < 3 else "open") for n in range(12)])
    _, later = brought(tmp_path, {"zone": "UTC"})
    assert Counter(each.event for each in later.events if each.kind == "lead") == {"registered": 12, "converted": 3}


def test_one_table_of_leads_and_opportunities_is_parted(tmp_path):
    rows = [
        [
            f"__export__.crm_lead_{n}",
            ("Lead", "Opportunity")[n % 2],
            f"Case {n}",
            "Ann",
            ("New", "Won")[n % 4 == 1],
            100 * n,
            at(n),
        ]
        for n in range(30)
    ]
    written(tmp_path, "crm.lead.csv", "External ID,Type,Opportunity,Salesperson,Stage,Expected Revenue,Created on", rows)
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert found.open == []
    registered = Counter(each.kind for each in reading.events if each.event == "registered" and each.kind != "unit")
    assert registered == {"lead": 15, "opportunity": 15}
    assert Counter(each.event for each in reading.events if each.event == "won") == {"won": 8}


@pytest.mark.parametrize(("answer", "counted"), [("nobody", 15), ("out", 10)])
def test_deals_without_an_owner_are_left_out_where_somebody_says_so_and_their_leads_are_not(answer, counted, tmp_path):
    rows = [[100_000 + n, ("Lead", "Opportunity")[n % 2], ("Ann", "Bob", "")[n % 3], ("New", "Won")[n % 4 == 1], 100 * n, at(n)]
            for n in range(30)]  # fmt: skip
    written(tmp_path, "crm.lead.csv", "ID,Type,Salesperson,Stage,Expected Revenue,Created on", rows)
    _, reading = brought(tmp_path, {"zone": "UTC", "blank_owner": answer})
    registered = Counter(each.kind for each in reading.events if each.event == "registered" and each.kind != "unit")
    assert registered == {"lead": 15, "opportunity": counted}


def test_owners_by_numbers_go_by_the_table_that_holds_these_numbers(tmp_path):
    deals(tmp_path, owner="4402329{}")
    people = [
        [f"9{n}", f"4402329{n}", name, "Lee", f"{name}@firm.example"] for n, name in enumerate(("Ann", "Bob", "Cleo", "Dan"))
    ]
    written(tmp_path, "owners.csv", "User ID,Owner ID,First Name,Last Name,Email", people)
    found, reading = brought(tmp_path, {"zone": "UTC"})
    assert found.unused == []
    assert {each.unit for each in reading.events if each.kind == "opportunity" and each.unit} == {
        "Ann Lee", "Bob Lee", "Cleo Lee", "Dan Lee"
    }  # fmt: skip
