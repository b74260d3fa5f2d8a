"""A database as an export: its tables come in as files do, it is never written, and no message holds what is secret."""

from datetime import datetime

import pytest
from sqlalchemy import create_engine, text

from coach.mapping.archives import source_name, unpacked
from coach.mapping.databases import MOST_TABLES
from coach.mapping.files import MappingError
from tests.coach.crm_exports import Truth, deals
from tests.coach.crm_exports_again import SYSTEMS_AGAIN
from tests.coach.test_guessing import amount_of, brought, told, true

SECRET = "hunter2%21"  # noqa: S105 -- an invented one


def filled(url: str, truth: list[Truth]) -> None:
    """A database with deals, owners of theirs, and a table that is nobody's business."""
    rows = [SYSTEMS_AGAIN["odoo, fields"].row(deal) for deal in truth]
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            text(f"CREATE TABLE crm_lead ({', '.join(f'{name} VARCHAR(200)' for name in rows[0])}, photo BYTEA)")
        )
        columns = ", ".join(f":{name}" for name in rows[0])
        connection.execute(text(f"INSERT INTO crm_lead ({', '.join(rows[0])}) VALUES ({columns})"), rows)
        connection.execute(text("UPDATE crm_lead SET date_closed = NULL WHERE date_closed = ''"))
        connection.execute(text("CREATE TABLE settings (name VARCHAR(20), value VARCHAR(20))"))
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'our crm.db'}"
    return request.getfixturevalue("server").empty(f"crm{datetime.now().timestamp():.6f}".replace(".", "_"))


def test_a_database_is_read_like_a_folder(database):
    truth = deals(11, "en", 40)
    filled(database, truth)
    with unpacked(database) as folder:
        found, reading = brought(folder, {"zone": "UTC"})
    assert found.open == []
    seen = told(reading, "UTC")
    assert len(seen) == len(truth)
    for deal in truth:
        assert {**seen[deal.id], "amount": amount_of(seen[deal.id]["amount"])} == true(deal)
    assert not folder.exists()


def test_tables_are_chosen_by_name(database):
    filled(database, deals(12, "en", 5))
    sign = "&" if "?" in database else "?"
    with unpacked(f"{database}{sign}tables=crm_lead") as folder:
        assert [each.name for each in folder.iterdir()] == ["crm_lead.csv"]
    with (
        pytest.raises(MappingError, match="no table deals; there are crm_lead, settings"),
        unpacked(f"{database}{sign}tables=deals"),
    ):
        pass


def test_of_many_tables_those_that_count_have_to_be_named(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'many.db'}")
    with engine.begin() as connection:
        for number in range(MOST_TABLES + 1):
            connection.execute(text(f"CREATE TABLE t{number} (a INTEGER)"))
    with pytest.raises(MappingError, match="tables=crm_lead") as refused, unpacked(f"sqlite:///{tmp_path / 'many.db'}"):
        pass
    assert "tables=" in refused.value.zh


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://ann:{SECRET}@127.0.0.1:1/crm",
        f"postgresql+psycopg://ann:{SECRET}@127.0.0.1:1/crm?sslmode=disable",
        f"postgresql://ann@127.0.0.1:1/crm?password={SECRET}",
        f"mysql://ann:{SECRET}@127.0.0.1:1/crm",
        f"postgresql://ann:{SECRET}@127.0.0.1:port/crm",
        f"postgresql://ann:{SECRET}@127.0.0.1:1/crm?nonsense={SECRET}",
    ],
)
def test_no_message_and_no_name_holds_the_password(url):
    with pytest.raises(MappingError) as refused, unpacked(url):
        pass
    assert refused.value.__cause__ is None
    for secret in (SECRET, "hunter2!"):
        assert secret not in refused.value.en + refused.value.zh
    if ":port" not in url:
        assert source_name(url) == "crm"


def test_a_file_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(MappingError, match="no database"), unpacked(f"sqlite:///{tmp_path / 'none.db'}"):
        pass
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    ("file", "name"),
    [("hubspot-all-deals-2025-06-20.csv", "hubspot-all-deals"), ("商机2.0_20250620.xlsx", "商机"), ("1718870000.csv", "crm"),
     ("deals.csv.gz", "deals"), ("Q3 export (2).zip", "Q export")],
)  # fmt: skip
def test_the_next_export_of_a_system_is_called_the_same(file, name, tmp_path):
    assert source_name(tmp_path / file) == name


def test_a_folder_stays_where_it_is(tmp_path):
    with unpacked(tmp_path) as folder:
        assert folder == tmp_path
