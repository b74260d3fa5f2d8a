"""What people may read of the policies: the one in force, and all that were."""

from sqlalchemy import select

from coach.store import tables
from coach.store.policies import PolicyVersion, current
from coach.store.store import Store
from coach.store.viewer import Viewer, ask

_version = tables.policy_version.c


def versions(store: Store, viewer: Viewer) -> list[dict]:
    """All versions without their documents, the latest first. A policy concerns everybody, so everybody may read it."""
    ask(viewer, "rep", "manager", "trainer", "operations", "admin")
    columns = (
        _version.number, _version.name, _version.activated_at, _version.activated_by, _version.change, _version.previous,
    )  # fmt: skip
    with store.read() as connection:
        found = connection.execute(select(*columns).order_by(_version.number.desc()).limit(200))
        return [dict(row._mapping) for row in found]


def policy_in_force(store: Store, viewer: Viewer) -> PolicyVersion | None:
    """The version in force."""
    ask(viewer, "rep", "manager", "trainer", "operations", "admin")
    with store.read() as connection:
        return current(connection)
