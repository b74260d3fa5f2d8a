"""People are the same person however a table spells them: without case and blanks, and as the firm's list of people says."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from coach.events import PostedEvent
from coach.mapping.people_list import PeopleList, plain
from coach.mapping.reading import Reading
from coach.mapping.remarks import Remark, text_of
from coach.store import tables


def same_people(connection: Connection, reading: Reading) -> Reading:
    """The reading with every unit under one name: the store's, or else the list's, or else the one that is read first."""
    known = list(connection.scalars(select(tables.record.c.id).where(tables.record.c.kind == "unit")))
    listed = _listed(known, reading.people)
    renamed = _renamed(known, listed, (name for event in reading.events for name in names_of(event)))
    people = _list_under(listed, reading.people)
    if not renamed:
        return reading._replace(people=people)
    pairs, remarks, told = [], list(reading.remarks), set()
    for event, origin in zip(reading.events, reading.origins, strict=True):
        if event.kind == "unit" and event.record in renamed and not origin.table:
            continue
        found = next((name for name in names_of(event) if name in renamed), None)
        if found is not None and origin.table and origin not in told:
            told.add(origin)
            text = text_of("same_person" if plain(found) == plain(renamed[found]) else "listed_person")
            remarks.append(Remark(origin.table, origin.file, origin.row, "", found, False, text.en, text.zh))
        pairs.append((under(event, renamed) if found is not None else event, origin))
    events, origins = [event for event, _ in pairs], [origin for _, origin in pairs]
    return reading._replace(events=events, origins=origins, remarks=remarks, people=people)


def names_of(event: PostedEvent) -> list[str]:
    """Everything in an event that names a unit."""
    owner = event.payload.get("owner")
    named = [event.unit, event.record if event.kind == "unit" else None, owner if isinstance(owner, str) else None]
    return [name for name in named if name is not None]


def _listed(known: Iterable[str], people: PeopleList | None) -> dict[str, str]:
    """Every spelling on the list, as `plain` has it, with the name that stands for it."""
    store = {plain(name): name for name in reversed(list(known))}
    found: dict[str, str] = {}
    for person in people.people if people is not None else ():
        own = store.get(plain(person.name), person.name)
        found |= {plain(spelling): own for spelling in (person.name, *person.spellings)}
    return found


def _renamed(known: list[str], listed: dict[str, str], read: Iterable[str]) -> dict[str, str]:
    """Names that stand for another one; without the list, a name of the store or the first that is read."""
    first: dict[str, str] = {}
    for name in known:
        first.setdefault(plain(name), name)
    renamed, stored = {}, set(known)
    for name in read:
        own = listed.get(plain(name))
        if own is None:
            own = name if name in stored else first.setdefault(plain(name), name)
        if name != own:
            renamed[name] = own
    return renamed


def _list_under(listed: dict[str, str], people: PeopleList | None) -> PeopleList | None:
    """The list with its names and units as they are called in the store."""
    if people is None:
        return None
    called = tuple(
        each._replace(
            name=listed[plain(each.name)], unit=None if each.unit is None else listed.get(plain(each.unit), each.unit)
        )
        for each in people.people
    )
    return people._replace(people=called)


def under(event: PostedEvent, renamed: dict[str, str]) -> PostedEvent:
    """An event with names that stand for another one exchanged for that."""
    changes: dict = {"unit": renamed.get(event.unit or "", event.unit)}
    if event.kind == "unit":
        changes["record"] = renamed.get(event.record, event.record)
    owner = event.payload.get("owner")
    if owner in renamed:
        changes["payload"] = event.payload | {"owner": renamed[owner]}
    return event.model_copy(update=changes)
