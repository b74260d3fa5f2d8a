"""S12 of active customers, with the warnings of the past held against who left."""

from collections.abc import Iterator

from coach.scoring.past import Past
from coach.scoring.rows import Row, row_of
from coach.winning.history import Record, standing, states
from policies.scores.churn import AHEAD_DAYS, PastLook, churn_warning, hit_rate, signs_of, tiers
from policies.scores.score import DAY, Words, number

AHEAD = AHEAD_DAYS * DAY


def rows(past: Past) -> list[Row]:
    """A number for every active customer, each with the hit rate of the warning."""
    looks = [look for record, _ in past.each("customer") for look in _looks(record, past.at)]
    told = hit_rate(looks)
    revenue = {record.id: number(values, "revenue") for record, values in past.each("customer")}
    ranked = tiers({name: amount for name, amount in revenue.items() if amount is not None})
    found = []
    for record, values in past.each("customer"):
        if values.get("status", "active") == "active":
            score = churn_warning(_signs(record, past.at), ranked.get(record.id), looks)
            found.append(row_of(past, record, score, lines=(told,)))
    return found


def _signs(record: Record, at: float) -> list[Words]:
    before, values = states(record, [round(at - AHEAD), round(at)])
    orders = [float(each.acted_at) for each in standing(record, ("purchase",)) if each.recorded_at <= at]
    return signs_of(values, before, sorted(orders), at)


def _looks(record: Record, at: int) -> Iterator[PastLook]:
    """Looks at an active customer 90 days apart, back from 90 days ago to its registration."""
    begun = record.entries[0].recorded_at
    departures = [each.acted_at for each in standing(record, ("churned",))]
    instant = at - AHEAD
    while instant > begun:
        (values,) = states(record, [instant])
        if values.get("status", "active") == "active" and not any(left <= instant for left in departures):
            left = any(instant < each <= instant + AHEAD for each in departures)
            yield PastLook(len(_signs(record, instant)), left)
        instant -= AHEAD
