"""What each unit's target comes to by the policy in force, and by which figures."""

from collections.abc import Mapping
from typing import NamedTuple

from coach.targets.figures import Figures, Market
from coach.targets.periods import Period
from coach.targets.units import Units
from policies.language.target_sections import Targets
from policies.targets.level import calibrated_rate, fixed_level, next_ratchet, twelfths_level
from policies.targets.tree import rolled_up
from policies.time.calendar_arrays import DAY_MS


class Layers(NamedTuple):
    """The figures behind a calibrated target (G1), money per business day and factors.

    Parameters
    ----------
    own, region: pace of the rep, and mean of the reps of the region
    own_told: whether the record tells the rep's own pace, for which else the region's stands
    market: correction, a share
    """

    own: float
    region: float
    own_told: bool
    core_share: float
    market: float
    stretch: float
    ratchet: float
    season: float
    business_days: int


class Reckoned(NamedTuple):
    """The target of a rep in whole money; `layers` of one that is calibrated, `year` the plan of which it is a part."""

    target: int
    layers: Layers | None = None
    year: float | None = None


class Reckoning(NamedTuple):
    """Targets of all units for a period: `amounts` add up over `units`; `reps` tells how each rep's came about, `markets` how
    the regions did, `granted` what adjustments took off reps already."""

    period: Period
    method: str
    units: Units
    amounts: Mapping[str, int]
    reps: Mapping[str, Reckoned]
    markets: Mapping[str, Market]
    granted: Mapping[str, int]

    def less(self, granted: Mapping[str, float]) -> "Reckoning":
        """The same after granted adjustments (money by rep); no target falls below nothing."""
        cuts = {rep: min(round(granted[rep]), each.target) for rep, each in self.reps.items() if rep in granted}
        amounts = rolled_up({rep: each.target - cuts.get(rep, 0) for rep, each in self.reps.items()}, self.units.parents)
        return self._replace(amounts=amounts, granted=cuts)


def reckoned(targets: Targets, figures: Figures, period: Period) -> Reckoning:
    """The targets of a period by the figures as of an instant."""
    units = figures.units
    selling = [rep for rep in units.reps if figures.known is None or rep not in figures.known.vacant]
    found = _calibrated(targets, figures, period, selling) if targets.level.method == "calibrated" else {}
    if targets.level.method == "fixed":
        found = {rep: Reckoned(int(fixed_level(targets.level.fixed_target, period.days))) for rep in selling}
    elif targets.level.method == "annual_twelfths":
        year = figures.plan(selling) * targets.level.stretch
        found = {rep: Reckoned(int(twelfths_level(year, period.days)), None, year) for rep in selling}
    amounts = rolled_up({rep: each.target for rep, each in found.items()}, units.parents)
    markets = {region: figures.market(region) for region in dict.fromkeys(map(units.region, found))}
    return Reckoning(period, targets.level.method, units, amounts, found, markets, {})


def _calibrated(targets: Targets, figures: Figures, period: Period, selling: list[str]) -> dict[str, Reckoned]:
    level, memory = targets.level, figures.memory
    paces = {rep: figures.pace(rep) for rep in selling}
    region_of = {rep: figures.units.region(rep) for rep in selling}
    means = _means(paces, region_of)
    season = figures.season_step(period) if level.seasonal else 1.0
    found = {}
    for rep in selling:
        region, pace = means[region_of[rep]], paces[rep]
        own = region if pace is None else pace
        market = level.market_by_region.get(region_of[rep], level.market_correction)
        ratchet = ratchet_of(targets, figures, rep)
        corrected = (1.0 + market) * level.stretch * ratchet
        rate = calibrated_rate(level.core_share, own, region, corrected, memory)
        if level.seasonal:
            rate *= season
        layers = Layers(
            own / memory, region / memory, pace is not None, level.core_share, market, level.stretch, ratchet, season,
            period.business_days,
        )  # fmt: skip
        found[rep] = Reckoned(int(rate * period.business_days // 1), layers)
    return found


def _means(paces: Mapping[str, float | None], region_of: Mapping[str, str]) -> dict[str, float]:
    """The mean pace by region; of one in which nobody has a pace yet that of the firm."""
    everybody = [pace for pace in paces.values() if pace is not None]
    found = {}
    for region in dict.fromkeys(region_of.values()):
        own = [pace for rep, pace in paces.items() if pace is not None and region_of[rep] == region] or everybody
        found[region] = sum(own) / max(len(own), 1)
    return found


def ratchet_of(targets: Targets, figures: Figures, rep: str) -> float:
    """What the past periods of a rep made of the level."""
    ratchet, since = 1.0, 0
    if figures.known is not None:
        since = figures.known.openings[rep][-1].at
    if not (targets.ratchet.up or targets.ratchet.down):
        return ratchet
    for course in figures.courses(rep, since):
        if course.target > 0.0:
            days = (course.end - course.start) / DAY_MS
            attainment = course.attained / course.target
            ratchet = float(next_ratchet(ratchet, attainment, targets.ratchet.up, targets.ratchet.down, days))
    return ratchet
