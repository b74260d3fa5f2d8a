"""Whose coaching is booked, what of it was held, and what else took the same hours."""

from typing import Literal, NamedTuple, get_args

from sqlalchemy import Connection, func, insert, select, update

from coach.coaching.booking import HOUR_MS, Month, Session, kept_for_escalations, month_of, sessions_of
from coach.problems import CoachError
from coach.rules.service import Service
from coach.store import tables
from coach.store.store import audited
from coach.store.viewer import Viewer, ask, seeing
from coach.targets.units import units_of
from policies.record.records import DESKS
from policies.time.calendar_arrays import DAY_MS

Reason = Literal["", "escalations", "approvals", "absent", "other"]
REASONS: tuple[str, ...] = get_args(Reason)[1:]
"""What took the hour of a session that was not held."""
NEAR_MS = 7 * DAY_MS
"""How near, before or after now, sessions of the months beside this one are told and spoken of."""
_mark, _record = tables.coaching_mark.c, tables.record.c


class Held(NamedTuple):
    """A session, and what its manager said of it: `held` None for nothing yet, `why` what took its hour."""

    session: Session
    held: bool | None
    why: str


class Hours(NamedTuple):
    """A manager's month up to now, in hours of open time: the whole month, what is booked for coaching and kept for escalations
    in it, what was due by now, held and not held of it, and how many escalations and requests for approval came meanwhile."""

    manager: str
    working: float
    booked: float
    kept: float
    due: float
    held: float
    not_held: float
    escalations: int
    approvals: int

    @property
    def share(self) -> float:
        """Of the month's hours what coaching and escalations are to take."""
        return (self.booked + self.kept) / self.working if self.working else 0.0


def coaching(service: Service, viewer: Viewer) -> list[tuple[Hours, list[Held]]]:
    """The month of each manager whom the viewer may see; to a rep that of the own one, with the own sessions alone. Among the
    sessions are those of the month before and after within seven days of now; the hours are of this month.

    Empty while no policy was ever in force: sessions begin with the first one.
    """
    ask(viewer, "rep", "manager", "operations", "admin")
    now, policy = service.clock(), service.policy()
    near = [month_of(service.store.calendar, instant) for instant in (now - NEAR_MS, now, now + NEAR_MS)]
    month, months = near[1], {each.start_at: each for each in near}.values()
    with service.store.read() as connection:
        began = connection.scalar(select(func.min(tables.policy_version.c.activated_at)))
        if began is None:
            return []
        sight, found = seeing(connection, viewer), []
        for manager, reps in _teams(connection, now).items():
            seen = [rep for rep in reps if sight.sees(rep)]
            if not seen:
                continue
            told = []
            for each in months:
                booked = [session for session in sessions_of(policy, each, manager, reps) if session.start_at >= began]
                marks = _marks(connection, each)
                told += [Held(session, *marks.get((session.rep, session.number), (None, ""))) for session in booked]
            own = [each for each in told if each.session.month_at == month.start_at]
            hours = _hours(connection, service, month, manager, reps, own, now)
            found.append((hours, [each for each in told if each.session.rep in seen and _is_told(each.session, month, now)]))
    return found


def mark(
    service: Service, viewer: Viewer, rep: str, number: int, held: bool, why: str, month_at: int | None = None
) -> None:  # fmt: skip
    """Say that a session of this month, or of the last seven days, that has begun was held, or not and what took its hour; a
    later word counts. `month_at`: beginning of the month for which it was booked, ms; None: this month."""
    ask(viewer, "manager")
    told = [each for _, sessions in coaching(service, viewer) for each in sessions]
    now = service.clock()
    start = month_of(service.store.calendar, now).start_at if month_at is None else month_at
    wanted = (rep, number, start)
    sessions_told = (each.session for each in told)
    session = next((each for each in sessions_told if (each.rep, each.number, each.month_at) == wanted), None)
    if session is None or session.start_at > now:
        raise CoachError("There is no such session that has begun.", "没有已开始的该次辅导。")
    if held == bool(why):
        raise CoachError(
            "Say what took the hour of a session that was not held, and of no other.", "未进行的辅导须注明原因，已进行的不填。"
        )
    same = (_mark.rep == rep, _mark.start_at == start, _mark.number == number)
    values = {"held": held, "why": why, "said_by": viewer.name, "said_at": now}
    with service.store.write() as connection:
        if connection.execute(update(tables.coaching_mark).where(*same).values(**values)).rowcount == 0:
            connection.execute(insert(tables.coaching_mark).values(rep=rep, start_at=start, number=number, **values))
        audited(connection, now, viewer.name, "coaching_held" if held else "coaching_not_held", rep, session=number, why=why)


def _is_told(session: Session, month: Month, now: int) -> bool:
    return session.month_at == month.start_at or abs(session.start_at - now) <= NEAR_MS


def _teams(connection: Connection, now: int) -> dict[str, list[str]]:
    """Reps who are there by the unit right above them, in order of registration."""
    units = units_of(connection).present(now)
    found: dict[str, list[str]] = {}
    for rep in units.reps:
        manager = units.parents[rep]
        if manager is not None:
            found.setdefault(manager, []).append(rep)
    return found


def _marks(connection: Connection, month: Month) -> dict[tuple[str, int], tuple[bool, str]]:
    told = connection.execute(select(tables.coaching_mark).where(_mark.start_at == month.start_at))
    return {(each.rep, each.number): (each.held, each.why) for each in told}


def _hours(
    connection: Connection, service: Service, month: Month, manager: str, reps: list[str], told: list[Held], now: int
) -> Hours:
    notice = tables.notice.c
    came = select(func.count()).where(notice.effect == "escalated", notice.unit == manager)
    came = came.where(notice.at.between(month.start_at, now))
    asked = select(func.count()).select_from(tables.event).join(tables.record, _record.row == tables.event.c.record)
    asked = asked.where(
        _record.kind == "request", _record.unit.in_(reps), tables.event.c.event == "registered",
        tables.event.c.acted_at.between(month.start_at, now), tables.event.c.payload.contains(f'"desk": "{DESKS[-1]}"'),
    )  # fmt: skip
    kept = sum(kept_for_escalations(service.policy(), open_ms) for open_ms in month.open_ms.values())
    due = [each for each in told if each.session.start_at + each.session.length_ms <= now]
    return Hours(
        manager, month.working_ms / HOUR_MS, _sum(told), kept / HOUR_MS, _sum(due), _sum([each for each in told if each.held]),
        _sum([each for each in told if each.held is False]), connection.scalar(came) or 0, connection.scalar(asked) or 0,
    )  # fmt: skip


def _sum(told: list[Held]) -> float:
    return sum(each.session.length_ms for each in told) / HOUR_MS
