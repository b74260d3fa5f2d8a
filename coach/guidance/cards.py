"""The action card of a deal: what deals with such customers that were won had on record in the same stage (H1).

It is for newcomers, as in the simulated office, where the policy in force says so. It names no other deal and nobody.
"""

import json
from collections import Counter
from collections.abc import Iterable
from statistics import median
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from coach.scoring.practice import APPROACHES
from coach.store import tables
from policies.language.policy import Policy
from policies.language.sections import CARD_MONTHS
from policies.scores.score import Words
from policies.words.rule_words import field_label

FEWEST_WINS, MOST_WINS = 5, 200
"""Won deals below which a card is made from those of all customer types, or not at all; and the latest ones that are read."""
USUAL = 0.5
"""Share of the won deals from which on something is usual."""
MOST_STEPS = 6
MONTH_MS = 30.4 * 86_400_000
HIRED_AT = "custom.hired_at"
_event, _record = tables.event.c, tables.record.c
_CHUNK = 400


class Step(NamedTuple):
    """Something that won deals had in the stage: by `wins` of the card's deals, and whether this deal has it."""

    words: Words
    wins: int
    done: bool


class Card(NamedTuple):
    """A card for a deal in a stage. `wins`: won deals that it is made from; `wider`: of all customer types, because this one
    had too few; `days`: how long they stayed in the stage at the median, None where no instants say. `must`: fields that the
    stage asks for before it is left and that are missing, by language, then usual steps not yet taken."""

    stage: int
    industry: float | None
    wins: int
    wider: bool
    days: float | None
    steps: tuple[Step, ...]
    must: tuple[Words, ...]


    def document(self) -> dict[str, Any]:
        """The same as plain values."""
        steps = [{"words": each.words._asdict(), "wins": each.wins, "done": each.done} for each in self.steps]
        return self._asdict() | {"steps": steps, "must": [each._asdict() for each in self.must]}


class _Stay(NamedTuple):
    done: frozenset[str]
    days: float


def cards(connection: Connection, policy: Policy, deals: Iterable[dict], now: int) -> dict[int, Card]:
    """Cards by row of the store for open deals as `reading` tells them, those of newcomers alone; empty where the policy has no
    cards or the firm too few wins."""
    wanted = list(deals) if policy.guidance.action_cards else []
    units = newcomers(connection, {deal["unit"] for deal in wanted}, now)
    wanted = [deal for deal in wanted if deal["unit"] in units]
    if not wanted:
        return {}
    won = _won(connection)
    entries = _entries(connection, [*(row for row, _ in won), *(deal["row"] for deal in wanted)])
    stays = [(industry, _stays(entries.get(row, []))) for row, industry in won]
    found = {deal["row"]: _card(policy, deal, stays, _stays(entries.get(deal["row"], []), open_at=now)) for deal in wanted}
    return {row: card for row, card in found.items() if card is not None}


def newcomers(connection: Connection, units: Iterable[str | None], now: int) -> set[str]:
    """Those of the units that came to the firm within the last nine months: by `custom.hired_at` where it is recorded, or else
    by when the unit was registered."""
    query = select(_record.id, _record["values"], func.min(_event.acted_at)).join(tables.event, _event.record == _record.row)
    query = query.where(_record.kind == "unit", _record.id.in_({each for each in units if each}), _event.event == "registered")
    since = now - CARD_MONTHS * MONTH_MS
    told = connection.execute(query.group_by(_record.id, _record["values"]))
    return {unit for unit, values, at in told if json.loads(values).get(HIRED_AT, at) > since}


def _card(policy: Policy, deal: dict, won: list[tuple[float | None, dict[int, _Stay]]], own: dict[int, _Stay]) -> Card | None:
    values = deal["values"]
    stage, industry = int(values.get("stage", 1)), values.get("industry")
    here = [(of, stays[stage]) for of, stays in won if stage in stays]
    like = [stay for of, stay in here if of == industry]
    wider = len(like) < FEWEST_WINS
    stays = [stay for _, stay in here] if wider else like
    if len(stays) < FEWEST_WINS:
        return None
    required = policy.stages[stage - 1].requires if stage <= len(policy.stages) else ()
    had = own[stage].done if stage in own else frozenset()
    counts = Counter(name for stay in stays for name in stay.done if name not in required)
    usual = [(name, wins) for name, wins in counts.items() if wins >= USUAL * len(stays)]
    usual.sort(key=lambda each: (-each[1], each[0]))
    steps = tuple(
        Step(APPROACHES[name], wins, name in had or values.get(name) is not None) for name, wins in usual[:MOST_STEPS]
    )
    missing = [name for name in required if values.get(name) is None]
    asked = [Words(*(field_label("opportunity", name, language) for language in ("en", "zh"))) for name in missing]
    must = (*asked, *(step.words for step in steps if not step.done))
    return Card(stage, industry, len(stays), wider, median(stay.days for stay in stays), steps, must)


def _won(connection: Connection) -> list[tuple[int, float | None]]:
    """Row and industry of the deals won last."""
    query = select(_record.row, _record["values"]).where(_record.kind == "opportunity", _record.status == "won")
    told = connection.execute(query.order_by(_record.updated_at.desc(), _record.row).limit(MOST_WINS))
    return [(row, json.loads(values).get("industry")) for row, values in told]


def _entries(connection: Connection, rows: list[int]) -> dict[int, list[tuple[str, int, dict[str, Any]]]]:
    """(event, acted at, payload) by row in order, without what was withdrawn."""
    found: dict[int, list[tuple[str, int, dict[str, Any]]]] = {}
    for start in range(0, len(rows), _CHUNK):
        query = select(tables.event).where(_event.record.in_(rows[start : start + _CHUNK]))
        told = connection.execute(query.order_by(_event.acted_at, _event.sequence)).all()
        withdrawn = {(each.source, each.voids) for each in told if each.event == "voided"}
        for each in told:
            if each.event != "voided" and (each.source, each.key) not in withdrawn:
                found.setdefault(each.record, []).append((each.event, each.acted_at, json.loads(each.payload)))
    return found


def _stays(entries: list[tuple[str, int, dict[str, Any]]], open_at: int | None = None) -> dict[int, _Stay]:
    """The latest stay in each stage: what was recorded meanwhile, and for how long. `open_at`: as of when it is still open."""
    found: dict[int, _Stay] = {}
    stage, begun, done = 1, entries[0][1] if entries else 0, set[str]()
    for event, at, payload in entries:
        told = payload.get("stage")
        moves = told is not None and int(told) != stage
        if (moves and event != "registered") or event == "won":
            found[stage] = _Stay(frozenset(done), (at - begun) / 86_400_000)
            begun, done = at, set()
        stage = stage if told is None else int(told)
        done |= {name for name in (event, *payload) if name in APPROACHES and payload.get(name, True) is not None}
    if open_at is not None and entries:
        found[stage] = _Stay(frozenset(done), (open_at - begun) / 86_400_000)
    return found
