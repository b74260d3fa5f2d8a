"""Deputies: who stands in for somebody on leave, where the policy has deputies."""

import json

from sqlalchemy import Connection, select

from coach.store import tables
from coach.store.policies import current_notices
from policies.language.sections import Notices

_record = tables.record.c


def standing_in(connection: Connection, notices: Notices | None = None) -> dict[str, str]:
    """The deputy of every unit that is absent: the next unit above that is at work. Empty where the policy has no deputies.

    `notices` are the settings of the policy, those in force unless given. Whoever leads everything has nobody above.
    """
    notices = current_notices(connection) if notices is None else notices
    if not notices.deputy:
        return {}
    units = connection.execute(select(_record.id, _record.parent, _record["values"]).where(_record.kind == "unit")).all()
    parents = {row.id: row.parent for row in units}
    absent = {row.id for row in units if json.loads(row.values).get("absent") == 1.0}
    found = {unit: _next_at_work(unit, parents, absent) for unit in absent}
    return {unit: deputy for unit, deputy in found.items() if deputy is not None}


def _next_at_work(unit: str, parents: dict[str, str | None], absent: set[str]) -> str | None:
    passed, above = {unit}, parents.get(unit)
    while above is not None and above in parents and above not in passed:
        if above not in absent:
            return above
        passed.add(above)
        above = parents[above]
    return None
