"""In which currency a store's sums are, as the files of an import say it."""

from sqlalchemy import Connection, select

from coach.events import with_payload
from coach.mapping.currencies import SIGNS
from coach.mapping.document import Mapping
from coach.mapping.files import MappingError
from coach.mapping.reading import Reading
from coach.money import MONEY, amounts_in, in_own
from coach.store import tables
from coach.store.rates import add_rates, firm_currency, set_firm_currency


def in_firms_currency(connection: Connection, reading: Reading, mapping: Mapping) -> Reading:
    """The reading with amounts in the firm's currency as numbers; its rates are kept in the store.

    The first import gives a store the currency of its mapping or, where that says none, the only one that its amounts state.
    MappingError where a sign of several meanings, such as $, cannot be the firm's currency.
    """
    told = {place: each for place, each in enumerate(reading.events) if not MONEY[each.kind].isdisjoint(each.payload)}
    stated = {amount.currency for each in told.values() for amount in amounts_in(each.kind, each.payload).values()}
    only = mapping.currency or (next(iter(stated)) if len(stated) == 1 and not reading.signs else None)
    fresh = connection.scalar(select(tables.event.c.sequence).limit(1)) is None
    if only is not None and fresh and firm_currency(connection) is None:
        set_firm_currency(connection, only)
    own = firm_currency(connection)
    for sign in sorted(reading.signs) if own is not None else ():
        if own not in SIGNS[sign]:
            raise MappingError(
                f"The amounts bear the sign {sign}, and the firm's currency is {own}. Say in the mapping what the sign means: "
                f"currency: {SIGNS[sign][0]}. Nothing was brought in.",
                f"金额带有符号 {sign}，而企业的货币是 {own}。请在映射中写明其含义：currency: {SIGNS[sign][0]}。"
                "未导入任何内容。",
            )
    if reading.rates:
        add_rates(connection, reading.rates)
    events = list(reading.events)
    for place, each in told.items():
        payload = in_own(each.kind, each.payload, own)
        if payload is not each.payload:
            events[place] = with_payload(each, payload)
    return reading._replace(events=events)
