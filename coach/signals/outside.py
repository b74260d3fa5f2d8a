"""Demand signals from outside the firm: tenders and job adverts of a customer, as somebody or some service looked them up (S2).

They come in as a list, from a file or by the interface, name the customer as people do, and are recorded on the customer or,
where there is no such record, on its open deals.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select

from coach.events import EARLIEST, Identifier, PostedEvent
from coach.problems import CoachError
from coach.rules.service import Service
from coach.store import Store, tables
from policies.documents.errors import nearest_name

SOURCE = "outside"
COLUMNS = ("customer", "date", "tenders", "hiring")
_record = tables.record.c
Count = Annotated[int, Field(ge=0, le=100_000)]


class Signal(BaseModel):
    """One look at a customer from outside: how many open tenders and job adverts there were on a day."""

    model_config = ConfigDict(extra="forbid")
    customer: Identifier = Field(description="the customer's name or number, as it is recorded")
    date: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="day of the look, such as 2026-03-31")
    tenders: Count = 0
    hiring: Count = 0


class Taken(NamedTuple):
    """How many looks were recorded or known already, and those that were refused: place from 0, and why in both languages."""

    recorded: int
    repeated: int
    refused: list[tuple[int, CoachError]]


def take(service: Service, signals: Sequence[Signal], actor: str) -> Taken:
    """Record looks; the same look again changes nothing."""
    places, events, refused = _Places(service.store), [], []
    for place, signal in enumerate(signals):
        try:
            events += [_event(service, signal, kind, record) for kind, record in places.of(signal.customer)]
        except CoachError as error:
            refused.append((place, error))
    posted = service.post(events, actor)
    refused += [(-1, CoachError(each.en, each.zh)) for each in posted.refused]
    return Taken(posted.accepted, posted.repeated, refused)


def read_signals(path: str | Path) -> list[Signal]:
    """Looks from a CSV file with the columns customer, date, tenders, hiring. Raises CoachError naming file, row and remedy."""
    name = Path(path).name
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CoachError(f"{name} cannot be read as UTF-8 text: {error}", f"无法以 UTF-8 读取 {name}：{error}") from None
    rows = csv.DictReader(text.splitlines())
    missing = [each for each in COLUMNS[:2] if each not in (rows.fieldnames or ())]
    if missing:
        raise CoachError(
            f"{name}: the columns {', '.join(missing)} are missing; there must be {', '.join(COLUMNS)}.",
            f"{name}：缺少列 {', '.join(missing)}；须有列 {', '.join(COLUMNS)}。",
        )
    return [_read(name, line, row) for line, row in enumerate(rows, 2)]


def _read(name: str, line: int, row: dict[str, str]) -> Signal:
    told = {column: text.strip() for column in COLUMNS if (text := row.get(column) or "").strip()}
    try:
        return Signal.model_validate(told)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise CoachError(
            f"{name}, row {line}, column {field}: {told.get(field, '')!r} does not fit; a date is like 2026-03-31, a number "
            "whole and not negative.",
            f"{name} 第 {line} 行“{field}”列：{told.get(field, '')!r} 不符合要求；日期如 2026-03-31，数量为非负整数。",
        ) from None


def _event(service: Service, signal: Signal, kind: str, record: str) -> PostedEvent:
    try:
        day = datetime.fromisoformat(signal.date)
    except ValueError:
        raise CoachError(f"{signal.date} is no day of the calendar.", f"{signal.date} 不是有效日期。") from None
    at = round(day.replace(tzinfo=ZoneInfo(service.store.calendar.zone)).timestamp() * 1000)
    if not EARLIEST <= at <= service.clock():
        raise CoachError(
            f"{signal.date} lies in the future or before 1990: a look is told when it has been taken.",
            f"{signal.date} 在将来或早于 1990 年：请在查询之后填报。",
        )
    payload = {
        "custom.outside_seen_at": float(at), "custom.outside_tenders": float(signal.tenders),
        "custom.outside_hiring": float(signal.hiring),
    }  # fmt: skip
    key = f"{kind}-{record}-{signal.date}-{signal.tenders}-{signal.hiring}"[:200]
    return PostedEvent(
        source=SOURCE, key=key, event="field_recorded", kind=kind, record=record, acted_at=at, payload=payload
    )


class _Places:
    """On which records a look at a customer is recorded, by the customer's name or number: on the customer's own, or else on
    its deals that are open or, flagged as falsely prosperous, closed."""

    def __init__(self, store: Store):
        columns = (_record.kind, _record.id, _record.status, _record["values"])
        with store.read() as connection:
            rows = list(connection.execute(select(*columns).where(_record.kind.in_(("customer", "opportunity")))))
        self._customers: dict[str, list[tuple[str, str]]] = {}
        self._deals: dict[str, list[tuple[str, str]]] = {}
        for kind, identifier, status, values in rows:
            self._add(kind, identifier, status, values)

    def _add(self, kind: str, identifier: str, status: str | None, values: str) -> None:
        told = json.loads(values)
        if kind == "customer":
            for name in {identifier, str(told.get("name", identifier))}:
                self._customers.setdefault(_plain(name), []).append((kind, identifier))
        elif (status == "open" or told.get("false_prosperity")) and told.get("customer") is not None:
            self._deals.setdefault(_plain(str(told["customer"])), []).append((kind, identifier))

    def of(self, customer: str) -> Iterable[tuple[str, str]]:
        found = self._customers.get(_plain(customer)) or self._deals.get(_plain(customer))
        if found:
            return found
        near = nearest_name(_plain(customer), tuple({*self._customers, *self._deals}))
        hint = (f"; did you mean {near!r}?", f"；是否为“{near}”？") if near else (".", "。")
        raise CoachError(
            f"No customer or open deal of {customer!r} is recorded{hint[0]}", f"没有“{customer}”的客户或进行中商机{hint[1]}"
        )


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
