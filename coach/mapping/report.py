"""What an import did: what became of every row, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from coach.events import PostedEvent
from coach.mapping.reading import Origin, Reading
from coach.mapping.remarks import FATES, Remark, text_of
from coach.mapping.snapshots import Vanished
from coach.mapping.unsaid import Unsaid
from coach.money import text_of as amount_text
from coach.store.appending import Refused, WithoutPrice
from coach.store.pricing import Summary


class TableCount(NamedTuple):
    """Rows of a table: `rows` = `imported` + `repaired` + `unchanged` + `empty` + `set_aside`; columns that nothing names.

    `imported`: something of the row is new in the store; `repaired`: as well, and something had to be done to it; `unchanged`:
    all that the row tells was there already; `empty`: the mapping makes nothing of it.
    """

    name: str
    rows: int
    imported: int
    repaired: int
    unchanged: int
    empty: int
    set_aside: int
    unused: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """The numbers by name, as in `FATES`."""
        return {name: getattr(self, name) for name in FATES}


class ImportReport(NamedTuple):
    """What the import did. `accepted` events are new in the store, `repeated` were there before; `vanished`: records of earlier
    exports whose rows are gone from a table of snapshots. `currency`: the firm's; `priced`: amounts that were in the store and
    got their price now; `unpriced`: those in the store that still have none. `unsaid`: values that sound like the end of a deal
    and that the mapping makes nothing of. `deals`: how many opportunities are new in the store
    (registered), won and lost by what was taken. `units`: of the accepted events, how many register units that stand in no row
    of their own."""

    mapping: str
    tables: list[TableCount]
    accepted: int
    repeated: int
    remarks: list[Remark]
    vanished: list[Vanished]
    currency: str | None = None
    priced: int = 0
    unpriced: list[Summary] = []
    unsaid: list[Unsaid] = []
    deals: Mapping[str, int] = MappingProxyType({})
    units: int = 0

    def reasons(self) -> list[tuple[str, bool, str, str, int]]:
        """(table, set aside, English, Chinese, rows) of every repair and reason, the most frequent of a table first."""
        counts = Counter((each.table, each.set_aside, each.column, each.en, each.zh) for each in self.remarks)
        order = [each.name for each in self.tables]
        told = [
            (table, aside, f"{column}: {en}" if column else en, f"{column}：{zh}" if column else zh, number)
            for (table, aside, column, en, zh), number in counts.items()
        ]
        return sorted(told, key=lambda each: (order.index(each[0]), not each[1], -each[4]))

    def document(self) -> dict:
        """The report as plain values for JSON."""
        return {
            "mapping": self.mapping,
            "accepted": self.accepted,
            "repeated": self.repeated,
            "units": self.units,
            "tables": [each._asdict() for each in self.tables],
            "vanished": [each._asdict() for each in self.vanished],
            "currency": self.currency,
            "priced": self.priced,
            "unpriced": [each._asdict() for each in self.unpriced],
            "unsaid": [each._asdict() for each in self.unsaid],
            "reasons": [
                {"table": table, "set_aside": aside, "en": en, "zh": zh, "rows": rows}
                for table, aside, en, zh, rows in self.reasons()
            ],
        }


def counted(reading: Reading, remarks: Sequence[Remark], taken: set[Origin]) -> list[TableCount]:
    """What became of the rows of each table; `taken`: rows of which something is new in the store."""
    aside = {Origin(each.table, each.file, each.row) for each in remarks if each.set_aside}
    mended = {Origin(each.table, each.file, each.row) for each in remarks}
    read = set(reading.origins)
    if reading.people is not None:
        read |= {Origin(reading.people.file, reading.people.file, each.row) for each in reading.people.people}
    counts = []
    for table in reading.tables:
        outside, new, told = ({each for each in some if each.table == table.name} for some in (aside, taken, read))
        new, told = new - outside, told - outside - new
        rest = table.rows - len(outside) - len(new) - len(told)
        done = len(new - mended), len(new & mended), len(told), rest, len(outside)
        counts.append(TableCount(table.name, table.rows, *done, table.unused))
    return counts


def why(refused: Refused, event: PostedEvent, registered: set[tuple[str, str]]) -> tuple[str, str]:
    """Why the store did not take an event, in the words of who looks at files; `registered`: records that these bring."""
    if refused.code != "not_registered":
        return refused.en, refused.zh
    text = text_of("before_its_record" if (event.kind, event.record) in registered else "record_not_here")
    return text.en, text.zh


def of_refused(refused: list[tuple[Origin, str, str]], made: Counter[Origin]) -> list[Remark]:
    """What the store refused belongs to the row that it came from: a repair, or set aside if nothing of the row was taken."""
    lost = Counter(origin for origin, _, _ in refused)
    return [
        Remark(origin.table, origin.file, origin.row, "", "", lost[origin] == made[origin], en, zh)
        for origin, en, zh in refused
        if origin.table
    ]


def of_unpriced(unpriced: list[WithoutPrice], origins: list[Origin]) -> list[Remark]:
    """Amounts that were taken without a price, each told at its row."""
    remarks = []
    for position, _, what in unpriced:
        origin, text = origins[position], text_of("no_own_currency" if what.own is None else "no_rate")
        found = f"{amount_text(*what.amount)}, {what.day}"
        remarks.append(Remark(origin.table, origin.file, origin.row, what.field, found, False, text.en, text.zh))
    return remarks
