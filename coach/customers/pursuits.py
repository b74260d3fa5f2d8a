"""A customer whom two reps pursue together: one asks, the owner agrees or declines; the work lies in a shared pool of tasks.

The pool is seen by who asked, by the owner, and by the managers above either. Whoever takes a task, or says that it is done,
stands in it by name. Nobody sees more of the other's records than before.
"""

from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select, update

from coach.customers.register import KINDS
from coach.events import LONGEST_TEXT
from coach.problems import CoachError, NotAllowed, not_found
from coach.store import tables
from coach.store.database import next_number
from coach.store.store import Store, audited
from coach.store.titles import titles
from coach.store.viewer import SEE_EVERYTHING, Viewer, ask, may_see, units_below

ASKED, JOINT, DECLINED, ENDED = "asked", "joint", "declined", "ended"
ROLES = ("rep", "manager", "operations", "admin")
MOST = 200
_pursuit, _task, _record = tables.pursuit.c, tables.pursuit_task.c, tables.record.c


def ask_to_join(store: Store, viewer: Viewer, kind: str, record: str, reason: str, at: int) -> int:
    """Ask the owner of a record to pursue its customer together; returns the number of the pursuit."""
    ask(viewer, "rep", "manager")
    if viewer.unit is None:
        raise CoachError("Your sign-in belongs to no unit.", "您的账号尚未关联单位。")
    with store.write() as connection:
        found = connection.execute(
            select(_record.row, _record.unit).where(_record.kind == kind, _record.id == record)
        ).one_or_none()
        if found is None or kind not in KINDS:
            raise not_found("record", "记录", record)
        if found.unit == viewer.unit:
            raise CoachError("This customer is yours already.", "该客户已归您所有。")
        running = select(_pursuit.number).where(
            _pursuit.record == found.row, _pursuit.asked_unit == viewer.unit, _pursuit.state.in_((ASKED, JOINT))
        )
        known = connection.scalar(running)
        if known is not None:
            return int(known)
        number = next_number(connection, _pursuit.number)
        connection.execute(
            insert(tables.pursuit).values(
                number=number, record=found.row, asked_by=viewer.name, asked_unit=viewer.unit, owner_unit=found.unit,
                reason=_text(reason, may_be_empty=True), asked_at=at, state=ASKED,
            )
        )  # fmt: skip
        audited(connection, at, viewer.name, "asked_to_join", record, kind=kind, pursuit=number)
        return number


def decide(store: Store, viewer: Viewer, number: int, state: str, at: int) -> None:
    """Agree or decline, as the owner or a manager above; or end it, as either side."""
    with store.write() as connection:
        pursuit = _one(connection, viewer, number)
        allowed = {ASKED: (JOINT, DECLINED, ENDED), JOINT: (ENDED,)}.get(pursuit.state, ())
        if state not in allowed:
            raise CoachError("This pursuit is no longer open to that.", "该共同跟进已无法作此更改。")
        if state in (JOINT, DECLINED) and not _owns(connection, viewer, number):
            raise NotAllowed("The owner of the customer decides that.", "须由客户负责人决定。")
        connection.execute(
            update(tables.pursuit).where(_pursuit.number == number).values(state=state, decided_by=viewer.name, decided_at=at)
        )
        audited(connection, at, viewer.name, f"pursuit_{state}", str(number))


def add_task(store: Store, viewer: Viewer, number: int, text: str, at: int) -> int:
    """Put a task into the pool; returns its number."""
    with store.write() as connection:
        _joint(_one(connection, viewer, number))
        task = next_number(connection, _task.number)
        connection.execute(
            insert(tables.pursuit_task).values(number=task, pursuit=number, text=_text(text), added_by=viewer.name, added_at=at)
        )
        audited(connection, at, viewer.name, "task_added", str(task), pursuit=number)
        return task


def take_task(store: Store, viewer: Viewer, task: int, at: int) -> None:
    """Take a task that nobody has yet; taking one's own again changes nothing."""
    with store.write() as connection:
        found = _task_of(connection, viewer, task)
        if found.taken_by == viewer.name:
            return
        if found.taken_by is not None:
            raise CoachError(f"{found.taken_by} has taken this task.", f"该任务已由 {found.taken_by} 领取。")
        connection.execute(update(tables.pursuit_task).where(_task.number == task).values(taken_by=viewer.name, taken_at=at))
        audited(connection, at, viewer.name, "task_taken", str(task), pursuit=found.pursuit)


