"""A trading firm's deals in several currencies, with dated rates, for tests of money."""

import csv
import itertools
from pathlib import Path

from sqlalchemy import select

from coach.mapping.importing import import_folder
from coach.mapping.loader import load_mapping
from coach.mapping.report import ImportReport
from coach.store import Store, tables
from coach.store.later_prices import priced_after
from coach.store.rates import Rate, add_rates
from coach.store.reading import record
from coach.store.viewer import Viewer

NOW = 1_790_000_000_000
EVERYBODY = Viewer("ops", "operations", None)
NUMBERS = itertools.count()
MAPPING = """\
name: trade
title: {en: Trade, zh: 贸易}
source: trade
time_zone: Europe/Berlin
HEAD
units: rep
tables:
  - name: deals
    id: ID
    kind: opportunity
    snapshot: SNAPSHOT
    events:
      - event: registered
        unit: Owner
        at: Created
        payload: {owner: Owner, amount: AMOUNT}
      - event: won
        when: {Stage: Won}
        at: {column: Closed, missing: export}
"""
HEADER = ("ID", "Owner", "Created", "Amount", "Currency", "Stage", "Closed")
TRIED = (
    ("1", "Ann", "2021-03-01", "100", "EUR", "Won", "2021-03-20"),
    ("2", "Ann", "2021-03-01", "100", "VND", "Won", "2021-03-21"),
    ("3", "Bob", "2021-03-01", "1000", "JPY", "Open", ""),
)
KNOWN = ("2021-01-01,EUR,7.8", "2021-03-02,EUR,9", "2021-02-28,JPY,0.06")


def mapping_of(folder: Path, head: str = "currency: CNY\nrates: rates.csv", *, amount: str = "", snapshot: bool = False):
    amount = amount or "{column: Amount, currency: Currency}"
    text = MAPPING.replace("HEAD", head).replace("AMOUNT", amount).replace("SNAPSHOT", str(snapshot).lower())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trade.yaml").write_text(text, encoding="utf-8")
    return load_mapping(folder / "trade.yaml")


def files(folder: Path, rows, rates=None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "deals.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER, *rows])
    if rates is not None:
        rates_file(folder, *rates)
    return folder


def rates_file(folder: Path, *lines: str, header: str = "date,currency,rate") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "rates.csv").write_text("\n".join([header, *lines]), encoding="utf-8")
    return folder / "rates.csv"


def brought(store: Store, folder: Path, rows, rates=KNOWN, *, exported: str | None = None, **about) -> ImportReport:
    chosen = mapping_of(folder, **about)
    return import_folder(files(folder, rows, rates), chosen, store, now=NOW, exported_at=exported)


def deals(store: Store) -> dict[str, float | None]:
    """The amount of every opportunity, as sums see it."""
    with store.read() as connection:
        columns = tables.record.c
        found = connection.execute(select(columns.id, columns.amount).where(columns.kind == "opportunity"))
        return {identifier: amount for identifier, amount in found}


def told(store: Store, identifier: str) -> str | None:
    return record(store, EVERYBODY, "opportunity", identifier)["values"].get("original.amount")


def events(store: Store) -> list[tuple]:
    with store.read() as connection:
        columns = (tables.event.c.key, tables.event.c.event, tables.event.c.payload)
        return [tuple(each) for each in connection.execute(select(*columns).order_by(tables.event.c.sequence))]


def keep(store: Store, *rates: tuple[str, str, float], now: int = NOW):
    listed = [Rate(day, currency, rate, "rates.csv", row) for row, (day, currency, rate) in enumerate(rates, start=2)]
    return priced_after(store, lambda connection: add_rates(connection, listed), now)
