"""The export of which a benchmark brings in a million rows, in small."""

from benchmarks.import_million import imported, write_export
from coach.store import Store


def test_every_row_of_it_is_read_and_nearly_every_one_makes_an_event(tmp_path):
    write_export(tmp_path, 2000)
    found = imported(tmp_path)
    assert found["rows"] == 2000
    assert found["events"] > 2000
    store = Store.open(tmp_path / "firm.db", create=False)
    assert store.currency == "EUR"
    store.close()
