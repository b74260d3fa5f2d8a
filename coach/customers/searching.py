"""Which known customers are likely the one that is sought, and who owns them.

Whoever may work with records may search all of them: that is the point of it. Of what others own a rep is told the name of the
customer and of its owner, and why it is thought the same, but no number and no figure: one record stands for the customer, so
that it can be named when one asks to join or says that it is another. What is too short to mean one customer finds nothing, so
that nobody leafs through the customers of others.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from coach.customers.comparing import Likeness
from coach.customers.described import Described, described
from coach.customers.index import Found
from coach.customers.names import Name, name_of
from coach.customers.numbers import domain_of, phones_of, tax_number_of
from coach.customers.register import Entry, Register
from coach.problems import CoachError
from coach.store import tables
from coach.store.reading import people_gone
from coach.store.store import Store
from coach.store.viewer import Viewer, ask, may_see

MOST = 10
ROLES = ("rep", "manager", "operations", "admin")
ACTIVE = {"lead": ("new", "open"), "opportunity": ("open", "won"), "customer": ("active",)}
"""States in which a record is somebody's, by kind."""
_record = tables.record.c


class Record(NamedTuple):
    """A record that stands for a customer."""

    row: int
    kind: str
    id: str
    unit: str | None
    status: str | None

    @property
    def is_active(self) -> bool:
        """Whether somebody is at it."""
        return self.status in ACTIVE[self.kind]


class Known(NamedTuple):
    """A known customer in the hands of one owner, None for nobody; `seen`: the viewer may see its records, and `open_deals`,
    which is None otherwise."""

    name: str
    owner: str | None
    owner_left_at: float | None
    records: list[Record]
    likeness: Likeness
    seen: bool
    open_deals: int | None

    @property
    def first(self) -> Record:
        """The record that people are sent to."""
        return min(
            self.records, key=lambda each: (not each.is_active, ("customer", "opportunity", "lead").index(each.kind), each.row)
        )

    def document(self) -> dict[str, Any]:
        """As it is told: all records and whether somebody is at each to who may see them, else only the one that is named when
        one asks to join, whose `active` is None."""
        reasons = self.likeness.reasons
        told = self.records if self.seen else [self.first]
        return {
            "name": self.name, "owner": self.owner, "owner_left_at": self.owner_left_at,
            "records": [{"kind": each.kind, "id": each.id, "active": each.is_active if self.seen else None} for each in told],
            "likeness": round(self.likeness.share, 3), "verdict": self.likeness.verdict,
            "reasons": {"en": [each.en for each in reasons], "zh": [each.zh for each in reasons]},
            "yours": self.seen, "open_deals": self.open_deals,
        }  # fmt: skip


def sought(text: str, country: str) -> Described:
    """What a person typed into one field: a tax number, a telephone number, a mail address, or else a name."""
    tax_number = tax_number_of(text)
    if tax_number is not None and (tax_number.is_valid or (len(tax_number.digits) in (15, 18, 20) and len(text.split()) < 3)):
        return described(tax_number=text)
    if domain_of(text) is not None:
        return described(address=text)
    if not any(letter.isalpha() for letter in text) and phones_of(text, country):
        return described(phone=text, country=country)
    return described(name=text)


def check_telling(wanted: Described) -> None:
    """Raises CoachError for what is too short to mean one customer. A whole legal name is enough, however short its brand."""
    if not ((wanted.name is not None and _means_one(wanted.name)) or wanted.tax_number or wanted.phones or wanted.domain):
        raise CoachError(
            "Write more of the name, or the whole telephone or tax number: this may be anybody.",
            "请填写更完整的名称，或完整的电话、税号：目前的内容无法确定客户。",
        )


def _means_one(name: Name) -> bool:
    if len(name.brand) >= 2 if name.chinese else len(name.sound) >= 3:
        return True
    if not name.chinese:
        return bool(name.form) and len(name.sound) == 2
    return bool(name.form and name.trades and name.places)


def search(store: Store, register: Register, viewer: Viewer, wanted: Described, *, most: int = MOST) -> list[Known]:
    """Known customers that are likely or perhaps the one that is sought, the likeliest first."""
    ask(viewer, *ROLES)
    with store.read() as connection:
        return known_as(connection, register, viewer, wanted, most=most)


def known_as(connection: Connection, register: Register, viewer: Viewer, wanted: Described, *, most: int = MOST) -> list[Known]:
    """The same within a transaction."""
    with register.lock:
        found = register.up_to_date(connection).find(wanted, most=3 * most)
        rows = {each.key: _rows(register, each.key) for each in found}
    records = _records(connection, {row for those in rows.values() for row in those})
    visible = _visible(connection, viewer, records)
    left = people_gone(connection)
    known = []
    for each in found:
        for owner, of_owner in _by_owner(records[row] for row in rows[each.key] if row in records).items():
            known.append(_known(each, owner, of_owner, visible, left))
    return _one_line_each(known)[:most]


def _rows(register: Register, entry: Entry) -> list[int]:
    deals = register.deals_of(entry)
    return deals if entry.row is None else [entry.row, *deals]


def _records(connection: Connection, rows: Iterable[int]) -> dict[int, Record]:
    query = select(_record.row, _record.kind, _record.id, _record.unit, _record.status).where(_record.row.in_(sorted(rows)))
    return {row[0]: Record(*row) for row in connection.execute(query)}


def _visible(connection: Connection, viewer: Viewer, rows: Iterable[int]) -> set[int]:
    return set(connection.scalars(select(_record.row).where(_record.row.in_(sorted(rows)), may_see(viewer, _record.unit))))


def _by_owner(records: Iterable[Record]) -> dict[str | None, list[Record]]:
    found: dict[str | None, list[Record]] = {}
    for record in records:
        found.setdefault(record.unit, []).append(record)
    return found


def _known(found: Found[Entry], owner: str | None, records: list[Record], visible: set[int], left: dict[str, float]) -> Known:
    seen = all(each.row in visible for each in records)
    deals = [each for each in records if each.kind == "opportunity" and each.status == "open"]
    name = found.key.name or "–"
    return Known(name, owner, left.get(owner or ""), records, found.likeness, seen, len(deals) if seen else None)


def _one_line_each(known: list[Known]) -> list[Known]:
    """One line a name and owner, with all records that stand for it."""
    lines: dict[tuple[str, str | None], Known] = {}
    for each in known:
        name = name_of(each.name)
        key = (name.full if name else each.name, each.owner)
        if key not in lines:
            lines[key] = each
            continue
        first = lines[key]
        deals = None if first.open_deals is None or each.open_deals is None else first.open_deals + each.open_deals
        lines[key] = first._replace(records=[*first.records, *each.records], seen=first.seen and each.seen, open_deals=deals)
    return list(lines.values())
