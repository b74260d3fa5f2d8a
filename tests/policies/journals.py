"""Small journals written by hand, and firings as lines that can be read."""

from collections.abc import Sequence
from datetime import datetime

from policies.engine.replay import RecordedEvent, replay
from policies.language.policy import Policy
from policies.record.records import FLAGS, ROLES
from policies.time.calendar import Calendar
from tests.policies.oracle import Oracle
from tests.policies.oracle_calendar import PlainCalendar
from tests.policies.oracle_record import Fired, Recorded

OFFICE = Calendar()  # Shanghai, 09:00-12:00 and 13:30-18:00, Chinese public holidays
PLAIN = PlainCalendar.of(OFFICE)
FIRST_UNIT = 0


def at(text: str) -> int:
    """Instant (ms) of a Shanghai wall clock such as `2026-01-05 09:00`."""
    local = datetime.fromisoformat(text)
    return PLAIN.instant(local.date(), local.time())


def policy_of(*rules: dict, name: str = "written-here") -> Policy:
    """A policy with these rules and nothing else."""
    return Policy(name=name, rules=rules)


class Journal(list):
    """Recorded entries, numbered as they are added; they must be added in the order in which they were recorded."""

    def add(self, recorded: str, event: str, record: int = 1, *, kind: str = "", acted: str = "", voids=None, **payload) -> int:
        """Add one entry; a record's kind is given when it is registered. Returns its number."""
        number = len(self) + 1
        known = next((entry.kind for entry in self if entry.record == record), kind)
        payload = {name: float(value) for name, value in payload.items()}
        entry = Recorded(number, at(recorded), at(acted or recorded), event, known, record, FIRST_UNIT, payload, voids)
        self.append(entry)
        return number


def opportunity(registered: str = "2026-01-05 09:00", record: int = 1) -> Journal:
    """A journal in which an opportunity has just been registered."""
    journal = Journal()
    journal.add(registered, "registered", record, kind="opportunity")
    return journal


def unit(registered: str = "2025-12-29 09:00", record: int = 1, **payload) -> Journal:
    """A journal in which a rep with a target (100 for the first quarter unless told otherwise) has just been registered."""
    journal = Journal()
    quarter = {"target": 100, "attained": 0, "period_start_at": at("2026-01-01 00:00"), "period_end_at": at("2026-04-01 00:00")}
    journal.add(registered, "registered", record, kind="unit", **{**quarter, **payload})
    return journal


def shown(firings: list[Fired], *, heads: bool = False) -> list[str]:
    """Firings as lines `2026-01-20 09:00 rule/record effect`; without the heads that open each firing unless asked for."""
    return [_line(firing) for firing in firings if heads or firing.event not in ("fired", "shadow_fired")]


def by_the_oracle(policy: Policy, journal: Sequence[Recorded], until: int, **options) -> list[Fired]:
    """What should fire; options are `stand_still`, `switches`, `activated_at`, `unit_names`."""
    return Oracle(policy, PLAIN, **options).run(journal, until)


def by_the_evaluator(policy: Policy, journal: Sequence[Recorded], until: int, **options) -> list[Fired]:
    """What fires; of the entries that head a firing, the argument (the rule's position) is left out."""
    fired = replay(policy, OFFICE, [RecordedEvent(*entry) for entry in journal], until, **options)
    heads = ("fired", "shadow_fired")
    return [Fired(*firing)._replace(argument=0) if firing.event in heads else Fired(*firing) for firing in fired]


def _line(firing: Fired) -> str:
    line = f"{_clock(firing.fired_at)} {firing.rule_id}/{firing.record} {firing.event}"
    if firing.event in ("notified", "escalated", "todo_opened", "todo_closed"):
        line += f" {ROLES[int(firing.argument)]}"
    if firing.event in ("flagged", "flag_closed"):
        line += f" {FLAGS[int(firing.argument)]}"
    if firing.due_at != firing.fired_at:
        line += f" (due {_clock(firing.due_at)})"
    return line if firing.sent else line + " not sent"


def _clock(instant: int) -> str:
    local = PLAIN.local(instant)
    return local.strftime("%m-%d %H:%M") + (f":{local:%S.%f}"[:-3] if instant % 60_000 else "")
