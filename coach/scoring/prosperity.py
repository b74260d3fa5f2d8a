"""S2 of open opportunities: amounts and contacts as recorded, and what was seen of their customers outside."""

from collections.abc import Iterable

from coach.scoring.past import Past, Values
from coach.scoring.rows import Row, row_of
from coach.winning.history import Record, standing
from policies.record.prosperity import CONTACT_DAYS, CONTACTS, OUTSIDE_DAYS
from policies.scores.false_prosperity import Beside, Signals, false_prosperity
from policies.scores.score import DAY, number

SEEN_AT, COUNTED = "custom.outside_seen_at", ("custom.outside_tenders", "custom.outside_hiring")


def rows(past: Past) -> list[Row]:
    """S2 of every open deal with an amount."""
    signals = _signals(past, past.open())
    beside = Beside(own for _, own in signals)
    return [row_of(past, record, false_prosperity(own, beside)) for record, own in signals]


def rows_of_flagged(past: Past) -> list[Row]:
    """S2 of deals that were closed while they were flagged, each as if it were open still."""
    opened = [own for _, own in _signals(past, past.open())]
    closed = ((record, values) for record, values, _ in past.closed() if values.get("false_prosperity"))
    return [row_of(past, record, false_prosperity(own, Beside([*opened, own]))) for record, own in _signals(past, closed)]


def _signals(past: Past, deals: Iterable[tuple[Record, Values]]) -> list[tuple[Record, Signals]]:
    by_name = _customers(past)
    return [
        (record, Signals(amount, _contacts(record, past.at), _outside(values, by_name, past.at)))
        for record, values in deals
        if (amount := number(values, "amount")) is not None
    ]


def _customers(past: Past) -> dict[str, Values]:
    """What is recorded of customers, by id and by name."""
    found: dict[str, Values] = {}
    for record, values in past.each("customer"):
        found[record.id] = values
        if isinstance(values.get("name"), str):
            found[values["name"]] = values
    return found


def _contacts(record: Record, at: int) -> int:
    return sum(at - CONTACT_DAYS * DAY < each.acted_at <= at for each in standing(record, CONTACTS))


def _outside(values: Values, customers: dict[str, Values], at: int) -> float | None:
    """Tenders and job adverts by the latest look of the last 90 days, at the deal's own record or its customer's."""
    looks = [values, customers.get(str(values.get("customer")), {})]
    looks = [each for each in looks if (seen := number(each, SEEN_AT)) is not None and at - OUTSIDE_DAYS * DAY < seen <= at]
    if not looks:
        return None
    latest = max(looks, key=lambda each: number(each, SEEN_AT) or 0.0)
    return sum(number(latest, name) or 0.0 for name in COUNTED)
