"""Subjects whose truth is known: offices are replaced by a few lines of arithmetic."""

import time
from dataclasses import dataclass, field

import numpy as np

from sim.experiment.running.subject import Subject
from sim.experiment.running.worlds import draw_world
from sim.experiment.statistics.keyed import generator
from sim.experiment.statistics.samples import ArmOutcome, Layout
from sim.experiment.verdict.verdict import Policies, PolicyCard, ScenarioCard, Text, Window
from sim.office.behaviour.base import Parameter
from sim.office.counting.metrics import Metric

MEASURES = ("gross_margin", "wins", "closed", "quits", "hours_recording", "alerts", "manager_days")
METRICS = {
    metric.name: metric
    for metric in (
        Metric("gross_margin", "gross_margin", None, "money", 1, "gross margin", "毛利"),
        Metric("win_rate", "wins", "closed", "share", 1, "win rate", "赢单率"),
        Metric("turnover", "quits", None, "people", -1, "turnover", "离职"),
        Metric("response_median", "response", None, "minutes", -1, "median response time", "响应时间中位数"),
        Metric("hours_recording", "hours_recording", None, "hours", 0, "hours of recording", "录入工时"),
        Metric("alerts_per_manager_day", "alerts", "manager_days", "alerts", -1, "alerts a day", "每日提醒"),
    )
}
GROUPS = ("all", "low", "middle", "high", "hires")
LAYOUT = Layout(
    metrics=METRICS,
    measures=MEASURES,
    groups=GROUPS,
    weekly={"gross_margin": ("money", "gross margin", "毛利")},
    histograms=("response",),
    edges=np.geomspace(1.0, 1e4, 41),
    quantiles={"response_median": 0.5},
    funnel={"leads": ("leads", "线索"), "wins": ("wins", "赢单")},
)
PARAMETERS = (
    Parameter("patience", "days", 5.0, 10.0, 30.0, "U", "none", "customers' patience", "客户耐心"),
    Parameter("irrelevant", "", 0.0, 0.5, 1.0, "U", "none", "something else", "无关参数"),
)
BASELINE = 100.0


@dataclass(frozen=True)
class SyntheticPairs:
    """Pairs with a mean effect of `effect` on a gross margin of about 100, that may follow the world's patience.

    `groups` are effects on the thirds of reps besides; `seconds` is slept by pair.
    """

    effect: float = 2.0
    by_patience: float = 0.0
    noise: float = 2.0
    seed: int = 1
    replications: int = 4
    groups: tuple[float, float, float] = (0.0, 0.0, 0.0)
    seconds: float = 0.0
    ran: list[int] = field(default_factory=list)

    def __call__(self, index: int) -> tuple[ArmOutcome, ArmOutcome]:
        time.sleep(self.seconds)
        self.ran.append(index)
        world = draw_world(self.seed, index // self.replications, PARAMETERS)
        rng = generator("synthetic", self.seed, index)
        gain = self.effect + self.by_patience * (world["patience"] - 13.0) + self.noise * rng.standard_normal()
        level = BASELINE + 10 * rng.standard_normal()
        by_group = rng.normal(0.0, 1.0, 5)
        changes = np.array([gain, *self.groups, 0.0])
        identical = self.effect == self.by_patience == self.noise == 0.0
        noise = np.zeros(5) if identical else self.noise * rng.standard_normal(5)
        counts = np.floor(rng.exponential(60.0, 200) + 1)
        histogram = np.histogram(counts, LAYOUT.edges)[0][None].astype(float)
        return (
            self._arm(level, by_group, np.zeros(5), histogram),
            self._arm(level, by_group, changes + np.where(np.arange(5) > 0, noise, 0.0), histogram),
        )

    def _arm(self, level: float, by_group: np.ndarray, changes: np.ndarray, histogram: np.ndarray) -> ArmOutcome:
        totals = np.zeros((len(GROUPS) + 1, len(MEASURES)))
        totals[:5, 0] = level * np.array([1.0, 0.2, 0.3, 0.5, 0.0]) + by_group * np.array([0, 1, 1, 1, 0]) + changes
        totals[5, 0] = totals[0, 0]
        totals[:, 1:4] = (20.0, 80.0, 3.0)
        totals[:, 4:] = (40.0 + changes[0], 50.0, 100.0)
        return ArmOutcome(
            totals=totals,
            weekly=np.full((26, 1), totals[0, 0] / 26),
            histogram=histogram,
            profile=np.ones((2, 20)),
            attainment=np.array([[0.5, np.nan], [1.0, np.nan]]),
            funnel=np.array([100.0, 20.0]),
            events=np.array(1000.0),
        )


def subject(pairs: SyntheticPairs, hour_cost: float | None = 0.1) -> Subject:
    """The pairs as an experiment's subject."""
    cards = {
        arm: PolicyCard(name=arm, title=Text(en=f"policy {arm}", zh=f"制度{arm}"), digest=arm, cannot_rehearse=[])
        for arm in "ab"
    }
    return Subject(
        runner=pairs,
        layout=LAYOUT,
        parameters=PARAMETERS,
        policies=Policies(**cards),
        scenario=ScenarioCard(name="synthetic", title=Text(en="synthetic", zh="合成"), digest="s"),
        window=Window(
            start="2026-01-05",
            end="2026-07-06",
            weeks=26.0,
            common_period_end=True,
            runoff_weeks=0.0,
            text=Text(en="both end", zh="同时结束"),
        ),
        units=("north",),
        hour_cost=hour_cost,
        notes=(),
        identity={"effect": pairs.effect, "seed": pairs.seed},
    )
