"""A mapping: one YAML document that says how the tables of a CRM become events of records."""

from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, field_validator, model_validator

from coach.events import OWN_SOURCES
from coach.money import CURRENCY, MONEY, is_code
from policies.documents.errors import Fault, as_validation_error, unknown_name
from policies.language.kinds import FieldType
from policies.language.predicate import CUSTOM_PREFIX
from policies.language.quantities import IDENTIFIER, Identifier, Section, Text
from policies.record.records import ACTOR_EVENTS, FIELDS, LEVELS, OWN, RECORD_KINDS

Kind = Literal["lead", "opportunity", "customer", "unit", "request"]
_COLUMN = "name of the column, as the file's header spells it"


def _from_column(written: Any) -> Any:
    return {"column": written} if isinstance(written, str) else written


def _as_tuple(written: Any) -> Any:
    return (written,) if isinstance(written, str) else written


Formats = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
Comparison = str | float | bool | list[str]
Conditions = dict[str, Comparison]
"""Column to what it must hold: a text, a list of texts, missing, present, or a comparison with a number such as '>= 30'."""


class Instant(Section):
    """How a column is read as an instant."""

    column: str | None = Field(None, description=f"{_COLUMN}; none: the instant of the export")
    formats: Formats = Field(
        ("iso",), min_length=1, description="formats tried one after the other: iso, epoch_ms, or as %d.%m.%Y %H:%M"
    )
    any_order: bool = Field(
        False, description="the formats are right although rows seem to need another order of day and month"
    )
    time: str = Field(
        "start",
        pattern=r"^(start|end|([01]\d|2[0-3]):[0-5]\d)$",
        description="time of day of a date without one: start, end or 18:00",
    )
    plus: str | None = Field(None, description="column with a duration to add; where it is empty, there is no event")
    missing: Literal["leave_out", "export", "set_aside"] = Field(
        "leave_out", description="without an instant: no event, at the instant of the export, or the row is set aside"
    )

    @model_validator(mode="after")
    def _has_a_source(self):
        if self.column is None and (self.plus is not None or "formats" in self.model_fields_set):
            raise as_validation_error([Fault("missing_key", ("column",), "column")])
        return self


class Value(Section):
    """How a column becomes the value of a field; its type is the field's, unless it is a custom one."""

    column: str | None = Field(None, description=_COLUMN)
    constant: str | float | bool | None = Field(None, description="the same value in every row, instead of a column")
    type: Literal["text", "number", "instant", "duration", "flag"] | None = Field(
        None, description="type of a custom field; text if not stated; a duration is kept in hours"
    )
    values: dict[str, str | float | bool] = Field({}, description="what the file says to what is recorded")
    others: Literal["keep", "leave_out"] = Field("keep", description="values that `values` does not list: kept, or left out")
    formats: Formats = Field(("iso",), min_length=1, description="formats of an instant")
    any_order: bool = Field(
        False, description="the formats are right although rows seem to need another order of day and month"
    )
    time: str = Field(
        "start", pattern=r"^(start|end|([01]\d|2[0-3]):[0-5]\d)$", description="time of day of a date without one"
    )
    currency: Annotated["Value | None", BeforeValidator(_from_column)] = Field(
        None, description="column with the currency of an amount, where its cell does not say it; or {constant: EUR}"
    )
    decimal: Literal[".", ","] = Field(".", description="decimal sign of numbers; the other one parts thousands")
    times: float = Field(1.0, gt=0, description="what one of the column's numbers is: 10000 where they are in 万元")
    at_least: float | None = Field(None, description="smaller numbers are left out")
    at_most: float | None = Field(None, description="larger numbers are left out")
    why: Text | None = Field(None, description="why numbers out of these bounds are left out")

    @model_validator(mode="after")
    def _one_source(self):
        if (self.column is None) == (self.constant is None):
            raise as_validation_error([Fault("missing_key", ("column",), "column")])
        return self


class Find(Section):
    """Looks a record up: the newest one of a table, registered by then, whose column equals this row's."""

    table: str = Field(description="table of the same mapping")
    where: str = Field(description="column of that table")
    equals: str = Field(description="column of this table")


class RecordChoice(Section):
    """A record that an event may belong to."""

    kind: Kind | None = Field(None, description="kind of record; none: as the event's or the table's `kind_column` says")
    id: str | None = Field(None, description="column with its id")
    find: Find | None = Field(None, description="how to look it up")
    when: Conditions = Field({}, description="rows to which this applies")
    repaired: Text | None = Field(None, description="told as a repair of the row")

    @model_validator(mode="after")
    def _id_or_find(self):
        if (self.id is None) == (self.find is None):
            raise as_validation_error([Fault("missing_key", ("id",), "id")])
        return self

    @property
    def column(self) -> str:
        """The column with its id, or the one by which it is looked up."""
        return self.id or (self.find.equals if self.find is not None else "")


