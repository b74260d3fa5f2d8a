"""A simulated office's records in our own layout come back as they were."""

from collections import Counter

from coach.events import FIELD_OF
from coach.mapping.export import export_office
from coach.mapping.importing import import_folder, read_folder
from coach.mapping.loader import load_mapping
from coach.parity.check import office_with_journal
from coach.parity.journal_events import OfficeJournal
from coach.store import Store
from policies.documents.loader import load_policy
from scenarios.loader import load_scenario


def told(event) -> tuple:
    """What an event says; a text that the office keeps as a number is a text in a file."""
    texts = {name for name, about in FIELD_OF[event.kind].items() if about.type == "text"}
    values = {
        name: f"{value:g}" if name in texts and isinstance(value, float) else value
        for name, value in event.payload.items()
        if value is not None
    }
    unit = event.unit or None
    return event.kind, event.record, event.event, event.acted_at, event.recorded_at, unit, tuple(sorted(values.items()))


def test_an_offices_records_come_back_as_they_were(tmp_path):
    office = office_with_journal(load_scenario("small"), load_policy("full-playbook"), 1, 4)
    export_office(office, tmp_path / "records")
    store = Store.open(tmp_path / "store.db")
    report = import_folder(tmp_path / "records", load_mapping("rehearse"), store, now=office.now + 1)
    store.close()
    said = list(OfficeJournal(office).events(gates=False))
    assert report.remarks == []
    assert report.accepted == len(said) > 1000


def test_what_is_read_says_what_was_written(tmp_path):
    office = office_with_journal(load_scenario("small"), load_policy("full-playbook"), 2, 2)
    export_office(office, tmp_path / "records")
    read = read_folder(tmp_path / "records", load_mapping("rehearse"), now=office.now + 1).events
    said = list(OfficeJournal(office).events(gates=False))
    assert Counter(map(told, read)) == Counter(map(told, said))
