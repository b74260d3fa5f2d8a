"""A register of many customers in which the likely same ones are found in milliseconds.

Only those are compared that share something with what is sought: a number, or pieces of the name, the rarer the more telling.
What shares most is compared in full; see `comparing`.
"""

import math
from collections.abc import Hashable, Iterator
from typing import Generic, NamedTuple, TypeVar

from coach.customers.comparing import PERHAPS, Likeness, compared
from coach.customers.described import Described
from coach.customers.names import Name

COMPARED = 40
"""How many are compared in full."""
_LOOKED_AT = 20_000
"""Entries that pieces of a name may bring up before commoner pieces are left out."""
_SURE = 1_000.0
Key = TypeVar("Key", bound=Hashable)


class Found(NamedTuple, Generic[Key]):
    """An entry that may be the same customer."""

    key: Key
    likeness: Likeness


class Index(Generic[Key]):
    """Descriptions by key."""

    def __init__(self) -> None:
        self._entries: list[tuple[Key, Described] | None] = []
        self._place: dict[Key, int] = {}
        self._sharing: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._place)

    def __contains__(self, key: Key) -> bool:
        return key in self._place

    def __iter__(self) -> Iterator[tuple[Key, Described]]:
        return (entry for entry in self._entries if entry is not None)

    def put(self, key: Key, entry: Described) -> None:
        """Add an entry, or change the one of that key."""
        place = self._place.get(key)
        if place is not None:
            kept = self._entries[place]
            if kept is not None and kept[1] == entry:
                return
            self.drop(key)
        if entry.says_nothing:
            return
        self._place[key] = len(self._entries)
        for piece in _numbers(entry) + (_pieces(entry.name, sought=False) if entry.name else []):
            self._sharing.setdefault(piece, []).append(len(self._entries))
        self._entries.append((key, entry))

    def drop(self, key: Key) -> None:
        """Take an entry out; nothing happens where there is none."""
        place = self._place.pop(key, None)
        if place is not None:
            self._entries[place] = None

    def find(self, sought: Described, *, least: float = PERHAPS, most: int = 10) -> list[Found[Key]]:
        """Entries whose likeness is at least `least`, the likeliest first, `most` of them at most."""
        found = []
        for key, entry in self._candidates(sought):
            likeness = compared(sought, entry)
            if likeness.share >= least:
                found.append(Found(key, likeness))
        found.sort(key=lambda each: -each.likeness.share)
        return found[:most]

    def brought_up(self, sought: Described) -> list[Key]:
        """Keys of all that a search compares in full."""
        return [key for key, _ in self._candidates(sought)]

    def _candidates(self, sought: Described) -> list[tuple[Key, Described]]:
        entries = (self._entries[place] for place in self._places(sought))
        return [entry for entry in entries if entry is not None]

    def _places(self, sought: Described) -> list[int]:
        weights: dict[int, float] = {}
        for piece in _numbers(sought):
            for place in self._sharing.get(piece, ())[-COMPARED:]:
                weights[place] = weights.get(place, 0.0) + _SURE
        wanted = _pieces(sought.name, sought=True) if sought.name else []
        shared = [self._sharing[piece] for piece in wanted if piece in self._sharing]
        looked_at, total = 0, len(self._entries)
        for places in sorted(shared, key=len):
            if looked_at and looked_at + len(places) > _LOOKED_AT:
                break
            looked_at += len(places)
            telling = math.log1p(total / len(places))
            for place in places:
                weights[place] = weights.get(place, 0.0) + telling
        if len(weights) <= COMPARED:
            return list(weights)
        return sorted(weights, key=weights.__getitem__, reverse=True)[:COMPARED]


def _numbers(entry: Described) -> list[str]:
    pieces = [] if entry.tax_number is None else _of_tax_number(entry.tax_number.digits)
    for phone in entry.phones:
        pieces += [f"phone {phone.line}", f"local {phone.local}"]
    return pieces if entry.domain is None else [*pieces, f"domain {entry.domain}"]


def _of_tax_number(digits: str) -> list[str]:
    pieces = [f"tax {digits}", f"tax> {digits[len(digits) // 2 :]}"]
    return [*pieces, f"organisation {digits[8:17]}"] if len(digits) == 18 else pieces


def _pieces(name: Name, *, sought: bool) -> list[str]:
    """Pieces by which names that may be the same meet; characters and their sounds, so that either is found by the other."""
    brand, sound = name.brand.replace(" ", ""), name.sound
    pieces = [f"full {name.full}", f"sound {sound}"]
    pieces += [f"sound {sound} {each}" for each in (*name.trades, *name.places)]
    if name.chinese:
        pieces += [brand[at : at + 2] for at in range(len(brand) - 1)] or [brand]
    if not (name.chinese and sought):
        pieces += [sound[at : at + 3] for at in range(len(sound) - 2)]
    pieces += [f"word {word}" for word in name.brand.split() if len(word) > 2] if not name.chinese else []
    return list(dict.fromkeys(pieces))
