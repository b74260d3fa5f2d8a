"""The policy in force and those before it."""

import json
from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from coach.store import tables
from coach.store.database import next_number
from policies.language.policy import Policy
from policies.language.sections import Notices

ROLLBACK = "rollback"
"""What a version says of itself that came by a step back."""

_version = tables.policy_version.c


class PolicyVersion(NamedTuple):
    """A policy as it was put in force; instants in ms."""

    number: int
    policy: Policy
    activations: dict[str, int | None]  # when the clock of each rule was switched on; None: it catches up on the past
    activated_at: int
    activated_by: str
    change: str
    previous: int | None


def _read(row) -> PolicyVersion:
    return PolicyVersion(
        row.number, Policy.model_validate(json.loads(row.document)), json.loads(row.activations), row.activated_at,
        row.activated_by, row.change, row.previous,
    )  # fmt: skip


def current(connection: Connection) -> PolicyVersion | None:
    """The version in force; None while there was never one."""
    row = connection.execute(select(tables.policy_version).order_by(_version.number.desc()).limit(1)).one_or_none()
    return None if row is None else _read(row)


def version(connection: Connection, number: int) -> PolicyVersion:
    """The version of that number."""
    return _read(connection.execute(select(tables.policy_version).where(_version.number == number)).one())


def in_force_at(connection: Connection, at: int) -> PolicyVersion | None:
    """The version in force at an instant (ms); the first one before there was any, None while there was never one."""
    until = select(tables.policy_version).where(_version.activated_at <= at).order_by(_version.number.desc()).limit(1)
    first = select(tables.policy_version).order_by(_version.number).limit(1)
    row = connection.execute(until).one_or_none() or connection.execute(first).one_or_none()
    return None if row is None else _read(row)


def versions_since(connection: Connection, at: int) -> list[PolicyVersion]:
    """The version in force at an instant (ms) and those after it, in order."""
    before = select(func.max(_version.number)).where(_version.activated_at <= at).scalar_subquery()
    query = select(tables.policy_version).where(_version.number >= func.coalesce(before, 0)).order_by(_version.number)
    return [_read(row) for row in connection.execute(query)]


class StepBack(NamedTuple):
    """A stretch of time [began, ended] whose policies were taken back, and the rules that stayed; instants in ms."""

    began: int
    ended: int
    rules: frozenset[str]


def came_into_force(connection: Connection, number: int) -> int:
    """When the policy of a version came into force; for one that a step back brought again, the first time."""
    columns = select(_version.change, _version.previous, _version.activated_at)
    while True:
        change, _, at = connection.execute(columns.where(_version.number == number)).one()
        if change != ROLLBACK:
            return at
        _, number, _ = connection.execute(columns.where(_version.number == number - 1)).one()


def steps_back(connection: Connection) -> list[StepBack]:
    """Every step back that was taken."""
    query = select(_version.number, _version.activated_at, _version.document).where(_version.change == ROLLBACK)
    return [
        StepBack(
            came_into_force(connection, number - 1), at, frozenset(rule["id"] for rule in json.loads(document)["rules"])
        )
        for number, at, document in connection.execute(query.order_by(_version.number)).all()
    ]  # fmt: skip


def current_visibility(connection: Connection) -> str:
    """Who may see targets: as the policy in force says, private without one."""
    document = connection.scalar(select(_version.document).order_by(_version.number.desc()).limit(1))
    return "private" if document is None else json.loads(document).get("targets", {}).get("visibility", "private")


def current_notices(connection: Connection) -> Notices:
    """When and how notices reach people, by the policy in force; at once without one."""
    document = connection.scalar(select(_version.document).order_by(_version.number.desc()).limit(1))
    return Notices() if document is None else Notices.model_validate(json.loads(document).get("notices", {}))


def keep(
    connection: Connection, policy: Policy, activations: dict[str, int | None], at: int, actor: str, change: str,
    previous: int | None,
) -> int:  # fmt: skip
    """Write a new version and return its number."""
    number = next_number(connection, _version.number)
    connection.execute(
        insert(tables.policy_version).values(
            number=number, name=policy.name, document=json.dumps(policy.model_dump(mode="json"), ensure_ascii=False),
            activations=json.dumps(activations), activated_at=at, activated_by=actor, change=change, previous=previous,
        )
    )  # fmt: skip
    return number
