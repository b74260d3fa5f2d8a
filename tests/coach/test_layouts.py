"""Stores outlive versions of the program: an older one is upgraded without loss, a newer one refused, copies are whole."""

import gzip
import json
import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from click.testing import CliRunner

from apps.cli.main import program
from coach.store import Store, layout, tables
from coach.store.backups import backup, last_backup, restore
from coach.store.checking import check
from coach.store.database import begun, engine_of, write_ahead
from tests.coach.firm import FREEZE, STALL, Firm, policy_of

pytestmark = pytest.mark.file
KEPT = Path(__file__).parent / "layouts"
NEXT = '''"""Notes on records."""

import sqlalchemy as sa
from alembic import op

revision = "{new:04d}"
down_revision = "{old:04d}"


def upgrade() -> None:
    """A column more, and a table rebuilt that others refer to."""
    with op.batch_alter_table("record", recreate="always") as record:
        record.add_column(sa.Column("note", sa.Text))
'''


def kept(number: int, folder: Path) -> Path:
    """A store of an older layout, as the program of that time wrote it."""
    path = folder / "firm.db"
    path.write_bytes(gzip.decompress((KEPT / f"layout-{number}.db.gz").read_bytes()))
    return path


def rows(place: str | Path) -> dict[str, list[tuple]]:
    """Every row of every table of a store."""
    engine, found = engine_of(place, create=False), sa.MetaData()
    with begun(engine, write=False) as connection:
        found.reflect(connection)
        told = {}
        for table in found.sorted_tables:
            columns = sorted(table.columns.keys())
            told[table.name] = sorted(tuple(map(str, row)) for row in connection.execute(sa.select(*map(table.c.get, columns))))
    engine.dispose()
    told.pop("alembic_version", None)
    return told


def known(name: str | None, kind: str, _parents) -> bool:
    """Whether a table is the store's own: Alembic keeps one, and pages do."""
    return kind != "table" or name in tables.metadata.tables


@pytest.fixture
def next_layout(tmp_path, monkeypatch):
    """The program of a layout later, which has a column more."""
    old = tables.SCHEMA_VERSION
    migrations = tmp_path / "migrations"
    (migrations / "versions").mkdir(parents=True)
    for file in [*layout.MIGRATIONS.glob("*.*"), *layout.MIGRATIONS.glob("versions/*.py")]:
        (migrations / file.relative_to(layout.MIGRATIONS)).write_bytes(file.read_bytes())
    (migrations / "versions" / f"{old + 1:04d}_note.py").write_text(NEXT.format(old=old, new=old + 1), encoding="utf-8")
    monkeypatch.setattr(layout, "MIGRATIONS", migrations)
    monkeypatch.setattr(tables, "SCHEMA_VERSION", old + 1)
    return old + 1


@pytest.mark.parametrize("number", range(1, tables.SCHEMA_VERSION + 1))
def test_a_store_of_any_layout_opens_and_loses_no_row(number, tmp_path):
    path = kept(number, tmp_path)
    before = rows(path)
    Store.open(path).close()
    after = rows(path)
    before["setting"] = after["setting"] = None  # holds the layout's number
    for name, told in before.items():
        if name != "setting":
            assert len(after[name]) == len(told), name
    assert check(path).sound
    assert check(path).layout == tables.SCHEMA_VERSION


@pytest.mark.parametrize("number", range(1, tables.SCHEMA_VERSION + 1))
def test_migrations_lead_to_the_tables_that_the_program_knows(number, tmp_path):
    path = kept(number, tmp_path)
    Store.open(path).close()
    engine = engine_of(path, create=False)
    with begun(engine, write=False) as connection:
        found = compare_metadata(MigrationContext.configure(connection, opts={"include_name": known}), tables.metadata)
        assert found == []
    engine.dispose()


def test_an_older_store_is_upgraded_as_it_is_opened_and_a_copy_is_kept(tmp_path, next_layout, caplog):
    path = kept(next_layout - 1, tmp_path)
    before = rows(path)
    Store.open(path).close()
    after = rows(path)
    assert after["event"] == before["event"]
    assert after["firing"] == before["firing"]
    assert len(after["record"]) == len(before["record"])
    assert rows(path.with_name(f"firm.db.layout-{next_layout - 1}")) == before
    assert f"from layout {next_layout - 1} to {next_layout}" in caplog.text
    Store.open(path).close()
    assert caplog.text.count("was upgraded") == 1


def test_an_upgrade_that_fails_changes_nothing(tmp_path, next_layout):
    path = kept(1, tmp_path)
    before = rows(path)
    (broken,) = layout.MIGRATIONS.glob(f"versions/{next_layout:04d}_*.py")
    broken.write_text(broken.read_text(encoding="utf-8") + "    raise ValueError('broken')\n", encoding="utf-8")
    with pytest.raises(ValueError, match="broken"):
        Store.open(path)
    assert rows(path) == before


