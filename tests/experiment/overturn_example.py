"""What would overturn the example verdict, and an example of a map."""

import numpy as np

from sim.experiment.overturn.parts import Condition, Influence, Overturn, Region, Surrogate
from sim.experiment.running.winmap import Axis, MapPoint, WinMap
from sim.experiment.verdict.parts import Estimate, Text

PULL = Text(en="pull to the deadline", zh="截止期拉力")
CALLS = Text(en="calls that a rep makes in a day", zh="每名销售每日通话数")


def influence(name: str, title: Text, first: float, total: float) -> Influence:
    """One parameter with the shares of the spread that it has alone and with others."""
    ends = [Estimate(value=x, low=max(x - 0.12, 0), high=min(x + 0.1, 1)) for x in (first, total)]
    return Influence(name=name, title=title, unit="share", first=ends[0], total=ends[1], effect=812_000.0, interplay=240_000.0)


def overturn() -> Overturn:
    """A region of two conditions, and two parameters that decide."""
    conditions = [
        Condition(name="calls_per_day", title=CALLS, unit="per day", side="below", value=7.5),
        Condition(name="deadline_pull", title=PULL, unit="share", side="above", value=0.62),
    ]
    region = Region(
        favours="a",
        conditions=conditions,
        text=Text(
            en="“Monthly private targets” wins where “calls that a rep makes in a day” is at most 7.5 a day and “pull to the "
            "deadline” is above 62%.",
            zh="若“每名销售每日通话数”不高于 7.5 /天且“截止期拉力”高于 62%，则“月度目标，不公开”胜出。",
        ),
        gain=Estimate(value=610_000.0, low=220_000.0, high=None),
        density=0.84,
        coverage=0.57,
        worlds=19,
        base=0.12,
        p=0.01,
    )
    influences = [influence("deadline_pull", PULL, 0.48, 0.61), influence("calls_per_day", CALLS, 0.22, 0.29)]
    return Overturn(
        parameters=38, surrogate=Surrogate(r2=0.58, ceiling=0.77, bound=0.3, influences=influences), regions=[region]
    )


def axis(name: str, en: str, zh: str, unit: str, low: float, high: float, cells: int) -> Axis:
    """A logarithmic axis whose office of today is in its middle."""
    shares = (np.arange(cells) + 0.5) / cells
    steps = (low * (high / low) ** shares).tolist()
    return Axis(
        name=name,
        title=Text(en=en, zh=zh),
        unit=unit,
        low=low,
        high=high,
        logarithmic=True,
        today=(low * high) ** 0.5,
        cells=steps,
    )


def win_map(axes: int = 2, tilt: float = 0.06, cells: int = 16) -> WinMap:
    """A map on which b wins to the lower left and a to the upper right, with a border in between that is not decided."""
    places = (np.arange(cells) + 0.5) / cells - 0.5
    grid = [(x + y) for y in (places if axes == 2 else [0.0]) for x in places]
    change = [-tilt * place for place in grid]
    error = 0.012
    state = ["undecided" if abs(x) < error else "b" if x > 0 else "a" for x in change]
    lines = [axis("deal_size", "median deal size", "单均金额（中位数）", "money", 10_000, 90_000, cells),
             axis("leads_per_rep", "leads per rep and week", "每人每周线索数", "", 2.7, 24, cells)][:axes]  # fmt: skip
    rng = np.random.default_rng(1)
    shares = rng.uniform(0.02, 0.98, (24, axes))
    points = [
        MapPoint(
            at=[one.low * (one.high / one.low) ** share for one, share in zip(lines, row, strict=True)],
            change=float(-tilt * (row - 0.5).sum() + 0.01 * rng.normal()),
            error=0.01,
        )
        for row in shares
    ]
    return WinMap(
        policies={
            "a": Text(en="Monthly private targets", zh="月度目标，不公开"),
            "b": Text(en="Weekly public targets", zh="周目标，公开"),
        },
        names={"a": "monthly-private", "b": "weekly-public"},
        scenario=Text(en="Default office, 50 reps", zh="默认团队，50 名销售"),
        metric="gross_margin",
        title=Text(en="Gross margin", zh="毛利"),
        direction=1,
        measure="relative",
        axes=lines,
        points=points,
        change=change,
        error=[error] * len(change),
        state=state,
        share={side: state.count(side) / len(state) for side in ("a", "b", "undecided")},
        confidence=0.95,
        pairs=192,
        weeks=26,
    )
