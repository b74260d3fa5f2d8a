"""The customers of a store, in an index that follows what is recorded.

A customer is known by its own record, by a lead that asks for it, or by the name that deals have. Deals that name the id or the
name of a customer's record belong to that record.
"""

import logging
import threading
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, func, select

from coach.customers.described import Described, described
from coach.customers.index import Index
from coach.customers.names import name_of
from coach.store import tables
from coach.store.settings import calendar_of
from coach.store.store import Store
from coach.store.views import kept_values

KINDS = ("lead", "opportunity", "customer")
_CHUNK = 400
_log = logging.getLogger("rehearse.coach")
_record, _event = tables.record.c, tables.event.c


class Entry(NamedTuple):
    """What stands in the index: a customer's or lead's record by its row, or the name that deals have."""

    row: int | None
    name: str


def told_name(kind: str, values: Mapping[str, Any]) -> str:
    """The customer's name as a record tells it; empty where it tells none."""
    names = {
        "lead": ("customer", "custom.customer", "custom.title", "custom.name"),
        "opportunity": ("customer",),
        "customer": ("name", "custom.name", "custom.title"),
    }[kind]
    return next((text for name in names if isinstance(text := values.get(name), str) and text.strip()), "")


def description(kind: str, values: Mapping[str, Any], country: str) -> Described:
    """What can be compared of a record."""

    def text(*names: str) -> str:
        return next((value for name in names if isinstance(value := values.get(name), str)), "")

    return described(
        told_name(kind, values), text("tax_number", "custom.tax_number"), text("phone", "custom.phone"),
        text("custom.email", "custom.website"), country=country,
    )  # fmt: skip


class Register:
    """The index of a store, brought up to date by whoever asks; one thread at a time."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._index: Index[Entry] = Index()
        self._seen = -1
        self._country = "CN"
        self._customers: dict[str, int] = {}
        self._deals: dict[str, dict[int, Described | None]] = {}  # by name and row: what a deal tells besides its name
        self._named: dict[int, str] = {}
        self._ids: dict[int, str] = {}

    def warm(self, store: Store) -> None:
        """Take in what a store holds, in a thread of its own: the first who searches need not wait for it."""
        threading.Thread(target=self._warm, args=(store,), name="customers", daemon=True).start()

    def _warm(self, store: Store) -> None:
        try:
            with store.read() as connection:
                self.up_to_date(connection)
        except Exception:
            _log.exception("the customers of the store could not be taken in")

    @property
    def country(self) -> str:
        """Where telephone numbers are dialled."""
        return self._country

    def up_to_date(self, connection: Connection) -> Index[Entry]:
        """The index as the store stands."""
        with self.lock:
            last = connection.scalar(select(func.max(_event.sequence)))
            if last is not None and last > self._seen:
                self._country = calendar_of(connection).country or "CN"
                self._take(connection, self._changed(self._seen))
                self._seen = last
            return self._index

    def deals_of(self, entry: Entry) -> list[int]:
        """Rows of the deals that name an entry, or the id of its record."""
        names = (entry.name, self._ids.get(-1 if entry.row is None else entry.row, entry.name))
        return [row for name in dict.fromkeys(names) for row in self._deals.get(name, ())]

    def _changed(self, seen: int) -> Select:
        rows = select(_record.row, _record.kind, _record.id).where(_record.kind.in_(KINDS))
        return rows if seen < 0 else rows.where(_record.row.in_(select(_event.record).where(_event.sequence > seen)))

    def _take(self, connection: Connection, query: Select) -> None:
        found = connection.execute(query.order_by(_record.row)).all()
        for start in range(0, len(found), _CHUNK):
            part = found[start : start + _CHUNK]
            values = kept_values(connection, [row for row, _, _ in part])
            for row, kind, identifier in part:
                self._put(row, kind, identifier, description(kind, values[row], self._country), told_name(kind, values[row]))

    def _put(self, row: int, kind: str, identifier: str, entry: Described, name: str) -> None:
        before = self._named.get(row)
        self._named[row] = name
        if kind != "opportunity":
            if before is not None and before != name:
                self._index.drop(Entry(row, before))
            self._index.put(Entry(row, name), entry)
            if kind == "customer":
                self._stand_for(row, identifier, name, before)
            return
        self._put_deal(row, entry, name, before)

    def _put_deal(self, row: int, entry: Described, name: str, before: str | None) -> None:
        if before:
            told_numbers = self._deals[before].pop(row) is not None
            if before != name or told_numbers:
                self._show(before)
        if name:
            numbers = entry._replace(name=None)
            self._deals.setdefault(name, {})[row] = None if numbers.says_nothing else numbers
            if Entry(None, name) not in self._index or not numbers.says_nothing:
                self._show(name)

    def _stand_for(self, row: int, identifier: str, name: str, before: str | None) -> None:
        """A customer's record stands for the deals that name it, and no longer for those of its name before."""
        self._ids[row] = identifier
        if before is not None and before != name and self._customers.get(before) == row:
            del self._customers[before]
        self._customers[identifier] = self._customers[name] = row
        for each in {identifier, name, name if before is None else before}:
            self._show(each)

    def _show(self, name: str) -> None:
        """Show the name that deals have, unless a customer's record stands for it."""
        deals = self._deals.get(name)
        if not deals or name in self._customers:
            self._index.drop(Entry(None, name))
        else:
            self._index.put(Entry(None, name), _together(name, deals.values()))


def _together(name: str, deals: Iterable[Described | None]) -> Described:
    """What all deals of one name tell: each telephone number that one of them tells, and the first of the others."""
    told = [each for each in deals if each is not None]
    phones = tuple(dict.fromkeys(phone for each in told for phone in each.phones))
    tax_number = next((each.tax_number for each in told if each.tax_number is not None), None)
    return Described(name_of(name), tax_number, phones, next((each.domain for each in told if each.domain is not None), None))
