"""What waits at the desks: requests in the order in which they are due, each with what it is about."""

import json
from collections.abc import Collection
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, select, true

from coach.entering import who_entered
from coach.problems import not_found
from coach.store import tables
from coach.store.store import Store
from coach.store.titles import titles
from coach.store.viewer import SEE_EVERYTHING, Seeing, Viewer, may_see, seeing
from policies.record.records import DESKS, FIELDS

SOURCE = "desks"
"""What a request that a person entered says of where it comes from."""
MOST = 500
"""Closed requests that are told, the latest ones."""
_record, _event = tables.record.c, tables.event.c
ABOUT = ("needs_summary", "pain_points", "amount", "discount", "expenses", "decision_maker", "competitor")
"""What a desk is told of the deal, beside what it is called: a desk sees no deal but those that it is asked about."""


class Request(NamedTuple):
    """A request to a desk; instants in ms. `title` in "en" and "zh"; `deal` None where it serves none; `about` of the deal.

    `place`: how many are ahead of it at its desk, while it is open. `sum` in the firm's currency; `discount` a share.
    """

    id: str
    desk: str | None
    asked_for: str
    status: str
    unit: str | None
    asked_by: str | None
    question: str
    sum: float | None
    discount: float | None
    requested_at: int
    promised_at: int | None
    answered_at: int | None
    answer: str
    granted: bool | None
    escalated: bool
    deal: str | None
    title: dict[str, str] | None
    about: dict[str, Any]
    place: int | None
    may_answer: bool

    def is_late(self, now: int) -> bool:
        """Whether the promised time has passed without an answer, or had when it came."""
        return self.promised_at is not None and (self.answered_at or now) > self.promised_at


def requests(store: Store, viewer: Viewer, *, desk: str | None = None, open_only: bool = True) -> list[Request]:
    """Requests that the viewer asked, answers or stands above; at each desk first what was promised first, then what came
    first."""
    with store.read() as connection:
        queries = [_asked(viewer).where(_record.status == "open")]
        if not open_only:
            queries.append(_asked(viewer).where(_record.status != "open").order_by(_record.row.desc()).limit(MOST))
        found = [each for query in queries for each in _read(connection, viewer, query) if desk is None or each.desk == desk]
    return sorted(found, key=lambda each: (each.status != "open", DESKS.index(each.desk or DESKS[0]), _due(each)))


def one(store: Store, viewer: Viewer, identifier: str) -> Request:
    """One request; NotFound also when the viewer may not see it."""
    with store.read() as connection:
        found = _read(connection, viewer, _asked(viewer).where(_record.id == identifier))
    if not found:
        raise not_found("request", "请求", identifier)
    return found[0]


def approvals_asked(store: Store, deals: Collection[str]) -> dict[tuple[str, str], int | None]:
    """Open requests for an approval, by deal and desk: by when the desk promises to answer (ms), None for no promise."""
    if not deals:
        return {}
    with store.read() as connection:
        kept = connection.scalars(select(_record["values"]).where(_record.kind == "request", _record.status == "open")).all()
    found: dict[tuple[str, str], int | None] = {}
    for values in map(json.loads, kept):
        deal, desk = str(values.get("opportunity")), _desk(values)
        if deal in deals and desk is not None and choice_of("asked_for", values.get("asked_for")) == "approval":
            found[deal, desk] = _instant(values.get("promised_at"))
    return found


def waiting(store: Store, viewer: Viewer) -> int:
    """How many open requests the viewer is to answer."""
    return sum(each.may_answer for each in requests(store, viewer))


def _due(each: Request) -> tuple[float, int]:
    return (float("inf") if each.promised_at is None else each.promised_at, each.requested_at)


def _asked(viewer: Viewer) -> Select:
    """Requests among which are all that the viewer sees: which desk one is for stands in its values."""
    columns = (_record.row, _record.id, _record.unit, _record.status, _record.registered_at, _record["values"])
    seen = true() if viewer.role == "desk" else may_see(viewer, _record.unit)
    return select(*columns).where(_record.kind == "request", seen)


