"""S9 of every rep, with this month's advice and won cases like the own ones."""

from collections.abc import Mapping
from typing import NamedTuple

from coach.scoring.past import Past
from coach.scoring.rows import FEWEST_PEOPLE, Like, Row, row_of
from coach.winning.history import CLOSINGS, Record, in_order
from policies.record.phases import PHASE_NAMES, phase_at
from policies.record.records import ACTOR_EVENTS
from policies.scores.capability import ABILITIES, DAYS, Ends, capability
from policies.scores.score import DAY, Score, Words, number

MOST_LIKE = 3
_SHOWN_IN = {
    "insight": ("discovery",), "persuasion": ("solution", "proof"), "foresight": ("negotiation", "contract"),
}  # fmt: skip
_ABILITY = {PHASE_NAMES.index(phase) + 1: ability for ability, phases in _SHOWN_IN.items() for phase in phases}
_ACTIONS = ("first_contact", "contact", "document")


class Outcome(NamedTuple):
    """What became of one deal where an ability counts: its owner, whether it went on, and how many actions it took."""

    record: Record
    unit: str | None
    went_on: bool
    actions: int


class Capability(NamedTuple):
    """The score of one rep, the ability to work on, and what became of the own deals by ability."""

    score: Score
    works_on: str | None
    own: dict[str, list[Outcome]]


def rows(past: Past) -> list[Row]:
    """A number for every rep who is there."""
    outcomes, reps = outcomes_of(past), past.reps()
    scores = scores_of(past, outcomes)
    found = []
    for record, _ in reps:
        told = scores[record.id]
        lines, like = ((), ()) if told.works_on is None else _advice(past, told.works_on, outcomes[told.works_on], told.own)
        found.append(row_of(past, record, told.score, lines=lines, like=like, above_only=len(reps) < FEWEST_PEOPLE))
    return found


def scores_of(past: Past, outcomes: Mapping[str, list[Outcome]] | None = None) -> dict[str, Capability]:
    """The score of every rep who is there, by unit."""
    outcomes = outcomes_of(past) if outcomes is None else outcomes
    firm = {name: _ends(told) for name, told in outcomes.items()}
    own: dict[str | None, dict[str, list[Outcome]]] = {}
    for name, told in outcomes.items():
        for each in told:
            own.setdefault(each.unit, {}).setdefault(name, []).append(each)
    found = {}
    for record, _ in past.reps():
        mine = own.get(record.id, {})
        found[record.id] = Capability(*capability({name: _ends(told) for name, told in mine.items()}, firm), mine)
    return found


def outcomes_of(past: Past) -> dict[str, list[Outcome]]:
    """Deals of the last year by ability; one deal counts once for each."""
    found: dict[str, list[Outcome]] = {name: [] for name in ABILITIES}
    for record, values in past.each("opportunity"):
        for ability, went_on, actions in _ways(past, record):
            found[ability].append(Outcome(record, values.get("unit"), went_on, actions))
    return found


def _ends(outcomes: list[Outcome]) -> Ends:
    return Ends(sum(each.went_on for each in outcomes), len(outcomes))


def _ways(past: Past, record: Record) -> list[tuple[str, bool, int]]:
    """Abilities that a deal showed in the last year: each with whether it went on, and the actions until then."""
    since = past.at - DAYS * DAY
    found: list[tuple[str, bool, int]] = []
    stage, actions = 1, 0
    for entry in in_order(record, ACTOR_EVENTS):
        told = number(entry.payload, "stage")
        ability = _ABILITY[phase_at(stage, past.policy.begins)]
        closes = entry.event in CLOSINGS
        later = stage if told is None else int(told)
        reached = None if closes else _ABILITY[phase_at(later, past.policy.begins)]
        if entry.event != "registered" and (closes or (later > stage and reached != ability)):
            if entry.acted_at > since:
                found.append((ability, entry.event == "won" if closes else True, actions))
            actions = 0
        actions += entry.event in _ACTIONS
        stage = later
    return list({each[0]: each for each in found}.values())


def _advice(
    past: Past, name: str, outcomes: list[Outcome], mine_by_ability: Mapping[str, list[Outcome]]
) -> tuple[tuple[Words, ...], tuple[Like, ...]]:
    ability, mine_here = ABILITIES[name], mine_by_ability[name]
    went_on = [each.actions for each in outcomes if each.went_on]
    own = [each.actions for each in mine_here]
    en, zh = ability.name
    month = Words(f"To work on this month: {en}. {ability.advice.en}", f"本月重点：{zh}。{ability.advice.zh}")
    usual, mine = sum(went_on) / len(went_on), sum(own) / len(own)
    compared = Words(
        f"deals of the firm that went on there had {usual:.1f} conversations and documents on average, those of this rep "
        f"{mine:.1f}",
        f"全公司在该处推进的商机平均有 {usual:.1f} 次沟通和资料，该销售的为 {mine:.1f} 次",
    )
    won = [each for each in outcomes if each.went_on and past.values[each.record.row].get("status") == "won"]
    industries = {past.values[each.record.row].get("industry") for each in mine_here}
    alike = [each for each in won if past.values[each.record.row].get("industry") in industries]
    return (month, compared), tuple(_like(past, each) for each in alike[-MOST_LIKE:])


def _like(past: Past, outcome: Outcome) -> Like:
    words = Words(f"won, {outcome.actions} conversations and documents there", f"赢单，该处 {outcome.actions} 次沟通和资料")
    return Like(outcome.record.id, outcome.unit, past.title(outcome.record), words)
