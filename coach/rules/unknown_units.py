"""Names of units and people in a policy that the store does not know: such an exemption exempts nobody."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from coach.store import tables
from policies.documents.errors import Fault, nearest_name
from policies.language.policy import Policy


def unknown_units(connection: Connection, policy: Policy) -> list[Fault]:
    """Every name that the policy's rules exempt and no unit of the store bears, with the nearest that one does."""
    columns = tables.record.c
    known = list(connection.scalars(select(columns.id).where(columns.kind == "unit").order_by(columns.row)))
    return [
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