def _read(connection: Connection, viewer: Viewer, query: Select) -> list[Request]:
    rows = [(row, json.loads(row.values)) for row in connection.execute(query)]
    sight = seeing(connection, viewer)
    rows = [(row, values) for row, values in rows if _sees(viewer, sight, row.unit, _desk(values))]
    ahead = _ahead(connection) if any(row.status == "open" for row, _ in rows) else {}
    deals = {str(values["opportunity"]) for _, values in rows if values.get("opportunity") is not None}
    known, asked_by = _deals(connection, deals), _asked_by(connection, [row.row for row, _ in rows])
    return [_told(viewer, sight, row, values, known, asked_by.get(row.row), ahead) for row, values in rows]


def _sees(viewer: Viewer, sight: Seeing, unit: str | None, desk: str | None) -> bool:
    return _is_at(viewer, desk) if viewer.role == "desk" else sight.sees(unit)


def _is_at(viewer: Viewer, desk: str | None) -> bool:
    return viewer.unit is not None and desk == viewer.unit


def _desk(values: dict[str, Any]) -> str | None:
    return choice_of("desk", values.get("desk"))


def choice_of(name: str, value: Any) -> str | None:
    """A choice of a request as it is called; stores hold it by name or, from an office, by number."""
    choices = next(about.choices for about in FIELDS["request"] if about.name == name)
    if isinstance(value, str):
        return value if value in choices else None
    return choices[int(value)] if value is not None else None


def _ahead(connection: Connection) -> dict[str, int]:
    """How many open requests stand before each at its desk."""
    query = select(_record.id, _record.registered_at, _record["values"])
    by_desk: dict[str | None, list[tuple[float, int, str]]] = {}
    for identifier, at, kept in connection.execute(query.where(_record.kind == "request", _record.status == "open")):
        values = json.loads(kept)
        promised = values.get("promised_at")
        by_desk.setdefault(_desk(values), []).append((float("inf") if promised is None else promised, at, identifier))
    return {each[2]: place for queue in by_desk.values() for place, each in enumerate(sorted(queue))}


def _deals(connection: Connection, names: set[str]) -> dict[str, tuple[dict[str, str], dict[str, Any]]]:
    """What deals are called, and what a desk is told of them, by id."""
    query = select(_record.row, _record.id, _record["values"]).where(_record.kind == "opportunity", _record.id.in_(names))
    rows = list(connection.execute(query))
    called = titles(connection, [row.row for row in rows])
    return {
        row.id: (called[row.row], {name: value for name, value in json.loads(row.values).items() if name in ABOUT})
        for row in rows
    }


def _asked_by(connection: Connection, rows: list[int]) -> dict[int, str]:
    """Who entered each request, where a person did."""
    query = select(_event.record, _event.key).where(
        _event.record.in_(rows), _event.event == "registered", _event.source == SOURCE
    )
    return {record: who_entered(key) for record, key in connection.execute(query)}


def _told(
    viewer: Viewer, sight: Seeing, row: Row, values: dict[str, Any], known: dict, asked_by: str | None, ahead: dict[str, int]
) -> Request:
    desk = _desk(values)
    deal = None if values.get("opportunity") is None else str(values["opportunity"])
    title, about = (None, {}) if deal is None else known.get(deal, (None, {}))
    granted = values.get("granted")
    return Request(
        row.id, desk, choice_of("asked_for", values.get("asked_for")) or "answer", row.status or "open", row.unit, asked_by,
        str(values.get("question") or ""), values.get("sum"), values.get("discount"),
        int(values.get("requested_at", row.registered_at)), _instant(values.get("promised_at")),
        _instant(values.get("answered_at")), str(values.get("answer") or ""), None if granted is None else bool(granted),
        bool(values.get("escalated")), deal, title, about, ahead.get(row.id), _answers(viewer, sight, row.unit, desk),
    )  # fmt: skip


def _instant(value: Any) -> int | None:
    return None if value is None else int(value)


def _answers(viewer: Viewer, sight: Seeing, unit: str | None, desk: str | None) -> bool:
    """Whether the viewer is who answers: the desk's own people; for the manager, who leads the asker; operations for all."""
    if viewer.role in SEE_EVERYTHING:
        return True
    if viewer.role == "desk":
        return _is_at(viewer, desk)
    return viewer.role == "manager" and desk == "manager" and sight.sees(unit) and unit != viewer.unit
