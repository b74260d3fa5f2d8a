"""Amounts of events in the firm's currency, on their way into the store.

An amount that is told in another currency is turned into the firm's at the rate in force on the day when it happened, and kept
beside it as it was told. Without a rate the event is taken all the same, and has no amount until there is one.
"""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from coach.events import PostedEvent
from coach.money import MONEY, ORIGINAL, Amount, amount_of, amounts_in, in_own, text_of
from coach.problems import CoachError
from coach.store import tables
from coach.store.rates import FOREIGN, Rates, firm_currency
from coach.store.settings import PROCESSED_THROUGH, calendar_of, set_setting, setting
from policies.time.calendar import Calendar

SOURCE = "rates"
"""Source of the events that give an amount its price later, when a rate is known."""
_CHUNK = 400
_event, _record = tables.event.c, tables.record.c


class Unpriced(NamedTuple):
    """An amount that could not be turned into the firm's currency `own`, which may itself not be known."""

    field: str
    amount: Amount
    day: str
    own: str | None

    @property
    def en(self) -> str:
        """What is missing and what to do."""
        if self.own is None:
            return (
                f"{self.field}: is in {self.amount.currency}, and nobody said which currency is the firm's; it is taken "
                "without its amount. Say it: rehearse store currency STORE CODE."
            )
        return (
            f"{self.field}: there is no rate of {self.amount.currency} on or before {self.day}; it is taken without its "
            "amount. Add the rate: rehearse store rates STORE FILE."
        )

    @property
    def zh(self) -> str:
        """The same in Chinese."""
        if self.own is None:
            return (
                f"{self.field}：货币为 {self.amount.currency}，而尚未说明企业使用哪种货币；已收下，但不计金额。"
                "请运行 rehearse store currency STORE CODE。"
            )
        return (
            f"{self.field}：{self.day} 及以前没有 {self.amount.currency} 的汇率；已收下，但不计金额。"
            "请用 rehearse store rates STORE FILE 补充汇率。"
        )


class Pricing:
    """Turns the amounts of events into the firm's currency. After the last one, `keep` notes which currencies came."""

    def __init__(self, connection: Connection):
        self._connection = connection
        self._own = firm_currency(connection)
        self._foreign = set(setting(connection, FOREIGN, []))
        self._came: set[str] = set()
        self._rates = Rates(connection)
        self._calendar: Calendar | None = None

    @property
    def has_foreign(self) -> bool:
        """Whether any amount was ever told in another currency than the firm's."""
        return bool(self._foreign or self._came)

    def of(self, event: PostedEvent) -> tuple[PostedEvent, list[Unpriced]]:
        """The event with its amounts in the firm's currency, and those that have no price."""
        if MONEY[event.kind].isdisjoint(event.payload):
            return event, []
        told = MONEY[event.kind] & event.payload.keys()
        payload = in_own(event.kind, event.payload, self._own)
        foreign = amounts_in(event.kind, payload)
        self._came |= {amount.currency for amount in foreign.values()}
        if not self.has_foreign:
            return (event if payload is event.payload else event.model_copy(update={"payload": payload})), []
        priced, unpriced = dict(payload), []
        for name in sorted(told):
            amount = foreign.get(name)
            # What was told in the firm's currency replaces an amount that was told in another.
            priced[f"{ORIGINAL}{name}"] = None if amount is None else payload[name]
            if amount is not None:
                day = self._day(event.acted_at)
                rate = None if self._own is None else self._rates.at(amount.currency, day)
                priced[name] = None if rate is None else amount.number * rate
                if rate is None:
                    unpriced.append(Unpriced(name, amount, day, self._own))
        return event.model_copy(update={"payload": priced}), unpriced

    def keep(self) -> None:
        """Note which currencies came."""
        if not self._came <= self._foreign:
            set_setting(self._connection, FOREIGN, sorted(self._foreign | self._came))

    def _day(self, instant: int) -> str:
        if self._calendar is None:
            self._calendar = calendar_of(self._connection)
        return self._calendar.local_date(instant).isoformat()


def priced_or_refused(connection: Connection, event: PostedEvent) -> PostedEvent:
    """The event with its amounts in the firm's currency. CoachError where one has no price: no gate can rule on it."""
    event, unpriced = Pricing(connection).of(event)
    for each in unpriced:
        raise CoachError(each.en, each.zh)
    return event


class Waiting(NamedTuple):
    """An amount of a record that has no price yet, and the event that told it."""

    sequence: int
    kind: str
    record: str
    field: str
    amount: Amount
    acted_at: int
    stamped_at: int


