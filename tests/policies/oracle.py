"""The rule semantics a second time: plain, slow, and written straight from the page that defines them.

Nothing of the compiled evaluator is used. The oracle keeps every recorded entry and asks the whole history again at every
instant; what is due is found by looking at every rule and every record.
"""

from collections.abc import Iterable, Sequence

from policies.language.policy import Policy
from policies.language.rule import moved_fields
from policies.record.records import FLAGS, built_as, has_column
from policies.record.texts import text_number
from tests.policies.oracle_calendar import PlainCalendar
from tests.policies.oracle_record import (
    Asked,
    Fired,
    Record,
    Recorded,
    Written,
    derived,
    holds,
    over_links,
    place_of,
    told_at,
    was_there,
)

ADDRESSED = ("notified", "todo_opened", "escalated")
CLOSINGS = {"todo_opened": "todo_closed", "flagged": "flag_closed"}


class Oracle:
    """One journal worked off under one policy.

    Parameters
    ----------
    policy: the document
    calendar: the office's time
    stand_still: windows [a, b) in ms in which nothing is evaluated
    switches: (instant, policy) pairs: from that instant on another policy rules
    activated_at: when the policy was switched on; the first recorded event unless told otherwise
    """

    def __init__(
        self,
        policy: Policy,
        calendar: PlainCalendar,
        *,
        stand_still: Sequence[tuple[int, int]] = (),
        switches: Sequence[tuple[int, Policy]] = (),
        activated_at: int | None = None,
        unit_names: dict[int, str] | None = None,
    ):
        self.policy, self.calendar = policy, calendar
        self.stand_still, self.switches = list(stand_still), list(switches)
        self.unit_names = unit_names or {}
        self.activated_at = activated_at
        self.activations: dict[str, int | None] = {}
        self.records: dict[int, Record] = {}
        self.voided: set[int] = set()
        self.memory: dict[tuple[str, int, int], list[int]] = {}  # when a rule fired, by (rule id, record, since)
        self.streaks: dict[tuple[str, int], int] = {}
        self.last_look: dict[tuple[str, int], bool] = {}
        self.open: dict[tuple[str, int], list[tuple[str, float]]] = {}  # to-dos and flags still open
        self.fired: list[Fired] = []
        self.causes: list[int | None] = []  # value of since of each entry of `fired`
        self.kinds = {name: kind for each in (policy, *(to for _, to in switches)) for name, kind in each.record_kinds.items()}
        self.linked: dict[int, dict[str, float | None]] = {}  # what comes to a record over links
        self.own: list[dict] = []  # by field, what stood there and what the firing of that entry wrote

    def run(self, events: Iterable[Recorded], until: int) -> list[Fired]:
        """Work the journal off up to and including `until`."""
        waiting = list(events)
        if not waiting:
            return []
        now = waiting[0].recorded_at
        self._switch_on(self.policy, now if self.activated_at is None else self.activated_at)
        while now <= until and self.wall_clock(now) <= until:
            while self.switches and self.switches[0][0] <= now:
                self._switch(self.switches.pop(0)[1], now)
            while waiting and waiting[0].recorded_at <= now:
                self._record(waiting.pop(0))
            self._follow_links()
            self._settle(now)
            # What effects changed over links is due in a further round of the same instant.
            while self._follow_links():
                self._settle(now, further=True)
            later = self._next_instant(now, waiting)
            self._end_catch_up(now, later)
            now = later
        return self.fired

    def wall_clock(self, now: int) -> int:
        """When the things of an instant are really worked off: at once, or at the end of a stand-still."""
        return next((end for start, end in self.stand_still if start <= now < end), now)

    # Facts

    def _record(self, event: Recorded) -> None:
        if event.event == "voided":
            self.voided.add(event.voids)
            return
        if event.event == "registered":
            self.records.setdefault(event.record, Record(event.record, self.kinds.get(event.kind, event.kind), event.unit))
        self.records[event.record].story.append(event)

    def values(self, record: Record, now: int | None = None) -> dict[str, float | None]:
        """All fields of a record; the derived ones only at the looks and gates of an instant `now`."""
        values = record.known(self.voided) | self.linked.get(record.id, {})
        if now is not None:
            values.update(derived(record.kind, values, now, self.calendar))
        return values

    # What is due

    def _follow_links(self) -> bool:
        """Work out anew what comes to every record over links; whether anything changed."""
        if not self.kinds:
            return False
        before, self.linked = self.linked, {}
        for _ in range(len(self.records) + 8):
            records = self.records.values()
            told = {each.id: over_links(each, records, self.policy, self.values) for each in records}
            if told == self.linked:
                break
            self.linked = told
        return self.linked != before

    def _settle(self, now: int, *, further: bool = False) -> None:
        looks = [
            (position, record.id)
            for position, rule in enumerate(self.policy.rules)
            for record in self.records.values()
            if not further and rule.every and self._applies(rule, record) and self._period(rule, now) is not None
        ]
        while True:
            item = self._first_due(now, looks)
            if item is None:
                return
            position, record, what, since = item
            rule = self.policy.rules[position]
            if what == "close":
                self._close(rule, record, now)
            elif what == "look":
                looks.remove((position, record.id))
                self._look(rule, record, now)
            else:
                due = self._due(rule, record, since) or now
                self.memory.setdefault((rule.id, record.id, since), []).append(now)
                self._fire(rule, record, due, now, since)

    def _first_due(self, now: int, looks: list):
        for position, rule in enumerate(self.policy.rules):
            for record in sorted(self.records.values(), key=lambda each: each.id):
                if not self._applies(rule, record):
                    continue
                if (position, record.id) in looks:
                    return position, record, "look", None
                if rule.every:
                    continue
                if (rule.id, record.id) in self.open and self._is_over(rule, self.values(record)):
                    return position, record, "close", None
                since = self._since(rule, record)
                due = self._due(rule, record, since) if self._fires_for(rule, record, since) else None
                overdue = due is not None and due <= now
                if overdue and self._fires_now(rule, self.values(record)):
                    return position, record, "fire", since
        return None

    def _applies(self, rule, record: Record) -> bool:
        exempt = self.unit_names.get(record.unit) in rule.exempt
        return rule.mode != "off" and rule.on == record.kind and rule.before is None and not exempt

    def _fires_now(self, rule, values: dict) -> bool:
        """Whether a rule fires where its clock allows: `when` holds, and not what ends what it opens."""
        return holds(rule.predicate, values) and not (rule.ends is not None and holds(rule.ends, values))

    def _is_over(self, rule, values: dict) -> bool:
        """Whether what a rule has open ends."""
        return not holds(rule.predicate, values) if rule.ends is None else holds(rule.ends, values)

    def _since(self, rule, record: Record) -> int | None:
        instants = [
            record.since_field(name, self.voided) if name in moved_fields(record.kind) and has_column(record.kind, name)
            else self.values(record).get(name)
            for name in rule.since_fields
        ]  # fmt: skip
        return max((instant for instant in instants if instant is not None), default=None)

    def _fires_for(self, rule, record: Record, since: int | None) -> bool:
        most = 1 if rule.repeat is None else 1 + rule.repeat.times
        return since is not None and len(self.memory.get((rule.id, record.id, since), ())) < most

    def _due(self, rule, record: Record, since: int) -> int | None:
        """When a rule may fire next for a value of since; None while its clock rests."""
        activated_at = self.activations[rule.id]
        clocks = [(since if activated_at is None else max(since, activated_at), rule.delay)]
        clocks += [(fired, rule.repeat.delay) for fired in self.memory.get((rule.id, record.id, since), ())[-1:]]
        dues = [self._with_rests(rule, record, int(start), delay) for start, delay in clocks]
        return None if None in dues else max(dues)

    def _with_rests(self, rule, record: Record, start: int, delay) -> int | None:
        """When a clock runs out: each rest that begins before puts it off, business days and open hours by its open time."""
        due = self.calendar.due(start, tuple(delay))
        for begins, ends in self._rests(rule, record, start):
            if begins >= due:
                break
            if ends is None:
                return None
            if delay.unit == "ms":
                due += ends - begins
            else:
                due = self.calendar.after_open_time(due, self.calendar.open_time(begins, ends))
        return due

    def _rests(self, rule, record: Record, start: int) -> list[tuple[int, int | None]]:
        """From `start` on, the stretches in which the clock rested, in order; the last may not have ended."""
        if rule.rests is None:
            return []
        owner = self.records.get(record.unit)
        is_known = rule.rests_absent and owner is not None and owner.kind == "unit"
        looks_at = [record, *([owner] if is_known else [])]
        changes = {told_at(each) for one in looks_at for each in one.story}
        instants = sorted(instant for instant in changes if instant >= min(map(told_at, record.story)))
        found: list[tuple[int, int | None]] = []
        for begins, ends in zip(instants, [*instants[1:], None], strict=True):
            if not self._rested(rule, looks_at, begins) or (ends is not None and ends <= start):
                continue
            if found and found[-1][1] == begins:
                found[-1] = (found[-1][0], ends)
            else:
                found.append((max(begins, start), ends))
        return found

    def _rested(self, rule, looks_at: list[Record], instant: int) -> bool:
        """Whether a clock rests after what was recorded and done by an instant, without what was withdrawn since."""
        was = [each.as_of(instant).known(self.voided) for each in looks_at]
        on_record = rule.rests_while is not None and holds(rule.rests_while, was[0])
        return on_record or any(owner.get("absent") == 1 for owner in was[1:])

    def _next_instant(self, now: int, waiting: list[Recorded]) -> int:
        instants = [self.calendar.next_midnight(now)]
        instants += [event.recorded_at for event in waiting[:1]]
        instants += [instant for instant, _ in self.switches[:1]]
        for rule in self.policy.rules:
            for record in self.records.values():
                if not rule.every and self._applies(rule, record):
                    since = self._since(rule, record)
                    if self._fires_for(rule, record, since):
                        instants += [due for due in [self._due(rule, record, since)] if due is not None]
        # What was due before and did not fire waits for an event, not for the time.
        return min(instant for instant in instants if instant > now)

    # What happens then

    def _period(self, rule, midnight: int) -> int | None:
        """Start of the rule's period that ends now, when one ends and had a business day."""
        if self.calendar.next_midnight(midnight - 1) != midnight:
            return None
        start = self.calendar.period_ending(rule.every, midnight)
        return start if start is not None and self.calendar.business_days(start, midnight) else None

    def _look(self, rule, record: Record, now: int) -> None:
        values = self.values(record, now)
        held = self._fires_now(rule, values)
        counts = held and (rule.on != "unit" or was_there(values, self._period(rule, now)))
        streak = self.streaks[rule.id, record.id] = self.streaks.get((rule.id, record.id), 0) + 1 if counts else 0
        self.last_look[rule.id, record.id] = held
        if self._is_over(rule, values) and (rule.id, record.id) in self.open:
            self._close(rule, record, now)
        if counts and streak == rule.streak:
            self._fire(rule, record, now, now, None)

    def _fire(self, rule, record: Record, due_at: int, now: int, since: int | None) -> None:
        if rule.mode == "shadow":
            self._journal(rule.id, record, "shadow_fired", 0, due_at, now, since)
            return
        own: dict = {}
        self._journal(rule.id, record, "fired", 0, due_at, now, since, own)
        for effect in rule.effects:
            if effect.code == "approval_asked" and self.values(record).get("status") != 0.0:
                continue
            self._journal(rule.id, record, effect.code, self._argument(effect, record), due_at, now, since, own)
            if effect.code == "frozen":
                self._write(record, "frozen", 1.0, own, now)
            elif effect.code == "flagged":
                self._write(record, "flag", float(effect.argument), own, now)
            elif effect.code in ("field_required", "approval_asked"):
                record.story.append(Asked(effect.field, now))
            elif effect.code == "field_set":
                self._write(record, effect.field, effect.value, own, now, meets=True)
        closable = [(effect.code, effect.argument) for effect in rule.effects if effect.code in CLOSINGS]
        if closable:
            self.open[rule.id, record.id] = closable

    def _argument(self, effect, record: Record) -> float:
        if effect.code == "passed_on":
            return text_number(effect.value)
        named = effect.field and effect.code != "approval_asked"
        return place_of(record.kind, effect.field) if named else effect.argument

    def _write(self, record: Record, name: str, value: float, own: dict, now: int, *, meets: bool = False) -> None:
        own.setdefault(name, (self.values(record).get(name), value))
        record.story.append(Written(name, value, meets, now))

    def _close(self, rule, record: Record, now: int) -> None:
        for code, argument in self.open.pop((rule.id, record.id)):
            self._journal(rule.id, record, CLOSINGS[code], argument, now, now, None)
            if code == "flagged":
                worst = max(self._open_colours(record), default=float(FLAGS.index("green")))
                record.story.append(Written("flag", worst, False, now))

    def _open_colours(self, record: Record) -> list[float]:
        return [
            float(argument)
            for (_, record_id), effects in self.open.items()
            for code, argument in effects
            if record_id == record.id and code == "flagged"
        ]

    def _journal(self, rule_id: str, record: Record, event: str, argument, due_at: int, now: int, since, own=None) -> None:
        self.fired.append(Fired(rule_id, record.id, event, argument, due_at, self.wall_clock(now)))
        self.causes.append(since)
        self.own.append({} if own is None else own)

    # Standing still and switching

    def _end_catch_up(self, now: int, later: int) -> None:
        """After the last instant of a stand-still, mark the notices whose cause is gone."""
        end = self.wall_clock(now)
        if end == now or later < end:
            return
        told = [(*entry[:4], since) for entry, since in zip(self.fired, self.causes, strict=True)]
        latest = {each: position for position, each in enumerate(told)}
        for position, (entry, since, own) in enumerate(zip(self.fired, self.causes, self.own, strict=True)):
            if entry.fired_at == end and entry.event in ADDRESSED:
                repeated_later = latest[told[position]] != position
                sent = not repeated_later and self._cause_stands(entry, since, own)
                self.fired[position] = entry._replace(sent=sent)

    def _cause_stands(self, entry: Fired, since: int | None, own: dict) -> bool:
        rule = next((rule for rule in self.policy.rules if rule.id == entry.rule_id and rule.mode != "off"), None)
        if rule is None:
            return False
        if rule.every:
            return self.last_look[rule.id, entry.record]
        record = self.records[entry.record]
        values = self.values(record)
        values.update({name: before for name, (before, written) in own.items() if values.get(name) == written})
        return self._fires_now(rule, values) and self._since(rule, record) == since

    def _switch_on(self, policy: Policy, now: int) -> None:
        for rule in policy.rules:
            if rule.mode != "off" and rule.id not in self.activations:
                self.activations[rule.id] = None if rule.activate == "catch_up" else now

    def _switch(self, policy: Policy, now: int) -> None:
        kept = {rule.id for rule in policy.rules if rule.mode != "off"}
        for rule in self.policy.rules:
            if rule.id not in kept:
                self.activations.pop(rule.id, None)
                for record in sorted(self.records.values(), key=lambda each: each.id):
                    if (rule.id, record.id) in self.open:
                        self._close(rule, record, now)
        self.streaks = {key: count for key, count in self.streaks.items() if key[0] in kept}
        self.policy = policy
        self._switch_on(policy, now)

    # Gates

    def refusal(self, record_id: int, gate: str, now: int) -> str | None:
        """Id of the rule that refuses, "requirement" for a required field not yet recorded, None when allowed."""
        record = self.records[record_id]
        values = self.values(record, now)
        for rule in self.policy.rules:
            exempt = self.unit_names.get(record.unit) in rule.exempt
            applies = rule.before == gate and rule.on == record.kind and rule.mode == "live" and not exempt
            if applies and holds(rule.predicate, values):
                return rule.id
        asking = ("start", "complete") if built_as(record.kind) == "own" else ("advance", "sign")
        return "requirement" if record.required(self.voided) and gate in asking else None

    def holds_back(self, record_id: int, stage: int, gate: str) -> bool:
        """Whether what must hold to leave a stage (from 1), or of an advance to enter the next, does not hold."""
        stages = self.policy.stages
        asked = [stages[stage - 1].leaving, *(each.entering for each in stages[stage : stage + 1] if gate == "advance")]
        values = self.values(self.records[record_id])
        return not all(holds(condition, values) for condition in asked)
