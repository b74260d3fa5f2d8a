"""Files into a store: once, all or nothing, also when the process is killed half-way."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from coach.mapping.files import MappingError
from coach.mapping.importing import Step, import_folder, read_folder, store_reading
from coach.mapping.loader import load_mapping
from coach.store import Store, writing
from coach.store.tables import event as events_table
from coach.store.tables import metadata
from tests.coach.small_crm import GOOD, write_calls, write_deals, write_mapping

NOW = 1_790_000_000_000
KILLED = """\
import sys, time
from coach.store import writing
write = writing.write_events
def slow(*arguments):
    write(*arguments)
    print("half-way", flush=True)
    time.sleep(60)
writing.write_events = slow
from apps.cli.main import program
program.main(sys.argv[1:])
"""


@pytest.fixture
def mapping(tmp_path):
    return load_mapping(write_mapping(tmp_path / "mapping"))


@pytest.fixture
def store(tmp_path):
    opened = Store.open(tmp_path / "store.db")
    yield opened
    opened.close()


def everything(store: Store) -> dict[str, list[str]]:
    """All that a store holds, table by table."""
    with store.read() as connection:
        return {each.name: sorted(map(repr, connection.execute(select(each)))) for each in metadata.sorted_tables}


def contents(store: Store) -> list:
    with store.read() as connection:
        return [tuple(row) for row in connection.execute(select(events_table).order_by(events_table.c.sequence))]


def test_importing_twice_changes_nothing(store, mapping, tmp_path):
    folder = write_deals(tmp_path / "files")
    first = import_folder(folder, mapping, store, now=NOW)
    before = contents(store)
    second = import_folder(folder, mapping, store, now=NOW + 1000)
    assert (first.accepted, first.repeated) == (8, 0)
    assert (second.accepted, second.repeated) == (0, 8)
    assert (first.units, second.units) == (2, 0), "owners that rows name and no row registers"
    assert contents(store) == before
    (count,) = second.tables
    assert (count.rows, count.unchanged) == (3, 3)


def test_a_row_that_the_store_refuses_is_set_aside_and_told(store, mapping, tmp_path):
    changed = mapping.model_copy(update={"exported_at": "2099-01-01"})
    rows = [*GOOD, ["9", "李强", "2098-01-01 09:00", *GOOD[0][3:6], "", "", ""]]
    report = import_folder(write_deals(tmp_path / "files", rows), changed, store, now=4_080_000_000_000)
    (count,) = report.tables
    assert (count.imported, count.set_aside) == (3, 1)
    told = [remark for remark in report.remarks if remark.set_aside]
    assert all((remark.file, remark.row) == ("deals.csv", 5) for remark in told)
    assert "future" in told[0].en
    assert "未来" in told[0].zh


def test_files_that_do_not_fit_leave_the_store_as_it_was(store, mapping, tmp_path):
    import_folder(write_deals(tmp_path / "files"), mapping, store, now=NOW)
    before = contents(store)
    wrong = write_deals(tmp_path / "wrong")
    (wrong / "calls.csv").write_text("id,when\n1,2025-01-01\n", encoding="utf-8")
    with pytest.raises(MappingError, match="there is no column"):
        import_folder(wrong, mapping, store, now=NOW)
    assert contents(store) == before


class _StoppedError(Exception):
    """Somebody stopped it."""


@given(after=st.integers(1, 25))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
def test_stopped_at_any_step_the_store_is_as_before(monkeypatch, mapping, tmp_path_factory, after):
    monkeypatch.setattr(writing, "_AT_ONCE", 2)
    place = tmp_path_factory.mktemp("stopped")
    store = Store.open(place / "store.db")
    import_folder(write_deals(place / "first", GOOD[:1]), mapping, store, now=NOW)
    before, left = everything(store), after

    def told(_step: Step) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise _StoppedError

    reading = read_folder(write_calls(write_deals(place / "files")), mapping, now=NOW + 1)
    try:
        store_reading(reading, mapping, store, told=told)
    except _StoppedError:
        assert everything(store) == before
    else:
        assert left > 0
    store_reading(reading, mapping, store)
    assert len(contents(store)) == 10
    store.close()


def test_killed_half_way_the_store_is_as_before(store, mapping, tmp_path):
    import_folder(write_deals(tmp_path / "files", GOOD[:1]), mapping, store, now=NOW)
    before = contents(store)
    arguments = ["import", str(write_deals(tmp_path / "all")), "--mapping", str(tmp_path / "mapping" / "small.yaml")]
    command = [sys.executable, "-c", KILLED, *arguments, "--to", str(tmp_path / "store.db")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        assert process.stdout.readline().strip() == "half-way"
    finally:
        process.kill()
        process.communicate()
    assert contents(store) == before
    assert import_folder(tmp_path / "all", mapping, store, now=NOW).accepted == 8 - len(before)
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(events_table)) == 8