@pytest.mark.usefixtures("next_layout")
def test_two_that_upgrade_at_once_do_it_once(tmp_path):
    path = kept(1, tmp_path)
    opened, failed = [], []

    def open_it():
        try:
            opened.append(Store.open(path))
        except Exception as error:
            failed.append(error)

    both = [threading.Thread(target=open_it) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    for store in opened:
        store.close()
    assert not failed
    assert len(list(tmp_path.glob("firm.db.layout-1*"))) == 1


def test_changing_the_mode_of_a_file_waits_for_who_is_in_it(tmp_path):
    path = tmp_path / "firm.db"
    other = sqlite3.connect(path, check_same_thread=False)
    other.execute("CREATE TABLE t (n)")
    other.commit()
    other.execute("BEGIN EXCLUSIVE")
    leaving = threading.Timer(0.3, other.rollback)
    leaving.start()
    engine = sa.create_engine(f"sqlite:///{path}", connect_args={"timeout": 0})
    write_ahead(engine)
    leaving.join()
    other.close()
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_a_newer_store_is_refused_kindly_and_left_as_it_is(tmp_path):
    path = tmp_path / "firm.db"
    store = Store.open(path)
    with store.write() as connection:
        layout.set_setting(connection, layout.VERSION, tables.SCHEMA_VERSION + 3)
    store.close()
    before = rows(path)
    with pytest.raises(layout.NewerStore) as refused:
        Store.open(path)
    assert f"layout {tables.SCHEMA_VERSION + 3}" in refused.value.en
    assert "较新版本" in refused.value.zh
    assert rows(path) == before


@pytest.fixture
def firm(tmp_path):
    firm = Firm(tmp_path, policy_of(FREEZE, STALL))
    for name in ("A", "B", "C"):
        firm.post("registered", name, unit="rep-1", owner="rep-1", stage=1.0)
        firm.post("contact", name)
    firm.now += 20 * 86_400_000
    firm.service.tick()
    yield firm
    firm.store.close()


def test_a_backup_is_taken_while_the_store_is_in_use_and_restored_whole(firm, tmp_path):
    steps = []
    copy = backup(firm.path, tmp_path / "copy.db", lambda done, of: steps.append((done, of)))
    firm.post("contact", "A")
    assert steps
    assert rows(copy)["event"] != rows(firm.path)["event"]
    restore(copy, tmp_path / "again.db")
    assert rows(tmp_path / "again.db") == rows(copy)
    assert Store.open(tmp_path / "again.db").close() is None


def test_neither_a_backup_nor_a_store_is_written_over_unasked(firm, tmp_path):
    copy = backup(firm.path, tmp_path / "copy.db")
    before = rows(firm.path)
    with pytest.raises(ValueError, match="exists already"):
        backup(firm.path, copy)
    with pytest.raises(ValueError, match="--replace"):
        restore(copy, firm.path)
    assert rows(firm.path) == before
    firm.store.close()
    restore(copy, firm.path, replace=True)
    assert rows(firm.path) == rows(copy)


def test_what_is_no_store_is_never_replaced_by_one(firm, tmp_path):
    copy, other = backup(firm.path, tmp_path / "copy.db"), tmp_path / "other.db"
    engine = engine_of(other, create=True)
    with begun(engine, write=True) as connection:
        connection.exec_driver_sql("CREATE TABLE invoices (number INTEGER)")
        connection.exec_driver_sql("INSERT INTO invoices VALUES (7)")
    engine.dispose()
    with pytest.raises(ValueError, match="no store of ours"):
        restore(copy, other, replace=True)
    assert rows(other) == {"invoices": [("7",)]}


def test_from_a_file_to_a_server_and_back_nothing_is_lost(firm, tmp_path, server):
    url = server.empty("moved")
    copy = backup(firm.path, tmp_path / "copy.db")
    restore(copy, url)
    again = backup(url, tmp_path / "again.db")
    assert rows(again) == rows(copy)
    store = Store.open(url)
    store.close()
    assert check(url).sound


def test_a_check_names_what_is_not_in_order(firm):
    assert check(firm.path).sound
    with firm.store.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("DELETE FROM event WHERE record = 4")
        connection.exec_driver_sql("UPDATE todo SET firing = 99999 WHERE id = 0")
        connection.commit()
    wrong = {each.name: each.wrong for each in check(firm.path).findings if each.wrong}
    assert wrong == {"records": 1, "todos": 1}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_commands_speak_both_languages(firm, tmp_path, language):
    def rehearse(*arguments: str):
        return CliRunner().invoke(program, ["store", *arguments, "--lang", language], prog_name="rehearse")

    checked = rehearse("check", str(firm.path), "--json", str(tmp_path / "check.json"))
    assert checked.exit_code == 0
    assert json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))["sound"]
    assert rehearse("backup", str(firm.path), str(tmp_path / "copy.db")).exit_code == 0
    with firm.store.read() as connection:
        assert last_backup(connection).bytes == (tmp_path / "copy.db").stat().st_size
    assert rehearse("restore", str(tmp_path / "copy.db"), str(firm.path)).exit_code == 2
    assert rehearse("upgrade", str(firm.path)).exit_code == 0
    assert rehearse("check", str(tmp_path / "absent.db")).exit_code == 2
