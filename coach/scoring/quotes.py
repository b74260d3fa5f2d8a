"""S15 of open opportunities with a quote, from those quotes of the record that have an end."""

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
    ended: list[tuple[int, Ended]] = []
    for record, _, closing in past.closed():
        before = _until(record, closing)
        offer = _offer(before, quoted)
        if offer is not None:
            sent = standing(before, ("document",)) or before.entries
            ended.append((sent[-1].acted_at, Ended(offer, closing.acted_at, closing.event == "won")))
    found, history, told = [], History(each for _, each in ended), _tried(ended)
    for record, _ in past.open():
        offer = _offer(record, quoted)
        if offer is not None:
            score = quote_risk(offer, history)
            lines = (told,) if quoted else (told, UNQUOTED)
            found.append(row_of(past, record, score, lines=lines))
    return found


def _tried(ended: list[tuple[int, Ended]]) -> Words:
    """The latest three in ten quotes, held against what had ended before the first of them went out."""
    order = sorted(ended, key=lambda each: each[0])
    later = order[round(len(order) * (1 - SHARE_TRIED)) :]
    begun = later[0][0] if later else 0
    return tried([each for _, each in later[-MOST_TRIED:]], History(each for _, each in order if each.at < begun))


def _until(record: Record, entry: Entry) -> Record:
    """What was recorded before an entry."""
    return record._replace(entries=record.entries[: record.entries.index(entry)])


def _offer(record: Record, quoted: bool) -> Offer | None:
    """The latest quote as it was recorded when it went out: what was learnt later does not count."""
    if quoted:
        sent = standing(record, ("document",))
        if not sent:
            return None
        place = record.entries.index(sent[-1])
        record = record._replace(entries=record.entries[: place + 1])
    if not record.entries:
        return None
    values = next(states(record, [record.entries[-1].recorded_at]))
    amount = number(values, "amount")
    if amount is None or amount <= 0:
        return None
    customer = values.get("customer")
    called = customer if isinstance(customer, str) else f"#{record.row}"
    return Offer(called, number(values, "industry"), amount, number(values, "discount"))
