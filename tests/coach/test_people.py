"""A list of people says how exports spell them, to which unit they belong, and who left; history keeps their names."""

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coach.mapping.files import MappingError
from coach.mapping.importing import import_folder
from coach.mapping.loader import load_mapping
from coach.rules.addressees import addressee, present_owner
from coach.rules.live_book import LiveBook
from coach.store import SYSTEM, Store, reading
from policies.record.records import ROLES
from tests.coach.firm import Firm, policy_of
from tests.coach.small_crm import csv_text

MAPPING = """\
name: small
title: {en: A small CRM, zh: 小型 CRM}
source: small
time_zone: Europe/Berlin
units: rep
people: people.csv
tables:
  - name: deals
    id: id
    kind: opportunity
    events:
      - event: registered
        unit: owner
        at: created
        payload: {owner: owner, amount: amount}
"""
NOW = round(datetime(2026, 6, 1, 12, tzinfo=UTC).timestamp() * 1000)
TODAY = date(2026, 6, 1)
NAMES = ("Ann Lee", "Bob Ray", "李强")
CODES = ("Deleted user (17)", "u-18", "离职人员 3")
TEAMS = ("North", "South")
_numbers = itertools.count()
days = st.dates(date(2024, 1, 1), date(2027, 1, 1)).map(str)


@st.composite
def people(draw):
    """Lines of a list: (name, spellings, unit, joined, left), each name at most once."""
    found = []
    for name, code in zip(NAMES, CODES, strict=True):
        if draw(st.booleans()):
            first, last = sorted([draw(days), draw(days)])
            joined, left = draw(st.sampled_from(["", first])), draw(st.sampled_from(["", last]))
            spellings, unit = draw(st.sampled_from(["", code, f"{code} | x-{name}"])), draw(st.sampled_from(["", *TEAMS]))
            found.append((name, spellings, unit, joined, left))
    return found


def spelled(draw, name: str) -> str:
    how = draw(st.sampled_from([str, str.upper, str.lower, lambda text: f"  {text} ", lambda text: text.replace(" ", "  ")]))
    return how(name)


@st.composite
def deals(draw):
    """Owners of some deals, in any spelling, and nobody."""
    return [
        spelled(draw, name) if (name := draw(st.sampled_from([*NAMES, *CODES, ""]))) else ""
        for _ in range(draw(st.integers(1, 6)))
    ]


def written(folder: Path, listed, owners) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    rows = [[str(place), owner, "2025-03-01", "10"] for place, owner in enumerate(owners)]
    (folder / "deals.csv").write_text(csv_text([["id", "owner", "created", "amount"], *rows]), encoding="utf-8")
    header = ["name", "spellings", "unit", "joined", "left"]
    (folder / "people.csv").write_text(csv_text([header, *map(list, listed)]), encoding="utf-8")
    return folder


def mapping_in(folder: Path):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "m.yaml").write_text(MAPPING, encoding="utf-8")
    return load_mapping(folder / "m.yaml")


def plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def gone_at(left: str) -> int:
    """The midnight in Berlin after a last day."""
    after = date.fromisoformat(left) + timedelta(days=1)
    return round(datetime(after.year, after.month, after.day, tzinfo=ZoneInfo("Europe/Berlin")).timestamp() * 1000)


def units_of(store: Store) -> dict[str, dict]:
    return {each["id"]: each["values"] for each in reading.records(store, SYSTEM, kind="unit", limit=500)}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listed=people(), owners=deals())
def test_a_list_joins_spellings_and_says_who_left(tmp_path, listed, owners):
    folder = written(tmp_path / f"{next(_numbers)}", listed, owners)
    mapping, store = mapping_in(folder), Store.open(folder / "store.db")
    try:
        report = import_folder(folder, mapping, store, now=NOW)
        who = {plain(each): name for name, spellings, *_ in listed for each in (name, *spellings.split("|")) if plain(each)}
        wanted = [who.get(plain(owner)) for owner in owners]
        told = {each["id"]: each for each in reading.records(store, SYSTEM, kind="opportunity", limit=500)}
        units = units_of(store)
        for place, name in enumerate(wanted):
            unit = told[str(place)]["unit"]
            assert unit == name or (name is None and (unit is None or plain(unit) == plain(owners[place])))
            assert told[str(place)]["values"].get("owner") == unit
        others = {plain(owner) for owner, name in zip(owners, wanted, strict=True) if name is None and plain(owner)}
        assert {plain(name) for name in units} == {plain(name) for name, *_ in listed} | {
            plain(unit) for _, _, unit, *_ in listed if unit
        } | others
        for name, _, unit, _, left in listed:
            is_gone = bool(left) and gone_at(left) <= NOW
            assert units[name].get("left_at") == (gone_at(left) if is_gone else None)
            assert units[name]["absent"] == is_gone
            assert units[name].get("parent") == (unit or None)
        assert sum(each.rows for each in report.tables) == len(owners) + len(listed)

        again = import_folder(folder, mapping, store, now=NOW + 1000)
        assert again.accepted == 0
        assert all(each.unchanged == each.rows for each in again.tables)
    finally:
        store.close()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lists=st.lists(people(), min_size=2, max_size=4))
