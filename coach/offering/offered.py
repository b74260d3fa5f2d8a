"""What rules offered for deals and nobody has sent yet: told on Today and with the deal, with the rule that says why."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, case, func, select

from coach.offering.pages import is_for_another
from coach.store import tables
from coach.store.views import kept_values
from policies.time.calendar_arrays import DAY_MS

STANDS_MS = 14 * DAY_MS
"""How long an offer stands; a customer who looked longer ago thinks of other things."""
_CHUNK = 400
_firing, _page = tables.firing.c, tables.offer_page.c


class Offered(NamedTuple):
    """An offer that stands: what, by which rule, since when (ms)."""

    offer: str
    rule: str
    at: int


def offered(connection: Connection, rows: Iterable[int], now: int) -> dict[int, Offered]:
    """The latest offer by row of the store, of deals for which nothing was sent since. What a rule makes of a look at a page
    that was sent, or at anything else while its link holds, is none: the customer has what would be offered, unless the deal
    has come to another stage or amount since."""
    wanted, found = sorted(rows), {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        fired = select(_firing.record, _firing.argument, _firing.rule, _firing.at).where(
            _firing.event == "offered", _firing.record.in_(part), _firing.at > now - STANDS_MS
        )
        held = case((_page.ended_at < _page.expires_at, _page.ended_at), else_=_page.expires_at)
        latest = select(_page.record, func.max(_page.made_at), func.max(held)).where(_page.record.in_(part))
        pages = connection.execute(latest.group_by(_page.record)).all()
        values = kept_values(connection, [record for record, _, _ in pages])
        sent = {record: made_at if is_for_another(values[record]) else until for record, made_at, until in pages}
        for record, offer, rule, at in connection.execute(fired.order_by(_firing.number)):
            if at > sent.get(record, 0):
                found[record] = Offered(offer, rule, at)
    return found
