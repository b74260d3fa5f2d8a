"""A small firm in a store of its own, under a clock that stands where a test puts it."""

from datetime import datetime
from pathlib import Path

from coach.events import PostedEvent
from coach.rules.service import Service
from coach.store import SYSTEM, Store
from policies.language.policy import Policy
from policies.time.calendar import Calendar

OFFICE = Calendar()


def at(text: str) -> int:
    """Instant (ms) of a Shanghai wall clock such as `2026-01-05 09:00`."""
    return round(datetime.fromisoformat(f"{text}+08:00").timestamp() * 1000)


def policy_of(*rules: dict, name: str = "written-here", **settings) -> Policy:
    """A policy with these rules and nothing else."""
    return Policy(name=name, rules=rules, **settings)


FREEZE = {"id": "freeze-idle", "on": "opportunity", "when": {"status": "open", "frozen": False},
          "since": {"latest": ["last_action_at", "reopened_at"]}, "after": "15d",
          "then": ["freeze", {"require": "stall_reason"}]}  # fmt: skip
STALL = {"id": "stall", "on": "opportunity", "when": {"status": "open"}, "since": "last_action_at", "after": "7d",
         "then": [{"notify": "owner"}, {"todo": "manager"}]}  # fmt: skip
BEHIND = {"id": "behind-two-weeks", "on": "unit", "every": "week", "when": {"behind_pace": "> 20%"}, "streak": 2,
          "then": [{"flag": "red"}, {"notify": "manager"}]}  # fmt: skip
CONTRACT = {"id": "contract-before-signing", "on": "opportunity", "before": "sign", "when": {"contract_file": "missing"}}


class Firm:
    """Two reps in a team of a company; `now` is the wall clock."""

    def __init__(self, folder: Path, policy: Policy | None = None, start: str = "2026-01-05 09:00"):
        self.now = at(start)
        self.path = folder / "firm.db"
        self.store = Store.open(self.path)
        self.service = Service(self.store, lambda: self.now)
        self._keys = 0
        for unit, level, parent in (("company", "company", None), ("team-1", "team", "company"), ("rep-1", "rep", "team-1"),
                                    ("rep-2", "rep", "team-1")):  # fmt: skip
            self.post("registered", unit, kind="unit", level=level, parent=parent)
        if policy is not None:
            self.service.activate(policy, "tester")

    def event(
        self, event: str, record: str = "A", *, kind: str = "opportunity", unit: str | None = None, acted: str = "",
        recorded: str = "", key: str = "", voids: str | None = None, intent: str | None = None, **payload,
    ) -> PostedEvent:  # fmt: skip
        """An event of a source of its own; it happened now unless told otherwise."""
        self._keys += 1
        return PostedEvent(
            source="test", key=key or str(self._keys), event=event, kind=kind, record=record, unit=unit,
            acted_at=at(acted) if acted else self.now, recorded_at=at(recorded) if recorded else None, payload=payload,
            voids=voids, intent=intent,
        )  # fmt: skip

    def post(self, event: str, record: str = "A", **told):
        """Post one event now."""
        return self.service.post([self.event(event, record, **told)])

    def deal(self, record: str = "A", unit: str = "rep-1", **payload) -> None:
        """Register an opportunity of a rep, with a first action."""
        self.post("registered", record, unit=unit, owner=unit, **{"stage": 1, "amount": 1000.0, **payload})
        self.post("contact", record)

    def until(self, text: str) -> None:
        """Let time pass: the service sleeps until its next due, as often as needed."""
        goal = at(text)
        while (due := self.service.next_due()) is not None and due <= goal:
            self.now = due
            self.service.tick()
        self.now = goal
        self.service.tick()

    def stand_still(self, text: str) -> None:
        """Let time pass while the service is down, and start another on the same store."""
        self.now = at(text)
        self.service = Service(self.store, lambda: self.now)

    def fired(self, **choice) -> list[str]:
        """What rules did, one line each."""
        from coach.store import reading

        return [_line(each) for each in reading.firings(self.store, SYSTEM, **choice) if each["event"] != "fired"]


def _line(each: dict) -> str:
    words = [_clock(each["at"]), f"{each['rule']}/{each['record_id']}", each["event"], each["argument"]]
    line = " ".join(word for word in words if word)
    return line + (f" (worked off {_clock(each['fired_at'])})" if each["late"] else "")


def _clock(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, OFFICE_ZONE).strftime("%m-%d %H:%M")


def _zone():
    from zoneinfo import ZoneInfo

    return ZoneInfo(OFFICE.zone)


OFFICE_ZONE = _zone()
