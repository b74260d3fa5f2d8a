"""The rows of one table as events: every row imported, repaired or set aside.

A table is worked column by column. `Rows` keeps, for each row, whether it is still in; what was done to it goes to the remarks.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from coach.events import EARLIEST, FIELD_OF, LARGEST, LATEST
from coach.mapping import orders, parsing
from coach.mapping.currencies import with_currencies
from coach.mapping.document import EventSpec, Find, Instant, Mapping, Table, Value
from coach.mapping.files import MappingError, Sheet, columns_of, looked_up
from coach.mapping.reading import Snapshot
from coach.mapping.remarks import Remark, text_of
from coach.money import CURRENCY, MONEY, in_own
from policies.language.predicate import CUSTOM_PREFIX
from policies.language.quantities import Text
from policies.record.records import ACTOR_EVENTS, RECORD_KINDS
from policies.scores.fields import CUSTOM_TYPES

_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"
CLOSINGS = ("won", "lost", "no_decision")
_ODD = r"(?:1[0-8]\d\d|19[0-8]\d|2[1-9]\d\d|[3-9]\d{3})"
_ODD_YEAR = rf"(?<!\d){_ODD}(?=[-/.年])|(?<=[-/. ]){_ODD}(?!\d)"
"""A year before 1990 or after 2099, as it stands in a date."""
_SCIENTIFIC = r"^\d(?:[.,]\d+)?[eE]\+?\d+$"


class Made(NamedTuple):
    """What a table gave: events as mappings, to be read once, with the place of their row, remarks, and counts of rows."""

    events: Iterator[dict]
    places: list[int]
    remarks: list[Remark]
    rows: int


class Registered(NamedTuple):
    """Records of a table that later tables look up: texts by column, their ids and when they were registered."""

    cells: pd.DataFrame
    ids: np.ndarray
    at: np.ndarray


class _Batch(NamedTuple):
    """The events of one part of a mapping: rows that make one, and by row what it holds (what is blank is left out).

    `payload`: values of fields, None for none; `undated`: whether nobody knows when it happened; `told`: cells by field.
    """

    spec: EventSpec
    rows: np.ndarray
    columns: list[tuple[str, list]]
    payload: list[tuple[str, list]]
    undated: list[bool]
    told: list[tuple[str, list[str]]]


class Rows:
    """One table on its way into events."""

    def __init__(self, mapping: Mapping, table: Table, sheet: Sheet, exported_at: int, earlier: dict[str, Registered]):
        self.mapping, self.table, self.sheet, self.exported_at = mapping, table, sheet, exported_at
        self.earlier = earlier
        self.cells = sheet.cells
        self.inside = pd.Series(True, index=self.cells.index)
        self.remarks: list[Remark] = []
        self.registered_at = pd.Series(np.nan, index=self.cells.index)
        self._lists: dict[str, list[str]] = {}
        self._told: set[tuple[int, str, str]] = set()
        self._compared: dict[str, tuple[str, ...]] = {}
        self._no_day = pd.Series(False, index=self.cells.index)
        self.signs: set[str] = set()
        self._files, self._numbers = sheet.file.tolist(), sheet.row.tolist()

    def made(self) -> Made:
        """All events of the table, row by row and in the order of the mapping within a row."""
        self._check_rows()
        batches = [self._batch(spec) for spec in self.table.events]
        rows = np.concatenate([batch.rows for batch in batches])
        whose = np.repeat(np.arange(len(batches)), [len(batch.rows) for batch in batches])
        order = np.lexsort((whose, rows))
        order = order[self.inside.to_numpy()[rows[order]]]
        places = rows[order].tolist()
        events = (self._event(batches[batch], row) for batch, row in zip(whose[order].tolist(), places, strict=True))
        return Made(events, places, self.remarks, len(self.cells) + len(self.sheet.uneven))

    def registered(self) -> Registered:
        """What later tables may look up."""
        keep = (self.inside & self.registered_at.notna()).to_numpy()
        cells = self.cells.loc[keep, looked_up(self.mapping, self.table)]
        return Registered(cells, self.ids[keep].to_numpy(), self.registered_at[keep].to_numpy())

    def snapshot(self, said: bool) -> Snapshot:
        """The table as the state of its records at the instant of the export, after `made`."""
        cells = self.cells[columns_of(self.mapping, self.table)]
        digest = hashlib.blake2b(repr(cells.to_numpy().tolist()).encode(), digest_size=16).hexdigest()
        return Snapshot(
            self.table.name, self.mapping.source, self.exported_at, said, digest, self._files[0] if self._files else "",
            tuple(self._ids), tuple(self._files), tuple(self._numbers), frozenset(self.ids[self.inside]), self._compared,
            any(spec.event in CLOSINGS and not spec.record for spec in self.table.events),
        )  # fmt: skip

    def remark(self, place: int, column: str, found: str, text: Text, *, set_aside: bool = False) -> None:
        """Note something about the row at that place of the table; what two events of it have in common, once."""
        if (place, column, text.en) in self._told:
            return
        self._told.add((place, column, text.en))
        self.remarks.append(
            Remark(self.table.name, self._files[place], self._numbers[place], column, found, set_aside, text.en, text.zh)
        )
        if set_aside:
            self.inside[place] = False

    def _all(self, rows: pd.Series, column: str | None, text: Text, *, set_aside: bool = False) -> None:
        places = np.flatnonzero((rows & self.inside).to_numpy()).tolist()
        cells = self._list(column) if places and column is not None else None
        for place in places:
            self.remark(place, column or "", cells[place] if cells else "", text, set_aside=set_aside)

    def _list(self, column: str) -> list[str]:
        """A column as a list: reading a Series cell by cell is a hundred times slower."""
        if column not in self._lists:
            self._lists[column] = self.cells[column].tolist()
        return self._lists[column]

    def _check_rows(self) -> None:
        for column in columns_of(self.mapping, self.table):
            if re.search(_CONTROL, "\n".join(self._list(column))):
                odd = self.cells[column].str.contains(_CONTROL)
                self._all(odd, column, text_of("control"))
                self.cells[column] = self.cells[column].str.replace(_CONTROL, "", regex=True).str.strip().astype(object)
                self._lists.pop(column)
        for file, row in self.sheet.below:
            text = text_of("header_below")
            self.remarks.append(Remark(self.table.name, file, row, "", "", False, text.en, text.zh))
        for file, row, column in self.sheet.formulas:
            if column in columns_of(self.mapping, self.table):
                text = text_of("formula")
                self.remarks.append(Remark(self.table.name, file, row, column, "", False, text.en, text.zh))
        for file, row, found, width in self.sheet.uneven:
            text = text_of("uneven")
            self.remarks.append(Remark(self.table.name, file, row, "", f"{found}/{width}", True, text.en, text.zh))
        self._all(self.sheet.apart, None, text_of("no_record"), set_aside=True)
        column = self.table.ids[0]
        texts = joined_ids(self.cells, self.table.ids)
        self.ids = self.table.id_prefix + texts
        self._ids = self.ids.tolist()
        self._all(texts == "", column, text_of("no_id"), set_aside=True)
        self._all(texts.str.match(_SCIENTIFIC), column, text_of("digits_lost"), set_aside=True)
        self._all(texts.duplicated() & (texts != ""), column, text_of("same_id"), set_aside=True)
        for rule in self.table.set_aside:
            self._all(parsing.holds(self.cells, rule.when), next(iter(rule.when)), rule.why, set_aside=True)

    def _batch(self, spec: EventSpec) -> "_Batch":
        """The events that rows make by one part of the mapping."""
        wanted = parsing.holds(self.cells, spec.when) & self.inside
        names = self._names(spec.event, spec.event_column, ACTOR_EVENTS, "unknown_event", wanted)
        kinds = self._names(self.table.kind, spec.kind_column or self.table.kind_column, RECORD_KINDS, "unknown_kind", wanted)
        registers = spec.event == "registered" and not spec.record
        acted = self._instants(spec.at, wanted & self.inside, required=registers)
        if registers:
            self.registered_at = acted
            if spec.unit is not None and self.table.kind == "opportunity":
                self._all(acted.notna() & (self.cells[spec.unit] == ""), spec.unit, text_of("no_owner"))
        elif not spec.record:
            early = acted < self.registered_at
            self._all(early, spec.at.plus or spec.at.column, text_of("before_registered"))
            acted = acted.where(~early, self.registered_at)
        undated = self._undated(spec, wanted)
        late = acted > self.exported_at
        if registers:
            self._all(late, spec.at.plus or spec.at.column, text_of("created_after_export"), set_aside=True)
        elif spec.event in CLOSINGS and spec.at.missing == "export":
            self._all(late, spec.at.plus or spec.at.column, text_of("closed_after_export"))
            acted, undated, late = acted.where(~late, float(self.exported_at)), undated | late, late & False
        else:
            self._all(late, spec.at.plus or spec.at.column, text_of("after_export"))
        acted = acted.where(~late)
        records, kinds = self._records(spec, acted, kinds)
        recorded = self._recorded(spec, acted)
        wanted = acted.notna() & self.inside
        how = self._how(spec, kinds, wanted)
        payload = self._payload(how, kinds, wanted)
        rows = np.flatnonzero((acted.notna() & records.notna() & self.inside).to_numpy())
        columns = {
            "event": names.tolist(), "kind": kinds.tolist(), "record": records.tolist(), "acted_at": acted.tolist(),
            "recorded_at": recorded.tolist(), "unit": self._list(spec.unit) if spec.unit else None,
            "voids": self._list(spec.voids) if spec.voids else None, "key": self._list(spec.key) if spec.key else None,
        }  # fmt: skip
        told = [(name, self._list(each.column)) for name, each in how.items() if each.column is not None]
        return _Batch(
            spec, rows, [(name, column) for name, column in columns.items() if column is not None], list(payload.items()),
            undated.tolist(), told,
        )  # fmt: skip

    def _names(self, fixed: str | None, column: str | None, known: tuple[str, ...], fault: str, wanted: pd.Series) -> pd.Series:
        if column is None:
            return pd.Series(fixed, index=self.cells.index, dtype=object)
        names = self.cells[column]
        self._all(wanted & ~names.isin(known), column, text_of(fault), set_aside=True)
        return names

    def _instants(self, how: Instant, wanted: pd.Series, *, required: bool = False) -> pd.Series:
        if how.column is None:
            return pd.Series(float(self.exported_at), index=self.cells.index).where(wanted)
        texts = self.cells[how.column]
        found = self._read_instants(texts.where(wanted, ""), how)
        gone = wanted & found.isna()
        odd = gone & (texts != "")
        if odd.any():
            odd[odd] = texts[odd].str.contains(_ODD_YEAR).astype(bool)
        if required or how.missing == "set_aside":
            self._all(odd, how.column, text_of("odd_year"), set_aside=True)
            self._all(gone, how.column, text_of("no_instant"), set_aside=True)
        else:
            self._all(odd, how.column, text_of("odd_year_left_out" if how.missing == "leave_out" else "odd_year_undated"))
            self._all(gone & ~odd & (texts != ""), how.column, text_of("unreadable", "instant"))
            if how.missing == "export":
                self._all(gone & (texts == ""), how.column, text_of("undated"))
                self._no_day = odd | (gone & (texts == ""))
                found = found.where(~self._no_day, float(self.exported_at))
        return found if how.plus is None else found + self._added(how.plus, wanted)

    def _read_instants(self, texts: pd.Series, how: Instant | Value) -> pd.Series:
        """Instants of a column; MappingError where its dates need another order of day and month than its formats say."""
        if not how.any_order and (doubt := orders.doubt(self.cells[how.column][self.inside], how.formats)):
            file = self._files[0]
            raise MappingError(
                f"{file}, column '{how.column}': {doubt.en} Nothing was brought in.",
                f"{file} 列“{how.column}”：{doubt.zh}未导入任何内容。",
            )
        found = parsing.instants(texts, how.formats, how.time, self.mapping.time_zone)
        found = found.where(found.between(EARLIEST, LATEST - 1))
        odd = parsing.clock_changes(texts, found, how.formats, how.time, self.mapping.time_zone)
        for name in ("skipped", "twice"):
            self._all(odd == name, how.column, text_of(f"clock_{name}"))
        return found

    def _undated(self, spec: EventSpec, wanted: pd.Series) -> pd.Series:
        """Rows whose event stands at the instant of the export because nothing says when it happened."""
        how = spec.at
        if how.column is None:
            return wanted
        return wanted & self._no_day if how.missing == "export" else wanted & False

    def _added(self, column: str, wanted: pd.Series) -> pd.Series:
        texts = self.cells[column].where(wanted, "")
        added = parsing.durations(texts)
        self._all(added.isna() & (texts != ""), column, text_of("unreadable", "duration"))
        return added

    def _recorded(self, spec: EventSpec, acted: pd.Series) -> pd.Series:
        if spec.recorded_at is None:
            return acted
        found = self._instants(spec.recorded_at, acted.notna() & self.inside)
        early = found < acted
        self._all(early, spec.recorded_at.column, text_of("recorded_before"))
        return found.where(found.notna() & ~early, acted)

    def _records(self, spec: EventSpec, acted: pd.Series, kinds: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Id and kind of the record of each row; NaN where there is none."""
        if not spec.record:
            return self.ids.where(acted.notna()), kinds
        records = pd.Series(np.nan, index=self.cells.index, dtype=object)
        kinds = kinds.copy()
        for choice in spec.record:
            open_rows = records.isna() & acted.notna() & self.inside & parsing.holds(self.cells, choice.when)
            if choice.find is not None:
                found = self._found(choice.find, acted.where(open_rows))
            else:
                texts = self.cells[choice.id]
                found = texts.where(open_rows & (texts != ""))
            chosen = found.notna()
            records = records.where(~chosen, found)
            if choice.kind is not None:
                kinds = kinds.where(~chosen, choice.kind)
            if choice.repaired is not None:
                self._all(chosen, choice.column, choice.repaired)
        lost = records.isna() & acted.notna()
        column = spec.record[-1].column
        self._all(lost, column, text_of("event_left_out"))
        return records, kinds

    def _found(self, how: Find, acted: pd.Series) -> pd.Series:
        """Id of the newest record of a table whose column equals this row's, registered by `acted`."""
        known = self.earlier[how.table]
        right = pd.DataFrame({"key": known.cells[how.where].astype(object), "at": known.at, "id": known.ids})
        asked = pd.DataFrame({"key": self.cells[how.equals].astype(object), "at": acted, "place": self.cells.index})
        asked, right = (
            each[each["at"].notna() & (each["key"] != "")].sort_values("at", kind="stable") for each in (asked, right)
        )
        found = pd.merge_asof(asked.astype({"key": object}), right.astype({"key": object}), on="at", by="key")
        answer = pd.Series(np.nan, index=self.cells.index, dtype=object)
        answer[found["place"]] = found["id"].to_numpy(dtype=object)
        return answer

    def _how(self, spec: EventSpec, kinds: pd.Series, wanted: pd.Series) -> dict[str, Value]:
        """How each field of the payload is read."""
        payload = dict(spec.payload)
        if spec.every_field:
            named = [kind for kind in kinds[wanted].unique() if kind in MONEY]
            known = {name for kind in named for name in (*FIELD_OF[kind], *([CURRENCY] if MONEY[kind] else []))}
            for column in self.cells.columns:
                if (column in known or column.startswith(CUSTOM_PREFIX)) and column not in payload:
                    payload[column] = Value(column=column)
        return payload

    def _payload(self, how: dict[str, Value], kinds: pd.Series, wanted: pd.Series) -> dict[str, list]:
        """Values by field, row by row; a currency of the payload is that of its amounts that have no other."""
        money = {name for kind in kinds[wanted].unique() for name in MONEY.get(kind, ())}
        common = how.pop(CURRENCY, None) if money else None
        return {
            name: self._amounts(each, each.currency or common, wanted) if name in money
            else self._values(name, each, kinds, wanted)
            for name, each in how.items()
        }  # fmt: skip

    def _values(self, name: str, how: Value, kinds: pd.Series, wanted: pd.Series) -> list:
        if how.column is None:
            return [how.constant] * len(self.cells)
        return _listed(self._typed(self._texts(how, wanted), how, self._type(name, how, kinds[wanted])))

    def _texts(self, how: Value, wanted: pd.Series) -> pd.Series:
        """What the column says, or what the mapping says in its place."""
        if how.column is None:
            return pd.Series(_plain(how.constant), index=self.cells.index, dtype=object).where(wanted, "")
        texts = self.cells[how.column].where(wanted, "")
        if how.values:
            known = texts.isin(how.values.keys())
            if how.others == "leave_out":
                self._all(~known & (texts != ""), how.column, text_of("unknown_value"))
                texts = texts.where(known, "")
            texts = texts.map(lambda text: _plain(how.values.get(text, text)))
        return texts

    def _amounts(self, how: Value, currency: Value | None, wanted: pd.Series) -> list:
        """Amounts with their currencies; of those whose currency cannot be told, none."""
        texts = self._texts(how, wanted)
        found = with_currencies(
            texts, self._typed(texts, how, "money"), None if currency is None else self._texts(currency, wanted),
            self.mapping.currency,
        )  # fmt: skip
        self.signs |= found.signs
        if currency is not None:
            self._all(found.unknown, currency.column, text_of("unknown_currency"))
        self._all(found.unclear, how.column, text_of("unclear_currency"))
        return found.values

    def _type(self, name: str, how: Value, kinds: pd.Series) -> str:
        if how.type is not None:
            return how.type
        if name in self.table.types:
            return self.table.types[name]
        about = next((FIELD_OF[kind][name] for kind in kinds.unique() if name in FIELD_OF.get(kind, {})), None)
        return about.type if about is not None else CUSTOM_TYPES.get(name, "text")

    def _typed(self, texts: pd.Series, how: Value, kind: str) -> pd.Series:
        if kind in ("text", "choice"):
            return texts.where(texts != "", None)
        if kind == "instant":
            found = self._read_instants(texts, how)
        elif kind == "duration":
            found = parsing.durations(texts) / parsing.HOUR
        else:
            found = parsing.flags(texts) if kind == "flag" else parsing.numbers(texts, how.decimal) * how.times
        self._all(found.isna() & (texts != ""), how.column, text_of("unreadable", kind))
        if kind not in ("instant", "flag"):
            self._all(found.abs() > LARGEST, how.column, text_of("too_large"))
            found = found.where(~(found.abs() > LARGEST))
        outside = (found < (-np.inf if how.at_least is None else how.at_least)) | (
            found > (np.inf if how.at_most is None else how.at_most)
        )
        self._all(outside, how.column, how.why or text_of("out_of_bounds"))
        return found.where(~outside)

    def _event(self, batch: "_Batch", row: int) -> dict:
        event = {name: value for name, column in batch.columns if (value := column[row]) != ""}
        event["acted_at"], event["recorded_at"] = int(event["acted_at"]), int(event["recorded_at"])
        event["payload"] = {field: value for field, values in batch.payload if (value := values[row]) is not None}
        event["source"] = self.mapping.source
        if batch.undated[row]:
            event["dated"] = False
        if batch.spec.key is None:
            event["key"] = self._key(batch.spec, self._ids[row], event)
        if self.table.snapshot and batch.spec.event == "registered":
            # Which fields the row tells, as a value or as none; a cell that cannot be read tells nothing.
            names = (name for name, cells in batch.told if cells[row] == "" or name in event["payload"])
            self._compared[event["key"]] = tuple(names)
        return event

    def _key(self, spec: EventSpec, identifier: str, event: dict) -> str:
        """The same row gives the same key; a row that was changed since gives a new event, except that a record is
        registered once. The instant of the export is left out: the next export would change every key."""
        key = f"{self.table.name}/{identifier}/{spec.name or event['event']}"
        if event["event"] == "registered":
            return key
        undated = not event.get("dated", True) if self.table.snapshot else event["acted_at"] == self.exported_at
        dated = "" if undated else event["acted_at"]
        # What the mapping says of amounts without a currency may be written into it later.
        payload = in_own(event["kind"], event["payload"], self.mapping.currency) if event["kind"] in MONEY else event["payload"]
        told = repr((event["record"], dated, sorted(payload.items())))
        return f"{key}/{hashlib.blake2b(told.encode(), digest_size=5).hexdigest()}"


def joined_ids(cells: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The rows' own ids; several columns are joined, and are none where all are blank."""
    texts = cells[columns[0]]
    if len(columns) > 1:
        texts = cells[list(columns)].agg(" · ".join, axis=1).astype(object)
        texts = texts.where((cells[list(columns)] != "").any(axis=1), "")
    return texts


def _plain(value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _listed(values: pd.Series) -> list:
    """Python values with None for what is missing."""
    return [None if value is None or value != value else value for value in values.tolist()]


def exported_instant(mapping: Mapping, written: str | None, zone: str | None = None) -> int | None:
    """The instant of the export, ms; None when neither the mapping nor the user says it.

    What the mapping says is in its own time zone, what the user wrote in `zone`, or in the mapping's for None.
    """
    text = written or mapping.exported_at
    if text is None:
        return None
    local = (zone if written else None) or mapping.time_zone
    found = parsing.instants(pd.Series([re.sub(r"\s+", " ", text.strip())]), ("iso",), "end", local)[0]
    return None if np.isnan(found) else int(found)
