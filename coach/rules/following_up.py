"""What rules ask of the coach beyond a message: that a record goes to somebody else, and that a desk is asked to approve.

It is done one millisecond after the rule fired, as an event of the store. What is still to be done is known from the firings,
so that a restart in between does it once.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import Connection, select

from coach.events import LONGEST_TEXT, PostedEvent, as_number
from coach.messages.saying import said_first, sayings
from coach.routing.words import PASSED_ON, TAKEN
from coach.rules.addressees import first_present
from coach.rules.live_book import LiveBook
from coach.store import tables
from policies.engine.driver import Done
from policies.language.effects import BY_ROUTING
from policies.record.records import DESKS, EVENT, EVENTS, REQUEST, REQUEST_KIND, ROLES, column, field
from policies.record.texts import text_number
from policies.time.calendar_arrays import NEVER
from policies.words.rule_words import rule_words

SOURCE = "rules"
"""Source of the events that follow from rules."""
_ASKING = (EVENT.passed_on, EVENT.approval_asked)
_APPROVAL = field("request", "asked_for").choices.index("approval")
_OPEN = {"lead": (0.0, 1.0), "opportunity": (0.0,), "customer": (0.0,)}
"""States in which a record has an owner who works on it."""
_STATUS = {kind: column(kind, "status") for kind in _OPEN}
_REACTION_MS = 1
_firing, _event = tables.firing.c, tables.event.c


class Wanted(NamedTuple):
    """What a rule wants done about a record: `about` is a name (`passed_on`) or a desk (`approval_asked`), `at` the firing."""

    rule: str
    row: int
    event: int
    about: str
    at: int


def name_in(live: LiveBook, rule_id: str, number: float) -> str:
    """The name of a new owner for which a number stands, as a rule of the policy in force writes it; empty for none."""
    rules = (rule for rule in live.driver.policy.rules if rule.id == rule_id)
    named = (str(each.value) for rule in rules for each in rule.effects if each.code == "passed_on")
    return next((name for name in named if text_number(name) == number), "")


def request_id(record: str, desk: str, at: int) -> str:
    """Id of the request by which a rule that fired at an instant (ms) asks a desk to approve something on a record."""
    return f"{record}:{desk}:{at}"


class FollowingUp:
    """What is to be done about the records of a book because rules said so."""

    def __init__(self, connection: Connection, live: LiveBook, processed: int):
        self._connection, self._live = connection, live
        self._wanted = _unfinished(connection, processed)
        self.told: list[Done] = []
        """Notices to those who got a record, and to those from whom it was taken; the `value` of these is the row of their
        unit."""

    def next_due(self, at: int) -> int:
        """The next instant after `at` at which something is to be done; NEVER for nothing."""
        return min((max(each.at, at) + _REACTION_MS for each in self._wanted), default=int(NEVER))

    def heard(self, done: Iterable[Done]) -> None:
        """Take up what rules did."""
        for each in done:
            if each.event in _ASKING:
                name = name_in(self._live, each.rule_id, each.argument) if each.event == EVENT.passed_on else ""
                about = name or DESKS[int(each.argument)]
                self._wanted.append(Wanted(each.rule_id, each.row, each.event, about, each.at))

    def events(self, at: int) -> Iterator[tuple[int, PostedEvent]]:
        """(row, event) of what is due by an instant, one after the other: record each before asking for the next."""
        due = [each for each in self._wanted if each.at < at]
        self._wanted = [each for each in self._wanted if each.at >= at]
        for each in due:
            before = self._live.units[each.row]
            found = self._passed_on(each, at) if each.event == EVENT.passed_on else self._asked(each, at)
            if found is not None:
                yield found
                if each.event == EVENT.passed_on:
                    self.told.append(_owner_told(PASSED_ON, each, 0.0, at))
                    if ("unit", before) in self._live.row_of:
                        self.told.append(_owner_told(TAKEN, each, float(self._live.row_of["unit", str(before)]), at))

    def _passed_on(self, each: Wanted, at: int) -> tuple[int, PostedEvent] | None:
        live, kind = self._live, self._live.kinds[each.row]
        if live.book.values[each.row, _STATUS[kind]] not in _OPEN[kind]:
            return None
        if each.about == BY_ROUTING:
            unit = live.router.somebody_else(each.row, at)
        else:
            unit = first_present(live, live.line(each.about), at) if ("unit", each.about) in live.row_of else None
        if unit is None or unit == live.units[each.row]:
            return None
        event = "assigned" if kind == "lead" and live.units[each.row] is None else "reassigned"
        return each.row, PostedEvent(
            source=SOURCE, key=_key(each), event=event, kind=kind, record=live.ids[each.row], unit=unit, acted_at=at,
            recorded_at=at, payload={"owner": unit},
        )  # fmt: skip

    def _asked(self, each: Wanted, at: int) -> tuple[int, PostedEvent] | None:
        live, deal = self._live, self._live.ids[each.row]
        if live.book.values[each.row, _STATUS["opportunity"]] not in _OPEN["opportunity"] or self._is_asked(deal, each.about):
            return None
        unit, row = live.units[each.row], len(live.ids)
        identifier = request_id(deal, each.about, each.at)
        live.expect({row: ("request", identifier)})
        return row, PostedEvent(
            source=SOURCE, key=_key(each), event="registered", kind="request", record=identifier, unit=unit, acted_at=at,
            recorded_at=at,
            payload={"desk": each.about, "asked_for": "approval", "opportunity": deal, "question": self._question(each)},
        )  # fmt: skip

    def _question(self, each: Wanted) -> str:
        """What the desk is asked, in both languages: what the rule's author has it say, or else what the rule does."""
        policy = self._live.driver.policy
        said = sayings(self._connection, policy, [(each.rule, "opportunity", each.row)]).get((each.rule, each.row))
        rule = next((rule for rule in policy.rules if rule.id == each.rule), None)
        words = [
            said_first(said, language) or ("" if rule is None else rule_words(rule, language)) for language in ("en", "zh")
        ]
        return "\n".join(dict.fromkeys(words))[:LONGEST_TEXT]

    def _is_asked(self, deal: str, desk: str) -> bool:
        """Whether a desk has an open request to approve something on a deal."""
        used = len(self._live.ids)
        values = self._live.book.values[:used]
        return bool(
            (
                (self._live.book.rows.kind[:used] == REQUEST_KIND)
                & (values[:, REQUEST.status] == 0.0)
                & (values[:, REQUEST.asked_for] == _APPROVAL)
                & (values[:, REQUEST.desk] == DESKS.index(desk))
                & (values[:, REQUEST.opportunity] == as_number("request", "opportunity", deal))
            ).any()
        )


def _key(each: Wanted) -> str:
    return f"{each.rule}:{each.row}:{EVENTS[each.event]}:{each.about}:{each.at}"


def _owner_told(what: str, each: Wanted, of: float, at: int) -> Done:
    return Done(what + each.rule, each.row, EVENT.notified, float(ROLES.index("owner")), of, at, at, each.at, {})


def _unfinished(connection: Connection, processed: int) -> list[Wanted]:
    """What rules wanted at the last instants that were worked off, and what has not been done."""
    names = [EVENTS[code] for code in _ASKING]
    latest = select(tables.firing).where(_firing.event.in_(names), _firing.at >= processed - _REACTION_MS)
    found = [
        Wanted(row.rule, row.record, getattr(EVENT, row.event), row.argument, row.at)
        for row in connection.execute(latest.order_by(_firing.number))
    ]
    keys = [_key(each) for each in found]
    if not keys:
        return []
    done = set(connection.scalars(select(_event.key).where(_event.source == SOURCE, _event.key.in_(keys))))
    return [each for each, key in zip(found, keys, strict=True) if key not in done]
