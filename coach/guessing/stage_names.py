"""Tables that say what the ids of stages mean, as warehouses and databases of CRMs have them beside the deals."""

from typing import NamedTuple

import pandas as pd

from coach.guessing.columns import Column, assigned
from coach.guessing.ids import LEAST_KNOWN, share_in
from coach.guessing.outcomes import LOST, OPEN, WON, Stages, meaning
from coach.guessing.sources import Raw
from coach.mapping import parsing

MOST_STAGES = 500


class Named(NamedTuple):
    """What becomes of deals by the id of their stage ("won", "lost" or "open"), and the ids in the order of the stages."""

    fates: dict[str, str]
    order: list[str]

    def ordered(self, stages: Stages) -> Stages:
        """The stages with the open ones in order, where all of them are named."""
        rest = [each for each in self.order if self.fates[each] == OPEN]
        return stages._replace(order=rest) if len(rest) > 1 and not stages.order else stages


def named_stages(values: pd.Series, tables: list[tuple[Raw, list[Column]]]) -> Named:
    """What tables tell of the values of a stage column; nothing where no table has them as its ids."""
    told = pd.Series(values[values != ""].unique(), dtype=object)
    for raw, about in tables:
        found = assigned(about, "stage").columns if len(raw.cells) <= MOST_STAGES else {}
        if not {"label", "won", "probability"} & found.keys():
            continue
        shares = {column.name: share_in(told, raw.cells[column.name]) for column in about if column.unique == 1.0}
        own = max(shares, key=lambda name: shares[name], default="")
        if shares.get(own, 0.0) >= LEAST_KNOWN:
            return _named(raw.cells, own, found)
    return Named({}, [])


def _named(cells: pd.DataFrame, own: str, found: dict[str, Column]) -> Named:
    fates = {}
    for _, row in cells.iterrows():
        if row[own]:
            fates[row[own]] = _fate(row, found)
    place = next((found[concept] for concept in ("order", "probability") if concept in found), None)
    if place is None:
        return Named(fates, [])
    by = parsing.numbers(cells[place.name], place.decimal)
    ordered = cells.loc[by.dropna().sort_values(kind="stable").index, own]
    return Named(fates, [each for each in ordered if each])


def _fate(row: pd.Series, found: dict[str, Column]) -> str:
    def says(concept: str, known: set[str]) -> bool:
        return concept in found and row[found[concept].name].lower() in known

    if says("won", parsing.YES):
        return WON
    if says("closed_flag", parsing.YES):
        return LOST if "won" in found or meaning(row[found["label"].name] if "label" in found else "") != WON else WON
    if says("closed_flag", parsing.NO):
        return OPEN
    told = meaning(row[found["label"].name]) if "label" in found else None
    return told or OPEN