def _event_name(name: str) -> str:
    if name not in ACTOR_EVENTS:
        raise as_validation_error([unknown_name("unknown_name", name, ACTOR_EVENTS)])
    return name


class EventSpec(Section):
    """An event that rows of a table make."""

    event: Annotated[str, BeforeValidator(_event_name)] | None = Field(None, description="kind of event")
    event_column: str | None = Field(None, description="or the column that names it")
    name: str | None = Field(None, description="tells apart two events of one kind in a table")
    kind_column: str | None = Field(None, description="column that names the kind of record")
    record: tuple[RecordChoice, ...] = Field(
        (), description="record it belongs to, the first that applies; none: the row's own"
    )
    unit: str | None = Field(None, description="column with the unit that owns the record from then on")
    at: Annotated[Instant, BeforeValidator(_from_column)] = Field(description="when it happened")
    recorded_at: Annotated[Instant, BeforeValidator(_from_column)] | None = Field(
        None, description="when it was recorded; if not stated, when it happened"
    )
    when: Conditions = Field({}, description="rows that make it")
    payload: dict[str, Annotated[Value, BeforeValidator(_from_column)]] = Field({}, description="values of fields")
    every_field: bool = Field(False, description="every column named as a field, or custom.…, is in the payload")
    key: str | None = Field(None, description="column with the event's own id, where the source has one")
    voids: str | None = Field(None, description="column with the id of the event that a 'voided' event withdraws")

    @model_validator(mode="after")
    def _named(self):
        if (self.event is None) == (self.event_column is None):
            raise as_validation_error([Fault("missing_key", ("event",), "event")])
        return self


class SetAside(Section):
    """Rows that are not brought in."""

    when: Conditions = Field(min_length=1, description="which rows")
    why: Text = Field(description="told in the report")


class Table(Section):
    """One file, or one sheet of a workbook, and the events that its rows make."""

    name: Identifier = Field(description="its name in the report, and the sheet's if `sheet` is not stated")
    files: Formats = Field((), description="file names, * stands for anything; the first that is there counts")
    sheet: str | None = Field(None, description="sheet of a workbook")
    optional: bool = Field(False, description="may be absent")
    id: str | tuple[str, ...] = Field(
        description="column with the row's own id, read as text, or several that together tell it from the others"
    )
    id_prefix: str = Field("", description="put before the id, where tables count their ids alike")
    fields: dict[str, FieldType] = Field(
        {}, description="of a kind of record that a policy declares: its fields that the rows tell, and their types"
    )
    kind: str | None = Field(
        None,
        description=f"kind of record that a row is ({', '.join(RECORD_KINDS)}, or with `fields` one that a policy declares); "
        "none where rows are events only",
    )
    snapshot: bool = Field(
        False, description="rows tell how records stand when the files are taken: a later export is compared with the store"
    )
    kind_column: str | None = Field(None, description="or the column that names it")
    set_aside: tuple[SetAside, ...] = Field((), description="rows that are not brought in, and why")
    grouped: tuple[str, ...] = Field(
        (),
        description="columns that a report tells once for several rows: blank below the first of them, or in a line of their "
        "own above them, as 'Owner: Ann Lee'",
    )
    events: tuple[EventSpec, ...] = Field(min_length=1, description="events that a row makes")

    @field_validator("kind")
    @classmethod
    def _is_a_kind(cls, kind, info):
        declares = bool(info.data.get("fields")) and kind is not None and IDENTIFIER.fullmatch(kind) is not None
        if kind is not None and kind not in RECORD_KINDS and not declares:
            raise as_validation_error([unknown_name("unknown_name", kind, (*RECORD_KINDS, "fields"))])
        return kind

    @property
    def types(self) -> dict[str, str]:
        """Types of the fields that rows of a declared kind may tell; empty for a built-in kind."""
        if self.kind is None or self.kind in RECORD_KINDS:
            return {}
        return {about.name: about.type for about in OWN.fields if about.name != "required"} | self.fields

    @model_validator(mode="after")
    def _fields_exist(self):
        faults = []
        for place, spec in enumerate(self.events):
            fixed: set[str | None] = {choice.kind for choice in spec.record} or {self.kind}
            kinds: set[str] = set(RECORD_KINDS) if None in fixed else {kind for kind in fixed if kind is not None}
            known = {
                field.name
                for kind in kinds & set(RECORD_KINDS)
                for field in FIELDS[kind]
                if not field.derived and field.name != "required"
            } | (self.types.keys() if self.kind in kinds else set())
            money = {name for kind in kinds for name in MONEY[kind]}
            known |= {CURRENCY} if money else set()
            for name, value in spec.payload.items():
                where = ("events", place, "payload", name)
                faults += _currency_faults(name, value, money, where)
                if name not in known and not name.startswith(CUSTOM_PREFIX):
                    about = ", ".join(sorted(kinds))
                    faults.append(unknown_name("unknown_field", name, known, about=about, location=where))
            if None in fixed and spec.kind_column is None and self.kind_column is None:
                faults.append(Fault("missing_key", ("events", place), "kind"))
        if faults:
            raise as_validation_error(faults)
        return self

    @property
    def ids(self) -> tuple[str, ...]:
        """The columns that make up the row's own id."""
        return (self.id,) if isinstance(self.id, str) else self.id

    @property
    def patterns(self) -> tuple[str, ...]:
        """File names to look for."""
        return self.files or tuple(self.name + ending for ending in (".csv", ".csv.gz", ".xlsx"))


