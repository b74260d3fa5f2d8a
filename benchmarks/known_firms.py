"""Invented firms of which it is known how their opportunities are won: what a win model foretells is held against the truth.

Each firm has its size, pace and share won drawn at random, and a hazard of winning that moves with the calendar as its kind
says. Opportunities are simulated day by day: conversations, steps forward, a win or a loss, each with a chance of its own.
"""

from typing import NamedTuple

import numpy as np

from coach.winning.history import DAY, Entry, Record

KINDS = ("steady", "drift", "step", "season", "bursts", "few", "silent", "clean_up")
BEGIN = 1_577_836_800_000  # 2020-01-01, UTC
_SOURCES = np.array(["referral", "website", "exhibition", "partner"])
_BY_SOURCE = np.array([2.0, 1.0, 0.6, 1.2])
_BY_STAGE = np.array([0.25, 0.7, 1.5, 3.0])
_CLEANED, _CLEANED_AFTER = 0.9, 60.0


class Firm(NamedTuple):
    """What a firm was drawn with. `cycle`: mean days to an end; `share`: of ends that are wins; `calendar`: factor by day."""

    kind: str
    cases: int
    days: int
    cycle: float
    share: float
    calendar: np.ndarray
    silent: float


def drawn(kind: str, random: np.random.Generator) -> Firm:
    """A firm of one of `KINDS`."""
    days = int(random.integers(300, 800))
    cycle = float(np.exp(random.uniform(np.log(12.0), np.log(90.0))))
    share = float(random.uniform(0.08, 0.4))
    wins = np.exp(random.uniform(np.log(18.0), np.log(70.0))) if kind == "few" else np.inf
    cases = int(min(np.exp(random.uniform(np.log(400.0), np.log(3000.0))), wins / share))
    silent = {"silent": 0.4, "clean_up": 0.5}.get(kind, 0.05)
    return Firm(kind, cases, days, cycle, share, _calendar(kind, days, random), silent)


def _calendar(kind: str, days: int, random: np.random.Generator) -> np.ndarray:
    day = np.arange(days)
    if kind == "drift":
        return np.exp(random.choice([-1, 1]) * random.uniform(0.5, 1.1) * (day - days / 2) / 365)
    if kind == "step":
        return np.where(day < random.uniform(0.4, 0.8) * days, 1.0, random.choice([0.55, 1.8]))
    if kind == "season":
        rush = np.where(day % 91 >= 77, 1.7, np.where(day % 91 < 14, 0.7, 1.0))
        return rush * (1 + 0.4 * np.sin(2 * np.pi * (day + random.uniform(0, 365)) / 365))
    if kind == "bursts":
        level, levels = 0.0, []
        for shock in random.normal(size=days // 7 + 1):
            level = 0.7 * level + 0.3 * shock
            levels.append(level)
        return np.exp(np.repeat(levels, 7)[:days])
    return np.ones(days)


def records(firm: Firm, random: np.random.Generator) -> list[Record]:
    """Everything that is recorded of the firm's opportunities."""
    cases = firm.cases
    opened = np.sort(random.uniform(0, firm.days, cases))
    source, owner = random.integers(0, len(_SOURCES), cases), random.integers(0, 8, cases)
    amount = np.exp(random.normal(9.0, 0.8, cases))
    liking = random.gamma(2.0, 0.5, cases) * _BY_SOURCE[source] * np.exp(random.normal(0, 0.3, 8))[owner]
    pace = np.where(random.random(cases) < firm.silent, 0.03, 1.0) / firm.cycle
    entries = [[_entry("registered", n, o, {"source": str(_SOURCES[s]), "owner": f"rep {w}", "amount": float(a), "stage": 1.0})]
               for n, (o, s, w, a) in enumerate(zip(opened, source, owner, amount, strict=True))]  # fmt: skip
    stage, alive = np.zeros(cases, dtype=int), np.ones(cases, dtype=bool)
    for day in range(firm.days):
        here = np.flatnonzero(alive & (opened < day))
        age, draw = day - opened[here], random.random((4, len(here)))
        win = firm.share * pace[here] * liking[here] * _BY_STAGE[stage[here]] * firm.calendar[day]
        loss = (1 - firm.share) * pace[here] * np.where(age < 2 * firm.cycle, 1.0, 0.6)
        if firm.kind == "clean_up" and day % 365 == 355:
            loss = np.where(age > _CLEANED_AFTER, _CLEANED, loss)
        ends = np.where(draw[0] < win, 1, np.where(draw[1] < loss, 2, 0))
        moves = (ends == 0) & (stage[here] < 3) & (draw[2] < 2.0 * pace[here])
        stage[here[moves]] += 1
        for place in np.flatnonzero((ends > 0) | moves | (draw[3] < 3.0 * pace[here])):
            case = here[place]
            event = ("won", "lost")[ends[place] - 1] if ends[place] else "advanced" if moves[place] else "contact"
            told = {"stage": float(stage[case] + 1)} if event == "advanced" else {}
            entries[case].append(_entry(event, len(entries[case]), day + draw[3][place], told))
        alive[here[ends > 0]] = False
    return [Record(row, "opportunity", str(row), own) for row, own in enumerate(entries)]


def _entry(event: str, number: int, day: float, told: dict) -> Entry:
    at = BEGIN + int(day * DAY)
    return Entry(("firm", str(number)), event, at, at, None, told, None)
