"""An office of a firm's record: when its customers would buy or leave is found so that the office's wins and losses come at the
ages at which the firm's did.

The record shows when deals were won and lost; the office needs to know when customers would have bought or gone by themselves.
Between the two lies work: talks, waiting for desks, asking early, giving up. So both curves are searched. Losses: the rate of
leaving in each band of age takes up what the office's own losses leave. Wins: the rate of the own time in each band is
multiplied by how much too few or too many wins follow from it, by the cross table of own times and wins in the runs
(W. H. Richardson, JOSA 62, 1972, pp. 55–59, and L. B. Lucy, AJ 79, 1974, pp. 745–754: the same step restores a picture that was
blurred). Load comes first: minutes of work and staff of the desks under which this firm's people can do what they did.

What the record cannot tell keeps a fixed place in the range of the evidence: of the losses, how many come of work and how many
are the customers' own. Here nearly all are the customers' own, so that what a rule gains by better work is told with care.
"""

import math
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import numpy as np

from policies.language.policy import Policy
from policies.time.weeks import loads
from sim.fit.firm import Firm, Fitted, Seen
from sim.fit.lifetimes import LOST, OPEN, WON, bands, followed_like, hazards
from sim.fit.pilot import desks_for
from sim.fit.search import EASE_SLOPE, PEOPLE_PER_TEAM, TEAMS_PER_REGION, USUAL_CYCLE_DAYS, USUAL_WIN_RATE, phase_odds
from sim.fit.watching import watched
from sim.office.behaviour import BY_NAME
from sim.office.engine.build import DESKS
from sim.office.scenario import Deals, Leads, People, Reached, Scenario, Source, Words

BANDS, FEWEST_IN_A_BAND, TAIL = 10, 15, 3
FEWEST_WINS = 30
LOAD_ROUNDS, CURVE_ROUNDS = 6, 14
NEAR_LOAD_ROUNDS, NEAR_CURVE_ROUNDS = 1, 6
AVERAGED = 4
"""The curves of so many last rounds are averaged: single runs stray."""
ROUNDS = LOAD_ROUNDS + CURVE_ROUNDS
DEALS_A_RUN, SHOWN_DEALS = 4000, 16000
MOST_DEALS_A_RUN = 60_000
"""Of a larger firm a part is searched, with as many opportunities for each of its people; the whole is handed out."""
LEAST_SPREAD, MOST_SPREAD = 0.01, 8.0  # of the logarithm of amounts
LEAST_WARMUP_WEEKS, MOST_WARMUP_WEEKS = 13, 104
"""After them people know their own pace, and have as many opportunities in hand, new and old, as the firm's have."""
MOST_RUNS = 12
FEWEST_WEEKS, MOST_WEEKS = 12, 156
LATEST = 0.97
"""Runs are watched until so many of the ends can have come."""
LEAST_IDLE = 0.25
"""Share of the hours that nothing fills, at least: the firm's people did what they did."""
DESK_LOAD = 0.4
WORK_SHARE = 0.3
"""Of the losses, as a share, that the odds of the talks are set for."""
CHAIN_DAYS = 11.0  # that the talks of a deal take at a pace of 1, where nobody is busy
USUAL_PATIENCE = 10.0  # at a cycle of `USUAL_CYCLE_DAYS`
CHAIN_SHARE = 0.15  # of the age at which the first tenth of the wins has come
MINUTES = (
    "minutes_first_touch", "minutes_discovery", "minutes_demo", "minutes_visit", "minutes_quote", "minutes_negotiation",
    "entry_minutes_base", "entry_minutes_field", "presales_minutes", "legal_minutes",
)  # fmt: skip
OWN_LOSSES = {"death_rate": 0.001, "neglect": 0.02, "loss_per_failure": 0.08, "early_ask_cost": 2.5, "fruitless_limit": 9.0}
"""The ends of their ranges at which the least of a firm's losses comes of its own work."""


class TooFewWins(ValueError):
    """A record with too few dated wins for an office; `wins` is their number."""

    def __init__(self, wins: int):
        self.wins = wins
        self.en = (
            f"The record holds {wins} dated wins; an office can be made of {FEWEST_WINS} or more. "
            "If deals were won without a date, import the date on which they were closed."
        )
        self.zh = f"记录中有日期的赢单为 {wins} 个；至少需要 {FEWEST_WINS} 个才能拟合。若赢单没有日期，请导入其关闭日期。"
        super().__init__(self.en)


