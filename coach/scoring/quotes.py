"""S15 of open opportunities with a quote, from those quotes of the record that have an end."""

from typing import NamedTuple

from coach.scoring.past import Past
from coach.scoring.rows import Row, row_of
from coach.winning.history import Entry, Record, standing, states
from policies.scores.quote_risk import Ended, History, Offer, quote_risk, tried
from policies.scores.score import Words, number

UNQUOTED = Words(
    "no quotes are recorded anywhere: the amount of a deal is taken for its offer", "全部记录中没有报价：以商机金额作为报价"
)

SHARE_TRIED, MOST_TRIED = 0.3, 500


def rows(past: Past) -> list[Row]:
    """The risk of every open quote; of every open amount where a firm records no quotes."""
    quoted = any("quote_sent_at" in values for _, values in past.each("opportunity"))
    ended: list[Ended] = []
    for record, _, closing in past.closed():
        sent = _sent(_until(record, closing), quoted, closing.acted_at)
        if sent is not None:
            ended.append(Ended(*sent, closing.acted_at, closing.event == "won"))
    found, history, told = [], History(ended), _tried(ended)
    for record, _ in past.open():
        sent = _sent(record, quoted, past.at)
        if sent is not None:
            score = quote_risk(sent.offer, history)
            lines = (told,) if quoted else (told, UNQUOTED)
            found.append(row_of(past, record, score, lines=lines))
    return found


def _tried(ended: list[Ended]) -> Words:
    """The latest three in ten quotes, held against what had ended before the first of them went out."""
    order = sorted(ended, key=lambda each: each.sent)
    later = order[round(len(order) * (1 - SHARE_TRIED)) :]
    begun = later[0].sent if later else 0
    return tried(later[-MOST_TRIED:], History(each for each in order if each.at < begun))


def _until(record: Record, entry: Entry) -> Record:
    """What was recorded before an entry."""
    return record._replace(entries=record.entries[: record.entries.index(entry)])


class _Sent(NamedTuple):
    """An offer, and when it went out (ms)."""

    offer: Offer
    at: int


def _sent(record: Record, quoted: bool, until: int) -> _Sent | None:
    """The quote that went out last by an instant, as it was recorded then: what was learnt later does not count.

    It is a document that was sent, or is told by its instant alone; that may be entered later, with the fields of the deal.
    """
    if not record.entries:
        return None
    if not quoted:
        return _as_of(record, len(record.entries), record.entries[-1].acted_at)
    out = [(int(at), entry) for entry in standing(record) if (at := _went_out(entry)) is not None and at <= until]
    if not out:
        return None
    at, entry = max(out, key=lambda each: each[0])
    together = sum(each.recorded_at <= entry.recorded_at for each in record.entries)
    place = record.entries.index(entry) + 1
    return _as_of(record, place, at) or _as_of(record, together, at)


def _went_out(entry: Entry) -> float | None:
    told = number(entry.payload, "quote_sent_at")
    return float(entry.acted_at) if told is None and entry.event == "document" else told


def _as_of(record: Record, entries: int, at: int) -> _Sent | None:
    """The offer by the first so many entries of a record; None where they tell no amount."""
    record = record._replace(entries=record.entries[:entries])
    values = next(states(record, [record.entries[-1].recorded_at]))
    amount = number(values, "amount")
    if amount is None or amount <= 0:
        return None
    customer = values.get("customer")
    called = customer if isinstance(customer, str) else f"#{record.row}"
    return _Sent(Offer(called, number(values, "industry"), amount, number(values, "discount")), at)