def finish_task(store: Store, viewer: Viewer, task: int, at: int) -> None:
    """Say that a task is done: who took it does, or a manager; whoever does what nobody took takes it with that."""
    with store.write() as connection:
        found = _task_of(connection, viewer, task)
        if found.done_at is not None:
            return
        if found.taken_by not in (None, viewer.name) and viewer.role == "rep":
            raise NotAllowed(f"{found.taken_by} has taken this task.", f"该任务已由 {found.taken_by} 领取。")
        values: dict[str, Any] = {"done_by": viewer.name, "done_at": at}
        if found.taken_by is None:
            values |= {"taken_by": viewer.name, "taken_at": at}
        connection.execute(update(tables.pursuit_task).where(_task.number == task).values(**values))
        audited(connection, at, viewer.name, "task_done", str(task), pursuit=found.pursuit)


def pursuits(store: Store, viewer: Viewer, *, open_only: bool = True) -> list[dict]:
    """Pursuits that the viewer takes part in or manages, the latest first, each with its tasks and what the customer is called.

    `may_decide`: the viewer is, or manages, the owner.
    """
    ask(viewer, *ROLES)
    with store.read() as connection:
        query = _seen(connection, viewer).order_by(_pursuit.number.desc()).limit(MOST)
        if open_only:
            query = query.where(_pursuit.state.in_((ASKED, JOINT)))
        found = [dict(row._mapping) for row in connection.execute(query)]
        called = titles(connection, (each["row"] for each in found))
        tasks: dict[int, list[dict]] = {}
        wanted = [each["number"] for each in found]
        for row in connection.execute(select(tables.pursuit_task).where(_task.pursuit.in_(wanted)).order_by(_task.number)):
            tasks.setdefault(row.pursuit, []).append(dict(row._mapping))
        owned = set(connection.scalars(_owned(viewer).where(_pursuit.number.in_(wanted))))
    return [
        {name: value for name, value in each.items() if name != "row"}
        | {"title": called[each["row"]], "tasks": tasks.get(each["number"], []), "may_decide": each["number"] in owned}
        for each in found
    ]


def _seen(connection: Connection, viewer: Viewer) -> Select:
    """Pursuits that a viewer may see, with the record that they are about."""
    columns = (
        _pursuit.number, _pursuit.asked_by, _pursuit.asked_unit, _pursuit.owner_unit, _pursuit.reason, _pursuit.asked_at,
        _pursuit.state, _pursuit.decided_by, _pursuit.decided_at, _record.kind, _record.id.label("record"), _record.row,
    )  # fmt: skip
    query = select(*columns).join(tables.record, _pursuit.record == _record.row)
    if viewer.role in SEE_EVERYTHING:
        return query
    own = units_below(connection, viewer.unit) if viewer.role == "manager" else {viewer.unit}
    sides = (_pursuit.asked_unit, _pursuit.owner_unit, _record.unit)
    return query.where(or_(*(side.in_(own) for side in sides), may_see(viewer, _record.unit)))


def _owned(viewer: Viewer) -> Select:
    """Numbers of the pursuits whose customer the viewer owns now, or manages."""
    query = select(_pursuit.number).join(tables.record, _pursuit.record == _record.row)
    return query.where(may_see(viewer, _record.unit))


def _one(connection: Connection, viewer: Viewer, number: int):
    ask(viewer, *ROLES)
    found = connection.execute(_seen(connection, viewer).where(_pursuit.number == number)).one_or_none()
    if found is None:
        raise not_found("joint pursuit", "共同跟进", str(number))
    return found


def _owns(connection: Connection, viewer: Viewer, number: int) -> bool:
    return connection.scalar(_owned(viewer).where(_pursuit.number == number)) is not None


def _task_of(connection: Connection, viewer: Viewer, task: int):
    found = connection.execute(select(tables.pursuit_task).where(_task.number == task)).one_or_none()
    if found is None:
        raise not_found("task", "任务", str(task))
    _joint(_one(connection, viewer, found.pursuit))
    return found


def _joint(pursuit) -> None:
    if pursuit.state != JOINT:
        raise CoachError("Tasks are shared once the owner has agreed.", "负责人同意后方可共享任务。")


def _text(text: str, *, may_be_empty: bool = False) -> str:
    kept = text.strip()
    if len(kept) > LONGEST_TEXT or (not kept and not may_be_empty):
        raise CoachError("Write what is to be done.", "请填写任务内容。")
    return kept