class _Fit:
    """The office under way: rates of the own time and of leaving in their bands, and what carries the load."""

    def __init__(self, firm: Firm, policy: Policy, name: str, seed: int, near: Scenario | None = None):
        self.firm, self.policy, self.seed = firm, policy, seed
        lives = firm.lives
        self.won, self.lost = (hazards(lives, end, _bands(firm, end)) for end in (WON, LOST))
        self.own, self.leaving = self.won.rates, 0.5 * self.lost.rates
        self.asked = firm.per_week
        self.amount = firm.amount
        self.minutes = 1.0
        self.desk_hours = np.zeros(len(DESKS))
        self.base = _first(firm, name)
        self.weeks, self.longer = _weeks(firm), _longer(firm)
        self.monday = firm.last - timedelta(days=firm.last.weekday(), weeks=self.weeks + self.longer)
        load = loads(firm.calendar, self.monday, self.weeks + self.longer, firm.weekend)
        self.expected = firm.per_week * float(load.mean())
        self.follow_up = np.minimum(-firm.lives.opened, 7.0 * self.longer)
        if near is not None:
            self.own, self.leaving = rates(near.deals.own_time, self.won.edges), rates(near.deals.leaving, self.lost.edges)
            self.minutes = near.behaviour[MINUTES[0]] / BY_NAME[MINUTES[0]].central
        self.runs = min(max(math.ceil(2 * DEALS_A_RUN / (firm.per_week * self.weeks)), 2), MOST_RUNS)

    def scenario(self) -> Scenario:
        """The office as it stands."""
        base = self.base
        staff = desks_for(base, dict.fromkeys(DESKS, 1), tuple(self.desk_hours), DESK_LOAD)
        deals = {
            "own_time": curve(self.won.edges, self.own), "leaving": curve(self.lost.edges, self.leaving), "amount": self.amount,
        }  # fmt: skip
        return base.model_copy(
            update={
                "people": base.people.model_copy(update=staff),
                "leads": base.leads.model_copy(update={"per_week": self.asked}),
                "deals": base.deals.model_copy(update=deals),
                "behaviour": {**base.behaviour, **_minutes(self.minutes)},
            }
        )

    def seen(self, seeds: range) -> Seen:
        """What the office shows in the record's last weeks, holidays and all, at the level of its end."""
        scenario = self.scenario()
        level = scenario.leads.model_copy(update={"trend": 0.0})
        return watched(
            scenario.model_copy(update={"policy_date": self.monday, "leads": level}),
            self.policy, seeds, self.weeks, self.longer,
        )  # fmt: skip

    def round(self) -> Seen:
        """Run the office once more, and put right what the record and the desks do not depend on."""
        seen = self.seen(range(self.seed, self.seed + self.runs))
        self.asked *= min(max(self.expected / max(float(seen.opened.mean()), 1e-9), 0.5), 2.0)
        self.desk_hours = np.maximum(self.desk_hours, seen.desk_hours)
        if len(seen.prices):
            self.amount *= self.firm.amount / float(np.median(seen.prices))
        return seen

    def whole(self, firm: Firm, name: str) -> Scenario:
        """The office of the whole firm, of which a part was searched."""
        self.base, self.asked, self.firm = _first(firm, name), self.asked * firm.per_week / self.firm.per_week, firm
        return self.scenario()

    def lighten(self, seen: Seen) -> None:
        """Shorter work where people have no time to spare."""
        if seen.idle < LEAST_IDLE:
            self.minutes = max(0.05, self.minutes * max(0.3, (1.0 - 1.5 * LEAST_IDLE) / (1.0 - seen.idle + 1e-9)))

    def restore(self, seen: Seen) -> None:
        """Move both curves by what the runs show too much or too little of."""
        lives = followed_like(seen.lives, self.follow_up)
        lost = hazards(lives, LOST, self.lost.edges)
        self.leaving = np.maximum(0.0, self.leaving + self.lost.rates - lost.rates)
        edges = self.won.edges
        own, took = (np.minimum(each, edges[-1] * (1 - 1e-9)) for each in (seen.own_days, seen.won_days))
        blur = np.histogram2d(took, own, [edges, edges])[0] + 0.02 * np.eye(len(self.own))
        rates = hazards(lives, WON, edges).rates
        ratio = np.clip(np.divide(self.won.rates, rates, out=np.full(len(rates), 10.0), where=rates > 0), 0.1, 10.0)
        self.own = self.own * np.clip(ratio @ blur / blur.sum(axis=0), 0.2, 5.0)


