"""Documents with one thing wrong: every place of a document, changed in one way."""

import copy
from collections.abc import Iterator
from typing import Any, NamedTuple

VALUES = (None, True, -7, 1e12, "", "no such thing", "99:99", [], ["no such thing"], {}, {"no_such_key": 1})
"""What is put in the place of a value: other types, empty ones, and names and formats that nothing has."""


class Mutation(NamedTuple):
    """What was done where; `place` leads to the value."""

    how: str
    place: tuple[str | int, ...]
    value: Any = None


def mutations(document: dict) -> list[Mutation]:
    """All single changes of a document."""
    found = []
    for place, value in _places(document, ()):
        if place:
            found += [Mutation("another", place, other) for other in VALUES if type(other) is not type(value) or other != value]
        if place and isinstance(place[-1], str):
            found += [Mutation("missing", place), Mutation("misspelled", place)]
        if isinstance(value, dict):
            found.append(Mutation("unknown", (*place, "no_such_key")))
        if place and isinstance(place[-1], int):
            found.append(Mutation("twice", place))
    return found


def mutated(document: dict, mutation: Mutation) -> dict:
    """The document with that change; keys keep their order."""
    whole = copy.deepcopy(document)
    inside, step = whole, mutation.place[-1]
    for each in mutation.place[:-1]:
        inside = inside[each]
    if mutation.how == "another":
        inside[step] = copy.deepcopy(mutation.value)
    elif mutation.how == "missing":
        del inside[step]
    elif mutation.how == "unknown":
        inside[step] = 1
    elif mutation.how == "twice":
        inside.insert(step, copy.deepcopy(inside[step]))
    else:
        pairs = [(f"{name}x" if name == step else name, value) for name, value in inside.items()]
        inside.clear()
        inside.update(pairs)
    return whole


def _places(value: Any, place: tuple) -> Iterator[tuple[tuple, Any]]:
    yield place, value
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from _places(inner, (*place, step))
