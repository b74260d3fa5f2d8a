"""Pages sent to customers: a return calculator with figures filled in, behind a link that nobody guesses and that expires.

Whoever has the link sees the page without a sign-in, and may change the figures there; nothing of that is kept. What is
recorded is that it was looked at, and for how long, as events of the deal.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update

from coach.entering import entered, new_key
from coach.offering.returns import Investment
from coach.problems import CoachError, NotFound
from coach.rules.service import Service
from coach.store import tables
from coach.store.database import next_number
from coach.store.store import Store
from coach.store.viewer import Viewer, ask, may_see
from coach.store.views import kept_values
from policies.time.calendar_arrays import DAY_MS

SOURCE = "offers"
DAYS, MOST_DAYS = 30, 90
"""Days for which a link holds: usually, and at most."""
OPEN_RATE = "custom.document_open_rate"
SENT, SENT_AMOUNT = "custom.calculator_sent", "custom.calculator_amount"
"""Stage and amount of a deal for which a calculator went out: rules can tell whether it was for what the deal is now."""
LONGEST_LOOK_MS = 4 * 3_600_000
MOST_LOOKS = 400
"""Events of looks that one page makes at most; its link is in other people's hands."""
_page, _record, _event = tables.offer_page.c, tables.record.c, tables.event.c


class Sent(NamedTuple):
    """A page as it was sent. `looks`: how often it was opened; `minutes`: looked at in all; instants in ms. `secret`: the end
    of its link, for whoever sends it on."""

    number: int
    secret: str
    figures: Investment
    words: str
    language: str
    made_by: str
    made_at: int
    expires_at: int
    ended_at: int | None
    looks: int
    minutes: float
    last_look_at: int | None

    def holds(self, now: int) -> bool:
        """Whether the link still opens the page."""
        return self.ended_at is None and now < self.expires_at


class Opened(NamedTuple):
    """A page as the customer sees it; `customer` None where the deal names none."""

    figures: Investment
    words: str
    language: str
    customer: str | None
    currency: str | None
    expires_at: int


def send(service: Service, viewer: Viewer, deal: str, figures: Investment, words: str, language: str, days: int) -> Sent:
    """Make a page for an open deal that the viewer works on, and record that a document went out. NotFound for a deal that the
    viewer does not see, CoachError for one that is closed."""
    ask(viewer, "rep", "manager")
    secret = secrets.token_urlsafe(24)

    def work(connection: Connection):
        found = _deal(connection, viewer, deal)
        if found.status != "open":
            raise CoachError("This deal is closed; nothing is sent for it any more.", "该商机已关闭，不再发送。")
        now = service.clock()
        number = next_number(connection, _page.number)
        connection.execute(
            insert(tables.offer_page).values(
                number=number, record=found.row, secret=secret, figures=json.dumps(figures._asdict()), words=words.strip(),
                language=language, made_by=viewer.name, made_at=now, expires_at=now + days * DAY_MS,
            )
        )  # fmt: skip
        event = entered(
            source=SOURCE, key=new_key(viewer.name), event="document", kind="opportunity", record=deal, acted_at=now,
            payload=_sent_for(connection, found.row),
        )  # fmt: skip
        return number, [event]

    number = service.act(viewer.name, work)
    return next(each for each in sent(service.store, viewer, deal) if each.number == number)


def _sent_for(connection: Connection, row: int) -> dict[str, Any]:
    """What a deal is at its sending: its stage, the first where none is recorded, and its amount where there is one."""
    values = kept_values(connection, [row])[row]
    amount = values.get("amount")
    return {SENT: values.get("stage", 1.0)} | ({SENT_AMOUNT: amount} if isinstance(amount, float) else {})


def is_for_another(values: Mapping[str, Any]) -> bool:
    """Whether a deal has gone on to another stage, or has another amount, since a calculator went out for it."""
    sent, amount = values.get(SENT), values.get(SENT_AMOUNT)
    further = isinstance(sent, float) and values.get("stage", 1.0) > sent
    return further or (isinstance(amount, float) and "amount" in values and values["amount"] != amount)


def end(service: Service, viewer: Viewer, number: int) -> None:
    """Take a page back: its link opens nothing any more. Again changes nothing."""
    ask(viewer, "rep", "manager")
    with service.store.write() as connection:
        seen = select(_record.row).where(may_see(viewer, _record.unit))
        where = (_page.number == number, _page.record.in_(seen))
        if connection.execute(select(_page.number).where(*where)).one_or_none() is None:
            raise _nothing()
        connection.execute(update(tables.offer_page).where(*where, _page.ended_at.is_(None)).values(ended_at=service.clock()))


