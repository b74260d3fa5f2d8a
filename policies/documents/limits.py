"""How large and how deep a document may be: checked where it comes in, before anything walks through it."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.documents.errors import Fault, FaultyInput

MOST_BYTES = 2_000_000
MOST_DEEP = 64
"""Levels of mappings and lists in each other."""
MOST_VALUES = 200_000
"""Values in all, those that an alias repeats counted each time."""


def check_size(text: str | bytes) -> None:
    """Raise FaultyInput for a document that is too long to be one."""
    if len(text) > MOST_BYTES:
        raise FaultyInput([Fault("too_long", (1,), f"{len(text):,}", (f"<= {MOST_BYTES:,}",))])


def check_shape(data: Any) -> None:
    """Raise FaultyInput, with the place, for values that are nested too deep or are too many. Walks without recursion."""
    waiting: list[tuple[Any, tuple]] = [(data, ())]
    seen = 0
    while waiting:
        value, place = waiting.pop()
        seen += 1
        if seen > MOST_VALUES:
            raise FaultyInput([Fault("too_many_values", place[:3], f"{seen:,}", (f"<= {MOST_VALUES:,}",))])
        inner = _inside(value)
        if inner is None:
            continue
        if len(place) >= MOST_DEEP:
            raise FaultyInput([too_deep(place[:3], MOST_DEEP)])
        waiting += [(each, (*place, step)) for step, each in inner]


def too_deep(location: tuple, most: int) -> Fault:
    """What is said of something that is nested deeper than that."""
    return Fault("too_deep", location, "", (f"<= {most}",))


def _inside(value: Any) -> Iterable[tuple[Any, Any]] | None:
    if isinstance(value, Mapping):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple)) else None