def fit_office(
    firm: Firm,
    policy: Policy,
    *,
    name: str = "mine",
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Fitted:
    """The office whose opportunities are won and lost at the ages of the firm's, under the policy in force there.

    Raises TooFewWins; InterruptedError when cancelled.
    """
    fit = _searched(firm, policy, name, seed, None, progress, cancelled)
    runs = min(max(math.ceil(SHOWN_DEALS / (fit.weeks * fit.firm.per_week)), 2), 2 * MOST_RUNS)
    seen = fit.seen(range(seed + 1000, seed + 1000 + runs))
    progress(ROUNDS + 1, ROUNDS + 1)
    load = fit.expected / fit.firm.per_week
    return Fitted(fit.whole(firm, name), seen, followed_like(seen.lives, fit.follow_up), load)


def fit_on(
    firm: Firm,
    policy: Policy,
    near: Scenario | None = None,
    *,
    seed: int = 1,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Scenario:
    """The office alone, without runs that show it; quicker where the search starts at an office `near`, which an earlier part
    of the same record gave. Raises as `fit_office`."""
    return _searched(firm, policy, "mine", seed, near, progress, cancelled).whole(firm, "mine")


def _searched(
    firm: Firm, policy: Policy, name: str, seed: int, near: Scenario | None,
    progress: Callable[[int, int], None], cancelled: Callable[[], bool],
) -> _Fit:  # fmt: skip
    wins = int((firm.lives.ended == WON).sum())
    if wins < FEWEST_WINS:
        raise TooFewWins(wins)
    fit = _Fit(_part(firm), policy, name, seed, near)
    load, curves = (LOAD_ROUNDS, CURVE_ROUNDS) if near is None else (NEAR_LOAD_ROUNDS, NEAR_CURVE_ROUNDS)
    kept: list[tuple[np.ndarray, np.ndarray]] = []
    for number in range(load + curves):
        if cancelled():
            raise InterruptedError
        seen = fit.round()
        progress(number + 1, load + curves + 1)
        if number < load:
            fit.lighten(seen)
        else:
            fit.restore(seen)
            kept.append((fit.own, fit.leaving))
    fit.own, fit.leaving = (np.mean(each, axis=0) for each in zip(*kept[-AVERAGED:], strict=True))
    return fit


def _longer(firm: Firm) -> int:
    """Weeks for which an opportunity is followed: until most ends can have come."""
    ends = float(np.quantile(firm.lives.days[firm.lives.ended != OPEN], LATEST)) / 7.0
    return int(min(max(math.ceil(1.5 * ends), FEWEST_WEEKS // 2), MOST_WEEKS // 2))


def _warmup(firm: Firm) -> int:
    """Weeks until the office holds opportunities as old as the firm's: people can do what they did with those in hand."""
    lives = firm.lives
    parts = (lives.days[which] for which in (lives.ended != OPEN, lives.ended == OPEN) if which.any())
    old = max(float(np.quantile(part, 0.95)) for part in parts)
    return int(min(max(math.ceil(old / 7.0) + 2, LEAST_WARMUP_WEEKS), MOST_WARMUP_WEEKS))


def _weeks(firm: Firm) -> int:
    """Weeks whose opportunities are followed."""
    return int(min(max(math.ceil(DEALS_A_RUN / firm.per_week), FEWEST_WEEKS), MOST_WEEKS - _longer(firm)))


def _part(firm: Firm) -> Firm:
    """The firm, or a part of it that has as many opportunities for each of its people."""
    share = min(1.0, MOST_DEALS_A_RUN / (firm.per_week * (_weeks(firm) + _warmup(firm))))
    people = max(1, math.ceil(firm.people * share))
    return firm._replace(people=people, per_week=firm.per_week * people / firm.people)


def _bands(firm: Firm, end: int) -> np.ndarray:
    return bands(firm.lives.days[firm.lives.ended == end], BANDS, FEWEST_IN_A_BAND, firm.exact_to, TAIL)


def curve(edges: np.ndarray, rates: np.ndarray) -> tuple[Reached, ...]:
    """A curve that rises at these rates a day between these ages, to five figures; what does not rise is left out."""
    points: list[Reached] = []
    passed = 0.0
    for (low, high), rate in zip(pairwise(edges), rates, strict=True):
        passed += rate * (high - low)
        days, share = float(f"{high:.5g}"), float(f"{-math.expm1(-passed):.6g}")
        last = points[-1] if points else None
        if 0.0 < share < 1.0 and (last is None or (days > last.days and share > last.share)):
            points.append(Reached(days=days, share=share))
    return tuple(points)


def rates(points: tuple[Reached, ...], edges: np.ndarray) -> np.ndarray:
    """Rates a day at which a curve rises between ages, f8[len(edges) - 1]; behind its last point as before it."""
    if not points:
        return np.zeros(len(edges) - 1)
    days = np.array([0.0, *(each.days for each in points)])
    passed = np.array([0.0, *(-math.log1p(-each.share) for each in points)])
    last = (passed[-1] - passed[-2]) / (days[-1] - days[-2])
    at = np.interp(edges, days, passed) + last * np.maximum(edges - days[-1], 0.0)
    return np.diff(at) / np.diff(edges)


def _minutes(factor: float) -> dict[str, float]:
    """Minutes of work, so many times the usual, as far as their ranges reach."""
    known = [BY_NAME[name] for name in MINUTES]
    return {each.name: float(f"{min(max(each.low, each.central * factor), each.high):.4g}") for each in known}


def _first(firm: Firm, name: str) -> Scenario:
    """The office before the search."""
    lives = firm.lives
    took, closed = lives.days[lives.ended == WON], (lives.ended != OPEN).sum()
    win_rate = min(max(len(took) / closed, 0.01), 0.98)
    early, half = (float(np.quantile(took, share)) for share in (0.1, 0.5))
    ease = (phase_odds(1.0 - WORK_SHARE * (1.0 - win_rate)) - phase_odds(USUAL_WIN_RATE)) / EASE_SLOPE
    teams = max(1, round(firm.people / PEOPLE_PER_TEAM))
    nothing = Source(share=0.0)
    return Scenario(
        name=name,
        title=Words(en=f"An office of {firm.people} after its record", zh=f"依据记录拟合的 {firm.people} 人公司"),
        summary=Words(en="Made from a firm's record.", zh="由公司记录拟合生成。"),
        calendar=firm.calendar,
        policy_date=firm.last + timedelta(days=1),
        warmup_weeks=_warmup(firm),
        people=People(reps=firm.people, teams=teams, regions=max(1, round(teams / TEAMS_PER_REGION))),
        leads=Leads(
            per_week=firm.per_week,
            season_amplitude=0.0,
            week_dispersion=round(firm.dispersion, 4),
            trend=round(firm.trend, 5),
            as_opportunities=True,
            website=Source(share=1.0, weekend=firm.weekend, from_hour=firm.from_hour, to_hour=firm.to_hour),
            referral=nothing,
            exhibition=nothing,
            store=nothing,
        ),
        deals=Deals(
            amount=firm.amount,
            amount_spread=min(max(round(firm.amount_spread, 4), LEAST_SPREAD), MOST_SPREAD),
            win_rate=win_rate,
            cycle_days=max(1.01, half),
            stage_shift=min(max(ease, -3.0), 3.0),
            wait_factor=min(max(early * CHAIN_SHARE / CHAIN_DAYS, 0.005), 3.0),
            patience=max(USUAL_PATIENCE * half / USUAL_CYCLE_DAYS, 0.05),
        ),
        behaviour={
            **OWN_LOSSES,
            "arrival_dispersion": BY_NAME["arrival_dispersion"].low,
            **firm.behaviour,
        },
    )
