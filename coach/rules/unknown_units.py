"""Names of units and people in a policy that the store does not know: such an exemption exempts nobody, and such an owner gets
nothing."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from coach.store import tables
from policies.documents.errors import Fault, nearest_name
from policies.language.effects import BY_ROUTING
from policies.language.policy import Policy


def unknown_units(connection: Connection, policy: Policy) -> list[Fault]:
    """Every name that the policy's rules exempt, to whom they give records, or that has a calendar, and no unit of the store
    bears, with the nearest that one does."""
    columns = tables.record.c
    known = list(connection.scalars(select(columns.id).where(columns.kind == "unit").order_by(columns.row)))
    calendars = [
        Fault("unknown_calendar", ("calendars", name), name, nearest=_nearest(name, known))
        for name in policy.calendars
        if name not in known
    ]
    owners = [
        Fault("unknown_owner", ("rules", position, "then"), name, nearest=_nearest(name, known), about=rule.id)
        for position, rule in enumerate(policy.rules)
        for name in (str(each.value) for each in rule.effects if each.code == "passed_on")
        if name != BY_ROUTING and name not in known
    ]
    return calendars + owners + [
        Fault("unknown_unit", ("rules", position, "exempt", place), name, nearest=_nearest(name, known), about=rule.id)
        for position, rule in enumerate(policy.rules)
        for place, name in enumerate(rule.exempt)
        if name not in known
    ]


def _nearest(name: str, known: Sequence[str]) -> str:
    """The name that differs least; case and blanks count least of all."""
    plain = {" ".join(each.split()).casefold(): each for each in reversed(known)}
    own = " ".join(name.split()).casefold()
    return plain.get(own) or plain.get(nearest_name(own, plain), "")