def sent(store: Store, viewer: Viewer, deal: str) -> list[Sent]:
    """Pages sent for a deal that the viewer may see, the latest first."""
    with store.read() as connection:
        row = _deal(connection, viewer, deal).row
        return sent_for(connection, [row]).get(row, [])


def sent_for(connection: Connection, rows: list[int]) -> dict[int, list[Sent]]:
    """The same by row of the store."""
    found: dict[int, list[Sent]] = {}
    pages = connection.execute(select(tables.offer_page).where(_page.record.in_(rows)).order_by(_page.number.desc())).all()
    looks = _looks(connection, {each.record for each in pages})
    for each in pages:
        of_page = looks.get(each.number, {})
        minutes = [most for most, _ in of_page.values()]
        last = max((at for _, at in of_page.values()), default=None)
        found.setdefault(each.record, []).append(
            Sent(
                each.number, each.secret, Investment(**json.loads(each.figures)), each.words, each.language, each.made_by,
                each.made_at, each.expires_at, each.ended_at, len(of_page), sum(minutes), last,
            )
        )  # fmt: skip
    return found


def opened(service: Service, secret: str) -> Opened:
    """The page behind a link; NotFound for one that there is not, or not any more."""
    with service.store.read() as connection:
        page = _behind(connection, secret, service.clock())
        values = json.loads(connection.execute(select(_record["values"]).where(_record.row == page.record)).scalar_one())
    return Opened(
        Investment(**json.loads(page.figures)), page.words, page.language, values.get("customer"), service.store.currency,
        page.expires_at,
    )  # fmt: skip


def looked(service: Service, secret: str, look: str, seconds: float) -> None:
    """Record that the customer has looked at a page for so long. A look is one `viewed`, at which rules start to count; a later
    word of it tells more minutes of the same look."""
    now = service.clock()
    with service.store.read() as connection:
        page = _behind(connection, secret, now)
        record = connection.execute(select(_record.id).where(_record.row == page.record)).scalar_one()
        known = _looks(connection, {page.record}).get(page.number, {})
        told = connection.scalars(select(_event.key).where(_event.record == page.record, _event.source == SOURCE)).all()
        open_rate = _open_rate(connection, page)
    minutes = round(min(seconds, LONGEST_LOOK_MS / 1000) / 60, 2)
    if look in known and minutes <= known[look][0]:
        return
    if sum(key.startswith(f"{page.number}.") for key in told) >= MOST_LOOKS:
        return
    payload: dict[str, Any] = {"view_minutes": minutes, **open_rate}
    event = entered(
        source=SOURCE, key=f"{page.number}.{look}.{minutes:g}", event="field_recorded" if look in known else "viewed",
        kind="opportunity", record=record, acted_at=now, payload=payload,
    )  # fmt: skip
    service.post([event]).whole()


def _looks(connection: Connection, rows: set[int]) -> dict[int, dict[str, tuple[float, int]]]:
    """By page and look: minutes of it, and when it was last told of."""
    query = select(_event.key, _event.payload, _event.acted_at).where(
        _event.record.in_(rows), _event.source == SOURCE, _event.event.in_(("viewed", "field_recorded"))
    )
    found: dict[int, dict[str, tuple[float, int]]] = {}
    for key, payload, at in connection.execute(query.order_by(_event.sequence)):
        number, look, _ = key.split(".", 2)
        found.setdefault(int(number), {})[look] = (json.loads(payload)["view_minutes"], at)
    return found


def _open_rate(connection: Connection, page: Row) -> dict[str, float]:
    """The share of the deal's pages that were opened, this one among them, for S1; nothing where another system records it."""
    elsewhere = select(_event.sequence).where(
        _event.record == page.record, _event.source != SOURCE, _event.payload.contains(OPEN_RATE)
    )
    if connection.execute(elsewhere.limit(1)).first() is not None:
        return {}
    numbers = set(connection.scalars(select(_page.number).where(_page.record == page.record)))
    return {OPEN_RATE: len((_looks(connection, {page.record}).keys() | {page.number}) & numbers) / len(numbers)}


def _deal(connection: Connection, viewer: Viewer, deal: str) -> Row:
    query = select(_record.row, _record.status).where(
        _record.kind == "opportunity", _record.id == deal, may_see(viewer, _record.unit)
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        raise NotFound("There is no such deal that you may see.", "没有您可查看的该商机。")
    return found


def _behind(connection: Connection, secret: str, now: int) -> Row:
    query = select(tables.offer_page).where(_page.secret == secret, _page.ended_at.is_(None), _page.expires_at > now)
    found = connection.execute(query).one_or_none()
    if found is None:
        raise _nothing()
    return found


def _nothing() -> NotFound:
    return NotFound(
        "This page is no longer there. Ask whoever sent you the link for a new one.",
        "该页面已失效，请向发送链接的人索取新链接。",
    )
