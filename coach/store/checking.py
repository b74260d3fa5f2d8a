"""Whether a store is in order: the file, its layout, references, and what rules and views rest on."""

from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, not_, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DatabaseError

from coach.store import tables
from coach.store.database import begun, cannot_open, engine_of
from coach.store.layout import check_known, layout_of, rows_of
from policies.scores.score import Words


class Finding(NamedTuple):
    """One thing that was looked at: how many rows are not in order."""

    name: str
    about: Words
    wrong: int


class Checked(NamedTuple):
    """What was found: the layout, rows by table, and one finding per question."""

    layout: int
    rows: dict[str, int]
    findings: list[Finding]

    @property
    def sound(self) -> bool:
        """Whether everything is in order."""
        return not any(each.wrong for each in self.findings)


def check(place: str | Path) -> Checked:
    """Look at a store without changing it. What cannot be read at all is a CoachError."""
    engine = engine_of(place, create=False)
    try:
        with begun(engine, write=False) as connection:
            layout = layout_of(connection) or 0
            check_known(layout)
            findings = [_file(engine, connection), *_questions(connection)]
            return Checked(layout, rows_of(connection), findings)
    except DatabaseError as error:
        raise cannot_open(place, error) from None
    finally:
        engine.dispose()


def _file(engine: Engine, connection: Connection) -> Finding:
    wrong = 0
    if engine.dialect.name == "sqlite":
        told = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
        wrong = 0 if told == ["ok"] else len(told)
    return Finding("file", Words("the database file is whole", "数据库文件完整"), wrong)


def _questions(connection: Connection) -> list[Finding]:
    event, firing, todo, notice = tables.event, tables.firing, tables.todo, tables.notice
    records, firings = select(tables.record.c.row), select(firing.c.number)
    asked = [
        ("events", Words("every event belongs to a record", "每个事件属于一条记录"), event, event.c.record.not_in(records)),
        ("firings", Words("every firing belongs to a record", "每次触发属于一条记录"), firing, firing.c.record.not_in(records)),
        ("todos", Words("every to-do was opened by a firing", "每个待办都由触发产生"), todo, todo.c.firing.not_in(firings)),
        ("notices", Words("every message has its cause", "每条消息都有起因"), notice, notice.c.firing.not_in(firings)),
        (
            "order", Words("nothing is recorded before it happened", "没有先记录后发生的事件"), event,
            event.c.recorded_at < event.c.acted_at,
        ),
    ]  # fmt: skip
    found = [
        Finding(name, about, connection.execute(select(func.count()).select_from(of).where(wrong)).scalar_one())
        for name, about, of, wrong in asked
    ]
    return [*found, _registered(connection), _withdrawn(connection), _numbered(connection)]


def _registered(connection: Connection) -> Finding:
    """A record stands for what was recorded of it."""
    record, event = tables.record.c, tables.event.c
    empty = select(func.count()).select_from(tables.record).where(record.row.not_in(select(event.record)))
    return Finding(
        "records", Words("every record rests on an event", "每条记录都有事件依据"), connection.execute(empty).scalar_one()
    )


def _withdrawn(connection: Connection) -> Finding:
    """A withdrawal names an event of the same source."""
    void, event = tables.event.alias(), tables.event
    named = select(event.c.key).where(and_(event.c.source == void.c.source, event.c.key == void.c.voids)).exists()
    wrong = select(func.count()).select_from(void).where(and_(void.c.voids.is_not(None), not_(named)))
    return Finding(
        "withdrawals",
        Words("every withdrawal names an event", "每次撤回都指向一个事件"),
        connection.execute(wrong).scalar_one(),
    )


def _numbered(connection: Connection) -> Finding:
    """Rows of records are numbered from 0 without gaps: the rules' memory is an array."""
    count, largest = connection.execute(select(func.count(), func.max(tables.record.c.row))).one()
    gaps = 0 if largest is None else int(largest) + 1 - count
    return Finding("numbers", Words("records are numbered without gaps", "记录编号连续"), gaps)
