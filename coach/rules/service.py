"""The coach at work: events in, rules worked off at their instants, and everything that follows from it, in one transaction.

The rules run over a book in memory that is built from the store at the start and thrown away whenever a transaction fails.
Time is a clock that can be replaced. Nothing is polled: `next_due` says when there is something to do.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, func, select

from coach.events import Fault, PostedEvent, of_declared_kind
from coach.problems import CoachError, not_found
from coach.retrospective.improvements import escalate_due, next_escalation
from coach.rules.following_up import FollowingUp
from coach.rules.gating import Answer, ask_create, ask_gate_of_facts
from coach.rules.granting import lacking_grant
from coach.rules.live_book import NO_POLICY, LiveBook
from coach.rules.preview import ENDS, RulePreview, previews
from coach.rules.stretch import GateRefusal, Run
from coach.rules.telling import next_leaving
from coach.store import policies, tables
from coach.store.appending import Preparation, Refused, WithoutPrice, now_ms
from coach.store.planned_absences import due_absences, next_absence
from coach.store.pricing import priced_or_refused
from coach.store.settings import PROCESSED_THROUGH, set_setting, setting
from coach.store.stages import Bounds
from coach.store.store import Store, audited
from coach.store.writing import write_events, write_with_views
from coach.targets.due import due_targets, due_weeks, next_start, next_week, takes_hold
from policies.engine.compile import MODES, TooFarBack
from policies.engine.layout import TooManyKinds
from policies.language.policy import Policy
from policies.record.records import EVENT, MOST_DECLARED, RECORD_KINDS
from policies.time.calendar import Calendar
from policies.time.calendar_arrays import NEVER

NOTHING: Mapping[str, Any] = MappingProxyType({})
_T = TypeVar("_T")


class Posted(NamedTuple):
    """What became of posted events, and how many things rules did up to now."""

    accepted: int
    repeated: int
    refused: list[Refused]
    refusals: list[GateRefusal]
    done: int
    unpriced: list[WithoutPrice] = []

    def whole(self) -> "Posted":
        """Itself, where all was taken; CoachError with why the first was not."""
        for refused in self.refused:
            raise CoachError(refused.en, refused.zh)
        return self


class Together(NamedTuple):
    """A transaction in which more is done than posting events: the book as of now, None while no policy was ever in force,
    the instant (ms) of what is posted, and a function that posts."""

    connection: Connection
    live: LiveBook | None
    at: int
    post: Callable[[list[PostedEvent]], Posted]


class Service:
    """The rules of a store at work.

    Parameters
    ----------
    clock: present instant in ms
    on_change: called after every transaction that did something, e.g. to wake who sends messages
    """

    def __init__(self, store: Store, clock: Callable[[], int] = now_ms, on_change: Callable[[], None] = lambda: None):
        self.store = store
        self.clock = clock
        self.on_change = on_change
        self._lock = threading.RLock()
        self._live: LiveBook | None = None
        self._processed: int | None = None

    def post(
        self, events: Sequence[PostedEvent], actor: str = "system", also: Callable[[Connection], None] | None = None
    ) -> Posted:
        """Take events, and work off everything up to now. Posting the same again changes nothing. `also` is done in the same
        transaction where any was taken."""

        def work(connection: Connection) -> Posted:
            posted = self._post(connection, list(events), actor)
            if also is not None and posted.accepted:
                also(connection)
            return posted

        return self._in_transaction(work)

    def together(self, work: Callable[[Together], _T], actor: str) -> _T:
        """Do something of which all is kept or nothing, after everything up to now was worked off."""

        def done(connection: Connection) -> _T:
            self._post(connection, [], actor)
            at = self._now() if self._processed is None else max(self._now(), self._processed + 1)
            return work(Together(connection, self._live, at, lambda events: self._post(connection, events, actor)))

        return self._in_transaction(done)

    def act(self, actor: str, work: Callable[[Connection], tuple[_T, list[PostedEvent]]]) -> _T:
        """Do `together` what somebody decided and record the events that tell of it; `work` returns its result and these
        events. CoachError where one of them cannot be taken: then nothing is done."""

        def done(at_work: Together) -> _T:
            result, events = work(at_work.connection)
            at_work.post(events).whole()
            return result

        return self.together(done, actor)

    def tick(self) -> int:
        """Work off everything up to now; returns how many things rules did."""
        return self._in_transaction(lambda connection: self._post(connection, [], "system")).done

    def set_calendar(self, calendar: Calendar, actor: str) -> None:
        """Go by another calendar from now on, as after a start: what was due by the former one is worked off before."""

        def work(connection: Connection) -> None:
            self._post(connection, [], actor)
            set_setting(connection, "calendar", calendar.model_dump(mode="json"))
            audited(connection, self._now(), actor, "calendar_set", calendar.zone, country=calendar.country)
            self._live, self._processed = None, None

        self._in_transaction(work)

    def next_due(self) -> int | None:
        """The next instant at which something may be due or a notice leaves; None for nothing in sight."""
        with self._lock:
            live = self._loaded()
            with self.store.read() as connection:
                told = [next_escalation(connection), next_absence(connection)]
                if live is not None:
                    told += [next_leaving(connection), next_start(connection), live.router.next_due()]
                    through = self._processed or 0
                    told.append(live.driver.next_instant(through))
                    told.append(FollowingUp(connection, live, through).next_due(through))
                    if live.asks_action_units:
                        told.append(takes_hold(next_week(live.calendar, self._processed or 0)))
            return min((each for each in told if each is not None and each != NEVER), default=None)

    def gate(self, event: PostedEvent, gate: str, actor: str) -> GateRefusal | None:
        """Take a step through a gate: None when it was allowed and recorded, else the refusal, which is recorded."""
        if event.event == "registered":
            answer = self.ask_create(event)
            if answer.rule is not None:
                return GateRefusal(0, event.key, event.kind, event.record, gate, answer.rule, answer.missing)
            posted = self.post([event], actor).whole()
        else:
            posted = self.post([event.model_copy(update={"intent": gate})], actor).whole()
        return posted.refusals[0] if posted.refusals else None

    def ask_create(self, event: PostedEvent) -> Answer:
        """Ask the gate of creation about a record that is not there yet; a refusal goes to the audit log."""
        return self._in_transaction(lambda connection: self._ask_create(connection, event))

    def may(self, gate: str, kind: str, record: str) -> Answer:
        """Ask a gate without taking the step; nothing is recorded."""
        with self._lock:
            live = self._loaded()
            row = None if live is None else live.row_of.get((kind, record))
            if live is None:
                return Answer(None, [])
            if row is None:
                raise not_found(kind, "记录", record)
            answer = ask_gate_of_facts(live, row, gate, self._now())
            return answer if answer.rule is not None else Answer(lacking_grant(live, row, gate), [])

    def activate(
        self, policy: Policy, actor: str, *, catch_up: bool = False, change: str = "activate", why: Mapping[str, Any] = NOTHING,
        also: Callable[[Connection, int], None] = lambda *_: None,
    ) -> int:  # fmt: skip
        """Put a policy in force now; returns the number of its version. People do so through `approving`.

        Clocks of new rules start now. With `catch_up` all that is overdue fires at once; see `preview` for what that is. `why`
        goes to the audit log; `also` is done in the same transaction.
        """
        if catch_up:
            policy = _catching_up(policy)

        def switch(connection: Connection) -> int:
            number = self._switch(connection, policy, actor, change, why=why)
            also(connection, number)
            return number

        with _room_for(policy):
            return self._in_transaction(switch)

    def rollback(self, actor: str) -> int:
        """Return to the policy that was in force before the present one, as if that had not been: clocks go on from where they
        were, and what it closed is open again unless the record has moved on."""

        def back(connection: Connection) -> int:
            now = policies.current(connection)
            if now is None or now.previous is None:
                raise CoachError("There is no earlier policy to return to.", "没有可以退回的更早制度。")
            earlier = policies.version(connection, now.previous)
            return self._switch(
                connection, earlier.policy, actor, policies.ROLLBACK, previous=earlier.previous, back_to=earlier
            )

        return self._in_transaction(back)

    def with_mode(self, rule_id: str, mode: str) -> Policy:
        """The policy in force with one rule off, in shadow or live."""
        if mode not in MODES:
            raise CoachError(f"A mode is one of {', '.join(MODES)}.", f"状态须为以下之一：{', '.join(MODES)}。")
        with self.store.read() as connection:
            now = policies.current(connection)
        if now is None or rule_id not in {rule.id for rule in now.policy.rules}:
            raise not_found("rule", "规则", rule_id)
        rules = tuple(rule.model_copy(update={"mode": mode}) if rule.id == rule_id else rule for rule in now.policy.rules)
        return Policy.model_validate(now.policy.model_copy(update={"rules": rules}).model_dump(mode="json"))

    def preview(self, policy: Policy) -> list[RulePreview]:
        """What each rule would do at once if the policy were put in force now and caught up on the past, and what would end.
        Nothing changes."""
        with _room_for(policy), self._lock, self.store.read() as connection:
            self._loaded(connection)
            at = max(self._now(), (self._processed or 0) + 1)
            live = LiveBook(connection, policies.current(connection), self._processed or at, also=policy)
            live.reach([], at)
            closed = [each for each in live.switch_to(_catching_up(policy), at) if each.event in ENDS]
            live.ready(at)
            done = [each for each in live.driver.work_off(at) if each.event in (EVENT.fired, EVENT.shadow_fired)]
            return previews(connection, live, policy, done, closed)

    def look(self, work: Callable[[Connection, LiveBook], _T]) -> _T | None:
        """Look something up in the book and the store together; None while no policy was ever in force."""
        with self._lock, self.store.read() as connection:
            live = self._loaded(connection)
            return None if live is None else work(connection, live)

    def policy(self) -> Policy:
        """The policy in force; one without rules when there was never one."""
        with self._lock:
            live = self._loaded()
            return NO_POLICY if live is None else live.driver.policy

    def kind(self, name: str) -> str:
        """A kind of record by its name, with the fields that policies of the store give it."""
        with self._lock:
            live = self._loaded()
            return name if live is None else live.kind(name)

    def coming(self, unit: str, until: int) -> list[tuple[str, str, str, int]]:
        """(kind, record, rule, due) of what timed rules are going to do with a unit's records up to an instant."""
        with self._lock:
            live = self._loaded()
            return [] if live is None else live.coming(unit, until)

    def health(self) -> dict:
        """Whether rules and messages are up to date, in instants and counts."""
        due = self.next_due()
        columns = tables.outbox.c
        unsent = select(func.count()).select_from(tables.outbox).where(columns.sent_at.is_(None))
        with self.store.read() as connection:
            waiting = connection.scalar(unsent.where(columns.given_up_at.is_(None)))
            given_up = connection.scalar(unsent.where(columns.given_up_at.is_not(None)))
        return {
            "status": "ok", "now": self._now(), "processed_through": self._processed, "next_due": due,
            "policy": self.policy().name if self._processed is not None else None, "messages_waiting": waiting,
            "messages_given_up": given_up,
        }  # fmt: skip

    def _now(self) -> int:
        return self.clock()

    def _in_transaction(self, work: Callable):
        with self._lock:
            try:
                with self.store.write() as connection:
                    result = work(connection)
            except BaseException:
                # The book may be ahead of what was kept.
                self._live, self._processed = None, None
                raise
        self.on_change()
        return result

    def _loaded(self, connection: Connection | None = None) -> LiveBook | None:
        """The book of the store as it was processed; None while no policy was ever in force."""
        if self._live is None:
            if connection is None:
                with self.store.read() as own:
                    return self._loaded(own)
            self._processed = setting(connection, PROCESSED_THROUGH)
            if self._processed is not None:
                self._live = LiveBook(connection, policies.current(connection), self._processed)
        return self._live

    def _post(self, connection: Connection, events: list[PostedEvent], actor: str) -> Posted:
        live, told = self._loaded(connection), len(events)
        escalate_due(connection, self._now())
        events = [*events, *due_absences(connection, self._now())]
        if live is not None:
            events = [*events, *due_targets(connection, self._now())]
            if live.asks_action_units:
                events += due_weeks(connection, live.calendar, self._processed or 0, self._now())
        bounds = Bounds(connection, None if live is None else live.driver.policy, events)
        work = Preparation(connection, events, self._now(), bounds, answers=True)
        if live is None:
            taken = [each._replace(event=each.event.model_copy(update={"intent": None})) for each in work.prepared]
            write_with_views(connection, taken, work.new_rows)
            accepted = len({each.position for each in taken if each.position < told})
            return Posted(accepted, work.repeated, work.refused, [], 0, work.unpriced)
        through = self._processed or 0
        now = max([self._now(), through, *(each.recorded_at for each in work.prepared)])
        run = Run(connection, live, through, now)
        run.through(work.prepared)
        write_events(connection, run.kept, work.new_rows | run.new_rows)
        run.save()
        self._processed = now
        set_setting(connection, PROCESSED_THROUGH, now)
        if run.refusals:
            audited(connection, now, actor, "refused", str(len(run.refusals)), keys=[each.key for each in run.refusals][:20])
        accepted = len({each.position for each in run.kept if 0 <= each.position < told})
        return Posted(accepted, work.repeated, work.refused, run.refusals, len(run.done), work.unpriced)

    def _ask_create(self, connection: Connection, event: PostedEvent) -> Answer:
        live = self._loaded(connection)
        if live is None:
            return Answer(None, [])
        if event.kind not in RECORD_KINDS:
            try:
                event = of_declared_kind(event, live.declared)
            except Fault as fault:
                raise CoachError(fault.en, fault.zh) from None
        answer = ask_create(live, priced_or_refused(connection, event), self._now())
        if answer.rule is not None:
            # There is no record to hang a firing on.
            audited(connection, self._now(), "system", "refused", event.record, gate="create", rule=answer.rule)
        return answer

    def _switch(
        self, connection: Connection, policy: Policy, actor: str, change: str, previous: int | None = -1,
        why: Mapping[str, Any] = NOTHING, back_to: policies.PolicyVersion | None = None,
    ) -> int:  # fmt: skip
        before = policies.current(connection)
        if before is not None:
            self._post(connection, [], actor)
        at = max(self._now(), (self._processed or 0) + 1)
        live = self._live
        if live is None or not live.has_columns_for(policy):
            live = LiveBook(connection, before, at if before is None else self._processed or at, also=policy)
        run = Run(connection, live, at, at)
        live.reach([], at)
        run.switch_to(policy, before if back_to is not None else None, back_to)
        live.forget_streaks(connection)
        run.save()
        self._live, self._processed = live, at
        set_setting(connection, PROCESSED_THROUGH, at)
        last = (before.number if before else None) if previous == -1 else previous
        number = policies.keep(connection, policy, live.activations(), at, actor, change, last)
        if back_to is not None:
            self._live = None  # what its book remembers of the policy between is not so any more
        audited(connection, at, actor, f"policy_{change}", policy.name, version=number, fired=len(run.done), **why)
        return number


@contextmanager
def _room_for(policy: Policy) -> Iterator[None]:
    """CoachError where a store has had so many kinds and fields that a policy's own find no room beside them."""
    try:
        yield
    except TooManyKinds:
        raise CoachError(
            f"With policy '{policy.name}' the store would have had records of more than {MOST_DECLARED} kinds of the firm's "
            "own. Use the name of an earlier kind again.",
            f"加上制度“{policy.name}”，存储中自有记录类型将超过 {MOST_DECLARED} 种。请沿用已有的类型名称。",
        ) from None
    except TooFarBack as field:
        raise CoachError(
            f"Policy '{policy.name}' requires the field '{field}', but its kind has had too many fields in earlier policies. "
            "Use the name of an earlier field again, or ask for it by a gate instead.",
            f"制度“{policy.name}”要求填写“{field}”，但该类型在以往制度中的字段过多。请沿用已有字段名，或改用关口来要求。",
        ) from None


def _catching_up(policy: Policy) -> Policy:
    rules = tuple(rule.model_copy(update={"activate": "catch_up"}) if rule.since is not None else rule for rule in policy.rules)
    return Policy.model_validate(policy.model_copy(update={"rules": rules}).model_dump(mode="json"))