class Summary(NamedTuple):
    """Amounts of a currency without a price: how many, and the first and last of their days."""

    currency: str
    amounts: int
    first: str
    last: str


def waiting(connection: Connection) -> list[Waiting]:
    """Amounts that are without a price now."""
    if not setting(connection, FOREIGN):
        return []
    rows, bears = _unseen(connection), f'"{ORIGINAL}'
    query = select(_record.row, _record.kind, _record["values"])
    for row, kind, values in connection.execute(query.where(_record["values"].contains(bears, autoescape=True))):
        held = json.loads(values)
        if any(ORIGINAL + name in held and name not in held for name in MONEY[kind]):
            rows.add(row)
    return [each for part in _parts(sorted(rows)) for each in _told(connection, part)]


def _unseen(connection: Connection) -> set[int]:
    """Records about which amounts came that no view shows yet: while a policy is in force, the coach brings it up to date."""
    processed = setting(connection, PROCESSED_THROUGH)
    if processed is None:
        return set()
    bears = _event.payload.contains(f'"{ORIGINAL}', autoescape=True)
    return set(connection.scalars(select(_event.record).where(_event.recorded_at > processed, bears)))


def _told(connection: Connection, rows: list[int]) -> Iterator[Waiting]:
    """Amounts of some records whose last standing event gives them no price."""
    query = select(tables.event, _record.kind, _record.id).join(tables.record, _event.record == _record.row)
    query = query.where(_event.record.in_(rows)).order_by(_event.recorded_at, _event.sequence)
    found = connection.execute(query).all()
    gone = {(each.source, each.voids) for each in found if each.event == "voided"}
    last: dict[tuple[int, str], tuple] = {}
    for each in found:
        if each.event != "voided" and (each.source, each.key) not in gone:
            payload = json.loads(each.payload)
            last |= {(each.record, name): (each, payload) for name in MONEY[each.kind] & payload.keys()}
    for (_, name), (each, payload) in sorted(last.items()):
        written = payload.get(ORIGINAL + name)
        if payload[name] is None and written is not None and (amount := amount_of(written)) is not None:
            yield Waiting(each.sequence, each.kind, each.id, name, amount, each.acted_at, each.recorded_at)


def later_prices(connection: Connection, waits: Iterable[Waiting]) -> list[PostedEvent]:
    """Events that give amounts their price, for those that can have one by now."""
    pricing, found = Pricing(connection), []
    for each in waits:
        event = PostedEvent(
            source=SOURCE, key=_key(each.sequence, each.field), event="field_recorded", kind=each.kind, record=each.record,
            acted_at=each.acted_at, recorded_at=each.stamped_at,
            payload={each.field: text_of(*each.amount)},
        )  # fmt: skip
        if not pricing.of(event)[1]:
            found.append(event)
    return found


def summed_up(connection: Connection, waits: Iterable[Waiting]) -> list[Summary]:
    """Amounts without a price by currency."""
    calendar = calendar_of(connection)
    days: dict[str, list[str]] = {}
    for each in waits:
        days.setdefault(each.amount.currency, []).append(calendar.local_date(each.acted_at).isoformat())
    return [Summary(currency, len(told), min(told), max(told)) for currency, told in sorted(days.items())]


def prices_to_withdraw(connection: Connection, events: Iterable[PostedEvent]) -> dict[tuple[str, str], list[PostedEvent]]:
    """By (source, key) of events that others withdraw: what withdraws the prices that were given to their amounts later."""
    voiding = {(each.source, each.voids or ""): each for each in events if each.event == "voided"}
    if not voiding:
        return {}
    found: dict[tuple[str, str], list[PostedEvent]] = {}
    for part in _parts(sorted({key for _, key in voiding})):
        query = select(_event.sequence, _event.source, _event.key).where(_event.key.in_(part))
        told = {each.sequence: (each.source, each.key) for each in connection.execute(query)}
        keys = {
            _key(sequence, name): name_of for sequence, name_of in told.items() if name_of in voiding
            for name in MONEY[voiding[name_of].kind]
        }  # fmt: skip
        given, gone = (
            set(connection.scalars(select(column).where(_event.source == SOURCE, column.in_(list(keys)))))
            for column in (_event.key, _event.voids)
        )
        for key in sorted(given - gone):
            void = voiding[keys[key]]
            also = {"source": SOURCE, "key": f"{key}/voided", "voids": key}
            found.setdefault(keys[key], []).append(void.model_copy(update=also))
    return found


def _key(sequence: int, field: str) -> str:
    return f"{sequence}/{field}"


def _parts(items: list) -> Iterator[list]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
