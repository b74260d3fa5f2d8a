"""A firm for the board: two reps with targets, a deal that froze, one with a to-do, and leads that wait."""

import copy
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from coach.rules.service import Service
from coach.store import SYSTEM, Store, people
from policies.time.calendar_arrays import DAY_MS
from tests.coach.firm import FREEZE, OFFICE, Firm, policy_of

PLAN = {"id": "plan-next", "on": "opportunity", "when": {"status": "open", "next_step_at": "missing"},
        "since": "opened_at", "after": "2d", "then": [{"todo": "owner"}]}  # fmt: skip
STALL = {"id": "stall", "on": "opportunity", "when": {"status": "open", "frozen": False}, "since": "last_progress_at",
         "after": "23d", "then": [{"notify": "owner"}, {"notify": "manager"}]}  # fmt: skip
OWN_TARGET, OWN_ATTAINED = 51_300.0, 48_700.0
SECRET_TARGET, SECRET_ATTAINED = 918_273.0, 465_546.0
PASSWORD = "a long enough one"
PEOPLE = (
    ("rep", "rep", "rep-1"),
    ("peer", "rep", "rep-2"),
    ("manager", "manager", "team-1"),
    ("director", "manager", "company"),
)


def wall(now: datetime, days: float) -> str:
    """The wall clock of the office so many days before now, as the firm takes it."""
    return (now - timedelta(days=days)).strftime("%Y-%m-%d %H:%M")


def board_firm(folder: Path, visibility: str = "private", now: datetime | None = None) -> Firm:
    """The firm as it stands `now`, today by default; everything in it happened within the last 22 days."""
    now = (now or datetime.now(ZoneInfo(OFFICE.zone))).replace(second=0, microsecond=0)
    policy = policy_of(FREEZE, PLAN, STALL, targets={"visibility": visibility})
    firm = Firm(folder, policy, wall(now, 22))
    period = {"period_start_at": float(firm.now - 2 * DAY_MS), "period_end_at": float(firm.now + 30 * DAY_MS)}
    for unit, target in (("rep-1", OWN_TARGET), ("rep-2", SECRET_TARGET), ("team-1", OWN_TARGET + SECRET_TARGET)):
        firm.post("target_set", unit, kind="unit", target=target, attained=0.0, **period)
    firm.deal("frozen-deal", "rep-1", customer="frozen-deal", amount=80_000.0, stage=2, next_step_at=float(firm.now))
    firm.until(wall(now, 20))
    firm.post("attained", "rep-1", kind="unit", attained=OWN_ATTAINED)
    firm.post("attained", "rep-2", kind="unit", attained=SECRET_ATTAINED / 50)
    firm.until(wall(now, 4))
    firm.deal("new-deal", "rep-1", customer="new-deal", amount=30_000.0, stage=1)
    firm.deal("peers-deal", "rep-2", customer="peers-deal", amount=77_777.0, stage=1)
    firm.until(wall(now, 1))
    firm.post("document", "new-deal")
    firm.post("attained", "rep-2", kind="unit", attained=SECRET_ATTAINED / 40)
    firm.until(wall(now, 0))
    for name, role, unit in PEOPLE:
        people.add_person(firm.store, SYSTEM, firm.now, name=name, role=role, unit=unit, password=PASSWORD)
    return firm


def copy_of(firm: Firm, folder: Path) -> Firm:
    """The same firm in a store of its own; the first one must be at rest. Building one takes a second, this does not."""
    twin = copy.copy(firm)
    twin.path = folder / firm.path.name
    firm.store.close()  # what is still in the journal of the database goes into the file
    shutil.copy(firm.path, twin.path)
    twin.store = Store.open(twin.path)
    twin.service = Service(twin.store, lambda: twin.now)
    return twin