def _currency_faults(name: str, value: Value, money: set[str], where: tuple) -> list[Fault]:
    """A currency stands with amounts only, and a constant one has the form of a code."""
    constant = value.constant if name == CURRENCY else value.currency.constant if value.currency is not None else None
    faults = []
    if value.currency is not None and name not in money:
        faults.append(unknown_name("unknown_key", CURRENCY, set(Value.model_fields) - {CURRENCY}, location=(*where, CURRENCY)))
    if constant is not None and not is_code(str(constant)):
        faults.append(_no_code((*where, "constant"), str(constant)))
    return faults


def _no_code(where: tuple, found: str) -> Fault:
    return Fault("unknown_choice", where, found=found, allowed=("CNY", "EUR", "…"), about=CURRENCY)


class Users(Section):
    """The table of the CRM's users: other tables have their ids, and people read their names."""

    files: Formats = Field(min_length=1, description="file names, * stands for anything; the first that is there counts")
    sheet: str | None = Field(None, description="sheet of a workbook")
    id: str = Field(description="column with the id that other tables have")
    name: Formats = Field(min_length=1, description="column with the name, or several that make it up: first and last name")


class Mapping(Section):
    """The whole mapping."""

    name: Identifier = Field(description="its name")
    title: Text = Field(description="what it is for")
    note: Text = Field(Text(), description="what a reader of the numbers must know")
    source: str = Field(min_length=1, max_length=60, description="source of the events: one name per system")
    time_zone: str = Field("Asia/Shanghai", description="time zone of clock times without an offset")
    currency: str | None = Field(
        None, description="currency (CNY, EUR) of amounts that do not state their own; the first import makes it the firm's"
    )
    rates: str | None = Field(
        None, description="CSV file beside the others with the columns date, currency, rate: one unit in the firm's currency"
    )
    people: str | None = Field(
        None, description="CSV file beside the others with the columns name, spellings, unit, joined, left: the firm's people"
    )
    users: Users | None = Field(None, description="the CRM's table of users, whose names stand for their ids")
    exported_at: str | None = Field(
        None, description="when the files were taken, local time; if not stated, the time of the import"
    )
    encoding: str | None = Field(
        None,
        description="encoding of CSV files other than UTF-8; if not stated, the text tells it: GB18030 (GBK), cp1252 or cp1251",
    )
    separator: str = Field(",", min_length=1, max_length=1, description="separator of CSV files")
    missing: tuple[str, ...] = Field(("",), description="texts that mean nothing was entered")
    units: Literal["rep", "team", "region", "company"] | None = Field(
        None,
        description=f"units that no table registers are registered at this level ({', '.join(LEVELS)}); none: they are not",
    )
    tables: tuple[Table, ...] = Field(min_length=1, description="tables, those that others look up first")

    @field_validator("source")
    @classmethod
    def _is_no_source_of_the_coach(cls, name: str) -> str:
        if name in OWN_SOURCES:
            raise as_validation_error([Fault("name_taken", (), name, ("@another_name",), about="Rehearse")])
        return name

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            raise as_validation_error(
                [Fault("no_such_setting", found=name, allowed=("Asia/Shanghai", "Europe/Berlin"))]
            ) from None
        return name

    @field_validator("currency")
    @classmethod
    def _is_code(cls, code: str | None) -> str | None:
        if code is not None and not is_code(code):
            raise as_validation_error([_no_code((), code)])
        return code

    @model_validator(mode="after")
    def _lookups_lead_back(self):
        known: list[str] = []
        faults = []
        for place, table in enumerate(self.tables):
            if table.name in known:
                faults.append(Fault("duplicate_id", ("tables", place, "name"), table.name))
            for at, spec in enumerate(table.events):
                for choice, record in enumerate(spec.record):
                    if record.find is not None and record.find.table not in known:
                        where = ("tables", place, "events", at, "record", choice, "find", "table")
                        faults.append(unknown_name("unknown_name", record.find.table, known, location=where))
            known.append(table.name)
        if faults:
            raise as_validation_error(faults)
        return self
