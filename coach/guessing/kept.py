"""What is kept for the next export: its mapping beside the store, whether that fits, and what the store knows itself."""

from pathlib import Path

from coach.guessing.money import FIRM
from coach.guessing.sources import Raw, joined
from coach.mapping.document import Mapping, Table
from coach.mapping.files import columns_of
from coach.mapping.writing import mapping_text
from coach.store.store import Store


def place_beside(store: str | Path) -> Path | None:
    """Where the mapping of a store's exports is kept; None for a store that is no file."""
    return None if "://" in str(store) else Path(store).with_suffix(".mapping.yaml")


def known_by(store: Store) -> dict[str, str]:
    """What a store that has records answers by itself: its time zone and its currency."""
    if store.is_fresh:
        return {}
    own = store.currency
    return {"zone": store.calendar.zone} | ({FIRM: own} if own is not None else {})


def write_mapping(mapping: Mapping, path: Path) -> None:
    """Keep a mapping in a file, instead of what was there; whoever reads it meanwhile sees the one or the other whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(mapping_text(mapping), encoding="utf-8")
    beside.replace(path)


def fitting(mapping: Mapping, tables: list[Raw]) -> Mapping | None:
    """The mapping for these tables, if every one that it must have is there with all columns that it names: under the names of
    files that it knows, or else in a file of another name. What was one table to several stays so. None where it does
    not fit, also where a report tells once for several rows what was told in every row before."""
    found, left, places = [], joined(tables), dict[tuple, Raw]()
    for table in mapping.tables:
        place = (table.patterns, table.sheet)
        needed = place in places or not table.optional
        raw = _fitting_table(mapping, table, [places[place]] if place in places else left, needed=needed)
        if raw is None and needed:
            return None
        if raw is not None:
            places[place] = raw
            left = [each for each in left if each is not raw]
            if not raw.is_one_of(table.patterns):
                table = table.model_copy(update={"files": (raw.pattern, *table.patterns)})
        found.append(table)
    encodings = {raw.encoding for raw in places.values()} - {None}
    read_as = mapping.encoding if len(encodings) != 1 else encodings.pop()
    return mapping.model_copy(update={"tables": tuple(found), "encoding": read_as})


def _fitting_table(mapping: Mapping, table: Table, tables: list[Raw], *, needed: bool) -> Raw | None:
    named = set(columns_of(mapping, table))
    fit = [
        raw for raw in tables
        if named <= set(map(str, raw.cells.columns)) and table.sheet in (None, raw.sheet)
        and named & set(raw.grouped) <= set(table.grouped)
    ]  # fmt: skip
    return next((raw for raw in fit if raw.is_one_of(table.patterns)), next(iter(fit), None) if needed else None)
