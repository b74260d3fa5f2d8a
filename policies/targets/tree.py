"""Targets over the tree of units in whole money: units above add up exactly to those below (G8)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

Parents = Mapping[str, str | None]
"""The unit above each unit; None for the topmost. Every unit that is named above another one is a unit itself, and no line of
units closes a circle."""


class Uneven(NamedTuple):
    """A unit whose target is not the sum of those right below."""

    unit: str
    target: int
    below: int

    @property
    def difference(self) -> int:
        """How much the unit has more than those below."""
        return self.target - self.below


def line(unit: str, parents: Parents) -> Iterator[str]:
    """A unit and those above it, from below."""
    above: str | None = unit
    while above is not None:
        yield above
        above = parents[above]


def children(parents: Parents) -> dict[str, list[str]]:
    """The units right below each unit that has any, in their order."""
    found: dict[str, list[str]] = {}
    for unit, above in parents.items():
        if above is not None:
            found.setdefault(above, []).append(unit)
    return found


def rolled_up(leaves: Mapping[str, int], parents: Parents) -> dict[str, int]:
    """The target of every unit from those of the units that have none below; missing ones are 0."""
    total = dict.fromkeys(parents, 0)
    for leaf in parents.keys() - children(parents).keys():
        for unit in line(leaf, parents):
            total[unit] += leaves.get(leaf, 0)
    return total


def uneven(amounts: Mapping[str, int], parents: Parents) -> list[Uneven]:
    """Every unit that does not add up, in the order of the tree's units."""
    below = children(parents)
    sums = [(unit, sum(amounts[each] for each in below[unit])) for unit in parents if unit in below]
    return [Uneven(unit, amounts[unit], total) for unit, total in sums if amounts[unit] != total]


def shared_out(total: int, weights: Sequence[int]) -> list[int]:
    """A total in whole parts in proportion to weights (>= 0), by the largest remainder; evenly where all weights are 0.

    Parts differ from the exact share by less than 1; of equal remainders the earlier part gets the unit.
    """
    if not any(weights):
        weights = [1] * len(weights)
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: -(total * weights[place] % whole))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def with_total(amounts: Mapping[str, int], parents: Parents, unit: str, total: int) -> dict[str, int]:
    """Amounts in which a unit has another total: shared out below in proportion, and all above follow."""
    below = children(parents)
    changed = dict(amounts)
    waiting = [(unit, total)]
    while waiting:
        each, amount = waiting.pop()
        changed[each] = amount
        if each in below:
            parts = shared_out(amount, [amounts[one] for one in below[each]])
            waiting += zip(below[each], parts, strict=True)
    for above in list(line(unit, parents))[1:]:
        changed[above] += total - amounts[unit]
    return changed