def test_the_newest_list_counts_whatever_came_before(tmp_path, lists):
    """Whoever is on the last list stands as it says; an older list that comes after it changes nothing."""
    folder = tmp_path / f"{next(_numbers)}"
    mapping = mapping_in(folder)
    store = Store.open(folder / "store.db")
    try:
        for place, listed in enumerate(lists):
            import_folder(written(folder, listed, ["Ann Lee"]), mapping, store, now=NOW + 1000 * place)
        units = units_of(store)
        for name, _, unit, _, left in lists[-1]:
            assert units[name].get("left_at") == (gone_at(left) if left and gone_at(left) <= NOW else None)
            assert units[name]["absent"] == ("left_at" in units[name])
            assert not unit or units[name]["parent"] == unit
        import_folder(written(folder, lists[0], ["Ann Lee"]), mapping, store, now=NOW + 500)
        assert units_of(store) == units
    finally:
        store.close()


FAULTY = (
    ("name,wage\nAnn,1\n", "row 1"),
    ("spellings,unit\na,b\n", "row 1"),
    ("name,unit\nAnn\n", "row 2"),
    ("name,unit\n,North\n", "row 2, name ''"),
    ("name,joined\nAnn,2021-02-30\n", "row 2, joined '2021-02-30'"),
    ("name,left\nAnn,31.12.2021\n", "row 2, left '31.12.2021'"),
    ("name,joined,left\nAnn,2021-02-02,2021-02-01\n", "row 2, left '2021-02-01'"),
    ("name,spellings\nAnn,bob\nBOB ,\n", "row 3, name 'BOB'"),
    ("name,unit\nA,B\nB,A\n", "unit"),
    ("name,spellings,unit\nA,x,X\n", "row 2, unit 'X'"),
    ('name\n"Ann\n', "CSV"),
)


@pytest.mark.parametrize(("text", "place"), FAULTY)
def test_a_faulty_list_stops_the_import_with_its_row(tmp_path, text, place):
    folder = written(tmp_path, [], ["Ann"])
    (folder / "people.csv").write_text(text, encoding="utf-8")
    store = Store.open(tmp_path / "store.db")
    try:
        with pytest.raises(MappingError) as told:
            import_folder(folder, mapping_in(folder), store, now=NOW)
        assert "people.csv" in told.value.en
        assert place in told.value.en
        assert "people.csv" in told.value.zh
        assert store.is_fresh
    finally:
        store.close()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gone=st.sets(st.sampled_from(["rep-1", "team-1", "company"])), role=st.sampled_from(ROLES), later=st.booleans())
def test_nothing_is_addressed_to_who_left(tmp_path, gone, role, later):
    folder = tmp_path / f"{next(_numbers)}"
    folder.mkdir()
    firm = Firm(folder)
    try:
        firm.deal("A", "rep-1")
        for unit in gone:
            firm.post("absence_began", unit, kind="unit", left_at=float(firm.now + later))
        with firm.store.read() as connection:
            live = LiveBook(connection, None, firm.now)
        row = live.row_of["opportunity", "A"]
        away = set() if later else gone
        line = [unit for unit in ("rep-1", "team-1", "company") if unit not in away]
        assert present_owner(live, row, firm.now) == (line or [None])[0]
        found = addressee(live, row, role, firm.now)
        assert found not in away
        if role == "owner":
            assert found == (line or [None])[0]
        told = reading.record(firm.store, SYSTEM, "opportunity", "A")
        assert told["unit"] == told["values"]["owner"] == "rep-1"
        assert (told["owner_left_at"] is not None) == ("rep-1" in gone)
    finally:
        firm.store.close()


def test_a_rule_that_tells_an_owner_who_left_tells_the_unit_above(tmp_path):
    rule = {"id": "stall", "on": "opportunity", "when": {"status": "open"}, "since": "last_action_at", "after": "7d",
            "then": [{"notify": "owner"}, {"todo": "owner"}]}  # fmt: skip
    firm = Firm(tmp_path, policy_of(rule))
    try:
        firm.deal("A", "rep-1")
        firm.post("absence_began", "rep-1", kind="unit", left_at=float(firm.now))
        firm.until("2026-01-15 09:00")
        assert [each["unit"] for each in reading.notices(firm.store, SYSTEM)] == ["team-1"] * 2
        assert [each["unit"] for each in reading.todos(firm.store, SYSTEM)] == ["team-1"]
    finally:
        firm.store.close()
