"""What people say of a rule, one tap at a to-do or notice, and what was learned, kept with the rule (A2).

The latest word of a person on a rule and record counts. A manager reads what the own people say, operations everything, a rep
the own words; lessons are for everybody, as the policy is. Before and after a change stand beside each other: for every version
of the policy in which the rule is another, how often it fired and what was said since.
"""

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, insert, select

from coach.problems import CoachError, not_found
from coach.store import tables
from coach.store.database import next_number
from coach.store.store import Store, audited
from coach.store.viewer import Viewer, ask, may_see, seeing

VERDICTS = ("helps", "in_the_way", "wrong")
LONGEST = 400
_feedback, _lesson, _version = tables.rule_feedback.c, tables.rule_lesson.c, tables.policy_version.c
_firing, _record = tables.firing.c, tables.record.c


class Said(NamedTuple):
    """What one person says of a rule on one record; `why` may be empty."""

    verdict: str
    why: str
    said_by: str
    said_at: int
    version: int | None


class Stretch(NamedTuple):
    """A rule as it stood from one version of the policy on: how often it fired, and what was said, in that time."""

    version: int
    since: int
    fired: int
    said: dict[str, int]


def say(
    store: Store, viewer: Viewer, rule: str, verdict: str, why: str, at: int, kind: str | None = None, record: str | None = None
) -> int:
    """Say that a rule helps, is in the way or wrong, on a record where it acted; returns the number of what was said."""
    ask(viewer, "rep", "manager", "operations", "admin")
    if verdict not in VERDICTS:
        raise CoachError(f"A rule {', '.join(VERDICTS)}.", f"评价须为以下之一：{', '.join(VERDICTS)}。")
    if len(why) > LONGEST:
        raise CoachError(f"At most {LONGEST} characters.", f"不超过 {LONGEST} 字。")
    with store.write() as connection:
        row = None if kind is None or record is None else _row(connection, viewer, kind, record)
        _known(connection, rule)
        number = next_number(connection, _feedback.number)
        connection.execute(
            insert(tables.rule_feedback).values(
                number=number, rule=rule, version=_in_force(connection), record=row, said_by=viewer.name, unit=viewer.unit,
                said_at=at, verdict=verdict, why=why.strip(),
            )
        )  # fmt: skip
        audited(connection, at, viewer.name, "rule_feedback", rule, verdict=verdict)
        return number


def learn(store: Store, viewer: Viewer, rule: str, text: str, at: int) -> int:
    """Keep what was learned with a rule."""
    ask(viewer, "manager", "operations", "admin")
    kept = text.strip()
    if not kept or len(kept) > LONGEST:
        raise CoachError(f"Write what was learned, at most {LONGEST} characters.", f"请写下经验，不超过 {LONGEST} 字。")
    with store.write() as connection:
        _known(connection, rule)
        number = next_number(connection, _lesson.number)
        connection.execute(
            insert(tables.rule_lesson).values(
                number=number, rule=rule, version=_in_force(connection), said_by=viewer.name, said_at=at, text=kept
            )
        )
        audited(connection, at, viewer.name, "rule_lesson", rule)
        return number


def learned(store: Store, viewer: Viewer, rule: str) -> dict[str, Any]:
    """What was said of a rule as far as the viewer may read it, its lessons, and how it fared from change to change."""
    ask(viewer, "rep", "manager", "trainer", "operations", "admin")
    with store.read() as connection:
        _known(connection, rule)
        said = _said(connection, viewer, rule)
        lessons = [dict(row._mapping) for row in connection.execute(
            select(tables.rule_lesson).where(_lesson.rule == rule).order_by(_lesson.number.desc())
        )]  # fmt: skip
        stretches = _stretches(connection, rule, said) if viewer.role in ("manager", "operations", "admin") else []
    counts = {verdict: sum(each.verdict == verdict for each in said) for verdict in VERDICTS}
    return {
        "rule": rule, "said": counts, "words": [each._asdict() for each in said if each.why], "lessons": lessons,
        "versions": [each._asdict() for each in stretches],
    }  # fmt: skip


def lessons(store: Store, viewer: Viewer) -> list[dict[str, Any]]:
    """Everything that was learned of any rule, the latest first; for everybody."""
    ask(viewer, "rep", "manager", "trainer", "operations", "admin")
    with store.read() as connection:
        found = connection.execute(select(tables.rule_lesson).order_by(_lesson.number.desc()))
        return [dict(row._mapping) for row in found]


def said_of_all(store: Store, viewer: Viewer) -> dict[str, list[Said]]:
    """What was said of every rule, as far as the viewer may read it."""
    ask(viewer, "rep", "manager", "trainer", "operations", "admin")
    with store.read() as connection:
        return said_of(connection, viewer)


def said_of(connection: Connection, viewer: Viewer) -> dict[str, list[Said]]:
    """What was said of every rule, as far as the viewer may read it: the latest of each person on each record."""
    query = select(tables.rule_feedback).where(_own_or_seen(viewer)).order_by(_feedback.number)
    latest: dict[tuple, tuple[str, Said]] = {}
    for row in connection.execute(query):
        told = Said(row.verdict, row.why, row.said_by, row.said_at, row.version)
        latest[row.rule, row.said_by, row.record] = row.rule, told
    found: dict[str, list[Said]] = {}
    for rule, told in latest.values():
        found.setdefault(rule, []).append(told)
    return found


def _said(connection: Connection, viewer: Viewer, rule: str) -> list[Said]:
    return said_of(connection, viewer).get(rule, [])


def _own_or_seen(viewer: Viewer):
    own = _feedback.said_by == viewer.name
    return own if viewer.role not in ("manager", "operations", "admin") else own | may_see(viewer, _feedback.unit)


def _stretches(connection: Connection, rule: str, said: list[Said]) -> list[Stretch]:
    """From each version on in which the rule is another than before."""
    begun: list[tuple[int, int]] = []
    before: Any = None
    for number, at, document in connection.execute(
        select(_version.number, _version.activated_at, _version.document).order_by(_version.number)
    ):
        now = next((each for each in json.loads(document)["rules"] if each["id"] == rule), None)
        if now is not None and now != before:
            begun.append((number, at))
        before = now
    found = []
    for place, (number, at) in enumerate(begun):
        until = begun[place + 1][1] if place + 1 < len(begun) else None
        fired = select(func.count()).where(_firing.rule == rule, _firing.event.in_(("fired", "refused")), _firing.at >= at)
        number_fired = connection.scalar(fired if until is None else fired.where(_firing.at < until)) or 0
        told = [each for each in said if each.said_at >= at and (until is None or each.said_at < until)]
        counts = {verdict: sum(each.verdict == verdict for each in told) for verdict in VERDICTS}
        found.append(Stretch(number, at, int(number_fired), counts))
    return found


def _known(connection: Connection, rule: str) -> None:
    """Raises for a rule that no version of the policy ever had."""
    documents = connection.scalars(select(_version.document).where(_version.document.contains(f'"{rule}"')))
    if not any(each["id"] == rule for document in documents for each in json.loads(document)["rules"]):
        raise not_found("rule", "规则", rule)


def _in_force(connection: Connection) -> int | None:
    return connection.scalar(select(func.max(_version.number)))


def _row(connection: Connection, viewer: Viewer, kind: str, record: str) -> int:
    one = _record.kind == kind, _record.id == record
    found = connection.execute(select(_record.row, _record.unit).where(*one)).one_or_none()
    if found is None or not seeing(connection, viewer).sees(found.unit):
        raise not_found(kind, "记录", record)
    return int(found.row)
