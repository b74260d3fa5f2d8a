"""What of a firm's own records the simulated office keeps: kinds that say which of the office's things they play.

A kind with `plays: milestone` is the milestone of the office's projects, and a field of it plays the part of that name, or the
part that its own `plays` names. What plays no part is recorded by nobody in the office.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from policies.documents.errors import Fault, unknown_name
from policies.language.predicate import comparisons, read_when
from policies.record.fields import Kind
from policies.record.records import FIELDS, GATES, OWN, RECORD_KINDS
from policies.record.supplying import NOT_IN_OFFICE

PARTS: dict[str, dict[str, str]] = {
    "milestone": {
        "deal": "opportunity",
        "due_at": "instant",
        "delivered_at": "instant",
        "accepted_at": "instant",
        "amount": "money",
    },
    "deliverable": {"milestone": "milestone", "file": "text"},
    "invoice": {"milestone": "milestone", "deal": "opportunity", "total": "money", "due_at": "instant"},
    "task": {"deal": "opportunity", "due_at": "instant", "finished_at": "instant", "department": "choice"},
    "precedence": {"task": "task", "before": "task"},
    "confirmation": {"task": "task", "department": "choice"},
    "week": {"units": "number"},
    "promise": {"deal": "opportunity", "week": "week", "units": "number"},
}
"""By what a kind plays: its parts, each with the type of a field or, for a link, what the record at its end plays."""

ROLES_PLAYED = tuple(PARTS)
_STEPS = GATES[-2:]  # beginning and ending
GATES_PLAYED: dict[str, tuple[str, ...]] = {
    "milestone": _STEPS,
    "invoice": ("create",),
    "task": _STEPS,
    "promise": ("create", _STEPS[1]),
}
"""Steps of such records that people of the office take through gates."""
LIVES: dict[str, tuple[str, ...]] = {
    "milestone": ("started_at", "completed_at"),
    "invoice": ("completed_at",),
    "task": ("started_at", "completed_at"),
    "confirmation": ("completed_at",),
    "promise": ("completed_at",),
}
"""Instants of a declared record that only some of the office's things come to."""
_ENDS = {"opportunity": "opportunity"}


class Played(NamedTuple):
    """What the office keeps of a policy's kinds."""

    kinds: dict[str, str]  # by what is played: the kind that plays it
    parts: dict[tuple[str, str], str]  # by what is played and part: the field that plays it
    fields: frozenset[tuple[str, str]]  # (kind, field) that have values in the office, counts and what comes over links too


NOTHING = Played({}, {}, frozenset())


def played_by(declared: Mapping, kinds: Mapping[str, Kind]) -> Played:
    """What the office keeps of declarations without faults."""
    roles = {about.plays: name for name, about in declared.items() if about.plays}
    if not roles:
        return NOTHING
    parts = {(role, part): field for role, name in roles.items() for part, field in _parts(role, declared[name], roles)}
    fields = {(kind, each.name) for kind in RECORD_KINDS for each in FIELDS[kind] if each.name not in NOT_IN_OFFICE[kind]}
    for role, name in roles.items():
        fields |= {(name, each.name) for each in OWN.fields if each.name not in ("started_at", "completed_at")}
        fields |= {(name, instant) for instant in LIVES.get(role, ())}
        fields |= {(name, field) for (of, _), field in parts.items() if of == role}
    fields |= _over_links(fields, kinds)
    while more := {*_counts(declared, kinds, fields), *_over_links(fields, kinds)} - fields:
        fields |= more
    return Played(roles, parts, frozenset(fields))


def _parts(role: str, about, roles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(part, field) of a kind: what a field says that it plays, or its own name."""
    for name, each in about.fields.items():
        if PARTS[role].get(each.plays or name) == each.type:
            yield each.plays or name, name
    for name, link in about.links.items():
        end = PARTS[role].get(link.plays or name, "")
        if end and link.to == roles.get(end, _ENDS.get(end)):
            yield link.plays or name, name


def _over_links(fields: set, kinds: Mapping[str, Kind]) -> set[tuple[str, str]]:
    return {
        (name, f"{link.name}.{over.name.partition('.')[2]}")
        for name, kind in kinds.items()
        for link in kind.fields
        if link.to and (name, link.name) in fields
        for over in kind.over
        if over.name.startswith(f"{link.name}.") and (str(link.to), over.name.partition(".")[2]) in fields
    }


def _counts(declared: Mapping, kinds: Mapping[str, Kind], fields: set) -> Iterator[tuple[str, str]]:
    for name, about in declared.items():
        for count, each in about.counts.items():
            where, _ = read_when(kinds[each.of], each.where, timed=True)
            asked = {field for one in comparisons(where) for field in one.fields}
            asked |= {each.by, *([each.sum] if each.sum else [])}
            if all((each.of, field) in fields for field in asked):
                yield name, count


def faults_in_plays(name: str, about, declared: Mapping) -> Iterator[Fault]:
    """What is wrong with what a kind and its fields say that they play."""
    others = [other for other, each in declared.items() if each.plays and each.plays == about.plays]
    if about.plays and others[0] != name:
        yield Fault("played_twice", ("plays",), about.plays, ("@another_name",), about=others[0])
    named = [(section, each, part.plays) for section in ("fields", "links") for each, part in getattr(about, section).items()]
    taken: dict[str, str] = {}
    for section, each, part in named:
        if part is None:
            continue
        if about.plays is None or part not in PARTS[about.plays]:
            there_are, place = PARTS.get(about.plays or "", ()), (section, each, "plays")
            yield unknown_name("unknown_part", part, there_are, about=name, location=place)
        elif part in taken:
            yield Fault("played_twice", (section, each, "plays"), part, ("@another_name",), about=taken[part])
        elif not _fits(about, section, each, part):
            yield Fault("plays_otherwise", (section, each, "plays"), part, (PARTS[about.plays][part],), about=each)
        taken[part] = each


def _fits(about, section: str, name: str, part: str) -> bool:
    wanted = PARTS[about.plays][part]
    is_link = wanted in (*PARTS, *_ENDS)
    return is_link if section == "links" else about.fields[name].type == wanted
